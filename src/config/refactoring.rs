//! `moved`, `removed` and `import` blocks.

use crate::diagnostic::SourceRange;
use crate::lang::address::{ConfigResource, Mode, ModulePath, Resource};
use crate::lang::evaluate::evaluate_constant;
use crate::lang::syntax::{Expression, Node};
use crate::schema::shape::Shape;

use super::address::{Target, target};
use super::block::{Declared, Reader};
use super::constant::constant_bool;
use super::free_names::has_references;
use super::provider::{self, ProviderReference};
use super::traversal::{Traversal, absolute_traversal, not_a_reference, unwrap_json};

/// A statement that an object has a new address.
#[derive(Clone, Debug)]
pub struct Moved {
    /// The old address.
    pub from: Target,
    /// The new address.
    pub to: Target,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// A statement that an object is no longer declared.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The address it had, without keys.
    pub from: Target,
    /// Whether the object is destroyed; otherwise it is left where it is.
    pub destroy: bool,
    /// The header of the block.
    pub declaration: SourceRange,
}

/// A statement that an object that exists belongs to a resource.
#[derive(Clone, Debug)]
pub struct Import {
    /// The instance it belongs to; keys may be expressions of `each`.
    pub to: Expression,
    /// The module of the resource.
    pub module: ModulePath,
    /// The resource.
    pub resource: Resource,
    /// The identity of the object.
    pub id: Expression,
    /// The keys and values of several imports.
    pub for_each: Option<Expression>,
    /// The provider configuration to use.
    pub provider: Option<ProviderReference>,
    /// Where that provider is named.
    pub provider_range: Option<SourceRange>,
    /// The header of the block.
    pub declaration: SourceRange,
}

impl Import {
    /// Returns the resource block that it belongs to.
    pub fn target(&self) -> ConfigResource {
        ConfigResource { module: self.module.clone(), resource: self.resource.clone() }
    }
}

/// Reads a move, reporting what is wrong in it.
pub(super) fn moved(reader: &mut Reader<'_>, block: &Declared) -> Option<Moved> {
    let shape = Shape { attributes: &[("from", true), ("to", true)], blocks: &[] };
    let content = shape.content(&block.arguments, reader.found);
    let mut end = |name: &str| {
        let traversal = absolute_traversal(&content.attribute(name)?.expression, reader.found)?;
        target(&traversal, reader.found)
    };
    let (from, to) = (end("from"), end("to"));
    let (from, to) = (from?, to?);
    if from.resource.is_some() != to.resource.is_some() {
        let detail =
            "The \"from\" and \"to\" addresses must either both refer to resources or both refer to modules.";
        reader.error("Invalid \"moved\" addresses", detail, block.declaration);
        return None;
    }
    Some(Moved { from, to, declaration: block.declaration })
}

/// Reads a removal, reporting what is wrong in it.
pub(super) fn removed(reader: &mut Reader<'_>, block: &Declared) -> Option<Removed> {
    let shape = Shape {
        attributes: &[("from", true)],
        blocks: &[("lifecycle", &[]), ("connection", &[]), ("provisioner", &["type"])],
    };
    let content = shape.content(&block.arguments, reader.found);
    let mut destroy = true;
    for inner in &content.blocks {
        if &*inner.block_type == "lifecycle" {
            let shape = Shape { attributes: &[("destroy", false)], blocks: &[] };
            let content = shape.content(&inner.body, reader.found);
            if let Some(attribute) = content.attribute("destroy") {
                destroy = constant_bool(attribute, reader.found).unwrap_or(true);
            }
        } else {
            let detail = "Snapform runs no commands on machines, so this block is refused rather than skipped. Remove it.";
            let summary = format!("Unsupported {} block", inner.block_type);
            reader.error(summary, detail, inner.header_range);
        }
    }
    let traversal = absolute_traversal(&content.attribute("from")?.expression, reader.found)?;
    let from = target(&traversal, reader.found)?;
    check_removed(reader, &from, &traversal)?;
    Some(Removed { from, destroy, declaration: block.declaration })
}

