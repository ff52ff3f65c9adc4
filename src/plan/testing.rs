//! Scenarios: what is declared on one side, a made-up world on the other, and the plan between them as text.
//!
//! A file of scenarios holds, for each, a title (`###`) and stages. A stage begins with `=== plan OPTIONS`; then come the
//! text of `main.tf`, further files behind `--- PATH`, facts about the world behind `--- world`, and behind `>>>` the plan
//! as text. Each stage starts from the state that the stage before it left: its plan is carried out in memory, with made-up
//! values for what a cloud would compute. With the option `noapply` it is not.
//!
//! Facts about the world, one a line: `ADDRESS absent|leaving|expired DATE|failed WORD|unread WHY|{attributes}` for what a
//! read finds (without a fact: what is remembered), `import ID {attributes}` for objects to import, `data ADDRESS {attributes}`
//! for data sources, `taint ADDRESS`, `depose ADDRESS KEY` and `foreign ADDRESS {attributes}` for the state before the plan, and
//! `terraform wrote the state`, which then lacks what only we know.
//!
//! The expected texts of scenarios without clouds are those of Terraform 1.11.4, unless the title says `ours:`.

mod carry_out;
mod shuffle;
mod text;

pub(super) use shuffle::run_shuffled;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::config::{Assignment, Config, MemoryFiles, VariableSources, load, variable_values};
use crate::diagnostic::{Diagnostics, Sources};
use crate::lang::address::Address;
use crate::lang::{Environment, NoFiles, Phase, Value};
use crate::schema::saved;
use crate::state::{Object, ObjectKey, RawJson, ResourceKey, State, Target as StateTarget};

use super::observed::{Condition, DataRead, ObjectRead, Observations, Observed};
use super::options::{Options, PlanMode, Target};
use super::planner::{self, Answer, Planned};
use super::prior::{KeptPriors, find_type};
use super::remembered;
use super::walk::Input;

/// One stage of a scenario.
#[derive(Default)]
pub(super) struct Stage {
    /// `plan` and its options.
    pub(super) head: String,
    /// The files, in the order in which they are written.
    pub(super) files: Vec<(String, String)>,
    /// The plan as text.
    pub(super) expected: String,
}

/// One scenario.
pub(super) struct Scenario {
    /// What it shows.
    pub(super) title: String,
    /// Its stages.
    pub(super) stages: Vec<Stage>,
}

/// Runs all scenarios of a file and compares the plans. With `SNAPFORM_BLESS` set, writes what came out into the file.
pub(super) fn run(file: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plan/tests/scenarios").join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    let mut failures = String::new();
    let mut scenarios = parse(&text);
    for scenario in &mut scenarios {
        let mut state = State::default();
        for (at, stage) in scenario.stages.iter_mut().enumerate() {
            let got = play(stage, &mut state);
            if got.trim_end() != stage.expected.trim_end() {
                let diff = similar::TextDiff::from_lines(stage.expected.trim_end(), got.trim_end());
                let _ = writeln!(failures, "### {} [stage {}]", scenario.title, at + 1);
                for change in diff.iter_all_changes() {
                    let _ = writeln!(failures, "{}{}", change.tag(), change.value().trim_end_matches('\n'));
                }
                stage.expected = got;
            }
        }
    }
    if !failures.is_empty() && std::env::var_os("SNAPFORM_BLESS").is_some() {
        std::fs::write(&path, print(&scenarios)).unwrap();
    }
    assert!(failures.is_empty(), "{file}:\n{failures}");
}

/// Returns the plan of one configuration over an empty state, with its steps, as text.
pub(super) fn plan_of(text: &str) -> String {
    let case = Case::of(text);
    let (state, mut observations) = (State::default(), Observations::default());
    let planned = case.plan(&state, &mut observations).unwrap();
    let plan = planned.plan;
    text::plan(&plan) + &super::order::describe(&plan.changes, &plan.steps)
}

/// Returns what a configuration over a state asks for first: the addresses of objects and of data sources.
pub(super) fn first_reads(text: &str, state: &str) -> (Vec<String>, Vec<String>) {
    let case = Case::of(text);
    let state = State::read(state.as_bytes()).unwrap();
    match planner::plan(&case.input(&state, &Observations::default())) {
        Answer::NeedReads(reads) => (
            reads.objects.iter().map(|read| read.name.address.to_string()).collect(),
            reads.data.iter().map(|read| read.address.to_string()).collect(),
        ),
        Answer::Planned(_) => (Vec::new(), Vec::new()),
        Answer::Refused(found) => panic!("{}", text::findings(&found, &case.sources)),
    }
}

