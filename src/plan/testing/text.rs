//! A plan as text, a line for each thing.

use std::fmt::Write as _;

use crate::diagnostic::{Diagnostics, Severity, Sources};
use crate::lang::{Path, PathStep, Value};

use super::super::Plan;
use super::super::change::{ActionReason, Change, CheckStatus, OutputChange, ReplaceOrder, ResourceChange};

/// Returns errors and warnings, sorted.
pub(super) fn findings(found: &Diagnostics, sources: &Sources) -> String {
    let mut lines: Vec<(bool, String, String, u32, String)> = found
        .iter()
        .map(|each| {
            let warning = each.severity == Severity::Warning;
            let (file, at, place) = match each.subject {
                Some(range) => {
                    let name = sources.name(range.source).to_string();
                    let line = sources.position(range.source, range.start).line;
                    (name.clone(), range.start, format!(" ({name}:{line})"))
                }
                None => (String::new(), 0, String::new()),
            };
            // The texts are Terraform's, but for the name of the program.
            let detail = each.detail.replace("Snapform", "Terraform").replace("snapform", "terraform");
            let detail: Vec<&str> = detail.split_whitespace().collect();
            let word = if warning { "warning" } else { "error" };
            let line = format!("{word}: {}{place} | {}", each.summary, detail.join(" "));
            (warning, each.summary.clone(), file, at, line)
        })
        .collect();
    lines.sort();
    hide_ids(&lines.into_iter().fold(String::new(), |text, (.., line)| text + &line + "\n"))
}

/// Returns everything that the plan says.
pub(super) fn plan(plan: &Plan) -> String {
    let mut text = String::new();
    for change in &plan.drift {
        let _ = writeln!(text, "drift {} {}", change.address, actions(&change.change));
    }
    for each in &plan.changes {
        let _ = writeln!(text, "{}", change(each));
    }
    for data in &plan.data {
        let verb = if data.value.is_some() { "remembers" } else { "forgets" };
        let _ = writeln!(text, "{verb} {}", data.address);
    }
    for (name, change) in &plan.outputs {
        let _ = writeln!(text, "{}", output(name, change));
    }
    for check in &plan.checks {
        let _ = writeln!(text, "check {} {}", check.address, status(check.status));
        for object in &check.objects {
            for problem in &object.problems {
                let _ = writeln!(text, "  {} {}: {problem}", object.address, status(object.status));
            }
        }
    }
    let mut relevant: Vec<String> = plan
        .relevant
        .iter()
        .map(|(resource, path)| format!("relevant {resource} {}", printed(path)))
        .collect();
    relevant.sort();
    for line in relevant {
        let _ = writeln!(text, "{line}");
    }
    if plan.errored {
        text.push_str("errored\n");
    } else if !plan.is_complete() {
        text.push_str("incomplete\n");
    }
    if !plan.is_applyable() {
        text.push_str("not applyable\n");
    }
    hide_ids(&text)
}

fn change(change: &ResourceChange) -> String {
    let mut line = change.address.to_string();
    if let Some(deposed) = &change.deposed {
        let _ = write!(line, " (deposed {deposed})");
    }
    let _ = write!(line, " {}", actions(&change.change));
    if let Some(reason) = change.reason {
        let _ = write!(line, " {}", word(reason));
    }
    if let Some(previous) = &change.previous_address {
        let _ = write!(line, " from {previous}");
    }
    if let Some(id) = &change.importing {
        let _ = write!(line, " importing {id}");
    }
    if !change.replace_paths.is_empty() {
        let mut paths: Vec<String> = change.replace_paths.iter().map(|path| printed(path)).collect();
        paths.sort();
        let _ = write!(line, " forced by {}", paths.join(", "));
    }
    let Some(after) = change.change.after() else { return line };
    if !matches!(change.change, Change::NoOp { .. }) {
        let members = after.members().into_iter().flatten();
        let shown: serde_json::Map<String, serde_json::Value> = members
            .filter(|(name, value)| &***name != "id" && !value.is_null() && value.is_known())
            .filter_map(|(name, value)| Some((name.to_string(), json(value)?)))
            .collect();
        let _ = write!(line, " {}", serde_json::Value::Object(shown));
        places(&mut line, "unknown", after, |value| !value.is_known());
    }
    places(&mut line, "sensitive", after, |value| value.marks.is_sensitive());
    line
}

