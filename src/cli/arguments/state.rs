//! `state`, `taint` and `untaint`.

use clap::{Args, Subcommand};

use super::values::{LockArguments, StatePathArguments};

/// `state`
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "snapform [global options] state <subcommand> [options] [args]",
    arg_required_else_help = true
)]
pub struct StateArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: StateCommand,
}

/// The subcommands of `state`.
#[derive(Debug, Clone, Subcommand)]
pub enum StateCommand {
    /// List resources in the state
    List(ListArguments),
    /// Move an item in the state
    Mv(MoveArguments),
    /// Pull the current state and print it
    Pull(PullArguments),
    /// Replace the state by a local state file
    Push(PushArguments),
    /// Replace a provider in the state
    ReplaceProvider(ReplaceProviderArguments),
    /// Remove instances from the state, leaving the objects in their cloud
    Rm(RemoveArguments),
    /// Show a resource in the state
    Show(ShowArguments),
}

/// `state list`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] state list [options] [address...]")]
pub struct ListArguments {
    /// Path of the state file to read; for the local backend only
    #[arg(long, value_name = "statefile")]
    pub state: Option<String>,
    /// List only instances whose attribute "id" has this value
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,
    /// Modules, resources or instances to list; all if omitted
    #[arg(value_name = "address")]
    pub addresses: Vec<String>,
}

/// `state show`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] state show [options] ADDRESS")]
pub struct ShowArguments {
    /// Path of the state file to read; for the local backend only
    #[arg(long, value_name = "statefile")]
    pub state: Option<String>,
    /// The instance to show
    #[arg(value_name = "ADDRESS")]
    pub address: String,
}

/// `state mv`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] state mv [options] SOURCE DESTINATION")]
pub struct MoveArguments {
    /// Print what would be moved, and move nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// Paths of the local backend.
    #[command(flatten)]
    pub paths: StatePathArguments,
    /// Path of the backup of the destination, when -state-out names another state
    #[arg(long, value_name = "path")]
    pub backup_out: Option<String>,
    /// The module, resource or instance to move
    #[arg(value_name = "SOURCE")]
    pub source: String,
    /// Its new address
    #[arg(value_name = "DESTINATION")]
    pub destination: String,
}

/// `state rm`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] state rm [options] ADDRESS...")]
pub struct RemoveArguments {
    /// Print what would be removed, and remove nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Path of the backup; for the local backend only
    #[arg(long, value_name = "path")]
    pub backup: Option<String>,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Path of the state file; for the local backend only
    #[arg(long, value_name = "path")]
    pub state: Option<String>,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// Modules, resources or instances to remove
    #[arg(value_name = "ADDRESS", required = true)]
    pub addresses: Vec<String>,
}

/// `state pull`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] state pull [options]")]
pub struct PullArguments {}

/// `state push`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] state push [options] PATH")]
pub struct PushArguments {
    /// Write the state even if lineages don't match or the saved serial is higher
    #[arg(long)]
    pub force: bool,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// The state file; "-" reads from standard input
    #[arg(value_name = "PATH")]
    pub path: String,
}

/// `state replace-provider`
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "snapform [global options] state replace-provider [options] FROM_PROVIDER_FQN TO_PROVIDER_FQN"
)]
pub struct ReplaceProviderArguments {
    /// Skip interactive approval
    #[arg(long)]
    pub auto_approve: bool,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// Paths of the local backend.
    #[command(flatten)]
    pub paths: StatePathArguments,
    /// The provider to replace, such as hashicorp/alicloud
    #[arg(value_name = "FROM_PROVIDER_FQN")]
    pub from: String,
    /// The provider to write, such as aliyun/alicloud
    #[arg(value_name = "TO_PROVIDER_FQN")]
    pub to: String,
}

/// `taint` and `untaint`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] taint|untaint [options] ADDRESS")]
pub struct TaintArguments {
    /// Succeed even if the instance is missing
    #[arg(long)]
    pub allow_missing: bool,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// Paths of the local backend.
    #[command(flatten)]
    pub paths: StatePathArguments,
    /// The instance
    #[arg(value_name = "ADDRESS")]
    pub address: String,
}
