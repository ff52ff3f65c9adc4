//! Resource blocks for imported objects that nothing declares yet (`-generate-config-out`).
//!
//! The planner is asked twice: once for the blocks, which takes reading the objects, and then for a plan of the
//! configuration with these blocks in it.

mod block;

use std::sync::Arc;

use crate::config::{Config, Import, ProviderReference};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::{ModuleInstance, Resource};
use crate::lang::syntax::{Expression, Node, StepKind};
use crate::lang::{Value, evaluate};
use crate::schema::{ProviderKind, types};

use super::graph;
use super::observed::{ObjectName, ObjectRead, Observed, Reads};
use super::options::{Options, PlanMode};
use super::provider::ProviderConfig;
use super::walk::{self, Input, Purpose, Walk, unread};
use super::world::Repetition;

/// What comes of the wish for resource blocks.
pub enum Answer {
    /// These things have to be read first; then ask again.
    NeedReads(Box<Reads>),
    /// The blocks, in the order of their addresses.
    Blocks(Vec<GeneratedBlock>),
    /// The blocks cannot be made.
    Refused(Diagnostics),
}

/// The block of one imported object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneratedBlock {
    /// The resource that it declares, in the root module.
    pub resource: Resource,
    /// The id of the object.
    pub id: Arc<str>,
    /// The block, without a newline at its end.
    pub text: String,
}

/// Returns the `import` blocks whose target has no resource block.
pub fn undeclared(config: &Config) -> impl Iterator<Item = &Import> {
    config.root.imports.iter().filter(|import| {
        let module = config.module(&import.module);
        !module.is_some_and(|module| module.resources.contains_key(&import.resource))
    })
}

/// Makes the blocks, as far as what was read allows. The options of the input must ask for it.
pub fn generate(input: &Input<'_>) -> Answer {
    let found = check(input.config, input.options);
    if found.has_errors() {
        return Answer::Refused(found);
    }
    let graph = match graph::build(input.config, input.sources) {
        Ok(graph) => Arc::new(graph),
        Err(found) => return Answer::Refused(found),
    };
    let mut walk = match walk::walk(input, graph, Purpose::Plan) {
        Ok(walk) => walk,
        Err(found) => return Answer::Refused(found),
    };
    let mut blocks: Vec<GeneratedBlock> =
        undeclared(input.config).filter_map(|import| block_of(input, &mut walk, import)).collect();
    walk.settle_reads();
    if !walk.reads.is_empty() {
        return Answer::NeedReads(Box::new(walk.reads));
    }
    if walk.found.has_errors() {
        return Answer::Refused(walk.found);
    }
    blocks.sort_by(|a, b| a.resource.cmp(&b.resource));
    Answer::Blocks(blocks)
}

/// Returns the file that the blocks make up, with Terraform's comments.
pub fn file_text(blocks: &[GeneratedBlock]) -> String {
    let mut text = "# __generated__ by Terraform\n# Please review these resources and move them into your main configuration files.\n".to_owned();
    for block in blocks {
        let id = block::quoted(&block.id);
        text.push_str(&format!("\n# __generated__ by Terraform from {id}\n{}\n", block.text));
    }
    text
}

/// Returns what is wrong with imports that have no resource block. Where blocks are made, that alone is nothing wrong.
pub(super) fn check(config: &Config, options: &Options) -> Diagnostics {
    let mut found = Diagnostics::new();
    if options.mode != PlanMode::Normal {
        return found;
    }
    for import in undeclared(config) {
        let detail = match refusal(import) {
            None if options.generate => continue,
            None => format!(
                "The configuration for the given import target {} does not exist. If you wish to automatically generate config for this resource, use the -generate-config-out option within snapform plan. Otherwise, make sure the target resource exists within your configuration. For example:\n\n  snapform plan -generate-config-out=generated.tf",
                import.target()
            ),
            Some(refusal) => refusal,
        };
        let error = Diagnostic::error("Configuration for import target does not exist", detail);
        found.push(error.at(import.to.range));
    }
    found
}

