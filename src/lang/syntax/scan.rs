//! Finds strings, heredocs, comments and brackets in native syntax, so that a file can be cut into
//! pieces and every string parsed by itself.
//!
//! The parser of the syntax gets each piece with its strings masked. That keeps positions inside
//! strings exact, makes heredocs end where Terraform ends them, and takes linear time.

use super::error::{SyntaxError, errors};
use super::explain;

/// Deeper nesting of strings, brackets and templates is refused: it would need as deep a stack.
pub(super) const MAX_DEPTH: usize = 64;

/// The parser of the syntax takes time in the square of an object's keys.
const MAX_OBJECT_KEYS: usize = 10_000;

/// A quoted string or heredoc, by its offsets in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quote {
    /// The first byte, of the quote or of `<<`.
    pub start: usize,
    /// The byte behind the closing quote or the end marker.
    pub end: usize,
    /// What stands between.
    pub kind: QuoteKind,
}

/// Which kind of string, with the offsets of its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteKind {
    /// `"…"`.
    Quoted,
    /// A number that the parser would read otherwise, by its place alone.
    Number,
    /// `<<MARKER` or, when `flush`, `<<-MARKER`.
    Heredoc { content_start: usize, content_end: usize, flush: bool },
}

/// A top-level structure, by its offsets in the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    pub start: usize,
    pub end: usize,
    pub quotes: Vec<Quote>,
}

/// Reads a text from left to right.
pub(super) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// No `*/` comes any more, so that one comment without end is looked for its end once, and not at every sign.
    no_comment_ends: bool,
}

