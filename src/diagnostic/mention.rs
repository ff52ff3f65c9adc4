//! Places that a message names in its text.
//!
//! Who finds something wrong knows byte ranges; only who shows it knows names, lines and columns. So a
//! text holds a mark for each place, and the mark becomes `main.tf:3,5-14` when the text is shown.

use std::borrow::Cow;

use super::{SourceRange, Sources};

// Private-use characters: no keyboard has them, and a mark that is not whole stays as it is.
const OPEN: char = '\u{f0001}';
const CLOSE: char = '\u{f0002}';

/// Returns a mark that becomes the file, line and columns of `range` when the text is shown.
pub fn mention(range: SourceRange) -> String {
    format!("{OPEN}{}:{}:{}{CLOSE}", range.source.0, range.start, range.end)
}

/// Returns a text with every mark replaced by the place it stands for.
pub fn with_places<'a>(text: &'a str, sources: &Sources) -> Cow<'a, str> {
    if !text.contains(OPEN) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        shown.push_str(&rest[..at]);
        let inside = &rest[at + OPEN.len_utf8()..];
        match inside.find(CLOSE).and_then(|end| Some((place(&inside[..end], sources)?, end))) {
            Some((place, end)) => {
                shown.push_str(&place);
                rest = &inside[end + CLOSE.len_utf8()..];
            }
            None => {
                shown.push(OPEN);
                rest = inside;
            }
        }
    }
    shown.push_str(rest);
    Cow::Owned(shown)
}

fn place(mark: &str, sources: &Sources) -> Option<String> {
    let mut numbers = mark.split(':').map(|number| number.parse::<u32>().ok());
    let (source, start, end) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let source = super::SourceId(source);
    let (from, to) = (sources.position(source, start), sources.position(source, end));
    let name = sources.name(source);
    Some(if from.line == to.line {
        format!("{name}:{},{}-{}", from.line, from.column, to.column)
    } else {
        format!("{name}:{},{}-{},{}", from.line, from.column, to.line, to.column)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_becomes_file_line_and_columns() {
        let mut sources = Sources::new();
        let source = sources.add("main.tf", "a = 1\nbc = 2\n");
        let text = format!("set at {}.", mention(SourceRange::new(source, 6, 8)));
        assert_eq!(with_places(&text, &sources), "set at main.tf:2,1-3.");
        let text = format!("from {}", mention(SourceRange::new(source, 0, 8)));
        assert_eq!(with_places(&text, &sources), "from main.tf:1,1-2,3");
    }

    #[test]
    fn a_mark_that_is_not_whole_stays() {
        let sources = Sources::new();
        for text in ["\u{f0001}1:2", "\u{f0001}x\u{f0002}", "plain"] {
            assert_eq!(with_places(text, &sources), text);
        }
    }
}
