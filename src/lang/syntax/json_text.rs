//! Reads JSON text with the range of every value.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange};

use super::super::number::Number;
use super::json::{Kind, Node, Property};

/// Deeper values are refused: they would need as deep a stack.
const MAX_DEPTH: usize = 64;

/// Returns the value of a JSON text; nothing when it could not be read.
pub(super) fn parse(source: SourceId, text: &str) -> (Option<Node>, Diagnostics) {
    let mut reader = Reader { source, text, at: 0 };
    if text.starts_with('\u{feff}') {
        reader.at = 3;
    }
    let result = reader.value(0).and_then(|node| {
        reader.skip_space();
        if reader.at < text.len() {
            let range = reader.range(reader.at, reader.at + 1);
            let detail = "Extraneous data after the JSON value: a file holds one value only.";
            return Err(Diagnostic::error("Extraneous data after value", detail).at(range));
        }
        Ok(node)
    });
    match result {
        Ok(node) => (Some(node), Diagnostics::new()),
        Err(diagnostic) => (None, diagnostic.into()),
    }
}

struct Reader<'a> {
    source: SourceId,
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn range(&self, start: usize, end: usize) -> SourceRange {
        SourceRange::new(self.source, start, end)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn error(&self, summary: &str, detail: impl Into<String>) -> Diagnostic {
        Diagnostic::error(summary, detail).at(self.range(self.at, (self.at + 1).min(self.text.len())))
    }

    fn value(&mut self, depth: usize) -> Result<Node, Diagnostic> {
        self.skip_space();
        let start = self.at;
        if depth > MAX_DEPTH {
            let detail = format!("Values may be nested at most {MAX_DEPTH} levels deep.");
            return Err(self.error("Value is nested too deeply", detail));
        }
        let kind = match self.peek() {
            None => {
                return Err(
                    self.error("Missing JSON value", "A JSON value must start here, but the text ends.")
                );
            }
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'a'..=b'z' | b'A'..=b'Z') => self.keyword()?,
            Some(_) => {
                let detail =
                    "A JSON value must start with a brace, a bracket, a number, a string, or a keyword.";
                return Err(self.error("Invalid start of value", detail));
            }
        };
        Ok(Node { kind, range: self.range(start, self.at) })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Diagnostic> {
        let open = self.at;
        self.at += 1;
        let mut properties = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b'}') if properties.is_empty() => break,
                Some(b'"') => {}
                None => return Err(self.unclosed("object", open)),
                Some(b'}') => {
                    let detail =
                        "JSON does not permit a trailing comma after the final property in an object.";
                    return Err(self.trailing_comma("Trailing comma in object", detail));
                }
                Some(_) => {
                    return Err(self.error(
                        "Invalid object property name",
                        "A JSON object property name must be a string",
                    ));
                }
            }
            let start = self.at;
            let name = self.string()?;
            let name_range = self.range(start, self.at);
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.error(
                    "Missing property value colon",
                    "A colon must appear between an object property's name and its value.",
                ));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            properties.push(Property { name, name_range, value });
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                None => return Err(self.unclosed("object", open)),
                Some(_) => {
                    self.leave(b'{', b'}');
                    return Err(self.error(
                        "Missing attribute seperator comma",
                        "A comma must appear between each property definition in an object.",
                    ));
                }
            }
        }
        self.at += 1;
        Ok(Kind::Object(properties))
    }

    fn array(&mut self, depth: usize) -> Result<Kind, Diagnostic> {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_space();
            match self.peek() {
                Some(b']') if items.is_empty() => break,
                None => return Err(self.unclosed("array", open)),
                Some(b']') => {
                    let detail = "JSON does not permit a trailing comma after the final value in an array.";
                    return Err(self.trailing_comma("Trailing comma in array", detail));
                }
                Some(_) => {}
            }
            items.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                None => return Err(self.unclosed("array", open)),
                Some(_) => {
                    self.leave(b'[', b']');
                    return Err(self.error(
                        "Missing attribute seperator comma",
                        "A comma must appear between each value in an array.",
                    ));
                }
            }
        }
        self.at += 1;
        Ok(Kind::Array(items))
    }

    /// Goes behind the container that this place is in: Terraform points there when a comma is missing.
    fn leave(&mut self, open: u8, close: u8) {
        let mut depth = 1;
        while let Some(byte) = self.peek() {
            if byte == b'"' {
                if self.string().is_err() {
                    break;
                }
                continue;
            }
            self.at += 1;
            if byte == open {
                depth += 1;
            } else if byte == close {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
        }
        self.at = self.at.min(self.text.len());
        self.skip_space();
    }

    /// Points at the comma before this place.
    fn trailing_comma(&self, summary: &str, detail: &str) -> Diagnostic {
        let comma = self.text[..self.at].rfind(',').unwrap_or(self.at);
        Diagnostic::error(summary, detail).at(self.range(comma, comma + 1))
    }

    fn unclosed(&self, what: &str, open: usize) -> Diagnostic {
        let bracket = if what == "object" { "brace" } else { "bracket" };
        let detail = format!("There is no closing {bracket} for this JSON {what}.");
        Diagnostic::error(format!("Unclosed {what}"), detail).at(self.range(open, open + 1))
    }

    fn keyword(&mut self) -> Result<Kind, Diagnostic> {
        let start = self.at;
        while matches!(self.peek(), Some(b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'-')) {
            self.at += 1;
        }
        match &self.text[start..self.at] {
            "true" => Ok(Kind::Bool(true)),
            "false" => Ok(Kind::Bool(false)),
            "null" => Ok(Kind::Null),
            word => {
                let detail = format!("{word:?} is not a valid JSON keyword.");
                Err(Diagnostic::error("Invalid JSON keyword", detail).at(self.range(start, self.at)))
            }
        }
    }

    fn number(&mut self) -> Result<Kind, Diagnostic> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        let valid = serde_json::from_str::<serde_json::Number>(text).is_ok();
        match Number::parse(text) {
            Some(number) if valid => Ok(Kind::Number(number)),
            _ => {
                let detail = "This is not a valid JSON number.".to_owned();
                Err(Diagnostic::error("Invalid JSON number", detail).at(self.range(start, self.at)))
            }
        }
    }

    fn string(&mut self) -> Result<Arc<str>, Diagnostic> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(b'\n') | None => {
                    let detail = "This string is never closed on its line: JSON strings end with a double quote, and a newline in them is written \\n.";
                    let range = self.range(start, self.at.min(self.text.len()));
                    return Err(Diagnostic::error("Unclosed JSON string", detail).at(range));
                }
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let raw = self.text.get(start..self.at).unwrap_or("");
        let range = self.range(start, self.at.min(self.text.len()));
        serde_json::from_str::<String>(raw).map(Into::into).map_err(|error| {
            let detail = format!("This JSON string is not valid: {error}.");
            Diagnostic::error("Invalid JSON string", detail).at(range)
        })
    }
}
