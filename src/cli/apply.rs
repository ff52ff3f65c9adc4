//! `apply` and `destroy`: carry out a plan.

use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::operate::{ApplyArguments, CalledAs};
use super::operate::{self, Operation, Project, View, plan_options, saved_plan};
use super::{Failure, Global, output, prompt};
use crate::apply::{Clouds, Resolver, Run, apply};
use crate::diagnostic::{Diagnostic, Sources};
use crate::plan::file::Saved;
use crate::plan::planner::Planned;
use crate::plan::resolve::NARROWED_SUMMARY;
use crate::plan::{Options, PlanMode, guard};
use crate::state::DEFAULT_WORKSPACE;

/// Runs the command.
pub(crate) async fn run(global: &Global, mut arguments: ApplyArguments) -> anyhow::Result<ExitCode> {
    let view = View::open(global, arguments.operation.json)?;
    arguments.operation.input &= view.is_text();
    let ended = run_with(global, &arguments, &view).await;
    view.end(ended)
}

async fn run_with(global: &Global, arguments: &ApplyArguments, view: &View) -> anyhow::Result<ExitCode> {
    if let Some(path) = &arguments.saved_plan {
        return run_saved(global, arguments, path, view).await;
    }
    if !view.is_text() && !arguments.auto_approve {
        return Err(Failure::new(
            "Plan file or auto-approve required",
            format!(
                "{} cannot ask for interactive approval when -json is set. You can either apply a saved plan file, or enable the -auto-approve option.",
                global.product()
            ),
        )
        .into());
    }
    let options = plan_options(&arguments.plan)?;
    if options.mode != PlanMode::Destroy && arguments.called_as != CalledAs::Refresh {
        operate::require_configuration(
            "Apply requires configuration to be present. Applying without a configuration would mark everything for destruction, which is normally not what is desired. If you would like to destroy everything, run 'snapform destroy' instead.",
        )?;
    }
    let events = view.events(global);
    let variables = &arguments.plan.variables;
    let mut operation =
        Operation::begin(global, "OperationTypeApply", variables, &arguments.operation, events).await?;
    operation.run.wait = !arguments.no_wait;
    operation.run.protect_tags.clone_from(&arguments.plan.protect_tag);
    let result = plan_and_apply(&mut operation, arguments, &options, view).await;
    operation.end(result).await
}

/// Carries out a saved plan: the very changes that were shown, or none.
async fn run_saved(
    global: &Global,
    arguments: &ApplyArguments,
    path: &str,
    view: &View,
) -> anyhow::Result<ExitCode> {
    refuse_plan_options(arguments)?;
    let saved = saved_plan::read(global, path)?;
    let project =
        Project::load_saved(global, &saved, &arguments.plan.variables, arguments.operation.input, false)?;
    let events = view.events(global);
    let mut operation =
        Operation::begin_with(global, project, "OperationTypeApply", &arguments.operation, events).await?;
    operation.now = saved.made_at;
    operation.run.wait = !arguments.no_wait;
    operation.run.protect_tags.clone_from(&arguments.plan.protect_tag);
    let result = apply_saved(&mut operation, arguments, &saved, view).await;
    operation.end(result).await
}

async fn apply_saved(
    operation: &mut Operation<'_>,
    arguments: &ApplyArguments,
    saved: &Saved,
    view: &View,
) -> anyhow::Result<ExitCode> {
    operation.settle_intents(&saved.options, true).await?;
    saved_plan::refuse_stale(operation, saved)?;
    operate::refuse_unpushed(operation)?;
    if operation.state.lineage.is_empty() {
        operation.state.lineage = saved.lineage();
        operation.run.first_since = Some(saved.made_at);
    }
    let mut session = operation.session.take();
    let shared = &*operation;
    let observations = saved.observations.clone();
    let result = shared
        .with_plan_from(&saved.options, saved.seed, observations, async |planned, _observations| {
            saved_plan::refuse_different(&planned, saved)?;
            if planned.plan.errored {
                return Err(Failure::new(
                    "Cannot apply incomplete plan",
                    "Snapform encountered an error when generating this plan, so it cannot be applied.",
                )
                .into());
            }
            match &mut session {
                Some(session) => carry_out(shared, arguments, planned, session, Approval::Given, view).await,
                None => Ok(ExitCode::FAILURE),
            }
        })
        .await;
    operation.session = session;
    result
}

