//! Commands around the work: init, force-unlock, intents, sandbox, completion.

use clap::{ArgAction, Args, Subcommand};

use super::values::{LockArguments, VariableArguments, WarningArguments};

/// `init`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] init [options]")]
pub struct InitArguments {
    /// Leave the backend as it was initialized before with -backend=false
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub backend: bool,
    /// A file with settings of the backend, or one setting as key=value; may be given more than once
    #[arg(long, value_name = "path")]
    pub backend_config: Vec<String>,
    /// Answer yes to questions about copying the state to a new backend
    #[arg(long)]
    pub force_copy: bool,
    /// Refused: modules are read from local folders; copy the folder yourself
    #[arg(long, value_name = "SOURCE")]
    pub from_module: Option<String>,
    /// Accepted for Terraform's sake: no module is downloaded
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub get: bool,
    /// Ask nothing with -input=false
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub input: bool,
    /// The state lock, while the state moves to another backend.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Print one JSON object per event instead of text
    #[arg(long)]
    pub json: bool,
    /// Accepted for Terraform's sake: providers are built in
    #[arg(long, value_name = "path")]
    pub plugin_dir: Vec<String>,
    /// Use the backend of the configuration and forget the one initialized before
    #[arg(long)]
    pub reconfigure: bool,
    /// Copy the state from the backend initialized before to the one of the configuration
    #[arg(long)]
    pub migrate_state: bool,
    /// Accepted for Terraform's sake: providers are built in
    #[arg(long)]
    pub upgrade: bool,
    /// Accepted for Terraform's sake: the dependency lock file is never changed
    #[arg(long, value_name = "MODE", value_parser = ["readonly"])]
    pub lockfile: Option<String>,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// Accepted for Terraform's sake: test files are never read
    #[arg(long, value_name = "path")]
    pub test_directory: Option<String>,
    /// Accepted for Terraform's sake: nothing is planned
    #[arg(long, value_name = "resource", hide = true)]
    pub target: Vec<String>,
    /// Variables of the root module: nothing that init looks at needs their values, but TF_CLI_ARGS and wrappers give them.
    #[command(flatten)]
    pub variables: VariableArguments,
    /// How warnings are shown.
    #[command(flatten)]
    pub warnings: WarningArguments,
}

/// `force-unlock`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] force-unlock [options] LOCK_ID")]
pub struct ForceUnlockArguments {
    /// Don't ask for confirmation
    #[arg(long)]
    pub force: bool,
    /// The id that the error message about the lock shows
    #[arg(value_name = "LOCK_ID")]
    pub id: String,
}

/// `intents`
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "snapform [global options] intents <subcommand> [options] [args]",
    arg_required_else_help = true
)]
pub struct IntentsArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: IntentsCommand,
}

/// The subcommands of `intents`.
#[derive(Debug, Clone, Subcommand)]
pub enum IntentsCommand {
    /// List the intents that an interrupted apply left open
    List(IntentsListArguments),
    /// Bind an object of the cloud to the address of an open intent
    Adopt(IntentsAdoptArguments),
    /// Drop an open intent: the object was never created, or is not wanted
    Forget(IntentsForgetArguments),
}

/// `intents list`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] intents list [options]")]
pub struct IntentsListArguments {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// `intents adopt`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] intents adopt [options] INTENT ID")]
pub struct IntentsAdoptArguments {
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// The intent, or as much of its beginning as is unique
    #[arg(value_name = "INTENT")]
    pub intent: String,
    /// The id of the object in its cloud
    #[arg(value_name = "ID")]
    pub id: String,
}

/// `intents forget`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] intents forget [options] INTENT...")]
pub struct IntentsForgetArguments {
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// The intents, or as much of their beginnings as is unique
    #[arg(value_name = "INTENT", required = true)]
    pub intents: Vec<String>,
}

/// `sandbox`
#[derive(Debug, Clone, Args)]
#[command(
    override_usage = "snapform [global options] sandbox <subcommand> [options]",
    arg_required_else_help = true
)]
pub struct SandboxArguments {
    /// What to do.
    #[command(subcommand)]
    pub command: SandboxCommand,
}

/// The subcommands of `sandbox`.
#[derive(Debug, Clone, Subcommand)]
pub enum SandboxCommand {
    /// Serve the sandbox until interrupted
    Serve(SandboxServeArguments),
    /// Fill the sandbox from a file
    Seed(SandboxSeedArguments),
    /// Show the world of the sandbox
    List(SandboxListArguments),
    /// Arm a fault
    Fault(SandboxFaultArguments),
    /// Empty the sandbox, or fill it with the default world
    Reset(SandboxResetArguments),
}

/// Which sandbox is meant.
#[derive(Debug, Clone, Args)]
pub struct SandboxPlace {
    /// Folder of the sandbox's store; .snapform/sandbox of the directory if omitted
    #[arg(long, value_name = "DIR")]
    pub store: Option<String>,
    /// Address of a sandbox that is being served, such as http://127.0.0.1:8080
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
}

/// `sandbox serve`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] sandbox serve [options]")]
pub struct SandboxServeArguments {
    /// Address to listen on; loopback only, and port 0 picks a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: String,
    /// Folder of the store; nothing is kept if omitted
    #[arg(long, value_name = "DIR")]
    pub store: Option<String>,
    /// File to fill an empty store from
    #[arg(long, value_name = "FILE")]
    pub seed: Option<String>,
    /// Set a switch of the sandbox; may be given more than once
    #[arg(long, value_name = "name=value")]
    pub set: Vec<String>,
}

/// `sandbox seed`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] sandbox seed [options] FILE")]
pub struct SandboxSeedArguments {
    /// Which sandbox.
    #[command(flatten)]
    pub place: SandboxPlace,
    /// The seed file
    #[arg(value_name = "FILE")]
    pub file: String,
}

/// `sandbox list`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] sandbox list [options]")]
pub struct SandboxListArguments {
    /// Which sandbox.
    #[command(flatten)]
    pub place: SandboxPlace,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// `sandbox fault`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] sandbox fault [options] NAME")]
pub struct SandboxFaultArguments {
    /// Which sandbox.
    #[command(flatten)]
    pub place: SandboxPlace,
    /// The service that the fault is for; every one if omitted
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<String>,
    /// The action that the fault is for; every one if omitted
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    /// The first call that is hit, from 1
    #[arg(long, value_name = "n")]
    pub nth: Option<u64>,
    /// How many calls are hit
    #[arg(long, value_name = "n")]
    pub count: Option<u64>,
    /// A parameter of the fault, such as ms=500; may be given more than once
    #[arg(long, value_name = "name=value")]
    pub set: Vec<String>,
    /// Remove all faults
    #[arg(long)]
    pub clear: bool,
    /// The fault, such as throttled or drop-after
    #[arg(value_name = "NAME", required_unless_present = "clear")]
    pub name: Option<String>,
}

/// `sandbox reset`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] sandbox reset [options]")]
pub struct SandboxResetArguments {
    /// Which sandbox.
    #[command(flatten)]
    pub place: SandboxPlace,
}

/// `completion`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] completion SHELL")]
pub struct CompletionArguments {
    /// bash, zsh or fish; man for the manual page
    #[arg(value_name = "SHELL", value_parser = ["bash", "zsh", "fish", "man"])]
    pub shell: String,
}

/// `__complete`, which the scripts of `completion` call
#[derive(Debug, Clone, Args)]
pub struct CompleteArguments {
    /// The words up to the cursor, without the name of the program
    #[arg(value_name = "WORD", trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<String>,
}
