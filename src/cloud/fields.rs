//! Reading JSON answers leniently: unknown fields are passed over, numbers may come as text and text as numbers.
//!
//! The vendors' samples contradict their own tables (ECS `SourceDiskSize` is declared a string and shown as a number), so a
//! field is read as what it is needed as, and an absent or unreadable one is `None`, never an error.

use std::sync::Arc;

use super::document::{Document, Kind, Position};

/// A JSON object of an answer, shared without copying.
#[derive(Debug, Clone)]
pub(crate) struct Fields {
    document: Arc<Document>,
    place: Position,
}

impl Fields {
    /// Reads an answer.
    ///
    /// # Errors
    /// It is not JSON.
    pub(crate) fn read(bytes: &[u8]) -> Result<Fields, serde_json::Error> {
        let document = Document::read(bytes)?;
        let place = document.root();
        Ok(Fields { document: Arc::new(document), place })
    }

    /// Returns the object at a path of names separated by dots.
    pub(crate) fn object(&self, path: &str) -> Option<Fields> {
        self.at(path).and_then(|place| self.object_at(place))
    }

    /// Returns a string; numbers and booleans are printed.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        let place = self.at(path)?;
        let printed = matches!(self.document.kind(place), Kind::String | Kind::Number | Kind::Bool);
        printed.then(|| self.document.text(place).to_owned())
    }

    /// Returns a string that is not empty.
    pub(crate) fn filled(&self, path: &str) -> Option<String> {
        self.text(path).filter(|text| !text.is_empty())
    }

    /// Returns a whole number, from a number or from decimal text.
    pub(crate) fn integer(&self, path: &str) -> Option<i64> {
        let place = self.at(path)?;
        let text = self.document.text(place);
        match self.document.kind(place) {
            Kind::Number => text.parse().ok().or_else(|| {
                let float: f64 = text.parse().ok()?;
                (float.is_finite() && float.fract() == 0.0).then_some(float as i64)
            }),
            Kind::String => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Returns a boolean, from a boolean or from `true`/`false` in any case.
    pub(crate) fn flag(&self, path: &str) -> Option<bool> {
        let place = self.at(path)?;
        let text = self.document.text(place);
        match self.document.kind(place) {
            Kind::Bool | Kind::String => text.to_ascii_lowercase().parse().ok(),
            _ => None,
        }
    }

    /// Returns the objects of a list; an absent list is empty.
    pub(crate) fn list(&self, path: &str) -> Vec<Fields> {
        let items = self.at(path).into_iter().flat_map(|list| self.document.items(list));
        items.filter_map(|item| self.object_at(item)).collect()
    }

    /// Returns the strings of a list; an absent list is empty.
    pub(crate) fn texts(&self, path: &str) -> Vec<String> {
        let items = self.at(path).into_iter().flat_map(|list| self.document.items(list));
        let strings = items.filter(|item| self.document.kind(*item) == Kind::String);
        strings.map(|item| self.document.text(item).to_owned()).collect()
    }

    /// Returns whether the path leads to a list.
    pub(crate) fn has_list(&self, path: &str) -> bool {
        self.at(path).is_some_and(|place| self.document.kind(place) == Kind::List)
    }

    /// Returns name-value pairs of a list of objects, such as tags.
    pub(crate) fn pairs(&self, path: &str, key: &str, value: &str) -> Vec<(String, String)> {
        let pair = |item: Fields| Some((item.text(key)?, item.text(value).unwrap_or_default()));
        self.list(path).into_iter().filter_map(pair).collect()
    }

    /// Returns the value at a path of names separated by dots, if there is one and it is not null.
    fn at(&self, path: &str) -> Option<Position> {
        let place = path.split('.').try_fold(self.place, |place, name| self.document.member(place, name));
        place.filter(|place| self.document.kind(*place) != Kind::Null)
    }

    fn object_at(&self, place: Position) -> Option<Fields> {
        let found = self.document.kind(place) == Kind::Object;
        found.then(|| Fields { document: Arc::clone(&self.document), place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        Fields::read(text.as_bytes()).unwrap()
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
        assert_eq!(read.list("tags").len(), 2);
        assert!(read.object("tags").is_none());
        assert!(!read.has_list("list"));
        assert_eq!(read.pairs("tags", "Key", "Value"), [("a".to_owned(), String::new())]);
        assert_eq!(read.text("deep.er"), None);
    }
}
