//! `configuration`: the modules as they are declared, before anything is evaluated.

use std::sync::Arc;

use super::expression::{depends_on, expression, of_call, of_resource, some_expression, without_constant};
use super::instance::mode_word;
use super::providers::ProviderConfigs;
use super::tree::Members;
use super::value::known;
use crate::config::{Config, Module, ModuleCall, Output, ResourceBlock, Variable};
use crate::lang::address::{Mode, ModulePath};
use crate::plan::credentials::Credentials;
use crate::plan::graph::NodeKey;
use crate::plan::prior::find_type;

/// Returns the configuration.
pub fn configuration(config: &Config, credentials: &Credentials) -> Members {
    let providers = ProviderConfigs::of(config);
    Members::new()
        .maybe("provider_config", providers.members().non_empty())
        .with("root_module", module(&config.root, &providers, credentials))
}

fn module(module: &Module, providers: &ProviderConfigs, credentials: &Credentials) -> Members {
    let feeds = |key: fn(ModulePath, Arc<str>) -> NodeKey, name: &Arc<str>| {
        credentials.contains(&key(module.path.clone(), name.clone()))
    };
    let outputs: Members = module
        .outputs
        .iter()
        .map(|(name, each)| (name.to_string(), output(each, feeds(NodeKey::Output, name)).into()))
        .collect();
    let calls: Members = module
        .calls
        .iter()
        .filter_map(|(name, call)| {
            let child = module.children.get(name)?;
            Some((name.to_string(), module_call(call, child, providers, credentials).into()))
        })
        .collect();
    let variables: Members = module
        .variables
        .iter()
        .map(|(name, each)| (name.to_string(), variable(each, feeds(NodeKey::Variable, name)).into()))
        .collect();
    let resources = resources(module, providers);
    Members::new()
        .maybe("outputs", outputs.non_empty())
        .maybe("resources", (!resources.is_empty()).then_some(resources))
        .maybe("module_calls", calls.non_empty())
        .maybe("variables", variables.non_empty())
}

/// Managed resources first, each kind in the order of the texts of their addresses.
fn resources(module: &Module, providers: &ProviderConfigs) -> Vec<Members> {
    let mut blocks: Vec<(bool, String, &ResourceBlock)> = module
        .resources
        .values()
        .map(|block| (block.address.mode == Mode::Data, block.address.to_string(), &**block))
        .collect();
    blocks.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    blocks.into_iter().map(|(_, address, block)| resource(address, block, module, providers)).collect()
}

fn resource(address: String, block: &ResourceBlock, module: &Module, providers: &ProviderConfigs) -> Members {
    let resource_type = find_type(&block.address);
    let (theirs, ours) = resource_type.map(|known| of_resource(&block.arguments, known)).unwrap_or_default();
    let ours = ours.non_empty().map(|ours| Members::new().with("expressions", ours));
    let count = some_expression(block.count.as_ref());
    let for_each = if count.is_none() { some_expression(block.for_each.as_ref()) } else { None };
    Members::new()
        .with("address", address)
        .with("mode", mode_word(block.address.mode))
        .with("type", &*block.address.type_name)
        .with("name", &*block.address.name)
        .with("provider_config_key", providers.key(module, &block.provider))
        .maybe("expressions", theirs.non_empty())
        .with("schema_version", resource_type.map_or(0, |known| known.version))
        .maybe("count_expression", count)
        .maybe("for_each_expression", for_each)
        .maybe("depends_on", depends_on(&block.depends_on))
        .maybe("snapform", ours)
}

fn output(output: &Output, is_credential: bool) -> Members {
    let shown = if is_credential { without_constant } else { expression };
    Members::new()
        .maybe("sensitive", output.sensitive.then_some(true))
        .with("expression", shown(&output.expression))
        .maybe("depends_on", depends_on(&output.depends_on))
        .maybe("description", output.description.as_deref().filter(|text| !text.is_empty()))
}

fn variable(variable: &Variable, is_credential: bool) -> Members {
    Members::new()
        .maybe("default", variable.default.as_ref().filter(|_| !is_credential).and_then(known))
        .maybe("description", variable.description.as_deref().filter(|text| !text.is_empty()))
        .maybe("sensitive", variable.sensitive.then_some(true))
}

fn module_call(
    call: &ModuleCall,
    child: &Module,
    providers: &ProviderConfigs,
    credentials: &Credentials,
) -> Members {
    let count = some_expression(call.count.as_ref());
    let for_each = if count.is_none() { some_expression(call.for_each.as_ref()) } else { None };
    let inputs = child
        .variables
        .keys()
        .map(|name| (&**name, credentials.contains(&NodeKey::Variable(child.path.clone(), name.clone()))));
    Members::new()
        .maybe("source", call.source.as_deref())
        .maybe("expressions", of_call(&call.arguments, inputs).non_empty())
        .maybe("count_expression", count)
        .maybe("for_each_expression", for_each)
        .with("module", module(child, providers, credentials))
        .maybe("depends_on", depends_on(&call.depends_on))
}
