//! A state as `show -json` prints it: `format_version` 1.0.

use super::checks::checks_of_state;
use super::instance::{divide, identity, ours_member};
use super::modules::module_tree;
use super::tree::{Json, Members};
use super::value::{known, sensitive_shape};
use crate::lang::address::{Address, ModuleInstance};
use crate::lang::{Kind, Path, PathStep, Type, Value};
use crate::plan::prior::{find_type, parse_provider};
use crate::plan::remembered;
use crate::schema::saved;
use crate::state::{self, Object, ObjectKey, State, intent};

/// Returns the document of a state; that of an empty one has only its format.
pub fn state_json(state: &State) -> Json {
    let members = Members::new().with("format_version", "1.0");
    if state.is_empty() {
        return members.into();
    }
    members
        .with("terraform_version", state.terraform_version.as_str())
        .with("values", values(state))
        .maybe("checks", checks_of_state(&state.check_results))
        .into()
}

/// Returns the state before the changes of a plan; nothing when it is empty. Its checks are those of the plan.
pub(super) fn prior_state(state: &State) -> Option<Json> {
    (!state.is_empty()).then(|| {
        Members::new()
            .with("format_version", "1.0")
            .with("terraform_version", state.terraform_version.as_str())
            .with("values", values(state))
            .into()
    })
}

fn values(state: &State) -> Members {
    let outputs: Members =
        state.outputs.iter().map(|(name, output)| (name.clone(), output_entry(output).into())).collect();
    let mut entries: Vec<(Address, &ObjectKey, ModuleInstance, Members)> = state
        .objects()
        .filter(|(key, ..)| key.resource_type != intent::INTENT_TYPE)
        .map(|(key, resource, name, object)| {
            let address = key.instance_address(name);
            let entry = entry(&resource.provider, name, object, &address);
            (address.clone(), name, address.module, entry)
        })
        .collect();
    entries.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.deposed.cmp(&b.1.deposed)));
    let tree = module_tree(entries.into_iter().map(|(_, _, module, entry)| (module, entry)));
    Members::new().maybe("outputs", outputs.non_empty()).with("root_module", tree)
}

fn output_entry(output: &state::Output) -> Members {
    Members::new()
        .with("sensitive", output.sensitive)
        .with("value", Json::Raw(output.value.as_str().to_owned()))
        .with("type", Json::Raw(output.value_type.as_str().to_owned()))
}

fn entry(provider: &str, name: &ObjectKey, object: &Object, address: &Address) -> Members {
    let provider = parse_provider(provider).map_or_else(|| provider.into(), |provider| provider.source);
    let value = value_of(address, object);
    let parts = divide(address, &value);
    let members = Members::new().with("address", address.to_string());
    identity(members, address, &provider)
        .with("schema_version", if name.deposed.is_some() { 0 } else { object.schema_version })
        .maybe("values", known(&parts.theirs).filter(|json| *json != Json::Null))
        .with("sensitive_values", sensitive_shape(&parts.theirs))
        .maybe("depends_on", (!object.dependencies.is_empty()).then(|| object.dependencies.clone()))
        .maybe("tainted", object.tainted.then_some(true))
        .maybe("deposed_key", name.deposed.as_deref())
        .maybe("snapform", ours_member(parts.ours.as_ref()))
}

/// An object without a schema, or one that its schema no longer fits, is shown as it was saved.
fn value_of(address: &Address, object: &Object) -> Value {
    let typed = find_type(&address.resource).and_then(|known| remembered::value_of(known, object).ok());
    typed.unwrap_or_else(|| {
        let saved = object.attributes.as_ref().and_then(|raw| raw.to_value().ok());
        let value = saved.map_or_else(|| Value::null(Type::Dynamic), |json| saved::from_untyped_json(&json));
        object.sensitive_paths().iter().fold(value, mark)
    })
}

fn mark(value: Value, path: &Path) -> Value {
    fn at(value: Value, steps: &[PathStep]) -> Value {
        let Some((step, rest)) = steps.split_first() else { return value.sensitive() };
        let Value { mut kind, marks } = value;
        match (&mut kind, step) {
            (Kind::Object(members), PathStep::Attribute(name) | PathStep::Key(name)) => {
                let members = std::sync::Arc::make_mut(members);
                if let Some(member) = members.get_mut(name) {
                    *member = at(member.clone(), rest);
                }
            }
            (Kind::Tuple(items), PathStep::Index(index)) => {
                let items = std::sync::Arc::make_mut(items);
                if let Some(item) = usize::try_from(*index).ok().and_then(|index| items.get_mut(index)) {
                    *item = at(item.clone(), rest);
                }
            }
            _ => {}
        }
        Value { kind, marks }
    }
    at(value, path)
}
