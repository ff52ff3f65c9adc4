//! What counts as gone.
//!
//! An object is gone when a successful read does not find it, in the account and region in which it was made, twice, not
//! sooner than the cloud may take to show what it accepted, and when nothing else that the cloud says speaks against it.
//! Everything else is an object of which nothing is known.

use std::collections::BTreeMap;
use std::time::Duration;

use super::options::{Clock, Settle};
use super::proof::moved;
use crate::cloud::{Absence, CloudError, ErrorClass, Known, Object, Observed, Place, Reader, short};
use crate::lang::address::ProviderAddress;
use crate::plan::remembered::Origin;
use crate::schema::ResourceType;

/// The longest pause between two looks at an object that a list may not show yet.
const PAUSE: Duration = Duration::from_secs(5);

/// The most objects that are asked for one by one.
const ALONE: usize = 100;

/// An object to look for.
#[derive(Clone)]
pub(crate) struct Sought {
    /// What is remembered of it.
    pub known: Known,
    /// Where and when we made it.
    pub origin: Origin,
}

/// What a look found.
#[derive(Clone, Debug)]
pub(crate) enum Seen {
    /// It is there.
    Present(Box<Object>),
    /// It is gone, as far as anybody can tell.
    Gone,
    /// It is not shown, and something speaks against its being gone.
    Unclear(String),
    /// Nothing is known: the read failed.
    Unread(CloudError),
}

/// What is needed to tell whether an object may be missing only because it is new.
#[derive(Clone, Copy)]
pub struct Patience<'a> {
    /// The time of day.
    pub clock: &'a Clock,
    /// How long clouds may take to show what they accepted.
    pub settle: &'a Settle,
}

/// Looks for objects of one type; waits, at most for the settle time, for those that lists may not show yet.
pub(crate) async fn look(
    reader: &dyn Reader,
    provider: &ProviderAddress,
    resource_type: &ResourceType,
    sought: &[Sought],
    Patience { clock, settle }: Patience<'_>,
) -> Vec<Seen> {
    let known: Vec<Known> = sought.iter().map(|each| each.known.clone()).collect();
    // A point that is shown on another parent is not this point; that tells nothing about it.
    let observe = async |known: &[Known]| -> Vec<Observed> {
        let found = reader.observe(provider, resource_type, known).await.into_iter().zip(known);
        let on_parent = found.map(|(found, known)| match &found {
            Observed::Present(object) => {
                moved(resource_type, &known.value, object).map_or(found, Observed::Unread)
            }
            _ => found,
        });
        on_parent.collect()
    };
    let mut found = observe(&known).await;
    let mut missing: Vec<usize> =
        (0..found.len().min(sought.len())).filter(|at| matches!(found[*at], Observed::Absent)).collect();
    let mut unnamed: BTreeMap<usize, String> = BTreeMap::new();
    if !missing.is_empty() {
        let place = reader.place(provider).await;
        if let Ok(place) = &place {
            unnamed
                .extend(missing.iter().filter_map(|at| Some((*at, not_told(&sought[*at].origin, place)?))));
        }
        missing.retain(|at| match elsewhere(&sought[*at].origin, &place, provider) {
            Some(error) => {
                found[*at] = Observed::Unread(error);
                false
            }
            None => true,
        });
    }
    let settle = settle.of(&provider.to_string());
    while !missing.is_empty() {
        // One call for each; where so many are missing at once it is their number that is looked into.
        let alone = missing.len() <= ALONE;
        let again: Vec<Known> = missing.iter().map(|at| Known { alone, ..known[*at].clone() }).collect();
        let answers = observe(&again).await;
        for (at, answer) in missing.iter().zip(answers) {
            found[*at] = answer;
        }
        let now = clock.now();
        let left = |origin: &Origin| {
            let settled = origin.accepted?.checked_add(settle).ok()?;
            // A clock that was set back must not keep anybody waiting for longer than the settle time.
            Duration::try_from(settled.duration_since(now))
                .ok()
                .filter(|left| !left.is_zero() && *left <= settle)
        };
        missing.retain(|at| matches!(found[*at], Observed::Absent) && left(&sought[*at].origin).is_some());
        if let Some(longest) = missing.iter().filter_map(|at| left(&sought[*at].origin)).max() {
            tokio::time::sleep(longest.min(PAUSE).min(settle / 8)).await;
        }
    }
    let mut seen = judge(reader, provider, resource_type, &known, found).await;
    for (at, why) in unnamed {
        if matches!(seen[at], Seen::Gone) {
            seen[at] = Seen::Unclear(why);
        }
    }
    seen
}

