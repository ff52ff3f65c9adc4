//! Small types and objects for the tests of this folder.

use super::kind::{declared_of, kind_of, parameters_of};
use super::recover::Open;
use crate::cloud::{Life, Object};
use crate::lang::address::{Address, ModuleInstance, Resource};
use crate::lang::{Type, Value};
use crate::schema::{ResourceType, types};
use crate::state::{Intent, IntentAction};

fn known(name: &str) -> &'static ResourceType {
    types::resource(name).expect("a known type")
}

/// Returns a type whose name stays empty when it is not given.
pub(crate) fn ecs_type() -> &'static ResourceType {
    known("alicloud_ecs_snapshot")
}

/// Returns a type whose objects cannot be recognised without a name.
pub(crate) fn cbs_type() -> &'static ResourceType {
    known("tencentcloud_cbs_disk_backup")
}

/// Returns a type whose objects can be renamed, and whose name may be left out.
pub(crate) fn cfs_type() -> &'static ResourceType {
    known("tencentcloud_cfs_snapshot")
}

/// Returns a type whose id is made of its arguments, and whose creates go out in batches.
pub(crate) fn tcaplus_type() -> &'static ResourceType {
    known("tencentcloud_tcaplus_snapshot")
}

/// Returns the builtin type that needs no cloud.
pub(crate) fn data_type() -> &'static ResourceType {
    known("terraform_data")
}

/// Returns an address in the root module.
pub(crate) fn address(type_name: &str, name: &str) -> Address {
    Resource::managed(type_name, name).in_module(&ModuleInstance::root()).instance(None)
}

/// Returns an object of a type with all attributes: those given, the others null.
pub(crate) fn value(resource_type: &ResourceType, given: &[(&str, Value)]) -> Value {
    let Type::Object(shape) = resource_type.object_type() else { panic!("no schema") };
    Value::object(shape.attributes.iter().map(|(name, ty)| {
        let given = given.iter().find(|(given, _)| **given == **name);
        (name.clone(), given.map_or_else(|| Value::null(ty.clone()), |(_, value)| value.clone()))
    }))
}

/// Returns the arguments of a type for a parent and a name; what the cloud gives is unknown.
pub(crate) fn planned(resource_type: &ResourceType, parent: &str, name: Option<&str>) -> Value {
    let Type::Object(shape) = resource_type.object_type() else { panic!("no schema") };
    Value::object(shape.attributes.iter().map(|(attribute, ty)| {
        let known = resource_type.block.attribute(attribute);
        let value = match (&**attribute, name) {
            ("disk_id" | "file_system_id", _) => Value::from(parent),
            ("cluster_id", _) => Value::from(parent.split(':').next().unwrap_or_default()),
            ("table_group_id", _) => Value::from(parent.split(':').nth(1).unwrap_or_default()),
            ("table_name", _) => Value::from(parent.split(':').nth(2).unwrap_or_default()),
            ("snapshot_name" | "disk_backup_name", Some(name)) => Value::from(name),
            _ if known.is_some_and(|known| known.presence.is_computed()) => Value::unknown(ty.clone()),
            _ => Value::null(ty.clone()),
        };
        (attribute.clone(), value)
    }))
}

fn at(time: &str) -> String {
    format!("2026-11-22T{time}Z")
}

/// Returns an object as a cloud shows it, usable, created at a time of day.
pub(crate) fn object(
    resource_type: &ResourceType,
    id: &str,
    parent: &str,
    name: Option<&str>,
    time: &str,
) -> Object {
    let names = |attribute| {
        matches!(attribute, "snapshot_name" | "disk_backup_name").then(|| name.map(Value::from)).flatten()
    };
    let given: Vec<(&str, Value)> = resource_type
        .block
        .attributes
        .iter()
        .filter_map(|attribute| match attribute.name {
            "id" => Some(("id", Value::from(id))),
            parents @ ("disk_id" | "file_system_id") => Some((parents, Value::from(parent))),
            other => names(other).map(|name| (other, name)),
        })
        .collect();
    Object {
        id: id.into(),
        value: value(resource_type, &given),
        life: Life::Usable,
        created_at: at(time).parse().ok(),
    }
}

/// Returns an open intent to create, written at a time of day.
pub(crate) fn open_create(
    id: &str,
    resource_type: &'static ResourceType,
    parent: &str,
    name: Option<&str>,
    time: &str,
) -> Open {
    let planned = planned(resource_type, parent, name);
    let parameters = parameters_of(resource_type, &planned);
    let declared = declared_of(resource_type, &parameters, &[]).expect("the parameters fit the type");
    let intent = Intent {
        id: id.to_owned(),
        action: IntentAction::Create,
        address: address(resource_type.name, id).to_string(),
        provider: "provider[\"p\"]".to_owned(),
        resource_type: resource_type.name.to_owned(),
        account: "1".to_owned(),
        region: "r".to_owned(),
        parent: kind_of(resource_type.name).parent_of(&planned),
        parameters,
        sensitive: Vec::new(),
        marker: id.to_owned(),
        run: "run".to_owned(),
        time: at(time),
        heartbeat: at(time),
        existing: Vec::new(),
        object: None,
        dependencies: Vec::new(),
        create_before_destroy: false,
    };
    Open { intent, resource_type, declared }
}
