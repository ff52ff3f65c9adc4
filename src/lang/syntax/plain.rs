//! Plain blocks, attributes and references, read without the parser of the syntax.
//!
//! Nearly every block is a header with lines `name = value` and blocks like it inside, and nearly every value is a text, a
//! number or a reference. The parser of the syntax tries its alternatives at each character of these too, which is half the
//! time that a configuration takes. So what is plain is read here, a value of another form goes to the parser alone, and
//! whatever is not plain in another way, which includes everything that is wrong, is left to the parser as a whole.

use std::sync::Arc;

use crate::diagnostic::{SourceId, SourceRange};

use super::body::{Attribute, Block, Body, Label};
use super::lower::Lower;
use super::parse::parse_attribute;
use super::scan::{Piece, QuoteKind, Scanner};
use super::tree::{Expression, Node, Step, StepKind};

/// Adds the attribute or block of a piece to `body` if it is plain, and tells whether it is.
pub(super) fn add(source: SourceId, text: &str, piece: &Piece, body: &mut Body) -> bool {
    let lower = Lower::new(source, text, 0, piece, 0);
    let mut reader = Reader { text: &text[..piece.end], at: piece.start, piece, source, lower };
    let mut found = Body::empty(body.range);
    if reader.structure(&mut found).is_none() || reader.at != piece.end || !reader.lower.found.is_empty() {
        return false;
    }
    if found.attributes.keys().any(|name| body.attributes.contains_key(name)) {
        return false;
    }
    match found.blocks.is_empty() {
        true => body.attributes_mut().extend(found.attributes.values().cloned()),
        false => body.blocks_mut().extend(found.blocks.iter().cloned()),
    }
    true
}

/// Returns the reference that `text` is from byte `offset` of its source on: names with points between them.
pub(super) fn reference(source: SourceId, text: &str, offset: usize) -> Option<Expression> {
    let start = text.len() - text.trim_start_matches(' ').len();
    let text = text.trim_end_matches(' ');
    let range = |from: usize, to: usize| SourceRange::new(source, offset + from, offset + to);
    let mut names = text.get(start..)?.split('.');
    let root = names.next().filter(|name| is_name(name) && !matches!(*name, "true" | "false" | "null"))?;
    let mut at = start + root.len();
    let mut steps = Vec::with_capacity(text.bytes().filter(|byte| *byte == b'.').count());
    for name in names {
        if !is_name(name) {
            return None;
        }
        let end = at + 1 + name.len();
        steps.push(Step { kind: StepKind::Attribute(name.into()), range: range(at, end) });
        at = end;
    }
    Some(Expression { node: Node::Traversal(root.into(), steps), range: range(start, at) })
}

fn is_name(text: &str) -> bool {
    text.bytes().next().is_some_and(is_name_start) && text.bytes().all(is_name_part)
}

fn is_name_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

