//! Our documents against those that Terraform printed.

use crate::plan::credentials::Credentials;
use std::path::Path;

use serde_json::value::RawValue;

use super::changes::{output_changes, resource_changes, shown_changes, shown_drift};
use super::checks::checks_of_plan;
use super::configuration::configuration;
use super::tree::Json;
use super::{plan_json, state_json};
use crate::config::{Config, MemoryFiles, load};
use crate::diagnostic::Sources;
use crate::plan::{Plan, PlanMode};
use crate::render::samples;
use crate::state::{RawJson, State};

/// The members of a plan that can be rebuilt from a plan alone, as they were printed.
#[derive(serde::Deserialize)]
struct Genuine<'a> {
    #[serde(borrow)]
    planned_values: &'a RawValue,
    #[serde(borrow)]
    resource_drift: Option<&'a RawValue>,
    #[serde(borrow)]
    resource_changes: Option<&'a RawValue>,
    #[serde(borrow)]
    output_changes: Option<&'a RawValue>,
    #[serde(borrow)]
    configuration: &'a RawValue,
    #[serde(borrow)]
    checks: Option<&'a RawValue>,
}

fn compact(raw: &RawValue) -> String {
    RawJson::parse(raw.get()).unwrap().as_str().to_owned()
}

fn sample(name: &str, mode: PlanMode) -> (Plan, String) {
    let name = format!("{name}.plan.json");
    (samples::plan(&samples::json(&name), mode), samples::text(&name))
}

fn planned_values(plan: &Plan) -> String {
    let text = plan_json(plan, &Config::default(), &State::default()).to_string();
    #[derive(serde::Deserialize)]
    struct Printed<'a> {
        #[serde(borrow)]
        planned_values: &'a RawValue,
    }
    let printed: Printed<'_> = serde_json::from_str(&text).unwrap();
    printed.planned_values.get().to_owned()
}

fn check(name: &str, mode: PlanMode) {
    let (plan, text) = sample(name, mode);
    let genuine: Genuine<'_> = serde_json::from_str(&text).unwrap();
    let same = |what: &str, ours: Option<Json>, theirs: Option<&RawValue>| {
        assert_eq!(ours.map(|json| json.to_string()), theirs.map(compact), "{what} of {name}");
    };
    let some = |items: Vec<_>| (!items.is_empty()).then(|| Json::from(items));
    same("changes", some(resource_changes(shown_changes(&plan))), genuine.resource_changes);
    same("drift", some(resource_changes(shown_drift(&plan))), genuine.resource_drift);
    same("outputs", output_changes(&plan.outputs).non_empty().map(Json::from), genuine.output_changes);
    same("checks", checks_of_plan(&plan.checks).map(Json::from), genuine.checks);
    assert_eq!(planned_values(&plan), compact(genuine.planned_values), "planned values of {name}");
}

#[test]
fn changes_and_planned_values_print_as_terraforms() {
    for name in [
        "td-01-create",
        "td-03-mixed",
        "td-04-mri",
        "ecs-01-create",
        "ecs-02-update-replace-delete",
        "ecs-03-drift",
        "ecs-05-deposed",
        "ecs-07-import-gen",
        "ecs-09-drift-relevant",
        "misc-errored",
        "misc-outputs-only",
        "misc-rendering-diff",
        "misc-unknowns",
    ] {
        check(name, PlanMode::Normal);
    }
    check("td-05-destroy", PlanMode::Destroy);
}

#[test]
fn drift_of_a_refresh_only_plan_prints_as_terraforms() {
    let (plan, text) = sample("ecs-03-drift-refresh-only", PlanMode::RefreshOnly);
    let genuine: Genuine<'_> = serde_json::from_str(&text).unwrap();
    let drift = Json::from(resource_changes(shown_drift(&plan))).to_string();
    assert_eq!(Some(drift), genuine.resource_drift.map(compact));
    assert_eq!(planned_values(&plan), compact(genuine.planned_values));
}

fn config(files: &[(&str, &str)]) -> Config {
    let mut memory = MemoryFiles::new();
    for (path, name) in files {
        memory.insert(*path, samples::text(name).into_bytes());
    }
    let (config, found) = load(&memory, Path::new(""), &mut Sources::new());
    assert!(!found.has_errors(), "{found:?}");
    config
}

#[test]
fn configurations_print_as_terraforms() {
    let all: [(&str, &[(&str, &str)]); 3] = [
        ("td-01-create", &[("main.tf", "td-01-create.tf")]),
        ("td-03-mixed", &[("main.tf", "td-03-mixed.tf")]),
        ("ecs-01-create", &[("main.tf", "ecs-01.tf")]),
    ];
    for (name, files) in all {
        let text = samples::text(&format!("{name}.plan.json"));
        let genuine: Genuine<'_> = serde_json::from_str(&text).unwrap();
        let config = config(files);
        let ours = Json::from(configuration(&config, &Credentials::of(&config))).to_string();
        assert_eq!(ours, compact(genuine.configuration), "{name}");
    }
}

#[test]
fn states_print_as_terraforms() {
    for name in ["td-01-create", "ecs-01"] {
        let state = State::read(samples::text(&format!("{name}.tfstate.json")).as_bytes()).unwrap();
        let genuine = RawJson::parse(&samples::text(&format!("{name}.state.json"))).unwrap();
        assert_eq!(state_json(&state).to_string(), genuine.as_str(), "{name}");
    }
    assert_eq!(state_json(&State::default()).to_string(), r#"{"format_version":"1.0"}"#);
}
