//! One use of a state: take the lock, read, write as often as needed, give the lock back.

use std::time::Duration;

use super::ahead::Ahead;
use super::backend::{Backend, BackendError};
use super::lock::LockInfo;
use super::model::{State, TERRAFORM_VERSION};

/// Whether and how long to wait for the lock.
#[derive(Debug, Clone)]
pub struct LockOptions {
    /// False with `-lock=false`.
    pub lock: bool,
    /// How long to try again (`-lock-timeout`).
    pub timeout: Duration,
}

impl Default for LockOptions {
    fn default() -> Self {
        Self { lock: true, timeout: Duration::ZERO }
    }
}

/// A state on loan.
///
/// Dropping a session without [`Session::close`] keeps a server's lock; a file's lock ends with the process.
pub struct Session {
    backend: Box<dyn Backend>,
    lock: Option<LockInfo>,
    saved: Option<Saved>,
    sandbox: bool,
    ahead: Option<Ahead>,
}

/// What the backend holds as far as we know.
struct Saved {
    serial: u64,
    lineage: String,
    content: Content,
}

/// Larger files are not kept in memory beside the state that was read from them.
const MOST_KEPT: usize = 128 << 20;

/// What a write has to differ from.
enum Content {
    /// There is nothing yet.
    Nothing,
    /// The file; most commands never write, so its digest is worked out by the first that does.
    Bytes(Vec<u8>),
    /// The digest of what we wrote.
    Digest(String),
}

impl Content {
    fn is(&self, digest: &str) -> bool {
        match self {
            Content::Nothing => false,
            Content::Bytes(bytes) => State::read(bytes).is_ok_and(|state| state.content_digest() == digest),
            Content::Digest(own) => own == digest,
        }
    }
}

