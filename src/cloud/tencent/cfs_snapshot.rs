//! `tencentcloud_cfs_snapshot` over CFS CreateCfsSnapshot, DescribeCfsSnapshots, UpdateCfsSnapshotAttribute and
//! DeleteCfsSnapshot, with tags by the tag service.
//!
//! There is no list of ids to read by: snapshots are read by file system, or all together, whichever takes fewer calls.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::client::Client;
use super::listing::Listing;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{
    self, Asked, Findings, Page, TagChange, complete, filled, integer, name_stays_unset, number_value,
    string_value,
};
use crate::cloud::patience;
use crate::cloud::retry::{Repeat, Retries};
use crate::cloud::{Accepted, BoxFuture, CreateRequest, Known, Life, Object, Observed};
use crate::lang::{Type, Value};
use crate::schema::tags;

const SERVICE: &str = "cfs";
/// Items asked for per page. The page states no maximum; a smaller page that comes back is followed by another.
const PAGE: i64 = 100;
/// Most tags in one ModifyResourceTags, for each of setting and removing.
const TAGS: usize = 10;

/// Reads snapshots in the fewest calls. Those whose file system is not known, as at an import, are read one by one.
pub(crate) async fn observe(client: &Client, ty: &Type, objects: &[Known]) -> Vec<Observed> {
    let asked = Asked::new(objects, |known, fields| object(ty, &known.value, fields));
    let mut findings = asked.nothing();
    let many = file_systems(&findings).len() > objects.len().div_ceil(PAGE as usize);
    // A failure here shows again, object by object, below.
    if !(many && newest_first(client, &mut findings).await.unwrap_or(false)) {
        by_file_system(client, &asked, &mut findings).await;
        by_id(client, &asked, &mut findings).await;
    }
    findings.answers()
}

/// Pages through the region, newest first, since most objects that are asked for again and again are new ones. Stops when all
/// are found, or when the pages cost more than listing the file systems of the rest. Returns whether nothing is left to look for.
async fn newest_first(client: &Client, findings: &mut Findings<'_>) -> Result<bool, CloudError> {
    let parents = &file_systems(findings);
    if parents.len() < 2 {
        return Ok(false);
    }
    let order = || json!({ "OrderField": "CreationTime", "Order": "DESC" });
    let (first, total) = LIST.page(client, &order(), 0).await?;
    let cheaper = is_cheaper(&first, total, parents);
    let mut whole = true;
    let take = |page| {
        let before = findings.count();
        findings.add_all(page, "SnapshotId");
        // A page that finds one is as good as listing a file system.
        let worth = cheaper || findings.count() > before;
        whole = worth || findings.is_complete();
        worth && !findings.is_complete()
    };
    LIST.pages_while(client, order(), (first, total), take).await?;
    Ok(whole)
}

async fn by_file_system<'a>(client: &Client, asked: &'a Asked<'a>, findings: &mut Findings<'a>) {
    let by_parent = file_systems(findings).into_iter().map(|parent| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let mut found = asked.nothing();
            match LIST.all(client, json!({ "FileSystemId": parent }), object::whole).await {
                Ok(listed) => found.add_all(listed, "SnapshotId"),
                Err(error) => {
                    let ids: Vec<String> = found
                        .unfound()
                        .filter(|known| filled(&known.value, "file_system_id") == Some(&parent))
                        .map(|known| known.id.to_string())
                        .collect();
                    found.fail(ids, &error);
                }
            }
            found
        })
    });
    join_all(by_parent.collect()).await.into_iter().for_each(|found| findings.merge(found));
}

async fn by_id<'a>(client: &Client, asked: &'a Asked<'a>, findings: &mut Findings<'a>) {
    let missing = findings.missing();
    let unplaced = missing.filter(|known| known.alone || filled(&known.value, "file_system_id").is_none());
    let by_id = unplaced.map(|known| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let mut found = asked.nothing();
            match LIST.all(client, json!({ "SnapshotId": &*known.id }), object::whole).await {
                Ok(listed) => found.add_all(listed, "SnapshotId"),
                Err(error) if error.is_missing() => {}
                Err(error) => found.fail([known.id.to_string()], &error),
            }
            found
        })
    });
    let read = join_all(by_id.collect()).await;
    read.into_iter().for_each(|found| findings.merge(found));
}

/// Returns the file systems of the objects that were not found yet.
fn file_systems(findings: &Findings<'_>) -> BTreeSet<String> {
    let unfound = findings.unfound().filter(|known| !known.alone);
    unfound.filter_map(|known| filled(&known.value, "file_system_id").map(str::to_owned)).collect()
}

/// Returns the first page of the whole region when it says that reading all pages takes no more calls than listing parent by parent.
async fn first_if_cheaper(client: &Client, parents: &BTreeSet<String>) -> Result<Option<Page>, CloudError> {
    if parents.len() < 2 {
        return Ok(None);
    }
    let (first, total) = LIST.page(client, &json!({}), 0).await?;
    Ok(is_cheaper(&first, total, parents).then_some((first, total)))
}

