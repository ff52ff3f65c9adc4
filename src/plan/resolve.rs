//! What was unknown while planning, worked out during apply.
//!
//! The same evaluation as in planning, fed with the objects that apply made. Nothing here does I/O.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::lang::address::{
    Address, ConfigResource, InstanceKey, ModuleInstance, ModulePath, ProviderAddress, ResourceAddress,
};
use crate::lang::{Kind, Path, PathStep, Phase, Value};
use crate::schema::decode;

use super::Plan;
use super::change::{Change, CheckResult, ResourceChange};
use super::graph::NodeKey;
use super::limits;
use super::prior::find_type;
use super::proposed;
use super::step::StepAction;
use super::walk::{Purpose, Walk};
use super::world::Repetition;

/// What a step does, now that the steps before it have ended.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// The object to be: what the plan said, with everything resolved but what the cloud computes.
    Object(Value),
    /// The arguments of a data source, all known.
    Query(Value),
    /// A provider that could not be configured before, and its arguments, all known.
    Provider(ProviderAddress, Value),
    /// Nothing is left to do.
    Evaluated,
}

/// The outputs and checks at the end of a run.
#[derive(Clone, Debug, Default)]
pub struct Conclusion {
    /// The outputs whose values are known, and whether they are sensitive.
    pub outputs: BTreeMap<Arc<str>, (Value, bool)>,
    /// The outputs that are declared and could not be worked out.
    pub unknown: Vec<Arc<str>>,
    /// The results of conditions and checks.
    pub checks: Vec<CheckResult>,
    /// Errors and warnings of outputs and checks.
    pub found: Diagnostics,
}

/// Evaluates for apply.
pub struct Resolver<'a> {
    walk: Walk<'a>,
    plan: Arc<Plan>,
    nodes: HashMap<String, usize>,
    /// The newest value of each instance that a step made.
    made: BTreeMap<Address, Value>,
    /// Resources whose instances changed since they were last put together, by their blocks.
    dirty: HashMap<ConfigResource, HashSet<ResourceAddress>>,
    /// The nodes whose evaluation failed.
    failed: HashSet<usize>,
}

impl<'a> Resolver<'a> {
    /// Returns a resolver that goes on where the planner's walk ended.
    pub fn new(mut walk: Walk<'a>, plan: Arc<Plan>) -> Self {
        walk.purpose = Purpose::Apply;
        walk.environment.phase = Phase::Apply;
        walk.found = Diagnostics::new();
        let nodes = walk.graph.nodes.iter().enumerate().map(|(at, key)| (key.to_string(), at)).collect();
        Self { walk, plan, nodes, made: BTreeMap::new(), dirty: HashMap::new(), failed: HashSet::new() }
    }

    /// Evaluates the configuration of a step with what is known now and checks it against the plan.
    ///
    /// # Errors
    /// A precondition does not hold, or the object differs from the planned one.
    pub fn prepare(&mut self, step: usize) -> Result<Resolved, Diagnostics> {
        let plan = self.plan.clone();
        let Some(step) = plan.steps.get(step) else { return Ok(Resolved::Evaluated) };
        match &step.action {
            StepAction::Create { change } | StepAction::Update { change } => {
                let object = self.object(&plan.changes[*change]);
                self.heed(&plan.changes[*change], object).map(Resolved::Object)
            }
            StepAction::Read { change } => {
                let query = self.query(&plan.changes[*change]);
                self.heed(&plan.changes[*change], query).map(Resolved::Query)
            }
            StepAction::Evaluate { node } => self.evaluate(node),
            StepAction::Delete { .. } | StepAction::Record { .. } => Ok(Resolved::Evaluated),
        }
    }

    /// Takes the new object of a step for the steps after it (none after a delete), and runs postconditions. Returns warnings.
    ///
    /// # Errors
    /// A postcondition does not hold.
    pub fn record(&mut self, step: usize, outcome: Option<&Value>) -> Result<Diagnostics, Diagnostics> {
        let plan = self.plan.clone();
        let change = match plan.steps.get(step).map(|step| &step.action) {
            Some(
                StepAction::Create { change } | StepAction::Update { change } | StepAction::Read { change },
            ) => &plan.changes[*change],
            _ => return Ok(Diagnostics::new()),
        };
        let Some(value) = outcome else { return Ok(Diagnostics::new()) };
        let planned = change.change.after();
        let value = planned.map_or_else(|| value.clone(), |planned| value.marked_like(planned));
        self.made.insert(change.address.clone(), value.clone());
        let resource = change.address.resource_address();
        self.dirty.entry(resource.config()).or_default().insert(resource);
        self.walk.found = Diagnostics::new();
        let repetition = self.repetition(&change.address);
        self.walk.check_postconditions(&change.address, &repetition, &value);
        let result = self.findings();
        if result.is_err() {
            // What depends on this object is not evaluated: outputs keep the values they had.
            self.made.insert(change.address.clone(), Value::unknown(value.type_of()));
        }
        result
    }

