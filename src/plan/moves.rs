//! Moves: objects that the configuration knows under another address than the state.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::address::{Address, InstanceKey, ModuleInstance, ModuleStep, Resource};

use super::observed::ObjectName;

/// What a side of a `moved` block names, relative to the module that has the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MoveEnd {
    /// A module call, or one instance of it; the steps below the module of the block.
    Module(Vec<ModuleStep>),
    /// A resource, or one instance of it, in a module below the module of the block.
    Resource(Vec<ModuleStep>, Resource, Option<InstanceKey>),
}

/// One move. It holds for every instance of the module that has the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The names of the calls that lead to the module that has the block.
    pub module: Vec<Arc<str>>,
    /// The old address.
    pub from: MoveEnd,
    /// The new address.
    pub to: MoveEnd,
}

/// What moving did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// The old address of each instance that has a new one now.
    pub previous: BTreeMap<Address, Address>,
    /// Moves that could not be made, because the new address is taken: old and new address.
    pub blocked: Vec<(Address, Address)>,
}

/// Gives remembered objects their new addresses. Chains are followed: a move whose old address is another's new one comes
/// after that.
pub fn apply<T>(objects: &mut BTreeMap<ObjectName, T>, moves: &[Move]) -> Moved {
    let mut moved = Moved::default();
    for index in in_chain_order(moves) {
        let rule = &moves[index];
        let mut renamed: Vec<(Address, Address)> = Vec::new();
        for name in objects.keys() {
            if renamed.last().is_some_and(|(old, _)| *old == name.address) {
                continue;
            }
            if let Some(new) = target(rule, &name.address)
                && new != name.address
            {
                renamed.push((name.address.clone(), new));
            }
        }
        for (old, new) in renamed {
            rename(objects, &mut moved, old, new);
        }
    }
    moved
}

/// Moves between an instance without key and the one with index 0, where `count` came or went. `wanted` tells whether the
/// configuration has an address.
pub fn apply_implied<T>(
    objects: &mut BTreeMap<ObjectName, T>,
    moved: &mut Moved,
    wanted: impl Fn(&Address) -> bool,
) {
    let candidates: Vec<(Address, Address)> = objects
        .keys()
        .filter_map(|name| {
            let other = match name.address.key {
                None => Some(InstanceKey::Index(0)),
                Some(InstanceKey::Index(0)) => None,
                _ => return None,
            };
            let new = Address { key: other, ..name.address.clone() };
            (!wanted(&name.address) && wanted(&new)).then(|| (name.address.clone(), new))
        })
        .collect();
    for (old, new) in candidates {
        if !objects.keys().any(|name| name.address == new) {
            rename(objects, moved, old, new);
        }
    }
}

fn rename<T>(objects: &mut BTreeMap<ObjectName, T>, moved: &mut Moved, old: Address, new: Address) {
    let current = |address: &Address| ObjectName { address: address.clone(), deposed: None };
    if objects.contains_key(&current(&new)) {
        moved.blocked.push((old, new));
        return;
    }
    let names: Vec<ObjectName> = objects
        .range(current(&old)..)
        .take_while(|(name, _)| name.address == old)
        .map(|(name, _)| name.clone())
        .collect();
    for name in names {
        if let Some(object) = objects.remove(&name) {
            objects.insert(ObjectName { address: new.clone(), deposed: name.deposed }, object);
        }
    }
    let origin = moved.previous.remove(&old).unwrap_or(old);
    moved.previous.insert(new, origin);
}

/// Returns the positions of the moves so that a move comes after those that lead to its old address.
fn in_chain_order(moves: &[Move]) -> Vec<usize> {
    let mut order = Vec::with_capacity(moves.len());
    let mut done = vec![false; moves.len()];
    while order.len() < moves.len() {
        let before = order.len();
        for (at, rule) in moves.iter().enumerate() {
            let waits = moves.iter().enumerate().any(|(other, earlier)| {
                other != at
                    && !done[other]
                    && earlier.module == rule.module
                    && leads_into(&earlier.to, &rule.from)
            });
            if !done[at] && !waits {
                done[at] = true;
                order.push(at);
            }
        }
        if order.len() == before {
            // A circle, which validation reports; the source order serves as well as any other.
            order.extend((0..moves.len()).filter(|at| !done[*at]));
        }
    }
    order
}

fn leads_into(to: &MoveEnd, from: &MoveEnd) -> bool {
    match (to, from) {
        (MoveEnd::Module(to), MoveEnd::Module(from) | MoveEnd::Resource(from, ..)) => {
            from.len() >= to.len() && to.iter().zip(from).all(|(a, b)| a.name == b.name)
        }
        (MoveEnd::Resource(to, a, _), MoveEnd::Resource(from, b, _)) => to == from && a == b,
        (MoveEnd::Resource(..), MoveEnd::Module(_)) => false,
    }
}

