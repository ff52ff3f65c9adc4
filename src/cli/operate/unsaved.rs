//! States that their place did not take: kept, told, and not forgotten by the next run.

use std::collections::BTreeSet;
use std::path::Path;

use super::super::{Failure, output};
use super::Operation;
use crate::apply::StoreError;
use crate::state::intent::INTENT_TYPE;
use crate::state::{ERRORED, Mode, Session, State, local};

/// The most objects that are listed one by one.
const LISTED: usize = 100;

/// Saves a state that its backend did not take, and says how to go on.
pub async fn keep_unsaved(state: &State, error: &StoreError, session: &Session) -> Failure {
    let there = session.there().await.filter(|there| !there.is_empty());
    // A newer state is not to be written over with ours; what only ours knows is to be brought there.
    let newer = there.filter(|there| there.lineage != state.lineage || there.serial >= state.serial);
    let message = &error.message;
    let path = match local::save_errored(state) {
        Ok(path) => path.display().to_string(),
        Err(second) => {
            // Nowhere to write: the screen is the last place where it is not lost.
            output::note(&String::from_utf8_lossy(&state.to_bytes()));
            return Failure::new(
                "Failed to save state",
                format!(
                    "{message}\n\nIt cannot be written to errored.tfstate either ({second}), so it was printed above. Save that text to a file, and once the cause is mended push it with \"snapform state push FILE\".",
                ),
            );
        }
    };
    let Some(newer) = newer else {
        return Failure::new(
            "Failed to save state",
            format!(
                "{message}\n\nWhat was done is recorded in {path}. Nothing may run in this directory before that is pushed: once the cause is mended, run\n    snapform state push {path}",
            ),
        );
    };
    Failure::new(
        "Failed to save state",
        format!(
            "{message}\n\nSomebody else works on this state now, so this run stopped. What it did is recorded in {path}; do not push that over the newer state.{}",
            only_in(state, &newer)
        ),
    )
}

/// Lists the objects of a state whose ids another one does not have.
fn only_in(state: &State, newer: &State) -> String {
    let known: BTreeSet<String> = newer.objects().filter_map(|(.., object)| object.id()).collect();
    let mut missing = Vec::new();
    for (key, _, name, object) in state.objects() {
        let Some(id) = object.id().filter(|id| !known.contains(id)) else { continue };
        if key.mode == Mode::Managed && key.resource_type != INTENT_TYPE {
            missing.push(format!("\n    snapform import '{}' '{id}'", key.instance_address(name)));
        }
    }
    if missing.is_empty() {
        return " The newer state knows all objects that this run knows.".to_owned();
    }
    let more = missing.len().saturating_sub(LISTED);
    missing.truncate(LISTED);
    let more = if more > 0 { format!("\n    … and {more} more") } else { String::new() };
    format!(
        " The newer state does not know these objects. Once no run is at work, import those that are wanted, and delete the others with the cloud's own tools:{}{more}",
        missing.concat()
    )
}

/// Refuses to go on from a state of which a newer version waits in `errored.tfstate`: what only that knows would be made a
/// second time.
///
/// # Errors
/// There is such a file.
pub fn refuse_unpushed(operation: &Operation<'_>) -> Result<(), Failure> {
    let Some(unpushed) = local::read_errored() else { return Ok(()) };
    let state = &operation.state;
    let follows = match state.lineage.is_empty() {
        true => state.is_empty(),
        false => unpushed.lineage == state.lineage && unpushed.serial > state.serial,
    };
    if unpushed.is_empty() || unpushed.is_sandbox() != operation.global.sandbox || !follows {
        return Ok(());
    }
    Err(Failure::new(
        "The outcome of an earlier run is not pushed",
        format!(
            "{ERRORED} holds what an earlier run did and could not save (serial {}), and the state is older (serial {}). Objects that only {ERRORED} knows would be made a second time. Nothing was done. Push it first:\n    snapform state push {ERRORED}\n\nIf it is of no use any more, remove or rename {}.",
            unpushed.serial,
            state.serial,
            Path::new(ERRORED).display()
        ),
    ))
}