    /// What the state keeps beside the attributes: the resources depended on, and whether a replacement is created first.
    pub fn companion(&self, step: usize) -> (Vec<String>, bool) {
        let change = match self.plan.steps.get(step).map(|step| &step.action) {
            Some(
                StepAction::Create { change }
                | StepAction::Update { change }
                | StepAction::Read { change }
                | StepAction::Record { change },
            ) => &self.plan.changes[*change],
            _ => return (Vec::new(), false),
        };
        let config = change.address.config();
        let dependencies = self.walk.dependencies_of(&config.module, &config.resource);
        let mut names: Vec<String> = dependencies.iter().map(ConfigResource::to_string).collect();
        names.sort();
        (names, self.walk.creates_first(&config))
    }

    /// Evaluates outputs and checks, once all steps have ended or were given up.
    pub fn conclude(&mut self) -> Conclusion {
        for (_, resources) in std::mem::take(&mut self.dirty) {
            self.flush(resources);
        }
        self.walk.found = Diagnostics::new();
        let mut conclusion = Conclusion::default();
        let graph = self.walk.graph.clone();
        let mut unsettled = vec![false; graph.nodes.len()];
        if self.plan.mode != super::PlanMode::Destroy {
            for at in 0..graph.nodes.len() {
                let failed = self.failed.contains(&at) || self.is_unsettled(&graph.nodes[at]);
                unsettled[at] = failed || graph.depends_on[at].iter().any(|first| unsettled[*first]);
                let concluding = match &graph.nodes[at] {
                    NodeKey::Output(path, _) => path.is_root() && !unsettled[at],
                    NodeKey::Check(..) => true,
                    _ => false,
                };
                if concluding && !self.walk.is_skipped(at) {
                    let before = self.walk.found.len();
                    self.walk.evaluate_node(at);
                    unsettled[at] |=
                        self.walk.found.iter().skip(before).any(|found| found.severity == Severity::Error);
                }
            }
        }
        let root = self.walk.world.module(&ModuleInstance::root());
        for (name, change) in &self.plan.outputs {
            let Some(planned) = &change.after else { continue };
            let key = NodeKey::Output(ModulePath::default(), name.clone());
            let unsettled = self.walk.graph.position(&key).is_some_and(|at| unsettled[at]);
            let now = root.and_then(|values| values.outputs.get(name)).filter(|_| !unsettled);
            let value = now.unwrap_or(planned);
            match value {
                // What was known while planning is saved whatever happened since.
                _ if unsettled && !planned.is_wholly_known() => conclusion.unknown.push(name.clone()),
                value if value.is_null() => {}
                // What stays unknown although everything it comes from is there is saved as null.
                value => {
                    let sensitive = value.deep_marks().is_sensitive();
                    conclusion.outputs.insert(name.clone(), (value.unknown_as_null(), sensitive));
                }
            }
        }
        if !self.plan.is_complete() {
            let left_out =
                self.walk.input.state.outputs.keys().filter(|name| !self.plan.outputs.contains_key(&***name));
            conclusion.unknown.extend(left_out.map(|name| Arc::from(name.as_str())));
        }
        conclusion.checks = self.walk.check_results();
        conclusion.found = std::mem::take(&mut self.walk.found);
        if !self.plan.targets.is_empty() || !self.plan.excludes.is_empty() {
            // With -exclude as OpenTofu says it, which has that option.
            let detail = match self.plan.excludes.is_empty() {
                true => NARROWED.to_owned(),
                false => NARROWED
                    .replace("the -target option in", "the -target or the -exclude option in")
                    .replace("the -target option is", "the -target and -exclude options are")
                    .replace("and is provided", "and are provided"),
            };
            conclusion.found.push(Diagnostic::warning(NARROWED_SUMMARY, detail));
        }
        conclusion
    }

    /// Remembers that a resource could not be prepared: what refers to it keeps the value that it had.
    fn heed<T>(&mut self, change: &ResourceChange, result: Result<T, Diagnostics>) -> Result<T, Diagnostics> {
        if result.is_err() {
            let address = &change.address;
            let key = NodeKey::Resource(address.module.path(), address.resource.clone());
            self.failed.extend(self.walk.graph.position(&key));
        }
        result
    }

