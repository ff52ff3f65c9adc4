//! DescribeDisks: the parents of snapshots.

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, ordered};
use super::super::envelope::Refusal;
use super::super::paging::{Page, Sizes};
use super::super::settings::{ECS_NAME_FILTER, ECS_ORDER, name_matches};
use super::super::tags::{TagFilter, mismatch};
use super::list::{creation_window, paging_fields, refuse_dry_run, tag_list};
use crate::sandbox::clock::{utc_minute_text, utc_text};
use crate::sandbox::world::EcsDisk;

/// MaxResults outside its range becomes the nearest bound, as the page says.
const TOKENED: Sizes = Sizes { default: 10, smallest: 10, largest: 500, clamped: true };
const NUMBERED: Sizes = Sizes { default: 10, smallest: 1, largest: 100, clamped: true };

const STATUSES: [&str; 9] = [
    "In_use",
    "Available",
    "Attaching",
    "Detaching",
    "Creating",
    "ReIniting",
    "Transferring",
    "Migrating",
    "All",
];
const CATEGORIES: [&str; 14] = [
    "all",
    "cloud",
    "cloud_efficiency",
    "cloud_ssd",
    "cloud_essd",
    "cloud_auto",
    "cloud_regional_disk_auto",
    "cloud_essd_entry",
    "elastic_ephemeral_disk_standard",
    "elastic_ephemeral_disk_premium",
    "local_ssd_pro",
    "local_hdd_pro",
    "ephemeral",
    "ephemeral_ssd",
];

pub(super) fn describe_disks(call: &mut Call<'_, '_>) -> Answer {
    let parameters = call.parameters;
    if parameters.text("RegionId").is_none() {
        // The page spells it so.
        return Err(Refusal::new(400, "MissingParamter.RegionId", "The parameter RegionId is missing."));
    }
    let filter = Filter::read(call)?;
    let page = Page::by_token_or_number(parameters, TOKENED, NUMBERED)?;
    refuse_dry_run(call)?;
    let newest_first = call.session.options.is(&ECS_ORDER, "newest-first");
    let found = filter.find(call, newest_first);
    let (items, token) = page.cut(&found, |disk| &disk.id);
    let items: Vec<Value> = items.iter().map(|disk| describe(disk)).collect();
    let mut answer = Map::new();
    answer.insert("Disks".to_owned(), json!({ "Disk": items }));
    paging_fields(&mut answer, call, &page, found.len(), token);
    Ok(answer)
}

/// How the value is read from a disk that a parameter is compared with.
type ReadText = fn(&EcsDisk) -> &str;
type ReadFlag = fn(&EcsDisk) -> bool;

struct Filter<'a> {
    ids: Option<Vec<String>>,
    texts: Vec<(&'a str, ReadText)>,
    flags: Vec<(bool, ReadFlag)>,
    name: Option<&'a str>,
    lock_reason: Option<&'a str>,
    tags: TagFilter,
    from_ms: i64,
    to_ms: i64,
}

impl<'a> Filter<'a> {
    fn read(call: &Call<'a, '_>) -> Result<Self, Refusal> {
        let parameters = call.parameters;
        let refuse = |status, code| Refusal::new(status, code, "The specified parameter value is not valid.");
        let ids = parameters.json_list("DiskIds").map_err(|_| refuse(403, "InvalidDiskIds.Malformed"))?;
        if ids.as_ref().is_some_and(|ids| ids.len() > 100) {
            return Err(refuse(404, "InvalidDiskIds.ValueNotSupported"));
        }
        let allowed = [
            ("DiskType", ["all", "system", "data"].as_slice(), 400, "InvalidDiskType.ValueNotSupported"),
            ("Category", CATEGORIES.as_slice(), 400, "InvalidCategory.ValueNotSupported"),
            ("Status", STATUSES.as_slice(), 400, "InvalidStatus.ValueNotSupported"),
            ("DiskChargeType", ["PrePaid", "PostPaid"].as_slice(), 404, "InvalidDiskChargeType.NotFound"),
            ("LockReason", ["financial", "security"].as_slice(), 404, "InvalidLockReason.NotFound"),
        ];
        for (name, words, status, code) in allowed {
            if parameters.text(name).is_some_and(|value| !words.contains(&value)) {
                return Err(refuse(status, code));
            }
        }
        let readers: [(&str, ReadText); 12] = [
            ("InstanceId", |disk| &disk.instance_id),
            ("ZoneId", |disk| &disk.zone),
            ("Status", |disk| &disk.status),
            ("DiskType", |disk| &disk.disk_type),
            ("Category", |disk| &disk.category),
            ("KMSKeyId", |disk| &disk.kms_key_id),
            ("ResourceGroupId", |disk| &disk.resource_group_id),
            ("SnapshotId", |disk| &disk.source_snapshot_id),
            ("AutoSnapshotPolicyId", |disk| &disk.auto_snapshot_policy_id),
            ("DiskChargeType", |disk| &disk.charge_type),
            ("PerformanceLevel", |disk| &disk.performance_level),
            (
                "MultiAttach",
                |disk| if disk.multi_attach.is_empty() { "Disabled" } else { &disk.multi_attach },
            ),
        ];
        let texts = readers
            .into_iter()
            .filter_map(|(name, read)| Some((parameters.text(name)?, read)))
            .filter(|(value, _)| !value.eq_ignore_ascii_case("all"))
            .collect();
        let readers: [(&str, ReadFlag); 6] = [
            ("Encrypted", |disk| disk.encrypted),
            ("Portable", |disk| disk.portable),
            ("DeleteWithInstance", |disk| disk.delete_with_instance),
            ("DeleteAutoSnapshot", |disk| disk.delete_auto_snapshot),
            ("EnableAutoSnapshot", |disk| disk.enable_auto_snapshot),
            ("EnableAutomatedSnapshotPolicy", |disk| disk.enable_automated_snapshot_policy),
        ];
        let mut flags = Vec::new();
        for (name, read) in readers {
            if let Some(wanted) = parameters.boolean(name)? {
                flags.push((wanted, read));
            }
        }
        let (from_ms, to_ms) = creation_window(call)?;
        Ok(Self {
            ids,
            texts,
            flags,
            name: parameters.text("DiskName"),
            lock_reason: parameters.text("LockReason"),
            tags: TagFilter::read(parameters, &mismatch())?,
            from_ms,
            to_ms,
        })
    }

