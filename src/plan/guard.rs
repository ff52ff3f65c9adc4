//! Plans that are refused although they could be carried out: too many destroys, protected objects.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::Value;

use super::Plan;
use super::change::{Change, ResourceChange};

/// Returns what speaks against a plan.
///
/// `max_destroy` is the most objects that it may destroy; an object with one of the `protect_tags` (`key` or `key=value`) is
/// never destroyed.
pub fn check(plan: &Plan, max_destroy: Option<usize>, protect_tags: &[String]) -> Diagnostics {
    let mut found = Diagnostics::new();
    let destroyed: Vec<&ResourceChange> = plan
        .changes
        .iter()
        .filter(|change| matches!(change.change, Change::Delete { .. } | Change::Replace { .. }))
        .collect();
    if let Some(limit) = max_destroy
        && destroyed.len() > limit
    {
        found.push(Diagnostic::error(
            "Too many objects to destroy",
            format!(
                "The plan destroys {} objects, and -max-destroy allows {limit}. Nothing is done. Review the plan; if it is meant so, raise the limit or leave the option out.",
                destroyed.len()
            ),
        ));
    }
    for change in destroyed {
        let tags = change.change.before().and_then(|before| before.get("tags"));
        let protecting = protect_tags.iter().find(|tag| tags.is_some_and(|tags| carries(tags, tag)));
        if let Some(tag) = protecting {
            let detail = format!(
                "{} carries the tag {tag:?}, so it is never destroyed, and the plan calls for that. Take the tag off the object when its hold has ended, or change the configuration so that the object stays.",
                change.address
            );
            found.push(Diagnostic::error("Protected object", detail).about(&change.address));
        }
    }
    found
}

/// Tells whether tags have a key, or a key with a value.
fn carries(tags: &Value, wanted: &str) -> bool {
    let tags = tags.unmarked_deep();
    match wanted.split_once('=') {
        Some((key, value)) => tags.get(key).and_then(Value::as_str) == Some(value),
        None => tags.get(wanted).is_some(),
    }
}
