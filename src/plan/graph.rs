//! What of the configuration depends on what.
//!
//! A node is an object of the configuration in its module, whatever the number of instances: what is evaluated or planned
//! together. The nodes come out in an order in which each stands behind all it depends on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::config::{Config, Module, place};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use crate::lang::Root;
use crate::lang::address::{Mode, ModulePath, ProviderAddress, Resource};
use crate::lang::hash::{HashMap, HashSet};
use crate::lang::reference::{Reference, references, references_of_body};
use crate::lang::syntax::{BlockShape, Expression, StepKind};
use crate::schema::content::Arguments;
use crate::schema::shape::Resolve;
use crate::schema::{Block, ProviderKind, types};

/// An object of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NodeKey {
    /// How often a module call stands.
    Call(ModulePath, Arc<str>),
    /// An input variable.
    Variable(ModulePath, Arc<str>),
    /// A local value.
    Local(ModulePath, Arc<str>),
    /// A provider configuration.
    Provider(ProviderAddress),
    /// A resource or data source.
    Resource(ModulePath, Resource),
    /// An output value.
    Output(ModulePath, Arc<str>),
    /// A check block.
    Check(ModulePath, Arc<str>),
}

impl NodeKey {
    /// Returns the module that the object is in.
    pub fn module(&self) -> &ModulePath {
        match self {
            NodeKey::Provider(address) => &address.module,
            NodeKey::Call(module, _)
            | NodeKey::Variable(module, _)
            | NodeKey::Local(module, _)
            | NodeKey::Resource(module, _)
            | NodeKey::Output(module, _)
            | NodeKey::Check(module, _) => module,
        }
    }
}

/// Prints the address, as Terraform names it in the message about a cycle.
impl fmt::Display for NodeKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let module = self.module();
        if !module.is_root() && !matches!(self, NodeKey::Provider(_)) {
            write!(f, "{module}.")?;
        }
        match self {
            NodeKey::Call(_, name) => write!(f, "module.{name} (expand)"),
            NodeKey::Variable(_, name) => write!(f, "var.{name}"),
            NodeKey::Local(_, name) => write!(f, "local.{name}"),
            NodeKey::Provider(address) => write!(f, "{address}"),
            NodeKey::Resource(_, resource) => write!(f, "{resource}"),
            NodeKey::Output(_, name) => write!(f, "output.{name}"),
            NodeKey::Check(_, name) => write!(f, "check.{name}"),
        }
    }
}

/// The nodes in order, each with the positions of what it depends on.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The nodes.
    pub nodes: Vec<NodeKey>,
    /// For each node the positions, all smaller than its own.
    pub depends_on: Vec<Vec<usize>>,
    /// The nodes that wait for whole modules, in no order.
    pub whole_modules: Vec<(usize, ModulePath)>,
    positions: HashMap<NodeKey, usize>,
}

impl Graph {
    /// Returns the position of a node.
    pub fn position(&self, key: &NodeKey) -> Option<usize> {
        self.positions.get(key).copied()
    }

    /// Returns, for each node, whether one of `starts` depends on it, directly or not; the starts themselves included.
    pub fn needed_by(&self, starts: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut needed = vec![false; self.nodes.len()];
        starts.into_iter().for_each(|at| needed[at] = true);
        for at in (0..self.nodes.len()).rev() {
            if needed[at] {
                self.depends_on[at].iter().for_each(|first| needed[*first] = true);
            }
        }
        needed
    }

    /// Returns, for each node, the resources that it depends on, directly or not, through nodes that are no resources.
    pub fn resources_behind(&self, at: usize) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut stack = self.depends_on[at].clone();
        while let Some(next) = stack.pop() {
            if !seen.insert(next) {
                continue;
            }
            if matches!(self.nodes[next], NodeKey::Resource(..)) {
                found.insert(next);
            }
            stack.extend(&self.depends_on[next]);
        }
        found
    }
}

struct Builder<'a> {
    config: &'a Config,
    sources: &'a Sources,
    graph: DiGraph<NodeKey, Option<SourceRange>>,
    index: HashMap<NodeKey, usize>,
    /// The ends of all edges: a provider has as many as there are resources, too many to look through for each.
    edges: HashSet<(NodeIndex, NodeIndex)>,
    /// All nodes of a module and of the modules below it, for `depends_on = [module.x]`.
    members: BTreeMap<ModulePath, Vec<NodeIndex>>,
    /// The nodes that wait for whole modules.
    whole_modules: Vec<(NodeIndex, ModulePath)>,
}

/// Returns the graph of a configuration.
///
/// # Errors
/// Objects that depend on each other in a circle.
pub fn build(config: &Config, sources: &Sources) -> Result<Graph, Diagnostics> {
    Builder::of(config, sources).finish()
}

