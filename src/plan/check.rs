//! What must hold of every finished plan, whatever it was made from.
//!
//! The planner examines its own plans with it before anybody sees them, and so do the tests: a plan that breaks one of these
//! rules is a bug, and is refused rather than carried out.

use std::collections::BTreeSet;

use super::Plan;
use super::change::{Change, ResourceChange};
use super::options::PlanMode;
use super::step::StepAction;

/// Returns what is wrong with a plan, a sentence for each; nothing for a sound one.
pub fn check(plan: &Plan) -> Vec<String> {
    let mut wrong = Vec::new();
    objects(&plan.changes, "changes", &mut wrong);
    objects(&plan.drift, "drift", &mut wrong);
    for change in &plan.changes {
        if let Some(sentence) = unsound(change) {
            wrong.push(format!("{} {sentence}", change.address));
        }
        if plan.mode == PlanMode::Destroy && change.change.after().is_some() {
            wrong.push(format!("{} stays although everything is destroyed", change.address));
        }
    }
    if plan.mode == PlanMode::RefreshOnly && !plan.changes.is_empty() {
        wrong.push("a refresh-only plan changes objects".to_owned());
    }
    steps(plan, &mut wrong);
    wrong
}

fn objects(changes: &[ResourceChange], list: &str, wrong: &mut Vec<String>) {
    for pair in changes.windows(2) {
        let [a, b] = pair else { continue };
        match (&a.address, &a.deposed).cmp(&(&b.address, &b.deposed)) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal => wrong.push(format!("{} stands twice in the {list}", a.address)),
            std::cmp::Ordering::Greater => {
                wrong.push(format!("{} stands in the {list} before {}", a.address, b.address));
            }
        }
    }
}

fn unsound(change: &ResourceChange) -> Option<&'static str> {
    let known = change.change.before().is_none_or(crate::lang::Value::is_wholly_known);
    if !known {
        return Some("has an unknown value before the change");
    }
    if change.deposed.is_some() && !matches!(change.change, Change::Delete { .. } | Change::Forget { .. }) {
        return Some("is deposed, and yet does not end");
    }
    let makes = matches!(change.change, Change::Create { .. } | Change::Replace { .. });
    if makes != change.marker.is_some() {
        return Some("has a marker without being created, or is created without one");
    }
    if !change.replace_paths.is_empty() && !matches!(change.change, Change::Replace { .. }) {
        return Some("says what forces its replacement, and is not replaced");
    }
    if matches!(change.change, Change::Replace { .. }) && change.reason.is_none() {
        return Some("is replaced without a reason");
    }
    None
}

fn steps(plan: &Plan, wrong: &mut Vec<String>) {
    let mut made = BTreeSet::new();
    let mut ended = BTreeSet::new();
    for (at, step) in plan.steps.iter().enumerate() {
        if step.after.iter().any(|first| *first >= at) {
            wrong.push(format!("step {at} waits for a step behind it"));
        }
        let (seen, change) = match &step.action {
            StepAction::Create { change }
            | StepAction::Update { change }
            | StepAction::Read { change }
            | StepAction::Record { change } => (&mut made, *change),
            StepAction::Delete { change } => (&mut ended, *change),
            StepAction::Evaluate { .. } => continue,
        };
        if change >= plan.changes.len() {
            wrong.push(format!("step {at} belongs to no change"));
        }
        if !seen.insert(change) {
            wrong.push(format!("step {at} does what another step does"));
        }
    }
    if plan.errored {
        return;
    }
    for (at, change) in plan.changes.iter().enumerate() {
        let (makes, ends) = match change.change {
            Change::Replace { .. } => (true, true),
            Change::Delete { .. } => (false, true),
            _ => (change.is_change(), false),
        };
        if made.contains(&at) != makes || ended.contains(&at) != ends {
            wrong.push(format!("the steps of {} are not those of its change", change.address));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Value;
    use crate::lang::address::{ModuleInstance, ModulePath, ProviderAddress, Resource};
    use crate::plan::Step;

    fn plan(names: &[&str]) -> Plan {
        let change = |name: &&str| ResourceChange {
            address: Resource::managed("t", *name).in_module(&ModuleInstance::root()).instance(None),
            previous_address: None,
            deposed: None,
            provider: ProviderAddress { module: ModulePath::root(), source: "p".into(), alias: None },
            change: Change::Create { after: Value::object([("id", Value::from("x"))]) },
            reason: None,
            replace_paths: Vec::new(),
            importing: None,
            generated_config: None,
            marker: Some("m".into()),
        };
        let changes: Vec<ResourceChange> = names.iter().map(change).collect();
        let steps = (0..changes.len())
            .map(|change| Step { action: StepAction::Create { change }, after: Vec::new() })
            .collect();
        Plan { changes, steps, ..Plan::empty(jiff::Timestamp::UNIX_EPOCH) }
    }

    #[test]
    fn a_sound_plan_passes() {
        assert_eq!(check(&plan(&["a", "b"])), [""; 0]);
    }

    #[test]
    fn an_object_stands_once_and_in_order() {
        assert_eq!(check(&plan(&["a", "a"])), ["t.a stands twice in the changes"]);
        assert_eq!(check(&plan(&["b", "a"])), ["t.b stands in the changes before t.a"]);
    }

    #[test]
    fn every_change_has_its_steps() {
        let mut plan = plan(&["a"]);
        plan.steps.clear();
        assert_eq!(check(&plan), ["the steps of t.a are not those of its change"]);
    }

    #[test]
    fn a_step_waits_for_earlier_ones_only() {
        let mut plan = plan(&["a"]);
        plan.steps[0].after.push(0);
        assert_eq!(check(&plan), ["step 0 waits for a step behind it"]);
    }
}
