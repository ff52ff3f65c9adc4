//! Attributes, elements and splats.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, SourceRange};

use super::super::convert::convert;
use super::super::refinement::Refinement;
use super::super::syntax::{Expression, Node, Step, StepKind};
use super::super::types::Type;
use super::super::value::{Kind, Value};
use super::{Evaluator, split};

/// Returns an attribute of an object or an element of a map, as `.name` does.
///
/// # Errors
/// The value has none of that name; the diagnostic points at `range`.
pub fn attribute(value: &Value, name: &str, range: SourceRange) -> Result<Value, Diagnostic> {
    let error = |summary: &str, detail: String| Err(Diagnostic::error(summary, detail).at(range));
    let (value, marks) = split(value.clone());
    let found = match &value.kind {
        Kind::Null(_) => {
            return error(
                "Attempt to get attribute from null value",
                "This value is null, so it does not have any attributes.".to_owned(),
            );
        }
        Kind::Object(members) => match members.get(name) {
            Some(member) => member.clone(),
            None => {
                return error(
                    "Unsupported attribute",
                    format!("This object does not have an attribute named {name:?}."),
                );
            }
        },
        Kind::Map(_, members) => match members.get(name) {
            Some(member) => member.clone(),
            None => {
                let detail = format!("This map does not have an element with the key {name:?}.");
                return error("Missing map element", detail);
            }
        },
        Kind::Unknown(Type::Dynamic, _) => Value::unknown(Type::Dynamic),
        Kind::Unknown(Type::Map(element), _) => Value::unknown((**element).clone()),
        Kind::Unknown(Type::Object(object), _) if object.attributes.contains_key(name) => {
            Value::unknown(object.attributes[name].clone())
        }
        Kind::Unknown(Type::Object(_), _) => {
            return error(
                "Unsupported attribute",
                format!("This object does not have an attribute named {name:?}."),
            );
        }
        _ => return error("Unsupported attribute", without_attributes(&value.type_of(), name)),
    };
    Ok(found.with_marks(marks))
}

fn without_attributes(ty: &Type, name: &str) -> String {
    match ty {
        Type::List(element) if matches!(**element, Type::Object(_)) => format!(
            "Can't access attributes on a list of objects. Did you mean to access attribute {name:?} for a specific element of the list, or across all elements of the list?"
        ),
        Type::Set(element) if matches!(**element, Type::Object(_)) => {
            "Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?".to_owned()
        }
        ty if ty.is_primitive() => {
            format!("Can't access attributes on a primitive-typed value ({}).", ty.friendly())
        }
        _ => "This value does not have any attributes.".to_owned(),
    }
}

