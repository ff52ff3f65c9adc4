//! One use of a state: take the lock, read, write as often as needed, give the lock back.
//!
//! The rules that hold at every place stand here: a write goes over what this session read or wrote last and over nothing else,
//! a serial never falls, what was written is read back once, and what was seen at a place does not vanish without a word.

use std::time::Duration;

use super::ahead::Ahead;
use super::backend::{Backend, BackendError};
use super::error::ReadError;
use super::lock::LockInfo;
use super::model::{State, TERRAFORM_VERSION};
use super::seen::{Seen, Sight};
use super::version::Version;

/// Serials from here on are refused before anything is done: the greatest number can never grow, and a run writes often.
const LAST_SERIAL: u64 = u64::MAX - (1 << 32);

/// A look that is older than this when the write is to leave is repeated: the process may have slept in between.
const FRESH: Duration = Duration::from_secs(5);

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
    /// What was seen at each place; none where nothing is remembered.
    seen: Option<Seen>,
    /// Whether what is there is taken even where it cannot follow from what was seen.
    accept: bool,
    /// Whether a state that was lost is no error, because another is to take its place.
    replaces_lost: bool,
    /// When the place was last known to hold what we know.
    known_at: Option<(tokio::time::Instant, jiff::Timestamp)>,
    /// Why the place is no longer ours.
    lost: Option<String>,
    /// Whether what was written last was not read back yet.
    unconfirmed: bool,
}

/// What the backend holds as far as we know.
struct Saved {
    serial: u64,
    lineage: String,
    content: Content,
    /// What the place holds; worked out by the first write where the bytes are at hand.
    version: Option<Version>,
}

