//! From files to a tree of modules with typed blocks.

pub mod format;
