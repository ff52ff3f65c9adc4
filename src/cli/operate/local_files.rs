//! The file system as the functions of the language see it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;
use crate::lang::Files;

/// The most files and folders that `fileset` looks at.
const MOST: usize = 200_000;

/// Reads the local disk.
#[derive(Debug, Default, Clone, Copy)]
pub struct LocalFiles;

impl Files for LocalFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        disk::read(path, disk::LARGEST_TEXT)
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

    fn walk(&self, folder: &Path, depth: Option<usize>) -> io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut seen = 0;
        let mut folders = vec![PathBuf::new()];
        while let Some(inner) = folders.pop() {
            for entry in fs::read_dir(folder.join(&inner))? {
                let entry = entry?;
                seen += 1;
                if seen > MOST {
                    let text = format!(
                        "there are more than {MOST} files and folders below {}; begin the pattern with a folder further down",
                        folder.display()
                    );
                    return Err(io::Error::other(text));
                }
                let path = inner.join(entry.file_name());
                // Links are followed, as Terraform follows them; a link that leads nowhere is no file.
                let Ok(kind) = fs::metadata(folder.join(&path)) else { continue };
                if kind.is_dir() && path.components().count() < depth.unwrap_or(64).min(64) {
                    folders.push(path);
                } else if kind.is_file() {
                    found.push(path.to_string_lossy().into_owned());
                }
            }
        }
        found.sort();
        Ok(found)
    }
}
