//! Diagnostics as people read them, in Terraform's layout.

use super::snippet::Snippet;
use super::{Diagnostic, Severity, Sources, with_places};

/// How diagnostics are laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Columns to wrap at; 78 where there is no terminal.
    pub width: usize,
    /// Whether colours and the rule at the left are drawn.
    pub colour: bool,
}

impl Default for Layout {
    fn default() -> Self {
        Self { width: 78, colour: false }
    }
}

/// Returns the text of one diagnostic, with a line end behind it.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, layout: Layout) -> String {
    if layout.colour {
        coloured(diagnostic, sources, layout.width)
    } else {
        plain(diagnostic, sources, layout.width)
    }
}

fn plain(diagnostic: &Diagnostic, sources: &Sources, width: usize) -> String {
    let word = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
    };
    let mut text = format!("\n{word}: {}\n\n", printable(&diagnostic.summary));
    source_lines(&mut text, diagnostic, sources, &Style::none());
    detail(&mut text, diagnostic, sources, width.saturating_sub(1));
    text
}

fn coloured(diagnostic: &Diagnostic, sources: &Sources, width: usize) -> String {
    let (word, colour) = match diagnostic.severity {
        Severity::Error => ("Error", "\u{1b}[31m"),
        Severity::Warning => ("Warning", "\u{1b}[33m"),
    };
    let style = Style::full();
    let Style { bold, reset, .. } = style;
    let summary = printable(&diagnostic.summary);
    let mut inner = format!("{bold}{colour}{word}: {reset}{reset}{bold}{summary}{reset}\n\n");
    source_lines(&mut inner, diagnostic, sources, &style);
    detail(&mut inner, diagnostic, sources, width.saturating_sub(3));
    let mut text = format!("{colour}╷{reset}{reset}\n");
    for line in inner.lines() {
        let gap = if line.is_empty() { "" } else { " " };
        text.push_str(&format!("{colour}│{reset}{gap}{reset}{line}\n"));
    }
    text.push_str(&format!("{colour}╵{reset}{reset}\n"));
    text
}

#[derive(Clone, Copy)]
struct Style {
    bold: &'static str,
    underline: &'static str,
    grey: &'static str,
    reset: &'static str,
}

impl Style {
    fn none() -> Self {
        Self { bold: "", underline: "", grey: "", reset: "" }
    }

    fn full() -> Self {
        Self { bold: "\u{1b}[1m", underline: "\u{1b}[4m", grey: "\u{1b}[90m", reset: "\u{1b}[0m" }
    }
}

fn source_lines(text: &mut String, diagnostic: &Diagnostic, sources: &Sources, style: &Style) {
    if let Some(address) = &diagnostic.address {
        text.push_str(&format!("  with {},\n", printable(address)));
    }
    let Some(snippet) = Snippet::of(diagnostic, sources) else {
        if diagnostic.address.is_some() {
            text.push('\n');
        }
        return;
    };
    let context = snippet.context.as_deref().map(|context| format!(", in {}", printable(context)));
    let file = printable(&snippet.file);
    text.push_str(&format!("  on {file} line {}{}:\n", snippet.start.line, context.unwrap_or_default()));
    if sources.content(diagnostic.subject.map_or(super::SourceId(u32::MAX), |range| range.source)).is_empty()
    {
        text.push_str("  (source code not available)\n\n");
        return;
    }
    let (before, rest) = snippet.code.split_at(snippet.highlight_start);
    let (highlight, after) = rest.split_at(snippet.highlight_end - snippet.highlight_start);
    let Style { bold, underline, grey, reset } = style;
    let code = format!("{}{underline}{}{reset}{}", printable(before), printable(highlight), printable(after));
    for (at, line) in code.split('\n').enumerate() {
        text.push_str(&format!("{:4}: {line}\n", snippet.start_line + at));
    }
    if !diagnostic.values.is_empty() {
        text.push_str(&format!("    {grey}├────────────────{reset}\n"));
        for value in &diagnostic.values {
            let (traversal, statement) = (printable(&value.traversal), printable(&value.statement));
            let gap = if statement.is_empty() { "" } else { " " };
            text.push_str(&format!("    {grey}│{reset} {bold}{traversal}{reset}{gap}{statement}\n"));
        }
    }
    text.push('\n');
}

