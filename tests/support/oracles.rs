//! Programs that nobody here wrote, against which the tests hold this one.
//!
//! ```ignore
//! let Some(python) = oracles::python(include_str!("conformance/requirements.txt")) else { return };
//! let output = python.command().arg("script.py").output();
//! ```

#![allow(dead_code)]

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use aws_lc_rs::digest::{SHA256, digest};

/// A Python interpreter with pinned packages.
pub struct Python {
    interpreter: PathBuf,
    bin: PathBuf,
}

impl Python {
    /// Returns a command that runs the interpreter, free of proxies: the vendors' Python packages
    /// use them for loopback addresses too.
    pub fn command(&self) -> Command {
        without_proxies(Command::new(&self.interpreter))
    }

    /// Returns a command that one of the packages installed.
    pub fn tool(&self, name: &str) -> Command {
        without_proxies(Command::new(self.bin.join(name)))
    }
}

fn without_proxies(mut command: Command) -> Command {
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command
}

/// Returns an interpreter in whose environment `requirements` are installed.
///
/// The environment lies below the build folder, named by the digest of the requirements: it is made
/// once, and again only when they change. Several test programs at once wait for the one that makes
/// it. `None` when it cannot be had and [`required`] is false; the reason is printed.
///
/// # Panics
///
/// When it cannot be had and [`required`] is true.
pub fn python(requirements: &str) -> Option<Python> {
    let prepared = prepare(Path::new(env!("CARGO_TARGET_TMPDIR")), requirements);
    prepared.map_err(|reason| missing("Python with the vendors' packages", &reason)).ok()
}

/// Returns a command that runs Terraform in a folder, without network and without the user's settings.
/// `None` when there is no Terraform and [`required`] is false; the reason is printed.
///
/// # Panics
///
/// When there is none and [`required`] is true.
pub fn terraform(folder: &Path) -> Option<Command> {
    let mut command = Command::new("terraform");
    command.current_dir(folder).env("CHECKPOINT_DISABLE", "1").env_remove("TF_CLI_CONFIG_FILE");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TF_") {
            command.env_remove(name);
        }
    }
    // Asked once for each command: it takes 0.1 s, and nothing in the test may depend on another test.
    match Command::new("terraform").env("CHECKPOINT_DISABLE", "1").arg("version").output() {
        Ok(output) if output.status.success() => Some(command),
        Ok(output) => {
            missing("Terraform", &String::from_utf8_lossy(&output.stderr));
            None
        }
        Err(error) => {
            missing("Terraform", &error.to_string());
            None
        }
    }
}

/// Returns whether a test without its oracle has to fail: `SNAPFORM_REQUIRE_ORACLES=1`.
pub fn required() -> bool {
    std::env::var_os("SNAPFORM_REQUIRE_ORACLES").is_some_and(|value| value == "1")
}

/// Says that an oracle is missing.
///
/// # Panics
///
/// When [`required`] is true.
pub fn missing(oracle: &str, reason: &str) {
    assert!(!required(), "{oracle} is required (SNAPFORM_REQUIRE_ORACLES=1) and missing: {reason}");
    // Past the test harness, which keeps what a passing test prints to itself.
    let _ = writeln!(std::io::stderr(), "skipped: {oracle} is missing: {reason}");
}

fn prepare(parent: &Path, requirements: &str) -> Result<Python, String> {
    let digest = digest(&SHA256, requirements.as_bytes());
    let name: String = digest.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = parent.join(format!("python-{name}"));
    let explain = |what: &str, error: std::io::Error| format!("{what}: {error}");
    fs::create_dir_all(parent).map_err(|error| explain("no build folder", error))?;
    let lock = File::create(folder.with_extension("lock")).map_err(|error| explain("no lock file", error))?;
    lock.lock().map_err(|error| explain("no lock", error))?;

    let bin = folder.join("bin");
    let python = Python { interpreter: bin.join("python"), bin };
    let ready = folder.join("ready");
    if ready.exists() && python.interpreter.exists() {
        return Ok(python);
    }
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(explain("cannot clear the environment", error));
        }
        _ => {}
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let list = folder.join("requirements.txt");
    fs::write(&list, requirements).map_err(|error| explain("cannot write", error))?;
    // The index is the machine's own choice, so its proxies stay in force here.
    run(Command::new(&python.interpreter)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
        .arg(&list))?;
    fs::write(&ready, "").map_err(|error| explain("cannot write", error))?;
    Ok(python)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} ended with {}: {}", output.status, errors.trim()))
}
