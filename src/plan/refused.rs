//! Changes that a service is known to refuse, so that the plan can say it instead of apply.

use crate::lang::{Kind, Value};
use crate::schema::ResourceType;
use crate::schema::parent::{joined, parent_attributes};

use super::change::{Change, ReplaceOrder};

/// Why a change cannot be carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The argument that it is about.
    pub attribute: &'static str,
    /// What the service does not do, and the remedy.
    pub detail: String,
}

/// Returns why the service will refuse a change; what is not known yet passes.
pub fn refused(resource_type: &ResourceType, change: &Change) -> Option<Refused> {
    match (resource_type.name, change) {
        ("alicloud_ecs_snapshot" | "alicloud_snapshot", Change::Update { before, after }) => {
            retention(before, after)
        }
        ("tencentcloud_cfs_snapshot", Change::Update { before, after }) => {
            name_removed(before, after).or_else(|| ends_later(before, after))
        }
        ("tencentcloud_cfs_snapshot", Change::Create { after } | Change::Replace { after, .. }) => {
            ends_at_all(after)
        }
        (
            "tencentcloud_tcaplus_snapshot",
            Change::Replace { before, after, order: ReplaceOrder::CreateFirst },
        ) => same_name(resource_type, before, after),
        _ => None,
    }
}

fn number(object: &Value, name: &str) -> Option<i64> {
    object.get(name).and_then(Value::as_i64)
}

fn refusal(attribute: &'static str, detail: impl Into<String>) -> Option<Refused> {
    Some(Refused { attribute, detail: detail.into() })
}

/// Tells a known value from one that is null or empty.
fn is_filled(object: &Value, name: &str) -> Option<bool> {
    let value = object.get(name)?;
    value.is_known().then(|| !matches!(&value.kind, Kind::Null(_)) && value.as_str() != Some(""))
}

fn retention(before: &Value, after: &Value) -> Option<Refused> {
    const NAME: &str = "retention_days";
    let was = number(before, NAME)?;
    if is_filled(after, NAME) == Some(false) {
        return refusal(
            NAME,
            "It cannot be removed: the service only extends the time for which a snapshot is kept. Give it a value of at least the present one, or replace the snapshot with -replace.",
        );
    }
    let longer = number(after, NAME)? >= was;
    if longer {
        return None;
    }
    refusal(
        NAME,
        "It cannot be made smaller: the service only extends the time for which a snapshot is kept. Give a value of at least the present one, or replace the snapshot with -replace.",
    )
}

fn name_removed(before: &Value, after: &Value) -> Option<Refused> {
    const NAME: &str = "snapshot_name";
    if is_filled(before, NAME) != Some(true) || is_filled(after, NAME) != Some(false) {
        return None;
    }
    refusal(
        NAME,
        "It cannot be removed: the service keeps the old name. Give another snapshot_name, or replace the snapshot with -replace.",
    )
}

fn ends_at_all(after: &Value) -> Option<Refused> {
    (number(after, "alive_days")? > 0).then_some(())?;
    refusal(
        "alive_days",
        "It cannot be given to a new snapshot: the service keeps new ones for ever, and does not let such a snapshot end later. Remove it; it is for snapshots that have an end already, such as those of a policy.",
    )
}

fn ends_later(before: &Value, after: &Value) -> Option<Refused> {
    (number(before, "alive_days")? == 0 && number(after, "alive_days")? > 0).then_some(())?;
    refusal(
        "alive_days",
        "The service keeps this snapshot for ever, and does not let such a snapshot end later. Remove alive_days, and delete the snapshot when it is no longer needed.",
    )
}

/// A table keeps one snapshot of a name, so the new one cannot stand beside the old one.
fn same_name(resource_type: &ResourceType, before: &Value, after: &Value) -> Option<Refused> {
    const NAME: &str = "snapshot_name";
    let parent = parent_attributes(resource_type.name);
    let id = |object: &Value| {
        let object = object.unmarked_deep();
        Some((joined(parent, &object)?, object.get(NAME)?.as_str()?.to_owned()))
    };
    (id(before)? == id(after)?).then_some(())?;
    refusal(
        NAME,
        "The new snapshot is to be made before the old one is destroyed, and a table keeps only one snapshot of a name. Give the new one another snapshot_name, such as one made of what triggers the replacement, or leave create_before_destroy out.",
    )
}
