//! `tencentcloud_cbs_disk_backup` over CBS CreateDiskBackup, DescribeDiskBackups and DeleteDiskBackups.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::json;

use super::client::Client;
use super::listing::Listing;
use crate::cloud::error::CloudError;
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{
    self, Asked, Findings, Page, complete, filled, name_stays_unset, number_value, string_value,
};
use crate::cloud::retry::Repeat;
use crate::cloud::{Accepted, BoxFuture, CreateRequest, Known, Life, Object, Observed};
use crate::lang::{Type, Value};

const SERVICE: &str = "cbs";
/// Most items on a page, and so most ids in one call.
const BATCH: usize = 100;

/// The backup points of a region, an account or some disks.
pub(super) const LIST: Listing = Listing {
    service: SERVICE,
    action: "DescribeDiskBackups",
    items: "DiskBackupSet",
    id: "DiskBackupId",
    limit: BATCH as i64,
};

/// Names that the console and the interface fill in when none is given.
const DEFAULT_NAMES: [&str; 2] = ["未命名", "Untitled"];

/// Reads backup points by id, a hundred per call; one that a complete answer does not list is absent.
pub(crate) async fn observe(client: &Client, ty: &Type, objects: &[Known]) -> Vec<Observed> {
    let asked = &Asked::new(objects, |known, fields| object(ty, &known.value, fields));
    let batches = objects.chunks(BATCH).map(|batch| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let ids: Vec<String> = batch.iter().map(|known| known.id.to_string()).collect();
            let mut findings = asked.nothing();
            match LIST.all(client, json!({ "DiskBackupIds": ids }), object::whole).await {
                Ok(found) => findings.add_all(found, "DiskBackupId"),
                Err(error) => findings.fail(ids, &error),
            }
            findings
        })
    });
    let mut findings = asked.nothing();
    join_all(batches.collect()).await.into_iter().for_each(|found| findings.merge(found));
    findings.answers()
}

/// Returns all backup points of the planned objects' disks, those that the service makes by itself every day among them, in the
/// fewest calls.
pub(crate) async fn on_parents(
    client: &Client,
    ty: &Type,
    planned: &[&Value],
) -> Result<Vec<Object>, CloudError> {
    let disks = &object::parents(planned, "disk_id");
    let nothing = &Value::object::<Arc<str>>([]);
    let make = |fields: &Fields| Some(object(ty, nothing, fields));
    if let Some(first) = first_if_cheaper(client, disks.len()).await? {
        let of_ours =
            |fields: &Fields| object::is_of(fields, "DiskId", disks).then(|| object(ty, nothing, fields));
        return LIST.all_after(client, json!({}), Some(first), of_ours).await;
    }
    let filter = |disk: &str| json!({ "Filters": [{ "Name": "disk-id", "Values": [disk] }] });
    let of_disk = |disk| -> BoxFuture<'_, _> { Box::pin(LIST.all(client, filter(disk), make)) };
    object::parent_by_parent(disks, of_disk).await
}

/// Returns the disks of these objects as far as they are listed, a hundred per call.
async fn disks(client: &Client, objects: &[Value]) -> Result<Vec<Fields>, CloudError> {
    let objects: Vec<&Value> = objects.iter().collect();
    let disks: Vec<String> = object::parents(&objects, "disk_id").into_iter().collect();
    let batches = disks.chunks(BATCH).map(|batch| -> BoxFuture<'_, Result<Vec<Fields>, CloudError>> {
        Box::pin(async move {
            let parameters = json!({ "DiskIds": batch, "Limit": BATCH });
            let answer = client.call(SERVICE, "DescribeDisks", Repeat::Freely, &parameters).await?;
            Ok(answer.fields.list("DiskSet"))
        })
    });
    let mut all = Vec::new();
    for listed in join_all(batches.collect()).await {
        all.extend(listed?);
    }
    Ok(all)
}

/// Returns the ids of those of the objects' disks that are listed.
pub(super) async fn shown_disks(client: &Client, objects: &[Value]) -> Result<BTreeSet<String>, CloudError> {
    Ok(disks(client, objects).await?.iter().filter_map(|disk| disk.filled("DiskId")).collect())
}

