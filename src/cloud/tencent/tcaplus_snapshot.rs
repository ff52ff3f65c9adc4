//! `tencentcloud_tcaplus_snapshot` over TcaplusDB CreateSnapshots, DescribeSnapshots, ModifySnapshots and DeleteSnapshots.
//!
//! A snapshot has no id of its own: cluster, group, table and name are its key, and ours is these four joined by colons.
//! Calls are per cluster; a call can succeed while some of its items fail.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value as Json, json};

use super::classify;
use super::client::Client;
use crate::cloud::call::Answer;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{self, Asked, Findings, complete, filled, number_value, string_value};
use crate::cloud::retry::Repeat;
use crate::cloud::{Accepted, BoxFuture, CreateRequest, Known, Life, Object, Observed};
use crate::lang::{Type, Value};

const SERVICE: &str = "tcaplusdb";
/// Items in one create. The page states no maximum.
pub(crate) const BATCH: usize = 100;
/// How long a snapshot lives when the user does not say, in hours.
const DEFAULT_LIFE_HOURS: i64 = 7 * 24;
/// How far back the kept moment lies when the user does not say, in seconds: it must be past by the service's clock.
const DEFAULT_MOMENT_SECONDS: i64 = 60;

/// What identifies a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    cluster: String,
    group: String,
    table: String,
    name: String,
}

impl Key {
    fn of_object(object: &Value) -> Option<Key> {
        Some(Key {
            cluster: filled(object, "cluster_id")?.to_owned(),
            group: bare_group(filled(object, "table_group_id")?).to_owned(),
            table: filled(object, "table_name")?.to_owned(),
            name: filled(object, "snapshot_name")?.to_owned(),
        })
    }

    fn of_id(id: &str) -> Option<Key> {
        let parts: Vec<&str> = id.split(':').collect();
        let [cluster, group, table, name] = parts[..] else { return None };
        let own = str::to_owned;
        Some(Key { cluster: own(cluster), group: own(group), table: own(table), name: own(name) })
    }

    fn of_result(cluster: &str, fields: &Fields) -> Option<Key> {
        Some(Key {
            cluster: cluster.to_owned(),
            group: fields.filled("TableGroupId")?,
            table: fields.filled("TableName")?,
            name: fields.filled("SnapshotName")?,
        })
    }

    fn id(&self) -> String {
        format!("{}:{}:{}:{}", self.cluster, self.group, self.table, self.name)
    }
}

/// Returns the id of a group, which the provider's data sources write as `cluster:group`.
pub(super) fn bare_group(group: &str) -> &str {
    group.rsplit(':').next().unwrap_or(group)
}

fn unusable(action: &str, what: &str) -> CloudError {
    CloudError::new(ErrorClass::Invalid, SERVICE, action, what)
        .with_remedy("The id of a table snapshot is cluster:group:table:name.")
}

/// Reads snapshots with one call per cluster; one that a complete answer does not list is absent.
pub(crate) async fn observe(client: &Client, ty: &Type, objects: &[Known]) -> Vec<Observed> {
    let mut clusters: BTreeMap<String, Vec<&Known>> = BTreeMap::new();
    let asked = &Asked::new(objects, |known, fields| {
        let cluster = Key::of_id(&known.id).map(|key| key.cluster).unwrap_or_default();
        object(ty, &cluster, &known.value, fields)
    });
    let mut findings = asked.nothing();
    for known in objects {
        match Key::of_id(&known.id) {
            Some(key) => clusters.entry(key.cluster).or_default().push(known),
            None => {
                let error = unusable(
                    "DescribeSnapshots",
                    &format!("{:?} is not the id of a table snapshot", known.id),
                );
                findings.fail([known.id.to_string()], &error);
            }
        }
    }
    let by_cluster = clusters.iter().map(|(cluster, members)| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let mut found = asked.nothing();
            match of_cluster(client, cluster).await {
                Ok(listed) => add(&mut found, cluster, listed),
                Err(error) => found.fail(members.iter().map(|known| known.id.to_string()), &error),
            }
            found
        })
    });
    join_all(by_cluster.collect()).await.into_iter().for_each(|found| findings.merge(found));
    findings.answers()
}

/// Lists all snapshots of a cluster. "Not found" is believed only when the cluster is not listed either: its snapshots went with it.
async fn of_cluster(client: &Client, cluster: &str) -> Result<Vec<Fields>, CloudError> {
    let error = match list(client, cluster, json!({})).await {
        Err(error) if error.is_missing() => error,
        other => return other,
    };
    let parameters = json!({ "ClusterIds": [cluster] });
    match client.call(SERVICE, "DescribeClusters", Repeat::Freely, &parameters).await {
        Ok(answer) if answer.fields.list("Clusters").is_empty() => Ok(Vec::new()),
        Err(second) if second.is_missing() => Ok(Vec::new()),
        Ok(_) => Err(error),
        Err(second) => Err(second),
    }
}

