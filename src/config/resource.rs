//! `resource` and `data` blocks.

use std::sync::Arc;

use crate::diagnostic::SourceRange;
use crate::lang::address::{Mode, Resource};
use crate::lang::syntax::Expression;
use crate::schema::content::Arguments;
use crate::schema::shape::Shape;
use crate::schema::{ResourceType, types};

use super::block::{Declared, Reader};
use super::lifecycle::{self, Lifecycle};
use super::provider::{self, ProviderReference};

/// A managed resource or data source.
#[derive(Clone, Debug)]
pub struct ResourceBlock {
    /// Mode, type and name.
    pub address: Resource,
    /// The provider configuration it belongs to, as its module names it.
    pub provider: ProviderReference,
    /// The number of instances.
    pub count: Option<Expression>,
    /// The keys and values of instances.
    pub for_each: Option<Expression>,
    /// References to what it waits for.
    pub depends_on: Vec<Expression>,
    /// How its objects are replaced, kept and checked.
    pub lifecycle: Lifecycle,
    /// What its schema describes.
    pub arguments: Arguments,
    /// The `check` block that holds it.
    pub check: Option<Arc<str>>,
    /// The header of the block.
    pub declaration: SourceRange,
    /// The type in the header.
    pub type_range: SourceRange,
    /// The whole block.
    pub range: SourceRange,
}

const HIDDEN: &[&str] =
    &["count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner", "_", "locals"];
const ATTRIBUTES: &[(&str, bool)] =
    &[("count", false), ("for_each", false), ("provider", false), ("depends_on", false)];
const MANAGED: Shape<'static> = Shape {
    attributes: ATTRIBUTES,
    blocks: &[
        ("locals", &[]),
        ("lifecycle", &[]),
        ("connection", &[]),
        ("provisioner", &["type"]),
        ("_", &[]),
    ],
};
const DATA: Shape<'static> =
    Shape { attributes: ATTRIBUTES, blocks: &[("lifecycle", &[]), ("locals", &[]), ("_", &[])] };
const HIDDEN_OF_DATA: &[&str] = &["count", "for_each", "provider", "depends_on", "lifecycle", "_", "locals"];

