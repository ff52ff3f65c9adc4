//! Tokens of native syntax, for explaining what the parser refused. Strings are masked by then.

use super::error::SyntaxError;

/// A token and its offsets in the masked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub kind: TokenKind,
    pub text: &'a str,
    pub start: usize,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Name,
    Number,
    String,
    Newline,
    /// An operator, bracket or other sign, by its text.
    Sign,
    End,
}

const SIGNS: &[&str] = &[
    "...", "&&", "||", "==", "!=", "<=", ">=", "=>", "::", "{", "}", "[", "]", "(", ")", "=", "<", ">", "+",
    "-", "*", "/", "%", "!", "?", ":", ",", ".",
];

/// Cuts a masked text into tokens, without blanks and comments, and finds characters that mean nothing.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, SyntaxError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    let mut comments_end = true;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match first {
            ' ' | '\t' | '\r' => {
                at += 1;
                continue;
            }
            '\n' => (TokenKind::Newline, 1),
            '#' => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") && comments_end => {
                match rest[2..].find("*/") {
                    Some(end) => at += 2 + end + 2,
                    // From here on the signs are looked at as what they are.
                    None => comments_end = false,
                }
                continue;
            }
            '"' => {
                let length = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
                (TokenKind::String, length)
            }
            '0'..='9' => (TokenKind::Number, number_length(rest)),
            letter if letter.is_alphabetic() || letter == '_' => {
                let length =
                    rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len());
                (TokenKind::Name, length)
            }
            _ => {
                if let Some(error) = invalid_character(rest, at) {
                    return Err(error);
                }
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
                (TokenKind::Sign, sign.map_or(first.len_utf8(), |sign| sign.len()))
            }
        };
        tokens.push(Token { kind, text: &rest[..length], start: at });
        at += length;
    }
    tokens.push(Token { kind: TokenKind::End, text: "", start: text.len() });
    Ok(tokens)
}

fn number_length(rest: &str) -> usize {
    let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(0);
    if rest[length..].starts_with('.') && digits(length + 1) > 0 {
        length += 1 + digits(length + 1);
    }
    if rest[length..].starts_with(['e', 'E']) {
        let sign = usize::from(rest[length + 1..].starts_with(['+', '-']));
        let exponent = digits(length + 1 + sign);
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

fn invalid_character(rest: &str, at: usize) -> Option<SyntaxError> {
    let error = |summary, detail: &str, length| Some(SyntaxError::new(summary, detail, at, at + length));
    if rest.starts_with("**") {
        let detail = "\"**\" is not a supported operator. Exponentiation is not supported as an operator.";
        return error("Unsupported operator", detail, 2);
    }
    if rest.starts_with("&&") || rest.starts_with("||") {
        return None;
    }
    let first = rest.chars().next()?;
    match first {
        '`' => error(
            "Invalid character",
            "The \"`\" character is not valid. To create a multi-line string, use the \"heredoc\" syntax, like \"<<EOT\".",
            1,
        ),
        '\'' => error(
            "Invalid character",
            "Single quotes are not valid. Use double quotes (\") to enclose strings.",
            1,
        ),
        ';' => error(
            "Invalid character",
            "The \";\" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in collection values.",
            1,
        ),
        '&' => error(
            "Unsupported operator",
            "Bitwise operators are not supported. Did you mean boolean AND (\"&&\")?",
            1,
        ),
        '|' => error(
            "Unsupported operator",
            "Bitwise operators are not supported. Did you mean boolean OR (\"||\")?",
            1,
        ),
        '^' => error("Unsupported operator", "Bitwise operators are not supported.", 1),
        '~' => error(
            "Unsupported operator",
            "Bitwise operators are not supported. Did you mean boolean NOT (\"!\")?",
            1,
        ),
        sign if SIGNS.iter().any(|known| known.starts_with(sign)) => None,
        other => {
            error("Invalid character", "This character is not used within the language.", other.len_utf8())
        }
    }
}
