//! Expressions as `configuration` shows them: a constant value, or what they refer to.

use super::instance::is_ours;
use super::tree::{Json, Members};
use super::value::known;
use crate::lang::Root;
use crate::lang::evaluate::evaluate_constant;
use crate::lang::reference::{Reference, references};
use crate::lang::syntax::{BlockShape, Body, Expression, Step, StepKind};
use crate::schema::content::Arguments;
use crate::schema::shape::Resolve;
use crate::schema::{Block, NestedBlock, Nesting, ResourceType, Timeout};

/// Returns `constant_value` or `references`; neither for an expression of function calls alone.
pub fn expression(expression: &Expression) -> Members {
    let constant = evaluate_constant(expression).ok().filter(|value| value.is_wholly_known());
    let references = names(expression);
    Members::new()
        .maybe("constant_value", constant.as_ref().and_then(known))
        .maybe("references", (!references.is_empty()).then_some(references))
}

/// Returns only the `references` of an expression whose constant value is a credential.
pub fn without_constant(expression: &Expression) -> Members {
    let references = names(expression);
    Members::new().maybe("references", (!references.is_empty()).then_some(references))
}

/// Returns an expression, unless there is nothing to say about it.
pub fn some_expression(given: Option<&Expression>) -> Option<Members> {
    given.and_then(|given| expression(given).non_empty())
}

/// Returns the objects that a list of references names, as `depends_on` has it.
pub fn depends_on(expressions: &[Expression]) -> Option<Vec<String>> {
    let objects = expressions.iter().flat_map(|each| references(each).0).map(|each| subject(&each).0);
    let objects: Vec<String> = objects.collect();
    (!objects.is_empty()).then_some(objects)
}

/// Every reference with all its steps, then with one step less and so on, down to the object and what it belongs to.
fn names(expression: &Expression) -> Vec<String> {
    let mut all = Vec::new();
    for reference in references(expression).0 {
        let (subject, rest, wider) = subject(&reference);
        for count in (1..=rest.len()).rev() {
            all.push(format!("{subject}{}", steps(&rest[..count])));
        }
        all.push(subject);
        all.extend(wider);
    }
    all
}

/// Returns the object that Terraform takes a reference to be of, the steps behind it, and what the object belongs to.
fn subject(reference: &Reference) -> (String, &[Step], Option<String>) {
    let rest = &reference.rest[..];
    let is_key = |step: &Step| !matches!(step.kind, StepKind::Attribute(_));
    match &reference.root {
        Root::Resource(resource) => match rest {
            [key, rest @ ..] if is_key(key) => {
                (format!("{resource}{}", step(key)), rest, Some(resource.to_string()))
            }
            _ => (resource.to_string(), rest, None),
        },
        Root::Module(name) => match rest {
            [key] if is_key(key) => {
                (format!("module.{name}{}", step(key)), &[], Some(format!("module.{name}")))
            }
            [key, output, rest @ ..] if is_key(key) => {
                let call = format!("module.{name}{}", step(key));
                (format!("{call}{}", step(output)), rest, Some(call))
            }
            [output, rest @ ..] => {
                (format!("module.{name}{}", step(output)), rest, Some(format!("module.{name}")))
            }
            [] => (format!("module.{name}"), rest, None),
        },
        Root::Variable(name) => (format!("var.{name}"), rest, None),
        Root::Local(name) => (format!("local.{name}"), rest, None),
        Root::EachKey => ("each.key".to_owned(), rest, None),
        Root::EachValue => ("each.value".to_owned(), rest, None),
        Root::CountIndex => ("count.index".to_owned(), rest, None),
        Root::SelfObject => ("self".to_owned(), rest, None),
        Root::Path(word) => (format!("path.{word}"), rest, None),
        Root::Terraform(word) => (format!("terraform.{word}"), rest, None),
    }
}

fn steps(all: &[Step]) -> String {
    all.iter().map(step).collect()
}

fn step(step: &Step) -> String {
    match &step.kind {
        StepKind::Attribute(name) => format!(".{name}"),
        StepKind::Index(number) => format!("[{number}]"),
        StepKind::Key(key) => format!("[{key:?}]"),
    }
}

