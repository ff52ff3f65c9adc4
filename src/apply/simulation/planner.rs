//! A planner of the smallest kind, for simulated runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cloud::{Cloud, Dice, uuid};
use crate::apply::kind::kind_of;
use crate::apply::testing::{address, cbs_type, cfs_type, data_type, ecs_type, planned, tcaplus_type};
use crate::cloud::Life;
use crate::lang::address::{Address, ModulePath, ProviderAddress};
use crate::lang::{Kind, Value};
use crate::plan::{
    Change, Plan, PlanMode, ReplaceOrder, ResourceChange, Step, StepAction, prior, remembered,
};
use crate::schema::ResourceType;
use crate::state::{ObjectKey, ResourceKey, State, intent::INTENT_TYPE};

/// What is declared: an address, its type, its object to be, and what it waits for.
#[derive(Clone)]
pub(super) struct Desired {
    pub(super) address: Address,
    pub(super) resource_type: &'static ResourceType,
    pub(super) object: Value,
    pub(super) after: Vec<usize>,
}

pub(super) fn declare(dice: &Dice) -> Vec<Desired> {
    let count = 6 + dice.below(18) as usize;
    (0..count)
        .map(|at| {
            let (resource_type, parent, name) = match dice.below(6) {
                0 => {
                    (ecs_type(), format!("d-{}", dice.below(3)), dice.one_in(2).then(|| "nightly".to_owned()))
                }
                1 => (ecs_type(), format!("d-{}", dice.below(3)), Some("same".to_owned())),
                2 => (
                    cbs_type(),
                    format!("disk-{}", dice.below(3)),
                    (!dice.one_in(4)).then(|| "same".to_owned()),
                ),
                3 => (cfs_type(), format!("cfs-{}", dice.below(3)), Some(format!("n-{}", dice.below(2)))),
                4 => (tcaplus_type(), format!("c:g:t{}", dice.below(2)), Some(format!("point-{at}"))),
                _ => (data_type(), String::new(), None),
            };
            let after =
                if at > 0 && dice.one_in(3) { vec![dice.below(at as u64) as usize] } else { Vec::new() };
            Desired {
                address: address(resource_type.name, &format!("r{at}")),
                resource_type,
                object: planned(resource_type, &parent, name.as_deref()),
                after,
            }
        })
        .collect()
}

/// Puts points of somebody else beside what is declared: on a parent of ours, and on another one.
pub(super) fn strangers(cloud: &Cloud) {
    for (resource_type, parent, name) in [
        (ecs_type(), "d-1", "precious"),
        (ecs_type(), "d-9", "same"),
        (cbs_type(), "disk-9", "same"),
        (cbs_type(), "disk-1", "precious"),
        (cfs_type(), "cfs-9", "n-1"),
    ] {
        let object = planned(resource_type, parent, Some(name));
        cloud.stranger(resource_type, &format!("{}-{parent}-{name}", resource_type.name), &object);
    }
}

pub(super) fn change_for(address: &Address, change: Change, marker: Option<Arc<str>>) -> ResourceChange {
    ResourceChange {
        address: address.clone(),
        previous_address: None,
        deposed: None,
        provider: ProviderAddress { module: ModulePath::root(), source: "p/p/p".into(), alias: None },
        change,
        reason: None,
        replace_paths: Vec::new(),
        importing: None,
        generated_config: None,
        marker,
    }
}

