//! Type constraints as written in `type = …`: `list(string)`, `object({ a = optional(number, 3) })`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};

use super::convert::{convert, without_optional};
use super::evaluate::evaluate_constant;
use super::syntax::{Call, Expression, Node, ObjectKey};
use super::types::{ObjectType, Type};
use super::value::{Kind, Value};

/// A type constraint with the defaults of its optional attributes.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// The type, in which `any` and optional attributes may occur.
    pub ty: Type,
    /// The defaults, if there are any.
    pub defaults: Option<Defaults>,
}

/// The defaults of optional attributes within a type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Defaults {
    /// Defaults of the attributes of this object.
    values: BTreeMap<Arc<str>, Value>,
    /// Those within its attributes; within elements of a tuple by index; within all elements of a
    /// collection under the empty name.
    inner: BTreeMap<Arc<str>, Defaults>,
}

impl Constraint {
    /// Returns `any`.
    pub fn any() -> Self {
        Self { ty: Type::Dynamic, defaults: None }
    }

    /// Puts in the defaults and converts.
    ///
    /// # Errors
    /// The value cannot have the type.
    pub fn apply(&self, value: &Value) -> Result<Value, super::convert::ConvertError> {
        match &self.defaults {
            Some(defaults) => convert(&defaults.apply(value), &self.ty),
            None => convert(value, &self.ty),
        }
    }
}

impl Defaults {
    /// Returns the value with defaults where optional attributes are absent or null. Collections may
    /// come out as tuples and objects: conversion to the type must follow.
    pub fn apply(&self, value: &Value) -> Value {
        let element = |key: &str| self.inner.get(key).or_else(|| self.inner.get(""));
        let apply = |key: &str, value: &Value| match element(key) {
            Some(inner) => inner.apply(value),
            None => value.clone(),
        };
        let kind = match &value.kind {
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                if self.inner.is_empty() {
                    return value.clone();
                }
                let items = items.iter().enumerate().map(|(at, item)| apply(&at.to_string(), item)).collect();
                Kind::Tuple(Arc::new(items))
            }
            Kind::Map(_, members) | Kind::Object(members) => {
                let mut applied: super::members::Members =
                    members.iter().map(|(name, member)| (name.clone(), apply(name, member))).collect();
                for (name, default) in &self.values {
                    if applied.get(name).is_none_or(Value::is_null) {
                        applied.insert(name.clone(), apply(name, default));
                    }
                }
                Kind::Object(Arc::new(applied))
            }
            _ => return value.clone(),
        };
        Value { kind, marks: value.marks }
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.inner.is_empty()
    }
}

/// Reads a type constraint in which `any` and optional attributes with defaults are allowed.
///
/// # Errors
/// It is not a type.
pub fn parse_type(expression: &Expression) -> Result<Constraint, Diagnostics> {
    let expression = expression.as_static()?;
    let (ty, defaults) = read(&expression)?;
    Ok(Constraint { ty, defaults: Some(defaults).filter(|defaults| !defaults.is_empty()) })
}

fn invalid(detail: impl Into<String>, expression: &Expression) -> Diagnostics {
    Diagnostic::error("Invalid type specification", detail).at(expression.range).into()
}

const NOT_A_TYPE: &str = "A type specification is either a primitive type keyword (bool, number, string) or a complex type constructor call, like list(string).";

fn read(expression: &Expression) -> Result<(Type, Defaults), Diagnostics> {
    let call = match &expression.node {
        Node::Call(call) => call,
        Node::Parentheses(inner) => return read(inner),
        _ => {
            return match expression.as_keyword().as_deref() {
                Some("bool") => Ok((Type::Bool, Defaults::default())),
                Some("number") => Ok((Type::Number, Defaults::default())),
                Some("string") => Ok((Type::String, Defaults::default())),
                Some("any") => Ok((Type::Dynamic, Defaults::default())),
                Some(word @ ("list" | "set" | "map")) => Err(invalid(
                    format!("The {word} type constructor requires one argument specifying the element type."),
                    expression,
                )),
                Some("object") => Err(invalid(
                    "The object type constructor requires one argument specifying the attribute types and values as a map.",
                    expression,
                )),
                Some("tuple") => Err(invalid(
                    "The tuple type constructor requires one argument specifying the element types as a list.",
                    expression,
                )),
                Some(word) => Err(invalid(
                    format!("The keyword {word:?} is not a valid type specification."),
                    expression,
                )),
                None => Err(invalid(NOT_A_TYPE, expression)),
            };
        }
    };
    match &*call.name {
        "bool" | "number" | "string" => Err(invalid(
            format!("Primitive type keyword {:?} does not expect arguments.", call.name),
            expression,
        )),
        "any" => Err(invalid(
            format!("Type constraint keyword {:?} does not expect arguments.", call.name),
            expression,
        )),
        "optional" => Err(invalid(
            format!("Keyword {:?} is valid only as a modifier for object type attributes.", call.name),
            expression,
        )),
        "list" | "set" | "map" => collection(call, expression),
        "object" => object(call, expression),
        "tuple" => tuple(call, expression),
        other => Err(invalid(format!("Keyword {other:?} is not a valid type constructor."), expression)),
    }
}

