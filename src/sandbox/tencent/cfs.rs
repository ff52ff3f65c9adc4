//! cfs 2019-07-19: snapshots of file systems.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Answer, ApiError, Fields, error, fields};
use super::cfs_file_systems::{describe_file_systems, describe_mount_targets};
use super::parameters::{Arguments, FILTERS, Kind, TAGS, TEXTS, optional, required};
use super::{Action, Context, settings};
use crate::sandbox::world::{CfsSnapshot, FileSystem, Phase};

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

/// A filter: its name and values, any of which may match.
struct Filter {
    name: String,
    values: Vec<String>,
}

fn read_filters(context: &Context, arguments: &Arguments) -> Result<Vec<Filter>, ApiError> {
    const NAMES: &[&str] = &["SnapshotId", "SnapshotName", "FileSystemId", "FsName", "Status", "tag-key"];
    let mut filters = Vec::new();
    let (mut keys, mut values) = (0, 0);
    for given in arguments.objects("Filters") {
        let name = given.text("Name").unwrap_or_default().to_owned();
        let texts = given.texts("Values");
        if name == "tag-key" {
            keys += texts.len();
        } else if name.starts_with("tag:") {
            keys += 1;
            values += texts.len();
        } else if !NAMES.contains(&name.as_str()) {
            return Err(error("InvalidParameter", format!("There is no filter {name}.")));
        }
        filters.push(Filter { name, values: texts.into_iter().map(str::to_owned).collect() });
    }
    check_tag_counts(context, keys, values)?;
    Ok(filters)
}

fn matches(context: &Context, snapshot: &CfsSnapshot, filter: &Filter) -> bool {
    let any = |test: &dyn Fn(&str) -> bool| filter.values.iter().any(|value| test(value));
    let fuzzy = context.session.options.is(&settings::CFS_NAME_FILTER, "fuzzy");
    let named = |have: &str| any(&|value| if fuzzy { have.contains(value) } else { have == value });
    match filter.name.as_str() {
        "SnapshotId" => any(&|value| snapshot.id == value),
        "SnapshotName" => named(&snapshot.name),
        "FileSystemId" => any(&|value| snapshot.file_system_id == value),
        "FsName" => named(&snapshot.file_system_name),
        // The filter spells one state with an underscore, the answer with a hyphen.
        "Status" => any(&|value| snapshot.status(context.session.now_ms) == value.replace('_', "-")),
        "tag-key" => any(&|value| snapshot.tags.contains_key(value)),
        name => {
            let tag = name.strip_prefix("tag:").and_then(|key| snapshot.tags.get(key));
            tag.is_some_and(|have| any(&|value| have == value))
        }
    }
}

fn describe(context: &mut Context, arguments: &Arguments) -> Answer {
    let parent =
        arguments.text("FileSystemId").filter(|id| !id.is_empty()).map(file_system_id).transpose()?;
    let wanted = arguments.text("SnapshotId").filter(|id| !id.is_empty());
    let filters = read_filters(context, arguments)?;
    let descending = descending(context, arguments)?;
    let session = &context.session;
    let table = &session.world.cfs_snapshots;
    let candidates: Vec<&CfsSnapshot> = match (wanted, parent) {
        (Some(id), _) => table.get(&context.place, id).into_iter().collect(),
        (None, Some(parent)) => table.children(&context.place, parent).collect(),
        (None, None) => table.list(&context.place).collect(),
    };
    let either = session.options.is(&settings::CFS_FILTERS, "or");
    let mut found: Vec<&CfsSnapshot> = candidates
        .into_iter()
        .filter(|snapshot| session.lists(snapshot.life.created_ms))
        .filter(|snapshot| parent.is_none_or(|id| snapshot.file_system_id == id))
        .filter(|snapshot| {
            let mut tests = filters.iter().map(|filter| matches(context, snapshot, filter));
            if either && !filters.is_empty() { tests.any(|hit| hit) } else { tests.all(|hit| hit) }
        })
        .collect();
    if wanted.is_some() && found.is_empty() && session.unknown_is_error(&settings::CFS_DESCRIBE_UNKNOWN) {
        return Err(not_found(wanted.unwrap_or_default()));
    }
    if descending {
        found.reverse();
    }
    let total_size: u64 = found.iter().map(|snapshot| snapshot.size_mib).sum();
    let page = page(context, arguments, 20, &found)?;
    let items: Vec<Value> = page.iter().map(|snapshot| item(context, snapshot)).collect();
    Ok(fields(json!({"TotalCount": found.len(), "Snapshots": items, "TotalSize": total_size})))
}

fn descending(context: &Context, arguments: &Arguments) -> Result<bool, ApiError> {
    if let Some(field) = arguments.text("OrderField").filter(|field| !field.is_empty())
        && field != "CreationTime"
    {
        return Err(error("InvalidParameter", "OrderField must be CreationTime."));
    }
    match arguments.text("Order").unwrap_or_default() {
        "" => Ok(context.session.options.is(&settings::CFS_ORDER, "DESC")),
        order if order.eq_ignore_ascii_case("DESC") => Ok(true),
        order if order.eq_ignore_ascii_case("ASC") => Ok(false),
        _ => Err(error("InvalidParameter", "Order must be ASC or DESC.")),
    }
}

