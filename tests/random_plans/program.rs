//! The two programs.

use std::path::Path;
use std::process::{Command, Output};

/// One of the two programs.
#[derive(Clone, Copy, PartialEq)]
pub enum Program {
    Snapform,
    Terraform,
}

impl Program {
    /// Runs it in a folder, free of the surroundings' settings.
    pub fn run(self, folder: &Path, arguments: &[String]) -> Output {
        let mut command = Command::new(match self {
            Program::Snapform => env!("CARGO_BIN_EXE_snapform"),
            Program::Terraform => "terraform",
        });
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("TF_") || text.starts_with("SNAPFORM_") {
                command.env_remove(name);
            }
        }
        command.env("SNAPFORM_WORDING", "terraform").env("CHECKPOINT_DISABLE", "1");
        command.current_dir(folder).args(arguments).output().unwrap()
    }
}

/// Text with one name for both programs.
pub fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).replace("Snapform", "Terraform").replace("snapform", "terraform")
}
