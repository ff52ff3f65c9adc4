//! Data sources of the `tencentcloud` provider, with the attributes that it gives them, and three of ours.

use serde_json::{Value as Json, json};

use super::client::Client;
use super::listing::Listing;
use super::tcaplus_snapshot::{self, bare_group};
use super::{cbs_disk_backup, cfs_snapshot};
use crate::cloud::BoxFuture;
use crate::cloud::data::{Column, DataRead, checksum, row, tags};
use crate::cloud::error::CloudError;
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{self, filled, flag, integer, string_value, texts};
use crate::cloud::retry::Repeat;
use crate::lang::{Kind, Value};
use crate::schema::ResourceType;
use Column::{Flag, Made, Number, Text};

/// Reads a data source; nothing when it is not one of this provider.
pub(crate) async fn read(
    client: &Client,
    resource_type: &ResourceType,
    config: &Value,
) -> Result<Option<DataRead>, CloudError> {
    let (id, list, items) = match resource_type.name {
        "tencentcloud_cbs_storages" => storages(client, config).await?,
        "tencentcloud_cfs_file_systems" => file_systems(client, config).await?,
        "tencentcloud_tcaplus_clusters" => clusters(client, config).await?,
        "tencentcloud_tcaplus_tablegroups" => table_groups(client, config).await?,
        "tencentcloud_tcaplus_tables" => tables(client, config).await?,
        "tencentcloud_cfs_snapshots" => cfs_snapshots(client, config).await?,
        "tencentcloud_cbs_disk_backups" => disk_backups(client, config).await?,
        "tencentcloud_tcaplus_snapshots" => tcaplus_snapshots(client, config).await?,
        _ => return Ok(None),
    };
    let output = filled(config, "result_output_file").map(str::to_owned);
    Ok(Some(DataRead { id, list, items, others: Vec::new(), output }))
}

/// The id, the attribute that holds the items, and the items.
type Found = (String, &'static str, Vec<Value>);

/// Builds a result whose id is the checksum of the items' ids.
fn checked(list: &'static str, id: &str, found: &[Fields], columns: &[(&'static str, Column)]) -> Found {
    let ids: Vec<String> = found.iter().map(|fields| fields.text(id).unwrap_or_default()).collect();
    (checksum(&ids), list, found.iter().map(|fields| row(columns, fields)).collect())
}

/// Reads all pages of a list by offset.
async fn pages(
    client: &Client,
    service: &'static str,
    action: &'static str,
    (items, id): (&'static str, &'static str),
    limit: i64,
    filter: Json,
) -> Result<Vec<Fields>, CloudError> {
    let list = Listing { service, action, items, id, limit };
    list.all(client, filter, object::whole).await
}

fn filter(name: &str, values: Vec<String>) -> Option<Json> {
    (!values.is_empty()).then(|| json!({ "Name": name, "Values": values }))
}

