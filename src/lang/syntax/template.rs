//! The content of strings: text, interpolations and directives.
//!
//! A template is first a flat list of tokens, as in Terraform, because strip marks and the indentation
//! of heredocs work on tokens: in a heredoc each line is one, so `~` never reaches beyond a line.

use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use crate::diagnostic::{mention, suggest};

use super::error::{SyntaxError, errors};
use super::lower::Lower;
use super::scan::Scanner;
use super::tree::{Expression, Template, TemplatePart};

/// How the text between sequences is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    /// In quotes: backslashes escape.
    Quoted,
    /// In a heredoc: line by line, indentation taken off when `flush`.
    Heredoc { flush: bool },
    /// A file or argument of its own.
    Bare,
}

struct Token {
    kind: TokenKind,
    start: usize,
    end: usize,
}

enum TokenKind {
    Text(String),
    Interpolation(Expression),
    If(Expression),
    Else,
    EndIf,
    For(Option<Arc<str>>, Arc<str>, Expression),
    EndFor,
}

/// Returns the template between two offsets of the text at hand.
pub(super) fn parse(lower: &mut Lower<'_>, start: usize, end: usize, flavor: Flavor) -> Template {
    let mut tokens = tokens(lower, start, end, flavor);
    if flavor == (Flavor::Heredoc { flush: true }) {
        take_off_indentation(&mut tokens);
    }
    let mut parts = Vec::new();
    if let Some(at) = too_deep(&tokens, lower.levels_left()) {
        lower.error(errors::too_deep(at));
        return Template { parts };
    }
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        part(lower, token, &mut tokens, &mut parts, end);
    }
    parts.shrink_to_fit();
    Template { parts }
}

/// Returns where directives are nested deeper than `levels`: what evaluates them would need as deep a stack.
fn too_deep(tokens: &[Token], levels: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for token in tokens {
        match token.kind {
            TokenKind::If(_) | TokenKind::For(..) => depth += 1,
            TokenKind::EndIf | TokenKind::EndFor => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > levels {
            return Some(token.start);
        }
    }
    None
}

fn tokens(lower: &mut Lower<'_>, start: usize, end: usize, flavor: Flavor) -> Vec<Token> {
    let text = lower.text();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = start;
    let mut strip_next = false;
    while at < end {
        let rest = &text[at..end];
        if rest.starts_with("${") || rest.starts_with("%{") {
            let mut scanner = Scanner::new(&text[..end], at);
            if let Err(error) = scanner.sequence() {
                lower.error(error);
                return tokens;
            }
            let close = scanner.position();
            let strip_left = text.as_bytes().get(at + 2) == Some(&b'~');
            let strip_right = close - 2 > at + 2 && text.as_bytes()[close - 2] == b'~';
            if strip_left && let Some(Token { kind: TokenKind::Text(text), .. }) = tokens.last_mut() {
                text.truncate(text.trim_end().len());
            }
            strip_next = strip_right;
            let inner = (at + 2 + usize::from(strip_left), close - 1 - usize::from(strip_right));
            let kind = if rest.starts_with('$') {
                Some(TokenKind::Interpolation(lower.sub_expression(inner.0, inner.1)))
            } else {
                directive(lower, at, inner)
            };
            tokens.extend(kind.map(|kind| Token { kind, start: at, end: close }));
            at = close;
            continue;
        }
        let (mut value, next) = literal(lower, at, end, flavor);
        if strip_next {
            value = value.trim_start().to_owned();
            strip_next = false;
        }
        tokens.push(Token { kind: TokenKind::Text(value), start: at, end: next });
        at = next;
    }
    tokens
}

/// Reads one text token: up to the next sequence, in a heredoc also up to the end of the line.
fn literal(lower: &mut Lower<'_>, start: usize, end: usize, flavor: Flavor) -> (String, usize) {
    let text = lower.text();
    let mut value = String::new();
    let mut at = start;
    while at < end {
        let rest = &text[at..end];
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            value.push_str(&rest[1..3]);
            at += 3;
            continue;
        }
        if rest.starts_with("${") || rest.starts_with("%{") {
            break;
        }
        let Some(first) = rest.chars().next() else { break };
        if first == '\\' && flavor == Flavor::Quoted {
            at += escape(lower, at, rest, &mut value);
            continue;
        }
        value.push(first);
        at += first.len_utf8();
        if first == '\n' && matches!(flavor, Flavor::Heredoc { .. }) {
            break;
        }
    }
    (value, at)
}

