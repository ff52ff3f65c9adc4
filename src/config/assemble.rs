//! From the blocks of all files of a folder to one module.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceRange};
use crate::lang::address::Mode;
use crate::lang::syntax::{Attribute, Block, Body};
use crate::schema::shape::Shape;

use super::block::{Declared, Reader};
use super::module::Module;
use super::output::{self, Local};
use super::settings::{self, Settings};
use super::{check, module_call, provider, refactoring, resource, variable};

const SHAPE: Shape<'static> = Shape {
    attributes: &[],
    blocks: &[
        ("terraform", &[]),
        ("required_providers", &[]),
        ("provider", &["name"]),
        ("variable", &["name"]),
        ("locals", &[]),
        ("output", &["name"]),
        ("module", &["name"]),
        ("resource", &["type", "name"]),
        ("data", &["type", "name"]),
        ("ephemeral", &["type", "name"]),
        ("moved", &[]),
        ("removed", &[]),
        ("import", &[]),
        ("check", &["name"]),
    ],
};

/// The blocks of a folder by kind, before they have a type. Override files have been merged.
#[derive(Default)]
struct Blocks {
    settings: Vec<Declared>,
    required_providers: Vec<SourceRange>,
    named: BTreeMap<Kind, Vec<Declared>>,
    locals: Vec<Attribute>,
}

/// The kinds of blocks that have names and can be overridden, and those that cannot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Provider,
    Variable,
    Output,
    Module,
    Resource,
    Data,
    Ephemeral,
    Moved,
    Removed,
    Import,
    Check,
}

/// Returns the module made of the bodies of its files, reporting everything that is wrong.
pub(super) fn assemble(reader: &mut Reader<'_>, files: &[Body], overrides: &[Body]) -> Module {
    let mut blocks = Blocks::default();
    for body in files {
        for block in SHAPE.content(body, reader.found).blocks {
            add(reader, &mut blocks, &block);
        }
    }
    let mut override_settings = Vec::new();
    for body in overrides {
        for block in SHAPE.content(body, reader.found).blocks {
            override_with(reader, &mut blocks, &mut override_settings, &block);
        }
    }
    for range in &blocks.required_providers {
        let detail = "A \"required_providers\" block must be nested inside a \"terraform\" block.";
        reader.error("Invalid required_providers block", detail, *range);
    }
    let mut module = Module::default();
    let settings: Vec<Settings> = blocks.settings.iter().map(|block| settings::read(reader, block)).collect();
    add_settings(reader, &mut module, settings);
    let over = override_settings.iter().map(|block| settings::read(reader, block)).collect();
    override_settings_of(&mut module, over);
    for (kind, all) in std::mem::take(&mut blocks.named) {
        for block in all {
            read_block(reader, &mut module, kind, &block);
        }
    }
    module.resources.sort_unstable_keys();
    check_imports(reader, &mut module);
    add_locals(reader, &mut module, &blocks.locals);
    module
}

fn kind_of(block_type: &str) -> Option<Kind> {
    Some(match block_type {
        "provider" => Kind::Provider,
        "variable" => Kind::Variable,
        "output" => Kind::Output,
        "module" => Kind::Module,
        "resource" => Kind::Resource,
        "data" => Kind::Data,
        "ephemeral" => Kind::Ephemeral,
        "moved" => Kind::Moved,
        "removed" => Kind::Removed,
        "import" => Kind::Import,
        "check" => Kind::Check,
        _ => return None,
    })
}

fn local_attributes(reader: &mut Reader<'_>, block: &Block) -> Vec<Attribute> {
    let (body, found) = block.body.resolve(&[]);
    reader.found.extend(found);
    if let Some(inner) = body.blocks.first() {
        let summary = format!("Unexpected {:?} block", inner.block_type);
        reader.error(summary, "Blocks are not allowed here.", inner.type_range);
    }
    body.attributes.values().cloned().collect()
}

fn add(reader: &mut Reader<'_>, blocks: &mut Blocks, block: &Block) {
    match &*block.block_type {
        "terraform" => blocks.settings.push(Declared::new(block)),
        "required_providers" => blocks.required_providers.push(block.type_range),
        "locals" => blocks.locals.extend(local_attributes(reader, block)),
        other => {
            if let Some(kind) = kind_of(other) {
                blocks.named.entry(kind).or_default().push(Declared::new(block));
            }
        }
    }
}

