//! The local journal of accepted ids: makes most recoveries exact.
//!
//! A run appends a line as soon as a cloud accepts a create, long before the next checkpoint of the state. Each
//! run has its own file in `.snapform/accepted/`; it goes when the run's intents are settled in the state. Losing
//! the folder loses nothing: recovery then looks on the parents.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// One accepted call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AcceptedLine {
    /// The intent.
    pub intent: String,
    /// The id that the cloud gave.
    pub object: String,
    /// The id of the request, for the cloud's support.
    pub request: String,
    /// When the answer came, RFC 3339.
    pub time: String,
}

/// The journal of one run, open for appending.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
}

impl Journal {
    /// Returns the journal of a run below the data folder (`.snapform`). The file is made by the first line.
    pub fn new(data_folder: &Path, run: &str) -> Self {
        Self { path: file_of(data_folder, run), file: None }
    }

    /// Appends lines; they are on the disk when this returns. One sync serves all of them.
    ///
    /// # Errors
    ///
    /// The disk is full or the folder cannot be written.
    pub fn append(&mut self, lines: &[AcceptedLine]) -> io::Result<()> {
        let mut text = String::new();
        for line in lines {
            let json = serde_json::to_string(line).map_err(io::Error::other)?;
            text.push_str(&format!("{} {json}\n", checksum(&json)));
        }
        let is_new = self.file.is_none();
        let file = match self.file.take() {
            Some(file) => file,
            None => {
                if let Some(folder) = self.path.parent() {
                    std::fs::create_dir_all(folder)?;
                }
                File::options().append(true).create(true).open(&self.path)?
            }
        };
        let file = self.file.insert(file);
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        if is_new { super::file::sync_folder(&self.path) } else { Ok(()) }
    }

    /// Removes the file, once nothing in it is needed.
    ///
    /// # Errors
    ///
    /// The file cannot be removed.
    pub fn discard(self) -> io::Result<()> {
        drop(self.file);
        remove(&self.path)
    }

    /// Removes the journal of an earlier run.
    ///
    /// # Errors
    ///
    /// The file cannot be removed.
    pub fn discard_run(data_folder: &Path, run: &str) -> io::Result<()> {
        remove(&file_of(data_folder, run))
    }

    /// Returns what a run got accepted. Lines that were torn by a crash are left out.
    ///
    /// # Errors
    ///
    /// The file is there and cannot be read.
    pub fn read(data_folder: &Path, run: &str) -> io::Result<Vec<AcceptedLine>> {
        match std::fs::read(file_of(data_folder, run)) {
            Ok(bytes) => Ok(bytes.split(|byte| *byte == b'\n').filter_map(read_line).collect()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Run names come from a saved state, so they are not trusted as file names.
fn file_of(data_folder: &Path, run: &str) -> PathBuf {
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
    let plain: String = run.chars().filter(|character| is_plain(*character)).take(80).collect();
    let suffix = if plain == run { String::new() } else { format!("-{}", checksum(run)) };
    data_folder.join("accepted").join(format!("{plain}{suffix}.journal"))
}

fn read_line(line: &[u8]) -> Option<AcceptedLine> {
    let (sum, json) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    (sum == checksum(json)).then(|| serde_json::from_str(json).ok())?
}

fn checksum(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(number: usize) -> AcceptedLine {
        AcceptedLine {
            intent: format!("i-{number}"),
            object: format!("s-{number}"),
            request: "r".into(),
            time: "2026-11-22T18:00:00Z".into(),
        }
    }

    #[test]
    fn lines_before_a_torn_one_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::new(folder.path(), "run-1");
        journal.append(&[line(1), line(2)]).unwrap();
        journal.append(&[line(3)]).unwrap();
        let path = folder.path().join("accepted/run-1.journal");
        let whole = std::fs::read(&path).unwrap();
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let lines = Journal::read(folder.path(), "run-1").unwrap();
            assert_eq!(lines, [line(1), line(2), line(3)][..lines.len()]);
            assert!(lines.len() >= whole[..length].iter().filter(|byte| **byte == b'\n').count());
        }
        journal.discard().unwrap();
        assert!(Journal::read(folder.path(), "run-1").unwrap().is_empty());
    }

    #[test]
    fn the_name_of_a_run_cannot_leave_the_folder() {
        let path = file_of(Path::new("d"), "../../etc/passwd");
        assert_eq!(path.parent(), Some(Path::new("d/accepted")));
        assert_ne!(path, file_of(Path::new("d"), "etcpasswd"));
    }
}