fn output(name: &str, change: &OutputChange) -> String {
    let action = match (&change.before, &change.after) {
        (Some(_), None) => "delete",
        _ if !change.is_change() => "no-op",
        (None, _) => "create",
        _ => "update",
    };
    let mut line = format!("output {name} {action}");
    if change.sensitive && action != "delete" {
        line.push_str(" sensitive");
    }
    if let Some(after) = change.after.as_ref().filter(|_| action != "delete") {
        if !after.is_null()
            && let Some(json) = json(after)
        {
            let _ = write!(line, " {json}");
        }
        places(&mut line, "unknown", after, |value| !value.is_known());
    }
    line
}

fn actions(change: &Change) -> &'static str {
    match change {
        Change::NoOp { .. } => "no-op",
        Change::Create { .. } => "create",
        Change::Read { .. } => "read",
        Change::Update { .. } => "update",
        Change::Replace { order: ReplaceOrder::DeleteFirst, .. } => "delete/create",
        Change::Replace { order: ReplaceOrder::CreateFirst, .. } => "create/delete",
        Change::Delete { .. } => "delete",
        Change::Forget { .. } => "forget",
    }
}

fn status(status: CheckStatus) -> &'static str {
    match status {
        CheckStatus::Pass => "pass",
        CheckStatus::Fail => "fail",
        CheckStatus::Error => "error",
        CheckStatus::Unknown => "unknown",
    }
}

/// Returns the name of the variant as the JSON of plans spells it.
fn word(reason: ActionReason) -> String {
    let mut word = String::new();
    for letter in format!("{reason:?}").chars() {
        if letter.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(letter.to_lowercase());
    }
    word
}

/// Returns the known part as JSON; unknown members are left out, unknown elements are null.
fn json(value: &Value) -> Option<serde_json::Value> {
    if !value.is_known() {
        return None;
    }
    if let Some(members) = value.members() {
        let members = members.iter().filter_map(|(name, value)| Some((name.to_string(), json(value)?)));
        return Some(serde_json::Value::Object(members.collect()));
    }
    if let Some(elements) = value.elements() {
        let elements = elements.iter().map(|value| json(value).unwrap_or_default());
        return Some(serde_json::Value::Array(elements.collect()));
    }
    Some(crate::schema::saved::to_json(value, &value.type_of()))
}

fn places(line: &mut String, title: &str, value: &Value, wanted: impl Fn(&Value) -> bool) {
    fn walk(value: &Value, path: &mut Path, wanted: &dyn Fn(&Value) -> bool, found: &mut Vec<String>) {
        if wanted(value) {
            found.push(printed(path));
            return;
        }
        for (name, member) in value.members().into_iter().flatten() {
            path.push(PathStep::Attribute(name.clone()));
            walk(member, path, wanted, found);
            path.pop();
        }
        for (at, element) in value.elements().into_iter().flatten().enumerate() {
            path.push(PathStep::Index(at as u64));
            walk(element, path, wanted, found);
            path.pop();
        }
    }
    let mut found = Vec::new();
    walk(value, &mut Vec::new(), &wanted, &mut found);
    if !found.is_empty() {
        let _ = write!(line, " {title} {}", found.join(", "));
    }
}

fn printed(path: &[PathStep]) -> String {
    let mut text = String::new();
    for step in path {
        match step {
            PathStep::Attribute(name) if text.is_empty() => text.push_str(name),
            PathStep::Attribute(name) => {
                let _ = write!(text, ".{name}");
            }
            PathStep::Key(key) => {
                let _ = write!(text, "[{key:?}]");
            }
            PathStep::Index(at) => {
                let _ = write!(text, "[{at}]");
            }
        }
    }
    if text.is_empty() { ".".to_owned() } else { text }
}

/// Made-up ids differ from run to run; those of imports begin with `5b1b0c6e` and stay.
fn hide_ids(text: &str) -> String {
    let pattern = regex::Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    let hide = |found: &regex::Captures<'_>| match found[0].starts_with("5b1b0c6e") {
        true => found[0].to_owned(),
        false => "<id>".to_owned(),
    };
    pattern.replace_all(text, hide).into_owned()
}
