//! `force-unlock`: takes a lock away from a holder that is gone.

use std::process::ExitCode;

use super::arguments::maintain::ForceUnlockArguments;
use super::arguments::values::StatePathArguments;
use super::{Global, output, prompt};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: &ForceUnlockArguments) -> anyhow::Result<ExitCode> {
    let backend = global.backend(&StatePathArguments::default())?;
    if !arguments.force {
        let approved = prompt::confirm(
            global,
            "Do you really want to force-unlock?",
            "Snapform will remove the lock on the remote state.\nThis will allow local Snapform commands to modify \
             this state, even though it\nmay still be in use. Only 'yes' will be accepted to confirm.",
        )?;
        if !approved {
            output::print_line("force-unlock cancelled.")?;
            return Ok(ExitCode::FAILURE);
        }
    }
    backend.force_unlock(&arguments.id).await?;
    output::print_line(
        "Snapform state has been successfully unlocked!\n\nThe state has been unlocked, and Snapform commands \
         should now be able to\nobtain a new lock on the remote state.",
    )?;
    Ok(ExitCode::SUCCESS)
}
