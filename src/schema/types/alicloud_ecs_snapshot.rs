//! `alicloud_ecs_snapshot` and its old name `alicloud_snapshot`.
//!
//! Arguments are those of the official provider; limits are those of ECS CreateSnapshot
//! (<https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createsnapshot>).

use super::limits;
use super::{HOUR, bool, id, number, string, tags};
use crate::lang::Value;
use crate::schema::{Block, Presence, ProviderKind, ResourceType, Timeout, Validator};

/// Returns the resource type under one of its two names.
pub(super) fn resource(name: &'static str) -> ResourceType {
    use Presence::{Computed, Optional, OptionalComputed, Required};
    const NAME: &[Validator] = &[Validator { check: limits::ecs_snapshot_name }];
    let attributes = vec![
        string("category", OptionalComputed, "`standard`, or `flash` on accounts that used local snapshots before 2020-12-14.")
            .force_new()
            .validators(&[Validator { check: limits::ecs_category }]),
        string("create_time", Computed, "When the snapshot was created, in UTC."),
        string("description", Optional, "2 to 256 characters, not beginning with `http://` or `https://`.")
            .empty_when_unset()
            .validators(&[Validator { check: limits::ecs_description }]),
        string("disk_id", Required, "The disk to take the snapshot of.")
            .force_new()
            .validators(&[Validator { check: limits::not_empty }]),
        bool("force", Optional, "Whether to delete the snapshot although disks were made from it."),
        id("The id of the snapshot."),
        bool("instant_access", Optional, "Without effect; the service dropped it.")
            .deprecated("Remove it: the service no longer has this feature."),
        number("instant_access_retention_days", Optional, "Without effect; the service dropped it.")
            .deprecated("Remove it: the service no longer has this feature.")
            .validators(&[Validator { check: limits::instant_access_retention_days }]),
        string("name", OptionalComputed, "The old spelling of `snapshot_name`.")
            .deprecated("Use `snapshot_name` instead.")
            .conflicts_with(&["snapshot_name"])
            .validators(NAME),
        string("region_id", Computed, "The region of the snapshot."),
        string("resource_group_id", Optional, "The resource group of the snapshot."),
        number("retention_days", Optional, "Days from creation until the service deletes the snapshot, 1 to 65536; kept for ever without it. It can be extended, not shortened.")
            .validators(&[Validator { check: limits::ecs_retention_days }]),
        string("snapshot_name", OptionalComputed, "2 to 128 characters: a letter, then letters, digits, `:`, `_`, `.` or `-`; not beginning with `auto`, `http://` or `https://`.")
            .conflicts_with(&["name"])
            .validators(NAME),
        string("status", Computed, "`progressing`, `accomplished` or `failed`."),
        tags("At most 20 tags.").validators(&[Validator { check: limits::ecs_tags }]),
    ];
    ResourceType {
        name,
        provider: ProviderKind::Alicloud,
        data: false,
        version: 0,
        block: Block { attributes, blocks: Vec::new() },
        timeouts: &[
            Timeout { operation: "create", default_seconds: HOUR },
            Timeout { operation: "update", default_seconds: HOUR },
            Timeout { operation: "delete", default_seconds: HOUR },
        ],
        timeouts_ours_only: false,
        rules: &[],
        plan_hook: Some(both_names_follow),
        description: "A snapshot of an ECS disk.",
        object_type: Default::default(),
        key: Default::default(),
    }
}

/// The two spellings show the same name in the cloud, so a change of one is a change of both.
fn both_names_follow(prior: Option<&Value>, config: &Value, planned: Value) -> Value {
    let Some(members) = planned.members() else { return planned };
    let given = ["snapshot_name", "name"]
        .into_iter()
        .find(|name| config.get(name).is_some_and(|value| !value.is_null()));
    let (Some(given), true) = (given, prior.is_some()) else { return planned };
    let other = if given == "name" { "snapshot_name" } else { "name" };
    let (Some(new), Some(old)) = (members.get(given), prior.and_then(|prior| prior.get(given))) else {
        return planned;
    };
    if new == old || members.get(other).is_none_or(|value| !value.is_known()) {
        return planned;
    }
    let mut members = (*members).clone();
    members.insert(other.into(), new.clone());
    Value { kind: crate::lang::Kind::Object(members.into()), marks: planned.marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(pairs: &[(&str, &str)]) -> Value {
        Value::object(pairs.iter().map(|(name, value)| (*name, Value::string(value))))
    }

    #[test]
    fn the_old_spelling_follows_the_new_one() {
        let prior = object(&[("name", "a"), ("snapshot_name", "a")]);
        let config = object(&[("snapshot_name", "b")]);
        let planned = object(&[("name", "a"), ("snapshot_name", "b")]);
        let adjusted = both_names_follow(Some(&prior), &config, planned);
        assert_eq!(adjusted, object(&[("name", "b"), ("snapshot_name", "b")]));
    }
}
