//! Marks that come back to a value that was out of our hands: clouds, files and Terraform's providers are not told of them.

use std::sync::Arc;

use super::members::Members;
use super::value::{Kind, Value};

impl Value {
    /// Returns the value with the marks that `like` has, at any depth, wherever the value has the same part.
    ///
    /// What the value itself is marked with stays. A part that only `like` has marks nothing, as in Terraform.
    #[must_use]
    pub fn marked_like(&self, like: &Value) -> Value {
        if like.deep_marks().is_empty() {
            return self.clone();
        }
        let members = |members: &Members| {
            let each = members.iter().map(|(name, item)| match like.get(name) {
                Some(like) => (name.clone(), item.marked_like(like)),
                None => (name.clone(), item.clone()),
            });
            Arc::new(each.collect())
        };
        let items = |items: &[Value]| {
            let others = like.elements().unwrap_or_default();
            let each = items.iter().enumerate();
            let each = each
                .map(|(at, item)| others.get(at).map_or_else(|| item.clone(), |like| item.marked_like(like)));
            Arc::new(each.collect())
        };
        let (kind, mut marks) = match &self.kind {
            Kind::Object(object) => (Kind::Object(members(object)), self.marks),
            Kind::Map(ty, map) => (Kind::Map(ty.clone(), members(map)), self.marks),
            Kind::List(ty, list) => (Kind::List(ty.clone(), items(list)), self.marks),
            Kind::Tuple(tuple) => (Kind::Tuple(items(tuple)), self.marks),
            // The elements of a set have no names of their own, so one marked element marks the whole.
            Kind::Set(..) => (self.kind.clone(), self.marks | like.deep_marks()),
            other => (other.clone(), self.marks),
        };
        marks |= like.marks;
        Value { kind, marks }
    }

    /// Returns the value with the marks of `like` in place of its own.
    #[must_use]
    pub fn remarked_like(&self, like: &Value) -> Value {
        self.unmarked_deep().marked_like(like)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Marks, Type};

    fn map(items: &[(&str, Value)]) -> Value {
        let members = items.iter().map(|(name, value)| (Arc::from(*name), value.clone())).collect();
        Kind::Map(Type::String, Arc::new(members)).into()
    }

    #[test]
    fn marks_come_back_at_every_depth_and_only_where_they_were() {
        let like = Value::object([
            ("tags", map(&[("k", Value::from("s").sensitive()), ("gone", Value::from("s").sensitive())])),
            ("list", Value::tuple(vec![Value::from("a"), map(&[("x", Value::from("y").sensitive())])])),
            ("plain", Value::from("p")),
        ]);
        let plain = Value::object([
            ("tags", map(&[("k", Value::from("other")), ("new", Value::from("n"))])),
            ("list", Value::tuple(vec![Value::from("a"), map(&[("x", Value::from("z"))]), Value::from("b")])),
            ("plain", Value::from("q")),
        ]);
        let marked = plain.marked_like(&like);
        assert_eq!(marked.unmarked_deep(), plain);
        let is_sensitive = |path: &[&str]| {
            path.iter().try_fold(&marked, |value, name| value.get(name)).unwrap().deep_marks().is_sensitive()
        };
        assert!(is_sensitive(&["tags", "k"]) && !is_sensitive(&["tags", "new"]) && !is_sensitive(&["plain"]));
        let list = marked.get("list").unwrap().elements().unwrap();
        assert!(list[1].get("x").unwrap().marks.is_sensitive() && !list[0].marks.is_sensitive());
        assert!(!marked.get("tags").unwrap().marks.is_sensitive());
    }

    #[test]
    fn what_was_marked_and_unknown_marks_the_whole_that_it_became() {
        let like = Value::unknown(Type::map(Type::String)).sensitive();
        assert!(map(&[("k", Value::from("v"))]).marked_like(&like).marks.is_sensitive());
    }

    #[test]
    fn the_marks_of_the_value_itself_go_where_they_are_replaced() {
        let was = map(&[("a", Value::from("1").sensitive()), ("b", Value::from("2"))]);
        let now = map(&[("a", Value::from("1")), ("b", Value::from("2").with_marks(Marks::EPHEMERAL))]);
        assert_eq!(was.remarked_like(&now), now);
    }
}
