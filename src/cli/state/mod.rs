//! `state`: looks at and repairs what is remembered, without any cloud.

mod list;
mod mv;
mod pull;
mod push;
mod replace_provider;
mod rm;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use super::arguments::state::{StateArguments, StateCommand};
use super::arguments::values::StatePathArguments;
use super::{Failure, Global};
use crate::state::{ObjectKey, ResourceKey, Session, State, Target};

/// Runs the subcommand.
pub(crate) async fn run(global: &Global, arguments: StateArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        StateCommand::List(arguments) => list::run(global, arguments).await,
        StateCommand::Mv(arguments) => mv::run(global, arguments).await,
        StateCommand::Pull(_) => pull::run(global).await,
        StateCommand::Push(arguments) => push::run(global, arguments).await,
        StateCommand::ReplaceProvider(arguments) => replace_provider::run(global, arguments).await,
        StateCommand::Rm(arguments) => rm::run(global, arguments).await,
        StateCommand::Show(arguments) => show::run(global, arguments).await,
    }
}

/// Refuses to work on a state that does not exist yet.
pub(super) fn require_state(state: &State) -> anyhow::Result<()> {
    if state.lineage.is_empty() && state.is_empty() {
        return Err(Failure::new(
            "No state file was found!",
            "State management commands require a state file. Run this command in a directory where Snapform has been \
             run or use the -state flag to point the command to a specific state location.",
        )
        .into());
    }
    Ok(())
}

/// Reads an address that a command was given.
pub(super) fn target(text: &str) -> anyhow::Result<Target> {
    Target::parse(text).ok_or_else(|| {
        Failure::new(
            "Invalid address",
            format!(
                "{text:?} is not an address. Write a module (module.a), a resource (type.name) or an instance \
                 (type.name[0], type.name[\"key\"]), and quote it for your shell."
            ),
        )
        .into()
    })
}

/// Reads the address of one instance.
pub(super) fn instance_address(text: &str) -> anyhow::Result<(ResourceKey, ObjectKey)> {
    match target(text)? {
        Target::Resource(resource, key) => Ok((resource, ObjectKey::current(key))),
        Target::Module(_) => Err(Failure::new(
            "Invalid address",
            "A resource instance address is required here. The module path must be followed by a resource instance \
             specification.",
        )
        .into()),
    }
}

/// Returns whether an object lies within what an address names.
fn lies_within(target: &Target, resource: &ResourceKey, object: &ObjectKey) -> bool {
    match target {
        Target::Resource(named, key) => {
            named == resource && key.as_ref().is_none_or(|key| object.index.as_ref() == Some(key))
        }
        Target::Module(named) => {
            let module = resource.module_instance();
            module.0.len() >= named.0.len()
                && module.0.iter().zip(named.0.iter()).enumerate().all(|(position, (have, want))| {
                    // Only the last call may stand for all of its instances.
                    let any_instance = want.key.is_none() && position + 1 == named.0.len();
                    have.name == want.name && (any_instance || have.key == want.key)
                })
        }
    }
}

/// Returns the paths with a backup of its own for this command, which no later run overwrites.
fn with_timestamped_backup(
    global: &Global,
    paths: &StatePathArguments,
) -> anyhow::Result<StatePathArguments> {
    let mut paths = paths.clone();
    if paths.backup.is_none() {
        let state = match &paths.state {
            Some(path) => PathBuf::from(path),
            None => global.workspaces().state_path(&global.workspace()?),
        };
        let seconds = jiff::Timestamp::now().as_second();
        let backup = (0..).map(|number| match number {
            0 => format!("{}.{seconds}.backup", state.display()),
            _ => format!("{}.{seconds}-{number}.backup", state.display()),
        });
        paths.backup = backup.take(1000).find(|path| !std::path::Path::new(path).exists());
    }
    Ok(paths)
}

/// Gives the lock back, whatever the command came to; the command's own error goes first.
pub(super) async fn close<T>(session: Session, ended: anyhow::Result<T>) -> anyhow::Result<T> {
    let closed = session.close().await;
    let value = ended?;
    closed?;
    Ok(value)
}
