//! Worlds with any number of parents and recovery points of each system, and configurations that declare points of them.

#![allow(dead_code)]

use serde_json::{Map, Value, json};
use snapform::sandbox::Seed;

/// One of the five systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Alibaba ECS disk snapshots.
    Ecs,
    /// Alibaba cloud desktop snapshots.
    Ecd,
    /// Tencent CFS snapshots.
    Cfs,
    /// Tencent CBS disk backup points.
    Cbs,
    /// TcaplusDB table snapshots.
    Tcaplus,
}

impl System {
    /// All of them.
    pub const ALL: [System; 5] = [System::Ecs, System::Ecd, System::Cfs, System::Cbs, System::Tcaplus];

    /// The short name of the service.
    pub fn service(self) -> &'static str {
        match self {
            System::Ecs => "ecs",
            System::Ecd => "ecd",
            System::Cfs => "cfs",
            System::Cbs => "cbs",
            System::Tcaplus => "tcaplusdb",
        }
    }

    /// The action that creates.
    pub fn create(self) -> &'static str {
        match self {
            System::Ecs | System::Ecd => "CreateSnapshot",
            System::Cfs => "CreateCfsSnapshot",
            System::Cbs => "CreateDiskBackup",
            System::Tcaplus => "CreateSnapshots",
        }
    }

    /// The action that lists.
    pub fn describe(self) -> &'static str {
        match self {
            System::Ecs | System::Ecd | System::Tcaplus => "DescribeSnapshots",
            System::Cfs => "DescribeCfsSnapshots",
            System::Cbs => "DescribeDiskBackups",
        }
    }

    /// The setting for the time until a point is usable.
    pub fn ready_setting(self) -> &'static str {
        match self {
            System::Ecs => "ecs.ready-ms",
            System::Ecd => "ecd.ready-ms",
            System::Cfs => "cfs.create-ms",
            System::Cbs => "cbs.create-ms",
            System::Tcaplus => "tcaplusdb.create-ms",
        }
    }

    /// How many parents so many points need: a disk of ECS makes one at a time, the others have quotas.
    pub fn parents_for(self, points: usize) -> usize {
        match self {
            System::Ecs | System::Ecd => points,
            System::Cfs => points.div_ceil(50),
            System::Cbs => points.div_ceil(5),
            System::Tcaplus => points.div_ceil(10),
        }
        .max(1)
    }

    /// The block that declares so many points, spread over so many parents.
    pub fn block(self, points: usize, parents: usize) -> String {
        let arguments = match self {
            System::Ecs => {
                "  disk_id       = format(\"d-bench%07d\", count.index % PARENTS)\n  snapshot_name = \"p${count.index}\"\n"
            }
            System::Ecd => {
                "  desktop_id       = format(\"ecd-bench%07d\", count.index % PARENTS)\n  snapshot_name    = \"p${count.index}\"\n  source_disk_type = \"SYSTEM\"\n"
            }
            System::Cfs => {
                "  file_system_id = format(\"cfs-b%07d\", count.index % PARENTS)\n  snapshot_name  = \"p${count.index}\"\n"
            }
            System::Cbs => {
                "  disk_id          = format(\"disk-b%07d\", count.index % PARENTS)\n  disk_backup_name = \"p${count.index}\"\n"
            }
            System::Tcaplus => {
                "  cluster_id     = \"20000000001\"\n  table_group_id = \"1\"\n  table_name     = format(\"tb_%07d\", count.index % PARENTS)\n  snapshot_name  = \"p${count.index}\"\n"
            }
        };
        let arguments = arguments.replace("PARENTS", &parents.to_string());
        format!("resource {:?} \"points\" {{\n  count = {points}\n{arguments}}}\n\n", self.resource_type())
    }

    /// Puts parents into a seed.
    pub fn seed_parents(self, seed: &mut Seed, parents: usize) {
        if self == System::Tcaplus {
            add(
                seed,
                "tcaplus-cluster",
                [json!({"id": "20000000001", "name": "bench", "idl_type": "PROTO"})],
            );
            let group = json!({"cluster_id": "20000000001", "group_id": "1", "name": "bench"});
            add(seed, "tcaplus-group", [group]);
        }
        let (kind, parent): (_, fn(usize) -> Value) = match self {
            System::Ecs => ("ecs-disk", |at| {
                json!({"id": format!("d-bench{at:07}"), "name": "bench", "disk_type": "data", "category": "cloud_essd",
                       "size_gib": 20, "status": "In_use", "zone": "cn-hangzhou-h", "instance_id": "i-bench",
                       "instance_status": "Running", "portable": true})
            }),
            System::Ecd => ("ecd-desktop", |at| {
                json!({"id": format!("ecd-bench{at:07}"), "name": "bench", "status": "Running",
                       "disks": [{"id": format!("d-ecd-bench{at:07}"), "disk_type": "SYSTEM", "size_gib": 80,
                                  "category": "cloud_essd", "performance_level": "PL0"}]})
            }),
            System::Cfs => ("cfs-file-system", |at| {
                json!({"id": format!("cfs-b{at:07}"), "name": "bench", "state": "available", "protocol": "NFS",
                       "storage_type": "SD", "zone": "ap-guangzhou-3", "zone_id": 100_003, "size_bytes": 1_073_741_824,
                       "size_limit_gib": 163_840, "capacity_gib": 163_840})
            }),
            System::Cbs => ("cbs-disk", |at| {
                json!({"id": format!("disk-b{at:07}"), "name": "bench", "usage": "DATA_DISK", "size_gib": 20,
                       "state": "ATTACHED", "disk_type": "CLOUD_PREMIUM", "zone": "ap-guangzhou-3",
                       "instance_id": "ins-bench", "portable": true, "backup_quota": 1000})
            }),
            System::Tcaplus => ("tcaplus-table", |at| {
                json!({"cluster_id": "20000000001", "group_id": "1", "name": format!("tb_{at:07}"),
                       "instance_id": format!("tcaplus-b{at:07}"), "table_type": "GENERIC", "idl_type": "PROTO"})
            }),
        };
        add(seed, kind, (0..parents).map(parent));
    }

    /// The kind of its points in the sandbox.
    pub fn kind(self) -> &'static str {
        match self {
            System::Ecs => "ecs-snapshot",
            System::Ecd => "ecd-snapshot",
            System::Cfs => "cfs-snapshot",
            System::Cbs => "cbs-disk-backup",
            System::Tcaplus => "tcaplus-snapshot",
        }
    }

    /// Puts points into a seed, spread over as many parents. Those whose names begin with `p` are the ones that
    /// [`System::block`] declares; others are foreign.
    pub fn seed_points(self, seed: &mut Seed, points: usize, parents: usize, prefix: &str) {
        let point = |at: usize| {
            let (parent, name, id) = (at % parents, format!("{prefix}{at}"), self.id(at, parents, prefix));
            match self {
                System::Ecs => json!({"id": id, "disk_id": format!("d-bench{parent:07}"), "name": name,
                    "snapshot_type": "user", "category": "standard", "source_disk_size_gib": 20,
                    "source_disk_type": "data"}),
                System::Ecd => json!({"id": id, "desktop_id": format!("ecd-bench{parent:07}"), "name": name,
                    "source_disk_type": "SYSTEM", "source_disk_size_gib": 80, "snapshot_type": "USER"}),
                System::Cfs => json!({"id": id, "file_system_id": format!("cfs-b{parent:07}"), "name": name,
                    "file_system_name": "bench", "snapshot_type": "general", "size_mib": 1}),
                System::Cbs => json!({"id": id, "disk_id": format!("disk-b{parent:07}"), "name": name,
                    "size_gib": 20, "usage": "DATA_DISK"}),
                System::Tcaplus => json!({"cluster_id": "20000000001", "group_id": "1", "name": name,
                    "table_name": format!("tb_{parent:07}"), "snapshot_ms": 1_767_225_600_000_i64,
                    "dead_ms": 4_102_444_800_000_i64}),
            }
        };
        add(seed, self.kind(), (0..points).map(point));
    }

    fn id(self, at: usize, parents: usize, prefix: &str) -> String {
        match self {
            System::Ecs => format!("s-{prefix}bench{at:07}"),
            System::Ecd => format!("s-ecd{prefix}{at:07}"),
            System::Cfs => format!("snapcfs-{prefix}{at:07}"),
            System::Cbs => format!("dbp-{prefix}{at:07}"),
            System::Tcaplus => format!("20000000001:1:tb_{:07}:{prefix}{at}", at % parents),
        }
    }

    /// Returns the resource of a state that knows of the declared points no more than an import does.
    pub fn remembered(self, points: usize, parents: usize) -> Value {
        let provider = match self {
            System::Ecs | System::Ecd => "registry.terraform.io/aliyun/alicloud",
            System::Cfs | System::Cbs => "registry.terraform.io/tencentcloudstack/tencentcloud",
            System::Tcaplus => "registry.terraform.io/snapform/snapform",
        };
        let attributes = |at: usize| {
            let (parent, name, id) = (at % parents, format!("p{at}"), self.id(at, parents, "p"));
            match self {
                System::Ecs => {
                    json!({"id": id, "disk_id": format!("d-bench{parent:07}"), "snapshot_name": name})
                }
                System::Ecd => {
                    json!({"id": id, "desktop_id": format!("ecd-bench{parent:07}"), "snapshot_name": name,
                    "source_disk_type": "SYSTEM"})
                }
                System::Cfs => {
                    json!({"id": id, "file_system_id": format!("cfs-b{parent:07}"), "snapshot_name": name})
                }
                System::Cbs => {
                    json!({"id": id, "disk_id": format!("disk-b{parent:07}"), "disk_backup_name": name})
                }
                System::Tcaplus => json!({"id": id, "cluster_id": "20000000001", "table_group_id": "1",
                    "table_name": format!("tb_{parent:07}"), "snapshot_name": name}),
            }
        };
        let instances: Vec<Value> = (0..points)
            .map(|at| json!({"index_key": at, "schema_version": 0, "attributes": attributes(at)}))
            .collect();
        json!({"mode": "managed", "type": self.resource_type(), "name": "points",
               "provider": format!("provider[{provider:?}]"), "instances": instances})
    }

    /// The resource type.
    pub fn resource_type(self) -> &'static str {
        match self {
            System::Ecs => "alicloud_ecs_snapshot",
            System::Ecd => "alicloud_ecd_snapshot",
            System::Cfs => "tencentcloud_cfs_snapshot",
            System::Cbs => "tencentcloud_cbs_disk_backup",
            System::Tcaplus => "tencentcloud_tcaplus_snapshot",
        }
    }
}

/// Returns a state file of remembered points.
pub fn state_of(resources: Vec<Value>) -> String {
    json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "b3a3f0f1-8f1c-4c8e-9a5e-2f6d8e0c7a11",
           "outputs": {}, "resources": resources, "check_results": null})
    .to_string()
}

fn add(seed: &mut Seed, kind: &str, objects: impl IntoIterator<Item = Value>) {
    let maps = objects.into_iter().filter_map(|object| match object {
        Value::Object(members) => Some(members),
        _ => None,
    });
    seed.objects.entry(kind.to_owned()).or_default().extend(maps.collect::<Vec<Map<String, Value>>>());
}
