//! Carries a plan out in memory.

use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::lang::address::Address;
use crate::lang::{Kind, Type, Value};
use crate::schema::saved;
use crate::state::{ObjectKey, Output, RawJson, ResourceKey, State};

use super::super::change::{Change, ReplaceOrder, ResourceChange};
use super::super::planner::Planned;
use super::super::resolve::{Resolved, Resolver};
use super::super::step::StepAction;
use super::put;

/// Brings the state to what the plan says, making up what a cloud would compute.
pub(super) fn carry_out(planned: Planned<'_>, state: &mut State) -> Result<(), Diagnostics> {
    let Planned { plan, walk, .. } = planned;
    let plan = Arc::new(plan);
    before_the_steps(state, &plan);
    let mut resolver = Resolver::new(walk, plan.clone());
    for (at, step) in plan.steps.iter().enumerate() {
        let resolved = resolver.prepare(at)?;
        let change = match &step.action {
            StepAction::Create { change } | StepAction::Update { change } | StepAction::Read { change } => {
                &plan.changes[*change]
            }
            StepAction::Delete { change } | StepAction::Record { change } => {
                ended(state, &plan.changes[*change]);
                continue;
            }
            StepAction::Evaluate { .. } => continue,
        };
        let value = match resolved {
            Resolved::Object(value) => made_up(&change.address, &value),
            Resolved::Query(config) => {
                let resource_type = super::find_type(&change.address.resource).unwrap();
                let mut value = resource_type.block.null_object();
                for (name, given) in config.members().into_iter().flatten() {
                    value = super::overlay_value(&value, name, given.clone());
                }
                super::overlay_value(&value, "id", Value::from("read"))
            }
            Resolved::Provider(..) | Resolved::Evaluated => continue,
        };
        put(state, &change.address, &change.provider.to_string(), &value);
        let (dependencies, create_before_destroy) = resolver.companion(at);
        let object = state
            .resources
            .get_mut(&ResourceKey::from(&change.address))
            .and_then(|resource| resource.objects.get_mut(&ObjectKey::from(&change.address)));
        if let Some(object) = object {
            object.dependencies = dependencies;
            object.create_before_destroy = create_before_destroy;
        }
        resolver.record(at, Some(&value))?;
    }
    let conclusion = resolver.conclude();
    state.outputs = conclusion
        .outputs
        .iter()
        .map(|(name, (value, sensitive))| {
            let ty = value.type_of();
            let output = Output {
                value: RawJson::from_value(&saved::to_json(value, &ty)),
                value_type: RawJson::from_value(&saved::type_to_json(&ty)),
                sensitive: *sensitive,
                extra: Default::default(),
            };
            (name.to_string(), output)
        })
        .collect();
    if conclusion.found.has_errors() { Err(conclusion.found) } else { Ok(()) }
}

/// Moves, drift, imports and what was read while planning.
fn before_the_steps(state: &mut State, plan: &super::super::Plan) {
    let mut moved = Vec::new();
    for change in plan.changes.iter().chain(&plan.drift) {
        let Some(previous) = &change.previous_address else { continue };
        if let Some(object) = state.remove_object(&previous.into(), &previous.into()) {
            moved.push((change, object));
        }
    }
    for (change, object) in moved {
        let address = &change.address;
        state.put_object(&address.into(), &change.provider.to_string(), address.into(), object);
    }
    for change in plan.drift.iter().chain(&plan.learned) {
        match change.change.after() {
            Some(value) => {
                put(state, &change.address, &change.provider.to_string(), value);
            }
            None => {
                state.remove_object(&(&change.address).into(), &object_key(change));
            }
        }
    }
    for (resource, provider) in &plan.providers {
        state.set_provider(&(&resource.instance(None)).into(), &provider.to_string());
    }
    for data in &plan.data {
        match &data.value {
            Some(value) => {
                put(state, &data.address, &data.provider.to_string(), value);
            }
            None => {
                state.remove_object(&(&data.address).into(), &(&data.address).into());
            }
        }
    }
    for change in plan.changes.iter().filter(|change| change.importing.is_some()) {
        if let Some(value) = change.change.before() {
            put(state, &change.address, &change.provider.to_string(), value);
        }
    }
}

fn object_key(change: &ResourceChange) -> ObjectKey {
    ObjectKey { deposed: change.deposed.as_deref().map(str::to_owned), ..ObjectKey::from(&change.address) }
}

fn ended(state: &mut State, change: &ResourceChange) {
    match &change.change {
        Change::Replace { order: ReplaceOrder::CreateFirst, .. } | Change::NoOp { .. } => {}
        _ => {
            state.remove_object(&(&change.address).into(), &object_key(change));
        }
    }
}

/// Returns an object with made-up values for everything unknown.
fn made_up(address: &Address, value: &Value) -> Value {
    let members = value.members().into_iter().flatten().map(|(name, member)| {
        let known = match &**name {
            "id" if !member.is_known() => {
                let id = uuid::Uuid::new_v4();
                Value::string(id.to_string())
            }
            "output" if &*address.resource.type_name == "terraform_data" => {
                value.get("input").map_or_else(|| Value::null(Type::Dynamic), Value::unmarked_deep)
            }
            _ => known(member),
        };
        (name.clone(), known)
    });
    Value::object(members)
}

fn known(value: &Value) -> Value {
    match &value.kind {
        Kind::Unknown(Type::String, _) => Value::from("made-up"),
        Kind::Unknown(Type::Number, _) => Value::from(1),
        Kind::Unknown(Type::Bool, _) => Value::from(false),
        Kind::Unknown(ty, _) => Value::null(ty.clone()),
        _ => value.clone(),
    }
}
