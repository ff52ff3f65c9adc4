//! Resources as the state remembers them, for expressions that are evaluated outside of any plan.

use std::collections::BTreeMap;

use crate::lang::address::{InstanceKey, ModulePath, Resource, ResourceAddress};
use crate::lang::{Type, Value};

use super::super::observed::ObjectName;
use super::Walk;

impl Walk<'_> {
    /// Gives a resource the value that its remembered instances have. One that was never created is unknown as a whole, as is
    /// an instance that is missing among others.
    pub(super) fn visit_remembered(&mut self, path: &ModulePath, resource: &Resource) {
        let Some(block) = self.module_of(path).and_then(|module| module.resources.get(resource)) else {
            return;
        };
        let unknown = || Value::unknown(Type::Dynamic);
        for module in self.instances_of(path) {
            let mut objects = self.remembered_instances(&resource.in_module(&module));
            let value = if objects.is_empty() {
                unknown()
            } else if block.count.is_some() {
                let indices = objects.keys().filter_map(|key| match key {
                    Some(InstanceKey::Index(index)) => Some(*index),
                    _ => None,
                });
                let count = indices.max().map_or(0, |last| last + 1);
                let mut item = |index| objects.remove(&Some(InstanceKey::Index(index)));
                Value::tuple((0..count).map(|index| item(index).unwrap_or_else(unknown)).collect())
            } else if block.for_each.is_some() {
                Value::object(objects.into_iter().filter_map(|(key, value)| match key {
                    Some(InstanceKey::Key(key)) => Some((key, value)),
                    _ => None,
                }))
            } else {
                objects.remove(&None).unwrap_or_else(unknown)
            };
            self.world.module_mut(&module).resources.insert(resource.clone(), value);
        }
    }

    /// Returns the current remembered objects of a resource, foreign ones among them.
    fn remembered_instances(&self, resource: &ResourceAddress) -> BTreeMap<Option<InstanceKey>, Value> {
        let first = ObjectName { address: resource.instance(None), deposed: None };
        let own = |name: &ObjectName| {
            name.address.resource == resource.resource && name.address.module == resource.module
        };
        let foreign = self.foreign.range(first..).take_while(|(name, _)| own(name));
        let foreign = foreign
            .filter(|(name, _)| name.deposed.is_none())
            .map(|(name, value)| (name.address.key.clone(), value.clone()));
        let ours = self.objects_of(resource).into_iter().filter(|name| name.deposed.is_none());
        let ours = ours.filter_map(|name| {
            let value = self.prior.get(&name)?.value.clone();
            Some((name.address.key, value))
        });
        ours.chain(foreign).collect()
    }
}
