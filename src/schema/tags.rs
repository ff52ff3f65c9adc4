//! Tags: which of them the clouds' own services put on objects, beside those that a user declares.
//!
//! Nobody can take those away for good, and the services may refuse it, so they are never part of a plan.

use std::sync::Arc;

use crate::lang::{Kind, Marks, Members, Type, Value};

use super::ProviderKind;

/// The name of the attribute that holds the tags of an object.
pub const ATTRIBUTE: &str = "tags";

/// Returns how many tags the call that creates an object of a type takes; nothing where it takes all. What is beyond is set
/// once the object is there.
pub fn most_at_create(type_name: &str) -> Option<usize> {
    // CFS CreateCfsSnapshot: `TagKeyFilterLimitExceeded` beyond six keys.
    (type_name == "tencentcloud_cfs_snapshot").then_some(6)
}

/// Tells whether a new object has just those of the declared tags that the call which created it took.
pub fn are_those_of_create(type_name: &str, declared: &Value, has: &Value) -> bool {
    let (Some(most), Some(declared), Some(has)) =
        (most_at_create(type_name), declared.members(), has.members())
    else {
        return false;
    };
    declared.len() > most && has.len() == most && declared.iter().take(most).eq(has.iter())
}

/// Tells whether a key is one of those that the cloud sets itself.
pub fn is_of_the_cloud(provider: ProviderKind, key: &str) -> bool {
    let beginnings: &[&str] = match provider {
        ProviderKind::Alicloud => &["aliyun", "acs:"],
        ProviderKind::Tencentcloud => &["tencentcloud:", "qcs:"],
        ProviderKind::Terraform => &[],
    };
    beginnings.iter().any(|beginning| key.starts_with(beginning))
}

/// Returns the tags to plan: what is declared, with what the cloud put on the object itself and nobody declares.
pub fn with_those_of_the_cloud(provider: ProviderKind, declared: Value, before: Option<&Value>) -> Value {
    let Some(before) = before.and_then(Value::members) else { return declared };
    let own: Vec<_> = before.iter().filter(|(key, _)| is_of_the_cloud(provider, key)).collect();
    if own.is_empty() {
        return declared;
    }
    let mut members = match &declared.kind {
        Kind::Map(_, members) => (**members).clone(),
        // With nothing declared, the tags of the cloud are all there is.
        Kind::Null(_) => Members::new(),
        _ => return declared,
    };
    for (key, value) in own {
        if !members.contains_key(key) {
            members.insert(key.clone(), value.clone());
        }
    }
    Value { kind: Kind::Map(Type::String, Arc::new(members)), marks: declared.marks }
}

/// Returns the tags of an object without those that the cloud set and `declared` does not name.
pub fn without_those_of_the_cloud(provider: ProviderKind, tags: &Value, declared: &Value) -> Value {
    let is_declared = |key: &str| declared.members().is_some_and(|members| members.contains_key(key));
    let stays = |key: &str| !is_of_the_cloud(provider, key) || is_declared(key);
    match &tags.kind {
        Kind::Map(ty, members) if !members.keys().all(|key| stays(key)) => {
            let left = members.iter().filter(|(key, _)| stays(key));
            let left = left.map(|(key, value)| (key.clone(), value.clone())).collect();
            Value { kind: Kind::Map(ty.clone(), Arc::new(left)), marks: tags.marks }
        }
        _ => tags.clone(),
    }
}

/// Returns a map without the elements that are null: with the providers, that is how an element is left out.
pub fn without_null(value: Value) -> Value {
    match &value.kind {
        Kind::Map(ty, members) if members.values().any(Value::is_null) => {
            // Where the choice between null and a text is a secret, so is whether the element is there.
            let hidden = members.values().filter(|value| value.is_null());
            let marks = hidden.fold(value.marks, |marks: Marks, value| marks | value.marks);
            let left = members.iter().filter(|(_, value)| !value.is_null());
            let left = left.map(|(key, value)| (key.clone(), value.clone())).collect();
            Value { kind: Kind::Map(ty.clone(), Arc::new(left)), marks }
        }
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(pairs: &[(&str, Value)]) -> Value {
        let members = pairs.iter().map(|(key, value)| (Arc::from(*key), value.clone())).collect();
        Kind::Map(Type::String, Arc::new(members)).into()
    }

    #[test]
    fn null_elements_are_absent_and_a_secret_choice_stays_one() {
        let given = map(&[("a", Value::from("1")), ("b", Value::null(Type::String))]);
        assert_eq!(without_null(given), map(&[("a", Value::from("1"))]));
        let secret = map(&[("b", Value::null(Type::String).sensitive())]);
        assert_eq!(without_null(secret), map(&[]).sensitive());
    }

    #[test]
    fn tags_of_the_cloud_are_kept_unless_they_are_declared() {
        let provider = ProviderKind::Tencentcloud;
        let before =
            map(&[("qcs:x", Value::from("1")), ("tencentcloud:y", Value::from("2")), ("gone", "3".into())]);
        let declared = map(&[("qcs:x", Value::from("mine"))]);
        let planned = with_those_of_the_cloud(provider, declared.clone(), Some(&before));
        assert_eq!(planned, map(&[("qcs:x", Value::from("mine")), ("tencentcloud:y", Value::from("2"))]));
        assert_eq!(without_those_of_the_cloud(provider, &planned, &declared), declared);
        let nothing = with_those_of_the_cloud(provider, Value::null(Type::map(Type::String)), Some(&before));
        assert_eq!(nothing.members().map(Members::len), Some(2));
    }

    #[test]
    fn a_new_object_may_have_only_the_tags_that_its_create_took() {
        let all = |count: usize| {
            let keys: Vec<String> = (0..count).map(|at| format!("k{at}")).collect();
            map(&keys.iter().map(|key| (key.as_str(), Value::from("v"))).collect::<Vec<_>>())
        };
        let cfs = "tencentcloud_cfs_snapshot";
        assert!(are_those_of_create(cfs, &all(8), &all(6)));
        assert!(!are_those_of_create(cfs, &all(8), &all(5)) && !are_those_of_create(cfs, &all(6), &all(6)));
        assert!(!are_those_of_create("alicloud_ecs_snapshot", &all(8), &all(6)));
    }
}
