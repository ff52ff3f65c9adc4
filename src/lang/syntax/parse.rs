//! The ways into native syntax.

use hcl::edit::parser;
use hcl::edit::structure::{self as edit, BlockLabel, Structure};

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange, mention};

use super::body::{Attribute, Block, Body, Label};
use super::error::{SyntaxError, errors};
use super::explain;
use super::lower::Lower;
use super::plain;
use super::scan::{self, Piece, Scanner};
use super::template::{self, Flavor};
use super::tree::{Expression, Node};

/// The parser starts again for each repeated key, so their number is limited.
const MAX_REPEATED_KEYS: usize = 60;

/// Returns the body of a file of native syntax, as far as it could be read, and what is wrong in it.
pub fn parse_body(source: SourceId, text: &str) -> (Body, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut body = Body::empty(SourceRange::new(source, 0, text.len()));
    body.end = SourceRange::new(source, text.len(), text.len());
    if let Some(error) = unreadable(text) {
        found.push(error.diagnostic(source, 0));
        return (body, found);
    }
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut scanner = Scanner::new(text, start);
    while let Some((piece, error)) = scanner.next_piece() {
        if let Some(error) = error {
            let better = if error.unclear { explain::body(&lines(&piece, text)) } else { None };
            found.push(better.map_or(error, |better| better.shifted(piece.start)).diagnostic(source, 0));
            continue;
        }
        if !plain::add(source, text, &piece, &mut body) {
            found.extend(parse_piece(source, text, &piece, &mut body));
        }
    }
    (body, found)
}

/// Adds the structures of a piece to `body`, and returns what is wrong in it.
pub(super) fn parse_piece(source: SourceId, text: &str, piece: &Piece, body: &mut Body) -> Diagnostics {
    match without_repeated_keys(&piece.masked(text), parser::parse_body) {
        Ok(tree) => {
            let mut lower = Lower::new(source, text, 0, piece, piece.start as isize);
            lower_body(&mut lower, &tree, body);
            lower.found
        }
        Err(error) => {
            let better = explain::body(&lines(piece, text));
            let error = refused(error.message(), error.location().offset(), better);
            error.shifted(piece.start).diagnostic(source, 0).into()
        }
    }
}

/// Adds the attribute that makes up a piece to `body`; returns nothing when something is wrong with it.
pub(super) fn parse_attribute(source: SourceId, text: &str, piece: &Piece, body: &mut Body) -> Option<()> {
    let tree = without_repeated_keys(&piece.masked(text), parser::parse_body).ok()?;
    let mut lower = Lower::new(source, text, 0, piece, piece.start as isize);
    lower_body(&mut lower, &tree, body);
    lower.found.is_empty().then_some(())
}

/// Returns the expression that makes up the whole text, and what is wrong in it.
pub fn parse_expression(source: SourceId, text: &str) -> (Option<Expression>, Diagnostics) {
    parse_expression_at(source, text, 0)
}

/// Tells whether an expression can only be whole with more lines: a bracket, sequence or heredoc is open at its end.
pub fn is_unfinished(text: &str) -> bool {
    // Behind a newline a quoted string is wrong for good, so that only a heredoc can lack its end.
    let text = format!("{text}\n");
    let error = Scanner::whole(&text).1;
    error.is_some_and(|error| error.unclear || error == errors::unclosed_string(error.end))
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
    if let Some(error) = unreadable(text) {
        return (None, error.diagnostic(source, offset).into());
    }
    expression(source, text, offset, 0)
}

/// As [`parse_template`], for a text that begins at byte `offset` of the source.
pub(crate) fn parse_template_at(source: SourceId, text: &str, offset: usize) -> (Expression, Diagnostics) {
    let piece = Piece::default();
    let mut lower = Lower::new(source, text, offset, &piece, 0);
    let template = template::parse(&mut lower, 0, text.len(), Flavor::Bare);
    let range = lower.range(0, text.len());
    (Expression { node: Node::Template(template), range }, lower.found)
}

/// Returns the expression of a text that begins at byte `offset` of the source, `height` levels deep.
pub(super) fn expression(
    source: SourceId,
    text: &str,
    offset: usize,
    height: usize,
) -> (Option<Expression>, Diagnostics) {
    let (piece, error) = Scanner::whole(text);
    if let Some(error) = error {
        let better = if error.unclear { explain::expression(&piece.masked(text), height > 0) } else { None };
        return (None, better.unwrap_or(error).diagnostic(source, offset).into());
    }
    if text.trim().is_empty() && height == 0 {
        let detail = "Expected the start of an expression, but found the end of the text.";
        let error = SyntaxError::new("Missing expression", detail, 0, text.len());
        return (None, error.diagnostic(source, offset).into());
    }
    // In parentheses newlines do not end the expression. The newline lets a line comment end.
    let masked = format!("({}\n)", piece.masked(text));
    match without_repeated_keys(&masked, parser::parse_expr) {
        Ok(hcl::edit::expr::Expression::Parenthesis(inner)) => {
            let mut lower = Lower::new(source, text, offset, &piece, -1).at_height(height);
            let expression = lower.expression(inner.inner());
            let found = lower.found;
            (Some(expression).filter(|_| !found.has_errors()), found)
        }
        Ok(_) => {
            let detail = "Extra characters after the end of the expression.";
            let error = SyntaxError::new("Extra characters after expression", detail, 0, text.len());
            (None, error.diagnostic(source, offset).into())
        }
        Err(error) => {
            let at = error.location().offset().saturating_sub(1).min(text.len());
            let error = refused(error.message(), at, explain::expression(&piece.masked(text), height > 0));
            (None, error.diagnostic(source, offset).into())
        }
    }
}

