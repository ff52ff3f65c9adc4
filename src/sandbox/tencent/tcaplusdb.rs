//! tcaplusdb 2019-08-23: snapshots of tables, in batches whose items succeed or fail by themselves.

use serde_json::{Value, json};

use super::answer::{Answer, ApiError, error, fields};
use super::parameters::{Arguments, Kind, Parameter, TEXTS, optional, required};
use super::tcaplusdb_tables::{
    describe_clusters, describe_groups, describe_tables, describe_tasks, known_cluster,
};
use super::{Action, Context, settings};
use crate::sandbox::world::{TcaplusSnapshot, TcaplusTable};

const NEW_SNAPSHOT: &[Parameter] = &[
    required("TableGroupId", Kind::Text),
    required("TableName", Kind::Text),
    required("SnapshotName", Kind::Text),
    required("SnapshotTime", Kind::Text),
    required("SnapshotDeadTime", Kind::Text),
];

const SNAPSHOT: &[Parameter] = &[
    required("TableGroupId", Kind::Text),
    required("TableName", Kind::Text),
    required("SnapshotName", Kind::Text),
    optional("SnapshotDeadTime", Kind::Text),
];

const TABLE: &[Parameter] = &[
    required("TableGroupId", Kind::Text),
    required("TableName", Kind::Text),
    optional("TableInstanceId", Kind::Text),
    optional("TableIdlType", Kind::Text),
    optional("TableType", Kind::Text),
    optional("ListElementNum", Kind::Unsigned),
    optional("ReservedVolume", Kind::Unsigned),
    optional("ReservedReadQps", Kind::Unsigned),
    optional("ReservedWriteQps", Kind::Unsigned),
    optional("Memo", Kind::Text),
    optional("FileName", Kind::Text),
    optional("FileExtType", Kind::Text),
    optional("FileSize", Kind::Unsigned),
    optional("FileContent", Kind::Text),
];

const KEY_FILE: &[Parameter] = &[
    optional("FileName", Kind::Text),
    optional("FileExtType", Kind::Text),
    optional("FileContent", Kind::Text),
    optional("FileSize", Kind::Unsigned),
];

/// Filters with one value or several; both forms exist.
const FILTERS: Kind = Kind::List(&Kind::Object(&[
    required("Name", Kind::Text),
    optional("Value", Kind::Text),
    optional("Values", TEXTS),
]));

/// The actions of this service.
pub(super) static ACTIONS: &[Action] = &[
    Action {
        name: "CreateSnapshots",
        parameters: &[
            required("ClusterId", Kind::Text),
            required("SelectedTables", Kind::List(&Kind::Object(NEW_SNAPSHOT))),
        ],
        per_second: 20,
        run: create,
    },
    Action {
        name: "DescribeSnapshots",
        parameters: &[
            required("ClusterId", Kind::Text),
            optional("TableGroupId", Kind::Text),
            optional("TableName", Kind::Text),
            optional("SnapshotName", Kind::Text),
            optional("SelectedTables", Kind::List(&Kind::Object(TABLE))),
        ],
        per_second: 20,
        run: describe,
    },
    Action {
        name: "ModifySnapshots",
        parameters: &[
            required("ClusterId", Kind::Text),
            required("SelectedTables", Kind::List(&Kind::Object(SNAPSHOT))),
        ],
        per_second: 20,
        run: modify,
    },
    Action {
        name: "DeleteSnapshots",
        parameters: &[
            required("ClusterId", Kind::Text),
            required("SelectedTables", Kind::List(&Kind::Object(SNAPSHOT))),
        ],
        per_second: 20,
        run: delete,
    },
    Action {
        name: "ImportSnapshots",
        parameters: &[
            required("ClusterId", Kind::Text),
            required("Snapshots", Kind::Object(NEW_SNAPSHOT)),
            required("ImportSpecialKey", Kind::Text),
            required("ImportOriginTable", Kind::Text),
            optional("KeyFile", Kind::Object(KEY_FILE)),
            optional("NewTableGroupId", Kind::Text),
            optional("NewTableName", Kind::Text),
        ],
        per_second: 20,
        run: import,
    },
    Action {
        name: "DescribeTables",
        parameters: &[
            optional("ClusterId", Kind::Text),
            optional("TableGroupIds", TEXTS),
            optional("SelectedTables", Kind::List(&Kind::Object(TABLE))),
            optional("Filters", FILTERS),
            optional("Offset", Kind::Signed),
            optional("Limit", Kind::Signed),
        ],
        per_second: 20,
        run: describe_tables,
    },
    Action {
        name: "DescribeTableGroups",
        parameters: &[
            required("ClusterId", Kind::Text),
            optional("TableGroupIds", TEXTS),
            optional("Filters", FILTERS),
            optional("Offset", Kind::Signed),
            optional("Limit", Kind::Signed),
        ],
        per_second: 20,
        run: describe_groups,
    },
    Action {
        name: "DescribeClusters",
        parameters: &[
            optional("ClusterIds", TEXTS),
            optional("Filters", FILTERS),
            optional("Offset", Kind::Signed),
            optional("Limit", Kind::Signed),
            optional("Ipv6Enable", Kind::Signed),
        ],
        per_second: 20,
        run: describe_clusters,
    },
    Action {
        name: "DescribeTasks",
        parameters: &[
            optional("ClusterIds", TEXTS),
            optional("TaskIds", TEXTS),
            optional("Filters", FILTERS),
            optional("Offset", Kind::Signed),
            optional("Limit", Kind::Signed),
        ],
        per_second: 20,
        run: describe_tasks,
    },
];

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Returns a parameter that was given, also as an empty text.
fn text<'a>(arguments: &'a Arguments, name: &str) -> &'a str {
    arguments.text(name).unwrap_or_default()
}

