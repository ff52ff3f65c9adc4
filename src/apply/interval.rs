//! When to look again at what is in the making, learned from what became ready before.

use std::time::Duration;

/// Looks come no faster than this.
pub(super) const SHORTEST: Duration = Duration::from_millis(250);
/// The first look at a new object of a kind of which nothing is known yet: none is usable before.
pub(super) const FIRST: Duration = Duration::from_secs(1);
/// Looks come no slower than this.
const LONGEST: Duration = Duration::from_secs(10);
/// Looks that are due within this time of each other are one.
pub(super) const TOGETHER: Duration = Duration::from_secs(1);

/// How long objects of one kind take.
#[derive(Debug, Default)]
pub(super) struct Typical {
    /// The least age at which one was seen to be ready.
    ready: Option<Duration>,
}

impl Typical {
    /// Hears that an object of this age is ready.
    pub(super) fn note(&mut self, age: Duration) {
        self.ready = Some(self.ready.map_or(age, |ready| ready.min(age)));
    }

    /// Returns how long after it was accepted an object is looked at first, when it may not be looked at before `first`.
    pub(super) fn first(&self, first: Duration) -> Duration {
        self.ready.map_or(first, |ready| ready.clamp(first.min(SHORTEST), LONGEST))
    }

    /// Returns how long after a look that found an object of this age unready the next one is due: at the age at which others
    /// were ready, and from then on after a fifth of its age, so that nobody waits much longer than it must.
    pub(super) fn next(&self, age: Duration) -> Duration {
        let left = self.ready.and_then(|ready| ready.checked_sub(age)).filter(|left| !left.is_zero());
        left.unwrap_or(age / 5).clamp(SHORTEST, LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn looks_at_what_nothing_is_known_of_become_rarer() {
        let typical = Typical::default();
        assert_eq!(typical.first(FIRST), FIRST);
        assert_eq!(typical.next(ms(1_000)), SHORTEST);
        assert_eq!(typical.next(ms(20_000)), ms(4_000));
        assert_eq!(typical.next(ms(600_000)), LONGEST);
    }

    #[test]
    fn the_next_look_fits_what_was_seen() {
        let mut typical = Typical::default();
        typical.note(ms(2_400));
        typical.note(ms(2_050));
        assert_eq!(typical.first(FIRST), ms(2_050));
        assert_eq!(typical.next(ms(800)), ms(1_250));
        assert_eq!(typical.next(ms(4_000)), ms(800));
        typical.note(ms(120_000));
        assert_eq!(typical.first(FIRST), ms(2_050));
    }
}
