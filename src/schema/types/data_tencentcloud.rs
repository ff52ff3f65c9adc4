//! Data sources of the `tencentcloud` provider, and three of ours for what that provider cannot list.

use super::limits;
use super::{Attribute, Presence, ProviderKind, ResourceType};
use super::{bool, data, number, objects, string, strings, tags};
use crate::lang::Value;
use crate::schema::Validator;
use Presence::{Optional, Required};

/// Returns all data sources of this provider.
pub(super) fn all() -> Vec<ResourceType> {
    vec![
        storages(),
        file_systems(),
        clusters(),
        table_groups(),
        tables(),
        cfs_snapshots(),
        disk_backups(),
        tcaplus_snapshots(),
    ]
}

fn output_file() -> Attribute {
    string("result_output_file", Optional, "A file to write the result to, as JSON.")
}

fn tencent(name: &'static str, attributes: Vec<Attribute>, description: &'static str) -> ResourceType {
    data(name, ProviderKind::Tencentcloud, attributes, Vec::new(), description)
}

fn storages() -> ResourceType {
    fn kinds(value: &Value) -> Option<String> {
        limits::one_of(value, &["CLOUD_BASIC", "CLOUD_PREMIUM", "CLOUD_SSD"])
    }
    let attributes = vec![
        string("availability_zone", Optional, "Zone of the disk."),
        strings(
            "charge_type",
            Optional,
            "`POSTPAID_BY_HOUR`, `PREPAID`, `CDCPAID` or `DEDICATED_CLUSTER_PAID`.",
        ),
        string("dedicated_cluster_id", Optional, "Dedicated cluster of the disk."),
        strings("instance_ips", Optional, "Addresses of instances that the disk is attached to."),
        strings("instance_name", Optional, "Names of instances that the disk is attached to."),
        bool("portable", Optional, "Whether the disk can be detached."),
        number("project_id", Optional, "Project of the disk."),
        output_file(),
        string("storage_id", Optional, "Id of the disk."),
        string("storage_name", Optional, "Name of the disk."),
        strings("storage_state", Optional, "States of the disk, such as `ATTACHED`."),
        string("storage_type", Optional, "`CLOUD_BASIC`, `CLOUD_PREMIUM` or `CLOUD_SSD`.")
            .validators(&[Validator { check: kinds }]),
        string("storage_usage", Optional, "`SYSTEM_DISK` or `DATA_DISK`."),
        strings("tag_keys", Optional, "Tag keys that the disk must have."),
        strings("tag_values", Optional, "Tag values that the disk must have."),
        objects("storage_list", STORAGE_FIELDS, "The disks found."),
    ];
    tencent("tencentcloud_cbs_storages", attributes, "CBS disks of the region.")
}

/// Attributes of a disk in the result.
const STORAGE_FIELDS: &[(&str, char)] = &[
    ("attached", 'b'),
    ("availability_zone", 's'),
    ("charge_type", 's'),
    ("create_time", 's'),
    ("dedicated_cluster_id", 's'),
    ("encrypt", 'b'),
    ("instance_id", 's'),
    ("kms_key_id", 's'),
    ("prepaid_renew_flag", 's'),
    ("project_id", 'n'),
    ("status", 's'),
    ("storage_id", 's'),
    ("storage_name", 's'),
    ("storage_size", 'n'),
    ("storage_type", 's'),
    ("storage_usage", 's'),
    ("tags", 'T'),
    ("throughput_performance", 'n'),
];

fn file_systems() -> ResourceType {
    let attributes = vec![
        string("availability_zone", Optional, "Zone of the file system."),
        string("file_system_id", Optional, "Id of the file system."),
        string("name", Optional, "Name of the file system, in full."),
        output_file(),
        string("subnet_id", Optional, "Subnet of the file system."),
        string("vpc_id", Optional, "Network of the file system."),
        objects("file_system_list", FILE_SYSTEM_FIELDS, "The file systems found."),
    ];
    tencent("tencentcloud_cfs_file_systems", attributes, "CFS file systems of the region.")
}

/// Attributes of a file system in the result.
const FILE_SYSTEM_FIELDS: &[(&str, char)] = &[
    ("access_group_id", 's'),
    ("availability_zone", 's'),
    ("create_time", 's'),
    ("file_system_id", 's'),
    ("fs_id", 's'),
    ("mount_ip", 's'),
    ("name", 's'),
    ("protocol", 's'),
    ("size_limit", 'n'),
    ("size_used", 'n'),
    ("status", 's'),
    ("storage_type", 's'),
];

fn clusters() -> ResourceType {
    let attributes = vec![
        string("cluster_id", Optional, "Id of the cluster."),
        string("cluster_name", Optional, "Name of the cluster."),
        output_file(),
        objects("list", CLUSTER_FIELDS, "The clusters found."),
    ];
    tencent("tencentcloud_tcaplus_clusters", attributes, "TcaplusDB clusters of the region.")
}

/// Attributes of a cluster in the result.
const CLUSTER_FIELDS: &[(&str, char)] = &[
    ("api_access_id", 's'),
    ("api_access_ip", 's'),
    ("api_access_port", 'n'),
    ("cluster_id", 's'),
    ("cluster_name", 's'),
    ("create_time", 's'),
    ("idl_type", 's'),
    ("network_type", 's'),
    ("old_password_expire_time", 's'),
    ("password", 's'),
    ("password_status", 's'),
    ("subnet_id", 's'),
    ("vpc_id", 's'),
];

