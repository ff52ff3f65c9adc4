//! From the two sides of a value to the tree of differences, by the schema.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::collection::align;
use super::pair::{Matcher, Pair, alike, combined, digest};
use super::scalar::{Scalar, number_values};
use super::style::Action;
use super::tree::{Diff, Look};
use crate::lang::{Kind, Members, Type, Value};
use crate::schema::{Block, Nesting};

/// Compares values whose type says nothing, as those of outputs and in JSON.
pub(super) fn untyped(pair: &Pair) -> Diff {
    typed(pair, &Type::Dynamic)
}

/// Compares values of a type.
pub(super) fn typed(pair: &Pair, ty: &Type) -> Diff {
    if let Some(diff) = sensitive(pair, |inner| typed(inner, ty)) {
        return diff;
    }
    if let Some(diff) = unknown(pair, |before| typed(before, ty)) {
        return diff;
    }
    match ty {
        Type::Dynamic => by_value(pair),
        Type::Bool | Type::Number | Type::String => scalar(pair, pair.action(), pair.replace.matches()),
        Type::Object(object) => object_of(pair, &object.attributes),
        Type::Map(element) => map(pair, element),
        Type::Set(element) => set(pair, |child| typed(child, element)),
        Type::List(element) => {
            list(pair, |_, child| typed(child, element), matches!(**element, Type::Object(_)))
        }
        Type::Tuple(types) => tuple(pair, types),
    }
}

fn sensitive(pair: &Pair, inner: impl FnOnce(&Pair) -> Diff) -> Option<Diff> {
    let (before, after) = (pair.before_sensitive, pair.after_sensitive);
    if !before && !after {
        return None;
    }
    let inner = inner(&Pair { before_sensitive: false, after_sensitive: false, ..pair.clone() });
    let nothing =
        pair.before.is_none() && pair.after.is_none() && !pair.before_explicit && !pair.after_explicit;
    let changes = inner.action == Action::NoOp && before != after && !nothing;
    let action = if changes { Action::Update } else { inner.action };
    Some(Diff::new(action, pair.replace.matches(), Look::Sensitive { inner: inner.action, before, after }))
}

fn unknown(pair: &Pair, before: impl FnOnce(&Pair) -> Diff) -> Option<Diff> {
    if !pair.unknown {
        return None;
    }
    let replace = pair.replace.matches();
    if pair.before.is_none() {
        return Some(Diff::new(Action::Create, replace, Look::Unknown(None)));
    }
    let before = before(&pair.as_delete());
    Some(Diff::new(Action::Update, replace, Look::Unknown(Some(Box::new(before)))))
}

fn scalar(pair: &Pair, action: Action, replace: bool) -> Diff {
    let look = Look::Scalar(Scalar { before: pair.before.clone(), after: pair.after.clone() });
    Diff::new(action, replace, look)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Bool,
    Number,
    String,
    Sequence,
    Mapping,
}

fn shape(value: &Value) -> Option<Shape> {
    Some(match &value.kind {
        Kind::Bool(_) => Shape::Bool,
        Kind::Number(_) => Shape::Number,
        Kind::String(_) => Shape::String,
        Kind::List(..) | Kind::Set(..) | Kind::Tuple(_) => Shape::Sequence,
        Kind::Map(..) | Kind::Object(_) => Shape::Mapping,
        Kind::Null(_) | Kind::Unknown(..) => return None,
    })
}

fn by_value(pair: &Pair) -> Diff {
    let (before, after) = (pair.before.as_ref().and_then(shape), pair.after.as_ref().and_then(shape));
    if before != after && !pair.is_gone() && !pair.is_new() {
        let side = |pair: Pair| Box::new(typed(&pair, &Type::Dynamic));
        let look = Look::Type(side(pair.as_delete()), side(pair.as_create()));
        return Diff::new(Action::Update, false, look);
    }
    match before.or(after) {
        Some(Shape::Mapping) => {
            let mut action = first_action(pair);
            let mut members = BTreeMap::new();
            for name in pair.names() {
                let diff = untyped(&pair.member(&name));
                action = combined(action, diff.action);
                members.insert(name, diff);
            }
            Diff::new(action, false, Look::Object(members))
        }
        Some(Shape::Sequence) => {
            let both = |a: Option<&Value>, b: Option<&Value>| {
                let is_object = |value: Option<&Value>| value.and_then(shape) == Some(Shape::Mapping);
                is_object(a) && is_object(b)
            };
            let (action, elements) = aligned(pair, |_, child| untyped(child), both);
            Diff::new(action, false, Look::List(elements))
        }
        _ => scalar(pair, pair.action(), false),
    }
}

