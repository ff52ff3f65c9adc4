//! The decision about rotations: known cases, promises that hold for any series, and another program's opinion.
//!
//! `SNAPFORM_SEED` and `SNAPFORM_CASES` choose other random series and more of them. Without Python (with `zoneinfo` and a time zone database)
//! the comparison says so and passes; with `SNAPFORM_REQUIRE_ORACLES=1` it fails then.

#![allow(clippy::print_stdout)] // the seeds, shown when a test fails
#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

#[path = "support/oracles.rs"]
mod oracles;

#[path = "rotation/case.rs"]
mod case;
#[path = "random_plans/choice.rs"]
mod choice;
#[path = "rotation/history.rs"]
mod history;

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::Arc;

use case::{Case, Outcome, outcome};
use history::history;
use jiff::{SignedDuration, Timestamp};
use snapform::plan::rotation::{Decision, DueReason, Fate, Hold, Parent, Point, Postponed, Status, decide};

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    // Other series in each run; those of a failure are named by it.
    let from = number("SNAPFORM_SEED").unwrap_or_else(|| Timestamp::now().as_second() as u64 * 10_000);
    let cases = number("SNAPFORM_CASES").unwrap_or(5_000);
    println!("SNAPFORM_SEED={from} SNAPFORM_CASES={cases}");
    from..from + cases
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("vectors/rotation.json")).unwrap()
}

#[test]
fn known_cases_are_decided_as_expected() {
    let cases = cases();
    assert!(cases.len() >= 22);
    for case in cases {
        let expected = case.expect.clone().unwrap();
        // The warnings of the cases are sentences of their own; which points they name is what counts.
        let named =
            |id: &str| expected.warnings.iter().any(|text| text.split([' ', ':']).any(|word| word == id));
        let warned = case.points.iter().map(|point| point.id.clone()).filter(|id| named(id)).collect();
        let expected = Outcome { warned, warnings: Vec::new(), ..expected };
        assert_eq!(outcome(&case.decide()), expected, "{}", case.name);
    }
}

#[test]
fn another_program_decides_random_series_alike() {
    let ready = Command::new("python3")
        .args([
            "-c",
            "import zoneinfo; [zoneinfo.ZoneInfo(name) for name in ('Europe/Berlin', 'Pacific/Apia')]",
        ])
        .stderr(Stdio::null())
        .status();
    if !ready.is_ok_and(|status| status.success()) {
        oracles::missing("python3", "it has to know zoneinfo and a time zone database");
        return;
    }
    let histories: Vec<Case> = cases().into_iter().chain(seeds().map(history)).collect();
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("cases.json");
    std::fs::write(&input, serde_json::to_vec(&histories).unwrap()).unwrap();
    let output = Command::new("python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/rotation/reference.py"))
        .stdin(std::fs::File::open(&input).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected: Vec<Outcome> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(expected.len(), histories.len());
    let mut seen = BTreeMap::new();
    for (case, expected) in histories.iter().zip(expected) {
        let found = outcome(&case.decide());
        assert_eq!(found, expected, "{}", serde_json::to_string(case).unwrap());
        let points = expected.points.into_values().flat_map(|text| {
            let parts: Vec<String> =
                text.trim_start_matches("keep: ").split(", ").map(str::to_owned).collect();
            parts
        });
        for word in points.chain([expected.reason]) {
            *seen.entry(word).or_insert(0) += 1;
        }
    }
    println!("{seen:?}");
    // Each answer that there is has been compared.
    assert!(histories.len() < 5_000 || seen.len() >= 27, "{seen:?}");
}

fn taken(case: &Case) -> Point {
    Point::new("new", case.now, Status::Usable)
}

/// The series after a run that did all that was decided.
fn carried_out(case: &Case, decision: &Decision, points: &[Point]) -> Vec<Point> {
    let gone: BTreeSet<_> = decision.deleted().cloned().collect();
    let new = decision.due().creates().then(|| taken(case));
    points.iter().filter(|point| !gone.contains(point.id())).cloned().chain(new).collect()
}

fn usable(case: &Case, points: &[Point]) -> usize {
    let counts = |point: &&Point| {
        point.status() == Status::Usable && point.taken_at() <= case.now + SignedDuration::from_mins(5)
    };
    points.iter().filter(counts).count()
}