/// Returns the part of a list that `Offset` and `Limit` ask for.
pub(super) fn page<'a, T>(
    context: &Context,
    arguments: &Arguments,
    default_limit: i64,
    found: &'a [T],
) -> Result<&'a [T], ApiError> {
    let limit = arguments.number("Limit").unwrap_or(default_limit);
    let offset = arguments.number("Offset").unwrap_or(0);
    let most = context.session.options.number(&settings::LIMIT_MAX);
    if most > 0 && limit > most {
        return Err(error("InvalidParameterValue", format!("Limit may be {most} at most.")));
    }
    if limit < 0 || offset < 0 {
        return Err(error("InvalidParameterValue", "Limit and Offset may not be negative."));
    }
    let begin = usize::try_from(offset).unwrap_or(usize::MAX).min(found.len());
    let end = begin.saturating_add(usize::try_from(limit).unwrap_or(usize::MAX)).min(found.len());
    Ok(&found[begin..end])
}

fn item(context: &Context, snapshot: &CfsSnapshot) -> Value {
    let percent = match snapshot.life.phase(context.session.now_ms) {
        Phase::Creating { percent } => percent,
        _ => 100,
    };
    let tags: Vec<Value> =
        snapshot.tags.iter().map(|(key, value)| json!({"TagKey": key, "TagValue": value})).collect();
    let delete_time = match snapshot.life.expires_ms {
        Some(expires) => context.time(expires),
        None => "0".to_owned(),
    };
    json!({
        "CreationTime": context.time(snapshot.life.created_ms),
        "SnapshotName": snapshot.name,
        "SnapshotId": snapshot.id,
        "Status": snapshot.status(context.session.now_ms),
        "RegionName": snapshot.place.region,
        "FileSystemId": snapshot.file_system_id,
        "Size": snapshot.size_mib,
        "AliveDay": snapshot.alive_days,
        "Percent": percent,
        "AppId": context.app_id,
        "DeleteTime": delete_time,
        "FsName": snapshot.file_system_name,
        "Tags": tags,
        "SnapshotType": snapshot.snapshot_type,
        "SnapshotTime": context.time(snapshot.life.created_ms),
    })
}

fn not_found(id: &str) -> ApiError {
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

fn overview(context: &mut Context, _arguments: &Arguments) -> Answer {
    let account = &context.place.account;
    let mut regions: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for snapshot in context.session.world.cfs_snapshots.everything() {
        if snapshot.place.account == *account {
            let (number, size) = regions.entry(&snapshot.place.region).or_default();
            *number += 1;
            *size += snapshot.size_mib;
        }
    }
    let all = regions.values().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let row = |region: &str, (number, size): (u64, u64)| json!({"Region": region, "SnapshotNumber": number, "SnapshotSize": size});
    let mut rows: Vec<Value> = regions.iter().map(|(region, sums)| row(region, *sums)).collect();
    rows.push(row("all", all));
    Ok(fields(json!({"StatisticsList": rows})))
}

/// The log holds what can be told from the snapshot itself: its creation and its deletion.
fn operation_logs(context: &mut Context, arguments: &Arguments) -> Answer {
    let id = arguments.text("SnapshotId").unwrap_or_default();
    let time = |name: &str| {
        let text = arguments.text(name).unwrap_or_default();
        let message = format!("{name} must have the form YYYY-MM-DD hh:mm:ss.");
        context.parse_time(text).ok_or_else(|| error("InvalidParameter", message))
    };
    let (begin, end) = (time("StartTime")?, time("EndTime")?);
    let session = &context.session;
    let snapshot = session.world.cfs_snapshots.get(&context.place, id).ok_or_else(|| not_found(id))?;
    let result = match snapshot.life.phase(session.now_ms) {
        Phase::Creating { .. } => 1,
        Phase::Failed => 3,
        Phase::Ready | Phase::Deleting => 2,
    };
    let mut logs: Vec<(i64, &str, i32)> = vec![(snapshot.life.created_ms, "CreateCfsSnapshot", result)];
    logs.extend(snapshot.life.deleted_ms.map(|at| (at, "DeleteCfsSnapshot", 1)));
    let operates: Vec<Value> = logs
        .into_iter()
        .filter(|(at, ..)| (begin..=end).contains(at))
        .map(|(at, action, result)| {
            json!({"Action": action, "ActionName": action, "ActionTime": context.time(at),
                   "Operator": context.place.account, "Result": result})
        })
        .collect();
    let mut answer = Fields::new();
    answer.insert("SnapshotId".to_owned(), json!(id));
    answer.insert("SnapshotOperates".to_owned(), Value::Array(operates));
    Ok(answer)
}
