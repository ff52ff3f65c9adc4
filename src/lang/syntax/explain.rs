//! Says in Terraform's words why a piece of native syntax cannot be read.
//!
//! This walks the grammar without building anything, and only after the parser refused a piece: the
//! parser knows where it stopped, but not what a person would have expected there.

use super::error::{SyntaxError, errors};
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

    /// Walks a body up to its closing brace, if `open` is the brace before it, or the end.
    fn body(&mut self, open: Option<Token<'a>>) -> Checked {
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

    fn expression(&mut self) -> Checked {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(errors::too_deep(self.peek().start));
        }
        self.term()?;
        loop {
            let next = self.peek();
            let is_operator = next.kind == TokenKind::Sign
                && ["||", "&&", "==", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "%"]
                    .contains(&next.text);
            if !is_operator {
                break;
            }
            self.read();
            self.term()?;
        }
        if self.next_is("?") {
            self.read();
            self.expression()?;
            let colon = self.peek();
            if colon.text != ":" || colon.kind != TokenKind::Sign {
                let detail = "The conditional operator (...?...:...) requires a false expression, delimited by a colon.";
                return Err(error("Missing false expression in conditional", detail, colon));
            }
            self.read();
            self.expression()?;
        }
        self.depth -= 1;
        Ok(())
    }

    fn term(&mut self) -> Checked {
        let mut start = self.peek();
        while start.kind == TokenKind::Sign && (start.text == "-" || start.text == "!") {
            self.read();
            start = self.peek();
        }
        match (start.kind, start.text) {
            (TokenKind::Number | TokenKind::String, _) => {
                self.read();
            }
            (TokenKind::Name, _) => {
                self.read();
                let mut is_call = false;
                while self.next_is("::") {
                    self.read();
                    let part = self.read();
                    if part.kind != TokenKind::Name {
                        let detail = "Function scope resolution symbol :: must be followed by a function name in this scope.";
                        return Err(error("Missing function name", detail, part));
                    }
                    is_call = true;
                }
                if self.next_is("(") {
                    self.call(start)?;
                } else if is_call {
                    let open = self.peek();
                    let detail = "Function selector must be followed by an open parenthesis to begin the function call.";
                    return Err(error("Missing open parenthesis", detail, open));
                }
            }
            (TokenKind::Sign, "(") => {
                self.read();
                self.within(false, |walker| {
                    walker.expression()?;
                    let close = walker.peek();
                    if close.text != ")" {
                        let detail = "Expected a closing parenthesis to terminate the expression.";
                        return Err(error("Unbalanced parentheses", detail, close));
                    }
                    Ok(())
                })?;
                self.newlines.push(false);
                self.read();
                self.newlines.pop();
            }
            (TokenKind::Sign, "[") => self.tuple()?,
            (TokenKind::Sign, "{") => self.object()?,
            (TokenKind::End, _) => {
                let detail = "Expected the start of an expression, but found the end of the file.";
                return Err(error("Missing expression", detail, start));
            }
            _ => {
                let detail = "Expected the start of an expression, but found an invalid expression token.";
                return Err(error("Invalid expression", detail, start));
            }
        }
        self.traversals()
    }

    fn traversals(&mut self) -> Checked {
        loop {
            let next = self.peek();
            if next.kind != TokenKind::Sign {
                return Ok(());
            }
            match next.text {
                "." => {
                    self.read();
                    let name = self.peek();
                    let fits = matches!(name.kind, TokenKind::Name | TokenKind::Number) || name.text == "*";
                    if !fits {
                        let detail = "An attribute name is required after a dot.";
                        return Err(error("Invalid attribute name", detail, name));
                    }
                    self.read();
                }
                "[" => {
                    self.read();
                    self.within(false, |walker| {
                        if walker.next_is("*") {
                            walker.read();
                            if !walker.next_is("]") {
                                // As Terraform, point at the bracket found when looking for one further on.
                                walker.read();
                                let close = walker.seek_close();
                                let detail = "The star for a full splat operator must be immediately followed by a closing bracket (\"]\").";
                                return Err(error("Missing close bracket on splat index", detail, close));
                            }
                        } else {
                            walker.expression()?;
                            let close = walker.peek();
                            if close.text != "]" {
                                // As Terraform, point at the bracket found when looking for one further on.
                                let close = walker.seek_close();
                                let detail = "The index operator must end with a closing bracket (\"]\").";
                                return Err(error("Missing close bracket on index", detail, close));
                            }
                        }
                        walker.read();
                        Ok(())
                    })?;
                }
                _ => return Ok(()),
            }
        }
    }

    fn call(&mut self, name: Token<'a>) -> Checked {
        let open = self.read();
        self.within(false, |walker| {
            loop {
                if walker.next_is(")") {
                    break;
                }
                walker.expression()?;
                let next = walker.peek();
                match (next.kind, next.text) {
                    (_, ")") => break,
                    (_, ",") => {
                        walker.read();
                    }
                    (_, "...") => {
                        walker.read();
                        if !walker.next_is(")") {
                            let detail = "An expanded function argument (with ...) must be immediately followed by closing parentheses.";
                            return Err(error("Missing closing parenthesis", detail, next));
                        }
                        break;
                    }
                    (TokenKind::End, _) => {
                        let detail = "There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect parenthesis nesting elsewhere in this file.";
                        return Err(SyntaxError::new("Unterminated function call", detail, name.start, open.end()));
                    }
                    _ => {
                        let detail = "A comma is required to separate each function argument from the next.";
                        return Err(error("Missing argument separator", detail, next));
                    }
                }
            }
            walker.read();
            Ok(())
        })
    }

    fn is_for(&mut self) -> bool {
        let before = self.at;
        self.read();
        self.newlines.push(false);
        let word = self.peek();
        self.newlines.pop();
        self.at = before;
        word.kind == TokenKind::Name && word.text == "for"
    }

    fn tuple(&mut self) -> Checked {
        if self.is_for() {
            return self.for_expression();
        }
        let open = self.read();
        self.within(false, |walker| {
            loop {
                if walker.next_is("]") {
                    break;
                }
                walker.expression()?;
                let next = walker.peek();
                match (next.kind, next.text) {
                    (_, "]") => break,
                    (_, ",") => {
                        walker.read();
                    }
                    (TokenKind::End, _) => {
                        let detail = "There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket nesting elsewhere in this file.";
                        return Err(error("Unterminated tuple constructor expression", detail, open));
                    }
                    _ => {
                        let detail = "Expected a comma to mark the beginning of the next item.";
                        return Err(error("Missing item separator", detail, next));
                    }
                }
            }
            walker.read();
            Ok(())
        })
    }

    fn object(&mut self) -> Checked {
        if self.is_for() {
            return self.for_expression();
        }
        let open = self.read();
        let unclosed = || {
            let detail = "There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.";
            error("Unterminated object constructor expression", detail, open)
        };
        self.within(true, |walker| {
            loop {
                let next = walker.peek();
                match (next.kind, next.text) {
                    (TokenKind::Newline, _) => {
                        walker.read();
                        continue;
                    }
                    (_, "}") => break,
                    _ => {}
                }
                walker.expression()?;
                let next = walker.peek();
                match (next.kind, next.text) {
                    (_, "=" | ":") => {
                        walker.read();
                    }
                    (TokenKind::Newline, _) | (_, ",") => {
                        let detail = "Expected an attribute value, introduced by an equals sign (\"=\").";
                        return Err(error("Missing attribute value", detail, next));
                    }
                    (TokenKind::Name, _) => {
                        let detail = "Expected an equals sign (\"=\") to mark the beginning of the attribute value. If you intended to given an attribute name containing periods or spaces, write the name in quotes to create a string literal.";
                        return Err(error("Missing key/value separator", detail, next));
                    }
                    (TokenKind::End, _) => return Err(unclosed()),
                    _ => {
                        let detail = "Expected an equals sign (\"=\") to mark the beginning of the attribute value.";
                        return Err(error("Missing key/value separator", detail, next));
                    }
                }
                walker.expression()?;
                let next = walker.peek();
                match (next.kind, next.text) {
                    (_, "}") => break,
                    (TokenKind::Newline, _) | (_, ",") => {
                        walker.read();
                    }
                    (TokenKind::End, _) => return Err(unclosed()),
                    _ => {
                        let detail = "Expected a newline or comma to mark the beginning of the next attribute.";
                        return Err(error("Missing attribute separator", detail, next));
                    }
                }
            }
            walker.read();
            Ok(())
        })
    }

    fn for_expression(&mut self) -> Checked {
        const SUMMARY: &str = "Invalid 'for' expression";
        let open = self.read();
        let close = if open.text == "{" { "}" } else { "]" };
        self.within(false, |walker| {
            walker.read();
            let name = walker.read();
            if name.kind != TokenKind::Name {
                return Err(error(SUMMARY, "For expression requires variable name after 'for'.", name));
            }
            if walker.next_is(",") {
                walker.read();
                let name = walker.read();
                if name.kind != TokenKind::Name {
                    let detail = "For expression requires value variable name after comma.";
                    return Err(error(SUMMARY, detail, name));
                }
            }
            let word = walker.read();
            if word.text != "in" {
                let detail = "For expression requires the 'in' keyword after its name declarations.";
                return Err(error(SUMMARY, detail, word));
            }
            walker.expression()?;
            let colon = walker.read();
            if colon.text != ":" {
                let detail = "For expression requires a colon after the collection expression.";
                return Err(error(SUMMARY, detail, colon));
            }
            walker.expression()?;
            if walker.next_is("=>") {
                let arrow = walker.read();
                if close == "]" {
                    let detail = "Key expression is not valid when building a tuple.";
                    return Err(error(SUMMARY, detail, arrow));
                }
                walker.expression()?;
            } else if close == "}" {
                let last = walker.tokens[..walker.at].iter().rfind(|token| token.kind != TokenKind::Newline);
                let last = last.copied().unwrap_or(open);
                let detail = "Key expression is required when building an object.";
                return Err(error(SUMMARY, detail, last));
            }
            if walker.next_is("...") {
                let dots = walker.read();
                if close == "]" {
                    let detail = "Grouping ellipsis (...) cannot be used when building a tuple.";
                    return Err(error(SUMMARY, detail, dots));
                }
            }
            if walker.peek().text == "if" {
                walker.read();
                walker.expression()?;
            }
            let end = walker.peek();
            if end.text != close {
                let detail = "Extra characters after the end of the 'for' expression.";
                return Err(error(SUMMARY, detail, end));
            }
            walker.read();
            Ok(())
        })
    }
}
