//! Moves: objects that the configuration knows under another address than the state.

use std::collections::{BTreeMap, BTreeSet, HashMap};
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
    let mut places = Places::of(objects.keys());
    for index in in_chain_order(moves) {
        let rule = &moves[index];
        let renamed: Vec<(Address, Address)> = places
            .under(&rule.module, &rule.from)
            .into_iter()
            .filter_map(|old| target(rule, old).filter(|new| new != old).map(|new| (old.clone(), new)))
            .collect();
        for (old, new) in renamed {
            if rename(objects, &mut moved, old.clone(), new.clone()) {
                places.moved(&old, new);
            }
        }
    }
    moved
}

/// The addresses of objects by module and resource whatever the instances, so that a move looks only at those it may mean.
struct Places(BTreeMap<Vec<Arc<str>>, BTreeMap<Resource, BTreeSet<Address>>>);

impl Places {
    fn of<'a>(names: impl Iterator<Item = &'a ObjectName>) -> Self {
        let mut places = Self(BTreeMap::new());
        names.for_each(|name| places.add(name.address.clone()));
        places
    }

    fn names(address: &Address) -> Vec<Arc<str>> {
        address.module.0.iter().map(|step| step.name.clone()).collect()
    }

    fn add(&mut self, address: Address) {
        let module = self.0.entry(Self::names(&address)).or_default();
        module.entry(address.resource.clone()).or_default().insert(address);
    }

    fn moved(&mut self, old: &Address, new: Address) {
        let module = self.0.get_mut(&Self::names(old));
        if let Some(addresses) = module.and_then(|module| module.get_mut(&old.resource)) {
            addresses.remove(old);
        }
        self.add(new);
    }

    /// Returns the addresses that a side of a move in `module` may name.
    fn under(&self, module: &[Arc<str>], end: &MoveEnd) -> Vec<&Address> {
        let path = path(module, end);
        match end {
            MoveEnd::Resource(_, resource, _) => {
                let module = self.0.get(&path);
                module.and_then(|module| module.get(resource)).into_iter().flatten().collect()
            }
            MoveEnd::Module(_) => {
                let modules = self.0.range(path.clone()..).take_while(|(at, _)| at.starts_with(&path));
                modules.flat_map(|(_, resources)| resources.values()).flatten().collect()
            }
        }
    }
}

/// Returns the names of the calls that lead to a side of a move in `module`.
fn path(module: &[Arc<str>], end: &MoveEnd) -> Vec<Arc<str>> {
    let (MoveEnd::Module(steps) | MoveEnd::Resource(steps, ..)) = end;
    module.iter().cloned().chain(steps.iter().map(|step| step.name.clone())).collect()
}

/// Tells whether the new address was free.
fn rename<T>(objects: &mut BTreeMap<ObjectName, T>, moved: &mut Moved, old: Address, new: Address) -> bool {
    let current = |address: &Address| ObjectName { address: address.clone(), deposed: None };
    if objects.contains_key(&current(&new)) {
        moved.blocked.push((old, new));
        return false;
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
    true
}

/// Returns the positions of the moves so that a move comes after those that lead to its old address: as if the source were gone
/// through again and again, each time taking what waits for nothing. In a circle, which validation reports, nothing ever
/// comes first; the source order serves as well as any other.
fn in_chain_order(moves: &[Move]) -> Vec<usize> {
    let mut waiting = vec![0_usize; moves.len()];
    let mut followers: Vec<Vec<usize>> = vec![Vec::new(); moves.len()];
    let arrivals = Arrivals::of(moves);
    for (at, rule) in moves.iter().enumerate() {
        for earlier in arrivals.leading_into(rule).filter(|earlier| *earlier != at) {
            waiting[at] += 1;
            followers[earlier].push(at);
        }
    }
    let mut round = vec![0_usize; moves.len()];
    let mut ready: Vec<usize> = (0..moves.len()).filter(|at| waiting[*at] == 0).collect();
    let mut order = Vec::with_capacity(moves.len());
    while let Some(at) = ready.pop() {
        order.push(at);
        for follower in &followers[at] {
            round[*follower] = round[*follower].max(round[at] + usize::from(at > *follower));
            waiting[*follower] -= 1;
            if waiting[*follower] == 0 {
                ready.push(*follower);
            }
        }
    }
    order.sort_unstable_by_key(|at| (round[*at], *at));
    order.extend((0..moves.len()).filter(|at| waiting[*at] > 0));
    order
}

/// A module call below the module that has the block, whatever the instance.
type CallPlace<'a> = (&'a [Arc<str>], Vec<&'a str>);

/// A resource in a module below the module that has the block.
type ResourcePlace<'a> = (&'a [Arc<str>], &'a [ModuleStep], &'a Resource);

/// The new addresses of moves, by what they name.
struct Arrivals<'a> {
    modules: HashMap<CallPlace<'a>, Vec<usize>>,
    resources: HashMap<ResourcePlace<'a>, Vec<usize>>,
}

impl<'a> Arrivals<'a> {
    fn of(moves: &'a [Move]) -> Self {
        let mut arrivals = Self { modules: HashMap::new(), resources: HashMap::new() };
        for (at, rule) in moves.iter().enumerate() {
            match &rule.to {
                MoveEnd::Module(steps) => {
                    arrivals.modules.entry((&*rule.module, names(steps))).or_default().push(at);
                }
                MoveEnd::Resource(steps, resource, _) => {
                    arrivals.resources.entry((&*rule.module, &**steps, resource)).or_default().push(at);
                }
            }
        }
        arrivals
    }

    /// Returns the moves that may bring objects to the old address of a move, which holds in the same module.
    fn leading_into(&self, rule: &'a Move) -> impl Iterator<Item = usize> {
        let (MoveEnd::Module(steps) | MoveEnd::Resource(steps, ..)) = &rule.from;
        let above = (0..=steps.len())
            .flat_map(|length| self.modules.get(&(&*rule.module, names(&steps[..length]))))
            .flatten();
        let same = match &rule.from {
            MoveEnd::Resource(steps, resource, _) => self.resources.get(&(&*rule.module, &**steps, resource)),
            MoveEnd::Module(_) => None,
        };
        above.chain(same.into_iter().flatten()).copied()
    }
}

fn names(steps: &[ModuleStep]) -> Vec<&str> {
    steps.iter().map(|step| &*step.name).collect()
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
    fn moves_that_lead_to_an_old_address_come_first_and_circles_keep_their_order() {
        let chain = |steps: &[(&str, &str)]| {
            let moves: Vec<Move> =
                steps.iter().map(|(from, to)| rule(end(from, None), end(to, None))).collect();
            in_chain_order(&moves)
        };
        assert_eq!(chain(&[("c", "d"), ("x", "y"), ("b", "c"), ("a", "b")]), [1, 3, 2, 0]);
        assert_eq!(chain(&[("a", "b"), ("c", "d"), ("b", "c")]), [0, 2, 1]);
        assert_eq!(chain(&[("b", "a"), ("x", "y"), ("a", "b"), ("y", "z")]), [1, 3, 0, 2]);
        assert_eq!(chain(&[("a", "a"), ("b", "c")]), [0, 1]);
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
}
