//! cfs: lists of snapshots, by filter and page, and what else is told from them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answer::{Answer, ApiError, Fields, error, fields};
use super::cfs::{check_tag_counts, file_system_id, not_found};
use super::parameters::Arguments;
use super::{Context, settings};
use crate::sandbox::world::{CfsSnapshot, Phase};

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

pub(super) fn describe(context: &mut Context, arguments: &Arguments) -> Answer {
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
    // A page of a long list shall not cost a look at each object.
    let all = wanted.is_none()
        && parent.is_none()
        && filters.is_empty()
        && session.lists(table.latest_ms(&context.place));
    let either = session.options.is(&settings::CFS_FILTERS, "or");
    let mut found: Vec<&CfsSnapshot> = candidates
        .into_iter()
        .filter(|snapshot| all || session.lists(snapshot.life.created_ms))
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
    let total_size: u64 = match all {
        true => table.size(&context.place),
        false => found.iter().map(|snapshot| snapshot.size_mib).sum(),
    };
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

pub(super) fn overview(context: &mut Context, _arguments: &Arguments) -> Answer {
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
pub(super) fn operation_logs(context: &mut Context, arguments: &Arguments) -> Answer {
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