/// Returns whether reading all pages takes no more calls than listing these file systems one by one, as far as the first page tells.
fn is_cheaper(first: &[Fields], total: Option<i64>, parents: &BTreeSet<String>) -> bool {
    let Some(total) = total else { return false };
    let of_ours = |fields: &&Fields| object::is_of(fields, "FileSystemId", parents);
    let ours = total.saturating_mul(first.iter().filter(of_ours).count() as i64) / first.len().max(1) as i64;
    let by_parent = object::calls_by_parent(parents.len(), usize::try_from(ours).unwrap_or(0), PAGE as usize);
    total.saturating_add(PAGE - 1) / PAGE <= by_parent as i64
}

/// The snapshots of a region or of a file system.
pub(super) const LIST: Listing = Listing {
    service: SERVICE,
    action: "DescribeCfsSnapshots",
    items: "Snapshots",
    id: "SnapshotId",
    limit: PAGE,
};

/// Returns all snapshots of the planned objects' file systems, in the fewest calls.
pub(crate) async fn on_parents(
    client: &Client,
    ty: &Type,
    planned: &[&Value],
) -> Result<Vec<Object>, CloudError> {
    let systems = &object::parents(planned, "file_system_id");
    let nothing = &Value::object::<Arc<str>>([]);
    if let Some(first) = first_if_cheaper(client, systems).await? {
        let of_ours = |fields: &Fields| {
            object::is_of(fields, "FileSystemId", systems).then(|| object(ty, nothing, fields))
        };
        return LIST.all_after(client, json!({}), Some(first), of_ours).await;
    }
    let make = |fields: &Fields| Some(object(ty, nothing, fields));
    let of_system =
        |system| -> BoxFuture<'_, _> { Box::pin(LIST.all(client, json!({ "FileSystemId": system }), make)) };
    object::parent_by_parent(systems, of_system).await
}

fn object(ty: &Type, prior: &Value, fields: &Fields) -> Object {
    let id: Arc<str> = fields.filled("SnapshotId").unwrap_or_default().into();
    let status = fields.text("Status").unwrap_or_default();
    let created = fields.text("CreationTime");
    let created_at = created.as_deref().and_then(object::time);
    let name = match name_stays_unset(prior, "file_system_id", "snapshot_name") {
        true => Value::null(Type::String),
        false => string_value(fields.filled("SnapshotName")),
    };
    // "0" means that it is kept for ever.
    let delete_time = fields.filled("DeleteTime").filter(|time| time != "0").unwrap_or_default();
    let read = vec![
        ("alive_days", number_value(Some(fields.integer("AliveDay").unwrap_or(0)))),
        ("create_time", string_value(created)),
        ("delete_time", Value::string(delete_time)),
        ("file_system_id", string_value(fields.filled("FileSystemId"))),
        ("id", Value::string(&*id)),
        ("size", number_value(Some(fields.integer("Size").unwrap_or(0)))),
        ("snapshot_name", name),
        ("status", Value::string(&status)),
        ("tags", object::map_value(fields.pairs("Tags", "TagKey", "TagValue"))),
    ];
    let life = match status.as_str() {
        "available" | "rollbacking-new" | "rollbacking_new" => Life::Usable,
        "create-failed" => Life::Failed(status),
        "deleting" => Life::Leaving,
        _ => Life::Pending(fields.integer("Percent").and_then(|percent| u8::try_from(percent).ok())),
    };
    Object { id, value: complete(ty, prior, read), life, created_at }
}

/// Sends one create. The service has no client token, so it is never sent again unless it certainly was not executed.
pub(crate) async fn create(client: &Client, request: &CreateRequest) -> Result<Accepted, CloudError> {
    let planned = &request.planned;
    if integer(planned, "alive_days").is_some_and(|days| days > 0) {
        let message = "alive_days cannot be given to a new snapshot: the service keeps new ones for ever, and does not let \
                       such a snapshot end later";
        return Err(CloudError::new(ErrorClass::Invalid, SERVICE, "CreateCfsSnapshot", message).with_remedy(
            "Remove alive_days; it is for snapshots that have an end already, such as those of a policy.",
        ));
    }
    let mut parameters = Map::new();
    parameters.insert("FileSystemId".into(), json!(filled(planned, "file_system_id").unwrap_or_default()));
    if let Some(name) = filled(planned, "snapshot_name") {
        parameters.insert("SnapshotName".into(), json!(name));
    }
    let mut tags = object::tags(planned);
    // Those beyond are set once the snapshot is there.
    tags.truncate(tags::most_at_create("tencentcloud_cfs_snapshot").unwrap_or(usize::MAX));
    if !tags.is_empty() {
        parameters.insert("ResourceTags".into(), tag_list(&tags));
    }
    let parameters = Json::Object(parameters);
    let mut retries = Retries::new(Repeat::OnlyIfNotExecuted);
    let answer = loop {
        let error = match client.call(SERVICE, "CreateCfsSnapshot", Repeat::UnlessBusy, &parameters).await {
            Err(error) if error.class == ErrorClass::Busy => error,
            other => break other?,
        };
        if let Some(lasting) = lasting(client, filled(planned, "file_system_id"), &error).await {
            return Err(lasting);
        }
        match retries.after(&error, None) {
            Some(wait) if patience::pause(&error, wait, None).await => {}
            _ => return Err(error),
        }
    };
    answer.accepted(SERVICE, "CreateCfsSnapshot", "SnapshotId", "snapcfs-")
}

