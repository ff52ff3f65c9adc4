//! What happens when the configuration is edited, and when the clouds change behind our back.

use serde_json::json;

use crate::golden;
use crate::program::Folder;

/// One recovery point of each system, all named by one variable.
const FIVE: &str = r#"
variable "name" { default = "first" }

provider "alicloud" {
  region = "cn-hangzhou"
}

resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = var.name
}

resource "alicloud_ecd_snapshot" "a" {
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = var.name
  source_disk_type = "SYSTEM"
}

resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = var.name
}

resource "tencentcloud_cbs_disk_backup" "a" {
  disk_id          = "disk-1000000b"
  disk_backup_name = var.name
}

resource "tencentcloud_tcaplus_snapshot" "a" {
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = var.name
}
"#;

fn id_of(folder: &Folder, kind: &str) -> String {
    folder.points().into_iter().find(|(found, _)| found == kind).unwrap().1
}

#[test]
fn a_new_name_updates_two_systems_and_replaces_three() {
    let folder = Folder::with_main(FIVE);
    folder
        .sandboxed(&["apply", "-auto-approve"])
        .succeeded()
        .saying("Resources: 5 added, 0 changed, 0 destroyed.");
    let before = folder.points();

    let plan = folder.sandboxed(&["plan", "-detailed-exitcode", "-var", "name=second"]).ended_with(2);
    golden::check("changes/new-name", &plan.text());
    for address in ["alicloud_ecs_snapshot.a", "tencentcloud_cfs_snapshot.a"] {
        assert!(plan.out.contains(&format!("# {address} will be updated in-place")), "{}", plan.out);
    }
    for address in
        ["alicloud_ecd_snapshot.a", "tencentcloud_cbs_disk_backup.a", "tencentcloud_tcaplus_snapshot.a"]
    {
        assert!(plan.out.contains(&format!("# {address} must be replaced")), "{}", plan.out);
    }
    assert_eq!(plan.out.matches("# forces replacement").count(), 3);

    folder
        .sandboxed(&["apply", "-auto-approve", "-var", "name=second"])
        .succeeded()
        .saying("Resources: 3 added, 2 changed, 3 destroyed.");
    let after = folder.points();
    let kept: Vec<_> =
        before.iter().filter(|point| after.contains(point)).map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kept, ["ecs-snapshot", "cfs-snapshot"]);
    assert_eq!(after.len(), 5);
    folder
        .sandboxed(&["plan", "-detailed-exitcode", "-var", "name=second"])
        .succeeded()
        .saying("No changes.");
}

