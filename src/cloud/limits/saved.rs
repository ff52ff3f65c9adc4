//! What the next command has to know of the calls of this one, so that the two together keep to the quotas.
//!
//! Only times of calls are kept, and whose they are as a digest: neither the id of an account nor that of a key is in the file.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::LimitKey;
use super::bucket::GUARD;
use crate::cloud::digest::sha256_hex;

/// The form of the file.
const FORMAT: u32 = 1;
/// Moments further ahead than this were written before the clock was set back.
const AHEAD_MS: i64 = 1_000;

/// Calls that still count against quotas.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedCalls {
    format: u32,
    actions: Vec<SavedAction>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct SavedAction {
    payer: String,
    region: String,
    service: String,
    action: String,
    window_ms: i64,
    /// When each call arrived at the latest, in milliseconds since 1970.
    at_ms: Vec<i64>,
}

impl SavedAction {
    fn is_of(&self, key: &LimitKey) -> bool {
        self.service == key.service
            && self.action == key.action
            && self.region == key.region
            && self.payer == digest(&key.account)
    }

    /// Drops what is out of the window, or cannot be.
    fn prune(&mut self, now_ms: i64) {
        let begin = now_ms.saturating_sub(self.window_ms);
        self.at_ms.retain(|at| *at > begin && *at <= now_ms.saturating_add(AHEAD_MS));
    }
}

impl SavedCalls {
    /// Reads what an earlier command saved. A file that is missing, or not of this form, says nothing.
    pub fn read(path: &Path) -> SavedCalls {
        let read: Option<SavedCalls> =
            std::fs::read(path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        read.filter(|calls| calls.format == FORMAT).unwrap_or_default().still_counting()
    }

    /// Saves for the next command. Where nothing counts any more nothing is written.
    ///
    /// # Errors
    ///
    /// The file cannot be written; the next command may then be throttled once.
    pub fn write(&self, path: &Path) -> std::io::Result<()> {
        if self.actions.is_empty() {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer(&file, self)?;
        file.persist(path)?;
        Ok(())
    }

    /// Returns those that still count now.
    pub(super) fn still_counting(&self) -> SavedCalls {
        let now_ms = now_ms();
        let mut actions = self.actions.clone();
        actions.iter_mut().for_each(|action| action.prune(now_ms));
        actions.retain(|action| !action.at_ms.is_empty());
        SavedCalls { format: FORMAT, actions }
    }

    /// Puts the calls of an action in the place of what is known of it.
    pub(super) fn put(&mut self, key: &LimitKey, window: Duration, ages: Vec<Duration>) {
        self.actions.retain(|action| !action.is_of(key));
        if ages.is_empty() {
            return;
        }
        let now_ms = now_ms();
        // Rounded towards now, since a call may not be taken for older than it is.
        let before =
            |age: Duration| now_ms.saturating_sub(i64::try_from(age.as_millis()).unwrap_or(i64::MAX));
        self.actions.push(SavedAction {
            payer: digest(&key.account),
            region: key.region.clone(),
            service: key.service.clone(),
            action: key.action.clone(),
            window_ms: i64::try_from((window + GUARD).as_millis()).unwrap_or(i64::MAX),
            at_ms: ages.into_iter().map(before).collect(),
        });
    }

    /// Returns how long ago the calls of an action arrived.
    pub(super) fn arrivals(&self, key: &LimitKey) -> Vec<Duration> {
        let now_ms = now_ms();
        let of_key = self.actions.iter().filter(|action| action.is_of(key)).flat_map(|action| &action.at_ms);
        of_key.map(|at| Duration::from_millis(u64::try_from(now_ms - at).unwrap_or(0))).collect()
    }
}

fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

fn digest(payer: &str) -> String {
    sha256_hex(payer.as_bytes())[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> LimitKey {
        LimitKey { account: "AKID1".into(), region: "r".into(), service: "cbs".into(), action: "X".into() }
    }

    #[test]
    fn calls_are_read_back_without_whose_they_are() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below").join("calls.json");
        let mut calls = SavedCalls { format: FORMAT, actions: Vec::new() };
        calls.put(
            &key(),
            Duration::from_secs(3600),
            vec![Duration::from_secs(60), Duration::from_secs(9000)],
        );
        calls.write(&path).unwrap();
        assert!(!std::fs::read_to_string(&path).unwrap().contains("AKID1"));
        let read = SavedCalls::read(&path);
        let ages = read.arrivals(&key());
        assert_eq!(ages.len(), 1);
        assert!(ages[0] >= Duration::from_secs(60) && ages[0] < Duration::from_secs(3000), "{ages:?}");
        assert!(read.arrivals(&LimitKey { account: "other".into(), ..key() }).is_empty());
    }

    #[test]
    fn a_file_that_is_damaged_or_of_another_time_says_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.json");
        assert_eq!(SavedCalls::read(&path).actions, []);
        for text in ["", "{", "[]", r#"{"format":2,"actions":[]}"#] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(SavedCalls::read(&path).actions, [], "{text}");
        }
        let mut ahead = SavedCalls { format: FORMAT, actions: Vec::new() };
        ahead.put(&key(), Duration::from_secs(60), vec![Duration::ZERO]);
        ahead.actions[0].at_ms[0] += 3_600_000;
        ahead.write(&path).unwrap();
        assert_eq!(SavedCalls::read(&path).actions, []);
    }

    #[test]
    fn nothing_is_written_when_nothing_counts() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("below").join("calls.json");
        SavedCalls::default().write(&path).unwrap();
        assert!(!folder.path().join("below").exists());
    }
}
