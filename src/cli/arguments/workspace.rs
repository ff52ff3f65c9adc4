//! `workspace`.

use clap::{Args, Subcommand};

use super::values::LockArguments;

/// `workspace`
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "snapform [global options] workspace <subcommand> [options] [NAME]",
    arg_required_else_help = true
)]
pub struct WorkspaceArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: WorkspaceCommand,
}

/// The subcommands of `workspace`.
#[derive(Debug, Clone, Subcommand)]
pub enum WorkspaceCommand {
    /// Delete a workspace
    Delete(DeleteArguments),
    /// List workspaces
    List(ListArguments),
    /// Create a new workspace and select it
    New(NewArguments),
    /// Select a workspace
    Select(SelectArguments),
    /// Show the name of the current workspace
    Show(ShowArguments),
}

/// `workspace list`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] workspace list")]
pub struct ListArguments {}

/// `workspace show`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] workspace show")]
pub struct ShowArguments {}

/// `workspace new`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] workspace new [options] NAME")]
pub struct NewArguments {
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Copy an existing state file into the new workspace
    #[arg(long, value_name = "path")]
    pub state: Option<String>,
    /// The workspace
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// `workspace select`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] workspace select [options] NAME")]
pub struct SelectArguments {
    /// Create the workspace if it doesn't exist
    #[arg(long)]
    pub or_create: bool,
    /// The workspace
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// `workspace delete`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] workspace delete [options] NAME")]
pub struct DeleteArguments {
    /// Delete the workspace even if its state holds resources, which are then no longer tracked by anything
    #[arg(long)]
    pub force: bool,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// The workspace
    #[arg(value_name = "NAME")]
    pub name: String,
}
