//! What a saved plan does, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use super::detailed::{add_outputs, add_provider_close, close, declared, finish, name, remembered};
use super::drawing::Drawing;
use crate::config::Config;
use crate::lang::address::ConfigResource;
use crate::plan::graph::{Graph, NodeKey};
use crate::plan::{Change, Plan, PlanMode, ReplaceOrder, ResourceChange};
use crate::state::State;

/// Returns the graph of an apply of a plan: the configuration, and a node for each half of each change. A plan that
/// destroys everything has the destroys alone.
pub fn planned(config: &Config, graph: &Graph, plan: &Plan, state: &State, mark_cycles: bool) -> String {
    let mut drawing = match plan.mode {
        PlanMode::Destroy => {
            let mut drawing = Drawing::default();
            add_outputs(&mut drawing, graph);
            drawing
        }
        _ => declared(config, graph),
    };
    let dependencies = dependencies(graph, plan, state);
    let nodes = Nodes::of(plan);
    nodes.add(&mut drawing, plan.mode);
    if plan.mode != PlanMode::Destroy {
        // What refers to a resource waits for its instances.
        for (at, key) in graph.nodes.iter().enumerate() {
            for first in graph.depends_on[at].iter().filter_map(|first| resource_of(&graph.nodes[*first])) {
                nodes.made(&first).for_each(|node| drawing.edge(&name(key), node));
            }
        }
    }
    for (own, behind) in &dependencies {
        for first in behind {
            nodes.order(own, first, &mut drawing);
        }
    }
    finish(&mut drawing);
    drawing.write(mark_cycles)
}

/// One half of a change.
struct Half {
    name: String,
    label: String,
    provider: String,
    /// Whether it removes the old object after the new one stands.
    replaced_late: bool,
}

/// The halves of all changes by resource.
struct Nodes {
    made: BTreeMap<ConfigResource, Vec<Half>>,
    destroyed: BTreeMap<ConfigResource, Vec<Half>>,
}

impl Nodes {
    fn of(plan: &Plan) -> Self {
        let mut nodes = Self { made: BTreeMap::new(), destroyed: BTreeMap::new() };
        for change in &plan.changes {
            let config = change.address.config();
            let late = matches!(change.change, Change::Replace { order: ReplaceOrder::CreateFirst, .. });
            let half = |name: String| Half {
                name,
                label: config.to_string(),
                provider: change.provider.to_string(),
                replaced_late: late,
            };
            let own = change.address.to_string();
            let old = match &change.deposed {
                Some(deposed) => format!("{own} (destroy deposed {deposed})"),
                None => format!("{own} (destroy)"),
            };
            let (makes, destroys) = halves(change);
            if makes {
                nodes.made.entry(config.clone()).or_default().push(half(own));
            }
            if destroys {
                nodes.destroyed.entry(config.clone()).or_default().push(half(old));
            }
        }
        nodes
    }

    fn made(&self, resource: &ConfigResource) -> impl Iterator<Item = &String> {
        self.made.get(resource).into_iter().flatten().map(|half| &half.name)
    }

    fn destroyed(&self, resource: &ConfigResource) -> impl Iterator<Item = &Half> {
        self.destroyed.get(resource).into_iter().flatten()
    }

    fn add(&self, drawing: &mut Drawing, mode: PlanMode) {
        for (config, half) in self
            .made
            .iter()
            .chain(&self.destroyed)
            .flat_map(|(config, halves)| halves.iter().map(move |half| (config, half)))
        {
            drawing.boxed(&half.name, &half.label, "box");
            drawing.boxed(&half.provider, &half.provider, "diamond");
            drawing.edge(&half.name, &half.provider);
            add_provider_close(drawing, &half.provider, &half.name);
            if !config.module.is_root() && mode != PlanMode::Destroy {
                drawing.node(&close(&config.module));
                drawing.edge(&close(&config.module), &half.name);
            }
        }
        for (config, halves) in &self.made {
            let expanded = name(&NodeKey::Resource(config.module.clone(), config.resource.clone()));
            for half in halves {
                drawing.edge(&half.name, &expanded);
                let old = format!("{} (destroy)", half.name);
                for other in self.destroyed(config).filter(|other| other.name == old) {
                    match other.replaced_late {
                        true => drawing.edge(&other.name, &half.name),
                        false => drawing.edge(&half.name, &other.name),
                    }
                }
            }
        }
    }

    /// Puts the halves of a resource and of one that it depends on in order: what depended on an object goes before that
    /// is destroyed or changed, and has its new object before an old one is removed late.
    fn order(&self, own: &ConfigResource, first: &ConfigResource, drawing: &mut Drawing) {
        for old in self.destroyed(own) {
            self.destroyed(first).for_each(|other| drawing.edge(&other.name, &old.name));
            if !old.replaced_late {
                self.made(first).for_each(|other| drawing.edge(other, &old.name));
            }
        }
        for late in self.destroyed(first).filter(|other| other.replaced_late) {
            self.made(own).for_each(|new| drawing.edge(&late.name, new));
        }
    }
}

/// Returns on which resources each changed resource depends, as the configuration says and the state remembers.
fn dependencies(
    graph: &Graph,
    plan: &Plan,
    state: &State,
) -> BTreeMap<ConfigResource, BTreeSet<ConfigResource>> {
    let mut all: BTreeMap<ConfigResource, BTreeSet<ConfigResource>> = BTreeMap::new();
    for object in remembered(state) {
        all.entry(object.address.config()).or_default().extend(object.dependencies);
    }
    for change in &plan.changes {
        let config = change.address.config();
        let key = NodeKey::Resource(config.module.clone(), config.resource.clone());
        let behind = graph.position(&key).map(|at| graph.resources_behind(at)).unwrap_or_default();
        let behind = behind.into_iter().filter_map(|at| resource_of(&graph.nodes[at]));
        all.entry(config).or_default().extend(behind);
    }
    all
}

fn resource_of(key: &NodeKey) -> Option<ConfigResource> {
    match key {
        NodeKey::Resource(module, resource) => {
            Some(ConfigResource { module: module.clone(), resource: resource.clone() })
        }
        _ => None,
    }
}

/// Tells whether a change has a half that makes or changes an object, and one that removes an object.
fn halves(change: &ResourceChange) -> (bool, bool) {
    match &change.change {
        Change::NoOp { .. } => (false, false),
        Change::Create { .. } | Change::Read { .. } | Change::Update { .. } => (true, false),
        Change::Replace { .. } => (true, true),
        Change::Delete { .. } | Change::Forget { .. } => (false, true),
    }
}
