//! Cuts source text into the tokens that the style rules speak of.

use std::borrow::Cow;

/// What a token is, as finely as the style rules need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Identifier,
    Number,
    /// `{`, `[`, `(`.
    OpenBrace,
    OpenBracket,
    OpenParenthesis,
    CloseBrace,
    CloseBracket,
    CloseParenthesis,
    /// `${` and `%{`, with `~` if there is one.
    OpenInterpolation,
    OpenDirective,
    /// `}` or `~}` that ends one of them.
    CloseTemplate,
    OpenQuote,
    CloseQuote,
    /// Text between quotes.
    QuotedText,
    /// `<<EOT` with its line end.
    OpenHeredoc,
    /// The end marker with the spaces before it.
    CloseHeredoc,
    /// Text of a heredoc, at most to the end of a line.
    HeredocText,
    /// A comment; one that runs to the end of its line holds the line end.
    Comment,
    Newline,
    Dot,
    Comma,
    Ellipsis,
    Colon,
    DoubleColon,
    Question,
    Equals,
    /// `+ * / %`.
    Arithmetic,
    Minus,
    /// `== != < > <= >=`.
    Comparison,
    /// `&&` and `||`.
    Logical,
    Bang,
    /// The end of the text; what stands before it on its line stays as it is.
    End,
    Other,
}

/// A piece of the text and the number of spaces before it.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: Cow<'a, str>,
    pub(super) spaces: usize,
}

impl<'a> Token<'a> {
    pub(super) fn new(kind: Kind, text: impl Into<Cow<'a, str>>) -> Self {
        Self { kind, text: text.into(), spaces: 0 }
    }
}

/// Where the scanner stands: in code, between quotes or in a heredoc.
enum Mode<'a> {
    /// Code; holds the number of open braces since it began, and whether it began in a template.
    Code {
        braces: usize,
        in_template: bool,
    },
    Quoted,
    Heredoc {
        marker: &'a str,
        start_of_line: bool,
    },
}

struct Scanner<'a> {
    source: &'a str,
    at: usize,
    end_of_last: usize,
    tokens: Vec<Token<'a>>,
    modes: Vec<Mode<'a>>,
}

