//! Objects that were taken for gone because the cloud did not show them, and that it shows again.
//!
//! Lists that leave out what the credentials may not read look like lists of what is left. So what left the state for no
//! other reason is kept in mind for a while: every run looks for it before it plans, and an object that is there again belongs
//! to its address again, before anything is made in its place.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::kind::{kind_of, system_of};
use super::ledger::deposed_key;
use super::proof::moved;
use super::recovery::owned;
use crate::cloud::{Known, Life, Observed, Reader};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::Value;
use crate::lang::address::{Address, ProviderAddress};
use crate::plan::remembered::{origin_of, value_of};
use crate::plan::{ObjectName, prior};
use crate::schema::ResourceType;
use crate::state::{Missed, Object, ObjectKey, ResourceKey, State, Target};

/// How long an object is looked for.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The most objects that are kept in mind, the newest ones. More than these vanish only when somebody cleans up.
const MOST: usize = 1_000;

/// An object that is there again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The address that it belongs to again.
    pub address: Address,
    /// Its id.
    pub id: String,
    /// When it left the state.
    pub since: String,
    /// The id of the object that was made in its place.
    pub replaced: Option<String>,
}

/// Keeps objects in mind that leave the state because they are not shown.
pub(super) fn remember(state: &mut State, left: Vec<(ObjectName, String, Object)>, now: Timestamp) {
    if left.is_empty() {
        return;
    }
    let mut all = state.missed();
    all.retain(|missed| is_recent(missed, now));
    let mut known: BTreeSet<String> = all.iter().filter_map(|missed| missed.object.id()).collect();
    for (name, provider, object) in left {
        if !object.id().is_some_and(|id| known.insert(id)) {
            continue;
        }
        all.push(Missed {
            address: name.address.to_string(),
            deposed: name.deposed.as_deref().map(str::to_owned),
            provider,
            since: now.to_string(),
            object,
        });
    }
    all.drain(..all.len().saturating_sub(MOST));
    state.set_missed(&all);
}

fn is_recent(missed: &Missed, now: Timestamp) -> bool {
    missed.since.parse::<Timestamp>().is_ok_and(|since| now.duration_since(since) <= KEPT)
}

/// An object that is looked for.
struct Lost {
    at: usize,
    id: String,
    address: Address,
    known: Known,
}

/// Looks for the objects that left the state because they were not shown, and gives those that are there back to their
/// addresses. An object that was made in the place of one becomes deposed, so that the plan destroys it.
///
/// What cannot be read now is looked for the next time.
pub async fn take_back(mut state: State, reader: &dyn Reader, now: Timestamp) -> (State, Vec<Returned>) {
    let all = state.missed();
    let owned = owned(&state);
    let mut groups: BTreeMap<(ProviderAddress, &'static str), (&'static ResourceType, Vec<Lost>)> =
        BTreeMap::new();
    for (at, missed) in all.iter().enumerate().filter(|(_, missed)| is_recent(missed, now)) {
        let Some((provider, resource_type, lost)) = lost(at, missed) else { continue };
        if !owned.contains(&(system_of(resource_type.name).to_owned(), lost.id.clone())) {
            groups.entry((provider, resource_type.name)).or_insert((resource_type, Vec::new())).1.push(lost);
        }
    }
    let mut found = Vec::new();
    for ((provider, _), (resource_type, lost)) in groups {
        let Ok(place) = reader.place(&provider).await else { continue };
        let here = |lost: &Lost| {
            let origin = origin_of(&all[lost.at].object);
            let same_region = origin.region.is_empty() || origin.region == place.region;
            same_region && !place.is_other_than(&origin.account)
        };
        let lost: Vec<Lost> = lost.into_iter().filter(here).collect();
        let known: Vec<Known> = lost.iter().map(|lost| lost.known.clone()).collect();
        let observed = reader.observe(&provider, resource_type, &known).await;
        let there = lost.into_iter().zip(observed).filter(|(lost, seen)| match seen {
            Observed::Present(object) => {
                let alive = !matches!(object.life, Life::Leaving | Life::Expired(_) | Life::Failed(_));
                let ours = moved(resource_type, &lost.known.value, object).is_none();
                alive && ours && is_same(resource_type, &lost.known.value, &object.value)
            }
            _ => false,
        });
        found.extend(there.map(|(lost, _)| lost));
    }
    if found.is_empty() {
        return (state, Vec::new());
    }
    found.sort_by_key(|lost| lost.at);
    let returned = found.iter().map(|lost| give_back(&mut state, lost, &all[lost.at])).collect();
    let back: BTreeSet<usize> = found.iter().map(|lost| lost.at).collect();
    let rest =
        all.into_iter().enumerate().filter(|(at, missed)| is_recent(missed, now) && !back.contains(at));
    let rest: Vec<Missed> = rest.map(|(_, missed)| missed).collect();
    state.set_missed(&rest);
    (state, returned)
}

