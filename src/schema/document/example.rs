//! The example of each reference page, and the form of the ids that `import` takes.

use crate::schema::ResourceType;

/// The id that `import` takes.
pub(super) struct ImportId {
    /// What it is.
    pub meaning: &'static str,
    /// One, as the cloud writes it.
    pub example: &'static str,
}

/// Returns the form of the id of a resource type; nothing for what cannot be imported or has no cloud.
pub(super) fn import_id(resource_type: &ResourceType) -> Option<ImportId> {
    if resource_type.data {
        return None;
    }
    let (meaning, example) = match resource_type.name {
        "alicloud_ecs_snapshot" | "alicloud_snapshot" | "alicloud_ecd_snapshot" => {
            ("the snapshot's id", "s-bp1fvuxxqp5f6mk3hczz")
        }
        "tencentcloud_cfs_snapshot" => ("the snapshot's id", "snapcfs-33pnhv5q"),
        "tencentcloud_cbs_disk_backup" => ("the backup point's id", "dbp-gvuzlnx1"),
        "tencentcloud_tcaplus_snapshot" => {
            ("`cluster:group:table:name`", "19162256624:1:tb_player:before-season-2")
        }
        _ => return None,
    };
    Some(ImportId { meaning, example })
}

/// Returns the example of a type, under the name it has.
pub(super) fn of(resource_type: &ResourceType) -> Option<String> {
    let text = if resource_type.data { data(resource_type.name) } else { resource(resource_type.name) }?;
    // Both names of a type share the example; the longer one stands in it.
    Some(match resource_type.name {
        name @ ("alicloud_snapshot" | "alicloud_disks" | "alicloud_snapshots") => {
            let longer = name.replacen("alicloud_", "alicloud_ecs_", 1);
            text.replace(&longer, name)
        }
        _ => text.to_owned(),
    })
}

fn resource(name: &str) -> Option<&'static str> {
    Some(match name {
        "alicloud_ecs_snapshot" | "alicloud_snapshot" => {
            r#"
resource "alicloud_ecs_snapshot" "example" {
  disk_id        = "d-bp10000000000000000b"
  snapshot_name  = "nightly-web-data"
  description    = "Before the release of the web shop"
  retention_days = 30

  tags = {
    backup = "nightly"
  }
}
"#
        }
        "alicloud_ecd_snapshot" => {
            r#"
resource "alicloud_ecd_snapshot" "example" {
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = "before-upgrade"
  description      = "Before the upgrade of the design tools"
  source_disk_type = "SYSTEM"
}
"#
        }
        "tencentcloud_cfs_snapshot" => {
            r#"
resource "tencentcloud_cfs_snapshot" "example" {
  file_system_id = "cfs-1000000b"
  snapshot_name  = "nightly-uploads"

  tags = {
    backup = "nightly"
  }
}
"#
        }
        "tencentcloud_cbs_disk_backup" => {
            r#"
resource "tencentcloud_cbs_disk_backup" "example" {
  disk_id          = "disk-1000000b"
  disk_backup_name = "before-patch"
}
"#
        }
        "tencentcloud_tcaplus_snapshot" => {
            r#"
resource "tencentcloud_tcaplus_snapshot" "example" {
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = "before-season-2"
}
"#
        }
        "terraform_data" => {
            r#"
resource "terraform_data" "release" {
  input = "2.4.0"
}

resource "alicloud_ecs_snapshot" "before_release" {
  disk_id = "d-bp10000000000000000b"

  lifecycle {
    # A new snapshot for each release; the old one goes once the new one is usable.
    replace_triggered_by  = [terraform_data.release]
    create_before_destroy = true
  }
}
"#
        }
        _ => return None,
    })
}

fn data(name: &str) -> Option<&'static str> {
    Some(match name {
        "alicloud_ecs_disks" | "alicloud_disks" => {
            r#"
data "alicloud_ecs_disks" "daily" {
  tags = { backup = "daily" }
}

resource "alicloud_ecs_snapshot" "disk" {
  for_each = { for disk in data.alicloud_ecs_disks.daily.disks : disk.disk_name => disk.disk_id }

  disk_id = each.value
}
"#
        }
        "alicloud_ecs_snapshots" | "alicloud_snapshots" => {
            r#"
data "alicloud_ecs_snapshots" "usable" {
  status = "accomplished"
  tags   = { backup = "nightly" }
}
"#
        }
        "alicloud_ecd_desktops" => {
            r#"
data "alicloud_ecd_desktops" "design" {
  name_regex = "^design-"
}
"#
        }
        "alicloud_ecd_snapshots" => {
            r#"
data "alicloud_ecd_snapshots" "of_desktop" {
  desktop_id = "ecd-1000000000000000a"
}
"#
        }
        "tencentcloud_cbs_storages" => {
            r#"
data "tencentcloud_cbs_storages" "data" {
  storage_usage = "DATA_DISK"
  tag_keys      = ["backup"]
}
"#
        }
        "tencentcloud_cfs_file_systems" => {
            r#"
data "tencentcloud_cfs_file_systems" "uploads" {
  name = "uploads"
}
"#
        }
        "tencentcloud_tcaplus_clusters" => {
            r#"
data "tencentcloud_tcaplus_clusters" "game" {
  cluster_name = "game"
}
"#
        }
        "tencentcloud_tcaplus_tablegroups" => {
            r#"
data "tencentcloud_tcaplus_tablegroups" "all" {
  cluster_id = "19162256624"
}
"#
        }
        "tencentcloud_tcaplus_tables" => {
            r#"
data "tencentcloud_tcaplus_tables" "players" {
  cluster_id    = "19162256624"
  tablegroup_id = "19162256624:1"
}
"#
        }
        "tencentcloud_cfs_snapshots" => {
            r#"
data "tencentcloud_cfs_snapshots" "usable" {
  file_system_id = "cfs-1000000b"
  status         = "available"
}
"#
        }
        "tencentcloud_cbs_disk_backups" => {
            r#"
data "tencentcloud_cbs_disk_backups" "of_disk" {
  disk_id = "disk-1000000b"
}
"#
        }
        "tencentcloud_tcaplus_snapshots" => {
            r#"
data "tencentcloud_tcaplus_snapshots" "players" {
  cluster_id = "19162256624"
  table_name = "tb_player"
}
"#
        }
        "terraform_remote_state" => {
            r#"
data "terraform_remote_state" "disks" {
  backend = "local"

  config = {
    path = "../disks/terraform.tfstate"
  }
}
"#
        }
        _ => return None,
    })
}
