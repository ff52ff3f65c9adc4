//! `state list`.

use std::process::ExitCode;

use super::{lies_within, require_state, target};
use crate::cli::arguments::state::ListArguments;
use crate::cli::arguments::values::StatePathArguments;
use crate::cli::{Failure, Global, output};
use crate::state::{State, Target};

pub(super) async fn run(global: &Global, arguments: ListArguments) -> anyhow::Result<ExitCode> {
    let paths = StatePathArguments { state: arguments.state, ..StatePathArguments::default() };
    let state = global.read_state(&paths).await?;
    require_state(&state)?;
    let targets = arguments.addresses.iter().map(|text| target(text)).collect::<anyhow::Result<Vec<_>>>()?;
    for (target, text) in targets.iter().zip(&arguments.addresses) {
        require_match(&state, target, text)?;
    }
    let mut found: Vec<_> = state
        .objects()
        .filter(|(resource, _, key, _)| {
            targets.is_empty() || targets.iter().any(|target| lies_within(target, resource, key))
        })
        .filter(|(_, _, _, object)| arguments.id.as_ref().is_none_or(|id| object.id().as_ref() == Some(id)))
        .map(|(resource, _, key, _)| resource.instance_address(key))
        .collect();
    found.sort();
    found.dedup();
    output::print(&found.iter().map(|address| format!("{address}\n")).collect::<String>())?;
    Ok(ExitCode::SUCCESS)
}

fn require_match(state: &State, target: &Target, text: &str) -> anyhow::Result<()> {
    if state.objects().any(|(resource, _, key, _)| lies_within(target, resource, key)) {
        return Ok(());
    }
    Err(match target {
        Target::Module(_) => Failure::new(
            "Unknown module",
            format!(
                "The current state contains no module at {text}. If you've just added this module to the \
                 configuration, you must run \"snapform apply\" first to create the module's entry in the state."
            ),
        ),
        Target::Resource(_, None) => Failure::new(
            "Unknown resource",
            format!(
                "The current state contains no resource {text}. If you've just added this resource to the \
                 configuration, you must run \"snapform apply\" first to create the resource's entry in the state."
            ),
        ),
        Target::Resource(_, Some(_)) => Failure::new(
            "Unknown resource instance",
            format!(
                "The current state contains no resource instance {text}. If you've just added its resource to the \
                 configuration or have changed the count or for_each arguments, you must run \"snapform apply\" \
                 first to update the resource's entry in the state."
            ),
        ),
    }
    .into())
}
