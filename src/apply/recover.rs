//! What became of the calls of a run that died: a pure decision over intents, journal, what the clouds show, and the time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::kind::{Resemblance, declared_count, kind_of, resemblance, system_of};
use super::records::SHORTEST_BEAT;
use crate::cloud::{Life, Object, Observed};
use crate::lang::Value;
use crate::schema::{ProviderKind, ResourceType};
use crate::state::{Intent, IntentAction};

/// An intent whose outcome is not known, with its parameters as a value of its type.
#[derive(Clone)]
pub(crate) struct Open {
    /// The intent.
    pub intent: Intent,
    /// Its resource type.
    pub resource_type: &'static ResourceType,
    /// The declared parameters; what was left to the cloud is unknown.
    pub declared: Value,
}

/// Where the objects of an intent are looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// The provider configuration, as the state names it.
    pub provider: String,
    /// The account and region.
    pub place: (String, String),
    /// The resource type.
    pub resource_type: String,
    /// The parent.
    pub parent: String,
}

/// Everything the decision rests on.
pub(crate) struct Evidence<'a> {
    /// What became of the ids that were answered, by intent.
    pub claims: &'a BTreeMap<String, Claim>,
    /// The objects on each parent, or why they could not be read.
    pub on_parents: &'a BTreeMap<Spot, Result<Vec<Object>, String>>,
    /// What was found of the objects that were to be deleted, by intent.
    pub observed: &'a BTreeMap<String, Observed>,
    /// Type and id of all objects that belong to an address.
    pub owned: &'a BTreeSet<(String, String)>,
    /// Runs that are alive.
    pub alive: &'a BTreeSet<String>,
    /// The time.
    pub now: Timestamp,
    /// When it was first asked what became of the intents.
    pub asked: Timestamp,
    /// How long a cloud may take to show what it accepted.
    pub settle: &'a dyn Fn(&Intent) -> Duration,
}

/// What the cloud shows under the id that it answered to a create.
#[derive(Clone, Debug)]
pub(crate) enum Claim {
    /// The object that was asked for.
    Proven(Box<Object>),
    /// Nothing.
    Unshown(Arc<str>),
    /// Something else where the object belongs, which may be ours all the same; with what speaks against it.
    Suspect(Arc<str>, String),
    /// Something that is not ours.
    Refuted,
    /// The read failed.
    Unread(String),
}

/// The decision about one intent.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    /// The object is this one.
    Adopt(Arc<str>),
    /// There is no object.
    NotFound,
    /// The object of a delete is gone.
    Deleted,
    /// The object of a delete is there.
    NotDeleted,
    /// It is too early to tell.
    NotSettled(Timestamp),
    /// The run that wrote it is alive.
    Alive,
    /// Somebody has to say which object it is.
    Undecided(Vec<Arc<str>>, String),
    /// The cloud could not be read.
    Unread(String),
}

/// Clocks of clouds and of this host differ; an object this much older than its intent may still be its outcome.
const CLOCK_SKEW: Duration = Duration::from_secs(300);

/// Tencent Cloud writes times without a zone and does not say which one it means. They are read as UTC+8, so they may be this
/// much later than they look.
const ZONE_SKEW: Duration = Duration::from_secs(8 * 3_600);

/// Returns where the objects of an intent are looked for.
pub(crate) fn spot_of(intent: &Intent) -> Spot {
    Spot {
        provider: intent.provider.clone(),
        place: (intent.account.clone(), intent.region.clone()),
        resource_type: intent.resource_type.clone(),
        parent: intent.parent.clone(),
    }
}

