//! Conversion of values between types.
//!
//! [`convert`] gives a value the type that somebody asks for; [`unify`] finds the one type that several
//! values can all have. Both follow Terraform's rules; what does not fit is told by [`mismatch`].

mod mismatch;
mod unify;

use std::fmt;
use std::sync::Arc;

use super::marks::Marks;
use super::members::Members;
use super::number::Number;
use super::path::{Path, PathStep};
use super::refinement::{Lengths, Refinement};
use super::types::{ObjectType, Type};
use super::value::{Kind, Value};

pub use mismatch::mismatch;
pub use unify::unify;

/// Why a value cannot have a type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvertError {
    /// The part of the value that does not fit.
    pub path: Path,
    /// What is required there, such as "a number is required".
    pub message: String,
}

impl ConvertError {
    fn new(message: impl Into<String>) -> Self {
        Self { path: Path::new(), message: message.into() }
    }

    fn within(mut self, step: PathStep) -> Self {
        self.path.insert(0, step);
        self
    }
}

/// Prints the path, if there is one, and the message.
impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.path {
            match step {
                PathStep::Attribute(name) => write!(f, ".{name}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Key(key) => write!(f, "[{key:?}]")?,
            }
        }
        let colon = if self.path.is_empty() { "" } else { ": " };
        write!(f, "{colon}{}", self.message)
    }
}

/// Returns the value as one of the type `want`, in which `any` stands for whatever is there.
///
/// # Errors
/// The value cannot be converted; the error says which part of it.
pub fn convert(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    let mut converted = convert_kind(value, want).map_err(|error| {
        // What no value of the type could be is said of the type as a whole.
        let ty = value.type_of();
        if error.path.is_empty() || convertible(&ty, want) {
            error
        } else {
            ConvertError::new(mismatch(&ty, want))
        }
    })?;
    converted.marks |= value.marks;
    Ok(converted)
}

/// Tells whether values of the type `from` may have the type `to`, though some may turn out not to.
pub fn convertible(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (_, Type::Dynamic) | (Type::Dynamic, _) => true,
        (from, to) if from == to => true,
        (from, to) if from.is_primitive() && to.is_primitive() => {
            matches!((from, to), (_, Type::String) | (Type::String, _))
        }
        (Type::List(from) | Type::Set(from), Type::List(to) | Type::Set(to))
        | (Type::Map(from), Type::Map(to)) => convertible(from, to),
        (Type::Tuple(items), Type::List(to) | Type::Set(to)) => {
            if **to == Type::Dynamic {
                return items.is_empty() || unify(items).is_some();
            }
            items.iter().all(|item| convertible(item, to))
        }
        (Type::Object(object), Type::Map(to)) => {
            if **to == Type::Dynamic {
                let types: Vec<Type> = object.attributes.values().cloned().collect();
                return types.is_empty() || unify(&types).is_some();
            }
            object.attributes.values().all(|attribute| convertible(attribute, to))
        }
        (Type::Map(element), Type::Object(object)) => {
            object.attributes.values().all(|attribute| convertible(element, attribute))
        }
        (Type::Tuple(from), Type::Tuple(to)) => {
            from.len() == to.len() && from.iter().zip(to.iter()).all(|(from, to)| convertible(from, to))
        }
        (Type::Object(from), Type::Object(to)) => {
            to.attributes.iter().all(|(name, want)| match from.attributes.get(name) {
                Some(have) => convertible(have, want),
                None => to.optional.contains(name),
            })
        }
        _ => false,
    }
}

/// Returns the type that a value of the type `from` has after conversion to `want`: as `want`, with
/// `any` replaced where that is known.
fn resolved(from: &Type, want: &Type) -> Type {
    match (from, want) {
        (from, Type::Dynamic) => from.clone(),
        (Type::Dynamic, want) => without_optional(want),
        (_, want) if !want.has_dynamic() => without_optional(want),
        (Type::List(from) | Type::Set(from), Type::List(to)) => Type::list(resolved(from, to)),
        (Type::List(from) | Type::Set(from), Type::Set(to)) => Type::set(resolved(from, to)),
        (Type::Map(from), Type::Map(to)) => Type::map(resolved(from, to)),
        (Type::Tuple(items), Type::List(to)) => Type::list(resolved_element(items, to)),
        (Type::Tuple(items), Type::Set(to)) => Type::set(resolved_element(items, to)),
        (Type::Object(object), Type::Map(to)) => {
            let types: Vec<Type> = object.attributes.values().cloned().collect();
            Type::map(resolved_element(&types, to))
        }
        (Type::Tuple(from), Type::Tuple(to)) if from.len() == to.len() => {
            Type::tuple(from.iter().zip(to.iter()).map(|(from, to)| resolved(from, to)))
        }
        (Type::Object(from), Type::Object(to)) => Type::object(to.attributes.iter().map(|(name, want)| {
            let have = from.attributes.get(name).unwrap_or(&Type::Dynamic);
            (name.clone(), resolved(have, want))
        })),
        (Type::Map(element), Type::Object(to)) => {
            Type::object(to.attributes.iter().map(|(name, want)| (name.clone(), resolved(element, want))))
        }
        (_, want) => without_optional(want),
    }
}

