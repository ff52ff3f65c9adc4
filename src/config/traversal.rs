//! Expressions that stand for themselves: references, lists of references, and keywords.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::syntax::{Expression, Node, ObjectKey, Step, parse_expression};

/// A name and constant steps from it.
#[derive(Clone, Debug)]
pub struct Traversal {
    /// The first name.
    pub name: Arc<str>,
    /// The steps behind it.
    pub steps: Vec<Step>,
    /// Where it stands.
    pub range: SourceRange,
}

impl Traversal {
    /// Returns where the first name stands.
    pub fn name_range(&self) -> SourceRange {
        let length = u32::try_from(self.name.len()).unwrap_or(u32::MAX);
        SourceRange { end: self.range.start.saturating_add(length).min(self.range.end), ..self.range }
    }
}

/// Returns the expression in a string of JSON syntax, and any other expression as it is.
pub fn unwrap_json(expression: &Expression, found: &mut Diagnostics) -> Expression {
    let Node::JsonText(text, _) = &expression.node else { return expression.clone() };
    let (inner, more) = parse_expression(expression.range.source, text);
    if more.has_errors() {
        // The inner positions count from the start of the string: point at the whole string instead.
        found.extend(more.into_iter().map(|diagnostic| diagnostic.at(expression.range)));
    }
    match inner {
        Some(inner) => Expression { node: inner.node, range: expression.range },
        None => expression.clone(),
    }
}

/// Returns the reference that an expression is, or reports that it is none.
pub fn absolute_traversal(expression: &Expression, found: &mut Diagnostics) -> Option<Traversal> {
    let unwrapped = unwrap_json(expression, found);
    let expression = &unwrapped;
    if let Node::Traversal(name, steps) = &expression.node {
        return Some(Traversal { name: name.clone(), steps: steps.clone(), range: expression.range });
    }
    found.push(not_a_reference(expression.range));
    None
}

/// Returns the error for an expression that must be a reference and is none.
pub fn not_a_reference(range: SourceRange) -> Diagnostic {
    let detail = "A single static variable reference is required: only attribute access and indexing with constant keys. No calculations, function calls, template expressions, etc are allowed here.";
    Diagnostic::error("Invalid expression", detail).at(range)
}

/// Returns the elements of a list written as such, or reports that it is none.
pub fn list_items(expression: &Expression, found: &mut Diagnostics) -> Option<Vec<Expression>> {
    match &expression.node {
        Node::Tuple(items) => Some(items.clone()),
        _ => {
            let detail = "A static list expression is required.";
            found.push(Diagnostic::error("Invalid expression", detail).at(expression.range));
            None
        }
    }
}

/// Returns keys and values of a map written as such, or reports that it is none. A bare key is a reference of one name.
pub fn map_items(expression: &Expression, found: &mut Diagnostics) -> Option<Vec<(Expression, Expression)>> {
    let Node::Object(items) = &expression.node else {
        let detail = "A static map expression is required.";
        found.push(Diagnostic::error("Invalid expression", detail).at(expression.range));
        return None;
    };
    let key = |key: &ObjectKey| match key {
        ObjectKey::Name(name, range) => {
            Expression { node: Node::Traversal(name.clone(), Vec::new()), range: *range }
        }
        ObjectKey::Expression(expression) => expression.clone(),
    };
    Some(items.iter().map(|item| (key(&item.key), item.value.clone())).collect())
}

/// Returns a reference that an old style of writing put in quotes, with a warning.
pub fn unquote_reference(expression: &Expression, found: &mut Diagnostics) -> Expression {
    let (Node::Template(_), Some(text)) = (&expression.node, expression.as_literal_text()) else {
        return expression.clone();
    };
    let (inner, more) = parse_expression(expression.range.source, &text);
    let Some(inner) = inner.filter(|inner| !more.has_errors() && matches!(inner.node, Node::Traversal(..)))
    else {
        return expression.clone();
    };
    let detail = "In this context, references are expected literally rather than in quotes. Terraform 0.11 and earlier required quotes, but quoted references are now deprecated and will be removed in a future version of Terraform. Remove the quotes surrounding this reference to silence this warning.";
    found.push(Diagnostic::warning("Quoted references are deprecated", detail).at(expression.range));
    Expression { node: inner.node, range: expression.range }
}
