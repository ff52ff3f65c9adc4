//! Reading JSON answers leniently: unknown fields are passed over, numbers may come as text and text as numbers.
//!
//! The vendors' samples contradict their own tables (ECS `SourceDiskSize` is declared a string and shown as a number), so a
//! field is read as what it is needed as, and an absent or unreadable one is `None`, never an error.

use std::sync::Arc;

use serde_json::Value;

/// A JSON object of an answer, shared without copying.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    value: Arc<Value>,
}

impl Fields {
    pub(crate) fn new(value: Value) -> Fields {
        Fields { value: Arc::new(value) }
    }

    /// Returns the value at a path of names separated by dots.
    pub(crate) fn at(&self, path: &str) -> Option<&Value> {
        path.split('.').try_fold(&*self.value, |value, name| value.get(name)).filter(|value| !value.is_null())
    }

    /// Returns a string; numbers and booleans are printed.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        match self.at(path)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            _ => None,
        }
    }

    /// Returns a string that is not empty.
    pub(crate) fn filled(&self, path: &str) -> Option<String> {
        self.text(path).filter(|text| !text.is_empty())
    }

    /// Returns a whole number, from a number or from decimal text.
    pub(crate) fn integer(&self, path: &str) -> Option<i64> {
        match self.at(path)? {
            Value::Number(number) => number
                .as_i64()
                .or_else(|| number.as_f64().filter(|float| float.fract() == 0.0).map(|float| float as i64)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Returns a boolean, from a boolean or from `true`/`false` in any case.
    pub(crate) fn flag(&self, path: &str) -> Option<bool> {
        match self.at(path)? {
            Value::Bool(flag) => Some(*flag),
            Value::String(text) => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    /// Returns the objects of a list; an absent list is empty.
    pub(crate) fn list(&self, path: &str) -> Vec<Fields> {
        let items = self.at(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter(|item| item.is_object()).map(|item| Fields::new(item.clone())).collect()
    }

    /// Returns the objects of a list without copying them; an absent list is empty.
    pub(crate) fn into_list(self, path: &str) -> Vec<Fields> {
        let mut value = Arc::unwrap_or_clone(self.value);
        let list = path.split('.').try_fold(&mut value, |value, name| value.get_mut(name)).map(Value::take);
        let Some(Value::Array(items)) = list else { return Vec::new() };
        items.into_iter().filter(Value::is_object).map(Fields::new).collect()
    }

    /// Returns the strings of a list; an absent list is empty.
    pub(crate) fn texts(&self, path: &str) -> Vec<String> {
        let items = self.at(path).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Returns whether the path leads to a list.
    pub(crate) fn has_list(&self, path: &str) -> bool {
        self.at(path).is_some_and(Value::is_array)
    }

    /// Returns name-value pairs of a list of objects, such as tags.
    pub(crate) fn pairs(&self, path: &str, key: &str, value: &str) -> Vec<(String, String)> {
        let pair = |item: Fields| Some((item.text(key)?, item.text(value).unwrap_or_default()));
        self.list(path).into_iter().filter_map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        Fields::new(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn numbers_and_text_stand_in_for_each_other() {
        let read =
            fields(r#"{"a":"12","b":12,"c":"True","d":null,"e":{"f":3.0},"g":"x","h":99999999999999999999}"#);
        assert_eq!(read.integer("a"), Some(12));
        assert_eq!(read.text("b").as_deref(), Some("12"));
        assert_eq!(read.flag("c"), Some(true));
        assert_eq!(read.text("d"), None);
        assert_eq!(read.integer("e.f"), Some(3));
        assert_eq!(read.integer("g"), None);
        assert_eq!(read.text("h").as_deref(), Some("99999999999999999999"));
    }

    #[test]
    fn odd_shapes_are_absent_not_faults() {
        let read = fields(r#"{"list":"no","tags":[{"Key":"a"},7,{"Value":"b"}],"deep":3}"#);
        assert!(read.list("list").is_empty());
        assert!(read.clone().into_list("list").is_empty());
        assert_eq!(read.clone().into_list("tags").len(), 2);
        assert!(!read.has_list("list"));
        assert_eq!(read.pairs("tags", "Key", "Value"), [("a".to_owned(), String::new())]);
        assert_eq!(read.text("deep.er"), None);
    }
}
