//! The order of apply: changes and the configuration's dependencies in, steps out.
//!
//! Creates and updates follow the references of the configuration, destroys run against the dependencies that
//! the state remembers. What waits for a whole resource waits for one gate step, so the number of edges grows
//! with the number of objects and not with its square.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeFiltered;

use crate::lang::address::ConfigResource;
use crate::lang::hash::HashMap;

use super::change::{Change, ReplaceOrder, ResourceChange};
use super::step::{Step, StepAction};

/// One object of the configuration that the order has to respect.
#[derive(Clone, Copy)]
pub struct OrderNode<'a> {
    /// What it is, as an address.
    pub name: &'a dyn fmt::Display,
    /// Positions of the nodes it depends on, all smaller than its own.
    pub depends_on: &'a [usize],
    /// Positions of the changes that belong to it.
    pub changes: &'a [usize],
    /// Whether its value is unknown until apply.
    pub evaluate: bool,
}

/// Returns the steps of apply.
///
/// `nodes` is the configuration in topological order. `dependencies` says for each resource block, declared or only
/// remembered, on which others its existing objects depend. `late` names ends that have to wait for a node: changes and nodes.
///
/// # Errors
/// The changes of `late` whose ends the node itself waits for.
pub fn steps(
    changes: &[ResourceChange],
    nodes: &[OrderNode<'_>],
    dependencies: &BTreeMap<ConfigResource, BTreeSet<ConfigResource>>,
    late: &[(usize, usize)],
) -> Result<Vec<Step>, Vec<usize>> {
    let mut draft = Draft::default();
    let gates = draft.add_forward(changes, nodes);
    draft.add_remaining(changes);
    draft.add_destroys(changes, dependencies);
    draft.add_late(late, &gates)?;
    Ok(draft.numbered())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Strength {
    /// Must hold.
    Hard,
    /// Holds unless it would close a circle.
    Soft,
}

#[derive(Default)]
struct Draft {
    graph: DiGraph<StepAction, Strength>,
    /// The edges by their ends: a gate has as many as a resource has instances, too many to look through for each.
    edges: HashMap<(NodeIndex, NodeIndex), EdgeIndex>,
    /// The step that makes, changes or records the object of a change.
    forward: HashMap<usize, NodeIndex>,
    /// The step that destroys the object of a change.
    destroy: HashMap<usize, NodeIndex>,
}

impl Draft {
    fn wait(&mut self, step: NodeIndex, first: NodeIndex, strength: Strength) {
        if step == first {
            return;
        }
        match self.edges.entry((first, step)) {
            Entry::Occupied(known) => self.graph[*known.get()] = strength,
            Entry::Vacant(new) => {
                new.insert(self.graph.add_edge(first, step, strength));
            }
        }
    }

    fn gate(&mut self, name: fmt::Arguments<'_>, waits_for: &[NodeIndex]) -> Option<NodeIndex> {
        match waits_for {
            [] => None,
            [only] => Some(*only),
            many => {
                let gate = self.graph.add_node(StepAction::Evaluate { node: name.to_string().into() });
                many.iter().for_each(|first| self.wait(gate, *first, Strength::Hard));
                Some(gate)
            }
        }
    }

    /// Adds what goes with the references: creates, updates, reads, records, evaluations.
    /// Returns the step that is the end of each node, if it has one.
    fn add_forward(&mut self, changes: &[ResourceChange], nodes: &[OrderNode<'_>]) -> Vec<Option<NodeIndex>> {
        let mut gates: Vec<Option<NodeIndex>> = Vec::with_capacity(nodes.len());
        for node in nodes {
            let mut before: Vec<NodeIndex> =
                node.depends_on.iter().filter_map(|at| gates.get(*at).copied().flatten()).collect();
            before.sort_unstable();
            before.dedup();
            // With many gates before many steps one more gate keeps the number of edges small.
            if before.len() > 1 && node.changes.len() > 1 {
                before = self.gate(format_args!("{} (ready)", node.name), &before).into_iter().collect();
            }
            let mut own = Vec::new();
            for change in node.changes {
                let Some(action) = forward_action(*change, &changes[*change]) else { continue };
                let step = self.graph.add_node(action);
                before.iter().for_each(|first| self.wait(step, *first, Strength::Hard));
                self.forward.insert(*change, step);
                own.push(step);
            }
            let gate = if node.evaluate {
                let step = self.graph.add_node(StepAction::Evaluate { node: node.name.to_string().into() });
                own.iter().chain(&before).for_each(|first| self.wait(step, *first, Strength::Hard));
                Some(step)
            } else if own.is_empty() {
                self.gate(format_args!("{}", node.name), &before)
            } else {
                self.gate(format_args!("{}", node.name), &own)
            };
            gates.push(gate);
        }
        gates
    }

    /// Makes ends wait for nodes.
    fn add_late(&mut self, late: &[(usize, usize)], gates: &[Option<NodeIndex>]) -> Result<(), Vec<usize>> {
        let mut impossible = Vec::new();
        for (change, node) in late {
            let (Some(end), Some(gate)) =
                (self.destroy.get(change).copied(), gates.get(*node).copied().flatten())
            else {
                continue;
            };
            let hard = EdgeFiltered::from_fn(&self.graph, |edge| *edge.weight() == Strength::Hard);
            if petgraph::algo::has_path_connecting(&hard, end, gate, None) {
                impossible.push(*change);
            } else {
                self.wait(end, gate, Strength::Hard);
            }
        }
        if impossible.is_empty() { Ok(()) } else { Err(impossible) }
    }

    /// Adds records of changes that belong to no node: forgotten objects without a block.
    fn add_remaining(&mut self, changes: &[ResourceChange]) {
        for (at, change) in changes.iter().enumerate() {
            if self.forward.contains_key(&at) {
                continue;
            }
            if let Some(action) = forward_action(at, change) {
                let step = self.graph.add_node(action);
                self.forward.insert(at, step);
            }
        }
    }

    fn add_destroys(
        &mut self,
        changes: &[ResourceChange],
        dependencies: &BTreeMap<ConfigResource, BTreeSet<ConfigResource>>,
    ) {
        if !changes.iter().any(|change| destroys_something(&change.change)) {
            return;
        }
        let mut destroys: BTreeMap<ConfigResource, Vec<usize>> = BTreeMap::new();
        let mut forwards: BTreeMap<ConfigResource, Vec<NodeIndex>> = BTreeMap::new();
        for (at, change) in changes.iter().enumerate() {
            let resource = change.address.config();
            if destroys_something(&change.change) {
                let step = self.graph.add_node(StepAction::Delete { change: at });
                self.destroy.insert(at, step);
                destroys.entry(resource.clone()).or_default().push(at);
                match (&change.change, self.forward.get(&at).copied()) {
                    (Change::Replace { order: ReplaceOrder::DeleteFirst, .. }, Some(create)) => {
                        self.wait(create, step, Strength::Hard);
                    }
                    (Change::Replace { order: ReplaceOrder::CreateFirst, .. }, Some(create)) => {
                        self.wait(step, create, Strength::Hard);
                    }
                    _ => {}
                }
            }
            if let Some(step) = self.forward.get(&at) {
                forwards.entry(resource).or_default().push(*step);
            }
        }
        let mut dependents: BTreeMap<&ConfigResource, Vec<&ConfigResource>> = BTreeMap::new();
        for (resource, needs) in dependencies {
            for need in needs {
                dependents.entry(need).or_default().push(resource);
            }
        }
        let mut destroy_gates: HashMap<&ConfigResource, Option<NodeIndex>> = HashMap::default();
        let mut forward_gates: HashMap<&ConfigResource, Option<NodeIndex>> = HashMap::default();
        for (resource, own) in &destroys {
            for dependent in dependents.get(resource).into_iter().flatten().copied() {
                if dependent == resource {
                    continue;
                }
                let destroy_gate = *destroy_gates.entry(dependent).or_insert_with(|| {
                    let steps: Vec<NodeIndex> =
                        destroys.get(dependent).into_iter().flatten().map(|at| self.destroy[at]).collect();
                    self.gate(format_args!("{dependent} (destroyed)"), &steps)
                });
                let forward_gate = *forward_gates.entry(dependent).or_insert_with(|| {
                    let steps = forwards.get(dependent).cloned().unwrap_or_default();
                    self.gate(format_args!("{dependent} (changed)"), &steps)
                });
                for at in own {
                    let step = self.destroy[at];
                    if let Some(gate) = destroy_gate {
                        self.wait(step, gate, Strength::Hard);
                    }
                    // What used the object is brought off it first, unless the object makes way for its successor.
                    let makes_way = matches!(
                        changes[*at].change,
                        Change::Replace { order: ReplaceOrder::DeleteFirst, .. }
                    );
                    if let (Some(gate), false) = (forward_gate, makes_way) {
                        self.wait(step, gate, Strength::Soft);
                    }
                }
            }
        }
    }

    fn numbered(mut self) -> Vec<Step> {
        let order = match petgraph::algo::toposort(&self.graph, None) {
            Ok(order) => order,
            Err(_) => {
                self.graph.retain_edges(|graph, edge| graph[edge] == Strength::Hard);
                petgraph::algo::toposort(&self.graph, None).unwrap_or_else(|_| {
                    // References are free of circles and destroys follow what was once such a configuration.
                    self.graph.node_indices().collect()
                })
            }
        };
        let mut number = vec![0usize; self.graph.node_count()];
        for (at, node) in order.iter().enumerate() {
            number[node.index()] = at;
        }
        order
            .iter()
            .map(|node| {
                let mut after: Vec<usize> = self
                    .graph
                    .neighbors_directed(*node, petgraph::Direction::Incoming)
                    .map(|first| number[first.index()])
                    .collect();
                after.sort_unstable();
                Step { action: self.graph[*node].clone(), after }
            })
            .collect()
    }
}

fn forward_action(at: usize, change: &ResourceChange) -> Option<StepAction> {
    match &change.change {
        Change::Create { .. } | Change::Replace { .. } => Some(StepAction::Create { change: at }),
        Change::Update { .. } => Some(StepAction::Update { change: at }),
        Change::Read { .. } => Some(StepAction::Read { change: at }),
        Change::Forget { .. } => Some(StepAction::Record { change: at }),
        Change::NoOp { .. } if change.is_change() => Some(StepAction::Record { change: at }),
        Change::NoOp { .. } | Change::Delete { .. } => None,
    }
}

/// Tells whether a change ends an object.
pub(super) fn destroys_something(change: &Change) -> bool {
    matches!(change, Change::Delete { .. } | Change::Replace { .. })
}

/// Prints steps as text, for tests and for people who ask why something waits.
pub fn describe(changes: &[ResourceChange], steps: &[Step]) -> String {
    let name = |step: &Step| match &step.action {
        StepAction::Create { change } => format!("create {}", changes[*change].address),
        StepAction::Update { change } => format!("update {}", changes[*change].address),
        StepAction::Delete { change } => format!("destroy {}", changes[*change].address),
        StepAction::Read { change } => format!("read {}", changes[*change].address),
        StepAction::Record { change } => format!("record {}", changes[*change].address),
        StepAction::Evaluate { node } => format!("evaluate {node}"),
    };
    let mut lines: Vec<String> = steps
        .iter()
        .map(|step| {
            let mut after: Vec<String> = step.after.iter().map(|at| name(&steps[*at])).collect();
            after.sort();
            if after.is_empty() { name(step) } else { format!("{} <- {}", name(step), after.join(", ")) }
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Value;
    use crate::lang::address::{ModuleInstance, ModulePath, ProviderAddress, Resource};

    fn change(name: &str, change: Change) -> ResourceChange {
        ResourceChange {
            address: Resource::managed("t", name).in_module(&ModuleInstance::root()).instance(None),
            previous_address: None,
            deposed: None,
            provider: ProviderAddress { module: ModulePath::root(), source: "p".into(), alias: None },
            change,
            reason: None,
            replace_paths: Vec::new(),
            importing: None,
            generated_config: None,
            marker: None,
        }
    }

    fn object() -> Value {
        Value::object([("id", Value::from("x"))])
    }

    fn replace(order: ReplaceOrder) -> Change {
        Change::Replace { before: object(), after: object(), order }
    }

    fn resource(name: &str) -> ConfigResource {
        ConfigResource { module: ModulePath::root(), resource: Resource::managed("t", name) }
    }

    fn text(changes: &[ResourceChange], edges: &[(&str, &str)]) -> String {
        let names: Vec<String> =
            changes.iter().map(|change| change.address.resource.name.to_string()).collect();
        let depends_on = |at: usize| -> Vec<usize> {
            let own = edges.iter().filter(|(from, _)| *from == names[at]);
            own.filter_map(|(_, to)| names.iter().position(|name| name == to)).collect()
        };
        let ends: Vec<(Vec<usize>, Vec<usize>)> =
            (0..changes.len()).map(|at| (depends_on(at), vec![at])).collect();
        let nodes: Vec<OrderNode<'_>> = changes
            .iter()
            .zip(&ends)
            .map(|(change, (depends_on, changes))| OrderNode {
                name: &change.address,
                depends_on,
                changes,
                evaluate: false,
            })
            .collect();
        let mut dependencies: BTreeMap<ConfigResource, BTreeSet<ConfigResource>> = BTreeMap::new();
        for (from, to) in edges {
            dependencies.entry(resource(from)).or_default().insert(resource(to));
        }
        describe(changes, &steps(changes, &nodes, &dependencies, &[]).unwrap())
    }

    #[test]
    fn creates_follow_references() {
        let changes = [
            change("a", Change::Create { after: object() }),
            change("b", Change::Create { after: object() }),
        ];
        assert_eq!(text(&changes, &[("b", "a")]), "create t.a\ncreate t.b <- create t.a");
    }

    #[test]
    fn destroys_run_against_the_dependencies() {
        let changes = [
            change("a", Change::Delete { before: object() }),
            change("b", Change::Delete { before: object() }),
        ];
        assert_eq!(text(&changes, &[("b", "a")]), "destroy t.a <- destroy t.b\ndestroy t.b");
    }

    #[test]
    fn a_replaced_object_makes_way_after_its_dependants_are_destroyed() {
        let changes = [
            change("a", replace(ReplaceOrder::DeleteFirst)),
            change("b", replace(ReplaceOrder::DeleteFirst)),
        ];
        assert_eq!(
            text(&changes, &[("b", "a")]),
            "create t.a <- destroy t.a\n\
             create t.b <- create t.a, destroy t.b\n\
             destroy t.a <- destroy t.b\n\
             destroy t.b"
        );
    }

    #[test]
    fn create_before_destroy_brings_dependants_over_first() {
        let changes = [
            change("a", replace(ReplaceOrder::CreateFirst)),
            change("b", Change::Update { before: object(), after: object() }),
        ];
        assert_eq!(
            text(&changes, &[("b", "a")]),
            "create t.a\ndestroy t.a <- create t.a, update t.b\nupdate t.b <- create t.a"
        );
    }

    #[test]
    fn a_removed_object_goes_after_what_used_it_was_changed() {
        let changes = [
            change("a", Change::Delete { before: object() }),
            change("b", Change::Update { before: object(), after: object() }),
        ];
        assert_eq!(text(&changes, &[("b", "a")]), "destroy t.a <- update t.b\nupdate t.b");
    }
}
