//! Says in Terraform's words why a piece of native syntax cannot be read.
//!
//! This walks the grammar without building anything, and only after the parser refused a piece: the
//! parser knows where it stopped, but not what a person would have expected there. `structure` walks bodies and blocks,
//! `value` expressions.

mod structure;
mod value;

use super::error::SyntaxError;
use super::token::{Token, TokenKind, tokens};

/// As deep as this looks; deeper text is refused for its depth.
const MAX_DEPTH: usize = 150;

type Checked = Result<(), SyntaxError>;

/// Returns the first error in a masked body, by offsets in it; nothing if the grammar is fine.
pub(super) fn body(masked: &str) -> Option<SyntaxError> {
    run(masked, |walker| walker.body(None))
}

/// Returns the first error in a masked expression that makes up the whole text, which `inside` a
/// template ends with a brace.
pub(super) fn expression(masked: &str, inside: bool) -> Option<SyntaxError> {
    run(masked, |walker| {
        walker.newlines.push(false);
        match walker.expression() {
            Err(error) if inside && error.summary == "Missing expression" => {
                let detail = "Expected the start of an expression, but found an invalid expression token.";
                return Err(SyntaxError::new("Invalid expression", detail, error.start, error.end + 1));
            }
            result => result?,
        }
        let next = walker.peek();
        if next.kind == TokenKind::End {
            return Ok(());
        }
        if inside {
            let detail = "Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with \"$${\" instead of just \"${\".";
            return Err(error("Extra characters after interpolation expression", detail, next));
        }
        let detail = "An expression was successfully parsed, but extra characters were found after it.";
        Err(error("Extra characters after expression", detail, next))
    })
}

fn run(masked: &str, walk: impl FnOnce(&mut Walker<'_>) -> Checked) -> Option<SyntaxError> {
    let tokens = match tokens(masked) {
        Ok(tokens) => tokens,
        Err(error) => return Some(error),
    };
    let mut walker = Walker { tokens, at: 0, newlines: vec![true], depth: 0 };
    walk(&mut walker).err()
}

fn error(summary: &'static str, detail: impl Into<String>, token: Token<'_>) -> SyntaxError {
    SyntaxError::new(summary, detail, token.start, token.end())
}

struct Walker<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    /// Whether newlines are tokens here, innermost last.
    newlines: Vec<bool>,
    depth: usize,
}

impl<'a> Walker<'a> {
    fn peek(&mut self) -> Token<'a> {
        if self.newlines.last() == Some(&false) {
            while self.tokens[self.at].kind == TokenKind::Newline {
                self.at += 1;
            }
        }
        self.tokens[self.at]
    }

    fn read(&mut self) -> Token<'a> {
        let token = self.peek();
        if token.kind != TokenKind::End {
            self.at += 1;
        }
        token
    }

    fn next_is(&mut self, sign: &str) -> bool {
        let token = self.peek();
        token.kind == TokenKind::Sign && token.text == sign
    }

    /// Goes to the closing square bracket of this nesting, or to the end.
    fn seek_close(&mut self) -> Token<'a> {
        let mut nested = 0;
        loop {
            let token = self.read();
            match (token.kind, token.text) {
                (TokenKind::End, _) => return token,
                (TokenKind::Sign, "[") => nested += 1,
                (TokenKind::Sign, "]") if nested == 0 => return token,
                (TokenKind::Sign, "]") => nested -= 1,
                _ => {}
            }
        }
    }

    fn within(&mut self, newlines: bool, run: impl FnOnce(&mut Self) -> Checked) -> Checked {
        self.newlines.push(newlines);
        let result = run(self);
        self.newlines.pop();
        result
    }
}
