//! The file system as the functions of the language see it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::lang::Files;

/// The largest file that `file` and its relatives read, in bytes.
const LARGEST: u64 = 64 << 20;

/// The most files that `fileset` walks through.
const MOST: usize = 1_000_000;

/// Reads the local disk.
#[derive(Debug, Default, Clone, Copy)]
pub struct LocalFiles;

impl Files for LocalFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let length = fs::metadata(path)?.len();
        if length > LARGEST {
            let text = format!("the file has {length} bytes, more than the {LARGEST} that can be read");
            return Err(io::Error::other(text));
        }
        fs::read(path)
    }

    fn exists(&self, path: &Path) -> io::Result<bool> {
        match fs::metadata(path) {
            Ok(found) if found.is_file() => Ok(true),
            Ok(found) if found.is_dir() => Err(io::Error::from(io::ErrorKind::IsADirectory)),
            Ok(_) => Err(io::Error::from(io::ErrorKind::InvalidInput)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn walk(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(inner) = folders.pop() {
            for entry in fs::read_dir(folder.join(&inner))? {
                let entry = entry?;
                let path = inner.join(entry.file_name());
                // Links are followed, as Terraform follows them; a link that leads nowhere is no file.
                let Ok(kind) = fs::metadata(folder.join(&path)) else { continue };
                if kind.is_dir() && path.components().count() < 64 {
                    folders.push(path);
                } else if kind.is_file() {
                    found.push(path.to_string_lossy().into_owned());
                    if found.len() > MOST {
                        return Err(io::Error::other(format!("more than {MOST} files")));
                    }
                }
            }
        }
        found.sort();
        Ok(found)
    }
}
