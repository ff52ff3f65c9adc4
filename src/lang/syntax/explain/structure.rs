//! Bodies, arguments and blocks.

use super::super::error::errors;
use super::super::token::{Token, TokenKind};
use super::{Checked, MAX_DEPTH, Walker, error};

impl<'a> Walker<'a> {
    /// Walks a body up to its closing brace, if `open` is the brace before it, or the end.
    pub(super) fn body(&mut self, open: Option<Token<'a>>) -> Checked {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(errors::too_deep(self.peek().start));
        }
        let mut names: Vec<(&str, usize)> = Vec::new();
        loop {
            let next = self.peek();
            match (next.kind, open) {
                (TokenKind::Newline, _) => {
                    self.read();
                }
                (TokenKind::Sign, Some(_)) if next.text == "}" => break,
                (TokenKind::End, None) => break,
                (TokenKind::End, Some(open)) => {
                    return Err(errors::unclosed_bracket(b'{', open.start, false));
                }
                (TokenKind::Name, _) => self.item(&mut names)?,
                (TokenKind::String, _) => {
                    return Err(error("Invalid argument name", "Argument names must not be quoted.", next));
                }
                _ => {
                    let detail = "An argument or block definition is required here.";
                    return Err(error("Argument or block definition required", detail, next));
                }
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn item(&mut self, names: &mut Vec<(&'a str, usize)>) -> Checked {
        let name = self.read();
        let next = self.peek();
        if next.text == "=" {
            if let Some((_, first)) = names.iter().find(|(known, _)| *known == name.text) {
                return Err(errors::set_twice(name.text, *first, name.start));
            }
            names.push((name.text, name.start));
            self.read();
            self.expression()?;
            return self.end_of_item(
                "Missing newline after argument",
                "An argument definition must end with a newline.",
            );
        }
        if next.kind == TokenKind::String || next.kind == TokenKind::Name || next.text == "{" {
            return self.block();
        }
        let detail = "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce the argument value.";
        Err(error("Argument or block definition required", detail, name))
    }

    fn end_of_item(&mut self, summary: &'static str, detail: &str) -> Checked {
        let end = self.peek();
        match end.kind {
            TokenKind::Newline | TokenKind::End => Ok(()),
            _ => Err(error(summary, detail, end)),
        }
    }

    fn block(&mut self) -> Checked {
        const SUMMARY: &str = "Invalid block definition";
        loop {
            let next = self.read();
            match next.kind {
                TokenKind::String | TokenKind::Name => {}
                TokenKind::Sign if next.text == "{" => return self.block_body(next),
                TokenKind::Sign if next.text == "=" => {
                    let detail = "The equals sign \"=\" indicates an argument definition, and must not be used when defining a block.";
                    return Err(error(SUMMARY, detail, next));
                }
                TokenKind::Newline => {
                    let detail = "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the block header.";
                    return Err(error(SUMMARY, detail, next));
                }
                _ => {
                    let detail =
                        "Either a quoted string block label or an opening brace (\"{\") is expected here.";
                    return Err(error(SUMMARY, detail, next));
                }
            }
        }
    }

    fn block_body(&mut self, open: Token<'a>) -> Checked {
        let next = self.peek();
        if matches!(next.kind, TokenKind::Newline | TokenKind::End) || next.text == "}" {
            self.body(Some(open))?;
            self.read();
        } else {
            self.single_line_body()?;
        }
        self.end_of_item(
            "Missing newline after block definition",
            "A block definition must end with a newline.",
        )
    }

    fn single_line_body(&mut self) -> Checked {
        const SUMMARY: &str = "Invalid single-argument block definition";
        let name = self.read();
        if name.kind != TokenKind::Name {
            let detail = "An argument or block definition is required here.";
            return Err(error("Argument or block definition required", detail, name));
        }
        let next = self.peek();
        if next.text != "=" {
            if next.kind == TokenKind::String || next.kind == TokenKind::Name || next.text == "{" {
                let detail = format!(
                    "A single-line block definition can contain only a single argument. If you meant to define argument {:?}, use an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent block.",
                    name.text
                );
                return Err(error("Argument definition required", detail, name));
            }
            let detail = "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce the argument value.";
            return Err(error("Argument or block definition required", detail, name));
        }
        self.read();
        self.expression()?;
        let close = self.read();
        let detail = match (close.kind, close.text) {
            (_, "}") => return Ok(()),
            (_, ",") => {
                "Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line block syntax with one argument definition per line."
            }
            (TokenKind::Newline, _) => {
                "An argument definition on the same line as its containing block creates a single-line block definition, which must also be closed on the same line. Place the block's closing brace immediately after the argument definition."
            }
            _ => {
                "A single-line block definition must end with a closing brace immediately after its single argument definition."
            }
        };
        Err(error(SUMMARY, detail, close))
    }
}
