//! Between objects as values and objects as the state keeps them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::{Map, Value as Json, json};

use super::change::OutputChange;
use crate::lang::{Kind, Type, Value};
use crate::schema::{ResourceType, saved};
use crate::state::model::{SNAPFORM_FORMAT, paths_of_json, paths_to_json};
use crate::state::{Object, Output, RawJson, State};

/// Where and when we made an object. Empty for objects that others made or whose state somebody else rewrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The account id; empty when it is not known.
    pub account: Arc<str>,
    /// The region id; empty when it is not known.
    pub region: Arc<str>,
    /// When the cloud accepted it.
    pub accepted: Option<Timestamp>,
}

impl Origin {
    fn of(ours: &Json, texts: &mut Texts) -> Origin {
        let text = |name: &str| ours.get(name).and_then(Json::as_str);
        let mut shared = |name: &str| {
            let text = text(name).unwrap_or_default();
            texts.get(text).cloned().unwrap_or_else(|| {
                let text: Arc<str> = text.into();
                texts.insert(text.clone());
                text
            })
        };
        Origin {
            account: shared("account"),
            region: shared("region"),
            accepted: text("accepted").and_then(|time| time.parse().ok()),
        }
    }
}

/// Returns the value of a remembered object.
///
/// # Errors
///
/// What was saved does not fit the schema; the text names the attribute.
pub fn value_of(resource_type: &ResourceType, object: &Object) -> Result<Value, String> {
    value_beside(resource_type, object, ours_of(object)?.as_ref())
}

/// Returns the value and the origin of a remembered object.
///
/// # Errors
///
/// As [`value_of`].
pub fn value_and_origin(
    resource_type: &ResourceType,
    object: &Object,
    texts: &mut Texts,
) -> Result<(Value, Origin), String> {
    let ours = ours_of(object)?;
    let value = value_beside(resource_type, object, ours.as_ref())?;
    Ok((value, ours.map_or_else(Origin::default, |ours| Origin::of(&ours, texts))))
}

/// Texts that many objects have, kept once.
pub type Texts = BTreeSet<Arc<str>>;

fn ours_of(object: &Object) -> Result<Option<Json>, String> {
    object.snapform.as_ref().map(RawJson::to_value).transpose().map_err(|error| error.to_string())
}

fn value_beside(resource_type: &ResourceType, object: &Object, ours: Option<&Json>) -> Result<Value, String> {
    let mut sensitive = object.sensitive_paths();
    if let Some(paths) = ours.and_then(|ours| ours.get("sensitive_attributes")) {
        sensitive.extend(paths_of_json(&RawJson::from_value(paths)));
    }
    let ours = ours.and_then(|ours| ours.get("attributes"));
    let attributes = object.attributes.as_ref().map_or("null", RawJson::as_str);
    saved::decode_text(resource_type, attributes, ours, &sensitive)
}

/// Puts a value into a remembered object; what else the object holds stays, its origin too, but for the pending mark.
pub fn put_value(resource_type: &ResourceType, value: &Value, pending: bool, object: &mut Object) {
    let origin = origin_of(object);
    put_made(resource_type, value, pending, &origin, object);
}

/// Puts a value and where it comes from into a remembered object.
pub fn put_made(
    resource_type: &ResourceType,
    value: &Value,
    pending: bool,
    origin: &Origin,
    object: &mut Object,
) {
    let encoded = saved::encode(resource_type, value);
    object.schema_version = resource_type.version;
    object.attributes = Some(attributes_json(resource_type, &encoded.attributes));
    object.attributes_flat = None;
    object.set_sensitive_paths(&encoded.sensitive);
    let mut ours = Map::new();
    if let Some(attributes) = encoded.ours {
        ours.insert("attributes".to_owned(), attributes);
    }
    if !encoded.ours_sensitive.is_empty() {
        let paths = paths_to_json(&encoded.ours_sensitive).to_value().unwrap_or_default();
        ours.insert("sensitive_attributes".to_owned(), paths);
    }
    if pending {
        ours.insert("pending".to_owned(), json!(true));
    }
    for (name, text) in [("account", &origin.account), ("region", &origin.region)] {
        if !text.is_empty() {
            ours.insert(name.to_owned(), json!(&**text));
        }
    }
    if let Some(accepted) = origin.accepted {
        ours.insert("accepted".to_owned(), json!(accepted.to_string()));
    }
    if !ours.is_empty() {
        ours.insert("format".to_owned(), json!(SNAPFORM_FORMAT));
    }
    object.snapform = (!ours.is_empty()).then(|| RawJson::from_value(&Json::Object(ours)));
}

