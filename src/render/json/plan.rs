//! A plan as `show -json` prints it: `format_version` 1.2.

use std::borrow::Cow;

use super::changes::{output_changes, resource_changes, shown_changes, shown_drift};
use super::checks::checks_of_plan;
use super::configuration::configuration;
use super::instance::{divide, identity, ours_member};
use super::modules::module_tree;
use super::state::prior_state;
use super::tree::{Json, Members};
use super::value::{known, path, sensitive_shape};
use crate::config::{Config, TERRAFORM_VERSION};
use crate::plan::credentials::Credentials;
use crate::plan::prior::find_type;
use crate::plan::{Change, Plan, PlanMode, ResourceChange, remembered};
use crate::schema::saved;
use crate::state::State;

/// Returns the document of a plan. `prior` is the state that the plan starts from, after refresh.
pub fn plan_json(plan: &Plan, config: &Config, prior: &State) -> Json {
    let drift = resource_changes(shown_drift(plan));
    // A refresh-only plan proposes nothing, so there is no list at all.
    let changes = match plan.mode {
        PlanMode::RefreshOnly => Vec::new(),
        _ => resource_changes(shown_changes(plan)),
    };
    let relevant = relevant_attributes(plan);
    let credentials = Credentials::of(config);
    Members::new()
        .with("format_version", "1.2")
        .with("terraform_version", TERRAFORM_VERSION)
        .maybe("variables", variables(plan, config, &credentials).non_empty())
        .with("planned_values", planned_values(plan))
        .maybe("resource_drift", (!drift.is_empty()).then_some(drift))
        .maybe("resource_changes", (!changes.is_empty()).then_some(changes))
        .maybe("output_changes", output_changes(&plan.outputs).non_empty())
        .maybe("prior_state", prior_state(&with_known_outputs(plan, prior)))
        .with("configuration", configuration(&written(plan, config), &credentials))
        .maybe("relevant_attributes", (!relevant.is_empty()).then_some(relevant))
        .maybe("checks", checks_of_plan(&plan.checks))
        .with("timestamp", plan.made_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
        .with("applyable", plan.is_applyable())
        .with("complete", plan.is_complete())
        .with("errored", plan.errored)
        .into()
}

/// The configuration as people wrote it: blocks that were generated for this plan are no part of it.
fn written<'a>(plan: &Plan, config: &'a Config) -> Cow<'a, Config> {
    let mut config = Cow::Borrowed(config);
    for change in plan.changes.iter().filter(|change| change.generated_config.is_some()) {
        config.to_mut().root.resources.shift_remove(&change.address.resource);
    }
    config
}

/// Terraform notes outputs in the prior state as soon as their values are known, before anything is applied.
fn with_known_outputs(plan: &Plan, prior: &State) -> State {
    let mut prior = prior.clone();
    if plan.mode == PlanMode::Destroy {
        return prior;
    }
    remembered::put_known_outputs(&plan.outputs, &mut prior);
    prior
}

/// The values that were given, and the defaults of the other variables.
fn variables(plan: &Plan, config: &Config, credentials: &Credentials) -> Members {
    let hidden = credentials.variables();
    let given = plan.variables.iter().map(|(name, value)| (name, Some(value)));
    let others = config
        .root
        .variables
        .iter()
        .filter(|(name, variable)| variable.default.is_some() && !plan.variables.contains_key(*name));
    let others = others.map(|(name, variable)| (name, variable.default.as_ref()));
    let all = given.chain(others).map(|(name, value)| {
        // What feeds credentials is no part of a plan, nor of what is shown of it.
        let entry = Members::new().maybe("value", value.filter(|_| !hidden.contains(name)).and_then(known));
        (name.to_string(), entry.into())
    });
    all.collect::<Members>().sorted()
}

fn planned_values(plan: &Plan) -> Members {
    let outputs: Members = plan
        .outputs
        .iter()
        .filter_map(|(name, change)| {
            let after = change.after.as_ref()?;
            let known_after = after.is_wholly_known().then_some(after);
            let entry = Members::new()
                .with("sensitive", change.sensitive)
                .maybe("type", known_after.map(|value| Json::from(&saved::type_to_json(&value.type_of()))))
                .maybe("value", known_after.and_then(known));
            Some((name.to_string(), entry.into()))
        })
        .collect();
    let mut entries: Vec<(String, &ResourceChange)> = plan
        .changes
        .iter()
        .filter(|change| change.deposed.is_none() && !matches!(change.change, Change::Delete { .. }))
        .map(|change| (change.address.to_string(), change))
        .collect();
    if plan.mode == PlanMode::RefreshOnly {
        entries.clear();
    }
    // Unlike the changes, these are in the order of the texts of their addresses.
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    let resources = entries
        .into_iter()
        .map(|(address, change)| (change.address.module.clone(), planned_resource(address, change)));
    Members::new().maybe("outputs", outputs.non_empty()).with("root_module", module_tree(resources))
}

fn planned_resource(address: String, change: &ResourceChange) -> Members {
    let parts = change.change.after().map(|object| divide(&change.address, object));
    let theirs = parts.as_ref().map(|parts| &parts.theirs);
    let version = find_type(&change.address.resource).map_or(0, |known| known.version);
    identity(Members::new().with("address", address), &change.address, &change.provider.source)
        .with("schema_version", version)
        .maybe("values", theirs.and_then(known).filter(|json| *json != Json::Null))
        .with("sensitive_values", theirs.map_or(Json::Bool(false), sensitive_shape))
        .maybe("snapform", ours_member(parts.as_ref().and_then(|parts| parts.ours.as_ref())))
}

fn relevant_attributes(plan: &Plan) -> Vec<Members> {
    plan.relevant
        .iter()
        .map(|(resource, attribute)| {
            Members::new().with("resource", resource.to_string()).with("attribute", path(attribute))
        })
        .collect()
}