/// Reads a resource or data source, reporting what is wrong in it. `check` names the check block it stands in.
pub(super) fn read(
    reader: &mut Reader<'_>,
    block: &Declared,
    mode: Mode,
    check: Option<Arc<str>>,
) -> ResourceBlock {
    let data = mode == Mode::Data;
    let (shape, word) = if data { (DATA, "data") } else { (MANAGED, "resource") };
    let content = shape.partial_content(&block.arguments, reader.found);
    shape.refuse_blocks_as_arguments(&block.arguments, reader.found);
    let summaries = if data {
        ["Invalid data source name", "Invalid data resource name"]
    } else {
        ["Invalid resource type name", "Invalid resource name"]
    };
    reader.check_name(block, 0, summaries[0]);
    reader.check_name(block, 1, summaries[1]);
    let known = if data { types::data_source } else { types::resource };
    let type_name = block.label(0);
    let type_name = known(&type_name).map_or(type_name, ResourceType::key);
    let address = Resource { mode, type_name, name: block.label(1) };
    let expression = |name: &str| content.attribute(name).map(|attribute| attribute.expression.clone());
    let (mut count, mut for_each) = (expression("count"), expression("for_each"));
    for name in ["count", "for_each"] {
        if let (Some(attribute), true) = (content.attribute(name), check.is_some()) {
            let detail =
                "The \"count\" and \"for_each\" meta-arguments are not supported within nested data blocks.";
            reader.error(format!("Invalid {name:?} attribute"), detail, attribute.name_range);
            (count, for_each) = (None, None);
        }
    }
    if check.is_none() {
        both_repetitions(reader, &content);
    }
    let provider = expression("provider")
        .and_then(|expression| provider::reference(&expression, "provider", reader.found))
        .unwrap_or_else(|| implied_provider(&address.type_name));
    let depends_on = expression("depends_on").map_or(Vec::new(), |expression| reader.depends_on(&expression));
    let mut arguments = block.arguments.hiding(if data { HIDDEN_OF_DATA } else { HIDDEN });
    let mut found_lifecycle: Option<(SourceRange, Lifecycle)> = None;
    let mut escape = None;
    for inner in &content.blocks {
        match &*inner.block_type {
            "lifecycle" if check.is_some() => {
                let detail = "Nested data blocks do not support \"lifecycle\" blocks as the lifecycle is managed by the containing block.";
                reader.error("Invalid lifecycle block", detail, inner.header_range);
            }
            "lifecycle" => match &found_lifecycle {
                Some((first, _)) => {
                    let message = "This resource already has a lifecycle block at {}.";
                    reader.duplicate("Duplicate lifecycle block", message, *first, inner.header_range);
                }
                None => {
                    let read = lifecycle::read(reader, inner, data);
                    own_conditions(reader, &address, &read);
                    found_lifecycle = Some((inner.header_range, read));
                }
            },
            "_" => match escape {
                Some(first) => {
                    let message = format!(
                        "The special block type \"_\" can be used to force particular arguments to be interpreted as resource-type-specific rather than as meta-arguments, but each {word} block can have only one such block. The first escaping block was at {{}}."
                    );
                    reader.duplicate("Duplicate escaping block", &message, first, inner.header_range);
                }
                None => {
                    escape = Some(inner.header_range);
                    arguments.add_escaped(inner.body.clone());
                }
            },
            kind @ ("connection" | "provisioner") => {
                let summary = format!("Unsupported {kind} block");
                let detail = format!(
                    "Snapform runs no commands on machines, so {kind} blocks are refused rather than skipped. Remove this block; run the command in a step after apply, or keep this resource in a directory of its own that Terraform applies."
                );
                reader.error(summary, detail, inner.header_range);
            }
            _ => {
                let summary = format!("Reserved block type name in {word} block");
                let detail = format!(
                    "The block type name {:?} is reserved for use by Terraform in a future version.",
                    inner.block_type
                );
                reader.error(summary, detail, inner.type_range);
            }
        }
    }
    ResourceBlock {
        address,
        provider,
        count,
        for_each,
        depends_on,
        lifecycle: found_lifecycle.map(|(_, lifecycle)| lifecycle).unwrap_or_default(),
        arguments,
        check,
        declaration: block.declaration,
        type_range: block.label_range(0),
        range: block.range,
    }
}

/// Reports `for_each` beside `count`.
pub(super) fn both_repetitions(reader: &mut Reader<'_>, content: &crate::schema::shape::Content) {
    if let (Some(_), Some(for_each)) = (content.attribute("count"), content.attribute("for_each")) {
        let detail = "The \"count\" and \"for_each\" meta-arguments are mutually-exclusive, only one should be used to be explicit about the number of resources to be created.";
        let summary = "Invalid combination of \"count\" and \"for_each\"";
        reader.error(summary, detail, for_each.name_range);
    }
}

/// Returns the provider whose name a resource type begins with.
fn implied_provider(type_name: &str) -> ProviderReference {
    let name = type_name.split('_').next().unwrap_or(type_name);
    ProviderReference { name: name.into(), alias: None }
}

/// Reports conditions that refer to the resource itself by its name.
fn own_conditions(reader: &mut Reader<'_>, address: &Resource, lifecycle: &Lifecycle) {
    use crate::lang::Root;
    use crate::lang::reference::references;
    let sets = [("precondition", &lifecycle.preconditions), ("postcondition", &lifecycle.postconditions)];
    for (kind, conditions) in sets {
        for condition in conditions {
            for expression in [&condition.condition, &condition.error_message] {
                let (all, _) = references(expression);
                if all
                    .iter()
                    .any(|reference| matches!(&reference.root, Root::Resource(other) if other == address))
                {
                    let detail = format!("Configuration for {address} may not refer to itself.");
                    reader.error(format!("Invalid reference in {kind}"), detail, expression.range);
                }
            }
        }
    }
}
