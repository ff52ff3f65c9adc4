//! The arguments of every command, as Terraform 1.11 has them, and ours beside them.
//!
//! The doc comment of a field is its line in `-help`. Flags that Terraform's own documentation calls legacy are
//! accepted where they mean something here, and refused with the way out where they do not; none is ignored.

pub mod inspect;
pub mod maintain;
pub mod operate;
#[cfg(test)]
mod parity;
pub mod state;
pub mod values;
pub mod workspace;

use clap::builder::ValueParser;
use clap::{ArgAction, Parser, Subcommand};

/// The heading of flags that every command has.
pub(crate) const GLOBAL: &str = "Global options";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "snapform",
    about = "Recovery points as code: snapshots of disks, file systems, cloud desktops and tables, declared in \
             Terraform's language, planned and applied on Alibaba Cloud and Tencent Cloud.",
    override_usage = "snapform [global options] <subcommand> [args]",
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub struct CommandLine {
    /// Switch to a different working directory before executing the given subcommand
    #[arg(long, value_name = "DIR", require_equals = true, help_heading = GLOBAL)]
    pub chdir: Option<String>,
    /// Let every provider talk to an embedded sandbox whose world lives in .snapform/sandbox of the directory: no
    /// account, no network
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub sandbox: bool,
    /// Print no colour
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub no_color: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands, in the order of `-help`.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check the backend and the modules of the directory
    Init(maintain::InitArguments),
    /// Check whether the configuration is valid
    Validate(inspect::ValidateArguments),
    /// Show changes required by the current configuration
    Plan(operate::PlanArguments),
    /// Create or update recovery points
    Apply(operate::ApplyArguments),
    /// Destroy previously created recovery points
    Destroy(operate::DestroyArguments),
    /// Try expressions at an interactive prompt
    Console(inspect::ConsoleArguments),
    /// Rewrite configuration files to the canonical format
    Fmt(inspect::FmtArguments),
    /// Release a stuck lock on the current workspace
    ForceUnlock(maintain::ForceUnlockArguments),
    /// Generate a Graphviz graph of the dependencies
    Graph(inspect::GraphArguments),
    /// Associate existing objects with resources of the configuration
    Import(operate::ImportArguments),
    /// List and settle what an interrupted apply left open
    Intents(maintain::IntentsArguments),
    /// Show output values of the root module
    Output(inspect::OutputArguments),
    /// Show the providers required by the configuration
    Providers(inspect::ProvidersArguments),
    /// Update the state to match the clouds
    Refresh(operate::RefreshArguments),
    /// Serve, fill and inspect a sandbox cloud
    Sandbox(maintain::SandboxArguments),
    /// Show the current state or a saved plan
    Show(inspect::ShowArguments),
    /// Advanced state management
    State(state::StateArguments),
    /// Mark a resource instance as not fully functional
    Taint(state::TaintArguments),
    /// Remove the tainted mark from a resource instance
    Untaint(state::TaintArguments),
    /// Show the version
    Version(inspect::VersionArguments),
    /// Workspace management
    Workspace(workspace::WorkspaceArguments),
    /// Print a completion script for a shell
    Completion(maintain::CompletionArguments),
    /// Print what may follow a command line
    #[command(name = "__complete", hide = true)]
    Complete(maintain::CompleteArguments),
}

/// Returns the definition of the command line, with flags that behave as Go's do.
pub fn definition() -> clap::Command {
    use clap::CommandFactory;
    // As with Terraform, the last of several counts: TF_CLI_ARGS may say what the command line says too.
    as_go_flags(CommandLine::command().args_override_self(true))
}

/// Makes every truth-valued flag accept `-flag` and `-flag=false`, recursively.
fn as_go_flags(command: clap::Command) -> clap::Command {
    let is_truth = |argument: &clap::Arg| {
        argument.get_value_parser().type_id() == ValueParser::bool().type_id()
            && matches!(argument.get_action(), ArgAction::SetTrue | ArgAction::Set)
    };
    let command = command.mut_args(|argument| {
        if !is_truth(&argument) {
            return argument;
        }
        let needs_default = matches!(argument.get_action(), ArgAction::SetTrue);
        let argument = argument
            .action(ArgAction::Set)
            .value_parser(values::parse_truth)
            .num_args(0..=1)
            .require_equals(true)
            .hide_default_value(true)
            .hide_possible_values(true)
            .value_name("true|false")
            .default_missing_value("true");
        if needs_default { argument.default_value("false") } else { argument }
    });
    command.mut_subcommands(as_go_flags)
}
