//! Who holds a state, in Terraform's words, and the kind of file lock that Terraform respects.

use std::fs::File;
use std::io;

use nix::errno::Errno;
use nix::fcntl::{FcntlArg, fcntl};
use serde::{Deserialize, Serialize};

use crate::diagnostic::text::acts_on_terminals;

/// What a holder says about itself; the JSON that Terraform writes for every backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LockInfo {
    /// A UUID that names this lock.
    #[serde(rename = "ID")]
    pub id: String,
    /// What the holder does, such as `OperationTypeApply` or `state-mv`.
    #[serde(rename = "Operation")]
    pub operation: String,
    /// Free text; we write our process there, so that a dead holder can be told.
    #[serde(rename = "Info")]
    pub info: String,
    /// User and host.
    #[serde(rename = "Who")]
    pub who: String,
    /// The version of the program.
    #[serde(rename = "Version")]
    pub version: String,
    /// When the lock was taken, RFC 3339.
    #[serde(rename = "Created")]
    pub created: String,
    /// The path of the state, where there is one.
    #[serde(rename = "Path")]
    pub path: String,
}

impl Default for LockInfo {
    fn default() -> Self {
        let empty = String::new;
        Self {
            id: empty(),
            operation: empty(),
            info: empty(),
            who: empty(),
            version: empty(),
            created: empty(),
            path: empty(),
        }
    }
}

impl LockInfo {
    /// Returns the information of a new lock, taken now by this process.
    pub fn new(operation: &str, path: &str) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            operation: operation.to_owned(),
            info: format!("snapform pid={} boot={}", std::process::id(), boot_id()),
            who: format!("{}@{}", user_name(), host_name()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            created: jiff::Timestamp::now().to_string(),
            path: path.to_owned(),
        }
    }

    /// Returns whether the holder was a snapform on this host that runs no more.
    ///
    /// Only what is certain counts: same host, same boot, and no such process.
    pub fn holder_is_dead(&self) -> bool {
        let Some(rest) = self.info.strip_prefix("snapform pid=") else { return false };
        let Some((pid, boot)) = rest.split_once(" boot=") else { return false };
        let Ok(pid) = pid.parse::<i32>() else { return false };
        let same_host = self.who.rsplit_once('@').is_some_and(|(_, host)| host == host_name());
        if !same_host || boot.is_empty() || pid <= 0 {
            return false;
        }
        boot != boot_id()
            || nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None) == Err(Errno::ESRCH)
    }

    /// Returns the block of lines that Terraform prints about a holder.
    pub fn to_lines(&self) -> String {
        let line = |name: &str, value: &str| format!("  {name:<10} {}\n", printable(value));
        let mut text = String::from("Lock Info:\n");
        text.push_str(&line("ID:", &self.id));
        text.push_str(&line("Path:", &self.path));
        text.push_str(&line("Operation:", &self.operation));
        text.push_str(&line("Who:", &self.who));
        text.push_str(&line("Version:", &self.version));
        text.push_str(&line("Created:", &go_time(&self.created)));
        text.push_str(&line("Info:", &self.info));
        text
    }
}

/// Lock information comes from other people's files and servers; it must not steer a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .take(400)
        .map(|character| if acts_on_terminals(character) { '\u{fffd}' } else { character })
        .collect()
}

/// Go prints a time in UTC as `2026-11-22 18:48:34.414626071 +0000 UTC`.
fn go_time(text: &str) -> String {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) => {
            let text = time.to_string();
            format!("{} +0000 UTC", text.trim_end_matches('Z').replacen('T', " ", 1))
        }
        Err(_) => text.to_owned(),
    }
}

fn host_name() -> String {
    nix::unistd::gethostname()
        .ok()
        .and_then(|name| name.into_string().ok())
        .unwrap_or_else(|| "localhost".into())
}

fn user_name() -> String {
    let user = nix::unistd::User::from_uid(nix::unistd::getuid()).ok().flatten();
    user.map(|user| user.name).or_else(|| std::env::var("USER").ok()).unwrap_or_else(|| "unknown".into())
}

/// Process numbers start again after a boot, so a number alone proves nothing.
fn boot_id() -> String {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    text.trim().to_owned()
}

/// Tries to take an exclusive open-file-description lock; `false` when somebody else holds a lock.
///
/// Terraform takes a POSIX record lock, which an open-file-description lock excludes and which, unlike a
/// POSIX lock of ours, would not be lost as soon as any descriptor of the file is closed. `flock` locks
/// are invisible to Terraform.
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    match set_lock(file, nix::libc::F_WRLCK) {
        Ok(()) => Ok(true),
        Err(Errno::EAGAIN | Errno::EACCES) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Gives the lock back.
pub(crate) fn unlock(file: &File) -> io::Result<()> {
    set_lock(file, nix::libc::F_UNLCK).map_err(Into::into)
}

fn set_lock(file: &File, kind: i32) -> Result<(), Errno> {
    let range = nix::libc::flock {
        l_type: kind as nix::libc::c_short,
        l_whence: nix::libc::SEEK_SET as nix::libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(file, FcntlArg::F_OFD_SETLK(&range)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_excludes_another_descriptor_of_the_same_process() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let other = File::options().read(true).write(true).open(file.path()).unwrap();
        assert!(try_lock(file.as_file()).unwrap());
        assert!(!try_lock(&other).unwrap());
        unlock(file.as_file()).unwrap();
        assert!(try_lock(&other).unwrap());
    }

    #[test]
    fn only_a_process_of_this_host_that_is_gone_counts_as_dead() {
        let mut info = LockInfo::new("OperationTypeApply", "terraform.tfstate");
        assert!(!info.holder_is_dead());
        info.info = format!("snapform pid=2147483647 boot={}", boot_id());
        assert!(info.holder_is_dead());
        info.who = "somebody@another-host-entirely".into();
        assert!(!info.holder_is_dead());
    }

    #[test]
    fn the_holder_is_shown_as_terraform_shows_it() {
        let text = r#"{"ID":"09ba","Operation":"OperationTypeApply","Info":"","Who":"user@host",
            "Version":"1.11.4","Created":"2026-11-22T18:48:34.414626071Z","Path":"terraform.tfstate"}"#;
        let info: LockInfo = serde_json::from_str(text).unwrap();
        let lines = info.to_lines();
        assert!(lines.contains("  Created:   2026-11-22 18:48:34.414626071 +0000 UTC\n"), "{lines}");
        assert!(
            lines.starts_with("Lock Info:\n  ID:        09ba\n  Path:      terraform.tfstate\n"),
            "{lines}"
        );
    }
}
