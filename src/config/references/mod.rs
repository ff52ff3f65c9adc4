//! The references of all expressions of a configuration, held against what is declared.
//!
//! Nothing is evaluated here, so everything is found whatever the values are: names that nobody declares, keys where there
//! are no instances, attributes that a type does not have, resources that refer to themselves. This file goes through the
//! configuration; `reference` looks at one reference.

mod reference;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use crate::lang::Root;
use crate::lang::address::{Mode, Resource};
use crate::lang::hash::HashMap;
use crate::lang::reference::parse_reference;
use crate::lang::syntax::{BlockShape, Body, Expression, Node, StepKind};
use crate::schema::content::Arguments;
use crate::schema::registry::{Lookup, Meant, lookup};
use crate::schema::shape::{Resolve, suggest};
use crate::schema::{self, ResourceType};

use super::condition::Condition;
use super::free_names::visit_within;
use super::lifecycle::IgnoreChanges;
use super::module::{Config, Module};
use super::module_inputs;
use super::provider::display_source;
use super::refactoring::Import;
use super::remote_state;
use super::resource::ResourceBlock;
use super::statements;

/// Returns everything that is wrong with the references, resource types, module inputs and statements on moves and removals
/// of a configuration.
pub fn check_references(config: &Config, sources: &Sources) -> Diagnostics {
    let mut found = statements::check(config, sources);
    for module in config.modules() {
        let mut checker = Checker { module, types: HashMap::default(), found: &mut found };
        checker.types();
        checker.module(config);
        checker.provider_configurations(config);
        for (name, child) in &module.children {
            if let Some(call) = module.calls.get(name) {
                module_inputs::check(call, child, checker.found);
            }
        }
    }
    found
}

/// Returns what is wrong with the references of an expression that stands by itself in the root module.
pub fn check_expression(config: &Config, expression: &Expression) -> Diagnostics {
    let mut found = Diagnostics::new();
    let module = &config.root;
    let types = module.resources.iter().map(|(address, block)| {
        match lookup(&module.provider_source(&block.provider.name), address) {
            Lookup::Known(known) => (address, Some(known)),
            _ => (address, None),
        }
    });
    let mut checker = Checker { module, types: types.collect(), found: &mut found };
    checker.expression(expression, Place::default());
    found
}

struct Checker<'a> {
    module: &'a Module,
    /// The schemas of the module's resources; nothing for foreign ones.
    types: HashMap<&'a Resource, Option<&'static ResourceType>>,
    found: &'a mut Diagnostics,
}

/// Where an expression stands.
#[derive(Clone, Copy, Default)]
struct Place<'a> {
    /// The resource that the expression belongs to, which must not refer to itself.
    own: Option<&'a Resource>,
    /// The local value that the expression is of, which must not use itself.
    own_local: Option<&'a Arc<str>>,
    /// The resource that `self` means.
    self_is: Option<&'a Resource>,
    /// Whether it is said here that `self` means nothing; elsewhere evaluation says it.
    without_self: bool,
    /// The check block around, whose data source is visible here.
    check: Option<&'a Arc<str>>,
    /// Whether `each` means something here.
    each: bool,
    /// Whether `count` means something here.
    count: bool,
}

impl<'a> Checker<'a> {
    fn error(&mut self, summary: &str, detail: impl Into<String>, range: SourceRange) {
        self.found.push(Diagnostic::error(summary, detail).at(range));
    }

    /// Looks up the schemas of all resources, reporting types and providers that do not exist.
    fn types(&mut self) {
        for (address, block) in &self.module.resources {
            let source = self.module.provider_source(&block.provider.name);
            let known = match lookup(&source, address) {
                Lookup::Known(known) => Some(known),
                Lookup::Foreign => None,
                Lookup::Unsupported(meant) => {
                    self.unsupported(block, &source, meant);
                    None
                }
                Lookup::UnknownProvider => {
                    let detail = format!(
                        "This configuration requires provider {source}, but that provider isn't available: snapform knows aliyun/alicloud, tencentcloudstack/tencentcloud and the builtin terraform provider. Keep resources of other providers in a directory of their own, or name the right source in required_providers."
                    );
                    self.error("Missing required provider", detail, block.declaration);
                    None
                }
            };
            self.types.insert(address, known);
        }
    }

    /// Reports resources whose provider configuration has an alias that nobody declares.
    fn provider_configurations(&mut self, config: &Config) {
        for block in self.module.resources.values() {
            if self.module.path.is_root() && block.provider.alias.is_none() {
                continue;
            }
            let address = config.provider_of(self.module, block);
            if address.alias.is_none() || config.provider_block(&address).is_some() {
                continue;
            }
            let dot = if self.module.path.is_root() { "" } else { "." };
            let resource = format!("{}{dot}{}", self.module.path, block.address);
            let detail = format!(
                "To work with {resource} its original provider configuration at {address} is required, but it has been removed. This occurs when a provider configuration is removed while objects created by that provider still exist in the state. Re-add the provider configuration to destroy {resource}, after which you can remove the provider configuration again."
            );
            self.error("Provider configuration not present", detail, block.declaration);
        }
    }

