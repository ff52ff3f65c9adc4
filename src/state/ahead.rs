//! The local state parsed beside the configuration.
//!
//! Of thousands of objects, the state takes as long to read as the configuration, and neither needs the other. So the file is
//! read and parsed on a thread of its own while the configuration is loaded. That is before the lock is held: what is
//! read under the lock counts, and only where it is the same to the byte is the parsed state taken.

use std::path::PathBuf;
use std::thread::JoinHandle;

use super::local::read_limited;
use super::model::State;

/// Smaller files are parsed before a thread has begun.
const WORTHWHILE: u64 = 64 * 1024;

/// A state that is being parsed.
#[derive(Debug)]
pub struct Ahead(JoinHandle<Option<(Vec<u8>, State)>>);

impl Ahead {
    /// Begins to read a file; nothing where that is not worth it.
    pub fn begin(path: PathBuf) -> Option<Self> {
        if std::fs::metadata(&path).ok()?.len() < WORTHWHILE {
            return None;
        }
        let parse = move || {
            let bytes = read_limited(&path).ok()?;
            let state = State::read(&bytes).ok()?;
            Some((bytes, state))
        };
        std::thread::Builder::new().spawn(parse).ok().map(Self)
    }

    /// Returns the state if it was made from these bytes.
    pub(super) fn of(self, bytes: &[u8]) -> Option<State> {
        let (seen, state) = self.0.join().ok()??;
        (seen == bytes).then_some(state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_stayed_the_same_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("terraform.tfstate");
        assert!(Ahead::begin(path.clone()).is_none());
        let mut state = State { lineage: "l".repeat(WORTHWHILE as usize), serial: 1, ..State::default() };
        let first = state.to_bytes();
        std::fs::write(&path, &first).unwrap();
        let read = |bytes: &[u8]| Ahead::begin(path.clone()).unwrap().of(bytes);
        assert_eq!(read(&first), Some(State::read(&first).unwrap()));
        state.serial = 2;
        assert_eq!(read(&state.to_bytes()), None);
        std::fs::write(&path, vec![b'{'; WORTHWHILE as usize]).unwrap();
        assert_eq!(read(&first), None);
    }
}
