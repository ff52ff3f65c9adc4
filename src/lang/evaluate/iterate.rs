//! `for` expressions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use super::super::convert::convert;
use super::super::marks::Marks;
use super::super::syntax::{Expression, For};
use super::super::types::Type;
use super::super::value::{Kind, Value};
use super::{Evaluator, split};

/// Returns keys and elements of a known collection, in order; nothing if it cannot be iterated.
pub(super) fn entries(value: &Value) -> Option<Vec<(Value, Value)>> {
    match &value.kind {
        Kind::List(_, items) | Kind::Tuple(items) => {
            Some(items.iter().enumerate().map(|(at, item)| (Value::from(at as i64), item.clone())).collect())
        }
        Kind::Set(_, items) => Some(items.iter().map(|item| (item.clone(), item.clone())).collect()),
        Kind::Map(_, members) | Kind::Object(members) => Some(
            members.iter().map(|(key, member)| (Kind::String(key.clone()).into(), member.clone())).collect(),
        ),
        _ => None,
    }
}

impl Evaluator<'_> {
    /// Evaluates the collection of a `for`; nothing when the result is unknown or an error.
    fn collection(
        &mut self,
        collection: &Expression,
        whole: &Expression,
    ) -> (Option<Vec<(Value, Value)>>, Marks) {
        let (value, marks) = split(self.value(collection));
        if value.is_null() {
            let detail = "A null value cannot be used as the collection in a 'for' expression.";
            self.error("Iteration over null value", detail, collection.range, whole.range, collection);
            return (None, marks);
        }
        if let Some(entries) = entries(&value) {
            return (Some(entries), marks);
        }
        let ty = value.type_of();
        if ty.is_primitive() {
            let detail = format!(
                "A value of type {} cannot be used as the collection in a 'for' expression.",
                ty.friendly()
            );
            self.error(
                "Iteration over non-iterable value",
                detail,
                collection.range,
                whole.range,
                collection,
            );
        }
        (None, marks)
    }

    pub(super) fn for_expression(&mut self, tree: &For, whole: &Expression) -> Value {
        let (entries, mut marks) = self.collection(&tree.collection, whole);
        let Some(entries) = entries else {
            return Value::unknown(Type::Dynamic).with_marks(marks);
        };
        let mut known = true;
        let mut items = Vec::new();
        let mut members: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let mut groups: BTreeMap<Arc<str>, Vec<Value>> = Default::default();
        for (key, value) in entries {
            if !self.round(whole) {
                return Value::unknown(Type::Dynamic);
            }
            let variables = tree
                .key_variable
                .iter()
                .map(|name| (name.clone(), key.clone()))
                .chain([(tree.value_variable.clone(), value)])
                .collect::<Vec<_>>();
            known &= self.with_variables(variables, |evaluator| {
                match evaluator.included(tree, whole, &mut marks) {
                    Some(true) => {}
                    Some(false) => return true,
                    None => return false,
                }
                let Some(key_expression) = &tree.key else {
                    items.push(evaluator.value(&tree.value));
                    return true;
                };
                let mut key_marks = Marks::NONE;
                let key = evaluator.for_key(key_expression, whole, &mut key_marks);
                marks |= key_marks;
                let value = evaluator.value(&tree.value);
                let Some(key) = key else { return false };
                if tree.grouping {
                    groups.entry(key).or_default().push(value);
                    return true;
                }
                match members.entry(key) {
                    Entry::Vacant(entry) => {
                        entry.insert(value);
                    }
                    Entry::Occupied(entry) => {
                        let key = match key_marks.is_hidden() {
                            true => format!("({} value)", key_marks.word()),
                            false => format!("{:?}", entry.key()),
                        };
                        let detail = format!("Two different items produced the key {key} in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.");
                        evaluator.error("Duplicate object key", detail, key_expression.range, whole.range, key_expression);
                    }
                }
                true
            });
        }
        if !known {
            return Value::unknown(Type::Dynamic).with_marks(marks);
        }
        let result = if tree.key.is_none() {
            Value::tuple(items)
        } else if tree.grouping {
            Value::object(groups.into_iter().map(|(key, values)| (key, Value::tuple(values))))
        } else {
            Value::object(members)
        };
        result.with_marks(marks)
    }

    /// Tells whether the condition holds; nothing when that is unknown or an error.
    fn included(&mut self, tree: &For, whole: &Expression, marks: &mut Marks) -> Option<bool> {
        let Some(condition) = &tree.condition else { return Some(true) };
        let (value, condition_marks) = split(self.value(condition));
        *marks |= condition_marks;
        if value.is_null() {
            let detail = "The value of the 'if' clause must not be null.";
            self.error("Condition is null", detail, condition.range, whole.range, condition);
            return None;
        }
        match convert(&value, &Type::Bool) {
            Ok(value) => value.as_bool(),
            Err(reason) => {
                let detail = format!("The 'if' clause value is invalid: {reason}.");
                self.error("Invalid 'for' condition", detail, condition.range, whole.range, condition);
                None
            }
        }
    }

    fn for_key(&mut self, key: &Expression, whole: &Expression, marks: &mut Marks) -> Option<Arc<str>> {
        let (value, key_marks) = split(self.value(key));
        *marks |= key_marks;
        if value.is_null() {
            let detail = "Key expression in 'for' expression must not produce a null value.";
            self.error("Invalid object key", detail, key.range, whole.range, key);
            return None;
        }
        match convert(&value, &Type::String) {
            Ok(Value { kind: Kind::String(text), .. }) => Some(text),
            Ok(_) => None,
            Err(reason) => {
                let detail = format!("The key expression produced an invalid result: {reason}.");
                self.error("Invalid object key", detail, key.range, whole.range, key);
                None
            }
        }
    }

    /// Evaluates the body of a `%{for}` for each element; nothing when that is unknown or an error.
    pub(super) fn for_each_part(
        &mut self,
        names: (&Option<Arc<str>>, &Arc<str>),
        collection: &Expression,
        whole: &Expression,
        mut each: impl FnMut(&mut Self),
    ) -> (bool, Marks) {
        let (entries, marks) = self.collection(collection, whole);
        let Some(entries) = entries else { return (false, marks) };
        for (key, value) in entries {
            if !self.round(whole) {
                return (false, marks);
            }
            let variables: Vec<_> = names
                .0
                .iter()
                .map(|name| (name.clone(), key.clone()))
                .chain([(names.1.clone(), value)])
                .collect();
            self.with_variables(variables, &mut each);
        }
        (true, marks)
    }
}
