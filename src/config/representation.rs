//! The configuration as the JSON of a plan shows it: blocks and expressions, not values.
//!
//! Source of the format: <https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation>.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::lang::Root;
use crate::lang::address::{Mode, ModulePath};
use crate::lang::evaluate::evaluate_constant;
use crate::lang::reference::{Reference, references};
use crate::lang::syntax::{BlockShape, Body, Expression, Step, StepKind};
use crate::schema::content::Arguments;
use crate::schema::registry::{Lookup, lookup};
use crate::schema::shape::Resolve;
use crate::schema::{Block, Nesting, ProviderKind, saved, types};

use super::module::{Config, Module};
use super::provider::ProviderReference;
use super::resource::ResourceBlock;

/// The configuration as plain data, in the order in which it is printed.
#[derive(Debug, Serialize)]
pub struct ConfigurationJson {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    provider_config: BTreeMap<String, ProviderJson>,
    root_module: ModuleJson,
}

#[derive(Debug, Serialize)]
struct ProviderJson {
    name: Arc<str>,
    full_name: Arc<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<Arc<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version_constraint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    module_address: Option<String>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    expressions: Map<String, Json>,
}

#[derive(Debug, Serialize)]
struct ModuleJson {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    outputs: BTreeMap<Arc<str>, OutputJson>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<ResourceJson>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    module_calls: BTreeMap<Arc<str>, CallJson>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    variables: BTreeMap<Arc<str>, VariableJson>,
}

#[derive(Debug, Serialize)]
struct OutputJson {
    #[serde(skip_serializing_if = "is_false")]
    sensitive: bool,
    #[serde(skip_serializing_if = "is_false")]
    ephemeral: bool,
    expression: Json,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Arc<str>>,
}

#[derive(Debug, Serialize)]
struct ResourceJson {
    address: String,
    mode: &'static str,
    #[serde(rename = "type")]
    type_name: Arc<str>,
    name: Arc<str>,
    provider_config_key: String,
    #[serde(skip_serializing_if = "Map::is_empty")]
    expressions: Map<String, Json>,
    schema_version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    count_expression: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    for_each_expression: Option<Json>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
}

#[derive(Debug, Serialize)]
struct CallJson {
    source: Arc<str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    expressions: Map<String, Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    count_expression: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    for_each_expression: Option<Json>,
    module: ModuleJson,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<String>,
}

#[derive(Debug, Serialize)]
struct VariableJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Arc<str>>,
    #[serde(skip_serializing_if = "is_false")]
    sensitive: bool,
    #[serde(skip_serializing_if = "is_false")]
    ephemeral: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
fn is_false(value: &bool) -> bool {
    !*value
}

impl Config {
    /// Returns the configuration as the JSON of a plan shows it.
    pub fn to_json(&self) -> ConfigurationJson {
        let mut provider_config = BTreeMap::new();
        for module in self.modules() {
            for reference in used_providers(module) {
                let (declaring, name) = self.provider_key(module, &reference);
                if declaring.path == module.path && name == reference {
                    provider_config.insert(key(&module.path, &reference), provider(module, &reference));
                }
            }
        }
        ConfigurationJson { provider_config, root_module: self.module_json(&self.root) }
    }

