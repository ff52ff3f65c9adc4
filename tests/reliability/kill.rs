//! SIGKILL at any instant of an apply, in an unkind world; the next plain apply leaves nothing lost and nothing doubled.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;
use snapform::sandbox::faults::{Fault, FaultKind};

use super::cloud::{Cloud, Moment, made_by_a_colleague};
use super::state_server::StateServer;
use super::systems::copy;
use super::world::{Directory, Draw, QUICK, check, remembered};

/// Providers of all tests: two of Alibaba, since desktops of another region are part of the edits.
pub const PROVIDERS: &str = r#"
terraform {
  required_providers {
    alicloud     = { source = "aliyun/alicloud" }
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}
provider "alicloud" { region = "cn-hangzhou" }
provider "alicloud" {
  alias  = "shanghai"
  region = "cn-shanghai"
}
provider "tencentcloud" { region = "ap-guangzhou" }
"#;

/// What somebody did to the configuration between the runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit {
    Nothing,
    Moved,
    Removed,
    Renamed,
    OtherRegion,
}

/// Returns the configuration before the apply that is killed: 8 objects for each of `scale`.
fn before(scale: u64) -> String {
    format!(
        r#"{PROVIDERS}
resource "alicloud_ecs_snapshot" "changed" {{
  count         = {scale}
  disk_id       = "d-bp10000000000000000d"
  snapshot_name = "changed"
  description   = "as it was"
}}
resource "alicloud_ecs_snapshot" "dropped" {{
  count   = {scale}
  disk_id = "d-bp10000000000000000e"
}}
resource "alicloud_ecd_snapshot" "dropped" {{
  count            = {scale}
  desktop_id       = "ecd-1000000000000000b"
  snapshot_name    = "dropped"
  source_disk_type = "DATA"
}}
resource "tencentcloud_cfs_snapshot" "changed" {{
  count          = {scale}
  file_system_id = "cfs-1000000c"
  snapshot_name  = "as-it-was"
}}
resource "tencentcloud_cfs_snapshot" "dropped" {{
  count          = {scale}
  file_system_id = "cfs-1000000c"
}}
resource "tencentcloud_cbs_disk_backup" "dropped" {{
  count            = {scale}
  disk_id          = "disk-1000000c"
  disk_backup_name = "dropped"
}}
resource "tencentcloud_tcaplus_snapshot" "dropped" {{
  count          = {scale}
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_guild"
  snapshot_name  = "dropped-${{count.index}}"
}}
resource "tencentcloud_tcaplus_snapshot" "changed" {{
  count              = {scale}
  cluster_id         = "19162256624"
  table_group_id     = "1"
  table_name         = "tb_inventory"
  snapshot_name      = "changed-${{count.index}}"
  snapshot_dead_time = "2037-01-01 00:00:00"
}}
"#
    )
}

/// Returns the configuration that is applied, and how many objects it declares: 13 creates, 3 updates and 5 deletes
/// for each of `scale`.
fn after(scale: u64, edit: Edit) -> (String, usize) {
    let twice = 2 * scale;
    let thrice = 3 * scale;
    let twin = if edit == Edit::Moved { "brother" } else { "twin" };
    let same = if edit == Edit::Renamed { "another_name" } else { "same" };
    let moved = if edit == Edit::Moved {
        "moved {\n  from = alicloud_ecs_snapshot.twin\n  to   = alicloud_ecs_snapshot.brother\n}\n"
    } else {
        ""
    };
    let desk = if edit == Edit::OtherRegion {
        ("desk_far", "alicloud.shanghai", "ecd-2000000000000000a")
    } else {
        ("desk", "alicloud", "ecd-1000000000000000a")
    };
    let backups = if edit == Edit::Removed {
        String::new()
    } else {
        format!(
            r#"
resource "tencentcloud_cbs_disk_backup" "twin" {{
  count            = {twice}
  disk_id          = "disk-1000000b"
  disk_backup_name = "twin"
}}
"#
        )
    };
    let text = format!(
        r#"{PROVIDERS}{moved}{backups}
resource "alicloud_ecs_snapshot" "{twin}" {{
  count         = {twice}
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "twin"
  description   = "nightly"
}}
resource "alicloud_ecs_snapshot" "nameless" {{
  count   = {scale}
  disk_id = "d-bp10000000000000000b"
}}
resource "alicloud_ecs_snapshot" "changed" {{
  count         = {scale}
  disk_id       = "d-bp10000000000000000d"
  snapshot_name = "changed"
  description   = "as it is"
}}
resource "alicloud_ecd_snapshot" "{}" {{
  provider         = {}
  count            = {twice}
  desktop_id       = "{}"
  snapshot_name    = "desk"
  source_disk_type = "SYSTEM"
}}
resource "tencentcloud_cfs_snapshot" "{same}" {{
  count          = {twice}
  file_system_id = "cfs-1000000a"
  snapshot_name  = "same"
  tags           = {{ made = "nightly" }}
}}
resource "tencentcloud_cfs_snapshot" "nameless" {{
  count          = {scale}
  file_system_id = "cfs-1000000b"
}}
resource "tencentcloud_cfs_snapshot" "changed" {{
  count          = {scale}
  file_system_id = "cfs-1000000c"
  snapshot_name  = "as-it-is"
}}
resource "tencentcloud_tcaplus_snapshot" "new" {{
  count          = {thrice}
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = "new-${{count.index}}"
}}
resource "tencentcloud_tcaplus_snapshot" "changed" {{
  count              = {scale}
  cluster_id         = "19162256624"
  table_group_id     = "1"
  table_name         = "tb_inventory"
  snapshot_name      = "changed-${{count.index}}"
  snapshot_dead_time = "2038-01-01 00:00:00"
}}
"#,
        desk.0, desk.1, desk.2
    );
    let declared = if edit == Edit::Removed { 14 * scale } else { 16 * scale };
    (text, declared as usize)
}

