//! Reads YAML: one document, whose mappings become objects and whose sequences become tuples.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::Arc;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, Tag};

use super::{habits, scalar};
use crate::lang::Value;
use crate::lang::convert::convert;
use crate::lang::functions::ArgumentError;
use crate::lang::types::Type;

/// How deep values may nest.
const DEPTH: usize = 200;
/// How many values a document may have, those that aliases repeat included.
const SIZE: usize = 1_000_000;

/// Reads a document.
///
/// # Errors
/// Text that is not YAML, and what the language has no value for.
pub(super) fn decode(source: &str) -> Result<Value, ArgumentError> {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let source = habits::adapted(source).map_err(ArgumentError::call)?;
    let mut reader = Reader { parser: Parser::new_from_str(&source), anchors: HashMap::new(), depth: 0 };
    reader.document().map_err(ArgumentError::call)
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    /// The values with an anchor; none while they are being read.
    anchors: HashMap<usize, Option<Counted>>,
    depth: usize,
}

/// A value and how many values it holds, itself included.
type Counted = (Value, usize);

fn at(mark: Marker, problem: &str) -> String {
    format!("on line {}, column {}: {problem}", mark.line(), mark.col() + 1)
}

fn long_tag(tag: Option<&Tag>) -> Option<String> {
    tag.map(|tag| format!("{}{}", tag.handle, tag.suffix))
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), String> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(at(*error.marker(), error.info())),
            None => Err("unexpected end of the document".to_owned()),
        }
    }

    fn document(&mut self) -> Result<Value, String> {
        self.next()?;
        let (event, span) = self.next()?;
        if !matches!(event, Event::DocumentStart(_)) {
            return Err(at(span.start, "missing start of document"));
        }
        let first = self.next()?;
        let (value, _) = self.node(first)?;
        let (event, span) = self.next()?;
        if event != Event::DocumentEnd {
            return Err(at(span.start, "unexpected extra content after value"));
        }
        match self.next()? {
            (Event::StreamEnd, _) => Ok(value),
            (_, span) => Err(at(span.start, "unexpected extra content after value")),
        }
    }

    fn node(&mut self, (event, span): (Event<'a>, Span)) -> Result<Counted, String> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = resolve(&text, style, tag.as_deref(), span)?;
                self.remember(anchor, (value, 1))
            }
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(Some(value)) => Ok(value.clone()),
                Some(None) => Err(at(span.start, "cannot refer to an anchor from inside its own definition")),
                None => Err(at(span.start, "reference to undefined anchor")),
            },
            Event::SequenceStart(anchor, tag) => {
                check_collection(tag.as_deref(), "seq", "sequence", span)?;
                self.enter(anchor, span)?;
                let value = self.sequence(span)?;
                self.leave(anchor, value)
            }
            Event::MappingStart(anchor, tag) => {
                check_collection(tag.as_deref(), "map", "mapping", span)?;
                self.enter(anchor, span)?;
                let value = self.mapping(span)?;
                self.leave(anchor, value)
            }
            _ => Err(at(span.start, "expecting value but found the end of the document")),
        }
    }

    fn enter(&mut self, anchor: usize, span: Span) -> Result<(), String> {
        if anchor > 0 {
            self.anchors.insert(anchor, None);
        }
        self.depth += 1;
        if self.depth > DEPTH { Err(at(span.start, &format!("more than {DEPTH} levels"))) } else { Ok(()) }
    }

    fn leave(&mut self, anchor: usize, value: Counted) -> Result<Counted, String> {
        self.depth -= 1;
        self.remember(anchor, value)
    }

    fn remember(&mut self, anchor: usize, value: Counted) -> Result<Counted, String> {
        if anchor > 0 {
            self.anchors.insert(anchor, Some(value.clone()));
        }
        Ok(value)
    }

    fn sequence(&mut self, span: Span) -> Result<Counted, String> {
        let (mut items, mut size) = (Vec::new(), 1);
        loop {
            let event = self.next()?;
            if event.0 == Event::SequenceEnd {
                return Ok((Value::tuple(items), size));
            }
            let (item, inner) = self.node(event)?;
            size = grow(size, inner, span)?;
            items.push(item);
        }
    }

    fn mapping(&mut self, span: Span) -> Result<Counted, String> {
        let (mut members, mut size) = (BTreeMap::<Arc<str>, Value>::new(), 1);
        loop {
            let (event, key_span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok((Value::object(members), size)),
                Event::Scalar(text, style, anchor, tag) => {
                    let key = resolve(&text, style, tag.as_deref(), key_span)?;
                    self.remember(anchor, (key, 1))?.0
                }
                _ => return Err(at(key_span.start, "only strings are allowed as mapping keys")),
            };
            let first = self.next()?;
            let (value, inner) = self.node(first)?;
            size = grow(size, inner, span)?;
            if key.as_str() == Some("<<") {
                let Some(merged) = value.members() else {
                    let kind = value.type_of().friendly();
                    return Err(at(key_span.start, &format!("cannot merge {kind} into mapping")));
                };
                members.extend(merged.iter().map(|(name, value)| (name.clone(), value.clone())));
                continue;
            }
            if key.is_null() {
                return Err(at(key_span.start, "mapping key cannot be null"));
            }
            let key = convert(&key, &Type::String)
                .map_err(|_| at(key_span.start, "only strings are allowed as mapping keys"))?;
            members.insert(key.as_str().unwrap_or_default().into(), value);
        }
    }
}

/// Aliases can make a short document stand for more values than fit into memory.
fn grow(size: usize, inner: usize, span: Span) -> Result<usize, String> {
    let size = size.saturating_add(inner);
    if size > SIZE { Err(at(span.start, &format!("more than {SIZE} values"))) } else { Ok(size) }
}

fn check_collection(tag: Option<&Tag>, wanted: &str, what: &str, span: Span) -> Result<(), String> {
    match long_tag(tag) {
        Some(tag) if tag != format!("tag:yaml.org,2002:{wanted}") => {
            Err(at(span.start, &format!("can't interpret {what} as {tag}")))
        }
        _ => Ok(()),
    }
}

fn resolve(text: &str, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Result<Value, String> {
    // An empty block is null, as nothing at all is; only quotes make an empty string.
    let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
    let is_plain = style == ScalarStyle::Plain || (is_block && text.is_empty());
    scalar::resolve(long_tag(tag).as_deref(), text, is_plain).map_err(|problem| at(span.start, &problem))
}
