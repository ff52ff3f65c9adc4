//! `tencentcloud_cfs_snapshot`: a snapshot of a file system.
//!
//! Limits are those of CFS CreateCfsSnapshot and UpdateCfsSnapshotAttribute
//! (<https://www.tencentcloud.com/document/product/582>).

use super::limits;
use super::{OURS, id, number, string, tags};
use crate::schema::{Block, Presence, ProviderKind, ResourceType, Validator};

/// Returns the resource type.
pub(super) fn resource() -> ResourceType {
    use Presence::{Computed, Optional, OptionalComputed, Required};
    let attributes = vec![
        number("alive_days", OptionalComputed, "Days until the service deletes the snapshot, 0 when it is kept for ever. Only for snapshots that have an end already, such as imported ones of a policy: the service keeps new snapshots for ever and does not let those end later.")
            .ours_only()
            .validators(&[Validator { check: limits::alive_days }]),
        string("create_time", Computed, "When the snapshot was created.").ours_only(),
        string("delete_time", Computed, "When the service will delete the snapshot; empty when it is kept for ever.").ours_only(),
        string("file_system_id", Required, "The file system to take the snapshot of.")
            .force_new()
            .validators(&[Validator { check: limits::not_empty }]),
        id("The id of the snapshot."),
        number("size", Computed, "Size in MiB.").ours_only(),
        string("snapshot_name", Optional, "At most 64 letters, Chinese characters, digits, `_` or `-`.")
            .empty_when_unset()
            .validators(&[Validator { check: limits::cfs_snapshot_name }]),
        string("status", Computed, "`creating`, `available`, `deleting`, `rollbacking-new` or `create-failed`.").ours_only(),
        tags("Tags; keys of 1 to 127 and values of 1 to 255 bytes.").validators(&[Validator { check: limits::cfs_tags }]),
    ];
    ResourceType {
        name: "tencentcloud_cfs_snapshot",
        provider: ProviderKind::Tencentcloud,
        data: false,
        version: 0,
        block: Block { attributes, blocks: Vec::new() },
        timeouts: OURS,
        timeouts_ours_only: true,
        rules: &[],
        plan_hook: None,
        description: "A snapshot of a CFS file system.",
        object_type: Default::default(),
        key: Default::default(),
    }
}
