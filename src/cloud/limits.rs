//! Rate limits: never more calls of one action than the cloud allows in any window, lower when it complains.
//!
//! The vendors count by arrival at their server, which we cannot see: a call arrives somewhere between being sent and being
//! answered. So a slot is free again one window after the *latest* moment its call can have arrived, its answer. Once enough
//! answers have shown what the shortest round trip is, half of it is taken off again, since the next call needs that time too:
//! steady latency then costs little, and jitter does not exceed the rate, even where the shortest was not as short as it can be
//! because the machine is busy.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// How long a sent call may still be on its way when no answer has come: its slot is free one window later at the latest.
const LONGEST_WAY: Duration = Duration::from_secs(1);
/// Added to each window, since the server's clock may count in whole milliseconds.
const GUARD: Duration = Duration::from_millis(2);
/// Answers after which the shortest round trip is trusted; the first ones include connecting.
const TRUSTED_AFTER: u32 = 40;

/// What is counted together. Tencent counts per action, region and account; Alibaba per action, region and main account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LimitKey {
    /// Account id, or what stands for it.
    pub account: String,
    /// Region of the call.
    pub region: String,
    /// Short service name.
    pub service: String,
    /// The API action.
    pub action: String,
}

/// So many calls in any such window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Most calls in a window, at least 1.
    pub calls: u32,
    /// Length of the window.
    pub window: Duration,
}

/// Returns the documented rate of an action; where the page was not readable, that of its siblings.
pub fn documented_rate(service: &str, action: &str) -> Rate {
    let per_second = |calls| Rate { calls, window: Duration::from_secs(1) };
    match (service, action) {
        ("ecs" | "ecd", _) => Rate { calls: 1000, window: Duration::from_secs(60) },
        ("cbs", "DescribeDisks") => per_second(100),
        ("sts", "AssumeRole") => per_second(600),
        _ => per_second(20),
    }
}

/// All buckets of one run, shared by every client.
#[derive(Debug, Default)]
pub struct Limits {
    buckets: Mutex<HashMap<LimitKey, Arc<Bucket>>>,
    overrides: Mutex<Vec<RateOverride>>,
    of_providers: Mutex<Vec<RateOverride>>,
}

/// A rate that replaces the documented one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateOverride {
    /// Short service name, or `None` for all.
    pub service: Option<String>,
    /// The API action, or `None` for all.
    pub action: Option<String>,
    /// The region, or `None` for all.
    pub region: Option<String>,
    /// The rate to keep to.
    pub rate: Rate,
}

impl RateOverride {
    fn is_for(&self, key: &LimitKey) -> bool {
        let is = |own: &Option<String>, other: &str| own.as_ref().is_none_or(|own| own == other);
        is(&self.service, &key.service) && is(&self.action, &key.action) && is(&self.region, &key.region)
    }
}

impl Limits {
    /// Makes an empty set of buckets with the documented rates.
    pub fn new() -> Limits {
        Limits::default()
    }

    /// Replaces documented rates; holds for buckets first used afterwards, and the last match wins.
    pub fn set_override(&self, rate: RateOverride) {
        locked(&self.overrides).push(rate);
    }

    /// Replaces documented rates by those of a provider configuration. Where several match, the lowest rate counts, and one
    /// that names the action before one that does not; [`Limits::set_override`] wins over all of them.
    pub fn set_for_provider(&self, rate: RateOverride) {
        let mut rates = locked(&self.of_providers);
        if !rates.contains(&rate) {
            rates.push(rate);
        }
    }

    /// Returns the rate that a new bucket has.
    fn rate_of(&self, key: &LimitKey) -> Rate {
        if let Some(given) = locked(&self.overrides).iter().rev().find(|each| each.is_for(key)) {
            return given.rate;
        }
        let per_hour = |rate: Rate| u128::from(rate.calls) * 3_600_000_000 / rate.window.as_micros().max(1);
        let rates = locked(&self.of_providers);
        let matching = rates.iter().filter(|each| each.is_for(key));
        matching
            .min_by_key(|each| (each.action.is_none(), per_hour(each.rate)))
            .map_or_else(|| documented_rate(&key.service, &key.action), |given| given.rate)
    }

    /// Waits for a free slot, in the order of asking, and takes it.
    pub async fn acquire(&self, key: &LimitKey) -> Permit {
        let bucket = self.bucket(key);
        let number = bucket.acquire().await;
        Permit { bucket, number, sent: Instant::now() }
    }

    fn bucket(&self, key: &LimitKey) -> Arc<Bucket> {
        let mut buckets = locked(&self.buckets);
        if let Some(bucket) = buckets.get(key) {
            return Arc::clone(bucket);
        }
        let rate = self.rate_of(key);
        let bucket = Arc::new(Bucket::new(rate));
        buckets.insert(key.clone(), Arc::clone(&bucket));
        bucket
    }
}

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
struct Bucket {
    rate: Rate,
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
    shortest: Duration,
    answers: u32,
}

impl Bucket {
    fn new(rate: Rate) -> Bucket {
        let rate = Rate { calls: rate.calls.max(1), window: rate.window };
        Bucket {
            rate,
            slots: Mutex::new(Slots {
                taken: BTreeSet::new(),
                free_at: HashMap::new(),
                next: 0,
                capacity: rate.calls,
                quiet_since: Instant::now(),
                shortest: Duration::MAX,
                answers: 0,
            }),
            queue: tokio::sync::Mutex::new(()),
            earlier: Notify::new(),
        }
    }