/// Returns from when on a cloud shows everything that the run of an intent may have sent for it.
///
/// A run renews its heartbeat four times within the settle time (but no more than once a second) while anything is
/// unanswered, so the last request left at most that much after the last heartbeat.
///
/// A time after `latest`, which is when this was first asked, was written by a clock that is wrong, or ours was set back; it
/// counts as `latest`, so that nobody waits for longer than the settle time.
pub(crate) fn settled_at(intent: &Intent, settle: Duration, latest: Timestamp) -> Timestamp {
    let time = |text: &str| text.parse::<Timestamp>().ok().map(|time| time.min(latest));
    // An intent without a readable time is treated as old: a person can always say otherwise with `intents`.
    let last =
        time(&intent.heartbeat).into_iter().chain(time(&intent.time)).max().unwrap_or(Timestamp::UNIX_EPOCH);
    last.saturating_add(settle + (settle / 4).max(SHORTEST_BEAT)).unwrap_or(Timestamp::MAX)
}

/// Decides about each intent, in their order.
pub(crate) fn decide(open: &[Open], evidence: &Evidence<'_>) -> Vec<Verdict> {
    let mut verdicts: Vec<Option<Verdict>> = open.iter().map(|open| at_once(open, evidence)).collect();
    let proven = evidence.claims.values().filter_map(|claim| match claim {
        Claim::Proven(object) => Some(&*object.id),
        _ => None,
    });
    let taken: BTreeSet<&str> = proven.collect();
    let mut groups: BTreeMap<Spot, Vec<usize>> = BTreeMap::new();
    for (at, verdict) in verdicts.iter().enumerate() {
        if verdict.is_none() {
            groups.entry(spot_of(&open[at].intent)).or_default().push(at);
        }
    }
    for (spot, members) in groups {
        match evidence.on_parents.get(&spot) {
            None => members.iter().for_each(|at| {
                verdicts[*at] = Some(Verdict::Unread("its parent was not read".to_owned()));
            }),
            Some(Err(why)) => {
                members.iter().for_each(|at| verdicts[*at] = Some(Verdict::Unread(why.clone())))
            }
            Some(Ok(objects)) => {
                let free: Vec<&Object> = objects
                    .iter()
                    .filter(|object| {
                        object.life != Life::Leaving
                            && !taken.contains(&*object.id)
                            && !evidence
                                .owned
                                .contains(&(system_of(&spot.resource_type).to_owned(), object.id.to_string()))
                    })
                    .collect();
                for (at, verdict) in match_group(open, &members, &free, evidence.now) {
                    let claim = evidence.claims.get(&open[at].intent.id);
                    verdicts[at] = Some(match (verdict, claim) {
                        (Verdict::NotFound, Some(Claim::Suspect(id, why))) => {
                            Verdict::Undecided(vec![id.clone()], why.clone())
                        }
                        (verdict, _) => verdict,
                    });
                }
            }
        }
    }
    verdicts.into_iter().map(|verdict| verdict.unwrap_or(Verdict::NotFound)).collect()
}

/// What can be said of an intent without looking at its parent.
fn at_once(open: &Open, evidence: &Evidence<'_>) -> Option<Verdict> {
    let intent = &open.intent;
    if evidence.alive.contains(&intent.run) {
        return Some(Verdict::Alive);
    }
    let settled = settled_at(intent, (evidence.settle)(intent), evidence.asked);
    match intent.action {
        IntentAction::Update => Some(Verdict::NotFound),
        IntentAction::Delete => Some(match evidence.observed.get(&intent.id) {
            Some(Observed::Absent) => Verdict::Deleted,
            Some(Observed::Present(_)) if evidence.now < settled => Verdict::NotSettled(settled),
            Some(Observed::Present(_)) => Verdict::NotDeleted,
            Some(Observed::Unread(error)) => Verdict::Unread(error.to_string()),
            None => Verdict::Unread("its object was not read".to_owned()),
        }),
        IntentAction::Create => {
            let early = (evidence.now < settled).then_some(Verdict::NotSettled(settled));
            match evidence.claims.get(&intent.id) {
                Some(Claim::Proven(object)) => Some(Verdict::Adopt(object.id.clone())),
                Some(Claim::Unread(why)) => Some(early.unwrap_or_else(|| Verdict::Unread(why.clone()))),
                // The answer is not about our object, or the object is not shown: it is looked for where it belongs.
                Some(Claim::Unshown(_) | Claim::Suspect(..) | Claim::Refuted) | None => early,
            }
        }
    }
}

