//! The state in a file of this machine, shared with Terraform.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ahead::Ahead;
use super::backend::{Backend, BackendError, BackendFuture};
use super::error::ReadError;
use super::file::{self, Pending};
use super::lock::{self, LockInfo};
use super::model::State;
use super::output;
use super::version::Version;

/// A state file, its lock and its backup.
#[derive(Clone)]
pub struct LocalBackend {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    backup: Option<PathBuf>,
    /// Another file to read until the first write (`-state` beside `-state-out`).
    source: Option<PathBuf>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    file: Option<File>,
    /// We made the file only to have something to lock.
    created: bool,
    locked: bool,
    backed_up: bool,
    written: bool,
}

impl LocalBackend {
    /// Returns the backend of a state file, with the backup beside it as `NAME.backup`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let mut backup = path.clone().into_os_string();
        backup.push(".backup");
        Self::with_backup(path, Some(backup.into()))
    }

    /// Returns the backend of a state file with a chosen backup, or none.
    pub fn with_backup(path: impl Into<PathBuf>, backup: Option<PathBuf>) -> Self {
        Self::between(None, path, backup)
    }

    /// Returns a backend that reads one file until it has written another, which is the one that it locks.
    pub fn between(source: Option<PathBuf>, path: impl Into<PathBuf>, backup: Option<PathBuf>) -> Self {
        Self { inner: Arc::new(Inner { path: path.into(), backup, source, held: Mutex::default() }) }
    }

    /// Returns the path of the state file.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Disk calls block, so they run away from the tasks that wait for the network.
    fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, BackendError> + Send + 'static,
    ) -> BackendFuture<'static, T> {
        let inner = Arc::clone(&self.inner);
        Box::pin(async move {
            let path = inner.path.clone();
            tokio::task::spawn_blocking(move || work(&inner))
                .await
                .unwrap_or_else(|error| Err(BackendError::file("cannot use", &path, io::Error::other(error))))
        })
    }
}

impl Backend for LocalBackend {
    fn ahead(&self) -> Option<Ahead> {
        Ahead::begin(self.inner.source.clone().unwrap_or_else(|| self.inner.path.clone()))
    }

    fn location(&self) -> String {
        self.inner.path.display().to_string()
    }

    fn backup_without_state(&self) -> Option<String> {
        self.inner.backup_without_state()
    }

    fn place(&self) -> String {
        let path = std::path::absolute(&self.inner.path).unwrap_or_else(|_| self.inner.path.clone());
        let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
        let path = match (folder, path.file_name()) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => path,
        };
        path.display().to_string()
    }

    fn is_remote(&self) -> bool {
        false
    }

    fn read(&self) -> BackendFuture<'_, Option<Vec<u8>>> {
        self.blocking(Inner::read)
    }

    fn read_whole(&self) -> BackendFuture<'_, Option<Option<Vec<u8>>>> {
        self.blocking(|inner| {
            let elsewhere = inner.source.is_some() && !inner.held().written;
            if elsewhere { Ok(None) } else { inner.read().map(Some) }
        })
    }

    fn holds<'a>(&'a self, version: &'a Version) -> BackendFuture<'a, bool> {
        let version = version.clone();
        self.blocking(move |inner| inner.holds(&version))
    }

    fn write<'a>(&'a self, bytes: &'a [u8], _over: &'a Version) -> BackendFuture<'a, ()> {
        let bytes = bytes.to_vec();
        self.blocking(move |inner| inner.write(&bytes))
    }

    fn lock<'a>(&'a self, request: &'a LockInfo) -> BackendFuture<'a, ()> {
        let request = request.clone();
        self.blocking(move |inner| inner.lock(&request))
    }

    fn unlock(&self) -> BackendFuture<'_, ()> {
        self.blocking(Inner::unlock)
    }

    fn force_unlock<'a>(&'a self, id: &'a str) -> BackendFuture<'a, ()> {
        let id = id.to_owned();
        self.blocking(move |inner| inner.force_unlock(&id))
    }
}