/// Reads a file of scenarios.
pub(super) fn parse(text: &str) -> Vec<Scenario> {
    let mut scenarios: Vec<Scenario> = Vec::new();
    let mut expecting = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            scenarios.push(Scenario { title: title.to_owned(), stages: Vec::new() });
            continue;
        }
        let Some(scenario) = scenarios.last_mut() else { continue };
        if let Some(head) = line.strip_prefix("=== ") {
            expecting = false;
            let files = vec![("main.tf".to_owned(), String::new())];
            scenario.stages.push(Stage { head: head.to_owned(), files, ..Stage::default() });
            continue;
        }
        let Some(stage) = scenario.stages.last_mut() else { continue };
        if line == ">>>" {
            expecting = true;
        } else if let Some(name) = line.strip_prefix("--- ").filter(|_| !expecting) {
            stage.files.push((name.to_owned(), String::new()));
        } else {
            let text = match stage.files.last_mut() {
                Some((_, text)) if !expecting => text,
                _ => &mut stage.expected,
            };
            text.push_str(line);
            text.push('\n');
        }
    }
    scenarios
}

fn print(scenarios: &[Scenario]) -> String {
    let mut text = String::new();
    for scenario in scenarios {
        let _ = writeln!(text, "### {}", scenario.title);
        for stage in &scenario.stages {
            let _ = writeln!(text, "=== {}", stage.head);
            for (at, (name, content)) in stage.files.iter().enumerate() {
                if at > 0 {
                    let _ = writeln!(text, "--- {name}");
                }
                let _ = writeln!(text, "{}", content.trim_end());
            }
            let _ = writeln!(text, ">>>");
            if !stage.expected.trim_end().is_empty() {
                let _ = writeln!(text, "{}", stage.expected.trim_end());
            }
        }
        text.push('\n');
    }
    text
}

/// What a stage declares and what the world has.
pub(super) struct Case {
    pub(super) config: Config,
    pub(super) sources: Sources,
    pub(super) variables: BTreeMap<Arc<str>, Value>,
    pub(super) options: Options,
    pub(super) environment: Environment,
    world: Vec<String>,
}

/// Plans a stage and returns the plan as text; the state becomes what apply leaves.
fn play(stage: &Stage, state: &mut State) -> String {
    let (case, mut all) = match Case::new(stage) {
        Ok(loaded) => loaded,
        Err((sources, found)) => return text::findings(&found, &sources),
    };
    case.prepare(state);
    let before = state.clone();
    let mut observations = Observations::default();
    let planned = match case.plan(&before, &mut observations) {
        Ok(planned) => planned,
        Err(refused) => return text::findings(&refused, &case.sources),
    };
    assert_eq!(super::check::check(&planned.plan), [""; 0]);
    all.extend(planned.found.clone());
    let mut out = text::findings(&all, &case.sources);
    out.push_str(&text::plan(&planned.plan));
    if !planned.plan.errored && !stage.head.contains(" noapply") {
        match carry_out::carry_out(*planned, state) {
            Ok(()) => {}
            Err(found) => {
                let summaries: Vec<&str> = found.iter().map(|each| each.summary.as_str()).collect();
                let _ = writeln!(out, "apply failed: {}", summaries.join("; "));
            }
        }
    }
    out
}

impl Case {
    /// Loads one configuration that has nothing wrong.
    fn of(text: &str) -> Self {
        let stage = Stage {
            head: "plan".to_owned(),
            files: vec![("main.tf".to_owned(), text.to_owned())],
            ..Stage::default()
        };
        let loaded = Self::new(&stage);
        loaded.unwrap_or_else(|(sources, found)| panic!("{}", text::findings(&found, &sources))).0
    }