    /// Returns the module and the name under which a provider configuration is listed: those of the outermost caller
    /// that uses the provider itself.
    fn provider_key<'a>(
        &'a self,
        module: &'a Module,
        reference: &ProviderReference,
    ) -> (&'a Module, ProviderReference) {
        let (mut module, mut reference) = (module, reference.clone());
        while let Some((name, rest)) = module.path.0.split_last() {
            let Some(parent) = self.module(&ModulePath(rest.into())) else { break };
            if module.providers.contains_key(&reference) && !module.is_placeholder(&reference) {
                break;
            }
            let call = parent.calls.get(name);
            let passed =
                call.and_then(|call| call.providers.iter().find(|passed| passed.in_child == reference));
            let outer = match passed {
                Some(passed) => passed.in_parent.clone(),
                None => ProviderReference {
                    name: parent.provider_name(&module.provider_source(&reference.name)),
                    alias: reference.alias.clone(),
                },
            };
            if passed.is_none() && (outer.alias.is_some() || !used_providers(parent).contains(&outer)) {
                break;
            }
            (module, reference) = (parent, outer);
        }
        (module, reference)
    }

    fn module_json(&self, module: &Module) -> ModuleJson {
        let outputs = module.outputs.values().map(|output| {
            let json = OutputJson {
                sensitive: output.sensitive,
                ephemeral: output.ephemeral,
                expression: expression(&output.expression),
                depends_on: dependencies(&output.depends_on),
                description: output.description.clone(),
            };
            (output.name.clone(), json)
        });
        let variables = module.variables.values().map(|variable| {
            let json = VariableJson {
                default: variable
                    .default
                    .as_ref()
                    .map(|value| saved::to_json(&value.unmarked_deep(), &value.type_of())),
                description: variable.description.clone(),
                sensitive: variable.sensitive,
                ephemeral: variable.ephemeral,
            };
            (variable.name.clone(), json)
        });
        let managed = module.resources.values().filter(|block| block.address.mode == Mode::Managed);
        let data = module.resources.values().filter(|block| block.address.mode == Mode::Data);
        ModuleJson {
            outputs: outputs.collect(),
            resources: managed.chain(data).map(|block| self.resource_json(module, block)).collect(),
            module_calls: self.calls_json(module),
            variables: variables.collect(),
        }
    }

    fn calls_json(&self, module: &Module) -> BTreeMap<Arc<str>, CallJson> {
        let call = |(name, child): (&Arc<str>, &Module)| {
            let call = module.calls.get(name)?;
            let (body, _) = call.arguments.resolve(&[]);
            let inputs = body.attributes.values();
            let json = CallJson {
                source: call.source.clone().unwrap_or_default(),
                expressions: inputs
                    .map(|input| (input.name.to_string(), expression(&input.expression)))
                    .collect(),
                count_expression: call.count.as_ref().map(expression),
                for_each_expression: call.for_each.as_ref().map(expression),
                module: self.module_json(child),
                depends_on: dependencies(&call.depends_on),
            };
            Some((name.clone(), json))
        };
        module.children.iter().filter_map(call).collect()
    }

    fn resource_json(&self, module: &Module, block: &ResourceBlock) -> ResourceJson {
        let known = match lookup(&module.provider_source(&block.provider.name), &block.address) {
            Lookup::Known(known) => Some(known),
            _ => None,
        };
        let (declaring, reference) = self.provider_key(module, &block.provider);
        ResourceJson {
            address: block.address.to_string(),
            mode: if block.address.mode == Mode::Data { "data" } else { "managed" },
            type_name: block.address.type_name.clone(),
            name: block.address.name.clone(),
            provider_config_key: key(&declaring.path, &reference),
            expressions: arguments(&block.arguments, known.map(|known| &known.block)),
            schema_version: known.map_or(0, |known| known.version),
            count_expression: block.count.as_ref().map(expression),
            for_each_expression: block.for_each.as_ref().map(expression),
            depends_on: dependencies(&block.depends_on),
        }
    }
}

fn key(path: &ModulePath, reference: &ProviderReference) -> String {
    if path.is_root() { reference.to_string() } else { format!("{path}:{reference}") }
}

/// Returns the provider configurations that a module declares, requires or uses.
fn used_providers(module: &Module) -> Vec<ProviderReference> {
    let required =
        module.required_providers.keys().map(|name| ProviderReference { name: name.clone(), alias: None });
    let used = module.resources.values().map(|block| block.provider.clone());
    let mut all: Vec<ProviderReference> =
        module.providers.keys().cloned().chain(required).chain(used).collect();
    all.sort();
    all.dedup();
    all
}

fn provider(module: &Module, reference: &ProviderReference) -> ProviderJson {
    let full_name = module.provider_source(&reference.name);
    let schema = ProviderKind::of_source(&full_name).map(types::provider);
    let block = module.providers.get(reference);
    ProviderJson {
        name: reference.name.clone(),
        alias: reference.alias.clone(),
        version_constraint: module
            .required_providers
            .get(&reference.name)
            .and_then(|entry| entry.constraint.as_ref())
            .map(ToString::to_string),
        module_address: (!module.path.is_root()).then(|| module.path.to_string()),
        expressions: block.map(|block| arguments(&block.arguments, schema)).unwrap_or_default(),
        full_name,
    }
}