/// Returns attributes as the state has them: where the type is saved with the value, the value comes first, as Terraform
/// writes it.
fn attributes_json(resource_type: &ResourceType, attributes: &Json) -> RawJson {
    let (Json::Object(members), Type::Object(shape)) = (attributes, resource_type.object_type()) else {
        return RawJson::from_value(attributes);
    };
    let is_typed = |ty: &Type| matches!(ty, Type::Dynamic);
    if !shape.attributes.values().any(is_typed) {
        return RawJson::from_value(attributes);
    }
    let member = |(name, value): (&String, &Json)| {
        let typed = shape.attributes.get(name.as_str()).is_some_and(is_typed);
        let text = match value.get("value").zip(value.get("type")) {
            Some((inner, ty)) if typed => {
                format!(r#"{{"value":{},"type":{}}}"#, RawJson::from_value(inner), RawJson::from_value(ty))
            }
            _ => RawJson::from_value(value).to_string(),
        };
        format!("{}:{text}", RawJson::from_value(&Json::String(name.clone())))
    };
    let members: Vec<String> = members.iter().map(member).collect();
    RawJson::parse(&format!("{{{}}}", members.join(","))).unwrap_or_else(|_| RawJson::from_value(attributes))
}

/// Returns an output value as the state keeps it.
pub fn output_of(value: &Value, sensitive: bool) -> Output {
    let ty = value.type_of();
    Output {
        value: RawJson::from_value(&saved::to_json(value, &ty)),
        value_type: RawJson::from_value(&saved::type_to_json(&ty)),
        sensitive,
        extra: IndexMap::new(),
    }
}

/// Returns the value of a saved output. A sensitive one is not marked here: whoever shows it decides.
///
/// # Errors
/// The value is not of the type that was saved with it.
pub fn output_value(output: &Output) -> Result<Value, String> {
    let json = output.value.to_value().map_err(|error| error.to_string())?;
    let ty = output.value_type.to_value().ok().and_then(|ty| saved::type_from_json(&ty));
    ty.map_or_else(|| Ok(saved::from_untyped_json(&json)), |ty| saved::from_json(&json, &ty))
}

/// Notes the outputs of a plan whose values are known already.
pub fn put_known_outputs(outputs: &BTreeMap<Arc<str>, OutputChange>, state: &mut State) {
    for (name, change) in outputs {
        match &change.after {
            Some(after) if after.is_null() => {
                state.outputs.remove(&**name);
            }
            Some(after) if after.is_wholly_known() => {
                let sensitive = after.deep_marks().is_sensitive();
                state.outputs.insert(name.to_string(), output_of(after, sensitive));
            }
            _ => {}
        }
    }
}

/// Tells whether the object was accepted by a cloud, but not yet usable, when it was saved.
pub fn is_pending(object: &Object) -> bool {
    let ours = object.snapform.as_ref().and_then(|ours| ours.to_value().ok());
    ours.is_some_and(|ours| ours.get("pending") == Some(&Json::Bool(true)))
}

/// Returns where and when we made the object, as far as it was saved.
pub fn origin_of(object: &Object) -> Origin {
    let ours = ours_of(object).ok().flatten();
    ours.map_or_else(Origin::default, |ours| Origin::of(&ours, &mut Texts::new()))
}

/// Returns the value with null for everything unknown, and with the id: what is remembered of an object that a cloud has
/// just taken and not shown yet.
pub fn accepted_value(planned: &Value, id: &str) -> Value {
    let known = planned.unknown_as_null();
    let Kind::Object(members) = &known.kind else { return known };
    let mut members = (**members).clone();
    members.insert(Arc::from("id"), Value::string(id));
    Value { kind: Kind::Object(Arc::new(members)), marks: known.marks }
}
