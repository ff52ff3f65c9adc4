//! What is declared before and after the apply that is killed, what somebody may edit between the runs, and what a colleague
//! makes beside it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::cloud::{Cloud, made_by_a_colleague};

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
pub enum Edit {
    /// Nothing.
    Nothing,
    /// A resource was renamed, with a `moved` block.
    Moved,
    /// A resource was taken out.
    Removed,
    /// A resource was renamed.
    Renamed,
    /// Objects are wanted in another region.
    OtherRegion,
}

/// Returns the configuration before the apply that is killed: 8 objects for each of `scale`.
pub fn before(scale: u64) -> String {
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
pub fn after(scale: u64, edit: Edit) -> (String, usize) {
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
pub fn allowance(scale: u64, edit: Edit) -> BTreeMap<(&'static str, String, String), u64> {
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

/// Makes a colleague's points that were there before, and returns their ids.
pub fn colleague_before(cloud: &Cloud) -> BTreeSet<String> {
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
pub fn colleague_during(cloud: &Cloud) -> BTreeSet<String> {
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