fn arguments(arguments: &Arguments, schema: Option<&Block>) -> Map<String, Json> {
    let (body, _) = arguments.resolve(&shapes(schema));
    body_json(&body, schema)
}

fn shapes(schema: Option<&Block>) -> Vec<BlockShape<'_>> {
    let nested = schema.map(|schema| &schema.blocks[..]).unwrap_or_default();
    let names = nested.iter().map(|nested| nested.name).chain(["timeouts"]);
    names.map(|name| BlockShape { name, labels: 0 }).collect()
}

fn body_json(body: &Body, schema: Option<&Block>) -> Map<String, Json> {
    let mut out: Map<String, Json> = Map::new();
    for attribute in body.attributes.values() {
        out.insert(attribute.name.to_string(), expression(&attribute.expression));
    }
    // How many blocks a `dynamic` block makes is not known here, so it is left out.
    for block in body.blocks.iter().filter(|block| &*block.block_type != "dynamic") {
        let nested = schema.and_then(|schema| schema.nested(&block.block_type));
        let inner_schema = nested.map(|nested| &nested.block);
        let (inner, _) = block.body.resolve(&shapes(inner_schema));
        let inner = Json::Object(body_json(&inner, inner_schema));
        let name = block.block_type.to_string();
        if &*block.block_type == "timeouts" || nested.is_some_and(|nested| nested.nesting == Nesting::Single)
        {
            out.insert(name, inner);
        } else if let Json::Array(all) = out.entry(name).or_insert_with(|| Json::Array(Vec::new())) {
            all.push(inner);
        }
    }
    out
}

/// Returns the value of a constant expression, else what it refers to.
fn expression(expression: &Expression) -> Json {
    let (all, _) = references(expression);
    if !all.is_empty() {
        let texts: Vec<Json> = all.iter().flat_map(reference_texts).map(Json::String).collect();
        return Json::Object(Map::from_iter([("references".to_owned(), Json::Array(texts))]));
    }
    match evaluate_constant(expression) {
        Ok(value) => {
            let json = saved::to_json(&value.unmarked_deep(), &value.type_of());
            Json::Object(Map::from_iter([("constant_value".to_owned(), json)]))
        }
        Err(_) => Json::Object(Map::new()),
    }
}

fn dependencies(expressions: &[Expression]) -> Vec<String> {
    let reference = |expression: &Expression| references(expression).0.into_iter().next();
    expressions.iter().filter_map(reference).map(|reference| text(&reference, reference.rest.len())).collect()
}

/// Returns a reference as text, longest first and then with ever fewer steps, down to the object itself.
fn reference_texts(reference: &Reference) -> Vec<String> {
    (0..=reference.rest.len()).rev().map(|count| text(reference, count)).collect()
}

/// Returns a reference with its first `count` steps as text.
fn text(reference: &Reference, count: usize) -> String {
    let mut out = match &reference.root {
        Root::Variable(name) => format!("var.{name}"),
        Root::Local(name) => format!("local.{name}"),
        Root::Module(name) => format!("module.{name}"),
        Root::Resource(resource) => resource.to_string(),
        Root::EachKey => "each.key".to_owned(),
        Root::EachValue => "each.value".to_owned(),
        Root::CountIndex => "count.index".to_owned(),
        Root::SelfObject => "self".to_owned(),
        Root::Path(word) => format!("path.{word}"),
        Root::Terraform(word) => format!("terraform.{word}"),
    };
    reference.rest[..count].iter().for_each(|step| out.push_str(&step_text(step)));
    out
}

fn step_text(step: &Step) -> String {
    match &step.kind {
        StepKind::Attribute(name) => format!(".{name}"),
        StepKind::Index(number) => format!("[{number}]"),
        StepKind::Key(key) => crate::lang::address::InstanceKey::Key(key.clone()).to_string(),
    }
}
