//! Values in plan files: everything is kept, also what is unknown and how values are marked.
//!
//! Plain values look like plain JSON, so that a plan file can be read: strings, truth values, numbers,
//! arrays (of tuples) and `null` (of unknown type). All others are objects whose first letter is `$`:
//!
//! ```text
//! {"$object": {…}}  {"$list": [type, […]]}  {"$set": [type, […]]}  {"$map": [type, {…}]}  {"$null": type}
//! {"$unknown": type, "not_null": true, "prefix": "…"}  {"$marked": value, "marks": ["sensitive"]}
//! ```
//!
//! Types are written as in state files: `"string"`, `["list", "string"]`.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::marks::Marks;
use super::number::Number;
use super::types::{ObjectType, Type};
use super::value::{Kind, Members, Refinement, Value};

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        to_saved(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        from_saved(&json).ok_or_else(|| D::Error::custom(format!("{json} is not a saved value")))
    }
}

impl Serialize for Type {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        type_to_saved(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Type {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Json::deserialize(deserializer)?;
        type_from_saved(&json).ok_or_else(|| D::Error::custom(format!("{json} is not a type")))
    }
}

fn one(name: &str, value: Json) -> Map<String, Json> {
    Map::from_iter([(name.to_owned(), value)])
}

fn to_saved(value: &Value) -> Json {
    let plain = kind_to_saved(&value.kind);
    if value.marks.is_empty() {
        return plain;
    }
    let mut marks = Vec::new();
    if value.marks.is_sensitive() {
        marks.push(Json::from("sensitive"));
    }
    if value.marks.is_ephemeral() {
        marks.push(Json::from("ephemeral"));
    }
    let mut saved = one("$marked", plain);
    saved.insert("marks".to_owned(), Json::Array(marks));
    Json::Object(saved)
}

fn kind_to_saved(kind: &Kind) -> Json {
    let items = |items: &[Value]| Json::Array(items.iter().map(to_saved).collect());
    let members = |members: &Members| {
        Json::Object(members.iter().map(|(name, member)| (name.to_string(), to_saved(member))).collect())
    };
    let typed = |name: &str, ty: &Type, content: Json| {
        Json::Object(one(name, Json::Array(vec![type_to_saved(ty), content])))
    };
    match kind {
        Kind::Null(Type::Dynamic) => Json::Null,
        Kind::Null(ty) => Json::Object(one("$null", type_to_saved(ty))),
        Kind::Unknown(ty, refinement) => {
            let mut saved = one("$unknown", type_to_saved(ty));
            if refinement.not_null {
                saved.insert("not_null".to_owned(), Json::Bool(true));
            }
            if let Some(prefix) = &refinement.prefix {
                saved.insert("prefix".to_owned(), Json::from(&**prefix));
            }
            Json::Object(saved)
        }
        Kind::Bool(value) => Json::Bool(*value),
        Kind::Number(number) => {
            let text = number.to_string();
            match serde_json::from_str::<serde_json::Number>(&text) {
                Ok(number) => Json::Number(number),
                // JSON has no infinity and no sign on zero's integer form that every reader keeps.
                Err(_) => Json::Object(one("$number", Json::from(text))),
            }
        }
        Kind::String(text) => Json::from(&**text),
        Kind::List(ty, list) => typed("$list", ty, items(list)),
        Kind::Set(ty, set) => typed("$set", ty, items(set)),
        Kind::Map(ty, map) => typed("$map", ty, members(map)),
        Kind::Tuple(tuple) => items(tuple),
        Kind::Object(object) => Json::Object(one("$object", members(object))),
    }
}

fn from_saved(json: &Json) -> Option<Value> {
    let saved = match json {
        Json::Null => return Some(Value::null(Type::Dynamic)),
        Json::Bool(value) => return Some((*value).into()),
        Json::Number(number) => return Some(Kind::Number(Number::parse(number.as_str())?).into()),
        Json::String(text) => return Some(Kind::String(text.as_str().into()).into()),
        Json::Array(_) => return Some(Value::tuple(items_from_saved(json)?)),
        Json::Object(saved) => saved,
    };
    let typed = |name: &str| match saved.get(name)?.as_array()?.as_slice() {
        [ty, content] => Some((type_from_saved(ty)?, content.clone())),
        _ => None,
    };
    if let Some(inner) = saved.get("$marked") {
        let mut value = from_saved(inner)?;
        for mark in saved.get("marks")?.as_array()? {
            value.marks |= match mark.as_str()? {
                "sensitive" => Marks::SENSITIVE,
                "ephemeral" => Marks::EPHEMERAL,
                _ => return None,
            };
        }
        return Some(value);
    }
    let kind = if let Some(ty) = saved.get("$null") {
        Kind::Null(type_from_saved(ty)?)
    } else if let Some(ty) = saved.get("$unknown") {
        let not_null = saved.get("not_null").and_then(Json::as_bool).unwrap_or(false);
        let prefix = saved.get("prefix").and_then(Json::as_str).map(Arc::from);
        Kind::Unknown(type_from_saved(ty)?, Refinement { not_null, prefix })
    } else if let Some(text) = saved.get("$number") {
        Kind::Number(Number::parse(text.as_str()?)?)
    } else if let Some((ty, content)) = typed("$list") {
        Kind::List(ty, Arc::new(items_from_saved(&content)?))
    } else if let Some((ty, content)) = typed("$set") {
        Kind::Set(ty, Arc::new(items_from_saved(&content)?))
    } else if let Some((ty, content)) = typed("$map") {
        Kind::Map(ty, Arc::new(members_from_saved(&content)?))
    } else {
        Kind::Object(Arc::new(members_from_saved(saved.get("$object")?)?))
    };
    Some(kind.into())
}

fn items_from_saved(json: &Json) -> Option<Vec<Value>> {
    json.as_array()?.iter().map(from_saved).collect()
}

fn members_from_saved(json: &Json) -> Option<Members> {
    json.as_object()?.iter().map(|(name, member)| Some((name.as_str().into(), from_saved(member)?))).collect()
}

fn type_to_saved(ty: &Type) -> Json {
    let of = |name: &str, inner: Json| Json::Array(vec![Json::from(name), inner]);
    match ty {
        Type::Dynamic => Json::from("dynamic"),
        Type::Bool => Json::from("bool"),
        Type::Number => Json::from("number"),
        Type::String => Json::from("string"),
        Type::List(element) => of("list", type_to_saved(element)),
        Type::Set(element) => of("set", type_to_saved(element)),
        Type::Map(element) => of("map", type_to_saved(element)),
        Type::Tuple(items) => of("tuple", Json::Array(items.iter().map(type_to_saved).collect())),
        Type::Object(object) => {
            let attributes = object.attributes.iter().map(|(name, ty)| (name.to_string(), type_to_saved(ty)));
            let mut saved = vec![Json::from("object"), Json::Object(attributes.collect())];
            if !object.optional.is_empty() {
                saved.push(Json::Array(object.optional.iter().map(|name| Json::from(&**name)).collect()));
            }
            Json::Array(saved)
        }
    }
}

fn type_from_saved(json: &Json) -> Option<Type> {
    if let Some(word) = json.as_str() {
        return match word {
            "dynamic" => Some(Type::Dynamic),
            "bool" => Some(Type::Bool),
            "number" => Some(Type::Number),
            "string" => Some(Type::String),
            _ => None,
        };
    }
    let parts = json.as_array()?;
    let inner = parts.get(1)?;
    match parts.first()?.as_str()? {
        "list" => Some(Type::list(type_from_saved(inner)?)),
        "set" => Some(Type::set(type_from_saved(inner)?)),
        "map" => Some(Type::map(type_from_saved(inner)?)),
        "tuple" => {
            let items: Option<Vec<Type>> = inner.as_array()?.iter().map(type_from_saved).collect();
            Some(Type::tuple(items?))
        }
        "object" => {
            let attributes: Option<_> = inner
                .as_object()?
                .iter()
                .map(|(name, ty)| Some((name.as_str().into(), type_from_saved(ty)?)))
                .collect();
            let optional: Option<_> = match parts.get(2) {
                Some(names) => names.as_array()?.iter().map(|name| Some(name.as_str()?.into())).collect(),
                None => Some(Default::default()),
            };
            Some(Type::Object(Arc::new(ObjectType { attributes: attributes?, optional: optional? })))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_value_reads_back_the_same() {
        let refinement = Refinement { not_null: true, prefix: Some("s-".into()) };
        let number = |text: &str| Value::from(Kind::Number(Number::parse(text).expect(text)));
        let value = Value::object([
            ("unknown", Kind::Unknown(Type::String, refinement).into()),
            ("sensitive", Value::string("secret").sensitive()),
            ("deep", Value::list(Type::String, vec![Value::string("a").with_marks(Marks::EPHEMERAL)])),
            ("set", Value::set(Type::Number, vec![number("2"), number("1")])),
            ("map", Value::map(Type::Bool, [("k", Value::null(Type::Bool))])),
            ("tuple", Value::tuple(vec![Value::null(Type::Dynamic), true.into(), Value::string("$x")])),
            ("large", number("12345678901234567890.5")),
            ("infinite", number("inf")),
            ("$object", Value::object([("$marked", Value::from(1))])),
        ]);
        let text = serde_json::to_string(&value).expect("to be saved");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("to be read"), value, "{text}");
    }

    #[test]
    fn what_is_no_saved_value_is_refused() {
        for text in
            ["{}", "{\"$list\":[\"string\"]}", "{\"$null\":\"text\"}", "{\"$marked\":1,\"marks\":[\"x\"]}"]
        {
            assert!(serde_json::from_str::<Value>(text).is_err(), "{text}");
        }
    }
}
