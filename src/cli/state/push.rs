//! `state push`: replaces the state, unless that would go back in time or mix two states up. A serial never falls.

use std::io::Read;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;

use super::close;
use crate::cli::arguments::state::PushArguments;
use crate::cli::arguments::values::StatePathArguments;
use crate::cli::{Failure, Global};
use crate::disk;
use crate::state::{MAX_BYTES, Session, State};

pub(super) async fn run(global: &Global, arguments: PushArguments) -> anyhow::Result<ExitCode> {
    let mut bytes = Vec::new();
    if arguments.path == "-" {
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .context("Cannot read the state from standard input")?;
    } else {
        bytes = disk::read(Path::new(&arguments.path), MAX_BYTES)
            .with_context(|| format!("Cannot read {}", arguments.path))?;
    }
    let pushed = State::read(&bytes)?;
    if pushed.is_sandbox() != global.sandbox && !pushed.is_empty() {
        return Err(Failure::new(
            "Failed to write state",
            "One of the two states belongs to a sandbox and the other to real clouds.",
        )
        .into());
    }
    let mut lock = arguments.lock.clone();
    lock.accept_state |= arguments.force;
    let session = global.session("state-push", &lock, &StatePathArguments::default()).await?;
    let mut session = session.replacing_lost();
    let ended = async {
        let saved = session.read().await?;
        let is_new = saved.lineage.is_empty() && saved.is_empty();
        if !arguments.force && !is_new {
            if pushed.lineage != saved.lineage {
                return Err(refused(format!(
                    "cannot import state with lineage {:?} over unrelated state with lineage {:?}",
                    pushed.lineage, saved.lineage
                )));
            }
            if pushed.serial < saved.serial {
                return Err(refused(format!(
                    "cannot import state with serial {} over newer state with serial {}",
                    pushed.serial, saved.serial
                )));
            }
            if pushed.serial == saved.serial && pushed.digest() != saved.digest() {
                return Err(refused(format!(
                    "cannot overwrite existing state with serial {} with a different state that has the same serial",
                    pushed.serial
                )));
            }
        }
        if !is_new && pushed.digest() == saved.digest() {
            return Ok(ExitCode::SUCCESS);
        }
        let mut pushed = pushed;
        // However old what is pushed is: a plan that was made on an earlier serial is not to become good again.
        let earlier = [
            Some(saved.serial).filter(|_| !is_new && saved.lineage == pushed.lineage),
            session.seen().filter(|seen| seen.lineage == pushed.lineage).map(|seen| seen.serial),
        ];
        if let Some(earlier) = earlier.into_iter().flatten().max().filter(|earlier| *earlier >= pushed.serial)
            && !(is_new && earlier == pushed.serial)
        {
            Session::require_room(&State { serial: earlier, ..State::default() })?;
            pushed.serial = earlier + 1;
        }
        session.replace(&pushed).await?;
        Ok(ExitCode::SUCCESS)
    }
    .await;
    close(session, ended).await
}

fn refused(why: String) -> anyhow::Error {
    Failure::new(
        "Failed to write state",
        format!("{why}. If the state to push is really the right one, push it with -force."),
    )
    .into()
}
