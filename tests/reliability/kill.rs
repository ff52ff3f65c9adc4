//! SIGKILL at any instant of an apply, in an unkind world; the next plain apply leaves nothing lost and nothing doubled.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use snapform::sandbox::faults::{Fault, FaultKind};

use super::cloud::{Cloud, Moment, Point};
use super::death::{At, Death, run};
pub use super::declared::PROVIDERS;
use super::declared::{Edit, after, allowance, before, colleague_before, colleague_during};
use super::state_server::StateServer;
use super::systems::copy;
use super::world::{Directory, Draw, QUICK, check, remembered};

/// A world after the first apply, from which every kill begins.
struct Baseline {
    folder: tempfile::TempDir,
    state: Vec<u8>,
    /// The same of a service that means UTC when it names no zone.
    utc: OnceLock<(tempfile::TempDir, Vec<u8>)>,
    requests: (u64, u64),
    writes: u64,
    files: u64,
    scale: u64,
}

impl Baseline {
    /// Returns the world and the state from which a life begins.
    fn before(&self, readings: &[(&str, &str)]) -> (&Path, &[u8]) {
        if !readings.contains(&UTC) {
            return (self.folder.path(), &self.state);
        }
        let (folder, state) = self.utc.get_or_init(|| {
            let (folder, _, state) = beginning(self.scale, Some(UTC));
            (folder, state)
        });
        (folder.path(), state)
    }
}

fn is_change(action: &str) -> bool {
    !["Describe", "List", "Get"].iter().any(|verb| action.starts_with(verb))
}

/// Returns how often the files of a run with a local state change.
fn files_of_a_run(world: &Path, state: &[u8], config: &str) -> u64 {
    let rehearsal = tempfile::tempdir().unwrap();
    copy(world, rehearsal.path());
    let cloud = Arc::new(Cloud::serve(Some(rehearsal.path()), &[]));
    let directory = Directory::new(config);
    fs::write(directory.state_file(), state).unwrap();
    let death = run(&cloud, None, &directory, At::File(u64::MAX, Duration::ZERO), |_, _| ());
    assert!(!death.killed, "{}", death.text);
    death.files
}

/// Gives table snapshots a moment that is past in every zone: the present one in UTC+8 is none where UTC is meant.
fn with_moment(config: &str) -> String {
    static MOMENT: OnceLock<String> = OnceLock::new();
    let moment = MOMENT.get_or_init(|| {
        let hour_ago = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
        hour_ago.strftime("%Y-%m-%d %H:%M:%S").to_string()
    });
    config.replace("  table_group_id ", &format!("  snapshot_time = \"{moment}\"\n  table_group_id "))
}

/// Makes a world and applies the first configuration in it.
fn beginning(scale: u64, zone: Option<(&str, &str)>) -> (tempfile::TempDir, Directory, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let config = before(scale);
    let directory = Directory::new(&if zone.is_some() { with_moment(&config) } else { config });
    let cloud = Cloud::serve(Some(folder.path()), &QUICK);
    for (name, value) in [("ecd.ready-ms", "80")].into_iter().chain(zone) {
        cloud.sandbox().set(name, value).unwrap();
    }
    colleague_before(&cloud);
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    let state = fs::read(directory.state_file()).unwrap();
    (folder, directory, state)
}

fn baseline(scale: u64) -> Baseline {
    let (folder, directory, state) = beginning(scale, None);
    let (config, declared) = after(scale, Edit::Nothing);
    let files = files_of_a_run(folder.path(), &state, &config);
    // How long an undisturbed run is, in a copy of the world.
    let rehearsal = tempfile::tempdir().unwrap();
    copy(folder.path(), rehearsal.path());
    let cloud = Cloud::serve(Some(rehearsal.path()), &[]);
    let server = StateServer::serve(Some(state.clone()));
    directory.configure(&format!("{}{config}", server.backend()));
    fs::remove_file(directory.state_file()).unwrap();
    let said = directory.run(&cloud, &["init", "-no-color"]);
    assert!(said.status.success(), "{}", said.text);
    let writes = Arc::new(AtomicU64::new(0));
    let counted = writes.clone();
    server.watch(move |number, _| counted.store(number, Ordering::SeqCst));
    cloud.watch(|_, _, _| false);
    let begun = Instant::now();
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    let actions = cloud.actions();
    let first = actions.iter().position(|action| is_change(action)).unwrap();
    check(
        &cloud,
        &remembered(&serde_json::from_slice(&server.content()).unwrap()),
        declared,
        &BTreeSet::from(["s-colleague0001", "snap-colleague1", "dbp-colleague1"].map(str::to_owned)),
    );
    println!(
        "an undisturbed apply: {} requests, the first change is number {}, {} writes of the state, {files} \
         changes of files with a local one, {:.1} s",
        actions.len(),
        first + 1,
        writes.load(Ordering::SeqCst),
        begun.elapsed().as_secs_f64()
    );
    Baseline {
        folder,
        state,
        utc: OnceLock::new(),
        requests: (first as u64 + 1, actions.len() as u64),
        writes: writes.load(Ordering::SeqCst),
        files,
        scale,
    }
}