fn match_group(open: &[Open], members: &[usize], free: &[&Object], now: Timestamp) -> Vec<(usize, Verdict)> {
    let mut exact: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut near: BTreeMap<usize, Vec<Arc<str>>> = BTreeMap::new();
    for at in members {
        let Open { intent, resource_type, declared } = &open[*at];
        let key = kind_of(resource_type.name).key_of(declared);
        // A time in the future says nothing about when objects were made.
        let begun = intent.time.parse::<Timestamp>().ok().filter(|begun| *begun <= now);
        for (place, object) in free.iter().enumerate() {
            if intent.existing.iter().any(|id| **id == *object.id) {
                continue;
            }
            let skew = match resource_type.provider {
                ProviderKind::Tencentcloud => CLOCK_SKEW + ZONE_SKEW,
                _ => CLOCK_SKEW,
            };
            let earliest = begun.and_then(|begun| begun.checked_sub(skew).ok());
            if let (Some(created), Some(earliest)) = (object.created_at, earliest)
                && created < earliest
            {
                continue;
            }
            match resemblance(resource_type, declared, &object.value) {
                _ if key.as_deref() == Some(&*object.id) => {
                    exact.entry(*at).or_default().insert(place);
                }
                Resemblance::Exact => {
                    exact.entry(*at).or_default().insert(place);
                }
                Resemblance::Near => near.entry(*at).or_default().push(object.id.clone()),
                Resemblance::Different => {}
            }
        }
    }
    // What is exactly what another intent asked for is no riddle.
    let clear: BTreeSet<&str> = exact.values().flatten().map(|place| &*free[*place].id).collect();
    near.values_mut().for_each(|near| near.retain(|id| !clear.contains(&**id)));
    near.retain(|_, near| !near.is_empty());
    let mut verdicts = Vec::new();
    let mut left: BTreeSet<usize> = members.iter().copied().collect();
    while let Some(first) = left.first().copied() {
        let (intents, candidates) = component(first, &exact);
        intents.iter().for_each(|at| {
            left.remove(at);
        });
        verdicts.extend(match_component(open, intents, candidates, free, &exact, &near));
    }
    verdicts
}

/// Returns the intents and objects that belong together through possible matches.
fn component(first: usize, exact: &BTreeMap<usize, BTreeSet<usize>>) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let mut intents = BTreeSet::from([first]);
    let mut candidates: BTreeSet<usize> = BTreeSet::new();
    loop {
        let size = (intents.len(), candidates.len());
        for at in &intents {
            candidates.extend(exact.get(at).into_iter().flatten());
        }
        for (at, possible) in exact {
            if !possible.is_disjoint(&candidates) {
                intents.insert(*at);
            }
        }
        if size == (intents.len(), candidates.len()) {
            return (intents, candidates);
        }
    }
}

