//! A plan, a summary and outputs as lines.

use super::super::json::tree::{Json, Members};
use super::super::json::{output_action, reason_word};
use super::line::resource;
use crate::apply::Summary;
use crate::plan::{Change, Plan, ResourceChange};
use crate::state::State;

/// Which run a summary ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// `plan`.
    Plan,
    /// `apply`.
    Apply,
    /// `destroy`.
    Destroy,
}

/// Returns the word for a change: `noop`, `create`, … `move`, `import`, `remove`.
pub fn change_action(change: &ResourceChange) -> &'static str {
    match &change.change {
        Change::NoOp { .. } if change.previous_address.is_some() => "move",
        Change::NoOp { .. } if change.importing.is_some() => "import",
        Change::NoOp { .. } => "noop",
        Change::Create { .. } => "create",
        Change::Read { .. } => "read",
        Change::Update { .. } => "update",
        Change::Replace { .. } => "replace",
        Change::Delete { .. } => "delete",
        Change::Forget { .. } => "remove",
    }
}

/// Returns the `change` member of a planned change or of drift.
pub fn change(change: &ResourceChange) -> Members {
    let reason = change.reason.map(reason_word).map(|word| match word.strip_prefix("replace_") {
        Some("by_triggers") => "by_triggers",
        Some("by_request") => "requested",
        Some(rest) => rest.strip_prefix("because_").unwrap_or(rest),
        None => word,
    });
    Members::new()
        .with("resource", resource(&change.address))
        .maybe("previous_resource", change.previous_address.as_ref().map(resource))
        .with("action", change_action(change))
        .maybe("reason", reason)
        .maybe("importing", change.importing.as_deref().map(|id| Members::new().with("id", id)))
        .maybe("generated_config", change.generated_config.as_deref())
}

/// Counts what a plan does. What is only forgotten is not counted.
pub fn count(changes: impl Iterator<Item = impl std::borrow::Borrow<ResourceChange>>) -> Summary {
    let mut summary = Summary::default();
    for change in changes {
        let change = change.borrow();
        summary.imported += usize::from(change.importing.is_some());
        match &change.change {
            Change::Create { .. } => summary.added += 1,
            Change::Update { .. } => summary.changed += 1,
            Change::Delete { .. } => summary.destroyed += 1,
            Change::Replace { .. } => {
                summary.added += 1;
                summary.destroyed += 1;
            }
            Change::NoOp { .. } | Change::Read { .. } | Change::Forget { .. } => {}
        }
    }
    summary
}

/// Returns message and members of a summary.
pub fn summary(summary: &Summary, operation: Operation) -> (String, Members) {
    let Summary { added, changed, destroyed, imported, .. } = *summary;
    let (word, message) = match operation {
        Operation::Plan => {
            let imported = if imported > 0 { format!("{imported} to import, ") } else { String::new() };
            let text =
                format!("Plan: {imported}{added} to add, {changed} to change, {destroyed} to destroy.");
            ("plan", text)
        }
        Operation::Apply => {
            let imported = if imported > 0 { format!("{imported} imported, ") } else { String::new() };
            let text = format!(
                "Apply complete! Resources: {imported}{added} added, {changed} changed, {destroyed} destroyed."
            );
            ("apply", text)
        }
        Operation::Destroy => ("destroy", format!("Destroy complete! Resources: {destroyed} destroyed.")),
    };
    let changes = Members::new()
        .with("add", added)
        .with("change", changed)
        .with("import", imported)
        .with("remove", destroyed)
        .with("operation", word);
    (message, Members::new().with("changes", changes))
}

/// Returns the outputs of a plan, with what happens to each.
pub fn planned_outputs(plan: &Plan) -> Members {
    let outputs = plan.outputs.iter().map(|(name, change)| {
        let action = match output_action(change) {
            "no-op" => "noop",
            other => other,
        };
        let entry = Members::new().with("sensitive", change.sensitive).with("action", action);
        (name.to_string(), entry.into())
    });
    outputs.collect()
}

/// Returns the outputs of a state; the values of sensitive ones are left out.
pub fn state_outputs(state: &State) -> Members {
    let outputs = state.outputs.iter().map(|(name, output)| {
        let value = (!output.sensitive).then(|| Json::Raw(output.value.as_str().to_owned()));
        let entry = Members::new()
            .with("sensitive", output.sensitive)
            .with("type", Json::Raw(output.value_type.as_str().to_owned()))
            .maybe("value", value);
        (name.clone(), entry.into())
    });
    outputs.collect()
}