/// Asks what else is known of the objects that were not found.
async fn judge(
    reader: &dyn Reader,
    provider: &ProviderAddress,
    resource_type: &ResourceType,
    known: &[Known],
    found: Vec<Observed>,
) -> Vec<Seen> {
    let is_absent = |found: &Observed| matches!(found, Observed::Absent);
    let absent: Vec<Known> = known
        .iter()
        .zip(&found)
        .filter(|(_, found)| is_absent(found))
        .map(|(known, _)| known.clone())
        .collect();
    let mut answers = if absent.is_empty() {
        Vec::new().into_iter()
    } else {
        reader.absence(provider, resource_type, &absent).await.into_iter()
    };
    let seen = found.into_iter().map(|found| match found {
        Observed::Present(object) => Seen::Present(object),
        Observed::Unread(error) => Seen::Unread(error),
        Observed::Absent => match answers.next() {
            Some(Absence::Unopposed) => Seen::Gone,
            Some(Absence::Unclear(why)) => Seen::Unclear(why),
            Some(Absence::Unread(error)) => Seen::Unread(error),
            None => Seen::Unclear("The cloud did not answer for it.".to_owned()),
        },
    });
    seen.collect()
}

/// Returns why an object that was not found here need not be gone: nobody knows whether this is the account in which it was made.
fn not_told(origin: &Origin, place: &Place) -> Option<String> {
    let why = match &place.unnamed {
        Some(why) => format!("Which account the credentials belong to is not known: {why}."),
        None if origin.account.is_empty() || place.is_of(&origin.account) => return None,
        None => {
            format!("It was made when the account was not known; {} stood for it.", short(&origin.account))
        }
    };
    Some(format!("{why} With the permission sts:GetCallerIdentity it would be known."))
}