fn target(rule: &Move, address: &Address) -> Option<Address> {
    let depth = rule.module.len();
    let steps = &address.module.0;
    if steps.len() < depth || !steps.iter().zip(&rule.module).all(|(step, name)| step.name == *name) {
        return None;
    }
    let (above, below) = steps.split_at(depth);
    let with = |tail: Vec<ModuleStep>| ModuleInstance(above.iter().cloned().chain(tail).collect());
    match (&rule.from, &rule.to) {
        (MoveEnd::Module(from), MoveEnd::Module(to)) => {
            let (last_from, last_to) = (from.last()?, to.last()?);
            if below.len() < from.len() {
                return None;
            }
            let (matched, rest) = below.split_at(from.len());
            let all_keys = last_from.key.is_none() && last_to.key.is_none();
            if !matches(matched, from, all_keys) {
                return None;
            }
            let mut tail = to.clone();
            if let (true, Some(last), Some(old)) = (all_keys, tail.last_mut(), matched.last()) {
                last.key = old.key.clone();
            }
            tail.extend(rest.iter().cloned());
            Some(Address { module: with(tail), ..address.clone() })
        }
        (MoveEnd::Resource(from, old, old_key), MoveEnd::Resource(to, new, new_key)) => {
            let all_keys = old_key.is_none() && new_key.is_none();
            if below != from.as_slice() || address.resource != *old || (!all_keys && address.key != *old_key)
            {
                return None;
            }
            let key = if all_keys { address.key.clone() } else { new_key.clone() };
            Some(Address { module: with(to.clone()), resource: new.clone(), key })
        }
        _ => None,
    }
}

fn matches(steps: &[ModuleStep], pattern: &[ModuleStep], any_last_key: bool) -> bool {
    let last = pattern.len().saturating_sub(1);
    steps.iter().zip(pattern).enumerate().all(|(at, (step, wanted))| {
        step.name == wanted.name && (step.key == wanted.key || (any_last_key && at == last))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(name: &str, key: Option<InstanceKey>) -> Address {
        Resource::managed("t", name).in_module(&ModuleInstance::root()).instance(key)
    }

    fn end(name: &str, key: Option<InstanceKey>) -> MoveEnd {
        MoveEnd::Resource(Vec::new(), Resource::managed("t", name), key)
    }

    fn rule(from: MoveEnd, to: MoveEnd) -> Move {
        Move { module: Vec::new(), from, to }
    }

    fn objects(addresses: &[Address]) -> BTreeMap<ObjectName, ()> {
        addresses.iter().map(|address| (ObjectName { address: address.clone(), deposed: None }, ())).collect()
    }

    fn names(objects: &BTreeMap<ObjectName, ()>) -> Vec<String> {
        objects.keys().map(|name| name.address.to_string()).collect()
    }

    #[test]
    fn a_chain_is_followed_whatever_the_order_of_the_blocks() {
        let mut all = objects(&[address("a", None)]);
        let moves = [rule(end("b", None), end("c", None)), rule(end("a", None), end("b", None))];
        let moved = apply(&mut all, &moves);
        assert_eq!(names(&all), ["t.c"]);
        assert_eq!(moved.previous[&address("c", None)], address("a", None));
    }

    #[test]
    fn a_move_without_keys_takes_all_instances_along() {
        let mut all =
            objects(&[address("a", Some(InstanceKey::Index(0))), address("a", Some(InstanceKey::Index(1)))]);
        apply(&mut all, &[rule(end("a", None), end("b", None))]);
        assert_eq!(names(&all), ["t.b[0]", "t.b[1]"]);
    }

    #[test]
    fn a_move_to_an_address_that_is_taken_is_reported_and_not_made() {
        let mut all = objects(&[address("a", None), address("b", None)]);
        let moved = apply(&mut all, &[rule(end("a", None), end("b", None))]);
        assert_eq!(names(&all), ["t.a", "t.b"]);
        assert_eq!(moved.blocked, [(address("a", None), address("b", None))]);
    }

    #[test]
    fn a_module_move_carries_everything_below() {
        let inside = |call: &str, key| {
            let module = ModuleInstance::root().child(call, key).child("inner", None);
            Resource::managed("t", "x").in_module(&module).instance(None)
        };
        let step = |name: &str, key| ModuleStep { name: name.into(), key };
        let mut all = objects(&[inside("old", None)]);
        let key = Some(InstanceKey::Key("k".into()));
        let moves =
            [rule(MoveEnd::Module(vec![step("old", None)]), MoveEnd::Module(vec![step("new", key.clone())]))];
        apply(&mut all, &moves);
        assert_eq!(names(&all), ["module.new[\"k\"].module.inner.t.x"]);
    }

    #[test]
    fn an_instance_without_key_becomes_the_first_when_count_appears() {
        let mut all = objects(&[address("a", None)]);
        let mut moved = Moved::default();
        let wanted = address("a", Some(InstanceKey::Index(0)));
        apply_implied(&mut all, &mut moved, |address| *address == wanted);
        assert_eq!(names(&all), ["t.a[0]"]);
    }
}