fn table_key(cluster: &str, item: &Arguments) -> String {
    format!("{cluster}:{}:{}", text(item, "TableGroupId"), text(item, "TableName"))
}

fn snapshot_key(cluster: &str, item: &Arguments) -> String {
    format!("{}:{}", table_key(cluster, item), text(item, "SnapshotName"))
}

/// Runs a batch: `check` may refuse an item, `act` changes the world and returns the result.
fn batch(
    context: &mut Context,
    arguments: &Arguments,
    check: impl Fn(&Context, &str, &Arguments) -> Result<(), ApiError>,
    act: impl Fn(&mut Context, &str, &Arguments) -> Value,
) -> Answer {
    let cluster = text(arguments, "ClusterId");
    known_cluster(context, cluster)?;
    let items = arguments.objects("SelectedTables");
    let most = context.session.options.number(&settings::TCAPLUS_BATCH_MAX);
    if items.is_empty() {
        return Err(error("InvalidParameterValue", "SelectedTables is empty."));
    }
    if most > 0 && items.len() as i64 > most {
        return Err(error("LimitExceeded", format!("SelectedTables may have {most} items at most.")));
    }
    if context.session.options.is(&settings::TCAPLUS_BAD_ITEM, "call") {
        items.iter().try_for_each(|item| check(context, cluster, item))?;
    }
    let mut results = Vec::new();
    let mut failed = 0;
    for (index, item) in items.iter().enumerate() {
        let checked = if context.session.effects.partial_batch && index % 2 == 1 {
            Err(error("InternalError", "An internal error has occurred."))
        } else {
            check(context, cluster, item)
        };
        results.push(match checked {
            Ok(()) => act(context, cluster, item),
            Err(error) => {
                failed += 1;
                failure(item, &error)
            }
        });
    }
    let counted = if context.session.options.is(&settings::TCAPLUS_TOTAL, "succeeded") { failed } else { 0 };
    Ok(fields(json!({"TotalCount": results.len() - counted, "TableResults": results})))
}

fn failure(item: &Arguments, error: &ApiError) -> Value {
    json!({
        "TableGroupId": text(item, "TableGroupId"),
        "TableName": text(item, "TableName"),
        "SnapshotName": text(item, "SnapshotName"),
        "TaskId": "",
        "Error": {"Code": error.code, "Message": error.message},
    })
}

fn result(context: &Context, snapshot: &TcaplusSnapshot) -> Value {
    json!({
        "TableGroupId": snapshot.group_id,
        "TableName": snapshot.table_name,
        "TaskId": snapshot.task_id,
        "Error": {"Code": "", "Message": ""},
        "SnapshotName": snapshot.name,
        "SnapshotTime": context.time(snapshot.snapshot_ms),
        "SnapshotDeadTime": context.time(snapshot.dead_ms),
        "SnapshotCreateTime": context.time(snapshot.life.created_ms),
        "SnapshotSize": snapshot.size,
        "SnapshotStatus": snapshot.status(context.session.now_ms),
        "ApplicationId": "",
    })
}

/// Returns a time of an item, an error when it has another form.
fn item_time(context: &Context, item: &Arguments, name: &str) -> Result<i64, ApiError> {
    context.parse_time(text(item, name)).ok_or_else(|| {
        let message = format!("{name} must have the form YYYY-MM-DD hh:mm:ss.");
        error("InvalidParameterValue.InvalidTimeValue", message)
    })
}

