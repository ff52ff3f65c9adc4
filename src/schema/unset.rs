//! Arguments that nobody gave, as they read: the clouds do not tell an empty text from an absent one, and a refresh by the
//! official providers makes "" and `{}` of both.

use std::sync::Arc;

use super::ResourceType;
use crate::lang::{Kind, Type, Value};

/// Returns an object as it reads: what is null because nobody gave it is empty. Expressions, made objects and every refresh see
/// this one form; only the planned object itself keeps null, as Terraform has it.
pub fn as_read(resource_type: &ResourceType, object: Value) -> Value {
    let Kind::Object(members) = &object.kind else { return object };
    let unset = resource_type.block.attributes.iter().filter(|attribute| attribute.empty_when_unset);
    let mut changed = None;
    for attribute in unset {
        let Some(value) = members.get(attribute.name).filter(|value| value.is_null()) else { continue };
        let Some(empty) = empty(&attribute.ty) else { continue };
        let members = changed.get_or_insert_with(|| (**members).clone());
        members.insert(attribute.key.clone(), Value { kind: empty, marks: value.marks });
    }
    match changed {
        Some(members) => Value { kind: Kind::Object(Arc::new(members)), marks: object.marks },
        None => object,
    }
}

fn empty(ty: &Type) -> Option<Kind> {
    match ty {
        Type::String => Some(Value::string("").kind),
        Type::Map(element) => Some(Kind::Map((**element).clone(), Arc::default())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Marks;
    use crate::schema::types;

    #[test]
    fn what_nobody_gave_reads_as_empty_and_keeps_its_marks() {
        let hidden = Value::null(Type::String).with_marks(Marks::SENSITIVE);
        let object = Value::object([
            ("file_system_id", Value::null(Type::String)),
            ("snapshot_name", hidden),
            ("tags", Value::null(Type::map(Type::String))),
        ]);
        let read = as_read(types::resource("tencentcloud_cfs_snapshot").unwrap(), object);
        assert_eq!(read.get("snapshot_name"), Some(&Value::string("").with_marks(Marks::SENSITIVE)));
        assert_eq!(read.get("tags").and_then(Value::members).map(|members| members.len()), Some(0));
        assert!(read.get("file_system_id").unwrap().is_null(), "a parent is never nothing");
    }

    #[test]
    fn what_is_unknown_or_given_stays() {
        let object = Value::object([
            ("snapshot_name", Value::unknown(Type::String)),
            ("tags", Value::unknown(Type::map(Type::String))),
        ]);
        let read = as_read(types::resource("tencentcloud_cfs_snapshot").unwrap(), object.clone());
        assert_eq!(read, object);
    }
}
