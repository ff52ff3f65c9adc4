//! The command line: one file per command, flags, exit codes.
//!
//! [`main`] takes the words apart (`command_line`), reads them (`arguments`), looks around (`global`) and runs one
//! command. A command is a function `run(&Global, arguments) -> anyhow::Result<ExitCode>`; what it returns as
//! an error is printed once, here, and ends the program with exit code 1.
//!
//! Adding a command: its arguments in `arguments/`, a variant of [`arguments::Command`], a file here, a line in
//! `dispatch`.

mod apply;
pub mod arguments;
mod backend;
mod command_line;
mod completion;
mod console;
pub mod failure;
mod fmt;
mod force_unlock;
pub mod global;
mod graph;
mod help;
mod hidden;
mod import;
mod init;
mod intents;
mod logging;
mod operate;
pub mod output;
mod outputs;
mod plan;
pub mod prompt;
mod providers;
mod refresh;
mod repeated;
mod sandbox;
mod show;
mod state;
mod taint;
mod unknown;
mod validate;
mod version;
mod workspace;

use std::process::ExitCode;

use clap::FromArgMatches;

use arguments::{Command, CommandLine};
pub use failure::Failure;
pub use global::Global;

/// Exit code of a program that was started without a command, as Terraform has it.
const NO_COMMAND: u8 = 127;

/// Exit code of a program whose reader went away: what a shell shows for SIGPIPE.
const BROKEN_PIPE: u8 = 141;

/// The usual stack of a main thread.
const STACK: usize = 8 << 20;

/// Runs the program with the words of its command line.
///
/// The main thread has whatever stack the surroundings give it (`ulimit -s`), so the work is done on one with enough.
pub fn main() -> ExitCode {
    forbid_core_dumps();
    match std::thread::Builder::new().stack_size(STACK).spawn(main_here).map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // What a program ends with that panicked.
        Ok(Err(_)) => ExitCode::from(101),
        Err(_) => main_here(),
    }
}

fn main_here() -> ExitCode {
    let words = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut no_colour = false;
    match run(words, &mut no_colour) {
        Ok(code) => code,
        Err(error) if failure::is_broken_pipe(&error) => ExitCode::from(BROKEN_PIPE),
        Err(error) => {
            let colour = Global::new(None, false, no_colour).is_ok_and(|global| global.colour_of_errors);
            let failure = failure::failure_of(&error);
            output::note(&failure::to_text(&failure.findings, &failure.sources, colour));
            ExitCode::FAILURE
        }
    }
}

/// The memory holds keys, so it is not to be written to a file when the program is ended by force.
///
/// One byte rather than none: Linux hands the memory to a handler of core dumps whatever the limit is, unless it is one. The
/// program is not made undumpable altogether, since it could not write to `/dev/stdout` then without being root.
fn forbid_core_dumps() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let hard = getrlimit(Resource::RLIMIT_CORE).map_or(1, |(_, hard)| hard.min(1));
    if let Err(error) = setrlimit(Resource::RLIMIT_CORE, hard, hard) {
        tracing::debug!(%error, "core dumps could not be switched off");
    }
}

/// `no_colour` is set to what the command line says of it, for what is printed of an error.
fn run(words: Vec<String>, no_colour: &mut bool) -> anyhow::Result<ExitCode> {
    let words = command_line::prepare(words, &|name| std::env::var(name).ok())?;
    if words.len() == 1 {
        output::print(&help::of_program())?;
        return Ok(ExitCode::from(NO_COMMAND));
    }
    let read = arguments::definition()
        .try_get_matches_from(&words)
        .and_then(|matches| CommandLine::from_arg_matches(&matches));
    let line = match read {
        Ok(line) => line,
        Err(error) => return help::explain(&error, &words),
    };
    *no_colour = line.no_color;
    let global = Global::new(line.chdir.as_deref(), line.sandbox, line.no_color)?;
    // The two commands that scripts and prompts call all the time need no runtime, no log and no state.
    match line.command {
        Command::Version(arguments) => return version::run(&arguments),
        Command::Completion(arguments) => return completion::run(&arguments),
        Command::Complete(arguments) => return completion::complete(&global, &arguments),
        _ => {}
    }
    logging::start(&global);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async {
        operate::write_errors_are_no_signals()?;
        dispatch(&global, line.command).await
    });
    // Nothing that still runs in the background may hold up the end; what must be saved was awaited.
    runtime.shutdown_background();
    ended
}

async fn dispatch(global: &Global, command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Version(arguments) => version::run(&arguments),
        Command::Completion(arguments) => completion::run(&arguments),
        Command::Complete(arguments) => completion::complete(global, &arguments),
        Command::State(arguments) => state::run(global, arguments).await,
        Command::Taint(arguments) => taint::run(global, arguments, true).await,
        Command::Untaint(arguments) => taint::run(global, arguments, false).await,
        Command::Output(arguments) => outputs::run(global, &arguments).await,
        Command::Workspace(arguments) => workspace::run(global, arguments).await,
        Command::ForceUnlock(arguments) => force_unlock::run(global, &arguments).await,
        Command::Intents(arguments) => intents::run(global, arguments).await,
        Command::Init(arguments) => init::run(global, &arguments).await,
        Command::Validate(arguments) => validate::run(global, &arguments),
        Command::Plan(arguments) => plan::run(global, arguments).await,
        Command::Apply(arguments) => apply::run(global, arguments).await,
        Command::Destroy(arguments) => apply::run(global, arguments.into()).await,
        Command::Console(arguments) => console::run(global, arguments).await,
        Command::Fmt(arguments) => fmt::run(global, &arguments),
        Command::Graph(arguments) => graph::run(global, arguments).await,
        Command::Import(arguments) => import::run(global, arguments).await,
        Command::Providers(arguments) => providers::run(global, arguments).await,
        Command::Refresh(arguments) => refresh::run(global, arguments).await,
        Command::Sandbox(arguments) => sandbox::run(global, arguments).await,
        Command::Show(arguments) => show::run(global, arguments).await,
    }
}
