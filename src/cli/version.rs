//! `version`: ours, and the one of Terraform that we follow.

use std::process::ExitCode;

use super::arguments::inspect::VersionArguments;
use super::output;
use crate::state::TERRAFORM_VERSION;

/// Runs the command. It needs no runtime and reads nothing.
pub(crate) fn run(arguments: &VersionArguments) -> anyhow::Result<ExitCode> {
    let version = env!("CARGO_PKG_VERSION");
    let platform = platform();
    if arguments.json {
        // Wrappers read `terraform_version` to choose how to talk to us.
        output::print_line(format!(
            "{{\n  \"terraform_version\": \"{TERRAFORM_VERSION}\",\n  \"snapform_version\": \"{version}\",\n  \
             \"platform\": \"{platform}\",\n  \"provider_selections\": {{}},\n  \"terraform_outdated\": false\n}}"
        ))?;
    } else {
        output::print_line(format!("Snapform v{version}\non {platform}"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns operating system and processor by Go's names.
fn platform() -> String {
    let processor = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let system = if std::env::consts::OS == "macos" { "darwin" } else { std::env::consts::OS };
    format!("{system}_{processor}")
}
