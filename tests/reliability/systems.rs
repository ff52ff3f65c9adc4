//! The five systems one by one: what is declared before and after a change, and which actions that takes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;

use super::cloud::{Cloud, made_by_a_colleague};
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK};

/// One of the five systems, with a configuration that makes, reads, changes and destroys.
#[derive(Debug)]
pub struct System {
    /// Short name.
    pub name: &'static str,
    /// Kind of its points in the sandbox.
    pub kind: &'static str,
    /// Service and action of every call that the change makes, and how often it is called at least, up to twice.
    pub actions: &'static [(&'static str, &'static str, u64)],
    /// Points declared after the change.
    pub declared: usize,
    /// Points that are made over both configurations.
    pub made: usize,
    /// What stays in both.
    lasting: &'static str,
    before: &'static str,
    after: &'static str,
    /// Two points that are as good as the same.
    new: &'static str,
}

/// All systems.
pub const SYSTEMS: [System; 5] = [
    System {
        name: "ecs",
        kind: "ecs-snapshot",
        actions: &[
            ("ecs", "CreateSnapshot", 2),
            ("ecs", "DescribeSnapshots", 2),
            ("ecs", "ModifySnapshotAttribute", 2),
            ("ecs", "DeleteSnapshot", 2),
            ("ecs", "TagResources", 2),
            ("ecs", "UntagResources", 2),
            ("ecs", "JoinResourceGroup", 2),
            ("ecs", "DescribeDisks", 1),
            ("sts", "GetCallerIdentity", 1),
        ],
        declared: 6,
        made: 8,
        lasting: r#"
data "alicloud_ecs_disks" "db" {
  ids = ["d-bp10000000000000000c"]
}
resource "alicloud_ecs_snapshot" "lasting" {
  disk_id       = data.alicloud_ecs_disks.db.disks[0].disk_id
  snapshot_name = "lasting"
}
"#,
        before: r#"
resource "alicloud_ecs_snapshot" "kept" {
  count = 2
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "kept"
  description   = "before"
  tags          = { stays = "1", goes = "1" }
}
resource "alicloud_ecs_snapshot" "old" {
  count         = 2
  disk_id       = "d-bp10000000000000000b"
  snapshot_name = "old"
}
"#,
        after: r#"
resource "alicloud_ecs_snapshot" "kept" {
  count = 2
  disk_id           = "d-bp10000000000000000a"
  snapshot_name     = "kept"
  description       = "after"
  resource_group_id = "rg-acfmx1000000002"
  tags              = { stays = "2", comes = "1" }
}
resource "alicloud_ecs_snapshot" "nameless" {
  disk_id = "d-bp10000000000000000d"
  # limit
}
"#,
        new: r#"
resource "alicloud_ecs_snapshot" "new" {
  count         = 2
  disk_id       = "d-bp10000000000000000b"
  snapshot_name = "new"
"#,
    },
    System {
        name: "ecd",
        kind: "ecd-snapshot",
        actions: &[
            ("ecd", "CreateSnapshot", 2),
            ("ecd", "DescribeSnapshots", 2),
            ("ecd", "DeleteSnapshot", 2),
            ("ecd", "DescribeDesktops", 1),
        ],
        declared: 3,
        made: 5,
        lasting: r#"
data "alicloud_ecd_desktops" "second" {
  ids = ["ecd-1000000000000000b"]
}
resource "alicloud_ecd_snapshot" "lasting" {
  desktop_id       = data.alicloud_ecd_desktops.second.ids[0]
  snapshot_name    = "lasting"
  source_disk_type = "SYSTEM"
}
"#,
        before: r#"
resource "alicloud_ecd_snapshot" "old" {
  count            = 2
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = "old"
  source_disk_type = "DATA"
}
"#,
        after: "",
        new: r#"
resource "alicloud_ecd_snapshot" "new" {
  count            = 2
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = "new"
  source_disk_type = "SYSTEM"
"#,
    },
    System {
        name: "cfs",
        kind: "cfs-snapshot",
        actions: &[
            ("cfs", "CreateCfsSnapshot", 2),
            ("cfs", "DescribeCfsSnapshots", 2),
            ("cfs", "UpdateCfsSnapshotAttribute", 2),
            ("cfs", "DeleteCfsSnapshot", 2),
            ("tag", "ModifyResourceTags", 2),
            ("cfs", "DescribeCfsFileSystems", 1),
            ("sts", "GetCallerIdentity", 1),
        ],
        declared: 6,
        made: 8,
        lasting: r#"
data "tencentcloud_cfs_file_systems" "cache" {
  file_system_id = "cfs-1000000c"
}
resource "tencentcloud_cfs_snapshot" "lasting" {
  file_system_id = data.tencentcloud_cfs_file_systems.cache.file_system_list[0].file_system_id
  snapshot_name  = "lasting"
}
"#,
        before: r#"
resource "tencentcloud_cfs_snapshot" "kept" {
  count = 2
  file_system_id = "cfs-1000000a"
  snapshot_name  = "before"
  tags           = { stays = "1", goes = "1" }
}
resource "tencentcloud_cfs_snapshot" "old" {
  count          = 2
  file_system_id = "cfs-1000000b"
  snapshot_name  = "old"
}
"#,
        after: r#"
resource "tencentcloud_cfs_snapshot" "kept" {
  count = 2
  file_system_id = "cfs-1000000a"
  snapshot_name  = "after"
  tags           = { stays = "2", comes = "1" }
}
resource "tencentcloud_cfs_snapshot" "nameless" {
  file_system_id = "cfs-1000000c"
  # limit
}
"#,
        new: r#"
resource "tencentcloud_cfs_snapshot" "new" {
  count          = 2
  file_system_id = "cfs-1000000b"
  snapshot_name  = "new"
"#,
    },
    System {
        name: "cbs",
        kind: "cbs-disk-backup",
        actions: &[
            ("cbs", "CreateDiskBackup", 2),
            ("cbs", "DescribeDiskBackups", 2),
            ("cbs", "DeleteDiskBackups", 2),
            ("cbs", "DescribeDisks", 1),
        ],
        declared: 3,
        made: 5,
        lasting: r#"
data "tencentcloud_cbs_storages" "logs" {
  storage_id = "disk-1000000c"
}
resource "tencentcloud_cbs_disk_backup" "lasting" {
  disk_id          = data.tencentcloud_cbs_storages.logs.storage_list[0].storage_id
  disk_backup_name = "lasting"
}
"#,
        before: r#"
resource "tencentcloud_cbs_disk_backup" "old" {
  count            = 2
  disk_id          = "disk-1000000b"
  disk_backup_name = "old"
}
"#,
        after: "",
        new: r#"
resource "tencentcloud_cbs_disk_backup" "new" {
  count            = 2
  disk_id          = "disk-1000000b"
  disk_backup_name = "new"
"#,
    },
    System {
        name: "tcaplusdb",
        kind: "tcaplus-snapshot",
        actions: &[
            ("tcaplusdb", "CreateSnapshots", 1),
            ("tcaplusdb", "DescribeSnapshots", 2),
            ("tcaplusdb", "ModifySnapshots", 2),
            ("tcaplusdb", "DeleteSnapshots", 2),
            ("tcaplusdb", "DescribeTables", 1),
            ("tcaplusdb", "DescribeTableGroups", 1),
            ("tcaplusdb", "DescribeClusters", 1),
        ],
        declared: 5,
        made: 7,
        lasting: r#"
data "tencentcloud_tcaplus_clusters" "game" {
  cluster_id = "19162256624"
}
data "tencentcloud_tcaplus_tablegroups" "world" {
  cluster_id    = data.tencentcloud_tcaplus_clusters.game.list[0].cluster_id
  tablegroup_id = "19162256624:2"
}
data "tencentcloud_tcaplus_tables" "guild" {
  cluster_id    = "19162256624"
  tablegroup_id = data.tencentcloud_tcaplus_tablegroups.world.list[0].tablegroup_id
  table_name    = "tb_guild"
}
resource "tencentcloud_tcaplus_snapshot" "lasting" {
  cluster_id     = "19162256624"
  table_group_id = "2"
  table_name     = data.tencentcloud_tcaplus_tables.guild.list[0].table_name
  snapshot_name  = "lasting"
}
"#,
        before: r#"
resource "tencentcloud_tcaplus_snapshot" "kept" {
  count = 2
  cluster_id         = "19162256624"
  table_group_id     = "1"
  table_name         = "tb_guild"
  snapshot_name      = "kept-${count.index}"
  snapshot_dead_time = "2037-01-01 00:00:00"
}
resource "tencentcloud_tcaplus_snapshot" "old" {
  count          = 2
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = "old-${count.index}"
}
"#,
        after: r#"
resource "tencentcloud_tcaplus_snapshot" "kept" {
  count = 2
  cluster_id         = "19162256624"
  table_group_id     = "1"
  table_name         = "tb_guild"
  snapshot_name      = "kept-${count.index}"
  snapshot_dead_time = "2038-01-01 00:00:00"
}
"#,
        new: r#"
resource "tencentcloud_tcaplus_snapshot" "new" {
  count          = 2
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = "new-${count.index}"
"#,
    },
];

impl System {
    /// Returns the configuration before the change.
    pub fn before(&self) -> String {
        format!("{PROVIDERS}{}{}", self.lasting, self.before)
    }

    /// Returns the configuration after it; with `create`, the new points are waited for that long.
    pub fn after(&self, create: Option<&str>) -> String {
        let limit = create.map(|time| format!("timeouts {{\n    create = \"{time}\"\n  }}"));
        let limit = limit.unwrap_or_default();
        let after = self.after.replace("# limit", &limit);
        format!("{PROVIDERS}{}{after}{}  {limit}\n}}\n", self.lasting, self.new)
    }

    /// Returns the type of its resources.
    pub fn resource_type(&self) -> &'static str {
        self.new.split('"').nth(1).unwrap()
    }

    /// Puts a point of somebody else into the world, on a parent of its own, and returns its id.
    pub fn stranger(&self, cloud: &Cloud) -> BTreeSet<String> {
        let (id, parent) = match self.name {
            "ecs" => ("s-bp10000000000000strng", json!({ "disk_id": "d-bp10000000000000strang" })),
            "ecd" => ("s-10000000000000strange", json!({ "desktop_id": "ecd-100000000000strange" })),
            "cfs" => ("snapcfs-stranger", json!({ "file_system_id": "cfs-stranger" })),
            "cbs" => ("dbp-stranger", json!({ "disk_id": "disk-stranger" })),
            _ => return BTreeSet::new(),
        };
        let mut fields = parent;
        fields["name"] = json!("precious");
        fields["life"] = json!({ "created_ms": 1_767_225_600_000_i64, "stranger": true });
        cloud.sandbox().seed(&made_by_a_colleague(self.kind, id, fields)).unwrap();
        BTreeSet::from([id.to_owned()])
    }

    /// Returns the ids of its points with this beginning of a name, leaving ones apart.
    pub fn named(&self, cloud: &Cloud, name: &str) -> Vec<String> {
        let living = cloud.living();
        let of_kind = cloud.ever().into_iter().filter(|point| point.kind == self.kind);
        let named = of_kind.filter(|point| point.name.starts_with(name));
        // What is made again under the same key has the time behind it.
        let id = |id: String| id.split(' ').next().unwrap_or_default().to_owned();
        named.map(|point| id(point.id)).filter(|id| living.contains(id)).collect()
    }
}

/// A world in which the configuration before the change was applied, to be copied.
pub struct Baseline {
    folder: tempfile::TempDir,
    state: Vec<u8>,
}

impl Baseline {
    /// Applies a configuration in a new world.
    pub fn of(config: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let cloud = Cloud::serve(Some(folder.path()), &QUICK);
        cloud.sandbox().set("ecd.ready-ms", "80").unwrap();
        let directory = Directory::new(config);
        let said = directory.apply(&cloud);
        assert!(said.status.success(), "{}", said.text);
        let state = fs::read(directory.state_file()).unwrap();
        Self { folder, state }
    }

    /// Returns a copy of the world and a directory with its state.
    pub fn copy(&self, config: &str) -> (Cloud, Directory, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        copy(self.folder.path(), folder.path());
        let cloud = Cloud::serve(Some(folder.path()), &[]);
        let directory = Directory::new(config);
        fs::write(directory.state_file(), &self.state).unwrap();
        (cloud, directory, folder)
    }
}

/// Copies the files of a folder.
pub fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}
