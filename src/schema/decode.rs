//! From the arguments of a block to one object of its schema's type.
//!
//! Everything that the schema says about a value is checked here, at the place in the source where it stands:
//! unknown names, types, required arguments, conflicts, documented limits. Values may be unknown; what cannot be
//! checked yet is checked when it becomes known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ProviderKind;
use super::content::Arguments;
use super::duration;
use super::shape::{Resolve, Shape, missing_argument};
use super::tags;
use super::{Attribute, Block, NestedBlock, Nesting, Presence, ResourceType};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::convert::{convert, convertible, mismatch};
use crate::lang::evaluate::{Cause, evaluate_with, reference_values};
use crate::lang::syntax::{self, Body, Expression};
use crate::lang::{Kind, Marks, Members, Scope, Type, Value};

/// How deep `dynamic` blocks may nest in each other's content.
const DEEPEST: usize = 64;

/// What the arguments of a resource or data source block make.
pub struct Decoded {
    /// The object; none when something is wrong that leaves no sensible value.
    pub object: Option<Value>,
    /// What is wrong with the block.
    pub found: Diagnostics,
    /// The documented limits that values go beyond: errors for what is created or changed, and nothing for an object that
    /// is there already and stays as it is.
    pub beyond: Vec<BeyondLimit>,
}

/// A documented limit that a value goes beyond.
#[derive(Clone, Debug)]
pub struct BeyondLimit {
    /// The arguments that the limit is about.
    pub attributes: Vec<&'static str>,
    /// The error, at the place of the value.
    pub error: Diagnostic,
}

/// Decodes the arguments of a resource or data source block.
pub fn decode_resource(arguments: &Arguments, resource_type: &ResourceType, scope: &dyn Scope) -> Decoded {
    let mut decoder = Decoder::new(scope, Some(resource_type));
    let timeouts = !resource_type.timeouts.is_empty();
    let members = decoder.block(arguments, &resource_type.block, &Members::new(), timeouts, 0);
    let Some((mut members, ranges)) = members else { return decoder.ended(None) };
    if timeouts && !members.contains_key("timeouts") {
        members.insert("timeouts".into(), Value::null(timeouts_type(resource_type)));
    }
    let object = Value::from(Kind::Object(Arc::new(members)));
    if !decoder.found.has_errors() && decoder.beyond.is_empty() {
        for rule in resource_type.rules {
            let Some(detail) = (rule.check)(&object) else { continue };
            let hidden = |name: &&str| secret(resource_type.block.attribute(name), object.get(name));
            let detail = match rule.attributes.iter().find_map(hidden) {
                Some(hidden) => format!("{} {hidden}", rule.text),
                None => detail,
            };
            let place = rule.attributes.first().and_then(|name| ranges.get(*name)).copied();
            let error = Diagnostic::error("Invalid combination of arguments", detail);
            let error = error.at(place.unwrap_or_else(|| arguments.missing()));
            decoder.beyond.push(BeyondLimit { attributes: rule.attributes.to_vec(), error });
        }
    }
    decoder.ended(Some(object))
}

/// Returns the object that the arguments of another block make, such as a `provider` block.
pub fn decode_block(arguments: &Arguments, block: &Block, scope: &dyn Scope) -> (Option<Value>, Diagnostics) {
    let mut decoder = Decoder::new(scope, None);
    let members = decoder.block(arguments, block, &Members::new(), false, 0);
    let mut decoded = decoder.ended(members.map(|(members, _)| Kind::Object(Arc::new(members)).into()));
    decoded.found.extend(decoded.beyond.into_iter().map(|beyond| beyond.error));
    (decoded.object, decoded.found)
}

/// Stands for a value in a message about it.
const HIDDEN: &str = "The value is sensitive, so it is not shown here.";

/// The same of a value that is not sensitive and must not be printed either.
const EPHEMERAL: &str = "The value is ephemeral, so it is not shown here.";

/// Returns why an argument must not be printed, by the schema or by what it was given; nothing when it may be.
fn secret(attribute: Option<&Attribute>, value: Option<&Value>) -> Option<&'static str> {
    let marks = value.map_or(Marks::NONE, Value::deep_marks);
    if attribute.is_some_and(Attribute::is_secret) || marks.is_sensitive() {
        return Some(HIDDEN);
    }
    marks.is_ephemeral().then_some(EPHEMERAL)
}

