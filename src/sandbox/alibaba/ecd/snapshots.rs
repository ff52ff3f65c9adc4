//! CreateSnapshot, DescribeSnapshots and DeleteSnapshot of cloud desktops.

use serde_json::{Map, Value, json};

use super::super::call::{Answer, Call, ordered, walk};
use super::super::envelope::Refusal;
use super::super::naming::{check_ecd_description, check_ecd_name};
use super::super::paging::{Page, Sizes};
use super::super::parameters::{invalid, missing};
use super::super::settings::{
    ECD_BUSY, ECD_DELETE_UNKNOWN, ECD_NAME_FILTER, ECD_NAMES, ECD_READY_MS, ECD_SNAPSHOTS, ECS_ORDER,
    name_matches, name_rules,
};
use crate::sandbox::clock::{parse_utc, utc_text};
use crate::sandbox::world::{Desktop, EcdSnapshot, Phase};

pub(super) const SIZES: Sizes = Sizes { default: 10, smallest: 1, largest: 100, clamped: false };

pub(super) fn create_snapshot(call: &mut Call<'_, '_>) -> Answer {
    call.require_region()?;
    let parameters = call.parameters;
    let rules = name_rules(call.session.options);
    let desktop_id = parameters.required("DesktopId")?;
    let name = parameters.required("SnapshotName")?;
    check_ecd_name(name, rules)?;
    let description = parameters.text("Description").unwrap_or_default();
    check_ecd_description(description, rules)?;
    let disk_type = read_disk_type(parameters.required("SourceDiskType")?)?;
    let not_found =
        || Refusal::new(404, "InvalidDesktopId.NotFound", "The specified desktop does not exist.");
    let desktop = call.session.world.desktops.get(&call.place, desktop_id).ok_or_else(not_found)?;
    if !matches!(desktop.status.as_str(), "Running" | "Stopped") {
        return Err(incorrect_status("The desktop must be Running or Stopped."));
    }
    let disk = desktop.disks.iter().find(|disk| disk.disk_type.eq_ignore_ascii_case(disk_type));
    let size_gib = disk.ok_or_else(|| invalid("SourceDiskType"))?.size_gib;
    check_room(call, desktop, disk_type, name)?;

    let life = call.session.begin_life(&ECD_READY_MS);
    let id = call.session.ids.next_id("s-", 20);
    call.session.world.ecd_snapshots.insert(EcdSnapshot {
        place: call.place.clone(),
        id: id.clone(),
        desktop_id: desktop_id.to_owned(),
        name: name.to_owned(),
        description: description.to_owned(),
        life,
        source_disk_type: disk_type.to_owned(),
        source_disk_size_gib: size_gib,
        snapshot_type: "USER".to_owned(),
        creator: if call.caller.user.is_empty() { "Administrator" } else { &call.caller.user }.to_owned(),
    });
    Ok([("SnapshotId".to_owned(), json!(id))].into_iter().collect())
}

/// The page writes `system` and `data`, the Terraform provider sends upper case: both are accepted.
fn read_disk_type(text: &str) -> Result<&'static str, Refusal> {
    match text.to_ascii_uppercase().as_str() {
        "SYSTEM" => Ok("SYSTEM"),
        "DATA" => Ok("DATA"),
        _ => Err(invalid("SourceDiskType")),
    }
}

fn incorrect_status(message: &str) -> Refusal {
    Refusal::new(403, "IncorrectDesktopStatus", message)
}

fn check_room(call: &Call<'_, '_>, desktop: &Desktop, disk_type: &str, name: &str) -> Result<(), Refusal> {
    let most = call.session.options.number(&ECD_SNAPSHOTS);
    let mut kept = 0;
    for snapshot in call.session.world.ecd_snapshots.children(&call.place, &desktop.id) {
        kept += 1;
        let busy = snapshot.source_disk_type == disk_type && snapshot.life.is_creating(call.session.now_ms);
        if busy && call.session.options.is(&ECD_BUSY, "refused") {
            return Err(incorrect_status("A snapshot of this disk is still being created."));
        }
        if snapshot.name == name && call.session.options.is(&ECD_NAMES, "unique") {
            return Err(invalid("SnapshotName"));
        }
    }
    if call.session.effects.quota || (most > 0 && kept >= most) {
        return Err(Refusal::new(
            403,
            "QuotaExceed.Snapshot",
            "The snapshot quota of the specified desktop is exceeded.",
        ));
    }
    Ok(())
}

