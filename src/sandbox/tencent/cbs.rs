//! cbs 2017-03-12: backup points of disks.

use serde_json::{Value, json};

use super::answer::{Answer, ApiError, Fields, error, fields};
use super::cbs_disks::describe_disks;
use super::parameters::{Arguments, FILTERS, Kind, TEXTS, optional, required};
use super::{Action, Context, cbs_daily, settings};
use crate::sandbox::faults::NotFound;
use crate::sandbox::world::{CbsDisk, DiskBackup, Phase};

/// The actions of this service.
pub(super) static ACTIONS: &[Action] = &[
    Action {
        name: "CreateDiskBackup",
        parameters: &[required("DiskId", Kind::Text), optional("DiskBackupName", Kind::Text)],
        per_second: 20,
        run: create,
    },
    Action {
        name: "DescribeDiskBackups",
        parameters: &[
            optional("DiskBackupIds", TEXTS),
            optional("Filters", FILTERS),
            optional("Offset", Kind::Unsigned),
            optional("Limit", Kind::Unsigned),
            optional("Order", Kind::Text),
            optional("OrderField", Kind::Text),
        ],
        per_second: 20,
        run: describe,
    },
    Action {
        name: "DeleteDiskBackups",
        parameters: &[required("DiskBackupIds", TEXTS)],
        per_second: 20,
        run: delete,
    },
    Action {
        name: "ModifyDiskBackupQuota",
        parameters: &[required("DiskId", Kind::Text), required("DiskBackupQuota", Kind::Unsigned)],
        per_second: 20,
        run: modify_quota,
    },
    Action {
        name: "ApplyDiskBackup",
        parameters: &[
            required("DiskBackupId", Kind::Text),
            required("DiskId", Kind::Text),
            optional("AutoStopInstance", Kind::Bool),
            optional("AutoStartInstance", Kind::Bool),
        ],
        per_second: 20,
        run: apply,
    },
    Action {
        name: "DescribeDisks",
        parameters: &[
            optional("DiskIds", TEXTS),
            optional("Filters", FILTERS),
            optional("Offset", Kind::Unsigned),
            optional("Limit", Kind::Unsigned),
            optional("Order", Kind::Text),
            optional("OrderField", Kind::Text),
            optional("ReturnBindAutoSnapshotPolicy", Kind::Bool),
        ],
        per_second: 100,
        run: describe_disks,
    },
];

fn create(context: &mut Context, arguments: &Arguments) -> Answer {
    cbs_daily::rotate(context);
    let id = arguments.text("DiskId").unwrap_or_default();
    let mut name = arguments.text("DiskBackupName").unwrap_or_default().to_owned();
    if name.chars().count() > 100 {
        return Err(error("InvalidParameter", "DiskBackupName may have 100 characters at most."));
    }
    let disk = context.session.world.cbs_disks.get(&context.place, id).cloned();
    let disk =
        disk.ok_or_else(|| error("InvalidDiskId.NotFound", format!("The disk {id} does not exist.")))?;
    check_disk(context, &disk)?;
    let fill = context.session.effects.default_name
        || context.session.options.is(&settings::CBS_DEFAULT_NAME, "filled");
    if name.is_empty() && fill {
        name = "Untitled".to_owned();
    }
    let backup = DiskBackup {
        place: context.place.clone(),
        id: context.session.ids.next_id("dbp-", 8),
        disk_id: disk.id,
        name,
        life: context.session.begin_life(&settings::CBS_CREATE_MS),
        size_gib: disk.size_gib,
        usage: disk.usage,
        encrypt: disk.encrypt,
        rollback_until_ms: 0,
        automatic: false,
    };
    let answer = fields(json!({"DiskBackupId": backup.id}));
    context.session.world.disk_backups.insert(backup);
    Ok(answer)
}

fn check_disk(context: &Context, disk: &CbsDisk) -> Result<(), ApiError> {
    let session = &context.session;
    if disk.no_snapshots {
        let message = format!("The disk {} does not support backup points.", disk.id);
        return Err(error("ResourceUnavailable.NotSupported", message));
    }
    if session.now_ms < disk.rollback_until_ms || disk.state == "ROLLBACKING" {
        return Err(error(
            "ResourceInUse.DiskRollbacking",
            "A rollback of the disk is running; try again later.",
        ));
    }
    if !matches!(disk.state.as_str(), "ATTACHED" | "UNATTACHED") {
        let message = format!("The disk {} is {}; try again later.", disk.id, disk.state);
        return Err(error("InvalidDisk.Busy", message));
    }
    let mut count = 0;
    for backup in session.world.disk_backups.children(&context.place, &disk.id) {
        count += 1;
        if backup.life.is_creating(session.now_ms) && session.options.is(&settings::CBS_PARALLEL, "refused") {
            let message = "A backup point of the disk is being created; try again later.";
            return Err(error("ResourceBusy", message));
        }
    }
    if count >= disk.backup_quota || session.effects.quota {
        let message = format!(
            "The disk {} has {count} backup points and a quota of {}; raise the quota or delete a point.",
            disk.id, disk.backup_quota
        );
        return Err(error("ResourceInsufficient.OverQuota", message));
    }
    Ok(())
}

