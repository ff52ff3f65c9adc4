//! The resources of a configuration and what they wait for, in clusters by module.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::address::{ModulePath, Resource};
use crate::plan::graph::{Graph, NodeKey};

/// The resources of a module, with their positions in the graph.
struct Cluster<'a> {
    module: &'a ModulePath,
    members: Vec<(&'a Resource, usize)>,
}

/// Returns the graph of the resources. An edge that follows from others is left out.
pub fn resources(graph: &Graph) -> String {
    // Called modules stand behind their caller, before its neighbours.
    let mut modules: BTreeMap<&[Arc<str>], Cluster<'_>> = BTreeMap::new();
    for (at, key) in graph.nodes.iter().enumerate() {
        if let NodeKey::Resource(module, resource) = key {
            let cluster = Cluster { module, members: Vec::new() };
            modules.entry(&module.0).or_insert(cluster).members.push((resource, at));
        }
    }
    let mut text =
        "digraph G {\n  rankdir = \"RL\";\n  node [shape = rect, fontname = \"sans-serif\"];\n".to_owned();
    if modules.is_empty() {
        text.push_str(
            "  /* This configuration does not contain any resources.         */\n  /* For a more detailed graph, try: snapform graph -type=plan  */\n",
        );
    }
    let mut drawn = Vec::new();
    for Cluster { module, members } in modules.values_mut() {
        members.sort_by_key(|(resource, _)| resource.to_string());
        let indent = if module.is_root() { "  " } else { "    " };
        if !module.is_root() {
            text.push_str(&format!("  subgraph \"cluster_{module}\" {{\n    label = \"{module}\"\n    fontname = \"sans-serif\"\n"));
        }
        for (resource, at) in members.iter() {
            let name = &graph.nodes[*at];
            text.push_str(&format!("{indent}\"{name}\" [label=\"{resource}\"];\n"));
            drawn.push(*at);
        }
        if !module.is_root() {
            text.push_str("  }\n");
        }
    }
    let rank: BTreeMap<usize, usize> = drawn.iter().enumerate().map(|(rank, at)| (*at, rank)).collect();
    let mut reach = Reach { graph, stamps: vec![0; graph.nodes.len()], round: 0 };
    for at in drawn {
        let mut targets = reach.direct(at);
        targets.sort_by_key(|target| rank.get(target));
        for target in targets {
            text.push_str(&format!("  \"{}\" -> \"{}\";\n", graph.nodes[at], graph.nodes[target]));
        }
    }
    text.push_str("}\n");
    text
}

/// Looks for what can be reached, without keeping it for every node: that would take the square of their number.
struct Reach<'a> {
    graph: &'a Graph,
    /// The round in which a node was last reached.
    stamps: Vec<u32>,
    round: u32,
}

impl Reach<'_> {
    fn is_resource(&self, at: usize) -> bool {
        matches!(self.graph.nodes[at], NodeKey::Resource(..))
    }

    /// Returns the resources that a resource waits for and that no other one of them waits for.
    fn direct(&mut self, at: usize) -> Vec<usize> {
        self.round += 1;
        let mut stack = self.graph.depends_on[at].clone();
        let mut nearest = Vec::new();
        while let Some(next) = stack.pop() {
            if self.reach(next) {
                if self.is_resource(next) {
                    nearest.push(next);
                } else {
                    stack.extend(&self.graph.depends_on[next]);
                }
            }
        }
        // Nodes stand behind what they wait for, so the last one follows from no other.
        nearest.sort_unstable_by(|a, b| b.cmp(a));
        self.round += 1;
        let mut direct = Vec::new();
        for each in nearest {
            if self.stamps[each] == self.round {
                continue;
            }
            direct.push(each);
            let mut stack = vec![each];
            while let Some(next) = stack.pop() {
                if self.reach(next) {
                    stack.extend(&self.graph.depends_on[next]);
                }
            }
        }
        direct
    }

    /// Notes that a node is reached; tells whether it was not before in this round.
    fn reach(&mut self, at: usize) -> bool {
        let is_new = self.stamps[at] != self.round;
        self.stamps[at] = self.round;
        is_new
    }
}