/// Lives in every run of the tests.
const LIVES: u64 = 24;

/// The zone of times that are written without one.
const UTC: (&str, &str) = ("tencent.time-zone", "utc");

/// CFS gives a name to what has none. Such a point is left to the user when the journal is lost.
const NAMED: (&str, &str) = ("cfs.default-name", "filled");

/// Settings that the vendors' documents leave open. Each life takes two of them, so that the lives of every run of the tests
/// take all.
const READINGS: [(&str, &str); 32] = [
    ("cfs.describe-unknown", "error"),
    ("cfs.delete-unknown", "empty"),
    ("cfs.delete-again", "refused"),
    ("cfs.delete-list", "one-by-one"),
    ("cfs.order", "ASC"),
    ("cfs.name-filter", "fuzzy"),
    ("cfs.filters", "or"),
    ("cfs.parallel-snapshots", "refused"),
    ("cbs.default-name", "filled"),
    ("cbs.delete-creating", "allowed"),
    ("cbs.parallel-backups", "refused"),
    ("cbs.create-time", "iso8601"),
    ("cbs.delete-unknown", "empty"),
    ("cbs.delete-list", "one-by-one"),
    ("tcaplusdb.bad-item", "call"),
    ("tcaplusdb.describe-unknown", "error"),
    ("tcaplusdb.delete-unknown", "empty"),
    ("tcaplusdb.delete-creating", "refused"),
    ("tcaplusdb.duplicate", "replaced"),
    ("tcaplusdb.total-count", "succeeded"),
    ("ecs.busy-code", "DISK_HAS_CREATING_SNAPSHOT"),
    ("ecs.busy-code", "QuotaExceed.ConcurrentSnapshotQuota"),
    ("ecs.delete-unknown", "error"),
    ("ecs.name-filter", "fuzzy"),
    ("ecs.order", "oldest-first"),
    ("ecs.available", "at-once"),
    ("ecs.empty-snapshot-ids", "everything"),
    ("ecd.concurrent-snapshots", "refused"),
    ("ecd.delete-unknown", "error"),
    ("ecd.name-filter", "fuzzy"),
    NAMED,
    UTC,
];

/// Returns the readings of a life.
fn readings(seed: u64) -> [(&'static str, &'static str); 2] {
    let at = seed as usize;
    [READINGS[at % READINGS.len()], READINGS[(at + READINGS.len() / 2) % READINGS.len()]]
}

/// Draws when a run dies: at a request, at a write on a server, or at something that happens to its files.
fn draw_instant(draw: &mut Draw, baseline: &Baseline, remote: bool, from: u64) -> At {
    let last = baseline.requests.1;
    match draw.below(4) {
        0 | 1 if remote => At::Write(1 + draw.below(baseline.writes), draw.below(2) == 0),
        0 => At::File(1 + draw.below(baseline.files), Duration::from_micros(draw.below(4) * 300)),
        _ => {
            let at = from + draw.below(last - from + 3);
            let moments = [Moment::Lost, Moment::Arriving, Moment::Acted, Moment::Answered];
            let moment = moments[draw.below(4) as usize];
            At::Request(at, moment, draw.below(2) == 0)
        }
    }
}