fn lost(at: usize, missed: &Missed) -> Option<(ProviderAddress, &'static ResourceType, Lost)> {
    let provider = prior::parse_provider(&missed.provider)?;
    let Target::Resource(key, instance) = Target::parse(&missed.address)? else { return None };
    let address = key.resource_address().instance(instance);
    let resource_type = prior::find_type(&address.resource)?;
    let value = value_of(resource_type, &missed.object).ok()?;
    let id = missed.object.id()?;
    let known = Known { id: id.as_str().into(), value, alone: false };
    Some((provider, resource_type, Lost { at, id, address, known }))
}

/// An id that is made of arguments can be that of another object by now; then the time of creation tells.
fn is_same(resource_type: &ResourceType, remembered: &Value, found: &Value) -> bool {
    const CREATED: &str = "snapshot_create_time";
    kind_of(resource_type.name).key.is_none()
        || remembered.get(CREATED).map(Value::unmarked_deep) == found.get(CREATED).map(Value::unmarked_deep)
}

fn give_back(state: &mut State, lost: &Lost, missed: &Missed) -> Returned {
    let resource = ResourceKey::from(&lost.address);
    let current = ObjectKey::from(&lost.address);
    let mut replaced = None;
    let key = match &missed.deposed {
        Some(deposed) => ObjectKey { deposed: Some(deposed.clone()), ..current },
        None => {
            if let Some(prior) = state.remove_object(&resource, &current) {
                replaced = prior.id();
                let key = deposed_key(Some(&lost.id), &lost.address);
                let deposed = ObjectKey { deposed: Some(key.to_string()), ..current.clone() };
                state.put_object(&resource, &missed.provider, deposed, prior);
            }
            current
        }
    };
    state.put_object(&resource, &missed.provider, key, missed.object.clone());
    Returned { address: lost.address.clone(), id: lost.id.clone(), since: missed.since.clone(), replaced }
}

/// Says what is there again.
pub fn tell_returned(returned: &[Returned]) -> Diagnostics {
    let warnings = returned.iter().map(|Returned { address, id, since, replaced }| {
        let rest = match replaced {
            Some(other) => format!(
                " {other}, which was made in its place, is planned to be destroyed; to keep it, take it out of the state first."
            ),
            None => String::new(),
        };
        let text = format!(
            "The cloud did not show {id} at {since}, so it left the state. It is there, and belongs to {address} again.{rest}\n\nCredentials that may not read everything are the usual reason."
        );
        Diagnostic::warning("Recovery point is there again", text).about(address)
    });
    warnings.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::RawJson;

    const NOW: &str = "2026-11-22T18:00:00Z";

    fn name(address: &str) -> ObjectName {
        let Some(Target::Resource(key, instance)) = Target::parse(address) else { panic!("{address}") };
        ObjectName { address: key.resource_address().instance(instance), deposed: None }
    }

    fn object(id: &str) -> Object {
        Object { attributes: RawJson::parse(&format!(r#"{{"id":"{id}"}}"#)).ok(), ..Object::default() }
    }

    #[test]
    fn what_is_kept_in_mind_is_kept_once_and_for_a_while() {
        let mut state = State::default();
        let now: Timestamp = NOW.parse().unwrap();
        let one = || vec![(name("alicloud_ecd_snapshot.a"), "p".to_owned(), object("s-1"))];
        remember(&mut state, one(), now);
        remember(&mut state, one(), now);
        assert_eq!(state.missed().len(), 1);
        let later = now + SignedDuration::from_hours(31 * 24);
        remember(&mut state, vec![(name("alicloud_ecd_snapshot.b"), "p".to_owned(), object("s-2"))], later);
        let kept: Vec<String> = state.missed().into_iter().map(|missed| missed.address).collect();
        assert_eq!(kept, ["alicloud_ecd_snapshot.b"]);
        let many = (0..2 * MOST)
            .map(|at| (name("alicloud_ecd_snapshot.c"), "p".to_owned(), object(&format!("t-{at}"))));
        remember(&mut state, many.collect(), later);
        assert_eq!(state.missed().len(), MOST);
    }
}
