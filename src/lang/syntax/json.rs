//! JSON syntax (`.tf.json`, `.tfvars.json`): the same language with JSON's brackets.
//!
//! A property is an attribute or a block only by what the reader expects of its name, so parsing keeps
//! the JSON and `resolve` builds the body. Strings are templates.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange, mention};

use super::super::number::Number;
use super::body::{Attribute, Block, BlockShape, Body, Label};
use super::json_text;
use super::tree::{Expression, Node as Tree, ObjectItem, ObjectKey};

/// A JSON value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    pub(super) kind: Kind,
    pub(super) range: SourceRange,
}

/// What a JSON value is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    String(Arc<str>),
    Array(Vec<Node>),
    Object(Vec<Property>),
    /// What could not be read, and is reported already.
    Invalid,
}

/// A property of a JSON object.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub name: Arc<str>,
    pub name_range: SourceRange,
    pub value: Node,
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

impl PartialEq for Property {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

/// Returns the body of a file of JSON syntax and what is wrong in it.
pub fn parse_body(source: SourceId, text: &str) -> (Body, Diagnostics) {
    let (node, mut found) = json_text::parse(source, text);
    let range = SourceRange::new(source, 0, text.len());
    let mut body = Body::empty(range);
    body.end = SourceRange::new(source, text.len(), text.len());
    let kind = match node.kind {
        kind @ (Kind::Object(_) | Kind::Array(_)) => kind,
        _ => {
            let detail = "The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.";
            found.push(Diagnostic::error("Root value must be object", detail).at(node.range));
            Kind::Object(Vec::new())
        }
    };
    body.json = Some(Arc::new(Node { kind, range }));
    (body, found)
}

/// Returns the value of a JSON text as an expression, strings being templates.
pub fn parse_expression(source: SourceId, text: &str) -> (Option<Expression>, Diagnostics) {
    let (node, found) = json_text::parse(source, text);
    (Some(expression(&node)).filter(|_| !found.has_errors()), found)
}

/// Returns the body of `node` with the properties named in `shapes` as blocks.
pub(super) fn resolve(node: &Node, outer: &Body, shapes: &[BlockShape<'_>]) -> (Body, Diagnostics) {
    let mut found = Diagnostics::new();
    let mut body = Body::empty(outer.range);
    body.end = outer.end;
    body.json = outer.json.clone();
    for property in properties(node, &mut found) {
        // A property named "//" is a comment at every place where names are expected.
        if &*property.name == "//" {
            continue;
        }
        if let Some(shape) = shapes.iter().find(|shape| *shape.name == *property.name) {
            blocks(property, &property.value, shape.labels, &mut Vec::new(), &mut body, &mut found);
            continue;
        }
        let attribute = Attribute {
            name: property.name.clone(),
            name_range: property.name_range,
            expression: expression(&property.value),
            range: property.name_range.to(property.value.range),
        };
        if let Some(first) = body.attributes.get(&property.name) {
            let first = mention(first.name_range);
            let detail = format!("The argument {:?} was already set at {first}.", property.name);
            found.push(Diagnostic::error("Duplicate attribute definition", detail).at(property.name_range));
            continue;
        }
        body.attributes_mut().insert(attribute);
    }
    (body, found)
}

/// Returns the properties of an object, or of all objects of an array of them.
fn properties<'a>(node: &'a Node, found: &mut Diagnostics) -> Vec<&'a Property> {
    match &node.kind {
        Kind::Object(properties) => properties.iter().collect(),
        Kind::Array(items) => items.iter().flat_map(|item| properties(item, found)).collect(),
        Kind::Null => Vec::new(),
        _ => {
            let detail = "Either a JSON object or JSON array of objects is required here, to define arguments and child blocks.";
            found.push(Diagnostic::error("Incorrect JSON value type", detail).at(node.range));
            Vec::new()
        }
    }
}

fn blocks(
    property: &Property,
    value: &Node,
    labels_left: usize,
    labels: &mut Vec<Label>,
    body: &mut Body,
    found: &mut Diagnostics,
) {
    if labels_left > 0 {
        let is_place = matches!(value.kind, Kind::Object(_) | Kind::Array(_) | Kind::Null);
        if !is_place {
            let detail = "A JSON object is required, whose keys represent the labels of the block.";
            found.push(Diagnostic::error("Incorrect JSON value type", detail).at(value.range));
            return;
        }
        for inner in properties(value, found) {
            labels.push(Label { text: inner.name.clone(), range: inner.name_range });
            blocks(property, &inner.value, labels_left - 1, labels, body, found);
            labels.pop();
        }
        return;
    }
    match &value.kind {
        Kind::Null => {}
        Kind::Array(items) => {
            for item in items {
                blocks(property, item, 0, labels, body, found);
            }
        }
        Kind::Object(_) => {
            let header_range = labels.last().map_or(property.name_range, |label| label.range);
            let open = SourceRange { end: value.range.start + 1, ..value.range };
            let end = SourceRange { start: value.range.end.saturating_sub(1), ..value.range };
            body.blocks_mut().push(Block {
                block_type: property.name.clone(),
                type_range: property.name_range,
                labels: labels.as_slice().into(),
                body: Body { end, json: Some(Arc::new(value.clone())), ..Body::empty(value.range) },
                header_range,
                range: header_range.to(value.range),
                open,
            });
        }
        _ => {
            let detail = format!(
                "Either a JSON object or a JSON array is required, representing the contents of one or more {:?} blocks.",
                property.name
            );
            found.push(Diagnostic::error("Incorrect JSON value type", detail).at(value.range));
        }
    }
}

fn expression(node: &Node) -> Expression {
    let tree = match &node.kind {
        Kind::Null | Kind::Invalid => Tree::Null,
        Kind::Bool(value) => Tree::Bool(*value),
        Kind::Number(number) => Tree::Number(number.clone()),
        Kind::String(text) => return text_expression(text, node.range),
        Kind::Array(items) => Tree::Tuple(items.iter().map(expression).collect()),
        Kind::Object(properties) => Tree::Object(
            properties
                .iter()
                .map(|property| ObjectItem {
                    key: ObjectKey::Expression(text_expression(&property.name, property.name_range)),
                    value: expression(&property.value),
                })
                .collect(),
        ),
    };
    Expression { node: tree, range: node.range }
}

// The offsets inside are those of the decoded text behind the opening quote, so they drift behind an
// escape sequence; Terraform's do the same. What is wrong with the template counts only if it is
// evaluated: where Terraform wants plain text it may be anything.
fn text_expression(text: &Arc<str>, range: SourceRange) -> Expression {
    let (mut template, found) = super::parse_template_at(range.source, text, range.start as usize + 1);
    template.range = range;
    if found.has_errors() {
        template.node = Tree::Invalid(Box::new(found));
    }
    Expression { node: Tree::JsonText(text.clone(), Box::new(template)), range }
}

impl Expression {
    /// Returns the expression that the text of a JSON string stands for where Terraform wants a
    /// reference or a type rather than a value; any other expression as it is.
    ///
    /// # Errors
    /// The text is not an expression.
    pub fn as_static(&self) -> Result<std::borrow::Cow<'_, Expression>, Diagnostics> {
        let Tree::JsonText(text, _) = &self.node else {
            return Ok(std::borrow::Cow::Borrowed(self));
        };
        let (parsed, found) =
            super::parse_expression_at(self.range.source, text, self.range.start as usize + 1);
        match parsed {
            Some(parsed) if !found.has_errors() => Ok(std::borrow::Cow::Owned(parsed)),
            _ => Err(found),
        }
    }
}
