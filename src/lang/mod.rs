//! Values, expressions and functions of the language.
//!
//! In: source text. Out: values, or diagnostics that point into the source. Start with [`Value`], then
//! [`Scope`], the only window an expression has on the world around it.

pub mod address;
pub mod budget;
mod collection;
pub mod constraint;
pub mod convert;
pub mod equality;
pub mod evaluate;
pub mod functions;
pub mod hash;
pub mod hidden;
mod marked;
pub mod marks;
mod members;
pub mod number;
pub mod path;
pub mod reference;
pub mod refinement;
pub mod scope;
pub mod syntax;
pub mod types;
pub mod value;

pub use budget::{Budget, Limits};
pub use evaluate::evaluate;
pub use marks::Marks;
pub use members::Members;
pub use number::Number;
pub use path::{Path, PathStep};
pub use refinement::Refinement;
pub use scope::{Environment, Files, NoFiles, Phase, Root, Scope};
pub use types::{ObjectType, Type};
pub use value::{Kind, Value};
