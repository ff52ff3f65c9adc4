//! cfs 2019-07-19: snapshots of file systems.

use std::collections::BTreeMap;

use serde_json::json;

use super::answer::{Answer, ApiError, error, fields};
use super::cfs_file_systems::{describe_file_systems, describe_mount_targets};
use super::cfs_list::{describe, operation_logs, overview};
use super::parameters::{Arguments, FILTERS, Kind, TAGS, TEXTS, optional, required};
use super::{Action, Context, settings};
use crate::sandbox::world::{CfsSnapshot, FileSystem};

/// The actions of this service.
pub(super) static ACTIONS: &[Action] = &[
    Action {
        name: "CreateCfsSnapshot",
        parameters: &[
            required("FileSystemId", Kind::Text),
            optional("SnapshotName", Kind::Text),
            optional("ResourceTags", TAGS),
        ],
        per_second: 20,
        run: create,
    },
    Action {
        name: "DescribeCfsSnapshots",
        parameters: &[
            optional("FileSystemId", Kind::Text),
            optional("SnapshotId", Kind::Text),
            optional("Offset", Kind::Unsigned),
            optional("Limit", Kind::Unsigned),
            optional("Filters", FILTERS),
            optional("OrderField", Kind::Text),
            optional("Order", Kind::Text),
        ],
        per_second: 20,
        run: describe,
    },
    Action {
        name: "UpdateCfsSnapshotAttribute",
        parameters: &[
            required("SnapshotId", Kind::Text),
            optional("SnapshotName", Kind::Text),
            optional("AliveDays", Kind::Unsigned),
        ],
        per_second: 20,
        run: update,
    },
    Action {
        name: "DeleteCfsSnapshot",
        parameters: &[optional("SnapshotId", Kind::Text), optional("SnapshotIds", TEXTS)],
        per_second: 20,
        run: delete,
    },
    Action { name: "DescribeCfsSnapshotOverview", parameters: &[], per_second: 20, run: overview },
    Action {
        name: "DescribeSnapshotOperationLogs",
        parameters: &[
            required("SnapshotId", Kind::Text),
            required("StartTime", Kind::Text),
            required("EndTime", Kind::Text),
        ],
        per_second: 20,
        run: operation_logs,
    },
    Action {
        name: "DescribeCfsFileSystems",
        parameters: &[
            optional("FileSystemId", Kind::Text),
            optional("VpcId", Kind::Text),
            optional("SubnetId", Kind::Text),
            optional("Offset", Kind::Unsigned),
            optional("Limit", Kind::Unsigned),
            optional("CreationToken", Kind::Text),
            optional("Filters", FILTERS),
            optional("Tags", TAGS),
        ],
        per_second: 20,
        run: describe_file_systems,
    },
    Action {
        name: "DescribeMountTargets",
        parameters: &[required("FileSystemId", Kind::Text)],
        per_second: 20,
        run: describe_mount_targets,
    },
];

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Returns a parent id, or the errors of one that is empty or not of the form.
pub(super) fn file_system_id(text: &str) -> Result<&str, ApiError> {
    if text.is_empty() {
        return Err(error("InvalidParameterValue.MissingFileSystemId", "FileSystemId is empty."));
    }
    if !text.starts_with("cfs-") {
        return Err(error("InvalidParameterValue.InvalidFileSystemId", "FileSystemId must begin with cfs-."));
    }
    Ok(text)
}

fn create(context: &mut Context, arguments: &Arguments) -> Answer {
    let id = file_system_id(arguments.text("FileSystemId").unwrap_or_default())?.to_owned();
    let mut name = arguments.text("SnapshotName").unwrap_or_default().to_owned();
    check_name(&name)?;
    let tags = check_tags(context, &arguments.tags("ResourceTags"))?;
    let world = &context.session.world;
    let parent = world.file_systems.get(&context.place, &id).cloned().ok_or_else(|| {
        error("ResourceNotFound.FileSystemNotFound", format!("The file system {id} does not exist."))
    })?;
    check_parent(context, &parent, &name)?;
    let fill = context.session.effects.default_name
        || context.session.options.is(&settings::CFS_DEFAULT_NAME, "filled");
    if name.is_empty() && fill {
        name = "Untitled".to_owned();
    }
    let snapshot = CfsSnapshot {
        place: context.place.clone(),
        id: context.session.ids.next_id("snapcfs-", 8),
        file_system_id: id,
        file_system_name: parent.name,
        name,
        life: context.session.begin_life(&settings::CFS_CREATE_MS),
        alive_days: 0,
        size_mib: parent.size_bytes.div_ceil(1024 * 1024),
        snapshot_type: if parent.protocol == "TURBO" { "turbo" } else { "general" }.to_owned(),
        rolling_back: false,
        tags,
    };
    let answer = fields(json!({"SnapshotId": snapshot.id}));
    context.session.world.cfs_snapshots.insert(snapshot);
    Ok(answer)
}

