//! Objects as the state file has them: JSON by schema, sensitive paths beside it.
//!
//! What only snapform knows of a type (`ours_only`, and a `timeouts` block that the provider lacks) is kept
//! apart, because Terraform refuses attributes that the provider's schema does not have.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json, json};

use super::ResourceType;
use crate::lang::{Kind, Marks, Members, Number, ObjectType, Path, PathStep, Type, Value};

/// An object, ready to be saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The attributes that the official provider has, and only these.
    pub attributes: Json,
    /// The attributes that only snapform knows; none when there are none or all are null.
    pub ours: Option<Json>,
    /// The paths of sensitive values in the provider's attributes.
    pub sensitive: Vec<Path>,
    /// The paths of sensitive values in ours.
    pub ours_sensitive: Vec<Path>,
}

/// Returns an object as it is saved. What is unknown becomes null.
pub fn encode(resource_type: &ResourceType, object: &Value) -> Saved {
    let mut attributes = Map::new();
    let mut ours = Map::new();
    let Type::Object(shape) = resource_type.object_type() else {
        return Saved {
            attributes: Json::Null,
            ours: None,
            sensitive: Vec::new(),
            ours_sensitive: Vec::new(),
        };
    };
    let (mut sensitive, mut ours_sensitive) = (Vec::new(), Vec::new());
    for (name, ty) in &shape.attributes {
        let value = object.get(name);
        let encoded = value.map_or(Json::Null, |value| to_json(value, ty));
        let mut path = vec![PathStep::Attribute(name.clone())];
        let paths = if is_ours(resource_type, name) {
            if encoded.is_null() {
                continue;
            }
            ours.insert(name.to_string(), encoded);
            &mut ours_sensitive
        } else {
            attributes.insert(name.to_string(), encoded);
            &mut sensitive
        };
        if let Some(value) = value {
            collect_sensitive(value, &mut path, paths);
        }
    }
    let ours = (!ours.is_empty()).then_some(Json::Object(ours));
    Saved { attributes: Json::Object(attributes), ours, sensitive, ours_sensitive }
}

/// Returns the object that was saved. An attribute that is absent is null; one that the schema lacks is left out.
///
/// # Errors
///
/// A value does not have the type that the schema says; the text names the attribute.
pub fn decode(
    resource_type: &ResourceType,
    attributes: &Json,
    ours: Option<&Json>,
    sensitive: &[Path],
) -> Result<Value, String> {
    let Type::Object(shape) = resource_type.object_type() else {
        return Err(format!("{} has no schema", resource_type.name));
    };
    let mut members = Members::with_capacity(shape.attributes.len());
    for (name, ty) in &shape.attributes {
        let from = if is_ours(resource_type, name) { ours } else { Some(attributes) };
        let saved = from.and_then(|from| from.get(&**name)).unwrap_or(&Json::Null);
        let value = from_json(saved, ty).map_err(|why| format!("{name}: {why}"))?;
        members.insert(name.clone(), value);
    }
    let object = Value::from(Kind::Object(Arc::new(members)));
    Ok(sensitive.iter().fold(object, |object, path| mark(object, path)))
}

/// Returns the object that was saved, as [`decode`] does, from the text of its attributes. Most of them are plain texts and
/// nulls, which are read as they stand.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_text(
    resource_type: &ResourceType,
    attributes: &str,
    ours: Option<&Json>,
    sensitive: &[Path],
) -> Result<Value, String> {
    let Type::Object(shape) = resource_type.object_type() else {
        return Err(format!("{} has no schema", resource_type.name));
    };
    // What is no object has no attributes.
    let saved = serde_json::from_str::<RawMembers<'_>>(attributes).unwrap_or_default();
    let mut members = Members::with_capacity(shape.attributes.len());
    for (name, ty) in &shape.attributes {
        let value = match (is_ours(resource_type, name), saved.get(name)) {
            (true, _) => from_json(ours.and_then(|ours| ours.get(&**name)).unwrap_or(&Json::Null), ty),
            (false, Some(text)) => from_text(text, ty),
            (false, None) => Ok(Value::null(ty.clone())),
        };
        members.insert(name.clone(), value.map_err(|why| format!("{name}: {why}"))?);
    }
    let object = Value::from(Kind::Object(Arc::new(members)));
    Ok(sensitive.iter().fold(object, |object, path| mark(object, path)))
}

