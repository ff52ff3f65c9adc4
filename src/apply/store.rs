//! What a run needs of the place where the state lives.

use std::path::PathBuf;
use std::time::Duration;

use crate::cloud::BoxFuture;
use crate::state::{self, AcceptedLine, BackendError, Session, State};

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

    /// Asks whether the place is still ours: whether it holds what was read or saved last, under our lock.
    fn check(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Reads back what was saved last: a place may say that it kept something, and keep nothing.
    fn confirm(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Returns how long ago the place was last known to be ours.
    fn age(&self) -> Duration {
        Duration::ZERO
    }
}

/// Keeps accepted ids at once, because the state is saved less often.
pub trait Journal: Send {
    /// Adds lines to the journal of this run; they are durable when this returns.
    ///
    /// # Errors
    ///
    /// They cannot be made durable. The run goes on: recovery would then have to look for the objects.
    fn append(&mut self, lines: &[AcceptedLine]) -> Result<(), StoreError>;

    /// Returns what a run got accepted, in the order of the answers; nothing when its journal is lost.
    fn read(&self, run: &str) -> Vec<AcceptedLine>;

    /// Forgets the journal of a run, after the state that holds its outcomes is durable.
    fn discard(&mut self, run: &str);
}

/// A journal for runs that keep none, such as those that only change a state.
#[derive(Debug, Default, Clone, Copy)]
pub struct NoJournal;

impl Journal for NoJournal {
    fn append(&mut self, _lines: &[AcceptedLine]) -> Result<(), StoreError> {
        Ok(())
    }

    fn read(&self, _run: &str) -> Vec<AcceptedLine> {
        Vec::new()
    }

    fn discard(&mut self, _run: &str) {}
}

/// The journals below the data folder (`.snapform`).
#[derive(Debug)]
pub struct LocalJournal {
    folder: PathBuf,
    run: String,
    open: Option<state::Journal>,
}

impl LocalJournal {
    /// Returns the journals in a data folder, for a run that may add to its own.
    pub fn new(folder: impl Into<PathBuf>, run: impl Into<String>) -> Self {
        Self { folder: folder.into(), run: run.into(), open: None }
    }
}

impl Journal for LocalJournal {
    fn append(&mut self, lines: &[AcceptedLine]) -> Result<(), StoreError> {
        let journal = self.open.get_or_insert_with(|| state::Journal::new(&self.folder, &self.run));
        journal.append(lines).map_err(|error| StoreError {
            message: format!("cannot write the journal in {}: {error}", self.folder.display()),
        })
    }

    fn read(&self, run: &str) -> Vec<AcceptedLine> {
        // A journal that cannot be read is as good as lost: the objects are looked for.
        state::Journal::read(&self.folder, run).unwrap_or_default()
    }

    fn discard(&mut self, run: &str) {
        if run == self.run {
            self.open = None;
        }
        if let Err(error) = state::Journal::discard_run(&self.folder, run) {
            tracing::debug!(%error, run, "a journal could not be removed");
        }
    }
}

/// A session of a backend saves what it is given.
impl Store for Session {
    fn save<'a>(&'a mut self, state: &'a mut State) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write(state).await.map(drop).map_err(store_error) })
    }

    fn check(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { Session::check(self).await.map_err(store_error) })
    }

    fn confirm(&mut self) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move { Session::confirm(self).await.map_err(store_error) })
    }

    fn age(&self) -> Duration {
        Session::age(self)
    }
}

fn store_error(error: BackendError) -> StoreError {
    StoreError { message: format!("{}\n\n{}", error.summary(), error.detail()) }
}
