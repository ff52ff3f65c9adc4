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
        let before = change.change.before();
        if let Some(tag) = before.and_then(|before| protecting_tag(before, protect_tags)) {
            let detail = format!(
                "{} carries the tag {tag:?}, so it is never destroyed, and the plan calls for that. Take the tag off the object when its hold has ended, or change the configuration so that the object stays.",
                change.address
            );
            found.push(Diagnostic::error("Protected object", detail).about(&change.address));
        }
    }
    found
}

/// Returns the first of these tags (`key` or `key=value`) that an object carries.
pub fn protecting_tag<'a>(object: &Value, protecting: &'a [String]) -> Option<&'a str> {
    let tags = object.get("tags")?.unmarked_deep();
    let carries = |wanted: &&String| match wanted.split_once('=') {
        Some((key, value)) => tags.get(key).and_then(Value::as_str) == Some(value),
        None => tags.get(wanted.as_str()).is_some(),
    };
    protecting.iter().find(carries).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::address::{ModuleInstance, ModulePath, ProviderAddress, Resource};
    use crate::plan::ReplaceOrder;

    fn tagged(key: &str, value: &str) -> Value {
        Value::object([("tags", Value::object([(key, Value::from(value))]))])
    }

    fn plan(changes: Vec<Change>) -> Plan {
        let changes = changes.into_iter().enumerate().map(|(at, change)| ResourceChange {
            address: Resource::managed("t", format!("x{at}"))
                .in_module(&ModuleInstance::root())
                .instance(None),
            previous_address: None,
            deposed: None,
            provider: ProviderAddress { module: ModulePath::root(), source: "p".into(), alias: None },
            change,
            reason: None,
            replace_paths: Vec::new(),
            importing: None,
            generated_config: None,
            marker: None,
        });
        Plan { changes: changes.collect(), ..Plan::empty(jiff::Timestamp::UNIX_EPOCH) }
    }

    fn summaries(plan: &Plan, most: Option<usize>, tags: &[&str]) -> Vec<String> {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        check(plan, most, &tags).iter().map(|found| found.summary.clone()).collect()
    }

    #[test]
    fn deletes_and_replacements_count_as_destroyed_and_nothing_else_does() {
        let object = || tagged("a", "b");
        let plan = plan(vec![
            Change::Create { after: object() },
            Change::Delete { before: object() },
            Change::Replace { before: object(), after: object(), order: ReplaceOrder::CreateFirst },
            Change::Update { before: object(), after: object() },
            Change::Forget { before: object() },
        ]);
        assert_eq!(summaries(&plan, Some(2), &[]), [""; 0]);
        assert_eq!(summaries(&plan, Some(1), &[]), ["Too many objects to destroy"]);
        assert_eq!(summaries(&plan, None, &[]), [""; 0]);
    }

    #[test]
    fn an_object_with_a_protecting_tag_is_never_destroyed() {
        let delete = |key: &str, value: &str| plan(vec![Change::Delete { before: tagged(key, value) }]);
        let held = delete("legal-hold", "case 7");
        assert_eq!(summaries(&held, None, &["legal-hold"]), ["Protected object"]);
        assert_eq!(summaries(&held, None, &["legal-hold=case 7"]), ["Protected object"]);
        assert_eq!(summaries(&held, None, &["legal-hold=case 8", "other"]), [""; 0]);
        let update = Change::Update { before: tagged("legal-hold", "x"), after: tagged("legal-hold", "y") };
        assert_eq!(summaries(&plan(vec![update]), None, &["legal-hold"]), [""; 0]);
    }
}