/// Returns the graph of a configuration, be there circles in it or not; its nodes are in no order. It is for drawing alone.
pub fn build_unordered(config: &Config, sources: &Sources) -> Graph {
    let builder = Builder::of(config, sources);
    let order: Vec<NodeIndex> = builder.graph.node_indices().collect();
    builder.ordered(&order)
}

impl<'a> Builder<'a> {
    fn of(config: &'a Config, sources: &'a Sources) -> Self {
        let mut builder = Self {
            config,
            sources,
            graph: DiGraph::new(),
            index: HashMap::default(),
            edges: HashSet::default(),
            members: BTreeMap::new(),
            whole_modules: Vec::new(),
        };
        // A table that grows hashes all its keys again, and each is a look at a text somewhere else in memory.
        let resources: usize = config.modules().iter().map(|module| module.resources.len()).sum();
        builder.index.reserve(resources);
        builder.edges.reserve(2 * resources);
        for module in config.modules() {
            builder.add_nodes(module);
        }
        for module in config.modules() {
            builder.add_edges(module);
        }
        builder
    }

    fn indexed(&self, key: &NodeKey) -> Option<NodeIndex> {
        self.index.get(key).copied().map(NodeIndex::new)
    }

    fn node(&mut self, key: NodeKey) -> NodeIndex {
        if let Some(index) = self.indexed(&key) {
            return index;
        }
        let mut above = key.module().clone();
        let index = self.graph.add_node(key.clone());
        self.index.insert(key, index.index());
        loop {
            self.members.entry(above.clone()).or_default().push(index);
            match above.0.split_last() {
                Some((_, rest)) => above = ModulePath(rest.into()),
                None => break,
            }
        }
        index
    }

    fn add_nodes(&mut self, module: &Module) {
        let path = &module.path;
        for name in module.variables.keys() {
            self.node(NodeKey::Variable(path.clone(), name.clone()));
        }
        for name in module.locals.keys() {
            self.node(NodeKey::Local(path.clone(), name.clone()));
        }
        for reference in module.providers.keys() {
            self.node(NodeKey::Provider(self.config.provider(module, reference)));
        }
        for name in module.calls.keys() {
            self.node(NodeKey::Call(path.clone(), name.clone()));
        }
        for resource in module.resources.values() {
            self.node(NodeKey::Provider(self.config.provider_of(module, resource)));
            self.node(NodeKey::Resource(path.clone(), resource.address.clone()));
        }
        for name in module.outputs.keys() {
            self.node(NodeKey::Output(path.clone(), name.clone()));
        }
        for name in module.checks.keys() {
            self.node(NodeKey::Check(path.clone(), name.clone()));
        }
    }

    /// Makes `from` wait for `to`, because of the reference at `range` if there is one.
    fn edge(&mut self, from: NodeIndex, to: Option<NodeIndex>, range: Option<SourceRange>) {
        if let Some(to) = to
            && from != to
            && self.edges.insert((to, from))
        {
            self.graph.add_edge(to, from, range);
        }
    }

    /// Makes a node wait for what an expression of a module refers to.
    fn expression(&mut self, from: NodeIndex, module: &ModulePath, expression: &Expression) {
        for reference in references(expression).0 {
            self.reference(from, module, &reference);
        }
    }

    fn reference(&mut self, from: NodeIndex, module: &ModulePath, reference: &Reference) {
        let key = match &reference.root {
            Root::Variable(name) => NodeKey::Variable(module.clone(), name.clone()),
            Root::Local(name) => NodeKey::Local(module.clone(), name.clone()),
            Root::Resource(resource) => NodeKey::Resource(module.clone(), resource.clone()),
            Root::Module(name) => return self.call_reference(from, module, name, reference),
            _ => return,
        };
        let to = self.indexed(&key);
        if to == Some(from) {
            // A reference to itself, which the validation of references reports at its place.
            return;
        }
        self.edge(from, to, Some(reference.whole));
    }

    /// A reference to one output waits for that output only; any other reference to a module waits for all that is in it.
    fn call_reference(
        &mut self,
        from: NodeIndex,
        module: &ModulePath,
        name: &Arc<str>,
        reference: &Reference,
    ) {
        let child = module.child(name.clone());
        let call = self.indexed(&NodeKey::Call(module.clone(), name.clone()));
        self.edge(from, call, Some(reference.whole));
        let output = reference.rest.iter().find_map(|step| match &step.kind {
            StepKind::Attribute(name) => Some(name.clone()),
            _ => None,
        });
        if let Some(output) = output {
            let key = NodeKey::Output(child, output);
            self.edge(from, self.indexed(&key), Some(reference.whole));
            return;
        }
        let members = self.members.get(&child).cloned().unwrap_or_default();
        members.into_iter().for_each(|member| self.edge(from, Some(member), Some(reference.whole)));
        self.whole_modules.push((from, child));
    }

