//! `resource_changes`, `resource_drift` and `output_changes`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::instance::{Parts, divide, identity, ours_member};
use super::tree::{Json, Members};
use super::value::{known, path, sensitive_shape, unknown_shape};
use crate::lang::address::Mode;
use crate::lang::{Path, Value};
use crate::plan::{ActionReason, Change, OutputChange, Plan, PlanMode, ReplaceOrder, ResourceChange};

/// Returns the drift that Terraform shows: objects that only moved are told by the changes, save in a refresh-only plan.
pub fn shown_drift(plan: &Plan) -> impl Iterator<Item = &ResourceChange> {
    let refresh_only = plan.mode == PlanMode::RefreshOnly;
    plan.drift.iter().filter(move |change| refresh_only || !matches!(change.change, Change::NoOp { .. }))
}

/// Returns the changes that Terraform shows: dropping a data source from the state is nothing to people.
pub fn shown_changes(plan: &Plan) -> impl Iterator<Item = &ResourceChange> {
    plan.changes.iter().filter(|change| {
        change.address.resource.mode == Mode::Managed || !matches!(change.change, Change::Delete { .. })
    })
}

/// Returns one entry per change.
pub fn resource_changes<'a>(changes: impl Iterator<Item = &'a ResourceChange>) -> Vec<Members> {
    changes.map(resource_change).collect()
}

fn resource_change(change: &ResourceChange) -> Members {
    let module = (!change.address.module.is_root()).then(|| change.address.module.to_string());
    let members = Members::new()
        .with("address", change.address.to_string())
        .maybe("previous_address", change.told_previous_address().map(ToString::to_string))
        .maybe("module_address", module);
    let before = change.change.before().map(|object| divide(&change.address, object));
    let after = change.change.after().map(|object| divide(&change.address, object));
    let part = |parts: &Option<Parts>| ours_member(parts.as_ref().and_then(|parts| parts.ours.as_ref()));
    let ours = Members::new().maybe("before", part(&before)).maybe("after", part(&after));
    identity(members, &change.address, &change.provider.source)
        .maybe("deposed", change.deposed.as_deref())
        .with(
            "change",
            object_change(change, before.map(|parts| parts.theirs), after.map(|parts| parts.theirs)),
        )
        .maybe("action_reason", change.reason.map(reason_word))
        .maybe("snapform", ours.non_empty())
}

fn object_change(change: &ResourceChange, before: Option<Value>, after: Option<Value>) -> Members {
    let side = |value: &Option<Value>| value.as_ref().map_or(Some(Json::Null), known);
    let sensitive = |value: &Option<Value>| value.as_ref().map_or(Json::Bool(false), sensitive_shape);
    let unknown = after.as_ref().filter(|value| !value.is_wholly_known()).map(unknown_shape);
    let replaces = matches!(change.change, Change::Replace { .. }) && !change.replace_paths.is_empty();
    Members::new()
        .with("actions", actions(&change.change))
        .maybe("before", side(&before))
        .maybe("after", side(&after))
        .with("after_unknown", unknown.unwrap_or_else(|| Members::new().into()))
        .with("before_sensitive", sensitive(&before))
        .with("after_sensitive", sensitive(&after))
        .maybe("replace_paths", replaces.then(|| replace_paths(&change.replace_paths)))
        .maybe("importing", change.importing.as_deref().map(|id| Members::new().with("id", id)))
        .maybe("generated_config", change.generated_config.as_deref())
}

fn replace_paths(paths: &[Path]) -> Json {
    let mut paths: Vec<&Path> = paths.iter().collect();
    paths.sort();
    Json::List(paths.into_iter().map(path).collect())
}

fn actions(change: &Change) -> Vec<&'static str> {
    match change {
        Change::NoOp { .. } => vec!["no-op"],
        Change::Create { .. } => vec!["create"],
        Change::Read { .. } => vec!["read"],
        Change::Update { .. } => vec!["update"],
        Change::Replace { order: ReplaceOrder::DeleteFirst, .. } => vec!["delete", "create"],
        Change::Replace { order: ReplaceOrder::CreateFirst, .. } => vec!["create", "delete"],
        Change::Delete { .. } => vec!["delete"],
        Change::Forget { .. } => vec!["forget"],
    }
}

/// Returns the word for a reason.
pub fn reason_word(reason: ActionReason) -> &'static str {
    match reason {
        ActionReason::ReplaceBecauseTainted => "replace_because_tainted",
        ActionReason::ReplaceBecauseCannotUpdate => "replace_because_cannot_update",
        ActionReason::ReplaceByRequest => "replace_by_request",
        ActionReason::ReplaceByTriggers => "replace_by_triggers",
        ActionReason::DeleteBecauseNoResourceConfig => "delete_because_no_resource_config",
        ActionReason::DeleteBecauseWrongRepetition => "delete_because_wrong_repetition",
        ActionReason::DeleteBecauseCountIndex => "delete_because_count_index",
        ActionReason::DeleteBecauseEachKey => "delete_because_each_key",
        ActionReason::DeleteBecauseNoModule => "delete_because_no_module",
        ActionReason::DeleteBecauseNoMoveTarget => "delete_because_no_move_target",
        ActionReason::ReadBecauseConfigUnknown => "read_because_config_unknown",
        ActionReason::ReadBecauseDependencyPending => "read_because_dependency_pending",
        ActionReason::ReadBecauseCheckNested => "read_because_check_nested",
    }
}

/// Returns the word for what happens to an output.
pub fn output_action(change: &OutputChange) -> &'static str {
    match (&change.before, &change.after) {
        _ if !change.is_change() => "no-op",
        (None, _) => "create",
        (_, None) => "delete",
        _ => "update",
    }
}

/// Returns one member per output.
pub fn output_changes(changes: &BTreeMap<Arc<str>, OutputChange>) -> Members {
    changes.iter().map(|(name, change)| (name.to_string(), output_change(change).into())).collect()
}

fn output_change(change: &OutputChange) -> Members {
    let side = |value: &Option<Value>| value.as_ref().map_or(Some(Json::Null), known);
    let unknown = change.after.as_ref().filter(|value| !value.is_wholly_known()).map(unknown_shape);
    Members::new()
        .with("actions", vec![output_action(change)])
        .maybe("before", side(&change.before))
        .maybe("after", side(&change.after))
        .with("after_unknown", unknown.unwrap_or(Json::Bool(false)))
        .with("before_sensitive", change.sensitive)
        .with("after_sensitive", change.sensitive)
}