fn check_removed(reader: &mut Reader<'_>, from: &Target, traversal: &Traversal) -> Option<()> {
    let key_range = || {
        let is_key = |step: &&crate::lang::syntax::Step| {
            !matches!(step.kind, crate::lang::syntax::StepKind::Attribute(_))
        };
        traversal.steps.iter().find(is_key).map_or(traversal.range, |step| step.range)
    };
    if from.module.0.iter().any(|step| step.key.is_some()) {
        let detail = "Module address must be a module (e.g. \"module.foo\"), not a module instance (e.g. \"module.foo[1]\").";
        reader.error("Module instance keys not allowed", detail, key_range());
        return None;
    }
    match &from.resource {
        Some((resource, _)) if resource.mode == Mode::Data => {
            let detail = "Data sources are never destroyed, so they are not valid targets of removed blocks. To remove the data source from state, remove the data source block from configuration.";
            reader.error("Data source address not allowed", detail, traversal.range);
            None
        }
        Some((_, Some(_))) => {
            let detail = "Resource address must be a resource (e.g. \"test_instance.foo\"), not a resource instance (e.g. \"test_instance.foo[1]\").";
            reader.error("Resource instance keys not allowed", detail, key_range());
            None
        }
        _ => Some(()),
    }
}

/// Reads an import, reporting what is wrong in it.
pub(super) fn import(reader: &mut Reader<'_>, block: &Declared) -> Option<Import> {
    let shape = Shape {
        attributes: &[("provider", false), ("for_each", false), ("id", true), ("to", true)],
        blocks: &[],
    };
    let content = shape.content(&block.arguments, reader.found);
    let attribute = content.attribute("to")?;
    let to = unwrap_json(&attribute.expression, reader.found);
    let static_part = without_keys(&to);
    if static_part.is_none() {
        reader.found.push(not_a_reference(to.range));
    }
    let resource = static_part.and_then(|traversal| target(&traversal, reader.found));
    let resource = match resource {
        Some(Target { module, resource: Some((resource, _)) }) if resource.mode == Mode::Managed => {
            (module.path(), resource)
        }
        _ => {
            let detail = "Only managed resources can be imported.";
            reader.error("Invalid import address", detail, attribute.range);
            return None;
        }
    };
    if let Some(attribute) = content.attribute("id") {
        check_id(reader, &attribute.expression);
    }
    let (mut provider, mut provider_range) = (None, None);
    if let Some(attribute) = content.attribute("provider") {
        if !resource.0.is_root() {
            let detail = "The provider argument can only be specified in import blocks that will generate configuration.\n\nUse the providers argument within the module block to configure providers for all resources within a module, including imported resources.";
            reader.error("Invalid import provider argument", detail, attribute.range);
        }
        provider = provider::reference(&attribute.expression, "provider", reader.found);
        provider_range = Some(attribute.range);
    }
    Some(Import {
        to,
        module: resource.0,
        resource: resource.1,
        id: content.attribute("id")?.expression.clone(),
        for_each: content.attribute("for_each").map(|attribute| attribute.expression.clone()),
        provider,
        provider_range,
        declaration: block.declaration,
    })
}

/// Reports an identity that is wrong whatever else the configuration holds.
fn check_id(reader: &mut Reader<'_>, id: &Expression) {
    if has_references(id) {
        return;
    }
    let Ok(value) = evaluate_constant(id) else { return };
    let detail = if value.is_null() {
        "The import ID cannot be null."
    } else if value.as_str() == Some("") {
        "The import ID value evaluates to an empty string, please provide a non-empty value."
    } else {
        return;
    };
    reader.error("Invalid import id argument", detail, id.range);
}

/// Returns the constant part of an address whose keys may be expressions.
fn without_keys(expression: &Expression) -> Option<Traversal> {
    match &expression.node {
        Node::Traversal(name, steps) => {
            Some(Traversal { name: name.clone(), steps: steps.clone(), range: expression.range })
        }
        Node::Relative(inner, steps) => {
            let mut traversal = without_keys(inner)?;
            traversal.steps.extend(steps.iter().cloned());
            traversal.range = expression.range;
            Some(traversal)
        }
        Node::Index(collection, _) => without_keys(collection),
        _ => None,
    }
}
