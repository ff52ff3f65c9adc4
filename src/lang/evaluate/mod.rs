//! Evaluation of expressions.
//!
//! An expression and a [`Scope`] give a value, or everything that is wrong with it. After an error the
//! evaluation goes on with an unknown value, so that one run finds all errors. Unknown values and marks
//! go through everything.

mod access;
mod call;
mod describe;
mod iterate;
mod operator;
#[cfg(test)]
mod properties;
mod spending;
mod template;
#[cfg(test)]
mod unknown;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, ReferenceValue, SourceRange};

use super::marks::Marks;
use super::members::Members;
use super::reference::parse_reference;
use super::scope::{Environment, Root, Scope};
use super::syntax::{Expression, Node};
use super::types::Type;
use super::value::Value;

pub use access::{attribute, index};
pub use describe::compact;
use spending::Spending;

/// Returns the value of an expression.
///
/// # Errors
/// Everything that is wrong with the expression, with ranges and the values of the references in it.
pub fn evaluate(expression: &Expression, scope: &dyn Scope) -> Result<Value, Diagnostics> {
    let mut evaluator = Evaluator::new(Some(scope));
    let value = evaluator.value(expression);
    evaluator.finish(value, expression)
}

/// Returns the value of an expression that may use variables of its own besides those of the scope:
/// the iterators of `dynamic` blocks, for instance. A variable hides an object of the same name.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_with(
    expression: &Expression,
    scope: &dyn Scope,
    variables: &Members,
) -> Result<Value, Diagnostics> {
    let mut evaluator = Evaluator::new(Some(scope));
    evaluator.variables = variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let value = evaluator.value(expression);
    evaluator.finish(value, expression)
}

/// Returns the value of an expression that sees nothing but `variables`, as templates of files do.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_alone(
    expression: &Expression,
    variables: &Members,
    environment: &Environment,
) -> Result<Value, Diagnostics> {
    evaluate_with(expression, &Alone(environment), variables)
}

/// Returns the value of an expression in a place where neither references nor functions are allowed,
/// such as the default of a variable.
///
/// # Errors
/// As [`evaluate`], and every reference and function call.
pub fn evaluate_constant(expression: &Expression) -> Result<Value, Diagnostics> {
    let mut evaluator = Evaluator::new(None);
    let value = evaluator.value(expression);
    evaluator.finish(value, expression)
}

/// Returns what is to be said of the references in an expression when it is shown as the cause of a
/// diagnostic. Sensitive values are never shown, and mentioned only when they are the cause; so are
/// unknown values.
pub fn reference_values(
    expression: &Expression,
    scope: &dyn Scope,
    variables: &Members,
    cause: Cause,
) -> Vec<ReferenceValue> {
    let mut evaluator = Evaluator::new(Some(scope));
    evaluator.variables = variables.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    evaluator.reference_values(expression, cause)
}

/// What besides the known values caused a diagnostic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cause {
    /// That a value is unknown.
    pub unknown: bool,
    /// That a value is sensitive.
    pub sensitive: bool,
    /// That a value is ephemeral.
    pub ephemeral: bool,
}

/// A scope in which no object exists.
struct Alone<'a>(&'a Environment);

impl Scope for Alone<'_> {
    fn lookup(&self, _root: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
        let detail = "This template can use only the variables that are given to it.";
        Err(Diagnostic::error("Unknown variable", detail).at(range).into())
    }

    fn environment(&self) -> &Environment {
        self.0
    }
}

/// The state of one evaluation.
pub(super) struct Evaluator<'a> {
    /// Absent where neither references nor functions are allowed.
    scope: Option<&'a dyn Scope>,
    /// The variables of `for`, innermost last.
    variables: Vec<(Arc<str>, Value)>,
    /// The elements that splats are at, innermost last.
    items: Vec<Value>,
    found: Diagnostics,
    /// While values for a diagnostic are collected, no further diagnostics are made.
    silent: bool,
    /// What the expression made so far.
    spending: Spending,
}

impl<'a> Evaluator<'a> {
    fn new(scope: Option<&'a dyn Scope>) -> Self {
        Self {
            scope,
            variables: Vec::new(),
            items: Vec::new(),
            found: Diagnostics::new(),
            silent: false,
            spending: Spending::default(),
        }
    }

    fn finish(mut self, value: Value, expression: &Expression) -> Result<Value, Diagnostics> {
        self.close_account(expression);
        if let Some(exhausted) = self.spending.exhausted {
            // What came after it was not evaluated any more.
            return Err((*exhausted).into());
        }
        if !self.found.has_errors() {
            return Ok(value);
        }
        // Elements of one collection often fail alike.
        let mut distinct: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.found {
            let same = |known: &Diagnostic| {
                known.summary == diagnostic.summary
                    && known.detail == diagnostic.detail
                    && known.subject == diagnostic.subject
            };
            if distinct.len() < 100 && !distinct.iter().any(same) {
                distinct.push(diagnostic);
            }
        }
        Err(distinct.into_iter().collect())
    }