/// Returns why no block can be made for an import, if so.
fn refusal(import: &Import) -> Option<String> {
    let target = import.target();
    if !import.module.is_root() {
        return Some(format!(
            "The configuration for the given import target {target} does not exist. All target instances must have an associated configuration to be imported."
        ));
    }
    (import.for_each.is_some() || has_key(&import.to)).then(|| {
        "The given import block is not compatible with config generation. The -generate-config-out option cannot be used with import blocks which use for_each, or resources which use for_each or count.".to_owned()
    })
}

fn has_key(to: &Expression) -> bool {
    match &to.node {
        Node::Traversal(_, steps) => steps.iter().any(|step| !matches!(step.kind, StepKind::Attribute(_))),
        Node::Parentheses(inner) => has_key(inner),
        _ => true,
    }
}

/// Reads the object of an import, or makes the block of it.
fn block_of(input: &Input<'_>, walk: &mut Walk<'_>, import: &Import) -> Option<GeneratedBlock> {
    let type_name = &import.resource.type_name;
    let Some(resource_type) = types::resource(type_name) else {
        let detail = format!(
            "No configuration can be generated for {type_name}: it is no resource type that snapform manages. Import it with Terraform."
        );
        walk.found.push(Diagnostic::error("Invalid resource type", detail).at(import.to.range));
        return None;
    };
    let root = ModuleInstance::root();
    let id = walk.with_scope(&root, &Repetition::default(), None, |scope| evaluate(&import.id, scope));
    let id: Arc<str> = match id {
        Ok(id) => match id.as_str() {
            Some(text) if !text.is_empty() => text.into(),
            _ if !walk.reads.is_empty() => return None,
            _ => {
                let detail = "The import ID must be a known string that is not empty.";
                walk.found.push(Diagnostic::error("Invalid import id argument", detail).at(import.id.range));
                return None;
            }
        },
        Err(found) => {
            walk.found.extend(found);
            return None;
        }
    };
    let implied: Arc<str> = type_name.split('_').next().unwrap_or_default().into();
    let reference = import.provider.clone().unwrap_or_else(|| ProviderReference {
        name: match resource_type.provider {
            ProviderKind::Terraform => "terraform".into(),
            _ => implied.clone(),
        },
        alias: None,
    });
    let address = import.resource.in_module(&root).instance(None);
    let name = ObjectName { address, deposed: None };
    let value = if resource_type.provider == ProviderKind::Terraform {
        resource_type.block.null_object()
    } else {
        match input.observations.objects.get(&name) {
            Some(Observed::Present { value, .. }) => value.clone(),
            Some(Observed::Absent | Observed::Unclear(_)) => {
                let detail = format!(
                    "While attempting to import an existing object to \"{}\", the provider detected that no object exists with the given id. Only pre-existing objects can be imported; check that the id is correct and that it is associated with the provider's configured region or endpoint.",
                    name.address
                );
                let error = Diagnostic::error("Cannot import non-existent remote object", detail);
                walk.found.push(error.at(import.to.range).about(&name.address));
                return None;
            }
            Some(Observed::Unread(why)) => {
                let found = unread(&id, why);
                walk.found.extend(found.into_iter().map(|one| one.about(&name.address)));
                return None;
            }
            None => {
                let provider = input.config.provider(&input.config.root, &reference);
                let known = walk.reads.providers.entry(provider.clone());
                known.or_insert_with(|| {
                    ProviderConfig::known(types::provider(resource_type.provider).null_object())
                });
                walk.reads.objects.push(ObjectRead {
                    name,
                    provider,
                    type_name: type_name.clone(),
                    id: id.clone(),
                    value: Value::object([("id", Value::string(&id))]),
                    origin: Default::default(),
                });
                return None;
            }
        }
    };
    let is_implied = reference.alias.is_none() && reference.name == implied;
    let provider = (!is_implied && import.provider.is_some()).then_some(&reference);
    let text = block::text(&import.resource, resource_type, provider, &value);
    Some(GeneratedBlock { resource: import.resource.clone(), id, text })
}
