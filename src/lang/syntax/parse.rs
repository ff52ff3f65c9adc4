//! The ways into native syntax.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange};

use super::body::Body;
use super::tree::{Expression, Node, Template};

/// Returns the body of a file of native syntax, as far as it could be read, and what is wrong in it.
pub fn parse_body(source: SourceId, text: &str) -> (Body, Diagnostics) {
    let range = SourceRange::new(source, 0, text.len());
    (Body::empty(range), Diagnostic::error("Parser missing", "").at(range).into())
}

/// Returns the expression that makes up the whole text, and what is wrong in it.
pub fn parse_expression(source: SourceId, text: &str) -> (Option<Expression>, Diagnostics) {
    parse_expression_at(source, text, 0)
}

/// Returns a text with interpolations and directives (as in a template file), and what is wrong in it.
pub fn parse_template(source: SourceId, text: &str) -> (Expression, Diagnostics) {
    parse_template_at(source, text, 0)
}

/// As [`parse_expression`], for a text that begins at byte `offset` of the source.
pub(crate) fn parse_expression_at(
    source: SourceId,
    text: &str,
    offset: usize,
) -> (Option<Expression>, Diagnostics) {
    let range = SourceRange::new(source, offset, offset + text.len());
    (None, Diagnostic::error("Parser missing", "").at(range).into())
}

/// As [`parse_template`], for a text that begins at byte `offset` of the source.
pub(crate) fn parse_template_at(source: SourceId, text: &str, offset: usize) -> (Expression, Diagnostics) {
    let range = SourceRange::new(source, offset, offset + text.len());
    let expression = Expression { node: Node::Template(Template::default()), range };
    (expression, Diagnostic::error("Parser missing", "").at(range).into())
}

/// Tells whether a text is a name: a letter or underscore, then letters, digits, underscores and hyphens.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}
