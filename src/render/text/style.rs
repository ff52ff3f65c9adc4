//! Colours, symbols, quotes and line breaks.

use std::sync::LazyLock;

use regex::Regex;

use crate::diagnostic::text::acts_on_terminals;

/// How text is laid out.
#[derive(Clone, Debug)]
pub struct Options {
    /// Whether escape sequences for colours are written.
    pub colour: bool,
    /// Columns of the terminal; 78 where there is none.
    pub width: usize,
    /// The name of the program in sentences, such as `Snapform`.
    pub name: &'static str,
    /// The name in the one line that wrappers search for.
    pub wording: &'static str,
    /// The command in hints, such as `snapform`.
    pub command: &'static str,
    /// Whether hints that only help people at a terminal are left out.
    pub in_automation: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            colour: false,
            width: 78,
            name: "Snapform",
            wording: "Snapform",
            command: "snapform",
            in_automation: false,
        }
    }
}

/// What happens to a part of an object, and its symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    NoOp,
    Create,
    Update,
    Delete,
    DeleteThenCreate,
    CreateThenDelete,
    Read,
    Forget,
}

/// The escape sequences of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Bold,
    Red,
    Green,
    Yellow,
    Cyan,
    Grey,
}

impl Style {
    fn code(self) -> &'static str {
        match self {
            Style::Bold => "1",
            Style::Red => "31",
            Style::Green => "32",
            Style::Yellow => "33",
            Style::Cyan => "36",
            Style::Grey => "90",
        }
    }
}

pub(super) const RESET: &str = "\u{1b}[0m";

impl Options {
    /// Returns a reset where colours are on.
    pub(super) fn reset(&self) -> &'static str {
        if self.colour { RESET } else { "" }
    }

    /// Returns the text in a style, with one reset behind it.
    pub(super) fn within(&self, style: Style, text: &str) -> String {
        if self.colour { format!("\u{1b}[{}m{text}{RESET}", style.code()) } else { text.to_owned() }
    }

    /// Returns a text of its own in a style; what Terraform paints as a whole ends with two resets.
    pub(super) fn painted(&self, style: Style, text: &str) -> String {
        self.within(style, text) + self.reset()
    }

    /// Returns the symbol of an action in three columns.
    pub(super) fn symbol(&self, action: Action) -> String {
        let minus = || self.within(Style::Red, "-");
        let plus = || self.within(Style::Green, "+");
        let symbol = match action {
            Action::NoOp => return "   ".to_owned(),
            Action::Create => format!("  {}", plus()),
            Action::Update => format!("  {}", self.within(Style::Yellow, "~")),
            Action::Delete => format!("  {}", minus()),
            Action::DeleteThenCreate => format!("{}/{}", minus(), plus()),
            Action::CreateThenDelete => format!("{}/{}", plus(), minus()),
            Action::Read => format!(" {}", self.within(Style::Cyan, "<=")),
            Action::Forget => format!(" {}", self.within(Style::Red, ".")),
        };
        symbol + self.reset()
    }

    pub(super) fn arrow(&self) -> String {
        self.painted(Style::Yellow, "->")
    }

    pub(super) fn null(&self) -> String {
        self.painted(Style::Grey, "null")
    }
}

static PRINTABLE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$").ok());

fn is_printable(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    PRINTABLE.as_ref().is_some_and(|pattern| pattern.is_match(c.encode_utf8(&mut [0; 4])))
}

fn escape(c: char) -> String {
    match (c, c as u32) {
        ('\u{7}', _) => "\\a".to_owned(),
        ('\u{8}', _) => "\\b".to_owned(),
        ('\u{c}', _) => "\\f".to_owned(),
        ('\n', _) => "\\n".to_owned(),
        ('\r', _) => "\\r".to_owned(),
        ('\t', _) => "\\t".to_owned(),
        ('\u{b}', _) => "\\v".to_owned(),
        (_, code @ 0..=0x7f) => format!("\\x{code:02x}"),
        (_, code @ 0x80..=0xffff) => format!("\\u{code:04x}"),
        (_, code) => format!("\\U{code:08x}"),
    }
}

/// Returns the text in double quotes, with escapes for what cannot be printed, as Go and so Terraform writes it.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_printable(c) => out.push(c),
            c => out.push_str(&escape(c)),
        }
    }
    out.push('"');
    out
}

/// Returns the text without characters that could move the cursor or change what is on the screen:
/// they are written as escapes. Line ends and tabs stay.
pub fn safe(text: &str) -> String {
    let harmless = |c: char| matches!(c, '\n' | '\t') || !acts_on_terminals(c);
    if text.chars().all(harmless) {
        return text.to_owned();
    }
    text.chars().map(|c| if harmless(c) { c.to_string() } else { escape(c) }).collect()
}

/// Returns an attribute name as it stands in a configuration: in quotes if it is no identifier.
pub(super) fn attribute_name(name: &str) -> String {
    if crate::lang::syntax::is_identifier(name) { name.to_owned() } else { quoted(name) }
}

/// Returns so many steps of four blanks.
pub(super) fn indentation(level: usize) -> String {
    "    ".repeat(level)
}

/// Pads a text with blanks to a number of characters.
pub(super) fn padded(text: &str, length: usize) -> String {
    let missing = length.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

/// Returns a paragraph broken into lines of at most so many columns; lines that begin with a blank stay.
pub fn wrap(text: &str, width: usize) -> String {
    let mut out = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        if line.starts_with(' ') {
            out.push_str(line);
            continue;
        }
        let mut column = 0;
        for word in line.split(' ') {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > width {
                out.push('\n');
                column = 0;
            } else if column > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += length;
        }
    }
    out
}

/// Returns the line between parts of the text, with a line end before and behind it.
pub fn rule(options: &Options) -> String {
    let line = "─".repeat(options.width.saturating_sub(1));
    if options.colour { format!("\u{1b}[90m\n{line}{RESET}\n") } else { format!("\n{line}\n") }
}