/// Returns why a text cannot be looked at at all.
fn unreadable(text: &str) -> Option<SyntaxError> {
    let at = text.find('\0')?;
    let detail = "The text holds a NUL byte, so it is not a configuration: check that the file is the right one and encoded as UTF-8.";
    Some(SyntaxError::new("Invalid character", detail, at, at + 1))
}

/// Returns the masked piece with the newline behind it, if there is one: where a line ends too early is
/// another error than where the file does.
fn lines(piece: &Piece, text: &str) -> String {
    let newline = if piece.end < text.len() { "\n" } else { "" };
    format!("{}{newline}", piece.masked(text))
}

/// Runs the parser, which refuses a key that an object literal has twice; Terraform lets the last one
/// win. So such keys get other names of their length: the tree is lowered with the names of the text.
fn without_repeated_keys<T>(
    masked: &str,
    parse: impl Fn(&str) -> Result<T, parser::Error>,
) -> Result<T, parser::Error> {
    let mut changed = None::<String>;
    for attempt in 0..MAX_REPEATED_KEYS {
        let text = changed.as_deref().unwrap_or(masked);
        let error = match parse(text) {
            Err(error) if error.message().contains("redefined object key") => error,
            result => return result,
        };
        let start = error.location().offset();
        let start = start + usize::from(text[start..].starts_with('"'));
        let length = text[start..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
            .unwrap_or(text.len() - start);
        if length == 0 {
            return Err(error);
        }
        let mut next = text.to_owned();
        next.replace_range(start..start + length, &scan::filler(attempt, length));
        changed = Some(next);
    }
    parse(changed.as_deref().unwrap_or(masked))
}

/// Returns the reason why the parser refused a text at `at`, unless the grammar gives a better one.
fn refused(message: &str, at: usize, better: Option<SyntaxError>) -> SyntaxError {
    if message.contains("nested levels") || message.contains("chained binary operators") {
        return errors::too_deep(at);
    }
    better.unwrap_or_else(|| {
        let detail = format!("The text could not be read here: {message}.");
        SyntaxError::new("Invalid expression", detail, at, at + 1)
    })
}

fn lower_body(lower: &mut Lower<'_>, tree: &edit::Body, body: &mut Body) {
    for structure in tree {
        match structure {
            Structure::Attribute(attribute) => {
                let name_range = lower.range_of(&attribute.key);
                let expression = lower.expression(&attribute.value);
                let name: std::sync::Arc<str> = attribute.key.as_str().into();
                if let Some(first) = body.attributes.get(&name) {
                    lower.found.push(set_twice(&name, first.name_range, name_range));
                    continue;
                }
                let range = name_range.to(expression.range);
                body.attributes_mut().insert(Attribute { name, name_range, expression, range });
            }
            Structure::Block(block) => {
                let block = lower_block(lower, block);
                body.blocks_mut().push(block);
            }
        }
    }
}

fn set_twice(name: &str, first: SourceRange, range: SourceRange) -> Diagnostic {
    let first = mention(first);
    let detail =
        format!("The argument {name:?} was already set at {first}. Each argument may be set only once.");
    Diagnostic::error("Attribute redefined", detail).at(range)
}

fn lower_block(lower: &mut Lower<'_>, tree: &edit::Block) -> Block {
    let type_range = lower.range_of(&tree.ident);
    let (_, mut header_end) = lower.offsets(&tree.ident);
    let mut labels = Vec::new();
    for label in &tree.labels {
        let (start, end) = match label {
            BlockLabel::Ident(name) => lower.offsets(name),
            BlockLabel::String(text) => lower.offsets(text),
        };
        header_end = end;
        let range = lower.range(start, end);
        let text = match label {
            BlockLabel::Ident(name) => name.as_str().into(),
            BlockLabel::String(text) => {
                let template = lower.masked(text);
                template.as_literal_text().unwrap_or_else(|| {
                    let detail = "Template sequences are not allowed in this string. To include a literal \"$\", double it (as \"$$\") to escape it.";
                    lower.found.push(Diagnostic::error("Invalid string literal", detail).at(range));
                    "".into()
                })
            }
        };
        labels.push(Label { text, range });
    }
    let (start, end) = lower.offsets(tree);
    let open = lower.text()[header_end..end].find('{').map_or(header_end, |at| header_end + at);
    let mut body = Body::empty(lower.range(open, end));
    body.end = lower.range(end.saturating_sub(1), end);
    lower_body(lower, &tree.body, &mut body);
    Block {
        block_type: tree.ident.as_str().into(),
        type_range,
        labels: labels.into(),
        body,
        header_range: lower.range(start, header_end),
        range: lower.range(start, end),
        open: lower.range(open, open + 1),
    }
}

/// Tells whether a text is a name: a letter or underscore, then letters, digits, underscores and hyphens.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_')
        && chars.all(|next| next.is_alphanumeric() || next == '_' || next == '-')
}
