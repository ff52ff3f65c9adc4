//! Where configuration comes from: a folder on disk, or files kept in memory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::disk;

/// Reads configuration files. Paths are relative to the working folder.
pub trait ConfigFiles {
    /// Returns the names of the regular files of a folder.
    ///
    /// # Errors
    /// Those of the file system; `NotFound` when there is no such folder.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;

    /// Returns the bytes of a file.
    ///
    /// # Errors
    /// Those of the file system.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
}

/// The files below a folder on disk.
#[derive(Clone, Debug)]
pub struct DiskFiles {
    root: PathBuf,
}

impl DiskFiles {
    /// Returns the files below `root`, the working folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }
}

impl ConfigFiles for DiskFiles {
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.root.join(folder))? {
            let entry = entry?;
            if entry.path().is_dir() {
                continue;
            }
            match entry.file_name().into_string() {
                Ok(name) => names.push(name),
                // A file that would count may not be passed over because its name cannot be written down.
                Err(name) if counts(&name.to_string_lossy()) => {
                    let why = format!(
                        "the file name {name:?} is not UTF-8, so no message could name it; rename it"
                    );
                    return Err(io::Error::new(io::ErrorKind::InvalidData, why));
                }
                Err(_) => {}
            }
        }
        names.sort();
        Ok(names)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        disk::read(&self.root.join(path), disk::LARGEST_TEXT)
    }
}

/// Files kept in memory, such as those a saved plan carries.
#[derive(Clone, Debug, Default)]
pub struct MemoryFiles {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFiles {
    /// Returns an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }
}

impl ConfigFiles for MemoryFiles {
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let here = |path: &Path| {
            path.parent() == Some(folder)
                || (folder == Path::new(".") && path.parent() == Some(Path::new("")))
        };
        let names: Vec<String> = self
            .files
            .keys()
            .filter(|path| here(path))
            .filter_map(|path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned))
            .collect();
        if names.is_empty() && folder != Path::new(".") && folder != Path::new("") {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(names)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = path.strip_prefix(".").unwrap_or(path);
        self.files.get(path).cloned().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// Files with one more in the folder of the root module, which hides any of the same name.
pub struct WithFile<'a> {
    files: &'a dyn ConfigFiles,
    name: &'a str,
    content: &'a str,
}

impl<'a> WithFile<'a> {
    /// Returns files with one more.
    pub fn new(files: &'a dyn ConfigFiles, name: &'a str, content: &'a str) -> Self {
        Self { files, name, content }
    }
}

impl ConfigFiles for WithFile<'_> {
    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = self.files.list(folder)?;
        if folder.as_os_str().is_empty() || folder == Path::new(".") {
            names.retain(|name| name != self.name);
            names.push(self.name.to_owned());
            names.sort();
        }
        Ok(names)
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path.strip_prefix(".").unwrap_or(path) == Path::new(self.name) {
            return Ok(self.content.as_bytes().to_vec());
        }
        self.files.read(path)
    }
}

/// What a file of a module's folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileKind {
    /// Whether it is of JSON syntax.
    pub(super) json: bool,
    /// Whether it holds snapform's own blocks, which other tools ignore.
    pub(super) extension: bool,
    /// Whether its blocks override those of other files.
    pub(super) overriding: bool,
}

impl FileKind {
    /// Returns the kind of a file by its name; nothing when it holds no configuration.
    pub(super) fn of(name: &str) -> Option<FileKind> {
        if is_ignored(name) {
            return None;
        }
        if let Some(json) = extension(name) {
            return Some(FileKind { json, extension: true, overriding: false });
        }
        let (base, json) = match name.strip_suffix(".tf.json") {
            Some(base) => (base, true),
            None => (name.strip_suffix(".tf")?, false),
        };
        let overriding = base == "override" || base.ends_with("_override");
        Some(FileKind { json, extension: false, overriding })
    }
}

/// Tells of a file for snapform's own blocks, which other tools pass over, whether it is of JSON syntax.
fn extension(name: &str) -> Option<bool> {
    let json = name.ends_with(".snap.json");
    (json || name.ends_with(".snap.hcl")).then_some(json)
}

/// Tells whether a file of this name is configuration, or gives values without being named on the command line.
fn counts(name: &str) -> bool {
    let is_values = name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    FileKind::of(name).is_some() || (is_values && !is_ignored(name))
}

/// Tells whether a folder holds any file of configuration.
pub fn has_configuration(files: &dyn ConfigFiles, folder: &Path) -> bool {
    files.list(folder).is_ok_and(|names| names.iter().any(|name| FileKind::of(name).is_some()))
}

/// Tells whether a name is that of an editor's temporary or hidden file.
pub fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}
