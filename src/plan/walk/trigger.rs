//! `replace_triggered_by`: replacements because something else changes.

use std::sync::Arc;

use crate::config::ResourceBlock;
use crate::lang::address::{Address, InstanceKey};
use crate::lang::reference::parse_reference;
use crate::lang::syntax::{Expression, Node, StepKind};
use crate::lang::{PathStep, Root, evaluate};

use super::super::graph::NodeKey;
use super::super::instance;
use super::super::world::Repetition;
use super::Walk;

impl Walk<'_> {
    /// Tells whether something that `replace_triggered_by` names changes.
    pub(super) fn is_triggered(
        &mut self,
        block: &ResourceBlock,
        address: &Address,
        repetition: &Repetition,
    ) -> bool {
        let expressions = &block.lifecycle.replace_triggered_by;
        expressions.iter().any(|expression| self.trigger(expression, address, repetition))
    }

    fn trigger(&mut self, expression: &Expression, address: &Address, repetition: &Repetition) -> bool {
        let mut path = Vec::new();
        let Some(Root::Resource(resource)) = self.steps_of(expression, address, repetition, &mut path) else {
            return false;
        };
        let (key, path) = match path.split_first() {
            Some((PathStep::Index(index), rest)) => (Some(InstanceKey::Index(*index)), rest),
            Some((PathStep::Key(key), rest)) => (Some(InstanceKey::Key(key.clone())), rest),
            _ => (None, &path[..]),
        };
        let node = NodeKey::Resource(address.module.path(), resource);
        let Some(at) = self.graph.position(&node) else { return false };
        self.node_changes[at].iter().map(|change| &self.changes[*change]).any(|change| {
            change.address.module == address.module
                && key.as_ref().is_none_or(|key| change.address.key.as_ref() == Some(key))
                && instance::alters(&change.change, path)
        })
    }

    /// Returns what the expression begins with and collects the steps behind it; keys such as `[each.key]` are evaluated.
    fn steps_of(
        &mut self,
        expression: &Expression,
        address: &Address,
        repetition: &Repetition,
        path: &mut Vec<PathStep>,
    ) -> Option<Root> {
        let (root, steps) = match &expression.node {
            Node::Parentheses(inner) => return self.steps_of(inner, address, repetition, path),
            Node::Traversal(name, steps) => {
                let reference = parse_reference(name, steps, expression.range).ok()?;
                (reference.root, reference.rest)
            }
            Node::Relative(inner, steps) => (self.steps_of(inner, address, repetition, path)?, steps.clone()),
            Node::Index(inner, key) => {
                let root = self.steps_of(inner, address, repetition, path)?;
                let key = self.with_scope(&address.module, repetition, None, |scope| evaluate(key, scope));
                let key = self.found.take(key)?;
                path.push(match key.as_str() {
                    Some(text) => PathStep::Key(Arc::from(text)),
                    None => PathStep::Index(u64::try_from(key.as_i64()?).ok()?),
                });
                return Some(root);
            }
            _ => return None,
        };
        for step in &steps {
            path.push(match &step.kind {
                StepKind::Attribute(name) => PathStep::Attribute(name.clone()),
                StepKind::Key(key) => PathStep::Key(key.clone()),
                StepKind::Index(number) => PathStep::Index(u64::try_from(number.to_i64()?).ok()?),
            });
        }
        Some(root)
    }
}