fn add(findings: &mut Findings<'_>, cluster: &str, listed: Vec<Fields>) {
    for fields in listed {
        if let Some(key) = Key::of_result(cluster, &fields) {
            findings.add(&key.id(), &fields);
        }
    }
}

async fn one(client: &Client, key: &Key) -> Result<Vec<Fields>, CloudError> {
    let filter = json!({ "TableGroupId": key.group, "TableName": key.table, "SnapshotName": key.name });
    list(client, &key.cluster, filter).await
}

/// Lists snapshots of a cluster; the service has no pages here. Items that carry an error are left out.
pub(super) async fn list(client: &Client, cluster: &str, filter: Json) -> Result<Vec<Fields>, CloudError> {
    let mut parameters = filter;
    parameters["ClusterId"] = json!(cluster);
    let answer = client.call(SERVICE, "DescribeSnapshots", Repeat::Freely, &parameters).await?;
    if !answer.fields.has_list("TableResults") && answer.fields.integer("TotalCount") != Some(0) {
        return Err(answer.without(SERVICE, "DescribeSnapshots", "TableResults"));
    }
    let said = answer.fields.integer("TotalCount").unwrap_or(0);
    let mut listed = answer.fields.list("TableResults");
    if said > listed.len() as i64 {
        let message = format!(
            "the list says that there are {said} snapshots and shows {}, so nothing is concluded from what is missing",
            listed.len()
        );
        return Err(CloudError::new(ErrorClass::Ambiguous, SERVICE, "DescribeSnapshots", message)
            .with_request_id(answer.request_id.as_deref()));
    }
    listed.retain(|fields| fields.filled("Error.Code").is_none());
    Ok(listed)
}

/// Returns all snapshots of the tables that the planned objects name; one call per cluster, or per table where that is one.
pub(crate) async fn on_parents(
    client: &Client,
    ty: &Type,
    planned: &[&Value],
) -> Result<Vec<Object>, CloudError> {
    let mut clusters: BTreeMap<String, BTreeSet<(String, String)>> = BTreeMap::new();
    for key in planned.iter().filter_map(|planned| Key::of_object(planned)) {
        clusters.entry(key.cluster).or_default().insert((key.group, key.table));
    }
    let reads = clusters.iter().map(|(cluster, tables)| -> BoxFuture<'_, Result<Vec<Object>, CloudError>> {
        Box::pin(async move {
            let filter = match tables.first() {
                Some((group, table)) if tables.len() == 1 => {
                    json!({ "TableGroupId": group, "TableName": table })
                }
                _ => json!({}),
            };
            let listed = match list(client, cluster, filter).await {
                Err(error) if error.is_missing() => Vec::new(),
                other => other?,
            };
            let nothing = Value::object::<Arc<str>>([]);
            let of_tables = listed.iter().filter(|fields| {
                Key::of_result(cluster, fields).is_some_and(|key| tables.contains(&(key.group, key.table)))
            });
            Ok(of_tables.map(|fields| object(ty, cluster, &nothing, fields)).collect())
        })
    });
    let mut all = Vec::new();
    for found in join_all(reads.collect()).await {
        all.extend(found?);
    }
    Ok(all)
}

fn object(ty: &Type, cluster: &str, prior: &Value, fields: &Fields) -> Object {
    let key = Key::of_result(cluster, fields);
    let id: Arc<str> = key.as_ref().map(Key::id).unwrap_or_default().into();
    let created = fields.filled("SnapshotCreateTime");
    let created_at = created.as_deref().and_then(object::time);
    let end = fields.filled("SnapshotDeadTime");
    let (status, life) = match fields.integer("SnapshotStatus") {
        Some(0) => ("creating", Life::Pending(None)),
        Some(1) => ("normal", Life::Usable),
        Some(2) => ("deleting", Life::Leaving),
        Some(3) => ("expired", Life::Expired(end.clone())),
        Some(4) => ("rollbacking", Life::Usable),
        _ => ("unknown", Life::Pending(None)),
    };
    let group = fields.filled("TableGroupId");
    // Both ways of writing a group mean the same one.
    let written = filled(prior, "table_group_id").filter(|prior| Some(bare_group(prior)) == group.as_deref());
    let group = written.map(str::to_owned).or(group);
    let read = vec![
        ("cluster_id", Value::string(cluster)),
        ("id", Value::string(&*id)),
        ("snapshot_create_time", string_value(created)),
        ("snapshot_dead_time", string_value(end)),
        ("snapshot_name", string_value(fields.filled("SnapshotName"))),
        ("snapshot_size", number_value(Some(fields.integer("SnapshotSize").unwrap_or(0)))),
        ("snapshot_time", string_value(fields.filled("SnapshotTime"))),
        ("status", Value::string(status)),
        ("table_group_id", string_value(group)),
        ("table_name", string_value(fields.filled("TableName"))),
    ];
    Object { id, value: complete(ty, prior, read), life, created_at }
}