impl Inner {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, doing: &'static str) -> impl Fn(io::Error) -> BackendError {
        let path = self.path.clone();
        move |source| BackendError::file(doing, &path, source)
    }

    fn info_path(&self) -> PathBuf {
        let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        self.path.with_file_name(format!(".{name}.lock.info"))
    }

    fn read(&self) -> Result<Option<Vec<u8>>, BackendError> {
        let held = self.held();
        if let Some(source) = self.source.as_ref().filter(|_| !held.written) {
            return LocalBackend::with_backup(source, None).inner.read();
        }
        if let Some(file) = &held.file {
            self.require_at_path(file)?;
        }
        let bytes = match &held.file {
            Some(file) => file::read_all(file).map_err(self.error("cannot read"))?,
            None => match read_limited(&self.path) {
                Ok(bytes) => bytes,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(self.error("cannot read")(error)),
            },
        };
        // Without the lock the side file may be that of a writer at work; its content is the newest either way.
        let bytes = match file::pending(&self.path, &bytes).map_err(self.error("cannot read"))? {
            Pending::Content(content) => content,
            Pending::Nothing | Pending::Superseded => bytes,
        };
        if bytes.is_empty() {
            // A file that was made only to have something to lock is no state that was emptied.
            return if held.created { Ok(None) } else { self.empty() };
        }
        Ok(Some(bytes))
    }

    /// Returns the backup, where there is one with resources and the state itself is missing.
    fn backup_without_state(&self) -> Option<String> {
        let held = self.held();
        let is_missing = match &held.file {
            Some(file) => held.created && file.metadata().is_ok_and(|metadata| metadata.len() == 0),
            None => !self.path.exists(),
        };
        if !is_missing || held.written || self.source.is_some() {
            return None;
        }
        let path = self.backup.as_ref()?;
        let backup = read_limited(path).ok()?;
        let holds = State::read(&backup).is_ok_and(|state| !state.resources.is_empty());
        holds.then(|| path.display().to_string())
    }

    /// Tells whether the file at the path is still ours and holds a version.
    fn holds(&self, version: &Version) -> Result<bool, BackendError> {
        {
            let held = self.held();
            if held.file.as_ref().is_some_and(|file| !self.is_still_at_path(file)) {
                return Ok(false);
            }
            // Nothing of what was read came from here.
            if self.source.is_some() && !held.written {
                return Ok(true);
            }
        }
        match self.read() {
            Ok(bytes) => Ok(Version::of(bytes.as_deref()) == *version),
            Err(BackendError::Unreadable { source: ReadError::Empty, .. }) => {
                Ok(*version == Version::Nothing)
            }
            Err(BackendError::Conflict { .. } | BackendError::Unreadable { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn require_at_path(&self, file: &File) -> Result<(), BackendError> {
        if self.is_still_at_path(file) {
            return Ok(());
        }
        Err(BackendError::Conflict {
            message: "the file was removed, or another one was put in its place, while it was open"
                .to_owned(),
        })
    }

    /// A state of zero bytes is what a program leaves that took the lock and died before it wrote anything.
    ///
    /// That is harmless for the first run. With a backup that holds resources it is a state that was lost.
    fn empty(&self) -> Result<Option<Vec<u8>>, BackendError> {
        let backup = self.backup.as_ref().and_then(|path| std::fs::read(path).ok());
        let lost = backup
            .is_some_and(|bytes| State::read(&bytes).map_or(!bytes.is_empty(), |state| !state.is_empty()));
        if lost {
            return Err(BackendError::Unreadable {
                location: self.path.display().to_string(),
                source: ReadError::Empty,
            });
        }
        Ok(None)
    }

    fn open(&self) -> Result<(File, bool), BackendError> {
        require_regular(&self.path).map_err(self.error("cannot use"))?;
        let existing = File::options().read(true).write(true).open(&self.path);
        match existing {
            Ok(file) => Ok((file, false)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(folder) = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                    std::fs::create_dir_all(folder).map_err(self.error("cannot create the folder of"))?;
                }
                let options =
                    File::options().read(true).write(true).create(true).truncate(false).open(&self.path);
                Ok((options.map_err(self.error("cannot create"))?, true))
            }
            Err(error) => Err(self.error("cannot open")(error)),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<(), BackendError> {
        let mut held = self.held();
        if held.file.is_none() {
            let (file, _) = self.open()?;
            held.file = Some(file);
        }
        if !held.backed_up {
            self.back_up(held.file.as_ref())?;
            held.backed_up = true;
        }
        let Some(file) = &held.file else { return Ok(()) };
        self.require_at_path(file)?;
        file::replace(file, &self.path, bytes, &mut || Ok(())).map_err(self.error("cannot write"))?;
        // What was written into a file without a name is written nowhere.
        self.require_at_path(file)?;
        held.created = false;
        held.written = true;
        if !held.locked {
            held.file = None;
        }
        Ok(())
    }

    /// Keeps the state as it was before the first write of this run, as Terraform does.
    fn back_up(&self, file: Option<&File>) -> Result<(), BackendError> {
        let (Some(backup), Some(file)) = (&self.backup, file) else { return Ok(()) };
        let bytes = file::read_all(file).map_err(self.error("cannot read"))?;
        if bytes.is_empty() {
            return Ok(());
        }
        output::write(backup, &bytes, output::Readers::Usual)
            .map_err(|error| BackendError::file("cannot write", backup, error))
    }

    fn lock(&self, request: &LockInfo) -> Result<(), BackendError> {
        let mut held = self.held();
        if held.locked {
            return Err(BackendError::Locked {
                message: "this process holds the lock already".into(),
                holder: None,
            });
        }
        let (file, created) = self.open()?;
        if !lock::try_lock(&file).map_err(self.error("cannot lock"))? {
            return Err(BackendError::Locked {
                message: "resource temporarily unavailable".into(),
                holder: self.holder().map(Box::new),
            });
        }
        if !self.is_still_at_path(&file) {
            // The holder removed the file between our opening and locking it; the next try opens the new one.
            return Err(BackendError::Locked { message: "the state file was replaced".into(), holder: None });
        }
        file::recover(&file, &self.path, &mut || Ok(())).map_err(self.error("cannot recover"))?;
        let info =
            serde_json::to_vec(request).map_err(|error| self.error("cannot describe")(error.into()))?;
        let info_path = self.info_path();
        std::fs::write(&info_path, info)
            .map_err(|error| BackendError::file("cannot write", &info_path, error))?;
        *held = Held { file: Some(file), created, locked: true, ..Held::default() };
        Ok(())
    }

    fn holder(&self) -> Option<LockInfo> {
        serde_json::from_slice(&std::fs::read(self.info_path()).ok()?).ok()
    }

    fn is_still_at_path(&self, file: &File) -> bool {
        use std::os::unix::fs::MetadataExt;
        let (Ok(opened), Ok(there)) = (file.metadata(), std::fs::metadata(&self.path)) else { return false };
        opened.ino() == there.ino() && opened.dev() == there.dev()
    }

    fn unlock(&self) -> Result<(), BackendError> {
        let mut held = self.held();
        let Held { file: Some(file), created, locked: true, .. } = std::mem::take(&mut *held) else {
            return Ok(());
        };
        let removed = std::fs::remove_file(self.info_path());
        if created && file.metadata().is_ok_and(|metadata| metadata.len() == 0) && !open_elsewhere(&self.path)
        {
            let _ = std::fs::remove_file(&self.path);
        }
        lock::unlock(&file).map_err(self.error("cannot unlock"))?;
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(BackendError::file("cannot remove", &self.info_path(), error))
            }
            _ => Ok(()),
        }
    }

    fn force_unlock(&self, id: &str) -> Result<(), BackendError> {
        let wrong = |message: String| BackendError::WrongLock { message };
        let Some(holder) = self.holder() else {
            return Err(wrong("the state is not locked: there is no lock information".into()));
        };
        if holder.id != id {
            return Err(wrong(format!(
                "lock ID {id:?} does not match existing lock ID {:?}\n{}",
                holder.id,
                holder.to_lines()
            )));
        }
        let (file, _) = self.open()?;
        if !lock::try_lock(&file).map_err(self.error("cannot lock"))? {
            return Err(wrong(format!(
                "the process that holds the lock is still running and a file lock cannot be taken from it; stop the \
                 process first\n{}",
                holder.to_lines()
            )));
        }
        let info_path = self.info_path();
        std::fs::remove_file(&info_path)
            .map_err(|error| BackendError::file("cannot remove", &info_path, error))
    }
}

/// The file of a state that its backend did not take.
pub const ERRORED: &str = "errored.tfstate";

/// Returns the state that an earlier run could not save; none where that is unknown.
pub fn read_errored() -> Option<State> {
    State::read(&read_limited(Path::new(ERRORED)).ok()?).ok()
}

/// Saves a state that its backend did not take, as `errored.tfstate` in the working folder.
///
/// Returns the path, for the message that says how to push it.
///
/// # Errors
///
/// This file cannot be written either.
pub fn save_errored(state: &State) -> io::Result<PathBuf> {
    let path = PathBuf::from(ERRORED);
    output::write(&path, &state.to_bytes(), output::Readers::Usual)?;
    Ok(path)
}

/// Refuses what is no regular file: a device or a pipe keeps nothing, and opening one may wait for ever.
fn require_regular(path: &Path) -> io::Result<()> {
    match std::fs::metadata(path) {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other(
            "it is no regular file, and a state has to be kept; name a file with -state or -state-out",
        )),
        _ => Ok(()),
    }
}

pub(super) fn read_limited(path: &Path) -> io::Result<Vec<u8>> {
    require_regular(path)?;
    crate::disk::read(path, super::MAX_BYTES)
}

/// Writes a file that nobody waits for with a lock: side file, sync, rename, sync of the folder.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::PermissionsExt;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file =
        tempfile::Builder::new().permissions(std::fs::Permissions::from_mode(0o666)).tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    file::sync_folder(path)
}

