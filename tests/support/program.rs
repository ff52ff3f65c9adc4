//! The program in a folder of its own, as a stranger runs it: no variables, no home, no settings of the machine.
//!
//! ```ignore
//! let folder = Folder::with_main("resource \"terraform_data\" \"a\" {}");
//! folder.run(&["apply", "-auto-approve"]).succeeded();
//! ```

#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use snapform::sandbox::{Options, Sandbox};

/// A folder with configuration, removed at the end.
pub struct Folder {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

/// What a run printed, and how it ended.
#[derive(Debug)]
pub struct Run {
    /// The exit code; none when a signal ended the program.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Folder {
    /// Returns an empty folder.
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// Returns a folder whose only file is `main.tf`.
    pub fn with_main(text: &str) -> Self {
        let folder = Self::new();
        folder.write("main.tf", text);
        folder
    }

    /// Returns a copy of the configuration in a folder of this repository.
    pub fn copy_of(path: &Path) -> Self {
        let folder = Self::new();
        for entry in std::fs::read_dir(path).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "tf") {
                std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        folder
    }

    /// Sets a variable of the environment for all runs.
    pub fn set(&mut self, name: &str, value: &str) {
        self.environment.push((name.to_owned(), value.to_owned()));
    }

    /// Returns the folder's path.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join(name), text).unwrap();
    }

    /// Replaces a text, which must be there, in a file.
    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let path = self.path().join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Returns a command that runs the program here; nobody answers its questions.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_snapform"));
        command.args(words).current_dir(self.path()).env_clear().env("HOME", self.path());
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program.
    pub fn run(&self, words: &[&str]) -> Run {
        Run::from(self.command(words).output().unwrap())
    }

    /// Runs the program on the embedded sandbox.
    pub fn sandboxed(&self, words: &[&str]) -> Run {
        let words: Vec<&str> = ["-sandbox"].iter().chain(words).copied().collect();
        self.run(&words)
    }

    /// Opens the world of the embedded sandbox, as somebody at the vendor's console would see it.
    pub fn sandbox(&self) -> Sandbox {
        let world: PathBuf = self.path().join(".snapform/sandbox/world");
        Sandbox::open(Some(&world), Options::default()).unwrap()
    }

    /// Returns kind and id of all recovery points in the embedded sandbox.
    pub fn points(&self) -> Vec<(String, String)> {
        points(&self.sandbox())
    }
}

/// Returns kind and id of all recovery points in a world.
pub fn points(sandbox: &Sandbox) -> Vec<(String, String)> {
    let kinds = ["ecs-snapshot", "ecd-snapshot", "cfs-snapshot", "cbs-disk-backup", "tcaplus-snapshot"];
    let rows = sandbox.world().rows(sandbox.now_ms());
    rows.into_iter().filter(|row| kinds.contains(&row.kind.as_str())).map(|row| (row.kind, row.id)).collect()
}

impl Run {
    /// Returns both outputs, standard output first.
    pub fn text(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// Checks the exit code.
    #[track_caller]
    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "\n{}", self.text());
        self
    }

    /// Checks that the run succeeded.
    #[track_caller]
    pub fn succeeded(self) -> Self {
        self.ended_with(0)
    }

    /// Checks that a text was printed.
    #[track_caller]
    pub fn saying(self, text: &str) -> Self {
        assert!(self.text().contains(text), "{text:?} was not printed:\n{}", self.text());
        self
    }

    /// Checks that a text was not printed.
    #[track_caller]
    pub fn not_saying(self, text: &str) -> Self {
        assert!(!self.text().contains(text), "{text:?} was printed:\n{}", self.text());
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}
