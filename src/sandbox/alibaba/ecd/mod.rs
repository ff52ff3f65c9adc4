//! WUYING Workspace 2020-09-30: snapshots of cloud desktops.
//!
//! Written from the vendor's pages of CreateSnapshot, DescribeSnapshots, DeleteSnapshot and
//! DescribeDesktops, and the models of alibabacloud-ecd20200930. Lists are flat, enumerations are
//! upper case. These pages name no error code of their own, so refusals carry the gateway's, and for
//! desktops those that other actions of the service document.

mod desktops;
mod snapshots;

use super::call::Action;

pub(super) const VERSION: &str = "2020-09-30";

/// Returns the function of an action, `None` when the version has no such action.
pub(super) fn action(name: &str) -> Option<Action> {
    let function: Action = match name {
        "CreateSnapshot" => snapshots::create_snapshot,
        "DescribeSnapshots" => snapshots::describe_snapshots,
        "DeleteSnapshot" => snapshots::delete_snapshot,
        "DescribeDesktops" => desktops::describe_desktops,
        _ => return None,
    };
    Some(function)
}
