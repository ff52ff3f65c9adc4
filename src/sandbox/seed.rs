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
use super::{SandboxError, State, alibaba, tencent};

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
    complete_place(kind, &mut object)?;
    complete_readiness(kind, &mut object);
    if !matches!(kind, "account" | "access-key" | "client-token") {
        complete_creation(kind, &mut object)?;
    }
    complete_tcaplus_keys(kind, &mut object);
    Ok(Value::Object(object))
}

fn complete_place(kind: &str, object: &mut Map<String, Value>) -> Result<(), WorldError> {
    if matches!(kind, "account" | "access-key") {
        return Ok(());
    }
    let (account, region, regions) = if kind.starts_with("ec") || kind == "client-token" {
        (DEFAULT_ALIBABA_ACCOUNT, DEFAULT_ALIBABA_REGION, alibaba::REGIONS)
    } else {
        (DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_REGION, tencent::REGIONS)
    };
    if !object.contains_key("place") {
        let mut take = |name: &str, default: &str| object.remove(name).unwrap_or_else(|| json!(default));
        let place = json!({"account": take("account", account), "region": take("region", region)});
        object.insert("place".to_owned(), place);
    }
    // Nobody could call a region that the vendor does not have, so the object would never be seen.
    match object.get("place").and_then(|place| place.get("region")).unwrap_or(&Value::Null) {
        Value::String(region) if regions.contains(&region.as_str()) => Ok(()),
        other => Err(WorldError::Form {
            kind: kind.to_owned(),
            field: "region".to_owned(),
            value: other.to_string(),
            expected: format!("one of {}", regions.join(", ")),
        }),
    }
}

/// Makes a parent usable where the seed says nothing of it. Recovery points are ready by their times.
fn complete_readiness(kind: &str, object: &mut Map<String, Value>) {
    let attached = object.get("instance_id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut put = |name: &str, value: Value| {
        object.entry(name.to_owned()).or_insert(value);
    };
    match kind {
        "cfs-file-system" => put("state", json!("available")),
        "cbs-disk" => {
            put("state", json!(if attached { "ATTACHED" } else { "UNATTACHED" }));
            put("usage", json!("DATA_DISK"));
            put("backup_quota", json!(10));
        }
        "ecs-disk" => {
            put("status", json!(if attached { "In_use" } else { "Available" }));
            put("disk_type", json!("data"));
            put("category", json!("cloud_essd"));
            // A disk that was never attached cannot have snapshots.
            put("attached_ms", json!(parse_utc(CREATED)));
        }
        "ecd-desktop" => {
            put("status", json!("Running"));
            let disk = |disk_type: &str| {
                let name = disk_type.to_lowercase();
                json!({"id": format!("d-{id}-{name}"), "disk_type": disk_type, "size_gib": 80, "category": "cloud_essd"})
            };
            put("disks", json!([disk("SYSTEM"), disk("DATA")]));
        }
        _ => {}
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::World;

    fn seeded(kind: &str, object: Value) -> Result<Value, String> {
        let object = complete(kind, object.as_object().unwrap()).map_err(|error| error.to_string())?;
        let mut world = World::default();
        world.add(kind, &object).map_err(|error| error.to_string())?;
        Ok(world.to_json().unwrap()[kind][0].clone())
    }

    #[test]
    fn parents_are_usable_unless_the_seed_says_otherwise() {
        assert_eq!(seeded("cfs-file-system", json!({"id": "cfs-1"})).unwrap()["state"], "available");
        let file_system = json!({"id": "cfs-1", "state": "creating"});
        assert_eq!(seeded("cfs-file-system", file_system).unwrap()["state"], "creating");
        let disk = seeded("cbs-disk", json!({"id": "disk-1"})).unwrap();
        assert_eq!((&disk["state"], &disk["backup_quota"]), (&json!("UNATTACHED"), &json!(10)));
        let disk =
            seeded("cbs-disk", json!({"id": "disk-1", "instance_id": "ins-1", "backup_quota": 0})).unwrap();
        assert_eq!((&disk["state"], &disk["backup_quota"]), (&json!("ATTACHED"), &json!(0)));
        let disk = seeded("ecs-disk", json!({"id": "d-1"})).unwrap();
        assert_eq!(disk["status"], "Available");
        assert!(disk["attached_ms"].as_i64().unwrap() > 0, "one that was never attached has no snapshots");
        assert_eq!(
            seeded("ecs-disk", json!({"id": "d-1", "instance_id": "i-1"})).unwrap()["status"],
            "In_use"
        );
        let desktop = seeded("ecd-desktop", json!({"id": "ecd-1"})).unwrap();
        assert_eq!(desktop["status"], "Running");
        assert_eq!(desktop["disks"][0]["disk_type"], "SYSTEM");
    }

    #[test]
    fn a_region_that_the_vendor_does_not_have_is_refused() {
        for (kind, region) in
            [("cbs-disk", "cn-hangzhou"), ("ecs-disk", "ap-guangzhou"), ("ecs-disk", "cn-nowhere")]
        {
            for object in [
                json!({"id": "x-1", "region": region}),
                json!({"id": "x-1", "place": {"account": "1", "region": region}}),
            ] {
                let error = seeded(kind, object).unwrap_err();
                assert!(error.contains("region") && error.contains("one of "), "{error}");
            }
        }
    }

    #[test]
    fn a_misspelt_field_is_named_however_deep_it_stands() {
        let desktop = json!({"id": "ecd-1", "disks": [{"id": "d-1"}, {"id": "d-2", "size": 1}]});
        for (kind, object, named) in [
            ("cbs-disk", json!({"id": "disk-1", "status": "ATTACHED"}), "no field status;"),
            ("ecd-desktop", desktop, "no field disks.size;"),
            ("cfs-snapshot", json!({"id": "snapcfs-1", "life": {"ready": 1}}), "no field life.ready;"),
            (
                "cbs-disk",
                json!({"id": "disk-1", "place": {"account": "1", "region": "ap-guangzhou", "zone": "1"}}),
                "no field place.zone;",
            ),
        ] {
            let error = seeded(kind, object).unwrap_err();
            assert!(error.contains(named) && error.contains("its fields are "), "{error}");
        }
        let tags = json!({"id": "disk-1", "tags": {"any": "thing"}});
        assert_eq!(seeded("cbs-disk", tags).unwrap()["tags"]["any"], "thing");
    }

    #[test]
    fn the_page_names_every_field_of_every_kind() {
        let page = include_str!("../../docs/sandbox.md");
        for kind in World::kinds() {
            let row = page.lines().find(|line| line.starts_with(&format!("| `{kind}` |")));
            let row = row.unwrap_or_else(|| panic!("no row for {kind}"));
            let mut world = World::default();
            let error =
                world.add(kind, &json!({"id": "x", "key": "x", "no such": 1})).unwrap_err().to_string();
            let fields = error.split("its fields are ").nth(1).unwrap();
            for field in fields.split(", ").filter(|field| !["place", "created_ms"].contains(field)) {
                assert!(row.contains(&format!("`{field}`")), "{kind} has the field {field}\n{row}\n{fields}");
            }
        }
    }
}
