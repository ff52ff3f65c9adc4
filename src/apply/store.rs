//! What a run needs of the place where the state lives.

use std::sync::Arc;

use crate::cloud::BoxFuture;
use crate::state::State;

/// Why something could not be made durable.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct StoreError {
    /// What happened, with the place.
    pub message: String,
}

/// Saves states. The lock is held by the caller for as long as the run lasts.
pub trait Store: Send {
    /// Saves the state, which carries its new serial afterwards. It is durable when this returns.
    fn save<'a>(&'a mut self, state: &'a mut State) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// The note that a cloud took a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    /// The intent that was carried out.
    pub intent: String,
    /// The id that the object got.
    pub id: Arc<str>,
    /// When the answer came.
    pub at: jiff::Timestamp,
}

/// Keeps accepted ids at once, each durable when the call returns, because the state is saved less often.
pub trait Journal: Send + Sync {
    /// Adds a note.
    ///
    /// # Errors
    ///
    /// It cannot be made durable. The run goes on: recovery then has to look for the object.
    fn note(&self, acceptance: &Acceptance) -> Result<(), StoreError>;

    /// Returns all notes, in the order in which they were added.
    fn notes(&self) -> Vec<Acceptance>;

    /// Forgets all notes, after the state that holds their outcome is durable.
    fn clear(&self);
}

/// A journal for runs that keep none, such as those that only change a state.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn note(&self, _acceptance: &Acceptance) -> Result<(), StoreError> {
        Ok(())
    }

    fn notes(&self) -> Vec<Acceptance> {
        Vec::new()
    }

    fn clear(&self) {}
}
