//! The references in expressions and bodies.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};

use super::address::Resource;
use super::scope::Root;
use super::syntax::{Body, Expression, Node, ObjectKey, Step, StepKind, Template, TemplatePart};

/// A reference to an object and the steps taken into it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The object.
    pub root: Root,
    /// The constant steps behind the object's own name, keys of instances included.
    pub rest: Vec<Step>,
    /// The object's own name, without the steps behind it.
    pub range: SourceRange,
    /// The name and all constant steps.
    pub whole: SourceRange,
}

/// Returns the references of an expression, in the order of the source, and what is wrong with those
/// that are none. Variables of `for` and arguments that need no evaluation are left out.
pub fn references(expression: &Expression) -> (Vec<Reference>, Diagnostics) {
    let mut collector = Collector::default();
    collector.expression(expression);
    (collector.references, collector.found)
}

/// Returns the references of all expressions of a body and of the blocks in it. A body of JSON syntax
/// must be resolved; blocks in it are not looked into.
pub fn references_of_body(body: &Body) -> (Vec<Reference>, Diagnostics) {
    let mut collector = Collector::default();
    collector.body(body);
    (collector.references, collector.found)
}

/// Reads a traversal as a reference to an object.
///
/// # Errors
/// The words of the traversal name no kind of object, or stop too early.
pub fn parse_reference(name: &Arc<str>, steps: &[Step], range: SourceRange) -> Result<Reference, Diagnostic> {
    let root_end = |count: usize| match count.checked_sub(1).and_then(|last| steps.get(last)) {
        Some(step) => SourceRange { end: step.range.end, ..range },
        None => SourceRange { end: range.start + name.len() as u32, ..range },
    };
    let reference = |root: Root, count: usize| {
        Ok(Reference { root, rest: steps[count..].to_vec(), range: root_end(count), whole: range })
    };
    let attribute = |at: usize| match steps.get(at).map(|step| &step.kind) {
        Some(StepKind::Attribute(name)) => Ok(Some(name)),
        Some(_) => Err(at),
        None => Ok(None),
    };
    let invalid =
        |detail: String, at: SourceRange| Err(Diagnostic::error("Invalid reference", detail).at(at));
    let one_step = |make: &dyn Fn(Arc<str>) -> Root| match attribute(0) {
        Ok(Some(word)) => reference(make(word.clone()), 1),
        Ok(None) => {
            let detail = format!(
                "The {name:?} object cannot be accessed directly. Instead, access one of its attributes."
            );
            invalid(detail, range)
        }
        Err(at) => {
            let detail = format!("The {name:?} object does not support this operation.");
            invalid(detail, steps[at].range)
        }
    };
    match &**name {
        "var" => one_step(&Root::Variable),
        "local" => one_step(&Root::Local),
        "module" => one_step(&Root::Module),
        "path" => one_step(&Root::Path),
        "terraform" => one_step(&Root::Terraform),
        "self" => reference(Root::SelfObject, 0),
        "count" => match attribute(0) {
            Ok(Some(word)) if &**word == "index" => reference(Root::CountIndex, 1),
            Ok(Some(word)) => {
                let detail = format!(
                    "The \"count\" object does not have an attribute named {word:?}. The only supported attribute is count.index, which is the index of each instance of a resource block that has the \"count\" argument set."
                );
                Err(Diagnostic::error("Invalid \"count\" attribute", detail).at(steps[0].range))
            }
            _ => one_step(&Root::Path),
        },
        "each" => match attribute(0) {
            Ok(Some(word)) if &**word == "key" => reference(Root::EachKey, 1),
            Ok(Some(word)) if &**word == "value" => reference(Root::EachValue, 1),
            Ok(Some(word)) => {
                let detail = format!(
                    "The \"each\" object does not have an attribute named {word:?}. The supported attributes are each.key and each.value, the current key and value pair of the \"for_each\" attribute set."
                );
                Err(Diagnostic::error("Invalid \"each\" attribute", detail).at(steps[0].range))
            }
            _ => one_step(&Root::Path),
        },
        "data" => {
            let missing = "The \"data\" object must be followed by two attribute names: the data source type and the resource name.";
            match (attribute(0), attribute(1)) {
                (Ok(Some(type_name)), Ok(Some(resource))) => {
                    reference(Root::Resource(Resource::data(type_name.clone(), resource.clone())), 2)
                }
                (Err(at), _) | (_, Err(at)) => {
                    let detail = "A data resource reference must be followed by two attribute names: the data source type and the resource name.";
                    invalid(detail.to_owned(), steps[at].range)
                }
                _ => invalid(missing.to_owned(), range),
            }
        }
        "resource" => match (attribute(0), attribute(1)) {
            (Ok(Some(type_name)), Ok(Some(resource))) => {
                reference(Root::Resource(Resource::managed(type_name.clone(), resource.clone())), 2)
            }
            _ => {
                let detail = "The \"resource\" object must be followed by two attribute names: the resource type and the resource name.";
                invalid(detail.to_owned(), range)
            }
        },
        "ephemeral" => {
            let detail = "Ephemeral resources are not supported here. Use an ephemeral variable for values that must not be saved.";
            invalid(detail.to_owned(), range)
        }
        "template" | "lazy" | "arg" => {
            let detail = format!(
                "The symbol name {name:?} is reserved for use in a future version. If you are using a provider that already uses this as a resource type name then you can add the prefix \"resource.\" to force interpretation as a resource type name."
            );
            Err(Diagnostic::error("Reserved symbol name", detail).at(root_end(0)))
        }
        _ => match attribute(0) {
            Ok(Some(resource)) => {
                reference(Root::Resource(Resource::managed(name.clone(), resource.clone())), 1)
            }
            Ok(None) => {
                let detail = "A reference to a resource type must be followed by at least one attribute access, specifying the resource name.";
                invalid(detail.to_owned(), range)
            }
            Err(at) => {
                let detail = "A reference to a resource type must be followed by at least one attribute access, specifying the resource name.";
                invalid(detail.to_owned(), steps[at].range)
            }
        },
    }
}