    /// `depends_on` waits for everything in a module.
    fn depends_on(&mut self, from: NodeIndex, module: &ModulePath, expressions: &[Expression]) {
        for expression in expressions {
            for reference in references(expression).0 {
                if let Root::Module(name) = &reference.root {
                    let members = self.members.get(&module.child(name.clone())).cloned().unwrap_or_default();
                    members
                        .into_iter()
                        .for_each(|member| self.edge(from, Some(member), Some(reference.whole)));
                }
                self.reference(from, module, &reference);
            }
        }
    }

    fn add_edges(&mut self, module: &Module) {
        let path = &module.path;
        let own_call =
            path.0.split_last().map(|(name, rest)| NodeKey::Call(ModulePath(rest.into()), name.clone()));
        let own_call = own_call.and_then(|key| self.indexed(&key));
        if own_call.is_some() {
            let members: Vec<NodeIndex> = self.members.get(path).cloned().unwrap_or_default();
            for member in members {
                if self.graph[member].module() == path && !matches!(self.graph[member], NodeKey::Provider(_))
                {
                    self.edge(member, own_call, None);
                }
            }
        }
        for (name, local) in &module.locals {
            let from = self.node(NodeKey::Local(path.clone(), name.clone()));
            self.expression(from, path, &local.expression);
        }
        for (name, variable) in &module.variables {
            let from = self.node(NodeKey::Variable(path.clone(), name.clone()));
            for validation in &variable.validations {
                self.expression(from, path, &validation.condition);
                self.expression(from, path, &validation.error_message);
            }
        }
        for (name, output) in &module.outputs {
            let from = self.node(NodeKey::Output(path.clone(), name.clone()));
            self.expression(from, path, &output.expression);
            self.depends_on(from, path, &output.depends_on);
            for condition in &output.preconditions {
                self.expression(from, path, &condition.condition);
                self.expression(from, path, &condition.error_message);
            }
        }
        for (reference, provider) in &module.providers {
            let address = self.config.provider(module, reference);
            let schema = ProviderKind::of_source(&address.source).map(types::provider);
            let from = self.node(NodeKey::Provider(address));
            self.arguments(from, path, &provider.arguments, schema);
        }
        for (name, call) in &module.calls {
            let from = self.node(NodeKey::Call(path.clone(), name.clone()));
            for expression in call.count.iter().chain(&call.for_each) {
                self.expression(from, path, expression);
            }
            let child = path.child(name.clone());
            for (input, argument) in call.arguments.resolve(&[]).0.attributes.iter() {
                let key = NodeKey::Variable(child.clone(), input.clone());
                if let Some(variable) = self.indexed(&key) {
                    self.expression(variable, path, &argument.expression);
                }
            }
            if !call.depends_on.is_empty() {
                let members = self.members.get(&child).cloned().unwrap_or_default();
                for member in members {
                    if matches!(self.graph[member], NodeKey::Resource(..)) {
                        self.depends_on(member, path, &call.depends_on);
                    }
                }
            }
        }
        for block in module.resources.values() {
            let from = self.node(NodeKey::Resource(path.clone(), block.address.clone()));
            let provider = NodeKey::Provider(self.config.provider_of(module, block));
            self.edge(from, self.indexed(&provider), None);
            let schema = match block.address.mode {
                Mode::Managed => types::resource(&block.address.type_name),
                Mode::Data => types::data_source(&block.address.type_name),
            };
            self.arguments(from, path, &block.arguments, schema.map(|known| &known.block));
            let lifecycle = &block.lifecycle;
            let repetition = block.count.iter().chain(&block.for_each);
            for expression in repetition.chain(&lifecycle.replace_triggered_by) {
                self.expression(from, path, expression);
            }
            for condition in lifecycle.preconditions.iter().chain(&lifecycle.postconditions) {
                self.expression(from, path, &condition.condition);
                self.expression(from, path, &condition.error_message);
            }
            self.depends_on(from, path, &block.depends_on);
        }
        for import in &module.imports {
            let key = NodeKey::Resource(import.module.clone(), import.resource.clone());
            if let Some(from) = self.indexed(&key) {
                for expression in import.for_each.iter().chain([&import.id]) {
                    self.expression(from, path, expression);
                }
            }
        }
        for (name, check) in &module.checks {
            let from = self.node(NodeKey::Check(path.clone(), name.clone()));
            for condition in &check.asserts {
                self.expression(from, path, &condition.condition);
                self.expression(from, path, &condition.error_message);
            }
        }
    }

