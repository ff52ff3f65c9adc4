//! The lines of source that a diagnostic shows.

use super::{Diagnostic, Position, Sources};

/// The longest piece of code that is shown, in bytes; what is longer is cut around the highlighted part.
const LONGEST: usize = 2_000;

/// The source lines around a range, and which part of them it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    /// The name of the text.
    pub file: String,
    /// Where the range begins.
    pub start: Position,
    /// Where the range ends.
    pub end: Position,
    /// The header of the block that it is in.
    pub context: Option<String>,
    /// The lines, without a line end behind the last.
    pub code: String,
    /// The number of the first line, from 1.
    pub start_line: usize,
    /// Where the highlighted part begins in the code, in bytes.
    pub highlight_start: usize,
    /// Where it ends.
    pub highlight_end: usize,
}

impl Snippet {
    /// Returns the lines that a diagnostic points at; nothing when it points nowhere.
    pub fn of(diagnostic: &Diagnostic, sources: &Sources) -> Option<Snippet> {
        let subject = diagnostic.subject?;
        let id = subject.source;
        let content = sources.content(id);
        let length = content.len();
        let mut end = subject.end;
        if end <= subject.start {
            // Nothing to highlight would be nothing to see: take the next character.
            let next = content.get(subject.start as usize..).and_then(|rest| rest.chars().next());
            end = subject.start + next.map_or(1, |c| c.len_utf8() as u32);
        }
        let around = match diagnostic.context {
            Some(context) if context.source == id => context.to(subject),
            _ => subject,
        };
        let first = sources.position(id, around.start.min(subject.start));
        let last = sources.position(id, around.end.max(end).saturating_sub(1));
        let mut from = sources.line_start(id, first.line).min(length);
        let mut to = sources.line_start(id, last.line + 1).min(length);
        let mut start_line = first.line;
        if to - from > LONGEST {
            let wanted = sources.position(id, subject.start);
            start_line = wanted.line;
            from = sources.line_start(id, wanted.line);
            to = sources.line_start(id, wanted.line + 1).min(length);
        }
        let highlight = subject.start as usize;
        if to - from > LONGEST {
            from = boundary(content, highlight.saturating_sub(LONGEST / 2).max(from));
            to = boundary(content, (highlight + LONGEST / 2).min(to));
        }
        let code = content.get(from..to).unwrap_or("").trim_end_matches(['\n', '\r']).to_owned();
        let inside = |offset: usize| boundary(&code, offset.saturating_sub(from).min(code.len()));
        let (highlight_start, highlight_end) = (inside(highlight), inside(end as usize));
        Some(Snippet {
            file: sources.name(id).to_owned(),
            start: sources.position(id, subject.start),
            end: end_position(sources, subject.source, end),
            context: sources.block_before(id, subject.start).map(str::to_owned),
            start_line,
            highlight_start,
            highlight_end: highlight_end.max(highlight_start),
            code,
        })
    }
}

/// A range that reaches behind the end of the text still ends one column further, as Terraform reports it.
fn end_position(sources: &Sources, id: super::SourceId, end: u32) -> Position {
    let position = sources.position(id, end);
    let beyond = (end as usize).saturating_sub(position.byte);
    Position { column: position.column + beyond, byte: position.byte + beyond, ..position }
}

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
