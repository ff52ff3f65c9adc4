//! The names that an expression takes from outside: those that no `for` around them defines.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::diagnostic::SourceRange;
use crate::lang::syntax::{Expression, Node, ObjectKey, Step, Template, TemplatePart};

/// Tells whether an expression refers to anything outside itself.
pub(super) fn has_references(expression: &Expression) -> bool {
    visit(expression, &mut |_, _, _| ControlFlow::Break(())).is_break()
}

/// Takes a name with its constant steps and where they stand; says whether to go on.
pub(super) type Visitor<'a, 'v> = &'v mut dyn FnMut(&'a Arc<str>, &'a [Step], SourceRange) -> ControlFlow<()>;

/// Calls `visitor` with every name that an expression takes from outside, in the order of the source.
pub(super) fn visit<'a>(expression: &'a Expression, visitor: Visitor<'a, '_>) -> ControlFlow<()> {
    visit_within(expression, &[], visitor)
}

/// As [`visit`], where the names `bound` are defined around the expression.
pub(super) fn visit_within<'a>(
    expression: &'a Expression,
    bound: &[&'a Arc<str>],
    visitor: Visitor<'a, '_>,
) -> ControlFlow<()> {
    Walk { visitor, bound: bound.to_vec() }.expression(expression)
}

struct Walk<'a, 'v> {
    visitor: Visitor<'a, 'v>,
    bound: Vec<&'a Arc<str>>,
}

impl<'a> Walk<'a, '_> {
    fn expression(&mut self, expression: &'a Expression) -> ControlFlow<()> {
        match &expression.node {
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Item | Node::Invalid(_) => {}
            Node::JsonText(_, inner)
            | Node::Unary(_, inner)
            | Node::Parentheses(inner)
            | Node::Relative(inner, _) => self.expression(inner)?,
            Node::Traversal(name, steps) => {
                if !self.bound.contains(&name) {
                    (self.visitor)(name, steps, expression.range)?;
                }
            }
            Node::Call(call) => self.all(&call.arguments)?,
            Node::Template(template) => self.template(template)?,
            Node::Index(a, b) | Node::Binary(_, a, b) => self.all([&**a, b])?,
            Node::Splat { source, each, .. } => self.all([&**source, each])?,
            Node::Tuple(items) => self.all(items)?,
            Node::Object(items) => {
                for item in items {
                    if let ObjectKey::Expression(key) = &item.key {
                        self.expression(key)?;
                    }
                    self.expression(&item.value)?;
                }
            }
            Node::Conditional(a, b, c) => self.all([&**a, b, c])?,
            Node::For(each) => {
                self.expression(&each.collection)?;
                self.with(&each.key_variable, &each.value_variable, |walk| {
                    walk.all(each.key.iter().chain([&each.value]).chain(&each.condition))
                })?;
            }
        }
        ControlFlow::Continue(())
    }

    fn all(&mut self, expressions: impl IntoIterator<Item = &'a Expression>) -> ControlFlow<()> {
        expressions.into_iter().try_for_each(|expression| self.expression(expression))
    }

    /// Runs `inner` with the variables of a `for` defined.
    fn with(
        &mut self,
        key: &'a Option<Arc<str>>,
        value: &'a Arc<str>,
        inner: impl FnOnce(&mut Self) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let depth = self.bound.len();
        self.bound.extend(key);
        self.bound.push(value);
        let flow = inner(self);
        self.bound.truncate(depth);
        flow
    }

    fn template(&mut self, template: &'a Template) -> ControlFlow<()> {
        for part in &template.parts {
            match part {
                TemplatePart::Text(..) => {}
                TemplatePart::Interpolation(expression) => self.expression(expression)?,
                TemplatePart::If { condition, yes, no, .. } => {
                    self.expression(condition)?;
                    self.template(yes)?;
                    if let Some(no) = no {
                        self.template(no)?;
                    }
                }
                TemplatePart::For { key_variable, value_variable, collection, body, .. } => {
                    self.expression(collection)?;
                    self.with(key_variable, value_variable, |walk| walk.template(body))?;
                }
            }
        }
        ControlFlow::Continue(())
    }
}
