//! Remembered objects that nothing declares any more, and deposed ones.

use crate::diagnostic::Diagnostic;
use crate::lang::address::{Address, InstanceKey, Mode};

use super::super::change::{ActionReason, Change, ResourceChange};
use super::super::graph::NodeKey;
use super::super::observed::ObjectName;
use super::super::options::PlanMode;
use super::super::prior::Prior;
use super::super::world::Expansion;
use super::Walk;

impl Walk<'_> {
    /// Plans the end of every object that is remembered and not declared.
    pub(super) fn leftovers(&mut self) {
        if self.input.options.mode == PlanMode::RefreshOnly {
            return;
        }
        let destroying = self.input.options.mode == PlanMode::Destroy;
        let is_left = |name: &&ObjectName| {
            destroying || name.deposed.is_some() || !self.declared.contains(&name.address)
        };
        let names: Vec<ObjectName> = self.prior.keys().filter(is_left).cloned().collect();
        for name in names {
            let Some(prior) = self.prior.get(&name).cloned() else { continue };
            if name.address.resource.mode == Mode::Data
                || !self.is_in_scope(&name.address)
                || self.is_undecided(&name.address)
            {
                continue;
            }
            if name.deposed.is_some() {
                let change = self.ending(&name, &prior, None);
                self.add_leftover(change);
                continue;
            }
            if destroying {
                self.refuse_prevented_destroy(&name.address);
                let change = self.ending(&name, &prior, None);
                self.add_leftover(change);
                continue;
            }
            if self.is_forgotten(&name.address) {
                let reason = Some(ActionReason::DeleteBecauseNoResourceConfig);
                let mut change = self.ending(&name, &prior, reason);
                change.change = Change::Forget { before: prior.value.clone() };
                self.add_leftover(change);
                continue;
            }
            let reason = self.why_not_declared(&name.address);
            self.refuse_prevented_destroy(&name.address);
            let change = self.ending(&name, &prior, reason);
            self.add_leftover(change);
        }
    }

    /// Tells whether a `removed` block says that an object stays where it is.
    fn is_forgotten(&self, address: &Address) -> bool {
        let path = address.module.path();
        self.input.config.modules().iter().any(|module| {
            module.removed.iter().filter(|removed| !removed.destroy).any(|removed| {
                let steps = removed.from.module.0.iter().map(|step| step.name.clone());
                let wanted: Vec<_> = module.path.0.iter().cloned().chain(steps).collect();
                match &removed.from.resource {
                    Some((resource, _)) => path.0[..] == wanted[..] && *resource == address.resource,
                    None => path.0.starts_with(&wanted),
                }
            })
        })
    }

    fn ending(&self, name: &ObjectName, prior: &Prior, reason: Option<ActionReason>) -> ResourceChange {
        ResourceChange {
            address: name.address.clone(),
            previous_address: self.moved.previous.get(&name.address).cloned(),
            deposed: name.deposed.clone(),
            provider: prior.provider.clone(),
            change: Change::Delete { before: prior.value.clone() },
            reason,
            replace_paths: Vec::new(),
            importing: None,
            generated_config: None,
            marker: None,
        }
    }

    fn add_leftover(&mut self, change: ResourceChange) {
        let key = NodeKey::Resource(change.address.module.path(), change.address.resource.clone());
        if let Some(at) = self.graph.position(&key) {
            self.node_changes[at].push(self.changes.len());
        }
        self.changes.push(change);
    }

    fn refuse_prevented_destroy(&mut self, address: &Address) {
        let block =
            self.module_of(&address.module.path()).and_then(|module| module.resources.get(&address.resource));
        if let Some(block) = block.filter(|block| block.lifecycle.prevent_destroy) {
            let detail = format!(
                "Resource {address} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option."
            );
            self.found.push(Diagnostic::error("Instance cannot be destroyed", detail).at(block.declaration));
        }
    }

    fn why_not_declared(&self, address: &Address) -> Option<ActionReason> {
        let path = address.module.path();
        let declared =
            self.module_of(&path).is_some_and(|module| module.resources.contains_key(&address.resource));
        if !declared {
            return Some(if self.moved.previous.contains_key(address) {
                ActionReason::DeleteBecauseNoMoveTarget
            } else {
                ActionReason::DeleteBecauseNoResourceConfig
            });
        }
        if self.world.module(&address.module).is_none() {
            return Some(ActionReason::DeleteBecauseNoModule);
        }
        let expansion = self.expansions.get(&address.resource_address())?;
        Some(match (&address.key, expansion) {
            (Some(InstanceKey::Index(_)), Expansion::Count(_)) => ActionReason::DeleteBecauseCountIndex,
            (Some(InstanceKey::Key(_)), Expansion::ForEach(_)) => ActionReason::DeleteBecauseEachKey,
            _ => ActionReason::DeleteBecauseWrongRepetition,
        })
    }
}