async fn storages(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let one = |name: &str| filled(config, name).map(str::to_owned).into_iter().collect::<Vec<_>>();
    let portable = flag(config, "portable").map(|value| if value { "TRUE" } else { "FALSE" }.to_owned());
    let filters: Vec<Json> = [
        filter("disk-id", one("storage_id")),
        filter("disk-name", one("storage_name")),
        filter("zone", one("availability_zone")),
        filter("dedicated-cluster-id", one("dedicated_cluster_id")),
        filter("project-id", integer(config, "project_id").map(|id| id.to_string()).into_iter().collect()),
        filter("disk-type", one("storage_type")),
        filter("disk-usage", one("storage_usage")),
        filter("disk-charge-type", texts(config, "charge_type")),
        filter("portable", portable.into_iter().collect()),
        filter("disk-state", texts(config, "storage_state")),
        filter("instance-ip-address", texts(config, "instance_ips")),
        filter("instance-name", texts(config, "instance_name")),
        filter("tag-key", texts(config, "tag_keys")),
        filter("tag-value", texts(config, "tag_values")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let parameters = if filters.is_empty() { json!({}) } else { json!({ "Filters": filters }) };
    let found = pages(client, "cbs", "DescribeDisks", ("DiskSet", "DiskId"), 100, parameters).await?;
    Ok(checked("storage_list", "DiskId", &found, STORAGE))
}

const STORAGE: &[(&str, Column)] = &[
    ("attached", Flag("Attached")),
    ("availability_zone", Text("Placement.Zone")),
    ("charge_type", Text("DiskChargeType")),
    ("create_time", Text("CreateTime")),
    ("dedicated_cluster_id", Text("Placement.DedicatedClusterId")),
    ("encrypt", Flag("Encrypt")),
    ("instance_id", Text("InstanceId")),
    ("kms_key_id", Text("KmsKeyId")),
    ("prepaid_renew_flag", Text("RenewFlag")),
    ("project_id", Number("Placement.ProjectId")),
    ("status", Text("DiskState")),
    ("storage_id", Text("DiskId")),
    ("storage_name", Text("DiskName")),
    ("storage_size", Number("DiskSize")),
    ("storage_type", Text("DiskType")),
    ("storage_usage", Text("DiskUsage")),
    ("tags", Made(|disk| tags(disk, "Tags", "Key", "Value"))),
    ("throughput_performance", Number("ThroughputPerformance")),
];

/// Lists file systems, and the first mount target of each that passes. The provider reads one page of ten only; we read all.
async fn file_systems(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let mut parameters = json!({});
    for (argument, parameter) in
        [("file_system_id", "FileSystemId"), ("vpc_id", "VpcId"), ("subnet_id", "SubnetId")]
    {
        if let Some(value) = filled(config, argument) {
            parameters[parameter] = json!(value);
        }
    }
    let list = ("FileSystems", "FileSystemId");
    let mut found = pages(client, "cfs", "DescribeCfsFileSystems", list, 100, parameters).await?;
    for (argument, field) in [("name", "FsName"), ("availability_zone", "Zone")] {
        if let Some(wanted) = filled(config, argument) {
            found.retain(|fields| fields.text(field).as_deref() == Some(wanted));
        }
    }
    let targets = found.iter().map(|fields| -> BoxFuture<'_, Result<Option<Fields>, CloudError>> {
        Box::pin(async move {
            let parameters = json!({ "FileSystemId": fields.text("FileSystemId") });
            let answer = client.call("cfs", "DescribeMountTargets", Repeat::Freely, &parameters).await?;
            Ok(answer.fields.list("MountTargets").into_iter().next())
        })
    });
    let mut items = Vec::with_capacity(found.len());
    for (fields, target) in found.iter().zip(join_all(targets.collect()).await) {
        let target = target?;
        let of_target = |path| string_value(target.as_ref().and_then(|target| target.text(path)));
        let mounted = [("fs_id", of_target("FSID")), ("mount_ip", of_target("IpAddress"))];
        items.push(joined(row(FILE_SYSTEM, fields), mounted));
    }
    let ids: Vec<String> =
        found.iter().map(|fields| fields.text("FileSystemId").unwrap_or_default()).collect();
    Ok((checksum(&ids), "file_system_list", items))
}

/// Adds attributes to an item.
fn joined<const N: usize>(item: Value, more: [(&'static str, Value); N]) -> Value {
    let mut members = item.members().cloned().unwrap_or_default();
    members.extend(more.map(|(name, value)| (name.into(), value)));
    Kind::Object(members.into()).into()
}

const FILE_SYSTEM: &[(&str, Column)] = &[
    ("access_group_id", Text("PGroup.PGroupId")),
    ("availability_zone", Text("Zone")),
    ("create_time", Text("CreationTime")),
    ("file_system_id", Text("FileSystemId")),
    ("name", Text("FsName")),
    ("protocol", Text("Protocol")),
    ("size_limit", Number("SizeLimit")),
    ("size_used", Number("SizeByte")),
    ("status", Text("LifeCycleState")),
    ("storage_type", Text("StorageType")),
];

/// An error that says that the cluster, group or table is unknown means an empty result, as in the provider.
fn none_if_missing(found: Result<Vec<Fields>, CloudError>) -> Result<Vec<Fields>, CloudError> {
    match found {
        Err(error) if error.is_missing() => Ok(Vec::new()),
        other => other,
    }
}

async fn clusters(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let (id, name) = (filled(config, "cluster_id"), filled(config, "cluster_name"));
    let mut parameters = json!({});
    if let Some(id) = id {
        parameters["ClusterIds"] = json!([id]);
    }
    if let Some(name) = name {
        parameters["Filters"] = json!([{ "Name": "ClusterName", "Value": name }]);
    }
    let found =
        pages(client, "tcaplusdb", "DescribeClusters", ("Clusters", "ClusterId"), 20, parameters).await;
    let items = none_if_missing(found)?.iter().map(|fields| row(CLUSTER, fields)).collect();
    Ok((format!("cluster.{}.{}", id.unwrap_or(""), name.unwrap_or("")), "list", items))
}

const CLUSTER: &[(&str, Column)] = &[
    ("api_access_id", Text("ApiAccessId")),
    ("api_access_ip", Text("ApiAccessIp")),
    ("api_access_port", Number("ApiAccessPort")),
    ("cluster_id", Text("ClusterId")),
    ("cluster_name", Text("ClusterName")),
    ("create_time", Text("CreatedTime")),
    ("idl_type", Text("IdlType")),
    ("network_type", Text("NetworkType")),
    ("old_password_expire_time", Text("OldPasswordExpireTime")),
    ("password", Text("Password")),
    ("password_status", Text("PasswordStatus")),
    ("subnet_id", Text("SubnetId")),
    ("vpc_id", Text("VpcId")),
];

async fn table_groups(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let cluster = filled(config, "cluster_id").unwrap_or_default();
    let (group, name) = (filled(config, "tablegroup_id"), filled(config, "tablegroup_name"));
    let mut parameters = json!({ "ClusterId": cluster });
    if let Some(group) = group {
        parameters["TableGroupIds"] = json!([bare_group(group)]);
    }
    if let Some(name) = name {
        parameters["Filters"] = json!([{ "Name": "TableGroupName", "Values": [name], "Value": name }]);
    }
    let list = ("TableGroups", "TableGroupId");
    let found =
        none_if_missing(pages(client, "tcaplusdb", "DescribeTableGroups", list, 20, parameters).await)?;
    let items =
        found.iter().map(|fields| joined(row(TABLE_GROUP, fields), [full_group(cluster, fields)])).collect();
    Ok((format!("group.{cluster}.{}.{}", group.unwrap_or(""), name.unwrap_or("")), "list", items))
}

const TABLE_GROUP: &[(&str, Column)] = &[
    ("create_time", Text("CreatedTime")),
    ("table_count", Number("TableCount")),
    ("tablegroup_name", Text("TableGroupName")),
    ("total_size", Number("TotalSize")),
];

fn full_group(cluster: &str, fields: &Fields) -> (&'static str, Value) {
    ("tablegroup_id", Value::string(format!("{cluster}:{}", fields.text("TableGroupId").unwrap_or_default())))
}

async fn tables(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let cluster = filled(config, "cluster_id").unwrap_or_default();
    let group = filled(config, "tablegroup_id");
    let (id, name) = (filled(config, "table_id"), filled(config, "table_name"));
    let mut parameters = json!({ "ClusterId": cluster });
    if let Some(group) = group {
        parameters["TableGroupIds"] = json!([bare_group(group)]);
    }
    let filter = name.map(|name| ("TableName", name)).or_else(|| id.map(|id| ("TableInstanceId", id)));
    if let Some((field, value)) = filter {
        parameters["Filters"] = json!([{ "Name": field, "Value": value }]);
    }
    let list = ("TableInfos", "TableInstanceId");
    let found = none_if_missing(pages(client, "tcaplusdb", "DescribeTables", list, 20, parameters).await)?;
    let items =
        found.iter().map(|fields| joined(row(TABLE, fields), [full_group(cluster, fields)])).collect();
    let part = Option::unwrap_or_default;
    Ok((format!("table.{cluster}.{}.{}.{}", part(group), part(id), part(name)), "list", items))
}

const TABLE: &[(&str, Column)] = &[
    ("create_time", Text("CreatedTime")),
    ("description", Text("Memo")),
    ("error", Made(|table| Value::string(table.text("Error.Message").unwrap_or_default()))),
    ("idl_id", Made(idl_id)),
    ("reserved_read_cu", Number("ReservedReadQps")),
    ("reserved_volume", Number("ReservedVolume")),
    ("reserved_write_cu", Number("ReservedWriteQps")),
    ("status", Text("Status")),
    ("table_id", Text("TableInstanceId")),
    ("table_idl_type", Text("TableIdlType")),
    ("table_name", Text("TableName")),
    ("table_size", Number("TableSize")),
    ("table_type", Text("TableType")),
];

/// The provider names a table's first definition file by a JSON text with keys in this order.
fn idl_id(table: &Fields) -> Value {
    let Some(file) = table.list("IdlFiles").into_iter().next() else { return string_value(None) };
    let text = |path: &str| json!(file.text(path).unwrap_or_default());
    let number = |path: &str| json!(file.integer(path).unwrap_or(0));
    let id = format!(
        "{{\"ClusterId\":{},\"FileExtType\":{},\"FileId\":{},\"FileName\":{},\"FileSize\":{},\"FileType\":{}}}",
        json!(table.text("ClusterId").unwrap_or_default()),
        text("FileExtType"),
        number("FileId"),
        text("FileName"),
        number("FileSize"),
        text("FileType"),
    );
    Value::string(id)
}

async fn cfs_snapshots(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let mut parameters = json!({});
    for (argument, parameter) in [("file_system_id", "FileSystemId"), ("snapshot_id", "SnapshotId")] {
        if let Some(value) = filled(config, argument) {
            parameters[parameter] = json!(value);
        }
    }
    let mut found = none_if_missing(cfs_snapshot::LIST.all(client, parameters, object::whole).await)?;
    // Whether the service's own filters match exactly is documented nowhere, so these are compared here.
    for (argument, field) in [("snapshot_name", "SnapshotName"), ("status", "Status")] {
        if let Some(wanted) = filled(config, argument) {
            found.retain(|fields| fields.text(field).as_deref() == Some(wanted));
        }
    }
    let wanted = object::tags(config);
    found.retain(|fields| {
        let own = fields.pairs("Tags", "TagKey", "TagValue");
        wanted.iter().all(|tag| own.contains(tag))
    });
    Ok(checked("snapshot_list", "SnapshotId", &found, CFS_SNAPSHOT))
}

const CFS_SNAPSHOT: &[(&str, Column)] = &[
    ("alive_days", Number("AliveDay")),
    ("create_time", Text("CreationTime")),
    (
        "delete_time",
        Made(|snapshot| {
            Value::string(snapshot.filled("DeleteTime").filter(|time| time != "0").unwrap_or_default())
        }),
    ),
    ("file_system_id", Text("FileSystemId")),
    ("file_system_name", Text("FsName")),
    ("percent", Number("Percent")),
    ("size", Number("Size")),
    ("snapshot_id", Text("SnapshotId")),
    ("snapshot_name", Text("SnapshotName")),
    ("snapshot_type", Text("SnapshotType")),
    ("status", Text("Status")),
    ("tags", Made(|snapshot| tags(snapshot, "Tags", "TagKey", "TagValue"))),
];

async fn disk_backups(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let filters: Vec<Json> =
        [("disk_backup_id", "disk-backup-id"), ("disk_id", "disk-id"), ("disk_usage", "disk-usage")]
            .into_iter()
            .filter_map(|(argument, name)| filter(name, vec![filled(config, argument)?.to_owned()]))
            .collect();
    let parameters = if filters.is_empty() { json!({}) } else { json!({ "Filters": filters }) };
    let mut found = cbs_disk_backup::LIST.all(client, parameters, object::whole).await?;
    if let Some(wanted) = filled(config, "disk_backup_name") {
        found.retain(|fields| fields.text("DiskBackupName").as_deref() == Some(wanted));
    }
    Ok(checked("disk_backup_list", "DiskBackupId", &found, DISK_BACKUP))
}

const DISK_BACKUP: &[(&str, Column)] = &[
    ("create_time", Text("CreateTime")),
    ("disk_backup_id", Text("DiskBackupId")),
    ("disk_backup_name", Text("DiskBackupName")),
    ("disk_id", Text("DiskId")),
    ("disk_size", Number("DiskSize")),
    ("disk_usage", Text("DiskUsage")),
    ("encrypt", Flag("Encrypt")),
    ("percent", Number("Percent")),
    ("status", Text("DiskBackupState")),
];

async fn tcaplus_snapshots(client: &Client, config: &Value) -> Result<Found, CloudError> {
    let cluster = filled(config, "cluster_id").unwrap_or_default();
    let mut parameters = json!({});
    if let Some(group) = filled(config, "table_group_id") {
        parameters["TableGroupId"] = json!(bare_group(group));
    }
    for (argument, parameter) in [("table_name", "TableName"), ("snapshot_name", "SnapshotName")] {
        if let Some(value) = filled(config, argument) {
            parameters[parameter] = json!(value);
        }
    }
    let found = none_if_missing(tcaplus_snapshot::list(client, cluster, parameters).await)?;
    let items: Vec<Value> =
        found.iter().map(|fields| tcaplus_snapshot::item_of_list(cluster, fields)).collect();
    let ids: Vec<String> = items.iter().filter_map(|item| filled(item, "id").map(str::to_owned)).collect();
    Ok((checksum(&ids), "snapshot_list", items))
}
