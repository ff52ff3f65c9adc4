//! The arguments of a block, put together from its body, an escaping block and override files.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::syntax::{Attributes, Block, BlockShape, Body};

use super::shape::Resolve;

/// How a body joins those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Join {
    /// Beside them: nothing may be set twice.
    Beside,
    /// Over them: what it sets replaces what they set.
    Over,
}

#[derive(Clone, Debug)]
struct Layer {
    body: Body,
    /// Arguments and block types that mean something to the language and not to the schema.
    hidden: &'static [&'static str],
    join: Join,
}

impl Layer {
    /// Hides names. Of native syntax they are taken out at once, so that nobody has to leave them out each time they look;
    /// of JSON syntax it is not known before what they are.
    fn hiding(self, hidden: &'static [&'static str]) -> Self {
        if self.body.is_json() {
            return Self { hidden, ..self };
        }
        let is_hidden = |name: &str| hidden.contains(&name);
        let mut body = self.body;
        if body.attributes.keys().any(|name| is_hidden(name)) {
            let visible = body.attributes.values().filter(|attribute| !is_hidden(&attribute.name)).cloned();
            let mut attributes = Attributes::default();
            attributes.extend(visible);
            body.attributes = Arc::new(attributes);
        }
        if body.blocks.iter().any(|block| is_hidden(&block.block_type)) {
            body.blocks_mut().retain(|block| !is_hidden(&block.block_type));
        }
        Self { body, hidden: &[], join: self.join }
    }
}

/// The arguments of a block that its schema describes.
#[derive(Clone, Debug)]
pub struct Arguments {
    layers: Vec<Layer>,
}

impl Arguments {
    /// Returns the arguments of `body`, save those `hidden`.
    pub fn new(body: Body, hidden: &'static [&'static str]) -> Self {
        Self { layers: vec![Layer { body, hidden: &[], join: Join::Beside }.hiding(hidden)] }
    }

    /// Returns the same arguments without those `hidden`.
    #[must_use]
    pub fn hiding(&self, hidden: &'static [&'static str]) -> Self {
        let layers = self.layers.iter().cloned().map(|layer| layer.hiding(hidden)).collect();
        Self { layers }
    }

    /// Adds the arguments of an escaping block, in which every name is one of the schema's.
    pub fn add_escaped(&mut self, body: Body) {
        self.layers.push(Layer { body, hidden: &[], join: Join::Beside });
    }

    /// Puts the arguments of the same block in an override file over these.
    pub fn override_with(&mut self, over: Arguments) {
        self.layers.extend(over.layers.into_iter().map(|layer| Layer { join: Join::Over, ..layer }));
    }

    /// Returns the arguments as each file gives them, those that another file overrides too.
    pub fn layers(&self, shapes: &[BlockShape<'_>]) -> Vec<Body> {
        self.layers.iter().map(|layer| layer.body.resolve(shapes).0.into_owned()).collect()
    }

    /// Returns where to point when something is missing.
    pub fn missing(&self) -> SourceRange {
        self.layers[0].body.end
    }

    /// Tells whether nothing is given at all.
    pub fn is_empty(&self) -> bool {
        let (body, _) = self.resolve(&[]);
        body.attributes.is_empty() && body.blocks.is_empty()
    }
}

impl Resolve for Arguments {
    fn is_json(&self) -> bool {
        self.layers[0].body.is_json()
    }

    fn below_overrides(&self, shapes: &[BlockShape<'_>]) -> Option<Body> {
        if self.layers.iter().all(|layer| layer.join == Join::Beside) {
            return None;
        }
        let layers = self.layers.iter().filter(|layer| layer.join == Join::Beside).cloned().collect();
        Some(Arguments { layers }.resolve(shapes).0.into_owned())
    }

    fn resolve(&self, shapes: &[BlockShape<'_>]) -> (Cow<'_, Body>, Diagnostics) {
        if let [only] = &self.layers[..]
            && only.hidden.is_empty()
        {
            return only.body.resolve(shapes);
        }
        let mut found = Diagnostics::new();
        let mut all = Body::empty(self.layers[0].body.range);
        all.end = self.missing();
        for layer in &self.layers {
            let (body, more) = layer.body.resolve(shapes);
            found.extend(more);
            let visible = |name: &str| !layer.hidden.contains(&name);
            for (name, attribute) in body.attributes.iter().filter(|(name, _)| visible(name)) {
                if layer.join == Join::Beside && all.attributes.contains_key(name) {
                    let detail =
                        format!("The argument {name:?} was already set. Each argument may be set only once.");
                    found.push(Diagnostic::error("Duplicate argument", detail).at(attribute.name_range));
                    continue;
                }
                all.attributes_mut().insert(attribute.clone());
            }
            let blocks = body.blocks.iter().filter(|block| visible(&block.block_type));
            match layer.join {
                Join::Beside => all.blocks_mut().extend(blocks.cloned()),
                Join::Over => override_blocks(all.blocks_mut(), blocks.cloned().collect()),
            }
        }
        (Cow::Owned(all), found)
    }
}

/// Puts the blocks of an override file in the place of those of the same types.
fn override_blocks(blocks: &mut Vec<Block>, mut over: Vec<Block>) {
    // Of `lifecycle` only the arguments that are given replace others.
    if let Some(base) = blocks.iter_mut().find(|block| &*block.block_type == "lifecycle") {
        over.retain(|block| {
            let is_lifecycle = &*block.block_type == "lifecycle";
            if is_lifecycle {
                override_lifecycle(&mut base.body, &block.body);
            }
            !is_lifecycle
        });
    }
    let mut replaced = BTreeSet::new();
    for block in &over {
        match (&*block.block_type, block.labels.first()) {
            ("dynamic", Some(label)) => replaced.insert(label.text.clone()),
            _ => replaced.insert(block.block_type.clone()),
        };
    }
    blocks.retain(|block| match (&*block.block_type, block.labels.first()) {
        ("dynamic", Some(label)) => !replaced.contains(&label.text),
        _ => !replaced.contains(&block.block_type),
    });
    blocks.extend(over);
}

fn override_lifecycle(base: &mut Body, over: &Body) {
    const CONDITIONS: [BlockShape<'static>; 2] =
        [BlockShape { name: "precondition", labels: 0 }, BlockShape { name: "postcondition", labels: 0 }];
    let (resolved, _) = base.resolve(&CONDITIONS);
    let mut merged = Body::empty(base.range);
    merged.end = base.end;
    merged.attributes.clone_from(&resolved.attributes);
    merged.blocks.clone_from(&resolved.blocks);
    let (over, _) = over.resolve(&CONDITIONS);
    merged.attributes_mut().extend(over.attributes.values().cloned());
    merged.blocks_mut().extend(over.blocks.iter().cloned());
    *base = merged;
}