/// Returns the quota of backup points of each object's disk; nothing for a disk that is not listed.
pub(crate) async fn quotas(client: &Client, objects: &[Value]) -> Result<Vec<Option<u64>>, CloudError> {
    let mut quotas: HashMap<String, u64> = HashMap::new();
    for disk in disks(client, objects).await? {
        let quota = disk.integer("DiskBackupQuota").and_then(|quota| u64::try_from(quota).ok());
        if let (Some(id), Some(quota)) = (disk.filled("DiskId"), quota) {
            quotas.insert(id, quota);
        }
    }
    Ok(objects
        .iter()
        .map(|object| filled(object, "disk_id").and_then(|disk| quotas.get(disk).copied()))
        .collect())
}

/// Returns the first page of the whole region when it says that reading all pages takes no more calls than one per disk.
async fn first_if_cheaper(client: &Client, disks: usize) -> Result<Option<Page>, CloudError> {
    if disks < 2 {
        return Ok(None);
    }
    let (first, total) = LIST.page(client, &json!({}), 0).await?;
    let pages = total.map(|total| total.saturating_add(BATCH as i64 - 1) / BATCH as i64);
    Ok(pages.filter(|pages| *pages <= disks as i64).map(|_| (first, total)))
}
fn object(ty: &Type, prior: &Value, fields: &Fields) -> Object {
    let id: Arc<str> = fields.filled("DiskBackupId").unwrap_or_default().into();
    let status = fields.text("DiskBackupState").unwrap_or_default();
    let created = fields.text("CreateTime");
    let created_at = created.as_deref().and_then(object::time);
    let name = match name_stays_unset(prior, "disk_id", "disk_backup_name") {
        true => None,
        false => fields.filled("DiskBackupName").filter(|name| keeps(prior, name)),
    };
    let read = vec![
        ("create_time", string_value(created)),
        ("disk_backup_name", string_value(name)),
        ("disk_id", string_value(fields.filled("DiskId"))),
        ("disk_size", number_value(Some(fields.integer("DiskSize").unwrap_or(0)))),
        ("id", Value::string(&*id)),
        ("status", Value::string(&status)),
    ];
    let life = match status.as_str() {
        "NORMAL" | "ROLLBACKING" => Life::Usable,
        _ => Life::Pending(fields.integer("Percent").and_then(|percent| u8::try_from(percent).ok())),
    };
    Object { id, value: complete(ty, prior, read), life, created_at }
}

/// A default name is a name only where the user gave just that one.
fn keeps(prior: &Value, name: &str) -> bool {
    !DEFAULT_NAMES.contains(&name) || filled(prior, "disk_backup_name") == Some(name)
}

/// Sends one create. The service has no client token, so it is never sent again unless it certainly was not executed.
pub(crate) async fn create(client: &Client, request: &CreateRequest) -> Result<Accepted, CloudError> {
    let planned = &request.planned;
    let mut parameters = json!({ "DiskId": filled(planned, "disk_id").unwrap_or_default() });
    if let Some(name) = filled(planned, "disk_backup_name") {
        parameters["DiskBackupName"] = json!(name);
    }
    let answer = client.call(SERVICE, "CreateDiskBackup", Repeat::OnlyIfNotExecuted, &parameters).await?;
    answer.accepted(SERVICE, "CreateDiskBackup", "DiskBackupId", "dbp-")
}

/// Deletes a backup point; one that the service does not know counts as deleted. One id per call: what happens to the others of
/// a list when one of them fails is documented nowhere.
pub(crate) async fn delete(client: &Client, prior: &Value) -> Result<(), CloudError> {
    let parameters = json!({ "DiskBackupIds": [filled(prior, "id").unwrap_or_default()] });
    match client.call(SERVICE, "DeleteDiskBackups", Repeat::Freely, &parameters).await {
        Err(error) if error.is_missing() => Ok(()),
        other => other.map(drop),
    }
}
