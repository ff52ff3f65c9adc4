//! Notices that the process stood still: a closed lid, a paused container, a stop signal.
//!
//! Whoever waits for a dead run concludes from its last heartbeat what may still arrive. A run that sleeps for longer than a beat
//! may be taken for dead, so nothing of it may leave before it has asked whether the state is still its own; neither what it
//! starts then nor what waited for its quota meanwhile.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;
use tokio::time::Instant;

use super::options::Clock;
use crate::cloud::BoxFuture;
use crate::cloud::gate::Gate;

/// When the run was last known to be awake and the owner of its state; none when it no longer owns it.
type Mark = Option<(Instant, Timestamp)>;

/// The pulse of a run.
pub(crate) struct Pulse(Arc<Shared>);

struct Shared {
    clock: Clock,
    longest: Duration,
    mark: watch::Sender<Mark>,
}

impl Pulse {
    /// Returns the pulse of a run whose state was known to be its own that long ago. A pause is what is longer than `longest`.
    pub fn new(clock: Clock, longest: Duration, age: Duration) -> Self {
        let now = Instant::now();
        let then = (
            now.checked_sub(age).unwrap_or(now),
            clock.now().checked_sub(age).unwrap_or(Timestamp::UNIX_EPOCH),
        );
        Self(Arc::new(Shared { clock, longest, mark: watch::Sender::new(Some(then)) }))
    }

    /// Returns how often a run has to say that it is awake.
    pub fn interval(&self) -> Duration {
        self.0.longest / 2
    }

    /// Tells whether the run stood still for longer than it should have.
    pub fn stood_still(&self) -> bool {
        let mark = *self.0.mark.borrow();
        mark.is_none_or(|mark| !self.0.is_fresh(mark))
    }

    /// Returns the present moment, for [`Pulse::mark`].
    pub fn now(&self) -> (Instant, Timestamp) {
        (Instant::now(), self.0.clock.now())
    }

    /// Says that the run is awake and that the state is its own, as found out from `begun` on. The run may fall asleep between
    /// finding out and saying so, so that moment counts, unless finding out itself takes longer than a pause.
    pub fn mark(&self, begun: (Instant, Timestamp)) {
        let mark = if self.0.is_fresh(begun) { begun } else { self.now() };
        self.0.mark.send_replace(Some(mark));
    }

    /// Says that nothing may leave any more.
    pub fn shut(&self) {
        self.0.mark.send_replace(None);
    }

    /// Returns what calls have to pass.
    pub fn gate(&self) -> Arc<dyn Gate> {
        self.0.clone()
    }
}

impl Shared {
    /// The clock of the machine stands still while it sleeps, and that of the day may be set: the longer time counts.
    fn is_fresh(&self, (instant, time): (Instant, Timestamp)) -> bool {
        let by_day = Duration::try_from(self.clock.now().duration_since(time)).unwrap_or_default();
        instant.elapsed().max(by_day) <= self.longest
    }
}

impl Gate for Shared {
    fn pass(&self) -> BoxFuture<'_, bool> {
        Box::pin(async {
            let mut marks = self.mark.subscribe();
            loop {
                let mark = *marks.borrow_and_update();
                match mark {
                    None => return false,
                    Some(mark) if self.is_fresh(mark) => return true,
                    Some(_) => {
                        if marks.changed().await.is_err() {
                            return false;
                        }
                    }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    const LONGEST: Duration = Duration::from_secs(5);

    #[tokio::test(start_paused = true)]
    async fn what_waited_while_the_run_slept_leaves_only_after_the_run_has_looked() {
        let start = Instant::now();
        let day = "2026-11-22T18:00:00Z".parse::<Timestamp>().unwrap();
        let pulse = Pulse::new(Clock::new(move || day + start.elapsed()), LONGEST, Duration::ZERO);
        assert!(pulse.gate().pass().await && !pulse.stood_still());
        tokio::time::advance(LONGEST * 2).await;
        assert!(pulse.stood_still());
        let gate = pulse.gate();
        let waiting = tokio::spawn(async move { gate.pass().await });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        pulse.mark(pulse.now());
        assert!(waiting.await.unwrap());
        pulse.shut();
        assert!(!pulse.gate().pass().await);
    }

    #[tokio::test(start_paused = true)]
    async fn the_sleep_of_a_machine_whose_own_clock_stands_still_is_seen_by_the_day() {
        let day = Arc::new(Mutex::new("2026-11-22T18:00:00Z".parse::<Timestamp>().unwrap()));
        let told = day.clone();
        let pulse = Pulse::new(Clock::new(move || *told.lock().unwrap()), LONGEST, Duration::ZERO);
        *day.lock().unwrap() -= LONGEST * 100;
        assert!(!pulse.stood_still(), "a clock that was set back is no sleep");
        *day.lock().unwrap() += LONGEST * 200;
        assert!(pulse.stood_still());
    }

    #[tokio::test(start_paused = true)]
    async fn a_state_that_was_read_long_ago_is_looked_at_first() {
        let clock = Clock::system();
        assert!(Pulse::new(clock.clone(), LONGEST, LONGEST * 2).stood_still());
        assert!(!Pulse::new(clock, LONGEST, LONGEST / 2).stood_still());
    }
}