/// A planner of the smallest kind: create what is missing, replace what is tainted, rename, delete what is not declared.
pub(super) fn plan(desired: &[Desired], state: &mut State, cloud: &Cloud, dice: &Dice) -> Plan {
    refresh(state, cloud);
    let (mut changes, mut steps) = (Vec::new(), Vec::new());
    let mut forward: BTreeMap<usize, usize> = BTreeMap::new();
    let marker = || Some(Arc::from(uuid(dice).to_string()));
    for (at, wanted) in desired.iter().enumerate() {
        let change = changes.len();
        let object = state.object(&ResourceKey::from(&wanted.address), &ObjectKey::from(&wanted.address));
        let after: Vec<usize> = wanted.after.iter().filter_map(|at| forward.get(at).copied()).collect();
        let value =
            object.map(|object| (remembered::value_of(wanted.resource_type, object).expect("fits"), object));
        match value {
            None => {
                changes.push(change_for(
                    &wanted.address,
                    Change::Create { after: wanted.object.clone() },
                    marker(),
                ));
                forward.insert(at, steps.len());
                steps.push(Step { action: StepAction::Create { change }, after });
            }
            Some((before, object)) if object.tainted => {
                let keyed = kind_of(wanted.resource_type.name).key.is_some();
                let order = if keyed || dice.one_in(2) {
                    ReplaceOrder::DeleteFirst
                } else {
                    ReplaceOrder::CreateFirst
                };
                let after_value = wanted.object.clone();
                changes.push(change_for(
                    &wanted.address,
                    Change::Replace { before, after: after_value, order },
                    marker(),
                ));
                let (create, delete) = (StepAction::Create { change }, StepAction::Delete { change });
                if order == ReplaceOrder::DeleteFirst {
                    steps.push(Step { action: delete, after: Vec::new() });
                    let delete = steps.len() - 1;
                    forward.insert(at, steps.len());
                    steps.push(Step { action: create, after: after.into_iter().chain([delete]).collect() });
                } else {
                    forward.insert(at, steps.len());
                    steps.push(Step { action: create, after });
                    let create = steps.len() - 1;
                    steps.push(Step { action: delete, after: vec![create] });
                }
            }
            Some((before, _)) => {
                let name =
                    wanted.object.get("snapshot_name").filter(|_| wanted.resource_type.name.contains("cfs"));
                if let Some(name) = name.filter(|name| before.get("snapshot_name") != Some(name)) {
                    let mut members = before.members().cloned().expect("an object");
                    members.insert("snapshot_name".into(), name.clone());
                    let after = Kind::Object(Arc::new(members)).into();
                    changes.push(change_for(&wanted.address, Change::Update { before, after }, None));
                    steps.push(Step { action: StepAction::Update { change }, after: Vec::new() });
                } else {
                    changes.push(change_for(&wanted.address, Change::NoOp { object: before }, None));
                }
            }
        }
    }
    for (key, _, object_key, object) in state.objects() {
        let address = key.instance_address(object_key);
        let declared = desired.iter().any(|wanted| wanted.address == address);
        if key.resource_type == INTENT_TYPE || (declared && object_key.deposed.is_none()) {
            continue;
        }
        let Some(resource_type) = prior::find_type(&address.resource) else { continue };
        let before = remembered::value_of(resource_type, object).expect("fits");
        let mut change = change_for(&address, Change::Delete { before }, None);
        change.deposed = object_key.deposed.as_deref().map(Arc::from);
        steps.push(Step { action: StepAction::Delete { change: changes.len() }, after: Vec::new() });
        changes.push(change);
    }
    Plan {
        mode: PlanMode::Normal,
        made_at: cloud.now(),
        variables: BTreeMap::new(),
        drift: Vec::new(),
        learned: Vec::new(),
        missed: Vec::new(),
        changes,
        outputs: BTreeMap::new(),
        checks: Vec::new(),
        steps,
        data: Vec::new(),
        notes: Vec::new(),
        providers: Vec::new(),
        relevant: Vec::new(),
        targets: Vec::new(),
        excludes: Vec::new(),
        errored: false,
    }
}

/// Brings a state up to date with what the cloud really has; the caller has let the settle time pass.
pub(super) fn refresh(state: &mut State, cloud: &Cloud) {
    let world = cloud.world();
    let names: Vec<(ResourceKey, ObjectKey, String)> = state
        .objects()
        .filter(|(key, ..)| key.resource_type != INTENT_TYPE && key.resource_type != "terraform_data")
        .filter_map(|(key, _, name, object)| Some((key.clone(), name.clone(), object.id()?)))
        .collect();
    for (key, name, id) in names {
        let address = key.instance_address(&name);
        let Some(resource_type) = prior::find_type(&address.resource) else { continue };
        let shown = world.things.get(id.as_str()).and_then(|thing| cloud.shown(&id.as_str().into(), thing));
        match shown.filter(|object| object.life != Life::Leaving) {
            Some(found) => {
                let Some(entry) =
                    state.resources.get_mut(&key).and_then(|entry| entry.objects.get_mut(&name))
                else {
                    continue;
                };
                let pending = matches!(found.life, Life::Pending(_));
                remembered::put_value(resource_type, &found.value, pending, entry);
                entry.tainted |= matches!(found.life, Life::Failed(_));
            }
            None => {
                state.remove_object(&key, &name);
            }
        }
    }
}