/// Puts a block of an override file over the one of the same name.
fn override_with(reader: &mut Reader<'_>, blocks: &mut Blocks, settings: &mut Vec<Declared>, block: &Block) {
    let only_normal =
        |what: &str| format!("Records of {what} can appear only in normal files, not in override files.");
    match &*block.block_type {
        "terraform" => settings.push(Declared::new(block)),
        "required_providers" => blocks.required_providers.push(block.type_range),
        "locals" => {
            for attribute in local_attributes(reader, block) {
                match blocks.locals.iter_mut().find(|base| base.name == attribute.name) {
                    Some(base) => *base = attribute,
                    None => {
                        let detail = format!(
                            "There is no local value named {:?}. An override file can only override a local value that was already defined in a primary configuration file.",
                            attribute.name
                        );
                        reader.error(
                            "Missing base local value definition to override",
                            detail,
                            attribute.range,
                        );
                    }
                }
            }
        }
        "moved" => {
            reader.error("Cannot override 'moved' blocks", only_normal("moved objects"), block.header_range)
        }
        "removed" => {
            reader.error(
                "Cannot override 'removed' blocks",
                only_normal("removed objects"),
                block.header_range,
            );
        }
        "import" => {
            let detail = "Import blocks can appear only in normal files, not in override files.";
            reader.error("Cannot override 'import' blocks", detail, block.header_range);
        }
        "check" => {
            let detail = "Override files cannot override check blocks.";
            reader.error("Can't override check blocks", detail, block.header_range);
        }
        other => {
            let Some(kind) = kind_of(other) else { return };
            let over = Declared::new(block);
            forbidden_in_override(reader, block);
            let alias = literal_alias(block);
            let same = |base: &&mut Declared| {
                let labels = base.labels.iter().map(|label| &label.text);
                labels.eq(over.labels.iter().map(|label| &label.text))
                    && (kind != Kind::Provider || alias_of(base) == alias)
            };
            let all = blocks.named.entry(kind).or_default();
            match all.iter_mut().find(same) {
                Some(base) => base.override_with(over),
                // A provider configuration without alias exists even when no file declares it.
                None if kind == Kind::Provider && alias.is_none() => all.push(over),
                None => missing_base(reader, kind, &over, alias.as_deref()),
            }
        }
    }
}

fn literal_alias(block: &Block) -> Option<Arc<str>> {
    let (body, _) = block.body.resolve(&[]);
    body.attributes.get("alias").and_then(|attribute| attribute.expression.as_literal_text())
}

fn alias_of(declared: &Declared) -> Option<Arc<str>> {
    use crate::schema::shape::Resolve;
    let (body, _) = declared.arguments.resolve(&[]);
    body.attributes.get("alias").and_then(|attribute| attribute.expression.as_literal_text())
}

/// Reports what an override file may not say.
fn forbidden_in_override(reader: &mut Reader<'_>, block: &Block) {
    let conditions: [&str; 3] = ["validation", "precondition", "postcondition"];
    let shape = Shape {
        attributes: &[("depends_on", false)],
        blocks: &[("validation", &[]), ("precondition", &[]), ("postcondition", &[]), ("lifecycle", &[])],
    };
    let content = shape.partial_content(&block.body, reader.found);
    if let Some(attribute) = content.attribute("depends_on") {
        let range = match &attribute.expression.node {
            crate::lang::syntax::Node::Tuple(items) => items.first().map(|first| first.range),
            _ => Some(attribute.expression.range),
        };
        if let Some(range) = range {
            reader.error("Unsupported override", "The depends_on argument may not be overridden.", range);
        }
    }
    for inner in &content.blocks {
        if &*inner.block_type == "lifecycle" {
            forbidden_in_override(reader, inner);
        } else if conditions.contains(&&*inner.block_type) {
            let summary = format!("Can't override {} blocks", inner.block_type);
            let detail = format!("Override files cannot override {:?} blocks.", inner.block_type);
            reader.error(summary, detail, inner.header_range);
        }
    }
}

