//! From the parser's tree to ours.

use std::sync::Arc;

use hcl::edit::Span;
use hcl::edit::expr::{self as edit, TraversalOperator};

use crate::diagnostic::{Diagnostics, SourceId, SourceRange};

use super::super::number::Number;
use super::error::{SyntaxError, errors};
use super::parse;
use super::plain;
use super::scan::{self, Piece, Quote, QuoteKind};
use super::template::{self, Flavor};
use super::tree::{
    BinaryOperator, Call, Expression, For, Node, ObjectItem, ObjectKey, Step, StepKind, Template,
    TemplatePart, UnaryOperator,
};

/// The height that a tree may have: evaluation recurses as deep.
const MAX_HEIGHT: usize = 256;

/// Lowers one text, or a part of it.
pub(super) struct Lower<'a> {
    source: SourceId,
    text: &'a str,
    /// Where the text begins in its source.
    offset: usize,
    /// What to add to the parser's positions to get offsets in the text.
    shift: isize,
    piece: &'a Piece,
    pub(super) found: Diagnostics,
    height: usize,
}

impl<'a> Lower<'a> {
    pub(super) fn new(
        source: SourceId,
        text: &'a str,
        offset: usize,
        piece: &'a Piece,
        shift: isize,
    ) -> Self {
        Self { source, text, offset, shift, piece, found: Diagnostics::new(), height: 0 }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Returns the range of two offsets in the text.
    pub(super) fn range(&self, start: usize, end: usize) -> SourceRange {
        SourceRange::new(self.source, self.offset + start, self.offset + end)
    }

    pub(super) fn error(&mut self, error: SyntaxError) {
        self.found.push(error.diagnostic(self.source, self.offset));
    }

    /// Goes one level down; [`Lower::leave`] must follow.
    pub(super) fn enter(&mut self) {
        self.height += 1;
    }

    /// Returns how many levels may still be entered.
    pub(super) fn levels_left(&self) -> usize {
        MAX_HEIGHT.saturating_sub(self.height)
    }

    pub(super) fn leave(&mut self) {
        self.height -= 1;
    }

    /// Returns the offsets in the text of what the parser knows as `node`.
    pub(super) fn offsets(&self, node: &impl Span) -> (usize, usize) {
        let span = node.span().unwrap_or(0..0);
        let shifted = |at: usize| at.saturating_add_signed(self.shift).min(self.text.len());
        (shifted(span.start), shifted(span.end))
    }

    pub(super) fn range_of(&self, node: &impl Span) -> SourceRange {
        let (start, end) = self.offsets(node);
        self.range(start, end)
    }

    /// Returns the expression between two offsets of the text, such as of an interpolation.
    pub(super) fn sub_expression(&mut self, start: usize, end: usize) -> Expression {
        let placeholder = Expression { node: Node::Null, range: self.range(start, end) };
        if self.height >= MAX_HEIGHT {
            self.error(errors::too_deep(start));
            return placeholder;
        }
        let text = &self.text[start..end];
        if let Some(reference) = plain::reference(self.source, text, self.offset + start) {
            return reference;
        }
        let (expression, found) = parse::expression(self.source, text, self.offset + start, self.height + 1);
        self.found.extend(found);
        expression.unwrap_or(placeholder)
    }

    pub(super) fn at_height(mut self, height: usize) -> Self {
        self.height = height;
        self
    }

    /// Returns the string at `quote` as a template.
    pub(super) fn quote(&mut self, quote: Quote) -> Expression {
        let (start, end) = (quote.start + 1, quote.end - 1);
        let template = match quote.kind {
            QuoteKind::Quoted if scan::is_plain(&self.text[start..end]) => {
                let text = TemplatePart::Text(self.text[start..end].into(), self.range(start, end));
                Template { parts: Some(text).filter(|_| start < end).into_iter().collect() }
            }
            QuoteKind::Quoted => template::parse(self, start, end, Flavor::Quoted),
            QuoteKind::Number => return self.number(self.range(quote.start, quote.end)),
            QuoteKind::Heredoc { content_start, content_end, flush } => {
                template::parse(self, content_start, content_end, Flavor::Heredoc { flush })
            }
        };
        Expression { node: Node::Template(template), range: self.range(quote.start, quote.end) }
    }

    /// Returns the string that the parser saw the mask of at `node`.
    pub(super) fn masked(&mut self, node: &impl Span) -> Expression {
        let (start, end) = self.offsets(node);
        match self.piece.quote_at(start) {
            Some(quote) => self.quote(quote),
            None => Expression { node: Node::Template(Default::default()), range: self.range(start, end) },
        }
    }

    pub(super) fn expression(&mut self, tree: &edit::Expression) -> Expression {
        let range = self.range_of(tree);
        if self.height >= MAX_HEIGHT {
            let start = range.start as usize - self.offset;
            self.error(errors::too_deep(start));
            return Expression { node: Node::Null, range };
        }
        self.enter();
        let lowered = self.expression_inner(tree, range);
        self.leave();
        lowered
    }

    fn boxed(&mut self, tree: &edit::Expression) -> Box<Expression> {
        Box::new(self.expression(tree))
    }

    fn expression_inner(&mut self, tree: &edit::Expression, range: SourceRange) -> Expression {
        let node = match tree {
            edit::Expression::Null(_) => Node::Null,
            edit::Expression::Bool(value) => Node::Bool(*value.value()),
            edit::Expression::Number(_) => return self.number(range),
            edit::Expression::String(_)
            | edit::Expression::StringTemplate(_)
            | edit::Expression::HeredocTemplate(_) => return self.masked(tree),
            edit::Expression::Array(items) => {
                Node::Tuple(items.iter().map(|item| self.expression(item)).collect())
            }
            edit::Expression::Object(object) => Node::Object(
                object
                    .iter()
                    .map(|(key, value)| ObjectItem {
                        key: self.key(key),
                        value: self.expression(value.expr()),
                    })
                    .collect(),
            ),
            edit::Expression::Parenthesis(inner) => Node::Parentheses(self.boxed(inner.inner())),
            edit::Expression::Variable(name) => Node::Traversal(name.as_str().into(), Vec::new()),
            edit::Expression::Conditional(conditional) => Node::Conditional(
                self.boxed(&conditional.cond_expr),
                self.boxed(&conditional.true_expr),
                self.boxed(&conditional.false_expr),
            ),
            edit::Expression::FuncCall(call) => Node::Call(Box::new(self.call(call, range))),
            edit::Expression::Traversal(traversal) => return self.traversal(traversal),
            edit::Expression::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    edit::UnaryOperator::Neg => UnaryOperator::Negate,
                    edit::UnaryOperator::Not => UnaryOperator::Not,
                };
                let operand = self.boxed(&operation.expr);
                let range = self.range_of(&operation.operator).to(operand.range);
                return Expression { node: Node::Unary(operator, operand), range };
            }
            edit::Expression::BinaryOp(operation) => {
                let operator = binary_operator(*operation.operator.value());
                let (left, right) = (self.boxed(&operation.lhs_expr), self.boxed(&operation.rhs_expr));
                let range = left.range.to(right.range);
                return Expression { node: Node::Binary(operator, left, right), range };
            }
            edit::Expression::ForExpr(tree) => {
                let name = |name: &str| Arc::<str>::from(name);
                Node::For(Box::new(For {
                    key_variable: tree.intro.key_var.as_ref().map(|key| name(key.as_str())),
                    value_variable: name(tree.intro.value_var.as_str()),
                    collection: self.expression(&tree.intro.collection_expr),
                    key: tree.key_expr.as_ref().map(|key| self.expression(key)),
                    value: self.expression(&tree.value_expr),
                    condition: tree.cond.as_ref().map(|condition| self.expression(&condition.expr)),
                    grouping: tree.grouping,
                }))
            }
        };
        Expression { node, range }
    }

    /// Reads the number from the source, because the parser keeps a double only.
    pub(super) fn number(&mut self, range: SourceRange) -> Expression {
        let start = range.start as usize - self.offset;
        let text = &self.text[start..(range.end as usize - self.offset)];
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text),
        };
        let Some(number) = Number::parse(digits) else {
            let detail = "Failed to recognize the value of this number literal.";
            self.error(SyntaxError::new("Invalid number literal", detail, start, start + text.len()));
            return Expression { node: Node::Null, range };
        };
        let inner = SourceRange { start: range.end - digits.len() as u32, ..range };
        let literal = Expression { node: Node::Number(number), range: inner };
        if negative {
            return Expression { node: Node::Unary(UnaryOperator::Negate, Box::new(literal)), range };
        }
        literal
    }

    fn key(&mut self, key: &edit::ObjectKey) -> ObjectKey {
        match key {
            edit::ObjectKey::Ident(name) => {
                // The parser may have got another name (of a key that occurs twice).
                let (start, end) = self.offsets(name);
                ObjectKey::Name(self.text[start..end].into(), self.range(start, end))
            }
            // A key that is a lone keyword stands for itself too.
            edit::ObjectKey::Expression(tree) => {
                let expression = self.expression(tree);
                match expression.as_keyword() {
                    Some(word) => ObjectKey::Name(word, expression.range),
                    None => ObjectKey::Expression(expression),
                }
            }
        }
    }

    fn call(&mut self, call: &edit::FuncCall, range: SourceRange) -> Call {
        let parts = call.name.namespace.iter().chain([&call.name.name]);
        let name = parts.clone().map(|part| part.as_str()).collect::<Vec<_>>().join("::");
        let first = parts.clone().next().map_or(range, |part| self.range_of(part));
        Call {
            name: name.into(),
            name_range: first.to(self.range_of(&call.name.name)),
            arguments: call.args.iter().map(|argument| self.expression(argument)).collect(),
            expand_final: call.args.expand_final(),
            close: SourceRange { start: range.end.saturating_sub(1), ..range },
        }
    }

    fn traversal(&mut self, traversal: &edit::Traversal) -> Expression {
        let mut current = self.expression(&traversal.expr);
        let mut operators = traversal.operators.iter();
        // To the parser "-1" is a number, but the minus binds less than what follows.
        if let (edit::Expression::Number(_), Node::Unary(UnaryOperator::Negate, literal)) =
            (&traversal.expr, &mut current.node)
        {
            self.operators(literal, &mut operators);
            current.range = current.range.to(literal.range);
            return current;
        }
        self.operators(&mut current, &mut operators);
        current
    }

    /// Applies operators to `current`; a splat takes what follows it into what is done with each element.
    fn operators(
        &mut self,
        current: &mut Expression,
        operators: &mut std::slice::Iter<'_, hcl::edit::Decorated<TraversalOperator>>,
    ) {
        while let Some(operator) = operators.next() {
            let range = self.range_of(operator);
            match operator.value() {
                TraversalOperator::GetAttr(name) => {
                    step(current, StepKind::Attribute(name.as_str().into()), range);
                }
                TraversalOperator::LegacyIndex(index) => {
                    step(current, StepKind::Index(legacy_index(*index.value())), range);
                }
                TraversalOperator::Index(key) => {
                    let key = self.expression(key);
                    match (&key.node, key.as_literal_text()) {
                        (Node::Number(number), _) => step(current, StepKind::Index(number.clone()), range),
                        (_, Some(text)) => step(current, StepKind::Key(text), range),
                        _ => {
                            let collection = Box::new(take(current));
                            let range = collection.range.to(range);
                            *current = Expression { node: Node::Index(collection, Box::new(key)), range };
                        }
                    }
                }
                TraversalOperator::FullSplat(_) => {
                    let mut each = Expression { node: Node::Item, range };
                    self.enter();
                    self.operators(&mut each, operators);
                    self.leave();
                    splat(current, each, true, range);
                }
                TraversalOperator::AttrSplat(_) => {
                    let mut each = Expression { node: Node::Item, range };
                    while let Some(operator) = operators.as_slice().first() {
                        let range = self.range_of(operator);
                        match operator.value() {
                            TraversalOperator::GetAttr(name) => {
                                step(&mut each, StepKind::Attribute(name.as_str().into()), range);
                            }
                            TraversalOperator::LegacyIndex(index) => {
                                step(&mut each, StepKind::Index(legacy_index(*index.value())), range);
                            }
                            TraversalOperator::AttrSplat(_) => {
                                let detail = "A splat expression (*) cannot be used inside another attribute-only splat expression.";
                                let at = range.start as usize - self.offset;
                                let end = range.end as usize - self.offset;
                                self.error(SyntaxError::new(
                                    "Nested splat expression not allowed",
                                    detail,
                                    at,
                                    end,
                                ));
                            }
                            _ => break,
                        }
                        operators.next();
                    }
                    splat(current, each, false, range);
                }
            }
        }
    }
}

