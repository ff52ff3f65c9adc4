//! Kinds of values on the command line.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::schema::duration;
use crate::state::LockOptions;

/// One `-var` or `-var-file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableArgument {
    /// `-var NAME=VALUE`, not yet split.
    Value(String),
    /// `-var-file PATH`.
    File(String),
}

/// All `-var` and `-var-file` in the order of the command line, which decides who wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VariableArguments(pub Vec<VariableArgument>);

impl FromArgMatches for VariableArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut found = Vec::new();
        for (name, make) in [
            ("var", VariableArgument::Value as fn(String) -> VariableArgument),
            ("var_file", VariableArgument::File),
        ] {
            let values = matches.get_many::<String>(name).into_iter().flatten().cloned();
            found.extend(matches.indices_of(name).into_iter().flatten().zip(values.map(make)));
        }
        found.sort_by_key(|(position, _)| *position);
        Ok(Self(found.into_iter().map(|(_, argument)| argument).collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for VariableArguments {
    fn augment_args(command: Command) -> Command {
        let repeated = |name: &'static str| Arg::new(name).action(ArgAction::Append);
        command
            .arg(
                repeated("var")
                    .long("var")
                    .value_name("'foo=bar'")
                    .help("Set a variable of the root module; may be given more than once"),
            )
            .arg(repeated("var_file").long("var-file").value_name("filename").help(
                "Load values of variables from a file, in addition to terraform.tfvars and *.auto.tfvars; may be \
                 given more than once",
            ))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// What most commands of Terraform accept, whether or not they have more warnings than lines.
#[derive(Debug, Clone, Args)]
pub struct WarningArguments {
    /// Show warnings without errors beside them as summaries only
    #[arg(long)]
    pub compact_warnings: bool,
}

/// Whether and how long to wait for the state lock.
#[derive(Debug, Clone, Args)]
pub struct LockArguments {
    /// Don't hold a state lock with -lock=false; dangerous if others run commands against the same workspace
    #[arg(long, action = ArgAction::Set, default_value_t = true)]
    pub lock: bool,
    /// How long to try again when the state is locked
    #[arg(long, value_name = "0s", value_parser = parse_duration)]
    pub lock_timeout: Option<Duration>,
    /// Take what the backend holds for the right state, though another one, or a newer one, was seen there
    #[arg(long)]
    pub accept_state: bool,
}

/// How long a command on the embedded sandbox waits for the one before it when nothing is said: as good as for ever.
const SANDBOX_TURN: Duration = Duration::from_secs(24 * 3600);

impl LockArguments {
    /// Returns whether and how long to wait. Commands on one embedded sandbox follow each other.
    pub fn options(&self, sandbox: bool) -> LockOptions {
        let unsaid = if sandbox { SANDBOX_TURN } else { Duration::ZERO };
        LockOptions { lock: self.lock, timeout: self.lock_timeout.unwrap_or(unsaid) }
    }
}

/// Paths that replace those of the local backend.
#[derive(Debug, Clone, Default, Args)]
pub struct StatePathArguments {
    /// Path of the state file; for the local backend only
    #[arg(long, value_name = "path")]
    pub state: Option<String>,
    /// Path to write the state to, leaving the one read as it is; for the local backend only
    #[arg(long, value_name = "path")]
    pub state_out: Option<String>,
    /// Path of the backup, "-" for none; for the local backend only
    #[arg(long, value_name = "path")]
    pub backup: Option<String>,
}

/// Reads a truth value in each form that Go accepts.
pub(crate) fn parse_truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("use true or false".into()),
    }
}

/// Reads a duration as Go writes it: `90s`, `1m30s`, `1.5h`, `500ms`; a bare `0` too.
pub(crate) fn parse_duration(text: &str) -> Result<Duration, String> {
    duration::parse(text).ok_or_else(|| format!("{text:?} is not a duration such as 30s or 1m30s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, milliseconds) in
            [("0s", 0), ("0", 0), ("1m30s", 90_000), ("1.5h", 5_400_000), ("250ms", 250)]
        {
            assert_eq!(parse_duration(text).unwrap(), Duration::from_millis(milliseconds), "{text}");
        }
        for text in ["", "5", "s", "1x", "-1s", "1e9999h", "99999999999999999999h"] {
            assert!(parse_duration(text).is_err(), "{text}");
        }
    }
}
