//! Values as plan and state documents show them: what is known, what is unknown, what is sensitive.

use super::tree::{Json, Members};
use crate::lang::{Kind, Path, PathStep, Type, Value};

/// Returns the known part of a value. Unknown attributes and elements of maps are left out, unknown elements of lists are
/// null, so that positions stay; there is nothing when all is unknown.
pub fn known(value: &Value) -> Option<Json> {
    let list =
        |items: &[Value]| Json::List(items.iter().map(|item| known(item).unwrap_or(Json::Null)).collect());
    Some(match &value.kind {
        Kind::Unknown(..) => return None,
        Kind::Null(_) => Json::Null,
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Number(number) => Json::Number(number.to_string()),
        Kind::String(text) => Json::Text(text.to_string()),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => list(items),
        Kind::Map(_, members) | Kind::Object(members) => {
            let known = members.iter().filter_map(|(name, item)| Some((name.to_string(), known(item)?)));
            Json::Object(known.collect())
        }
    })
}

/// Returns the shape of what is unknown: `true` there, `false` for known elements of lists, nothing for known attributes.
pub fn unknown_shape(value: &Value) -> Json {
    match &value.kind {
        Kind::Unknown(..) => Json::Bool(true),
        Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => Json::Bool(false),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            Json::List(items.iter().map(unknown_shape).collect())
        }
        Kind::Map(_, members) | Kind::Object(members) => {
            truths(members.iter().map(|(name, item)| (name.to_string(), unknown_shape(item))))
        }
    }
}

/// Returns the shape of what is sensitive, in the same way. What is unknown has the shape of its type.
pub fn sensitive_shape(value: &Value) -> Json {
    if value.marks.is_sensitive() {
        return Json::Bool(true);
    }
    match &value.kind {
        Kind::Unknown(Type::List(_) | Type::Set(_) | Type::Tuple(_), _) => Json::List(Vec::new()),
        Kind::Unknown(Type::Map(_) | Type::Object(_), _) => Json::Object(Members::new()),
        Kind::Unknown(..) | Kind::Null(_) | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
            Json::Bool(false)
        }
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            Json::List(items.iter().map(sensitive_shape).collect())
        }
        Kind::Map(_, members) | Kind::Object(members) => {
            truths(members.iter().map(|(name, item)| (name.to_string(), sensitive_shape(item))))
        }
    }
}

fn truths(members: impl Iterator<Item = (String, Json)>) -> Json {
    Json::Object(members.filter(|(_, shape)| *shape != Json::Bool(false)).collect())
}

/// Returns a path: names and keys as texts, indices as numbers.
pub fn path(path: &Path) -> Json {
    Json::List(
        path.iter()
            .map(|step| match step {
                PathStep::Attribute(name) | PathStep::Key(name) => Json::from(&**name),
                PathStep::Index(index) => Json::from(*index),
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value() -> Value {
        Value::object([
            ("id", Value::unknown(Type::String)),
            ("list", Value::tuple(vec![Value::unknown(Type::String), Value::from("k").sensitive()])),
            ("none", Value::null(Type::String)),
            ("object", Value::object([("a", Value::from(1))])),
            ("output", Value::unknown(Type::object([("a", Type::Number)]))),
        ])
    }

    #[test]
    fn unknown_attributes_are_left_out_and_unknown_elements_keep_their_place() {
        let known = known(&value()).map(|json| json.to_string());
        assert_eq!(known.as_deref(), Some(r#"{"list":[null,"k"],"none":null,"object":{"a":1}}"#));
    }

    #[test]
    fn shapes_hold_truth_where_something_is_unknown_or_sensitive() {
        let unknown = unknown_shape(&value()).to_string();
        assert_eq!(unknown, r#"{"id":true,"list":[true,false],"object":{},"output":true}"#);
        let sensitive = sensitive_shape(&value()).to_string();
        assert_eq!(sensitive, r#"{"list":[false,true],"object":{},"output":{}}"#);
    }
}