fn timeouts_type(resource_type: &ResourceType) -> Type {
    let Type::Object(object) = resource_type.object_type() else { return Type::Dynamic };
    object.attributes.get("timeouts").cloned().unwrap_or(Type::Dynamic)
}

struct Decoder<'a> {
    scope: &'a dyn Scope,
    found: Diagnostics,
    beyond: Vec<BeyondLimit>,
    timeouts: Option<&'a ResourceType>,
}

type Ranges = BTreeMap<Arc<str>, SourceRange>;

impl<'a> Decoder<'a> {
    fn new(scope: &'a dyn Scope, timeouts: Option<&'a ResourceType>) -> Self {
        Self { scope, found: Diagnostics::new(), beyond: Vec::new(), timeouts }
    }

    fn ended(self, object: Option<Value>) -> Decoded {
        Decoded { object, found: self.found, beyond: self.beyond }
    }

    /// `variables` are the iterators of the `dynamic` blocks around.
    fn block(
        &mut self,
        body: &impl Resolve,
        schema: &Block,
        variables: &Members,
        timeouts: bool,
        depth: usize,
    ) -> Option<(Members, Ranges)> {
        let attributes: Vec<(&str, bool)> = schema
            .attributes
            .iter()
            .map(|attribute| (attribute.name, attribute.presence == Presence::Required))
            .collect();
        let mut blocks: Vec<(&str, &[&str])> =
            schema.blocks.iter().map(|nested| (nested.name, &[] as &[&str])).collect();
        blocks.push(("dynamic", &["type"]));
        if timeouts {
            blocks.push(("timeouts", &[]));
        }
        let shape = Shape { attributes: &attributes, blocks: &blocks };
        let content = shape.content_with_overrides(body, &mut self.found);
        let is_dynamic = |block: &&syntax::Block| &*block.block_type == "dynamic";
        for label in content.blocks.iter().filter(is_dynamic).flat_map(|block| block.labels.iter()) {
            if schema.nested(&label.text).is_none() && !(timeouts && &*label.text == "timeouts") {
                let detail = format!("Blocks of type {:?} are not expected here.", label.text);
                self.found.push(Diagnostic::error("Unsupported block type", detail).at(label.range));
            }
        }
        let count = schema.attributes.len() + schema.blocks.len() + usize::from(timeouts);
        let mut members = Members::with_capacity(count);
        let mut ranges = Ranges::new();
        for attribute in &schema.attributes {
            let value = match content.attribute(attribute.name) {
                Some(given) => {
                    ranges.insert(given.name.clone(), given.expression.range);
                    self.attribute(attribute, given, variables, content.missing)
                }
                None => Value::null(attribute.ty.clone()),
            };
            members.insert(attribute.key.clone(), value);
        }
        self.conflicts(schema, &members, &ranges);
        for nested in &schema.blocks {
            let before = self.beyond.len();
            let value = self.nested(nested, &content.blocks, variables, content.missing, depth)?;
            self.beyond.iter_mut().skip(before).for_each(|beyond| beyond.attributes = vec![nested.name]);
            members.insert(Arc::from(nested.name), value);
        }
        if timeouts && let Some(value) = self.timeouts(&content.blocks, variables, depth) {
            members.insert(Arc::from("timeouts"), value);
        }
        Some((members, ranges))
    }

    fn evaluate(&mut self, expression: &Expression, variables: &Members) -> Option<Value> {
        match evaluate_with(expression, self.scope, variables) {
            Ok(value) => Some(value),
            Err(found) => {
                self.found.extend(found);
                None
            }
        }
    }

