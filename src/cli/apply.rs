//! `apply` and `destroy`: carry out a plan.

use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::operate::ApplyArguments;
use super::operate::{self, Operation, plan_options};
use super::{Global, output, prompt};
use crate::apply::{Clouds, Resolver, Run, apply};
use crate::plan::planner::Planned;
use crate::plan::{Options, PlanMode, guard};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: ApplyArguments) -> anyhow::Result<ExitCode> {
    let options = plan_options(&arguments.plan)?;
    let events = operate::listener(global);
    let variables = &arguments.plan.variables;
    let mut operation =
        Operation::begin(global, "OperationTypeApply", variables, &arguments.operation, events).await?;
    operation.run.wait = !arguments.no_wait;
    operation.run.protect_tags.clone_from(&arguments.plan.protect_tag);
    let result = plan_and_apply(&mut operation, &arguments, &options).await;
    operation.end(result).await
}

async fn plan_and_apply(
    operation: &mut Operation<'_>,
    arguments: &ApplyArguments,
    options: &Options,
) -> anyhow::Result<ExitCode> {
    operation.settle_intents(options, true).await?;
    let seed = uuid::Uuid::new_v4();
    let mut session = operation.session.take();
    let shared = &*operation;
    let result = shared
        .with_plan(options, seed, async |planned, _observations| match &mut session {
            Some(session) => approve_and_apply(shared, arguments, planned, session).await,
            None => Ok(ExitCode::FAILURE),
        })
        .await;
    operation.session = session;
    result
}

async fn approve_and_apply(
    operation: &Operation<'_>,
    arguments: &ApplyArguments,
    mut planned: Box<Planned<'_>>,
    session: &mut crate::state::Session,
) -> anyhow::Result<ExitCode> {
    let global = operation.global;
    let sources = &operation.project.sources;
    let compact = arguments.operation.compact_warnings;
    let guarded = guard::check(&planned.plan, arguments.plan.max_destroy, &arguments.plan.protect_tag);
    planned.plan.errored |= guarded.has_errors();
    let mut found = operation.project.warnings.clone();
    found.extend(std::mem::take(&mut planned.found));
    found.extend(guarded);
    let state = operate::refreshed_state(&operation.state, &planned.plan);
    let state_changed = operation.recovered || state.content_digest() != operation.state.content_digest();
    let destroy = planned.plan.mode == PlanMode::Destroy;
    let refresh_only = planned.plan.mode == PlanMode::RefreshOnly;
    output::print(&operate::show(global, &planned.plan))?;
    operate::print_findings(global, sources, &found, compact)?;
    if found.has_errors() {
        return Ok(ExitCode::FAILURE);
    }
    if planned.plan.has_changes() && !arguments.auto_approve {
        let (question, description) = question(global, destroy, refresh_only);
        if !prompt::confirm(global, &question, description)? {
            output::print(if destroy { "\nDestroy cancelled.\n" } else { "\nApply cancelled.\n" })?;
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
        store: session,
        journal: &mut journal,
        events: &*operation.events,
        interrupt: operate::listen_for_signals()?,
        options: operation.run.clone(),
    })
    .await;
    operate::print_findings(global, sources, &outcome.diagnostics, compact)?;
    if let Some(error) = &outcome.unsaved {
        return Err(operate::keep_unsaved(&outcome.state, error).into());
    }
    if !outcome.complete || outcome.diagnostics.has_errors() {
        return Ok(ExitCode::FAILURE);
    }
    output::print(&operate::summary(&outcome.summary, destroy))?;
    output::print(&operate::outputs_text(&outcome.state)?)?;
    Ok(ExitCode::SUCCESS)
}

fn question(global: &Global, destroy: bool, refresh_only: bool) -> (String, &'static str) {
    let name = global.product();
    if destroy {
        (
            "\nDo you really want to destroy all resources?".to_owned(),
            "Everything that the state holds will be destroyed, as shown above.\nThere is no undo. Only 'yes' will be accepted to confirm.",
        )
    } else if refresh_only {
        (
            format!("\nWould you like to update the {name} state to reflect these detected changes?"),
            "The changes shown above will be written to the state without modifying any real infrastructure.\nThere is no undo. Only 'yes' will be accepted to confirm.",
        )
    } else {
        (
            "\nDo you want to perform these actions?".to_owned(),
            "The actions described above will be performed.\nOnly 'yes' will be accepted to approve.",
        )
    }
}