fn legacy_index(index: u64) -> Number {
    i64::try_from(index).map_or_else(|_| Number::from(dashu_int::IBig::from(index)), Number::from)
}

fn take(expression: &mut Expression) -> Expression {
    let range = expression.range;
    std::mem::replace(expression, Expression { node: Node::Null, range })
}

fn splat(current: &mut Expression, each: Expression, full: bool, marker: SourceRange) {
    let source = Box::new(take(current));
    let range = source.range.to(marker).to(each.range);
    *current = Expression { node: Node::Splat { source, each: Box::new(each), full }, range };
}

fn step(current: &mut Expression, kind: StepKind, range: SourceRange) {
    current.range = current.range.to(range);
    match &mut current.node {
        Node::Traversal(_, steps) | Node::Relative(_, steps) => steps.push(Step { kind, range }),
        _ => {
            let whole = current.range;
            let source = Box::new(take(current));
            *current = Expression { node: Node::Relative(source, vec![Step { kind, range }]), range: whole };
        }
    }
}

fn binary_operator(operator: edit::BinaryOperator) -> BinaryOperator {
    match operator {
        edit::BinaryOperator::Eq => BinaryOperator::Equal,
        edit::BinaryOperator::NotEq => BinaryOperator::NotEqual,
        edit::BinaryOperator::LessEq => BinaryOperator::LessOrEqual,
        edit::BinaryOperator::GreaterEq => BinaryOperator::GreaterOrEqual,
        edit::BinaryOperator::Less => BinaryOperator::Less,
        edit::BinaryOperator::Greater => BinaryOperator::Greater,
        edit::BinaryOperator::Plus => BinaryOperator::Add,
        edit::BinaryOperator::Minus => BinaryOperator::Subtract,
        edit::BinaryOperator::Mul => BinaryOperator::Multiply,
        edit::BinaryOperator::Div => BinaryOperator::Divide,
        edit::BinaryOperator::Mod => BinaryOperator::Modulo,
        edit::BinaryOperator::And => BinaryOperator::And,
        edit::BinaryOperator::Or => BinaryOperator::Or,
    }
}
