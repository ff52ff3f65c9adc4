//! Remembers the nonces of signed requests, so that a recorded request cannot be sent again.

use std::collections::{BTreeSet, HashSet};

/// The nonces seen in the last [`WINDOW_SECONDS`] on both sides of the clock.
#[derive(Debug, Default)]
pub(crate) struct Nonces {
    seen: HashSet<(String, String)>,
    by_time: BTreeSet<(i64, String, String)>,
}

/// How far a request's time may be from the server's, in seconds.
pub(super) const WINDOW_SECONDS: i64 = 15 * 60;

impl Nonces {
    /// Returns whether the nonce of this key is new, and remembers it.
    ///
    /// A nonce is kept for twice the window: a request stamped ahead by one window stays valid for
    /// that long.
    pub(super) fn admit(&mut self, key: &str, nonce: &str, now_seconds: i64) -> bool {
        while let Some(oldest) = self.by_time.first() {
            if oldest.0 + 2 * WINDOW_SECONDS >= now_seconds {
                break;
            }
            if let Some((_, key, nonce)) = self.by_time.pop_first() {
                self.seen.remove(&(key, nonce));
            }
        }
        let new = self.seen.insert((key.to_owned(), nonce.to_owned()));
        if new {
            self.by_time.insert((now_seconds, key.to_owned(), nonce.to_owned()));
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_taken_once_per_key_until_both_windows_are_over() {
        let mut nonces = Nonces::default();
        assert!(nonces.admit("a", "1", 0));
        assert!(!nonces.admit("a", "1", 60));
        assert!(nonces.admit("b", "1", 60));
        assert!(!nonces.admit("a", "1", 2 * WINDOW_SECONDS));
        assert!(nonces.admit("a", "1", 2 * WINDOW_SECONDS + 1));
        assert_eq!(nonces.by_time.len(), nonces.seen.len());
    }
}
