//! `refresh`: bring the state up to date with the clouds, and nothing else.

use std::process::ExitCode;

use super::arguments::operate::{ApplyArguments, CalledAs, PlanOptions, RefreshArguments};
use super::{Global, apply};

/// Runs the command: an apply of a refresh-only plan that nobody has to approve.
pub(crate) async fn run(global: &Global, arguments: RefreshArguments) -> anyhow::Result<ExitCode> {
    let plan = PlanOptions {
        destroy: false,
        refresh_only: true,
        refresh: true,
        replace: Vec::new(),
        target: arguments.target,
        target_file: arguments.target_file,
        exclude: Vec::new(),
        exclude_file: Vec::new(),
        variables: arguments.variables,
        accept_gone: arguments.accept_gone,
        max_destroy: None,
        protect_tag: Vec::new(),
    };
    let arguments = ApplyArguments {
        plan,
        operation: arguments.operation,
        auto_approve: true,
        no_wait: false,
        saved_plan: None,
        called_as: CalledAs::Refresh,
    };
    apply::run(global, arguments).await
}
