//! DescribeDesktops: the parents of desktop snapshots.

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, ordered};
use super::super::paging::Page;
use super::super::parameters::invalid;
use super::super::settings::{ECD_NAME_FILTER, ECS_ORDER, name_matches};
use super::super::tags::{TagFilter, mismatch};
use super::snapshots::SIZES;
use crate::sandbox::clock::utc_text;
use crate::sandbox::world::Desktop;

const STATUSES: [&str; 8] =
    ["Stopped", "Starting", "Rebuilding", "Running", "Stopping", "Expired", "Deleted", "Pending"];

/// How the value is read from a desktop that a parameter is compared with.
type ReadText = fn(&Desktop) -> &str;

pub(super) fn describe_desktops(call: &mut Call<'_, '_>) -> Answer {
    call.require_region()?;
    let parameters = call.parameters;
    let page = Page::by_token_or_number(parameters, SIZES, SIZES)?;
    let lists = |name: &str| {
        let list = parameters.list(name);
        if list.len() > 100 { Err(invalid(name)) } else { Ok(list) }
    };
    let ids = lists("DesktopId")?;
    let (users, excluded) = (lists("EndUserId")?, lists("ExcludedEndUserId")?);
    let mut statuses = lists("DesktopStatusList")?;
    statuses.extend(parameters.text("DesktopStatus"));
    if statuses.iter().any(|status| !STATUSES.contains(status)) {
        return Err(invalid("DesktopStatus"));
    }
    let texts: [(&str, ReadText); 5] = [
        ("OfficeSiteId", |desktop| &desktop.office_site_id),
        ("PolicyGroupId", |desktop| &desktop.policy_group_id),
        ("DirectoryId", |desktop| &desktop.directory_id),
        ("DesktopType", |desktop| &desktop.desktop_type),
        ("ProtocolType", |desktop| &desktop.protocol_type),
    ];
    let tags = TagFilter::read(parameters, &mismatch())?;
    let accepts = |desktop: &&Desktop| {
        let has = |user: &&str| desktop.end_user_ids.iter().any(|id| id == user);
        call.session.lists(desktop.created_ms)
            && (ids.is_empty() || ids.contains(&desktop.id.as_str()))
            && (statuses.is_empty() || statuses.contains(&desktop.status.as_str()))
            && (users.is_empty() || users.iter().any(has))
            && !excluded.iter().any(has)
            && texts.iter().all(|(name, read)| {
                parameters.text(name).is_none_or(|wanted| wanted == read(desktop))
            })
            && parameters.text("DesktopName").is_none_or(|wanted| {
                name_matches(call.session.options, &ECD_NAME_FILTER, &desktop.name, wanted)
            })
            // The text and the samples differ in the case of PostPaid.
            && parameters
                .text("ChargeType")
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(&desktop.charge_type))
            && tags.accepts(&desktop.tags)
    };
    let newest_first = call.session.options.is(&ECS_ORDER, "newest-first");
    let found = ordered(call.session.world.desktops.list(&call.place).filter(accepts), newest_first);
    let (items, token) = page.cut(&found, |desktop| &desktop.id);
    let items: Vec<Value> = items.iter().map(|desktop| describe(desktop)).collect();
    let mut answer = Map::new();
    answer.insert("Desktops".to_owned(), json!(items));
    answer.insert("NextToken".to_owned(), json!(token.unwrap_or_default()));
    answer.insert("TotalCount".to_owned(), json!(found.len()));
    Ok(answer)
}

fn describe(desktop: &Desktop) -> Value {
    let disks: Vec<Value> = desktop
        .disks
        .iter()
        .map(|disk| {
            json!({
                "DiskId": disk.id,
                "DiskType": disk.disk_type,
                "DiskSize": disk.size_gib,
                "DiskCategory": disk.category,
                "PerformanceLevel": disk.performance_level,
            })
        })
        .collect();
    let size = |kind: &str| {
        let disk = desktop.disks.iter().find(|disk| disk.disk_type.eq_ignore_ascii_case(kind));
        disk.map_or(0, |disk| disk.size_gib)
    };
    let tags: Vec<Value> =
        desktop.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
    json!({
        "DesktopId": desktop.id,
        "DesktopName": desktop.name,
        "DesktopStatus": desktop.status,
        "DesktopType": desktop.desktop_type,
        "OfficeSiteId": desktop.office_site_id,
        "DirectoryId": desktop.directory_id,
        "PolicyGroupId": desktop.policy_group_id,
        "ImageId": desktop.image_id,
        "NetworkInterfaceId": desktop.network_interface_id,
        "EndUserIds": desktop.end_user_ids,
        "ChargeType": desktop.charge_type,
        "ExpiredTime": desktop.expired_time,
        "ProtocolType": desktop.protocol_type,
        "OsType": desktop.os_type,
        "Cpu": desktop.cpu,
        "Memory": desktop.memory_mib,
        "CreationTime": utc_text(desktop.created_ms),
        "SystemDiskSize": size("SYSTEM"),
        "DataDiskSize": size("DATA").to_string(),
        "Disks": disks,
        "Tags": tags,
    })
}