/// Checks what the file system allows.
fn check_parent(context: &Context, parent: &FileSystem, name: &str) -> Result<(), ApiError> {
    let session = &context.session;
    let options = session.options;
    if parent.state != "available" {
        let message = format!("The file system {} is {}; it must be available.", parent.id, parent.state);
        return Err(error("InvalidParameterValue.InvalidFsStatus", message));
    }
    if parent.too_large {
        let message = "The file system is larger than snapshots support.";
        return Err(error("ResourceInsufficient.SnapshotSizeLimitExceeded", message));
    }
    let mut count = 0;
    for snapshot in session.world.cfs_snapshots.children(&context.place, &parent.id) {
        count += 1;
        if snapshot.life.is_creating(session.now_ms) && options.is(&settings::CFS_PARALLEL, "refused") {
            let message = "A snapshot of the file system is being created; try again later.";
            return Err(error("InvalidParameterValue.InvalidFsStatus", message));
        }
        if !name.is_empty() && snapshot.name == name && options.is(&settings::CFS_DUPLICATE_NAMES, "refused")
        {
            let message = "The file system has a snapshot of this name already.";
            return Err(error("InvalidParameter.InvalidSnapshotName", message));
        }
    }
    if count >= options.number(&settings::CFS_SNAPSHOTS) || session.effects.quota {
        let code = options.text(&settings::CFS_QUOTA_CODE);
        return Err(error(&code, format!("The file system has {count} snapshots; no more are allowed.")));
    }
    Ok(())
}

