//! All objects that an operation visits, and what each waits for.

use std::collections::{BTreeMap, BTreeSet};

use super::drawing::Drawing;
use crate::config::Config;
use crate::lang::Root;
use crate::lang::address::{Address, ConfigResource, Mode, ModulePath};
use crate::lang::reference::references;
use crate::plan::graph::{Graph, NodeKey};
use crate::plan::prior::parse_provider;
use crate::state::{State, Target};

/// What is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A plan that may change everything, or only look.
    Plan,
    /// An apply of whatever a plan will say.
    Apply,
    /// A plan that destroys what the state holds.
    Destroy,
}

/// Returns the graph of an operation. An edge that follows from others is left out, unless the graph has circles.
pub fn detailed(
    config: &Config,
    graph: &Graph,
    state: &State,
    operation: Operation,
    mark_cycles: bool,
) -> String {
    let mut drawing = match operation {
        Operation::Plan | Operation::Apply => {
            let mut drawing = declared(config, graph);
            if operation == Operation::Plan {
                add_reports(&mut drawing, config);
                add_orphans(&mut drawing, graph, state);
            }
            drawing
        }
        Operation::Destroy => destroyed(graph, state),
    };
    finish(&mut drawing);
    drawing.write(mark_cycles)
}

/// Lets the root wait for everything that nothing else waits for.
pub(super) fn finish(drawing: &mut Drawing) {
    for top in drawing.tops() {
        drawing.edge("root", &top);
    }
    drawing.node("root");
}

/// Returns the name of an object of the configuration.
pub(super) fn name(key: &NodeKey) -> String {
    match key {
        NodeKey::Provider(address) => address.to_string(),
        NodeKey::Call(..) => key.to_string(),
        NodeKey::Variable(module, _) if module.is_root() => key.to_string(),
        _ => format!("{key} (expand)"),
    }
}

pub(super) fn close(module: &ModulePath) -> String {
    format!("{module} (close)")
}

/// Returns the objects of a configuration, whatever the number of instances.
pub(super) fn declared(config: &Config, graph: &Graph) -> Drawing {
    let mut drawing = Drawing::default();
    let used = used_providers(graph);
    let is_drawn = |at: usize| !matches!(graph.nodes[at], NodeKey::Provider(_)) || used.contains(&at);
    for (at, key) in graph.nodes.iter().enumerate().filter(|(at, _)| is_drawn(*at)) {
        let own = name(key);
        match key {
            NodeKey::Resource(..) => drawing.boxed(&own, &key.to_string(), "box"),
            NodeKey::Provider(_) => drawing.boxed(&own, &own, "diamond"),
            NodeKey::Variable(module, _) if module.is_root() => drawing.boxed(&own, &own, "note"),
            _ => drawing.node(&own),
        }
        for first in graph.depends_on[at].iter().copied().filter(|first| is_drawn(*first)) {
            let below = name(&graph.nodes[first]);
            drawing.edge(&own, &below);
            if let (NodeKey::Provider(_), NodeKey::Resource(..)) = (&graph.nodes[first], key) {
                add_provider_close(&mut drawing, &below, &own);
            }
        }
        if !key.module().is_root() && !matches!(key, NodeKey::Provider(_)) {
            drawing.node(&close(key.module()));
            drawing.edge(&close(key.module()), &own);
        }
    }
    for (at, module) in &graph.whole_modules {
        drawing.edge(&name(&graph.nodes[*at]), &close(module));
    }
    add_modules(&mut drawing, config);
    drawing
}

/// Returns the provider configurations that a resource uses: Terraform drops the others from its graphs.
fn used_providers(graph: &Graph) -> BTreeSet<usize> {
    let resources = graph.nodes.iter().zip(&graph.depends_on);
    let resources = resources.filter(|(key, _)| matches!(key, NodeKey::Resource(..)));
    let below = resources.flat_map(|(_, below)| below.iter().copied());
    below.filter(|at| matches!(graph.nodes[*at], NodeKey::Provider(_))).collect()
}

/// A provider is closed after all that uses it.
pub(super) fn add_provider_close(drawing: &mut Drawing, provider: &str, user: &str) {
    let close = format!("{provider} (close)");
    drawing.node(&close);
    drawing.edge(&close, provider);
    drawing.edge(&close, user);
}

