//! The object to be: what configuration, prior object and schema make of each other.
//!
//! The rules are those of Terraform's core for providers of the older kind (which both official providers
//! are): an argument that is given wins; one that the cloud may give keeps its prior value; the empty string
//! and the empty collection count as absent, because those providers save them so.

use std::sync::Arc;

use crate::lang::{Kind, Marks, Members, Path, PathStep, Type, Value};
use crate::schema::{Attribute, Presence, ProviderKind, ResourceType, tags};

/// Returns the object to be. `prior` is absent for a create and for the new half of a replacement.
pub fn proposed(resource_type: &ResourceType, prior: Option<&Value>, config: &Value) -> Value {
    if resource_type.provider == ProviderKind::Terraform && resource_type.name == "terraform_data" {
        return proposed_terraform_data(resource_type, prior, config);
    }
    let block = &resource_type.block;
    let mut members = Members::with_capacity(block.attributes.len() + block.blocks.len() + 1);
    for attribute in &block.attributes {
        let given = member(config, attribute.name);
        let before = prior.map(|prior| member(prior, attribute.name));
        let given = match attribute.name {
            tags::ATTRIBUTE => tags::with_those_of_the_cloud(resource_type.provider, given, before.as_ref()),
            _ => given,
        };
        members.insert(attribute.key.clone(), proposed_attribute(attribute, before, given));
    }
    for nested in &block.blocks {
        members.insert(Arc::from(nested.name), member(config, nested.name));
    }
    if !resource_type.timeouts.is_empty() {
        members.insert(Arc::from("timeouts"), member(config, "timeouts"));
    }
    let planned = Value { kind: Kind::Object(Arc::new(members)), marks: Marks::NONE };
    let planned = match resource_type.plan_hook {
        Some(hook) => hook(prior, config, planned),
        None => planned,
    };
    // Most objects do not change; they are kept once.
    prior.filter(|prior| **prior == planned).cloned().unwrap_or(planned)
}

fn proposed_attribute(attribute: &Attribute, before: Option<Value>, given: Value) -> Value {
    let marks = if attribute.sensitive { Marks::SENSITIVE } else { Marks::NONE };
    let value = if attribute.presence.is_configurable() && !given.is_null() {
        match before {
            Some(before) if equivalent(&before, &given) => before.remarked_like(&given),
            // Nothing is sent of it, so a new object is planned as if it were not given.
            None if attribute.empty_when_unset && is_empty(&given) => {
                Value::null(attribute.ty.clone()).with_marks(given.marks)
            }
            _ => given,
        }
    } else {
        match (attribute.presence, before) {
            // Marks come from the configuration and the schema alone: what is no longer given is no longer hidden.
            (Presence::Computed | Presence::OptionalComputed, Some(before)) => before.unmarked_deep(),
            (Presence::Computed | Presence::OptionalComputed, None) => Value::unknown(attribute.ty.clone()),
            (_, before) => match attribute.default {
                Some(default) => default(),
                None => match before {
                    Some(before) if is_empty(&before) => before.unmarked_deep(),
                    _ => Value::null(attribute.ty.clone()),
                },
            },
        }
    };
    value.with_marks(marks)
}

/// The builtin type: `output` follows `input`, and both may be of any type.
fn proposed_terraform_data(resource_type: &ResourceType, prior: Option<&Value>, config: &Value) -> Value {
    let input = member(config, "input");
    let triggers = member(config, "triggers_replace");
    let new_id = || Value::unknown_not_null(Type::String);
    let (id, output) = match prior {
        None if input.is_null() => (new_id(), Value::null(Type::Dynamic)),
        None => (new_id(), Value::unknown(input.type_of())),
        Some(prior) => {
            let same = input.unmarked_deep() == member(prior, "input").unmarked_deep();
            let output = if same { member(prior, "output") } else { Value::unknown(input.type_of()) };
            (member(prior, "id"), output)
        }
    };
    let members = resource_type.block.attributes.iter().map(|attribute| {
        let value = match attribute.name {
            "id" => &id,
            "input" => &input,
            "output" => &output,
            _ => &triggers,
        };
        (attribute.key.clone(), value.clone())
    });
    Value::object(members)
}

/// Returns a member of an object, with null for one that is missing.
pub fn member(object: &Value, name: &str) -> Value {
    object.get(name).cloned().unwrap_or_else(|| Value::null(Type::Dynamic))
}

