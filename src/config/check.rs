//! `check` blocks.

use std::sync::Arc;

use crate::diagnostic::SourceRange;
use crate::lang::address::{Mode, Resource};
use crate::schema::shape::Shape;

use super::block::{Declared, Reader};
use super::condition::{self, Condition};
use super::resource::{self, ResourceBlock};

/// Conditions on the whole, whose failure is a warning.
#[derive(Clone, Debug)]
pub struct Check {
    /// The name.
    pub name: Arc<str>,
    /// The data source that only this check reads.
    pub data: Option<Resource>,
    /// What must hold.
    pub asserts: Vec<Condition>,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// Reads a check and its data source, reporting what is wrong in them.
pub(super) fn read(reader: &mut Reader<'_>, block: &Declared) -> (Check, Option<ResourceBlock>) {
    let shape = Shape { attributes: &[], blocks: &[("data", &["type", "name"]), ("assert", &[])] };
    let content = shape.content(&block.arguments, reader.found);
    reader.check_name(block, 0, "Invalid check block name");
    let name = block.label(0);
    let mut asserts = Vec::new();
    let mut data: Option<ResourceBlock> = None;
    let mut sound = 0;
    for inner in &content.blocks {
        if &*inner.block_type == "assert" {
            let before = reader.found.len();
            asserts.extend(condition::read(reader, inner));
            sound += usize::from(reader.found.len() == before);
        } else if let Some(first) = &data {
            let message = "This check block already has a data resource defined at {}.";
            let first = first.declaration;
            reader.duplicate("Multiple data resource blocks", message, first, inner.header_range);
        } else {
            data = Some(resource::read(reader, &Declared::new(inner), Mode::Data, Some(name.clone())));
        }
    }
    if sound == 0 {
        let detail = "Check blocks must have at least one assert block.";
        reader.error("Zero assert blocks", detail, block.declaration);
    }
    let address = data.as_ref().map(|data| data.address.clone());
    (Check { name, data: address, asserts, declaration: block.declaration }, data)
}