/// What calls of modules add to the objects in them.
fn add_modules(drawing: &mut Drawing, config: &Config) {
    for module in config.modules() {
        for (call_name, call) in &module.calls {
            let key = NodeKey::Call(module.path.clone(), call_name.clone());
            let child = close(&module.path.child(call_name.clone()));
            drawing.node(&child);
            drawing.edge(&child, &name(&key));
            if !module.path.is_root() {
                drawing.edge(&close(&module.path), &child);
            }
            for reference in call.depends_on.iter().flat_map(|expression| references(expression).0) {
                let below = match reference.root {
                    Root::Resource(resource) => name(&NodeKey::Resource(module.path.clone(), resource)),
                    Root::Module(other) => close(&module.path.child(other)),
                    _ => continue,
                };
                drawing.edge(&name(&key), &below);
            }
        }
    }
}

/// While planning, the data source of a check waits for the check's own report.
fn add_reports(drawing: &mut Drawing, config: &Config) {
    for module in config.modules() {
        for (resource, block) in &module.resources {
            if let Some(check) = &block.check {
                let check = NodeKey::Check(module.path.clone(), check.clone());
                let report = format!("{check} (report)");
                drawing.node(&report);
                drawing.edge(&name(&NodeKey::Resource(module.path.clone(), resource.clone())), &report);
            }
        }
    }
}

/// The managed objects that the state remembers, with their providers and what they depend on.
pub(super) struct Remembered {
    pub(super) address: Address,
    provider: String,
    pub(super) dependencies: Vec<ConfigResource>,
}

pub(super) fn remembered(state: &State) -> Vec<Remembered> {
    let objects = state.objects().filter(|(key, _, name, _)| {
        key.mode == Mode::Managed
            && name.deposed.is_none()
            && key.resource_type != crate::state::intent::INTENT_TYPE
    });
    objects
        .filter_map(|(key, resource, name, object)| {
            let dependencies = object.dependencies.iter().filter_map(|text| match Target::parse(text)? {
                Target::Resource(key, _) => Some(key.resource_address().config()),
                Target::Module(_) => None,
            });
            Some(Remembered {
                address: key.instance_address(name),
                provider: parse_provider(&resource.provider)?.to_string(),
                dependencies: dependencies.collect(),
            })
        })
        .collect()
}

/// Objects that nothing declares any more.
fn add_orphans(drawing: &mut Drawing, graph: &Graph, state: &State) {
    for object in remembered(state) {
        let config = object.address.config();
        if graph.position(&NodeKey::Resource(config.module.clone(), config.resource.clone())).is_some() {
            continue;
        }
        let own = format!("{} (orphan)", object.address);
        drawing.boxed(&own, &object.address.to_string(), "box");
        drawing.boxed(&object.provider, &object.provider, "diamond");
        drawing.edge(&own, &object.provider);
        add_provider_close(drawing, &object.provider, &own);
    }
}

fn destroyed(graph: &Graph, state: &State) -> Drawing {
    let mut drawing = Drawing::default();
    let objects = remembered(state);
    let mut by_config: BTreeMap<ConfigResource, BTreeSet<ConfigResource>> = BTreeMap::new();
    for object in &objects {
        let config = object.address.config();
        let key = NodeKey::Resource(config.module.clone(), config.resource.clone());
        let behind = graph.position(&key).map(|at| graph.resources_behind(at)).unwrap_or_default();
        let declared = behind.into_iter().filter_map(|at| match &graph.nodes[at] {
            NodeKey::Resource(module, resource) => {
                Some(ConfigResource { module: module.clone(), resource: resource.clone() })
            }
            _ => None,
        });
        by_config.entry(config).or_default().extend(declared.chain(object.dependencies.iter().cloned()));
    }
    let destroy = |config: &ConfigResource| format!("{config} (destroy)");
    for object in &objects {
        let config = object.address.config();
        let own = destroy(&config);
        drawing.boxed_again(&own, &config.to_string(), "box");
        drawing.boxed(&object.provider, &object.provider, "diamond");
        drawing.edge(&own, &object.provider);
        add_provider_close(&mut drawing, &object.provider, &own);
        // What depends on it goes first.
        for first in
            by_config.get(&config).into_iter().flatten().filter(|first| by_config.contains_key(first))
        {
            drawing.edge(&destroy(first), &own);
        }
    }
    add_outputs(&mut drawing, graph);
    drawing
}

/// The outputs of the root module alone, as they stand in graphs of destruction.
pub(super) fn add_outputs(drawing: &mut Drawing, graph: &Graph) {
    for key in &graph.nodes {
        if matches!(key, NodeKey::Output(module, _) if module.is_root()) {
            drawing.node(&name(key));
        }
    }
}