/// What a saved plan does is fixed: options that ask for another plan are refused rather than ignored.
fn refuse_plan_options(arguments: &ApplyArguments) -> Result<(), Failure> {
    let plan = &arguments.plan;
    let given = [
        ("-destroy", plan.destroy),
        ("-refresh-only", plan.refresh_only),
        ("-refresh=false", !plan.refresh),
        ("-replace", !plan.replace.is_empty()),
        ("-target", !plan.target.is_empty()),
        ("-target-file", !plan.target_file.is_empty()),
        ("-exclude", !plan.exclude.is_empty()),
        ("-exclude-file", !plan.exclude_file.is_empty()),
        ("-accept-gone", plan.accept_gone),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((name, _)) => Err(Failure::new(
            "Options of planning beside a saved plan",
            format!(
                "The option {name} decides what a plan does, and a saved plan is fixed. Leave the option out, or make a new plan with it."
            ),
        )),
        None => Ok(()),
    }
}

/// Whether the user has to be asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Approval {
    /// The plan is a saved one, or `-auto-approve` was given.
    Given,
    /// A typed `yes` is needed.
    Needed,
}

async fn plan_and_apply(
    operation: &mut Operation<'_>,
    arguments: &ApplyArguments,
    options: &Options,
    view: &View,
) -> anyhow::Result<ExitCode> {
    operate::refuse_unpushed(operation)?;
    operation.settle_intents(options, true).await?;
    if arguments.called_as == CalledAs::Refresh && operation.state.resources.is_empty() {
        let detail =
            "There are currently no remote objects tracked in the state, so there is nothing to refresh.";
        let warning = Diagnostic::warning("Empty or non-existent state", detail);
        view.findings(operation.global, &Sources::new(), &[warning].into_iter().collect(), false)?;
    }
    let seed = uuid::Uuid::new_v4();
    let mut session = operation.session.take();
    let shared = &*operation;
    let result = shared
        .with_plan(options, seed, async |planned, _observations| match &mut session {
            Some(session) => {
                let approval = if arguments.auto_approve { Approval::Given } else { Approval::Needed };
                carry_out(shared, arguments, planned, session, approval, view).await
            }
            None => Ok(ExitCode::FAILURE),
        })
        .await;
    operation.session = session;
    result
}

