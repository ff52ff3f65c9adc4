//! Data sources of the `alicloud` provider, with the attributes that it gives them.

use super::client::{Client, Parameters};
use super::listing::Listing;
use super::{ecd_snapshot, ecs_snapshot};
use crate::cloud::data::{Column, DataRead, Selection, selected};
use crate::cloud::error::CloudError;
use crate::cloud::fields::Fields;
use crate::cloud::object::{self, filled, flag, integer, list_value, number_value, string_value, texts};
use crate::cloud::retry::Repeat;
use crate::lang::{Kind, Type, Value};
use crate::schema::ResourceType;
use Column::{Flag, Made, Number, Text};

/// Reads a data source; nothing when it is not one of this provider.
pub(crate) async fn read(
    client: &Client,
    resource_type: &ResourceType,
    config: &Value,
) -> Result<Option<DataRead>, CloudError> {
    Ok(Some(match resource_type.name {
        "alicloud_ecs_disks" | "alicloud_disks" => disks(client, config).await?,
        "alicloud_ecs_snapshots" | "alicloud_snapshots" => ecs_snapshots(client, config).await?,
        "alicloud_ecd_desktops" => desktops(client, config).await?,
        "alicloud_ecd_snapshots" => ecd_snapshots(client, config).await?,
        _ => return Ok(None),
    }))
}

/// Adds arguments that are sent as they are.
fn texts_of(mut parameters: Parameters, config: &Value, names: &[(&str, &str)]) -> Parameters {
    for (argument, parameter) in names {
        parameters = parameters.maybe(parameter, filled(config, argument));
    }
    parameters
}

/// Adds booleans; an explicit `false` is sent too.
fn flags_of(mut parameters: Parameters, config: &Value, names: &[(&str, &str)]) -> Parameters {
    for (argument, parameter) in names {
        parameters = parameters.maybe(parameter, flag(config, argument).map(|value| value.to_string()));
    }
    parameters
}

async fn disks(client: &Client, config: &Value) -> Result<DataRead, CloudError> {
    let mut filter = texts_of(
        Parameters::default(),
        config,
        &[
            ("auto_snapshot_policy_id", "AutoSnapshotPolicyId"),
            ("category", "Category"),
            ("disk_name", "DiskName"),
            ("instance_id", "InstanceId"),
            ("kms_key_id", "KMSKeyId"),
            ("resource_group_id", "ResourceGroupId"),
            ("snapshot_id", "SnapshotId"),
            ("status", "Status"),
        ],
    );
    filter = flags_of(
        filter,
        config,
        &[
            ("delete_auto_snapshot", "DeleteAutoSnapshot"),
            ("delete_with_instance", "DeleteWithInstance"),
            ("dry_run", "DryRun"),
            ("enable_auto_snapshot", "EnableAutoSnapshot"),
            ("enable_automated_snapshot_policy", "EnableAutomatedSnapshotPolicy"),
            ("enable_shared", "EnableShared"),
            ("portable", "Portable"),
        ],
    );
    let encrypted = filled(config, "encrypted").map(|word| (word == "on").to_string());
    let charge = filled(config, "payment_type").map(|kind| match kind {
        "PayAsYouGo" => "PostPaid",
        _ => "PrePaid",
    });
    filter = filter
        .maybe("Encrypted", encrypted)
        .maybe("DiskChargeType", charge)
        .maybe("ZoneId", filled(config, "zone_id").or_else(|| filled(config, "availability_zone")))
        .maybe("DiskType", filled(config, "disk_type").or_else(|| filled(config, "type")))
        .list("AdditionalAttributes", texts(config, "additional_attributes"))
        .tags(&object::tags(config));
    let mut selection = Selection::of(config)?;
    let (found, total) = match integer(config, "page_number").filter(|number| *number > 0) {
        Some(number) => {
            // As in the provider, a single page is not filtered further.
            selection = Selection::everything();
            let size = integer(config, "page_size").filter(|size| *size > 0).unwrap_or(100);
            let filter = filter.with("PageNumber", number.to_string()).with("PageSize", size.to_string());
            let answer = client.call("ecs", "DescribeDisks", Repeat::Freely, filter).await?;
            (answer.fields.list("Disks.Disk"), answer.fields.integer("TotalCount").unwrap_or(0))
        }
        None => {
            let found = DISKS.all(client, filter, object::whole).await?;
            let total = found.len() as i64;
            (found, total)
        }
    };
    let mut read = selected("disks", found, &selection, ("DiskId", "DiskName"), DISK, config);
    read.others.push(("total_count", Value::from(total)));
    Ok(read)
}

