//! Files that somebody asked for by name: a saved plan, a backup, a state that could not be saved.
//!
//! They are written as Terraform writes them: through symbolic links, and into pipes and devices that are there. Only where a
//! regular file or nothing is, a whole new file takes its place at once.

use std::fs::{File, Metadata, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whoever the usual mask lets.
    Usual,
    /// Its owner alone, also where another file was before.
    Owner,
}

/// Writes a file. Where a regular file or nothing is, it is durable when this returns.
///
/// # Errors
///
/// A folder is there, or the system refuses.
pub fn write(path: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let target = target_of(path)?;
    let there = match std::fs::metadata(&target) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    match there {
        Some(metadata) if metadata.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
        Some(metadata) if !metadata.is_file() => File::options().write(true).open(&target)?.write_all(bytes),
        there => match replace(&target, bytes, readers, there.as_ref()) {
            // The file may be written, and its folder may not.
            Err(error) if there.is_some() && error.kind() == io::ErrorKind::PermissionDenied => {
                overwrite(&target, bytes)
            }
            replaced => replaced,
        },
    }
}

/// Returns where a path leads to, also where the last link leads to nothing yet.
fn target_of(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..40 {
        match std::fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            // No link: a file, a device, or nothing.
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn replace(path: &Path, bytes: &[u8], readers: Readers, there: Option<&Metadata>) -> io::Result<()> {
    let mode = match readers {
        Readers::Usual => 0o666,
        Readers::Owner => 0o600,
    };
    let mut file =
        tempfile::Builder::new().permissions(Permissions::from_mode(mode)).tempfile_in(folder_of(path))?;
    if let Some(there) = there.filter(|_| readers == Readers::Usual) {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    super::file::sync_folder(path)
}

fn overwrite(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::options().write(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).unwrap().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    #[test]
    fn links_stay_links_and_what_they_lead_to_is_written() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("kept")).unwrap();
        let link = folder.path().join("plan");
        std::os::unix::fs::symlink("kept/first", &link).unwrap();
        for content in [b"one".as_slice(), b"another"] {
            write(&link, content, Readers::Owner).unwrap();
            assert!(link.symlink_metadata().unwrap().is_symlink());
            assert_eq!(std::fs::read(folder.path().join("kept/first")).unwrap(), content);
        }
        assert_eq!(names(folder.path()), ["kept", "plan"]);
        assert_eq!(names(&folder.path().join("kept")), ["first"]);
        let mode = std::fs::metadata(&link).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn pipes_and_devices_stay_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let reading = {
            let pipe = pipe.clone();
            std::thread::spawn(move || std::fs::read(pipe).unwrap())
        };
        write(&pipe, b"through", Readers::Usual).unwrap();
        assert_eq!(reading.join().unwrap(), b"through");
        write(Path::new("/dev/null"), b"away", Readers::Usual).unwrap();
        let link = folder.path().join("null");
        std::os::unix::fs::symlink("/dev/null", &link).unwrap();
        write(&link, b"away", Readers::Owner).unwrap();
        assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
        assert_eq!(names(folder.path()), ["null", "pipe"]);
        assert!(write(folder.path(), b"no", Readers::Usual).is_err());
    }

    #[test]
    fn a_file_that_is_there_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup");
        std::fs::write(&path, "old").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        write(&path, b"new", Readers::Usual).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read(&path).unwrap(), b"new");
    }
}
