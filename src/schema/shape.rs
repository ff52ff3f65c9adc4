//! What a body may hold, by name: the first check of every block, before any value is looked at.

use std::borrow::Cow;

use crate::diagnostic::suggest::distance;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::syntax::{Attribute, Block, BlockShape, Body};

/// The argument names and block types that a body may hold.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shape<'a> {
    /// The arguments, and whether each must be given.
    pub attributes: &'a [(&'a str, bool)],
    /// The block types, and the names of their labels.
    pub blocks: &'a [(&'a str, &'a [&'a str])],
}

/// The expected arguments and blocks of a body.
#[derive(Clone, Debug)]
pub struct Content {
    /// The body, which may hold more than what was asked for.
    body: Body,
    /// The blocks with the right number of labels, in the order of the source.
    pub blocks: Vec<Block>,
    /// Where to point when something is missing.
    pub missing: SourceRange,
}

impl Content {
    /// Returns one of the described arguments by name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.body.attributes.get(name)
    }
}

/// A body, or several put together.
pub trait Resolve {
    /// Returns attributes and blocks; `shapes` tells the one from the other in JSON syntax.
    fn resolve(&self, shapes: &[BlockShape<'_>]) -> (Cow<'_, Body>, Diagnostics);

    /// Tells whether it is written in JSON syntax.
    fn is_json(&self) -> bool;

    /// Returns what lies below the override files; nothing if there are none.
    fn below_overrides(&self, _shapes: &[BlockShape<'_>]) -> Option<Body> {
        None
    }
}

impl Resolve for Body {
    fn is_json(&self) -> bool {
        Body::is_json(self)
    }

    fn resolve(&self, shapes: &[BlockShape<'_>]) -> (Cow<'_, Body>, Diagnostics) {
        Body::resolve(self, shapes)
    }
}

impl Shape<'_> {
    /// Returns the content of a body that may hold nothing else.
    pub fn content(&self, body: &impl Resolve, found: &mut Diagnostics) -> Content {
        let resolved = self.resolve(body, found);
        for attribute in resolved.attributes.values() {
            if !self.has_attribute(&attribute.name) {
                found.push(self.unsupported_argument(attribute, body.is_json()));
            }
        }
        for block in resolved.blocks.iter() {
            if !self.has_block(&block.block_type) {
                found.push(self.unsupported_block(block));
            }
        }
        self.take(resolved.into_owned(), found)
    }

    /// Returns the content of the arguments of a block. Where an override file was put over them, unknown arguments are let
    /// through and the required ones must stand below it: Terraform merges such bodies in this way.
    pub fn content_with_overrides(&self, body: &impl Resolve, found: &mut Diagnostics) -> Content {
        let Some(base) = body.below_overrides(&self.shapes()) else { return self.content(body, found) };
        self.report_missing(&base, found);
        let resolved = self.resolve(body, found);
        self.pick(resolved.into_owned(), found)
    }

    /// Returns the part of a body's content that is described here, whatever else the body holds.
    pub fn partial_content(&self, body: &impl Resolve, found: &mut Diagnostics) -> Content {
        let resolved = self.resolve(body, found);
        self.take(resolved.into_owned(), found)
    }

    /// Reports arguments of a body that have the name of a block, for bodies whose other arguments are
    /// described elsewhere.
    pub fn refuse_blocks_as_arguments(&self, body: &impl Resolve, found: &mut Diagnostics) {
        let mut unheard = Diagnostics::new();
        for (name, attribute) in self.resolve(body, &mut unheard).attributes.iter() {
            if self.has_block(name) {
                let detail = format!("An argument named {name:?} is not expected here.");
                found.push(Diagnostic::error("Unsupported argument", detail).at(attribute.name_range));
            }
        }
    }

    fn resolve<'b>(&self, body: &'b impl Resolve, found: &mut Diagnostics) -> Cow<'b, Body> {
        let (resolved, more) = body.resolve(&self.shapes());
        found.extend(more);
        resolved
    }