const DISKS: Listing = Listing { service: "ecs", action: "DescribeDisks", items: "Disks.Disk" };
const DESKTOPS: Listing = Listing { service: "ecd", action: "DescribeDesktops", items: "Desktops" };

const DISK: &[(&str, Column)] = &[
    ("attached_time", Text("AttachedTime")),
    ("auto_snapshot_policy_id", Text("AutoSnapshotPolicyId")),
    ("availability_zone", Text("ZoneId")),
    ("category", Text("Category")),
    ("creation_time", Text("CreationTime")),
    ("delete_auto_snapshot", Flag("DeleteAutoSnapshot")),
    ("delete_with_instance", Flag("DeleteWithInstance")),
    ("description", Text("Description")),
    ("detached_time", Text("DetachedTime")),
    ("device", Text("Device")),
    ("disk_id", Text("DiskId")),
    ("disk_name", Text("DiskName")),
    ("disk_type", Text("Type")),
    ("enable_auto_snapshot", Flag("EnableAutoSnapshot")),
    ("enable_automated_snapshot_policy", Flag("EnableAutomatedSnapshotPolicy")),
    (
        "encrypted",
        Made(|disk| Value::string(if disk.flag("Encrypted") == Some(true) { "on" } else { "off" })),
    ),
    ("expiration_time", Text("ExpiredTime")),
    ("expired_time", Text("ExpiredTime")),
    ("id", Text("DiskId")),
    ("image_id", Text("ImageId")),
    ("instance_id", Text("InstanceId")),
    ("iops", Number("IOPS")),
    ("iops_read", Number("IOPSRead")),
    ("iops_write", Number("IOPSWrite")),
    ("kms_key_id", Text("KMSKeyId")),
    ("mount_instance_num", Number("MountInstanceNum")),
    ("mount_instances", Made(mount_instances)),
    ("name", Text("DiskName")),
    ("operation_locks", Made(operation_locks)),
    ("payment_type", Made(|disk| payment_type(disk, "DiskChargeType"))),
    ("performance_level", Text("PerformanceLevel")),
    ("portable", Flag("Portable")),
    ("product_code", Text("ProductCode")),
    ("region_id", Text("RegionId")),
    ("resource_group_id", Text("ResourceGroupId")),
    ("size", Number("Size")),
    ("snapshot_id", Text("SourceSnapshotId")),
    ("status", Text("Status")),
    ("tags", Made(ecs_tags)),
    ("type", Text("Type")),
    ("zone_id", Text("ZoneId")),
];

fn payment_type(fields: &Fields, path: &str) -> Value {
    string_value(fields.text(path).map(|kind| match kind.as_str() {
        "PostPaid" => "PayAsYouGo".to_owned(),
        "PrePaid" => "Subscription".to_owned(),
        _ => kind,
    }))
}

fn ecs_tags(fields: &Fields) -> Value {
    object::map_value(ecs_snapshot::user_tags(fields))
}

fn mount_instances(disk: &Fields) -> Value {
    objects(
        disk.list("MountInstances.MountInstance"),
        &[("attached_time", "AttachedTime"), ("device", "Device"), ("instance_id", "InstanceId")],
    )
}

fn operation_locks(disk: &Fields) -> Value {
    objects(disk.list("OperationLocks.OperationLock"), &[("lock_reason", "LockReason")])
}