/// What stopped the scan of an expression.
enum Stop {
    /// The end of the text.
    End,
    /// A newline outside of all brackets.
    Newline,
    /// A closing brace outside of all brackets.
    Brace,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, bytes: text.as_bytes(), at, depth: 0, no_comment_ends: false }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Tells whether a line ends here, with one byte or with two.
    fn at_line_end(&self) -> bool {
        self.starts_with("\n") || self.starts_with("\r\n")
    }

    fn starts_with(&self, what: &str) -> bool {
        self.bytes[self.at..].starts_with(what.as_bytes())
    }

    /// Returns the next top-level structure; nothing at the end. After an error the rest of the text
    /// belongs to the piece.
    pub(super) fn next_piece(&mut self) -> Option<(Piece, Option<SyntaxError>)> {
        loop {
            self.skip_blank();
            match self.peek() {
                None => return None,
                Some(b'\n') => self.at += 1,
                Some(b'\r') if self.at_line_end() => self.at += 2,
                Some(_) => break,
            }
        }
        let mut piece = Piece { start: self.at, ..Piece::default() };
        self.depth = 0;
        let result = self.expression(&mut piece.quotes, true);
        match &result {
            // What follows is nested as deeply, and one error says so.
            Err(error) if *error == errors::too_deep(error.start) => self.at = self.bytes.len(),
            Err(_) => self.resume(&piece),
            Ok(_) => {}
        }
        piece.end = self.at;
        Some((piece, result.err()))
    }

    /// Goes on behind a piece that could not be scanned: at the next line that begins with a name and
    /// no indent, since that is how people begin a block.
    fn resume(&mut self, piece: &Piece) {
        let mut at = self.at.max(piece.start + 1).min(self.bytes.len());
        while let Some(newline) = self.bytes[at..].iter().position(|byte| *byte == b'\n') {
            at += newline + 1;
            if self.bytes.get(at).is_some_and(u8::is_ascii_alphabetic) {
                self.at = at;
                return;
            }
        }
        self.at = self.bytes.len();
    }

    /// Scans a whole text as one expression and returns its strings.
    pub(super) fn whole(text: &'a str) -> (Piece, Option<SyntaxError>) {
        let mut scanner = Self::new(text, 0);
        let mut piece = Piece { start: 0, end: text.len(), quotes: Vec::new() };
        loop {
            match scanner.expression(&mut piece.quotes, false) {
                Ok(Stop::End) => return (piece, None),
                Ok(_) => scanner.at += 1,
                Err(error) => return (piece, Some(error)),
            }
        }
    }

    /// Skips the expression that begins here, up to the newline that ends it; nothing when it cannot be scanned.
    pub(super) fn skip_value(&mut self) -> Option<()> {
        self.expression(&mut Vec::new(), true).ok().map(drop)
    }

    /// Skips blanks and comments that end on this line or are in `/* */`.
    fn skip_blank(&mut self) {
        loop {
            match self.peek() {
                Some(b' ' | b'\t') => self.at += 1,
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.starts_with("//") => self.skip_line(),
                Some(b'/') if self.starts_with("/*") && !self.no_comment_ends => {
                    match self.text[self.at + 2..].find("*/") {
                        Some(end) => self.at += 2 + end + 2,
                        None => self.no_comment_ends = true,
                    }
                }
                _ => return,
            }
        }
    }

    fn skip_line(&mut self) {
        while !matches!(self.peek(), None | Some(b'\n')) {
            self.at += 1;
        }
    }

    /// Scans up to what ends an expression: the end of the text, a brace that was not opened here, or
    /// (if `line_ends`) a newline outside of brackets. Notes the strings on the way.
    fn expression(&mut self, quotes: &mut Vec<Quote>, line_ends: bool) -> Result<Stop, SyntaxError> {
        // Of each open bracket: the bracket, where it stands, whether it opens an object, its separators.
        let mut open: Vec<(u8, usize, bool, usize)> = Vec::new();
        let mut previous = b'=';
        loop {
            self.skip_blank();
            let Some(byte) = self.peek() else {
                return match open.last() {
                    Some((bracket, at, is_object, _)) => {
                        Err(errors::unclosed_bracket(*bracket, *at, *is_object))
                    }
                    None => Ok(Stop::End),
                };
            };
            match byte {
                b'"' => {
                    let start = self.at;
                    self.quoted()?;
                    quotes.push(Quote { start, end: self.at, kind: QuoteKind::Quoted });
                }
                b'<' if self.starts_with("<<") && self.heredoc_marker().is_some() => {
                    quotes.push(self.heredoc()?);
                }
                b'{' | b'[' | b'(' => {
                    if self.depth >= MAX_DEPTH {
                        return Err(errors::too_deep(self.at));
                    }
                    self.depth += 1;
                    let is_object = byte == b'{'
                        && !(previous.is_ascii_alphanumeric()
                            || matches!(previous, b'"' | b'_' | b'-' | b'}' | 0x80..));
                    open.push((byte, self.at, is_object, 0));
                    self.at += 1;
                }
                b'}' | b']' | b')' => {
                    match open.pop() {
                        Some(_) => self.depth -= 1,
                        None if byte == b'}' && !line_ends => return Ok(Stop::Brace),
                        None => {}
                    }
                    self.at += 1;
                }
                b'\n' | b'\r' if open.is_empty() && line_ends && self.at_line_end() => {
                    return Ok(Stop::Newline);
                }
                b'\r' if self.at_line_end() => {
                    self.at += 1;
                    continue;
                }
                b'\r' => return Err(errors::stray_return(self.at)),
                b'0'..=b'9' => quotes.extend(self.number()),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {
                    let rest = &self.text[self.at..];
                    let name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
                    let length = rest.find(|c| !name(c)).unwrap_or(rest.len());
                    self.at += length.max(rest.chars().next().map_or(1, char::len_utf8));
                    previous = self.bytes[self.at - 1];
                    continue;
                }
                _ => {
                    if let Some((_, at, true, separators)) = open.last_mut()
                        && matches!(byte, b'\n' | b',')
                        && previous != b'\n'
                    {
                        *separators += 1;
                        if *separators > MAX_OBJECT_KEYS {
                            return Err(errors::too_many_keys(*at, MAX_OBJECT_KEYS));
                        }
                    }
                    self.at += self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                }
            }
            previous = byte;
        }
    }

    /// Skips a number, and returns it when the parser does not read it as Terraform does: with several
    /// points it is one wrong number, and its exponent may be larger than that of a double.
    fn number(&mut self) -> Option<Quote> {
        let start = self.at;
        if start > 0 && self.bytes[start - 1] == b'.' {
            while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.at += 1;
            }
            return None;
        }
        let digit = |at: usize| self.bytes.get(at).is_some_and(u8::is_ascii_digit);
        let (mut at, mut end, mut plain) = (start, start, true);
        loop {
            match self.bytes.get(at) {
                Some(b'0'..=b'9') => at += 1,
                Some(b'.') => {
                    plain &= !self.bytes[start..at].contains(&b'.');
                    at += 1;
                    continue;
                }
                Some(b'e' | b'E') if digit(at + 1) => (at, plain) = (at + 2, false),
                Some(b'e' | b'E') if matches!(self.bytes.get(at + 1), Some(b'+' | b'-')) && digit(at + 2) => {
                    (at, plain) = (at + 3, false);
                }
                _ => break,
            }
            end = at;
        }
        self.at = end;
        // A point at the end, as of `...`, is no part of the number.
        plain |= !self.bytes[start..end].iter().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
        (!plain).then_some(Quote { start, end, kind: QuoteKind::Number })
    }

    /// Skips a quoted string.
    fn quoted(&mut self) -> Result<(), SyntaxError> {
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') if self.bytes.get(self.at + 1).is_some_and(|next| *next != b'\n') => {
                    self.at += 1 + self.text[self.at + 1..].chars().next().map_or(1, char::len_utf8);
                }
                Some(b'\n' | b'\r') => return Err(errors::string_across_lines(self.at)),
                None => return Err(errors::unclosed_string(self.at)),
                Some(b'$' | b'%') => self.marker()?,
                Some(_) => self.at += 1,
            }
        }
    }

    /// Returns what is wrong in the first of these sequences that the grammar does not allow: one that
    /// was meant to end earlier swallowed the end of its heredoc.
    fn broken_sequence(&self, sequences: &[(usize, usize)]) -> Option<SyntaxError> {
        sequences.iter().find_map(|(start, end)| {
            let inner = self.text.get(start + 2..end.checked_sub(1)?)?;
            let left = usize::from(inner.starts_with('~'));
            let inner = inner.get(left..inner.len() - usize::from(inner.ends_with('~')))?;
            let (piece, error) = Scanner::whole(inner);
            let error = error.or_else(|| explain::expression(&piece.masked(inner), true));
            Some(error?.shifted(start + 2 + left))
        })
    }

    /// Skips a dollar or percent sign and what it introduces.
    fn marker(&mut self) -> Result<(), SyntaxError> {
        if self.starts_with("$${") || self.starts_with("%%{") {
            self.at += 3;
        } else if self.starts_with("${") || self.starts_with("%{") {
            self.sequence()?;
        } else {
            self.at += 1;
        }
        Ok(())
    }

    /// Skips `${…}` or `%{…}`.
    pub(super) fn sequence(&mut self) -> Result<(), SyntaxError> {
        let start = self.at;
        if self.depth >= MAX_DEPTH {
            return Err(errors::too_deep(start));
        }
        self.depth += 1;
        self.at += 2;
        let stop = self.expression(&mut Vec::new(), false);
        self.depth -= 1;
        match stop? {
            Stop::Brace => {
                self.at += 1;
                Ok(())
            }
            _ => Err(errors::unclosed_sequence(start, self.bytes[start] == b'$')),
        }
    }

    /// Returns the marker of a heredoc, whether it is flushed, and where its first line begins.
    fn heredoc_marker(&self) -> Option<(&'a str, bool, usize)> {
        let rest = &self.text[self.at + 2..];
        let (flush, rest) = rest.strip_prefix('-').map_or((false, rest), |rest| (true, rest));
        let line_end = rest.find('\n')?;
        let marker = rest[..line_end].strip_suffix('\r').unwrap_or(&rest[..line_end]);
        let content_start = self.at + 2 + usize::from(flush) + line_end + 1;
        super::is_identifier(marker).then_some((marker, flush, content_start))
    }

    fn heredoc(&mut self) -> Result<Quote, SyntaxError> {
        let start = self.at;
        let (marker, flush, content_start) = self.heredoc_marker().unwrap_or(("", false, start + 2));
        self.at = content_start;
        let mut sequences = Vec::new();
        loop {
            // At the beginning of a line: is it the end marker?
            let line_start = self.at;
            let rest = &self.text[line_start..];
            let line = rest.find('\n').map_or(rest, |end| &rest[..end]);
            if line.trim() == marker {
                let end = line_start + line.trim_end().len();
                self.at = end;
                let kind = QuoteKind::Heredoc { content_start, content_end: line_start, flush };
                return Ok(Quote { start, end, kind });
            }
            loop {
                match self.peek() {
                    None => {
                        let broken = self.broken_sequence(&sequences);
                        return Err(broken.unwrap_or_else(|| errors::unclosed_string(self.at)));
                    }
                    Some(b'\n') => {
                        self.at += 1;
                        break;
                    }
                    Some(b'\r') if !self.at_line_end() => return Err(errors::stray_return(self.at)),
                    Some(b'$' | b'%') => {
                        let start = self.at;
                        self.marker()?;
                        if self.text[start..].starts_with("${") {
                            sequences.push((start, self.at));
                        }
                    }
                    Some(_) => self.at += 1,
                }
            }
        }
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }
}

