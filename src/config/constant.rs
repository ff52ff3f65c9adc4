//! Arguments whose value must be known before anything is evaluated: no references, no function calls.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::convert::convert;
use crate::lang::evaluate::evaluate_constant;
use crate::lang::syntax::{Attribute, Expression};
use crate::lang::{Type, Value};

/// Returns the value of an expression without references and calls; reports both.
pub fn constant(expression: &Expression, found: &mut Diagnostics) -> Option<Value> {
    found.take(evaluate_constant(expression))
}

fn unsuitable(range: SourceRange, reason: &str) -> Diagnostic {
    Diagnostic::error("Unsuitable value type", format!("Unsuitable value: {reason}")).at(range)
}

fn constant_of_type(attribute: &Attribute, ty: &Type, found: &mut Diagnostics) -> Option<Value> {
    let range = attribute.expression.range;
    let value = constant(&attribute.expression, found)?;
    let value = match convert(&value, ty) {
        Ok(value) => value,
        Err(reason) => {
            found.push(unsuitable(range, &reason.to_string()));
            return None;
        }
    };
    if value.is_null() {
        found.push(unsuitable(range, "null value is not allowed"));
        return None;
    }
    Some(value)
}

/// Returns a truth value; reports what is none.
pub fn constant_bool(attribute: &Attribute, found: &mut Diagnostics) -> Option<bool> {
    constant_of_type(attribute, &Type::Bool, found)?.as_bool()
}

/// Returns a text; reports what is none.
pub fn constant_string(attribute: &Attribute, found: &mut Diagnostics) -> Option<Arc<str>> {
    constant_of_type(attribute, &Type::String, found)?.as_str().map(Arc::from)
}
