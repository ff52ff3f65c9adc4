//! The functions of the language, by family.
//!
//! A [`Function`] says what it takes and what it returns; [`Function::call`] does what all have in
//! common (null checks, unknown values, marks), so that most functions only see known values without
//! marks. Arguments arrive converted to the types of their parameters.
//!
//! Adding a function: write it in the file of its family, add it to that file's table, and add the
//! table to [`lookup`] if the family is new.

mod base64;
mod charset;
mod conversion;
mod csv;
mod datetime;
mod define;
mod files;
mod format;
mod gzip;
mod hash;
mod json;
mod map;
mod network;
mod numeric;
#[cfg(test)]
mod recorded;
mod regex;
mod sequence;
mod set;
pub(in crate::lang) mod templates;
mod text;
mod yaml;

use std::fmt;

use super::budget::Exceeded;
use super::marks::Marks;
use super::scope::Environment;
use super::types::Type;
use super::value::{Kind, Value};

/// The type of a parameter or result, in a form that constants can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any type.
    Any,
    /// `bool`.
    Bool,
    /// `number`.
    Number,
    /// `string`.
    String,
    /// `list(T)`.
    List(&'static Shape),
    /// `set(T)`.
    Set(&'static Shape),
    /// `map(T)`.
    Map(&'static Shape),
}

impl Shape {
    /// Returns the type.
    pub fn to_type(self) -> Type {
        match self {
            Shape::Any => Type::Dynamic,
            Shape::Bool => Type::Bool,
            Shape::Number => Type::Number,
            Shape::String => Type::String,
            Shape::List(element) => Type::list(element.to_type()),
            Shape::Set(element) => Type::set(element.to_type()),
            Shape::Map(element) => Type::map(element.to_type()),
        }
    }
}

/// A parameter of a function.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// The name, as error messages say it.
    pub name: &'static str,
    /// The type that arguments are converted to.
    pub ty: Shape,
    /// Whether null reaches the function.
    pub allow_null: bool,
    /// Whether unknown values reach the function (else the result is unknown).
    pub allow_unknown: bool,
    /// Whether unknown values of unknown type reach the function (else the result is of unknown type).
    pub allow_dynamic: bool,
    /// Whether marks reach the function (else they are taken off at every depth and put on the result).
    pub allow_marked: bool,
}

impl Parameter {
    /// Returns a parameter that takes known, non-null, unmarked values only.
    pub const fn new(name: &'static str, ty: Shape) -> Self {
        Self { name, ty, allow_null: false, allow_unknown: false, allow_dynamic: false, allow_marked: false }
    }

    /// Lets null through.
    #[must_use]
    pub const fn null(mut self) -> Self {
        self.allow_null = true;
        self
    }

    /// Lets unknown values through.
    #[must_use]
    pub const fn unknown(mut self) -> Self {
        self.allow_unknown = true;
        self
    }

    /// Lets unknown values of unknown type through.
    #[must_use]
    pub const fn dynamic(mut self) -> Self {
        self.allow_dynamic = true;
        self
    }

    /// Lets marks through.
    #[must_use]
    pub const fn marked(mut self) -> Self {
        self.allow_marked = true;
        self
    }
}

/// The type that a function returns.
#[derive(Clone, Copy)]
pub enum Returns {
    /// Always this one.
    Fixed(Shape),
    /// It depends on the arguments, of which some may be unknown.
    Computed(fn(&[Value]) -> Result<Type, ArgumentError>),
}

/// Why a call failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentError {
    /// The argument that is to blame, from 0; none when it is the call as a whole.
    pub argument: Option<usize>,
    /// What is wrong, without a full stop, as in "must not be negative".
    pub message: String,
}

impl ArgumentError {
    /// Returns an error of argument `index`, from 0.
    pub fn argument(index: usize, message: impl Into<String>) -> Self {
        Self { argument: Some(index), message: message.into() }
    }