fn collection(call: &Call, expression: &Expression) -> Result<(Type, Defaults), Diagnostics> {
    let [element] = &call.arguments[..] else {
        let detail =
            format!("The {} type constructor requires one argument specifying the element type.", call.name);
        return Err(invalid(detail, expression));
    };
    let (element, inner) = read(element)?;
    let ty = match &*call.name {
        "list" => Type::list(element),
        "set" => Type::set(element),
        _ => Type::map(element),
    };
    let mut defaults = Defaults::default();
    if !inner.is_empty() {
        defaults.inner.insert("".into(), inner);
    }
    Ok((ty, defaults))
}

fn tuple(call: &Call, expression: &Expression) -> Result<(Type, Defaults), Diagnostics> {
    let items = match &call.arguments[..] {
        [Expression { node: Node::Tuple(items), .. }] => items,
        [argument] => {
            return Err(invalid("Tuple type constructor requires a list of element types.", argument));
        }
        _ => {
            return Err(invalid(
                "The tuple type constructor requires one argument specifying the element types as a list.",
                expression,
            ));
        }
    };
    let mut found = Diagnostics::new();
    let mut types = Vec::new();
    let mut defaults = Defaults::default();
    for (at, item) in items.iter().enumerate() {
        if let Some((ty, inner)) = found.take(read(item)) {
            types.push(ty);
            if !inner.is_empty() {
                defaults.inner.insert(at.to_string().into(), inner);
            }
        }
    }
    if found.has_errors() { Err(found) } else { Ok((Type::tuple(types), defaults)) }
}

fn object(call: &Call, expression: &Expression) -> Result<(Type, Defaults), Diagnostics> {
    let items = match &call.arguments[..] {
        [Expression { node: Node::Object(items), .. }] => items,
        [argument] => {
            let detail = "Object type constructor requires a map whose keys are attribute names and whose values are the corresponding attribute types.";
            return Err(invalid(detail, argument));
        }
        _ => {
            let detail = "The object type constructor requires one argument specifying the attribute types and values as a map.";
            return Err(invalid(detail, expression));
        }
    };
    let mut found = Diagnostics::new();
    let mut object = ObjectType { attributes: BTreeMap::new(), optional: BTreeSet::new() };
    let mut defaults = Defaults::default();
    for item in items {
        let (name, range) = match &item.key {
            ObjectKey::Name(name, range) => (name.clone(), *range),
            ObjectKey::Expression(key) => {
                let detail = "Object constructor map keys must be attribute names.";
                match key.as_literal_text().filter(|text| super::syntax::is_identifier(text)) {
                    Some(name) => (name, key.range),
                    None => {
                        found.extend(invalid(detail, key));
                        continue;
                    }
                }
            }
        };
        if object.attributes.contains_key(&name) {
            let detail = "Object constructor map keys must be unique.";
            found.push(Diagnostic::error("Invalid type specification", detail).at(range));
            continue;
        }
        if let Some((ty, inner, default)) = found.take(attribute(&item.value)) {
            if let Some(default) = default {
                object.optional.insert(name.clone());
                if let Some(value) = default {
                    defaults.values.insert(name.clone(), value);
                }
            }
            if !inner.is_empty() {
                defaults.inner.insert(name.clone(), inner);
            }
            object.attributes.insert(name, ty);
        }
    }
    if found.has_errors() {
        return Err(found);
    }
    Ok((Type::Object(Arc::new(object)), defaults))
}

/// The type of an attribute, the defaults within it, and, when it is optional, its default if it has one.
type AttributeType = (Type, Defaults, Option<Option<Value>>);

fn attribute(expression: &Expression) -> Result<AttributeType, Diagnostics> {
    let call = match &expression.node {
        Node::Call(call) if &*call.name == "optional" => call,
        _ => {
            let (ty, inner) = read(expression)?;
            return Ok((ty, inner, None));
        }
    };
    let (ty, default) = match &call.arguments[..] {
        [ty] => (ty, None),
        [ty, default] => (ty, Some(default)),
        [] => {
            let detail = "Optional attribute modifier requires the attribute type as its argument.";
            return Err(invalid(detail, expression));
        }
        _ => {
            let detail = "Optional attribute modifier expects at most two arguments: the attribute type, and a default value.";
            return Err(invalid(detail, expression));
        }
    };
    let (ty, inner) = read(ty)?;
    let Some(default) = default else { return Ok((ty, inner, Some(None))) };
    let value = inner.apply(&evaluate_constant(default)?);
    match convert(&value, &ty) {
        Ok(value) if value.is_null() => {
            Ok((ty.clone(), inner, Some(Some(Value::null(without_optional(&ty))))))
        }
        Ok(value) => Ok((ty, inner, Some(Some(value)))),
        Err(reason) => {
            let detail = format!(
                "This default value is not compatible with the attribute's type constraint: {reason}."
            );
            let summary = "Invalid default value for optional attribute";
            Err(Diagnostic::error(summary, detail).at(default.range).into())
        }
    }
}
