//! Named workspaces of the local backend, in Terraform's layout.
//!
//! The default workspace is `terraform.tfstate` in the directory; every other one is
//! `terraform.tfstate.d/NAME/terraform.tfstate`. The selected name is in `.terraform/environment`.

use std::io;
use std::path::PathBuf;

use super::local::write_atomically;

/// The workspace that always exists.
pub const DEFAULT_WORKSPACE: &str = "default";

const FOLDER: &str = "terraform.tfstate.d";
const STATE_FILE: &str = "terraform.tfstate";

/// The workspaces of one directory.
#[derive(Debug, Clone)]
pub struct Workspaces {
    root: PathBuf,
    data_folder: PathBuf,
}

impl Workspaces {
    /// Returns the workspaces below `root`; the selection is kept in `data_folder` (`.terraform`).
    pub fn new(root: impl Into<PathBuf>, data_folder: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), data_folder: data_folder.into() }
    }

    /// Returns the path of a workspace's state file.
    pub fn state_path(&self, name: &str) -> PathBuf {
        if name == DEFAULT_WORKSPACE {
            self.root.join(STATE_FILE)
        } else {
            self.folder(name).join(STATE_FILE)
        }
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.root.join(FOLDER).join(name)
    }

    fn selection_path(&self) -> PathBuf {
        self.data_folder.join("environment")
    }

    /// Returns the selected workspace.
    ///
    /// # Errors
    ///
    /// The selection cannot be read.
    pub fn selected(&self) -> io::Result<String> {
        match std::fs::read_to_string(self.selection_path()) {
            Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            Ok(_) => Ok(DEFAULT_WORKSPACE.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(DEFAULT_WORKSPACE.to_owned()),
            Err(error) => Err(error),
        }
    }

    /// Returns all workspaces, the default one first and the others sorted.
    ///
    /// # Errors
    ///
    /// The folder of the workspaces cannot be read.
    pub fn list(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        match std::fs::read_dir(self.root.join(FOLDER)) {
            Ok(entries) => {
                for entry in entries {
                    let entry = entry?;
                    if entry.path().is_dir() {
                        names.extend(entry.file_name().into_string());
                    }
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        names.sort();
        names.insert(0, DEFAULT_WORKSPACE.to_owned());
        Ok(names)
    }

    /// Selects a workspace.
    ///
    /// # Errors
    ///
    /// The selection cannot be written.
    pub fn select(&self, name: &str) -> io::Result<()> {
        std::fs::create_dir_all(&self.data_folder)?;
        write_atomically(&self.selection_path(), name.as_bytes())
    }

    /// Makes the folder of a workspace.
    ///
    /// # Errors
    ///
    /// The folder cannot be made.
    pub fn create(&self, name: &str) -> io::Result<()> {
        std::fs::create_dir_all(self.folder(name))
    }

    /// Removes a workspace with its state.
    ///
    /// # Errors
    ///
    /// The folder cannot be removed.
    pub fn delete(&self, name: &str) -> io::Result<()> {
        std::fs::remove_dir_all(self.folder(name))
    }
}

/// Returns whether a name can be that of a workspace: it must survive in a path and in a URL as it is.
pub fn is_valid_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~@:!$&'()*+,;=".contains(&byte);
    !name.is_empty() && name != "." && name != ".." && name.len() <= 255 && name.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_lie_where_terraform_has_them() {
        let folder = tempfile::tempdir().unwrap();
        let workspaces = Workspaces::new(folder.path(), folder.path().join(".terraform"));
        assert_eq!(workspaces.selected().unwrap(), "default");
        workspaces.create("b").unwrap();
        workspaces.create("a").unwrap();
        workspaces.select("b").unwrap();
        assert_eq!(workspaces.list().unwrap(), ["default", "a", "b"]);
        assert_eq!(std::fs::read_to_string(folder.path().join(".terraform/environment")).unwrap(), "b");
        assert_eq!(workspaces.state_path("b"), folder.path().join("terraform.tfstate.d/b/terraform.tfstate"));
        workspaces.delete("b").unwrap();
        assert_eq!(workspaces.list().unwrap(), ["default", "a"]);
    }

    #[test]
    fn a_name_cannot_leave_the_folder() {
        assert!(is_valid_name("prod-1"));
        for name in ["", ".", "..", "a/b", "a b", "ä", "a\\b", "a\0"] {
            assert!(!is_valid_name(name), "{name:?}");
        }
    }
}