    fn attribute(
        &mut self,
        attribute: &Attribute,
        given: &syntax::Attribute,
        variables: &Members,
        missing: SourceRange,
    ) -> Value {
        let unknown = || Value::unknown(attribute.ty.clone());
        let expression = &given.expression;
        let Some(value) = self.evaluate(expression, variables) else { return unknown() };
        let value = match convert(&value, &attribute.ty) {
            Ok(value) => value,
            Err(error) => {
                // A type that never fits is told by its place in the type; a text that is no number, by what was read.
                let why = if convertible(&value.type_of(), &attribute.ty) {
                    error.to_string().trim_start_matches('.').to_owned()
                } else {
                    mismatch(&value.type_of(), &attribute.ty)
                };
                let detail = format!("Inappropriate value for attribute {:?}: {why}.", attribute.name);
                self.blame("Incorrect attribute value type", detail, expression, variables);
                return unknown();
            }
        };
        if value.deep_marks().is_ephemeral() && self.timeouts.is_some() {
            let detail = format!(
                "Ephemeral values are not valid for {:?}, because it is not a write-only attribute and must be persisted to state.",
                attribute.name
            );
            self.blame("Invalid use of ephemeral value", detail, expression, variables);
            return unknown();
        }
        let value = match attribute.ty {
            Type::Map(_) => tags::without_null(value),
            _ => value,
        };
        if value.is_null() {
            if attribute.presence == Presence::Required {
                self.found.push(missing_argument(attribute.name, missing));
            }
            return value;
        }
        // The providers' framework declares `id` as if it could be given, and then refuses it.
        if attribute.name == "id"
            && self.timeouts.is_some_and(|resource_type| resource_type.provider != ProviderKind::Terraform)
        {
            let detail = "The cloud gives an object its id, so \"id\" is no argument. Take it out; an object that exists is bound to its address with an import block or snapform import.";
            self.found.push(Diagnostic::error("Invalid or unknown key", detail).at(expression.range));
            return unknown();
        }
        if attribute.presence == Presence::Computed {
            let detail = format!(
                "Can't configure a value for {:?}: its value will be decided automatically based on the result of applying this configuration.",
                attribute.name
            );
            let summary = match self.timeouts {
                Some(resource_type) if resource_type.provider == ProviderKind::Terraform => {
                    format!("{:?} attribute is read-only", attribute.name)
                }
                _ => "Value for unconfigurable attribute".to_owned(),
            };
            let error = Diagnostic::error(summary, detail);
            self.found.push(error.at(expression.range));
            return unknown();
        }
        if let Some(instead) = attribute.deprecated {
            let warning = Diagnostic::warning("Argument is deprecated", instead);
            self.found.push(warning.at(expression.range));
        }
        if value.is_wholly_known() {
            let plain = value.unmarked_deep();
            let wrong = attribute.validators.iter().find_map(|validator| (validator.check)(&plain));
            if let Some(detail) = wrong {
                let summary = format!("Invalid value for \"{}\"", attribute.name);
                // What is wrong is told with the value, so a hidden one leaves only the rule.
                let detail = match secret(Some(attribute), Some(&value)) {
                    Some(hidden) => format!(
                        "It goes beyond a limit that the service documents: {} {hidden}",
                        attribute.description
                    ),
                    None => detail,
                };
                let error = self.cause(&summary, detail, expression, variables);
                self.beyond.push(BeyondLimit { attributes: vec![attribute.name], error });
            }
        }
        value
    }

    fn cause(
        &self,
        summary: &str,
        detail: String,
        expression: &Expression,
        variables: &Members,
    ) -> Diagnostic {
        let mut error = Diagnostic::error(summary, detail).at(expression.range);
        error.values = reference_values(expression, self.scope, variables, Cause::default());
        error
    }

    fn blame(&mut self, summary: &str, detail: String, expression: &Expression, variables: &Members) {
        let error = self.cause(summary, detail, expression, variables);
        self.found.push(error);
    }

    fn conflicts(&mut self, schema: &Block, members: &Members, ranges: &Ranges) {
        let is_given = |name: &str| {
            ranges.contains_key(name)
                && members.get(name).is_some_and(|value| value.is_known() && !value.is_null())
        };
        for attribute in &schema.attributes {
            for other in attribute.conflicts_with {
                if is_given(attribute.name) && is_given(other) {
                    let detail =
                        format!("{:?}: conflicts with {other}. Give only one of them.", attribute.name);
                    let range = ranges.get(attribute.name).copied();
                    let error = Diagnostic::error("Conflicting configuration arguments", detail);
                    self.found.push(match range {
                        Some(range) => error.at(range),
                        None => error,
                    });
                }
            }
        }
    }

