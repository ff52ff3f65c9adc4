//! Which attributes of which resources the changes of a plan come from.
//!
//! The people who read a plan are told of drift that may have caused its changes. So every reference of a changed object or
//! output is followed backwards, through named values, module calls and the arguments of resources, to the attributes of
//! resources: those are relevant, whether they drifted or not.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use crate::config::{Config, Module};
use crate::lang::address::{Address, InstanceKey, ModuleInstance, Resource};
use crate::lang::hash::HashSet;
use crate::lang::reference::{Reference, references, references_of_body};
use crate::lang::syntax::{BlockShape, Body, Expression, StepKind};
use crate::lang::{Path, PathStep, Root};
use crate::schema::shape::Resolve;

use super::prior::find_type;

/// A reference, seen from a module instance.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Place {
    module: ModuleInstance,
    root: Root,
    rest: Vec<PathStep>,
}

/// Follows references backwards.
pub(super) struct Analysis<'a> {
    config: &'a Config,
    seen: HashSet<Place>,
    queue: VecDeque<Place>,
    found: BTreeSet<(Address, Path)>,
}

impl<'a> Analysis<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        Self { config, seen: HashSet::default(), queue: VecDeque::new(), found: BTreeSet::new() }
    }

    /// Follows the references of the block of an instance.
    pub(super) fn resource(&mut self, address: &Address) {
        let place = Place {
            module: address.module.clone(),
            root: Root::Resource(address.resource.clone()),
            rest: Vec::new(),
        };
        // The object itself is not what its change comes from.
        if self.seen.insert(place.clone()) {
            self.follow(&place);
        }
    }

    /// Follows the references of an output value.
    pub(super) fn output(&mut self, module: &ModuleInstance, name: &str) {
        let output = self.config.module(&module.path()).and_then(|module| module.outputs.get(name));
        if let Some(output) = output {
            self.expression(module, &output.expression);
        }
    }

    /// Returns the attributes, sorted by address.
    pub(super) fn finish(mut self) -> Vec<(Address, Path)> {
        while let Some(place) = self.queue.pop_front() {
            self.follow(&place);
        }
        self.found.into_iter().collect()
    }

    fn expression(&mut self, module: &ModuleInstance, expression: &Expression) {
        for reference in references(expression).0 {
            self.reference(module, &reference);
        }
    }

    fn reference(&mut self, module: &ModuleInstance, reference: &Reference) {
        let rest: Vec<PathStep> = reference
            .rest
            .iter()
            .map(|step| match &step.kind {
                StepKind::Attribute(name) => PathStep::Attribute(name.clone()),
                StepKind::Key(key) => PathStep::Key(key.clone()),
                StepKind::Index(number) => {
                    PathStep::Index(number.to_i64().and_then(|at| u64::try_from(at).ok()).unwrap_or(0))
                }
            })
            .collect();
        let place = Place { module: module.clone(), root: reference.root.clone(), rest };
        // The block of a changed object was followed without being referred to.
        if !place.rest.is_empty() && self.seen.contains(&place) {
            return;
        }
        if let Root::Resource(resource) = &place.root {
            let (key, path) = split_key(&place.rest);
            self.found.insert((resource.in_module(module).instance(key), path.to_vec()));
        }
        if self.seen.insert(place.clone()) {
            self.queue.push_back(place);
        }
    }

    fn follow(&mut self, place: &Place) {
        let Some(module) = self.config.module(&place.module.path()) else { return };
        match &place.root {
            Root::Local(name) => {
                if let Some(local) = module.locals.get(name) {
                    self.expression(&place.module, &local.expression);
                }
            }
            Root::Variable(name) => self.variable(place, name),
            Root::Module(name) => self.call(place, module, name),
            Root::Resource(resource) => self.block(place, module, resource),
            _ => {}
        }
    }

    fn variable(&mut self, place: &Place, name: &Arc<str>) {
        let Some((parent, step)) = place.module.parent() else { return };
        let call = self.config.module(&parent.path()).and_then(|module| module.calls.get(&step.name));
        let body = call.map(|call| call.arguments.resolve(&[]).0);
        if let Some(argument) = body.as_ref().and_then(|body| body.attributes.get(name)) {
            self.expression(&parent, &argument.expression);
        }
    }

    fn call(&mut self, place: &Place, module: &Module, name: &Arc<str>) {
        let (key, path) = split_key(&place.rest);
        let Some(child) = module.children.get(name) else { return };
        let instance = place.module.child(name.clone(), key);
        match path.first() {
            Some(PathStep::Attribute(output) | PathStep::Key(output)) => self.output(&instance, output),
            _ => {
                for output in child.outputs.keys() {
                    self.output(&instance, output);
                }
            }
        }
    }

    /// Follows the references of a block, or of one of its arguments when the reference is to that one.
    fn block(&mut self, place: &Place, module: &Module, resource: &Resource) {
        let Some(block) = module.resources.get(resource) else { return };
        let (_, path) = split_key(&place.rest);
        let wanted = match path.first() {
            Some(PathStep::Attribute(name) | PathStep::Key(name)) => Some(name),
            _ => None,
        };
        let mut shapes = vec![BlockShape { name: "dynamic", labels: 1 }];
        let nested = find_type(resource).into_iter().flat_map(|known| &known.block.blocks);
        shapes.extend(nested.map(|nested| BlockShape { name: nested.name, labels: 0 }));
        let (body, _) = block.arguments.resolve(&shapes);
        let mut repeats = false;
        for (name, attribute) in body.attributes.iter() {
            if wanted.is_none_or(|wanted| wanted == name) {
                repeats |= self.all(place, &references(&attribute.expression).0);
            }
        }
        if wanted.is_none() && !body.blocks.is_empty() {
            let mut blocks = Body::empty(body.range);
            blocks.blocks = body.blocks.clone();
            repeats |= self.all(place, &references_of_body(&blocks).0);
        }
        // `each` and `count` lead to the expression that they come from.
        if repeats {
            for expression in block.count.iter().chain(&block.for_each) {
                self.expression(&place.module, expression);
            }
        }
    }

    /// Follows references; tells whether `each` or `count` is among them.
    fn all(&mut self, place: &Place, references: &[Reference]) -> bool {
        references.iter().for_each(|reference| self.reference(&place.module, reference));
        references
            .iter()
            .any(|reference| matches!(reference.root, Root::EachKey | Root::EachValue | Root::CountIndex))
    }
}

fn split_key(rest: &[PathStep]) -> (Option<InstanceKey>, &[PathStep]) {
    match rest.split_first() {
        Some((PathStep::Index(index), rest)) => (Some(InstanceKey::Index(*index)), rest),
        Some((PathStep::Key(key), rest)) => (Some(InstanceKey::Key(key.clone())), rest),
        _ => (None, rest),
    }
}
