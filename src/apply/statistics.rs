//! What the calls of a run cost: counted while they happen, told at its end.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::event::CallEvent;
use crate::cloud::ErrorClass;

/// What the calls of one action in one region cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionStatistics {
    /// Short service name.
    pub service: String,
    /// The API action.
    pub action: String,
    /// The region that the calls were for.
    pub region: String,
    /// Requests sent, repetitions among them.
    pub calls: u64,
    /// Requests that the cloud refused as too frequent.
    pub throttled: u64,
    /// Requests that were sent again after they failed.
    pub retried: u64,
    /// Requests that failed for good.
    pub failed: u64,
    /// Bytes of the requests: targets and bodies.
    pub bytes_sent: u64,
    /// Bytes of the answers' bodies.
    pub bytes_received: u64,
    /// Time from sending to the answer, of all calls together.
    pub answering: Duration,
    /// The longest time from sending to the answer.
    pub longest: Duration,
    /// Time spent waiting for the rate limit, of all calls together.
    pub queued: Duration,
    /// Time from the first sending to the last answer.
    pub span: Duration,
}

impl ActionStatistics {
    /// Returns the time from sending to the answer in the mean.
    pub fn mean(&self) -> Duration {
        match u32::try_from(self.calls) {
            Ok(calls) if calls > 0 => self.answering / calls,
            _ => Duration::ZERO,
        }
    }

    fn add(&mut self, event: &CallEvent) {
        let throttled = event.failure.as_ref().is_some_and(|failure| failure.class == ErrorClass::Throttled);
        self.calls += 1;
        self.throttled += u64::from(throttled);
        self.retried += u64::from(event.retried);
        self.failed += u64::from(event.failure.is_some() && !event.retried);
        self.bytes_sent += event.bytes_sent;
        self.bytes_received += event.bytes_received;
        self.answering += event.elapsed;
        self.longest = self.longest.max(event.elapsed);
        self.queued += event.queued;
    }
}

/// What saving the state cost a run: its intents and its outcomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saves {
    /// How often it was made durable.
    pub count: u64,
    /// How long all of that took together.
    pub took: Duration,
}

impl Saves {
    /// Counts a save.
    pub fn add(&mut self, took: Duration) {
        self.count += 1;
        self.took += took;
    }
}

/// Counts calls while a run goes on.
#[derive(Debug, Default)]
pub struct Statistics {
    actions: Mutex<BTreeMap<[String; 3], Running>>,
}

#[derive(Debug)]
struct Running {
    counted: ActionStatistics,
    first: Instant,
    last: Instant,
}

impl Statistics {
    /// Counts a call that was answered, or lost, just now.
    pub fn count(&self, event: &CallEvent) {
        let now = Instant::now();
        let began = now.checked_sub(event.elapsed).unwrap_or(now);
        let key = [event.service.clone(), event.action.clone(), event.region.clone()];
        let mut actions = self.actions.lock().unwrap_or_else(PoisonError::into_inner);
        let running = actions.entry(key).or_insert_with(|| Running {
            counted: ActionStatistics {
                service: event.service.clone(),
                action: event.action.clone(),
                region: event.region.clone(),
                ..ActionStatistics::default()
            },
            first: began,
            last: now,
        });
        running.counted.add(event);
        running.first = running.first.min(began);
        running.last = now;
    }

    /// Returns what was counted so far, by service, action and region.
    pub fn actions(&self) -> Vec<ActionStatistics> {
        let actions = self.actions.lock().unwrap_or_else(PoisonError::into_inner);
        let finished = |running: &Running| ActionStatistics {
            span: running.last.duration_since(running.first),
            ..running.counted.clone()
        };
        actions.values().map(finished).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::event::CallFailure;

    fn call(action: &str, failure: Option<ErrorClass>, retried: bool) -> CallEvent {
        CallEvent {
            service: "cbs".into(),
            action: action.into(),
            region: "r".into(),
            attempt: 1,
            request_id: None,
            failure: failure.map(|class| CallFailure { class, code: None }),
            queued: Duration::from_millis(5),
            elapsed: Duration::from_millis(10),
            bytes_sent: 3,
            bytes_received: 4,
            retried,
        }
    }

    #[test]
    fn calls_are_counted_by_action() {
        let statistics = Statistics::default();
        statistics.count(&call("A", Some(ErrorClass::Throttled), true));
        statistics.count(&call("A", Some(ErrorClass::Denied), false));
        statistics.count(&call("A", None, false));
        statistics.count(&call("B", None, false));
        let counted = statistics.actions();
        assert_eq!(counted.len(), 2);
        let first = &counted[0];
        assert_eq!((first.calls, first.throttled, first.retried, first.failed), (3, 1, 1, 1));
        assert_eq!((first.bytes_sent, first.bytes_received), (9, 12));
        assert_eq!((first.mean(), first.queued), (Duration::from_millis(10), Duration::from_millis(15)));
        assert!(first.span >= Duration::from_millis(10));
    }
}
