//! Where a state lives: bytes and a lock. What the bytes mean is the business of [`super::Session`].

use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use super::ahead::Ahead;
use super::error::ReadError;
use super::lock::LockInfo;
use super::version::Version;

/// The answer of a backend, to be awaited.
pub type BackendFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, BackendError>> + Send + 'a>>;

/// A place that keeps one state and lends it to one writer at a time.
pub trait Backend: Send + Sync {
    /// Begins to parse what is saved, where that can be read without the lock and is worth it.
    fn ahead(&self) -> Option<Ahead> {
        None
    }

    /// Returns a name for people, such as `terraform.tfstate` or an address without its secrets.
    fn location(&self) -> String;

    /// Returns the backup, for people, where the state is missing and its backup holds resources.
    fn backup_without_state(&self) -> Option<String> {
        None
    }

    /// Returns a name of the place without secrets that no other place has, whatever directory a command runs in.
    fn place(&self) -> String {
        self.location()
    }

    /// Returns whether the state is kept by something that can answer wrongly. What was seen there is remembered.
    fn is_remote(&self) -> bool {
        true
    }

    /// Returns the bytes of the state; none where there is no state yet.
    fn read(&self) -> BackendFuture<'_, Option<Vec<u8>>>;

    /// As [`Backend::read`], past everything that only remembers; nothing where this value has not written yet and reads from
    /// another place than it writes to.
    fn read_whole(&self) -> BackendFuture<'_, Option<Option<Vec<u8>>>> {
        Box::pin(async move { Ok(Some(self.read().await?)) })
    }

    /// Tells, as cheaply as the place can, whether it still holds a version.
    fn holds<'a>(&'a self, version: &'a Version) -> BackendFuture<'a, bool> {
        Box::pin(async move { Ok(Version::of(self.read().await?.as_deref()) == *version) })
    }

    /// Returns whether [`Backend::write`] itself refuses to write over another version, so that nobody need look before it.
    fn writes_conditionally(&self) -> bool {
        false
    }

    /// Replaces the bytes of the state, of which the caller knows the version `over`. They are durable when this returns.
    ///
    /// # Errors
    ///
    /// [`BackendError::Conflict`] where the place can tell that it holds another version than `over`.
    fn write<'a>(&'a self, bytes: &'a [u8], over: &'a Version) -> BackendFuture<'a, ()>;

    /// Tries once to take the lock.
    ///
    /// # Errors
    ///
    /// [`BackendError::Locked`] when somebody else holds it.
    fn lock<'a>(&'a self, request: &'a LockInfo) -> BackendFuture<'a, ()>;

    /// Tells whether the lock that this value took is still its own. A value that finds that it is not forgets it, so that
    /// nobody else's lock is given back.
    fn holds_lock(&self) -> BackendFuture<'_, bool> {
        Box::pin(std::future::ready(Ok(true)))
    }

    /// Gives back the lock that this value took.
    fn unlock(&self) -> BackendFuture<'_, ()>;

    /// Takes the lock with this id away from its holder.
    ///
    /// # Errors
    ///
    /// The lock held has another id, or none is held.
    fn force_unlock<'a>(&'a self, id: &'a str) -> BackendFuture<'a, ()>;

    /// Returns whether a lock is possible here at all.
    fn can_lock(&self) -> bool {
        true
    }
}

/// Why a backend could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// Somebody else holds the lock.
    #[error("{message}")]
    Locked {
        /// What the system or server said.
        message: String,
        /// Who holds it, where that is known.
        holder: Option<Box<LockInfo>>,
    },
    /// The id given is not that of the lock held.
    #[error("{message}")]
    WrongLock {
        /// What is wrong with it.
        message: String,
    },
    /// The state was found, but cannot be used.
    #[error("the state at {location} cannot be used")]
    Unreadable {
        /// Where it is.
        location: String,
        /// What is wrong with it.
        #[source]
        source: ReadError,
    },
    /// A file could not be read or written.
    #[error("{doing} {path}")]
    File {
        /// What was being done, such as `cannot write`.
        doing: &'static str,
        /// The file.
        path: String,
        /// The system's answer.
        #[source]
        source: std::io::Error,
    },
    /// A server refused or could not be reached.
    #[error("{message}")]
    Server {
        /// What happened, without secrets.
        message: String,
    },
    /// An answer without any bytes where a state should be.
    #[error("{message}")]
    Empty {
        /// What answered so.
        message: String,
    },
    /// What is there cannot follow from what was seen there before.
    #[error("{message}")]
    NotAsSeen {
        /// What was seen, what is there, and what to do.
        message: String,
    },
    /// The serial cannot grow any more.
    #[error("{message}")]
    LastSerial {
        /// What to do.
        message: String,
    },
    /// The state changed under us, which a lock should have prevented.
    #[error("{message}")]
    Conflict {
        /// What differs.
        message: String,
    },
}

impl BackendError {
    pub(crate) fn file(doing: &'static str, path: &Path, source: std::io::Error) -> Self {
        Self::File { doing, path: path.display().to_string(), source }
    }

    /// Returns the longer explanation that is printed below the summary, with what to do.
    pub fn detail(&self) -> String {
        match self {
            Self::Locked { message, holder } => {
                let mut text = format!("Error message: {message}\n");
                if let Some(holder) = holder {
                    text.push_str(&holder.to_lines());
                    if holder.holder_is_dead() {
                        text.push_str(&format!(
                            "\nThe process that took this lock runs no more. Release it with:\n    snapform \
                             force-unlock {}\n",
                            holder.id
                        ));
                    }
                }
                text.push_str(
                    "\n\nSnapform acquires a state lock to protect the state from being written\nby multiple users \
                     at the same time. Please resolve the issue above and try\nagain. For most commands, you can \
                     disable locking with the \"-lock=false\"\nflag, but this is not recommended.",
                );
                text
            }
            Self::Unreadable { location, source } => format!("{location}: {source}.\n\n{}", source.remedy()),
            Self::File { doing, path, source } => format!("{doing} {path}: {source}"),
            other => other.to_string(),
        }
    }

    /// Returns the short summary, Terraform's where it has one.
    pub fn summary(&self) -> &'static str {
        match self {
            Self::Locked { .. } => "Error acquiring the state lock",
            Self::WrongLock { .. } => "Failed to unlock state",
            Self::Unreadable { .. } => "The state cannot be read",
            Self::File { .. } => "The state file cannot be read or written",
            Self::Server { .. } => "The state server refused",
            Self::Empty { .. } | Self::NotAsSeen { .. } => "The state is not where it was seen",
            Self::LastSerial { .. } => "The serial of the state cannot grow",
            Self::Conflict { .. } => "The state changed meanwhile",
        }
    }
}