pub(super) fn describe_snapshots(call: &mut Call<'_, '_>) -> Answer {
    call.require_region()?;
    let parameters = call.parameters;
    let page = Page::by_token(parameters, SIZES)?;
    let time = |name: &str| {
        let text = parameters.text(name);
        text.map(|text| parse_utc(text).ok_or_else(|| invalid(name))).transpose()
    };
    let (from_ms, to_ms) = (time("StartTime")?.unwrap_or(i64::MIN), time("EndTime")?.unwrap_or(i64::MAX));
    let disk_type = parameters.text("SourceDiskType").map(read_disk_type).transpose()?;
    let kind = match parameters.text("SnapshotType").map(str::to_ascii_uppercase).as_deref() {
        None | Some("ALL") => None,
        Some("USER") => Some("USER"),
        Some("AUTO") => Some("AUTO"),
        Some(_) => return Err(invalid("SnapshotType")),
    };
    let (desktop_id, id) = (parameters.text("DesktopId"), parameters.text("SnapshotId"));
    let (name, creator) = (parameters.text("SnapshotName"), parameters.text("Creator"));
    let (desktop_name, os_type) = (parameters.text("DesktopName"), parameters.text("OsType"));
    let name_is = |name: &str, wanted: Option<&str>| {
        wanted.is_none_or(|wanted| name_matches(call.session.options, &ECD_NAME_FILTER, name, wanted))
    };
    let accepts = |snapshot: &&EcdSnapshot| {
        let of_desktop = |read: fn(&Desktop) -> &str| {
            call.session.world.desktops.get(&call.place, &snapshot.desktop_id).map_or("", read)
        };
        call.session.lists(snapshot.life.created_ms)
            && name_is(&snapshot.name, name)
            && desktop_name.is_none_or(|wanted| name_is(of_desktop(|it| &it.name), Some(wanted)))
            && desktop_id.is_none_or(|wanted| wanted == snapshot.desktop_id)
            && kind.is_none_or(|wanted| wanted == snapshot.snapshot_type)
            && disk_type.is_none_or(|wanted| wanted == snapshot.source_disk_type)
            && os_type.is_none_or(|wanted| wanted.eq_ignore_ascii_case(of_desktop(|it| &it.os_type)))
            && creator.is_none_or(|wanted| wanted == snapshot.creator)
            && (from_ms..=to_ms).contains(&snapshot.life.created_ms)
    };
    let table = &call.session.world.ecd_snapshots;
    let newest_first = call.session.options.is(&ECS_ORDER, "newest-first");
    let whole = |candidates: Vec<&'_ EcdSnapshot>| {
        let found: Vec<&EcdSnapshot> = candidates.into_iter().filter(|it| accepts(it)).collect();
        let (items, token) = page.cut(&found, |snapshot| &snapshot.id);
        (items.iter().map(|snapshot| describe(call, snapshot)).collect::<Vec<Value>>(), token)
    };
    let everything = id.is_none() && desktop_id.is_none();
    let behind = if everything { walk(table, &call.place, newest_first, page.after()) } else { None };
    let selected = behind.map(|all| page.select(all, |snapshot| &snapshot.id, |snapshot| accepts(&snapshot)));
    let (items, token) = match (selected, id, desktop_id) {
        (Some((items, token)), ..) => {
            (items.into_iter().map(|snapshot| describe(call, snapshot)).collect(), token)
        }
        (None, Some(id), _) => whole(table.get(&call.place, id).into_iter().collect()),
        (None, None, Some(desktop)) => whole(ordered(table.children(&call.place, desktop), newest_first)),
        (None, None, None) => whole(ordered(table.list(&call.place), newest_first)),
    };
    let mut answer = Map::new();
    answer.insert("Snapshots".to_owned(), json!(items));
    answer.insert("NextToken".to_owned(), json!(token.unwrap_or_default()));
    Ok(answer)
}

fn describe(call: &Call<'_, '_>, snapshot: &EcdSnapshot) -> Value {
    let (status, progress, remain) = match snapshot.life.phase(call.session.now_ms) {
        // -1 while the service still computes the time left.
        Phase::Creating { percent: 0 } => ("PROGRESSING", "0%".to_owned(), -1),
        Phase::Creating { percent } => {
            ("PROGRESSING", format!("{percent}%"), snapshot.life.remaining_seconds(call.session.now_ms))
        }
        Phase::Failed => ("FAILED", "0%".to_owned(), 0),
        Phase::Ready | Phase::Deleting => ("ACCOMPLISHED", "100%".to_owned(), 0),
    };
    let desktop = call.session.world.desktops.get(&call.place, &snapshot.desktop_id);
    let of = |read: fn(&Desktop) -> &str| desktop.map_or("", read);
    json!({
        "SnapshotId": snapshot.id,
        "SnapshotName": snapshot.name,
        "Description": snapshot.description,
        "Status": status,
        "Progress": progress,
        "RemainTime": remain,
        "SnapshotType": snapshot.snapshot_type,
        "SourceDiskType": snapshot.source_disk_type,
        "SourceDiskSize": snapshot.source_disk_size_gib.to_string(),
        "DesktopId": snapshot.desktop_id,
        "DesktopName": of(|desktop| &desktop.name),
        "DesktopStatus": if desktop.is_some() { of(|desktop| &desktop.status) } else { "Deleted" },
        "DiskStatus": if desktop.is_some() { "Available" } else { "Deleted" },
        "Creator": snapshot.creator,
        "CreationTime": utc_text(snapshot.life.created_ms),
        "DeletionTime": "",
        "ProtocolType": of(|desktop| &desktop.protocol_type),
        "OsType": of(|desktop| &desktop.os_type),
        "VolumeEncryptionEnabled": false,
        "VolumeEncryptionKey": "",
        "RestorePointId": "",
        "RestorePointName": "",
    })
}

/// Unknown ids are passed over, as the help page says.
pub(super) fn delete_snapshot(call: &mut Call<'_, '_>) -> Answer {
    call.require_region()?;
    let ids = call.parameters.list("SnapshotId");
    if ids.is_empty() {
        return Err(missing("SnapshotId"));
    }
    if ids.len() > 100 {
        return Err(invalid("SnapshotId"));
    }
    let known = |id: &&str| call.session.world.ecd_snapshots.get(&call.place, id).is_some();
    if call.session.unknown_is_error(&ECD_DELETE_UNKNOWN) && !ids.iter().all(known) {
        return Err(Refusal::new(
            404,
            "InvalidSnapshotId.NotFound",
            "The specified snapshot does not exist.",
        ));
    }
    // The answer has no result per id: a part that was not deleted shows only in the next list.
    let step = if call.session.effects.partial_batch { 2 } else { 1 };
    for id in ids.into_iter().step_by(step) {
        call.session.world.ecd_snapshots.delete(&call.place, id);
    }
    Ok(Map::new())
}
