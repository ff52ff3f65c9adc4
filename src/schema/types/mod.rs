//! The registry: every resource type, data source and provider block that snapform knows.
//!
//! One file per resource type; data sources and provider blocks share a file per cloud. Names and types are those of the
//! official providers (alicloud 1.289.0, tencentcloud 1.83.25); what only snapform has is marked so.

mod alicloud_ecd_snapshot;
mod alicloud_ecs_snapshot;
mod builtin;
mod data_alicloud;
mod data_tencentcloud;
mod limits;
mod providers;
mod tencentcloud_cbs_disk_backup;
mod tencentcloud_cfs_snapshot;
mod tencentcloud_tcaplus_snapshot;

use std::sync::LazyLock;

use super::{Attribute, Block, NestedBlock, Nesting, Presence, ProviderKind, ResourceType, Timeout};
use crate::lang::Type;

/// Default limit of operations that wait for a cloud, in seconds: a large disk takes most of an hour.
const HOUR: u64 = 3600;

/// The `timeouts` of types whose official provider has none.
const OURS: &[Timeout] = &[
    Timeout { operation: "create", default_seconds: HOUR },
    Timeout { operation: "update", default_seconds: HOUR },
    Timeout { operation: "delete", default_seconds: HOUR },
];

static ALL: LazyLock<Vec<ResourceType>> = LazyLock::new(|| {
    let mut all = vec![
        alicloud_ecs_snapshot::resource("alicloud_ecs_snapshot"),
        alicloud_ecs_snapshot::resource("alicloud_snapshot"),
        alicloud_ecd_snapshot::resource(),
        tencentcloud_cfs_snapshot::resource(),
        tencentcloud_cbs_disk_backup::resource(),
        tencentcloud_tcaplus_snapshot::resource(),
        builtin::terraform_data(),
        builtin::terraform_remote_state(),
    ];
    all.extend(data_alicloud::all());
    all.extend(data_tencentcloud::all());
    all
});

static PROVIDERS: LazyLock<Vec<(ProviderKind, Block)>> = LazyLock::new(|| {
    vec![
        (ProviderKind::Alicloud, providers::alicloud()),
        (ProviderKind::Tencentcloud, providers::tencentcloud()),
        (ProviderKind::Terraform, Block::default()),
    ]
});

/// Returns every resource and data source type, managed ones first.
pub fn all() -> &'static [ResourceType] {
    &ALL
}

/// Returns a managed resource type by name; nothing when it is foreign or unknown.
pub fn resource(name: &str) -> Option<&'static ResourceType> {
    ALL.iter().find(|each| !each.data && each.name == name)
}

/// Returns a data source by name.
pub fn data_source(name: &str) -> Option<&'static ResourceType> {
    ALL.iter().find(|each| each.data && each.name == name)
}

/// Returns the arguments of a provider block.
pub fn provider(kind: ProviderKind) -> &'static Block {
    static NONE: LazyLock<Block> = LazyLock::new(Block::default);
    PROVIDERS.iter().find(|(each, _)| *each == kind).map_or(&*NONE, |(_, block)| block)
}

fn string(name: &'static str, presence: Presence, description: &'static str) -> Attribute {
    Attribute::new(name, Type::String, presence, description)
}

fn number(name: &'static str, presence: Presence, description: &'static str) -> Attribute {
    Attribute::new(name, Type::Number, presence, description)
}

fn bool(name: &'static str, presence: Presence, description: &'static str) -> Attribute {
    Attribute::new(name, Type::Bool, presence, description)
}

fn strings(name: &'static str, presence: Presence, description: &'static str) -> Attribute {
    Attribute::new(name, Type::list(Type::String), presence, description)
}

fn id(description: &'static str) -> Attribute {
    // The providers' framework declares it so, although no configuration sets it.
    string("id", Presence::OptionalComputed, description)
}

fn tags(description: &'static str) -> Attribute {
    Attribute::new("tags", Type::map(Type::String), Presence::Optional, description).empty_when_unset()
}

