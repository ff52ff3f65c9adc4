//! `provider_config`, and the keys by which resources name its entries.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expression::of_provider;
use super::tree::Members;
use crate::config::{Config, Module, ProviderReference, VersionConstraint};
use crate::lang::address::ModulePath;
use crate::schema::{ProviderKind, types};

/// All provider configurations of a tree of modules. A module that has none of its own points to that of its caller.
pub struct ProviderConfigs {
    entries: BTreeMap<String, Entry>,
}

struct Entry {
    name: String,
    source: Arc<str>,
    alias: Option<Arc<str>>,
    constraint: Option<String>,
    module: ModulePath,
    expressions: Members,
    /// The entry that stands for this one, when it is a caller's.
    inherited: Option<String>,
}

impl ProviderConfigs {
    /// Returns those of a configuration.
    pub fn of(config: &Config) -> Self {
        let mut all = Self { entries: BTreeMap::new() };
        all.add(&config.root, None);
        all
    }

    /// Returns one member per configuration that is not inherited.
    pub fn members(&self) -> Members {
        let own = self.entries.iter().filter(|(_, entry)| entry.inherited.is_none());
        own.map(|(key, entry)| (key.clone(), entry.members().into())).collect()
    }

    /// Returns the key of the configuration that a name means in a module.
    pub fn key(&self, module: &Module, reference: &ProviderReference) -> String {
        let key = key(&reference.to_string(), &module.path);
        let inherited = self.entries.get(&key).and_then(|entry| entry.inherited.clone());
        inherited.unwrap_or(key)
    }

    fn add(&mut self, module: &Module, parent: Option<&Module>) {
        for (reference, provider) in &module.providers {
            let source = module.provider_source(&reference.name);
            let kind = ProviderKind::of_source(&source);
            let expressions =
                kind.map(|kind| of_provider(&provider.arguments, types::provider(kind))).unwrap_or_default();
            let entry = Entry { expressions, ..Entry::new(module, &reference.name, source) };
            let entry = Entry { alias: reference.alias.clone(), ..entry };
            self.entries.entry(key(&reference.to_string(), &module.path)).or_insert(entry);
        }
        for (name, required) in &module.required_providers {
            for alias in &required.aliases {
                let key = key(&format!("{name}.{alias}"), &module.path);
                let entry = Entry::new(module, name, required.source.clone());
                self.entries.entry(key).or_insert(entry);
            }
            self.add_used(module, parent, name, required.source.clone());
        }
        let used: BTreeSet<Arc<str>> =
            module.resources.values().map(|block| block.provider.name.clone()).collect();
        for name in used {
            let source = module.provider_source(&name);
            self.add_used(module, parent, &name, source);
        }
        for (name, call) in &module.calls {
            let Some(child) = module.children.get(name) else { continue };
            for passed in &call.providers {
                let source = child.provider_source(&passed.in_child.name);
                let inherited = self.origin(&key(&passed.in_parent.to_string(), &module.path), &source);
                let child_name = passed.in_child.to_string();
                let entry = Entry { constraint: None, inherited, ..Entry::new(child, &child_name, source) };
                self.entries.insert(key(&child_name, &child.path), entry);
            }
            self.add(child, Some(module));
        }
    }

    /// Adds a provider that is used without a block of its own, unless there is an entry already.
    fn add_used(&mut self, module: &Module, parent: Option<&Module>, name: &str, source: Arc<str>) {
        let key_here = key(name, &module.path);
        if self.entries.contains_key(&key_here) {
            return;
        }
        let inherited = parent.and_then(|parent| self.origin(&key(name, &parent.path), &source));
        self.entries.insert(key_here, Entry { inherited, ..Entry::new(module, name, source) });
    }

    /// Returns the key of the configuration that a key of the same provider stands for in the end.
    fn origin(&self, start: &str, source: &str) -> Option<String> {
        let entry = self.entries.get(start).filter(|entry| &*entry.source == source)?;
        Some(entry.inherited.clone().unwrap_or_else(|| start.to_owned()))
    }
}

impl Entry {
    fn new(module: &Module, name: &str, source: Arc<str>) -> Self {
        let required = module.required_providers.values().find(|required| required.source == source);
        let constraint =
            required.and_then(|required| required.constraint.as_ref()).map(VersionConstraint::normalized);
        Self {
            name: name.to_owned(),
            source,
            alias: None,
            constraint,
            module: module.path.clone(),
            expressions: Members::new(),
            inherited: None,
        }
    }

    fn members(&self) -> Members {
        Members::new()
            .with("name", self.name.as_str())
            .with("full_name", &*self.source)
            .maybe("alias", self.alias.as_deref())
            .maybe("version_constraint", self.constraint.as_deref())
            .maybe("module_address", (!self.module.is_root()).then(|| self.module.to_string()))
            .maybe("expressions", self.expressions.clone().non_empty())
    }
}

fn key(name: &str, module: &ModulePath) -> String {
    if module.is_root() { name.to_owned() } else { format!("{module}:{name}") }
}
