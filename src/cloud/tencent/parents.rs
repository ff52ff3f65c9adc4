//! Whether disks, file systems and tables are shown.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::cbs_disk_backup;
use super::client::Client;
use super::listing::Listing;
use super::tcaplus_snapshot::bare_group;
use crate::cloud::BoxFuture;
use crate::cloud::error::CloudError;
use crate::cloud::fields::Fields;
use crate::cloud::join::join_all;
use crate::cloud::object::{self, filled};
use crate::lang::Value;
use crate::schema::ResourceType;

/// Up to so many file systems are asked for one by one; beyond, the pages of the region are fewer calls.
const ONE_BY_ONE: usize = 5;

const FILE_SYSTEMS: Listing = Listing {
    service: "cfs",
    action: "DescribeCfsFileSystems",
    items: "FileSystems",
    id: "FileSystemId",
    limit: 100,
};

const TABLES: Listing = Listing {
    service: "tcaplusdb",
    action: "DescribeTables",
    items: "TableInfos",
    id: "TableInstanceId",
    limit: 20,
};

/// Returns the ids of those parents that the service shows.
pub(crate) async fn shown(
    client: &Client,
    resource_type: &ResourceType,
    objects: &[Value],
) -> Result<BTreeSet<String>, CloudError> {
    let planned: Vec<&Value> = objects.iter().collect();
    match resource_type.name {
        "tencentcloud_cfs_snapshot" => {
            file_systems(client, &object::parents(&planned, "file_system_id")).await
        }
        "tencentcloud_tcaplus_snapshot" => tables(client, &planned).await,
        _ => cbs_disk_backup::shown_disks(client, objects).await,
    }
}

async fn file_systems(client: &Client, ids: &BTreeSet<String>) -> Result<BTreeSet<String>, CloudError> {
    let id = |fields: &Fields| fields.filled("FileSystemId").filter(|id| ids.contains(id));
    if ids.len() > ONE_BY_ONE {
        return Ok(FILE_SYSTEMS.all(client, json!({}), id).await?.into_iter().collect());
    }
    let reads = ids.iter().map(|each| -> BoxFuture<'_, Result<Vec<String>, CloudError>> {
        Box::pin(async move {
            match FILE_SYSTEMS.all(client, json!({ "FileSystemId": each }), id).await {
                // The documents do not say which answer an unknown id gets; this code is among those listed.
                Err(error) if error.code.as_deref() == Some("InvalidParameterValue.InvalidFileSystemId") => {
                    Ok(Vec::new())
                }
                Err(error) if error.is_missing() => Ok(Vec::new()),
                other => other,
            }
        })
    });
    let mut shown = BTreeSet::new();
    for found in join_all(reads.collect()).await {
        shown.extend(found?);
    }
    Ok(shown)
}

async fn tables(client: &Client, planned: &[&Value]) -> Result<BTreeSet<String>, CloudError> {
    let mut clusters: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for object in planned {
        if let (Some(cluster), Some(group)) = (filled(object, "cluster_id"), filled(object, "table_group_id"))
        {
            clusters.entry(cluster).or_default().insert(bare_group(group));
        }
    }
    let reads = clusters.iter().map(|(cluster, groups)| -> BoxFuture<'_, Result<Vec<String>, CloudError>> {
        Box::pin(async move {
            let filter = json!({ "ClusterId": cluster, "TableGroupIds": groups });
            let name = |fields: &Fields| {
                let (group, table) = (fields.filled("TableGroupId")?, fields.filled("TableName")?);
                Some(format!("{cluster}:{}:{table}", bare_group(&group)))
            };
            match TABLES.all(client, filter, name).await {
                Err(error) if error.is_missing() => Ok(Vec::new()),
                other => other,
            }
        })
    });
    let mut shown = BTreeSet::new();
    for found in join_all(reads.collect()).await {
        shown.extend(found?);
    }
    Ok(shown)
}
