//! Whether disks and cloud desktops are shown.

use std::collections::BTreeSet;

use super::absence::{shown_desktops, shown_disks};
use super::client::Client;
use crate::cloud::error::CloudError;
use crate::cloud::object;
use crate::lang::Value;
use crate::schema::ResourceType;

/// Returns the ids of those disks or desktops that the service shows.
pub(crate) async fn shown(
    client: &Client,
    resource_type: &ResourceType,
    objects: &[Value],
) -> Result<BTreeSet<String>, CloudError> {
    let objects: Vec<&Value> = objects.iter().collect();
    match resource_type.name {
        "alicloud_ecd_snapshot" => shown_desktops(client, &object::parents(&objects, "desktop_id")).await,
        _ => shown_disks(client, &object::parents(&objects, "disk_id")).await,
    }
}
