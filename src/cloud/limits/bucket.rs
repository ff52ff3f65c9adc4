//! The reckoning for one action: which slots are taken until when.
//!
//! The vendors count by arrival at their server, which we cannot see: a call arrives somewhere between being sent and being
//! answered. So a slot is free again one window after the *latest* moment its call can have arrived, its answer. Then no delay
//! on the way can bring more calls into a window than it allows: of the calls that arrive within one window, the one that was
//! sent last found the slots of all others taken.
//!
//! That costs one round trip for each turn of a slot. Where round trips are long and steady the part of them that every call
//! needs is taken off again, since the next call needs it too. What is taken off stays below the shortest round trip by a
//! margin that grows with the variation, because the shortest way there and the shortest way back need not have been one trip.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::{Rate, locked};

/// How long a sent call may still be on its way when no answer has come: its slot is free one window later at the latest.
pub(super) const LONGEST_WAY: Duration = Duration::from_secs(2);
/// Added to each window, since the server's clock may count in whole milliseconds.
pub(super) const GUARD: Duration = Duration::from_millis(2);

/// A slot that was taken for one call. Dropped without an outcome it stays taken as long as its call can have arrived.
#[derive(Debug)]
pub struct Permit {
    bucket: Arc<Bucket>,
    number: u64,
    sent: Instant,
}

impl Permit {
    /// Says that the call was answered now.
    pub fn answered(self) {
        self.bucket.settle(self.number, self.sent);
    }

    /// Says that the cloud refused the call as too frequent: halves the rate.
    pub fn throttled(self) {
        self.bucket.settle(self.number, self.sent);
        self.bucket.halve();
    }
}

#[derive(Debug)]
pub(super) struct Bucket {
    pub(super) rate: Rate,
    slots: Mutex<Slots>,
    /// Fair queue: the first to ask waits alone for the next slot.
    queue: tokio::sync::Mutex<()>,
    earlier: Notify,
}

#[derive(Debug)]
struct Slots {
    /// When each taken slot is free again, with the number of its call.
    taken: BTreeSet<(Instant, u64)>,
    free_at: HashMap<u64, Instant>,
    next: u64,
    capacity: u32,
    /// When the capacity last changed or was last confirmed by a quiet window.
    quiet_since: Instant,
    trips: Trips,
}

impl Slots {
    fn take(&mut self, free_at: Instant) -> u64 {
        let number = self.next;
        self.next += 1;
        self.taken.insert((free_at, number));
        self.free_at.insert(number, free_at);
        number
    }

    fn give_back(&mut self, now: Instant) {
        while let Some(&(free_at, number)) = self.taken.first() {
            if free_at > now {
                break;
            }
            self.taken.pop_first();
            self.free_at.remove(&number);
        }
    }
}

impl Bucket {
    pub(super) fn new(rate: Rate) -> Bucket {
        let rate = Rate { calls: rate.calls.max(1), window: rate.window };
        Bucket {
            rate,
            slots: Mutex::new(Slots {
                taken: BTreeSet::new(),
                free_at: HashMap::new(),
                next: 0,
                capacity: rate.calls,
                quiet_since: Instant::now(),
                trips: Trips::default(),
            }),
            queue: tokio::sync::Mutex::new(()),
            earlier: Notify::new(),
        }
    }

    pub(super) async fn acquire(self: Arc<Self>) -> Permit {
        let number = {
            let _first = self.queue.lock().await;
            loop {
                let changed = self.earlier.notified();
                let wake = match self.try_take() {
                    Ok(number) => break number,
                    Err(wake) => wake,
                };
                tokio::select! {
                    biased;
                    () = changed => {}
                    () = tokio::time::sleep_until(wake) => {}
                }
            }
        };
        Permit { bucket: self, number, sent: Instant::now() }
    }

    /// Takes a slot, or says when the next one is free.
    fn try_take(&self) -> Result<u64, Instant> {
        let now = Instant::now();
        let mut slots = locked(&self.slots);
        slots.give_back(now);
        self.grow_back(&mut slots, now);
        if slots.taken.len() < slots.capacity as usize {
            return Ok(slots.take(now + LONGEST_WAY + self.rate.window + GUARD));
        }
        Err(slots.taken.first().map_or(now + self.rate.window, |&(free_at, _)| free_at))
    }

