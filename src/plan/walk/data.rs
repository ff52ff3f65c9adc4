//! Data sources: read while planning when that is possible, otherwise during apply.

use crate::config::ResourceBlock;
use crate::diagnostic::Diagnostic;
use crate::lang::address::{Address, Mode, ModulePath, ProviderAddress};
use crate::lang::hidden::masked;
use crate::lang::reference::references;
use crate::lang::{Root, Value};
use crate::schema::ResourceType;

use super::super::change::{ActionReason, Change, DataObject, ResourceChange};
use super::super::graph::NodeKey;
use super::super::observed::{DataRead, ObjectName};
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
        waits: bool,
    ) -> Value {
        let provider = self.provider_of(address, block);
        let reason = if !config.is_wholly_known() {
            Some(ActionReason::ReadBecauseConfigUnknown)
        } else if waits {
            Some(ActionReason::ReadBecauseDependencyPending)
        } else {
            None
        };
        if let Some(reason) = reason {
            let after = proposed::proposed(resource_type, None, config);
            self.read_later(at, address, &provider, &after, reason);
            self.unknown[at] = true;
            return after;
        }
        let plain = config.unmarked_deep();
        match self.input.observations.data.get(address) {
            Some((asked, answer)) if *asked == plain => match answer {
                Ok(value) => {
                    let value = value.marked_like(config);
                    if block.check.is_some() {
                        // Read again during apply, so that the check speaks of the world after it.
                        self.read_later(at, address, &provider, &value, ActionReason::ReadBecauseCheckNested);
                    }
                    self.data.insert(address.clone(), (provider.clone(), Some(value.clone())));
                    value
                }
                Err(why) => {
                    if block.check.is_some() {
                        let after = proposed::proposed(resource_type, None, config);
                        self.read_later(at, address, &provider, &after, ActionReason::ReadBecauseCheckNested);
                    }
                    let summary = match why.starts_with("No stored state was found") {
                        true => "Unable to find remote state",
                        false => "Failed to read data source",
                    };
                    let error = Diagnostic::error(summary, masked(why.clone(), [config]));
                    self.found.push(error.at(block.declaration).about(address));
                    Value::unknown(resource_type.object_type())
                }
            },
            _ => {
                self.reads.data.push(DataRead {
                    address: address.clone(),
                    provider: provider.clone(),
                    type_name: address.resource.type_name.clone(),
                    config: plain,
                });
                self.unknown[at] = true;
                Value::unknown(resource_type.object_type())
            }
        }
    }

    /// Plans a read for apply.
    fn read_later(
        &mut self,
        at: usize,
        address: &Address,
        provider: &ProviderAddress,
        after: &Value,
        reason: ActionReason,
    ) {
        if self.input.options.mode != PlanMode::Normal {
            return;
        }
        let name = ObjectName { address: address.clone(), deposed: None };
        self.node_changes[at].push(self.changes.len());
        self.changes.push(ResourceChange {
            address: address.clone(),
            previous_address: None,
            deposed: None,
            provider: provider.clone(),
            change: Change::Read {
                before: self.prior.get(&name).map(|prior| prior.value.clone()),
                after: after.clone(),
            },
            reason: Some(reason),
            replace_paths: Vec::new(),
            importing: None,
            generated_config: None,
            marker: None,
        });
    }

    /// Returns what the state is to remember of data sources: what was read, and not what is no longer declared.
    pub(in crate::plan) fn data_objects(&mut self) -> Vec<DataObject> {
        let destroying = self.input.options.mode == PlanMode::Destroy;
        for (name, prior) in &*self.prior {
            let address = &name.address;
            if address.resource.mode != Mode::Data {
                continue;
            }
            let gone = destroying || (!self.declared.contains(address) && !self.is_undecided(address));
            if gone && self.is_in_scope(address) {
                self.data.insert(address.clone(), (prior.provider.clone(), None));
            }
        }
        std::mem::take(&mut self.data)
            .into_iter()
            .map(|(address, (provider, value))| DataObject { address, provider, value })
            .collect()
    }

    /// Tells whether a data source has to wait for apply because something that it depends on changes.
    ///
    /// That is: what `depends_on` names, of the block or of a module around it; managed resources that its arguments refer to
    /// directly; and, when it has conditions, everything behind it.
    pub(super) fn waits_for_changes(&self, at: usize, block: &ResourceBlock, path: &ModulePath) -> bool {
        if self.any_change_behind(path, &block.depends_on) {
            return true;
        }
        let lifecycle = &block.lifecycle;
        if !(lifecycle.preconditions.is_empty() && lifecycle.postconditions.is_empty()) {
            return self.graph.resources_behind(at).into_iter().any(|behind| self.has_changes(behind));
        }
        if self.graph.depends_on[at].iter().any(|first| {
            matches!(&self.graph.nodes[*first], NodeKey::Resource(module, _) if module == path)
                && self.has_changes(*first)
        }) {
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
                    self.graph.position(&key).is_some_and(|at| self.has_changes(at))
                }
                Root::Module(name) => {
                    let child = path.child(name.clone());
                    (0..self.graph.nodes.len()).any(|at| match &self.graph.nodes[at] {
                        NodeKey::Resource(module, _) => {
                            module.0.starts_with(&child.0)
                                && (self.has_changes(at)
                                    || self
                                        .graph
                                        .resources_behind(at)
                                        .into_iter()
                                        .any(|behind| self.has_changes(behind)))
                        }
                        _ => false,
                    })
                }
                _ => false,
            })
        })
    }

    fn has_changes(&self, at: usize) -> bool {
        self.node_changes[at].iter().any(|change| {
            let change = &self.changes[*change];
            change.address.resource.mode == Mode::Managed && !matches!(change.change, Change::NoOp { .. })
        })
    }
}