impl Piece {
    /// Returns the piece with every string replaced by a plain one of the same length. Strings that are
    /// plain already stay, and all others get masks of their own, since the parser compares keys.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut masked = String::with_capacity(self.end - self.start);
        let mut at = self.start;
        for (number, quote) in self.quotes.iter().enumerate() {
            push_code(&mut masked, &text[at..quote.start]);
            let length = quote.end - quote.start;
            at = quote.end;
            match quote.kind {
                QuoteKind::Number => {
                    // However long, a number that a double can hold.
                    let point = usize::from(length > 2);
                    masked.push('1');
                    masked.push_str(&".".repeat(point));
                    masked.push_str(&"0".repeat(length - 1 - point));
                    continue;
                }
                QuoteKind::Quoted if is_plain(&text[quote.start + 1..quote.end - 1]) => {
                    masked.push_str(&text[quote.start..quote.end]);
                    continue;
                }
                _ => {}
            }
            masked.push('"');
            masked.push_str(&filler(number, length - 2));
            masked.push('"');
        }
        push_code(&mut masked, &text[at..self.end]);
        masked
    }

    /// Returns the string that begins at `start`.
    pub(super) fn quote_at(&self, start: usize) -> Option<Quote> {
        let found = self.quotes.binary_search_by_key(&start, |quote| quote.start).ok()?;
        Some(self.quotes[found])
    }
}

/// Appends what stands between strings. The parser knows lines that end in one byte only, so the first of two becomes a
/// blank, and with it those that stand in comments, where they mean nothing; all others were refused before.
fn push_code(masked: &mut String, code: &str) {
    if code.contains('\r') { masked.push_str(&code.replace('\r', " ")) } else { masked.push_str(code) }
}

/// Tells whether the content of a string stands for itself to every parser.
pub(super) fn is_plain(content: &str) -> bool {
    let special = |byte| matches!(byte, b'\\' | b'"' | b'\n' | b'\r' | b'{');
    !content.bytes().any(special)
        || (!content.contains(['\\', '"', '\n', '\r']) && !content.contains("${") && !content.contains("%{"))
}

/// Returns a text of `length` bytes that is a name, and another one for each `number`.
pub(super) fn filler(number: usize, length: usize) -> String {
    let mut rest = number;
    let digits = std::iter::from_fn(|| {
        let digit = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"[rest % 52];
        rest /= 52;
        Some(char::from(digit))
    });
    digits.take(length).collect()
}
