//! Bodies: attributes and blocks, before anybody knows what they mean.

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{Diagnostics, SourceRange};

use super::attributes::Attributes;
use super::json;
use super::tree::Expression;

/// The attributes and blocks of a file or of a block.
///
/// A body of JSON syntax cannot tell blocks from attributes by itself: it is empty until
/// [`Body::resolve`] says which names are blocks. Always go through that; for native syntax it costs
/// nothing. Clones share what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// The attributes by name, in the order of the source.
    pub attributes: Arc<Attributes>,
    /// The blocks, in the order of the source.
    pub blocks: Arc<Vec<Block>>,
    /// The whole content.
    pub range: SourceRange,
    /// Where to point when something is missing.
    pub end: SourceRange,
    pub(super) json: Option<Arc<json::Node>>,
}

/// `name = expression`.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// The name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub name_range: SourceRange,
    /// The expression.
    pub expression: Expression,
    /// From the name to the end of the expression.
    pub range: SourceRange,
}

/// `type "label" { … }`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The type, such as `resource`.
    pub block_type: Arc<str>,
    /// Where the type stands.
    pub type_range: SourceRange,
    /// The labels.
    pub labels: Arc<[Label]>,
    /// The content.
    pub body: Body,
    /// From the type to the last label; the brace is not in it.
    pub header_range: SourceRange,
    /// From the type to the closing brace.
    pub range: SourceRange,
    /// The opening brace.
    pub open: SourceRange,
}

/// A label of a block.
#[derive(Clone, Debug)]
pub struct Label {
    /// The text, unquoted.
    pub text: Arc<str>,
    /// Where it stands, quotes included.
    pub range: SourceRange,
}

impl PartialEq for Attribute {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.expression == other.expression
    }
}

impl PartialEq for Block {
    fn eq(&self, other: &Self) -> bool {
        self.block_type == other.block_type
            && self.labels.iter().map(|label| &label.text).eq(other.labels.iter().map(|label| &label.text))
            && self.body == other.body
    }
}

/// A name that stands for blocks in a JSON body, and how many labels these have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockShape<'a> {
    /// The block type.
    pub name: &'a str,
    /// The number of labels.
    pub labels: usize,
}

impl Body {
    /// Returns an empty body at `range`.
    pub fn empty(range: SourceRange) -> Self {
        Self { attributes: Arc::default(), blocks: Arc::default(), range, end: range, json: None }
    }

    /// Returns the attributes to add to.
    pub fn attributes_mut(&mut self) -> &mut Attributes {
        Arc::make_mut(&mut self.attributes)
    }

    /// Returns the blocks to add to.
    pub fn blocks_mut(&mut self) -> &mut Vec<Block> {
        Arc::make_mut(&mut self.blocks)
    }

    /// Tells whether this is of JSON syntax.
    pub fn is_json(&self) -> bool {
        self.json.is_some()
    }

    /// Returns the body with its attributes and blocks; of JSON syntax, the properties named in
    /// `shapes` become blocks and all others attributes.
    pub fn resolve(&self, shapes: &[BlockShape<'_>]) -> (Cow<'_, Body>, Diagnostics) {
        match &self.json {
            None => (Cow::Borrowed(self), Diagnostics::new()),
            Some(node) => {
                let (body, found) = json::resolve(node, self, shapes);
                (Cow::Owned(body), found)
            }
        }
    }

    /// Iterates over the blocks of a type.
    pub fn blocks_of<'a>(&'a self, block_type: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| &*block.block_type == block_type)
    }
}