    /// Each window without a complaint gives an eighth of the full rate back.
    fn grow_back(&self, slots: &mut Slots, now: Instant) {
        while slots.capacity < self.rate.calls && now.duration_since(slots.quiet_since) >= self.rate.window {
            slots.capacity = (slots.capacity + (self.rate.calls / 8).max(1)).min(self.rate.calls);
            slots.quiet_since += self.rate.window;
        }
    }

    fn settle(&self, number: u64, sent: Instant) {
        let now = Instant::now();
        let mut slots = locked(&self.slots);
        slots.trips.note(now.duration_since(sent));
        let latest = (now - slots.trips.common()).max(sent).min(sent + LONGEST_WAY);
        let free_at = latest + self.rate.window + GUARD;
        if let Some(old) = slots.free_at.get_mut(&number) {
            let before = std::mem::replace(old, free_at);
            slots.taken.remove(&(before, number));
            slots.taken.insert((free_at, number));
            drop(slots);
            self.earlier.notify_waiters();
        }
    }

    fn halve(&self) {
        let mut slots = locked(&self.slots);
        let now = Instant::now();
        // Answers of one burst come together; they are one complaint, not twenty.
        if now.duration_since(slots.quiet_since) < self.rate.window / 4 && slots.capacity < self.rate.calls {
            return;
        }
        slots.capacity = (slots.capacity / 2).max(1);
        slots.quiet_since = now;
    }

    /// Counts calls that another bucket let through.
    pub(super) fn take_over(&self, other: &Bucket) {
        let theirs: Vec<Instant> = locked(&other.slots).taken.iter().map(|(free_at, _)| *free_at).collect();
        let mut slots = locked(&self.slots);
        for free_at in theirs {
            slots.take(free_at);
        }
    }

    /// Counts calls of earlier commands, by how long ago they arrived at the latest.
    pub(super) fn resume(&self, ages: &[Duration]) {
        let now = Instant::now();
        let mut slots = locked(&self.slots);
        for age in ages {
            let left = (self.rate.window + GUARD).saturating_sub(*age);
            if !left.is_zero() {
                slots.take(now + left);
            }
        }
    }

    /// Returns how long ago the calls that still count arrived at the latest; a call under way arrives now.
    pub(super) fn arrivals(&self) -> Vec<Duration> {
        let now = Instant::now();
        let mut slots = locked(&self.slots);
        slots.give_back(now);
        let whole = self.rate.window + GUARD;
        slots.taken.iter().map(|(free_at, _)| whole.saturating_sub(*free_at - now)).collect()
    }

    /// Returns how many calls a window takes now.
    pub(super) fn capacity(&self) -> u32 {
        locked(&self.slots).capacity
    }
}

/// What is known of the round trips of one action.
#[derive(Debug, Default)]
struct Trips {
    shortest: Duration,
    mean: Duration,
    /// Mean distance from the mean.
    deviation: Duration,
    answers: u32,
}

impl Trips {
    /// Answers after which the figures are trusted; the first ones include connecting.
    const TRUSTED_AFTER: u32 = 40;
    /// Shorter round trips are not worth taking anything off, and on a busy machine they are waiting more than way.
    const MARGIN: Duration = Duration::from_millis(20);

    fn note(&mut self, took: Duration) {
        if self.answers == 0 {
            *self = Trips { shortest: took, mean: took, deviation: took / 2, answers: 1 };
            return;
        }
        self.answers = self.answers.saturating_add(1);
        self.shortest = self.shortest.min(took);
        self.deviation = (self.deviation * 15 + self.mean.abs_diff(took)) / 16;
        self.mean = (self.mean * 15 + took) / 16;
    }

