//! When a failed call is sent again: a value, decided from its class and from whether repeating it can do harm.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use super::error::{CloudError, ErrorClass};

/// Whether a call may be sent again when nobody knows whether it was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Reads, and writes that set or remove the same thing twice without harm.
    Freely,
    /// Creates: only when the first attempt was certainly not executed.
    OnlyIfNotExecuted,
    /// The same, but for a parent that is busy: the caller sees whether that passes.
    UnlessBusy,
}

/// Longest time a call waits for other operations on the object to end.
const BUSY_PATIENCE: Duration = Duration::from_secs(600);
/// Longest time a call is held back by flow control; the adaptive rate normally ends it within a window.
const THROTTLED_PATIENCE: Duration = Duration::from_secs(1800);

/// The waits still left for one call, per class.
#[derive(Debug)]
pub(crate) struct Retries {
    repeat: Repeat,
    connect: backon::ExponentialBackoff,
    ambiguous: backon::ExponentialBackoff,
    throttled: Patience,
    busy: Patience,
    /// What a server may still ask for beyond the waits of the other classes.
    asked: Duration,
}

impl Retries {
    /// Makes the full set of waits for one call.
    pub(crate) fn new(repeat: Repeat) -> Retries {
        let few = |first: u64, times: usize| {
            ExponentialBuilder::default()
                .with_min_delay(Duration::from_millis(first))
                .with_max_delay(Duration::from_secs(20))
                .with_max_times(times)
                .with_jitter()
                .build()
        };
        Retries {
            repeat,
            connect: few(200, 3),
            ambiguous: few(300, 4),
            throttled: Patience::new(Duration::from_millis(500), Duration::from_secs(20), THROTTLED_PATIENCE),
            busy: Patience::new(Duration::from_secs(1), Duration::from_secs(15), BUSY_PATIENCE),
            asked: BUSY_PATIENCE,
        }
    }

    /// Returns how long to wait before sending the call again, or `None` when the failure is final. It is never less than the
    /// server asked for; what asks for more than the patience that is left is final too.
    pub(crate) fn after(&mut self, error: &CloudError, asked: Option<Duration>) -> Option<Duration> {
        let asked = asked.unwrap_or_default();
        match error.class {
            ErrorClass::Throttled => self.throttled.next(asked),
            ErrorClass::Busy if self.repeat == Repeat::UnlessBusy => None,
            ErrorClass::Busy => self.busy.next(asked),
            ErrorClass::Unreached => self.connect.next(),
            ErrorClass::Ambiguous => match self.repeat {
                Repeat::Freely => {
                    let wait = self.ambiguous.next()?;
                    self.asked = self.asked.checked_sub(asked)?;
                    Some(wait.max(asked))
                }
                Repeat::OnlyIfNotExecuted | Repeat::UnlessBusy => None,
            },
            ErrorClass::Denied
            | ErrorClass::Missing
            | ErrorClass::Conflict
            | ErrorClass::Quota
            | ErrorClass::Invalid
            | ErrorClass::Unexpected => None,
        }
    }
}

/// Growing waits up to a sum.
#[derive(Debug)]
struct Patience {
    waits: backon::ExponentialBackoff,
    left: Duration,
}

impl Patience {
    fn new(first: Duration, longest: Duration, sum: Duration) -> Patience {
        let waits = ExponentialBuilder::default()
            .with_min_delay(first)
            .with_max_delay(longest)
            .without_max_times()
            .with_jitter()
            .build();
        Patience { waits, left: sum }
    }

    fn next(&mut self, asked: Duration) -> Option<Duration> {
        let wait = self.waits.next()?.max(asked);
        self.left = self.left.checked_sub(wait)?;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(class: ErrorClass) -> CloudError {
        CloudError::new(class, "cbs", "CreateDiskBackup", "x")
    }

    fn waits(repeat: Repeat, class: ErrorClass) -> Vec<Duration> {
        let mut retries = Retries::new(repeat);
        std::iter::from_fn(|| retries.after(&error(class), None)).collect()
    }

    #[test]
    fn a_create_is_never_sent_again_after_an_ambiguous_failure() {
        assert!(waits(Repeat::OnlyIfNotExecuted, ErrorClass::Ambiguous).is_empty());
        assert!(waits(Repeat::OnlyIfNotExecuted, ErrorClass::Unexpected).is_empty());
    }

    #[test]
    fn a_create_that_was_certainly_not_executed_is_sent_again() {
        assert_eq!(waits(Repeat::OnlyIfNotExecuted, ErrorClass::Unreached).len(), 3);
        assert!(waits(Repeat::OnlyIfNotExecuted, ErrorClass::Throttled).len() > 50);
        assert!(waits(Repeat::OnlyIfNotExecuted, ErrorClass::Busy).len() > 20);
    }

    #[test]
    fn a_read_is_sent_again_a_few_times() {
        assert_eq!(waits(Repeat::Freely, ErrorClass::Ambiguous).len(), 4);
        assert!(waits(Repeat::Freely, ErrorClass::Denied).is_empty());
    }

    #[test]
    fn a_wait_that_the_server_asks_for_is_kept_as_long_as_there_is_patience() {
        for class in [ErrorClass::Throttled, ErrorClass::Busy, ErrorClass::Ambiguous] {
            let mut retries = Retries::new(Repeat::Freely);
            let mut after = |asked: u64| retries.after(&error(class), Some(Duration::from_secs(asked)));
            assert_eq!(after(300), Some(Duration::from_secs(300)), "{class}");
            assert_eq!(after(3600), None, "{class}");
        }
        let mut create = Retries::new(Repeat::OnlyIfNotExecuted);
        assert_eq!(create.after(&error(ErrorClass::Ambiguous), Some(Duration::ZERO)), None);
    }

    #[test]
    fn patience_ends() {
        let sum: Duration = waits(Repeat::Freely, ErrorClass::Throttled).iter().sum();
        assert!(sum <= THROTTLED_PATIENCE);
    }
}
