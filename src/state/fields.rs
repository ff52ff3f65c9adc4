//! The members of the objects in a state file, taken out one by one.
//!
//! A whole state is taken apart in one pass over its text, down to the members of each object; what cannot be taken apart so
//! is read level by level, which is slower and tells what is wrong where.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::error::ReadError;
use super::json::RawJson;

/// Where in the file an object stands; its text is needed for errors only.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// The state itself.
    State,
    /// An output, by its name.
    Output(String),
    /// A resource, by its position.
    Resource(usize),
    /// An object of a resource, by both positions.
    Object(usize, usize),
}

/// Makes the place of an object of a list from its position there.
type PlaceAt = Box<dyn Fn(usize) -> Place>;

impl Place {
    /// Returns the member that holds a list of further objects, and the place of one of these.
    fn nested(&self) -> Option<(&'static str, PlaceAt)> {
        match *self {
            Place::State => Some(("resources", Box::new(Place::Resource))),
            Place::Resource(resource) => {
                Some(("instances", Box::new(move |position| Place::Object(resource, position))))
            }
            Place::Output(_) | Place::Object(..) => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::State => formatter.write_str("state"),
            Place::Output(name) => write!(formatter, "outputs.{name}"),
            Place::Resource(at) => write!(formatter, "resources[{at}]"),
            Place::Object(resource, at) => write!(formatter, "resources[{resource}].instances[{at}]"),
        }
    }
}

enum Member<'a> {
    Raw(&'a RawValue),
    Objects(Vec<Fields<'a>>),
}

/// The members of one object; what is not taken out is unknown to us and kept.
pub(crate) struct Fields<'a> {
    place: Place,
    members: Vec<(Cow<'a, str>, Member<'a>)>,
}

impl<'a> Fields<'a> {
    /// Takes a whole state apart. Nothing if it is not of the form that a state has; then [`Fields::of`] tells why.
    pub(crate) fn of_state(text: &'a str) -> Option<Self> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let fields = Object { place: Place::State, deep: true }.deserialize(&mut deserializer).ok()?;
        deserializer.end().ok()?;
        Some(fields)
    }

    /// Takes one object apart.
    pub(crate) fn of(text: &'a str, place: Place) -> Result<Self, ReadError> {
        if !text.trim_start().starts_with('{') {
            return Err(ReadError::Shape { place: place.to_string(), expected: "an object" });
        }
        let not_json = |error| ReadError::not_json(&error);
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let fields = Object { place, deep: false }.deserialize(&mut deserializer).map_err(not_json)?;
        deserializer.end().map_err(not_json)?;
        Ok(fields)
    }

    fn take_member(&mut self, name: &str) -> Option<Member<'a>> {
        let at = self.members.iter().position(|(found, _)| found == name)?;
        Some(self.members.remove(at).1)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<&'a RawValue> {
        match self.take_member(name)? {
            // JSON null and an absent member mean the same to Terraform everywhere in this format.
            Member::Raw(raw) if raw.get() != "null" => Some(raw),
            Member::Raw(_) | Member::Objects(_) => None,
        }
    }

    pub(crate) fn take_json(&mut self, name: &str) -> Option<RawJson> {
        self.take(name).map(RawJson::from_raw)
    }

    pub(crate) fn take_text(&mut self, name: &str) -> Result<Option<String>, ReadError> {
        let Some(raw) = self.take(name) else { return Ok(None) };
        match plain_text(raw.get()) {
            Some(text) => Ok(Some(text.to_owned())),
            None => serde_json::from_str(raw.get()).map(Some).map_err(|_| self.shape(name, "a string")),
        }
    }

    pub(crate) fn take_number(&mut self, name: &str) -> Result<Option<u64>, ReadError> {
        self.take_typed(name, "a whole number that is not negative")
    }

    pub(crate) fn take_bool(&mut self, name: &str) -> Result<bool, ReadError> {
        Ok(self.take_typed(name, "true or false")?.unwrap_or(false))
    }

    /// Takes the list of objects below this one.
    pub(crate) fn take_objects(&mut self) -> Result<Vec<Fields<'a>>, ReadError> {
        let Some((name, place)) = self.place.nested() else { return Ok(Vec::new()) };
        let raw = match self.take_member(name) {
            Some(Member::Objects(objects)) => return Ok(objects),
            Some(Member::Raw(raw)) if raw.get() != "null" => raw,
            _ => return Ok(Vec::new()),
        };
        let items: Vec<&RawValue> =
            serde_json::from_str(raw.get()).map_err(|_| self.shape(name, "a list"))?;
        items.into_iter().enumerate().map(|(at, item)| Fields::of(item.get(), place(at))).collect()
    }

    pub(crate) fn take_typed<T: serde::Deserialize<'a>>(
        &mut self,
        name: &str,
        expected: &'static str,
    ) -> Result<Option<T>, ReadError> {
        let Some(raw) = self.take(name) else { return Ok(None) };
        match serde_json::from_str(raw.get()) {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(self.shape(name, expected)),
        }
    }

    pub(crate) fn shape(&self, name: &str, expected: &'static str) -> ReadError {
        ReadError::Shape { place: format!("{}.{name}", self.place), expected }
    }

    pub(crate) fn require<T>(&self, name: &str, value: Option<T>) -> Result<T, ReadError> {
        value.ok_or_else(|| ReadError::Missing { place: format!("{}.{name}", self.place) })
    }

    pub(crate) fn rest(self) -> IndexMap<String, RawJson> {
        let raw = |(name, member): (Cow<'a, str>, Member<'a>)| match member {
            Member::Raw(raw) => Some((name.into_owned(), RawJson::from_raw(raw))),
            Member::Objects(_) => None,
        };
        self.members.into_iter().filter_map(raw).collect()
    }
}

