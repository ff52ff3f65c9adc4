//! Plans rebuilt from the JSON of genuine ones, so that what we print can be held against what
//! Terraform printed.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::lang::address::{Address, InstanceKey, Mode, ModuleInstance, ProviderAddress, Resource};
use crate::lang::{Kind, Number, Path, PathStep, Type, Value};
use crate::plan::{
    ActionReason, Change, CheckObject, CheckResult, CheckStatus, OutputChange, Plan, PlanMode, ReplaceOrder,
    ResourceChange,
};
use crate::schema::types;

pub(super) fn text(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/terraform").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn json(name: &str) -> Json {
    serde_json::from_str(&text(name)).unwrap()
}

/// Builds a value of a type from its JSON and the shapes that say what is unknown and sensitive.
pub(super) fn value(json: &Json, unknown: &Json, sensitive: &Json, ty: &Type) -> Value {
    let built = plain(json, unknown, sensitive, ty);
    if *sensitive == Json::Bool(true) { built.sensitive() } else { built }
}

fn plain(json: &Json, unknown: &Json, sensitive: &Json, ty: &Type) -> Value {
    if *unknown == Json::Bool(true) {
        // What is of any type has one here nevertheless, and its shape shows in what is sensitive.
        return Value::unknown(match sensitive {
            Json::Object(_) if *ty == Type::Dynamic => Type::object::<&str>([]),
            Json::Array(_) if *ty == Type::Dynamic => Type::tuple([]),
            _ => ty.clone(),
        });
    }
    let null = Json::Null;
    let at = |json: &Json, index: usize| json.get(index).cloned().unwrap_or(null.clone());
    let named = |json: &Json, name: &str| json.get(name).cloned().unwrap_or(Json::Null);
    let items = |element: &dyn Fn(usize) -> Type| -> Vec<Value> {
        let count = json.as_array().map_or(0, Vec::len).max(unknown.as_array().map_or(0, Vec::len));
        (0..count)
            .map(|index| value(&at(json, index), &at(unknown, index), &at(sensitive, index), &element(index)))
            .collect()
    };
    let names = || {
        let mut names: Vec<String> = [json, unknown]
            .iter()
            .filter_map(|json| json.as_object())
            .flat_map(|object| object.keys().cloned())
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let member =
        |name: &str, ty: &Type| value(&named(json, name), &named(unknown, name), &named(sensitive, name), ty);
    match ty {
        Type::Object(object) if json.is_object() => {
            Value::object(object.attributes.iter().map(|(name, ty)| (name.clone(), member(name, ty))))
        }
        Type::Map(element) if json.is_object() => Value::map(
            (**element).clone(),
            names().into_iter().map(|name| (name.clone(), member(&name, element))),
        ),
        Type::List(element) if json.is_array() => {
            Value::list((**element).clone(), items(&|_| (**element).clone()))
        }
        Type::Set(element) if json.is_array() => {
            Value::set((**element).clone(), items(&|_| (**element).clone()))
        }
        _ => match json {
            Json::Null if unknown.is_object() && *ty == Type::Dynamic => {
                Value::object(names().into_iter().map(|name| (name.clone(), member(&name, &Type::Dynamic))))
            }
            Json::Null => Value::null(ty.clone()),
            Json::Bool(value) => (*value).into(),
            Json::Number(number) => Kind::Number(Number::parse(&number.to_string()).unwrap()).into(),
            Json::String(text) => Value::string(text),
            Json::Array(_) => Value::tuple(items(&|_| Type::Dynamic)),
            Json::Object(_) => {
                Value::object(names().into_iter().map(|name| (name.clone(), member(&name, &Type::Dynamic))))
            }
        },
    }
}

fn words(json: &Json, name: &str) -> Option<Arc<str>> {
    json.get(name).and_then(Json::as_str).map(Arc::from)
}

fn module(text: &str) -> ModuleInstance {
    let mut module = ModuleInstance::root();
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("module.") {
        let end = after.find(['.', '[']).unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        let (key, tail) = match tail.strip_prefix("[\"").and_then(|tail| tail.split_once("\"]")) {
            Some((key, tail)) => (Some(InstanceKey::Key(key.into())), tail),
            None => (None, tail),
        };
        module = module.child(name, key);
        rest = tail.trim_start_matches('.');
    }
    module
}

pub(super) fn address(json: &Json) -> Address {
    let mode = if json["mode"] == "data" { Mode::Data } else { Mode::Managed };
    let resource =
        Resource { mode, type_name: words(json, "type").unwrap(), name: words(json, "name").unwrap() };
    let key = match &json["index"] {
        Json::Number(index) => Some(InstanceKey::Index(index.as_u64().unwrap())),
        Json::String(key) => Some(InstanceKey::Key(key.as_str().into())),
        _ => None,
    };
    Address { module: module(&words(json, "module_address").unwrap_or_default()), resource, key }
}

/// Reads an address of the root module as it is printed.
fn printed_address(text: &str) -> Address {
    let (name, key) = match text.split_once('[') {
        Some((name, key)) => {
            let key = key.trim_end_matches(']');
            let index = key.parse().map(InstanceKey::Index);
            (name, Some(index.unwrap_or_else(|_| InstanceKey::Key(key.trim_matches('"').into()))))
        }
        None => (text, None),
    };
    let (type_name, name) = name.split_once('.').unwrap();
    Address { module: ModuleInstance::root(), resource: Resource::managed(type_name, name), key }
}

fn reason(word: &str) -> ActionReason {
    match word {
        "replace_because_tainted" => ActionReason::ReplaceBecauseTainted,
        "replace_because_cannot_update" => ActionReason::ReplaceBecauseCannotUpdate,
        "replace_by_request" => ActionReason::ReplaceByRequest,
        "replace_by_triggers" => ActionReason::ReplaceByTriggers,
        "delete_because_no_resource_config" => ActionReason::DeleteBecauseNoResourceConfig,
        "delete_because_count_index" => ActionReason::DeleteBecauseCountIndex,
        "delete_because_each_key" => ActionReason::DeleteBecauseEachKey,
        "delete_because_no_module" => ActionReason::DeleteBecauseNoModule,
        "read_because_dependency_pending" => ActionReason::ReadBecauseDependencyPending,
        "delete_because_no_move_target" => ActionReason::DeleteBecauseNoMoveTarget,
        "delete_because_wrong_repetition" => ActionReason::DeleteBecauseWrongRepetition,
        "read_because_check_nested" => ActionReason::ReadBecauseCheckNested,
        "read_because_config_unknown" => ActionReason::ReadBecauseConfigUnknown,
        other => panic!("reason {other}"),
    }
}

fn path(json: &Json) -> Path {
    let step = |step: &Json| match step {
        Json::Number(index) => PathStep::Index(index.as_u64().unwrap()),
        step => PathStep::Attribute(step.as_str().unwrap().into()),
    };
    json.as_array().unwrap().iter().map(step).collect()
}

fn change(json: &Json) -> ResourceChange {
    let address = address(json);
    let ty = match address.resource.mode {
        Mode::Managed => types::resource(&address.resource.type_name),
        Mode::Data => types::data_source(&address.resource.type_name),
    };
    let ty = ty.unwrap_or_else(|| panic!("type {}", address.resource.type_name)).object_type();
    let body = &json["change"];
    let side = |name: &str, unknown: &Json| {
        let given = &body[name];
        (!given.is_null()).then(|| value(given, unknown, &body[format!("{name}_sensitive")], &ty))
    };
    let before = side("before", &Json::Bool(false));
    let after = side("after", &body["after_unknown"]);
    let actions: Vec<&str> = body["actions"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
    let both = || (before.clone().unwrap(), after.clone().unwrap());
    let replace = |order| {
        let (before, after) = both();
        Change::Replace { before, after, order }
    };
    let change = match actions[..] {
        ["no-op"] => Change::NoOp { object: after.clone().unwrap() },
        ["create"] => Change::Create { after: after.clone().unwrap() },
        ["read"] => Change::Read { before: before.clone(), after: after.clone().unwrap() },
        ["update"] => {
            let (before, after) = both();
            Change::Update { before, after }
        }
        ["delete"] => Change::Delete { before: before.clone().unwrap() },
        ["forget"] => Change::Forget { before: before.clone().unwrap() },
        ["delete", "create"] => replace(ReplaceOrder::DeleteFirst),
        ["create", "delete"] => replace(ReplaceOrder::CreateFirst),
        _ => panic!("actions {actions:?}"),
    };
    let provider = ProviderAddress {
        module: Default::default(),
        source: words(json, "provider_name").unwrap(),
        alias: None,
    };
    ResourceChange {
        address,
        previous_address: words(json, "previous_address").map(|text| printed_address(&text)),
        deposed: words(json, "deposed"),
        provider,
        change,
        reason: words(json, "action_reason").map(|word| reason(&word)),
        replace_paths: body["replace_paths"]
            .as_array()
            .map(|paths| paths.iter().map(path).collect())
            .unwrap_or_default(),
        importing: body.get("importing").and_then(|importing| words(importing, "id")),
        generated_config: body.get("generated_config").and_then(Json::as_str).map(ToOwned::to_owned),
        marker: None,
    }
}

fn output(json: &Json) -> OutputChange {
    let actions = &json["actions"][0];
    let sensitive = json["before_sensitive"] == true || json["after_sensitive"] == true;
    let unmarked =
        |name: &str, unknown: &Json| value(&json[name], unknown, &Json::Bool(false), &Type::Dynamic);
    OutputChange {
        before: (actions != "create").then(|| unmarked("before", &Json::Bool(false))),
        after: (actions != "delete").then(|| unmarked("after", &json["after_unknown"])),
        sensitive,
    }
}

fn check(json: &Json) -> CheckResult {
    let status = |json: &Json| match json["status"].as_str().unwrap() {
        "pass" => CheckStatus::Pass,
        "fail" => CheckStatus::Fail,
        "error" => CheckStatus::Error,
        _ => CheckStatus::Unknown,
    };
    let kind = match json["address"]["kind"].as_str().unwrap() {
        "resource" => "resource",
        "output_value" => "output_value",
        "check" => "check",
        _ => "var",
    };
    let display = |json: &Json| json["address"]["to_display"].as_str().unwrap().to_owned();
    let problems = |json: &Json| match json["problems"].as_array() {
        Some(problems) => {
            problems.iter().map(|problem| problem["message"].as_str().unwrap().to_owned()).collect()
        }
        None => Vec::new(),
    };
    let objects = json["instances"].as_array().map(|instances| {
        instances
            .iter()
            .map(|json| CheckObject {
                address: display(json),
                status: status(json),
                problems: problems(json),
            })
            .collect()
    });
    CheckResult { kind, address: display(json), status: status(json), objects: objects.unwrap_or_default() }
}

/// Rebuilds a plan from its JSON.
pub(super) fn plan(json: &Json, mode: PlanMode) -> Plan {
    let list = |name: &str| json[name].as_array().cloned().unwrap_or_default();
    let named = |name: &str| json[name].as_object().cloned().unwrap_or_default();
    let relevant = list("relevant_attributes");
    let relevant = relevant.iter().filter_map(|json| {
        let resource = json["resource"].as_str()?;
        if resource.contains("module.") || resource.starts_with("data.") {
            return None;
        }
        Some((printed_address(resource), path(&json["attribute"])))
    });
    let plain = |json: &Json| value(json, &Json::Bool(false), &Json::Bool(false), &Type::Dynamic);
    Plan {
        mode,
        made_at: json["timestamp"].as_str().unwrap().parse().unwrap(),
        variables: named("variables")
            .iter()
            .map(|(name, json)| (name.as_str().into(), plain(&json["value"])))
            .collect(),
        drift: list("resource_drift").iter().map(change).collect(),
        changes: list("resource_changes").iter().map(change).collect(),
        outputs: named("output_changes")
            .iter()
            .map(|(name, json)| (name.as_str().into(), output(json)))
            .collect(),
        checks: list("checks").iter().map(check).collect(),
        relevant: relevant.collect(),
        errored: json["errored"] == true,
        ..Plan::empty(jiff::Timestamp::UNIX_EPOCH)
    }
}
