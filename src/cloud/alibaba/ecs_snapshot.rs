//! `alicloud_ecs_snapshot` over ECS CreateSnapshot, DescribeSnapshots, ModifySnapshotAttribute and DeleteSnapshot.

use std::sync::Arc;

use super::client::{Client, Parameters};
use super::listing::Listing;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{
    self, Asked, Findings, TagChange, complete, filled, flag, integer, number_value, string_value,
};
use crate::cloud::retry::Repeat;
use crate::cloud::{Accepted, BoxFuture, CreateRequest, Known, Life, Object, Observed};
use crate::lang::{Type, Value};

const SERVICE: &str = "ecs";
pub(super) const LIST: Listing =
    Listing { service: SERVICE, action: "DescribeSnapshots", items: "Snapshots.Snapshot" };
/// Most ids in one DescribeSnapshots.
const BATCH: usize = 100;
/// Most tags in one TagResources or UntagResources.
const TAGS: usize = 20;

/// Reads snapshots by id, a hundred per call; one that a complete answer does not list is absent.
pub(crate) async fn observe(client: &Client, ty: &Type, objects: &[Known]) -> Vec<Observed> {
    let asked = &Asked::new(objects, |known, fields| object(client, ty, &known.value, fields));
    let batches = objects.chunks(BATCH).map(|batch| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let ids: Vec<String> = batch.iter().map(|known| known.id.to_string()).collect();
            let mut findings = asked.nothing();
            let listed = Parameters::default().with("SnapshotIds", serde_json::json!(ids).to_string());
            match LIST.all(client, listed, object::whole).await {
                Ok(found) => findings.add_all(found, "SnapshotId"),
                Err(error) => findings.fail(ids, &error),
            }
            findings
        })
    });
    let mut findings = asked.nothing();
    join_all(batches.collect()).await.into_iter().for_each(|found| findings.merge(found));
    findings.answers()
}

/// Returns all snapshots of the planned objects' disks that were not taken by a policy, in the fewest calls.
pub(crate) async fn on_parents(
    client: &Client,
    ty: &Type,
    planned: &[&Value],
) -> Result<Vec<Object>, CloudError> {
    let disks = &object::parents(planned, "disk_id");
    let filter = || Parameters::default().with("SnapshotType", "user");
    let nothing = &Value::object::<Arc<str>>([]);
    if disks.len() > 1 {
        let of_ours = |fields: &Fields| {
            object::is_of(fields, "SourceDiskId", disks).then(|| object(client, ty, nothing, fields))
        };
        if let Some(all) = LIST.within(client, filter(), disks.len(), of_ours).await? {
            return Ok(all);
        }
    }
    let make = |fields: &Fields| Some(object(client, ty, nothing, fields));
    let of_disk =
        |disk| -> BoxFuture<'_, _> { Box::pin(LIST.all(client, filter().with("DiskId", disk), make)) };
    object::parent_by_parent(disks, of_disk).await
}

fn object(client: &Client, ty: &Type, prior: &Value, fields: &Fields) -> Object {
    let id: Arc<str> = fields.filled("SnapshotId").unwrap_or_default().into();
    let status = fields.text("Status").unwrap_or_default();
    let name = Value::string(fields.text("SnapshotName").unwrap_or_default());
    let created = fields.text("CreationTime");
    let created_at = created.as_deref().and_then(object::time);
    let region = fields.filled("RegionId").unwrap_or_else(|| client.region().to_string());
    // The provider knows lower case only, and sends and reads it so; a different case would force a replacement.
    let category = fields.text("Category").unwrap_or_default().to_lowercase();
    let read = vec![
        ("category", Value::string(category)),
        ("create_time", Value::string(created.unwrap_or_default())),
        ("description", string_value(fields.filled("Description"))),
        ("disk_id", string_value(fields.filled("SourceDiskId"))),
        ("id", Value::string(&*id)),
        ("name", name.clone()),
        ("region_id", Value::string(region)),
        ("resource_group_id", resource_group(prior, fields)),
        // The service reports 0 for snapshots that are kept for ever.
        ("retention_days", number_value(fields.integer("RetentionDays").filter(|days| *days > 0))),
        ("snapshot_name", name),
        ("status", Value::string(&status)),
        ("tags", object::map_value(user_tags(fields))),
    ];
    Object { id, value: complete(ty, prior, read), life: life(&status, fields), created_at }
}

/// A snapshot that was put into no group is in the account's default group; naming that would plan a change for ever.
fn resource_group(prior: &Value, fields: &Fields) -> Value {
    let group = fields.filled("ResourceGroupId");
    let ours = prior.get("disk_id").is_some_and(|value| !value.is_null());
    if ours && filled(prior, "resource_group_id").is_none() {
        return Value::null(Type::String);
    }
    string_value(group)
}

/// Leaves out the tags that Alibaba's own services set, as the provider does.
pub(super) fn user_tags(fields: &Fields) -> Vec<(String, String)> {
    let theirs =
        |key: &str| ["aliyun", "acs:", "http://", "https://"].iter().any(|start| key.starts_with(start));
    let mut tags = fields.pairs("Tags.Tag", "TagKey", "TagValue");
    tags.retain(|(key, _)| !theirs(key));
    tags
}

/// Only `accomplished` counts as usable. Disks of the ESSD family are usable earlier (`Available`), but then the status in the
/// state would change behind every apply.
fn life(status: &str, fields: &Fields) -> Life {
    match status {
        "accomplished" => Life::Usable,
        "failed" => Life::Failed(status.to_owned()),
        _ => {
            let progress = fields.text("Progress");
            Life::Pending(progress.and_then(|text| text.trim_end_matches('%').parse().ok()))
        }
    }
}

