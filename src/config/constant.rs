//! Arguments whose value must be known before anything is evaluated: no references, no function calls.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::convert::convert;
use crate::lang::evaluate::evaluate_constant;
use crate::lang::syntax::{Attribute, Expression, Node, ObjectItem, ObjectKey, Template, TemplatePart};
use crate::lang::{Type, Value};

/// Returns the value of an expression without references and calls; reports both. Strings of JSON syntax are texts here,
/// not templates.
pub fn constant(expression: &Expression, found: &mut Diagnostics) -> Option<Value> {
    let expression = &as_literal(expression);
    found.take(evaluate_constant(expression))
}

fn unsuitable(range: SourceRange, reason: &str) -> Diagnostic {
    Diagnostic::error("Unsuitable value type", format!("Unsuitable value: {reason}")).at(range)
}

fn constant_of_type(attribute: &Attribute, ty: &Type, found: &mut Diagnostics) -> Option<Value> {
    let range = attribute.expression.range;
    let Some(value) = constant(&attribute.expression, found) else {
        found.push(unsuitable(range, "value must be known"));
        return None;
    };
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

/// Returns the expression with strings of JSON syntax as plain texts.
fn as_literal(expression: &Expression) -> Cow<'_, Expression> {
    let node = match &expression.node {
        Node::JsonText(text, _) => {
            let parts = vec![TemplatePart::Text(text.clone(), expression.range)];
            Node::Template(Template { parts })
        }
        Node::Tuple(items) => Node::Tuple(items.iter().map(|item| as_literal(item).into_owned()).collect()),
        Node::Object(items) => {
            let item = |item: &ObjectItem| ObjectItem {
                key: match &item.key {
                    ObjectKey::Expression(key) => ObjectKey::Expression(as_literal(key).into_owned()),
                    name @ ObjectKey::Name(..) => name.clone(),
                },
                value: as_literal(&item.value).into_owned(),
            };
            Node::Object(items.iter().map(item).collect())
        }
        _ => return Cow::Borrowed(expression),
    };
    Cow::Owned(Expression { node, range: expression.range })
}