#[test]
fn promises_hold_for_random_series() {
    for case in seeds().map(history) {
        let (policy, points) = (case.policy(), case.points());
        let decision = case.decide();
        let by_id: BTreeMap<&str, &Point> = points.iter().map(|point| (&**point.id(), point)).collect();
        assert_eq!(decision.fates().len(), points.len(), "{}: each point has one fate", case.name);

        let deleted: Vec<_> = decision.deleted().map(|id| by_id[&**id]).collect();
        assert!(deleted.len() <= policy.max_prune(), "{}: max_prune", case.name);
        let newest = points
            .iter()
            .filter(|point| {
                point.status() == Status::Usable
                    && point.taken_at() <= case.now + SignedDuration::from_mins(5)
            })
            .max_by_key(|point| (point.taken_at(), point.id().clone()));
        for point in &deleted {
            assert_eq!(point.hold(), None, "{}: {point:?} is held", case.name);
            assert!(
                point.taken_at() <= case.now + SignedDuration::from_mins(5),
                "{}: {point:?} is ahead",
                case.name
            );
            assert!(matches!(point.status(), Status::Usable | Status::Failed), "{}: {point:?}", case.name);
            assert!(
                newest.is_some_and(|newest| newest.id() != point.id()),
                "{}: the newest usable one",
                case.name
            );
        }
        let after = carried_out(&case, &decision, &points);
        let before = usable(&case, &points) + usize::from(decision.due().creates());
        assert!(usable(&case, &after) >= before.min(policy.min_good()), "{}: min_good", case.name);

        // The order of the list, and a point listed twice, change nothing.
        let mut listed = points.clone();
        listed.reverse();
        listed.extend(points.first().cloned());
        assert_eq!(decide(&policy, case.now, &Parent::Ready, &listed), decision, "{}: order", case.name);
        // Points that are dated ahead take nobody's place.
        let real: Vec<Point> = points
            .iter()
            .filter(|point| decision.fate(point.id()) != Some(&Fate::DatedAhead))
            .cloned()
            .collect();
        let without = decide(&policy, case.now, &Parent::Ready, &real);
        assert_eq!(without.due(), decision.due(), "{}: ahead", case.name);
        assert!(
            without.fates().iter().all(|(id, fate)| decision.fate(id) == Some(fate)),
            "{}: ahead",
            case.name
        );

        settles(&case, &decision, after);
    }
}

/// Runs at the same time take no second point, and end with the points that the first decision's rules name.
fn settles(case: &Case, first: &Decision, mut points: Vec<Point>) {
    let policy = case.policy();
    let named = |decision: &Decision| -> Vec<(Arc<str>, Fate)> {
        let kept =
            decision.fates().iter().filter(|(id, fate)| &**id != "new" && matches!(fate, Fate::Kept(_)));
        kept.cloned().collect()
    };
    for _ in 0..60 {
        let decision = decide(&policy, case.now, &Parent::Ready, &points);
        assert!(!decision.due().creates(), "{}: a second point", case.name);
        assert_eq!(named(&decision), named(first), "{}: the rules name others", case.name);
        if decision.deleted().next().is_none() {
            let later = decision.fates().iter().any(|(_, fate)| {
                matches!(fate, Fate::PruneLater(reason) | Fate::RemoveLater(reason)
                    if *reason != Postponed::InProgress && policy.max_prune() > 0)
            });
            assert!(!later, "{}: {:?}", case.name, decision.fates());
            return;
        }
        points = carried_out(case, &decision, &points);
    }
    panic!("{}: does not settle", case.name);
}

#[test]
fn nothing_goes_while_the_parent_lets_no_wanted_point_be_taken() {
    let mut deferred = 0;
    for case in seeds().take(1_000).map(history) {
        let (policy, points) = (case.policy(), case.points());
        let ready = case.decide();
        let busy = decide(&policy, case.now, &Parent::Busy("detached".into()), &points);
        let gone = decide(&policy, case.now, &Parent::Gone, &points);
        assert_eq!(gone.deleted().count(), 0, "{}", case.name);
        for decision in [&busy, &gone] {
            assert!(!decision.due().creates());
            assert_eq!(decision.due().reason(), ready.due().reason(), "{}", case.name);
        }
        if ready.due().reason() == DueReason::Fresh {
            assert_eq!(busy, ready, "{}", case.name);
        } else if busy.due().breach() {
            assert_eq!(busy.deleted().count(), 0, "{}", case.name);
            assert_eq!(busy.due().next_due(), None, "{}", case.name);
            deferred += 1;
        }
    }
    println!("{deferred} deferred with the goal missed");
}

#[test]
fn what_joins_or_has_a_doubtful_time_is_held_for_this_run() {
    for case in seeds().take(1_000).map(history) {
        for hold in [Hold::JustTaken, Hold::TimeInDoubt] {
            let points: Vec<Point> = case.points().into_iter().map(|point| point.held(hold)).collect();
            let decision = decide(&case.policy(), case.now, &Parent::Ready, &points);
            assert_eq!(decision.deleted().count(), 0, "{}", case.name);
        }
    }
}

#[test]
fn both_clocks_of_a_repeated_hour_are_hours_of_their_own() {
    let mut case = history(0);
    case.policy =
        serde_json::from_str(r#"{"max_age": "24h", "timezone": "Europe/Berlin", "keep": {"hourly": 3}}"#)
            .unwrap();
    case.now = "2026-10-25T02:10:00Z".parse().unwrap();
    case.points = serde_json::from_str(
        r#"[{"id": "a", "taken_at": "2026-10-24T23:30:00Z", "status": "usable"},
            {"id": "b", "taken_at": "2026-10-25T00:20:00Z", "status": "usable"},
            {"id": "c", "taken_at": "2026-10-25T00:40:00Z", "status": "usable"},
            {"id": "d", "taken_at": "2026-10-25T01:20:00Z", "status": "usable"},
            {"id": "e", "taken_at": "2026-10-25T01:40:00Z", "status": "usable"}]"#,
    )
    .unwrap();
    let decision = case.decide();
    let deleted: Vec<&str> = decision.deleted().map(|id| &**id).collect();
    assert_eq!(deleted, ["b", "d"], "01:00, the first 02:00 and the second 02:00 each keep their newest");
}