/// Makes a list of objects of texts.
fn objects(list: Vec<Fields>, names: &[(&'static str, &str)]) -> Value {
    let element = Type::object(names.iter().map(|(name, _)| (*name, Type::String)));
    let item = |fields: &Fields| {
        Value::object(names.iter().map(|(name, path)| (*name, string_value(fields.text(path)))))
    };
    Kind::List(element, std::sync::Arc::new(list.iter().map(item).collect())).into()
}

async fn ecs_snapshots(client: &Client, config: &Value) -> Result<DataRead, CloudError> {
    let mut filter = texts_of(
        Parameters::default(),
        config,
        &[
            ("category", "Category"),
            ("kms_key_id", "KMSKeyId"),
            ("resource_group_id", "ResourceGroupId"),
            ("snapshot_link_id", "SnapshotLinkId"),
            ("snapshot_name", "SnapshotName"),
            ("source_disk_type", "SourceDiskType"),
            ("status", "Status"),
            ("usage", "Usage"),
        ],
    );
    filter = flags_of(filter, config, &[("dry_run", "DryRun"), ("encrypted", "Encrypted")]);
    let kind = filled(config, "type").or_else(|| filled(config, "snapshot_type")).unwrap_or("all");
    filter = filter.with("SnapshotType", kind).tags(&object::tags(config));
    let found = ecs_snapshot::LIST.all(client, filter, object::whole).await?;
    let selection = Selection::of(config)?;
    Ok(selected("snapshots", found, &selection, ("SnapshotId", "SnapshotName"), ECS_SNAPSHOT, config))
}

const ECS_SNAPSHOT: &[(&str, Column)] = &[
    ("category", Text("Category")),
    ("creation_time", Text("CreationTime")),
    ("description", Text("Description")),
    ("disk_id", Text("SourceDiskId")),
    ("encrypted", Flag("Encrypted")),
    ("id", Text("SnapshotId")),
    ("instant_access", Flag("InstantAccess")),
    ("instant_access_retention_days", Number("InstantAccessRetentionDays")),
    ("name", Text("SnapshotName")),
    ("product_code", Text("ProductCode")),
    ("progress", Text("Progress")),
    ("remain_time", Number("RemainTime")),
    ("resource_group_id", Text("ResourceGroupId")),
    ("retention_days", Number("RetentionDays")),
    ("snapshot_id", Text("SnapshotId")),
    ("snapshot_name", Text("SnapshotName")),
    ("snapshot_sn", Text("SnapshotSN")),
    ("snapshot_type", Text("SnapshotType")),
    ("source_disk_id", Text("SourceDiskId")),
    ("source_disk_size", Text("SourceDiskSize")),
    ("source_disk_type", Text("SourceDiskType")),
    ("source_storage_type", Text("SourceStorageType")),
    ("status", Text("Status")),
    ("tags", Made(ecs_tags)),
    ("type", Text("SnapshotType")),
    ("usage", Text("Usage")),
];

async fn desktops(client: &Client, config: &Value) -> Result<DataRead, CloudError> {
    let filter = texts_of(
        Parameters::default(),
        config,
        &[
            ("desktop_name", "DesktopName"),
            ("office_site_id", "OfficeSiteId"),
            ("policy_group_id", "PolicyGroupId"),
            ("status", "DesktopStatus"),
        ],
    )
    .list("EndUserId", texts(config, "end_user_ids"));
    let found = DESKTOPS.all(client, filter, object::whole).await?;
    let selection = Selection::of(config)?;
    Ok(selected("desktops", found, &selection, ("DesktopId", "DesktopName"), DESKTOP, config))
}

const DESKTOP: &[(&str, Column)] = &[
    ("cpu", Number("Cpu")),
    ("create_time", Text("CreationTime")),
    ("desktop_id", Text("DesktopId")),
    ("desktop_name", Text("DesktopName")),
    ("desktop_type", Text("DesktopType")),
    ("directory_id", Text("DirectoryId")),
    ("end_user_ids", Made(|desktop| list_value(desktop.texts("EndUserIds")))),
    ("expired_time", Text("ExpiredTime")),
    ("id", Text("DesktopId")),
    ("image_id", Text("ImageId")),
    ("memory", Made(|desktop| Value::string(desktop.text("Memory").unwrap_or_else(|| "<nil>".to_owned())))),
    ("network_interface_id", Text("NetworkInterfaceId")),
    ("payment_type", Made(|desktop| payment_type(desktop, "ChargeType"))),
    ("policy_group_id", Text("PolicyGroupId")),
    ("status", Text("DesktopStatus")),
    ("system_disk_size", Number("SystemDiskSize")),
];

async fn ecd_snapshots(client: &Client, config: &Value) -> Result<DataRead, CloudError> {
    let names = [("desktop_id", "DesktopId"), ("snapshot_id", "SnapshotId")];
    let found = ecd_snapshot::LIST
        .all(client, texts_of(Parameters::default(), config, &names), object::whole)
        .await?;
    let selection = Selection::of(config)?;
    Ok(selected("snapshots", found, &selection, ("SnapshotId", "SnapshotName"), ECD_SNAPSHOT, config))
}

const ECD_SNAPSHOT: &[(&str, Column)] = &[
    ("create_time", Text("CreationTime")),
    ("description", Text("Description")),
    ("desktop_id", Text("DesktopId")),
    ("id", Text("SnapshotId")),
    ("progress", Text("Progress")),
    ("remain_time", Made(|snapshot| number_value(snapshot.integer("RemainTime")))),
    ("snapshot_id", Text("SnapshotId")),
    ("snapshot_name", Text("SnapshotName")),
    ("snapshot_type", Text("SnapshotType")),
    ("source_disk_size", Text("SourceDiskSize")),
    ("source_disk_type", Text("SourceDiskType")),
    ("status", Text("Status")),
];
