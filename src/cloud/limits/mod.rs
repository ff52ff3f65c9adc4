//! Rate limits: never more calls of one action than the cloud allows in any window, lower when it complains.
//!
//! `bucket` holds the reckoning for one action, `saved` what the next command has to know of this one's calls.

mod bucket;
mod saved;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bucket::Bucket;
pub use bucket::Permit;
pub use saved::SavedCalls;

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
    /// Whose credentials are of which account, as far as that is known.
    accounts: Mutex<HashMap<String, String>>,
    /// What earlier commands sent.
    earlier: Mutex<SavedCalls>,
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

    /// Returns how many calls of an action may be sent within a time that begins with an unused quota, whatever the region.
    pub fn burst(&self, service: &str, action: &str, within: Duration) -> usize {
        let (service, action) = (service.to_owned(), action.to_owned());
        let rate = self.rate_of(&LimitKey { account: String::new(), region: String::new(), service, action });
        let windows = within.as_micros() / rate.window.as_micros().max(1);
        usize::try_from(windows.max(1)).unwrap_or(usize::MAX).saturating_mul(rate.calls as usize)
    }

    /// Says that calls counted for `payer`, the id of credentials, are paid by `account`: what was sent before that was known
    /// counts for both.
    pub fn belongs(&self, payer: &str, account: &str) {
        if payer == account || locked(&self.accounts).insert(payer.to_owned(), account.to_owned()).is_some() {
            return;
        }
        let mut buckets = locked(&self.buckets);
        let early: Vec<LimitKey> = buckets.keys().filter(|key| key.account == payer).cloned().collect();
        for key in early {
            let Some(bucket) = buckets.remove(&key) else { continue };
            let known = LimitKey { account: account.to_owned(), ..key.clone() };
            match buckets.get(&known) {
                // A call that waits in the earlier bucket at this moment is counted there alone.
                Some(shared) => shared.take_over(&bucket),
                None => {
                    // Keys of roles differ from command to command, the account does not.
                    let earlier = locked(&self.earlier);
                    if earlier.arrivals(&key).is_empty() {
                        bucket.resume(&earlier.arrivals(&known));
                    }
                    drop(earlier);
                    buckets.insert(known, bucket);
                }
            }
        }
    }

    /// Takes over what earlier commands sent; holds for buckets first used afterwards.
    pub fn resume(&self, calls: SavedCalls) {
        *locked(&self.earlier) = calls;
    }

    /// Returns the calls that still count, for the next command.
    pub fn saved(&self) -> SavedCalls {
        let accounts = locked(&self.accounts);
        let mut saved = locked(&self.earlier).still_counting();
        for (key, bucket) in locked(&self.buckets).iter() {
            let payers =
                accounts.iter().filter(|(_, account)| **account == key.account).map(|(payer, _)| &**payer);
            for payer in payers.chain([&*key.account]) {
                saved.put(
                    &LimitKey { account: payer.to_owned(), ..key.clone() },
                    bucket.rate.window,
                    bucket.arrivals(),
                );
            }
        }
        saved
    }

    /// Waits for a free slot, in the order of asking, and takes it. The call is to be sent at once.
    pub async fn acquire(&self, key: &LimitKey) -> Permit {
        let bucket = self.bucket(key);
        bucket.acquire().await
    }

    /// Returns the rate of an action as it is now, in words.
    pub(crate) fn pace(&self, key: &LimitKey) -> String {
        let bucket = self.bucket(key);
        format!("{} in {} s", bucket.capacity(), bucket.rate.window.as_secs_f64())
    }

    fn bucket(&self, key: &LimitKey) -> Arc<Bucket> {
        let account = locked(&self.accounts).get(&key.account).cloned();
        let known = account.map(|account| LimitKey { account, ..key.clone() });
        let asked = key;
        let key = known.as_ref().unwrap_or(key);
        let mut buckets = locked(&self.buckets);
        if let Some(bucket) = buckets.get(key) {
            return Arc::clone(bucket);
        }
        let bucket = Arc::new(Bucket::new(self.rate_of(key)));
        bucket.resume(&locked(&self.earlier).arrivals(asked));
        buckets.insert(key.clone(), Arc::clone(&bucket));
        bucket
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere leaves these plain counters usable.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::bucket::GUARD;
    use super::*;

    fn key(action: &str) -> LimitKey {
        LimitKey { account: "1".into(), region: "r".into(), service: "cbs".into(), action: action.into() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_complaint_halves_the_rate_and_quiet_brings_it_back() {
        let limits = Limits::new();
        limits.acquire(&key("X")).await.throttled();
        let bucket = limits.bucket(&key("X"));
        assert_eq!(bucket.capacity(), 10);
        tokio::time::sleep(Duration::from_secs(6)).await;
        limits.acquire(&key("X")).await.answered();
        assert_eq!(bucket.capacity(), 20);
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

    #[tokio::test(start_paused = true)]
    async fn credentials_of_one_account_share_its_quota_once_it_is_known() {
        let limits = Limits::new();
        limits.set_override(RateOverride {
            service: None,
            action: None,
            region: None,
            rate: Rate { calls: 2, window: Duration::from_secs(1) },
        });
        let of = |account: &str| LimitKey { account: account.into(), ..key("A") };
        let start = Instant::now();
        limits.acquire(&of("key 1")).await.answered();
        limits.belongs("key 1", "100");
        limits.acquire(&of("key 2")).await.answered();
        limits.belongs("key 2", "100");
        assert_eq!(start.elapsed(), Duration::ZERO);
        limits.acquire(&of("100")).await.answered();
        assert_eq!(start.elapsed(), Duration::from_secs(1) + GUARD);
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_command_keeps_to_the_quota_together_with_this_one() {
        let window = Duration::from_secs(600);
        let limited = || {
            let limits = Limits::new();
            let rate = Rate { calls: 20, window };
            limits.set_override(RateOverride { service: None, action: None, region: None, rate });
            limits
        };
        let limits = limited();
        for _ in 0..20 {
            limits.acquire(&key("A")).await.answered();
        }
        limits.belongs("1", "100");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("calls.json");
        limits.saved().write(&path).unwrap();
        for account in ["1", "100", "another key"] {
            let next = limited();
            next.resume(SavedCalls::read(&path));
            if account == "another key" {
                next.acquire(&LimitKey { account: account.into(), ..key("A") }).await.answered();
                next.belongs(account, "100");
            }
            let start = Instant::now();
            next.acquire(&LimitKey { account: account.into(), ..key("A") }).await.answered();
            // The clock of the machine goes on while the one of this test stands.
            assert!(start.elapsed() > window / 2, "{:?}", start.elapsed());
            assert!(start.elapsed() <= window + GUARD + GUARD, "{:?}", start.elapsed());
        }
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
        assert_eq!(limits.burst("cbs", "A", Duration::from_secs(2)), 22);
        assert_eq!(limits.burst("ecs", "CreateSnapshot", Duration::from_secs(2)), 1000);
    }
}
