//! `taint` and `untaint`.

use std::process::ExitCode;

use super::arguments::state::TaintArguments;
use super::state::{close, instance_address, require_state};
use super::{Failure, Global, failure, output};
use crate::state::Mode;

/// Marks the instance as tainted, or takes the mark away.
pub(crate) async fn run(global: &Global, arguments: TaintArguments, taint: bool) -> anyhow::Result<ExitCode> {
    let (resource, key) = instance_address(&arguments.address)?;
    let address = resource.object_address(&key);
    if resource.mode == Mode::Data {
        let word = if taint { "tainted" } else { "untainted" };
        return Err(Failure::new(
            format!("Resource instance cannot be {word}"),
            format!("{address} is a data source, which is read and never replaced."),
        )
        .into());
    }
    let operation = if taint { "taint" } else { "untaint" };
    let mut session = global.session(operation, &arguments.lock, &arguments.paths).await?;
    let ended = async {
        let mut state = session.read().await?;
        require_state(&state)?;
        let object = state.resources.get_mut(&resource).and_then(|resource| resource.objects.get_mut(&key));
        let Some(object) = object else {
            if arguments.allow_missing {
                let warning = failure::warning_to_text(
                    "No such resource instance",
                    &format!(
                        "Resource instance {address} was not found, but this is not an error because -allow-missing \
                         was set."
                    ),
                    global.colour,
                );
                output::print(&warning)?;
                return Ok(ExitCode::SUCCESS);
            }
            return Err(Failure::new(
                "No such resource instance",
                format!(
                    "There is no resource instance in the state with the address {address}. If the resource \
                     configuration has just been added, you must run \"snapform apply\" once to create the \
                     corresponding instance(s) before they can be tainted."
                ),
            )
            .into());
        };
        if !taint && !object.tainted {
            return Err(Failure::new(
                "Resource instance is not tainted",
                format!("Resource instance {address} is not currently tainted, and so it cannot be untainted."),
            )
            .into());
        }
        object.tainted = taint;
        session.write(&mut state).await?;
        output::print_line(if taint {
            format!("Resource instance {address} has been marked as tainted.")
        } else {
            format!("Resource instance {address} has been successfully untainted.")
        })?;
        Ok(ExitCode::SUCCESS)
    }
    .await;
    close(session, ended).await
}
