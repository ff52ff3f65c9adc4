//! Every fault on every action of the five systems: the run ends by itself, the next plain apply reaches what is declared,
//! and nothing is made twice.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use snapform::sandbox::faults::{Fault, FaultKind};

use super::cloud::Cloud;
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK, check};

const ACTIONS: [&str; 13] = [
    "CreateSnapshot",
    "DescribeSnapshots",
    "ModifySnapshotAttribute",
    "DeleteSnapshot",
    "CreateCfsSnapshot",
    "DescribeCfsSnapshots",
    "UpdateCfsSnapshotAttribute",
    "CreateDiskBackup",
    "DescribeDiskBackups",
    "DeleteDiskBackups",
    "CreateSnapshots",
    "ModifySnapshots",
    "DeleteSnapshots",
];

const FAULTS: [FaultKind; 12] = [
    FaultKind::Throttled,
    FaultKind::ServerErrorJson,
    FaultKind::ServerErrorHtml,
    FaultKind::DropBefore,
    FaultKind::DropAfter,
    FaultKind::Slow,
    FaultKind::CreateFailed,
    FaultKind::ListLag,
    FaultKind::PartialBatch,
    FaultKind::Quota,
    FaultKind::LateArrival,
    FaultKind::TruncatedBody,
];

fn config(changed: &str, generation: &str) -> String {
    format!(
        r#"{PROVIDERS}
resource "alicloud_ecs_snapshot" "kept" {{
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "kept"
  description   = "{changed}"
}}
resource "alicloud_ecs_snapshot" "{generation}" {{
  count         = 2
  disk_id       = "d-bp10000000000000000b"
  snapshot_name = "{generation}"
}}
resource "alicloud_ecd_snapshot" "{generation}" {{
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = "{generation}"
  source_disk_type = "DATA"
}}
resource "tencentcloud_cfs_snapshot" "kept" {{
  file_system_id = "cfs-1000000a"
  snapshot_name  = "{changed}"
}}
resource "tencentcloud_cfs_snapshot" "{generation}" {{
  file_system_id = "cfs-1000000b"
  snapshot_name  = "{generation}"
}}
resource "tencentcloud_cbs_disk_backup" "{generation}" {{
  count            = 2
  disk_id          = "disk-1000000b"
  disk_backup_name = "{generation}"
}}
resource "tencentcloud_tcaplus_snapshot" "{generation}" {{
  count              = 2
  cluster_id         = "19162256624"
  table_group_id     = "1"
  table_name         = "tb_player"
  snapshot_name      = "{generation}-${{count.index}}"
}}
resource "tencentcloud_tcaplus_snapshot" "kept" {{
  cluster_id         = "19162256624"
  table_group_id     = "1"
  table_name         = "tb_guild"
  snapshot_name      = "kept"
  snapshot_dead_time = "{}-01-01 00:00:00"
}}
"#,
        if changed == "before" { 2037 } else { 2038 }
    )
}

/// Applies twice under one fault, then once more without.
fn one(kind: FaultKind, action: &str, nth: u64) {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&config("before", "old"));
    let first = directory.apply(&cloud);
    assert!(first.status.success(), "{}", first.text);
    directory.configure(&config("after", "new"));
    let fault = Fault { nth: Some(nth), ms: Some(300), ..Fault::once(kind) };
    cloud.sandbox().arm(fault.on(action)).unwrap();
    let told = format!("{kind:?} at call {nth} of {action}");
    let hit = directory.apply(&cloud);
    assert!(hit.status.code().is_some(), "{told}: it died\n{}", hit.text);
    assert!(hit.status.success() || hit.text.contains("Error: "), "{told}: no message\n{}", hit.text);
    cloud.sandbox().disarm_all().unwrap();
    let next = directory.apply(&cloud);
    assert!(next.status.success(), "{told}\n{}\n--- then\n{}", hit.text, next.text);
    let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        check(&cloud, &directory.remembered(), 11, &BTreeSet::new());
    }));
    assert!(checked.is_ok(), "{told}\n{}\n--- then\n{}", hit.text, next.text);
    // One that failed on the cloud's side, and is replaced, is no double.
    let most = if kind == FaultKind::CreateFailed { 20 } else { 19 };
    let ever = cloud.ever();
    assert!(ever.len() <= most, "{told}: {} were made\n{ever:?}", ever.len());
}

#[test]
fn after_any_fault_of_any_action_the_next_apply_reaches_what_is_declared() {
    // All cells in the long run, a third of them otherwise.
    let all = std::env::var("SNAPFORM_KILLS").is_ok();
    let mut cells = Vec::new();
    for (row, kind) in FAULTS.into_iter().enumerate() {
        for (column, action) in ACTIONS.into_iter().enumerate() {
            for nth in [1, 2] {
                if all || (row + column + nth as usize).is_multiple_of(6) {
                    cells.push((kind, action, nth));
                }
            }
        }
    }
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..6 {
            threads.spawn(|| {
                while let Some((kind, action, nth)) = cells.get(next.fetch_add(1, Ordering::SeqCst)).copied()
                {
                    if std::panic::catch_unwind(|| one(kind, action, nth)).is_err() {
                        failures.lock().unwrap().push((kind, action, nth));
                    }
                }
            });
        }
    });
    println!("{} faults, none lost or doubled anything but {:?}", cells.len(), failures.lock().unwrap());
    assert!(failures.lock().unwrap().is_empty());
}