/// Sends one create. The marker is its client token: the service answers a repetition with the same snapshot.
pub(crate) async fn create(client: &Client, request: &CreateRequest) -> Result<Accepted, CloudError> {
    let planned = &request.planned;
    let name = filled(planned, "snapshot_name").or_else(|| filled(planned, "name"));
    let category = filled(planned, "category").map(|category| match category {
        "flash" => "Flash",
        _ => "Standard",
    });
    // The token may have at most 64 ASCII characters.
    let token: String = request.marker.chars().filter(char::is_ascii).take(64).collect();
    let parameters = Parameters::default()
        .with("DiskId", filled(planned, "disk_id").unwrap_or_default())
        .maybe("SnapshotName", name)
        .maybe("Description", filled(planned, "description"))
        .maybe("RetentionDays", integer(planned, "retention_days").map(|days| days.to_string()))
        .maybe("ResourceGroupId", filled(planned, "resource_group_id"))
        .maybe("Category", category)
        .tags(&object::tags(planned))
        .with("ClientToken", token);
    let answer = client.call(SERVICE, "CreateSnapshot", Repeat::OnlyIfNotExecuted, parameters).await?;
    answer.accepted(SERVICE, "CreateSnapshot", "SnapshotId", "s-")
}

/// Changes name, description, retention, resource group and tags; sends only what differs.
pub(crate) async fn update(client: &Client, prior: &Value, planned: &Value) -> Result<(), CloudError> {
    let id = filled(prior, "id").unwrap_or_default();
    change_attributes(client, id, prior, planned).await?;
    let group = filled(planned, "resource_group_id");
    if let Some(group) = group.filter(|group| Some(*group) != filled(prior, "resource_group_id")) {
        let parameters = Parameters::default()
            .with("ResourceType", "snapshot")
            .with("ResourceId", id)
            .with("ResourceGroupId", group);
        client.call(SERVICE, "JoinResourceGroup", Repeat::Freely, parameters).await?;
    }
    change_tags(client, id, prior, planned).await
}

async fn change_attributes(
    client: &Client,
    id: &str,
    prior: &Value,
    planned: &Value,
) -> Result<(), CloudError> {
    let name = |object| filled(object, "snapshot_name").or_else(|| filled(object, "name"));
    let changed_name = ["snapshot_name", "name"]
        .into_iter()
        .filter_map(|attribute| filled(planned, attribute))
        .find(|new| Some(*new) != name(prior));
    let (old, new) =
        (filled(prior, "description").unwrap_or(""), filled(planned, "description").unwrap_or(""));
    let description = (old != new).then_some(new);
    let days = integer(planned, "retention_days");
    let before = integer(prior, "retention_days");
    if days != before && days.is_none() {
        let message =
            "retention_days cannot be removed: the service only extends the time a snapshot is kept";
        return Err(CloudError::new(ErrorClass::Conflict, SERVICE, "ModifySnapshotAttribute", message).with_remedy(
            "Give retention_days a value of at least the present one, or replace the snapshot with -replace.",
        ));
    }
    let days = days.filter(|days| Some(*days) != before);
    if changed_name.is_none() && description.is_none() && days.is_none() {
        return Ok(());
    }
    let parameters = Parameters::default()
        .with("SnapshotId", id)
        .maybe("SnapshotName", changed_name)
        .maybe("Description", description)
        .maybe("RetentionDays", days.map(|days| days.to_string()));
    client.call(SERVICE, "ModifySnapshotAttribute", Repeat::Freely, parameters).await.map(drop)
}

/// Sets before it removes, so that an interruption leaves too many tags rather than too few, except where the service would
/// refuse the sum: more than 20, or two keys that differ only in case.
async fn change_tags(client: &Client, id: &str, prior: &Value, planned: &Value) -> Result<(), CloudError> {
    let change = TagChange::between(prior, planned);
    let sum = object::tags(prior).len() + change.set.len();
    let clash = change
        .removed
        .iter()
        .any(|old| change.set.iter().any(|(new, _)| old.to_lowercase() == new.to_lowercase()));
    let target = || Parameters::default().with("ResourceType", "snapshot").with("ResourceId.1", id);
    let remove = async || -> Result<(), CloudError> {
        for keys in change.removed.chunks(TAGS) {
            let parameters = target().list("TagKey", keys.iter().cloned());
            client.call(SERVICE, "UntagResources", Repeat::Freely, parameters).await?;
        }
        Ok(())
    };
    let set = async || -> Result<(), CloudError> {
        for pairs in change.set.chunks(TAGS) {
            client.call(SERVICE, "TagResources", Repeat::Freely, target().tags(pairs)).await?;
        }
        Ok(())
    };
    if sum > TAGS || clash {
        remove().await?;
        set().await
    } else {
        set().await?;
        remove().await
    }
}

/// Deletes a snapshot; one that the service does not know counts as deleted.
pub(crate) async fn delete(client: &Client, prior: &Value) -> Result<(), CloudError> {
    let parameters = Parameters::default()
        .with("SnapshotId", filled(prior, "id").unwrap_or_default())
        .maybe("Force", flag(prior, "force").map(|force| force.to_string()));
    match client.call(SERVICE, "DeleteSnapshot", Repeat::Freely, parameters).await {
        Err(error) if error.is_missing() => Ok(()),
        other => other.map(drop),
    }
}
