//! Reads JSON text with the range of every value, in the manner and the words of HCL's own reader: what cannot be read is an
//! invalid value, and reading goes on behind it.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange};

use super::super::number::Number;
use super::json::{Kind, Node, Property};

/// Deeper values are refused: they would need as deep a stack.
const MAX_DEPTH: usize = 64;

/// Returns the value of a JSON text, as far as it could be read, and what is wrong in it.
pub(super) fn parse(source: SourceId, text: &str) -> (Node, Diagnostics) {
    let mut reader =
        Reader { tokens: tokens(text), at: 0, source, text, found: Diagnostics::new(), silent: false };
    let node = reader.value(0);
    let next = reader.peek();
    if reader.found.is_empty() && next.sign != Sign::End {
        reader.error("Extraneous data after value", "Extra characters appear after the JSON value.", next);
    }
    (node, reader.found)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    OpenBrace,
    CloseBrace,
    OpenBracket,
    CloseBracket,
    Colon,
    Comma,
    Equals,
    String,
    Number,
    Keyword,
    Invalid,
    End,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    sign: Sign,
    start: usize,
    end: usize,
}

/// Cuts a text into tokens; the first character that begins none ends it.
fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let run = |is: fn(u8) -> bool| bytes[at..].iter().take_while(|byte| is(**byte)).count();
        let (sign, length) = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                at += 1;
                continue;
            }
            b'{' => (Sign::OpenBrace, 1),
            b'}' => (Sign::CloseBrace, 1),
            b'[' => (Sign::OpenBracket, 1),
            b']' => (Sign::CloseBracket, 1),
            b':' => (Sign::Colon, 1),
            b',' => (Sign::Comma, 1),
            b'=' => (Sign::Equals, 1),
            b'"' => (Sign::String, string_length(&bytes[at..])),
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                (Sign::Number, run(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')))
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                (Sign::Keyword, run(|byte| byte.is_ascii_alphabetic() || byte == b'_'))
            }
            _ => (Sign::Invalid, text[at..].chars().next().map_or(1, char::len_utf8)),
        };
        all.push(Token { sign, start: at, end: at + length });
        at += length;
        if sign == Sign::Invalid {
            break;
        }
    }
    all.push(Token { sign: Sign::End, start: at, end: at });
    all
}

/// Returns how long a string is, both quotes included; one that is not closed ends before a control character.
fn string_length(bytes: &[u8]) -> usize {
    let mut escaping = false;
    for (at, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            b'\\' => escaping = !escaping,
            b'"' if !escaping => return at + 1,
            0..=31 => return at,
            _ => escaping = false,
        }
    }
    bytes.len()
}

struct Reader<'a> {
    tokens: Vec<Token>,
    at: usize,
    source: SourceId,
    text: &'a str,
    found: Diagnostics,
    /// Whether nothing more is reported.
    silent: bool,
}

/// Files of native syntax may begin with the mark, those of JSON may not.
const MARKED: &str = "A byte order mark stands before the JSON value, where Terraform refuses it too. Save the file as UTF-8 without one.";
const STARTS: &str = "A JSON value must start with a brace, a bracket, a number, a string, or a keyword.";