fn describe(context: &mut Context, arguments: &Arguments) -> Answer {
    cbs_daily::rotate(context);
    let ids = arguments.texts("DiskBackupIds");
    let filters = arguments.objects("Filters");
    if !ids.is_empty() && !filters.is_empty() {
        return Err(error("InvalidParameter", "DiskBackupIds and Filters cannot be given together."));
    }
    // An unknown filter is refused even when there is nothing to filter.
    filters.iter().try_for_each(|filter| matches(&DiskBackup::default(), filter).map(drop))?;
    let descending = check_order(arguments, &["CREATE_TIME"])?;
    let session = &context.session;
    let table = &session.world.disk_backups;
    let mut found: Vec<&DiskBackup> = Vec::new();
    let one_disk = filters.iter().find(|filter| filter.text("Name") == Some("disk-id"));
    let candidates: Vec<&DiskBackup> = match (ids.is_empty(), one_disk.map(|filter| filter.texts("Values"))) {
        (false, _) => table_order(ids.iter().filter_map(|id| table.get(&context.place, id)).collect()),
        (true, Some(disks)) => {
            table_order(disks.iter().flat_map(|disk| table.children(&context.place, disk)).collect())
        }
        (true, None) => table.list(&context.place).collect(),
    };
    // A page of a long list shall not cost a look at each object.
    let all = ids.is_empty() && filters.is_empty() && session.lists(table.latest_ms(&context.place));
    for backup in candidates {
        if all {
            found.push(backup);
            continue;
        }
        let mut hit = session.lists(backup.life.created_ms);
        for filter in &filters {
            hit &= matches(backup, filter)?;
        }
        if hit {
            found.push(backup);
        }
    }
    // The documents list no code for this; only a fault makes it happen.
    if session.effects.not_found == Some(NotFound::Error) && found.is_empty() && !ids.is_empty() {
        return Err(not_found("backup point", ids[0]));
    }
    if descending {
        found.reverse();
    }
    let page = page(arguments, &found)?;
    let items: Vec<Value> = page.iter().map(|backup| item(context, backup)).collect();
    Ok(fields(json!({"TotalCount": found.len(), "DiskBackupSet": items})))
}

fn matches(backup: &DiskBackup, filter: &Arguments) -> Result<bool, ApiError> {
    let values = filter.texts("Values");
    Ok(match filter.text("Name").unwrap_or_default() {
        "disk-backup-id" => values.contains(&backup.id.as_str()),
        "disk-id" => values.contains(&backup.disk_id.as_str()),
        "disk-usage" => values.contains(&backup.usage.as_str()),
        name => return Err(error("InvalidFilter", format!("There is no filter {name}."))),
    })
}

/// Returns the points oldest first, each once.
fn table_order(mut backups: Vec<&DiskBackup>) -> Vec<&DiskBackup> {
    backups.sort_by_key(|backup| (backup.life.created_ms, &backup.id));
    backups.dedup_by_key(|backup| &backup.id);
    backups
}

/// Returns whether the newest come first; checks `Order` and `OrderField`.
pub(super) fn check_order(arguments: &Arguments, known: &[&str]) -> Result<bool, ApiError> {
    if let Some(field) = arguments.text("OrderField").filter(|field| !field.is_empty())
        && !known.contains(&field)
    {
        return Err(error("InvalidParameter", format!("OrderField must be {}.", known.join(" or "))));
    }
    match arguments.text("Order").unwrap_or_default() {
        "" | "ASC" => Ok(false),
        "DESC" => Ok(true),
        _ => Err(error("InvalidParameter", "Order must be ASC or DESC.")),
    }
}

/// Returns the part of a list that `Offset` and `Limit` (default 20, at most 100) ask for.
pub(super) fn page<'a, T>(arguments: &Arguments, found: &'a [T]) -> Result<&'a [T], ApiError> {
    let limit = arguments.number("Limit").unwrap_or(20);
    if limit > 100 {
        return Err(error("InvalidParameter", "Limit may be 100 at most."));
    }
    let offset = usize::try_from(arguments.number("Offset").unwrap_or(0)).unwrap_or(usize::MAX);
    let begin = offset.min(found.len());
    let end = begin.saturating_add(usize::try_from(limit).unwrap_or(0)).min(found.len());
    Ok(&found[begin..end])
}