    fn unsupported(&mut self, block: &ResourceBlock, source: &str, meant: Meant) {
        let type_name = &block.address.type_name;
        let data = block.address.mode == Mode::Data;
        let (summary, word) = if data {
            ("Invalid data source", "data source")
        } else {
            ("Invalid resource type", "resource type")
        };
        let hint = match meant {
            Meant::Name(name) => format!(" Did you mean {name:?}?"),
            Meant::OtherMode if data => format!(
                "\n\nDid you intend to use the managed resource type {type_name:?}? If so, declare this using a \"resource\" block instead of a \"data\" block."
            ),
            Meant::OtherMode => format!(
                "\n\nDid you intend to use the data source {type_name:?}? If so, declare this using a \"data\" block instead of a \"resource\" block."
            ),
            Meant::Nothing => String::new(),
        };
        let detail =
            format!("The provider {} does not support {word} {type_name:?}.{hint}", display_source(source));
        self.error(summary, detail, block.type_range);
    }

    /// Reports imports in called modules, and keys that do not fit the resource.
    fn import_target(&mut self, import: &Import, config: &Config) {
        if !self.module.path.is_root() {
            let detail = format!(
                "An import block was detected in \"{}\". Import blocks are only allowed in the root module.",
                self.module.path
            );
            self.error("Invalid import configuration", detail, import.declaration);
            return;
        }
        let module = config.modules().into_iter().find(|module| module.path == import.module);
        let Some(block) = module.and_then(|module| module.resources.get(&import.resource)) else { return };
        let keyed = match &import.to.node {
            Node::Index(..) => true,
            Node::Traversal(_, steps) | Node::Relative(_, steps) => steps.last().is_some_and(is_key),
            _ => false,
        };
        let detail = match (keyed, &block.count, &block.for_each) {
            (false, Some(_), _) => "The target resource is using count.",
            (false, _, Some(_)) => "The target resource is using for_each.",
            (true, None, None) => "The target resource does not use count or for_each.",
            _ => return,
        };
        self.error("Invalid import 'to' expression", detail, import.to.range);
    }

    fn module(&mut self, config: &Config) {
        let module = self.module;
        let place = Place::default();
        for variable in module.variables.values() {
            self.conditions(&variable.validations, Place { without_self: true, ..place });
        }
        for local in module.locals.values() {
            self.expression(&local.expression, Place { own_local: Some(&local.name), ..place });
        }
        for output in module.outputs.values() {
            if output.ephemeral && module.path.is_root() {
                let detail = "Ephemeral outputs are not allowed in context of a root module";
                self.error("Ephemeral output not allowed", detail, output.declaration);
            }
            self.expression(&output.expression, place);
            self.depends_on(&output.depends_on, place);
            self.conditions(&output.preconditions, Place { without_self: true, ..place });
        }
        for provider in module.providers.values() {
            let blocks = schema::ProviderKind::of_source(&module.provider_source(&provider.reference.name))
                .map(|kind| &schema::types::provider(kind).blocks[..]);
            self.arguments(&provider.arguments, blocks.unwrap_or_default(), place);
        }
        for call in module.calls.values() {
            call.count.iter().chain(&call.for_each).for_each(|expression| self.expression(expression, place));
            self.depends_on(&call.depends_on, place);
            let inside = Place { each: call.for_each.is_some(), count: call.count.is_some(), ..place };
            self.arguments(&call.arguments, &[], inside);
        }
        for block in module.resources.values() {
            self.resource(block);
        }
        for check in module.checks.values() {
            self.conditions(&check.asserts, Place { check: Some(&check.name), without_self: true, ..place });
        }
        for import in &module.imports {
            self.import_target(import, config);
            self.expression(&import.id, Place { each: import.for_each.is_some(), ..place });
            import.for_each.iter().for_each(|expression| self.expression(expression, place));
        }
    }

    fn resource(&mut self, block: &'a ResourceBlock) {
        let place = Place { own: Some(&block.address), check: block.check.as_ref(), ..Place::default() };
        block.count.iter().chain(&block.for_each).for_each(|expression| self.expression(expression, place));
        let place = Place { each: block.for_each.is_some(), count: block.count.is_some(), ..place };
        // To wait for oneself changes nothing.
        self.depends_on(&block.depends_on, Place { own: None, ..place });
        if block.address.mode == Mode::Data && &*block.address.type_name == "terraform_remote_state" {
            remote_state::check(&block.arguments, self.found);
        }
        let known = self.types.get(&block.address).copied().flatten();
        let nested = known.map(|known| &known.block.blocks[..]).unwrap_or_default();
        self.arguments(&block.arguments, nested, place);
        let lifecycle = &block.lifecycle;
        // Conditions that name their own resource are reported where they are read.
        let conditions = Place { own: None, ..place };
        self.conditions(&lifecycle.preconditions, Place { without_self: true, ..conditions });
        self.conditions(&lifecycle.postconditions, Place { self_is: Some(&block.address), ..conditions });
        for trigger in &lifecycle.replace_triggered_by {
            self.expression(trigger, conditions);
        }
        if let (Some(known), IgnoreChanges::Paths(paths)) = (known, &lifecycle.ignore_changes) {
            for (path, range) in paths.iter().zip(&lifecycle.ignored_ranges) {
                if let Some(crate::lang::PathStep::Attribute(name)) = path.first() {
                    self.attribute_of(known, name, *range);
                }
            }
        }
    }