impl Reader<'_> {
    fn peek(&self) -> Token {
        self.tokens[self.at]
    }

    fn read(&mut self) -> Token {
        let token = self.peek();
        if token.sign != Sign::End {
            self.at += 1;
        }
        token
    }

    fn range(&self, token: Token) -> SourceRange {
        SourceRange::new(self.source, token.start, token.end)
    }

    fn error(&mut self, summary: &str, detail: impl Into<String>, token: Token) {
        if !self.silent {
            self.found.push(Diagnostic::error(summary, detail).at(self.range(token)));
        }
    }

    fn value(&mut self, depth: usize) -> Node {
        let token = self.peek();
        let kind = match token.sign {
            _ if depth > MAX_DEPTH => {
                let detail = format!("Values may be nested at most {MAX_DEPTH} levels deep.");
                self.error("Value is nested too deeply", detail, token);
                // There is nothing to be said of the rest.
                self.at = self.tokens.len() - 1;
                self.silent = true;
                None
            }
            Sign::OpenBrace => self.object(depth),
            Sign::OpenBracket => self.array(depth),
            Sign::String => self.string(),
            Sign::Number => self.number(),
            Sign::Keyword => self.keyword(),
            Sign::CloseBrace => {
                self.error("Missing JSON value", STARTS, token);
                None
            }
            Sign::CloseBracket => {
                self.error("Missing array element value", STARTS, token);
                None
            }
            Sign::End => {
                self.error("Missing value", "The JSON data ends prematurely.", token);
                None
            }
            _ => {
                let is_mark = token.start == 0 && self.text.starts_with('\u{feff}');
                self.error("Invalid start of value", if is_mark { MARKED } else { STARTS }, token);
                None
            }
        };
        match kind {
            Some(kind) => {
                let last = self.tokens[self.at.saturating_sub(1)];
                Node { kind, range: SourceRange::new(self.source, token.start, last.end) }
            }
            None => Node { kind: Kind::Invalid, range: self.range(token) },
        }
    }

    /// Goes to what seems to be the end of an object or array that `token` stands in.
    fn recover(&mut self, mut token: Token, open: Sign, close: Sign) {
        let mut depth = 1;
        loop {
            match token.sign {
                Sign::End => return,
                sign if sign == open => depth += 1,
                sign if sign == close => {
                    depth -= 1;
                    if depth <= 1 {
                        return;
                    }
                }
                _ => {}
            }
            token = self.read();
        }
    }

    fn recover_object(&mut self) {
        let token = self.read();
        self.recover(token, Sign::OpenBrace, Sign::CloseBrace);
    }

    fn recover_array(&mut self) {
        let token = self.read();
        self.recover(token, Sign::OpenBracket, Sign::CloseBracket);
    }

    fn object(&mut self, depth: usize) -> Option<Kind> {
        let open = self.read();
        let mut properties = Vec::new();
        while self.peek().sign != Sign::CloseBrace {
            let key = self.value(depth + 1);
            let Kind::String(name) = key.kind else {
                let detail = "A JSON object property name must be a string";
                let start = key.range.start as usize;
                self.error(
                    "Invalid object property name",
                    detail,
                    Token { sign: Sign::Invalid, start, end: start + 1 },
                );
                return None;
            };
            let colon = self.read();
            if colon.sign != Sign::Colon {
                self.recover(colon, Sign::OpenBrace, Sign::CloseBrace);
                let (summary, detail) = match colon.sign {
                    Sign::CloseBrace | Sign::Comma => (
                        "Missing object value",
                        "A JSON object attribute must have a value, introduced by a colon.",
                    ),
                    Sign::Equals => (
                        "Missing property value colon",
                        "JSON uses a colon as its name/value delimiter, not an equals sign.",
                    ),
                    _ => (
                        "Missing property value colon",
                        "A colon must appear between an object property's name and its value.",
                    ),
                };
                self.error(summary, detail, colon);
                return None;
            }
            let value = self.value(depth + 1);
            properties.push(Property { name, name_range: key.range, value });
            let next = self.peek();
            match next.sign {
                Sign::Comma => {
                    self.read();
                    if self.peek().sign == Sign::CloseBrace {
                        let detail =
                            "JSON does not permit a trailing comma after the final property in an object.";
                        self.error("Trailing comma in object", detail, next);
                        return None;
                    }
                }
                Sign::CloseBrace => break,
                Sign::End => {
                    let detail = "No closing brace was found for this JSON object.";
                    self.error("Unclosed object", detail, open);
                    return None;
                }
                Sign::CloseBracket => {
                    self.read();
                    let detail = "A JSON object must be closed with a brace, not a bracket.";
                    let next = self.peek();
                    self.error("Mismatched braces", detail, next);
                    return None;
                }
                _ => {
                    self.recover_object();
                    let detail = "A comma must appear between each property definition in an object.";
                    let next = self.peek();
                    self.error("Missing attribute seperator comma", detail, next);
                    return None;
                }
            }
        }
        self.read();
        Some(Kind::Object(properties))
    }

    fn array(&mut self, depth: usize) -> Option<Kind> {
        let open = self.read();
        let mut items = Vec::new();
        while self.peek().sign != Sign::CloseBracket {
            items.push(self.value(depth + 1));
            let next = self.peek();
            match next.sign {
                Sign::Comma => {
                    self.read();
                    if self.peek().sign == Sign::CloseBracket {
                        let detail =
                            "JSON does not permit a trailing comma after the final value in an array.";
                        self.error("Trailing comma in array", detail, next);
                        return None;
                    }
                }
                Sign::CloseBracket => break,
                Sign::End => {
                    let detail = "No closing bracket was found for this JSON array.";
                    self.error("Unclosed object", detail, open);
                    return None;
                }
                sign => {
                    self.recover_array();
                    let (summary, detail) = match sign {
                        Sign::Colon => (
                            "Invalid array value",
                            "A colon is not used to introduce values in a JSON array.",
                        ),
                        Sign::CloseBrace => (
                            "Mismatched brackets",
                            "A JSON array must be closed with a bracket, not a brace.",
                        ),
                        _ => (
                            "Missing attribute seperator comma",
                            "A comma must appear between each value in an array.",
                        ),
                    };
                    let next = self.peek();
                    self.error(summary, detail, next);
                    return None;
                }
            }
        }
        self.read();
        Some(Kind::Array(items))
    }

    fn keyword(&mut self) -> Option<Kind> {
        let token = self.read();
        match &self.text[token.start..token.end] {
            "true" => Some(Kind::Bool(true)),
            "false" => Some(Kind::Bool(false)),
            "null" => Some(Kind::Null),
            word => {
                let detail = match word {
                    "undefined" | "NaN" | "Infinity" => {
                        format!("The JavaScript identifier {word:?} cannot be used in JSON.")
                    }
                    _ => {
                        let known = ["true", "false", "null"];
                        let hint = crate::diagnostic::suggest::nearest(word, known);
                        let hint = hint.map(|known| format!(" Did you mean {known:?}?")).unwrap_or_default();
                        format!("{word:?} is not a valid JSON keyword.{hint}")
                    }
                };
                self.error("Invalid JSON keyword", detail, token);
                None
            }
        }
    }

    fn number(&mut self) -> Option<Kind> {
        let token = self.read();
        let text = &self.text[token.start..token.end];
        let valid = serde_json::from_str::<serde_json::Number>(text).is_ok();
        let number = Number::parse(text).filter(|_| valid);
        if number.is_none() {
            self.error("Invalid JSON number", "There is a syntax error in the given JSON number.", token);
        }
        number.map(Kind::Number)
    }

    fn string(&mut self) -> Option<Kind> {
        let token = self.read();
        match serde_json::from_str::<String>(&self.text[token.start..token.end]) {
            Ok(text) => Some(Kind::String(Arc::from(text))),
            Err(error) => {
                let detail = format!("There is a syntax error in the given JSON string: {error}.");
                let detail = detail.replace(" at line 1 column", ", character");
                self.error("Invalid JSON string", detail, token);
                None
            }
        }
    }
}
