//! What the tables of functions are written with.

use std::sync::Arc;

use super::{ArgumentError, Function, Guard, Implementation, Parameter, Returns, Shape};
use crate::lang::equality::with_unknown;
use crate::lang::marks::Marks;
use crate::lang::number::Number;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value};

/// Returns a function of a fixed return type that never returns null.
pub(super) const fn function(
    name: &'static str,
    parameters: &'static [Parameter],
    returns: Shape,
    implementation: Implementation,
) -> Function {
    Function {
        name,
        parameters,
        variadic: None,
        returns: Returns::Fixed(returns),
        not_null: true,
        guard: None,
        implementation,
    }
}

/// Returns a function whose return type depends on its arguments.
pub(super) const fn computed(
    name: &'static str,
    parameters: &'static [Parameter],
    returns: fn(&[Value]) -> Result<Type, ArgumentError>,
    implementation: Implementation,
) -> Function {
    Function {
        name,
        parameters,
        variadic: None,
        returns: Returns::Computed(returns),
        not_null: true,
        guard: None,
        implementation,
    }
}

impl Function {
    /// Takes any number of further arguments.
    pub(super) const fn with_rest(mut self, parameter: Parameter) -> Self {
        self.variadic = Some(parameter);
        self
    }

    /// Refuses some known arguments before anything is made of them.
    pub(super) const fn guarded(mut self, guard: Guard) -> Self {
        self.guard = Some(guard);
        self
    }

    /// May return null, or Terraform does not say that it does not.
    pub(super) const fn may_be_null(mut self) -> Self {
        self.not_null = false;
        self
    }
}

/// Returns the text of an argument that the caller has made a known string.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Returns the number of an argument that the caller has made a known number.
pub(super) fn number(value: &Value) -> Number {
    value.as_number().cloned().unwrap_or_else(|| Number::from(0))
}

/// Returns a whole number of 64 bits, or the words that refuse another one.
pub(super) fn integer(value: &Value) -> Result<i64, String> {
    value
        .as_i64()
        .ok_or_else(|| format!("value must be a whole number, between {} and {}", i64::MIN, i64::MAX))
}

/// Returns a list of values that are of the element type already.
pub(super) fn list_of(element: Type, items: impl IntoIterator<Item = Value>) -> Value {
    Kind::List(element, Arc::new(items.into_iter().collect())).into()
}

/// Returns a text as messages show it: in quotes, or only that it is secret.
pub(super) fn redacted(text: &str, marks: Marks) -> String {
    if marks.is_hidden() { format!("({} value)", marks.word()) } else { format!("{text:?}") }
}

/// Takes the marks off a value, but not off its parts.
pub(super) fn split_marks(value: &Value) -> (Value, Marks) {
    (Value { kind: value.kind.clone(), marks: Marks::NONE }, value.marks)
}

/// Tells whether two values are the same, of the same type; nothing where that is not known yet.
pub(super) fn same(a: &Value, b: &Value) -> Option<bool> {
    let all = |pairs: &mut dyn Iterator<Item = (&Value, &Value)>| {
        let mut known = true;
        for (a, b) in pairs {
            match same(a, b) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => known = false,
            }
        }
        known.then_some(true)
    };
    match (&a.kind, &b.kind) {
        (Kind::Unknown(..), Kind::Unknown(..)) => None,
        (Kind::Unknown(ty, refinement), _) => with_unknown(ty, refinement, b),
        (_, Kind::Unknown(ty, refinement)) => with_unknown(ty, refinement, a),
        (Kind::Null(_), Kind::Null(_)) => Some(true),
        (Kind::List(a_type, a), Kind::List(b_type, b)) if a_type == b_type && a.len() == b.len() => {
            all(&mut a.iter().zip(b.iter()))
        }
        (Kind::Tuple(a), Kind::Tuple(b)) if a.len() == b.len() => all(&mut a.iter().zip(b.iter())),
        (Kind::Map(a_type, a), Kind::Map(b_type, b)) if a_type == b_type && a.keys().eq(b.keys()) => {
            all(&mut a.values().zip(b.values()))
        }
        (Kind::Object(a), Kind::Object(b)) if a.keys().eq(b.keys()) => all(&mut a.values().zip(b.values())),
        (Kind::Set(..), Kind::Set(..)) if !(a.is_wholly_known() && b.is_wholly_known()) => None,
        (a, b) => Some(a == b),
    }
}
