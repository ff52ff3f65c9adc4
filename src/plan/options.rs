//! What a plan is asked for.

use std::sync::Arc;

use crate::lang::address::{Address, InstanceKey, ModuleInstance, ModulePath, Resource};

/// The summary of the warning that a plan is narrowed.
pub const TARGETING_SUMMARY: &str = "Resource targeting is in effect";

/// What kind of plan was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PlanMode {
    /// Make the world as declared.
    #[default]
    Normal,
    /// Destroy everything in the state.
    Destroy,
    /// Only bring the state up to date.
    RefreshOnly,
}

/// A module, resource or instance that `-target` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A module with everything below it; without a last key, all instances of the call.
    Module(ModuleInstance),
    /// A resource with all its instances, or one of them.
    Resource(ModuleInstance, Resource, Option<InstanceKey>),
}

/// The options of a plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// What kind of plan.
    pub mode: PlanMode,
    /// Whether remembered objects are compared with the clouds.
    pub refresh: bool,
    /// What the plan is narrowed to; everything when empty.
    pub targets: Vec<Target>,
    /// What is left out of the plan, with everything that depends on it.
    pub excludes: Vec<Target>,
    /// Instances to replace.
    pub replace: Vec<Address>,
    /// Objects to import: address and id.
    pub imports: Vec<(Address, Arc<str>)>,
    /// Whether resource blocks are to be made for imports that have none; nothing is planned then.
    pub generate: bool,
    /// Resources of the root module whose blocks were made for this plan.
    pub generated: Vec<Resource>,
    /// Whether it is accepted that all objects of a type are gone.
    pub accept_gone: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            mode: PlanMode::Normal,
            refresh: true,
            targets: Vec::new(),
            excludes: Vec::new(),
            replace: Vec::new(),
            imports: Vec::new(),
            generate: false,
            generated: Vec::new(),
            accept_gone: false,
        }
    }
}

impl Target {
    /// Tells whether an instance is meant.
    pub fn covers(&self, address: &Address) -> bool {
        match self {
            Target::Module(module) => inside(&address.module, module),
            Target::Resource(module, resource, key) => {
                address.module == *module
                    && address.resource == *resource
                    && (key.is_none() || address.key == *key)
            }
        }
    }

    /// Tells whether any instance of a resource block may be meant.
    pub fn covers_block(&self, path: &ModulePath, resource: &Resource) -> bool {
        match self {
            Target::Module(module) => {
                let wanted = module.path();
                path.0.len() >= wanted.0.len() && path.0.iter().zip(wanted.0.iter()).all(|(a, b)| a == b)
            }
            Target::Resource(module, wanted, _) => module.path() == *path && wanted == resource,
        }
    }

    /// Tells whether all instances of a resource block are meant, whatever their number.
    pub fn covers_all_of(&self, path: &ModulePath, resource: &Resource) -> bool {
        let keyless = |module: &ModuleInstance| module.0.iter().all(|step| step.key.is_none());
        match self {
            Target::Module(module) => keyless(module) && self.covers_block(path, resource),
            Target::Resource(module, _, key) => {
                keyless(module) && key.is_none() && self.covers_block(path, resource)
            }
        }
    }
}

/// Tells whether a module instance is another one or below it; the last step of the other may leave the key open.
fn inside(module: &ModuleInstance, other: &ModuleInstance) -> bool {
    let last = other.0.len().saturating_sub(1);
    module.0.len() >= other.0.len()
        && other.0.iter().zip(module.0.iter()).enumerate().all(|(at, (wanted, step))| {
            wanted.name == step.name && (wanted.key == step.key || (at == last && wanted.key.is_none()))
        })
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Target::Module(module) => write!(f, "{module}"),
            Target::Resource(module, resource, key) => {
                write!(f, "{}", resource.in_module(module).instance(key.clone()))
            }
        }
    }
}
