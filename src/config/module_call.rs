//! `module` blocks.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceRange};
use crate::lang::syntax::Expression;
use crate::schema::content::Arguments;
use crate::schema::shape::Shape;

use super::block::{Declared, Reader};
use super::constant::constant_string;
use super::provider::{self, ProviderReference};
use super::resource::both_repetitions;
use super::traversal;

/// A call of a module.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// The name.
    pub name: Arc<str>,
    /// Where the module is, as written; nothing when that is wrong.
    pub source: Option<Arc<str>>,
    /// Where the source stands.
    pub source_range: SourceRange,
    /// The number of instances.
    pub count: Option<Expression>,
    /// The keys and values of instances.
    pub for_each: Option<Expression>,
    /// References to what all of the module waits for.
    pub depends_on: Vec<Expression>,
    /// The provider configurations that the module gets from the caller.
    pub providers: Vec<PassedProvider>,
    /// The values of its input variables.
    pub arguments: Arguments,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// A provider configuration that a called module gets from its caller.
#[derive(Clone, Debug)]
pub struct PassedProvider {
    /// Its name in the called module.
    pub in_child: ProviderReference,
    /// Where that name stands.
    pub in_child_range: SourceRange,
    /// Its name in the calling module.
    pub in_parent: ProviderReference,
    /// Where that name stands.
    pub in_parent_range: SourceRange,
}

const HIDDEN: &[&str] = &[
    "source",
    "version",
    "count",
    "for_each",
    "depends_on",
    "providers",
    "_",
    "lifecycle",
    "locals",
    "provider",
];
const SHAPE: Shape<'static> = Shape {
    attributes: &[
        ("source", true),
        ("version", false),
        ("count", false),
        ("for_each", false),
        ("depends_on", false),
        ("providers", false),
    ],
    blocks: &[("_", &[]), ("lifecycle", &[]), ("locals", &[]), ("provider", &["type"])],
};

/// Reads a call, reporting what is wrong in it.
pub(super) fn read(reader: &mut Reader<'_>, block: &Declared) -> ModuleCall {
    let content = SHAPE.partial_content(&block.arguments, reader.found);
    SHAPE.refuse_blocks_as_arguments(&block.arguments, reader.found);
    reader.check_name(block, 0, "Invalid module instance name");
    let source_attribute = content.attribute("source");
    let mut source = source_attribute.and_then(|attribute| constant_string(attribute, reader.found));
    let source_range = source_attribute.map_or(block.declaration, |attribute| attribute.expression.range);
    let version = content.attribute("version").is_some();
    if source
        .as_ref()
        .is_some_and(|source| !check_source(reader, source, version, source_range, block.declaration))
    {
        source = None;
    }
    let expression = |name: &str| content.attribute(name).map(|attribute| attribute.expression.clone());
    let (count, for_each) = (expression("count"), expression("for_each"));
    both_repetitions(reader, &content);
    let depends_on = expression("depends_on").map_or(Vec::new(), |expression| reader.depends_on(&expression));
    let providers = expression("providers").map_or(Vec::new(), |expression| passed(reader, &expression));
    let mut arguments = block.arguments.hiding(HIDDEN);
    let mut escape = None;
    for inner in &content.blocks {
        if &*inner.block_type != "_" {
            let detail = format!(
                "The block type name {:?} is reserved for use by Terraform in a future version.",
                inner.block_type
            );
            reader.error("Reserved block type name in module block", detail, inner.type_range);
        } else if let Some(first) = escape {
            let message = "The special block type \"_\" can be used to force particular arguments to be interpreted as module input variables rather than as meta-arguments, but each module block can have only one such block. The first escaping block was at {}.";
            reader.duplicate("Duplicate escaping block", message, first, inner.header_range);
        } else {
            escape = Some(inner.header_range);
            arguments.add_escaped(inner.body.clone());
        }
    }
    ModuleCall {
        name: block.label(0),
        source,
        source_range,
        count,
        for_each,
        depends_on,
        providers,
        arguments,
        declaration: block.declaration,
    }
}

/// Tells whether a source is a local path; reports any other.
fn check_source(
    reader: &mut Reader<'_>,
    source: &str,
    version: bool,
    range: SourceRange,
    declaration: SourceRange,
) -> bool {
    let local = source.starts_with("./") || source.starts_with("../") || source == "." || source == "..";
    if local && version {
        let detail = format!(
            "Failed to parse module registry address: can't use local directory {source:?} as a module registry address.\n\nTerraform assumed that you intended a module registry source address because you also set the argument \"version\", which applies only to registry modules."
        );
        reader.error("Invalid registry module source address", detail, range);
        return false;
    }
    if local {
        return true;
    }
    if source.trim().is_empty() || (!source.contains([':', '/', '@']) && !version) {
        let detail = format!(
            "Terraform failed to determine your intended installation method for remote module package {source:?}.\n\nIf you intended this as a path relative to the current module, use \"./{source}\" instead. The \"./\" prefix indicates that the address is a relative filesystem path."
        );
        reader.error("Invalid module source address", detail, range);
        return false;
    }
    let detail = format!(
        "Snapform reads modules from local paths only, and {source:?} is none. Copy the module into this repository (for example with \"git subtree\") and refer to it by a path that begins with \"./\" or \"../\"."
    );
    reader.error("Unsupported module source", detail, declaration);
    false
}

fn passed(reader: &mut Reader<'_>, expression: &Expression) -> Vec<PassedProvider> {
    let mut all: Vec<(PassedProvider, SourceRange)> = Vec::new();
    for (key, value) in traversal::map_items(expression, reader.found).unwrap_or_default() {
        let in_child = provider::reference(&key, "providers", reader.found);
        let in_parent = provider::reference(&value, "providers", reader.found);
        let (Some(in_child), Some(in_parent)) = (in_child, in_parent) else { continue };
        if let Some((_, first)) = all.iter().find(|(other, _)| other.in_child == in_child) {
            let detail = format!(
                "A provider configuration was already passed to {in_child} at {}. Each child provider configuration can be assigned only once.",
                reader.place(*first)
            );
            reader.found.push(Diagnostic::error("Duplicate provider address", detail).at(value.range));
            continue;
        }
        let range = key.range.to(value.range);
        let passed =
            PassedProvider { in_child, in_child_range: key.range, in_parent, in_parent_range: value.range };
        all.push((passed, range));
    }
    all.into_iter().map(|(passed, _)| passed).collect()
}
