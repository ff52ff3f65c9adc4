//! A module and the tree of modules.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use crate::diagnostic::SourceRange;
use crate::lang::address::{ModulePath, ProviderAddress, Resource};
use crate::lang::hash::NameState;

use super::check::Check;
use super::module_call::ModuleCall;
use super::output::{Local, Output};
use super::provider::{Provider, ProviderReference, RequiredProvider, implied_source};
use super::refactoring::{Import, Moved, Removed};
use super::resource::ResourceBlock;
use super::settings::Backend;
use super::variable::Variable;
use super::version::Constraint;

/// A whole configuration: the tree of its modules.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The root module.
    pub root: Module,
}

/// A module: the blocks of the files of one folder.
#[derive(Clone, Debug, Default)]
pub struct Module {
    /// The calls that lead to it from the root module.
    pub path: ModulePath,
    /// Its folder, relative to the working folder: what `path.module` says.
    pub folder: String,
    /// The source as its caller writes it; empty for the root module.
    pub source: Arc<str>,
    /// The versions of Terraform it is made for.
    pub required_versions: Vec<(Constraint, SourceRange)>,
    /// Where the state is kept; only the root module's counts.
    pub backend: Option<Backend>,
    /// The entries of `required_providers` by name.
    pub required_providers: BTreeMap<Arc<str>, RequiredProvider>,
    /// The provider configurations it declares.
    pub providers: BTreeMap<ProviderReference, Provider>,
    /// The input variables by name.
    pub variables: BTreeMap<Arc<str>, Variable>,
    /// The local values by name.
    pub locals: BTreeMap<Arc<str>, Local>,
    /// The output values by name.
    pub outputs: BTreeMap<Arc<str>, Output>,
    /// The resources and data sources, those in `check` blocks among them, in order.
    pub resources: IndexMap<Resource, Box<ResourceBlock>, NameState>,
    /// The calls of other modules by name.
    pub calls: BTreeMap<Arc<str>, ModuleCall>,
    /// The `check` blocks by name.
    pub checks: BTreeMap<Arc<str>, Check>,
    /// The `moved` blocks, in the order of the source.
    pub moved: Vec<Moved>,
    /// The `removed` blocks, in the order of the source.
    pub removed: Vec<Removed>,
    /// The `import` blocks, in the order of the source.
    pub imports: Vec<Import>,
    /// The called modules by the name of the call.
    pub children: BTreeMap<Arc<str>, Module>,
}

impl Config {
    /// Returns a module by its path.
    pub fn module(&self, path: &ModulePath) -> Option<&Module> {
        path.0.iter().try_fold(&self.root, |module, name| module.children.get(name))
    }

    /// Returns all modules, callers before the called, in the order of their names.
    pub fn modules(&self) -> Vec<&Module> {
        let mut all = vec![&self.root];
        let mut at = 0;
        while let Some(module) = all.get(at).copied() {
            all.extend(module.children.values());
            at += 1;
        }
        all
    }

    /// Returns the provider configuration that a reference in a module means, wherever it is declared: in the module,
    /// or in one of its callers that passes it on or leaves it to be inherited.
    pub fn provider(&self, module: &Module, reference: &ProviderReference) -> ProviderAddress {
        let source = module.provider_source(&reference.name);
        let mut path = module.path.clone();
        let mut module = module;
        let mut reference = reference.clone();
        while let Some((name, parent_path)) =
            path.0.split_last().map(|(name, rest)| (name.clone(), ModulePath(rest.into())))
        {
            if module.providers.contains_key(&reference) && !module.is_placeholder(&reference) {
                break;
            }
            let Some(parent) = self.module(&parent_path) else { break };
            let call = parent.calls.get(&name);
            let passed =
                call.and_then(|call| call.providers.iter().find(|passed| passed.in_child == reference));
            reference = match passed {
                Some(passed) => passed.in_parent.clone(),
                // Only configurations without an alias are inherited; names may differ, the source counts.
                None if reference.alias.is_none() => {
                    ProviderReference { name: parent.provider_name(&source), alias: None }
                }
                None => break,
            };
            module = parent;
            path = parent_path;
        }
        ProviderAddress { module: path, source, alias: reference.alias }
    }

    /// Returns the provider configuration of a resource.
    pub fn provider_of(&self, module: &Module, resource: &ResourceBlock) -> ProviderAddress {
        self.provider(module, &resource.provider)
    }

    /// Returns a provider configuration by its address; nothing when it is used without a block.
    pub fn provider_block(&self, address: &ProviderAddress) -> Option<&Provider> {
        let module = self.module(&address.module)?;
        module.providers.values().find(|provider| {
            provider.reference.alias == address.alias
                && module.provider_source(&provider.reference.name) == address.source
        })
    }
}

impl Module {
    /// Returns the full source of the provider that a name stands for in this module.
    pub fn provider_source(&self, name: &str) -> Arc<str> {
        self.required_providers.get(name).map_or_else(|| implied_source(name), |entry| entry.source.clone())
    }

    /// Returns the name that a provider has in this module.
    pub fn provider_name(&self, source: &str) -> Arc<str> {
        let entry = self.required_providers.values().find(|entry| &*entry.source == source);
        entry.map_or_else(|| source.rsplit('/').next().unwrap_or(source).into(), |entry| entry.name.clone())
    }

    /// Tells whether a provider block only says, in the old way, that the caller passes a configuration.
    pub fn is_placeholder(&self, reference: &ProviderReference) -> bool {
        self.providers.get(reference).is_some_and(|provider| provider.arguments.is_empty())
    }

    /// Returns how messages name the module.
    pub fn title(&self) -> String {
        if self.path.is_root() { "the root module".to_owned() } else { self.path.to_string() }
    }
}