/// How often each parent and name may have been created by us, over both configurations.
fn allowance(scale: u64, edit: Edit) -> BTreeMap<(&'static str, String, String), u64> {
    let mut most = BTreeMap::new();
    let mut allow = |kind, parent: &str, name: &str, count| {
        *most.entry((kind, parent.to_owned(), name.to_owned())).or_insert(0) += count;
    };
    let again = if edit == Edit::Renamed { 2 } else { 1 };
    allow("ecs-snapshot", "d-bp10000000000000000d", "changed", scale);
    allow("ecs-snapshot", "d-bp10000000000000000e", "", scale);
    allow("ecs-snapshot", "d-bp10000000000000000a", "twin", 2 * scale);
    allow("ecs-snapshot", "d-bp10000000000000000b", "", scale);
    allow("ecd-snapshot", "ecd-1000000000000000b", "dropped", scale);
    allow("ecd-snapshot", "ecd-1000000000000000a", "desk", 2 * scale);
    allow("ecd-snapshot", "ecd-2000000000000000a", "desk", 2 * scale);
    allow("cfs-snapshot", "cfs-1000000c", "as-it-was", scale);
    allow("cfs-snapshot", "cfs-1000000c", "as-it-is", scale);
    allow("cfs-snapshot", "cfs-1000000c", "", scale);
    allow("cfs-snapshot", "cfs-1000000a", "same", 2 * scale * again);
    allow("cfs-snapshot", "cfs-1000000b", "", scale);
    allow("cbs-disk-backup", "disk-1000000c", "dropped", scale);
    allow("cbs-disk-backup", "disk-1000000b", "twin", 2 * scale);
    for number in 0..3 * scale {
        let table = |name: &str| format!("19162256624:1:{name}");
        allow("tcaplus-snapshot", &table("tb_player"), &format!("new-{number}"), 1);
        if number < scale {
            allow("tcaplus-snapshot", &table("tb_guild"), &format!("dropped-{number}"), 1);
            allow("tcaplus-snapshot", &table("tb_inventory"), &format!("changed-{number}"), 1);
        }
    }
    most
}

/// A world after the first apply, from which every kill begins.
struct Baseline {
    folder: tempfile::TempDir,
    state: Vec<u8>,
    requests: (u64, u64),
    writes: u64,
    scale: u64,
}

fn colleague_before(cloud: &Cloud) -> BTreeSet<String> {
    let made = [
        (
            "ecs-snapshot",
            "s-colleague0001",
            json!({"disk_id": "d-bp10000000000000000a", "name": "twin", "description": "nightly"}),
        ),
        (
            "cfs-snapshot",
            "snap-colleague1",
            json!({"file_system_id": "cfs-1000000a", "name": "same", "tags": {"made": "nightly"}}),
        ),
        ("cbs-disk-backup", "dbp-colleague1", json!({"disk_id": "disk-1000000b", "name": "twin"})),
    ];
    for (kind, id, fields) in &made {
        cloud.sandbox().seed(&made_by_a_colleague(kind, id, fields.clone())).unwrap();
    }
    made.iter().map(|(_, id, _)| (*id).to_owned()).collect()
}

