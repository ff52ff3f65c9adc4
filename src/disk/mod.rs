//! Files that somebody else wrote: read only where they are files, and only up to a limit.
//!
//! A path that the user gives, or that a directory holds, may be a pipe that nobody writes to, a device that never ends, or
//! a file larger than the memory. Whoever reads a whole file reads it through here, so that each of them is an error at once.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;

/// The most that is read of configuration, variable files and files that functions read, in bytes.
pub const LARGEST_TEXT: u64 = 64 << 20;

/// Returns the bytes of a regular file of at most `limit` bytes. Links are followed.
///
/// # Errors
/// Those of the file system; what is no regular file (`InvalidInput`); a larger file (`FileTooLarge`).
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = open(path)?;
    let length = file.metadata()?.len();
    if length > limit {
        return Err(too_large(length, limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    // It may grow while it is read, and files of the system say that they are empty.
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(bytes.len() as u64, limit));
    }
    Ok(bytes)
}

/// As [`read`], for UTF-8 text.
///
/// # Errors
/// As [`read`]; bytes that are no UTF-8 (`InvalidData`).
pub fn read_text(path: &Path, limit: u64) -> io::Result<String> {
    let text = String::from_utf8(read(path, limit)?);
    text.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the file is not encoded in UTF-8"))
}

/// Opens a regular file without waiting for anybody at the other end of it.
///
/// # Errors
/// As [`read`].
pub fn open(path: &Path) -> io::Result<File> {
    // Without this, opening a pipe waits until somebody writes to it.
    let file = OpenOptions::new().read(true).custom_flags(nix::libc::O_NONBLOCK).open(path)?;
    let kind = file.metadata()?.file_type();
    if kind.is_file() {
        return Ok(file);
    }
    if kind.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    let what = match () {
        () if kind.is_fifo() => "a pipe",
        () if kind.is_char_device() || kind.is_block_device() => "a device",
        () => "a socket",
    };
    let message = format!("it is {what}, not a regular file; write its content to a file and name that");
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

fn too_large(length: u64, limit: u64) -> io::Error {
    let message = format!("it has {length} bytes, and at most {limit} are read");
    io::Error::new(io::ErrorKind::FileTooLarge, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_regular_file_is_read_up_to_the_limit_through_links_too() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&path, "12345").unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert_eq!(read(&link, 5).unwrap(), b"12345");
        let error = read(&path, 4).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "it has 5 bytes, and at most 4 are read");
        assert_eq!(read(folder.path(), 5).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(read(&folder.path().join("c"), 5).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn pipes_devices_and_sockets_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let (pipe, socket) = (folder.path().join("pipe"), folder.path().join("socket"));
        nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [&*pipe, Path::new("/dev/zero"), Path::new("/dev/null")] {
            let error = read(path, 100).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidInput, "{}", path.display());
            assert!(error.to_string().contains("not a regular file"), "{error}");
        }
        assert!(read(&socket, 100).is_err());
        // Files of the system say that they are empty, and end nevertheless.
        assert!(!read(Path::new("/proc/self/status"), 1 << 20).unwrap().is_empty());
    }
}
