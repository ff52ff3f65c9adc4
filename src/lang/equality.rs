//! Whether two values are equal, as far as that is known.

use super::marks::Marks;
use super::members::Members;
use super::refinement::Refinement;
use super::types::Type;
use super::value::{Kind, Value};

/// Compares two values as `==` does. Values of different types are not equal, but nulls of different
/// types are. The result is unknown where an unknown part decides, and has the marks of both sides.
pub fn equal(a: &Value, b: &Value) -> Value {
    let marks = a.deep_marks() | b.deep_marks();
    match compare(a, b) {
        Some(equal) => Value::from(equal),
        None => Value::unknown_not_null(Type::Bool),
    }
    .with_marks(marks)
}

/// Tells whether two values are the same in everything: type, marks and unknown parts included.
pub fn identical(a: &Value, b: &Value) -> bool {
    a == b
}

/// Returns the value without marks where that costs nothing, for comparisons that ignore them.
pub fn same_without_marks(a: &Value, b: &Value) -> bool {
    if a.deep_marks() == Marks::NONE && b.deep_marks() == Marks::NONE {
        return a == b;
    }
    a.unmarked_deep() == b.unmarked_deep()
}

fn compare(a: &Value, b: &Value) -> Option<bool> {
    match (&a.kind, &b.kind) {
        (Kind::Unknown(..), Kind::Unknown(..)) => None,
        (Kind::Unknown(ty, refinement), _) => with_unknown(ty, refinement, b),
        (_, Kind::Unknown(ty, refinement)) => with_unknown(ty, refinement, a),
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::Null(_), _) | (_, Kind::Null(_)) => Some(false),
        (Kind::Bool(a), Kind::Bool(b)) => Some(a == b),
        (Kind::Number(a), Kind::Number(b)) => Some(a == b),
        (Kind::String(a), Kind::String(b)) => Some(a == b),
        (Kind::List(x, a), Kind::List(y, b)) if x == y => items(a, b),
        (Kind::Set(x, a), Kind::Set(y, b)) if x == y => {
            let known = |items: &[Value]| items.iter().all(Value::is_wholly_known);
            (known(a) && known(b)).then(|| a == b)
        }
        (Kind::Map(x, a), Kind::Map(y, b)) if x == y => members(a, b),
        (Kind::Tuple(x), Kind::Tuple(y)) if a.type_of() == b.type_of() => items(x, y),
        (Kind::Object(x), Kind::Object(y)) if a.type_of() == b.type_of() => members(x, y),
        _ if a.type_of().has_dynamic() && b.type_of().has_dynamic() && !wholly_known(a, b) => None,
        _ => Some(false),
    }
}

fn wholly_known(a: &Value, b: &Value) -> bool {
    a.is_wholly_known() && b.is_wholly_known()
}

/// Compares an unknown value, of which something is known, with a known one; the answer can only be that they differ.
pub(super) fn with_unknown(ty: &Type, refinement: &Refinement, known: &Value) -> Option<bool> {
    if known.is_null() {
        return if refinement.is_not_null() { Some(false) } else { None };
    }
    let have = known.type_of();
    if !ty.has_dynamic() && !have.has_dynamic() && *ty != have {
        return Some(false);
    }
    let possible = match &known.kind {
        Kind::String(text) => text.starts_with(refinement.prefix()),
        Kind::Number(_) => known.numbers().overlaps(&refinement.numbers()),
        Kind::List(..) | Kind::Set(..) | Kind::Map(..) => known.lengths().overlaps(refinement.lengths()),
        _ => true,
    };
    if possible { None } else { Some(false) }
}

fn items(a: &[Value], b: &[Value]) -> Option<bool> {
    if a.len() != b.len() {
        return Some(false);
    }
    all(a.iter().zip(b))
}

fn members(a: &Members, b: &Members) -> Option<bool> {
    if !a.keys().eq(b.keys()) {
        return Some(false);
    }
    all(a.values().zip(b.values()))
}

fn all<'a>(pairs: impl Iterator<Item = (&'a Value, &'a Value)>) -> Option<bool> {
    let mut known = true;
    for (a, b) in pairs {
        match compare(a, b) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}