fn find_table<'a>(
    context: &'a Context,
    cluster: &str,
    item: &Arguments,
) -> Result<&'a TcaplusTable, ApiError> {
    let key = table_key(cluster, item);
    let table = context.session.world.tcaplus_tables.get(&context.place, &key);
    table.ok_or_else(|| {
        let message = format!(
            "The table {} of group {} does not exist.",
            text(item, "TableName"),
            text(item, "TableGroupId")
        );
        error("ResourceNotFound", message)
    })
}

fn create(context: &mut Context, arguments: &Arguments) -> Answer {
    batch(context, arguments, check_new, |context, cluster, item| {
        let key = snapshot_key(cluster, item);
        let table_key = table_key(cluster, item);
        let size = context
            .session
            .world
            .tcaplus_tables
            .get(&context.place, &table_key)
            .map_or(0, |table| table.size_mb);
        let number = context.session.ids.next_number();
        // The old one goes first, so that the new one takes its own rank in the order.
        context.session.world.tcaplus_snapshots.delete(&context.place, &key);
        let snapshot = TcaplusSnapshot {
            place: context.place.clone(),
            key,
            table_key,
            cluster_id: cluster.to_owned(),
            group_id: text(item, "TableGroupId").to_owned(),
            table_name: text(item, "TableName").to_owned(),
            name: text(item, "SnapshotName").to_owned(),
            life: context.session.begin_life(&settings::TCAPLUS_CREATE_MS),
            snapshot_ms: item_time(context, item, "SnapshotTime").unwrap_or_default(),
            dead_ms: item_time(context, item, "SnapshotDeadTime").unwrap_or_default(),
            size,
            task_id: format!("{cluster}-{number}"),
            import_until_ms: 0,
        };
        let answer = result(context, &snapshot);
        context.session.world.tcaplus_snapshots.insert(snapshot);
        answer
    })
}

fn check_new(context: &Context, cluster: &str, item: &Arguments) -> Result<(), ApiError> {
    let session = &context.session;
    let now = session.now_ms;
    find_table(context, cluster, item)?;
    if text(item, "SnapshotName").is_empty() {
        return Err(error("InvalidParameterValue", "SnapshotName is empty."));
    }
    let moment = item_time(context, item, "SnapshotTime")?;
    let days = session.options.number(&settings::TCAPLUS_LOG_DAYS);
    if moment > now || moment < now.saturating_sub(days.saturating_mul(DAY_MS)) {
        let message = format!("SnapshotTime must lie in the past, {days} days back at most.");
        return Err(error("InvalidParameterValue", message));
    }
    if item_time(context, item, "SnapshotDeadTime")? <= now {
        return Err(error("InvalidParameterValue", "SnapshotDeadTime must lie in the future."));
    }
    let snapshots = &session.world.tcaplus_snapshots;
    let exists = snapshots.get(&context.place, &snapshot_key(cluster, item)).is_some();
    if exists && session.options.is(&settings::TCAPLUS_DUPLICATE, "refused") {
        return Err(error("InvalidParameterValue", "The table has a snapshot of this name already."));
    }
    let most = session.options.number(&settings::TCAPLUS_SNAPSHOTS);
    let count = snapshots.children(&context.place, &table_key(cluster, item)).count() as i64;
    if session.effects.quota || (most > 0 && count >= most) {
        return Err(error("LimitExceeded", format!("The table has {count} snapshots; no more are allowed.")));
    }
    Ok(())
}

fn describe(context: &mut Context, arguments: &Arguments) -> Answer {
    let cluster = text(arguments, "ClusterId");
    known_cluster(context, cluster)?;
    let given = |name: &str| arguments.text(name).filter(|text| !text.is_empty());
    let selected: Vec<String> =
        arguments.objects("SelectedTables").iter().map(|item| table_key(cluster, item)).collect();
    let session = &context.session;
    let snapshots = &session.world.tcaplus_snapshots;
    // A named table is found by index, everything else by a walk.
    let candidates: Vec<&TcaplusSnapshot> = match (given("TableGroupId"), given("TableName")) {
        (Some(group), Some(table)) => {
            snapshots.children(&context.place, &format!("{cluster}:{group}:{table}")).collect()
        }
        _ => snapshots.list(&context.place).collect(),
    };
    let found: Vec<&TcaplusSnapshot> = candidates
        .into_iter()
        .filter(|snapshot| snapshot.cluster_id == cluster && session.lists(snapshot.life.created_ms))
        .filter(|snapshot| given("TableGroupId").is_none_or(|id| snapshot.group_id == id))
        .filter(|snapshot| given("TableName").is_none_or(|name| snapshot.table_name == name))
        .filter(|snapshot| given("SnapshotName").is_none_or(|name| snapshot.name == name))
        .filter(|snapshot| selected.is_empty() || selected.contains(&snapshot.table_key))
        .collect();
    let narrowed = given("TableGroupId").or(given("TableName")).or(given("SnapshotName")).is_some();
    if found.is_empty() && narrowed && session.unknown_is_error(&settings::TCAPLUS_DESCRIBE_UNKNOWN) {
        return Err(error("ResourceNotFound", "The snapshot does not exist."));
    }
    let results: Vec<Value> = found.iter().map(|snapshot| result(context, snapshot)).collect();
    Ok(fields(json!({"TotalCount": results.len(), "TableResults": results})))
}

