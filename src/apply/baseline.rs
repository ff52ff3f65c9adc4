//! What follows from a plan before its first step.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::kind_of;
use super::missed;
use crate::lang::Value;
use crate::plan::{Change, ObjectName, Plan, ResourceChange, StepAction, prior, remembered};
use crate::state::{ObjectKey, ResourceKey, State};

/// Orders creates after deletes of an object with the same key, which the references do not show.
pub(super) fn same_key_orders(plan: &Plan) -> Vec<(usize, usize)> {
    let mut deletes: BTreeMap<(&str, String), usize> = BTreeMap::new();
    let key = |change: &ResourceChange, object: Option<&Value>| {
        let kind = kind_of(&change.address.resource.type_name);
        kind.key.and(object).and_then(|object| kind.key_of(object))
    };
    for (at, step) in plan.steps.iter().enumerate() {
        if let StepAction::Delete { change } = step.action
            && let Some(change) = plan.changes.get(change)
            && let Some(key) = key(change, change.change.before())
        {
            deletes.insert((&change.address.resource.type_name, key), at);
        }
    }
    let creates = plan.steps.iter().enumerate().filter_map(|(at, step)| {
        let StepAction::Create { change } = step.action else { return None };
        let change = plan.changes.get(change)?;
        let key = key(change, change.change.after())?;
        Some((at, *deletes.get(&(&*change.address.resource.type_name, key))?))
    });
    creates.collect()
}

/// Returns the state after what the plan saw and decided before apply begins: moves, what the clouds changed, imports,
/// dependencies, data sources.
///
/// The state given is the saved one. Applying this twice changes nothing.
pub fn refreshed(mut state: State, plan: &Plan) -> State {
    let mut moved = Vec::new();
    for change in plan.changes.iter().chain(&plan.drift) {
        let Some(previous) = &change.previous_address else { continue };
        let (from, to) = (ResourceKey::from(previous), ResourceKey::from(&change.address));
        let key = |address| ObjectKey {
            deposed: change.deposed.as_deref().map(str::to_owned),
            ..ObjectKey::from(address)
        };
        if let Some(object) = state.remove_object(&from, &key(previous)) {
            moved.push((to, key(&change.address), change.provider.to_string(), object));
        }
    }
    for (resource, key, provider, object) in moved {
        state.put_object(&resource, &provider, key, object);
    }
    let imports = plan.changes.iter().filter(|change| change.importing.is_some());
    let not_shown: BTreeSet<&ObjectName> = plan.missed.iter().collect();
    let mut left = Vec::new();
    for change in plan.drift.iter().chain(&plan.learned).chain(imports) {
        let resource = ResourceKey::from(&change.address);
        let key = ObjectKey {
            deposed: change.deposed.as_deref().map(str::to_owned),
            ..ObjectKey::from(&change.address)
        };
        let value = match (&change.change, change.importing.is_some()) {
            (Change::Delete { .. }, false) => {
                let name = ObjectName { address: change.address.clone(), deposed: change.deposed.clone() };
                if let Some(object) =
                    state.remove_object(&resource, &key).filter(|_| not_shown.contains(&name))
                {
                    left.push((name, change.provider.to_string(), object));
                }
                continue;
            }
            (change, false) => change.after(),
            (change, true) => change.before(),
        };
        let Some((value, resource_type)) = value.zip(prior::find_type(&change.address.resource)) else {
            continue;
        };
        let mut object = state.object(&resource, &key).cloned().unwrap_or_default();
        let pending = remembered::is_pending(&object);
        remembered::put_value(resource_type, value, pending, &mut object);
        state.put_object(&resource, &change.provider.to_string(), key, object);
    }
    missed::remember(&mut state, left, plan.made_at);
    for note in &plan.notes {
        let entry = state.resources.get_mut(&ResourceKey::from(&note.address));
        let object = entry.and_then(|entry| entry.objects.get_mut(&ObjectKey::from(&note.address)));
        if let Some(object) = object {
            object.dependencies.clone_from(&note.dependencies);
            object.create_before_destroy = note.create_before_destroy;
        }
    }
    for (resource, provider) in &plan.providers {
        state.set_provider(&ResourceKey::from(&resource.instance(None)), &provider.to_string());
    }
    for data in &plan.data {
        let (resource, key) = (ResourceKey::from(&data.address), ObjectKey::from(&data.address));
        match data.value.as_ref().zip(prior::find_type(&data.address.resource)) {
            Some((value, resource_type)) => {
                let mut object = state.object(&resource, &key).cloned().unwrap_or_default();
                remembered::put_value(resource_type, value, false, &mut object);
                state.put_object(&resource, &data.provider.to_string(), key, object);
            }
            None => {
                state.remove_object(&resource, &key);
            }
        }
    }
    state
}