/// Returns an element of a list, tuple, map or object, as `[key]` does.
///
/// # Errors
/// There is no such element; the diagnostic points at `range`.
pub fn index(collection: &Value, key: &Value, range: SourceRange) -> Result<Value, Diagnostic> {
    const NOT_FOUND: &str = "The given key does not identify an element in this collection value";
    let error = |summary: &str, detail: String| Err(Diagnostic::error(summary, detail).at(range));
    if collection.is_null() {
        return error(
            "Attempt to index null value",
            "This value is null, so it does not have any indices.".to_owned(),
        );
    }
    if key.is_null() {
        return error("Invalid index", "Can't use a null value as an indexing key.".to_owned());
    }
    // The key of an object is looked at without its marks, as in Terraform.
    let is_object = matches!(collection.kind, Kind::Object(_) | Kind::Unknown(Type::Object(_), _));
    let marks = if is_object { collection.marks } else { collection.marks | key.marks };
    let ty = match &collection.kind {
        Kind::Unknown(ty, _) => ty.clone(),
        Kind::List(element, _) => Type::list(element.clone()),
        Kind::Map(element, _) => Type::map(element.clone()),
        Kind::Tuple(_) => Type::tuple([]),
        Kind::Object(_) => Type::object::<&str>([]),
        _ => collection.type_of(),
    };
    let unknown_key = matches!(key.kind, Kind::Unknown(Type::Dynamic, _));
    let key_type = match &ty {
        Type::Dynamic => return Ok(Value::unknown(Type::Dynamic).with_marks(marks)),
        Type::List(_) | Type::Tuple(_) => Type::Number,
        Type::Map(_) | Type::Object(_) => Type::String,
        Type::Set(_) => {
            return error(
                "Invalid index",
                "Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only possible to perform operations across all elements of the set.".to_owned(),
            );
        }
        _ => return error("Invalid index", "This value does not have any indices.".to_owned()),
    };
    if unknown_key {
        return Ok(Value::unknown(Type::Dynamic).with_marks(marks));
    }
    let was_number = matches!(key.kind, Kind::Number(_));
    let key = match convert(key, &key_type) {
        Ok(key) => key,
        Err(reason) => return error("Invalid index", format!("{NOT_FOUND}: {reason}.")),
    };
    let element_type = match &ty {
        Type::List(element) | Type::Map(element) => (**element).clone(),
        _ => Type::Dynamic,
    };
    let found = match (&collection.kind, &key.kind) {
        (Kind::Unknown(Type::Object(object), _), Kind::String(name)) => {
            object.attributes.get(name).cloned().map(Value::unknown)
        }
        (Kind::Unknown(Type::Tuple(items), _), Kind::Number(number)) => {
            number.to_i64().and_then(|at| items.get(usize::try_from(at).ok()?)).cloned().map(Value::unknown)
        }
        (Kind::Unknown(..), _) | (_, Kind::Unknown(..)) => Some(Value::unknown(element_type)),
        (Kind::List(_, items) | Kind::Tuple(items), Kind::Number(number)) => {
            if number.is_negative() && !number.is_zero() {
                let detail = format!("{NOT_FOUND}: a negative number is not a valid index for a sequence.");
                return error("Invalid index", detail);
            }
            if !number.is_integer() && !number.is_infinite() {
                let detail = format!(
                    "{NOT_FOUND}: indexing a sequence requires a whole number, but the given index has a fractional part."
                );
                return error("Invalid index", detail);
            }
            number.to_i64().and_then(|at| items.get(usize::try_from(at).ok()?)).cloned()
        }
        (Kind::Map(_, members) | Kind::Object(members), Kind::String(name)) => members.get(name).cloned(),
        _ => None,
    };
    if let Some(value) = found {
        return Ok(value.with_marks(marks));
    }
    // As Terraform, which looks for an index that is one too large.
    let one_past = |items: &[Value]| key.as_i64().is_some_and(|at| at == items.len() as i64);
    // How long a sequence is must not be told of one that is secret.
    let reason = match &collection.kind {
        Kind::List(_, items) | Kind::Tuple(items) if collection.marks.is_empty() => {
            if !one_past(items) {
                ""
            } else if items.is_empty() {
                ": the collection has no elements"
            } else {
                ": the given index is greater than or equal to the length of the collection"
            }
        }
        Kind::Object(_) if was_number => {
            ". An object only supports looking up attributes by name, not by numeric index"
        }
        _ => "",
    };
    error("Invalid index", format!("{NOT_FOUND}{reason}."))
}

fn is_dotted(key: &Expression) -> bool {
    matches!(&key.node, Node::Traversal(_, steps) if !steps.is_empty())
}

/// Takes a constant step into a value.
pub(super) fn take_step(value: &Value, step: &Step) -> Result<Value, Diagnostic> {
    match &step.kind {
        StepKind::Attribute(name) => attribute(value, name, step.range),
        StepKind::Index(number) => index(value, &Kind::Number(number.clone()).into(), step.range),
        StepKind::Key(key) => index(value, &Value::from(Kind::String(key.clone())), step.range),
    }
}

