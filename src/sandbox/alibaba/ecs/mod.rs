//! Elastic Compute Service 2014-05-26: snapshots, disks and their tags.
//!
//! Written from the vendor's API reference of the named actions. Lists are nested
//! (`Snapshots.Snapshot[]`), enumerations are lower case.

mod change;
mod create;
mod disks;
mod list;
mod tags;

use super::call::Action;

pub(super) const VERSION: &str = "2014-05-26";

/// Returns the function of an action, `None` when the version has no such action.
pub(super) fn action(name: &str) -> Option<Action> {
    let function: Action = match name {
        "CreateSnapshot" => create::create_snapshot,
        "DescribeSnapshots" => list::describe_snapshots,
        "ModifySnapshotAttribute" => change::modify_snapshot_attribute,
        "DeleteSnapshot" => change::delete_snapshot,
        "JoinResourceGroup" => change::join_resource_group,
        "DescribeDisks" => disks::describe_disks,
        "TagResources" => tags::tag_resources,
        "UntagResources" => tags::untag_resources,
        "ListTagResources" => tags::list_tag_resources,
        _ => return None,
    };
    Some(function)
}