/// Builds an item of the data source.
pub(super) fn item_of_list(cluster: &str, fields: &Fields) -> Value {
    object(&Type::Dynamic, cluster, &Value::object::<Arc<str>>([]), fields).value
}

/// Returns the cluster, which creates must share to go out in one call.
pub(crate) fn batch_key(planned: &Value) -> Option<String> {
    filled(planned, "cluster_id").map(str::to_owned)
}

/// Sends creates of one cluster, up to a hundred per call; each item has its own answer.
pub(crate) async fn create(client: &Client, requests: &[CreateRequest]) -> Vec<Result<Accepted, CloudError>> {
    let batches =
        requests.chunks(BATCH).map(|batch| -> BoxFuture<'_, _> { Box::pin(create_batch(client, batch)) });
    join_all(batches.collect()).await.into_iter().flatten().collect()
}

async fn create_batch(client: &Client, requests: &[CreateRequest]) -> Vec<Result<Accepted, CloudError>> {
    let keys: Vec<Option<Key>> = requests.iter().map(|request| Key::of_object(&request.planned)).collect();
    let Some(cluster) = keys.iter().flatten().map(|key| key.cluster.clone()).next() else {
        return requests.iter().map(|_| Err(unusable("CreateSnapshots", "the table is not known"))).collect();
    };
    let of_cluster = |key: &Option<Key>| key.as_ref().filter(|key| key.cluster == cluster).cloned();
    let now = client.now();
    let items: Vec<Json> = requests
        .iter()
        .zip(&keys)
        .filter_map(|(request, key)| {
            let mut item = item(&of_cluster(key)?);
            let time = |name, otherwise: SignedDuration| {
                let default = || object::plain_time(now.checked_add(otherwise).unwrap_or(now));
                filled(&request.planned, name).map_or_else(default, str::to_owned)
            };
            item["SnapshotTime"] =
                json!(time("snapshot_time", SignedDuration::from_secs(-DEFAULT_MOMENT_SECONDS)));
            item["SnapshotDeadTime"] =
                json!(time("snapshot_dead_time", SignedDuration::from_hours(DEFAULT_LIFE_HOURS)));
            Some(item)
        })
        .collect();
    let parameters = json!({ "ClusterId": cluster, "SelectedTables": items });
    let called = client.call(SERVICE, "CreateSnapshots", Repeat::OnlyIfNotExecuted, &parameters).await;
    let answer = match called {
        Ok(answer) => answer,
        Err(error) => {
            return requests.iter().map(|request| Err(about_zone(request, error.clone()))).collect();
        }
    };
    let results = results(&answer, &cluster);
    keys.iter()
        .zip(requests)
        .map(|(key, request)| {
            let key = of_cluster(key).ok_or_else(|| {
                unusable("CreateSnapshots", "the creates of one call name different clusters")
            })?;
            outcome_among(&results, &answer, "CreateSnapshots", &key)
                .map_err(|error| about_zone(request, error))?;
            Ok(Accepted { id: key.id().into(), request_id: answer.request_id.clone().unwrap_or_default() })
        })
        .collect()
}

/// The vendor does not say in which zone its times are; where it is another one than we think, our moment is not in the past.
fn about_zone(request: &CreateRequest, error: CloudError) -> CloudError {
    let ours = filled(&request.planned, "snapshot_time").is_none();
    if !ours || error.class != ErrorClass::Invalid || error.remedy.is_some() {
        return error;
    }
    error.with_remedy(
        "If it is about the time: snapshot_time is not given, so the present moment was sent, in UTC+8. Give a snapshot_time that is in the past for the service.",
    )
}

fn item(key: &Key) -> Json {
    json!({ "TableGroupId": key.group, "TableName": key.table, "SnapshotName": key.name })
}

/// Returns the items of an answer by key: their order is documented nowhere.
fn results(answer: &Answer, cluster: &str) -> BTreeMap<Key, Fields> {
    let items = answer.fields.list("TableResults").into_iter();
    items.filter_map(|fields| Some((Key::of_result(cluster, &fields)?, fields))).collect()
}

/// Returns how the one item of a call ended.
fn outcome(answer: &Answer, action: &str, key: &Key) -> Result<(), CloudError> {
    outcome_among(&results(answer, &key.cluster), answer, action, key)
}

/// Returns how one item of a batch ended.
fn outcome_among(
    results: &BTreeMap<Key, Fields>,
    answer: &Answer,
    action: &str,
    key: &Key,
) -> Result<(), CloudError> {
    let Some(own) = results.get(key) else {
        return Err(CloudError::new(
            ErrorClass::Ambiguous,
            SERVICE,
            action,
            format!("the answer says nothing of {}", key.id()),
        )
        .with_request_id(answer.request_id.as_deref()));
    };
    let (code, message) = (own.filled("Error.Code"), own.filled("Error.Message"));
    if code.is_none() && message.is_none() {
        return Ok(());
    }
    let code = code.unwrap_or_default();
    let mut error = CloudError::new(
        classify::classify(SERVICE, action, &code),
        SERVICE,
        action,
        message.unwrap_or_else(|| "the service gives no reason".to_owned()),
    )
    .with_request_id(answer.request_id.as_deref());
    if !code.is_empty() {
        error = error.with_code(&code);
    }
    error.remedy = classify::remedy(&code).map(str::to_owned);
    Err(error)
}

/// Changes the end of life, the only thing that the service can change.
pub(crate) async fn update(client: &Client, prior: &Value, planned: &Value) -> Result<(), CloudError> {
    let (Some(key), Some(end)) = (Key::of_object(prior), filled(planned, "snapshot_dead_time")) else {
        return Ok(());
    };
    if filled(prior, "snapshot_dead_time") == Some(end) {
        return Ok(());
    }
    let mut item = item(&key);
    item["SnapshotDeadTime"] = json!(end);
    let parameters = json!({ "ClusterId": key.cluster, "SelectedTables": [item] });
    let answer = client.call(SERVICE, "ModifySnapshots", Repeat::Freely, &parameters).await?;
    outcome(&answer, "ModifySnapshots", &key)
}

/// Deletes a snapshot. "Not found" may mean the cluster, the group or the table as well, so it counts as deleted only when a
/// read agrees.
pub(crate) async fn delete(client: &Client, prior: &Value) -> Result<(), CloudError> {
    let key = Key::of_object(prior).or_else(|| filled(prior, "id").and_then(Key::of_id));
    let Some(key) = key else { return Err(unusable("DeleteSnapshots", "the table is not known")) };
    let parameters = json!({ "ClusterId": key.cluster, "SelectedTables": [item(&key)] });
    let deleted = match client.call(SERVICE, "DeleteSnapshots", Repeat::Freely, &parameters).await {
        Ok(answer) => outcome(&answer, "DeleteSnapshots", &key),
        Err(error) => Err(error),
    };
    match deleted {
        Err(error) if error.is_missing() => match one(client, &key).await {
            Ok(listed) if listed.is_empty() => Ok(()),
            Ok(_) => Err(error),
            Err(read) if read.is_missing() => Ok(()),
            Err(read) => Err(read),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key { cluster: "c".into(), group: "1".into(), table: "t".into(), name: "s".into() }
    }

    fn answer(results: Json) -> Answer {
        let fields = json!({ "TotalCount": 1, "TableResults": results }).to_string();
        let fields = Fields::read(fields.as_bytes()).unwrap();
        Answer { fields, request_id: Some("r".into()) }
    }

    #[test]
    fn the_id_reads_back_and_both_ways_of_writing_a_group_are_one() {
        assert_eq!(Key::of_id(&key().id()), Some(key()));
        assert_eq!(Key::of_id("a:b:c"), None);
        let object = Value::object(
            [("cluster_id", "c"), ("table_group_id", "c:1"), ("table_name", "t"), ("snapshot_name", "s")]
                .map(|(name, text)| (name, Value::string(text))),
        );
        assert_eq!(Key::of_object(&object), Some(key()));
    }

    #[test]
    fn each_item_of_a_batch_has_its_own_outcome() {
        let good = json!({ "TableGroupId": "1", "TableName": "t", "SnapshotName": "s", "Error": { "Code": "", "Message": "" } });
        assert!(outcome(&answer(json!([good])), "CreateSnapshots", &key()).is_ok());
        let bad = json!({ "TableGroupId": "1", "TableName": "t", "SnapshotName": "s",
            "Error": { "Code": "ResourceNotFound", "Message": "no" } });
        let error = outcome(&answer(json!([bad])), "CreateSnapshots", &key()).unwrap_err();
        assert_eq!((error.class, error.request_id.as_deref()), (ErrorClass::Missing, Some("r")));
        let silent = outcome(&answer(json!([])), "CreateSnapshots", &key()).unwrap_err();
        assert_eq!(silent.class, ErrorClass::Ambiguous);
    }
}
