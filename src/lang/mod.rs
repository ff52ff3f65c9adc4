//! Values, expressions and functions of the language.