fn first_action(pair: &Pair) -> Action {
    pair.first_action()
}

fn object_of(pair: &Pair, attributes: &BTreeMap<Arc<str>, Type>) -> Diff {
    let mut action = pair.first_action();
    let mut members = BTreeMap::new();
    for (name, ty) in attributes {
        let mut child = pair.member(name);
        if !child.relevant.matches_partly() {
            child = child.as_no_op();
        }
        // A null in an object of a type is as good as nothing.
        child.before_explicit = false;
        child.after_explicit = false;
        let diff = typed(&child, ty);
        if diff.action == Action::NoOp && child.before.is_none() && child.after.is_none() {
            continue;
        }
        action = combined(action, diff.action);
        members.insert(name.clone(), diff);
    }
    Diff::new(action, pair.replace.matches(), Look::Object(members))
}

fn map(pair: &Pair, element: &Type) -> Diff {
    let mut action = pair.first_action();
    let mut members = BTreeMap::new();
    for name in pair.names() {
        let mut child = pair.member(&name);
        if !child.relevant.matches_partly() {
            child = child.as_no_op();
        }
        let diff = typed(&child, element);
        action = combined(action, diff.action);
        members.insert(name, diff);
    }
    Diff::new(action, pair.replace.matches(), Look::Map(members))
}

fn aligned(
    pair: &Pair,
    compare: impl Fn(usize, &Pair) -> Diff,
    both_objects: impl Fn(Option<&Value>, Option<&Value>) -> bool,
) -> (Action, Vec<Diff>) {
    let (before, after) = pair.elements();
    let positions: Vec<(Option<usize>, Option<usize>)> = if before.len() == after.len() {
        (0..before.len()).map(|at| (Some(at), Some(at))).collect()
    } else {
        let (old, new) = number_values(before, after);
        align(&old, &new, |at, other| both_objects(before.get(at), after.get(other)))
    };
    let mut action = pair.first_action();
    let mut elements = Vec::with_capacity(positions.len());
    for (old, new) in positions {
        let mut child = pair.element(old, new, true);
        // All of a list that matters at all is shown: without their neighbours elements say little.
        child.relevant = Matcher::Always;
        let diff = compare(old.or(new).unwrap_or(0), &child);
        action = combined(action, diff.action);
        elements.push(diff);
    }
    (action, elements)
}

fn list(pair: &Pair, compare: impl Fn(usize, &Pair) -> Diff, objects: bool) -> Diff {
    let both = |a: Option<&Value>, b: Option<&Value>| objects && a.is_some() && b.is_some();
    let (action, elements) = aligned(pair, compare, both);
    Diff::new(action, pair.replace.matches(), Look::List(elements))
}

fn tuple(pair: &Pair, types: &[Type]) -> Diff {
    let mut action = pair.first_action();
    let mut elements = Vec::with_capacity(types.len());
    for (at, ty) in types.iter().enumerate() {
        let diff = typed(&pair.element(Some(at), Some(at), true), ty);
        action = combined(action, diff.action);
        elements.push(diff);
    }
    Diff::new(action, pair.replace.matches(), Look::List(elements))
}

/// Pairs the elements of sets: equal ones first, then what only one side has.
fn set_pairs(pair: &Pair) -> Vec<Pair> {
    let (before, after) = pair.elements();
    let mut near: HashMap<u64, Vec<usize>> = HashMap::new();
    for (at, new) in after.iter().enumerate().filter(|(_, new)| new.is_known()) {
        near.entry(digest(new)).or_default().push(at);
    }
    let mut taken = vec![false; after.len()];
    let mut pairs = Vec::new();
    for (at, old) in before.iter().enumerate() {
        let mut near = near.get(&digest(old)).into_iter().flatten().copied();
        let same = near.find(|other| {
            let new = &after[*other];
            !taken[*other] && alike(old, new) && old.marks == new.marks
        });
        if let Some(other) = same {
            taken[other] = true;
        }
        pairs.push((Some(at), same));
    }
    let rest = (0..after.len()).filter(|at| !taken[*at]).map(|at| (None, Some(at)));
    pairs.extend(rest);
    pairs
        .into_iter()
        .map(|(old, new)| Pair { relevant: Matcher::Always, ..pair.element(old, new, false) })
        .collect()
}

