//! `output` blocks and the entries of `locals` blocks.

use std::sync::Arc;

use crate::diagnostic::SourceRange;
use crate::lang::syntax::{Attribute, Expression};
use crate::schema::shape::Shape;

use super::block::{Declared, Reader};
use super::condition::{self, Condition};
use super::constant::{constant_bool, constant_string};

/// An output value.
#[derive(Clone, Debug)]
pub struct Output {
    /// The name.
    pub name: Arc<str>,
    /// The value.
    pub expression: Expression,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// Whether the value is hidden.
    pub sensitive: bool,
    /// Whether the value is never saved.
    pub ephemeral: bool,
    /// References to what it waits for.
    pub depends_on: Vec<Expression>,
    /// What must hold before it is evaluated.
    pub preconditions: Vec<Condition>,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// A local value.
#[derive(Clone, Debug)]
pub struct Local {
    /// The name.
    pub name: Arc<str>,
    /// The value.
    pub expression: Expression,
    /// The whole definition.
    pub declaration: SourceRange,
}

impl Local {
    pub(super) fn new(attribute: &Attribute) -> Self {
        Self {
            name: attribute.name.clone(),
            expression: attribute.expression.clone(),
            declaration: attribute.range,
        }
    }
}

const SHAPE: Shape<'static> = Shape {
    attributes: &[
        ("description", false),
        ("value", true),
        ("depends_on", false),
        ("sensitive", false),
        ("ephemeral", false),
    ],
    blocks: &[("precondition", &[]), ("postcondition", &[])],
};

/// Reads an output, reporting what is wrong in it; nothing when it has no value.
pub(super) fn read(reader: &mut Reader<'_>, block: &Declared) -> Option<Output> {
    let content = SHAPE.content(&block.arguments, reader.found);
    reader.check_name(block, 0, "Invalid output name");
    let description =
        content.attribute("description").and_then(|attribute| constant_string(attribute, reader.found));
    let mut flag = |name: &str| {
        content.attribute(name).and_then(|attribute| constant_bool(attribute, reader.found)).unwrap_or(false)
    };
    let (sensitive, ephemeral) = (flag("sensitive"), flag("ephemeral"));
    let depends_on = content
        .attribute("depends_on")
        .map_or(Vec::new(), |attribute| reader.depends_on(&attribute.expression));
    let mut preconditions = Vec::new();
    for inner in &content.blocks {
        if &*inner.block_type == "postcondition" {
            let detail = "Postconditions are not allowed for output values. The \"value\" is the final result of the module, so check it with a precondition.";
            reader.error("Postconditions are not allowed", detail, inner.type_range);
            continue;
        }
        preconditions.extend(condition::read(reader, inner));
    }
    Some(Output {
        name: block.label(0),
        expression: content.attribute("value")?.expression.clone(),
        description,
        sensitive,
        ephemeral,
        depends_on,
        preconditions,
        declaration: block.declaration,
    })
}