fn item(context: &Context, backup: &DiskBackup) -> Value {
    let percent = match backup.life.phase(context.session.now_ms) {
        Phase::Creating { percent } => percent,
        _ => 100,
    };
    let created = if context.session.options.is(&settings::CBS_CREATE_TIME, "iso8601") {
        let zone = if context.zone_hours() == 0 { "+00:00" } else { "+08:00" };
        format!("{}{zone}", context.time(backup.life.created_ms).replace(' ', "T"))
    } else {
        context.time(backup.life.created_ms)
    };
    json!({
        "DiskBackupId": backup.id,
        "DiskId": backup.disk_id,
        "DiskSize": backup.size_gib,
        "DiskUsage": backup.usage,
        "DiskBackupName": backup.name,
        "DiskBackupState": backup.state(context.session.now_ms),
        "Percent": percent,
        "CreateTime": created,
        "Encrypt": backup.encrypt,
    })
}

fn delete(context: &mut Context, arguments: &Arguments) -> Answer {
    let ids = arguments.texts("DiskBackupIds");
    let most = context.session.options.number(&settings::CBS_DELETE_MAX);
    if ids.is_empty() || (most > 0 && ids.len() as i64 > most) {
        return Err(error("InvalidParameter", "DiskBackupIds is empty or too long."));
    }
    if context.session.options.is(&settings::CBS_DELETE_LIST, "all-or-nothing") {
        ids.iter().try_for_each(|id| may_delete(context, id))?;
    }
    let mut failure = None;
    for id in ids {
        match may_delete(context, id) {
            Ok(()) => remove(context, id),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or(Ok(Fields::new()), Err)
}

fn may_delete(context: &Context, id: &str) -> Result<(), ApiError> {
    let session = &context.session;
    let Some(backup) = session.world.disk_backups.get(&context.place, id) else {
        let refused = session.unknown_is_error(&settings::CBS_DELETE_UNKNOWN);
        return if refused { Err(not_found("backup point", id)) } else { Ok(()) };
    };
    let creating = backup.life.is_creating(session.now_ms);
    let rolling = session.now_ms < backup.rollback_until_ms;
    if rolling || (creating && session.options.is(&settings::CBS_DELETE_CREATING, "refused")) {
        let message = format!("The backup point {id} is {}; try again later.", backup.state(session.now_ms));
        return Err(error("ResourceBusy", message));
    }
    Ok(())
}

fn remove(context: &mut Context, id: &str) {
    let session = &mut context.session;
    let (now, duration) = (session.now_ms, session.options.number(&settings::CBS_DELETE_MS));
    if duration == 0 {
        session.world.disk_backups.delete(&context.place, id);
    } else {
        session.world.disk_backups.update(&context.place, id, |backup| backup.life.delete(now, duration));
    }
}

fn not_found(what: &str, id: &str) -> ApiError {
    error("ResourceNotFound.NotFound", format!("The {what} {id} does not exist."))
}

fn modify_quota(context: &mut Context, arguments: &Arguments) -> Answer {
    let id = arguments.text("DiskId").unwrap_or_default();
    let quota = arguments.number("DiskBackupQuota").unwrap_or(0);
    if !(1..=1024).contains(&quota) {
        return Err(error("InvalidParameter", "DiskBackupQuota must be 1 to 1024."));
    }
    let disks = &mut context.session.world.cbs_disks;
    let disk = disks.get(&context.place, id).ok_or_else(|| not_found("disk", id))?;
    if disk.no_snapshots {
        return Err(error("ResourceUnavailable.NotSupported", "The disk does not support backup points."));
    }
    disks.update(&context.place, id, |disk| disk.backup_quota = quota.unsigned_abs());
    Ok(Fields::new())
}

fn apply(context: &mut Context, arguments: &Arguments) -> Answer {
    let id = arguments.text("DiskBackupId").unwrap_or_default();
    let disk_id = arguments.text("DiskId").unwrap_or_default();
    let stops = arguments.truth("AutoStopInstance").unwrap_or(false);
    let session = &mut context.session;
    let (now, until) = (session.now_ms, session.now_ms + session.options.number(&settings::CBS_ROLLBACK_MS));
    let disk = session.world.cbs_disks.get(&context.place, disk_id);
    let disk =
        disk.ok_or_else(|| error("InvalidDiskId.NotFound", format!("The disk {disk_id} does not exist.")))?;
    let backup = session.world.disk_backups.get(&context.place, id);
    let backup = backup.ok_or_else(|| not_found("backup point", id))?;
    if backup.disk_id != disk_id {
        return Err(error("InvalidDisk.NotSupported", "A backup point can be applied to its own disk only."));
    }
    if now < disk.rollback_until_ms {
        return Err(error(
            "ResourceInUse.DiskRollbacking",
            "A rollback of the disk is running; try again later.",
        ));
    }
    if backup.state(now) != "NORMAL" {
        return Err(error("ResourceBusy", "The backup point is not ready; try again later."));
    }
    if disk.state == "ATTACHED" && !stops {
        let message = "The disk must be detached or its instance stopped; AutoStopInstance does the latter.";
        return Err(error("InvalidDisk.Busy", message));
    }
    session.world.cbs_disks.update(&context.place, disk_id, |disk| disk.rollback_until_ms = until);
    session.world.disk_backups.update(&context.place, id, |backup| backup.rollback_until_ms = until);
    Ok(Fields::new())
}
