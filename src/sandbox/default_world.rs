//! What an empty sandbox begins with: both vendors, two regions each, parents to take snapshots of.

use serde_json::{Map, Value, json};

use super::seed::Seed;

/// Account id (UID) on Alibaba Cloud.
pub const DEFAULT_ALIBABA_ACCOUNT: &str = "1000000000000001";
/// Access key id on Alibaba Cloud.
pub const DEFAULT_ALIBABA_ACCESS_KEY_ID: &str = "LTAI5tSandbox000000000001";
/// Access key secret on Alibaba Cloud.
pub const DEFAULT_ALIBABA_ACCESS_KEY_SECRET: &str = "sandboxAlibabaSecret0000000001";
/// Region on Alibaba Cloud of callers that give none.
pub const DEFAULT_ALIBABA_REGION: &str = "cn-hangzhou";
/// Account id (UIN) on Tencent Cloud.
pub const DEFAULT_TENCENT_ACCOUNT: &str = "100000000001";
/// APPID on Tencent Cloud.
pub const DEFAULT_TENCENT_APP_ID: u64 = 1_250_000_001;
/// SecretId on Tencent Cloud.
pub const DEFAULT_TENCENT_SECRET_ID: &str = "AKIDSandbox0000000000000000000000001";
/// SecretKey on Tencent Cloud.
pub const DEFAULT_TENCENT_SECRET_KEY: &str = "sandboxTencentSecret000000000001";
/// Region on Tencent Cloud of callers that give none.
pub const DEFAULT_TENCENT_REGION: &str = "ap-guangzhou";

/// Returns the default content.
pub(super) fn default_seed() -> Seed {
    let mut seed = Seed::default();
    let mut add = |kind: &str, values: Vec<Value>| {
        let objects = values.into_iter().filter_map(|value| match value {
            Value::Object(object) => Some(object),
            _ => None,
        });
        seed.objects.insert(kind.to_owned(), objects.collect::<Vec<Map<String, Value>>>());
    };
    add(
        "account",
        vec![
            json!({"id": DEFAULT_ALIBABA_ACCOUNT, "cloud": "alibaba"}),
            json!({"id": DEFAULT_TENCENT_ACCOUNT, "cloud": "tencent", "app_id": DEFAULT_TENCENT_APP_ID}),
        ],
    );
    add(
        "access-key",
        vec![
            json!({"id": DEFAULT_ALIBABA_ACCESS_KEY_ID, "secret": DEFAULT_ALIBABA_ACCESS_KEY_SECRET,
                   "cloud": "alibaba", "account": DEFAULT_ALIBABA_ACCOUNT}),
            json!({"id": DEFAULT_TENCENT_SECRET_ID, "secret": DEFAULT_TENCENT_SECRET_KEY,
                   "cloud": "tencent", "account": DEFAULT_TENCENT_ACCOUNT}),
        ],
    );
    add("ecs-disk", ecs_disks());
    add("ecd-desktop", desktops());
    add("cfs-file-system", file_systems());
    add("cbs-disk", cbs_disks());
    add("tcaplus-cluster", clusters());
    add("tcaplus-group", groups());
    add("tcaplus-table", tables());
    seed
}

fn ecs_disks() -> Vec<Value> {
    let disk = |id: &str, name: &str, kind: &str, size: u64, backup: &str, region: &str, instance: &str| {
        let tags = if backup.is_empty() { json!({}) } else { json!({"backup": backup}) };
        json!({
            "id": id, "name": name, "disk_type": kind, "category": "cloud_essd", "performance_level": "PL1",
            "size_gib": size, "status": "In_use", "zone": format!("{region}-h"), "region": region,
            "instance_id": instance, "instance_status": "Running",
            "device": if kind == "system" { "/dev/xvda" } else { "/dev/xvdb" },
            "attached_ms": 1_767_225_600_000_i64, "charge_type": "PostPaid", "portable": kind == "data",
            "delete_with_instance": kind == "system", "iops": 3000, "tags": tags,
        })
    };
    vec![
        disk(
            "d-bp10000000000000000a",
            "web-system",
            "system",
            40,
            "daily",
            "cn-hangzhou",
            "i-bp100000000000000web",
        ),
        disk(
            "d-bp10000000000000000b",
            "web-data",
            "data",
            200,
            "daily",
            "cn-hangzhou",
            "i-bp100000000000000web",
        ),
        disk(
            "d-bp10000000000000000c",
            "db-system",
            "system",
            40,
            "",
            "cn-hangzhou",
            "i-bp1000000000000000db",
        ),
        disk(
            "d-bp10000000000000000d",
            "db-data",
            "data",
            500,
            "daily",
            "cn-hangzhou",
            "i-bp1000000000000000db",
        ),
        disk("d-bp10000000000000000e", "scratch", "data", 100, "", "cn-hangzhou", "i-bp1000000000000000db"),
        disk(
            "d-uf60000000000000000a",
            "report-system",
            "system",
            40,
            "",
            "cn-shanghai",
            "i-uf6000000000000report",
        ),
        disk(
            "d-uf60000000000000000b",
            "report-data",
            "data",
            300,
            "daily",
            "cn-shanghai",
            "i-uf6000000000000report",
        ),
    ]
}

