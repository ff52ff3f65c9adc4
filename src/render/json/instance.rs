//! What all entries about an instance have in common: its address in parts, and which attributes Terraform knows.

use std::sync::Arc;

use super::tree::{Json, Members};
use super::value::{known, unknown_shape};
use crate::lang::address::{Address, InstanceKey, Mode};
use crate::lang::{Kind, Value};
use crate::plan::prior::find_type;
use crate::schema::ResourceType;

/// Returns the word for a mode.
pub fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Managed => "managed",
        Mode::Data => "data",
    }
}

/// Returns an instance key: a number or a text.
pub fn key_json(key: &InstanceKey) -> Json {
    match key {
        InstanceKey::Index(index) => Json::from(*index),
        InstanceKey::Key(key) => Json::from(&**key),
    }
}

/// Adds `mode`, `type`, `name`, `index` and `provider_name`.
pub fn identity(members: Members, address: &Address, provider: &str) -> Members {
    members
        .with("mode", mode_word(address.resource.mode))
        .with("type", &*address.resource.type_name)
        .with("name", &*address.resource.name)
        .maybe("index", address.key.as_ref().map(key_json))
        .with("provider_name", provider)
}

/// An object in two parts: what Terraform's provider has too, and what only snapform knows.
pub struct Parts {
    /// What Terraform's provider has, with the marks that its schema gives.
    pub theirs: Value,
    /// The rest, where there is something in it.
    pub ours: Option<Value>,
}

/// Divides an object of an instance.
pub fn divide(address: &Address, object: &Value) -> Parts {
    match (find_type(&address.resource), &object.kind) {
        (Some(resource_type), Kind::Object(members)) => {
            let (ours, theirs): (Vec<_>, Vec<_>) = members
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .partition(|(name, _)| is_ours(resource_type, name));
            let theirs = theirs.into_iter().map(|(name, value)| mark(resource_type, name, value));
            let ours: Vec<_> = ours.into_iter().filter(|(_, value)| !value.is_null()).collect();
            Parts {
                theirs: Value::object(theirs).with_marks(object.marks),
                ours: (!ours.is_empty()).then(|| Value::object(ours)),
            }
        }
        _ => Parts { theirs: object.clone(), ours: None },
    }
}

/// Tells whether only snapform has an attribute or block of a type.
pub fn is_ours(resource_type: &ResourceType, name: &str) -> bool {
    if name == "timeouts" && !resource_type.timeouts.is_empty() {
        return resource_type.timeouts_ours_only;
    }
    resource_type.block.attribute(name).is_some_and(|attribute| attribute.ours_only)
}

fn mark(resource_type: &ResourceType, name: Arc<str>, value: Value) -> (Arc<str>, Value) {
    let sensitive = resource_type.block.attribute(&name).is_some_and(|attribute| attribute.sensitive);
    (name, if sensitive { value.sensitive() } else { value })
}

/// Returns the `snapform` member that holds what only snapform knows of an object, if there is any.
pub fn ours_member(ours: Option<&Value>) -> Option<Members> {
    let ours = ours?;
    let unknown = (!ours.is_wholly_known()).then(|| unknown_shape(ours));
    Some(Members::new().maybe("attributes", known(ours)).maybe("attributes_unknown", unknown))
}
