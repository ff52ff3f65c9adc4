//! One line of the stream.

use super::super::json::tree::{Json, Members};
use super::super::text;
use crate::apply::Action;
use crate::lang::address::Address;

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something happened.
    Info,
    /// A warning.
    Warn,
    /// An error.
    Error,
}

/// Returns a line without its end. Members are in the order of their names, as the format has them.
pub fn line(level: Level, message: &str, now: jiff::Timestamp, kind: &'static str, own: Members) -> String {
    let level = match level {
        Level::Info => "info",
        Level::Warn => "warn",
        Level::Error => "error",
    };
    let members = own
        .with("@level", level)
        .with("@message", message)
        .with("@module", "terraform.ui")
        .with("@timestamp", now.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string())
        .with("type", kind);
    Json::from(members.sorted()).to_string()
}

/// Returns an instance in its parts.
pub fn resource(address: &Address) -> Members {
    let (module, type_name) = (address.module.to_string(), &*address.resource.type_name);
    let in_module = Address { module: crate::lang::address::ModuleInstance::root(), ..address.clone() };
    Members::new()
        .with("addr", address.to_string())
        .with("module", module)
        .with("resource", in_module.to_string())
        .with("implied_provider", type_name.split('_').next().unwrap_or(type_name))
        .with("resource_type", type_name)
        .with("resource_name", &*address.resource.name)
        .with("resource_key", address.key.as_ref().map_or(Json::Null, super::super::json::key_json))
}

/// Adds the name and value of the id, if it is known.
pub fn with_id(members: Members, id: Option<&str>) -> Members {
    match id {
        Some(id) => members.with("id_key", "id").with("id_value", id),
        None => members,
    }
}

/// Returns the words for an action: as it begins, goes on and ends. Here a read is a refresh, as Terraform has it.
pub fn verbs(action: Action) -> (&'static str, &'static str, &'static str) {
    match action {
        Action::Read => ("Refreshing", "refreshing", "Refresh"),
        other => text::verbs(other),
    }
}