fn desktops() -> Vec<Value> {
    let desktop = |id: &str, name: &str, status: &str, region: &str, user: &str| {
        json!({
            "id": id, "name": name, "status": status, "region": region, "desktop_type": "ecd.basic.large",
            "office_site_id": format!("{region}+dir-1000000001"), "directory_id": format!("{region}+dir-1000000001"),
            "policy_group_id": "pg-1000000001", "image_id": "m-1000000001", "network_interface_id": "eni-1000000001",
            "end_user_ids": [user], "charge_type": "PostPaid", "protocol_type": "ASP", "os_type": "Windows",
            "cpu": 4, "memory_mib": 8192,
            "disks": [
                {"id": format!("d-{id}-system"), "disk_type": "SYSTEM", "size_gib": 80, "category": "cloud_essd",
                 "performance_level": "PL0"},
                {"id": format!("d-{id}-data"), "disk_type": "DATA", "size_gib": 100, "category": "cloud_essd",
                 "performance_level": "PL0"},
            ],
        })
    };
    vec![
        desktop("ecd-1000000000000000a", "design-1", "Running", "cn-hangzhou", "alice"),
        desktop("ecd-1000000000000000b", "design-2", "Stopped", "cn-hangzhou", "bob"),
        desktop("ecd-2000000000000000a", "finance-1", "Running", "cn-shanghai", "carol"),
    ]
}

fn file_systems() -> Vec<Value> {
    let file_system = |id: &str, name: &str, region: &str, backup: &str, gib: u64| {
        let tags = if backup.is_empty() { json!({}) } else { json!({"backup": backup}) };
        json!({
            "id": id, "name": name, "region": region, "state": "available", "protocol": "NFS",
            "storage_type": "SD", "zone": format!("{region}-3"), "zone_id": 100_003,
            "size_bytes": gib * 1024 * 1024 * 1024, "size_limit_gib": 163_840, "capacity_gib": 163_840,
            "access_group_id": "pgroupbasic", "vpc_id": "vpc-10000001", "subnet_id": "subnet-10000001",
            "mount_ip": "10.0.0.10", "tags": tags,
        })
    };
    vec![
        file_system("cfs-1000000a", "shared-home", "ap-guangzhou", "daily", 12),
        file_system("cfs-1000000b", "uploads", "ap-guangzhou", "daily", 40),
        file_system("cfs-1000000c", "build-cache", "ap-guangzhou", "", 3),
        file_system("cfs-2000000a", "archive", "ap-shanghai", "daily", 80),
    ]
}

fn cbs_disks() -> Vec<Value> {
    let disk = |id: &str, name: &str, usage: &str, size: u64, region: &str, backup: &str| {
        let tags = if backup.is_empty() { json!({}) } else { json!({"backup": backup}) };
        json!({
            "id": id, "name": name, "usage": usage, "size_gib": size, "region": region, "state": "ATTACHED",
            "disk_type": "CLOUD_PREMIUM", "zone": format!("{region}-3"), "instance_id": "ins-10000001",
            "instance_name": "game-1", "instance_ip": "10.0.0.20", "charge_type": "POSTPAID_BY_HOUR",
            "portable": usage == "DATA_DISK", "backup_quota": 10, "tags": tags,
        })
    };
    vec![
        disk("disk-1000000a", "game-system", "SYSTEM_DISK", 50, "ap-guangzhou", ""),
        disk("disk-1000000b", "game-data", "DATA_DISK", 200, "ap-guangzhou", "daily"),
        disk("disk-1000000c", "logs", "DATA_DISK", 500, "ap-guangzhou", "daily"),
        disk("disk-1000000d", "scratch", "DATA_DISK", 100, "ap-guangzhou", ""),
        disk("disk-2000000a", "report-data", "DATA_DISK", 100, "ap-shanghai", "daily"),
    ]
}

/// ClusterId of the default TcaplusDB cluster.
const CLUSTER: &str = "19162256624";

fn clusters() -> Vec<Value> {
    vec![json!({"id": CLUSTER, "name": "game", "idl_type": "PROTO", "vpc_id": "vpc-10000001",
                "subnet_id": "subnet-10000001"})]
}

fn groups() -> Vec<Value> {
    vec![
        json!({"cluster_id": CLUSTER, "group_id": "1", "name": "world-1"}),
        json!({"cluster_id": CLUSTER, "group_id": "2", "name": "world-2"}),
    ]
}

fn tables() -> Vec<Value> {
    let table = |group: &str, name: &str, number: u64| {
        json!({
            "cluster_id": CLUSTER, "group_id": group, "name": name, "instance_id": format!("tcaplus-1000000{number}"),
            "table_type": "GENERIC", "idl_type": "PROTO", "size_mb": 64 * number, "reserved_volume": 1,
            "reserved_read": 1000, "reserved_write": 20,
        })
    };
    vec![
        table("1", "tb_player", 1),
        table("1", "tb_guild", 2),
        table("1", "tb_inventory", 3),
        table("2", "tb_player", 4),
        table("2", "tb_guild", 5),
    ]
}
