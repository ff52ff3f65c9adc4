//! What a saved plan does, and in which order.

use std::collections::{BTreeMap, BTreeSet};

use super::detailed::{add_provider_close, close, declared, finish, name};
use crate::config::Config;
use crate::lang::address::ConfigResource;
use crate::plan::graph::{Graph, NodeKey};
use crate::plan::{Change, Plan, ReplaceOrder, ResourceChange};

/// Returns the graph of an apply of a plan: the configuration, and a node for each half of each change.
pub fn planned(config: &Config, graph: &Graph, plan: &Plan, mark_cycles: bool) -> String {
    let mut drawing = declared(config, graph);
    let mut after: BTreeMap<ConfigResource, Vec<String>> = BTreeMap::new();
    let mut before: BTreeMap<ConfigResource, Vec<String>> = BTreeMap::new();
    for change in &plan.changes {
        let config = change.address.config();
        let provider = change.provider.to_string();
        let expanded = name(&NodeKey::Resource(config.module.clone(), config.resource.clone()));
        let (makes, destroys) = halves(change);
        let own = change.address.to_string();
        let old = match &change.deposed {
            Some(deposed) => format!("{own} (destroy deposed {deposed})"),
            None => format!("{own} (destroy)"),
        };
        for node in [makes.then_some(&own), destroys.then_some(&old)].into_iter().flatten() {
            drawing.boxed(node, &config.to_string(), "box");
            drawing.boxed(&provider, &provider, "diamond");
            drawing.edge(node, &provider);
            add_provider_close(&mut drawing, &provider, node);
            if !config.module.is_root() {
                drawing.edge(&close(&config.module), node);
            }
        }
        if makes {
            drawing.edge(&own, &expanded);
            after.entry(config.clone()).or_default().push(own.clone());
        }
        if destroys {
            before.entry(config.clone()).or_default().push(old.clone());
        }
        match &change.change {
            Change::Replace { order: ReplaceOrder::DeleteFirst, .. } => drawing.edge(&own, &old),
            Change::Replace { order: ReplaceOrder::CreateFirst, .. } => drawing.edge(&old, &own),
            _ => {}
        }
    }
    // What refers to a resource waits for its instances; what is destroyed waits for what depended on it.
    for (at, key) in graph.nodes.iter().enumerate() {
        for first in &graph.depends_on[at] {
            let NodeKey::Resource(module, resource) = &graph.nodes[*first] else { continue };
            let first = ConfigResource { module: module.clone(), resource: resource.clone() };
            after.get(&first).into_iter().flatten().for_each(|node| drawing.edge(&name(key), node));
        }
        if let NodeKey::Resource(module, resource) = key {
            let own = ConfigResource { module: module.clone(), resource: resource.clone() };
            let behind: BTreeSet<usize> = graph.resources_behind(at);
            for first in behind.into_iter().filter_map(|first| resource_of(&graph.nodes[first])) {
                for (first, own) in pairs(before.get(&first), before.get(&own)) {
                    drawing.edge(first, own);
                }
            }
        }
    }
    finish(&mut drawing);
    drawing.write(mark_cycles)
}

fn resource_of(key: &NodeKey) -> Option<ConfigResource> {
    match key {
        NodeKey::Resource(module, resource) => {
            Some(ConfigResource { module: module.clone(), resource: resource.clone() })
        }
        _ => None,
    }
}

fn pairs<'a>(
    first: Option<&'a Vec<String>>,
    second: Option<&'a Vec<String>>,
) -> impl Iterator<Item = (&'a String, &'a String)> {
    let second = second.into_iter().flatten();
    first.into_iter().flatten().flat_map(move |one| second.clone().map(move |other| (one, other)))
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