/// Returns the element type of a collection made of elements of `types`, where `want` is asked for.
fn resolved_element(types: &[Type], want: &Type) -> Type {
    if !want.has_dynamic() {
        return without_optional(want);
    }
    let resolved: Vec<Type> = types.iter().map(|ty| resolved(ty, want)).collect();
    unify(&resolved).unwrap_or(Type::Dynamic)
}

/// Returns the type of values of a constraint: without the mention of optional attributes.
pub fn without_optional(ty: &Type) -> Type {
    match ty {
        Type::List(element) => Type::list(without_optional(element)),
        Type::Set(element) => Type::set(without_optional(element)),
        Type::Map(element) => Type::map(without_optional(element)),
        Type::Tuple(items) => Type::tuple(items.iter().map(without_optional)),
        Type::Object(object) => {
            Type::object(object.attributes.iter().map(|(name, ty)| (name.clone(), without_optional(ty))))
        }
        other => other.clone(),
    }
}

fn convert_kind(value: &Value, want: &Type) -> Result<Value, ConvertError> {
    if *want == Type::Dynamic {
        return Ok(value.clone());
    }
    let refused = || ConvertError::new(mismatch(&value.type_of(), want));
    match (&value.kind, want) {
        (Kind::Null(from), want) => {
            if convertible(from, want) {
                Ok(Value::null(resolved(from, want)))
            } else {
                Err(refused())
            }
        }
        (Kind::Unknown(from, refinement), want) => {
            if !convertible(from, want) {
                return Err(refused());
            }
            let to = resolved(from, want);
            if *from == to {
                return Ok(value.kind.clone().into());
            }
            let refinement = Refinement::NONE.or_not_null(refinement.is_not_null());
            Ok(Value::refined(to, refinement.with_lengths(converted_lengths(value, want))))
        }
        (Kind::Bool(_), Type::Bool) | (Kind::Number(_), Type::Number) | (Kind::String(_), Type::String) => {
            Ok(value.kind.clone().into())
        }
        (Kind::Bool(value), Type::String) => Ok(Value::string(if *value { "true" } else { "false" })),
        (Kind::Number(number), Type::String) => Ok(Value::string(number.to_string())),
        (Kind::String(text), Type::Number) => match Number::parse(text) {
            Some(number) => Ok(Kind::Number(number).into()),
            None => Err(ConvertError::new("a number is required")),
        },
        (Kind::String(text), Type::Bool) => match &**text {
            "true" | "1" => Ok(true.into()),
            "false" | "0" => Ok(false.into()),
            other => Err(ConvertError::new(match other.to_ascii_lowercase().as_str() {
                word @ ("true" | "false") => {
                    format!("a bool is required; to convert from string, use lowercase {word:?}")
                }
                _ => "a bool is required".to_owned(),
            })),
        },
        (Kind::List(from, items), Type::List(to)) if from == &**to => {
            Ok(Kind::List(from.clone(), items.clone()).into())
        }
        (Kind::Set(from, items), Type::Set(to)) if from == &**to => {
            Ok(Kind::Set(from.clone(), items.clone()).into())
        }
        (Kind::Map(from, members), Type::Map(to)) if from == &**to => {
            Ok(Kind::Map(from.clone(), members.clone()).into())
        }
        (Kind::Tuple(items), Type::List(to) | Type::Set(to)) if undecided(items.iter(), to) => {
            let element = Type::Dynamic;
            let ty = if matches!(want, Type::List(_)) { Type::list(element) } else { Type::set(element) };
            Ok(Value::unknown(ty))
        }
        (Kind::Object(members), Type::Map(to)) if undecided(members.values(), to) => {
            Ok(Value::unknown(Type::map(Type::Dynamic)))
        }
        // Elements that are not known yet may turn out to be one and the same, or to come first.
        (Kind::Set(from, _), Type::List(to)) if value.length().is_none() => {
            Ok(Value::unknown(Type::list(resolved(from, to))))
        }
        (Kind::List(..) | Kind::Set(..) | Kind::Tuple(_), Type::List(to)) => {
            let (element, items) = elements(value, to, want)?;
            Ok(Value::list(element, items))
        }
        (Kind::List(..) | Kind::Set(..) | Kind::Tuple(_), Type::Set(to)) => {
            let (element, items) = elements(value, to, want)?;
            Ok(Value::set(element, items))
        }
        (Kind::Map(..) | Kind::Object(_), Type::Map(to)) => map(value, to, want),
        (Kind::Map(_, members) | Kind::Object(members), Type::Object(to)) => {
            let is_map = matches!(value.kind, Kind::Map(..));
            object(members, to, is_map).map_err(|error| match error {
                Some(error) => error,
                None if is_map => ConvertError::new(map_without_attributes(members, to)),
                None => refused(),
            })
        }
        (Kind::Tuple(items), Type::Tuple(to)) => {
            if items.len() != to.len() {
                return Err(refused());
            }
            let converted: Result<Vec<Value>, ConvertError> = items
                .iter()
                .zip(to.iter())
                .enumerate()
                .map(|(at, (item, to))| {
                    convert(item, to).map_err(|error| error.within(PathStep::Index(at as u64)))
                })
                .collect();
            Ok(Value::tuple(converted?))
        }
        _ => Err(refused()),
    }
}

