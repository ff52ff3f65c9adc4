//! Commands that look at the clouds: plan, apply, destroy, refresh, import.

use clap::{ArgAction, Args};

use crate::cloud::limits::RateOverride;
use crate::cloud::rates;

use super::values::{LockArguments, StatePathArguments, VariableArguments};

/// What makes one plan different from another.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Plan Customization Options")]
pub struct PlanOptions {
    /// Plan to destroy everything that the state holds
    #[arg(long)]
    pub destroy: bool,
    /// Only bring the state up to date with the clouds; propose no action
    #[arg(long)]
    pub refresh_only: bool,
    /// Skip looking at the clouds with -refresh=false: faster, but the plan rests on what the state remembers
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub refresh: bool,
    /// Replace this resource instance even if it needs no change; may be given more than once
    #[arg(long, value_name = "resource")]
    pub replace: Vec<String>,
    /// Limit the plan to this module, resource or instance and what it depends on; may be given more than once
    #[arg(long, value_name = "resource")]
    pub target: Vec<String>,
    /// Limit the plan to the addresses in this file, one a line, as -target does; may be given more than once
    #[arg(long, value_name = "path")]
    pub target_file: Vec<String>,
    /// Leave out this module, resource or instance and what depends on it; may be given more than once
    #[arg(long, value_name = "resource")]
    pub exclude: Vec<String>,
    /// Leave out the addresses in this file, one a line, as -exclude does; may be given more than once
    #[arg(long, value_name = "path")]
    pub exclude_file: Vec<String>,
    /// Variables of the root module.
    #[command(flatten)]
    pub variables: VariableArguments,
    /// Accept that all recovery points of a type vanished at once, which is an error otherwise
    #[arg(long)]
    pub accept_gone: bool,
    /// Refuse a plan that destroys more than this many objects
    #[arg(long, value_name = "n")]
    pub max_destroy: Option<usize>,
    /// Never delete an object that has this tag; may be given more than once, and replaces the default legal-hold
    #[arg(long, value_name = "tag", default_value = "legal-hold")]
    pub protect_tag: Vec<String>,
}

/// How a command behaves while it works.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Other Options")]
pub struct OperationOptions {
    /// Show warnings without errors beside them as summaries only
    #[arg(long)]
    pub compact_warnings: bool,
    /// Ask for variables that have no value; -input=false makes a missing one an error
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub input: bool,
    /// The state lock.
    #[command(flatten)]
    pub lock: LockArguments,
    /// Limit the number of concurrent operations; without it forty for each resource type of each provider
    #[arg(long, value_name = "n", value_parser = clap::value_parser!(u32))]
    pub parallelism: Option<u32>,
    /// Keep to this rate of calls instead of the documented one, such as 10, cbs=10/s or ecs.CreateSnapshot=500/60s; may be given more than once
    #[arg(long, value_name = "rate", value_parser = rates::parse)]
    pub rate: Vec<RateOverride>,
    /// Tell at the end what the calls to the clouds cost: how many, throttled, repeated, bytes and time per action
    #[arg(long)]
    pub stats: bool,
    /// Print one JSON object per event instead of text
    #[arg(long)]
    pub json: bool,
    /// Paths of the local backend.
    #[command(flatten)]
    pub paths: StatePathArguments,
}

/// `plan`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] plan [options]")]
pub struct PlanArguments {
    /// What to plan.
    #[command(flatten)]
    pub plan: PlanOptions,
    /// How to work.
    #[command(flatten)]
    pub operation: OperationOptions,
    /// Exit with 0 when there is nothing to do, 1 on errors, 2 when there are changes
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Write resource blocks for import blocks that have none to this new file, and plan with them
    #[arg(long, value_name = "path")]
    pub generate_config_out: Option<String>,
    /// Write the plan to this file, for apply
    #[arg(long, value_name = "path")]
    pub out: Option<String>,
}

/// The commands that carry out a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CalledAs {
    /// `apply`
    #[default]
    Apply,
    /// `destroy`: the end tells of what was destroyed alone.
    Destroy,
    /// `refresh`: nothing is shown but the outputs.
    Refresh,
}

/// `apply`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] apply [options] [PLAN]")]
pub struct ApplyArguments {
    /// What to plan, when no saved plan is given.
    #[command(flatten)]
    pub plan: PlanOptions,
    /// How to work.
    #[command(flatten)]
    pub operation: OperationOptions,
    /// Skip interactive approval of the plan
    #[arg(long)]
    pub auto_approve: bool,
    /// Leave objects that the cloud accepted but has not finished yet as pending, and do not wait for them
    #[arg(long)]
    pub no_wait: bool,
    /// A plan that was saved with plan -out
    #[arg(value_name = "PLAN")]
    pub saved_plan: Option<String>,
    /// The command that was given.
    #[arg(skip)]
    pub called_as: CalledAs,
}

/// `destroy`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] destroy [options]")]
pub struct DestroyArguments {
    /// What to plan.
    #[command(flatten)]
    pub plan: PlanOptions,
    /// How to work.
    #[command(flatten)]
    pub operation: OperationOptions,
    /// Skip interactive approval of the plan
    #[arg(long)]
    pub auto_approve: bool,
    /// Do not wait for deletions that the cloud accepted but has not finished yet
    #[arg(long)]
    pub no_wait: bool,
}

impl From<DestroyArguments> for ApplyArguments {
    fn from(arguments: DestroyArguments) -> Self {
        Self {
            plan: PlanOptions { destroy: true, ..arguments.plan },
            operation: arguments.operation,
            auto_approve: arguments.auto_approve,
            no_wait: arguments.no_wait,
            saved_plan: None,
            called_as: CalledAs::Destroy,
        }
    }
}

/// `refresh`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] refresh [options]")]
pub struct RefreshArguments {
    /// Limit the refresh to this module, resource or instance; may be given more than once
    #[arg(long, value_name = "resource")]
    pub target: Vec<String>,
    /// Limit the refresh to the addresses in this file, one a line; may be given more than once
    #[arg(long, value_name = "path")]
    pub target_file: Vec<String>,
    /// Variables of the root module.
    #[command(flatten)]
    pub variables: VariableArguments,
    /// Accept that all recovery points of a type vanished at once, which is an error otherwise
    #[arg(long)]
    pub accept_gone: bool,
    /// How to work.
    #[command(flatten)]
    pub operation: OperationOptions,
}

/// `import`
#[derive(Debug, Clone, Args)]
#[command(override_usage = "snapform [global options] import [options] ADDR ID")]
pub struct ImportArguments {
    /// Folder of the configuration, instead of the working directory
    #[arg(long, value_name = "path")]
    pub config: Option<String>,
    /// Variables of the root module.
    #[command(flatten)]
    pub variables: VariableArguments,
    /// Accepted for Terraform's sake: there is no remote version to compare with
    #[arg(long)]
    pub ignore_remote_version: bool,
    /// How to work.
    #[command(flatten)]
    pub operation: OperationOptions,
    /// The address to bind the object to
    #[arg(value_name = "ADDR")]
    pub address: String,
    /// The id of the object in its cloud
    #[arg(value_name = "ID")]
    pub id: String,
}