    /// Tells whether a resource has instances that did not come to be, so that nothing that refers to it has a value.
    fn is_unsettled(&self, key: &NodeKey) -> bool {
        let NodeKey::Resource(path, resource) = key else { return false };
        let in_module = |(module, _): &(&ModuleInstance, _)| module.path() == *path;
        let mut modules = self.walk.world.modules().filter(in_module);
        modules
            .any(|(_, values)| values.resources.get(resource).is_some_and(|value| !value.is_wholly_known()))
    }

    fn repetition(&self, address: &Address) -> Repetition {
        self.walk.repetition_of(address)
    }

    fn findings(&mut self) -> Result<Diagnostics, Diagnostics> {
        let found = std::mem::take(&mut self.walk.found);
        if found.has_errors() { Err(found) } else { Ok(found) }
    }

    fn config(&mut self, change: &ResourceChange) -> Result<Value, Diagnostics> {
        let address = &change.address;
        self.flush_for(address);
        let missing = || {
            let detail = format!(
                "The configuration of {address} is not part of the plan. This is a bug in snapform; please report it."
            );
            Diagnostics::from(Diagnostic::error("Missing configuration", detail))
        };
        let resource_type = find_type(&address.resource).ok_or_else(missing)?;
        let block = self.walk.block_of(address).ok_or_else(missing)?;
        self.walk.found = Diagnostics::new();
        self.walk.renew_each_value(address, block);
        let repetition = self.repetition(address);
        self.walk.check_preconditions(address, &repetition);
        self.findings()?;
        let decoded = self.walk.with_scope(&address.module, &repetition, None, |scope| {
            decode::decode_resource(&block.arguments, resource_type, scope)
        });
        let mut found = decoded.found;
        if let Some(config) = &decoded.object {
            let beyond = decoded.beyond.into_iter();
            let beyond = beyond.filter(|beyond| limits::concerns(beyond, &change.change, config));
            found.extend(beyond.map(|beyond| beyond.error.about(address)));
        }
        if found.has_errors() {
            return Err(found.into_iter().filter(|each| each.severity == Severity::Error).collect());
        }
        decoded.object.ok_or_else(missing)
    }

    fn object(&mut self, change: &ResourceChange) -> Result<Value, Diagnostics> {
        let config = self.config(change)?;
        let address = &change.address;
        let Some(resource_type) = find_type(&address.resource) else { return Err(Diagnostics::new()) };
        let current = match &change.change {
            Change::Update { before, .. } => Some(before),
            _ => None,
        };
        let config = match current {
            Some(before) => self.walk.with_ignored(address, &config, before),
            None => config,
        };
        let object = proposed::proposed(resource_type, current, &config);
        if let Some(planned) = change.change.after()
            && let Some(path) = contradiction(planned, &object, &mut Vec::new())
        {
            let detail = format!(
                "When expanding the plan for {address} to include new values learned so far during apply, the new value of {} is not the one that was planned. Nothing was done to this object. Plan again and review the new plan.",
                describe(&path)
            );
            return Err(Diagnostic::error("Provider produced inconsistent final plan", detail)
                .about(address)
                .into());
        }
        Ok(object)
    }

    fn query(&mut self, change: &ResourceChange) -> Result<Value, Diagnostics> {
        let config = self.config(change)?;
        if config.is_wholly_known() {
            return Ok(config);
        }
        let detail = format!(
            "The arguments of {} are still not known, because something they come from did not get a value.",
            change.address
        );
        Err(Diagnostic::error("Data source arguments not known", detail).about(&change.address).into())
    }

    fn evaluate(&mut self, node: &str) -> Result<Resolved, Diagnostics> {
        let Some(at) = self.nodes.get(node).copied() else { return Ok(Resolved::Evaluated) };
        let result = match self.walk.graph.nodes[at].clone() {
            NodeKey::Resource(..) => return Ok(Resolved::Evaluated),
            NodeKey::Provider(address) => {
                self.flush_before(at);
                self.walk.renew_provider(&address).map(|config| Resolved::Provider(address, config))
            }
            _ => {
                self.flush_before(at);
                self.walk.found = Diagnostics::new();
                self.walk.evaluate_node(at);
                self.findings().map(|_| Resolved::Evaluated)
            }
        };
        if result.is_err() {
            self.failed.insert(at);
        }
        result
    }

