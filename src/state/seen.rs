//! Which state was seen last at each place, so that one that is missing or older is not taken for the truth.
//!
//! A server that answers once that there is nothing (a proxy, a token that has run out, an old copy) would otherwise have
//! everything made a second time. The file is no more than a memory: without it, what a place says is believed.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::backend::BackendError;
use super::local::write_atomically;

/// What was seen of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// Its lineage.
    pub lineage: String,
    /// Its serial.
    pub serial: u64,
}

/// The memory of a directory.
#[derive(Debug, Clone)]
pub struct Seen {
    folder: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct File {
    format: u64,
    states: BTreeMap<String, Sight>,
}

const FORMAT: u64 = 1;

impl Seen {
    /// Returns the memory in a data folder (`.snapform`).
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    fn path(&self) -> PathBuf {
        self.folder.join("seen.json")
    }

    fn load(&self) -> File {
        let file = super::local::read_limited(&self.path()).ok();
        let file = file.and_then(|bytes| serde_json::from_slice::<File>(&bytes).ok());
        file.filter(|file| file.format == FORMAT).unwrap_or_default()
    }

    /// Returns what was seen last at a place.
    pub fn get(&self, place: &str) -> Option<Sight> {
        self.load().states.remove(place)
    }

    /// Remembers what was seen at a place. A folder that cannot be written is not worth an error.
    pub fn put(&self, place: &str, sight: &Sight) {
        let mut file = self.load();
        if file.states.get(place) == Some(sight) {
            return;
        }
        file.format = FORMAT;
        file.states.insert(place.to_owned(), sight.clone());
        let written = serde_json::to_vec_pretty(&file).map_err(std::io::Error::other).and_then(|bytes| {
            std::fs::create_dir_all(&self.folder)?;
            write_atomically(&self.path(), &bytes)
        });
        if let Err(error) = written {
            tracing::debug!(%error, "what was seen of the state could not be remembered");
        }
    }
}

impl Sight {
    /// Refuses what a place holds now where it cannot follow from this.
    ///
    /// # Errors
    ///
    /// Nothing is there, another state, or an older one.
    pub(super) fn accepts(&self, now: Option<&Sight>, location: &str) -> Result<(), BackendError> {
        if self.lineage.is_empty() {
            return Ok(());
        }
        let found = match now {
            None => "there is nothing now".to_owned(),
            Some(now) if now.lineage != self.lineage => {
                format!("the state there now is another one, with lineage {:?}", now.lineage)
            }
            Some(now) if now.serial < self.serial => {
                format!("the state there now is an older one, with serial {}", now.serial)
            }
            Some(_) => return Ok(()),
        };
        Err(BackendError::NotAsSeen {
            message: format!(
                "This directory saw a state with lineage {:?} and serial {} at {location}, and {found}. Objects that only \
                 that state knows would be made a second time. Nothing was changed.\n\nCheck the server and the \
                 credentials, or put the state back. If what is there is right, say so once with -accept-state.",
                self.lineage, self.serial
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(lineage: &str, serial: u64) -> Sight {
        Sight { lineage: lineage.to_owned(), serial }
    }

    #[test]
    fn what_was_seen_is_remembered_for_each_place() {
        let folder = tempfile::tempdir().unwrap();
        let seen = Seen::new(folder.path().join("data"));
        assert_eq!(seen.get("a"), None);
        seen.put("a", &sight("l", 3));
        seen.put("b", &sight("m", 1));
        seen.put("a", &sight("l", 4));
        assert_eq!((seen.get("a"), seen.get("b")), (Some(sight("l", 4)), Some(sight("m", 1))));
        std::fs::write(seen.path(), "not JSON").unwrap();
        assert_eq!(seen.get("a"), None);
    }

    #[test]
    fn only_what_can_follow_is_accepted() {
        let seen = sight("l", 3);
        for (now, fits) in [
            (None, false),
            (Some(sight("l", 2)), false),
            (Some(sight("m", 9)), false),
            (Some(sight("l", 3)), true),
            (Some(sight("l", 9)), true),
        ] {
            assert_eq!(seen.accepts(now.as_ref(), "x").is_ok(), fits, "{now:?}");
        }
    }
}