/// Reads an escape sequence and returns its length.
pub(super) fn escape(lower: &mut Lower<'_>, at: usize, rest: &str, value: &mut String) -> usize {
    let selector = rest[1..].chars().next();
    let digits = match selector {
        Some('n') => return push(value, '\n'),
        Some('r') => return push(value, '\r'),
        Some('t') => return push(value, '\t'),
        Some('"') => return push(value, '"'),
        Some('\\') => return push(value, '\\'),
        Some('u') => 4,
        Some('U') => 8,
        other => {
            let symbol = other.map_or(String::new(), |symbol| symbol.to_string());
            let detail = format!("The symbol {symbol:?} is not a valid escape sequence selector.");
            let length = 1 + other.map_or(0, char::len_utf8);
            lower.error(SyntaxError::new("Invalid escape sequence", detail, at, at + length));
            return length;
        }
    };
    let code = rest.get(2..2 + digits).filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let symbol = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
    match symbol {
        Some(symbol) => {
            value.push(symbol);
            2 + digits
        }
        None => {
            let (detail, length) = match code {
                Some(code) => {
                    let code = code.to_ascii_lowercase();
                    let code = code.trim_start_matches('0');
                    (format!("Cannot encode character U+{code:0>4} in UTF-8."), 2 + digits)
                }
                None if digits == 4 => {
                    ("The \\u escape sequence must be followed by four hexadecimal digits.".to_owned(), 2)
                }
                None => {
                    ("The \\U escape sequence must be followed by eight hexadecimal digits.".to_owned(), 2)
                }
            };
            lower.error(SyntaxError::new("Invalid escape sequence", detail, at, at + length));
            length
        }
    }
}

fn push(value: &mut String, symbol: char) -> usize {
    value.push(symbol);
    2
}

/// Reads the words of a directive between `%{` and `}`.
fn directive(lower: &mut Lower<'_>, at: usize, inner: (usize, usize)) -> Option<TokenKind> {
    let text = lower.text();
    let (mut start, end) = inner;
    let mut word = || {
        let rest = text[start..end].trim_start();
        let begin = end - rest.len();
        let length =
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
        start = begin + length;
        (&rest[..length], begin)
    };
    let (keyword, keyword_at) = word();
    let nothing_more = |lower: &mut Lower<'_>, from: usize| {
        if !text[from..end].trim().is_empty() {
            let summary = match keyword {
                "else" => "Extra characters in else marker",
                "endif" => "Extra characters in endif marker",
                _ => "Extra characters in endfor marker",
            };
            let detail = "Expected a closing brace to end the sequence, but found extra characters.";
            lower.error(SyntaxError::new(summary, detail, from, end));
        }
    };
    match keyword {
        "if" => Some(TokenKind::If(lower.sub_expression(start, end))),
        "else" | "endif" | "endfor" => {
            let kind = match keyword {
                "else" => TokenKind::Else,
                "endif" => TokenKind::EndIf,
                _ => TokenKind::EndFor,
            };
            nothing_more(lower, start);
            Some(kind)
        }
        "for" => {
            let (first, first_at) = word();
            let (mut key, mut value) = (None, first);
            let mut rest_at = first_at + first.len();
            if text[rest_at..end].trim_start().starts_with(',') {
                let comma = rest_at + text[rest_at..end].find(',').unwrap_or(0) + 1;
                let rest = text[comma..end].trim_start();
                let begin = end - rest.len();
                let length =
                    rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
                key = Some(first);
                value = &rest[..length];
                rest_at = begin + length;
            }
            let rest = text[rest_at..end].trim_start();
            let is_name = |name: &str| super::is_identifier(name);
            if !is_name(value) || !key.is_none_or(is_name) {
                let detail = "For directive requires variable name after 'for'.";
                lower.error(SyntaxError::new("Invalid 'for' directive", detail, first_at, end));
                return None;
            }
            let Some(collection) =
                rest.strip_prefix("in").filter(|rest| !rest.starts_with(char::is_alphanumeric))
            else {
                let detail = "For directive requires 'in' keyword after names.";
                lower.error(SyntaxError::new("Invalid 'for' directive", detail, rest_at, end));
                return None;
            };
            let collection = lower.sub_expression(end - collection.len(), end);
            Some(TokenKind::For(key.map(Arc::from), value.into(), collection))
        }
        other => {
            let (summary, detail) = if other.is_empty() {
                ("Invalid template directive", "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning of a %{ sequence.".to_owned())
            } else {
                (
                    "Invalid template control keyword",
                    format!(
                        "{other:?} is not a valid template control keyword.{}",
                        suggest::did_you_mean(other, ["if", "for", "else", "endif", "endfor"])
                    ),
                )
            };
            lower.error(SyntaxError::new(
                summary,
                detail,
                keyword_at.max(at),
                keyword_at + other.len().max(1),
            ));
            None
        }
    }
}

