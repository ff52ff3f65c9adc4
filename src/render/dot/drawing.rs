//! Nodes and edges by name, and how they are written.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};

/// A graph to draw. Nodes that are not boxed stand in edges alone.
#[derive(Default)]
pub(super) struct Drawing {
    /// Label, shape and number of the lines of nodes that have some of their own, by name.
    boxes: BTreeMap<String, (String, &'static str, usize)>,
    names: BTreeSet<String>,
    edges: BTreeSet<(String, String)>,
}

impl Drawing {
    /// Adds a node without a line of its own.
    pub(super) fn node(&mut self, name: &str) {
        self.names.insert(name.to_owned());
    }

    /// Adds a node with a line of its own.
    pub(super) fn boxed(&mut self, name: &str, label: &str, shape: &'static str) {
        self.node(name);
        self.boxes.entry(name.to_owned()).or_insert_with(|| (label.to_owned(), shape, 1));
    }

    /// Adds one more line for a node: Terraform names all instances of a resource that go alike.
    pub(super) fn boxed_again(&mut self, name: &str, label: &str, shape: &'static str) {
        match self.boxes.get_mut(name) {
            Some((.., lines)) => *lines += 1,
            None => self.boxed(name, label, shape),
        }
    }

    /// Adds an edge between two nodes.
    pub(super) fn edge(&mut self, from: &str, to: &str) {
        if from != to {
            self.edges.insert((from.to_owned(), to.to_owned()));
        }
    }

    /// Returns the nodes that no edge leads to.
    pub(super) fn tops(&self) -> Vec<String> {
        let below: BTreeSet<&String> = self.edges.iter().map(|(_, to)| to).collect();
        self.names.iter().filter(|name| !below.contains(name)).cloned().collect()
    }

    /// Writes the graph without the edges that follow from others. In a graph with circles all edges stand, and with
    /// `mark_cycles` those of a circle are red.
    pub(super) fn write(&self, mark_cycles: bool) -> String {
        let names: Vec<&String> = self.names.iter().collect();
        let position: BTreeMap<&String, usize> =
            names.iter().enumerate().map(|(at, name)| (*name, at)).collect();
        let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(names.len(), self.edges.len());
        let nodes: Vec<NodeIndex> = names.iter().map(|_| graph.add_node(())).collect();
        for (from, to) in &self.edges {
            if let (Some(from), Some(to)) = (position.get(from), position.get(to)) {
                graph.add_edge(nodes[*from], nodes[*to], ());
            }
        }
        let order = toposort(&graph, None).ok();
        let mut component = vec![0; names.len()];
        for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
            members.iter().for_each(|node| component[node.index()] = number);
        }
        let kept = order.map(|order| reduced(&graph, &order));
        let mut lines = Vec::new();
        for edge in graph.edge_indices() {
            let Some((from, to)) = graph.edge_endpoints(edge) else { continue };
            if kept.as_ref().is_some_and(|kept| !kept.contains(&(from, to))) {
                continue;
            }
            let in_circle = mark_cycles && component[from.index()] == component[to.index()];
            let colour = if in_circle { " [color = \"red\", penwidth = \"2.0\"]" } else { "" };
            lines.push(format!("{} -> {}{colour}", quoted(names[from.index()]), quoted(names[to.index()])));
        }
        lines.sort();
        let mut text =
            "digraph {\n\tcompound = \"true\"\n\tnewrank = \"true\"\n\tsubgraph \"root\" {\n".to_owned();
        for (name, (label, shape, lines)) in &self.boxes {
            let label = label.replace('"', "\\\"");
            let line = format!("\t\t{} [label = \"{label}\", shape = \"{shape}\"]\n", quoted(name));
            text.push_str(&line.repeat(*lines));
        }
        lines.iter().for_each(|line| text.push_str(&format!("\t\t{line}\n")));
        text.push_str("\t}\n}\n");
        text
    }
}

fn quoted(name: &str) -> String {
    format!("\"[root] {}\"", name.replace('"', "\\\""))
}

/// Returns the edges of a graph without circles that do not follow from others.
fn reduced(graph: &DiGraph<(), ()>, order: &[NodeIndex]) -> BTreeSet<(NodeIndex, NodeIndex)> {
    let mut rank = vec![0; graph.node_count()];
    order.iter().enumerate().for_each(|(at, node)| rank[node.index()] = at);
    let mut kept = BTreeSet::new();
    let mut stamps = vec![usize::MAX; graph.node_count()];
    for (round, from) in order.iter().enumerate() {
        let mut targets: Vec<NodeIndex> = graph.neighbors(*from).collect();
        // The first in the order follows from no other target.
        targets.sort_by_key(|target| rank[target.index()]);
        for target in targets {
            if stamps[target.index()] == round {
                continue;
            }
            kept.insert((*from, target));
            let mut stack = vec![target];
            while let Some(next) = stack.pop() {
                if stamps[next.index()] != round {
                    stamps[next.index()] = round;
                    stack.extend(graph.neighbors(next));
                }
            }
        }
    }
    kept
}
