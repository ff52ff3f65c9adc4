//! JSON text kept as it was written, and Go's way of writing JSON.
//!
//! A state file holds resources of providers we know nothing about. Their attributes are never turned
//! into numbers and maps and back; they stay text, so that what we write equals what we read.

use std::fmt;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::error::ReadError;

/// Nesting beyond this is refused: no configuration produces it, and decoding it would need unbounded stack.
pub(crate) const MAX_DEPTH: usize = 120;

/// One JSON value as compact text, with Go's escapes of `<`, `>` and `&`.
///
/// Two values compare equal when their texts do, so numbers never lose a digit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RawJson(Arc<str>);

impl RawJson {
    /// Returns the JSON `null`.
    pub fn null() -> Self {
        Self(Arc::from("null"))
    }

    /// Returns the value of a JSON text.
    ///
    /// # Errors
    ///
    /// The text is not JSON, or is nested deeper than 120 levels.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        check_depth(text)?;
        let raw: &RawValue = serde_json::from_str(text).map_err(|error| ReadError::not_json(&error))?;
        Ok(Self::from_raw(raw))
    }

    pub(crate) fn from_raw(raw: &RawValue) -> Self {
        Self(compact(raw.get()).into())
    }

    /// Returns the text of a value, with the keys of objects sorted as Terraform sorts them.
    pub fn from_value(value: &serde_json::Value) -> Self {
        let mut out = String::new();
        write_value(value, &mut out);
        Self(out.into())
    }

    /// Returns the decoded value; numbers keep their text.
    ///
    /// # Errors
    ///
    /// The value cannot be decoded, which a value made by this type never is.
    pub fn to_value(&self) -> Result<serde_json::Value, ReadError> {
        serde_json::from_str(&self.0).map_err(|error| ReadError::not_json(&error))
    }

    /// Returns the compact text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether this is the JSON `null`.
    pub fn is_null(&self) -> bool {
        &*self.0 == "null"
    }

    /// Returns the text indented by two spaces, as Go's `json.MarshalIndent` writes it, without a final newline.
    pub fn to_indented(&self) -> String {
        indent(&self.0)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for RawJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&serde_json::Value> for RawJson {
    fn from(value: &serde_json::Value) -> Self {
        Self::from_value(value)
    }
}

impl serde::Serialize for RawJson {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.0.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for RawJson {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get()).map_err(serde::de::Error::custom)
    }
}

/// Refuses text nested too deeply for a decoder that uses the stack.
pub(crate) fn check_depth(text: &str) -> Result<(), ReadError> {
    let mut depth = 0_usize;
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'"' => at = string_end(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ReadError::TooDeep);
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    Ok(())
}

/// Returns where a string ends whose content begins at `at`.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            // The character after it belongs to it.
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Removes white space between tokens and escapes what Go escapes. What stays as it is is copied in pieces.
fn compact(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                let end = string_end(bytes, at + 1).min(bytes.len());
                if let Some(escaped) = escaped(&text[at..end]) {
                    out.push_str(&text[copied..at]);
                    out.push_str(&escaped);
                    copied = end;
                }
                at = end;
            }
            b' ' | b'\t' | b'\n' | b'\r' => {
                out.push_str(&text[copied..at]);
                while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
                    at += 1;
                }
                copied = at;
            }
            _ => at += 1,
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// Returns a string literal with the escapes that Go adds; nothing if there is nothing to add.
fn escaped(literal: &str) -> Option<String> {
    // U+2028 and U+2029 begin with the byte 0xe2.
    if !literal.bytes().any(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xe2)) {
        return None;
    }
    let mut out = String::with_capacity(literal.len() + 16);
    literal.chars().for_each(|character| push_escaped(character, &mut out));
    Some(out)
}

/// Go's `encoding/json` keeps its output safe inside HTML and JavaScript by escaping these five.
fn push_escaped(character: char, out: &mut String) {
    match character {
        '<' => out.push_str("\\u003c"),
        '>' => out.push_str("\\u003e"),
        '&' => out.push_str("\\u0026"),
        '\u{2028}' => out.push_str("\\u2028"),
        '\u{2029}' => out.push_str("\\u2029"),
        other => out.push(other),
    }
}

/// Writes a JSON string literal with Go's escapes.
pub(crate) fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            control if control < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => push_escaped(other, out),
        }
    }
    out.push('"');
}

fn write_value(value: &serde_json::Value, out: &mut String) {
    use serde_json::Value;
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_text(text, out),
        Value::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        Value::Object(members) => {
            // Sorted here, because the map's own order depends on a feature that any dependency can switch.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|left, right| left.0.cmp(right.0));
            out.push('{');
            for (position, (name, member)) in sorted.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write_value(member, out);
            }
            out.push('}');
        }
    }
}

/// Indents compact JSON by two spaces a level; empty objects and lists stay on one line.
pub(crate) fn indent(compact: &str) -> String {
    let mut out = String::with_capacity(compact.len() * 2);
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut previous = ' ';
    let newline = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    for character in compact.chars() {
        if in_string {
            match character {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_string = false,
                _ => {}
            }
            out.push(character);
            continue;
        }
        let closes = matches!(character, '}' | ']');
        if matches!(previous, '{' | '[') && !closes {
            newline(&mut out, depth);
        }
        match character {
            '{' | '[' => {
                depth += 1;
                out.push(character);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if !matches!(previous, '{' | '[') {
                    newline(&mut out, depth);
                }
                out.push(character);
            }
            ',' => {
                out.push(',');
                newline(&mut out, depth);
            }
            ':' => out.push_str(": "),
            other => {
                in_string = other == '"';
                out.push(other);
            }
        }
        previous = character;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let text = r#"{"a": 12345678901234567890123, "b": 1.50, "c": 1e400}"#;
        let json = RawJson::parse(text).unwrap();
        assert_eq!(json.as_str(), r#"{"a":12345678901234567890123,"b":1.50,"c":1e400}"#);
    }

    #[test]
    fn text_is_escaped_as_go_escapes_it() {
        let value = serde_json::json!({"z": "<a> & \u{2028}\u{1}", "a": []});
        assert_eq!(
            RawJson::from_value(&value).as_str(),
            "{\"a\":[],\"z\":\"\\u003ca\\u003e \\u0026 \\u2028\\u0001\"}"
        );
    }

    #[test]
    fn blanks_go_and_what_go_escapes_is_escaped_wherever_it_stands() {
        for (text, compact) in [
            ("{ \"a b\" :\t[ 1 ,\n2 ] }", "{\"a b\":[1,2]}"),
            (r#"["\\", "\"< ", ">"]"#, r#"["\\","\"\u003c ","\u003e"]"#),
            ("\"\u{2027}\u{2028}é\u{2029}\"", "\"\u{2027}\\u2028é\\u2029\""),
            (" 1 ", "1"),
        ] {
            assert_eq!(RawJson::parse(text).unwrap().as_str(), compact);
        }
    }

    #[test]
    fn indentation_leaves_empty_containers_alone() {
        let json = RawJson::parse(r#"{"a":[],"b":{"c":[1,{}]}}"#).unwrap();
        assert_eq!(
            json.to_indented(),
            "{\n  \"a\": [],\n  \"b\": {\n    \"c\": [\n      1,\n      {}\n    ]\n  }\n}"
        );
    }

    #[test]
    fn a_ladder_of_brackets_is_refused_and_not_followed() {
        let text = "[".repeat(1_000_000);
        assert!(matches!(RawJson::parse(&text), Err(ReadError::TooDeep)));
    }
}