/// Returns why an object that was not found here is not gone: nobody looked where it was made.
fn elsewhere(
    origin: &Origin,
    place: &Result<Place, CloudError>,
    provider: &ProviderAddress,
) -> Option<CloudError> {
    let place = match place {
        Ok(place) => place,
        Err(error) => return Some(error.clone()),
    };
    let same_region = origin.region.is_empty() || origin.region == place.region;
    if same_region && !place.is_other_than(&origin.account) {
        return None;
    }
    let message = format!(
        "the object was made in account {} and region {}, but {provider} now looks in account {} and region {}",
        origin.account, origin.region, place.account, place.region
    );
    Some(CloudError::new(ErrorClass::Invalid, "", "", message).with_remedy(
        "A recovery point stays where it was made: with a provider of another account or region it can neither be read nor \
         changed. Give its block a provider with the credentials and the region with which it was made. To leave it there and \
         make a new one here, take it out of the state with \"snapform state rm\".",
    ))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::apply::testing::{cfs_type, object, value};
    use crate::cloud::{BoxFuture, Object};
    use crate::lang::Value;
    use crate::lang::address::ModulePath;

    /// A cloud that does not show an object before the given look.
    struct Slow {
        shown_at: usize,
        looks: AtomicUsize,
        account: &'static str,
    }

    impl Reader for Slow {
        fn place<'a>(&'a self, _: &'a ProviderAddress) -> BoxFuture<'a, Result<Place, CloudError>> {
            let denied = CloudError::new(ErrorClass::Denied, "sts", "GetCallerIdentity", "no such key");
            let place = match self.account {
                "nobody" => Place {
                    account: "key:1".into(),
                    region: "ap-guangzhou".into(),
                    key: Some("key:1".into()),
                    unnamed: Some("refused".into()),
                },
                account => Place { key: Some("key:1".into()), ..Place::of(account, "ap-guangzhou") },
            };
            Box::pin(async move { if self.account.is_empty() { Err(denied) } else { Ok(place) } })
        }

        fn observe<'a>(
            &'a self,
            _: &'a ProviderAddress,
            resource_type: &'a ResourceType,
            objects: &'a [Known],
        ) -> BoxFuture<'a, Vec<Observed>> {
            let look = self.looks.fetch_add(1, Ordering::SeqCst) + 1;
            let answer = if look >= self.shown_at {
                Observed::Present(Box::new(object(resource_type, "snap-1", "cfs-1", None, "00:00:00")))
            } else {
                Observed::Absent
            };
            Box::pin(async move { vec![answer; objects.len()] })
        }

        fn read_data<'a>(
            &'a self,
            _: &'a ProviderAddress,
            _: &'a ResourceType,
            config: &'a Value,
        ) -> BoxFuture<'a, Result<Value, CloudError>> {
            Box::pin(async move { Ok(config.clone()) })
        }

        fn on_parent<'a>(
            &'a self,
            _: &'a ProviderAddress,
            _: &'a ResourceType,
            _: &'a Value,
        ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
            Box::pin(async { Ok(Vec::new()) })
        }
    }

    /// Looks for one object that was accepted so many seconds ago; returns the answer, the looks and the seconds that passed.
    async fn seek(shown_at: usize, account: &'static str, age: Option<i64>) -> (Seen, usize, u64) {
        seek_from("100", shown_at, account, age).await
    }

    async fn seek_from(
        made_in: &str,
        shown_at: usize,
        account: &'static str,
        age: Option<i64>,
    ) -> (Seen, usize, u64) {
        let began = tokio::time::Instant::now();
        let start: jiff::Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let clock = Clock::new(move || start + began.elapsed());
        let cloud = Slow { shown_at, looks: AtomicUsize::new(0), account };
        let accepted = age.map(|age| start - jiff::SignedDuration::from_secs(age));
        let origin = Origin { account: made_in.into(), region: "ap-guangzhou".into(), accepted };
        let known = Known { id: "snap-1".into(), value: value(cfs_type(), &[]), alone: false };
        let provider = ProviderAddress {
            module: ModulePath::root(),
            source: Arc::from("registry.terraform.io/a/b"),
            alias: None,
        };
        let settle = Settle::default();
        let patience = Patience { clock: &clock, settle: &settle };
        let found = look(&cloud, &provider, cfs_type(), &[Sought { known, origin }], patience).await;
        let looks = cloud.looks.load(Ordering::SeqCst);
        (found.into_iter().next().unwrap(), looks, began.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn an_old_object_is_gone_when_two_looks_do_not_find_it() {
        let (found, looks, seconds) = seek(9, "100", Some(3_600)).await;
        assert!(matches!(found, Seen::Gone), "{found:?}");
        assert_eq!((looks, seconds), (2, 0));
        let (found, looks, _) = seek(2, "100", None).await;
        assert!(matches!(found, Seen::Present(_)), "{found:?}");
        assert_eq!(looks, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn an_object_younger_than_the_settle_time_is_looked_for_until_then() {
        let (found, _, _) = seek(4, "100", Some(1)).await;
        assert!(matches!(found, Seen::Present(_)), "{found:?}");
        let (found, _, seconds) = seek(usize::MAX, "100", Some(20)).await;
        assert!(matches!(found, Seen::Gone), "{found:?}");
        assert_eq!(seconds, 40);
    }

    #[tokio::test(start_paused = true)]
    async fn an_acceptance_in_the_future_keeps_nobody_waiting() {
        let (found, looks, seconds) = seek(usize::MAX, "100", Some(-86_400)).await;
        assert!(matches!(found, Seen::Gone), "{found:?}");
        assert_eq!((looks, seconds), (2, 0));
    }

    #[tokio::test(start_paused = true)]
    async fn an_object_of_another_account_is_not_gone() {
        let (found, _, _) = seek(usize::MAX, "200", Some(3_600)).await;
        let Seen::Unread(error) = found else { panic!("{found:?}") };
        let said = error.to_string();
        assert!(said.contains("made in account 100 and region ap-guangzhou"), "{said}");
        assert!(said.contains("now looks in account 200"), "{said}");
        let (found, _, _) = seek(usize::MAX, "", Some(3_600)).await;
        assert!(matches!(found, Seen::Unread(_)), "{found:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_gone_while_the_account_is_not_known() {
        for made_in in ["", "100", "key:1", "key:2", "session:1"] {
            let (found, ..) = seek_from(made_in, usize::MAX, "nobody", Some(3_600)).await;
            let Seen::Unclear(why) = found else { panic!("{made_in}: {found:?}") };
            assert!(why.contains("sts:GetCallerIdentity"), "{why}");
            let (found, ..) = seek_from(made_in, 2, "nobody", Some(3_600)).await;
            assert!(matches!(found, Seen::Present(_)), "{made_in}: {found:?}");
        }
        // Once the account is told, the same key is the same account; another one may not be.
        for (made_in, gone) in [("", true), ("key:1", true), ("key:2", false), ("session:1", false)] {
            let (found, ..) = seek_from(made_in, usize::MAX, "100", Some(3_600)).await;
            assert_eq!(matches!(found, Seen::Gone), gone, "{made_in}: {found:?}");
        }
    }
}