/// Says which points are those of a dead run, as a user does who was asked: the points on the parent that nobody knows.
fn answer(cloud: &Arc<Cloud>, directory: &Directory, server: Option<&StateServer>) {
    let state = match server {
        Some(server) => server.content(),
        None => fs::read(directory.state_file()).unwrap(),
    };
    let mut known = remembered(&serde_json::from_slice(&state).unwrap());
    let intents = directory.intents(cloud);
    known.extend(intents.iter().filter_map(|intent| intent["accepted"].as_str()).map(str::to_owned));
    let living = cloud.living();
    let of_parent = |point: &Point| point.kind == "cfs-snapshot" && point.parent == "cfs-1000000b";
    let ours = cloud.ever().into_iter().filter(of_parent).map(|point| point.id);
    let mut unknown = ours.filter(|id| living.contains(id) && !known.contains(id));
    for intent in intents {
        let open = intent["action"] == "create" && intent["accepted"].is_null();
        if open && intent["parent"] == "cfs-1000000b" {
            let name = intent["id"].as_str().unwrap();
            let said = match unknown.next() {
                Some(id) => directory.run(cloud, &["intents", "adopt", name, &id]),
                None => directory.run(cloud, &["intents", "forget", name]),
            };
            assert!(said.status.success(), "{}", said.text);
        }
    }
}

/// One life: killed at a seeded instant, perhaps a second time in its recovery, the next apply, and what must be true then.
fn one(baseline: &Baseline, seed: u64) -> Tally {
    let mut draw = Draw(seed);
    let scale = baseline.scale;
    let folder = tempfile::tempdir().unwrap();
    let readings = readings(seed);
    let (world, state) = baseline.before(&readings);
    copy(world, folder.path());
    let cloud = Arc::new(Cloud::serve(Some(folder.path()), &readings));
    if draw.below(3) == 0 {
        let forgotten = Fault { count: Some(1_000), ..Fault::once(FaultKind::ForgottenClientToken) };
        cloud.sandbox().arm(forgotten).unwrap();
    }
    let remote = draw.below(3) == 0;
    let server = remote.then(|| StateServer::serve(Some(state.to_vec())));
    let backend = server.as_ref().map(StateServer::backend).unwrap_or_default();
    let declared_after = |edit| {
        let (config, declared) = after(scale, edit);
        (if readings.contains(&UTC) { with_moment(&config) } else { config }, declared)
    };
    let (config, _) = declared_after(Edit::Nothing);
    let directory = Directory::new(&format!("{backend}{config}"));
    let prepare = |directory: &Directory| {
        if remote {
            let said = directory.run(&cloud, &["init", "-no-color"]);
            assert!(said.status.success(), "seed {seed}: {}", said.text);
        }
    };
    prepare(&directory);
    if !remote {
        fs::write(directory.state_file(), state).unwrap();
    }
    let (first, _) = baseline.requests;
    let instant = draw_instant(&mut draw, baseline, remote, first.saturating_sub(2).max(1));
    let during = draw.below(2) == 0;
    let again = (draw.below(2) == 0).then(|| draw_instant(&mut draw, baseline, remote, 1));
    let mut colleague: BTreeSet<String> =
        ["s-colleague0001", "snap-colleague1", "dbp-colleague1"].map(str::to_owned).into();
    let weak = Arc::downgrade(&cloud);
    let busy = move |number, moment| {
        if during
            && number == first
            && moment == Moment::Arriving
            && let Some(cloud) = weak.upgrade()
        {
            colleague_during(&cloud);
        }
    };
    let death = run(&cloud, server.as_ref(), &directory, instant, busy);
    if during {
        colleague.extend(["s-colleague0002", "s-colleague0003", "snap-colleague2"].map(str::to_owned));
        colleague_during(&cloud);
    }
    // The local disk dies with the runner; the state does not.
    let lost = |directory: Directory, config: &str| {
        if let Some(server) = &server {
            server.runner_is_gone();
        }
        let directory = if remote { Directory::new("") } else { directory };
        directory.configure(&format!("{backend}{config}"));
        prepare(&directory);
        directory
    };
    let edits = [Edit::Nothing, Edit::Moved, Edit::Removed, Edit::Renamed, Edit::OtherRegion];
    let edit = edits[draw.below(5) as usize];
    let (config, declared) = declared_after(edit);
    let mut directory = lost(directory, &config);
    let mut told = format!(
        "seed {seed}: {instant:?}, {edit:?}, {readings:?}, remote {remote}, a colleague during {during}, killed {}",
        death.killed
    );
    let mut second = Death::default();
    if let Some(instant) = again {
        second = run(&cloud, server.as_ref(), &directory, instant, |_, _| ());
        told.push_str(&format!(", then {instant:?}, killed {}\n{}", second.killed, second.text));
        directory = lost(directory, &config);
    }
    let mut said = directory.apply(&cloud);
    let asked = readings.contains(&NAMED) && said.text.contains("Outcome of an earlier create is not clear");
    if asked {
        assert_eq!(said.status.code(), Some(1), "{told}\n{}", said.text);
        answer(&cloud, &directory, server.as_ref());
        said = directory.apply(&cloud);
    }
    assert!(said.status.success(), "{told}\n{}", said.text);
    let state = match &server {
        Some(server) => server.content(),
        None => fs::read(directory.state_file()).unwrap(),
    };
    let known = remembered(&serde_json::from_slice(&state).unwrap());
    let output = said.text;
    let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        check(&cloud, &known, declared, &colleague);
    }));
    assert!(checked.is_ok(), "{told}\n{output}");
    let most = allowance(scale, edit);
    let mut made: BTreeMap<(&'static str, String, String), u64> = BTreeMap::new();
    for point in cloud.ever() {
        if !colleague.contains(&point.id) {
            // What the service fills in where none is given.
            let name = if point.name == "Untitled" { String::new() } else { point.name };
            *made.entry((point.kind, point.parent, name)).or_default() += 1;
        }
    }
    for (what, count) in made {
        let allowed = most.get(&what).copied().unwrap_or(0);
        assert!(
            count <= allowed,
            "{told}: {what:?} was created {count} times, {allowed} are declared\n{output}"
        );
    }
    if seed.is_multiple_of(5) {
        let again = directory.run(&cloud, &["plan", "-no-color", "-detailed-exitcode"]);
        assert_eq!(again.status.code(), Some(0), "{told}\n{}", again.text);
    }
    Tally {
        killed: usize::from(death.killed),
        again: usize::from(second.killed),
        files: usize::from(death.killed && matches!(instant, At::File(..)))
            + usize::from(second.killed && matches!(again, Some(At::File(..)))),
        recovered: usize::from(output.contains("ecover") || second.text.contains("ecover")),
        remote: usize::from(remote),
        late: usize::from(death.late) + usize::from(second.late),
        asked: usize::from(asked),
    }
}

