//! The results of checks in plans and states.

use super::instance::{key_json, mode_word};
use super::tree::Members;
use crate::plan::{CheckObject, CheckResult, CheckStatus};
use crate::state::{RawJson, Target};

/// One result, whether a plan or a state holds it.
struct Entry {
    kind: &'static str,
    address: String,
    status: &'static str,
    objects: Vec<Object>,
}

struct Object {
    address: String,
    status: &'static str,
    problems: Vec<String>,
}

/// Returns the results of a plan; nothing when there are none.
pub fn checks_of_plan(results: &[CheckResult]) -> Option<Vec<Members>> {
    let object = |object: &CheckObject| Object {
        address: object.address.clone(),
        status: status_word(object.status),
        problems: object.problems.clone(),
    };
    let entries = results.iter().map(|result| Entry {
        kind: result.kind,
        address: result.address.clone(),
        status: status_word(result.status),
        objects: result.objects.iter().map(object).collect(),
    });
    all(entries.collect())
}

/// Returns the results that a state holds; nothing when there are none, and none that cannot be read.
pub fn checks_of_state(results: &RawJson) -> Option<Vec<Members>> {
    let results = results.to_value().ok()?;
    let text = |value: &serde_json::Value, name: &str| {
        value.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    let status = |value: &serde_json::Value| match text(value, "status").as_str() {
        "pass" => "pass",
        "fail" => "fail",
        "error" => "error",
        _ => "unknown",
    };
    let items = |value: &serde_json::Value, name: &str| {
        value.get(name).and_then(serde_json::Value::as_array).cloned().unwrap_or_default()
    };
    let object = |value: &serde_json::Value| Object {
        address: text(value, "object_addr"),
        status: status(value),
        problems: items(value, "failure_messages")
            .iter()
            .filter_map(serde_json::Value::as_str)
            .map(str::to_owned)
            .collect(),
    };
    let entries = results.as_array()?.iter().map(|value| Entry {
        kind: match text(value, "object_kind").as_str() {
            "resource" => "resource",
            "output" | "output_value" => "output_value",
            "check" => "check",
            _ => "var",
        },
        address: text(value, "config_addr"),
        status: status(value),
        objects: items(value, "objects").iter().map(object).collect(),
    });
    all(entries.collect())
}

fn status_word(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Pass => "pass",
        CheckStatus::Fail => "fail",
        CheckStatus::Error => "error",
        CheckStatus::Unknown => "unknown",
    }
}

fn all(mut entries: Vec<Entry>) -> Option<Vec<Members>> {
    entries.sort_by(|a, b| a.address.cmp(&b.address));
    let entries: Vec<Members> = entries.into_iter().map(entry).collect();
    (!entries.is_empty()).then_some(entries)
}

fn entry(entry: Entry) -> Members {
    let Entry { kind, address, status, mut objects } = entry;
    objects.sort_by(|a, b| a.address.cmp(&b.address));
    let objects: Vec<Members> = objects.into_iter().map(|each| object(kind, each)).collect();
    Members::new()
        .with("address", static_address(kind, &address))
        .with("status", status)
        .maybe("instances", (!objects.is_empty()).then_some(objects))
}

fn object(kind: &str, object: Object) -> Members {
    let mut address = Members::new();
    match Target::parse(&object.address).filter(|_| kind == "resource") {
        Some(Target::Resource(key, index)) => {
            address = address
                .maybe("instance_key", index.as_ref().map(key_json))
                .maybe("module", (!key.module.is_empty()).then_some(key.module));
        }
        _ => address = address.maybe("module", module_and_name(&object.address).0),
    }
    let problems: Vec<Members> =
        object.problems.iter().map(|message| Members::new().with("message", message.as_str())).collect();
    Members::new()
        .with("address", address.with("to_display", object.address))
        .with("status", object.status)
        .maybe("problems", (!problems.is_empty()).then_some(problems))
}

fn static_address(kind: &'static str, address: &str) -> Members {
    let members = Members::new().with("kind", kind);
    let members = match Target::parse(address).filter(|_| kind == "resource") {
        Some(Target::Resource(key, _)) => members
            .with("mode", mode_word(key.mode))
            .with("name", key.name)
            .with("type", key.resource_type)
            .maybe("module", (!key.module.is_empty()).then_some(key.module)),
        _ => {
            let (module, name) = module_and_name(address);
            members.with("name", name).maybe("module", module)
        }
    };
    members.with("to_display", address).sorted()
}

/// Divides an address such as `module.m.check.health`. Names hold no dots, so what stands before the last two words is the module.
fn module_and_name(address: &str) -> (Option<String>, String) {
    let Some((rest, name)) = address.rsplit_once('.') else { return (None, address.to_owned()) };
    let module = rest.rsplit_once('.').map(|(module, _)| module.to_owned());
    (module, name.to_owned())
}