impl Session {
    /// Takes the lock, trying again until the time-out.
    ///
    /// # Errors
    ///
    /// The lock is held by somebody else for longer than the time-out, or the backend fails.
    pub async fn open(
        backend: Box<dyn Backend>,
        operation: &str,
        options: &LockOptions,
    ) -> Result<Self, BackendError> {
        if !options.lock || !backend.can_lock() {
            return Ok(Self::unlocked(backend));
        }
        let info = LockInfo::new(operation, &backend.location());
        let deadline = tokio::time::Instant::now() + options.timeout;
        // Short at first, because most holders are quick; never longer than Terraform's own pause of 16 s.
        let mut pause = Duration::from_millis(100);
        loop {
            match backend.lock(&info).await {
                Ok(()) => {
                    return Ok(Self { backend, lock: Some(info), saved: None, sandbox: false, ahead: None });
                }
                Err(error @ BackendError::Locked { .. }) => {
                    let left = deadline.saturating_duration_since(tokio::time::Instant::now());
                    if left.is_zero() {
                        return Err(error);
                    }
                    tokio::time::sleep(pause.min(left)).await;
                    pause = (pause * 2).min(Duration::from_secs(16));
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Returns a session that takes no lock, for reading.
    pub fn unlocked(backend: Box<dyn Backend>) -> Self {
        Self { backend, lock: None, saved: None, sandbox: false, ahead: None }
    }

    /// Returns the session of a state that belongs to the embedded sandbox, or not.
    ///
    /// The ids of a sandbox mean nothing in a real cloud, so neither kind is read or overwritten as the other.
    #[must_use]
    pub fn marked_as_sandbox(mut self, sandbox: bool) -> Self {
        self.sandbox = sandbox;
        self
    }

    /// Returns the session, which takes the state that is parsed ahead if it turns out to be the saved one.
    #[must_use]
    pub fn expecting(mut self, ahead: Option<Ahead>) -> Self {
        self.ahead = ahead;
        self
    }

    /// Returns where the state lives.
    pub fn location(&self) -> String {
        self.backend.location()
    }

    /// Returns the lock that is held.
    pub fn lock_info(&self) -> Option<&LockInfo> {
        self.lock.as_ref()
    }

    /// Returns the state; an empty one with serial 0 and no lineage where nothing is saved yet.
    ///
    /// # Errors
    ///
    /// The backend fails, or what it holds is no usable state.
    pub async fn read(&mut self) -> Result<State, BackendError> {
        let Some(bytes) = self.backend.read().await? else {
            self.saved = Some(Saved { serial: 0, lineage: String::new(), content: Content::Nothing });
            let mut state = State::default();
            state.set_sandbox(self.sandbox);
            return Ok(state);
        };
        let state = match self.ahead.take().and_then(|ahead| ahead.of(&bytes)) {
            Some(state) => state,
            None => State::read(&bytes)
                .map_err(|source| BackendError::Unreadable { location: self.backend.location(), source })?,
        };
        if state.is_sandbox() != self.sandbox && !state.is_empty() {
            let (is, wanted) =
                if self.sandbox { ("real clouds", "a sandbox") } else { ("a sandbox", "real clouds") };
            return Err(BackendError::Conflict {
                message: format!(
                    "The state at {} belongs to {is}, and this command works on {wanted}. Neither may touch the \
                     other's objects. Check -sandbox, SNAPFORM_SANDBOX and -state.",
                    self.backend.location()
                ),
            });
        }
        self.saved = Some(Saved {
            serial: state.serial,
            lineage: state.lineage.clone(),
            content: if bytes.len() > MOST_KEPT {
                Content::Digest(state.content_digest())
            } else {
                Content::Bytes(bytes)
            },
        });
        Ok(state)
    }

    /// Returns the backup, for people, where the state is missing and its backup holds resources.
    pub fn backup_without_state(&self) -> Option<String> {
        self.backend.backup_without_state()
    }

    /// Saves the state if it differs from what is saved, and returns whether it did.
    ///
    /// Afterwards the state carries its new serial, and its lineage where it had none. When this returns, the
    /// state is durable.
    ///
    /// # Errors
    ///
    /// The backend fails; or the lineage is another one than that of the saved state.
    pub async fn write(&mut self, state: &mut State) -> Result<bool, BackendError> {
        if self.saved.is_none() {
            self.read().await?;
        }
        let digest = state.content_digest();
        let mut serial = state.serial;
        if let Some(saved) = &self.saved {
            if saved.content.is(&digest) {
                state.serial = saved.serial;
                state.lineage.clone_from(&saved.lineage);
                return Ok(false);
            }
            if !saved.lineage.is_empty() && !state.lineage.is_empty() && saved.lineage != state.lineage {
                return Err(BackendError::Conflict {
                    message: format!(
                        "the saved state has lineage {:?}, the one to be written {:?}",
                        saved.lineage, state.lineage
                    ),
                });
            }
            if state.lineage.is_empty() {
                state.lineage.clone_from(&saved.lineage);
            }
            serial = serial.max(saved.serial);
        }
        if state.lineage.is_empty() {
            state.lineage = uuid::Uuid::new_v4().to_string();
        }
        state.serial = serial.saturating_add(1);
        TERRAFORM_VERSION.clone_into(&mut state.terraform_version);
        self.write_as_is(state, digest).await?;
        Ok(true)
    }

    /// Saves the state with the serial and lineage that it has, as `state push` does.
    ///
    /// # Errors
    ///
    /// The backend fails.
    pub async fn replace(&mut self, state: &State) -> Result<(), BackendError> {
        self.write_as_is(state, state.content_digest()).await
    }

    async fn write_as_is(&mut self, state: &State, digest: String) -> Result<(), BackendError> {
        self.backend.write(&state.to_bytes()).await?;
        let lineage = state.lineage.clone();
        self.saved = Some(Saved { serial: state.serial, lineage, content: Content::Digest(digest) });
        Ok(())
    }

    /// Gives the lock back.
    ///
    /// # Errors
    ///
    /// The backend fails; the lock may then still be held.
    pub async fn close(mut self) -> Result<(), BackendError> {
        match self.lock.take() {
            Some(_) => self.backend.unlock().await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{LocalBackend, Object, ObjectKey, ResourceKey};

    fn add(state: &mut State, name: &str) {
        state.put_object(
            &ResourceKey::managed("t", name),
            "provider[\"p\"]",
            ObjectKey::default(),
            Object::default(),
        );
    }

    #[tokio::test]
    async fn the_serial_grows_by_one_with_each_write_that_changes_something() {
        let folder = tempfile::tempdir().unwrap();
        let backend = || Box::new(LocalBackend::new(folder.path().join("terraform.tfstate")));
        let mut session =
            Session::open(backend(), "OperationTypeApply", &LockOptions::default()).await.unwrap();
        let mut state = session.read().await.unwrap();
        add(&mut state, "a");
        assert!(session.write(&mut state).await.unwrap());
        assert!(!session.write(&mut state).await.unwrap());
        add(&mut state, "b");
        assert!(session.write(&mut state).await.unwrap());
        assert_eq!(state.serial, 2);
        session.close().await.unwrap();
        let again = Session::unlocked(backend()).read().await.unwrap();
        assert_eq!(again, state);
        assert_eq!(again.lineage.len(), 36);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lock_is_waited_for_and_no_longer_than_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terraform.tfstate");
        let options = LockOptions { lock: true, timeout: Duration::from_secs(30) };
        let backend = || Box::new(LocalBackend::new(&path));
        let first = Session::open(backend(), "OperationTypeApply", &options).await.unwrap();
        let refused = Session::open(backend(), "OperationTypePlan", &options).await;
        assert!(matches!(refused, Err(BackendError::Locked { .. })));
        let waiting = Session::open(backend(), "OperationTypePlan", &options);
        let (closed, opened) = tokio::join!(first.close(), waiting);
        closed.unwrap();
        opened.unwrap().close().await.unwrap();
    }
}