/// Tells whether a value is what the providers save for an argument that was not given.
fn is_empty(value: &Value) -> bool {
    match &value.kind {
        Kind::Null(_) => true,
        Kind::String(text) => text.is_empty(),
        Kind::List(_, items) | Kind::Set(_, items) => items.is_empty(),
        Kind::Map(_, members) => members.is_empty(),
        _ => false,
    }
}

/// Tells whether two values of one attribute say the same, marks aside.
fn equivalent(a: &Value, b: &Value) -> bool {
    (is_empty(a) && is_empty(b)) || a.unmarked_deep() == b.unmarked_deep()
}

/// Returns the paths of the attributes that differ and whose change replaces the object.
pub fn replace_paths(resource_type: &ResourceType, prior: &Value, planned: &Value) -> Vec<Path> {
    if resource_type.name == "terraform_data" {
        let same = member(prior, "triggers_replace").unmarked_deep()
            == member(planned, "triggers_replace").unmarked_deep();
        return if same { Vec::new() } else { vec![vec![PathStep::Attribute("triggers_replace".into())]] };
    }
    resource_type
        .block
        .attributes
        .iter()
        .filter(|attribute| attribute.force_new)
        .filter(|attribute| !equivalent(&member(prior, attribute.name), &member(planned, attribute.name)))
        .map(|attribute| vec![PathStep::Attribute(attribute.name.into())])
        .collect()
}

/// Tells whether the planned object is the prior one: values, and where they are sensitive. What only `timeouts` says is no
/// difference of the object.
pub fn unchanged(resource_type: &ResourceType, prior: &Value, planned: &Value) -> bool {
    if resource_type.timeouts_ours_only {
        return without(prior, "timeouts") == without(planned, "timeouts");
    }
    prior == planned
}

fn without(object: &Value, name: &str) -> Value {
    match &object.kind {
        Kind::Object(members) if members.contains_key(name) => {
            let mut members = (**members).clone();
            members.remove(name);
            Value { kind: Kind::Object(Arc::new(members)), marks: object.marks }
        }
        _ => object.clone(),
    }
}

/// Returns the configuration with the paths of `ignore_changes` taken from the prior object.
pub fn ignore_changes(config: &Value, prior: &Value, paths: &[Path]) -> Value {
    paths.iter().fold(config.clone(), |config, path| take_from_prior(&config, Some(prior), path, true))
}

fn take_from_prior(config: &Value, prior: Option<&Value>, path: &[PathStep], top: bool) -> Value {
    let Some((step, rest)) = path.split_first() else {
        return prior.cloned().unwrap_or_else(|| Value::null(config.type_of()));
    };
    match (step, &config.kind) {
        // The key of a map stands for the whole value where it is no map, as in Terraform.
        (PathStep::Key(_), Kind::Object(_)) if rest.is_empty() && !top => {
            prior.cloned().unwrap_or_else(|| config.clone())
        }
        (PathStep::Attribute(name) | PathStep::Key(name), Kind::Object(members) | Kind::Map(_, members)) => {
            let before = prior.and_then(|prior| prior.get(name));
            let mut members = (**members).clone();
            // Attributes of objects inside an argument are ignored only where both sides have them.
            let inside_object = matches!(config.kind, Kind::Object(_)) && !top;
            match (members.get(name), before) {
                (None, _) | (_, None) if inside_object => {}
                (Some(current), _) if !rest.is_empty() => {
                    let replaced = take_from_prior(&current.clone(), before, rest, false);
                    members.insert(name.clone(), replaced);
                }
                (_, Some(before)) => {
                    members.insert(name.clone(), before.clone());
                }
                (Some(_), None) => {
                    members.remove(name);
                }
                (None, None) => {}
            }
            rebuild(config, members)
        }
        (PathStep::Index(at), Kind::List(_, items) | Kind::Tuple(items)) => {
            let at = usize::try_from(*at).unwrap_or(usize::MAX);
            let before = prior.and_then(|prior| prior.elements()).and_then(|items| items.get(at));
            let (Some(current), Some(before)) = (items.get(at), before) else { return config.clone() };
            let mut items = (**items).clone();
            items[at] = take_from_prior(current, Some(before), rest, false);
            let kind = match &config.kind {
                Kind::List(ty, _) => Kind::List(ty.clone(), Arc::new(items)),
                _ => Kind::Tuple(Arc::new(items)),
            };
            Value { kind, marks: config.marks }
        }
        // A map that is absent on one side only: the ignored key alone is kept.
        (PathStep::Attribute(name) | PathStep::Key(name), Kind::Null(Type::Map(element))) => {
            match prior.and_then(|prior| prior.get(name)) {
                Some(before) => {
                    let members = [(name.clone(), before.clone())].into_iter().collect();
                    Kind::Map((**element).clone(), Arc::new(members)).into()
                }
                None => config.clone(),
            }
        }
        _ => config.clone(),
    }
}

