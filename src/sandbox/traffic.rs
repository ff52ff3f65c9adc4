//! Counts every call and says which are too many.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

/// How many calls are allowed in how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Calls allowed.
    pub calls: usize,
    /// In this many milliseconds.
    pub window_ms: i64,
    /// True when windows begin at multiples of their length (the clock minute) rather than slide.
    pub aligned: bool,
}

impl Rate {
    /// Returns so many calls in any sliding second.
    pub const fn per_second(calls: usize) -> Self {
        Self { calls, window_ms: 1_000, aligned: false }
    }
}

/// The key of a limit: account, region and action.
type Key = (String, String, String);

#[derive(Default)]
struct Counter {
    total: u64,
    throttled: u64,
    admitted: VecDeque<i64>,
    second: VecDeque<i64>,
    busiest_second: usize,
}

/// Calls seen so far.
#[derive(Default)]
pub(crate) struct Traffic {
    counters: BTreeMap<Key, Counter>,
}

/// What was counted of one action, over all accounts and regions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CallCount {
    /// Calls that arrived, the throttled ones too.
    pub total: u64,
    /// Calls refused because they were too many.
    pub throttled: u64,
    /// Most calls of one account and region that arrived within any second.
    pub busiest_second: usize,
}

impl Traffic {
    /// Counts a call and returns whether it may act. `machine_ms` is the time of the count, `now_ms` that
    /// of the limit.
    pub fn arrive(&mut self, key: Key, rate: Option<Rate>, machine_ms: i64, now_ms: i64) -> bool {
        let counter = self.counters.entry(key).or_default();
        counter.total += 1;
        counter.second.retain(|at| *at > machine_ms - 1_000 && *at <= machine_ms);
        counter.second.push_back(machine_ms);
        counter.busiest_second = counter.busiest_second.max(counter.second.len());
        let Some(rate) = rate else { return true };
        let begin = if rate.aligned {
            now_ms - now_ms.rem_euclid(rate.window_ms)
        } else {
            now_ms - rate.window_ms + 1
        };
        // The clock may be set back; calls from the future must not block for ever.
        counter.admitted.retain(|at| *at >= begin && *at <= now_ms);
        if counter.admitted.len() >= rate.calls {
            counter.throttled += 1;
            return false;
        }
        counter.admitted.push_back(now_ms);
        true
    }

    /// Counts a call that a fault throttled.
    pub fn refuse(&mut self, key: Key) {
        self.counters.entry(key).or_default().throttled += 1;
    }

    /// Returns the counts per `service:Action`.
    pub fn counts(&self) -> BTreeMap<String, CallCount> {
        let mut counts: BTreeMap<String, CallCount> = BTreeMap::new();
        for ((_, _, action), counter) in &self.counters {
            let count = counts.entry(action.clone()).or_default();
            count.total += counter.total;
            count.throttled += counter.throttled;
            count.busiest_second = count.busiest_second.max(counter.busiest_second);
        }
        counts
    }

    /// Forgets the counts, not the windows of the limits.
    pub fn reset(&mut self) {
        for counter in self.counters.values_mut() {
            counter.total = 0;
            counter.throttled = 0;
            counter.busiest_second = 0;
            counter.second.clear();
        }
        self.counters.retain(|_, counter| !counter.admitted.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        ("1".to_owned(), "r".to_owned(), "cfs:CreateCfsSnapshot".to_owned())
    }

    #[test]
    fn the_21st_call_of_any_second_is_refused() {
        let mut traffic = Traffic::default();
        let rate = Some(Rate::per_second(20));
        for at in 0..20 {
            assert!(traffic.arrive(key(), rate, at * 10, at * 10));
        }
        assert!(!traffic.arrive(key(), rate, 999, 999));
        assert!(traffic.arrive(key(), rate, 1_000, 1_000));
        let counts = traffic.counts();
        let count = &counts["cfs:CreateCfsSnapshot"];
        assert_eq!((count.total, count.throttled, count.busiest_second), (22, 1, 21));
    }

    #[test]
    fn aligned_windows_open_at_the_next_minute() {
        let mut traffic = Traffic::default();
        let rate = Some(Rate { calls: 1, window_ms: 60_000, aligned: true });
        assert!(traffic.arrive(key(), rate, 0, 59_000));
        assert!(!traffic.arrive(key(), rate, 0, 59_999));
        assert!(traffic.arrive(key(), rate, 0, 60_000));
    }
}