/// While our run is at work: the same places and names, but not the same parameters.
fn colleague_during(cloud: &Cloud) -> BTreeSet<String> {
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let made = [
        (
            "ecs-snapshot",
            "s-colleague0002",
            json!({"disk_id": "d-bp10000000000000000a", "name": "twin", "description": "by hand", "created": now}),
        ),
        (
            "ecs-snapshot",
            "s-colleague0003",
            json!({"disk_id": "d-bp10000000000000000b", "name": "by-hand", "created": now}),
        ),
        (
            "cfs-snapshot",
            "snap-colleague2",
            json!({"file_system_id": "cfs-1000000a", "name": "same", "tags": {"made": "by-hand"}, "created": now}),
        ),
    ];
    for (kind, id, fields) in &made {
        cloud.sandbox().seed(&made_by_a_colleague(kind, id, fields.clone())).unwrap();
    }
    made.iter().map(|(_, id, _)| (*id).to_owned()).collect()
}

fn is_change(action: &str) -> bool {
    !["Describe", "List", "Get"].iter().any(|verb| action.starts_with(verb))
}

fn baseline(scale: u64) -> Baseline {
    let folder = tempfile::tempdir().unwrap();
    let directory = Directory::new(&before(scale));
    let cloud = Cloud::serve(Some(folder.path()), &QUICK);
    cloud.sandbox().set("ecd.ready-ms", "80").unwrap();
    colleague_before(&cloud);
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    let state = fs::read(directory.state_file()).unwrap();
    drop(cloud);
    // How long an undisturbed run is, in a copy of the world.
    let rehearsal = tempfile::tempdir().unwrap();
    copy(folder.path(), rehearsal.path());
    let cloud = Cloud::serve(Some(rehearsal.path()), &[]);
    let server = StateServer::serve(Some(state.clone()));
    let (config, declared) = after(scale, Edit::Nothing);
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
        "an undisturbed apply: {} requests, the first change is number {}, {} writes of the state, {:.1} s",
        actions.len(),
        first + 1,
        writes.load(Ordering::SeqCst),
        begun.elapsed().as_secs_f64()
    );
    Baseline {
        folder,
        state,
        requests: (first as u64 + 1, actions.len() as u64),
        writes: writes.load(Ordering::SeqCst),
        scale,
    }
}

/// Settings that the vendors' documents leave open, one taken by each seed.
const READINGS: [(&str, &str); 22] = [
    ("cfs.default-name", "none"),
    ("cfs.describe-unknown", "error"),
    ("cfs.delete-unknown", "empty"),
    ("cfs.delete-again", "refused"),
    ("cfs.delete-list", "one-by-one"),
    ("cfs.order", "ASC"),
    ("cfs.name-filter", "fuzzy"),
    ("cfs.filters", "or"),
    ("cfs.parallel-snapshots", "refused"),
    ("cbs.parallel-backups", "refused"),
    ("cbs.create-time", "iso8601"),
    ("cbs.delete-unknown", "empty"),
    ("cbs.delete-list", "one-by-one"),
    ("tcaplusdb.bad-item", "call"),
    ("tcaplusdb.describe-unknown", "error"),
    ("tcaplusdb.delete-unknown", "empty"),
    ("tcaplusdb.total-count", "succeeded"),
    ("ecs.delete-unknown", "error"),
    ("ecs.order", "oldest-first"),
    ("ecs.available", "at-once"),
    ("ecd.delete-unknown", "error"),
    ("ecs.empty-snapshot-ids", "everything"),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Request(u64, Moment, bool),
    Write(u64, bool),
}