    /// Returns an error of the whole call.
    pub fn call(message: impl Into<String>) -> Self {
        Self { argument: None, message: message.into() }
    }
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<Exceeded> for ArgumentError {
    fn from(exceeded: Exceeded) -> Self {
        Self::call(exceeded.to_string())
    }
}

/// What a function does, given arguments and the type it said it returns.
pub type Implementation = fn(&[Value], &Type, &Environment) -> Result<Value, ArgumentError>;

/// What a function refuses before it makes anything.
pub type Guard = fn(&[Value], &Environment) -> Result<(), ArgumentError>;

/// A function of the language.
#[derive(Clone, Copy)]
pub struct Function {
    /// The name.
    pub name: &'static str,
    /// The parameters that must be given.
    pub parameters: &'static [Parameter],
    /// The parameter of all further arguments.
    pub variadic: Option<Parameter>,
    /// The type of the result.
    pub returns: Returns,
    /// Whether an unknown result is known not to be null (so of nearly all functions, and where Terraform says so).
    pub not_null: bool,
    /// Refuses known arguments before anything is made of them.
    pub guard: Option<Guard>,
    /// Computes the result.
    pub implementation: Implementation,
}

/// The families' tables.
const FAMILIES: &[&[Function]] = &[
    base64::FUNCTIONS,
    conversion::FUNCTIONS,
    csv::FUNCTIONS,
    datetime::FUNCTIONS,
    files::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    json::FUNCTIONS,
    map::FUNCTIONS,
    network::FUNCTIONS,
    numeric::FUNCTIONS,
    regex::FUNCTIONS,
    sequence::FUNCTIONS,
    set::FUNCTIONS,
    templates::FUNCTIONS,
    text::FUNCTIONS,
    yaml::FUNCTIONS,
];

/// Returns a function by its name, with or without the namespace `core::`.
pub fn lookup(name: &str) -> Option<&'static Function> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    FAMILIES.iter().flat_map(|family| family.iter()).find(|function| function.name == name)
}

/// Returns the names of all functions, without namespace, in order.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<_> = FAMILIES.iter().flat_map(|family| family.iter().map(|f| f.name)).collect();
    names.extend(["can", "try"]);
    names.sort_unstable();
    names
}

impl Function {
    /// Returns the parameter of argument `index`; none when there are too many.
    pub fn parameter(&self, index: usize) -> Option<&Parameter> {
        self.parameters.get(index).or(self.variadic.as_ref())
    }

    /// Calls the function with arguments already converted to the types of their parameters, as many
    /// as it takes.
    ///
    /// # Errors
    /// Null where it is not allowed, and what the function itself finds wrong.
    pub fn call(&self, arguments: &[Value], environment: &Environment) -> Result<Value, ArgumentError> {
        let mut marks = Marks::NONE;
        let mut unmarked = Vec::with_capacity(arguments.len());
        let mut dynamic = false;
        let mut unknown = false;
        for (index, argument) in arguments.iter().enumerate() {
            let Some(parameter) = self.parameter(index) else {
                return Err(ArgumentError::call(format!(
                    "wrong number of arguments ({} required; {} given)",
                    self.parameters.len(),
                    arguments.len()
                )));
            };
            let argument = if parameter.allow_marked {
                argument.clone()
            } else {
                marks |= argument.deep_marks();
                argument.unmarked_deep()
            };
            if argument.is_null() && !parameter.allow_null {
                return Err(ArgumentError::argument(index, "argument must not be null"));
            }
            // A null of no type counts too: `format("%s", null)` is unknown to the end.
            if let Kind::Unknown(Type::Dynamic, _) | Kind::Null(Type::Dynamic) = &argument.kind {
                dynamic |= !parameter.allow_dynamic;
            }
            unknown |= !argument.is_known() && !parameter.allow_unknown;
            unmarked.push(argument);
        }
        if dynamic {
            return Ok(Value::unknown(Type::Dynamic).with_marks(marks));
        }
        if let Some(guard) = self.guard {
            guard(&unmarked, environment)?;
        }
        let ty = match self.returns {
            Returns::Fixed(shape) => shape.to_type(),
            Returns::Computed(compute) => compute(&unmarked)?,
        };
        if unknown {
            return Ok(self.result(Value::unknown(ty)).with_marks(marks));
        }
        Ok(self.result((self.implementation)(&unmarked, &ty, environment)?).with_marks(marks))
    }

    /// Adds what is known of all results of the function.
    fn result(&self, value: Value) -> Value {
        if self.not_null { value.known_not_null() } else { value }
    }
}
