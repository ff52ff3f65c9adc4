//! What diagnostics say of values.

use crate::diagnostic::ReferenceValue;

use super::super::syntax::{Expression, Node, ObjectKey, Template, TemplatePart};
use super::super::types::Type;
use super::super::value::{Kind, Value};
use super::{Cause, Evaluator};

/// More references than these are not worth reading.
const MAX_VALUES: usize = 20;
/// More characters of a text than these are not worth reading either.
const LONGEST_TEXT: usize = 1000;

/// Returns a value in a few words: `"text"`, `3`, `list of string with 2 elements`. Elements are never
/// shown, because only the value itself is checked for marks.
pub fn compact(value: &Value) -> String {
    if value.marks.is_sensitive() {
        return "(sensitive value)".to_owned();
    }
    if value.marks.is_ephemeral() {
        return "(ephemeral value)".to_owned();
    }
    match &value.kind {
        Kind::Null(_) => "null".to_owned(),
        Kind::Unknown(..) => "(not yet known)".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_text_10(),
        Kind::String(text) => match text.char_indices().nth(LONGEST_TEXT) {
            None => format!("{text:?}"),
            Some((end, _)) => format!("{:?}… ({} bytes)", &text[..end], text.len()),
        },
        Kind::Object(members) => match members.len() {
            0 => "object with no attributes".to_owned(),
            1 => format!("object with 1 attribute {:?}", members.keys().next().map_or("", |name| name)),
            count => format!("object with {count} attributes"),
        },
        _ => {
            let name = value.type_of().friendly();
            let length =
                value.elements().map(<[Value]>::len).or(value.members().map(|members| members.len()));
            match length.unwrap_or(0) {
                0 => format!("empty {name}"),
                1 => format!("{name} with 1 element"),
                count => format!("{name} with {count} elements"),
            }
        }
    }
}

impl Evaluator<'_> {
    pub(super) fn reference_values(&mut self, cause: &Expression, why: Cause) -> Vec<ReferenceValue> {
        let mut traversals = Vec::new();
        collect(cause, &mut traversals);
        let was_silent = std::mem::replace(&mut self.silent, true);
        let mut values: Vec<ReferenceValue> = Vec::new();
        for traversal in traversals {
            let Node::Traversal(name, steps) = &traversal.node else { continue };
            let text = traversal.to_string();
            if values.len() >= MAX_VALUES || values.iter().any(|known| known.traversal == text) {
                continue;
            }
            let (value, found) = self.apart(|evaluator| evaluator.traversal(name, steps, traversal));
            if found.has_errors() {
                continue;
            }
            if let Some(statement) = statement(&value, why) {
                values.push(ReferenceValue { traversal: text, statement });
            }
        }
        self.silent = was_silent;
        values.sort_by(|a, b| a.traversal.cmp(&b.traversal));
        values
    }
}

fn statement(value: &Value, why: Cause) -> Option<String> {
    if value.marks.is_sensitive() {
        return why.sensitive.then(|| "has a sensitive value".to_owned());
    }
    if value.marks.is_ephemeral() {
        return why.ephemeral.then(|| "has an ephemeral value".to_owned());
    }
    if let Kind::Unknown(ty, _) = &value.kind {
        return match (ty, why.unknown) {
            (Type::Dynamic, true) => Some("will be known only after apply".to_owned()),
            (Type::Dynamic, false) => None,
            (ty, true) => Some(format!("is a {}, known only after apply", ty.friendly())),
            (ty, false) => Some(format!("is a {}", ty.friendly())),
        };
    }
    Some(format!("is {}", compact(value)))
}

fn collect<'e>(expression: &'e Expression, found: &mut Vec<&'e Expression>) {
    match &expression.node {
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Item | Node::Invalid(_) => {}
        Node::Traversal(..) => found.push(expression),
        Node::Template(template) => collect_template(template, found),
        Node::JsonText(_, inner)
        | Node::Relative(inner, _)
        | Node::Unary(_, inner)
        | Node::Parentheses(inner) => collect(inner, found),
        Node::Index(a, b) | Node::Binary(_, a, b) => {
            collect(a, found);
            collect(b, found);
        }
        Node::Splat { source, each, .. } => {
            collect(source, found);
            collect(each, found);
        }
        Node::Tuple(items) => items.iter().for_each(|item| collect(item, found)),
        Node::Object(items) => {
            for item in items {
                if let ObjectKey::Expression(key) = &item.key {
                    collect(key, found);
                }
                collect(&item.value, found);
            }
        }
        Node::Call(call) => call.arguments.iter().for_each(|argument| collect(argument, found)),
        Node::Conditional(a, b, c) => [a, b, c].into_iter().for_each(|part| collect(part, found)),
        Node::For(tree) => {
            collect(&tree.collection, found);
            let inner = [tree.key.as_ref(), Some(&tree.value), tree.condition.as_ref()];
            inner.into_iter().flatten().for_each(|part| collect(part, found));
        }
    }
}

fn collect_template<'e>(template: &'e Template, found: &mut Vec<&'e Expression>) {
    for part in &template.parts {
        match part {
            TemplatePart::Text(..) => {}
            TemplatePart::Interpolation(expression) => collect(expression, found),
            TemplatePart::If { condition, yes, no, .. } => {
                collect(condition, found);
                collect_template(yes, found);
                no.iter().for_each(|no| collect_template(no, found));
            }
            TemplatePart::For { collection, body, .. } => {
                collect(collection, found);
                collect_template(body, found);
            }
        }
    }
}
