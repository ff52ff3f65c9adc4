//! `show`: a state or a saved plan, for people or as JSON.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::inspect::ShowArguments;
use super::arguments::values::{StatePathArguments, VariableArguments};
use super::operate::{self, Project, saved_plan};
use super::{Failure, Global, output, outputs};
use crate::disk;
use crate::lang::{Phase, Value};
use crate::plan::planner::{self, Answer, Planned};
use crate::plan::walk::Input;
use crate::plan::{prior, remembered};
use crate::render::{json, text};
use crate::schema::saved;
use crate::state::{Object, ObjectKey, ResourceKey, State, intent};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: ShowArguments) -> anyhow::Result<ExitCode> {
    global.tell_sandbox_at_terminal();
    match &arguments.path {
        None => {
            let state = global.read_state(&StatePathArguments::default()).await?;
            if state.lineage.is_empty() && !arguments.json {
                output::print_line("No state.")?;
                return Ok(ExitCode::SUCCESS);
            }
            show_state(global, &state, arguments.json)
        }
        Some(path) => match state_file(path) {
            Some(state) => show_state(global, &state, arguments.json),
            None => show_plan(global, path, arguments.json),
        },
    }
}

/// Returns the state in a file, if it holds one.
fn state_file(path: &str) -> Option<State> {
    State::read(&disk::read(Path::new(path), crate::state::MAX_BYTES).ok()?).ok()
}

fn show_state(global: &Global, state: &State, as_json: bool) -> anyhow::Result<ExitCode> {
    if as_json {
        output::print_line(json::state_json(state).to_string())?;
    } else {
        output::print(&state_text(global, state)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn state_text(global: &Global, state: &State) -> anyhow::Result<String> {
    let options = operate::text_options(global);
    let objects: Vec<String> = state
        .objects()
        .filter(|(key, ..)| key.resource_type != intent::INTENT_TYPE)
        .map(|(key, _, name, object)| object_text(key, name, object, &options))
        .collect();
    Ok(text::state(&objects, &outputs::values(state)?, &options))
}

/// Returns the text of a remembered object.
pub(crate) fn object_text(
    key: &ResourceKey,
    name: &ObjectKey,
    object: &Object,
    options: &text::Options,
) -> String {
    let address = key.instance_address(name);
    let typed = prior::find_type(&address.resource)
        .and_then(|resource_type| remembered::value_of(resource_type, object).ok());
    let value = typed.or_else(|| {
        let saved = object.attributes.as_ref()?.to_value().ok()?;
        let value = saved::from_untyped_json(&saved);
        Some(object.sensitive_paths().iter().fold(value, |value, path| saved::mark(value, path)))
    });
    let value = value.unwrap_or_else(|| Value::object::<Arc<str>>([]));
    text::object(&address, name.deposed.as_deref(), object.tainted, &value, options)
}

fn show_plan(global: &Global, path: &str, as_json: bool) -> anyhow::Result<ExitCode> {
    with_saved_plan(global, path, |project, state, planned| {
        if as_json {
            let prior = operate::refreshed_state(state, &planned.plan);
            output::print_line(json::plan_json(&planned.plan, &project.config, &prior).to_string())
        } else {
            output::print(&operate::show(global, &planned.plan))
        }
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Plans again from what a file holds, and looks at the result; no cloud is read.
pub(super) fn with_saved_plan<T>(
    global: &Global,
    path: &str,
    look: impl FnOnce(&Project, &State, &Planned<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let saved = saved_plan::read(global, path)?;
    let project = Project::load_saved(global, &saved, &VariableArguments::default(), false, true)?;
    let state = State::read(saved.state.as_bytes())?;
    let environment = operate::environment(global, saved.made_at, Phase::Plan);
    let input = Input {
        config: &project.config,
        sources: &project.sources,
        variables: &project.variables,
        state: &state,
        observations: &saved.observations,
        environment: &environment,
        workspace: &saved.workspace,
        now: saved.made_at,
        seed: saved.seed,
        options: &saved.options,
        graph: Some(&project.graph),
        priors: None,
    };
    let planned = match planner::plan(&input) {
        Answer::Planned(planned) => planned,
        Answer::Refused(found) => return Err(Failure::of(found, project.sources.clone()).into()),
        Answer::NeedReads(_) => {
            return Err(Failure::new(
                "Saved plan does not hold any more",
                format!(
                    "Evaluating the configuration in {path} asks for objects that were not read when the plan was made: a file that the configuration reads differs. Make a new plan."
                ),
            )
            .into());
        }
    };
    // Without the values that a plan does not keep, conditions that use them are undecided here.
    let is_whole = project.is_whole
        && saved.withheld.is_empty()
        && project.config.root.variables.values().all(|variable| !variable.ephemeral);
    if is_whole {
        saved_plan::refuse_different(&planned, &saved)?;
    }
    look(&project, &state, &planned)
}