/// Up to 64 letters, Chinese characters, digits, `_` and `-`.
fn check_name(name: &str) -> Result<(), ApiError> {
    if name.chars().count() > 64 {
        let message = "SnapshotName may have 64 characters at most.";
        return Err(error("InvalidParameter.SnapshotNameLimitExceeded", message));
    }
    let allowed = |letter: char| {
        letter.is_ascii_alphanumeric()
            || matches!(letter, '_' | '-' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
    };
    if !name.chars().all(allowed) {
        let message = "SnapshotName may hold Chinese characters, letters, digits, _ and - only.";
        return Err(error("InvalidParameter.InvalidSnapshotName", message));
    }
    Ok(())
}

fn check_tags(context: &Context, tags: &[(String, String)]) -> Result<BTreeMap<String, String>, ApiError> {
    let refuse = |code: &str, message: &str| Err(error(&format!("InvalidParameterValue.{code}"), message));
    let options = context.session.options;
    let mut checked = BTreeMap::new();
    for (key, value) in tags {
        if key.is_empty() || key.chars().any(char::is_control) {
            return refuse("InvalidTagKey", "A tag key is empty or has characters that are not allowed.");
        }
        if key.len() > 127 {
            return refuse("TagKeyLimitExceeded", "A tag key may have 127 bytes at most.");
        }
        if value.is_empty() || value.chars().any(char::is_control) {
            return refuse("InvalidTagValue", "A tag value is empty or has characters that are not allowed.");
        }
        if value.len() > 255 {
            return refuse("TagValueLimitExceeded", "A tag value may have 255 bytes at most.");
        }
        if checked.insert(key.clone(), value.clone()).is_some() {
            return refuse("InvalidResourceTags", "A tag key is given twice.");
        }
    }
    check_tag_counts(context, tags.len(), tags.len())?;
    if options.number(&settings::CFS_TAG_KEYS) >= 50 && checked.len() > 50 {
        return Err(error("ResourceInsufficient.TagLimitExceeded", "A resource may have 50 tags."));
    }
    Ok(checked)
}

/// Checks how many tag keys and values one request names.
pub(super) fn check_tag_counts(context: &Context, keys: usize, values: usize) -> Result<(), ApiError> {
    let options = context.session.options;
    let limit = |setting| usize::try_from(options.number(setting)).unwrap_or(usize::MAX);
    let (most_keys, most_values) = (limit(&settings::CFS_TAG_KEYS), limit(&settings::CFS_TAG_VALUES));
    if keys > most_keys {
        let message = format!("A request may name {most_keys} tag keys.");
        return Err(error("InvalidParameterValue.TagKeyFilterLimitExceeded", message));
    }
    if values > most_values {
        let message = format!("A request may name {most_values} tag values.");
        return Err(error("InvalidParameterValue.TagValueFilterLimitExceeded", message));
    }
    Ok(())
}

pub(super) fn not_found(id: &str) -> ApiError {
    error("ResourceNotFound.SnapshotNotFound", format!("The snapshot {id} does not exist."))
}

fn busy(snapshot: &CfsSnapshot, status: &str) -> ApiError {
    let message = format!("The snapshot {} is {status}; try again when it is available.", snapshot.id);
    error("InvalidParameterValue.InvalidSnapshotStatus", message)
}

fn update(context: &mut Context, arguments: &Arguments) -> Answer {
    let id = arguments.text("SnapshotId").unwrap_or_default();
    let name = arguments.text("SnapshotName").filter(|name| !name.is_empty());
    let days = arguments.number("AliveDays");
    if name.is_none() && days.is_none() {
        let message = "Give SnapshotName, AliveDays or both.";
        return Err(error("InvalidParameterValue.MissingSnapNameOrAliveDay", message));
    }
    if let Some(name) = name {
        check_name(name)?;
    }
    let now = context.session.now_ms;
    let finite_allowed = context.session.options.is(&settings::CFS_FINITE, "allowed");
    let snapshots = &mut context.session.world.cfs_snapshots;
    let snapshot = snapshots.get(&context.place, id).ok_or_else(|| not_found(id))?;
    let status = snapshot.status(now);
    if status != "available" {
        return Err(busy(snapshot, status));
    }
    if snapshot.life.expires_ms.is_none() && days.is_some_and(|days| days > 0) && !finite_allowed {
        let message = "A snapshot that is kept for ever cannot be given a finite lifetime.";
        return Err(error("InvalidParameterValue.InvalidAliveDays", message));
    }
    snapshots.update(&context.place, id, |snapshot| {
        if let Some(name) = name {
            snapshot.name = name.to_owned();
        }
        if let Some(days) = days {
            snapshot.alive_days = u64::try_from(days).unwrap_or(0);
            let end = snapshot.life.created_ms.saturating_add(days.saturating_mul(DAY_MS));
            snapshot.life.expires_ms = (days > 0).then_some(end);
        }
    });
    Ok(fields(json!({"SnapshotId": id})))
}

fn delete(context: &mut Context, arguments: &Arguments) -> Answer {
    let mut ids: Vec<String> = arguments.texts("SnapshotIds").into_iter().map(str::to_owned).collect();
    if let Some(id) = arguments.text("SnapshotId").filter(|id| !id.is_empty()) {
        ids.insert(0, id.to_owned());
    }
    let Some(first) = ids.first().cloned() else {
        return Err(error("InvalidParameter", "Give SnapshotId or SnapshotIds."));
    };
    let one_by_one = context.session.options.is(&settings::CFS_DELETE_LIST, "one-by-one");
    if !one_by_one {
        ids.iter().try_for_each(|id| may_delete(context, id))?;
    }
    let mut failure = None;
    for id in &ids {
        match may_delete(context, id) {
            Ok(()) => remove(context, id),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or_else(|| Ok(fields(json!({"SnapshotId": first}))), Err)
}

fn may_delete(context: &Context, id: &str) -> Result<(), ApiError> {
    let session = &context.session;
    let Some(snapshot) = session.world.cfs_snapshots.get(&context.place, id) else {
        let refused = session.unknown_is_error(&settings::CFS_DELETE_UNKNOWN);
        return if refused { Err(not_found(id)) } else { Ok(()) };
    };
    match snapshot.status(session.now_ms) {
        "available" | "create-failed" => Ok(()),
        "deleting" if session.options.is(&settings::CFS_DELETE_AGAIN, "accepted") => Ok(()),
        status => Err(busy(snapshot, status)),
    }
}

fn remove(context: &mut Context, id: &str) {
    let session = &mut context.session;
    let (now, duration) = (session.now_ms, session.options.number(&settings::CFS_DELETE_MS));
    session.world.cfs_snapshots.update(&context.place, id, |snapshot| snapshot.life.delete(now, duration));
}
