//! What the executor has to know of a resource type beyond its schema: where objects are looked for, and by what
//! an object is recognised as the one that was asked for.

use std::sync::Arc;

use crate::lang::{Kind as ValueKind, Members, Path, PathStep, Type, Value};
use crate::schema::parent::{self, joined};
use crate::schema::{ResourceType, saved, tags};
use crate::state::RawJson;

/// The executor's view of a resource type.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The attributes that name the parent: disk, file system, desktop or table.
    pub parent: &'static [&'static str],
    /// Whether the id is made of these attributes, so that no two objects can have it.
    pub key: Option<&'static [&'static str]>,
    /// Arguments that the cloud never tells back.
    pub never_read: &'static [&'static str],
    /// The names of an object, which the service keeps as they are given.
    pub names: &'static [&'static str],
    /// The argument without which an object is never recognised by itself.
    pub needs_name: Option<&'static str>,
    /// Arguments that stay empty when they are not given, though the schema lets the cloud choose.
    pub stays_empty: &'static [&'static str],
    /// Status words that an object passes through on its own, from and to, in lower case.
    pub harmless: &'static [(&'static str, &'static str)],
}

static ECS_SNAPSHOT: Kind = Kind {
    parent: parent::DISK,
    key: None,
    never_read: &["force", "instant_access", "instant_access_retention_days"],
    names: &["snapshot_name", "name"],
    needs_name: None,
    // DescribeSnapshots: SnapshotName is present only if one was given at creation.
    stays_empty: &["snapshot_name", "name"],
    harmless: &[("progressing", "accomplished")],
};
static ECD_SNAPSHOT: Kind = Kind {
    parent: parent::DESKTOP,
    key: None,
    never_read: &[],
    names: &["snapshot_name"],
    needs_name: None,
    stays_empty: &[],
    harmless: &[("progressing", "accomplished")],
};
static CFS_SNAPSHOT: Kind = Kind {
    parent: parent::FILE_SYSTEM,
    key: None,
    never_read: &[],
    names: &["snapshot_name"],
    needs_name: None,
    stays_empty: &[],
    harmless: &[("creating", "available")],
};
// A backup point without a name gets one from the cloud, and its other attributes say only which disk it is of.
static CBS_DISK_BACKUP: Kind = Kind {
    parent: parent::DISK,
    key: None,
    never_read: &[],
    names: &["disk_backup_name"],
    needs_name: Some("disk_backup_name"),
    stays_empty: &[],
    harmless: &[("creating", "normal")],
};
static TCAPLUS_SNAPSHOT: Kind = Kind {
    parent: parent::TABLE,
    key: Some(&["cluster_id", "table_group_id", "table_name", "snapshot_name"]),
    never_read: &[],
    names: &[],
    needs_name: None,
    stays_empty: &[],
    harmless: &[],
};
static OTHER: Kind = Kind {
    parent: &[],
    key: None,
    never_read: &[],
    names: &[],
    needs_name: None,
    stays_empty: &[],
    harmless: &[],
};

/// Attributes that change by themselves while an object is made or used.
const VOLATILE: &[&str] =
    &["progress", "percent", "remain_time", "snapshot_size", "size", "last_modified_time"];

/// Returns the executor's view of a resource type.
pub(crate) fn kind_of(type_name: &str) -> &'static Kind {
    match type_name {
        "alicloud_ecs_snapshot" | "alicloud_snapshot" => &ECS_SNAPSHOT,
        "alicloud_ecd_snapshot" => &ECD_SNAPSHOT,
        "tencentcloud_cfs_snapshot" => &CFS_SNAPSHOT,
        "tencentcloud_cbs_disk_backup" => &CBS_DISK_BACKUP,
        "tencentcloud_tcaplus_snapshot" => &TCAPLUS_SNAPSHOT,
        _ => &OTHER,
    }
}

/// Returns the name under which the ids of a type are unique: two types can be of the same objects.
pub(crate) fn system_of(type_name: &str) -> &str {
    if type_name == "alicloud_snapshot" { "alicloud_ecs_snapshot" } else { type_name }
}

impl Kind {
    /// Returns the identity of the parent that an object names.
    pub fn parent_of(&self, object: &Value) -> String {
        joined(self.parent, object).unwrap_or_default()
    }

    /// Returns the id that an object will have, where it follows from its arguments and they are known.
    pub fn key_of(&self, object: &Value) -> Option<String> {
        joined(self.key?, object)
    }
}

/// How much an object looks like what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resemblance {
    /// It has exactly the declared parameters.
    Exact,
    /// It has what was declared, and something where nothing was declared: a name that the cloud filled in, or that
    /// somebody else gave.
    Near,
    /// It differs from what was declared.
    Different,
}