    /// Makes a node wait for what the arguments of its block refer to.
    fn arguments(
        &mut self,
        from: NodeIndex,
        module: &ModulePath,
        arguments: &Arguments,
        schema: Option<&Block>,
    ) {
        let mut shapes =
            vec![BlockShape { name: "dynamic", labels: 1 }, BlockShape { name: "timeouts", labels: 0 }];
        let nested = schema.into_iter().flat_map(|schema| &schema.blocks);
        shapes.extend(nested.map(|nested| BlockShape { name: nested.name, labels: 0 }));
        let (body, _) = arguments.resolve(&shapes);
        for reference in references_of_body(&body).0 {
            self.reference(from, module, &reference);
        }
    }

    fn finish(self) -> Result<Graph, Diagnostics> {
        let Ok(order) = petgraph::algo::toposort(&self.graph, None) else {
            return Err(self.cycles());
        };
        Ok(self.ordered(&order))
    }

    fn ordered(self, order: &[NodeIndex]) -> Graph {
        let mut number = vec![0; order.len()];
        for (at, node) in order.iter().enumerate() {
            number[node.index()] = at;
        }
        let depends_on = order
            .iter()
            .map(|node| {
                let mut before: Vec<usize> = self
                    .graph
                    .neighbors_directed(*node, Direction::Incoming)
                    .map(|first| number[first.index()])
                    .collect();
                before.sort_unstable();
                before
            })
            .collect();
        let nodes = order.iter().map(|node| self.graph[*node].clone()).collect();
        let whole_modules =
            self.whole_modules.into_iter().map(|(from, module)| (number[from.index()], module)).collect();
        let mut positions = self.index;
        positions.values_mut().for_each(|at| *at = number[*at]);
        Graph { nodes, depends_on, whole_modules, positions }
    }

    /// Reports each circle with the references that make it.
    fn cycles(&self) -> Diagnostics {
        petgraph::algo::kosaraju_scc(&self.graph)
            .into_iter()
            .filter(|component| component.len() > 1)
            .map(|component| self.explain(&component))
            .collect()
    }

    fn explain(&self, component: &[NodeIndex]) -> Diagnostic {
        // Terraform names the node that stands for all instances.
        let name = |node: &NodeIndex| match &self.graph[*node] {
            key @ (NodeKey::Local(..) | NodeKey::Variable(..) | NodeKey::Output(..)) => {
                format!("{key} (expand)")
            }
            key => key.to_string(),
        };
        let mut names: Vec<String> = component.iter().map(name).collect();
        names.sort();
        let mut lines = Vec::new();
        let mut first_range = None;
        for (to, from, range) in self.shortest_circle(component) {
            let place = range.map(|range| format!(" ({})", place(self.sources, range)));
            lines.push(format!(
                "  {} needs {}{}",
                self.graph[from],
                self.graph[to],
                place.unwrap_or_default()
            ));
            first_range = first_range.or(range);
        }
        let detail = format!(
            "These objects depend on each other in a circle, so none of them can come first:\n{}\n\nTo break the circle, give one of them a value that does not come from the others.",
            lines.join("\n")
        );
        let diagnostic = Diagnostic::error(format!("Cycle: {}", names.join(", ")), detail);
        match first_range {
            Some(range) => diagnostic.at(range),
            None => diagnostic,
        }
    }

    /// Returns a shortest way from the first node of the component back to it, as steps from what is needed to what needs it.
    fn shortest_circle(&self, component: &[NodeIndex]) -> Vec<(NodeIndex, NodeIndex, Option<SourceRange>)> {
        let inside: BTreeSet<NodeIndex> = component.iter().copied().collect();
        let Some(start) = component.iter().copied().min_by_key(|node| self.graph[*node].to_string()) else {
            return Vec::new();
        };
        let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::default();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            for next in self.graph.neighbors_directed(node, Direction::Incoming) {
                if !inside.contains(&next) || (next != start && came_from.contains_key(&next)) {
                    continue;
                }
                came_from.entry(next).or_insert(node);
                if next == start {
                    queue.clear();
                    break;
                }
                queue.push_back(next);
            }
        }
        let mut steps = Vec::new();
        let mut node = start;
        while let Some(from) = came_from.get(&node).copied() {
            let range = self.graph.find_edge(node, from).and_then(|edge| self.graph[edge]);
            steps.push((node, from, range));
            node = from;
            if node == start {
                break;
            }
        }
        steps.reverse();
        steps
    }
}
