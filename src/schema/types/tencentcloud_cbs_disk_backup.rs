//! `tencentcloud_cbs_disk_backup`: a backup point of a cloud disk.
//!
//! Limits are those of CBS CreateDiskBackup (<https://www.tencentcloud.com/document/product/362>). The service can rename
//! nothing, so every change is a replacement.

use super::limits;
use super::{OURS, id, number, string};
use crate::schema::{Block, Presence, ProviderKind, ResourceType, Validator};

/// Returns the resource type.
pub(super) fn resource() -> ResourceType {
    use Presence::{Computed, Optional, Required};
    let attributes = vec![
        string("create_time", Computed, "When the backup point was created.").ours_only(),
        string("disk_backup_name", Optional, "At most 100 characters.")
            .empty_when_unset()
            .force_new()
            .validators(&[Validator { check: limits::cbs_backup_name }]),
        string("disk_id", Required, "The disk, whose backup point quota must have room.")
            .force_new()
            .validators(&[Validator { check: limits::not_empty }]),
        number("disk_size", Computed, "Size of the disk in GiB.").ours_only(),
        id("The id of the backup point."),
        string("status", Computed, "`CREATING`, `NORMAL` or `ROLLBACKING`.").ours_only(),
    ];
    ResourceType {
        name: "tencentcloud_cbs_disk_backup",
        provider: ProviderKind::Tencentcloud,
        data: false,
        version: 0,
        block: Block { attributes, blocks: Vec::new() },
        timeouts: OURS,
        timeouts_ours_only: true,
        rules: &[],
        plan_hook: None,
        description: "A backup point of a CBS disk.",
        object_type: Default::default(),
        key: Default::default(),
    }
}