/// Returns the tokens of `source`. A byte order mark is dropped; every other byte is in a token or is a space between two.
pub(super) fn scan(source: &str) -> Vec<Token<'_>> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let modes = vec![Mode::Code { braces: 0, in_template: false }];
    let mut scanner = Scanner { source, at: 0, end_of_last: 0, tokens: Vec::new(), modes };
    while scanner.at < source.len() {
        match scanner.modes.last() {
            Some(Mode::Quoted) => scanner.quoted(),
            Some(Mode::Heredoc { marker, start_of_line }) => {
                let (marker, start_of_line) = (*marker, *start_of_line);
                scanner.heredoc(marker, start_of_line);
            }
            Some(Mode::Code { .. }) | None => scanner.code(),
        }
    }
    scanner.emit(Kind::End, 0);
    scanner.tokens
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn emit(&mut self, kind: Kind, length: usize) {
        let text = &self.source[self.at..self.at + length];
        self.tokens.push(Token { kind, text: Cow::Borrowed(text), spaces: self.at - self.end_of_last });
        self.at += length;
        self.end_of_last = self.at;
    }

    /// Emits `${`, `%{` if the rest begins with one, and changes to code.
    fn template_start(&mut self) -> bool {
        let rest = self.rest().as_bytes();
        let kind = match rest {
            [b'$', b'{', ..] => Kind::OpenInterpolation,
            [b'%', b'{', ..] => Kind::OpenDirective,
            _ => return false,
        };
        let length = if rest.get(2) == Some(&b'~') { 3 } else { 2 };
        self.emit(kind, length);
        self.modes.push(Mode::Code { braces: 0, in_template: true });
        true
    }

    fn quoted(&mut self) {
        if self.template_start() {
            return;
        }
        if self.rest().starts_with('"') {
            self.emit(Kind::CloseQuote, 1);
            self.modes.pop();
            return;
        }
        let length = self.literal_length(true);
        self.emit(Kind::QuotedText, length);
    }

    /// Returns the length of the literal text up to the next template, quote (if `quoted`) or line end (otherwise).
    fn literal_length(&self, quoted: bool) -> usize {
        let rest = self.rest().as_bytes();
        let mut at = 0;
        while at < rest.len() {
            match rest[at] {
                b'\\' if quoted => at += 1,
                b'"' if quoted => break,
                b'\n' if !quoted => break,
                mark @ (b'$' | b'%') => match rest.get(at + 1..) {
                    Some([b'{', ..]) => break,
                    Some([next, b'{', ..]) if *next == mark => at += 2,
                    _ => {}
                },
                _ => {}
            }
            at += 1;
        }
        let mut length = at.min(rest.len());
        while !self.source.is_char_boundary(self.at + length) {
            length += 1;
        }
        length
    }

    fn heredoc(&mut self, marker: &'a str, start_of_line: bool) {
        if self.template_start() {
            // `template_start` put its mode on top of the heredoc's.
            let below = self.modes.len().saturating_sub(2);
            if let Some(Mode::Heredoc { start_of_line, .. }) = self.modes.get_mut(below) {
                *start_of_line = false;
            }
            return;
        }
        let length = self.literal_length(false);
        let literal = &self.rest()[..length];
        let ends_line = self.rest()[length..].starts_with('\n');
        if start_of_line && literal.trim() == marker {
            let close = literal.strip_suffix('\r').unwrap_or(literal).len();
            self.emit(Kind::CloseHeredoc, close);
            self.modes.pop();
            return;
        }
        self.emit(Kind::HeredocText, length + usize::from(ends_line));
        if let Some(Mode::Heredoc { start_of_line, .. }) = self.modes.last_mut() {
            *start_of_line = ends_line;
        }
    }

    fn code(&mut self) {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        match bytes[0] {
            b' ' | b'\t' => self.at += 1,
            b'\n' => self.emit(Kind::Newline, 1),
            b'\r' if bytes.get(1) == Some(&b'\n') => self.emit(Kind::Newline, 2),
            b'#' => self.line_comment(),
            b'/' if bytes.get(1) == Some(&b'/') => self.line_comment(),
            b'/' if bytes.get(1) == Some(&b'*') => {
                let length = rest[2..].find("*/").map_or(rest.len(), |at| at + 4);
                self.emit(Kind::Comment, length);
            }
            b'"' => {
                self.emit(Kind::OpenQuote, 1);
                self.modes.push(Mode::Quoted);
            }
            b'0'..=b'9' => {
                let length = number_length(bytes);
                self.emit(Kind::Number, length);
            }
            b'<' if bytes.get(1) == Some(&b'<') => self.heredoc_start(),
            b'{' => {
                if let Some(Mode::Code { braces, .. }) = self.modes.last_mut() {
                    *braces += 1;
                }
                self.emit(Kind::OpenBrace, 1);
            }
            b'}' => self.close_brace(1),
            b'~' if bytes.get(1) == Some(&b'}') => self.close_brace(2),
            _ => self.word_or_operator(),
        }
    }

    fn line_comment(&mut self) {
        let rest = self.rest();
        let length = rest.find('\n').map_or(rest.len(), |at| at + 1);
        self.emit(Kind::Comment, length);
    }

    fn close_brace(&mut self, length: usize) {
        match self.modes.last_mut() {
            Some(Mode::Code { braces: 0, in_template: true }) => {
                self.modes.pop();
                self.emit(Kind::CloseTemplate, length);
            }
            Some(Mode::Code { braces, .. }) => {
                *braces = braces.saturating_sub(1);
                self.emit(if length == 1 { Kind::CloseBrace } else { Kind::CloseTemplate }, length);
            }
            _ => self.emit(Kind::Other, length),
        }
    }

    fn heredoc_start(&mut self) {
        let rest = self.rest();
        let after = &rest[2..];
        let name = after.strip_prefix('-').unwrap_or(after);
        let length = identifier_length(name);
        let line_end = &name[length..];
        let end_length = match line_end.as_bytes() {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => 0,
        };
        if length == 0 || end_length == 0 {
            self.emit(Kind::Comparison, 1);
            return;
        }
        let marker = &name[..length];
        self.emit(Kind::OpenHeredoc, rest.len() - line_end.len() + end_length);
        self.modes.push(Mode::Heredoc { marker, start_of_line: true });
    }

    fn word_or_operator(&mut self) {
        const OPERATORS: [(&str, Kind); 30] = [
            ("...", Kind::Ellipsis),
            ("==", Kind::Comparison),
            ("!=", Kind::Comparison),
            (">=", Kind::Comparison),
            ("<=", Kind::Comparison),
            ("=>", Kind::Other),
            ("&&", Kind::Logical),
            ("||", Kind::Logical),
            ("::", Kind::DoubleColon),
            ("=", Kind::Equals),
            ("<", Kind::Comparison),
            (">", Kind::Comparison),
            ("!", Kind::Bang),
            (".", Kind::Dot),
            (",", Kind::Comma),
            (":", Kind::Colon),
            ("?", Kind::Question),
            ("+", Kind::Arithmetic),
            ("*", Kind::Arithmetic),
            ("/", Kind::Arithmetic),
            ("%", Kind::Arithmetic),
            ("-", Kind::Minus),
            ("[", Kind::OpenBracket),
            ("]", Kind::CloseBracket),
            ("(", Kind::OpenParenthesis),
            (")", Kind::CloseParenthesis),
            ("&", Kind::Other),
            ("|", Kind::Other),
            ("~", Kind::Other),
            ("\r", Kind::Other),
        ];
        let rest = self.rest();
        let word = identifier_length(rest);
        if word > 0 {
            self.emit(Kind::Identifier, word);
        } else if let Some((text, kind)) = OPERATORS.iter().find(|(text, _)| rest.starts_with(text)) {
            self.emit(*kind, text.len());
        } else {
            self.emit(Kind::Other, rest.chars().next().map_or(1, char::len_utf8));
        }
    }
}

/// Returns the length of the identifier that `text` begins with, 0 if it begins with none.
fn identifier_length(text: &str) -> usize {
    let continues = |c: char| c == '_' || c == '-' || c.is_alphanumeric();
    match text.chars().next() {
        Some(first) if first == '_' || first.is_alphabetic() => {
            text.find(|c: char| !continues(c)).unwrap_or(text.len())
        }
        _ => 0,
    }
}

/// Returns the length of the number that `bytes` begins with; a dot that no digit follows belongs to what comes next.
fn number_length(bytes: &[u8]) -> usize {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut at = 1;
    loop {
        match bytes.get(at) {
            Some(b'0'..=b'9') => at += 1,
            Some(b'.') if digit(at + 1) => at += 2,
            Some(b'e' | b'E') if digit(at + 1) => at += 2,
            Some(b'e' | b'E') if matches!(bytes.get(at + 1), Some(b'+' | b'-')) && digit(at + 2) => at += 3,
            _ => return at,
        }
    }
}
