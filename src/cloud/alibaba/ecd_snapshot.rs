//! `alicloud_ecd_snapshot` over ECD CreateSnapshot, DescribeSnapshots and DeleteSnapshot.
//!
//! The service has no client token, no change and no list of ids to read by: snapshots are read by desktop, or all together,
//! whichever takes fewer calls.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::client::{Client, Parameters};
use super::listing::Listing;
use crate::cloud::error::CloudError;
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{self, Asked, Findings, complete, filled, string_value};
use crate::cloud::retry::Repeat;
use crate::cloud::{Accepted, BoxFuture, CreateRequest, Known, Life, Object, Observed};
use crate::lang::{Type, Value};

const SERVICE: &str = "ecd";
pub(super) const LIST: Listing =
    Listing { service: SERVICE, action: "DescribeSnapshots", items: "Snapshots" };

/// Reads snapshots in as few calls as can be known beforehand. Those whose desktop is not known, as at an import, are read one by one.
pub(crate) async fn observe(client: &Client, ty: &Type, objects: &[Known]) -> Vec<Observed> {
    let asked = Asked::new(objects, |known, fields| object(ty, &known.value, fields));
    let mut findings = asked.nothing();
    let many = desktops(&findings).len() > objects.len().div_ceil(Listing::LIMIT);
    if !(many && all_pages(client, &mut findings).await) {
        by_desktop(client, &asked, &mut findings).await;
        by_id(client, &asked, &mut findings).await;
    }
    findings.answers()
}

/// Returns the desktops of the objects that were not found yet.
fn desktops(findings: &Findings<'_>) -> BTreeSet<String> {
    let unfound = findings.unfound().filter(|known| !known.alone);
    unfound.filter_map(|known| filled(&known.value, "desktop_id").map(str::to_owned)).collect()
}

/// Pages through everything, as long as that costs less than asking desktop by desktop would; returns whether nothing is left to
/// look for.
async fn all_pages(client: &Client, findings: &mut Findings<'_>) -> bool {
    let desktops = desktops(findings);
    let mut token = None;
    let (mut pages, mut on_desktops) = (0, 0);
    loop {
        let Ok((page, next)) = LIST.page(client, Parameters::default(), token).await else { return false };
        let of_ours =
            |fields: &&Fields| fields.text("DesktopId").is_some_and(|desktop| desktops.contains(&desktop));
        on_desktops += page.iter().filter(of_ours).count();
        findings.add_all(page, "SnapshotId");
        pages += 1;
        token = next;
        if token.is_none() || findings.is_complete() {
            return true;
        }
        // What was seen on the desktops would have to be read again.
        if pages >= object::calls_by_parent(desktops.len(), on_desktops, Listing::LIMIT) {
            return false;
        }
    }
}

async fn by_desktop<'a>(client: &Client, asked: &'a Asked<'a>, findings: &mut Findings<'a>) {
    let reads = desktops(findings).into_iter().map(|desktop| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let mut found = asked.nothing();
            match LIST.all(client, Parameters::default().with("DesktopId", &desktop), object::whole).await {
                Ok(listed) => found.add_all(listed, "SnapshotId"),
                Err(error) => {
                    let ids: Vec<String> = found
                        .unfound()
                        .filter(|known| filled(&known.value, "desktop_id") == Some(&desktop))
                        .map(|known| known.id.to_string())
                        .collect();
                    found.fail(ids, &error);
                }
            }
            found
        })
    });
    join_all(reads.collect()).await.into_iter().for_each(|found| findings.merge(found));
}

async fn by_id<'a>(client: &Client, asked: &'a Asked<'a>, findings: &mut Findings<'a>) {
    let unplaced =
        findings.missing().filter(|known| known.alone || filled(&known.value, "desktop_id").is_none());
    let reads = unplaced.map(|known| -> BoxFuture<'_, Findings<'_>> {
        Box::pin(async move {
            let mut found = asked.nothing();
            match LIST.all(client, Parameters::default().with("SnapshotId", &*known.id), object::whole).await
            {
                Ok(listed) => found.add_all(listed, "SnapshotId"),
                Err(error) => found.fail([known.id.to_string()], &error),
            }
            found
        })
    });
    let read = join_all(reads.collect()).await;
    read.into_iter().for_each(|found| findings.merge(found));
}