impl Evaluator<'_> {
    pub(super) fn steps(&mut self, mut value: Value, steps: &[Step], expression: &Expression) -> Value {
        for step in steps {
            match take_step(&value, step) {
                Ok(next) => value = next,
                Err(error) => return self.note(error, expression),
            }
        }
        value
    }

    pub(super) fn index(
        &mut self,
        collection: &Expression,
        key: &Expression,
        expression: &Expression,
    ) -> Value {
        let (collection_value, key_value) = (self.value(collection), self.value(key));
        let range = SourceRange { start: collection.range.end, ..expression.range };
        match index(&collection_value, &key_value, range) {
            Ok(value) => value,
            Err(error) => self.note(error, expression),
        }
    }

    pub(super) fn splat(
        &mut self,
        source: &Expression,
        each: &Expression,
        full: bool,
        expression: &Expression,
    ) -> Value {
        let end = source.range.end + if full { 3 } else { 2 };
        let marker = SourceRange { start: source.range.end, end, ..source.range };
        let before = self.found.len();
        let (value, marks) = split(self.value(source));
        if self.found.len() > before {
            // The elements are looked at all the same, for what else may be wrong.
            self.splat_item(each, Value::unknown(Type::Dynamic));
            return Value::unknown(Type::Dynamic);
        }
        let is_sequence = |ty: &Type| matches!(ty, Type::List(_) | Type::Set(_) | Type::Tuple(_));
        let element = match &value.kind {
            Kind::Null(ty) => {
                if is_sequence(ty) {
                    let detail = "Splat expressions (with the * symbol) cannot be applied to null sequences.";
                    return self.error("Splat of null value", detail, marker, expression.range, source);
                }
                return Value::tuple(Vec::new()).with_marks(marks);
            }
            Kind::Unknown(Type::List(element) | Type::Set(element), _) => (**element).clone(),
            Kind::Unknown(Type::Tuple(types), _) => {
                let items: Vec<Value> =
                    types.iter().map(|ty| self.splat_item(each, Value::unknown(ty.clone()))).collect();
                let ty = Type::tuple(items.iter().map(Value::type_of));
                return Value::unknown_not_null(ty).with_marks(marks);
            }
            // A value that is no sequence may still turn out to be null.
            Kind::Unknown(..) if !value.is_not_null() => {
                return Value::unknown(Type::Dynamic).with_marks(marks);
            }
            Kind::List(element, items) | Kind::Set(element, items) if items.is_empty() => element.clone(),
            Kind::List(_, items) | Kind::Set(_, items) => {
                let items = self.splat_items(each, items, expression);
                let ty = items.first().map_or(Type::Dynamic, Value::type_of);
                return self.made(Value::list(ty, items), expression).with_marks(marks);
            }
            Kind::Tuple(items) => {
                let value = Value::tuple(self.splat_items(each, items, expression));
                return self.made(value, expression).with_marks(marks);
            }
            _ => {
                let item = self.splat_item(each, value.clone());
                return Value::tuple(vec![item]).with_marks(marks);
            }
        };
        // Nothing is known of the elements but their type.
        let ty = self.splat_item(each, Value::unknown(element)).type_of();
        if value.is_known() {
            return Value::list(ty, Vec::new()).with_marks(marks);
        }
        Value::refined(Type::list(ty), Refinement::NOT_NULL.with_lengths(value.lengths())).with_marks(marks)
    }

    fn splat_items(&mut self, each: &Expression, items: &[Value], whole: &Expression) -> Vec<Value> {
        let mut results = Vec::with_capacity(items.len());
        for item in items {
            if !self.round(whole) {
                break;
            }
            results.push(self.splat_item(each, item.clone()));
        }
        results
    }

    fn splat_item(&mut self, each: &Expression, item: Value) -> Value {
        self.items.push(item);
        let value = self.value(each);
        self.items.pop();
        value
    }

    pub(super) fn object(
        &mut self,
        items: &[super::super::syntax::ObjectItem],
        expression: &Expression,
    ) -> Value {
        use super::super::syntax::ObjectKey;
        let mut members: Vec<(Arc<str>, Value)> = Vec::with_capacity(items.len());
        let mut marks = super::super::marks::Marks::NONE;
        let mut known = true;
        for item in items {
            let key = match &item.key {
                ObjectKey::Name(name, _) => Some(name.clone()),
                // It could be meant as a name with points in it.
                ObjectKey::Expression(key_expression) if is_dotted(key_expression) => {
                    let detail = "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name containing periods, wrap it in quotes to create a string literal.";
                    let range = key_expression.range;
                    self.error("Ambiguous attribute key", detail, range, range, key_expression);
                    None
                }
                ObjectKey::Expression(key_expression) => {
                    let key = self.value(key_expression);
                    marks |= key.marks;
                    if key.is_null() {
                        let detail = "Can't use a null value as a key.";
                        self.error(
                            "Null value as key",
                            detail,
                            key_expression.range,
                            expression.range,
                            key_expression,
                        );
                        None
                    } else {
                        match convert(&key, &Type::String) {
                            Ok(Value { kind: Kind::String(name), .. }) => Some(name),
                            Ok(_) => None,
                            Err(reason) => {
                                let detail = format!("Can't use this value as a key: {reason}.");
                                self.error(
                                    "Incorrect key type",
                                    detail,
                                    key_expression.range,
                                    expression.range,
                                    key_expression,
                                );
                                None
                            }
                        }
                    }
                }
            };
            let value = self.value(&item.value);
            match key {
                Some(key) => {
                    members.push((key, value));
                }
                None => known = false,
            }
        }
        if !known {
            return Value::unknown(Type::Dynamic).with_marks(marks);
        }
        Value::object(members).with_marks(marks)
    }
}