    /// Returns the value of all nested blocks of a type.
    fn nested(
        &mut self,
        nested: &NestedBlock,
        blocks: &[syntax::Block],
        variables: &Members,
        missing: SourceRange,
        depth: usize,
    ) -> Option<Value> {
        let object_type = nested.block.implied_type();
        let mut objects = Vec::new();
        let mut unknown = false;
        for block in blocks {
            let is_dynamic = &*block.block_type == "dynamic"
                && block.labels.first().is_some_and(|label| &*label.text == nested.name);
            if is_dynamic {
                let each = |decoder: &mut Self, body: &Body, inside: &Members| {
                    let (members, _) = decoder.block(body, &nested.block, inside, false, depth + 1)?;
                    Some(Kind::Object(Arc::new(members)).into())
                };
                match self.dynamic(nested.name, block, variables, depth, &each) {
                    Some(more) => objects.extend(more),
                    None => unknown = true,
                }
            } else if &*block.block_type == nested.name {
                let (members, _) = self.block(&block.body, &nested.block, variables, false, depth + 1)?;
                objects.push(Kind::Object(Arc::new(members)).into());
            }
        }
        if unknown {
            return Some(Value::unknown(match nested.nesting {
                Nesting::Single => object_type,
                Nesting::List => Type::list(object_type),
                Nesting::Set => Type::set(object_type),
            }));
        }
        let name = nested.name;
        if objects.len() < nested.min_items {
            let detail = format!("At least {} {name:?} blocks are required.", nested.min_items);
            self.found.push(Diagnostic::error(format!("Insufficient {name} blocks"), detail).at(missing));
        }
        let most = if nested.nesting == Nesting::Single { 1 } else { nested.max_items };
        if most > 0 && objects.len() > most {
            let second = blocks.iter().filter(|block| &*block.block_type == name).nth(most);
            let detail = format!("No more than {most} {name:?} blocks are allowed");
            let range = second.map_or(missing, |block| block.header_range);
            self.found.push(Diagnostic::error(format!("Too many {name} blocks"), detail).at(range));
        }
        Some(match nested.nesting {
            Nesting::Single => objects.into_iter().next().unwrap_or_else(|| Value::null(object_type)),
            Nesting::List => Kind::List(object_type, Arc::new(objects)).into(),
            Nesting::Set => {
                let list = Value::from(Kind::List(object_type.clone(), Arc::new(objects)));
                convert(&list, &Type::set(object_type)).unwrap_or(list)
            }
        })
    }

    /// Returns the objects of a `dynamic` block, of which `each` reads one; nothing when their number is unknown.
    fn dynamic(
        &mut self,
        name: &str,
        block: &syntax::Block,
        variables: &Members,
        depth: usize,
        each_block: &dyn Fn(&mut Self, &Body, &Members) -> Option<Value>,
    ) -> Option<Vec<Value>> {
        if depth > DEEPEST {
            let detail = format!("More than {DEEPEST} \"dynamic\" blocks stand inside each other.");
            self.found.push(Diagnostic::error("Dynamic blocks too deep", detail).at(block.header_range));
            return Some(Vec::new());
        }
        let shape = Shape {
            attributes: &[("for_each", true), ("iterator", false), ("labels", false)],
            blocks: &[("content", &[])],
        };
        let content = shape.content(&block.body, &mut self.found);
        let Some(inner) = content.blocks.first() else {
            let detail = "A dynamic block must have a nested block of type \"content\" to describe the body of each generated block.";
            self.found.push(Diagnostic::error("Missing content block", detail).at(content.missing));
            return Some(Vec::new());
        };
        if let Some(second) = content.blocks.get(1) {
            let detail = "Only one nested content block is allowed for each dynamic block.";
            self.found.push(Diagnostic::error("Extraneous content block", detail).at(second.header_range));
        }
        let iterator = content
            .attribute("iterator")
            .and_then(|attribute| attribute.expression.as_keyword())
            .unwrap_or_else(|| name.into());
        let for_each = content.attribute("for_each")?;
        let collection = self.evaluate(&for_each.expression, variables)?;
        let marks = collection.marks;
        let entries: Vec<(Value, Value)> = match &collection.kind {
            Kind::Unknown(..) => {
                let mut inside = variables.clone();
                let each = Value::object([
                    ("key", Value::unknown(Type::Dynamic)),
                    ("value", Value::unknown(Type::Dynamic)),
                ]);
                inside.insert(iterator, each);
                // What is in the block is checked all the same.
                each_block(self, &inner.body, &inside);
                return None;
            }
            Kind::Null(_) => {
                let detail = "Cannot use a null value in for_each.";
                let error = Diagnostic::error("Invalid dynamic for_each value", detail);
                self.found.push(error.at(for_each.expression.range));
                return Some(Vec::new());
            }
            Kind::List(_, items) | Kind::Tuple(items) => items
                .iter()
                .enumerate()
                .map(|(at, item)| (Value::from(i64::try_from(at).unwrap_or(i64::MAX)), item.clone()))
                .collect(),
            Kind::Set(_, items) => items.iter().map(|item| (item.clone(), item.clone())).collect(),
            Kind::Map(_, members) | Kind::Object(members) => {
                members.iter().map(|(key, item)| (Value::string(key), item.clone())).collect()
            }
            _ => {
                let detail = format!(
                    "Cannot use a {} value in for_each. An iterable collection is required.",
                    collection.type_of().friendly()
                );
                let error = Diagnostic::error("Invalid dynamic for_each value", detail);
                self.found.push(error.at(for_each.expression.range));
                return Some(Vec::new());
            }
        };
        let mut objects = Vec::with_capacity(entries.len());
        for (key, value) in entries {
            let mut inside = variables.clone();
            let each = Value::object([("key", key.with_marks(marks)), ("value", value.with_marks(marks))]);
            inside.insert(iterator.clone(), each);
            objects.extend(each_block(self, &inner.body, &inside));
        }
        Some(objects)
    }