async fn carry_out(
    operation: &Operation<'_>,
    arguments: &ApplyArguments,
    mut planned: Box<Planned<'_>>,
    session: &mut crate::state::Session,
    approval: Approval,
    view: &View,
) -> anyhow::Result<ExitCode> {
    let global = operation.global;
    let sources = &operation.project.sources;
    let compact = arguments.operation.compact_warnings;
    let guarded = guard::check(&planned.plan, arguments.plan.max_destroy, &arguments.plan.protect_tag);
    planned.plan.errored |= guarded.has_errors();
    let mut found = operation.project.warnings.clone();
    found.extend(std::mem::take(&mut planned.found));
    found.extend(guarded);
    let found = operation.project.located(&found);
    let state = operate::refreshed_state(&operation.state, &planned.plan);
    // A file that was asked for is written even when it says nothing new.
    let asked_for =
        arguments.operation.paths.state_out.as_ref().is_some_and(|path| !std::path::Path::new(path).exists());
    let state_changed =
        asked_for || operation.recovered || state.content_digest() != operation.state.content_digest();
    let destroy = planned.plan.mode == PlanMode::Destroy;
    if arguments.saved_plan.is_some() {
        view.saved_plan(&planned.plan)?;
    } else if arguments.called_as != CalledAs::Refresh {
        view.plan(global, &planned.plan)?;
    }
    // The warnings of a saved plan were given when it was made.
    if arguments.saved_plan.is_none() || found.has_errors() {
        view.findings(global, sources, &found, compact)?;
    }
    if found.has_errors() {
        return Ok(ExitCode::FAILURE);
    }
    if planned.plan.has_changes() && approval == Approval::Needed {
        let (question, description) = question(global, &operation.project.workspace, planned.plan.mode);
        let asked = {
            let global = global.clone();
            tokio::task::spawn_blocking(move || prompt::confirm(&global, &question, &description))
        };
        if !operate::unless_interrupted(&operation.interrupt, asked).await??? {
            output::print(if destroy { "Destroy cancelled.\n" } else { "Apply cancelled.\n" })?;
            return Ok(ExitCode::FAILURE);
        }
    }
    let plan = Arc::new(planned.plan);
    let mut resolver = Resolver::new(planned.walk, plan.clone());
    let mut journal = operation.journal();
    let clouds = Clouds { reader: operation.connections.clone(), writer: operation.connections.clone() };
    let outcome = apply(Run {
        plan: &plan,
        state,
        state_changed,
        clouds,
        resolver: &mut resolver,
        store: &mut *session,
        journal: &mut journal,
        events: &*operation.events,
        interrupt: operation.interrupt.clone(),
        options: operation.run.clone(),
    })
    .await;
    let _ = operation.saves.set(outcome.saves);
    // Before anything is printed: nobody may be reading any more, and then this would be lost.
    let kept = match &outcome.unsaved {
        Some(error) => Some(operate::keep_unsaved(&outcome.state, error, session).await),
        None => None,
    };
    let mut said = operation.project.located(&outcome.diagnostics);
    if arguments.called_as == CalledAs::Refresh {
        // A narrowed refresh leaves nothing undone that somebody asked for.
        said = said.into_iter().filter(|found| found.summary != NARROWED_SUMMARY).collect();
    }
    let shown = view.findings(global, sources, &said, compact);
    if let Some(kept) = kept {
        return Err(kept.into());
    }
    shown?;
    if !outcome.complete || outcome.diagnostics.has_errors() {
        if view.is_text() && arguments.called_as != CalledAs::Refresh {
            output::note(&operate::failed_summary(&outcome.summary, global.sandbox));
        }
        return Ok(ExitCode::FAILURE);
    }
    let state_out = arguments.operation.paths.state_out.as_deref();
    let summary = (arguments.called_as != CalledAs::Refresh).then_some(&outcome.summary);
    view.applied(global, summary, &outcome.state, arguments.called_as == CalledAs::Destroy, state_out)?;
    // As at the end of the operation: the program is about to end.
    std::mem::forget((resolver, plan, outcome));
    Ok(ExitCode::SUCCESS)
}

fn question(global: &Global, workspace: &str, mode: PlanMode) -> (String, String) {
    let name = global.product();
    let place = match workspace {
        DEFAULT_WORKSPACE => String::new(),
        workspace => format!(" in workspace {workspace:?}"),
    };
    match mode {
        PlanMode::Destroy => (
            format!("\nDo you really want to destroy all resources{place}?"),
            format!(
                "{name} will destroy all your managed infrastructure, as shown above.\nThere is no undo. Only 'yes' will be accepted to confirm."
            ),
        ),
        PlanMode::RefreshOnly => {
            let state = match workspace {
                DEFAULT_WORKSPACE => format!("{name} state"),
                workspace => format!("{name} state for {workspace:?}"),
            };
            (
                format!("\nWould you like to update the {state} to reflect these detected changes?"),
                format!(
                    "{name} will write these changes to the state without modifying any real infrastructure.\nThere is no undo. Only 'yes' will be accepted to confirm."
                ),
            )
        }
        PlanMode::Normal => (
            format!("\nDo you want to perform these actions{place}?"),
            format!(
                "{name} will perform the actions described above.\nOnly 'yes' will be accepted to approve."
            ),
        ),
    }
}
