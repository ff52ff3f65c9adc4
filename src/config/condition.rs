//! Conditions with a message: `validation`, `precondition`, `postcondition` and `assert` blocks.

use crate::diagnostic::SourceRange;
use crate::lang::syntax::{Block, Expression};
use crate::schema::shape::Shape;

use super::block::Reader;
use super::free_names::has_references;

/// A condition that must hold.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What must be true.
    pub condition: Expression,
    /// What is said when it is false.
    pub error_message: Expression,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// Reads a condition, reporting what is wrong in it.
pub(super) fn read(reader: &mut Reader<'_>, block: &Block) -> Option<Condition> {
    let shape = Shape { attributes: &[("condition", true), ("error_message", true)], blocks: &[] };
    let content = shape.content(&block.body, reader.found);
    let condition = content.attribute("condition")?.expression.clone();
    if !has_references(&condition) {
        let summary = format!("Invalid {} expression", block.block_type);
        let detail = "The condition expression must refer to at least one object from elsewhere in the configuration, or else its result would not be checking anything.";
        reader.error(summary, detail, condition.range);
    }
    let error_message = content.attribute("error_message")?.expression.clone();
    Some(Condition { condition, error_message, declaration: block.header_range })
}