    /// Loads a stage, with warnings.
    ///
    /// # Errors
    /// What is wrong with the configuration, and its texts.
    pub(super) fn new(stage: &Stage) -> Result<(Self, Diagnostics), (Sources, Diagnostics)> {
        let mut files = MemoryFiles::new();
        let mut world = Vec::new();
        for (name, content) in &stage.files {
            match name.as_str() {
                "world" => world.extend(content.lines().map(str::to_owned)),
                _ => files.insert(name, content.as_str()),
            }
        }
        let mut sources = Sources::new();
        let (mut config, mut found) = load(&files, Path::new(""), &mut sources);
        let arguments: Vec<&str> = stage.head.split_whitespace().skip(1).collect();
        let assignments: Vec<Assignment> = arguments
            .iter()
            .filter_map(|argument| argument.strip_prefix("-var="))
            .map(|text| Assignment::Argument(text.to_owned()))
            .collect();
        let (variables, wrong) = variable_values(
            &mut config.root,
            &mut VariableSources {
                files: &files,
                folder: Path::new(""),
                environment: &[],
                assignments: &assignments,
                ask: &mut |_| None,
                may_be_unset: false,
            },
            &mut sources,
        );
        found.extend(wrong);
        if found.has_errors() {
            return Err((sources, found));
        }
        let case = Self {
            config,
            sources,
            variables,
            options: options(&arguments),
            environment: environment(),
            world,
        };
        let (state, observations) = (State::default(), Observations::default());
        found.extend(planner::validate(&case.input(&state, &observations)).found);
        if found.has_errors() { Err((case.sources, found)) } else { Ok((case, found)) }
    }

    /// Plans, answering what the planner asks for from the facts about the world.
    pub(super) fn plan<'a>(
        &'a self,
        state: &'a State,
        observations: &'a mut Observations,
    ) -> Result<Box<Planned<'a>>, Diagnostics> {
        // Leaked, as the input below: the plan borrows from it, and a test ends soon.
        let priors: &KeptPriors = Box::leak(Box::default());
        for _ in 0..10 {
            let reads =
                match planner::plan(&Input { priors: Some(priors), ..self.input(state, observations) }) {
                    Answer::Planned(_) => break,
                    Answer::Refused(found) => return Err(found),
                    Answer::NeedReads(reads) => reads,
                };
            for read in &reads.objects {
                observations.objects.insert(read.name.clone(), self.observe(read));
            }
            for read in &reads.data {
                observations.data.insert(read.address.clone(), (read.config.clone(), self.read(read)));
            }
        }
        let input = Box::leak(Box::new(Input { priors: Some(priors), ..self.input(state, observations) }));
        match planner::plan(input) {
            Answer::Planned(planned) => Ok(planned),
            Answer::Refused(found) => Err(found),
            Answer::NeedReads(reads) => panic!("the planner asks without end: {reads:?}"),
        }
    }

    pub(super) fn input<'a>(&'a self, state: &'a State, observations: &'a Observations) -> Input<'a> {
        Input {
            config: &self.config,
            sources: &self.sources,
            variables: &self.variables,
            state,
            observations,
            environment: &self.environment,
            workspace: "default",
            now: self.environment.now,
            seed: uuid::Uuid::nil(),
            options: &self.options,
            graph: None,
            priors: None,
        }
    }

    fn facts<'a>(&'a self, subject: &str) -> Option<&'a str> {
        self.world.iter().find_map(|line| line.strip_prefix(subject)?.strip_prefix(' '))
    }

    fn observe(&self, read: &ObjectRead) -> Observed {
        let imported = read.value.members().is_some_and(|members| members.len() == 1);
        let subject = if imported { format!("import {}", read.id) } else { read.name.address.to_string() };
        let present = |value, condition| Observed::Present { id: read.id.clone(), value, condition };
        let Some(fact) = self.facts(&subject).filter(|_| read.name.deposed.is_none()) else {
            return if imported { Observed::Absent } else { present(read.value.clone(), Condition::Usable) };
        };
        let (word, rest) = fact.split_once(' ').unwrap_or((fact, ""));
        match word {
            "absent" => Observed::Absent,
            "unclear" => Observed::Unclear(rest.to_owned()),
            "unread" => Observed::Unread(rest.to_owned()),
            "leaving" => present(read.value.clone(), Condition::Leaving),
            "expired" => present(read.value.clone(), Condition::Expired(Some(rest.to_owned()))),
            "failed" => present(read.value.clone(), Condition::Failed(rest.to_owned())),
            _ => {
                let resource_type = find_type(&read.name.address.resource).unwrap();
                let base = if imported { resource_type.block.null_object() } else { read.value.clone() };
                let value =
                    overlay(resource_type, &overlay_value(&base, "id", Value::string(&read.id)), fact);
                present(value, Condition::Usable)
            }
        }
    }

    fn read(&self, read: &DataRead) -> Result<Value, String> {
        let resource_type = find_type(&read.address.resource).unwrap();
        let fact = self.facts(&format!("data {}", read.address)).unwrap_or("{}");
        if let Some(why) = fact.strip_prefix("fails ") {
            return Err(why.to_owned());
        }
        let mut value = resource_type.block.null_object();
        for (name, given) in read.config.members().into_iter().flatten().filter(|(_, given)| !given.is_null())
        {
            value = overlay_value(&value, name, given.clone());
        }
        Ok(overlay(resource_type, &value, fact))
    }

    /// Brings the state to what the facts about it say.
    fn prepare(&self, state: &mut State) {
        for line in &self.world {
            if line == "terraform wrote the state" {
                let resources = state.resources.values_mut();
                resources
                    .flat_map(|entry| entry.objects.values_mut())
                    .for_each(|object| object.snapform = None);
            }
            if let Some(address) = line.strip_prefix("taint ") {
                let (resource, key) = keys(address);
                let object = state.resources.get_mut(&resource).and_then(|entry| entry.objects.get_mut(&key));
                if let Some(object) = object {
                    object.tainted = true;
                }
            }
            if let Some((address, deposed)) =
                line.strip_prefix("depose ").and_then(|rest| rest.split_once(' '))
            {
                let (resource, key) = keys(address);
                let Some(object) = state.object(&resource, &key).cloned() else { continue };
                let provider = state.resources[&resource].provider.clone();
                let key = ObjectKey { deposed: Some(deposed.to_owned()), ..key };
                state.put_object(&resource, &provider, key, object);
            }
            if let Some((address, json)) = line.strip_prefix("foreign ").and_then(|rest| rest.split_once(' '))
            {
                let (resource, key) = keys(address);
                let object = Object { attributes: Some(RawJson::parse(json).unwrap()), ..Object::default() };
                let provider = "provider[\"registry.terraform.io/aliyun/alicloud\"]";
                state.put_object(&resource, provider, key, object);
            }
        }
    }
}