/// Makes a data source: `id`, the arguments, and the attributes that it returns.
fn data(
    name: &'static str,
    provider: ProviderKind,
    attributes: Vec<Attribute>,
    blocks: Vec<NestedBlock>,
    description: &'static str,
) -> ResourceType {
    let mut all = vec![id("A checksum of the result, or text made of the arguments.")];
    all.extend(attributes);
    ResourceType {
        name,
        provider,
        data: true,
        version: 0,
        block: Block { attributes: all, blocks },
        timeouts: &[],
        timeouts_ours_only: false,
        rules: &[],
        plan_hook: None,
        description,
        object_type: Default::default(),
        key: Default::default(),
    }
}

/// Makes a computed list of objects; kinds of fields are those of [`field_type`].
fn objects(name: &'static str, fields: &[(&'static str, char)], description: &'static str) -> Attribute {
    let object = Type::object(fields.iter().map(|(name, kind)| (*name, field_type(*kind))));
    Attribute::new(name, Type::list(object), Presence::Computed, description)
}

/// Returns the type that a letter stands for: `s`tring, `n`umber, `b`ool, `S`trings, `T`ags, and two kinds of objects on disks.
fn field_type(kind: char) -> Type {
    let texts =
        |names: &[&'static str]| Type::list(Type::object(names.iter().map(|name| (*name, Type::String))));
    match kind {
        'n' => Type::Number,
        'b' => Type::Bool,
        'S' => Type::list(Type::String),
        'T' => Type::map(Type::String),
        'M' => texts(&["attached_time", "device", "instance_id"]),
        'L' => texts(&["lock_reason"]),
        _ => Type::String,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_type_of_the_design_is_here() {
        for name in [
            "alicloud_ecs_snapshot",
            "alicloud_snapshot",
            "alicloud_ecd_snapshot",
            "tencentcloud_cfs_snapshot",
            "tencentcloud_cbs_disk_backup",
            "tencentcloud_tcaplus_snapshot",
            "terraform_data",
        ] {
            assert!(resource(name).is_some(), "{name}");
        }
        for name in [
            "alicloud_ecs_disks",
            "alicloud_disks",
            "alicloud_ecs_snapshots",
            "alicloud_snapshots",
            "alicloud_ecd_desktops",
            "alicloud_ecd_snapshots",
            "tencentcloud_cbs_storages",
            "tencentcloud_cfs_file_systems",
            "tencentcloud_tcaplus_clusters",
            "tencentcloud_tcaplus_tablegroups",
            "tencentcloud_tcaplus_tables",
            "tencentcloud_cfs_snapshots",
            "tencentcloud_cbs_disk_backups",
            "tencentcloud_tcaplus_snapshots",
            "terraform_remote_state",
        ] {
            assert!(data_source(name).is_some(), "{name}");
        }
    }

    #[test]
    fn names_are_unique_and_documented_and_references_between_attributes_hold() {
        let mut seen = BTreeSet::new();
        for each in all() {
            assert!(seen.insert((each.data, each.name)), "{} twice", each.name);
            let mut names = BTreeSet::new();
            for attribute in &each.block.attributes {
                assert!(names.insert(attribute.name), "{}.{} twice", each.name, attribute.name);
                assert!(!attribute.description.is_empty(), "{}.{}", each.name, attribute.name);
            }
            for attribute in &each.block.attributes {
                for other in attribute.conflicts_with {
                    assert!(names.contains(other), "{}.{other}", each.name);
                }
            }
        }
    }

    #[test]
    fn the_ecs_schema_is_the_official_one() {
        let ecs = resource("alicloud_ecs_snapshot").unwrap();
        let names: Vec<&str> = ecs.block.attributes.iter().map(|each| each.name).collect();
        let official = [
            "category",
            "create_time",
            "description",
            "disk_id",
            "force",
            "id",
            "instant_access",
            "instant_access_retention_days",
            "name",
            "region_id",
            "resource_group_id",
            "retention_days",
            "snapshot_name",
            "status",
            "tags",
        ];
        assert_eq!(names, official);
        assert!(ecs.block.attributes.iter().all(|each| !each.ours_only));
    }
}