fn detail(text: &mut String, diagnostic: &Diagnostic, sources: &Sources, width: usize) {
    if diagnostic.detail.is_empty() {
        return;
    }
    for line in printable(&with_places(&diagnostic.detail, sources)).split('\n') {
        // A line that begins with a blank was laid out on purpose.
        if line.starts_with(' ') || width == 0 {
            text.push_str(line);
        } else {
            text.push_str(&wrap(line, width));
        }
        text.push('\n');
    }
}

/// Returns the line broken at blanks so that no part is wider than `width` columns, where that is possible.
pub fn wrap(line: &str, width: usize) -> String {
    use unicode_width::UnicodeWidthStr;
    let mut out = String::with_capacity(line.len() + 8);
    let mut column = 0;
    let mut rest = line;
    while !rest.is_empty() {
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let word_end = rest[blanks..].find(' ').map_or(rest.len(), |at| blanks + at);
        let (gap, word) = rest[..word_end].split_at(blanks);
        let word_width = word.width();
        if column > 0 && column + blanks + word_width > width && !word.is_empty() {
            out.push('\n');
            out.push_str(word);
            column = word_width;
        } else {
            out.push_str(gap);
            out.push_str(word);
            column += blanks + word_width;
        }
        rest = &rest[word_end..];
    }
    out
}

/// Tells whether a character could move the cursor, change colours or reverse the direction of writing.
pub fn acts_on_terminals(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the text with everything replaced that could move the cursor, change colours or reverse the direction of writing.
pub fn printable(text: &str) -> String {
    let harmful = |c: char| acts_on_terminals(c) && c != '\n' && c != '\t';
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(harmful) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        if c == '\r' && characters.peek() == Some(&'\n') {
            continue;
        }
        if harmful(c) {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{ReferenceValue, SourceRange};

    fn sources() -> (Sources, crate::diagnostic::SourceId) {
        let mut sources = Sources::new();
        let text = "resource \"terraform_data\" \"a\" {\n  input = var.nope\n}\n";
        let id = sources.add("main.tf", text);
        let range = SourceRange::new(id, 0, text.len() - 1);
        sources.set_blocks(id, move || vec![(range, "resource \"terraform_data\" \"a\"".to_owned())]);
        (sources, id)
    }

    #[test]
    fn an_error_inside_a_block_names_the_block_and_shows_the_line() {
        let (sources, id) = sources();
        let diagnostic = Diagnostic::error(
            "Reference to undeclared input variable",
            "An input variable with the name \"nope\" has not been declared. This variable can be declared with a variable \"nope\" {} block.",
        )
        .at(SourceRange::new(id, 42, 50));
        assert_eq!(
            render(&diagnostic, &sources, Layout::default()),
            "\nError: Reference to undeclared input variable\n\n  \
             on main.tf line 2, in resource \"terraform_data\" \"a\":\n   \
             2:   input = var.nope\n\n\
             An input variable with the name \"nope\" has not been declared. This variable\n\
             can be declared with a variable \"nope\" {} block.\n"
        );
    }

    #[test]
    fn values_of_references_stand_under_the_line() {
        let (sources, id) = sources();
        let mut diagnostic = Diagnostic::error("Bad", "").at(SourceRange::new(id, 0, 8));
        diagnostic.values.push(ReferenceValue { traversal: "var.x".into(), statement: "is 1".into() });
        let text = render(&diagnostic, &sources, Layout::default());
        assert!(text.contains("    ├────────────────\n    │ var.x is 1\n"), "{text}");
        assert!(text.contains("  on main.tf line 1:\n"), "{text}");
    }

    #[test]
    fn terminal_escapes_are_neutralised() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\nd");
    }

    #[test]
    fn lines_are_broken_at_blanks_only() {
        assert_eq!(wrap("aa bb cc", 5), "aa bb\ncc");
        assert_eq!(wrap("aaaaaaaa b", 5), "aaaaaaaa\nb");
    }
}