/// One life: killed at a seeded instant, the next apply, and what must be true then.
fn one(baseline: &Baseline, seed: u64) -> Tally {
    let mut draw = Draw(seed);
    let scale = baseline.scale;
    let folder = tempfile::tempdir().unwrap();
    copy(baseline.folder.path(), folder.path());
    let reading = READINGS[draw.below(READINGS.len() as u64) as usize];
    let cloud = Arc::new(Cloud::serve(Some(folder.path()), &[reading]));
    if draw.below(3) == 0 {
        let forgotten = Fault { count: Some(1_000), ..Fault::once(FaultKind::ForgottenClientToken) };
        cloud.sandbox().arm(forgotten).unwrap();
    }
    let remote = draw.below(3) == 0;
    let server = remote.then(|| StateServer::serve(Some(baseline.state.clone())));
    let backend = server.as_ref().map(StateServer::backend).unwrap_or_default();
    let (config, _) = after(scale, Edit::Nothing);
    let directory = Directory::new(&format!("{backend}{config}"));
    let prepare = |directory: &Directory| {
        if remote {
            let said = directory.run(&cloud, &["init", "-no-color"]);
            assert!(said.status.success(), "seed {seed}: {}", said.text);
        }
    };
    prepare(&directory);
    if !remote {
        fs::write(directory.state_file(), &baseline.state).unwrap();
    }
    let (first, last) = baseline.requests;
    let instant = if remote && draw.below(2) == 0 {
        At::Write(1 + draw.below(baseline.writes), draw.below(2) == 0)
    } else {
        let at = first.saturating_sub(2) + draw.below(last - first + 3);
        let moments = [Moment::Lost, Moment::Arriving, Moment::Acted, Moment::Answered];
        let moment = moments[draw.below(4) as usize];
        At::Request(at, moment, draw.below(2) == 0)
    };
    let during = draw.below(2) == 0;
    let mut colleague: BTreeSet<String> =
        ["s-colleague0001", "snap-colleague1", "dbp-colleague1"].map(str::to_owned).into();
    let victim = Arc::new(Mutex::new(None::<Pid>));
    let late = Arc::new(AtomicU64::new(0));
    let strike = {
        let victim = victim.clone();
        move || {
            // The process may not have been noted yet when its first requests come.
            let pid = loop {
                if let Some(pid) = *victim.lock().unwrap() {
                    break pid;
                }
                std::thread::yield_now();
            };
            let _ = kill(pid, Signal::SIGKILL);
        }
    };
    if let (At::Write(at, behind), Some(server)) = (instant, &server) {
        let strike = strike.clone();
        server.watch(move |number, after| {
            if number == at && after == behind {
                strike();
            }
        });
    }
    let weak = Arc::downgrade(&cloud);
    let later = late.clone();
    cloud.watch(move |number, request, moment| {
        if during
            && number == first
            && moment == Moment::Arriving
            && let Some(cloud) = weak.upgrade()
        {
            colleague_during(&cloud);
        }
        let At::Request(at, when, lately) = instant else { return false };
        if number != at || moment != when {
            return false;
        }
        strike();
        if when == Moment::Lost && lately {
            let (weak, request) = (weak.clone(), request.clone());
            later.store(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(700));
                if let Some(cloud) = weak.upgrade() {
                    cloud.sandbox().answer(&request);
                }
            });
        }
        when != Moment::Arriving
    });
    let mut child = directory.start(&cloud, &["apply", "-auto-approve", "-no-color"]);
    *victim.lock().unwrap() = Some(Pid::from_raw(child.id() as i32));
    let killed = !child.wait().unwrap().success();
    drop(child);
    cloud.unwatch();
    if during {
        colleague.extend(["s-colleague0002", "s-colleague0003", "snap-colleague2"].map(str::to_owned));
        colleague_during(&cloud);
    }
    if let Some(server) = &server {
        server.runner_is_gone();
    }
    // The local disk dies with the runner; the state does not.
    let directory = if remote { Directory::new("") } else { directory };
    let edits = [Edit::Nothing, Edit::Moved, Edit::Removed, Edit::Renamed, Edit::OtherRegion];
    let edit = edits[draw.below(5) as usize];
    let (config, declared) = after(scale, edit);
    directory.configure(&format!("{backend}{config}"));
    prepare(&directory);
    let told = format!(
        "seed {seed}: {instant:?}, {edit:?}, {reading:?}, remote {remote}, a colleague during {during}, killed {killed}"
    );
    let said = directory.apply(&cloud);
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
            *made.entry((point.kind, point.parent, point.name)).or_default() += 1;
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
        killed: usize::from(killed),
        recovered: usize::from(output.contains("ecover")),
        remote: usize::from(remote),
        late: late.load(Ordering::SeqCst) as usize,
    }
}

#[derive(Default)]
struct Tally {
    killed: usize,
    recovered: usize,
    remote: usize,
    late: usize,
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn a_process_killed_at_any_instant_loses_and_doubles_nothing() {
    let kills = number("SNAPFORM_KILLS", 24);
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
                            tally.recovered += one.recovered;
                            tally.remote += one.remote;
                            tally.late += one.late;
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
        "{kills} runs of {} changes in {:.0} s: {} died, {} next runs had intents to settle, {} had their state on a \
         server and lost their disk, {} requests arrived after the death; {} runs lost or doubled something",
        21 * scale,
        begun.elapsed().as_secs_f64(),
        tally.killed,
        tally.recovered,
        tally.remote,
        tally.late,
        failures.len()
    );
    assert!(failures.is_empty(), "failing seeds (SNAPFORM_SEED=n runs one of them): {failures:?}");
}
