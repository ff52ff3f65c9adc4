//! Values as plan files keep them: with types, unknown parts and marks.
//!
//! Strings, whole truth values, numbers and tuples are themselves in JSON; everything else is an object with one letter that
//! says what it is.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use crate::lang::refinement::{Lengths, Numbers, Refinement};
use crate::lang::{Kind, Marks, Members, Number, Value};
use crate::schema::saved::{type_from_json, type_to_json};

/// Returns a value as JSON.
pub fn to_json(value: &Value) -> Json {
    let plain = kind_to_json(&value.kind);
    let mut marks = Vec::new();
    if value.marks.is_sensitive() {
        marks.push("sensitive");
    }
    if value.marks.is_ephemeral() {
        marks.push("ephemeral");
    }
    if marks.is_empty() { plain } else { json!({"k": marks, "v": plain}) }
}

fn kind_to_json(kind: &Kind) -> Json {
    let items = |items: &[Value]| Json::Array(items.iter().map(to_json).collect());
    let members = |members: &Members| {
        Json::Object(members.iter().map(|(name, item)| (name.to_string(), to_json(item))).collect())
    };
    match kind {
        Kind::Null(ty) => json!({"n": type_to_json(ty)}),
        Kind::Unknown(ty, refinement) => {
            let mut object = Map::new();
            object.insert("u".into(), type_to_json(ty));
            refinement_to_json(refinement, &mut object);
            Json::Object(object)
        }
        Kind::Bool(value) => json!(value),
        Kind::Number(number) => {
            let text = number.to_string();
            let parsed: Option<serde_json::Number> = text.parse().ok();
            match parsed.filter(|parsed| parsed.to_string() == text) {
                Some(parsed) => Json::Number(parsed),
                None => json!({"f": text}),
            }
        }
        Kind::String(text) => json!(&**text),
        Kind::Tuple(list) => items(list),
        Kind::List(ty, list) => json!({"l": type_to_json(ty), "v": items(list)}),
        Kind::Set(ty, set) => json!({"s": type_to_json(ty), "v": items(set)}),
        Kind::Map(ty, map) => json!({"m": type_to_json(ty), "v": members(map)}),
        Kind::Object(object) => json!({"o": members(object)}),
    }
}

fn refinement_to_json(refinement: &Refinement, object: &mut Map<String, Json>) {
    if refinement.is_not_null() {
        object.insert("set".into(), json!(true));
    }
    if !refinement.prefix().is_empty() {
        object.insert("prefix".into(), json!(refinement.prefix()));
    }
    let lengths = refinement.lengths();
    if lengths != Lengths::default() {
        object.insert("lengths".into(), json!([lengths.least, lengths.most]));
    }
    let numbers = refinement.numbers();
    if numbers != Numbers::default() {
        let text = |number: Option<Number>| number.map(|number| number.to_string());
        object.insert("numbers".into(), json!([text(numbers.least), text(numbers.most)]));
    }
}

fn refinement_from_json(object: &Map<String, Json>) -> Option<Refinement> {
    let refinement = Refinement::NONE.or_not_null(object.contains_key("set"));
    if let Some(prefix) = object.get("prefix") {
        return Some(refinement.with_prefix(prefix.as_str()?));
    }
    if let Some(lengths) = object.get("lengths") {
        let (least, most) = serde_json::from_value(lengths.clone()).ok()?;
        return Some(refinement.with_lengths(Lengths { least, most }));
    }
    if let Some(numbers) = object.get("numbers") {
        let [least, most]: [Option<String>; 2] = serde_json::from_value(numbers.clone()).ok()?;
        let number = |text: Option<String>| text.map(|text| Number::parse(&text).ok_or(())).transpose().ok();
        return Some(refinement.with_numbers(Numbers { least: number(least)?, most: number(most)? }));
    }
    Some(refinement)
}

/// Returns the value of JSON that [`to_json`] made; nothing when it is none.
pub fn from_json(json: &Json) -> Option<Value> {
    let kind = match json {
        Json::Bool(value) => Kind::Bool(*value),
        Json::Number(number) => Kind::Number(Number::parse(&number.to_string())?),
        Json::String(text) => return Some(Value::string(text)),
        Json::Array(items) => Kind::Tuple(Arc::new(items.iter().map(from_json).collect::<Option<_>>()?)),
        Json::Object(object) => return from_object(object),
        Json::Null => return None,
    };
    Some(kind.into())
}

fn from_object(object: &Map<String, Json>) -> Option<Value> {
    let items = || -> Option<Vec<Value>> { object.get("v")?.as_array()?.iter().map(from_json).collect() };
    let members = |json: &Json| -> Option<Members> {
        json.as_object()?.iter().map(|(name, item)| Some((name.as_str().into(), from_json(item)?))).collect()
    };
    let ty = |letter: &str| object.get(letter).map(type_from_json);
    if let Some(marks) = object.get("k") {
        let mut value = from_json(object.get("v")?)?;
        for mark in marks.as_array()? {
            value.marks |= match mark.as_str()? {
                "sensitive" => Marks::SENSITIVE,
                "ephemeral" => Marks::EPHEMERAL,
                _ => return None,
            };
        }
        return Some(value);
    }
    let kind = if let Some(ty) = ty("n") {
        Kind::Null(ty?)
    } else if let Some(ty) = ty("u") {
        Kind::Unknown(ty?, refinement_from_json(object)?)
    } else if let Some(ty) = ty("l") {
        Kind::List(ty?, Arc::new(items()?))
    } else if let Some(ty) = ty("s") {
        Kind::Set(ty?, Arc::new(items()?))
    } else if let Some(ty) = ty("m") {
        Kind::Map(ty?, Arc::new(members(object.get("v")?)?))
    } else if let Some(inner) = object.get("o") {
        Kind::Object(Arc::new(members(inner)?))
    } else {
        Kind::Number(Number::parse(object.get("f")?.as_str()?)?)
    };
    Some(kind.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::Type;

    #[test]
    fn every_kind_of_value_reads_back_equal() {
        let big = Number::parse("12345678901234567890.125").unwrap();
        let values = [
            Value::null(Type::map(Type::String)),
            Value::unknown(Type::list(Type::Number)),
            Value::refined(Type::String, Refinement::NOT_NULL.with_prefix("s-")),
            Value::refined(
                Type::list(Type::Bool),
                Refinement::NOT_NULL.with_lengths(Lengths { least: 1, most: Some(3) }),
            ),
            Value::refined(
                Type::Number,
                Refinement::NONE.with_numbers(Numbers { least: Number::parse("-0.5"), most: None }),
            ),
            Value::from(true),
            Kind::Number(big).into(),
            Value::from(-7),
            Value::from("text").sensitive(),
            Value::tuple(vec![Value::from(1), Value::from("a")]),
            Kind::List(Type::String, Arc::new(vec![Value::from("a")])).into(),
            Kind::Set(Type::String, Arc::new(Vec::new())).into(),
            Kind::Map(Type::Bool, Arc::new([("k".into(), Value::from(false))].into_iter().collect())).into(),
            Value::object([
                ("k", Value::from("x")),
                ("v", Value::from("y")),
                ("o", Value::null(Type::Dynamic)),
            ]),
        ];
        for value in values {
            let json = to_json(&value);
            assert_eq!(from_json(&json), Some(value), "{json}");
        }
    }

    #[test]
    fn foreign_json_is_refused() {
        for text in ["null", "{}", "{\"l\": 1}", "{\"k\": [\"x\"], \"v\": 1}"] {
            let json: Json = serde_json::from_str(text).unwrap();
            assert_eq!(from_json(&json), None, "{text}");
        }
    }
}