    /// Returns the value of the `timeouts` blocks, of which there may be one, perhaps made by a `dynamic` block.
    fn timeouts(&mut self, blocks: &[syntax::Block], variables: &Members, depth: usize) -> Option<Value> {
        let resource_type = self.timeouts?;
        let each = |decoder: &mut Self, body: &Body, inside: &Members| {
            Some(decoder.timeouts_of(resource_type, body, inside))
        };
        let mut given = Vec::new();
        for block in blocks {
            let is_dynamic = &*block.block_type == "dynamic"
                && block.labels.first().is_some_and(|label| &*label.text == "timeouts");
            let values = match &*block.block_type {
                "timeouts" => vec![self.timeouts_of(resource_type, &block.body, variables)],
                _ if is_dynamic => match self.dynamic("timeouts", block, variables, depth, &each) {
                    Some(values) => values,
                    None => vec![Value::unknown(timeouts_type(resource_type))],
                },
                _ => continue,
            };
            given.extend(values.into_iter().map(|value| (value, block.header_range)));
        }
        if let Some((_, second)) = given.get(1) {
            let detail = "No more than 1 \"timeouts\" blocks are allowed";
            self.found.push(Diagnostic::error("Too many timeouts blocks", detail).at(*second));
        }
        given.into_iter().next().map(|(value, _)| value)
    }

    fn timeouts_of(&mut self, resource_type: &ResourceType, body: &Body, variables: &Members) -> Value {
        let attributes: Vec<(&str, bool)> =
            resource_type.timeouts.iter().map(|timeout| (timeout.operation, false)).collect();
        let shape = Shape { attributes: &attributes, blocks: &[] };
        let content = shape.content(body, &mut self.found);
        let mut members = Members::new();
        for (operation, _) in attributes {
            let value = content.attribute(operation).and_then(|given| {
                let value = self.evaluate(&given.expression, variables)?;
                let value = convert(&value, &Type::String).ok()?;
                if let Some(text) = value.as_str()
                    && duration::parse(text.strip_prefix(['+', '-']).unwrap_or(text)).is_none()
                {
                    let given_text =
                        if value.marks.is_hidden() { "The value".to_owned() } else { format!("{text:?}") };
                    let detail = format!(
                        "{given_text} is no duration. Write a number and a unit, such as \"90s\", \"30m\" or \"1h30m\"."
                    );
                    self.blame("Invalid timeout", detail, &given.expression, variables);
                }
                Some(value)
            });
            members.insert(Arc::from(operation), value.unwrap_or_else(|| Value::null(Type::String)));
        }
        Kind::Object(Arc::new(members)).into()
    }
}
