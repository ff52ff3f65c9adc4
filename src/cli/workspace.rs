//! `workspace`.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::arguments::values::StatePathArguments;
use super::arguments::workspace::{
    DeleteArguments, NewArguments, SelectArguments, WorkspaceArguments, WorkspaceCommand,
};
use super::state::close;
use super::{Failure, Global, output};
use crate::disk;
use crate::state::workspace::is_valid_name;
use crate::state::{DEFAULT_WORKSPACE, MAX_BYTES, State};

/// Runs the subcommand.
pub(crate) async fn run(global: &Global, arguments: WorkspaceArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        WorkspaceCommand::List(_) => list(global),
        WorkspaceCommand::Show(_) => {
            output::print_line(global.workspace()?)?;
            Ok(ExitCode::SUCCESS)
        }
        WorkspaceCommand::New(arguments) => new(global, &arguments).await,
        WorkspaceCommand::Select(arguments) => select(global, &arguments),
        WorkspaceCommand::Delete(arguments) => delete(global, &arguments).await,
    }
}

fn list(global: &Global) -> anyhow::Result<ExitCode> {
    let current = global.workspace()?;
    let mut text = String::new();
    for name in global.workspaces().list()? {
        let mark = if name == current { '*' } else { ' ' };
        text.push_str(&format!("{mark} {name}\n"));
    }
    text.push('\n');
    if global.workspace_is_fixed() {
        text.push_str(
            "\n\nThe active workspace is being overridden using the TF_WORKSPACE environment\nvariable.\n\n",
        );
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

async fn new(global: &Global, arguments: &NewArguments) -> anyhow::Result<ExitCode> {
    if global.workspace_is_fixed() {
        return Err(Failure::new(
            "The workspace is currently overridden using the TF_WORKSPACE environment variable.",
            "You cannot create a new workspace when using this setting. To create a new workspace, either unset this \
             environment variable or update it to match the workspace name you are trying to create, and then run this \
             command again.",
        )
        .into());
    }
    check_name(&arguments.name)?;
    let workspaces = global.workspaces();
    if workspaces.list()?.contains(&arguments.name) {
        return Err(Failure::new(format!("Workspace {:?} already exists", arguments.name), "").into());
    }
    let copied = match &arguments.state {
        None => None,
        Some(path) => {
            let bytes =
                disk::read(Path::new(path), MAX_BYTES).with_context(|| format!("Cannot read {path}"))?;
            Some(State::read(&bytes)?)
        }
    };
    workspaces.create(&arguments.name)?;
    workspaces.select(&arguments.name)?;
    created(&arguments.name)?;
    if let Some(state) = copied {
        let mut session =
            global.session("workspace-new", &arguments.lock, &StatePathArguments::default()).await?;
        let ended = session.replace(&state).await;
        close(session, ended.map_err(Into::into)).await?;
    }
    Ok(ExitCode::SUCCESS)
}

fn created(name: &str) -> anyhow::Result<()> {
    output::print_line(format!(
        "Created and switched to workspace {name:?}!\n\nYou're now on a new, empty workspace. Workspaces isolate their \
         state,\nso if you run \"snapform plan\" Snapform will not see any existing state\nfor this configuration."
    ))
}

fn select(global: &Global, arguments: &SelectArguments) -> anyhow::Result<ExitCode> {
    check_not_fixed(global)?;
    check_name(&arguments.name)?;
    let workspaces = global.workspaces();
    if workspaces.list()?.contains(&arguments.name) {
        if workspaces.selected()? != arguments.name {
            workspaces.select(&arguments.name)?;
            output::print_line(format!("Switched to workspace {:?}.", arguments.name))?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    if !arguments.or_create {
        return Err(missing(&arguments.name));
    }
    workspaces.create(&arguments.name)?;
    workspaces.select(&arguments.name)?;
    created(&arguments.name)?;
    Ok(ExitCode::SUCCESS)
}

async fn delete(global: &Global, arguments: &DeleteArguments) -> anyhow::Result<ExitCode> {
    let name = &arguments.name;
    check_name(name)?;
    let workspaces = global.workspaces();
    if !workspaces.list()?.contains(name) {
        return Err(missing(name));
    }
    if global.workspace()? == *name {
        return Err(Failure::new(
            format!("Workspace {name:?} is your active workspace."),
            "You cannot delete the currently active workspace. Please switch to another workspace and try again.",
        )
        .into());
    }
    if name == DEFAULT_WORKSPACE {
        return Err(Failure::new("Cannot delete the default workspace", "").into());
    }
    let path = workspaces.state_path(name);
    let mut lost = false;
    if path.exists() {
        let paths = StatePathArguments {
            state: Some(path.to_string_lossy().into_owned()),
            ..StatePathArguments::default()
        };
        // Locked until the folder is gone, so that no apply starts in a workspace that disappears.
        let mut session = global.session("workspace-delete", &arguments.lock, &paths).await?;
        let ended = async {
            let state = session.read().await?;
            let held: Vec<String> =
                state.objects().map(|(key, _, name, _)| key.object_address(name)).collect();
            if !held.is_empty() && !arguments.force {
                return Err(Failure::new(
                    "Workspace is not empty",
                    format!(
                        "Workspace {name:?} is currently tracking the following resource instances:\n  - \
                         {}\n\nDeleting this workspace would cause Snapform to lose track of any associated remote \
                         objects, which would then require you to delete them manually outside of Snapform. You should \
                         destroy these objects with Snapform before deleting the workspace.\n\nIf you want to delete \
                         this workspace anyway, and have Snapform forget about these managed objects, use the -force \
                         option to disable this safety check.",
                        held.join("\n  - ")
                    ),
                )
                .into());
            }
            workspaces.delete(name)?;
            Ok(!held.is_empty())
        }
        .await;
        lost = close(session, ended).await?;
    } else {
        workspaces.delete(name)?;
    }
    output::print_line(format!("Deleted workspace {name:?}!"))?;
    if lost {
        output::print_line(format!(
            "WARNING: {name:?} was non-empty.\nThe resources managed by the deleted workspace may still exist,\nbut are no \
             longer manageable by Snapform since the state has\nbeen deleted."
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check_name(name: &str) -> anyhow::Result<()> {
    if is_valid_name(name) {
        return Ok(());
    }
    Err(Failure::new(
        "Invalid workspace name",
        format!(
            "The workspace name {name:?} is not allowed. The name must contain only URL safe characters, and no path \
             separators."
        ),
    )
    .into())
}

fn check_not_fixed(global: &Global) -> anyhow::Result<()> {
    if !global.workspace_is_fixed() {
        return Ok(());
    }
    Err(Failure::new(
        "The selected workspace is currently overridden using the TF_WORKSPACE environment variable.",
        "To select a new workspace, either update this environment variable or unset it and then run this command \
         again.",
    )
    .into())
}

fn missing(name: &str) -> anyhow::Error {
    Failure::new(
        format!("Workspace {name:?} doesn't exist."),
        "You can create this workspace with the \"new\" subcommand or include the \"-or-create\" flag with the \
         \"select\" subcommand.",
    )
    .into()
}
