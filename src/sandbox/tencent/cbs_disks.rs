//! cbs: the disks, parents of backup points.

use serde_json::{Value, json};

use super::Context;
use super::answer::{Answer, ApiError, error, fields};
use super::cbs::{check_order, page};
use super::parameters::Arguments;
use crate::sandbox::world::CbsDisk;

pub(super) fn describe_disks(context: &mut Context, arguments: &Arguments) -> Answer {
    let ids = arguments.texts("DiskIds");
    let filters = arguments.objects("Filters");
    if !ids.is_empty() && !filters.is_empty() {
        return Err(error("InvalidParameter", "DiskIds and Filters cannot be given together."));
    }
    let descending = check_order(arguments, &["CREATE_TIME", "DEADLINE"])?;
    let test = |disk: &CbsDisk, filter: &Arguments| {
        matches(disk, filter.text("Name").unwrap_or_default(), &filter.texts("Values"))
    };
    // An unknown filter is refused even when there is nothing to filter.
    filters.iter().try_for_each(|filter| test(&CbsDisk::default(), filter).map(drop))?;
    let mut found: Vec<&CbsDisk> = Vec::new();
    for disk in context.session.world.cbs_disks.list(&context.place) {
        let mut hit = ids.is_empty() || ids.contains(&disk.id.as_str());
        for filter in &filters {
            hit &= test(disk, filter)?;
        }
        if hit {
            found.push(disk);
        }
    }
    if descending {
        found.reverse();
    }
    let policies = arguments.truth("ReturnBindAutoSnapshotPolicy").unwrap_or(false);
    let page = page(arguments, &found)?;
    let items: Vec<Value> = page.iter().map(|disk| item(context, disk, policies)).collect();
    Ok(fields(json!({"TotalCount": found.len(), "DiskSet": items})))
}

fn matches(disk: &CbsDisk, name: &str, values: &[&str]) -> Result<bool, ApiError> {
    let is = |have: &str| values.contains(&have);
    Ok(match name {
        "disk-usage" => is(&disk.usage),
        "disk-charge-type" => is(&disk.charge_type),
        "portable" => is(if disk.portable { "TRUE" } else { "FALSE" }),
        "project-id" => is(&disk.project_id.to_string()),
        "disk-id" => is(&disk.id),
        "disk-name" => is(&disk.name),
        "disk-type" => is(&disk.disk_type),
        "disk-state" => is(&disk.state),
        "instance-id" => is(&disk.instance_id),
        "zone" => is(&disk.zone),
        "instance-ip-address" => is(&disk.instance_ip),
        "instance-name" => is(&disk.instance_name),
        "tag-key" => disk.tags.keys().any(|key| is(key)),
        "tag-value" => disk.tags.values().any(|value| is(value)),
        "dedicated-cluster-id" | "cluster-group-id" => is(""),
        _ => match name.strip_prefix("tag:") {
            Some(key) => disk.tags.get(key).is_some_and(|value| is(value)),
            None => return Err(error("InvalidFilter", format!("There is no filter {name}."))),
        },
    })
}

fn item(context: &Context, disk: &CbsDisk, policies: bool) -> Value {
    let session = &context.session;
    let rolling = session.now_ms < disk.rollback_until_ms;
    let attached = !disk.instance_id.is_empty();
    let tags: Vec<Value> = disk.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    let mut item = fields(json!({
        "DeleteWithInstance": disk.usage == "SYSTEM_DISK",
        "RenewFlag": "NOTIFY_AND_MANUAL_RENEW",
        "DiskType": disk.disk_type,
        "DiskState": if rolling { "ROLLBACKING" } else { &disk.state },
        "SnapshotCount": 0,
        "AutoRenewFlagError": false,
        "Rollbacking": rolling,
        "InstanceIdList": if attached { json!([disk.instance_id]) } else { json!([]) },
        "Encrypt": disk.encrypt,
        "DiskName": disk.name,
        "BackupDisk": false,
        "Tags": tags,
        "InstanceId": disk.instance_id,
        "AttachMode": "PF",
        "AutoSnapshotPolicyIds": if policies { json!([]) } else { Value::Null },
        "ThroughputPerformance": disk.throughput,
        "Migrating": false,
        "DiskId": disk.id,
        "SnapshotSize": 0,
        "Placement": {
            "Zone": disk.zone, "ProjectId": disk.project_id, "ProjectName": Value::Null,
            "CageId": Value::Null, "CdcId": Value::Null, "CdcName": Value::Null, "DedicatedClusterId": "",
        },
    }));
    item.extend(fields(json!({
        "IsReturnable": true,
        "DeadlineTime": "",
        "Attached": attached,
        "DiskSize": disk.size_gib,
        "MigratePercent": 0,
        "DiskUsage": disk.usage,
        "DiskChargeType": disk.charge_type,
        "Portable": disk.portable,
        "SnapshotAbility": !disk.no_snapshots,
        "DeadlineError": false,
        "RollbackPercent": if rolling { 50 } else { 100 },
        "DifferDaysOfDeadline": 0,
        "ReturnFailCode": 0,
        "Shareable": false,
        "CreateTime": context.time(disk.created_ms),
        "DeleteSnapshot": 0,
        "DiskBackupQuota": disk.backup_quota,
        "DiskBackupCount": session.world.disk_backups.children(&context.place, &disk.id).count(),
        "InstanceType": if attached { "CVM" } else { "" },
        "LastAttachInsId": Value::Null,
        "ErrorPrompt": "",
        "BurstPerformance": false,
        "EncryptType": if disk.encrypt { json!("ENCRYPT_V2") } else { Value::Null },
        "KmsKeyId": if disk.kms_key_id.is_empty() { Value::Null } else { json!(disk.kms_key_id) },
    })));
    Value::Object(item)
}