/// Returns all snapshots of the planned objects' desktops that were not taken by a policy, in the fewest calls.
pub(crate) async fn on_parents(
    client: &Client,
    ty: &Type,
    planned: &[&Value],
) -> Result<Vec<Object>, CloudError> {
    let desktops = &object::parents(planned, "desktop_id");
    let filter = || Parameters::default().with("SnapshotType", "user");
    let nothing = &Value::object::<Arc<str>>([]);
    if desktops.len() > 1 {
        let of_ours = |fields: &Fields| {
            object::is_of(fields, "DesktopId", desktops).then(|| object(ty, nothing, fields))
        };
        if let Some(all) = LIST.within(client, filter(), desktops.len(), of_ours).await? {
            return Ok(all);
        }
    }
    let make = |fields: &Fields| Some(object(ty, nothing, fields));
    let of_desktop = |desktop| -> BoxFuture<'_, _> {
        Box::pin(LIST.all(client, filter().with("DesktopId", desktop), make))
    };
    object::parent_by_parent(desktops, of_desktop).await
}

fn object(ty: &Type, prior: &Value, fields: &Fields) -> Object {
    let id: Arc<str> = fields.filled("SnapshotId").unwrap_or_default().into();
    let status = fields.text("Status").unwrap_or_default();
    let created = fields.text("CreationTime");
    let created_at = created.as_deref().and_then(object::time);
    let read = vec![
        ("create_time", string_value(created)),
        ("description", string_value(fields.filled("Description"))),
        ("desktop_id", string_value(fields.filled("DesktopId"))),
        ("id", Value::string(&*id)),
        ("snapshot_name", string_value(fields.filled("SnapshotName"))),
        // The interface documents lower case, answers upper case, and the provider knows upper case only.
        ("source_disk_type", string_value(fields.filled("SourceDiskType").map(|kind| kind.to_uppercase()))),
        ("status", Value::string(&status)),
    ];
    let life = match status.to_uppercase().as_str() {
        "ACCOMPLISHED" => Life::Usable,
        "FAILED" => Life::Failed(status),
        _ => {
            let progress = fields.text("Progress");
            Life::Pending(progress.and_then(|text| text.trim_end_matches('%').parse().ok()))
        }
    };
    Object { id, value: complete(ty, prior, read), life, created_at }
}

/// Sends one create. The service has no client token, so it is never sent again unless it certainly was not executed.
pub(crate) async fn create(client: &Client, request: &CreateRequest) -> Result<Accepted, CloudError> {
    let planned = &request.planned;
    let parameters = Parameters::default()
        .with("DesktopId", filled(planned, "desktop_id").unwrap_or_default())
        .with("SnapshotName", filled(planned, "snapshot_name").unwrap_or_default())
        .with("SourceDiskType", filled(planned, "source_disk_type").unwrap_or_default().to_lowercase())
        .maybe("Description", filled(planned, "description"));
    let answer = client.call(SERVICE, "CreateSnapshot", Repeat::OnlyIfNotExecuted, parameters).await?;
    answer.accepted(SERVICE, "CreateSnapshot", "SnapshotId", "s-")
}

/// Deletes a snapshot; the service passes over ids that it does not know.
pub(crate) async fn delete(client: &Client, prior: &Value) -> Result<(), CloudError> {
    let parameters = Parameters::default().list("SnapshotId", filled(prior, "id"));
    match client.call(SERVICE, "DeleteSnapshot", Repeat::Freely, parameters).await {
        Err(error) if error.is_missing() => Ok(()),
        other => other.map(drop),
    }
}