    /// Takes the narrowest index that the filter allows.
    fn find<'w>(&self, call: &'w Call<'_, '_>, newest_first: bool) -> Vec<&'w EcsDisk> {
        let (table, place) = (&call.session.world.ecs_disks, &call.place);
        let accepts = |disk: &&EcsDisk| self.accepts(call, disk);
        let Some(ids) = &self.ids else {
            return ordered(table.list(place).filter(accepts), newest_first);
        };
        let mut found: Vec<&EcsDisk> =
            ids.iter().filter_map(|id| table.get(place, id)).filter(accepts).collect();
        found.sort_by_key(|disk| (disk.created_ms, &disk.id));
        found.dedup_by_key(|disk| &disk.id);
        ordered(found.into_iter(), newest_first)
    }

    fn accepts(&self, call: &Call<'_, '_>, disk: &EcsDisk) -> bool {
        call.session.lists(disk.created_ms)
            && self.texts.iter().all(|(wanted, read)| read(disk) == *wanted)
            && self.flags.iter().all(|(wanted, read)| read(disk) == *wanted)
            && self
                .name
                .is_none_or(|wanted| name_matches(call.session.options, &ECS_NAME_FILTER, &disk.name, wanted))
            && self.lock_reason.is_none_or(|wanted| disk.lock_reasons.iter().any(|it| it == wanted))
            && self.tags.accepts(&disk.tags)
            && (self.from_ms..=self.to_ms).contains(&disk.created_ms)
    }
}

fn describe(disk: &EcsDisk) -> Value {
    let attached = matches!(disk.status.as_str(), "In_use" | "Detaching");
    let minute = |ms: i64| if ms > 0 { utc_minute_text(ms) } else { String::new() };
    let attachments: Vec<Value> = attached
        .then(|| {
            json!({
                "InstanceId": disk.instance_id,
                "Device": disk.device,
                "AttachedTime": minute(disk.attached_ms),
            })
        })
        .into_iter()
        .collect();
    let locks: Vec<Value> = disk.lock_reasons.iter().map(|reason| json!({ "LockReason": reason })).collect();
    json!({
        "DiskId": disk.id,
        "DiskName": disk.name,
        "Description": disk.description,
        "Status": disk.status,
        "Type": disk.disk_type,
        "Category": disk.category,
        "Size": disk.size_gib,
        "InstanceId": if attached { disk.instance_id.as_str() } else { "" },
        "Device": if attached { disk.device.as_str() } else { "" },
        "Attachments": { "Attachment": attachments },
        "MountInstances": { "MountInstance": [] },
        "MountInstanceNum": 0,
        "AttachedTime": minute(disk.attached_ms),
        "DetachedTime": minute(disk.detached_ms),
        "CreationTime": utc_text(disk.created_ms),
        "ExpiredTime": disk.expired_time,
        "Encrypted": disk.encrypted,
        "KMSKeyId": disk.kms_key_id,
        "MultiAttach": if disk.multi_attach.is_empty() { "Disabled" } else { &disk.multi_attach },
        "Portable": disk.portable,
        "DeleteWithInstance": disk.delete_with_instance,
        "DeleteAutoSnapshot": disk.delete_auto_snapshot,
        "EnableAutoSnapshot": disk.enable_auto_snapshot,
        "EnableAutomatedSnapshotPolicy": disk.enable_automated_snapshot_policy,
        "AutoSnapshotPolicyId": disk.auto_snapshot_policy_id,
        "DiskChargeType": if disk.charge_type.is_empty() { "PostPaid" } else { &disk.charge_type },
        "PerformanceLevel": disk.performance_level,
        "ImageId": disk.image_id,
        "ProductCode": disk.product_code,
        "SourceSnapshotId": disk.source_snapshot_id,
        "IOPS": disk.iops,
        "IOPSRead": disk.iops,
        "IOPSWrite": disk.iops,
        "ZoneId": disk.zone,
        "RegionId": disk.place.region,
        "ResourceGroupId": disk.resource_group_id,
        "SerialNumber": disk.id.replacen("d-", "", 1),
        "OperationLocks": { "OperationLock": locks },
        "Tags": { "Tag": tag_list(&disk.tags) },
    })
}
