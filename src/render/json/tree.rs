//! JSON whose members keep their order, written as Go writes it.
//!
//! Terraform's documents have the members of a structure in a fixed order and those of a map sorted; both are lists of
//! members here, and whoever makes one brings the right order.

use std::borrow::Cow;

use crate::state::json::write_text;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written, of any precision.
    Number(String),
    /// A text.
    Text(String),
    /// An array.
    List(Vec<Json>),
    /// An object.
    Object(Members),
    /// A value that is written already.
    Raw(String),
}

/// The members of an object in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members(Vec<(Cow<'static, str>, Json)>);

impl Members {
    /// Returns no members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Json>) -> Self {
        self.put(name, value);
        self
    }

    /// Adds a member if there is a value.
    #[must_use]
    pub fn maybe(mut self, name: impl Into<Cow<'static, str>>, value: Option<impl Into<Json>>) -> Self {
        if let Some(value) = value {
            self.put(name, value);
        }
        self
    }

    /// Adds a member.
    pub fn put(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Json>) {
        self.0.push((name.into(), value.into()));
    }

    /// Adds all members of others.
    pub fn extend(&mut self, others: Members) {
        self.0.extend(others.0);
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the members, unless there are none.
    pub fn non_empty(self) -> Option<Self> {
        (!self.is_empty()).then_some(self)
    }

    /// Returns the members in the order of their names, as Go writes maps.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|a, b| a.0.cmp(&b.0));
        self
    }
}

impl<N: Into<Cow<'static, str>>> FromIterator<(N, Json)> for Members {
    fn from_iter<I: IntoIterator<Item = (N, Json)>>(members: I) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

impl From<Members> for Json {
    fn from(members: Members) -> Self {
        Json::Object(members)
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Json::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Json::Number(value.to_string())
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Self {
        Json::Number(value.to_string())
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Json::Text(text)
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(items: Vec<T>) -> Self {
        Json::List(items.into_iter().map(Into::into).collect())
    }
}

/// Maps are sorted, whatever the order of the decoded value.
impl From<&serde_json::Value> for Json {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Json::Null,
            serde_json::Value::Bool(value) => Json::Bool(*value),
            serde_json::Value::Number(number) => Json::Number(number.to_string()),
            serde_json::Value::String(text) => Json::Text(text.clone()),
            serde_json::Value::Array(items) => Json::List(items.iter().map(Json::from).collect()),
            serde_json::Value::Object(members) => {
                let members: Members =
                    members.iter().map(|(name, value)| (name.clone(), Json::from(value))).collect();
                Json::Object(members.sorted())
            }
        }
    }
}

impl std::fmt::Display for Json {
    /// Writes compact text on one line.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        self.write(&mut text);
        f.write_str(&text)
    }
}

impl Json {
    fn write(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(true) => out.push_str("true"),
            Json::Bool(false) => out.push_str("false"),
            Json::Number(text) | Json::Raw(text) => out.push_str(text),
            Json::Text(text) => write_text(text, out),
            Json::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Json::Object(members) => {
                out.push('{');
                for (at, (name, value)) in members.0.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(name, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_texts_are_escaped_as_go_does() {
        let json =
            Members::new().with("b", "<a&\u{2028}>").with("a", vec![1_usize, 2]).maybe("c", None::<bool>);
        assert_eq!(Json::from(json).to_string(), r#"{"b":"\u003ca\u0026\u2028\u003e","a":[1,2]}"#);
    }
}
