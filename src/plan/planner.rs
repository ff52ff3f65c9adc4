//! The planner itself: a pure stepper that answers with a plan or with what has to be read first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::check_references;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::{Address, ConfigResource, ModuleInstance, ProviderAddress};
use crate::lang::{Path, Value};
use crate::state::Target;

use super::Plan;
use super::change::{Change, OutputChange, ResourceChange};
use super::check::check;
use super::generate;
use super::graph::NodeKey;
use super::moves_check;
use super::observed::Reads;
use super::options::PlanMode;
use super::order::{self, OrderNode};
use super::prior;
use super::provider::ProviderConfig;
use super::relevant::Analysis;
use super::remembered;
use super::twice;
use super::walk::{self, Input, Purpose, Walk};

/// What the planner answers.
pub enum Answer<'a> {
    /// These things have to be read first; then ask again.
    NeedReads(Box<Reads>),
    /// A plan.
    Planned(Box<Planned<'a>>),
    /// The input cannot be planned at all.
    Refused(Diagnostics),
}

/// A plan and what it came from.
pub struct Planned<'a> {
    /// The plan.
    pub plan: Plan,
    /// Warnings, and errors when planning failed part-way.
    pub found: Diagnostics,
    /// The configurations of all providers.
    pub providers: BTreeMap<ProviderAddress, ProviderConfig>,
    /// All that was evaluated, for apply to go on from.
    pub walk: Walk<'a>,
    /// Whether it is refused for something that planning again from the same input would not find.
    pub refused: bool,
}

/// Plans, as far as what was read allows.
pub fn plan<'a>(input: &'a Input<'a>) -> Answer<'a> {
    let undeclared = generate::check(input.config, input.options);
    if undeclared.has_errors() {
        return Answer::Refused(undeclared);
    }
    let graph = match input.graph() {
        Ok(graph) => graph,
        Err(found) => return Answer::Refused(found),
    };
    let mut walk = match walk::walk(input, graph, Purpose::Plan) {
        Ok(walk) => walk,
        Err(found) => return Answer::Refused(found),
    };
    if let Some(error) = walk.moves_beyond_targets() {
        return Answer::Refused(error.into());
    }
    if walk.beyond_limits.has_errors() {
        // As long as something is to be read, other findings may only come from what is missing.
        let complete = walk.reads.is_empty();
        let mut found = if complete { std::mem::take(&mut walk.found) } else { Diagnostics::new() };
        found.extend(walk.beyond_limits);
        return Answer::Refused(found);
    }
    if !walk.reads.is_empty() {
        return Answer::NeedReads(Box::new(walk.reads));
    }
    if walk.held {
        // What could be read is read, and the rest never can be.
        return Answer::Refused(walk.found);
    }
    if input.options.mode != PlanMode::Destroy {
        let found = moves_check::check(input, &walk);
        if found.has_errors() {
            return Answer::Refused(found);
        }
    }
    let doubled = twice::check(&walk.prior, &walk.changes);
    walk.found.extend(doubled);
    let mut plan = finish(input, &mut walk);
    for sentence in check(&plan) {
        let detail = format!(
            "A rule that holds of every plan is broken: {sentence}. Nothing is changed. This is a bug in snapform; please report it."
        );
        walk.found.push(Diagnostic::error("Unsound plan", detail));
        plan.errored = true;
    }
    let found = std::mem::take(&mut walk.found);
    let providers = std::mem::take(&mut walk.reads.providers);
    Answer::Planned(Box::new(Planned { plan, found, providers, walk, refused: false }))
}

/// Returns the configurations of all providers, and the data sources that have to be read before more of them is known.
///
/// Those under which open intents and missed objects stand are among them, also if their blocks have others by now.
///
/// # Errors
/// A configuration or state that cannot be planned at all.
pub fn providers(input: &Input<'_>) -> Result<Reads, Diagnostics> {
    let mut walk = walk::walk(input, input.graph()?, Purpose::Plan)?;
    let mut reads = std::mem::take(&mut walk.reads);
    reads.objects.clear();
    let graph = &walk.graph;
    let nodes = graph.nodes.iter().enumerate();
    let starts = nodes.filter(|(_, key)| matches!(key, NodeKey::Provider(_))).map(|(at, _)| at);
    let needed = graph.needed_by(starts);
    reads.data.retain(|read| {
        let key = NodeKey::Resource(read.address.module.path(), read.address.resource.clone());
        graph.position(&key).is_some_and(|at| needed[at])
    });
    let intents = input.state.intents().unwrap_or_default().into_iter();
    let missed = input.state.missed().into_iter().map(|missed| (missed.address, missed.provider));
    for (address, provider) in intents.map(|intent| (intent.address, intent.provider)).chain(missed) {
        let Some(provider) = prior::parse_provider(&provider) else { continue };
        let Some(Target::Resource(key, index)) = Target::parse(&address) else { continue };
        let address = key.resource_address().instance(index);
        let today = walk.block_of(&address).map(|block| walk.provider_of(&address, block));
        let config = today.and_then(|today| reads.providers.get(&today)).cloned();
        if let Some(config) = config.filter(|_| !reads.providers.contains_key(&provider)) {
            reads.providers.insert(provider, config);
        }
    }
    Ok(reads)
}