fn missing_base(reader: &mut Reader<'_>, kind: Kind, over: &Declared, alias: Option<&str>) {
    let (first, second) = (over.label(0), over.label(1));
    let only = "An override file can only override";
    let (summary, detail) = match kind {
        Kind::Variable => (
            "Missing base variable declaration to override",
            format!(
                "There is no variable named {first:?}. {only} a variable that was already declared in a primary configuration file."
            ),
        ),
        Kind::Output => (
            "Missing base output definition to override",
            format!(
                "There is no output named {first:?}. {only} an output that was already defined in a primary configuration file."
            ),
        ),
        Kind::Module => (
            "Missing module call to override",
            format!(
                "There is no module call named {first:?}. {only} a module call that was defined in a primary configuration file."
            ),
        ),
        Kind::Provider => (
            "Missing base provider configuration for override",
            format!(
                "There is no {first} provider configuration with the alias {:?}. {only} an aliased provider configuration that was already defined in a primary configuration file.",
                alias.unwrap_or_default()
            ),
        ),
        Kind::Data => (
            "Missing data resource to override",
            format!(
                "There is no {first} data resource named {second:?}. {only} a data block defined in a primary configuration file."
            ),
        ),
        _ => (
            "Missing resource to override",
            format!(
                "There is no {first} resource named {second:?}. {only} a resource block defined in a primary configuration file."
            ),
        ),
    };
    reader.error(summary, detail, over.declaration);
}

fn add_settings(reader: &mut Reader<'_>, module: &mut Module, all: Vec<Settings>) {
    let mut first_required: Option<SourceRange> = None;
    for settings in all {
        module.required_versions.extend(settings.required_version);
        for backend in settings.backends {
            match &module.backend {
                Some(first) => {
                    let message = "A module may have only one backend configuration. The backend was previously configured at {}.";
                    let first = first.declaration;
                    reader.duplicate("Duplicate backend configuration", message, first, backend.declaration);
                }
                None => module.backend = Some(backend),
            }
        }
        for (entries, range) in settings.required_providers {
            if let Some(first) = first_required {
                let message = "A module may have only one required providers configuration. The required providers were previously configured at {}.";
                reader.duplicate("Duplicate required providers configuration", message, first, range);
                continue;
            }
            first_required = Some(range);
            module.required_providers.extend(entries.into_iter().map(|entry| (entry.name.clone(), entry)));
        }
    }
}

fn override_settings_of(module: &mut Module, all: Vec<Settings>) {
    let versions: Vec<_> = all.iter().filter_map(|settings| settings.required_version.clone()).collect();
    if !versions.is_empty() {
        module.required_versions = versions;
    }
    for settings in all {
        if let Some(backend) = settings.backends.into_iter().next_back() {
            module.backend = Some(backend);
        }
        let entries = settings.required_providers.into_iter().flat_map(|(entries, _)| entries);
        module.required_providers.extend(entries.map(|entry| (entry.name.clone(), entry)));
    }
}

/// Keeps a block under its name; the second one of a name is reported.
fn insert<K: Ord + Debug, T>(
    reader: &mut Reader<'_>,
    all: &mut BTreeMap<K, T>,
    key: K,
    item: T,
    declaration: impl Fn(&T) -> SourceRange,
    texts: (String, String),
) {
    if let Some(first) = all.get(&key) {
        let (summary, message) = texts;
        let (first, second) = (declaration(first), declaration(&item));
        reader.duplicate(&summary, &message, first, second);
        return;
    }
    all.insert(key, item);
}