impl Saved {
    fn version(&mut self) -> Version {
        let content = &self.content;
        let of_content = || match content {
            Content::Bytes(bytes) => Version::of(Some(bytes)),
            Content::Nothing | Content::Digest(_) => Version::Nothing,
        };
        self.version.get_or_insert_with(of_content).clone()
    }
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
                    return Ok(Self { lock: Some(info), ..Self::unlocked(backend) });
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
        Self {
            backend,
            lock: None,
            saved: None,
            sandbox: false,
            ahead: None,
            seen: None,
            accept: false,
            replaces_lost: false,
            known_at: None,
            lost: None,
            unconfirmed: false,
        }
    }

    /// Returns the session, which minds what was seen at its place and remembers what it sees. With `accept` what is there is
    /// taken, whatever was seen before.
    #[must_use]
    pub fn remembering(mut self, seen: Seen, accept: bool) -> Self {
        self.seen = Some(seen);
        self.accept = accept;
        self
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

    /// Returns the session, for which a state that was lost (a file of zero bytes beside a full backup) counts as none: what is
    /// written takes its place.
    #[must_use]
    pub fn replacing_lost(mut self) -> Self {
        self.replaces_lost = true;
        self
    }

    /// Returns where the state lives.
    pub fn location(&self) -> String {
        self.backend.location()
    }

    /// Returns a name of the place that no other place has.
    pub fn place(&self) -> String {
        self.backend.place()
    }

    /// Returns the state that this directory saw last at the place.
    pub fn seen(&self) -> Option<Sight> {
        self.seen.as_ref()?.get(&self.backend.place())
    }

    /// Returns how long ago the place was last known to hold what this session knows. Clocks that stand still while a machine
    /// sleeps are not enough, so the time of day counts too.
    pub fn age(&self) -> Duration {
        let Some((instant, time)) = self.known_at else { return Duration::ZERO };
        let by_day = Duration::try_from(jiff::Timestamp::now().duration_since(time)).unwrap_or_default();
        instant.elapsed().max(by_day)
    }

    fn touch(&mut self) {
        self.known_at = Some((tokio::time::Instant::now(), jiff::Timestamp::now()));
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
        let bytes = match self.backend.read().await {
            Err(BackendError::Empty { .. }) if self.accept => None,
            Err(BackendError::Unreadable { source: ReadError::Empty, .. }) if self.replaces_lost => None,
            read => read?,
        };
        self.touch();
        let Some(bytes) = bytes else {
            self.mind(None)?;
            self.saved = Some(Saved {
                serial: 0,
                lineage: String::new(),
                content: Content::Nothing,
                version: Some(Version::Nothing),
            });
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
        self.mind(Some(Sight { lineage: state.lineage.clone(), serial: state.serial }))?;
        let too_large = bytes.len() > MOST_KEPT;
        self.saved = Some(Saved {
            serial: state.serial,
            lineage: state.lineage.clone(),
            version: too_large.then(|| Version::of(Some(&bytes))),
            content: if too_large { Content::Digest(state.content_digest()) } else { Content::Bytes(bytes) },
        });
        Ok(state)
    }

    /// Returns the backup, for people, where the state is missing and its backup holds resources.
    pub fn backup_without_state(&self) -> Option<String> {
        self.backend.backup_without_state()
    }

    /// Compares what is there with what was seen there, and remembers it.
    fn mind(&self, now: Option<Sight>) -> Result<(), BackendError> {
        let Some(seen) = self.seen.as_ref().filter(|_| self.backend.is_remote()) else { return Ok(()) };
        let place = self.backend.place();
        if let Some(before) = seen.get(&place).filter(|_| !self.accept) {
            before.accepts(now.as_ref(), &self.backend.location())?;
        }
        seen.put(&place, &now.unwrap_or(Sight { lineage: String::new(), serial: 0 }));
        Ok(())
    }

    /// Refuses a state whose serial cannot grow.
    ///
    /// # Errors
    ///
    /// Its serial is the greatest number, or nearly.
    pub fn require_room(state: &State) -> Result<(), BackendError> {
        if state.serial < LAST_SERIAL {
            return Ok(());
        }
        Err(BackendError::LastSerial {
            message: format!(
                "The state has serial {}, and there is no greater one for what would be written. Nothing was changed.\n\nSave \
                 it with \"snapform state pull\", give the copy a smaller serial and a new lineage (a UUID), and push that \
                 with \"snapform state push -force\".",
                state.serial
            ),
        })
    }

    /// Asks whether the place still holds what this session read or wrote last, and whether the lock is still ours.
    ///
    /// # Errors
    ///
    /// It does not, or it could not be asked. What is there is left as it is, and this session writes no more.
    pub async fn check(&mut self) -> Result<(), BackendError> {
        self.refuse_lost()?;
        if self.lock.is_some() && !self.backend.holds_lock().await? {
            self.lock = None;
            return Err(self.lose("the lock of this run was taken away".to_owned()));
        }
        self.confirm_whole().await
    }

    /// Reads back what was written last.
    ///
    /// # Errors
    ///
    /// The place does not hold it, or it could not be read.
    pub async fn confirm(&mut self) -> Result<(), BackendError> {
        self.refuse_lost()?;
        if !self.unconfirmed {
            return Ok(());
        }
        self.confirm_whole().await
    }

    async fn confirm_whole(&mut self) -> Result<(), BackendError> {
        let Some(saved) = &mut self.saved else { return Ok(()) };
        let version = saved.version();
        let there = match self.backend.read_whole().await {
            Ok(there) => there,
            Err(BackendError::Conflict { message }) => return Err(self.lose(message)),
            Err(BackendError::Empty { .. }) => None,
            Err(error) => return Err(error),
        };
        if let Some(there) = &there
            && Version::of(there.as_deref()) != version
        {
            let found = match there.as_deref().map(State::read) {
                None => "there is no state any more".to_owned(),
                Some(Ok(state)) => {
                    format!("there is a state with lineage {:?} and serial {}", state.lineage, state.serial)
                }
                Some(Err(error)) => format!("what is there cannot be used: {error}"),
            };
            return Err(self.lose(found));
        }
        self.unconfirmed = false;
        self.touch();
        Ok(())
    }

    fn refuse_lost(&self) -> Result<(), BackendError> {
        match &self.lost {
            Some(message) => Err(BackendError::Conflict { message: message.clone() }),
            None => Ok(()),
        }
    }

    /// From now on nothing is written by this session.
    fn lose(&mut self, found: String) -> BackendError {
        let last = match &self.saved {
            Some(saved) if !saved.lineage.is_empty() => {
                format!("a state with lineage {:?} and serial {}", saved.lineage, saved.serial)
            }
            _ => "no state".to_owned(),
        };
        let message = format!(
            "{} does not hold what this run left there: {found}. This run knew {last} there. Nothing was written over it.",
            self.backend.location()
        );
        self.lost = Some(message.clone());
        BackendError::Conflict { message }
    }

    /// Returns the state that is at the place now, whatever this session knows of it.
    pub async fn there(&self) -> Option<State> {
        let bytes = self.backend.read_whole().await.ok()??;
        State::read(&bytes?).ok()
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
        Self::require_room(state)?;
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
        self.refuse_lost()?;
        if self.saved.is_none() {
            self.read().await?;
        }
        let over = self.saved.as_mut().map_or(Version::Nothing, Saved::version);
        let first = !self.unconfirmed;
        if !self.backend.writes_conditionally() {
            self.look(&over).await?;
        }
        let bytes = state.to_bytes();
        match self.backend.write(&bytes, &over).await {
            Err(BackendError::Conflict { message }) => return Err(self.lose(message)),
            written => written?,
        }
        let lineage = state.lineage.clone();
        if let Some(seen) = self.seen.as_ref().filter(|_| first) {
            seen.put(&self.backend.place(), &Sight { lineage: lineage.clone(), serial: state.serial });
        }
        let version = Some(Version::of(Some(&bytes)));
        self.saved = Some(Saved { serial: state.serial, lineage, content: Content::Digest(digest), version });
        self.unconfirmed = true;
        self.touch();
        Ok(())
    }

    /// Looks whether the place still holds a version, right before a write.
    async fn look(&mut self, version: &Version) -> Result<(), BackendError> {
        for _ in 0..10 {
            let begun = tokio::time::Instant::now();
            if !self.backend.holds(version).await? {
                return Err(
                    self.lose("something else was written there, or it was removed or replaced".to_owned())
                );
            }
            if begun.elapsed() < FRESH {
                return Ok(());
            }
        }
        Err(BackendError::Server {
            message: format!("{} takes too long to say what it holds.", self.backend.location()),
        })
    }

    /// Reads back what was written, unless that was done, and gives the lock back.
    ///
    /// # Errors
    ///
    /// What was written was not kept; or the backend fails, and the lock may then still be held.
    pub async fn close(mut self) -> Result<(), BackendError> {
        let kept = if self.lost.is_none() { self.confirm().await } else { Ok(()) };
        if kept.is_ok()
            && self.lost.is_none()
            && let (Some(seen), Some(saved)) = (&self.seen, &self.saved)
            && matches!(saved.content, Content::Digest(_))
        {
            let sight = Sight { lineage: saved.lineage.clone(), serial: saved.serial };
            seen.put(&self.backend.place(), &sight);
        }
        let unlocked = match self.lock.take() {
            Some(_) => self.backend.unlock().await,
            None => Ok(()),
        };
        kept.and(unlocked)
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

    /// A place that answers as a test says: to reads, and whether it keeps what it takes.
    #[derive(Clone, Default)]
    struct Place(std::sync::Arc<std::sync::Mutex<Kept>>);

    #[derive(Default)]
    struct Kept {
        content: Option<Vec<u8>>,
        forgets: bool,
        lost_lock: bool,
        writes: usize,
    }

    impl Place {
        fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
            self.0.lock().unwrap()
        }

        fn session(&self, folder: &std::path::Path, accept: bool) -> Session {
            Session::unlocked(Box::new(self.clone())).remembering(Seen::new(folder), accept)
        }
    }

    impl Backend for Place {
        fn location(&self) -> String {
            "place".to_owned()
        }

        fn read(&self) -> crate::state::BackendFuture<'_, Option<Vec<u8>>> {
            Box::pin(async { Ok(self.kept().content.clone()) })
        }

        fn write<'a>(&'a self, bytes: &'a [u8], _: &'a Version) -> crate::state::BackendFuture<'a, ()> {
            Box::pin(async move {
                let mut kept = self.kept();
                kept.writes += 1;
                if !kept.forgets {
                    kept.content = Some(bytes.to_vec());
                }
                Ok(())
            })
        }

        fn lock<'a>(&'a self, _: &'a LockInfo) -> crate::state::BackendFuture<'a, ()> {
            Box::pin(async { Ok(()) })
        }

        fn holds_lock(&self) -> crate::state::BackendFuture<'_, bool> {
            Box::pin(async { Ok(!self.kept().lost_lock) })
        }

        fn unlock(&self) -> crate::state::BackendFuture<'_, ()> {
            Box::pin(async { Ok(()) })
        }

        fn force_unlock<'a>(&'a self, _: &'a str) -> crate::state::BackendFuture<'a, ()> {
            Box::pin(async { Ok(()) })
        }
    }

    async fn write_one(session: &mut Session, name: &str) -> Result<State, BackendError> {
        let mut state = session.read().await?;
        add(&mut state, name);
        session.write(&mut state).await?;
        Ok(state)
    }

    #[tokio::test]
    async fn what_somebody_else_wrote_is_never_written_over() {
        let (place, folder) = (Place::default(), tempfile::tempdir().unwrap());
        let mut slow = place.session(folder.path(), false);
        let mut state = write_one(&mut slow, "a").await.unwrap();
        let other = write_one(&mut place.session(folder.path(), false), "b").await.unwrap();
        add(&mut state, "c");
        for _ in 0..2 {
            let refused = slow.write(&mut state).await.unwrap_err();
            assert!(matches!(refused, BackendError::Conflict { .. }), "{refused}");
        }
        assert_eq!(place.kept().writes, 2);
        assert_eq!(slow.there().await.unwrap(), other);
        slow.close().await.unwrap();
        // What vanished is not made anew either.
        let mut session = place.session(folder.path(), false);
        let mut state = session.read().await.unwrap();
        place.kept().content = None;
        add(&mut state, "d");
        assert!(matches!(session.write(&mut state).await, Err(BackendError::Conflict { .. })));
    }

    #[tokio::test]
    async fn a_lock_that_was_taken_away_ends_the_run() {
        let (place, folder) = (Place::default(), tempfile::tempdir().unwrap());
        let options = LockOptions::default();
        let session = Session::open(Box::new(place.clone()), "OperationTypeApply", &options).await.unwrap();
        let mut session = session.remembering(Seen::new(folder.path()), false);
        let mut state = write_one(&mut session, "a").await.unwrap();
        session.check().await.unwrap();
        place.kept().lost_lock = true;
        let refused = session.check().await.unwrap_err();
        assert!(refused.to_string().contains("taken away"), "{refused}");
        add(&mut state, "b");
        assert!(session.write(&mut state).await.is_err());
    }

    #[tokio::test]
    async fn a_write_that_was_not_kept_is_found_at_the_end() {
        let (place, folder) = (Place::default(), tempfile::tempdir().unwrap());
        place.kept().forgets = true;
        let mut session = place.session(folder.path(), false);
        write_one(&mut session, "a").await.unwrap();
        let refused = session.close().await.unwrap_err();
        assert!(refused.to_string().contains("no state any more"), "{refused}");
    }

    #[tokio::test]
    async fn a_state_that_was_seen_does_not_vanish_or_grow_younger_without_a_word() {
        let (place, folder) = (Place::default(), tempfile::tempdir().unwrap());
        let mut session = place.session(folder.path(), false);
        write_one(&mut session, "a").await.unwrap();
        let first = place.kept().content.clone();
        write_one(&mut session, "b").await.unwrap();
        session.close().await.unwrap();
        let other = State { lineage: "other".into(), serial: 99, ..State::default() }.to_bytes();
        for wrong in [None, first, Some(other)] {
            place.kept().content = wrong;
            let refused = place.session(folder.path(), false).read().await.unwrap_err();
            assert!(matches!(&refused, BackendError::NotAsSeen { .. }), "{refused}");
            assert!(refused.detail().contains("-accept-state"));
            // A directory that saw nothing believes what it is told.
            place.session(tempfile::tempdir().unwrap().path(), false).read().await.unwrap();
        }
        place.session(folder.path(), true).read().await.unwrap();
        place.session(folder.path(), false).read().await.unwrap();
    }

    #[tokio::test]
    async fn the_greatest_serial_is_refused_before_anything_is_written() {
        let (place, folder) = (Place::default(), tempfile::tempdir().unwrap());
        let state = State { lineage: "l".into(), serial: u64::MAX, ..State::default() };
        place.kept().content = Some(state.to_bytes());
        let refused = write_one(&mut place.session(folder.path(), false), "a").await.unwrap_err();
        assert!(matches!(refused, BackendError::LastSerial { .. }), "{refused}");
        assert_eq!(place.kept().writes, 0);
    }
}
