//! Source texts and ranges in them.

use std::fmt;
use std::sync::{Arc, LazyLock};

/// The number of a source text within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes of one source text. Small on purpose: every node of a syntax tree has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceRange {
    /// The text.
    pub source: SourceId,
    /// The first byte, from 0.
    pub start: u32,
    /// The byte behind the last one.
    pub end: u32,
}

impl SourceRange {
    /// Returns the range of `source` from `start` up to but not including `end`.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end.max(start)) }
    }

    /// Returns the smallest range that covers both, which must lie in the same text.
    #[must_use]
    pub fn to(self, other: SourceRange) -> SourceRange {
        Self { source: self.source, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// A place in a text as people count: line and column from 1 (columns in grapheme clusters), byte from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in grapheme clusters, from 1.
    pub column: usize,
    /// The byte offset in the file, from 0.
    pub byte: usize,
}

struct Text {
    name: Arc<str>,
    content: Arc<str>,
    line_starts: Vec<u32>,
    blocks: Titles,
}

/// Where the top-level blocks of a text stand and what they are called. Only findings ask for it, and most runs have none.
type Titles = LazyLock<Vec<Title>, Box<dyn FnOnce() -> Vec<Title> + Send + Sync>>;

/// A range of bytes and what is there.
type Title = (SourceRange, String);

/// All texts of a run: files, command-line values, environment values.
#[derive(Default)]
pub struct Sources {
    texts: Vec<Text>,
}

/// Prints the names of the texts.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.texts.iter().map(|text| &text.name)).finish()
    }
}

impl Sources {
    /// Returns an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text under the name people know it by (a path relative to the working folder, or
    /// such as `<value for var.x>`), and returns its number.
    pub fn add(&mut self, name: impl Into<Arc<str>>, content: impl Into<Arc<str>>) -> SourceId {
        let content: Arc<str> = content.into();
        let mut line_starts = vec![0u32];
        line_starts.extend(
            content.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at as u32 + 1),
        );
        self.texts.push(Text {
            name: name.into(),
            content,
            line_starts,
            blocks: LazyLock::new(Box::new(Vec::new)),
        });
        SourceId(self.texts.len() as u32 - 1)
    }

    /// Says how to find what the top-level blocks of a text are called (such as `resource "a" "b"`), each with its range, so
    /// that errors inside can name them.
    pub fn set_blocks(
        &mut self,
        id: SourceId,
        titles: impl FnOnce() -> Vec<(SourceRange, String)> + Send + Sync + 'static,
    ) {
        if let Some(text) = self.texts.get_mut(id.0 as usize) {
            text.blocks = LazyLock::new(Box::new(move || {
                let mut titles = titles();
                titles.sort_unstable_by_key(|(range, _)| range.start);
                titles
            }));
        }
    }

    /// Returns the header of the top-level block that holds the byte before `offset`. (The byte before, as Terraform does, so that
    /// an error that points at a header does not repeat it.)
    pub fn block_before(&self, id: SourceId, offset: u32) -> Option<&str> {
        let blocks = &self.texts.get(id.0 as usize)?.blocks;
        let offset = offset.checked_sub(1)?;
        let at = blocks.partition_point(|(range, _)| range.start <= offset).checked_sub(1)?;
        let (range, name) = &blocks[at];
        (offset < range.end).then_some(&**name)
    }

    /// Returns the byte at which a line begins, counted from 1; the end of the text for a line behind the last.
    pub fn line_start(&self, id: SourceId, line: usize) -> usize {
        let Some(text) = self.texts.get(id.0 as usize) else { return 0 };
        text.line_starts.get(line.saturating_sub(1)).map_or(text.content.len(), |start| *start as usize)
    }

    /// Returns the name of a text; empty for a number that was never given out.
    pub fn name(&self, id: SourceId) -> &str {
        self.texts.get(id.0 as usize).map_or("", |text| &text.name)
    }

    /// Returns a text; empty for a number that was never given out.
    pub fn content(&self, id: SourceId) -> &str {
        self.texts.get(id.0 as usize).map_or("", |text| &text.content)
    }

    /// Returns all texts with their names, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &str, &str)> {
        self.texts.iter().enumerate().map(|(at, text)| (SourceId(at as u32), &*text.name, &*text.content))
    }

    /// Returns the part of a text that `range` covers, clamped to what exists.
    pub fn slice(&self, range: SourceRange) -> &str {
        let content = self.content(range.source);
        content.get(range.start as usize..(range.end as usize).min(content.len())).unwrap_or("")
    }

    /// Returns line and column of a byte offset, clamped to the text and to a character boundary.
    pub fn position(&self, id: SourceId, offset: u32) -> Position {
        let Some(text) = self.texts.get(id.0 as usize) else {
            return Position { line: 1, column: 1, byte: 0 };
        };
        let mut byte = (offset as usize).min(text.content.len());
        while !text.content.is_char_boundary(byte) {
            byte -= 1;
        }
        let line = text.line_starts.partition_point(|start| *start as usize <= byte);
        let start = text.line_starts.get(line.saturating_sub(1)).copied().unwrap_or(0) as usize;
        let before = &text.content[start..byte];
        let column = unicode_segmentation::UnicodeSegmentation::graphemes(before, true).count() + 1;
        Position { line: line.max(1), column, byte }
    }
}