    /// Evaluates with an empty list of findings and returns that list too.
    fn apart<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> (T, Diagnostics) {
        let before = std::mem::take(&mut self.found);
        let result = run(self);
        (result, std::mem::replace(&mut self.found, before))
    }

    /// Notes an error of `cause`, a part of the expression at `context`, and returns the value to go on with.
    fn error(
        &mut self,
        summary: &str,
        detail: impl Into<String>,
        subject: SourceRange,
        context: SourceRange,
        cause: &Expression,
    ) -> Value {
        if !self.silent {
            let values = self.reference_values(cause, Cause::default());
            let mut diagnostic = Diagnostic::error(summary, detail).at(subject).within(context);
            diagnostic.values = values;
            self.found.push(diagnostic);
        } else {
            self.found.push(Diagnostic::error(summary, ""));
        }
        Value::unknown(Type::Dynamic)
    }

    /// Notes a diagnostic of `cause` and returns the value to go on with.
    fn note(&mut self, mut diagnostic: Diagnostic, cause: &Expression) -> Value {
        if !self.silent {
            diagnostic.values = self.reference_values(cause, Cause::default());
        }
        self.found.push(diagnostic.within(cause.range));
        Value::unknown(Type::Dynamic)
    }

    fn value(&mut self, expression: &Expression) -> Value {
        if self.is_exhausted() {
            return Value::unknown(Type::Dynamic);
        }
        match &expression.node {
            Node::Null => Value::null(Type::Dynamic),
            Node::Bool(value) => (*value).into(),
            Node::Number(number) => super::value::Kind::Number(number.clone()).into(),
            Node::Template(template) => self.template(template, expression),
            // Where no references are allowed JSON strings are plain text.
            Node::JsonText(text, _) if self.scope.is_none() => Value::string(text),
            Node::JsonText(_, template) => self.value(template),
            Node::Invalid(found) => {
                self.found.extend((**found).clone());
                Value::unknown(Type::Dynamic)
            }
            Node::Traversal(name, steps) => self.traversal(name, steps, expression),
            Node::Relative(source, steps) => {
                let value = self.value(source);
                self.steps(value, steps, expression)
            }
            Node::Index(collection, key) => self.index(collection, key, expression),
            Node::Splat { source, each, full } => self.splat(source, each, *full, expression),
            Node::Item => self.items.last().cloned().unwrap_or(Value::unknown(Type::Dynamic)),
            Node::Tuple(items) => {
                let value = Value::tuple(items.iter().map(|item| self.value(item)).collect());
                self.made(value, expression)
            }
            Node::Object(items) => {
                let value = self.object(items, expression);
                self.made(value, expression)
            }
            Node::Call(call) => {
                let value = self.call(call, expression);
                self.returned(value, expression)
            }
            Node::Conditional(condition, yes, no) => self.conditional(condition, yes, no, expression),
            Node::Unary(operator, operand) => self.unary(*operator, operand, expression),
            Node::Binary(operator, left, right) => self.binary(*operator, left, right, expression),
            Node::For(tree) => {
                let value = self.for_expression(tree, expression);
                self.made(value, expression)
            }
            Node::Parentheses(inner) => self.value(inner),
        }
    }

    fn traversal(
        &mut self,
        name: &Arc<str>,
        steps: &[super::syntax::Step],
        expression: &Expression,
    ) -> Value {
        if let Some((_, value)) = self.variables.iter().rev().find(|(variable, _)| variable == name) {
            let value = value.clone();
            return self.steps(value, steps, expression);
        }
        let Some(scope) = self.scope else {
            let detail = "Variables may not be used here.";
            self.found.push(Diagnostic::error("Variables not allowed", detail).at(expression.range));
            return Value::unknown(Type::Dynamic);
        };
        let reference = match parse_reference(name, steps, expression.range) {
            Ok(reference) => reference,
            Err(error) => {
                self.found.push(error);
                return Value::unknown(Type::Dynamic);
            }
        };
        match scope.lookup(&reference.root, expression.range) {
            Ok(value) => self.steps(value, &steps[steps.len() - reference.rest.len()..], expression),
            Err(found) => {
                self.found.extend(found);
                Value::unknown(Type::Dynamic)
            }
        }
    }

    fn with_variables<T>(
        &mut self,
        variables: impl IntoIterator<Item = (Arc<str>, Value)>,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let before = self.variables.len();
        self.variables.extend(variables);
        let result = run(self);
        self.variables.truncate(before);
        result
    }
}

/// Returns the value without its own marks, and these.
fn split(value: Value) -> (Value, Marks) {
    let marks = value.marks;
    (Value { kind: value.kind, marks: Marks::NONE }, marks)
}