fn set(pair: &Pair, compare: impl Fn(&Pair) -> Diff) -> Diff {
    let mut action = pair.first_action();
    let mut elements = Vec::new();
    for child in set_pairs(pair) {
        let diff = compare(&child);
        action = combined(action, diff.action);
        elements.push(diff);
    }
    Diff::new(action, pair.replace.matches(), Look::Set(elements))
}

/// What of a type is printed: its attributes and nested blocks.
pub(super) struct Layout {
    attributes: Vec<(Arc<str>, Type)>,
    blocks: Vec<(Arc<str>, Nesting, Layout)>,
}

impl Layout {
    /// Returns the layout of a block of the schema.
    pub fn of(block: &Block) -> Self {
        let attributes =
            block.attributes.iter().map(|attribute| (attribute.name.into(), attribute.ty.clone()));
        let blocks =
            block.blocks.iter().map(|nested| (nested.name.into(), nested.nesting, Layout::of(&nested.block)));
        let mut blocks: Vec<_> = blocks.collect();
        blocks.sort_by(|a: &(Arc<str>, Nesting, Layout), b| a.0.cmp(&b.0));
        Self { attributes: attributes.collect(), blocks }
    }

    /// Adds the block `timeouts`.
    pub fn with_timeouts(mut self, operations: impl Iterator<Item = &'static str>) -> Self {
        let attributes: Vec<(Arc<str>, Type)> = operations.map(|name| (name.into(), Type::String)).collect();
        if !attributes.is_empty() {
            self.blocks.push(("timeouts".into(), Nesting::Single, Layout { attributes, blocks: Vec::new() }));
        }
        self
    }

    /// Returns the layout of an object of which there is no schema.
    pub fn of_values(values: [Option<&Value>; 2]) -> Self {
        let mut attributes = BTreeMap::new();
        for name in values.into_iter().flatten().filter_map(Value::members).flat_map(Members::keys) {
            attributes.insert(name.clone(), Type::Dynamic);
        }
        Self { attributes: attributes.into_iter().collect(), blocks: Vec::new() }
    }
}

/// Compares objects of a block.
pub(super) fn block(pair: &Pair, layout: &Layout) -> Diff {
    if let Some(diff) = sensitive(pair, |inner| block(inner, layout)) {
        return diff;
    }
    if let Some(diff) = unknown(pair, |before| block(before, layout)) {
        return diff;
    }
    let mut action = pair.first_action();
    let mut attributes = BTreeMap::new();
    for (name, ty) in &layout.attributes {
        let mut child = pair.member(name);
        if !child.relevant.matches_partly() {
            child = child.as_no_op();
        }
        child.before_explicit = false;
        child.after_explicit = false;
        if child.before.is_none() && child.after.is_none() && !child.unknown {
            continue;
        }
        // The providers know no null strings and write empty ones for them.
        let not_empty = |side: Option<Value>| side.filter(|value| value.as_str() != Some(""));
        child.before = not_empty(child.before);
        child.after = not_empty(child.after);
        let diff = typed(&child, ty);
        action = combined(action, diff.action);
        attributes.insert(name.clone(), diff);
    }
    let mut blocks = Vec::new();
    for (name, nesting, inner) in &layout.blocks {
        let mut child = pair.member(name);
        if !child.relevant.matches_partly() {
            child = child.as_no_op();
        }
        child.before_explicit = false;
        child.after_explicit = false;
        if child.before.is_none() && child.after.is_none() && !child.unknown {
            continue;
        }
        let compare = |child: &Pair| block(child, inner);
        let diffs = match nesting {
            Nesting::Single => vec![compare(&child)],
            Nesting::Set => set_pairs(&child).iter().map(compare).collect(),
            Nesting::List => {
                let (old, new) = child.elements();
                let count = old.len().max(new.len());
                let position = |at: usize, length: usize| (at < length).then_some(at);
                (0..count)
                    .map(|at| compare(&child.element(position(at, old.len()), position(at, new.len()), true)))
                    .collect()
            }
        };
        let diffs: Vec<Diff> = diffs;
        action = diffs.iter().fold(action, |action, diff| combined(action, diff.action));
        blocks.push((name.clone(), diffs));
    }
    Diff::new(action, pair.replace.matches(), Look::Block { attributes, blocks })
}
