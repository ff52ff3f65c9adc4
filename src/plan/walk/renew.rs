//! Values of `for_each` that were not known when its keys were: evaluated anew once they can be.

use std::sync::Arc;

use crate::config::ResourceBlock;
use crate::lang::address::{Address, InstanceKey, ModulePath};
use crate::lang::{Members, Value};

use super::super::world::Expansion;
use super::Walk;

impl Walk<'_> {
    /// Evaluates the values of a resource's `for_each` anew, if that of this instance is not known yet. The keys stay as planned.
    pub(in crate::plan) fn renew_each_value(&mut self, address: &Address, block: &ResourceBlock) {
        let resource = address.resource_address();
        let Some(InstanceKey::Key(key)) = &address.key else { return };
        let Some(Expansion::ForEach(values)) = self.expansions.get(&resource) else { return };
        if values.get(key).is_none_or(Value::is_wholly_known) {
            return;
        }
        let values = values.clone();
        if let Some(Expansion::ForEach(now)) = self.expansion(&address.module, None, block.for_each.as_ref())
        {
            self.expansions.insert(resource, Expansion::ForEach(renewed(values, &now)));
        }
    }

    /// Evaluates the values of a module call's `for_each` anew. The keys stay as planned.
    pub(super) fn renew_call(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(call) = self.module_of(path).and_then(|module| module.calls.get(name)) else { return };
        for module in self.instances_of(path) {
            let known = self.world.module(&module).and_then(|values| values.calls.get(name));
            let Some(Expansion::ForEach(values)) = known.cloned() else { continue };
            let Some(Expansion::ForEach(now)) = self.expansion(&module, None, call.for_each.as_ref()) else {
                continue;
            };
            let expansion = Expansion::ForEach(renewed(values, &now));
            for repetition in expansion.repetitions() {
                let child = module.child(call.name.clone(), repetition.key.clone());
                self.repetitions.insert(child, repetition);
            }
            self.world.expand(&module, name.clone(), expansion);
        }
    }

    /// Tells whether the values of a module call's `for_each` are known.
    pub(super) fn is_call_known(&self, path: &ModulePath, name: &Arc<str>) -> bool {
        self.instances_of(path).iter().filter_map(|module| self.world.module(module)).all(|values| {
            match values.calls.get(name) {
                Some(Expansion::ForEach(values)) => values.values().all(Value::is_wholly_known),
                _ => true,
            }
        })
    }
}

fn renewed(mut values: Members, now: &Members) -> Members {
    for (key, value) in values.iter_mut() {
        if let Some(now) = now.get(key) {
            *value = now.clone();
        }
    }
    values
}