/// Returns how many elements an unknown value has as a collection. Elements of a set may turn out to be equal.
fn converted_lengths(value: &Value, want: &Type) -> Lengths {
    let lengths = value.lengths();
    match want {
        Type::List(_) | Type::Map(_) => lengths,
        Type::Set(_) => Lengths { least: lengths.least.min(1), ..lengths },
        _ => Lengths::default(),
    }
}

/// Tells whether the element type of a collection depends on an element of unknown type.
fn undecided<'a>(mut items: impl Iterator<Item = &'a Value>, to: &Type) -> bool {
    *to == Type::Dynamic && items.any(|item| matches!(item.kind, Kind::Unknown(Type::Dynamic, _)))
}

fn map_without_attributes(members: &Members, to: &ObjectType) -> String {
    let missing =
        to.attributes.keys().find(|name| !to.optional.contains(*name) && !members.contains_key(name));
    let name = missing.map_or("", |name| name);
    format!("map element type is incompatible with object attribute: attribute {name:?} is required")
}

/// Converts the elements of a list, set or tuple to `to`, and returns the type they all have then.
fn elements(value: &Value, to: &Type, want: &Type) -> Result<(Type, Vec<Value>), ConvertError> {
    let items = value.elements().unwrap_or_default();
    let mut to = to.clone();
    let mut types = None;
    if to.has_dynamic() {
        let from: Vec<Type> = match &value.kind {
            Kind::List(element, _) | Kind::Set(element, _) => vec![element.clone()],
            _ => items.iter().map(Value::type_of).collect(),
        };
        if from.is_empty() {
            return Ok((without_optional(&to), Vec::new()));
        }
        let wanted: Vec<Type> = from.iter().map(|from| resolved(from, &to)).collect();
        to = unify(&wanted)
            .filter(|to| *to != Type::Dynamic || wanted.iter().all(|ty| *ty == Type::Dynamic))
            .ok_or_else(|| ConvertError::new(mismatch(&value.type_of(), want)))?;
        types = Some(to.clone());
    }
    let mut converted = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let step = PathStep::Index(at as u64);
        converted.push(convert(item, &to).map_err(|error| error.within(step))?);
    }
    Ok((types.unwrap_or_else(|| without_optional(&to)), converted))
}

fn map(value: &Value, to: &Type, want: &Type) -> Result<Value, ConvertError> {
    let Some(members) = value.members() else {
        return Err(ConvertError::new(mismatch(&value.type_of(), want)));
    };
    let mut to = to.clone();
    if to.has_dynamic() {
        let from: Vec<Type> = match &value.kind {
            Kind::Map(element, _) => vec![element.clone()],
            _ => members.values().map(Value::type_of).collect(),
        };
        if !from.is_empty() {
            let wanted: Vec<Type> = from.iter().map(|from| resolved(from, &to)).collect();
            to = unify(&wanted)
                .filter(|to| *to != Type::Dynamic || wanted.iter().all(|ty| *ty == Type::Dynamic))
                .ok_or_else(|| ConvertError::new(mismatch(&value.type_of(), want)))?;
        }
    }
    let mut converted = Members::with_capacity(members.len());
    for (key, member) in members {
        let member = convert(member, &to).map_err(|error| error.within(PathStep::Key(key.clone())))?;
        converted.insert(key.clone(), member);
    }
    Ok(Kind::Map(without_optional(&to), Arc::new(converted)).into())
}

/// Converts members to the attributes of an object type. No error means that attributes are missing.
fn object(members: &Members, to: &ObjectType, is_map: bool) -> Result<Value, Option<ConvertError>> {
    let mut converted = Members::with_capacity(to.attributes.len());
    for (name, want) in &to.attributes {
        let member = match members.get(name) {
            Some(member) => convert(member, want).map_err(|error| {
                let step =
                    if is_map { PathStep::Key(name.clone()) } else { PathStep::Attribute(name.clone()) };
                Some(error.within(step))
            })?,
            None if to.optional.contains(name) => Value::null(without_optional(want)),
            None => return Err(None),
        };
        converted.insert(name.clone(), member);
    }
    Ok(Kind::Object(Arc::new(converted)).into())
}

/// Converts a value to a string for use in a text; marks stay on the result.
///
/// # Errors
/// The value is of a type that has no text.
pub fn to_text(value: &Value) -> Result<Value, ConvertError> {
    convert(value, &Type::String)
}

/// Returns the marks of a value and the value without its own marks; those of its parts stay.
pub fn split_marks(value: &Value) -> (Value, Marks) {
    (Value { kind: value.kind.clone(), marks: Marks::NONE }, value.marks)
}