/// Returns whether another process has the file open, or might have.
///
/// A Terraform that waits for our lock has opened the file already; if we removed it, that Terraform would
/// later write its state into a file without a name.
fn open_elsewhere(path: &Path) -> bool {
    let (Ok(target), Ok(processes)) = (path.canonicalize(), std::fs::read_dir("/proc")) else { return true };
    let own = std::process::id().to_string();
    processes
        .flatten()
        .filter(|process| {
            process.file_name().to_str().is_some_and(|name| name.parse::<u32>().is_ok() && name != own)
        })
        .filter_map(|process| std::fs::read_dir(process.path().join("fd")).ok())
        .flat_map(|descriptors| descriptors.flatten())
        .any(|descriptor| std::fs::read_link(descriptor.path()).is_ok_and(|open| open == target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::{Object, ObjectKey, ResourceKey};

    fn state_with(name: &str) -> Vec<u8> {
        let mut state = State { serial: 1, lineage: "l".into(), ..State::default() };
        let key = ResourceKey::managed("terraform_data", name);
        state.put_object(
            &key,
            "provider[\"terraform.io/builtin/terraform\"]",
            ObjectKey::default(),
            Object::default(),
        );
        state.to_bytes()
    }

    fn backend() -> (tempfile::TempDir, LocalBackend) {
        let folder = tempfile::tempdir().unwrap();
        let backend = LocalBackend::new(folder.path().join("terraform.tfstate"));
        (folder, backend)
    }

    #[tokio::test]
    async fn a_run_that_writes_nothing_leaves_nothing() {
        let (folder, backend) = backend();
        backend.lock(&LockInfo::new("OperationTypeApply", "")).await.unwrap();
        assert_eq!(backend.read().await.unwrap(), None);
        backend.unlock().await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn the_backup_holds_what_was_there_before_the_run() {
        let (folder, backend) = backend();
        for name in ["a", "b"] {
            backend.lock(&LockInfo::new("OperationTypeApply", "")).await.unwrap();
            backend.write(&state_with(&format!("{name}_begun")), &Version::Nothing).await.unwrap();
            backend.write(&state_with(name), &Version::Nothing).await.unwrap();
            backend.unlock().await.unwrap();
        }
        let backup = std::fs::read(folder.path().join("terraform.tfstate.backup")).unwrap();
        assert_eq!(backup, state_with("a"));
        assert_eq!(backend.read().await.unwrap().unwrap(), state_with("b"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[tokio::test]
    async fn a_second_holder_is_refused_and_shown_the_first() {
        let (_folder, backend) = backend();
        let first = LockInfo::new("OperationTypeApply", "terraform.tfstate");
        backend.lock(&first).await.unwrap();
        let other = LocalBackend::new(backend.path());
        let refused = other.lock(&LockInfo::new("OperationTypePlan", "")).await.unwrap_err();
        let BackendError::Locked { holder: Some(holder), .. } = refused else { panic!("{refused}") };
        assert_eq!(*holder, first);
        let refused = other.force_unlock("another id").await.unwrap_err();
        assert!(refused.to_string().contains("does not match"), "{refused}");
        let refused = other.force_unlock(&first.id).await.unwrap_err();
        assert!(refused.to_string().contains("still running"), "{refused}");
        backend.unlock().await.unwrap();
        other.lock(&LockInfo::new("OperationTypePlan", "")).await.unwrap();
    }

    #[tokio::test]
    async fn the_lock_of_a_killed_process_holds_nobody_up() {
        let (folder, backend) = backend();
        std::fs::write(backend.path(), state_with("a")).unwrap();
        let left = serde_json::to_vec(&LockInfo::new("OperationTypeApply", "")).unwrap();
        std::fs::write(folder.path().join(".terraform.tfstate.lock.info"), left).unwrap();
        backend.lock(&LockInfo::new("OperationTypePlan", "")).await.unwrap();
        backend.unlock().await.unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn another_file_is_read_until_the_first_write() {
        let (folder, _) = backend();
        let (source, path) = (folder.path().join("a.tfstate"), folder.path().join("b.tfstate"));
        std::fs::write(&source, state_with("a")).unwrap();
        let backend = LocalBackend::between(Some(source.clone()), &path, None);
        backend.lock(&LockInfo::new("OperationTypeApply", "")).await.unwrap();
        assert_eq!(backend.read().await.unwrap().unwrap(), state_with("a"));
        backend.write(&state_with("b"), &Version::Nothing).await.unwrap();
        assert_eq!(backend.read().await.unwrap().unwrap(), state_with("b"));
        backend.unlock().await.unwrap();
        assert_eq!(std::fs::read(&source).unwrap(), state_with("a"));
    }

    #[tokio::test]
    async fn an_empty_file_beside_a_full_backup_is_a_lost_state() {
        let (folder, backend) = backend();
        std::fs::write(backend.path(), b"").unwrap();
        assert_eq!(backend.read().await.unwrap(), None);
        std::fs::write(folder.path().join("terraform.tfstate.backup"), state_with("a")).unwrap();
        let refused = backend.read().await.unwrap_err();
        assert!(matches!(refused, BackendError::Unreadable { source: ReadError::Empty, .. }), "{refused}");
        assert!(refused.detail().contains("terraform.tfstate.backup"));
    }

    #[tokio::test]
    async fn a_file_that_was_removed_or_replaced_is_no_place_to_write_to() {
        for replaced in [false, true] {
            let (folder, backend) = backend();
            backend.lock(&LockInfo::new("OperationTypeApply", "")).await.unwrap();
            backend.write(&state_with("a"), &Version::Nothing).await.unwrap();
            let version = Version::of(Some(&state_with("a")));
            assert!(backend.holds(&version).await.unwrap());
            std::fs::remove_file(backend.path()).unwrap();
            if replaced {
                std::fs::write(backend.path(), state_with("a")).unwrap();
            }
            assert!(!backend.holds(&version).await.unwrap());
            let refused = backend.write(&state_with("b"), &version).await.unwrap_err();
            assert!(matches!(refused, BackendError::Conflict { .. }), "{refused}");
            assert_eq!(backend.path().exists(), replaced);
            drop(folder);
        }
    }

    #[tokio::test]
    async fn pipes_and_devices_keep_no_state() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        for path in [pipe.as_path(), Path::new("/dev/null"), Path::new("/dev/zero"), folder.path()] {
            let backend = LocalBackend::new(path);
            let refused = backend.read().await.unwrap_err();
            assert!(refused.detail().contains("no regular file"), "{}", refused.detail());
            let refused = backend.lock(&LockInfo::new("OperationTypeApply", "")).await.unwrap_err();
            assert!(refused.detail().contains("no regular file"), "{}", refused.detail());
        }
    }
}
