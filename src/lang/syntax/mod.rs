//! From source text to trees.
//!
//! ```text
//! text -- pieces (one per top-level structure) -- parse -- lower -->  Body, Expression
//!                                              `-- plain ---------->
//!                                        JSON text -- json ------->  Body (resolved by block names)
//! ```
//!
//! [`parse_body`], [`parse_expression`], [`parse_template`] and [`json::parse_body`] are the ways in. A
//! tree holds every range as two 32-bit offsets ([`SourceRange`](crate::diagnostic::SourceRange)), and
//! prints back as text that parses to the same tree.

mod attributes;
mod body;
mod error;
mod explain;
pub mod json;
mod json_text;
mod lower;
mod parse;
mod plain;
mod print;
mod scan;
mod template;
mod token;
mod tree;

pub use attributes::Attributes;
pub use body::{Attribute, Block, BlockShape, Body, Label};
pub use parse::{is_identifier, is_unfinished, parse_body, parse_expression, parse_template};
pub(crate) use parse::{parse_expression_at, parse_template_at};
pub use tree::{
    BinaryOperator, Call, Expression, For, Node, ObjectItem, ObjectKey, Step, StepKind, Template,
    TemplatePart, UnaryOperator,
};

#[cfg(test)]
mod tests;
