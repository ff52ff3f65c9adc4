//! `completion`: scripts for shells, made from the definition of the command line.

use std::process::ExitCode;

use clap_complete::Shell;

use super::arguments::{self, maintain::CompletionArguments};
use super::output;

/// Runs the command.
pub(crate) fn run(arguments: &CompletionArguments) -> anyhow::Result<ExitCode> {
    let shell = match arguments.shell.as_str() {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        _ => Shell::Fish,
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut arguments::definition(), "snapform", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(ExitCode::SUCCESS)
}