/// Compares an object with the declared parameters. What is unknown in them was left to the cloud.
pub(crate) fn resemblance(resource_type: &ResourceType, declared: &Value, object: &Value) -> Resemblance {
    let kind = kind_of(resource_type.name);
    let mut near = kind.needs_name.is_some_and(|name| declared.get(name).is_none_or(is_empty));
    let is_declared =
        |name: &&str| declared.get(name).is_some_and(|want| want.is_wholly_known() && !is_empty(want));
    let none_declared = !kind.stays_empty.iter().any(is_declared);
    for attribute in &resource_type.block.attributes {
        if !attribute.presence.is_configurable() || kind.never_read.contains(&attribute.name) {
            continue;
        }
        let has =
            object.get(attribute.name).map(|has| declared_part(resource_type, attribute.name, has, declared));
        let has = has.as_ref();
        let Some(want) = declared.get(attribute.name).filter(|want| want.is_wholly_known()) else {
            if none_declared && kind.stays_empty.contains(&attribute.name) && !has.is_none_or(is_empty) {
                return Resemblance::Different;
            }
            continue;
        };
        // Whoever names no resource group gets the account's default one.
        if attribute.name == "resource_group_id" && is_empty(want) {
            continue;
        }
        match (is_empty(want), has.is_none_or(is_empty)) {
            (true, true) => {}
            (true, false) => near = true,
            (false, true) => return Resemblance::Different,
            (false, false) if has.is_some_and(|has| same(want, has)) => {}
            // It was made, and the run died before the rest of its tags was set.
            (false, false)
                if attribute.name == tags::ATTRIBUTE
                    && has.is_some_and(|has| {
                        let (want, has) = (want.unmarked_deep(), has.unmarked_deep());
                        tags::are_those_of_create(resource_type.name, &want, &has)
                    }) => {}
            (false, false) => return Resemblance::Different,
        }
    }
    if near { Resemblance::Near } else { Resemblance::Exact }
}

/// Returns a value as the user can have declared it: without the tags that the cloud put on the object itself.
pub(crate) fn declared_part(
    resource_type: &ResourceType,
    name: &str,
    has: &Value,
    declared: &Value,
) -> Value {
    match declared.get(name) {
        Some(declared) if name == tags::ATTRIBUTE => {
            tags::without_those_of_the_cloud(resource_type.provider, has, declared)
        }
        _ => has.clone(),
    }
}

/// Returns the number of parameters that were declared: the more, the surer an object is recognised.
pub(crate) fn declared_count(declared: &Value) -> usize {
    declared.members().map_or(0, |members| {
        members.values().filter(|value| value.is_wholly_known() && !is_empty(value)).count()
    })
}

/// Null, the empty string and the empty collection mean the same to both clouds.
fn is_empty(value: &Value) -> bool {
    match &value.kind {
        ValueKind::Null(_) => true,
        ValueKind::String(text) => text.is_empty(),
        ValueKind::List(_, items) | ValueKind::Set(_, items) => items.is_empty(),
        ValueKind::Map(_, members) => members.is_empty(),
        _ => false,
    }
}

fn same(left: &Value, right: &Value) -> bool {
    left.unmarked_deep() == right.unmarked_deep()
}

/// Says what differs between the object that the plan saw and the object as it is, in words; nothing when it still holds.
pub(crate) fn difference(resource_type: &ResourceType, before: &Value, now: &Value) -> Option<String> {
    let kind = kind_of(resource_type.name);
    for attribute in &resource_type.block.attributes {
        let name = attribute.name;
        if VOLATILE.contains(&name) || kind.never_read.contains(&name) {
            continue;
        }
        let (Some(was), Some(is)) = (before.get(name), now.get(name)) else { continue };
        if !was.is_wholly_known() || (is_empty(was) && attribute.presence.is_computed()) {
            continue;
        }
        if (is_empty(was) && is_empty(is)) || same(was, is) {
            continue;
        }
        if name == "status" {
            let words = (was.as_str().map(str::to_lowercase), is.as_str().map(str::to_lowercase));
            if let (Some(from), Some(to)) = words
                && (from == to || kind.harmless.contains(&(from.as_str(), to.as_str())))
            {
                continue;
            }
        }
        let secret = attribute.sensitive || was.deep_marks().is_sensitive();
        return Some(if secret {
            format!("{name} differs")
        } else {
            format!("{name} was {} and is {} now", in_words(was, &attribute.ty), in_words(is, &attribute.ty))
        });
    }
    None
}

fn in_words(value: &Value, ty: &Type) -> String {
    saved::to_json(value, ty).to_string()
}

/// Returns the declared parameters of an object as JSON, without what is unknown.
pub(crate) fn parameters_of(resource_type: &ResourceType, planned: &Value) -> RawJson {
    let Type::Object(shape) = resource_type.object_type() else { return RawJson::null() };
    let mut parameters = serde_json::Map::new();
    for (name, ty) in &shape.attributes {
        if let Some(value) = planned.get(name).filter(|value| value.is_wholly_known()) {
            parameters.insert(name.to_string(), saved::to_json(value, ty));
        }
    }
    RawJson::from_value(&serde_json::Value::Object(parameters))
}

/// Returns which of the declared parameters are sensitive.
pub(crate) fn sensitive_parameters(planned: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    let known = planned.members().into_iter().flatten().filter(|(_, value)| value.is_wholly_known());
    for (name, value) in known {
        saved::collect_sensitive(value, &mut vec![PathStep::Attribute(name.clone())], &mut found);
    }
    found
}

/// Returns the declared parameters that an intent holds as an object; what is not among them is unknown.
pub(crate) fn declared_of(
    resource_type: &ResourceType,
    parameters: &RawJson,
    sensitive: &[Path],
) -> Result<Value, String> {
    let parameters = parameters.to_value().map_err(|error| error.to_string())?;
    let Type::Object(shape) = resource_type.object_type() else {
        return Err(format!("{} has no schema", resource_type.name));
    };
    let members = shape.attributes.iter().map(|(name, ty)| {
        let value = match parameters.get(&**name) {
            Some(saved) => saved::from_json(saved, ty).map_err(|why| format!("{name}: {why}"))?,
            None => Value::unknown(ty.clone()),
        };
        Ok((name.clone(), value))
    });
    let members: Members = members.collect::<Result<_, String>>()?;
    let declared: Value = ValueKind::Object(Arc::new(members)).into();
    Ok(sensitive.iter().fold(declared, |declared, path| saved::mark(declared, path)))
}