/// What a configuration alone shows.
#[derive(Debug, Default)]
pub struct Validated {
    /// What is wrong with it, whatever the state says.
    pub found: Diagnostics,
    /// Values beyond documented limits: errors unless an object has them already.
    pub beyond_limits: Diagnostics,
}

/// Checks a configuration without reading or planning anything: every reference is held against what is declared, and every
/// expression is evaluated with all that comes from outside unknown.
pub fn validate(input: &Input<'_>) -> Validated {
    let mut found = check_references(input.config, input.sources);
    let graph = match input.graph() {
        Ok(graph) => graph,
        Err(circles) => {
            found.extend(circles);
            return Validated { found, ..Validated::default() };
        }
    };
    let (more, beyond_limits) = match walk::walk(input, graph, Purpose::Validate) {
        Ok(walk) => (walk.found, walk.beyond_limits),
        Err(more) => (more, Diagnostics::new()),
    };
    // A wrong reference is often found again when it is evaluated.
    let known: BTreeSet<_> = found.iter().map(|one| (one.summary.clone(), one.subject)).collect();
    found.extend(more.into_iter().filter(|one| !known.contains(&(one.summary.clone(), one.subject))));
    Validated { found, beyond_limits }
}

fn finish(input: &Input<'_>, walk: &mut Walk<'_>) -> Plan {
    let graph = walk.graph.clone();
    let mut errored = walk.found.has_errors();
    let outputs = output_changes(input, walk);
    let dependencies = dependencies(walk);
    let (changes, node_changes) = sorted(std::mem::take(&mut walk.changes), &walk.node_changes);
    let (used, late) = unknown_providers(input, walk, &changes);
    let nodes: Vec<OrderNode<'_>> = graph
        .nodes
        .iter()
        .enumerate()
        .map(|(at, key)| OrderNode {
            name: key,
            depends_on: &graph.depends_on[at],
            changes: &node_changes[at],
            evaluate: walk.unknown[at]
                && match key {
                    NodeKey::Local(..) | NodeKey::Variable(..) | NodeKey::Output(..) | NodeKey::Call(..) => {
                        true
                    }
                    NodeKey::Provider(_) => used.contains(&at),
                    NodeKey::Resource(..) | NodeKey::Check(..) => false,
                },
        })
        .collect();
    let relevant = relevant(input, walk, &changes, &outputs);
    let notes = walk.dependency_notes(&changes);
    let steps = match order::steps(&changes, &nodes, &dependencies, &late) {
        _ if errored => Vec::new(),
        Ok(steps) => steps,
        Err(impossible) => {
            errored = true;
            walk.refuse_impossible_ends(&changes, &impossible);
            Vec::new()
        }
    };
    let mut drift = std::mem::take(&mut walk.drift);
    let mut learned = std::mem::take(&mut walk.learned);
    for list in [&mut drift, &mut learned] {
        list.sort_by(|a, b| a.address.cmp(&b.address).then_with(|| a.deposed.cmp(&b.deposed)));
    }
    let variables = input
        .variables
        .iter()
        .filter(|(_, value)| !value.deep_marks().is_ephemeral())
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Plan {
        mode: input.options.mode,
        made_at: input.now,
        variables,
        drift,
        learned,
        missed: std::mem::take(&mut walk.missed),
        changes,
        outputs,
        checks: walk.check_results(),
        steps,
        data: walk.data_objects(),
        notes,
        providers: walk.provider_notes(),
        relevant,
        targets: input.options.targets.iter().map(ToString::to_string).collect(),
        excludes: input.options.excludes.iter().map(ToString::to_string).collect(),
        errored,
    }
}

/// Returns the nodes of the providers that apply has to configure before it can use them, and the ends that have to wait for that:
/// changes and nodes.
fn unknown_providers(
    input: &Input<'_>,
    walk: &Walk<'_>,
    changes: &[ResourceChange],
) -> (BTreeSet<usize>, Vec<(usize, usize)>) {
    let (mut used, mut late) = (BTreeSet::new(), Vec::new());
    if input.options.mode != PlanMode::Normal || walk.reads.providers.values().all(ProviderConfig::is_known) {
        return (used, late);
    }
    for (at, change) in changes.iter().enumerate().filter(|(_, change)| change.is_change()) {
        let config = walk.reads.providers.get(&change.provider);
        let node = walk.graph.position(&NodeKey::Provider(change.provider.clone()));
        let Some(node) = node.filter(|_| config.is_some_and(|config| !config.is_known())) else { continue };
        used.insert(node);
        if order::destroys_something(&change.change) {
            late.push((at, node));
        }
    }
    (used, late)
}