fn match_component(
    open: &[Open],
    intents: BTreeSet<usize>,
    candidates: BTreeSet<usize>,
    free: &[&Object],
    exact: &BTreeMap<usize, BTreeSet<usize>>,
    near: &BTreeMap<usize, Vec<Arc<str>>>,
) -> Vec<(usize, Verdict)> {
    let ids = || candidates.iter().map(|place| free[*place].id.clone()).collect::<Vec<_>>();
    if candidates.len() > intents.len() {
        let why = format!(
            "{} objects on {} have exactly these parameters, and {} of them can be ours",
            candidates.len(),
            open[*intents.first().unwrap_or(&0)].intent.parent,
            intents.len()
        );
        return intents.into_iter().map(|at| (at, Verdict::Undecided(ids(), why.clone()))).collect();
    }
    // The most exactly described first; equals in the order in which they were written and made.
    let mut order: Vec<usize> = intents.into_iter().collect();
    order.sort_by_key(|at| {
        let Open { intent, declared, .. } = &open[*at];
        (std::cmp::Reverse(declared_count(declared)), intent.time.clone(), intent.id.clone())
    });
    let mut made: Vec<usize> = candidates.into_iter().collect();
    made.sort_by_key(|place| (free[*place].created_at, free[*place].id.clone()));
    let mut verdicts = Vec::new();
    for at in order {
        let own = exact.get(&at);
        let found = made.iter().position(|place| own.is_some_and(|own| own.contains(place)));
        let verdict = match (found, near.get(&at)) {
            (Some(place), _) => Verdict::Adopt(free[made.remove(place)].id.clone()),
            (None, Some(near)) => Verdict::Undecided(
                near.clone(),
                "the name or another argument was left to the cloud, so an object cannot be told from somebody else's"
                    .to_owned(),
            ),
            (None, None) => Verdict::NotFound,
        };
        verdicts.push((at, verdict));
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::{cbs_type, cfs_type, ecs_type, object, open_create};

    const NOW: &str = "2026-11-22T18:10:00Z";

    struct Case {
        open: Vec<Open>,
        claims: Vec<(&'static str, Claim)>,
        objects: Vec<Object>,
        owned: Vec<&'static str>,
        now: &'static str,
        asked: Option<&'static str>,
    }

    impl Default for Case {
        fn default() -> Self {
            Self {
                open: Vec::new(),
                claims: Vec::new(),
                objects: Vec::new(),
                owned: Vec::new(),
                now: NOW,
                asked: None,
            }
        }
    }

    fn verdicts(case: Case) -> Vec<Verdict> {
        let claims = case.claims.into_iter().map(|(intent, claim)| (intent.to_owned(), claim)).collect();
        let spots = case.open.iter().map(|open| (spot_of(&open.intent), Ok(case.objects.clone()))).collect();
        let type_name = case.open.first().map_or("", |open| open.resource_type.name);
        let owned = case.owned.iter().map(|id| (type_name.to_owned(), (*id).to_owned())).collect();
        decide(
            &case.open,
            &Evidence {
                claims: &claims,
                on_parents: &spots,
                observed: &BTreeMap::new(),
                owned: &owned,
                alive: &BTreeSet::new(),
                now: case.now.parse().unwrap(),
                asked: case.asked.unwrap_or(case.now).parse().unwrap(),
                settle: &|_| Duration::from_secs(60),
            },
        )
    }

    fn adopt(id: &str) -> Verdict {
        Verdict::Adopt(id.into())
    }

    #[test]
    fn what_the_journal_says_was_accepted_and_the_cloud_shows_is_adopted_at_once() {
        let shown = object(ecs_type(), "s-1", "d-1", Some("n"), "18:10:00");
        let case = Case {
            open: vec![open_create("a", ecs_type(), "d-1", Some("n"), "18:09:59")],
            claims: vec![("a", Claim::Proven(Box::new(shown)))],
            ..Case::default()
        };
        assert_eq!(verdicts(case), [adopt("s-1")]);
    }

    #[test]
    fn an_id_that_is_not_ours_or_not_shown_is_a_lost_answer() {
        let suspect = || Claim::Suspect("s-9".into(), "another name".into());
        for claim in [Claim::Refuted, Claim::Unshown("s-9".into()), suspect()] {
            let case = |time, objects| Case {
                open: vec![open_create("a", ecs_type(), "d-1", Some("n"), time)],
                claims: vec![("a", claim.clone())],
                objects,
                ..Case::default()
            };
            let there = || vec![object(ecs_type(), "s-1", "d-1", Some("n"), "18:00:01")];
            assert!(matches!(verdicts(case("18:09:59", there()))[..], [Verdict::NotSettled(_)]), "{claim:?}");
            assert_eq!(verdicts(case("18:00:00", there())), [adopt("s-1")], "{claim:?}");
            let nothing = verdicts(case("18:00:00", Vec::new()));
            match claim {
                Claim::Suspect(..) => assert!(matches!(nothing[..], [Verdict::Undecided(..)]), "{nothing:?}"),
                _ => assert_eq!(nothing, [Verdict::NotFound]),
            }
        }
    }

    #[test]
    fn nothing_is_concluded_before_the_settle_time_has_passed() {
        let open = vec![open_create("a", ecs_type(), "d-1", Some("n"), "18:09:00")];
        let objects = vec![object(ecs_type(), "s-1", "d-1", Some("n"), "18:09:01")];
        let early = Case { open: open.clone(), objects: objects.clone(), ..Case::default() };
        assert_eq!(verdicts(early), [Verdict::NotSettled("2026-11-22T18:10:15Z".parse().unwrap())]);
        let late = Case { open, objects, now: "2026-11-22T18:10:15Z", ..Case::default() };
        assert_eq!(verdicts(late), [adopt("s-1")]);
    }

    #[test]
    fn a_heartbeat_in_the_future_counts_as_now() {
        let intent = open_create("a", ecs_type(), "d-1", Some("n"), "20:10:00").intent;
        let (settle, asked) = (Duration::from_secs(60), NOW.parse().unwrap());
        assert_eq!(settled_at(&intent, settle, asked), "2026-11-22T18:11:15Z".parse().unwrap());
        // Its clock was ahead, so its time does not rule out what was made before.
        let case = Case {
            open: vec![open_create("a", ecs_type(), "d-1", Some("n"), "20:10:00")],
            objects: vec![object(ecs_type(), "s-1", "d-1", Some("n"), "18:05:00")],
            asked: Some("2026-11-22T18:00:00Z"),
            ..Case::default()
        };
        assert_eq!(verdicts(case), [adopt("s-1")]);
    }

    #[test]
    fn objects_that_existed_or_belong_to_somebody_or_differ_are_no_candidates() {
        let mut open = open_create("a", ecs_type(), "d-1", Some("n"), "18:00:00");
        open.intent.existing = vec!["s-old".into()];
        let case = Case {
            open: vec![open],
            objects: vec![
                object(ecs_type(), "s-old", "d-1", Some("n"), "18:00:01"),
                object(ecs_type(), "s-owned", "d-1", Some("n"), "18:00:01"),
                object(ecs_type(), "s-name", "d-1", Some("other"), "18:00:01"),
                object(ecs_type(), "s-before", "d-1", Some("n"), "17:50:00"),
            ],
            owned: vec!["s-owned"],
            ..Case::default()
        };
        assert_eq!(verdicts(case), [Verdict::NotFound]);
    }

    #[test]
    fn a_time_without_a_zone_rules_nothing_out_within_eight_hours() {
        for (time, expected) in [("10:00:01", adopt("snap-1")), ("09:50:00", Verdict::NotFound)] {
            let case = Case {
                open: vec![open_create("a", cfs_type(), "cfs-1", Some("n"), "18:00:00")],
                objects: vec![object(cfs_type(), "snap-1", "cfs-1", Some("n"), time)],
                ..Case::default()
            };
            assert_eq!(verdicts(case), [expected], "{time}");
        }
    }

    #[test]
    fn identical_intents_are_matched_in_order_of_creation() {
        let case = Case {
            open: ["a", "b", "c"]
                .map(|id| open_create(id, ecs_type(), "d-1", Some("n"), "18:00:00"))
                .to_vec(),
            objects: vec![
                object(ecs_type(), "s-1", "d-1", Some("n"), "18:00:05"),
                object(ecs_type(), "s-2", "d-1", Some("n"), "18:00:03"),
            ],
            ..Case::default()
        };
        assert_eq!(verdicts(case), [adopt("s-2"), adopt("s-1"), Verdict::NotFound]);
    }

    #[test]
    fn more_candidates_than_intents_are_left_to_the_user() {
        let case = Case {
            open: vec![open_create("a", ecs_type(), "d-1", Some("n"), "18:00:00")],
            objects: vec![
                object(ecs_type(), "s-1", "d-1", Some("n"), "18:00:05"),
                object(ecs_type(), "s-2", "d-1", Some("n"), "18:00:03"),
            ],
            ..Case::default()
        };
        let found = verdicts(case);
        assert!(matches!(&found[..], [Verdict::Undecided(ids, _)] if ids.len() == 2), "{found:?}");
    }

    #[test]
    fn the_more_exactly_described_intent_is_matched_first() {
        let case = Case {
            open: vec![
                open_create("unnamed", cfs_type(), "cfs-1", None, "18:00:00"),
                open_create("named", cfs_type(), "cfs-1", Some("n"), "18:00:01"),
            ],
            objects: vec![object(cfs_type(), "s-1", "cfs-1", Some("n"), "18:00:05")],
            ..Case::default()
        };
        assert_eq!(verdicts(case), [Verdict::NotFound, adopt("s-1")]);
    }

    #[test]
    fn the_default_resource_group_is_no_difference() {
        let mut made = object(ecs_type(), "s-1", "d-1", Some("n"), "18:00:05");
        let members = made.value.members().unwrap().clone().into_iter();
        made.value = Value::object(members.chain([("resource_group_id".into(), Value::from("rg-default"))]));
        let open = vec![open_create("a", ecs_type(), "d-1", Some("n"), "18:00:00")];
        assert_eq!(verdicts(Case { open, objects: vec![made], ..Case::default() }), [adopt("s-1")]);
    }

    #[test]
    fn an_exact_object_is_adopted_whatever_else_looks_like_it() {
        let mut described = object(ecs_type(), "s-2", "d-1", Some("n"), "18:00:03");
        let members = described.value.members().unwrap().clone().into_iter();
        described.value = Value::object(members.chain([("description".into(), Value::from("by hand"))]));
        let open = || vec![open_create("a", ecs_type(), "d-1", Some("n"), "18:00:00")];
        let exact = object(ecs_type(), "s-1", "d-1", Some("n"), "18:00:05");
        let both = Case { open: open(), objects: vec![described.clone(), exact], ..Case::default() };
        assert_eq!(verdicts(both), [adopt("s-1")]);
        // Alone it may be ours, described by somebody since: nobody but the user can tell.
        let alone = verdicts(Case { open: open(), objects: vec![described], ..Case::default() });
        assert!(matches!(&alone[..], [Verdict::Undecided(ids, _)] if **ids == ["s-2".into()]), "{alone:?}");
    }

    #[test]
    fn a_named_disk_snapshot_is_not_the_outcome_of_an_unnamed_intent() {
        let case = Case {
            open: vec![open_create("unnamed", ecs_type(), "d-1", None, "18:00:00")],
            objects: vec![object(ecs_type(), "s-1", "d-1", Some("colleague"), "18:00:05")],
            ..Case::default()
        };
        assert_eq!(verdicts(case), [Verdict::NotFound]);
    }

    #[test]
    fn an_unnamed_backup_is_never_adopted_by_itself() {
        let open = || vec![open_create("a", cbs_type(), "disk-1", None, "18:00:00")];
        let objects = vec![object(cbs_type(), "dbp-1", "disk-1", None, "18:00:05")];
        let found = verdicts(Case { open: open(), objects, ..Case::default() });
        assert!(matches!(&found[..], [Verdict::Undecided(..)]), "{found:?}");
        assert_eq!(verdicts(Case { open: open(), ..Case::default() }), [Verdict::NotFound]);
    }

    #[test]
    fn a_name_filled_in_by_the_cloud_is_left_to_the_user() {
        let case = Case {
            open: vec![open_create("a", cbs_type(), "disk-1", None, "18:00:00")],
            objects: vec![object(cbs_type(), "dbp-1", "disk-1", Some("default"), "18:00:05")],
            ..Case::default()
        };
        assert!(matches!(&verdicts(case)[..], [Verdict::Undecided(..)]));
    }
}