    fn conditions(&mut self, conditions: &'a [Condition], place: Place<'a>) {
        for condition in conditions {
            self.expression(&condition.condition, place);
            self.expression(&condition.error_message, place);
        }
    }

    fn depends_on(&mut self, references: &'a [Expression], place: Place<'a>) {
        for expression in references {
            let crate::lang::syntax::Node::Traversal(name, steps) = &expression.node else { continue };
            let reference = match parse_reference(name, steps, expression.range) {
                Ok(reference) => reference,
                Err(wrong) => {
                    self.found.push(wrong);
                    continue;
                }
            };
            let whole = match &reference.root {
                // A key is part of the object's name.
                Root::Resource(_) => usize::from(reference.rest.first().is_some_and(is_key)),
                Root::Module(_) => reference.rest.len(),
                _ => 0,
            };
            if let Some(step) = reference.rest.get(whole) {
                let range = SourceRange { end: reference.whole.end, ..step.range };
                let detail = "References in depends_on must be to a whole object (resource, etc), not to an attribute of an object.";
                self.error("Invalid depends_on reference", detail, range);
                continue;
            }
            self.reference(&reference, place);
        }
    }

    fn arguments(&mut self, arguments: &Arguments, nested: &[schema::NestedBlock], place: Place<'a>) {
        let (body, _) = arguments.resolve(&shapes(nested));
        self.body(&body, nested, &[], place);
    }

    fn body(&mut self, body: &Body, nested: &[schema::NestedBlock], bound: &[&Arc<str>], place: Place<'a>) {
        for attribute in body.attributes.values() {
            self.expression_within(&attribute.expression, bound, place);
        }
        for block in body.blocks.iter() {
            let of = |name: &str| nested.iter().find(|each| each.name == name);
            let blocks_in = |name: &str| of(name).map(|each| &each.block.blocks[..]).unwrap_or_default();
            match (&*block.block_type, block.labels.first()) {
                // Of `timeouts`, too, which no schema lists.
                ("dynamic", Some(label)) => {
                    self.dynamic(block, &label.text, blocks_in(&label.text), bound, place);
                }
                (name, _) => {
                    let inner = blocks_in(name);
                    let (body, _) = block.body.resolve(&shapes(inner));
                    self.body(&body, inner, bound, place);
                }
            }
        }
    }

    fn dynamic(
        &mut self,
        block: &crate::lang::syntax::Block,
        name: &str,
        nested: &[schema::NestedBlock],
        bound: &[&Arc<str>],
        place: Place<'a>,
    ) {
        let (body, _) = block.body.resolve(&[BlockShape { name: "content", labels: 0 }]);
        if let Some(for_each) = body.attributes.get("for_each") {
            self.expression_within(&for_each.expression, bound, place);
        }
        let iterator =
            body.attributes.get("iterator").and_then(|attribute| attribute.expression.as_keyword());
        let iterator: Arc<str> = iterator.unwrap_or_else(|| name.into());
        let inner: Vec<&Arc<str>> = bound.iter().copied().chain([&iterator]).collect();
        for content in body.blocks_of("content") {
            let (body, _) = content.body.resolve(&shapes(nested));
            self.body(&body, nested, &inner, place);
        }
    }

    fn expression(&mut self, expression: &Expression, place: Place<'a>) {
        self.expression_within(expression, &[], place);
    }

    fn expression_within<'e>(
        &mut self,
        expression: &'e Expression,
        bound: &[&'e Arc<str>],
        place: Place<'a>,
    ) {
        let _ = visit_within(expression, bound, &mut |name, steps, range| {
            match parse_reference(name, steps, range) {
                Ok(reference) => self.reference(&reference, place),
                Err(wrong) => self.found.push(wrong),
            }
            ControlFlow::Continue(())
        });
    }
}

fn is_key(step: &crate::lang::syntax::Step) -> bool {
    !matches!(step.kind, StepKind::Attribute(_))
}

fn hint<'n>(name: &str, names: impl Iterator<Item = &'n Arc<str>>) -> Option<String> {
    suggest(name, names.map(|name| &**name)).map(|name| format!(" Did you mean {name:?}?"))
}

/// Returns which names are blocks in JSON syntax.
fn shapes(nested: &[schema::NestedBlock]) -> Vec<BlockShape<'_>> {
    let mut shapes: Vec<_> = nested.iter().map(|each| BlockShape { name: each.name, labels: 0 }).collect();
    shapes.push(BlockShape { name: "dynamic", labels: 1 });
    shapes
}