#[test]
fn an_object_that_was_changed_is_shown_and_put_right() {
    let folder = Folder::with_main(FIVE);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let id = id_of(&folder, "cfs-snapshot");
    assert!(folder.sandbox().change("cfs-snapshot", &id, &json!({"name": "someone-else"})).unwrap());

    let drift = folder.sandboxed(&["plan", "-refresh-only", "-detailed-exitcode"]).ended_with(2);
    golden::check("changes/drift-changed-refresh-only", &drift.text());
    let plan = folder.sandboxed(&["plan", "-detailed-exitcode"]).ended_with(2);
    golden::check("changes/drift-changed", &plan.text());
    assert!(plan.out.contains(r#"~ snapshot_name  = "someone-else" -> "first""#), "{}", plan.out);

    folder
        .sandboxed(&["apply", "-auto-approve"])
        .succeeded()
        .saying("Resources: 0 added, 1 changed, 0 destroyed.");
    assert_eq!(id_of(&folder, "cfs-snapshot"), id);
    let rows = folder.sandbox().world().rows(folder_time());
    assert!(rows.iter().any(|row| row.id == id && row.name == "first"));
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
}

/// Far enough in the future for every object to be shown as it ends up.
fn folder_time() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[test]
fn an_object_that_was_deleted_is_shown_and_made_again() {
    let mut folder = Folder::with_main(FIVE);
    // An object that was just made may be missing from a list: the default waits a minute before it believes that.
    folder.set("SNAPFORM_SETTLE", "0s");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let (cbs, ecs) = (id_of(&folder, "cbs-disk-backup"), id_of(&folder, "ecs-snapshot"));
    {
        let sandbox = folder.sandbox();
        assert!(sandbox.delete("cbs-disk-backup", &cbs).unwrap());
        assert!(sandbox.delete("ecs-snapshot", &ecs).unwrap());
    }
    let plan = folder.sandboxed(&["plan", "-detailed-exitcode"]).ended_with(2);
    golden::check("changes/drift-deleted", &plan.text());
    folder
        .sandboxed(&["apply", "-auto-approve"])
        .succeeded()
        .saying("Resources: 2 added, 0 changed, 0 destroyed.");
    assert_ne!(id_of(&folder, "cbs-disk-backup"), cbs);
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
}

#[test]
fn an_object_taken_out_of_the_state_is_imported_again() {
    let folder = Folder::with_main(FIVE);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let id = id_of(&folder, "cfs-snapshot");
    folder.sandboxed(&["state", "rm", "tencentcloud_cfs_snapshot.a"]).succeeded();
    folder
        .sandboxed(&["plan", "-detailed-exitcode"])
        .ended_with(2)
        .saying("Plan: 1 to add, 0 to change, 0 to destroy.");
    folder
        .sandboxed(&["import", "tencentcloud_cfs_snapshot.a", &id])
        .succeeded()
        .saying("Import successful!");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    folder.sandboxed(&["import", "tencentcloud_cfs_snapshot.a", &id]).ended_with(1).saying("already managed");
}

#[test]
fn a_tainted_object_is_replaced_and_an_untainted_one_is_not() {
    let folder = Folder::with_main(FIVE);
    folder.sandboxed(&["apply", "-auto-approve", "-target", "tencentcloud_cfs_snapshot.a"]).succeeded();
    let id = id_of(&folder, "cfs-snapshot");
    folder.sandboxed(&["taint", "tencentcloud_cfs_snapshot.a"]).succeeded();
    let target = ["-target", "tencentcloud_cfs_snapshot.a"];
    let words = |first: &[&'static str]| [first, target.as_slice()].concat();
    folder.sandboxed(&words(&["plan"])).succeeded().saying("is tainted, so must be replaced");
    folder.sandboxed(&["untaint", "tencentcloud_cfs_snapshot.a"]).succeeded();
    folder.sandboxed(&words(&["plan", "-detailed-exitcode"])).succeeded().saying("No changes.");
    folder
        .sandboxed(&words(&["apply", "-auto-approve", "-replace", "tencentcloud_cfs_snapshot.a"]))
        .succeeded()
        .saying("Resources: 1 added, 0 changed, 1 destroyed.");
    assert_ne!(id_of(&folder, "cfs-snapshot"), id);
}

#[test]
fn a_moved_address_keeps_its_object() {
    let folder = Folder::with_main(FIVE);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    folder.edit("main.tf", r#""tencentcloud_cfs_snapshot" "a""#, r#""tencentcloud_cfs_snapshot" "b""#);
    folder.sandboxed(&["plan"]).succeeded().saying("Plan: 1 to add, 0 to change, 1 to destroy.");
    folder
        .sandboxed(&["state", "mv", "tencentcloud_cfs_snapshot.a", "tencentcloud_cfs_snapshot.b"])
        .succeeded();
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
}

#[test]
fn an_object_of_another_region_is_not_taken_for_gone() {
    let mut folder = Folder::with_main(FIVE);
    folder.set("SNAPFORM_SETTLE", "0s");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    folder.edit("main.tf", "cn-hangzhou", "cn-shanghai");
    folder
        .sandboxed(&["apply", "-auto-approve"])
        .ended_with(1)
        .saying("saved in region cn-hangzhou")
        .saying("on main.tf line 8")
        .saying("Give its block a provider with region");
    folder.edit("main.tf", "cn-shanghai", "cn-hangzhou");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
}
