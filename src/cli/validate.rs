//! `validate`: whether the configuration is sound, without looking at any state or cloud.

use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::inspect::ValidateArguments;
use super::operate::{Project, compact_warnings};
use super::{Failure, Global, failure, output};
use crate::diagnostic::json::JsonReport;
use crate::diagnostic::{Diagnostics, Sources};

/// Runs the command.
pub(crate) fn run(global: &Global, arguments: &ValidateArguments) -> anyhow::Result<ExitCode> {
    let (found, sources) = findings(global)?;
    let valid = !found.has_errors();
    if arguments.json {
        let report = serde_json::to_string_pretty(&JsonReport::new(&found, &sources))?;
        output::print_line(report)?;
    } else {
        text(global, &found, &sources, arguments.warnings.compact_warnings)?;
    }
    Ok(if valid { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn findings(global: &Global) -> anyhow::Result<(Diagnostics, Arc<Sources>)> {
    match Project::load_config(global) {
        Ok(project) => Ok((project.warnings, project.sources)),
        Err(error) => match error.downcast::<Failure>() {
            Ok(failure) => Ok((failure.findings, failure.sources)),
            Err(other) => Err(other),
        },
    }
}

fn text(global: &Global, found: &Diagnostics, sources: &Sources, compact: bool) -> anyhow::Result<()> {
    if compact && !found.has_errors() && !found.is_empty() {
        output::note(&compact_warnings(sources, found));
    } else {
        output::note(&failure::to_text(found, sources, global.colour_of_errors));
    }
    if found.has_errors() {
        return Ok(());
    }
    let (green, bold, reset) = if global.colour { ("\x1b[32m", "\x1b[1m", "\x1b[0m") } else { ("", "", "") };
    let rest = if found.is_empty() {
        " The configuration is valid."
    } else {
        " The configuration is valid, but there were some validation warnings as shown above."
    };
    output::print_line(format!("{green}{bold}Success!{reset}{rest}\n"))
}
