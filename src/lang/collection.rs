//! Lists, sets and maps, made so that their rules hold.

use std::cmp::Ordering;
use std::fmt::Write;
use std::sync::Arc;

use super::marks::Marks;
use super::members::Members;
use super::types::Type;
use super::value::{Kind, Value};

impl Value {
    /// Returns a list. The elements must be of the type `element`.
    pub fn list(element: Type, items: Vec<Value>) -> Value {
        Kind::List(element, Arc::new(items)).into()
    }

    /// Returns a map. The elements must be of the type `element`.
    pub fn map<K: Into<Arc<str>>>(element: Type, items: impl IntoIterator<Item = (K, Value)>) -> Value {
        let members: Members = items.into_iter().map(|(key, value)| (key.into(), value)).collect();
        Kind::Map(element, Arc::new(members)).into()
    }

    /// Returns a set in Terraform's order of iteration, without duplicates; marks of elements become
    /// marks of the set. The elements must be of the type `element`.
    pub fn set(element: Type, items: Vec<Value>) -> Value {
        let mut marks = Marks::NONE;
        let mut items: Vec<Value> = items
            .into_iter()
            .map(|item| {
                let inner = item.deep_marks();
                marks |= inner;
                if inner.is_empty() { item } else { item.unmarked_deep() }
            })
            .collect();
        if element.is_primitive() {
            items.sort_by(order);
        } else {
            items.sort_by_cached_key(|item| (item.is_null(), !item.is_known(), order_text(item)));
        }
        // Unknown elements may turn out to differ, so each of them is kept.
        items.dedup_by(|a, b| a == b && a.is_wholly_known());
        Value::from(Kind::Set(element, Arc::new(items))).with_marks(marks)
    }

    /// Returns how many elements a known list, set, map, tuple or object has; nothing for a set with
    /// unknown elements, which may turn out to be equal, and for everything else.
    pub fn length(&self) -> Option<usize> {
        match &self.kind {
            Kind::Set(_, items) if items.len() > 1 && !self.is_wholly_known() => None,
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => Some(items.len()),
            Kind::Map(_, members) | Kind::Object(members) => Some(members.len()),
            _ => None,
        }
    }
}

/// Orders elements of one primitive type: null behind all others, unknown behind all known.
fn order(a: &Value, b: &Value) -> Ordering {
    let rank = |value: &Value| (value.is_null(), !value.is_known());
    rank(a).cmp(&rank(b)).then_with(|| match (&a.kind, &b.kind) {
        (Kind::String(a), Kind::String(b)) => a.cmp(b),
        (Kind::Number(a), Kind::Number(b)) => a.cmp(b),
        (Kind::Bool(a), Kind::Bool(b)) => a.cmp(b),
        _ => Ordering::Equal,
    })
}

/// Returns the text by which Terraform orders elements of other types (that of their hashes).
fn order_text(value: &Value) -> String {
    let mut text = String::new();
    write_order_text(&mut text, value);
    text
}

fn write_order_text(text: &mut String, value: &Value) {
    match &value.kind {
        Kind::Null(_) => text.push('~'),
        Kind::Unknown(..) => text.push('?'),
        Kind::Bool(value) => text.push(if *value { 'T' } else { 'F' }),
        Kind::Number(number) => text.push_str(&number.to_text_10()),
        Kind::String(string) => {
            // Writing to a string cannot fail.
            let _ = write!(text, "{string:?}");
        }
        Kind::List(_, items) | Kind::Set(_, items) => {
            text.push('[');
            items.iter().for_each(|item| {
                write_order_text(text, item);
                text.push(';');
            });
            text.push(']');
        }
        Kind::Tuple(items) => {
            text.push('<');
            items.iter().for_each(|item| {
                write_order_text(text, item);
                text.push(';');
            });
            text.push('>');
        }
        Kind::Map(_, members) => {
            text.push('{');
            for (key, member) in members.iter() {
                let _ = write!(text, "{key:?}:");
                write_order_text(text, member);
                text.push(';');
            }
            text.push('}');
        }
        Kind::Object(members) => {
            text.push('<');
            members.values().for_each(|member| {
                write_order_text(text, member);
                text.push(';');
            });
            text.push('>');
        }
    }
}
