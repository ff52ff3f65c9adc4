//! `console`: expressions, evaluated against the state or against a plan.
//!
//! At a terminal every entry is answered at once, with a history; from a pipe only the last result is printed, as
//! Terraform does, and the first error ends the command.

mod entry;
mod session;
mod terminal;

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::inspect::ConsoleArguments;
use super::arguments::operate::OperationOptions;
use super::arguments::values::{LockArguments, StatePathArguments};
use super::operate::{self, Operation, Project};
use super::{Failure, Global, output};
use crate::apply::Silent;
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::lang::Phase;
use crate::plan::console::Evaluated;
use crate::plan::walk::Input;
use crate::plan::{Observations, Options};
use crate::state::{Session, State};
use entry::Entry;
use session::{Console, Reply};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: ConsoleArguments) -> anyhow::Result<ExitCode> {
    let project = Project::load_to_inspect(global, &arguments.variables)?;
    let lock = LockArguments { lock: true, lock_timeout: None, accept_state: false };
    let paths = StatePathArguments { state: arguments.state.clone(), ..StatePathArguments::default() };
    if arguments.plan {
        return after_plan(global, project, lock, paths).await;
    }
    let mut session = global.session(operate::CONSOLE, &lock, &paths).await?;
    let ended = against_state(global, &project, &mut session).await;
    session.close().await?;
    ended
}

async fn against_state(
    global: &Global,
    project: &Project,
    session: &mut Session,
) -> anyhow::Result<ExitCode> {
    let state = session.read().await?;
    let environment = operate::environment(global, jiff::Timestamp::now(), Phase::Apply);
    let input = input(project, &state, &environment);
    let (evaluated, found) = Evaluated::against_state(&input)
        .map_err(|found| Failure::of(project.located(&found), project.sources.clone()))?;
    let mut all = project.warnings.clone();
    all.extend(found);
    warn(global, &project.located(&all), &project.sources)?;
    converse(global, &Console::new(&evaluated))
}

fn input<'a>(project: &'a Project, state: &'a State, environment: &'a crate::lang::Environment) -> Input<'a> {
    static NOTHING_READ: std::sync::LazyLock<Observations> = std::sync::LazyLock::new(Observations::default);
    static OPTIONS: std::sync::LazyLock<Options> = std::sync::LazyLock::new(Options::default);
    Input {
        config: &project.config,
        sources: &project.sources,
        variables: &project.variables,
        state,
        observations: &NOTHING_READ,
        environment,
        workspace: &project.workspace,
        now: environment.now,
        seed: uuid::Uuid::nil(),
        options: &OPTIONS,
        graph: Some(&project.graph),
        priors: None,
    }
}

async fn after_plan(
    global: &Global,
    project: Project,
    lock: LockArguments,
    paths: StatePathArguments,
) -> anyhow::Result<ExitCode> {
    let options = OperationOptions {
        compact_warnings: false,
        input: false,
        lock,
        parallelism: None,
        rate: Vec::new(),
        stats: false,
        json: false,
        paths,
    };
    let mut operation =
        Operation::begin_with(global, project, operate::CONSOLE, &options, Arc::new(Silent)).await?;
    let ended = talk_about_plan(&mut operation).await;
    operation.end(ended).await
}

async fn talk_about_plan(operation: &mut Operation<'_>) -> anyhow::Result<ExitCode> {
    let options = Options::default();
    operation.settle_intents(&options, false).await?;
    let operation = &*operation;
    operation
        .with_plan(&options, uuid::Uuid::new_v4(), async |planned, _| {
            let mut found = operation.project.warnings.clone();
            found.extend(planned.found.clone());
            let project = &operation.project;
            warn(operation.global, &project.located(&found), &project.sources)?;
            converse(operation.global, &Console::new(&Evaluated::after_plan(*planned)))
        })
        .await
}

/// Says what went wrong before the first expression: the console is there to look into it.
fn warn(global: &Global, found: &Diagnostics, sources: &Sources) -> anyhow::Result<()> {
    operate::print_findings(global, sources, found, false)?;
    if found.has_errors() {
        let warning = Diagnostic::warning(
            "Due to the problems above, some expressions may produce unexpected results.",
            "",
        );
        operate::print_findings(global, &Sources::new(), &warning.into(), false)?;
    }
    Ok(())
}

fn converse(global: &Global, console: &Console<'_>) -> anyhow::Result<ExitCode> {
    if std::io::stdin().is_terminal() && std::io::stdout().is_terminal() {
        terminal::converse(global, console)
    } else {
        answer_pipe(console, &mut std::io::stdin().lock())
    }
}

/// Answers what comes through a pipe. An entry may go on over several lines while its brackets are open.
fn answer_pipe(console: &Console<'_>, lines: &mut dyn BufRead) -> anyhow::Result<ExitCode> {
    let mut entry = Entry::default();
    let mut last = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        let ended = lines.read_line(&mut line)? == 0;
        if !ended {
            entry.add(&line);
        }
        if entry.is_open() && !ended {
            continue;
        }
        match console.answer(&entry.take()) {
            Reply::Nothing => {}
            Reply::Text(text) => last = text,
            Reply::Exit => return Ok(ExitCode::SUCCESS),
            Reply::Failed(found, sources) => return Err(Failure::of(found, Arc::new(sources)).into()),
        }
        if ended {
            break;
        }
    }
    output::print_line(last)?;
    Ok(ExitCode::SUCCESS)
}