fn read_block(reader: &mut Reader<'_>, module: &mut Module, kind: Kind, block: &Declared) {
    let name = block.label(0);
    match kind {
        Kind::Provider => {
            let Some(item) = provider::read(reader, block) else { return };
            let key = item.reference.clone();
            let message = match &key.alias {
                None => format!(
                    "A default (non-aliased) provider configuration for {:?} was already given at {{}}. If multiple configurations are required, set the \"alias\" argument for alternative configurations.",
                    key.name
                ),
                Some(alias) => format!(
                    "A provider configuration for {:?} with alias {alias:?} was already given at {{}}. Each configuration for the same provider must have a distinct alias.",
                    key.name
                ),
            };
            let texts = ("Duplicate provider configuration".to_owned(), message);
            insert(reader, &mut module.providers, key, item, |item| item.declaration, texts);
        }
        Kind::Variable => {
            let item = variable::read(reader, block);
            let texts = (
                "Duplicate variable declaration".to_owned(),
                format!(
                    "A variable named {name:?} was already declared at {{}}. Variable names must be unique within a module."
                ),
            );
            insert(reader, &mut module.variables, name, item, |item| item.declaration, texts);
        }
        Kind::Output => {
            let Some(item) = output::read(reader, block) else { return };
            let texts = (
                "Duplicate output definition".to_owned(),
                format!(
                    "An output named {name:?} was already defined at {{}}. Output names must be unique within a module."
                ),
            );
            insert(reader, &mut module.outputs, name, item, |item| item.declaration, texts);
        }
        Kind::Module => {
            let item = module_call::read(reader, block);
            let texts = (
                "Duplicate module call".to_owned(),
                format!(
                    "A module call named {name:?} was already defined at {{}}. Module calls must have unique names within a module."
                ),
            );
            insert(reader, &mut module.calls, name, item, |item| item.declaration, texts);
        }
        Kind::Resource | Kind::Data => {
            let mode = if kind == Kind::Data { Mode::Data } else { Mode::Managed };
            let item = resource::read(reader, block, mode, None);
            insert_resource(reader, module, item);
        }
        Kind::Ephemeral => {
            let detail = "Snapform has no ephemeral resources. Pass secrets in a variable with \"ephemeral = true\", or read them in the environment of the provider.";
            reader.error("Unsupported ephemeral block", detail, block.declaration);
        }
        Kind::Moved => module.moved.extend(refactoring::moved(reader, block)),
        Kind::Removed => module.removed.extend(refactoring::removed(reader, block)),
        Kind::Import => module.imports.extend(refactoring::import(reader, block)),
        Kind::Check => {
            let (item, data) = check::read(reader, block);
            let texts = (
                format!("Duplicate check {name:?} configuration"),
                format!(
                    "A check block named {name:?} was already declared at {{}}. Check blocks must be unique within each module."
                ),
            );
            insert(reader, &mut module.checks, name, item, |item| item.declaration, texts);
            if let Some(data) = data {
                insert_resource(reader, module, data);
            }
        }
    }
}

fn insert_resource(reader: &mut Reader<'_>, module: &mut Module, item: resource::ResourceBlock) {
    let (type_name, name) = (&item.address.type_name, &item.address.name);
    let (word, what) = match item.address.mode {
        Mode::Data => ("data", "data resource"),
        Mode::Managed => ("resource", "resource"),
    };
    if let Some(first) = module.resources.get(&item.address) {
        let within = if item.check.is_some() { ", including within check blocks" } else { "" };
        let summary = format!("Duplicate {word} {type_name:?} configuration");
        let message = format!(
            "A {type_name} {what} named {name:?} was already declared at {{}}. Resource names must be unique per type in each module{within}."
        );
        reader.duplicate(&summary, &message, first.declaration, item.declaration);
        return;
    }
    module.resources.insert(item.address.clone(), Box::new(item));
}

/// Refuses a second import for the same resource, and a provider where the resource block says it.
fn check_imports(reader: &mut Reader<'_>, module: &mut Module) {
    let mut first: HashMap<String, SourceRange> = HashMap::new();
    let resources = &module.resources;
    module.imports.retain(|item| {
        if let Some(range) = item.provider_range
            && item.module.is_root()
            && resources.contains_key(&item.resource)
        {
            let detail = "The provider argument can only be specified in import blocks that will generate configuration.\n\nUse the provider argument in the target resource block to configure the provider for a resource with explicit provider configuration.";
            reader.error("Invalid import provider argument", detail, range);
        }
        if item.for_each.is_some() {
            return true;
        }
        let Some(earlier) = first.get(&item.to.to_string()) else {
            first.insert(item.to.to_string(), item.declaration);
            return true;
        };
        let address = reader.sources.slice(item.to.range).to_owned();
        let detail = format!(
            "An import block for the resource {address:?} was already declared at {}. A resource can have only one import block.",
            reader.place(*earlier)
        );
        let summary = format!("Duplicate import configuration for {address:?}");
        reader.found.push(Diagnostic::error(summary, detail).at(item.to.range));
        false
    });
}

fn add_locals(reader: &mut Reader<'_>, module: &mut Module, attributes: &[Attribute]) {
    for attribute in attributes {
        if !crate::lang::syntax::is_identifier(&attribute.name) {
            reader.error("Invalid local value name", super::block::NAME_RULE, attribute.name_range);
        }
        let name = attribute.name.clone();
        let texts = (
            "Duplicate local value definition".to_owned(),
            format!(
                "A local value named {name:?} was already defined at {{}}. Local value names must be unique within a module."
            ),
        );
        let item = Local::new(attribute);
        insert(reader, &mut module.locals, name, item, |item| item.declaration, texts);
    }
}
