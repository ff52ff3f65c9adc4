//! The tree of an expression.

use std::sync::Arc;

use crate::diagnostic::{Diagnostics, SourceRange};

use super::super::number::Number;

/// An expression and where it stands.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub node: Node,
    /// The text it was parsed from.
    pub range: SourceRange,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number literal.
    Number(Number),
    /// A quoted string or heredoc, with or without interpolations.
    Template(Template),
    /// A string of JSON syntax: a template for evaluation, but some arguments (types, references) read its text.
    JsonText(Arc<str>, Box<Expression>),
    /// What could not be read, with the reason: an error when it is evaluated.
    Invalid(Box<Diagnostics>),
    /// A variable or object by name, and constant steps into it: `var.disks[0].id`.
    Traversal(Arc<str>, Vec<Step>),
    /// Constant steps into the value of an expression: `f(x).id`.
    Relative(Box<Expression>, Vec<Step>),
    /// An element whose key is computed: `collection[key]`.
    Index(Box<Expression>, Box<Expression>),
    /// A splat: for each element of the first expression the second, in which [`Node::Item`] is the element.
    Splat {
        /// The collection.
        source: Box<Expression>,
        /// What is taken of each element.
        each: Box<Expression>,
        /// Whether it is `[*]`, not `.*`.
        full: bool,
    },
    /// The element that the innermost splat is at.
    Item,
    /// `[a, b]`.
    Tuple(Vec<Expression>),
    /// `{ a = b }`.
    Object(Vec<ObjectItem>),
    /// A function call.
    Call(Box<Call>),
    /// `condition ? yes : no`.
    Conditional(Box<Expression>, Box<Expression>, Box<Expression>),
    /// An operator before its operand.
    Unary(UnaryOperator, Box<Expression>),
    /// An operator between its operands; the range is the operator's.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// `[for …]` or `{for …}`.
    For(Box<For>),
    /// An expression in parentheses.
    Parentheses(Box<Expression>),
}

/// Trees are equal when they mean the same, wherever they stand.
impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.node == other.node
    }
}

/// A constant step into a value.
#[derive(Clone, Debug)]
pub struct Step {
    /// Which step.
    pub kind: StepKind,
    /// From the dot or bracket to the end of the step.
    pub range: SourceRange,
}

impl PartialEq for Step {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// Which step into a value.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// `.name`.
    Attribute(Arc<str>),
    /// `[0]` or the old `.0`.
    Index(Number),
    /// `["key"]`.
    Key(Arc<str>),
}

/// An entry of an object literal.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectItem {
    /// The key.
    pub key: ObjectKey,
    /// The value.
    pub value: Expression,
}

/// The key of an entry of an object literal.
#[derive(Clone, Debug)]
pub enum ObjectKey {
    /// A bare name, which stands for itself.
    Name(Arc<str>, SourceRange),
    /// Any other expression.
    Expression(Expression),
}

impl ObjectKey {
    /// Returns where the key stands.
    pub fn range(&self) -> SourceRange {
        match self {
            ObjectKey::Name(_, range) => *range,
            ObjectKey::Expression(expression) => expression.range,
        }
    }
}

impl PartialEq for ObjectKey {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (ObjectKey::Name(a, _), ObjectKey::Name(b, _)) => a == b,
            (ObjectKey::Expression(a), ObjectKey::Expression(b)) => a == b,
            _ => false,
        }
    }
}

/// A function call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The name with its namespaces: `upper`, `core::upper`, `provider::x::y`.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: SourceRange,
    /// The arguments.
    pub arguments: Vec<Expression>,
    /// Whether the last argument is a list of further arguments (`…`).
    pub expand_final: bool,
    /// The closing parenthesis.
    pub close: SourceRange,
}

impl PartialEq for Call {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
            && self.arguments == other.arguments
            && self.expand_final == other.expand_final
    }
}

/// A `for` expression.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The variable of the key or index.
    pub key_variable: Option<Arc<str>>,
    /// The variable of the element.
    pub value_variable: Arc<str>,
    /// What is iterated over.
    pub collection: Expression,
    /// The key of the result, for an object.
    pub key: Option<Expression>,
    /// The value of the result.
    pub value: Expression,
    /// The condition behind `if`.
    pub condition: Option<Expression>,
    /// Whether values of equal keys are grouped (`…`).
    pub grouping: bool,
}

/// A text with interpolations and directives; strip marks and indentation are already applied.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Template {
    /// The parts in their order; two texts never follow each other.
    pub parts: Vec<TemplatePart>,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub enum TemplatePart {
    /// Text as it is, unescaped.
    Text(Arc<str>, SourceRange),
    /// `${…}`.
    Interpolation(Expression),
    /// `%{if}`.
    If {
        /// The condition.
        condition: Expression,
        /// The text when it holds.
        yes: Template,
        /// The text when it does not.
        no: Option<Template>,
        /// From `%{if` to `endif}`.
        range: SourceRange,
    },
    /// `%{for}`.
    For {
        /// The variable of the key or index.
        key_variable: Option<Arc<str>>,
        /// The variable of the element.
        value_variable: Arc<str>,
        /// What is iterated over.
        collection: Expression,
        /// The text for each element.
        body: Template,
        /// From `%{for` to `endfor}`.
        range: SourceRange,
    },
}

impl PartialEq for TemplatePart {
    fn eq(&self, other: &Self) -> bool {
        use TemplatePart::{For, If, Interpolation, Text};
        match (self, other) {
            (Text(a, _), Text(b, _)) => a == b,
            (Interpolation(a), Interpolation(b)) => a == b,
            (If { condition, yes, no, .. }, If { condition: c, yes: y, no: n, .. }) => {
                condition == c && yes == y && no == n
            }
            (
                For { key_variable, value_variable, collection, body, .. },
                For { key_variable: k, value_variable: v, collection: c, body: b, .. },
            ) => key_variable == k && value_variable == v && collection == c && body == b,
            _ => false,
        }
    }
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOperator {
    /// `-`.
    Negate,
    /// `!`.
    Not,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl BinaryOperator {
    /// Returns the operator as written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
        }
    }
}

impl Expression {
    /// Returns the text of a string literal without interpolations; JSON strings included.
    pub fn as_literal_text(&self) -> Option<Arc<str>> {
        match &self.node {
            Node::Template(template) => match &template.parts[..] {
                [] => Some("".into()),
                [TemplatePart::Text(text, _)] => Some(text.clone()),
                _ => None,
            },
            Node::JsonText(_, template) => template.as_literal_text(),
            _ => None,
        }
    }

    /// Returns the word of an expression that is a single name, such as `all` in `ignore_changes = all`.
    pub fn as_keyword(&self) -> Option<Arc<str>> {
        match &self.node {
            Node::Traversal(name, steps) if steps.is_empty() => Some(name.clone()),
            Node::Null => Some("null".into()),
            Node::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Node::JsonText(text, _) if super::is_identifier(text) => Some(text.clone()),
            _ => None,
        }
    }
}
