//! `plan`: what apply would do.

use std::process::ExitCode;

use super::arguments::operate::PlanArguments;
use super::operate::{self, Operation, View, plan_options, saved_plan};
use super::{Failure, Global};
use crate::plan::{PlanMode, guard};

/// Exit code of `-detailed-exitcode` when there are changes.
const CHANGES: u8 = 2;

/// Runs the command.
pub(crate) async fn run(global: &Global, mut arguments: PlanArguments) -> anyhow::Result<ExitCode> {
    let view = View::open(global, arguments.operation.json)?;
    arguments.operation.input &= view.is_text();
    let ended = run_with(global, &arguments, &view).await;
    view.end(ended)
}

async fn run_with(global: &Global, arguments: &PlanArguments, view: &View) -> anyhow::Result<ExitCode> {
    let options = plan_options(&arguments.plan)?;
    if let Some(path) = &arguments.generate_config_out {
        if options.mode != PlanMode::Normal {
            return Err(Failure::new(
                "Invalid generate-config-out flag",
                "Config can only be generated during a normal plan operation, and not during a refresh-only or destroy plan.",
            )
            .into());
        }
        operate::refuse_existing(path)?;
    }
    if options.mode != PlanMode::Destroy {
        operate::require_configuration(
            "Plan requires configuration to be present. Planning without a configuration would mark everything for destruction, which is normally not what is desired. If you would like to destroy everything, run plan with the -destroy option. Otherwise, create a configuration file (.tf file) and try again.",
        )?;
    }
    let events = view.events(global);
    let variables = &arguments.plan.variables;
    let mut operation =
        Operation::begin(global, "OperationTypePlan", variables, &arguments.operation, events).await?;
    let result = plan(&mut operation, arguments, &options, view).await;
    operation.end(result).await
}

async fn plan(
    operation: &mut Operation<'_>,
    arguments: &PlanArguments,
    options: &crate::plan::Options,
    view: &View,
) -> anyhow::Result<ExitCode> {
    let compact = arguments.operation.compact_warnings;
    operation.settle_intents(options, false).await?;
    let mut options = options.clone();
    let (observations, generated) = match &arguments.generate_config_out {
        Some(path) => operation.generate_blocks(path, &mut options).await?,
        None => Default::default(),
    };
    let generated = arguments.generate_config_out.as_deref().filter(|_| generated);
    let (operation, options) = (&*operation, &options);
    let seed = uuid::Uuid::new_v4();
    operation
        .with_plan_after(options, seed, observations, async |mut planned, observations| {
            let guarded =
                guard::check(&planned.plan, arguments.plan.max_destroy, &arguments.plan.protect_tag);
            planned.plan.errored |= guarded.has_errors();
            let refused = planned.refused || guarded.has_errors();
            let mut found = operation.project.warnings.clone();
            found.extend(planned.found.clone());
            found.extend(guarded);
            let found = operation.project.located(&found);
            view.plan(operation.global, &planned.plan)?;
            view.findings(operation.global, &operation.project.sources, &found, compact)?;
            // A plan that failed part-way can be shown, and is refused by apply. One that only a limit of this
            // command refuses would not know of that limit there.
            if let Some(path) = arguments.out.as_ref().filter(|_| !refused) {
                saved_plan::write(operation, path, &planned, options, observations, seed)?;
            }
            if found.has_errors() {
                return Ok(ExitCode::FAILURE);
            }
            view.closing(operation.global, &planned.plan, arguments.out.as_deref(), generated)?;
            let has_changes = planned.plan.has_changes();
            // As at the end of the operation: the program is about to end.
            std::mem::forget(planned);
            if arguments.detailed_exitcode && has_changes {
                return Ok(ExitCode::from(CHANGES));
            }
            Ok(ExitCode::SUCCESS)
        })
        .await
}