/// Returns the expressions of the arguments of a resource: those that Terraform's provider has, and those that only snapform
/// knows.
pub fn of_resource(arguments: &Arguments, resource_type: &ResourceType) -> (Members, Members) {
    let timeouts = timeouts_block(resource_type.timeouts);
    let mut block = resource_type.block.clone();
    block.blocks.extend(timeouts);
    let (mut theirs, mut ours) = (Members::new(), Members::new());
    for (name, json) in members(arguments, &block, expression) {
        let ours_too = is_ours(resource_type, &name);
        if ours_too { &mut ours } else { &mut theirs }.put(name, json);
    }
    (theirs.sorted(), ours.sorted())
}

/// Returns the expressions of the arguments of a provider's block. A credential that is written there is not shown.
pub fn of_provider(arguments: &impl Resolve, block: &Block) -> Members {
    of_block(arguments, block, without_constant)
}

fn of_block(arguments: &impl Resolve, block: &Block, secret: fn(&Expression) -> Members) -> Members {
    members(arguments, block, secret).into_iter().collect::<Members>().sorted()
}

/// Returns the expressions of a module call: those of the inputs that the module declares, each with whether it feeds
/// credentials.
pub fn of_call<'a>(arguments: &Arguments, inputs: impl Iterator<Item = (&'a str, bool)>) -> Members {
    let (body, _) = arguments.resolve(&[]);
    let given = inputs.filter_map(|(name, is_credential)| {
        let given = &body.attributes.get(name)?.expression;
        let shown = if is_credential { without_constant(given) } else { expression(given) };
        Some((name.to_owned(), shown.into()))
    });
    given.collect::<Members>().sorted()
}

fn timeouts_block(timeouts: &'static [Timeout]) -> Option<NestedBlock> {
    use crate::lang::Type;
    use crate::schema::{Attribute, Presence};
    let attributes = timeouts
        .iter()
        .map(|timeout| Attribute::new(timeout.operation, Type::String, Presence::Optional, ""))
        .collect();
    (!timeouts.is_empty()).then(|| NestedBlock {
        name: "timeouts",
        nesting: Nesting::Single,
        min_items: 0,
        max_items: 1,
        limit_untold: false,
        block: Block { attributes, blocks: Vec::new() },
    })
}

/// `dynamic` blocks are left out, as Terraform does: what they make is not known from the configuration alone. `secret` shows
/// sensitive arguments.
fn members(
    arguments: &impl Resolve,
    block: &Block,
    secret: fn(&Expression) -> Members,
) -> Vec<(String, Json)> {
    let shapes: Vec<BlockShape<'_>> =
        block.blocks.iter().map(|nested| BlockShape { name: nested.name, labels: 0 }).collect();
    let (body, _) = arguments.resolve(&shapes);
    let body: &Body = &body;
    let attributes = body.attributes.values().filter_map(|given| {
        let shown = if block.attribute(&given.name)?.is_secret() { secret } else { expression };
        Some((given.name.to_string(), Json::from(shown(&given.expression))))
    });
    let mut all: Vec<(String, Json)> = attributes.collect();
    for nested in &block.blocks {
        let mut given =
            body.blocks_of(nested.name).map(|each| Json::from(of_block(&each.body, &nested.block, secret)));
        let json = match nested.nesting {
            Nesting::Single => given.next(),
            Nesting::List | Nesting::Set => {
                let given: Vec<Json> = given.collect();
                (!given.is_empty()).then_some(Json::List(given))
            }
        };
        all.extend(json.map(|json| (nested.name.to_owned(), json)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::SourceId;
    use crate::lang::syntax::parse_expression;

    fn shown(text: &str) -> String {
        let (parsed, _) = parse_expression(SourceId(0), text);
        Json::from(expression(&parsed.unwrap())).to_string()
    }

    #[test]
    fn references_go_from_the_whole_to_the_object() {
        assert_eq!(
            shown("[each.value, data.a.b.c.d, a.b[\"k\"].c[0], module.m[0].out.x, module.m]"),
            r#"{"references":["each.value","data.a.b.c.d","data.a.b.c","data.a.b","a.b[\"k\"].c[0]","a.b[\"k\"].c","a.b[\"k\"]","a.b","module.m[0].out.x","module.m[0].out","module.m[0]","module.m"]}"#
        );
        assert_eq!(shown("a.b[count.index].c"), r#"{"references":["a.b","count.index"]}"#);
    }

    #[test]
    fn constants_are_values_and_function_calls_are_neither() {
        assert_eq!(shown("{ a = [1, null] }"), r#"{"constant_value":{"a":[1,null]}}"#);
        assert_eq!(shown("null"), r#"{"constant_value":null}"#);
        assert_eq!(shown("upper(\"a\")"), "{}");
    }
}