/// Takes the common indentation off the lines of a `<<-` heredoc.
fn take_off_indentation(tokens: &mut [Token]) {
    let mut least = usize::MAX;
    let mut adjust = Vec::new();
    let mut at_line_start = true;
    for (index, token) in tokens.iter().enumerate() {
        if at_line_start {
            at_line_start = false;
            let mut spaces = 0;
            if let TokenKind::Text(text) = &token.kind {
                let trimmed = text.trim_start();
                if trimmed.is_empty() && text.ends_with('\n') {
                    // A blank line neither counts nor changes.
                    spaces = usize::MAX;
                } else {
                    spaces = text[..text.len() - trimmed.len()].graphemes(true).count();
                    adjust.push(index);
                }
            }
            least = least.min(spaces);
        }
        if let TokenKind::Text(text) = &token.kind {
            at_line_start |= text.ends_with('\n');
        }
    }
    for index in adjust {
        if let TokenKind::Text(text) = &mut tokens[index].kind {
            let cut: usize = text.graphemes(true).take(least).map(str::len).sum();
            text.drain(..cut);
        }
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

/// Appends the part that `token` begins, with everything up to its end directive.
fn part(
    lower: &mut Lower<'_>,
    token: Token,
    tokens: &mut Tokens,
    parts: &mut Vec<TemplatePart>,
    template_end: usize,
) {
    let Token { kind, start, end } = token;
    match kind {
        TokenKind::Text(mut text) => {
            let mut end = end;
            while let Some(Token { kind: TokenKind::Text(more), end: more_end, .. }) =
                tokens.next_if(|next| matches!(next.kind, TokenKind::Text(_)))
            {
                text.push_str(&more);
                end = more_end;
            }
            if !text.is_empty() {
                parts.push(TemplatePart::Text(text.into(), lower.range(start, end)));
            }
        }
        TokenKind::Interpolation(expression) => parts.push(TemplatePart::Interpolation(expression)),
        TokenKind::If(condition) => {
            let mut yes = Vec::new();
            let mut no: Option<Vec<TemplatePart>> = None;
            lower.enter();
            loop {
                match tokens.next() {
                    Some(Token { kind: TokenKind::EndIf, end, .. }) => {
                        let range = lower.range(start, end);
                        let (yes, no) = (Template { parts: yes }, no.map(|parts| Template { parts }));
                        parts.push(TemplatePart::If { condition, yes, no, range });
                        break;
                    }
                    Some(Token { kind: TokenKind::Else, .. }) if no.is_none() => no = Some(Vec::new()),
                    Some(Token { kind: TokenKind::Else, start: at, end: to }) => {
                        let place = mention(lower.range(start, end));
                        let detail = format!("Already in the else clause for the if started at {place}.");
                        lower.error(SyntaxError::new("Unexpected else directive", detail, at, to));
                    }
                    Some(token) => part(lower, token, tokens, no.as_mut().unwrap_or(&mut yes), template_end),
                    None => {
                        let place = mention(lower.range(start, end));
                        let detail = format!(
                            "The if directive at {place} is missing its corresponding endif directive."
                        );
                        lower.error(SyntaxError::new(
                            "Unexpected end of template",
                            detail,
                            template_end,
                            template_end + 1,
                        ));
                        break;
                    }
                }
            }
            lower.leave();
        }
        TokenKind::For(key_variable, value_variable, collection) => {
            let mut body = Vec::new();
            lower.enter();
            loop {
                match tokens.next() {
                    Some(Token { kind: TokenKind::EndFor, end, .. }) => {
                        let range = lower.range(start, end);
                        let body = Template { parts: body };
                        parts.push(TemplatePart::For {
                            key_variable,
                            value_variable,
                            collection,
                            body,
                            range,
                        });
                        break;
                    }
                    Some(token) => part(lower, token, tokens, &mut body, template_end),
                    None => {
                        let place = mention(lower.range(start, end));
                        let detail = format!(
                            "The for directive at {place} is missing its corresponding endfor directive."
                        );
                        lower.error(SyntaxError::new(
                            "Unexpected end of template",
                            detail,
                            template_end,
                            template_end + 1,
                        ));
                        break;
                    }
                }
            }
            lower.leave();
        }
        TokenKind::Else => unexpected(lower, "Unexpected else directive", start, end),
        TokenKind::EndIf => unexpected(lower, "Unexpected endif directive", start, end),
        TokenKind::EndFor => unexpected(lower, "Unexpected endfor directive", start, end),
    }
}

fn unexpected(lower: &mut Lower<'_>, summary: &'static str, start: usize, end: usize) {
    let detail = "The control directives within this template are unbalanced.";
    lower.error(SyntaxError::new(summary, detail, start, end));
}