#[derive(Default)]
struct Collector {
    references: Vec<Reference>,
    found: Diagnostics,
    /// The variables of the `for` expressions around.
    variables: Vec<Arc<str>>,
}

impl Collector {
    fn body(&mut self, body: &Body) {
        body.attributes.values().for_each(|attribute| self.expression(&attribute.expression));
        body.blocks.iter().for_each(|block| self.body(&block.body));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.node {
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Item | Node::Invalid(_) => {}
            Node::Template(template) => self.template(template),
            Node::JsonText(_, template) => self.expression(template),
            Node::Traversal(name, steps) => {
                if self.variables.contains(name) {
                    return;
                }
                match parse_reference(name, steps, expression.range) {
                    Ok(reference) => self.references.push(reference),
                    Err(error) => self.found.push(error),
                }
            }
            Node::Relative(inner, _) | Node::Unary(_, inner) | Node::Parentheses(inner) => {
                self.expression(inner)
            }
            Node::Index(a, b) | Node::Binary(_, a, b) => {
                self.expression(a);
                self.expression(b);
            }
            Node::Splat { source, each, .. } => {
                self.expression(source);
                self.expression(each);
            }
            Node::Tuple(items) => items.iter().for_each(|item| self.expression(item)),
            Node::Object(items) => {
                for item in items {
                    if let ObjectKey::Expression(key) = &item.key {
                        self.expression(key);
                    }
                    self.expression(&item.value);
                }
            }
            Node::Call(call) => call.arguments.iter().for_each(|argument| self.expression(argument)),
            Node::Conditional(condition, yes, no) => {
                [condition, yes, no].into_iter().for_each(|part| self.expression(part));
            }
            Node::For(tree) => {
                self.expression(&tree.collection);
                let inner = [tree.key.as_ref(), Some(&tree.value), tree.condition.as_ref()];
                self.within(&tree.key_variable, &tree.value_variable, |collector| {
                    inner.into_iter().flatten().for_each(|part| collector.expression(part));
                });
            }
        }
    }

    fn within(&mut self, key: &Option<Arc<str>>, value: &Arc<str>, inner: impl FnOnce(&mut Self)) {
        let before = self.variables.len();
        self.variables.extend(key.clone());
        self.variables.push(value.clone());
        inner(self);
        self.variables.truncate(before);
    }

    fn template(&mut self, template: &Template) {
        for part in &template.parts {
            match part {
                TemplatePart::Text(..) => {}
                TemplatePart::Interpolation(expression) => self.expression(expression),
                TemplatePart::If { condition, yes, no, .. } => {
                    self.expression(condition);
                    self.template(yes);
                    no.iter().for_each(|no| self.template(no));
                }
                TemplatePart::For { key_variable, value_variable, collection, body, .. } => {
                    self.expression(collection);
                    self.within(key_variable, value_variable, |collector| collector.template(body));
                }
            }
        }
    }
}