#[derive(Default)]
struct Tally {
    killed: usize,
    again: usize,
    files: usize,
    recovered: usize,
    remote: usize,
    late: usize,
    asked: usize,
}

#[test]
fn the_lives_of_every_run_take_every_reading() {
    let taken: BTreeSet<_> = (1..=LIVES).flat_map(readings).collect();
    assert_eq!(taken.len(), READINGS.len());
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn a_process_killed_at_any_instant_loses_and_doubles_nothing() {
    let kills = number("SNAPFORM_KILLS", LIVES);
    let scale = number("SNAPFORM_OBJECTS", 21).div_ceil(21);
    let only = std::env::var("SNAPFORM_SEED").ok().and_then(|text| text.parse::<u64>().ok());
    let begun = Instant::now();
    let baseline = baseline(scale);
    let next = AtomicUsize::new(0);
    let tally = Mutex::new(Tally::default());
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..number("SNAPFORM_WORKERS", 4) {
            threads.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::SeqCst) as u64;
                    let seed = match only {
                        Some(seed) if at == 0 => seed,
                        None if at < kills => at + 1,
                        _ => return,
                    };
                    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| one(&baseline, seed))) {
                        Ok(one) => {
                            let mut tally = tally.lock().unwrap();
                            tally.killed += one.killed;
                            tally.again += one.again;
                            tally.files += one.files;
                            tally.recovered += one.recovered;
                            tally.remote += one.remote;
                            tally.late += one.late;
                            tally.asked += one.asked;
                        }
                        Err(_) => failures.lock().unwrap().push(seed),
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().unwrap();
    let failures = failures.into_inner().unwrap();
    println!(
        "{kills} runs of {} changes in {:.0} s: {} died, {} a second time in the next run, {} of these deaths at a change of \
         a file; {} next runs had intents to settle, {} had their state on a server and lost their disk, {} requests \
         arrived after the death, {} asked whose a point is; {} runs lost or doubled something",
        21 * scale,
        begun.elapsed().as_secs_f64(),
        tally.killed,
        tally.again,
        tally.files,
        tally.recovered,
        tally.remote,
        tally.late,
        tally.asked,
        failures.len()
    );
    assert!(failures.is_empty(), "failing seeds (SNAPFORM_SEED=n runs one of them): {failures:?}");
}