fn group_argument() -> Attribute {
    string("tablegroup_id", Optional, "Table group, as `cluster:group`.")
}

fn table_groups() -> ResourceType {
    let attributes = vec![
        string("cluster_id", Required, "Cluster of the table groups."),
        output_file(),
        group_argument(),
        string("tablegroup_name", Optional, "Name of the table group."),
        objects(
            "list",
            &[
                ("create_time", 's'),
                ("table_count", 'n'),
                ("tablegroup_id", 's'),
                ("tablegroup_name", 's'),
                ("total_size", 'n'),
            ],
            "The table groups found.",
        ),
    ];
    tencent("tencentcloud_tcaplus_tablegroups", attributes, "Table groups of a TcaplusDB cluster.")
}

fn tables() -> ResourceType {
    let attributes = vec![
        string("cluster_id", Required, "Cluster of the tables."),
        output_file(),
        string("table_id", Optional, "Id of the table."),
        string("table_name", Optional, "Name of the table; stronger than `table_id`."),
        group_argument(),
        objects("list", TABLE_FIELDS, "The tables found."),
    ];
    tencent("tencentcloud_tcaplus_tables", attributes, "Tables of a TcaplusDB cluster.")
}

/// Attributes of a table in the result.
const TABLE_FIELDS: &[(&str, char)] = &[
    ("create_time", 's'),
    ("description", 's'),
    ("error", 's'),
    ("idl_id", 's'),
    ("reserved_read_cu", 'n'),
    ("reserved_volume", 'n'),
    ("reserved_write_cu", 'n'),
    ("status", 's'),
    ("table_id", 's'),
    ("table_idl_type", 's'),
    ("table_name", 's'),
    ("table_size", 'n'),
    ("table_type", 's'),
    ("tablegroup_id", 's'),
];

fn cfs_snapshots() -> ResourceType {
    let attributes = vec![
        string("file_system_id", Optional, "File system of the snapshot."),
        output_file(),
        string("snapshot_id", Optional, "Id of the snapshot."),
        string("snapshot_name", Optional, "Name of the snapshot, in full."),
        string("status", Optional, "State of the snapshot, such as `available`."),
        tags("Tags that the snapshot must have."),
        objects("snapshot_list", CFS_SNAPSHOT_FIELDS, "The snapshots found."),
    ];
    tencent(
        "tencentcloud_cfs_snapshots",
        attributes,
        "CFS snapshots of the region. Only snapform has this data source.",
    )
}

/// Attributes of a CFS snapshot in the result.
const CFS_SNAPSHOT_FIELDS: &[(&str, char)] = &[
    ("alive_days", 'n'),
    ("create_time", 's'),
    ("delete_time", 's'),
    ("file_system_id", 's'),
    ("file_system_name", 's'),
    ("percent", 'n'),
    ("size", 'n'),
    ("snapshot_id", 's'),
    ("snapshot_name", 's'),
    ("snapshot_type", 's'),
    ("status", 's'),
    ("tags", 'T'),
];

fn disk_backups() -> ResourceType {
    let attributes = vec![
        string("disk_backup_id", Optional, "Id of the backup point."),
        string("disk_backup_name", Optional, "Name of the backup point, in full."),
        string("disk_id", Optional, "Disk of the backup point."),
        string("disk_usage", Optional, "`SYSTEM_DISK` or `DATA_DISK`."),
        output_file(),
        objects("disk_backup_list", DISK_BACKUP_FIELDS, "The backup points found."),
    ];
    tencent(
        "tencentcloud_cbs_disk_backups",
        attributes,
        "CBS backup points of the region. Only snapform has this data source.",
    )
}

/// Attributes of a backup point in the result.
const DISK_BACKUP_FIELDS: &[(&str, char)] = &[
    ("create_time", 's'),
    ("disk_backup_id", 's'),
    ("disk_backup_name", 's'),
    ("disk_id", 's'),
    ("disk_size", 'n'),
    ("disk_usage", 's'),
    ("encrypt", 'b'),
    ("percent", 'n'),
    ("status", 's'),
];

fn tcaplus_snapshots() -> ResourceType {
    let attributes = vec![
        string("cluster_id", Required, "Cluster of the snapshots."),
        output_file(),
        string("snapshot_name", Optional, "Name of the snapshots."),
        string("table_group_id", Optional, "Table group, alone or as `cluster:group`."),
        string("table_name", Optional, "Table of the snapshots."),
        objects("snapshot_list", TCAPLUS_SNAPSHOT_FIELDS, "The snapshots found."),
    ];
    tencent(
        "tencentcloud_tcaplus_snapshots",
        attributes,
        "Snapshots of the tables of a TcaplusDB cluster. Only snapform has this data source.",
    )
}

/// Attributes of a table snapshot in the result.
const TCAPLUS_SNAPSHOT_FIELDS: &[(&str, char)] = &[
    ("cluster_id", 's'),
    ("id", 's'),
    ("snapshot_create_time", 's'),
    ("snapshot_dead_time", 's'),
    ("snapshot_name", 's'),
    ("snapshot_size", 'n'),
    ("snapshot_time", 's'),
    ("status", 's'),
    ("table_group_id", 's'),
    ("table_name", 's'),
];