/// Returns the text of a JSON string without escapes, which most are.
fn plain_text(json: &str) -> Option<&str> {
    let text = json.strip_prefix('"')?.strip_suffix('"')?;
    (!text.as_bytes().contains(&b'\\')).then_some(text)
}

/// Reads the members of an object; `deep` takes the objects below it apart as well.
struct Object {
    place: Place,
    deep: bool,
}

impl<'de> DeserializeSeed<'de> for Object {
    type Value = Fields<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = Fields<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let nested = self.place.nested().filter(|_| self.deep);
        let mut members: Vec<(Cow<'de, str>, Member<'de>)> = Vec::with_capacity(8);
        while let Some(name) = map.next_key_seed(Name)? {
            let member = match &nested {
                Some((list, place)) if name == *list => Member::Objects(map.next_value_seed(Objects(place))?),
                _ => Member::Raw(map.next_value()?),
            };
            // The last of several members of one name counts, as everywhere in Go.
            match members.iter_mut().find(|(found, _)| *found == name) {
                Some((_, earlier)) => *earlier = member,
                None => members.push((name, member)),
            }
        }
        Ok(Fields { place: self.place, members })
    }
}

/// Reads a list of objects, with the place of each.
struct Objects<'f>(&'f dyn Fn(usize) -> Place);

impl<'de> DeserializeSeed<'de> for Objects<'_> {
    type Value = Vec<Fields<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Objects<'_> {
    type Value = Vec<Fields<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut objects = Vec::new();
        while let Some(next) =
            items.next_element_seed(Object { place: (self.0)(objects.len()), deep: true })?
        {
            objects.push(next);
        }
        Ok(objects)
    }
}

/// Reads the name of a member, without a copy where it has no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_and_level_by_level_find_the_same() {
        let text =
            r#"{"resources": [{"type": "t", "instances": [{"a": 1, "b": {"c": []}}, {}]}, {}], "serial": 3}"#;
        let describe = |mut state: Fields<'_>| -> Vec<String> {
            let mut found = Vec::new();
            for mut resource in state.take_objects().unwrap() {
                for object in resource.take_objects().unwrap() {
                    found.push(format!("{}: {:?}", object.place.clone(), object.rest()));
                }
                found.push(format!("{}: {:?}", resource.place.clone(), resource.rest()));
            }
            found.push(format!("{:?}", state.rest()));
            found
        };
        let whole = describe(Fields::of_state(text).unwrap());
        assert_eq!(whole, describe(Fields::of(text, Place::State).unwrap()));
        assert_eq!(whole[0], r#"resources[0].instances[0]: {"a": 1, "b": {"c":[]}}"#);
        assert_eq!(whole.len(), 5);
    }

    #[test]
    fn what_is_no_state_is_left_to_the_careful_way() {
        for text in ["[]", "{} {}", r#"{"resources": null}"#, r#"{"resources": [1]}"#, "{"] {
            assert!(Fields::of_state(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_last_of_two_members_of_one_name_counts() {
        let mut fields = Fields::of_state(r#"{"serial": 1, "x": 0, "serial": 2}"#).unwrap();
        assert_eq!(fields.take_number("serial").unwrap(), Some(2));
    }
}
