//! Content for a world from a JSON file: objects by kind, settings, faults.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::clock::parse_utc;
use super::default_world::{
    DEFAULT_ALIBABA_ACCOUNT, DEFAULT_ALIBABA_REGION, DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_REGION,
};
use super::faults::Fault;
use super::world::WorldError;
use super::{SandboxError, State};

/// The creation time of seeded objects that give none.
const CREATED: &str = "2026-01-01T00:00:00Z";

/// What a seed file holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seed {
    /// Settings by name; numbers may be written as such.
    pub settings: BTreeMap<String, Value>,
    /// Objects by kind. Beside the fields of the kind an object may give `account`, `region` and `created`.
    pub objects: BTreeMap<String, Vec<Map<String, Value>>>,
    /// Faults to arm.
    pub faults: Vec<Fault>,
}

/// Puts the content of a seed into the world.
pub(super) fn apply(state: &mut State, seed: &Seed) -> Result<(), SandboxError> {
    for (name, value) in &seed.settings {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        state.options.set(name, &text)?;
    }
    for (kind, objects) in &seed.objects {
        state.world.check_kind(kind)?;
        for object in objects {
            state.world.add(kind, &complete(kind, object)?)?;
        }
    }
    let now = state.clock.now_ms();
    for fault in &seed.faults {
        state.faults.arm(fault.clone(), now);
    }
    Ok(())
}

/// Returns the object with what seeds may leave out or write shorter.
fn complete(kind: &str, given: &Map<String, Value>) -> Result<Value, WorldError> {
    let mut object = given.clone();
    complete_place(kind, &mut object);
    if !matches!(kind, "account" | "access-key" | "client-token") {
        complete_creation(kind, &mut object)?;
    }
    complete_tcaplus_keys(kind, &mut object);
    Ok(Value::Object(object))
}

fn complete_place(kind: &str, object: &mut Map<String, Value>) {
    if matches!(kind, "account" | "access-key") || object.contains_key("place") {
        return;
    }
    let (account, region) = if kind.starts_with("ec") || kind == "client-token" {
        (DEFAULT_ALIBABA_ACCOUNT, DEFAULT_ALIBABA_REGION)
    } else {
        (DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_REGION)
    };
    let mut take = |name: &str, default: &str| object.remove(name).unwrap_or_else(|| json!(default));
    let place = json!({"account": take("account", account), "region": take("region", region)});
    object.insert("place".to_owned(), place);
}

fn complete_creation(kind: &str, object: &mut Map<String, Value>) -> Result<(), WorldError> {
    if object.contains_key("created_ms") || object.contains_key("life") {
        return Ok(());
    }
    let text = object.remove("created").unwrap_or_else(|| json!(CREATED));
    let created = text.as_str().and_then(parse_utc).ok_or_else(|| WorldError::Form {
        kind: kind.to_owned(),
        field: "created".to_owned(),
        value: text.to_string(),
        expected: "a time such as \"2026-01-31T08:00:00Z\"".to_owned(),
    })?;
    if kind.contains("snapshot") || kind.ends_with("backup") {
        object.insert("life".to_owned(), json!({"created_ms": created}));
    } else {
        object.insert("created_ms".to_owned(), json!(created));
    }
    Ok(())
}

/// Fills in the joined keys of TcaplusDB objects, which have no id of their own.
fn complete_tcaplus_keys(kind: &str, object: &mut Map<String, Value>) {
    let part = |object: &Map<String, Value>, name: &str| {
        object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let group = format!("{}:{}", part(object, "cluster_id"), part(object, "group_id"));
    let mut put = |name: &str, text: String| {
        object.entry(name.to_owned()).or_insert(Value::String(text));
    };
    match kind {
        "tcaplus-group" => put("key", group),
        "tcaplus-table" => {
            put("group_key", group.clone());
            let table = part(object, "name");
            object.entry("key".to_owned()).or_insert(Value::String(format!("{group}:{table}")));
        }
        "tcaplus-snapshot" => {
            let table = format!("{group}:{}", part(object, "table_name"));
            let key = format!("{table}:{}", part(object, "name"));
            object.entry("table_key".to_owned()).or_insert(Value::String(table));
            object.entry("key".to_owned()).or_insert(Value::String(key));
        }
        _ => {}
    }
}
