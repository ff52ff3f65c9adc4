//! `state pull`.

use std::process::ExitCode;

use crate::cli::arguments::values::StatePathArguments;
use crate::cli::{Global, output};

pub(super) async fn run(global: &Global) -> anyhow::Result<ExitCode> {
    let state = global.read_state(&StatePathArguments::default()).await?;
    if !state.lineage.is_empty() || !state.is_empty() {
        output::print(&String::from_utf8_lossy(&state.to_bytes()))?;
    }
    Ok(ExitCode::SUCCESS)
}