/// Returns the value of a JSON text that was saved under a type.
fn from_text(text: &str, ty: &Type) -> Result<Value, String> {
    let plain = |text: &str| -> bool { text.starts_with('"') && !text.contains('\\') };
    match ty {
        _ if text == "null" => return Ok(Value::null(ty.clone())),
        Type::String if plain(text) => return Ok(Value::string(text.trim_matches('"'))),
        Type::Dynamic => {
            if let Ok(members) = serde_json::from_str::<RawMembers<'_>>(text)
                && members.get("type") == Some("\"string\"")
                && let Some(value) = members.get("value")
            {
                return from_text(value, &Type::String);
            }
        }
        _ => {}
    }
    let saved: Json = serde_json::from_str(text).map_err(|error| error.to_string())?;
    from_json(&saved, ty)
}

/// The members of a JSON object as text.
#[derive(Default)]
struct RawMembers<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> RawMembers<'a> {
    /// Returns the text of a member; the last of several of one name counts.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.0.iter().rev().find(|(member, _)| member == name).map(|(_, raw)| raw.get())
    }
}

impl<'de> Deserialize<'de> for RawMembers<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A name, without a copy where it has no escapes.
        #[derive(Deserialize)]
        struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = RawMembers<'de>;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::with_capacity(8);
                while let Some((Name(name), raw)) = map.next_entry()? {
                    members.push((name, raw));
                }
                Ok(RawMembers(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

fn is_ours(resource_type: &ResourceType, name: &str) -> bool {
    if name == "timeouts" && !resource_type.timeouts.is_empty() {
        return resource_type.timeouts_ours_only;
    }
    resource_type.block.attribute(name).is_some_and(|attribute| attribute.ours_only)
}

/// Returns a value as JSON. `ty` is the type that the schema says: where it is `any`, the type is saved with the value.
pub fn to_json(value: &Value, ty: &Type) -> Json {
    if matches!(ty, Type::Dynamic) {
        return match &value.kind {
            Kind::Null(_) | Kind::Unknown(..) => Json::Null,
            _ => {
                let actual = value.type_of();
                json!({ "value": to_json(value, &actual), "type": type_to_json(&actual) })
            }
        };
    }
    let each = |items: &[Value], element: &Type| {
        Json::Array(items.iter().map(|item| to_json(item, element)).collect())
    };
    match (&value.kind, ty) {
        (Kind::Null(_) | Kind::Unknown(..), _) => Json::Null,
        (Kind::Bool(value), _) => Json::Bool(*value),
        (Kind::Number(number), _) => number_to_json(number),
        (Kind::String(text), _) => Json::String(text.to_string()),
        (Kind::List(_, items) | Kind::Set(_, items), Type::List(element) | Type::Set(element)) => {
            each(items, element)
        }
        (Kind::Tuple(items), Type::Tuple(elements)) => {
            let any = Type::Dynamic;
            let element = |at: usize| elements.get(at).unwrap_or(&any);
            Json::Array(items.iter().enumerate().map(|(at, item)| to_json(item, element(at))).collect())
        }
        (Kind::List(element, items) | Kind::Set(element, items), _) => each(items, element),
        (Kind::Tuple(items), _) => {
            Json::Array(items.iter().map(|item| to_json(item, &item.type_of())).collect())
        }
        (Kind::Map(_, members), Type::Map(element)) => Json::Object(
            members.iter().map(|(key, item)| (key.to_string(), to_json(item, element))).collect(),
        ),
        (Kind::Object(members), Type::Object(shape)) => Json::Object(
            shape
                .attributes
                .iter()
                .map(|(name, ty)| {
                    (name.to_string(), members.get(name).map_or(Json::Null, |item| to_json(item, ty)))
                })
                .collect(),
        ),
        (Kind::Map(_, members) | Kind::Object(members), _) => Json::Object(
            members.iter().map(|(key, item)| (key.to_string(), to_json(item, &item.type_of()))).collect(),
        ),
    }
}

fn number_to_json(number: &Number) -> Json {
    let text = number.to_string();
    serde_json::from_str(&text).unwrap_or(Json::String(text))
}

/// Returns the value that was saved under a type.
///
/// # Errors
///
/// The JSON does not have that type.
pub fn from_json(saved: &Json, ty: &Type) -> Result<Value, String> {
    let wrong = || format!("a {ty} is expected, but {} was saved", kind_of(saved));
    if saved.is_null() {
        return Ok(Value::null(ty.clone()));
    }
    Ok(match ty {
        Type::Dynamic => {
            let actual =
                saved.get("type").and_then(type_from_json).ok_or("a value without its type was saved")?;
            return from_json(saved.get("value").unwrap_or(&Json::Null), &actual);
        }
        Type::Bool => saved.as_bool().ok_or_else(wrong)?.into(),
        Type::Number => {
            // Older providers saved some numbers as strings; Terraform reads these too.
            let text = match saved {
                Json::Number(number) => number.to_string(),
                Json::String(text) => text.clone(),
                _ => return Err(wrong()),
            };
            number_from_text(&text).ok_or_else(wrong)?
        }
        Type::String => match saved {
            Json::String(text) => Value::string(text),
            Json::Number(number) => Value::string(number.to_string()),
            Json::Bool(value) => Value::string(value.to_string()),
            _ => return Err(wrong()),
        },
        Type::List(element) | Type::Set(element) => {
            let items = saved.as_array().ok_or_else(wrong)?;
            let items = items.iter().map(|item| from_json(item, element)).collect::<Result<Vec<_>, _>>()?;
            let (element, items) = ((**element).clone(), Arc::new(items));
            match ty {
                Type::List(_) => Kind::List(element, items),
                _ => Kind::Set(element, items),
            }
            .into()
        }
        Type::Tuple(elements) => {
            let items = saved.as_array().filter(|items| items.len() == elements.len()).ok_or_else(wrong)?;
            let items = items.iter().zip(elements.iter()).map(|(item, element)| from_json(item, element));
            Value::tuple(items.collect::<Result<Vec<_>, _>>()?)
        }
        Type::Map(element) => {
            let members = saved.as_object().ok_or_else(wrong)?;
            let members =
                members.iter().map(|(key, item)| Ok((Arc::from(key.as_str()), from_json(item, element)?)));
            Kind::Map((**element).clone(), Arc::new(members.collect::<Result<Members, String>>()?)).into()
        }
        Type::Object(shape) => {
            let members = saved.as_object().ok_or_else(wrong)?;
            let members = shape.attributes.iter().map(|(name, ty)| {
                let item = members.get(&**name).unwrap_or(&Json::Null);
                Ok((name.clone(), from_json(item, ty)?))
            });
            Kind::Object(Arc::new(members.collect::<Result<Members, String>>()?)).into()
        }
    })
}

fn number_from_text(text: &str) -> Option<Value> {
    Number::parse(text).map(|number| Kind::Number(number).into())
}

/// Returns the value of JSON that no schema describes: objects and tuples, as `jsondecode` makes them.
pub fn from_untyped_json(saved: &Json) -> Value {
    match saved {
        Json::Null => Value::null(Type::Dynamic),
        Json::Bool(value) => Value::from(*value),
        Json::Number(number) => {
            number_from_text(&number.to_string()).unwrap_or_else(|| Value::string(number.to_string()))
        }
        Json::String(text) => Value::string(text),
        Json::Array(items) => Value::tuple(items.iter().map(from_untyped_json).collect()),
        Json::Object(members) => {
            Value::object(members.iter().map(|(name, item)| (name.as_str(), from_untyped_json(item))))
        }
    }
}

fn kind_of(saved: &Json) -> &'static str {
    match saved {
        Json::Null => "null",
        Json::Bool(_) => "a bool",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

/// Returns a type as Terraform saves it: `"string"`, `["list","string"]`, `["object",{"a":"number"}]`.
pub fn type_to_json(ty: &Type) -> Json {
    match ty {
        Type::Dynamic => json!("dynamic"),
        Type::Bool => json!("bool"),
        Type::Number => json!("number"),
        Type::String => json!("string"),
        Type::List(element) => json!(["list", type_to_json(element)]),
        Type::Set(element) => json!(["set", type_to_json(element)]),
        Type::Map(element) => json!(["map", type_to_json(element)]),
        Type::Tuple(elements) => json!(["tuple", elements.iter().map(type_to_json).collect::<Vec<_>>()]),
        Type::Object(shape) => {
            let attributes: Map<String, Json> =
                shape.attributes.iter().map(|(name, ty)| (name.to_string(), type_to_json(ty))).collect();
            json!(["object", attributes])
        }
    }
}

/// Returns the type that was saved; nothing when the JSON is no type.
pub fn type_from_json(saved: &Json) -> Option<Type> {
    match saved {
        Json::String(name) => match name.as_str() {
            "dynamic" => Some(Type::Dynamic),
            "bool" => Some(Type::Bool),
            "number" => Some(Type::Number),
            "string" => Some(Type::String),
            _ => None,
        },
        Json::Array(parts) => match (parts.first()?.as_str()?, parts.get(1)?) {
            ("list", element) => Some(Type::list(type_from_json(element)?)),
            ("set", element) => Some(Type::set(type_from_json(element)?)),
            ("map", element) => Some(Type::map(type_from_json(element)?)),
            ("tuple", elements) => {
                let elements = elements.as_array()?.iter().map(type_from_json);
                Some(Type::tuple(elements.collect::<Option<Vec<_>>>()?))
            }
            ("object", attributes) => {
                let attributes = attributes.as_object()?.iter();
                let attributes = attributes
                    .map(|(name, ty)| Some((Arc::from(name.as_str()), type_from_json(ty)?)))
                    .collect::<Option<_>>()?;
                Some(Type::Object(Arc::new(ObjectType { attributes, optional: BTreeSet::new() })))
            }
            _ => None,
        },
        _ => None,
    }
}

/// Adds the paths of all sensitive values below `path`.
pub fn collect_sensitive(value: &Value, path: &mut Path, found: &mut Vec<Path>) {
    if value.marks.is_sensitive() {
        found.push(path.clone());
        return;
    }
    let mut below = |step: PathStep, item: &Value| {
        path.push(step);
        collect_sensitive(item, path, found);
        path.pop();
    };
    match &value.kind {
        Kind::List(_, items) | Kind::Tuple(items) => {
            items.iter().enumerate().for_each(|(at, item)| below(PathStep::Index(at as u64), item));
        }
        Kind::Map(_, members) => {
            members.iter().for_each(|(key, item)| below(PathStep::Key(key.clone()), item));
        }
        Kind::Object(members) => {
            members.iter().for_each(|(name, item)| below(PathStep::Attribute(name.clone()), item));
        }
        _ => {}
    }
}

/// Marks what a path leads to; the nearest value that is there when the path leads nowhere.
pub(crate) fn mark(value: Value, path: &[PathStep]) -> Value {
    let Some((step, rest)) = path.split_first() else { return value.sensitive() };
    let Value { mut kind, marks } = value;
    let found = match (&mut kind, step) {
        (Kind::List(_, items) | Kind::Tuple(items), PathStep::Index(at)) => {
            let place = usize::try_from(*at).ok().filter(|at| *at < items.len());
            place.map(|at| {
                let items = Arc::make_mut(items);
                items[at] = mark(items[at].clone(), rest);
            })
        }
        (Kind::Map(_, members) | Kind::Object(members), PathStep::Attribute(name) | PathStep::Key(name)) => {
            members.contains_key(name).then(|| {
                if let Some(member) = Arc::make_mut(members).get_mut(name) {
                    *member = mark(member.clone(), rest);
                }
            })
        }
        _ => None,
    };
    let marks = if found.is_some() { marks } else { marks | Marks::SENSITIVE };
    Value { kind, marks }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Attribute, Block, Presence, ProviderKind, Timeout};

    fn resource_type() -> ResourceType {
        ResourceType {
            name: "t",
            provider: ProviderKind::Alicloud,
            data: false,
            version: 0,
            block: Block {
                attributes: vec![
                    Attribute::new("id", Type::String, Presence::Computed, ""),
                    Attribute::new("size", Type::Number, Presence::Computed, ""),
                    Attribute::new("tags", Type::map(Type::String), Presence::Optional, ""),
                    Attribute::new("any", Type::Dynamic, Presence::Optional, ""),
                    Attribute::new("extra", Type::String, Presence::Computed, "").ours_only(),
                ],
                blocks: Vec::new(),
            },
            timeouts: &[Timeout { operation: "create", default_seconds: 60 }],
            timeouts_ours_only: true,
            rules: &[],
            plan_hook: None,
            description: "",
            object_type: Default::default(),
            key: Default::default(),
        }
    }

    #[test]
    fn an_object_reads_back_as_it_was_saved() {
        let timeouts = Value::object([("create", Value::from("5m"))]);
        let tags = [(Arc::from("a"), Value::from("b").sensitive())].into_iter().collect();
        let any = Value::tuple(vec![Value::from(1), Value::object([("x", Value::from(true))])]);
        let object = Value::object([
            ("id", Value::from("s-1")),
            ("size", Value::from(5)),
            ("tags", Kind::Map(Type::String, Arc::new(tags)).into()),
            ("any", any),
            ("extra", Value::from("usable")),
            ("timeouts", timeouts),
        ]);
        let saved = encode(&resource_type(), &object);
        assert!(saved.attributes.get("extra").is_none() && saved.attributes.get("timeouts").is_none());
        assert_eq!(
            saved.attributes["any"]["type"],
            json!(["tuple", ["number", ["object", { "x": "bool" }]]])
        );
        assert_eq!(saved.sensitive.len(), 1);
        let again =
            decode(&resource_type(), &saved.attributes, saved.ours.as_ref(), &saved.sensitive).unwrap();
        assert_eq!(again, object);
    }

    #[test]
    fn what_terraform_dropped_is_null() {
        let again = decode(&resource_type(), &json!({ "id": "s-1", "gone": 1 }), None, &[]).unwrap();
        assert!(again.get("extra").is_some_and(Value::is_null));
        assert!(again.get("gone").is_none());
    }

    #[test]
    fn a_saved_value_of_another_type_is_refused_and_named() {
        let error = decode(&resource_type(), &json!({ "tags": 3 }), None, &[]).unwrap_err();
        assert_eq!(error, "tags: a map(string) is expected, but a number was saved");
    }
}
