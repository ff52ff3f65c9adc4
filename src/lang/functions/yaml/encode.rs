//! Writes YAML as Terraform does: strings and keys in double quotes, texts of several lines as literal
//! blocks, numbers, truth values and null plain, lists at the indent of the key they belong to.

use crate::lang::value::{Kind, Value};

/// Where a long text in quotes is folded, at the next blank.
const WIDTH: usize = 80;
/// The longest key that is written without a question mark, in bytes.
const SIMPLE_KEY: usize = 128;

/// Writes a value, which must be wholly known, as one document.
pub(super) fn encode(value: &Value) -> String {
    let mut emitter = Emitter { out: String::new() };
    emitter.node(value, None, Place::Alone);
    let mut out = emitter.out;
    if !out.ends_with('\n') {
        out.push('\n');
    }
    if plain(value).is_some() {
        // A plain scalar alone might go on, so the end of the document is said.
        out.push_str("...\n");
    }
    out
}

/// What a node stands behind, which decides how it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning, or behind `- `, `? ` or the `: ` that answers `? `.
    Alone,
    /// Behind a key on the same line.
    Value,
}

fn plain(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Null(_) | Kind::Unknown(..) => Some("null".to_owned()),
        Kind::Bool(value) => Some(value.to_string()),
        Kind::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

struct Emitter {
    out: String,
}

impl Emitter {
    fn column(&self) -> usize {
        self.out.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    fn line(&mut self, indent: usize) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out.push_str(&" ".repeat(indent));
    }

    /// Puts a blank between a key and what follows on its line.
    fn space(&mut self, place: Place) {
        if place == Place::Value {
            self.out.push(' ');
        }
    }

    /// Writes a node; `parent` is the indent of the collection around it, if there is one.
    fn node(&mut self, value: &Value, parent: Option<usize>, place: Place) {
        let inner = parent.map_or(0, |parent| parent + 2);
        match &value.kind {
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                if items.is_empty() {
                    self.space(place);
                    self.out.push_str("[]");
                    return;
                }
                // A list that is the value of a key is not indented further than the key.
                let indent = if place == Place::Value { parent.unwrap_or(0) } else { inner };
                for (at, item) in items.iter().enumerate() {
                    if at > 0 || place == Place::Value {
                        self.line(indent);
                    }
                    self.out.push_str("- ");
                    self.node(item, Some(indent), Place::Alone);
                }
            }
            Kind::Map(_, members) | Kind::Object(members) => {
                if members.is_empty() {
                    self.space(place);
                    self.out.push_str("{}");
                    return;
                }
                for (at, (name, member)) in members.iter().enumerate() {
                    if at > 0 || place == Place::Value {
                        self.line(inner);
                    }
                    if name.contains('\n') || name.len() > SIMPLE_KEY {
                        self.out.push_str("? ");
                        self.text(name, inner + 2);
                        self.line(inner);
                        self.out.push_str(": ");
                        self.node(member, Some(inner), Place::Alone);
                    } else {
                        self.quoted(name, None);
                        self.out.push(':');
                        self.node(member, Some(inner), Place::Value);
                    }
                }
            }
            Kind::String(text) => {
                self.space(place);
                self.text(text, parent.map_or(2, |parent| parent + 2));
            }
            _ => {
                self.space(place);
                self.out.push_str(&plain(value).unwrap_or_default());
            }
        }
    }

    fn text(&mut self, text: &str, indent: usize) {
        if text.contains('\n') && block_allowed(text) {
            self.literal(text, indent);
        } else {
            self.quoted(text, Some(indent));
        }
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.out.push('|');
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.out.push('2');
        }
        let mut back = text.chars().rev();
        match (back.next(), back.next()) {
            (Some(last), before) if is_break(last) => {
                if before.is_none_or(is_break) {
                    self.out.push('+');
                }
            }
            _ => self.out.push('-'),
        }
        self.out.push('\n');
        let mut fresh = true;
        for c in text.chars() {
            if is_break(c) {
                fresh = true;
            } else if fresh {
                self.out.push_str(&" ".repeat(indent));
                fresh = false;
            }
            self.out.push(c);
        }
    }

    /// Writes a text in double quotes, folded at blanks when an indent for the next lines is given.
    fn quoted(&mut self, text: &str, fold: Option<usize>) {
        self.out.push('"');
        let mut column = self.column();
        let mut after_space = false;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let last = chars.peek().is_none();
            if c == ' ' {
                match fold.filter(|_| !after_space && column > WIDTH && at > 0 && !last) {
                    Some(indent) => {
                        self.out.push('\n');
                        self.out.push_str(&" ".repeat(indent));
                        column = indent;
                        if chars.peek().is_some_and(|(_, next)| *next == ' ') {
                            self.out.push('\\');
                            column += 1;
                        }
                    }
                    None => {
                        self.out.push(' ');
                        column += 1;
                    }
                }
                after_space = true;
                continue;
            }
            after_space = false;
            let before = self.out.len();
            match (escape(c), c as u32) {
                (Some(letter), _) => self.out.extend(['\\', letter]),
                (None, _) if is_printable(c) => self.out.push(c),
                (None, code @ 0..=0xff) => self.out.push_str(&format!("\\x{code:02X}")),
                (None, code @ 0x100..=0xffff) => self.out.push_str(&format!("\\u{code:04X}")),
                (None, code) => self.out.push_str(&format!("\\U{code:08X}")),
            }
            column += self.out[before..].chars().count();
        }
        self.out.push('"');
    }
}

fn escape(c: char) -> Option<char> {
    Some(match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => return None,
    })
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Tells whether a character is written as it is; beyond the basic plane none is.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}') && c != '\u{feff}'
}

/// Tells whether a text can be a literal block without loss.
fn block_allowed(text: &str) -> bool {
    let mut previous = None;
    for c in text.chars() {
        if !is_printable(c) || (previous == Some(' ') && is_break(c)) {
            return false;
        }
        previous = Some(c);
    }
    previous != Some(' ')
}
