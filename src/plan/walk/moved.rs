//! Moves that nobody stated, and what a plan says of moves as such.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::lang::address::{Address, InstanceKey, Mode};

use super::super::change::{Change, ResourceChange};
use super::super::moves::{Move, MoveEnd};
use super::super::observed::ObjectName;
use super::super::options::PlanMode;
use super::Walk;

impl Walk<'_> {
    /// Returns the moves that follow from `count` having come or gone: the instance without key and the one with index 0 are the
    /// same. What `moved` blocks speak of is left to them. The number of instances is not asked, so an object may also move to an
    /// index that is out of range.
    pub(super) fn implied_moves(&self, stated: &[Move]) -> Vec<Move> {
        let moves = self.prior.keys().filter(|name| name.deposed.is_none()).filter_map(|name| {
            let address = &name.address;
            let block = self.block_of(address)?;
            let new = match (&block.count, &block.for_each, &address.key) {
                (Some(_), _, None) => Some(InstanceKey::Index(0)),
                (None, None, Some(InstanceKey::Index(0))) => None,
                _ => return None,
            };
            let taken =
                ObjectName { address: Address { key: new.clone(), ..address.clone() }, deposed: None };
            if self.prior.contains_key(&taken) || stated.iter().any(|stated| speaks_of(stated, address)) {
                return None;
            }
            let end = |key| MoveEnd::Resource(address.module.0.to_vec(), address.resource.clone(), key);
            Some(Move { module: Vec::new(), from: end(address.key.clone()), to: end(new) })
        });
        moves.collect()
    }

    /// Returns an error when targets leave out an object that has a new address: planned without it, its old address would seem
    /// to end and its new one to begin.
    pub(in crate::plan) fn moves_beyond_targets(&self) -> Option<Diagnostic> {
        let targets = &self.input.options.targets;
        let covered = |address: &Address| targets.iter().any(|target| target.covers(address));
        if targets.is_empty() {
            return None;
        }
        let moves = self.moved.previous.iter();
        let left_out: BTreeSet<&Address> = moves
            .filter(|(new, old)| !(covered(new) && covered(old)))
            .flat_map(|(new, old)| [new, old])
            .collect();
        let mut options: Vec<String> = left_out
            .into_iter()
            .map(|address| format!("\n  -target={:?}", address.resource_address().instance(None).to_string()))
            .collect();
        options.dedup();
        if options.is_empty() {
            return None;
        }
        let detail = format!(
            "Resource instances in your current state have moved to new addresses in the latest configuration. Terraform must include those resource instances while planning in order to ensure a correct result, but your -target=... options do not fully cover all of those resource instances.\n\nTo create a valid plan, either remove your -target=... options altogether or add the following additional target options:{}\n\nNote that adding these options may include further additional resource instances in your plan, in order to respect object dependencies.",
            options.concat()
        );
        Some(Diagnostic::error("Moved resource instances excluded by targeting", detail))
    }

    /// A refresh-only plan has no changes that could tell of moves, so they are found like drift.
    pub(super) fn note_moves(&mut self) {
        if self.input.options.mode != PlanMode::RefreshOnly {
            return;
        }
        for (address, previous) in &self.moved.previous {
            let known =
                self.drift.iter_mut().find(|change| change.address == *address && change.deposed.is_none());
            if let Some(change) = known {
                change.previous_address = Some(previous.clone());
                continue;
            }
            let name = ObjectName { address: address.clone(), deposed: None };
            let Some(prior) = self.prior.get(&name).filter(|_| address.resource.mode == Mode::Managed) else {
                continue;
            };
            self.drift.push(ResourceChange {
                address: address.clone(),
                previous_address: Some(previous.clone()),
                deposed: None,
                provider: prior.provider.clone(),
                change: Change::NoOp { object: prior.value.clone() },
                reason: None,
                replace_paths: Vec::new(),
                importing: None,
                generated_config: None,
                marker: None,
            });
        }
    }
}

/// Tells whether a side of a stated move names the resource of an address, or a module around it.
fn speaks_of(stated: &Move, address: &Address) -> bool {
    let names: Vec<&Arc<str>> = address.module.0.iter().map(|step| &step.name).collect();
    [&stated.from, &stated.to].into_iter().any(|end| {
        let (MoveEnd::Module(steps) | MoveEnd::Resource(steps, ..)) = end;
        let path: Vec<&Arc<str>> = stated.module.iter().chain(steps.iter().map(|step| &step.name)).collect();
        match end {
            MoveEnd::Module(_) => names.starts_with(&path),
            MoveEnd::Resource(_, resource, _) => names == path && *resource == address.resource,
        }
    })
}
