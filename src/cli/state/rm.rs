//! `state rm`: forgets objects without touching them in their cloud.

use std::process::ExitCode;

use super::{close, lies_within, require_state, target, with_timestamped_backup};
use crate::cli::arguments::state::RemoveArguments;
use crate::cli::arguments::values::StatePathArguments;
use crate::cli::{Failure, Global, output};

pub(super) async fn run(global: &Global, arguments: RemoveArguments) -> anyhow::Result<ExitCode> {
    let targets = arguments.addresses.iter().map(|text| target(text)).collect::<anyhow::Result<Vec<_>>>()?;
    let paths = StatePathArguments {
        state: arguments.state,
        backup: arguments.backup,
        ..StatePathArguments::default()
    };
    let paths = with_timestamped_backup(global, &paths)?;
    let mut session = global.session("state-rm", &arguments.lock, &paths).await?;
    let ended = async {
        let mut state = session.read().await?;
        require_state(&state)?;
        let found: Vec<_> = state
            .objects()
            .filter(|(resource, _, key, _)| targets.iter().any(|target| lies_within(target, resource, key)))
            .map(|(resource, _, key, _)| (resource.clone(), key.clone()))
            .collect();
        let mut addresses: Vec<_> = found.iter().map(|(resource, key)| resource.instance_address(key)).collect();
        addresses.sort();
        addresses.dedup();
        if found.is_empty() {
            return Err(Failure::new(
                "Invalid target address",
                "No matching objects found. To view the available instances, use \"snapform state list\". Please \
                 modify the address to reference a specific instance.",
            )
            .into());
        }
        let word = if arguments.dry_run { "Would remove" } else { "Removed" };
        let mut text: String = addresses.iter().map(|address| format!("{word} {address}\n")).collect();
        if !arguments.dry_run {
            for (resource, key) in &found {
                state.remove_object(resource, key);
            }
            session.write(&mut state).await?;
            text.push_str(&format!("Successfully removed {} resource instance(s).\n", addresses.len()));
        }
        output::print(&text)?;
        Ok(ExitCode::SUCCESS)
    }
    .await;
    close(session, ended).await
}
