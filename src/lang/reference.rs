//! The references in expressions and bodies.

use crate::diagnostic::{Diagnostics, SourceRange};

use super::scope::Root;
use super::syntax::Step;

/// A reference to an object and the steps taken into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The object.
    pub root: Root,
    /// The steps behind the object's own name.
    pub rest: Vec<Step>,
    /// The object's own name, without the steps behind it.
    pub range: SourceRange,
    /// The name and all constant steps.
    pub whole: SourceRange,
}

/// What the references of an expression are, and what is wrong with the others.
pub type References = (Vec<Reference>, Diagnostics);
