//! What else ECS and ECD say of snapshots that their lists do not show.
//!
//! The lists of snapshots tell no number, and who may read only some of what there is gets a shorter list without a word. So an
//! absence is asked about in the other ways that the services document, none of which changes anything: the list by page number,
//! which counts (ECS DescribeSnapshots), the tags of an id (ECS ListTagResources), and whether the disk or desktop itself is shown.

use std::collections::BTreeSet;

use super::client::{Client, Parameters};
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::object::{Tokens, filled, parents};
use crate::cloud::retry::Repeat;
use crate::cloud::{Absence, Known};
use crate::lang::Value;

/// Most ids in one DescribeSnapshots, DescribeDisks and DescribeDesktops.
const BATCH: usize = 100;
/// Most ids in one ListTagResources.
const TAGGED: usize = 50;

/// Asks about ECS snapshots that a list by id did not show.
pub(crate) async fn of_ecs_snapshots(client: &Client, objects: &[Known]) -> Vec<Absence> {
    let mut answers = Vec::with_capacity(objects.len());
    let disks = shown_disks(client, &of(objects, "disk_id")).await;
    for batch in objects.chunks(BATCH) {
        match count(client, batch).await {
            Ok(None) => {}
            Ok(Some(why)) => {
                answers.extend(batch.iter().map(|_| Absence::Unclear(why.clone())));
                continue;
            }
            Err(error) => {
                answers.extend(batch.iter().map(|_| Absence::Unread(error.clone())));
                continue;
            }
        }
        let tagged = tagged(client, batch).await;
        for known in batch {
            answers.push(if tagged.contains(&*known.id) {
                Absence::Unclear("The service still knows tags of it.".to_owned())
            } else {
                by_parent(&disks, known, "disk_id", "disk")
            });
        }
    }
    answers
}

/// Asks about ECD snapshots that a list by id did not show.
pub(crate) async fn of_ecd_snapshots(client: &Client, objects: &[Known]) -> Vec<Absence> {
    let ids = of(objects, "desktop_id");
    let desktops = shown_desktops(client, &ids).await;
    objects.iter().map(|known| by_parent(&desktops, known, "desktop_id", "desktop")).collect()
}

fn of(objects: &[Known], parent: &str) -> BTreeSet<String> {
    parents(&objects.iter().map(|known| &known.value).collect::<Vec<&Value>>(), parent)
}

/// Lists the ids by page number, which counts them; returns what speaks against their being gone.
async fn count(client: &Client, batch: &[Known]) -> Result<Option<String>, CloudError> {
    let ids: Vec<&str> = batch.iter().map(|known| &*known.id).collect();
    let parameters = Parameters::default()
        .with("SnapshotIds", serde_json::json!(ids).to_string())
        .with("PageNumber", "1")
        .with("PageSize", BATCH.to_string());
    let answer = match client.call("ecs", "DescribeSnapshots", Repeat::Freely, parameters).await {
        Ok(answer) => answer,
        // The vendor means to remove these parameters.
        Err(error) if error.class == ErrorClass::Invalid => return Ok(None),
        Err(error) => return Err(error),
    };
    let listed = answer.fields.list("Snapshots.Snapshot").len();
    let counted = answer.fields.integer("TotalCount").and_then(|total| usize::try_from(total).ok());
    Ok(counted.max(Some(listed)).filter(|counted| *counted > 0).map(|counted| {
        format!("Of the {} that the list does not show, the service counts {counted} as existing.", ids.len())
    }))
}

/// Returns those of the ids that have tags. Nothing is concluded where tags may not be read.
async fn tagged(client: &Client, batch: &[Known]) -> BTreeSet<String> {
    const ACTION: &str = "ListTagResources";
    let mut found = BTreeSet::new();
    for ids in batch.chunks(TAGGED) {
        let mut token = None;
        let mut tokens = Tokens::default();
        loop {
            let parameters = Parameters::default()
                .with("ResourceType", "snapshot")
                .list("ResourceId", ids.iter().map(|known| known.id.to_string()))
                .maybe("NextToken", token.take());
            let Ok(answer) = client.call("ecs", ACTION, Repeat::Freely, parameters).await else { break };
            let listed = answer.fields.list("TagResources.TagResource");
            found.extend(listed.iter().filter_map(|each| each.filled("ResourceId")));
            token = tokens.follow("ecs", ACTION, answer.fields.filled("NextToken")).ok().flatten();
            if token.is_none() {
                break;
            }
        }
    }
    found
}

/// Returns which of these disks are shown.
pub(super) async fn shown_disks(
    client: &Client,
    ids: &BTreeSet<String>,
) -> Result<BTreeSet<String>, CloudError> {
    shown(client, "ecs", "DescribeDisks", "Disks.Disk", "DiskId", ids).await
}

/// Returns which of these cloud desktops are shown.
pub(super) async fn shown_desktops(
    client: &Client,
    ids: &BTreeSet<String>,
) -> Result<BTreeSet<String>, CloudError> {
    shown(client, "ecd", "DescribeDesktops", "Desktops", "DesktopId", ids).await
}

async fn shown(
    client: &Client,
    service: &'static str,
    action: &'static str,
    list: &str,
    id: &str,
    ids: &BTreeSet<String>,
) -> Result<BTreeSet<String>, CloudError> {
    let mut found = BTreeSet::new();
    let ids: Vec<String> = ids.iter().cloned().collect();
    for batch in ids.chunks(BATCH) {
        let parameters = Parameters::default().with("MaxResults", BATCH.to_string());
        let parameters = match service {
            "ecs" => parameters.with("DiskIds", serde_json::json!(batch).to_string()),
            _ => parameters.list("DesktopId", batch.iter().cloned()),
        };
        let answer = client.call(service, action, Repeat::Freely, parameters).await?;
        found.extend(answer.fields.list(list).iter().filter_map(|each| each.filled(id)));
    }
    Ok(found)
}

/// Whoever sees the parent sees its snapshots, as far as can be told.
fn by_parent(
    shown: &Result<BTreeSet<String>, CloudError>,
    known: &Known,
    attribute: &str,
    word: &str,
) -> Absence {
    let Some(parent) = filled(&known.value, attribute) else { return Absence::Unopposed };
    match shown {
        Ok(shown) if shown.contains(parent) => Absence::Unopposed,
        Ok(_) => Absence::Unclear(format!("Its {word} {parent} is not shown either.")),
        Err(error) => {
            Absence::Unclear(format!("Whether its {word} {parent} is shown could not be read: {error}."))
        }
    }
}