fn rebuild(like: &Value, members: Members) -> Value {
    let kind = match &like.kind {
        Kind::Map(ty, _) => Kind::Map(ty.clone(), Arc::new(members)),
        _ => Kind::Object(Arc::new(members)),
    };
    Value { kind, marks: like.marks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Block, Presence};

    fn disk_backup() -> ResourceType {
        ResourceType {
            name: "test_backup",
            provider: ProviderKind::Tencentcloud,
            data: false,
            version: 0,
            block: Block {
                attributes: vec![
                    Attribute::new("id", Type::String, Presence::Computed, ""),
                    Attribute::new("disk_id", Type::String, Presence::Required, "").force_new(),
                    Attribute::new("name", Type::String, Presence::Optional, ""),
                    Attribute::new("status", Type::String, Presence::Computed, ""),
                    Attribute::new("tags", Type::map(Type::String), Presence::Optional, ""),
                ],
                blocks: Vec::new(),
            },
            timeouts: &[],
            timeouts_ours_only: false,
            rules: &[],
            plan_hook: None,
            description: "",
            object_type: Default::default(),
            key: Default::default(),
        }
    }

    fn object(id: &str, disk: &str, name: Value) -> Value {
        Value::object([
            ("id", Value::from(id)),
            ("disk_id", Value::from(disk)),
            ("name", name),
            ("status", Value::from("NORMAL")),
            ("tags", Value::null(Type::map(Type::String))),
        ])
    }

    fn config(disk: &str, name: Value) -> Value {
        Value::object([("disk_id", Value::from(disk)), ("name", name)])
    }

    #[test]
    fn a_create_leaves_unknown_what_the_cloud_computes() {
        let planned = proposed(&disk_backup(), None, &config("d-1", Value::from("n")));
        assert!(!member(&planned, "id").is_known());
        assert_eq!(member(&planned, "name"), Value::from("n"));
        assert!(member(&planned, "tags").is_null());
    }

    #[test]
    fn an_update_keeps_what_the_cloud_computed() {
        let prior = object("b-1", "d-1", Value::from("n"));
        let planned = proposed(&disk_backup(), Some(&prior), &config("d-1", Value::from("m")));
        assert_eq!(member(&planned, "id"), Value::from("b-1"));
        assert!(!unchanged(&disk_backup(), &prior, &planned));
        assert!(replace_paths(&disk_backup(), &prior, &planned).is_empty());
    }

    #[test]
    fn an_empty_text_saved_for_an_absent_argument_is_no_difference() {
        let prior = object("b-1", "d-1", Value::from(""));
        let planned = proposed(&disk_backup(), Some(&prior), &config("d-1", Value::null(Type::String)));
        assert!(unchanged(&disk_backup(), &prior, &planned));
    }

    #[test]
    fn a_changed_parent_forces_a_replacement_and_names_the_path() {
        let prior = object("b-1", "d-1", Value::from("n"));
        let planned = proposed(&disk_backup(), Some(&prior), &config("d-2", Value::from("n")));
        let paths = replace_paths(&disk_backup(), &prior, &planned);
        assert_eq!(paths, vec![vec![PathStep::Attribute("disk_id".into())]]);
    }

    #[test]
    fn an_ignored_argument_keeps_its_prior_value() {
        let prior = object("b-1", "d-1", Value::from("n"));
        let given = config("d-2", Value::from("m"));
        let ignored = ignore_changes(&given, &prior, &[vec![PathStep::Attribute("disk_id".into())]]);
        assert_eq!(member(&ignored, "disk_id"), Value::from("d-1"));
        assert_eq!(member(&ignored, "name"), Value::from("m"));
    }
}
