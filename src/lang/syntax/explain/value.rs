//! Expressions.

use super::super::error::{SyntaxError, errors};
use super::super::token::{Token, TokenKind};
use super::{Checked, MAX_DEPTH, Walker, error};

impl<'a> Walker<'a> {
    pub(super) fn expression(&mut self) -> Checked {
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
