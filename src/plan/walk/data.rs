//! Data sources: read while planning when that is possible, otherwise during apply.

use crate::config::ResourceBlock;
use crate::diagnostic::Diagnostic;
use crate::lang::address::{Address, Mode, ModulePath};
use crate::lang::reference::references;
use crate::lang::{Root, Value};
use crate::schema::ResourceType;

use super::super::change::{ActionReason, Change, ResourceChange};
use super::super::graph::NodeKey;
use super::super::observed::DataRead;
use super::super::options::PlanMode;
use super::super::proposed;
use super::Walk;

impl Walk<'_> {
    pub(super) fn visit_data(
        &mut self,
        at: usize,
        block: &ResourceBlock,
        resource_type: &ResourceType,
        address: &Address,
        config: &Value,
    ) -> Value {
        let provider = self.provider_of(address, block);
        let reason = if !config.is_wholly_known() {
            Some(ActionReason::ReadBecauseConfigUnknown)
        } else if self.waits_for_changes(block, &address.module.path()) {
            Some(ActionReason::ReadBecauseDependencyPending)
        } else {
            None
        };
        if let Some(reason) = reason {
            let after = proposed::proposed(resource_type, None, config);
            if self.input.options.mode == PlanMode::Normal {
                self.node_changes[at].push(self.changes.len());
                self.changes.push(ResourceChange {
                    address: address.clone(),
                    previous_address: None,
                    deposed: None,
                    provider: provider.clone(),
                    change: Change::Read { before: None, after: after.clone() },
                    reason: Some(reason),
                    replace_paths: Vec::new(),
                    importing: None,
                    generated_config: None,
                    marker: None,
                });
            }
            self.unknown[at] = true;
            return after;
        }
        let config = config.unmarked_deep();
        match self.input.observations.data.get(address) {
            Some((asked, answer)) if *asked == config => match answer {
                Ok(value) => {
                    self.read_values.push((address.clone(), provider.clone(), value.clone()));
                    value.clone()
                }
                Err(why) => {
                    let error = Diagnostic::error("Failed to read data source", why.clone());
                    self.found.push(error.at(block.declaration).about(address));
                    Value::unknown(resource_type.object_type())
                }
            },
            _ => {
                self.reads.data.push(DataRead {
                    address: address.clone(),
                    provider: provider.clone(),
                    type_name: address.resource.type_name.clone(),
                    config,
                });
                self.unknown[at] = true;
                Value::unknown(resource_type.object_type())
            }
        }
    }

    /// Tells whether something that `depends_on` names, of the block or of a module around it, changes in apply.
    fn waits_for_changes(&self, block: &ResourceBlock, path: &ModulePath) -> bool {
        if self.any_change_behind(path, &block.depends_on) {
            return true;
        }
        let mut path = path.clone();
        while let Some((name, rest)) = path.0.split_last() {
            let parent = ModulePath(rest.into());
            let call = self.module_of(&parent).and_then(|module| module.calls.get(name));
            if call.is_some_and(|call| self.any_change_behind(&parent, &call.depends_on)) {
                return true;
            }
            path = parent;
        }
        false
    }

    fn any_change_behind(&self, path: &ModulePath, expressions: &[crate::lang::syntax::Expression]) -> bool {
        expressions.iter().any(|expression| {
            references(expression).0.into_iter().any(|reference| match &reference.root {
                Root::Resource(resource) => {
                    let key = NodeKey::Resource(path.clone(), resource.clone());
                    self.graph.position(&key).is_some_and(|at| {
                        self.has_changes(at)
                            || self
                                .graph
                                .resources_behind(at)
                                .into_iter()
                                .any(|behind| self.has_changes(behind))
                    })
                }
                Root::Module(name) => {
                    let child = path.child(name.clone());
                    self.changes.iter().any(|change| {
                        let within = change.address.module.path();
                        within.0.starts_with(&child.0)
                            && change.address.resource.mode == Mode::Managed
                            && change.is_change()
                    })
                }
                _ => false,
            })
        })
    }

    fn has_changes(&self, at: usize) -> bool {
        self.node_changes[at].iter().any(|change| {
            let change = &self.changes[*change];
            change.address.resource.mode == Mode::Managed && change.is_change()
        })
    }
}