fn keys(address: &str) -> (ResourceKey, ObjectKey) {
    let Some(StateTarget::Resource(resource, index)) = StateTarget::parse(address) else {
        panic!("{address} is no address");
    };
    (resource, ObjectKey::current(index))
}

fn overlay(resource_type: &crate::schema::ResourceType, base: &Value, json: &str) -> Value {
    let json: serde_json::Value = serde_json::from_str(json).unwrap();
    let object_type = resource_type.object_type();
    let crate::lang::Type::Object(types) = &object_type else { panic!("{object_type}") };
    json.as_object().unwrap().iter().fold(base.clone(), |value, (name, json)| {
        let ty = types.attributes.get(name.as_str()).unwrap_or_else(|| panic!("no attribute {name}"));
        overlay_value(&value, name, saved::from_json(json, ty).unwrap())
    })
}

fn overlay_value(base: &Value, name: &str, value: Value) -> Value {
    let members = base.members().unwrap().clone();
    Value::object(members.into_iter().chain([(Arc::from(name), value)]))
}

/// Puts a made or read object into a state.
pub(super) fn put(state: &mut State, address: &Address, provider: &str, value: &Value) -> &'static str {
    let resource_type = find_type(&address.resource).unwrap();
    let mut object = Object::default();
    remembered::put_value(resource_type, value, false, &mut object);
    state.put_object(&address.into(), provider, address.into(), object);
    resource_type.name
}

fn options(arguments: &[&str]) -> Options {
    let target = |text: &str| match StateTarget::parse(text) {
        Some(StateTarget::Module(module)) => Target::Module(module),
        Some(StateTarget::Resource(key, index)) => {
            let address = key.resource_address();
            Target::Resource(address.module, address.resource, index)
        }
        None => panic!("{text} is no target"),
    };
    let mut options = Options::default();
    for argument in arguments {
        match argument.split_once('=').unwrap_or((argument, "")) {
            ("-destroy", _) => options.mode = PlanMode::Destroy,
            ("-refresh-only", _) => options.mode = PlanMode::RefreshOnly,
            ("-refresh", "false") => options.refresh = false,
            ("-accept-gone", _) => options.accept_gone = true,
            ("-target", text) => options.targets.push(target(text)),
            ("-exclude", text) => options.excludes.push(target(text)),
            ("-replace", text) => {
                let (resource, key) = keys(text);
                options.replace.push(resource.instance_address(&key));
            }
            ("-var", _) | ("noapply", _) => {}
            other => panic!("unknown option {other:?}"),
        }
    }
    options
}

fn environment() -> Environment {
    let now = jiff::Timestamp::from_second(1_760_000_000).unwrap();
    Environment {
        files: Arc::new(NoFiles),
        working_folder: "/".into(),
        home_folder: None,
        plan_timestamp: Some(now),
        now,
        phase: Phase::Plan,
        budget: Arc::default(),
    }
}