    async fn acquire(&self) -> u64 {
        let _first = self.queue.lock().await;
        loop {
            let changed = self.earlier.notified();
            let wake = match self.try_take() {
                Ok(number) => return number,
                Err(wake) => wake,
            };
            tokio::select! {
                biased;
                () = changed => {}
                () = tokio::time::sleep_until(wake) => {}
            }
        }
    }

    /// Takes a slot, or says when the next one is free.
    fn try_take(&self) -> Result<u64, Instant> {
        let now = Instant::now();
        let mut slots = locked(&self.slots);
        while let Some(&(free_at, number)) = slots.taken.first() {
            if free_at > now {
                break;
            }
            slots.taken.pop_first();
            slots.free_at.remove(&number);
        }
        self.grow_back(&mut slots, now);
        if slots.taken.len() < slots.capacity as usize {
            let number = slots.next;
            slots.next += 1;
            let free_at = now + LONGEST_WAY + self.rate.window + GUARD;
            slots.taken.insert((free_at, number));
            slots.free_at.insert(number, free_at);
            return Ok(number);
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
        slots.shortest = slots.shortest.min(now.duration_since(sent));
        slots.answers = slots.answers.saturating_add(1);
        let known_way = if slots.answers > TRUSTED_AFTER { slots.shortest / 2 } else { Duration::ZERO };
        let free_at = (now - known_way).min(sent + LONGEST_WAY) + self.rate.window + GUARD;
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
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere leaves these plain counters usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(action: &str) -> LimitKey {
        LimitKey { account: "1".into(), region: "r".into(), service: "cbs".into(), action: action.into() }
    }

    /// Returns the largest number of instants inside any window of this length.
    fn densest(arrivals: &[Instant], window: Duration) -> usize {
        let within =
            |from: &Instant| arrivals.iter().filter(|at| *at >= from && **at < *from + window).count();
        arrivals.iter().map(within).max().unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn no_window_ever_sees_more_calls_than_allowed_and_the_rate_is_used_up() {
        let limits = Arc::new(Limits::new());
        let start = Instant::now();
        let mut tasks = Vec::new();
        for number in 0..200u64 {
            let limits = Arc::clone(&limits);
            tasks.push(tokio::spawn(async move {
                let permit = limits.acquire(&key("CreateDiskBackup")).await;
                // Ways of 2 to 60 ms to the server, 2 ms back.
                tokio::time::sleep(Duration::from_millis(2 + number * 37 % 59)).await;
                let arrival = Instant::now();
                tokio::time::sleep(Duration::from_millis(2)).await;
                permit.answered();
                arrival
            }));
        }
        let mut arrivals = Vec::new();
        for task in tasks {
            arrivals.push(task.await.unwrap());
        }
        assert!(densest(&arrivals, Duration::from_secs(1)) <= 20);
        let took = start.elapsed();
        assert!(took >= Duration::from_secs(9), "{took:?}");
        assert!(took < Duration::from_millis(10_800), "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn steady_latency_costs_nothing() {
        let limits = Limits::new();
        let start = Instant::now();
        for _ in 0..101 {
            let permit = limits.acquire(&key("DescribeDiskBackups")).await;
            tokio::time::sleep(Duration::from_millis(30)).await;
            permit.answered();
        }
        assert!(start.elapsed() < Duration::from_millis(5_300), "{:?}", start.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_complaint_halves_the_rate_and_quiet_brings_it_back() {
        let limits = Limits::new();
        limits.acquire(&key("X")).await.throttled();
        let bucket = limits.bucket(&key("X"));
        assert_eq!(locked(&bucket.slots).capacity, 10);
        tokio::time::sleep(Duration::from_secs(6)).await;
        limits.acquire(&key("X")).await.answered();
        assert_eq!(locked(&bucket.slots).capacity, 20);
    }

    #[tokio::test(start_paused = true)]
    async fn actions_and_regions_do_not_wait_for_each_other() {
        let limits = Limits::new();
        let start = Instant::now();
        for _ in 0..20 {
            limits.acquire(&key("A")).await.answered();
            limits.acquire(&key("B")).await.answered();
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn an_override_replaces_the_documented_rate() {
        let limits = Limits::new();
        let rate = Rate { calls: 1, window: Duration::from_secs(2) };
        limits.set_override(RateOverride { service: Some("cbs".into()), action: None, region: None, rate });
        let start = Instant::now();
        for _ in 0..3 {
            limits.acquire(&key("A")).await.answered();
        }
        assert_eq!(start.elapsed(), Duration::from_secs(4) + 2 * GUARD);
    }

    #[test]
    fn flags_win_over_providers_and_the_lowest_rate_of_providers_counts() {
        let rate = |calls| Rate { calls, window: Duration::from_secs(1) };
        let of = |action: Option<&str>, region: Option<&str>, calls| RateOverride {
            service: Some("cbs".into()),
            action: action.map(str::to_owned),
            region: region.map(str::to_owned),
            rate: rate(calls),
        };
        let limits = Limits::new();
        limits.set_for_provider(of(None, Some("r"), 7));
        limits.set_for_provider(of(None, Some("r"), 5));
        limits.set_for_provider(of(None, Some("elsewhere"), 1));
        assert_eq!(limits.rate_of(&key("A")), rate(5));
        limits.set_for_provider(of(Some("A"), Some("r"), 9));
        assert_eq!(limits.rate_of(&key("A")), rate(9));
        limits.set_override(of(None, None, 11));
        assert_eq!(limits.rate_of(&key("A")), rate(11));
    }
}
