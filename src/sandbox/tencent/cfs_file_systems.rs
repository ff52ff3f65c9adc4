//! cfs: the file systems, parents of snapshots, and their mount targets.

use serde_json::{Value, json};

use super::Context;
use super::answer::{Answer, ApiError, error, fields};
use super::cfs::{check_tag_counts, file_system_id};
use super::cfs_list::page;
use super::parameters::Arguments;
use crate::sandbox::world::FileSystem;

pub(super) fn describe_file_systems(context: &mut Context, arguments: &Arguments) -> Answer {
    let given = |name: &str| arguments.text(name).filter(|text| !text.is_empty());
    let wanted = given("FileSystemId").map(file_system_id).transpose()?;
    let tags = arguments.tags("Tags");
    check_tag_counts(context, tags.len(), tags.len())?;
    let filters = arguments.objects("Filters");
    // An unknown filter is refused even when there is nothing to filter.
    let nothing = FileSystem::default();
    filters
        .iter()
        .try_for_each(|filter| filtered(&nothing, filter.text("Name").unwrap_or_default()).map(drop))?;
    let session = &context.session;
    let mut found: Vec<&FileSystem> = Vec::new();
    for file_system in session.world.file_systems.list(&context.place) {
        let mut hit = wanted.is_none_or(|id| file_system.id == id)
            && given("VpcId").is_none_or(|id| file_system.vpc_id == id)
            && given("SubnetId").is_none_or(|id| file_system.subnet_id == id)
            && given("CreationToken").is_none_or(|name| file_system.name == name)
            && tags.iter().all(|(key, value)| file_system.tags.get(key) == Some(value));
        for filter in &filters {
            let values = filter.texts("Values");
            hit &= values.contains(&filtered(file_system, filter.text("Name").unwrap_or_default())?);
        }
        if hit {
            found.push(file_system);
        }
    }
    let page = page(context, arguments, 10, &found)?;
    let items: Vec<Value> = page.iter().map(|file_system| item(context, file_system)).collect();
    Ok(fields(json!({"TotalCount": found.len(), "FileSystems": items})))
}

/// Returns the field that a filter is about.
fn filtered<'a>(file_system: &'a FileSystem, name: &str) -> Result<&'a str, ApiError> {
    Ok(match name {
        "Protocol" => &file_system.protocol,
        "StorageType" => &file_system.storage_type,
        "LifeCycleState" => &file_system.state,
        "Zone" => &file_system.zone,
        "IpAddress" => &file_system.mount_ip,
        "PGroupId" => &file_system.access_group_id,
        "PGroupName" => "default",
        "Scenario" => "",
        _ => return Err(error("InvalidParameter", format!("There is no filter {name}."))),
    })
}

fn item(context: &Context, file_system: &FileSystem) -> Value {
    let session = &context.session;
    let mut snapshots = session.world.cfs_snapshots.children(&context.place, &file_system.id);
    let snapping = snapshots.any(|snapshot| snapshot.life.is_creating(session.now_ms));
    let tags: Vec<Value> =
        file_system.tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value})).collect();
    json!({
        "CreationTime": context.time(file_system.created_ms),
        "CreationToken": file_system.name,
        "FileSystemId": file_system.id,
        "LifeCycleState": file_system.state,
        "SizeByte": file_system.size_bytes,
        "SizeLimit": file_system.size_limit_gib,
        "ZoneId": file_system.zone_id,
        "Zone": file_system.zone,
        "Protocol": file_system.protocol,
        "StorageType": file_system.storage_type,
        "StorageResourcePkg": "",
        "BandwidthResourcePkg": "",
        "PGroup": {"PGroupId": file_system.access_group_id, "Name": "default"},
        "FsName": file_system.name,
        "Encrypted": file_system.encrypted,
        "KmsKeyId": "",
        "AppId": context.app_id,
        "BandwidthLimit": 100.0,
        "AutoSnapshotPolicyId": "",
        "SnapStatus": if snapping { "snapping" } else { "normal" },
        "Capacity": file_system.capacity_gib,
        "Tags": tags,
        "TieringState": "NotAvailable",
        "TieringDetail": {"TieringSizeInBytes": 0, "SecondaryTieringSizeInBytes": 0},
        "AutoScaleUpRule": {"Status": "close", "ScaleThreshold": 85, "TargetThreshold": 75},
        "Version": "v1.5",
        "ExstraPerformanceInfo": [],
        "MetaType": "basic",
    })
}

pub(super) fn describe_mount_targets(context: &mut Context, arguments: &Arguments) -> Answer {
    let id = file_system_id(arguments.text("FileSystemId").unwrap_or_default())?;
    let file_system = context.session.world.file_systems.get(&context.place, id).ok_or_else(|| {
        error("ResourceNotFound.FileSystemNotFound", format!("The file system {id} does not exist."))
    })?;
    let short = id.trim_start_matches("cfs-");
    let target = json!({
        "FileSystemId": id,
        "MountTargetId": id,
        "IpAddress": file_system.mount_ip,
        "FSID": short,
        "LifeCycleState": "available",
        "NetworkInterface": "VPC",
        "VpcId": file_system.vpc_id,
        "VpcName": "",
        "SubnetId": file_system.subnet_id,
        "SubnetName": "",
        "CcnID": "",
        "CidrBlock": "",
    });
    let targets = if file_system.mount_ip.is_empty() { vec![] } else { vec![target] };
    Ok(fields(json!({"NumberOfMountTargets": targets.len(), "MountTargets": targets})))
}