/// Returns what the changes come from. Output values of modules are not remembered, so all that have one count as changes.
fn relevant(
    input: &Input<'_>,
    walk: &Walk<'_>,
    changes: &[ResourceChange],
    outputs: &BTreeMap<Arc<str>, OutputChange>,
) -> Vec<(Address, Path)> {
    let mut analysis = Analysis::new(input.config);
    for change in changes.iter().filter(|change| !matches!(change.change, Change::NoOp { .. })) {
        analysis.resource(&change.address);
    }
    for (name, _) in outputs.iter().filter(|(_, change)| change.is_change()) {
        analysis.output(&ModuleInstance::root(), name);
    }
    for (module, values) in walk.world.modules().filter(|(module, _)| !module.is_root()) {
        let given = values.outputs.iter().filter(|(_, value)| !value.is_null());
        given.for_each(|(name, _)| analysis.output(module, name));
    }
    analysis.finish()
}

/// Sorts changes by address, and keeps the positions in the nodes right.
fn sorted(
    changes: Vec<ResourceChange>,
    node_changes: &[Vec<usize>],
) -> (Vec<ResourceChange>, Vec<Vec<usize>>) {
    let mut order: Vec<usize> = (0..changes.len()).collect();
    order.sort_by(|a, b| {
        let (a, b) = (&changes[*a], &changes[*b]);
        a.address.cmp(&b.address).then_with(|| a.deposed.cmp(&b.deposed))
    });
    let mut position = vec![0; changes.len()];
    for (new, old) in order.iter().enumerate() {
        position[*old] = new;
    }
    let node_changes = node_changes
        .iter()
        .map(|own| {
            let mut own: Vec<usize> = own.iter().map(|old| position[*old]).collect();
            own.sort_unstable();
            own
        })
        .collect();
    let mut slots: Vec<Option<ResourceChange>> = changes.into_iter().map(Some).collect();
    let changes = order.into_iter().filter_map(|old| slots[old].take()).collect();
    (changes, node_changes)
}

/// Returns which resource blocks those depend on of which objects end or change: as remembered, and as declared. Where nothing
/// ends nobody asks, and in long chains they are many.
fn dependencies(walk: &Walk<'_>) -> BTreeMap<ConfigResource, BTreeSet<ConfigResource>> {
    if !walk.changes.iter().any(|change| order::destroys_something(&change.change)) {
        return BTreeMap::new();
    }
    let mut dependencies = walk.remembered_dependencies();
    let changed: BTreeSet<ConfigResource> = walk
        .changes
        .iter()
        .filter(|change| change.is_change())
        .map(|change| change.address.config())
        .collect();
    for config in changed {
        let declared = walk.dependencies_of(&config.module, &config.resource);
        dependencies.entry(config).or_default().extend(declared.iter().cloned());
    }
    dependencies
}

fn output_changes(input: &Input<'_>, walk: &Walk<'_>) -> BTreeMap<Arc<str>, OutputChange> {
    let mut changes: BTreeMap<Arc<str>, OutputChange> = BTreeMap::new();
    for (name, output) in &input.state.outputs {
        let before = remembered::output_value(output).ok();
        let sensitive = output.sensitive;
        let before = before.map(|value| if sensitive { value.sensitive() } else { value });
        changes.insert(name.as_str().into(), OutputChange { before, after: None, sensitive });
    }
    let narrowed = !input.options.targets.is_empty() || !input.options.excludes.is_empty();
    if input.options.mode == PlanMode::Destroy {
        // A narrowed destroy says nothing about outputs: they stay as they are.
        return if narrowed { BTreeMap::new() } else { changes };
    }
    let root = walk.world.module(&ModuleInstance::root());
    let declared = input.config.module(&Default::default()).map(|module| &module.outputs);
    for (name, output) in declared.into_iter().flatten() {
        let value = root.and_then(|values| values.outputs.get(name)).cloned();
        if value.is_none() && narrowed {
            // It was left out, so it stays as it is and is no part of the plan.
            changes.remove(name);
            continue;
        }
        let entry = changes.entry(name.clone()).or_insert(OutputChange {
            before: None,
            after: None,
            sensitive: output.sensitive,
        });
        entry.sensitive |= output.sensitive;
        entry.after = match value {
            Some(value) => Some(value),
            None => Some(Value::unknown(crate::lang::Type::Dynamic)),
        };
    }
    if narrowed {
        let known: BTreeSet<Arc<str>> =
            declared.into_iter().flatten().map(|(name, _)| name.clone()).collect();
        changes.retain(|name, _| known.contains(name));
    }
    // One that was left out and never had a value says nothing, nor does one whose evaluation failed.
    changes.retain(|name, change| {
        (change.before.is_some() || change.after.is_some())
            && !walk.has_failed(&NodeKey::Output(Default::default(), name.clone()))
    });
    changes
}
