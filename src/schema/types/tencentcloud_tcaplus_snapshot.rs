//! `tencentcloud_tcaplus_snapshot`: a snapshot of a TcaplusDB table. No official provider has it.
//!
//! Limits are those of TcaplusDB CreateSnapshots (<https://www.tencentcloud.com/document/product/1016>).

use super::limits;
use super::{OURS, id, number, string};
use crate::lang::Value;
use crate::schema::{Block, ObjectRule, Presence, ProviderKind, ResourceType, Validator};

/// Returns the resource type.
pub(super) fn resource() -> ResourceType {
    use Presence::{Computed, OptionalComputed, Required};
    const PART: &[Validator] = &[Validator { check: limits::id_part }];
    const TIME: &[Validator] = &[Validator { check: limits::plain_time }];
    let attributes = vec![
        string("cluster_id", Required, "The cluster of the table.").force_new().validators(PART),
        id("`cluster:group:table:name`."),
        string("snapshot_create_time", Computed, "When the snapshot was created."),
        string(
            "snapshot_dead_time",
            OptionalComputed,
            "When the snapshot ends, as `2006-01-02 15:04:05`; seven days after creation when not given.",
        )
        .validators(TIME),
        string("snapshot_name", Required, "The name of the snapshot, unique on its table.")
            .force_new()
            .validators(PART),
        number("snapshot_size", Computed, "Size as the service reports it."),
        string(
            "snapshot_time",
            OptionalComputed,
            "The past moment to keep, as `2006-01-02 15:04:05`; the moment of creation when not given.",
        )
        .force_new()
        .validators(TIME),
        string("status", Computed, "`creating`, `normal`, `deleting`, `expired` or `rollbacking`."),
        string("table_group_id", Required, "The table group, alone or as `cluster:group`.")
            .force_new()
            .validators(&[Validator { check: limits::tcaplus_group }]),
        string("table_name", Required, "The table.").force_new().validators(PART),
    ];
    ResourceType {
        name: "tencentcloud_tcaplus_snapshot",
        provider: ProviderKind::Tencentcloud,
        data: false,
        version: 0,
        block: Block { attributes, blocks: Vec::new() },
        timeouts: OURS,
        timeouts_ours_only: false,
        rules: &[
            ObjectRule {
                attributes: &["snapshot_dead_time", "snapshot_time"],
                text: "It must be later than snapshot_time.",
                check: ends_after_its_moment,
            },
            ObjectRule {
                attributes: &["table_group_id", "cluster_id"],
                text: "The cluster that it names must be that of cluster_id.",
                check: group_belongs_to_cluster,
            },
        ],
        plan_hook: None,
        description: "A snapshot of a TcaplusDB table.",
        object_type: Default::default(),
        key: Default::default(),
    }
}

fn ends_after_its_moment(object: &Value) -> Option<String> {
    let text = |name| object.get(name).and_then(Value::as_str);
    let (moment, end) = (text("snapshot_time")?, text("snapshot_dead_time")?);
    // The form sorts as text in the order of time.
    (end <= moment).then(|| {
        format!("It must be later than snapshot_time, {moment:?}, and is {end:?}. Choose a later time.")
    })
}

fn group_belongs_to_cluster(object: &Value) -> Option<String> {
    let text = |name| object.get(name).and_then(Value::as_str);
    let (cluster, (named, _)) = (text("cluster_id")?, text("table_group_id")?.split_once(':')?);
    (named != cluster)
        .then(|| format!("It names cluster {named:?}, but cluster_id is {cluster:?}. Make both the same."))
}
