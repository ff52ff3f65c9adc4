//! Objects that exist already and are taken over by a declared instance.

use std::sync::Arc;

use crate::config::ResourceBlock;
use crate::diagnostic::Diagnostic;
use crate::lang::address::{Address, ConfigResource, ModuleInstance, ProviderAddress};
use crate::lang::{Type, Value, convert, evaluate};

use super::super::expand;
use super::super::import;
use super::super::observed::{ObjectName, ObjectRead, Observed};
use super::super::options::PlanMode;
use super::super::prior::{Prior, find_type};
use super::super::world::{Expansion, Repetition};
use super::Walk;
use super::refresh::unread;

impl Walk<'_> {
    /// Asks for the objects that `import` blocks and the command `import` name, or takes the answers.
    pub(super) fn collect_imports(&mut self) {
        for (address, id) in &self.input.options.imports {
            self.imports.insert(address.clone(), id.clone());
        }
        if self.input.options.mode != PlanMode::Normal {
            return;
        }
        for import in &self.input.config.root.imports {
            let target = import.target();
            let declared = self
                .module_of(&target.module)
                .is_some_and(|module| module.resources.contains_key(&target.resource));
            if declared {
                self.import_blocks.entry(target).or_default().push(import);
            }
        }
    }

    /// Reports imports into instances that are not declared.
    pub(super) fn refuse_idle_imports(&mut self) {
        for address in self.imports.keys() {
            if !self.declared.contains(address) && !self.is_undecided(address) && self.is_in_scope(address) {
                let detail = format!(
                    "The configuration for the given import {address} does not exist. All target instances must have an associated configuration to be imported."
                );
                self.found.push(Diagnostic::error("Configuration for import target does not exist", detail));
            }
        }
    }

    /// Returns the imported object of an address, when there is one to import.
    pub(super) fn imported(
        &mut self,
        address: &Address,
        provider: &ProviderAddress,
    ) -> Option<(Arc<str>, Prior)> {
        let id = self.imports.get(address)?.clone();
        let name = ObjectName { address: address.clone(), deposed: None };
        if self.prior.contains_key(&name) {
            return None;
        }
        if self.is_builtin(address) {
            let value = find_type(&address.resource)?.block.null_object();
            let members = value.members().cloned().unwrap_or_default().into_iter();
            let value = Value::object(members.chain([(Arc::from("id"), Value::string(&id))]));
            return Some((id, imported_prior(provider, value)));
        }
        match self.input.observations.objects.get(&name).cloned() {
            None => {
                self.reads.objects.push(ObjectRead {
                    name,
                    provider: provider.clone(),
                    type_name: address.resource.type_name.clone(),
                    id: id.clone(),
                    value: Value::object([("id", Value::string(&id))]),
                    origin: Default::default(),
                });
                None
            }
            Some(Observed::Present { value, .. }) => {
                let prior = imported_prior(provider, value);
                Some((id, prior))
            }
            Some(Observed::Absent | Observed::Unclear(_)) => {
                let detail = format!(
                    "While attempting to import an existing object to \"{address}\", the provider detected that no object exists with the given id. Only pre-existing objects can be imported; check that the id is correct and that it is associated with the provider's configured region or endpoint, or use \"snapform apply\" to create a new remote object for this resource."
                );
                let error = Diagnostic::error("Cannot import non-existent remote object", detail);
                self.found.push(error.about(address));
                None
            }
            Some(Observed::Unread(why)) => {
                self.report(unread(&id, &why), Some(address));
                None
            }
        }
    }

    /// Collects the imports that `import` blocks ask for; tells whether all of them could be evaluated.
    pub(super) fn evaluate_imports(&mut self, module: &ModuleInstance, block: &ResourceBlock) -> bool {
        if self.input.options.mode != PlanMode::Normal {
            return true;
        }
        let before = self.found.len();
        let root = ModuleInstance::root();
        let own = ConfigResource { module: module.path(), resource: block.address.clone() };
        for import in self.import_blocks.get(&own).cloned().unwrap_or_default() {
            let expansion = match &import.for_each {
                Some(for_each) => {
                    let partial = self.partial();
                    let result = self.with_scope(&root, &Repetition::default(), None, |scope| {
                        expand::for_each_of_import(for_each, scope, partial)
                    });
                    self.found.take(result)
                }
                None => Some(Expansion::Single),
            };
            for repetition in expansion.map(|expansion| expansion.repetitions()).unwrap_or_default() {
                let (to, id) = self.with_scope(&root, &repetition, None, |scope| {
                    (import::address(&import.to, scope), evaluate(&import.id, scope))
                });
                let (to, id) = match (to, id) {
                    (Ok(to), Ok(id)) => (to, id),
                    (to, id) => {
                        for found in [to.err(), id.err()].into_iter().flatten() {
                            self.found.extend(found);
                        }
                        continue;
                    }
                };
                if to.module != *module {
                    continue;
                }
                let id = match convert::convert(&id, &Type::String) {
                    Ok(id) => id,
                    Err(why) => {
                        let detail = format!("Invalid expression value: {}.", why.message);
                        let error = Diagnostic::error("Incorrect value type", detail);
                        self.found.push(error.at(import.id.range));
                        continue;
                    }
                };
                match id.as_str() {
                    Some(text) if !text.is_empty() => {
                        self.imports.insert(to, text.into());
                    }
                    _ => {
                        let detail = match id.is_known() {
                            true if id.is_null() => "The import ID cannot be null.",
                            true => {
                                "The import ID value evaluates to an empty string, please provide a non-empty value."
                            }
                            false => {
                                "The import block \"id\" argument depends on resource attributes that cannot be determined until apply, so Snapform cannot plan to import this resource."
                            }
                        };
                        let error = Diagnostic::error("Invalid import id argument", detail);
                        self.found.push(error.at(import.id.range));
                    }
                }
            }
        }
        self.found.len() == before
    }
}

fn imported_prior(provider: &ProviderAddress, value: Value) -> Prior {
    Prior {
        provider: provider.clone(),
        value,
        tainted: false,
        create_before_destroy: false,
        failed: false,
        origin: Default::default(),
        dependencies: Default::default(),
    }
}
