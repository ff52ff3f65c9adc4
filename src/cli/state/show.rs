//! `state show`.

use std::process::ExitCode;

use super::{instance_address, require_state};
use crate::cli::arguments::state::ShowArguments;
use crate::cli::arguments::values::StatePathArguments;
use crate::cli::{Failure, Global, output};

pub(super) async fn run(global: &Global, arguments: ShowArguments) -> anyhow::Result<ExitCode> {
    let (resource, key) = instance_address(&arguments.address)?;
    let paths = StatePathArguments { state: arguments.state, ..StatePathArguments::default() };
    let state = global.read_state(&paths).await?;
    require_state(&state)?;
    let address = resource.object_address(&key);
    let Some(object) = state.object(&resource, &key) else {
        return Err(Failure::new(
            "No instance found for the given address!",
            format!(
                "There is no {address} in the state. This command requires that the address references one specific \
                 instance. To view the available instances, use \"snapform state list\"."
            ),
        )
        .into());
    };
    let options = crate::cli::operate::text_options(global);
    output::print(&crate::cli::show::object_text(&resource, &key, object, &options))?;
    Ok(ExitCode::SUCCESS)
}