fn is_name_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Reads a piece from left to right; every method answers nothing where the piece is not plain.
struct Reader<'a> {
    /// The text up to the end of the piece.
    text: &'a str,
    at: usize,
    piece: &'a Piece,
    source: SourceId,
    lower: Lower<'a>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn blanks(&mut self) {
        self.skip(|byte| matches!(byte, b' ' | b'\t'));
    }

    fn blank_lines(&mut self) {
        loop {
            self.skip(|byte| matches!(byte, b' ' | b'\t' | b'\n'));
            if !self.text[self.at..].starts_with("\r\n") {
                return;
            }
            self.at += 2;
        }
    }

    /// Skips the rest of a line that has nothing but a comment; the newline stays.
    fn line_end(&mut self) -> Option<()> {
        self.blanks();
        let rest = &self.text[self.at..];
        if rest.starts_with('#') || rest.starts_with("//") {
            self.skip(|byte| byte != b'\n');
        }
        if self.text[self.at..].starts_with("\r\n") {
            self.at += 1;
        }
        matches!(self.peek(), None | Some(b'\n')).then_some(())
    }

    fn name(&mut self) -> Option<(usize, usize)> {
        let start = self.at;
        self.peek().filter(|byte| is_name_start(*byte))?;
        self.skip(is_name_part);
        self.peek().is_none_or(|next| next.is_ascii()).then_some((start, self.at))
    }

    /// Reads an attribute or block, and the end of its last line.
    fn structure(&mut self, body: &mut Body) -> Option<()> {
        let name = self.name()?;
        self.blanks();
        if self.peek() == Some(b'=') {
            self.at += 1;
            self.attribute(name, body)
        } else {
            let block = self.block(name)?;
            body.blocks_mut().push(block);
            self.line_end()
        }
    }

    fn attribute(&mut self, name: (usize, usize), body: &mut Body) -> Option<()> {
        let text = &self.text[name.0..name.1];
        if body.attributes.contains_key(text) {
            return None;
        }
        self.blanks();
        let start = self.at;
        if let Some(expression) = self.value()
            && self.line_end().is_some()
        {
            let name_range = self.lower.range(name.0, name.1);
            let range = name_range.to(expression.range);
            let name: Arc<str> = text.into();
            body.attributes_mut().insert(Attribute { name, name_range, expression, range });
            return Some(());
        }
        // Of another form: the parser of the syntax reads it, up to the end of its last line.
        let mut scanner = Scanner::new(self.text, start);
        scanner.skip_value()?;
        self.at = scanner.position();
        let within = |at: usize| self.piece.quotes.partition_point(|quote| quote.start < at);
        let quotes = self.piece.quotes[within(start)..within(self.at)].to_vec();
        let piece = Piece { start: name.0, end: self.at, quotes };
        parse_attribute(self.source, self.lower.text(), &piece, body)
    }

    /// Reads a text, a number or a reference.
    fn value(&mut self) -> Option<Expression> {
        let start = self.at;
        match self.peek()? {
            b'"' => {
                let quote = self.piece.quote_at(start).filter(|quote| quote.kind == QuoteKind::Quoted)?;
                self.at = quote.end;
                Some(self.lower.quote(quote))
            }
            b'0'..=b'9' => {
                self.skip(|byte| byte.is_ascii_digit());
                let is_whole = matches!(self.peek(), None | Some(b' ' | b'\n' | b'\r'));
                is_whole.then(|| self.lower.number(self.lower.range(start, self.at)))
            }
            _ => {
                self.skip(|byte| is_name_part(byte) || byte == b'.');
                reference(self.source, &self.text[start..self.at], start)
            }
        }
    }

    /// Reads a block from behind its type on.
    fn block(&mut self, name: (usize, usize)) -> Option<Block> {
        let mut labels = Vec::new();
        let mut header_end = name.1;
        let open = loop {
            self.blanks();
            match self.peek()? {
                b'{' => break self.at,
                b'"' => {
                    let quote = self.piece.quote_at(self.at)?;
                    let text = self.lower.quote(quote).as_literal_text()?;
                    labels.push(Label { text, range: self.lower.range(quote.start, quote.end) });
                    self.at = quote.end;
                }
                _ => {
                    let (start, end) = self.name()?;
                    labels.push(Label {
                        text: self.text[start..end].into(),
                        range: self.lower.range(start, end),
                    });
                }
            }
            header_end = self.at;
        };
        self.at += 1;
        let mut body = Body::empty(self.lower.range(open, open + 1));
        self.blanks();
        if self.peek() != Some(b'}') {
            self.line_end()?;
            loop {
                self.blank_lines();
                match self.peek()? {
                    b'}' => break,
                    b'#' | b'/' => self.line_end()?,
                    _ => self.structure(&mut body)?,
                }
            }
        }
        self.at += 1;
        body.range = self.lower.range(open, self.at);
        body.end = self.lower.range(self.at - 1, self.at);
        Some(Block {
            block_type: self.text[name.0..name.1].into(),
            type_range: self.lower.range(name.0, name.1),
            labels: labels.into(),
            body,
            header_range: self.lower.range(name.0, header_end),
            range: self.lower.range(name.0, self.at),
            open: self.lower.range(open, open + 1),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::parse::parse_piece;
    use super::*;

    /// Returns whether the structures of a text are plain, after checking that the parser reads them alike, ranges and all.
    fn plain(text: &str) -> Vec<bool> {
        let whole = SourceRange::new(SourceId(0), 0, text.len());
        let mut scanner = Scanner::new(text, 0);
        let mut answers = Vec::new();
        while let Some((piece, error)) = scanner.next_piece() {
            if error.is_some() {
                continue;
            }
            let (mut ours, mut theirs) = (Body::empty(whole), Body::empty(whole));
            let is_plain = add(SourceId(0), text, &piece, &mut ours);
            let found = parse_piece(SourceId(0), text, &piece, &mut theirs);
            if is_plain {
                assert!(found.is_empty(), "{text}: {found:?}");
                assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{text}");
            }
            answers.push(is_plain);
        }
        answers
    }

    #[test]
    fn what_is_plain_is_read_as_the_parser_reads_it() {
        for text in [
            "resource \"a\" \"b\" {\n  x = \"y\"\n  z = var.a.b-c\n\n  n = 12 # why\n  // more\n}\n",
            "a b {\n}\nc {}  # d\ne \"f\" { }",
            "r {\n\tx = a\n  inner \"l\" {\n    y = \"${a.b}-x $${c} \\n\"\n  } # end\n  list = [1,\n 2]\n  t = true\n}\n",
            "x = { a = \"1\", \"b\" = 2\n c = d ? \"e\" : \"f\" }\n",
            "a = 1\nb = \"\"\nc = x.y\nd = -1\ne = 1.50\nf = x . y\ng = x[0].y\nh = a.0.b\ni = null\nj = true.x\n",
            "a = <<E\n b ${c}\nE\nd = f(\"x\", [\"y\"])\n",
            "a {\r\n\r\n  x = 1\r\n  # why\r\n  y = \"z\" # c\r\n  l = [1,\r\n    2]\r\n}\r\nb = <<E\r\n c\r\nE\r\n",
        ] {
            assert!(plain(text).iter().all(|plain| *plain), "{text}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        for text in [
            "a {\n  x = 1\n  x = 2\n}\n",
            "a \"${b}\" {\n}\n",
            "a { x = 1 }\n",
            "a {\n  /* c */ x = 1\n}\n",
            "a = 1 2\n",
            "a {\n  x = 1 +\n}\n",
            "é = 1\n",
            "a {\n  x = \"\\q\"\n}\n",
            "a {\n} b\n",
            "a {\n  \"x\" = 1\n}\n",
        ] {
            assert_eq!(plain(text), [false], "{text}");
        }
    }

    #[test]
    fn the_configurations_of_the_corpus_are_read_alike() {
        fn visit(folder: &std::path::Path, read: &mut usize) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    visit(&path, read);
                } else if path.extension().is_some_and(|end| end == "tf" || end == "tfvars")
                    && let Ok(text) = std::fs::read_to_string(&path)
                {
                    *read += plain(&text).len();
                }
            }
        }
        let mut read = 0;
        for folder in ["tests/corpus", "examples"] {
            visit(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut read);
        }
        assert!(read > 200, "{read}");
    }

    const SAMPLE: &str = "resource \"a\" \"b\" {\n  x = \"y ${c.d} z\"\n  n = 12 # why\n  r = var.a.b-c\n  inner {\n    t = [1, true]\n  }\n}\nlocals {\n  q = null\n}\n";

    proptest! {
        #[test]
        fn mistakes_do_not_part_the_two_ways(
            edits in prop::collection::vec((0..SAMPLE.len(), "[a-z0-9 \n\r\t\"${}\\[\\]().,=#/*_\\\\é-]?", any::<bool>()), 1..4)
        ) {
            let mut text = SAMPLE.to_owned();
            for (at, replacement, remove) in edits {
                let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                let length = if remove { text[at..].chars().next().map_or(0, char::len_utf8) } else { 0 };
                text.replace_range(at..at + length, &replacement);
            }
            plain(&text);
        }
    }
}
