//! Commands that only show: validate, fmt, show, output, console, graph, providers, version.

use clap::{ArgAction, Args, Subcommand};

use super::values::{StatePathArguments, VariableArguments, WarningArguments};

/// `validate`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] validate [options]")]
pub struct ValidateArguments {
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
    /// Accepted for Terraform's sake: test files are never validated
    #[arg(long)]
    pub no_tests: bool,
    /// Accepted for Terraform's sake: test files are never validated
    #[arg(long, value_name = "path")]
    pub test_directory: Option<String>,
    /// How warnings are shown.
    #[command(flatten)]
    pub warnings: WarningArguments,
}

/// `fmt`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] fmt [options] [target...]")]
pub struct FmtArguments {
    /// Don't list files whose formatting differs with -list=false
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub list: bool,
    /// Don't write to source files with -write=false
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub write: bool,
    /// Display diffs of formatting changes
    #[arg(long)]
    pub diff: bool,
    /// Exit with 3 when a file is not in the canonical format; write nothing
    #[arg(long)]
    pub check: bool,
    /// Also process files in subdirectories
    #[arg(long)]
    pub recursive: bool,
    /// Files or folders; "-" reads from standard input
    #[arg(value_name = "target")]
    pub targets: Vec<String>,
}

/// `show`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] show [options] [path]")]
pub struct ShowArguments {
    /// Print the plan or state as JSON
    #[arg(long)]
    pub json: bool,
    /// A plan or state file; the current state if omitted
    #[arg(value_name = "path")]
    pub path: Option<String>,
    /// How warnings are shown.
    #[command(flatten)]
    pub warnings: WarningArguments,
}

/// `output`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] output [options] [NAME]")]
pub struct OutputArguments {
    /// Path of the state file to read; for the local backend only
    #[arg(long, value_name = "path")]
    pub state: Option<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
    /// Print a string, number or truth value as it is, without quotes and newline
    #[arg(long)]
    pub raw: bool,
    /// The output to print; all if omitted
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// How warnings are shown.
    #[command(flatten)]
    pub warnings: WarningArguments,
}

/// `console`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] console [options]")]
pub struct ConsoleArguments {
    /// Evaluate against the planned state instead of the current one
    #[arg(long)]
    pub plan: bool,
    /// Variables of the root module.
    #[command(flatten)]
    pub variables: VariableArguments,
    /// Path of the state file; for the local backend only
    #[arg(long, value_name = "path")]
    pub state: Option<String>,
}

/// `graph`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] graph [options]")]
pub struct GraphArguments {
    /// Draw a saved plan instead of the configuration
    #[arg(long, value_name = "tfplan")]
    pub plan: Option<String>,
    /// Mark cycles with coloured edges
    #[arg(long)]
    pub draw_cycles: bool,
    /// What to draw: plan, plan-refresh-only, plan-destroy or apply; the resources alone if omitted
    #[arg(long = "type", value_name = "TYPE",
          value_parser = ["plan", "plan-refresh-only", "plan-destroy", "apply"])]
    pub graph_type: Option<String>,
    /// Deprecated in Terraform and without effect in both
    #[arg(long, value_name = "n")]
    pub module_depth: Option<i64>,
}

/// `providers`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] providers [options]")]
pub struct ProvidersArguments {
    /// Accepted for Terraform's sake: test files are never read
    #[arg(long, value_name = "path")]
    pub test_directory: Option<String>,
    /// A part of the subject.
    #[command(subcommand)]
    pub command: Option<ProvidersCommand>,
}

/// The subcommands of `providers`.
#[derive(Debug, Clone, Subcommand)]
pub enum ProvidersCommand {
    /// Show the schemas of the providers that the configuration uses
    Schema(ProvidersSchemaArguments),
}

/// `providers schema`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] providers schema -json")]
pub struct ProvidersSchemaArguments {
    /// Print as JSON; required
    #[arg(long)]
    pub json: bool,
}

/// `version`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] version [options]")]
pub struct VersionArguments {
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Paths for commands that only read a state.
impl From<&OutputArguments> for StatePathArguments {
    fn from(arguments: &OutputArguments) -> Self {
        Self { state: arguments.state.clone(), ..Self::default() }
    }
}