    fn shapes(&self) -> Vec<BlockShape<'_>> {
        self.blocks.iter().map(|(name, labels)| BlockShape { name, labels: labels.len() }).collect()
    }

    fn has_attribute(&self, name: &str) -> bool {
        self.attributes.iter().any(|(each, _)| *each == name)
    }

    fn has_block(&self, name: &str) -> bool {
        self.blocks.iter().any(|(each, _)| *each == name)
    }

    fn take(&self, body: Body, found: &mut Diagnostics) -> Content {
        self.report_missing(&body, found);
        self.pick(body, found)
    }

    fn report_missing(&self, body: &Body, found: &mut Diagnostics) {
        for (name, required) in self.attributes {
            if *required && !body.attributes.contains_key(name) {
                found.push(missing_argument(name, body.end));
            }
        }
    }

    fn pick(&self, body: Body, found: &mut Diagnostics) -> Content {
        let mut blocks = Vec::new();
        for block in body.blocks.iter() {
            let Some((_, labels)) = self.blocks.iter().find(|(name, _)| *name == &*block.block_type) else {
                continue;
            };
            match check_labels(block, labels) {
                Ok(()) => blocks.push(opened(block)),
                Err(wrong) => found.push(*wrong),
            }
        }
        let missing = body.end;
        Content { body, blocks, missing }
    }

    /// Returns the error for an argument that is not described here.
    pub fn unsupported_argument(&self, attribute: &Attribute, json: bool) -> Diagnostic {
        let names = self.attributes.iter().map(|(name, _)| *name);
        if json {
            let names = names.chain(self.blocks.iter().map(|(name, _)| *name));
            let hint = suggest(&attribute.name, names);
            let hint = hint.map(|name| format!(" Did you mean {name:?}?")).unwrap_or_default();
            let detail = format!("No argument or block type is named {:?}.{hint}", attribute.name);
            return Diagnostic::error("Extraneous JSON object property", detail).at(attribute.name_range);
        }
        let hint = match suggest(&attribute.name, names) {
            Some(name) => format!(" Did you mean {name:?}?"),
            None if self.has_block(&attribute.name) => {
                format!(" Did you mean to define a block of type {:?}?", attribute.name)
            }
            None => String::new(),
        };
        let detail = format!("An argument named {:?} is not expected here.{hint}", attribute.name);
        Diagnostic::error("Unsupported argument", detail).at(attribute.name_range)
    }

    /// Returns the error for a block that is not described here.
    pub fn unsupported_block(&self, block: &Block) -> Diagnostic {
        let block_type = &*block.block_type;
        let hint = match suggest(block_type, self.blocks.iter().map(|(name, _)| *name)) {
            Some(name) => format!(" Did you mean {name:?}?"),
            None if self.has_attribute(block_type) => format!(
                " Did you mean to define argument {block_type:?}? If so, use the equals sign to assign it a value."
            ),
            None => String::new(),
        };
        let detail = format!("Blocks of type {block_type:?} are not expected here.{hint}");
        Diagnostic::error("Unsupported block type", detail).at(block.type_range)
    }
}

/// Returns the error for a required argument that is not given.
pub fn missing_argument(name: &str, missing: SourceRange) -> Diagnostic {
    let detail = format!("The argument {name:?} is required, but no definition was found.");
    Diagnostic::error("Missing required argument", detail).at(missing)
}

/// Returns a block whose missing arguments are reported at its opening brace, as Terraform does.
fn opened(block: &Block) -> Block {
    let mut block = block.clone();
    if !block.body.is_json() {
        block.body.end = block.open;
    }
    block
}

fn check_labels(block: &Block, names: &[&str]) -> Result<(), Box<Diagnostic>> {
    let block_type = &block.block_type;
    let header = block.type_range.to(block.open);
    if let Some(extra) = block.labels.get(names.len()) {
        let detail = if names.is_empty() {
            format!("No labels are expected for {block_type} blocks.")
        } else {
            let (count, names) = (names.len(), names.join(", "));
            format!("Only {count} labels ({names}) are expected for {block_type} blocks.")
        };
        let summary = format!("Extraneous label for {block_type}");
        return Err(Box::new(Diagnostic::error(summary, detail).at(extra.range).within(header)));
    }
    if let Some(missing) = names.get(block.labels.len()) {
        let (count, names) = (names.len(), names.join(", "));
        let detail = format!("All {block_type} blocks must have {count} labels ({names}).");
        let summary = format!("Missing {missing} for {block_type}");
        return Err(Box::new(Diagnostic::error(summary, detail).at(block.open).within(header)));
    }
    Ok(())
}

/// Returns the first candidate that is spelled almost like `given`: fewer than three letters differ.
pub fn suggest<'a>(given: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    candidates.into_iter().find(|candidate| *candidate != given && distance(given, candidate, 2).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_suggested_when_fewer_than_three_letters_differ() {
        assert_eq!(suggest("inputs", ["input", "output"]), Some("input"));
        assert_eq!(suggest("outputt", ["input", "output"]), Some("output"));
        assert_eq!(suggest("colour", ["size"]), None);
        assert_eq!(suggest("abc", ["xyz"]), None);
    }
}
