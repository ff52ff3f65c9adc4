//! `lifecycle` blocks.

use std::ops::ControlFlow;

use crate::diagnostic::{Diagnostic, SourceRange};
use crate::lang::syntax::{Block, Expression, Node, StepKind};
use crate::lang::{Path, PathStep};
use crate::schema::shape::Shape;

use super::block::Reader;
use super::condition::{self, Condition};
use super::constant::constant_bool;
use super::free_names::visit;
use super::traversal;

/// How the objects of a resource are replaced, kept and checked.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Whether a replacement is created before the old object is destroyed; nothing when it is not said.
    pub create_before_destroy: Option<bool>,
    /// Whether plans that destroy an object are refused.
    pub prevent_destroy: bool,
    /// Which differences are left alone.
    pub ignore_changes: IgnoreChanges,
    /// Where the paths of `ignore_changes` stand, in their order.
    pub ignored_ranges: Vec<SourceRange>,
    /// References whose change replaces the object.
    pub replace_triggered_by: Vec<Expression>,
    /// What must hold before the object is planned.
    pub preconditions: Vec<Condition>,
    /// What must hold of the object.
    pub postconditions: Vec<Condition>,
}

/// Which differences between configuration and object are left alone.
#[derive(Clone, Debug, PartialEq)]
pub enum IgnoreChanges {
    /// All of them.
    All,
    /// Those at or below these paths; a step `.x` or `["x"]` may be an attribute or a key.
    Paths(Vec<Path>),
}

impl Default for IgnoreChanges {
    fn default() -> Self {
        Self::Paths(Vec::new())
    }
}

const SHAPE: Shape<'static> = Shape {
    attributes: &[
        ("create_before_destroy", false),
        ("prevent_destroy", false),
        ("ignore_changes", false),
        ("replace_triggered_by", false),
    ],
    blocks: &[("precondition", &[]), ("postcondition", &[])],
};

/// Reads the lifecycle of a managed resource or, when `data`, of a data source; reports what is wrong in it.
pub(super) fn read(reader: &mut Reader<'_>, block: &Block, data: bool) -> Lifecycle {
    let content = SHAPE.content(&block.body, reader.found);
    let mut lifecycle = Lifecycle::default();
    if data {
        let mut given: Vec<_> =
            SHAPE.attributes.iter().filter_map(|(name, _)| content.attribute(name)).collect();
        given.sort_by_key(|attribute| attribute.name_range.start);
        for attribute in given {
            let name = &attribute.name;
            let detail = format!(
                "The lifecycle argument {name:?} is defined only for managed resources (\"resource\" blocks), and is not valid for data resources."
            );
            reader.error("Invalid data resource lifecycle argument", detail, attribute.name_range);
        }
    } else {
        let mut flag =
            |name| content.attribute(name).and_then(|attribute| constant_bool(attribute, reader.found));
        lifecycle.create_before_destroy = flag("create_before_destroy");
        lifecycle.prevent_destroy = flag("prevent_destroy").unwrap_or(false);
        if let Some(attribute) = content.attribute("ignore_changes") {
            (lifecycle.ignore_changes, lifecycle.ignored_ranges) =
                ignore_changes(reader, &attribute.expression);
        }
        if let Some(attribute) = content.attribute("replace_triggered_by") {
            lifecycle.replace_triggered_by = replace_triggered_by(reader, &attribute.expression);
        }
    }
    for inner in &content.blocks {
        if let Some(condition) = condition::read(reader, inner) {
            match &*inner.block_type {
                "precondition" => lifecycle.preconditions.push(condition),
                _ => lifecycle.postconditions.push(condition),
            }
        }
    }
    lifecycle
}

fn ignore_changes(reader: &mut Reader<'_>, expression: &Expression) -> (IgnoreChanges, Vec<SourceRange>) {
    if expression.as_keyword().as_deref() == Some("all") {
        return (IgnoreChanges::All, Vec::new());
    }
    let (mut paths, mut ranges) = (Vec::new(), Vec::new());
    let mut star = None;
    for item in traversal::list_items(expression, reader.found).unwrap_or_default() {
        if item.as_literal_text().as_deref() == Some("*") {
            let detail = "The [\"*\"] form of ignore_changes wildcard is was deprecated and is now invalid. Use \"ignore_changes = all\" to ignore changes to all attributes.";
            reader.error("Invalid ignore_changes wildcard", detail, expression.range);
            star = Some(item.range);
            continue;
        }
        let item = traversal::unquote_reference(&item, reader.found);
        if let Some(traversal) = traversal::absolute_traversal(&item, reader.found) {
            ranges.push(traversal.range);
            let first = PathStep::Attribute(traversal.name);
            let steps = traversal.steps.into_iter().filter_map(|step| match step.kind {
                StepKind::Attribute(name) => Some(PathStep::Attribute(name)),
                StepKind::Key(key) => Some(PathStep::Key(key)),
                StepKind::Index(number) => {
                    number.to_i64().and_then(|index| u64::try_from(index).ok()).map(PathStep::Index)
                }
            });
            paths.push(std::iter::once(first).chain(steps).collect());
        }
    }
    if let (Some(range), false) = (star, paths.is_empty()) {
        let detail = "Cannot mix wildcard string \"*\" with non-wildcard references.";
        let error = Diagnostic::error("Invalid ignore_changes ruleset", detail);
        reader.found.push(error.at(range).within(expression.range));
    }
    (IgnoreChanges::Paths(paths), ranges)
}

fn replace_triggered_by(reader: &mut Reader<'_>, expression: &Expression) -> Vec<Expression> {
    let mut triggers = Vec::new();
    for item in traversal::list_items(expression, reader.found).unwrap_or_default() {
        let item = traversal::unwrap_json(&item, reader.found);
        let (mut resources, mut sound) = (0, true);
        let _ = visit(&item, &mut |name, steps, range| {
            let first = steps.first().map(|step| &step.kind);
            let is_first = |word: &str| matches!(first, Some(StepKind::Attribute(name)) if &**name == word);
            match &**name {
                "count" if is_first("index") => {}
                "each" if is_first("key") => {}
                "var" | "local" | "module" | "path" | "terraform" | "self" | "each" | "count" | "data" => {
                    let detail =
                        "Only resources, count.index, and each.key may be used in replace_triggered_by.";
                    let summary = "Invalid reference in replace_triggered_by expression";
                    reader.found.push(Diagnostic::error(summary, detail).at(range));
                    sound = false;
                }
                _ => resources += 1,
            }
            ControlFlow::Continue(())
        });
        let summary = "Invalid replace_triggered_by expression";
        let is_reference = matches!(item.node, Node::Traversal(..) | Node::Index(..) | Node::Relative(..));
        if sound && resources == 0 {
            reader.error(
                summary,
                "Missing resource reference in replace_triggered_by expression.",
                item.range,
            );
        } else if sound && resources > 1 && !matches!(item.node, Node::Index(..) | Node::Relative(..)) {
            reader.error(
                summary,
                "Multiple resource references in replace_triggered_by expression.",
                item.range,
            );
        } else if sound && !is_reference {
            let detail = "Unexpected expression found in replace_triggered_by.";
            reader.error(summary, detail, item.range);
        } else if sound {
            triggers.push(item);
        }
    }
    triggers
}