    /// Returns the time that every call needs on its ways there and back together, as far as that is certain.
    fn common(&self) -> Duration {
        if self.answers <= Self::TRUSTED_AFTER {
            return Duration::ZERO;
        }
        // Four mean deviations are what TCP allows for before it takes a segment for lost.
        self.shortest.saturating_sub(Self::MARGIN + self.deviation * 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sequence of numbers that follows from a seed (splitmix64).
    struct Numbers(u64);

    impl Numbers {
        fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            (mixed ^ (mixed >> 31)) % limit.max(1)
        }
    }

    /// Ways between here and the server, in milliseconds: at least, and up to so much more.
    #[derive(Clone, Copy, Debug)]
    struct Ways {
        there: (u64, u64),
        back: (u64, u64),
        /// One call in so many needs up to half of [`LONGEST_WAY`] for each way.
        stalls: u64,
    }

    const SECOND: Duration = Duration::from_secs(1);

    /// Sends so many calls through one bucket of twenty a second; returns when they arrived and how long it took.
    async fn send(calls: u64, ways: Ways, seed: u64) -> (Vec<Instant>, Duration) {
        let bucket = Arc::new(Bucket::new(Rate { calls: 20, window: SECOND }));
        let mut numbers = Numbers(seed);
        let start = Instant::now();
        let mut tasks = Vec::new();
        for _ in 0..calls {
            let mut way = |(least, more): (u64, u64)| {
                let half = LONGEST_WAY.as_millis() as u64 / 2;
                let stalled = ways.stalls > 0 && numbers.below(ways.stalls) == 0;
                Duration::from_millis(if stalled { numbers.below(half) } else { least + numbers.below(more) })
            };
            let (there, back) = (way(ways.there), way(ways.back));
            let bucket = Arc::clone(&bucket);
            tasks.push(tokio::spawn(async move {
                let permit = bucket.acquire().await;
                tokio::time::sleep(there).await;
                let arrival = Instant::now();
                tokio::time::sleep(back).await;
                permit.answered();
                arrival
            }));
        }
        let mut arrivals = Vec::new();
        for task in tasks {
            arrivals.push(task.await.unwrap());
        }
        arrivals.sort();
        (arrivals, start.elapsed())
    }

    /// Returns how many calls a server that admits twenty in any second would throttle.
    fn throttled(arrivals: &[Instant]) -> usize {
        let mut admitted: Vec<Instant> = Vec::new();
        let mut refused = 0;
        for at in arrivals {
            let recent = admitted.iter().rev().take_while(|other| *at - **other < SECOND).count();
            if recent < 20 { admitted.push(*at) } else { refused += 1 }
        }
        refused
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_throttled_however_calls_are_delayed_on_their_way() {
        for seed in 0..60 {
            let mut numbers = Numbers(seed);
            let [there, back] = [(); 2].map(|()| {
                let most = 1 << numbers.below(10);
                (numbers.below(100), numbers.below(most))
            });
            let ways = Ways { there, back, stalls: [0, 10, 100][numbers.below(3) as usize] };
            let (arrivals, _) = send(400, ways, seed).await;
            assert_eq!(throttled(&arrivals), 0, "seed {seed}, {ways:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_thousand_calls_take_at_most_a_twentieth_longer_than_the_quota_asks() {
        let near = Ways { there: (0, 15), back: (0, 30), stalls: 0 };
        let far = Ways { there: (15, 5), back: (20, 8), stalls: 0 };
        let slow = Ways { there: (30, 4), back: (300, 6), stalls: 0 };
        for (ways, seed) in [near, far, slow].into_iter().zip(1..) {
            let (arrivals, took) = send(1000, ways, seed).await;
            assert_eq!(throttled(&arrivals), 0, "seed {seed}, {ways:?}");
            assert!(took < Duration::from_millis(52_500), "{took:?} with {ways:?}");
            assert!(took > Duration::from_secs(49), "{took:?} with {ways:?}");
        }
    }

    #[test]
    fn only_what_every_round_trip_needs_is_taken_off() {
        let mut trips = Trips::default();
        (0..40).for_each(|_| trips.note(Duration::from_millis(300)));
        assert_eq!(trips.common(), Duration::ZERO);
        (0..100).for_each(|_| trips.note(Duration::from_millis(300)));
        assert!(trips.common() > Duration::from_millis(270), "{trips:?}");
        trips.note(Duration::from_millis(30));
        assert_eq!(trips.common(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_an_earlier_command_sent_counts_until_its_window_is_over() {
        let rate = Rate { calls: 2, window: SECOND };
        let bucket = Arc::new(Bucket::new(rate));
        bucket.resume(&[Duration::from_millis(400), Duration::from_millis(900), Duration::from_secs(5)]);
        let start = Instant::now();
        Arc::clone(&bucket).acquire().await.answered();
        assert_eq!(start.elapsed(), Duration::from_millis(100) + GUARD);
        Arc::clone(&bucket).acquire().await.answered();
        assert_eq!(start.elapsed(), Duration::from_millis(600) + GUARD);
        let ages = bucket.arrivals();
        assert_eq!(ages, [Duration::from_millis(500), Duration::ZERO]);
    }
}