    fn flush_for(&mut self, address: &Address) {
        let key = NodeKey::Resource(address.module.path(), address.resource.clone());
        if let Some(at) = self.walk.graph.position(&key) {
            self.flush_before(at);
        }
    }

    /// Puts together the resources that a node refers to. Only these: with thousands of instances the others can wait.
    fn flush_before(&mut self, at: usize) {
        if self.dirty.is_empty() {
            return;
        }
        let graph = self.walk.graph.clone();
        for first in &graph.depends_on[at] {
            let NodeKey::Resource(module, resource) = &graph.nodes[*first] else { continue };
            let config = ConfigResource { module: module.clone(), resource: resource.clone() };
            if let Some(resources) = self.dirty.remove(&config) {
                self.flush(resources);
            }
        }
    }

    fn flush(&mut self, resources: HashSet<ResourceAddress>) {
        for resource in resources {
            let Some(expansion) = self.walk.expansion_of(&resource) else { continue };
            let objects: Vec<(Option<InstanceKey>, Value)> = expansion
                .repetitions()
                .into_iter()
                .filter_map(|repetition| {
                    let address = resource.instance(repetition.key.clone());
                    let value =
                        self.made.get(&address).or_else(|| self.walk.world.instance(&address)).cloned()?;
                    Some((repetition.key, value))
                })
                .collect();
            let value = expansion.aggregate(objects);
            self.walk.world.module_mut(&resource.module).resources.insert(resource.resource.clone(), value);
        }
    }
}

/// The summary of the warning that stands at the end of a narrowed run.
pub const NARROWED_SUMMARY: &str = "Applied changes may be incomplete";

const NARROWED: &str = "The plan was created with the -target option in effect, so some changes requested in the configuration may have been ignored and the output values may not be fully updated. Run the following command to verify that no other changes are pending:\n    snapform plan\n\nNote that the -target option is not suitable for routine use, and is provided only for exceptional situations such as recovering from errors or mistakes, or when Snapform specifically suggests to use it as part of an error message.";

/// Returns where an object says something else than was planned; what was unknown may become anything of its type.
fn contradiction(planned: &Value, object: &Value, path: &mut Path) -> Option<Path> {
    if !planned.is_known() {
        return None;
    }
    if let (Some(before), Some(now)) = (planned.members(), object.members())
        && matches!(planned.kind, Kind::Object(_)) == matches!(object.kind, Kind::Object(_))
    {
        for name in before.keys().chain(now.keys()) {
            path.push(PathStep::Attribute(name.clone()));
            match (before.get(name), now.get(name)) {
                (Some(before), Some(now)) => {
                    if let Some(found) = contradiction(before, now, path) {
                        return Some(found);
                    }
                }
                // An element that turned out to be null is absent.
                (Some(before), None) if matches!(planned.kind, Kind::Map(..)) && !before.is_known() => {}
                _ => return Some(path.clone()),
            }
            path.pop();
        }
        return None;
    }
    if planned.is_wholly_known() {
        return (planned.unmarked_deep() != object.unmarked_deep()).then(|| path.clone());
    }
    match (planned.elements(), object.elements()) {
        (Some(before), Some(now)) if matches!(planned.kind, Kind::Set(..)) || before.len() == now.len() => {
            if matches!(planned.kind, Kind::Set(..)) {
                return None;
            }
            before.iter().zip(now).enumerate().find_map(|(at, (before, now))| {
                path.push(PathStep::Index(at as u64));
                let found = contradiction(before, now, path);
                path.pop();
                found
            })
        }
        _ => Some(path.clone()),
    }
}

fn describe(path: &Path) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Attribute(name) => text.push_str(&format!(".{name}")),
            PathStep::Index(index) => text.push_str(&format!("[{index}]")),
            PathStep::Key(key) => text.push_str(&format!("[{key:?}]")),
        }
    }
    if text.is_empty() { "the object".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Type;

    #[test]
    fn what_was_unknown_may_become_anything() {
        let planned = Value::object([("id", Value::unknown(Type::String)), ("name", Value::from("n"))]);
        let made = Value::object([("id", Value::from("s-1")), ("name", Value::from("n"))]);
        assert_eq!(contradiction(&planned, &made, &mut Vec::new()), None);
    }

    #[test]
    fn what_was_known_must_stay() {
        let planned = Value::object([("name", Value::from("n"))]);
        let made = Value::object([("name", Value::from("m"))]);
        let path = contradiction(&planned, &made, &mut Vec::new()).unwrap();
        assert_eq!(describe(&path), ".name");
    }
}