fn missing(item: &Arguments) -> ApiError {
    error("ResourceNotFound", format!("The snapshot {} does not exist.", text(item, "SnapshotName")))
}

fn modify(context: &mut Context, arguments: &Arguments) -> Answer {
    let check = |context: &Context, cluster: &str, item: &Arguments| {
        find_table(context, cluster, item)?;
        let key = snapshot_key(cluster, item);
        let snapshot = context.session.world.tcaplus_snapshots.get(&context.place, &key);
        let snapshot = snapshot.ok_or_else(|| missing(item))?;
        if item_time(context, item, "SnapshotDeadTime")? <= context.session.now_ms {
            return Err(error("InvalidParameterValue", "SnapshotDeadTime must lie in the future."));
        }
        match snapshot.status(context.session.now_ms) {
            2 => Err(error("FailedOperation", "The snapshot is being deleted.")),
            _ => Ok(()),
        }
    };
    batch(context, arguments, check, |context, cluster, item| {
        let key = snapshot_key(cluster, item);
        let dead = item_time(context, item, "SnapshotDeadTime").unwrap_or_default();
        let snapshots = &mut context.session.world.tcaplus_snapshots;
        let changed = snapshots.update(&context.place, &key, |snapshot| {
            snapshot.dead_ms = dead;
            snapshot.clone()
        });
        changed.map_or_else(|| failure(item, &missing(item)), |snapshot| result(context, &snapshot))
    })
}

fn delete(context: &mut Context, arguments: &Arguments) -> Answer {
    let check = |context: &Context, cluster: &str, item: &Arguments| {
        find_table(context, cluster, item)?;
        let session = &context.session;
        let Some(snapshot) =
            session.world.tcaplus_snapshots.get(&context.place, &snapshot_key(cluster, item))
        else {
            let refused = session.unknown_is_error(&settings::TCAPLUS_DELETE_UNKNOWN);
            return if refused { Err(missing(item)) } else { Ok(()) };
        };
        match snapshot.status(session.now_ms) {
            4 => Err(error("FailedOperation", "The snapshot is in use by a rollback.")),
            0 if session.options.is(&settings::TCAPLUS_DELETE_CREATING, "refused") => {
                Err(error("FailedOperation", "The snapshot is being made; try again later."))
            }
            _ => Ok(()),
        }
    };
    batch(context, arguments, check, |context, cluster, item| {
        let key = snapshot_key(cluster, item);
        let now = context.session.now_ms;
        let duration = context.session.options.number(&settings::TCAPLUS_DELETE_MS);
        let snapshots = &mut context.session.world.tcaplus_snapshots;
        let changed = snapshots.update(&context.place, &key, |snapshot| {
            snapshot.life.delete(now, duration);
            snapshot.clone()
        });
        let nothing = || error("", "");
        changed.map_or_else(|| failure(item, &nothing()), |snapshot| result(context, &snapshot))
    })
}

fn import(context: &mut Context, arguments: &Arguments) -> Answer {
    let cluster = text(arguments, "ClusterId");
    known_cluster(context, cluster)?;
    for name in ["ImportSpecialKey", "ImportOriginTable"] {
        if !matches!(text(arguments, name), "TRUE" | "FALSE") {
            return Err(error("InvalidParameterValue", format!("{name} must be TRUE or FALSE.")));
        }
    }
    let item = arguments.object("Snapshots").unwrap_or_default();
    let key = snapshot_key(cluster, &item);
    let session = &mut context.session;
    let until = session.now_ms + session.options.number(&settings::TCAPLUS_IMPORT_MS);
    let snapshot = session.world.tcaplus_snapshots.get(&context.place, &key).ok_or_else(|| missing(&item))?;
    if snapshot.status(session.now_ms) != 1 {
        return Err(error("FailedOperation", "The snapshot is not usable."));
    }
    session.world.tcaplus_snapshots.update(&context.place, &key, |snapshot| snapshot.import_until_ms = until);
    let number = session.ids.next_number();
    Ok(fields(json!({"TaskId": format!("{cluster}-{number}"), "ApplicationId": ""})))
}
