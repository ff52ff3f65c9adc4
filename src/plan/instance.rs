//! The decision about one declared instance.

use std::sync::Arc;

use crate::lang::address::{Address, ProviderAddress};
use crate::lang::{Kind, Marks, Path, PathStep, Value};
use crate::schema::{Presence, ProviderKind, ResourceType};

use super::change::{ActionReason, Change, ReplaceOrder, ResourceChange};
use super::proposed;

/// What is known about a declared instance.
pub struct Declared<'a> {
    /// The instance.
    pub address: &'a Address,
    /// Its type.
    pub resource_type: &'a ResourceType,
    /// Its provider configuration.
    pub provider: &'a ProviderAddress,
    /// The object as it is, when there is one.
    pub current: Option<&'a Value>,
    /// Whether that object must be replaced, whatever it looks like.
    pub tainted: bool,
    /// Its arguments, with unknown parts.
    pub config: &'a Value,
    /// The paths that the block says to ignore.
    pub ignored: &'a [Path],
    /// Whether all changes are ignored.
    pub ignore_all: bool,
    /// Whether the user asks for a replacement.
    pub replace_requested: bool,
    /// Whether `replace_triggered_by` asks for a replacement.
    pub replace_triggered: bool,
    /// Which half of a replacement comes first.
    pub order: ReplaceOrder,
}

/// Returns what happens to a declared instance.
pub fn decide(declared: &Declared<'_>) -> ResourceChange {
    let mut change = ResourceChange {
        address: declared.address.clone(),
        previous_address: None,
        deposed: None,
        provider: declared.provider.clone(),
        change: Change::NoOp { object: Value::object::<Arc<str>>([]) },
        reason: None,
        replace_paths: Vec::new(),
        importing: None,
        generated_config: None,
        marker: None,
    };
    let resource_type = declared.resource_type;
    let Some(current) = declared.current else {
        change.change = Change::Create { after: proposed::proposed(resource_type, None, declared.config) };
        return change;
    };
    let config = if declared.ignore_all {
        configurable_part(resource_type, current)
    } else {
        proposed::ignore_changes(declared.config, current, declared.ignored)
    };
    let planned = proposed::proposed(resource_type, Some(current), &config);
    let replace_paths = proposed::replace_paths(resource_type, current, &planned);
    // Whoever asked for the replacement is told before what would have forced it anyway.
    let reason = if declared.replace_triggered {
        Some(ActionReason::ReplaceByTriggers)
    } else if declared.tainted {
        Some(ActionReason::ReplaceBecauseTainted)
    } else if declared.replace_requested {
        Some(ActionReason::ReplaceByRequest)
    } else if !replace_paths.is_empty() {
        Some(ActionReason::ReplaceBecauseCannotUpdate)
    } else {
        None
    };
    if let Some(reason) = reason {
        // The new object has nothing to keep, so nothing is ignored.
        let after = proposed::proposed(resource_type, None, declared.config);
        change.change = Change::Replace { before: current.clone(), after, order: declared.order };
        change.reason = Some(reason);
        // Of a tainted object no attribute can be said to force anything: it goes whatever it looks like.
        change.replace_paths = if declared.tainted { Vec::new() } else { replace_paths };
    } else if proposed::unchanged(resource_type, current, &planned) {
        change.change = Change::NoOp { object: planned };
    } else {
        change.change = Change::Update { before: current.clone(), after: planned };
    }
    change
}

/// Returns what a configuration that says just what the object has would say.
fn configurable_part(resource_type: &ResourceType, current: &Value) -> Value {
    if resource_type.provider == ProviderKind::Terraform {
        return current.clone();
    }
    let Kind::Object(members) = &current.kind else { return current.clone() };
    let mut members = (**members).clone();
    for attribute in &resource_type.block.attributes {
        if attribute.presence == Presence::Computed {
            members.remove(attribute.name);
        }
    }
    Value { kind: Kind::Object(Arc::new(members)), marks: Marks::NONE }
}

/// Tells whether a change alters what a path of a reference in `replace_triggered_by` points at; without path, whether the object
/// is altered at all. Only an object that is there before and after can be altered.
pub fn alters(change: &Change, path: &[PathStep]) -> bool {
    match change {
        Change::NoOp { .. }
        | Change::Read { .. }
        | Change::Forget { .. }
        | Change::Create { .. }
        | Change::Delete { .. } => false,
        Change::Update { .. } | Change::Replace { .. } if path.is_empty() => true,
        Change::Update { before, after } | Change::Replace { before, after, .. } => {
            match (at(before, path), at(after, path)) {
                (Some(before), Some(after)) => {
                    !after.is_wholly_known() || before.unmarked_deep() != after.unmarked_deep()
                }
                (before, after) => before.is_some() != after.is_some(),
            }
        }
    }
}

fn at<'a>(value: &'a Value, path: &[PathStep]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, step| match step {
        PathStep::Attribute(name) | PathStep::Key(name) => value.get(name),
        PathStep::Index(index) => value.elements()?.get(usize::try_from(*index).ok()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Type;
    use crate::lang::address::{ModuleInstance, ModulePath, Resource};
    use crate::schema::types;

    fn decide_terraform_data(current: Option<Value>, config: &Value, tainted: bool) -> ResourceChange {
        let address =
            Resource::managed("terraform_data", "x").in_module(&ModuleInstance::root()).instance(None);
        let provider = ProviderAddress {
            module: ModulePath::root(),
            source: "terraform.io/builtin/terraform".into(),
            alias: None,
        };
        decide(&Declared {
            address: &address,
            resource_type: types::resource("terraform_data").unwrap(),
            provider: &provider,
            current: current.as_ref(),
            tainted,
            config,
            ignored: &[],
            ignore_all: false,
            replace_requested: false,
            replace_triggered: false,
            order: ReplaceOrder::DeleteFirst,
        })
    }

    fn object(input: &str, trigger: &str) -> Value {
        Value::object([
            ("id", Value::from("i")),
            ("input", Value::from(input)),
            ("output", Value::from(input)),
            ("triggers_replace", Value::from(trigger)),
        ])
    }

    fn config(input: &str, trigger: &str) -> Value {
        Value::object([("input", Value::from(input)), ("triggers_replace", Value::from(trigger))])
    }

    #[test]
    fn what_is_as_declared_is_left_alone() {
        let change = decide_terraform_data(Some(object("a", "t")), &config("a", "t"), false);
        assert!(!change.is_change(), "{change:?}");
    }

    #[test]
    fn a_new_input_updates_in_place_and_makes_the_output_unknown() {
        let change = decide_terraform_data(Some(object("a", "t")), &config("b", "t"), false);
        let Change::Update { after, .. } = &change.change else { panic!("{change:?}") };
        assert_eq!(after.get("output"), Some(&Value::unknown(Type::String)));
    }

    #[test]
    fn a_trigger_replaces_and_says_which() {
        let change = decide_terraform_data(Some(object("a", "t")), &config("a", "u"), false);
        assert_eq!(change.reason, Some(ActionReason::ReplaceBecauseCannotUpdate));
        assert_eq!(change.replace_paths, [[PathStep::Attribute("triggers_replace".into())]]);
    }

    #[test]
    fn a_tainted_object_is_replaced_for_that_reason_first() {
        let change = decide_terraform_data(Some(object("a", "t")), &config("a", "u"), true);
        assert_eq!(change.reason, Some(ActionReason::ReplaceBecauseTainted));
        assert_eq!(change.replace_paths, [[]; 0]);
    }
}
