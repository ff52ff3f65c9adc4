//! Blocks of a module before they have a type, and what all readers of typed blocks share.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use crate::lang::syntax::{Block, Expression, Label, is_identifier};
use crate::schema::content::Arguments;
use crate::schema::shape::Resolve;

use super::traversal;

/// Explains what a name is made of.
pub(super) const NAME_RULE: &str = "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.";

/// A block with what override files put over it.
#[derive(Clone, Debug)]
pub(super) struct Declared {
    pub(super) labels: Arc<[Label]>,
    /// From the type to the last label.
    pub(super) declaration: SourceRange,
    pub(super) arguments: Arguments,
    /// The whole block.
    pub(super) range: SourceRange,
    /// The last block of an override file that was put over this one.
    pub(super) overridden: Option<Override>,
}

/// What a block of an override file said.
#[derive(Clone, Debug)]
pub(super) struct Override {
    pub(super) declaration: SourceRange,
    pub(super) names: Vec<Arc<str>>,
}

impl Declared {
    pub(super) fn new(block: &Block) -> Self {
        Self {
            labels: block.labels.clone(),
            declaration: block.header_range,
            arguments: Arguments::new(block.body.clone(), &[]),
            range: block.range,
            overridden: None,
        }
    }

    /// Puts the same block of an override file over this one.
    pub(super) fn override_with(&mut self, over: Declared) {
        let names = over.arguments.resolve(&[]).0.attributes.keys().cloned().collect();
        self.overridden = Some(Override { declaration: over.declaration, names });
        self.arguments.override_with(over.arguments);
    }

    /// Returns the text of a label that the shape of the block asks for.
    pub(super) fn label(&self, index: usize) -> Arc<str> {
        self.labels.get(index).map(|label| label.text.clone()).unwrap_or_default()
    }

    pub(super) fn label_range(&self, index: usize) -> SourceRange {
        self.labels.get(index).map_or(self.declaration, |label| label.range)
    }
}

/// What the readers of blocks share: the texts, to name places in details, and the findings.
pub(super) struct Reader<'a> {
    pub(super) sources: &'a Sources,
    pub(super) found: &'a mut Diagnostics,
}

impl Reader<'_> {
    pub(super) fn error(
        &mut self,
        summary: impl Into<String>,
        detail: impl Into<String>,
        range: SourceRange,
    ) {
        self.found.push(Diagnostic::error(summary, detail).at(range));
    }

    /// Returns a place as details name it: `main.tf:3,1-14`.
    pub(super) fn place(&self, range: SourceRange) -> String {
        place(self.sources, range)
    }

    /// Reports a label that is no name.
    pub(super) fn check_name(&mut self, block: &Declared, label: usize, summary: &str) {
        if !is_identifier(&block.label(label)) {
            self.error(summary, NAME_RULE, block.label_range(label));
        }
    }

    /// Reports a second block where one is allowed; `message` tells where the first one is.
    pub(super) fn duplicate(
        &mut self,
        summary: &str,
        message: &str,
        first: SourceRange,
        second: SourceRange,
    ) {
        let detail = message.replace("{}", &self.place(first));
        self.error(summary, detail, second);
    }

    /// Returns the references of a `depends_on`, reporting what is none.
    pub(super) fn depends_on(&mut self, expression: &Expression) -> Vec<Expression> {
        let items = traversal::list_items(expression, self.found).unwrap_or_default();
        let mut references = Vec::new();
        for item in items {
            let item = traversal::unquote_reference(&item, self.found);
            let item = traversal::unwrap_json(&item, self.found);
            if traversal::absolute_traversal(&item, self.found).is_some() {
                references.push(item);
            }
        }
        references
    }
}

/// Returns a place as details name it: `main.tf:3,1-14`.
pub fn place(sources: &Sources, range: SourceRange) -> String {
    let start = sources.position(range.source, range.start);
    let end = sources.position(range.source, range.end);
    let name = sources.name(range.source);
    if start.line == end.line {
        format!("{name}:{},{}-{}", start.line, start.column, end.column)
    } else {
        format!("{name}:{},{}-{},{}", start.line, start.column, end.line, end.column)
    }
}