/// States of a file system that do not pass by themselves.
const LASTING: [&str; 4] = ["create_failed", "unserviced", "deleting", "delete_failed"];

/// Returns the error of a create on a file system whose state no waiting changes; nothing when it may pass or cannot be read.
async fn lasting(client: &Client, system: Option<&str>, busy: &CloudError) -> Option<CloudError> {
    let parameters = json!({ "FileSystemId": system? });
    let answer = client.call(SERVICE, "DescribeCfsFileSystems", Repeat::Freely, &parameters).await.ok()?;
    let listed = answer.fields.list("FileSystems");
    let own = listed.iter().find(|fields| fields.text("FileSystemId").as_deref() == system)?;
    let state = own.text("LifeCycleState").filter(|state| LASTING.contains(&state.as_str()))?;
    let message = format!(
        "the file system {} is {state:?}, and waiting does not change that: {}",
        system?, busy.message
    );
    let error = CloudError::new(ErrorClass::Conflict, SERVICE, "CreateCfsSnapshot", message);
    Some(
        error.with_code(busy.code.as_deref().unwrap_or_default()).with_request_id(busy.request_id.as_deref()),
    )
}

fn tag_list(tags: &[(String, String)]) -> Json {
    tags.iter().map(|(key, value)| json!({ "TagKey": key, "TagValue": value })).collect()
}

/// Changes name and days to live by CFS, tags by the tag service; sends only what differs.
pub(crate) async fn update(client: &Client, prior: &Value, planned: &Value) -> Result<(), CloudError> {
    let id = filled(prior, "id").unwrap_or_default();
    let mut parameters = Map::new();
    if filled(prior, "snapshot_name") != filled(planned, "snapshot_name") {
        let Some(name) = filled(planned, "snapshot_name") else {
            let message = "snapshot_name cannot be removed: the service keeps the old name";
            return Err(CloudError::new(
                ErrorClass::Conflict,
                SERVICE,
                "UpdateCfsSnapshotAttribute",
                message,
            )
            .with_remedy("Give another snapshot_name, or replace the snapshot with -replace."));
        };
        parameters.insert("SnapshotName".into(), json!(name));
    }
    let days = integer(planned, "alive_days").filter(|days| Some(*days) != integer(prior, "alive_days"));
    if let Some(days) = days {
        parameters.insert("AliveDays".into(), json!(days));
    }
    if !parameters.is_empty() {
        parameters.insert("SnapshotId".into(), json!(id));
        client.call(SERVICE, "UpdateCfsSnapshotAttribute", Repeat::Freely, &Json::Object(parameters)).await?;
    }
    change_tags(client, id, &TagChange::between(prior, planned)).await
}

async fn change_tags(client: &Client, id: &str, change: &TagChange) -> Result<(), CloudError> {
    if change.is_empty() {
        return Ok(());
    }
    let resource = format!("qcs::cfs:{}:uin/:snap/{id}", client.region());
    let rounds = change.set.len().div_ceil(TAGS).max(change.removed.len().div_ceil(TAGS));
    for round in 0..rounds {
        let mut parameters = Map::new();
        parameters.insert("Resource".into(), json!(resource));
        // The service refuses empty lists.
        let set: Vec<_> = change.set.iter().skip(round * TAGS).take(TAGS).cloned().collect();
        if !set.is_empty() {
            parameters.insert("ReplaceTags".into(), tag_list(&set));
        }
        let removed: Vec<Json> =
            change.removed.iter().skip(round * TAGS).take(TAGS).map(|key| json!({ "TagKey": key })).collect();
        if !removed.is_empty() {
            parameters.insert("DeleteTags".into(), json!(removed));
        }
        client.call("tag", "ModifyResourceTags", Repeat::Freely, &Json::Object(parameters)).await?;
    }
    Ok(())
}

/// Deletes a snapshot, which takes the service a while; one that it does not know counts as deleted.
pub(crate) async fn delete(client: &Client, prior: &Value) -> Result<(), CloudError> {
    let parameters = json!({ "SnapshotId": filled(prior, "id").unwrap_or_default() });
    match client.call(SERVICE, "DeleteCfsSnapshot", Repeat::Freely, &parameters).await {
        Err(error) if error.is_missing() => Ok(()),
        other => other.map(drop),
    }
}
