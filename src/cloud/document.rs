//! A JSON answer as one text and one list of its values.
//!
//! A tree of values would take a piece of memory for each of the thousands of names and texts on a page, between the objects that
//! are kept of it; after a hundred thousand objects the allocator looks longer for a place than the values take to read.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The name under which `serde_json` hands over a number that fits into no machine type, with all its digits (its feature
/// `arbitrary_precision`).
const NUMBER: &str = "$serde_json::private::Number";

/// A value of a document: its place in the list of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position(usize);

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    String,
    List,
    Object,
}

/// A document, read in one pass.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    /// All names and texts, one after the other, with escapes resolved.
    text: String,
    /// All values; the parts of a list or object come right after it.
    values: Vec<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    kind: Kind,
    /// Empty for what is not a member of an object.
    name: Span,
    /// The text of a string, a number as it is written, `true` or `false`.
    text: Span,
    /// Where the next value that is not part of this one lies.
    after: u32,
}

/// A part of the text, in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// It is not JSON, or nested deeper than 128.
    pub(crate) fn read(bytes: &[u8]) -> Result<Document, serde_json::Error> {
        // The values of answers are about twenty bytes long, with their names.
        let (text, values) = (String::with_capacity(bytes.len()), Vec::with_capacity(bytes.len() / 20 + 1));
        let mut document = Document { text, values };
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        Part { document: &mut document, name: Span::default() }.deserialize(&mut reader)?;
        reader.end()?;
        Ok(document)
    }

    /// Returns the value that all others are part of.
    pub(crate) fn root(&self) -> Position {
        Position(0)
    }

    /// Returns what a value is.
    pub(crate) fn kind(&self, place: Position) -> Kind {
        self.values[place.0].kind
    }

    /// Returns a string, the digits of a number, `true` or `false`; nothing for other values.
    pub(crate) fn text(&self, place: Position) -> &str {
        self.slice(self.values[place.0].text)
    }

    /// Returns the member of an object; of several with the name, the last one.
    pub(crate) fn member(&self, place: Position, name: &str) -> Option<Position> {
        let named = |part: &Position| self.slice(self.values[part.0].name) == name;
        self.parts(place, Kind::Object).filter(named).last()
    }

    /// Returns the items of a list; nothing for other values.
    pub(crate) fn items(&self, place: Position) -> impl Iterator<Item = Position> {
        self.parts(place, Kind::List)
    }

    fn parts(&self, place: Position, kind: Kind) -> impl Iterator<Item = Position> {
        let whole = &self.values[place.0];
        let end = if whole.kind == kind { whole.after as usize } else { 0 };
        let first = Some(place.0 + 1).filter(|first| *first < end);
        let next = move |at: &usize| Some(self.values[*at].after as usize).filter(|next| *next < end);
        std::iter::successors(first, next).map(Position)
    }

    fn slice(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    fn keep<E: Error>(&mut self, text: &str) -> Result<Span, E> {
        let start = count(self.text.len())?;
        self.text.push_str(text);
        Ok(Span { start, end: count(self.text.len())? })
    }

    fn add<E: Error>(&mut self, kind: Kind, name: Span, text: Span) -> Result<usize, E> {
        let at = self.values.len();
        self.values.push(Entry { kind, name, text, after: count(at + 1)? });
        Ok(at)
    }

    /// Ends a list or object: all that was added since is part of it.
    fn close<E: Error>(&mut self, at: usize) -> Result<(), E> {
        self.values[at].after = count(self.values.len())?;
        Ok(())
    }
}

fn count<E: Error>(length: usize) -> Result<u32, E> {
    u32::try_from(length).map_err(|_| E::custom("longer than 4 GiB"))
}

/// Reads a value to the end of a document.
struct Part<'a> {
    document: &'a mut Document,
    name: Span,
}

impl Part<'_> {
    fn scalar<E: Error>(self, kind: Kind, text: &str) -> Result<(), E> {
        let text = self.document.keep(text)?;
        self.document.add(kind, self.name, text).map(drop)
    }
}

impl<'de> DeserializeSeed<'de> for Part<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Part<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.scalar(Kind::Null, "")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<(), E> {
        self.scalar(Kind::Bool, if flag { "true" } else { "false" })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.scalar(Kind::Number, &number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.scalar(Kind::Number, &number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.scalar(Kind::Number, &number.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.scalar(Kind::String, text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Part { document, name } = self;
        let at = document.add(Kind::List, name, Span::default())?;
        while items.next_element_seed(Part { document: &mut *document, name: Span::default() })?.is_some() {}
        document.close(at)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let Part { document, name } = self;
        let at = document.add(Kind::Object, name, Span::default())?;
        while let Some(name) = members.next_key_seed(Text(&mut *document))? {
            if document.slice(name) == NUMBER {
                document.values[at].text = members.next_value_seed(Text(&mut *document))?;
                document.values[at].kind = Kind::Number;
            } else {
                members.next_value_seed(Part { document: &mut *document, name })?;
            }
        }
        document.close(at)
    }
}

/// Reads a text to the end of the text of a document.
struct Text<'a>(&'a mut Document);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = Span;

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<Span, D::Error> {
        reader.deserialize_str(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = Span;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Span, E> {
        self.0.keep(text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// Makes the tree of values of a document again.
    fn tree(document: &Document, place: Position) -> Value {
        let text = document.text(place);
        match document.kind(place) {
            Kind::Null => Value::Null,
            Kind::Bool => Value::Bool(text == "true"),
            Kind::Number => serde_json::from_str(text).unwrap(),
            Kind::String => Value::String(text.to_owned()),
            Kind::List => document.items(place).map(|item| tree(document, item)).collect(),
            Kind::Object => {
                let name = |part: Position| document.slice(document.values[part.0].name).to_owned();
                let parts = document.parts(place, Kind::Object);
                Value::Object(parts.map(|part| (name(part), tree(document, part))).collect())
            }
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f32>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_document_holds_what_was_written(value in any_value()) {
            let document = Document::read(value.to_string().as_bytes()).unwrap();
            prop_assert_eq!(tree(&document, document.root()), value);
        }

        #[test]
        fn what_is_no_json_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let read = Document::read(&bytes).is_ok();
            prop_assert_eq!(read, serde_json::from_slice::<Value>(&bytes).is_ok());
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let document = Document::read(b"[99999999999999999999, 1.10, -2e400]").unwrap();
        let digits: Vec<&str> = document.items(document.root()).map(|item| document.text(item)).collect();
        assert_eq!(digits[..2], ["99999999999999999999", "1.10"]);
        assert!(document.items(document.root()).all(|item| document.kind(item) == Kind::Number));
    }

    #[test]
    fn the_last_of_several_members_counts_and_parts_end_with_the_whole() {
        let text = json!({ "a": { "x": 1 }, "b": [], "c": "end" }).to_string().replace("\"c\"", "\"b\"");
        let document = Document::read(text.as_bytes()).unwrap();
        let member = |name| document.member(document.root(), name);
        assert_eq!(member("b").map(|at| document.text(at)), Some("end"));
        assert_eq!(member("x"), None);
        assert_eq!(document.items(document.root()).count(), 0);
        let a = member("a").unwrap();
        assert_eq!(document.member(a, "x").map(|at| document.text(at)), Some("1"));
        assert_eq!(document.member(a, "b"), None);
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(Document::read("[".repeat(100_000).as_bytes()).is_err());
    }
}
