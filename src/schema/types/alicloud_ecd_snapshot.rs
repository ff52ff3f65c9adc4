//! `alicloud_ecd_snapshot`: a snapshot of a disk of a cloud desktop.
//!
//! Limits are those of ECD CreateSnapshot
//! (<https://www.alibabacloud.com/help/en/wuying-workspace/developer-reference/api-ecd-2020-09-30-createsnapshot>). The
//! service can change nothing on a snapshot, so every change is a replacement.

use super::limits;
use super::{HOUR, id, string};
use crate::schema::{Block, Presence, ProviderKind, ResourceType, Timeout, Validator};

/// Returns the resource type.
pub(super) fn resource() -> ResourceType {
    use Presence::{Computed, Optional, Required};
    let attributes = vec![
        string("create_time", Computed, "When the snapshot was created, in UTC.").ours_only(),
        string("description", Optional, "At most 128 characters.")
            .empty_when_unset()
            .force_new()
            .validators(&[Validator { check: limits::ecd_description }]),
        string("desktop_id", Required, "The cloud desktop, which must be running or stopped.")
            .force_new()
            .validators(&[Validator { check: limits::not_empty }]),
        id("The id of the snapshot."),
        string(
            "snapshot_name",
            Required,
            "2 to 127 characters: a letter, then letters, digits, `_` or `-`; not beginning with `auto`.",
        )
        .force_new()
        .validators(&[Validator { check: limits::ecd_snapshot_name }]),
        string("source_disk_type", Required, "`SYSTEM` or `DATA`.")
            .force_new()
            .validators(&[Validator { check: limits::ecd_source_disk_type }]),
        string("status", Computed, "`PROGRESSING`, `ACCOMPLISHED` or `FAILED`."),
    ];
    ResourceType {
        name: "alicloud_ecd_snapshot",
        provider: ProviderKind::Alicloud,
        data: false,
        version: 0,
        block: Block { attributes, blocks: Vec::new() },
        timeouts: &[
            Timeout { operation: "create", default_seconds: HOUR },
            Timeout { operation: "delete", default_seconds: HOUR },
        ],
        timeouts_ours_only: false,
        rules: &[],
        plan_hook: None,
        description: "A snapshot of the system or data disk of a cloud desktop (WUYING Workspace).",
        object_type: Default::default(),
        key: Default::default(),
    }
}
