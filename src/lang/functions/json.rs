//! JSON: `jsonencode` and `jsondecode`.

use super::define::{computed, function, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::Refinement;
use crate::lang::number::Number;
use crate::lang::value::Kind;

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "jsonencode",
        &[Parameter::new("val", Shape::Any).null().unknown().dynamic()],
        Shape::String,
        json_encode,
    ),
    computed(
        "jsondecode",
        &[Parameter::new("str", Shape::String)],
        |args| match &args[0].kind {
            Kind::Unknown(_, refinement) => type_by_beginning(refinement.prefix()),
            _ => Ok(decode(text(&args[0]))?.type_of()),
        },
        |args, _, _| decode(text(&args[0])),
    )
    .guarded(check_elements)
    .may_be_null(),
];

fn json_encode(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    if args[0].is_wholly_known() {
        if args[0].has_infinity() {
            return Err(ArgumentError::call("cannot serialize infinity as JSON"));
        }
        environment.budget.allows_text(least_bytes(&args[0], environment))?;
        return Ok(Value::string(encode(&args[0])));
    }
    // What the text will begin with can be told from the type alone.
    let prefix = match args[0].type_of() {
        _ if !args[0].is_not_null() => "",
        Type::List(_) | Type::Set(_) | Type::Tuple(_) => "[",
        Type::Map(_) | Type::Object(_) => "{",
        Type::String => "\"",
        _ => "",
    };
    Ok(Value::refined(Type::String, Refinement::NOT_NULL.with_prefix(prefix)))
}

/// Returns the type of a document of which only the beginning is known.
fn type_by_beginning(beginning: &str) -> Result<Type, ArgumentError> {
    Ok(match beginning.trim_start_matches([' ', '\t', '\r', '\n']).chars().next() {
        None | Some('{' | '[' | 'n') => Type::Dynamic,
        Some('"') => Type::String,
        Some('t' | 'f') => Type::Bool,
        Some('-' | '.' | '0'..='9') => Type::Number,
        Some(first) => {
            let message = format!("a JSON document cannot begin with the character {first:?}");
            return Err(ArgumentError::argument(0, message));
        }
    })
}

/// Returns a number of bytes that a value takes at least when it is written out.
pub(super) fn least_bytes(value: &Value, environment: &Environment) -> u64 {
    let size = environment.budget.size(value);
    size.bytes.saturating_add(size.elements)
}

/// Refuses a document with so many separators and brackets that what it holds would not fit.
pub(super) fn check_elements(args: &[Value], environment: &Environment) -> Result<(), ArgumentError> {
    let Some(source) = args.first().and_then(Value::as_str) else { return Ok(()) };
    let signs = source.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{' | b'\n'));
    Ok(environment.budget.allows_elements(signs.count() as u64)?)
}

/// Writes a value, which must be wholly known, as JSON without blanks.
pub(super) fn encode(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match &value.kind {
        Kind::Null(_) | Kind::Unknown(..) => out.push_str("null"),
        Kind::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Kind::Number(number) => out.push_str(&number.to_string()),
        Kind::String(text) => write_string(text, out),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Kind::Map(_, members) | Kind::Object(members) => {
            out.push('{');
            for (at, (name, member)) in members.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                write_string(name, out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

/// Returns a text in quotes, with the escapes that make it safe inside HTML too.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_string(text, &mut out);
    out
}

fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// How deep values may nest.
const DEPTH: usize = 400;

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

/// Reads JSON: objects and arrays become objects and tuples.
pub(super) fn decode(source: &str) -> Result<Value, ArgumentError> {
    let mut reader = Reader { rest: source, depth: 0 };
    let value = reader.value().map_err(ArgumentError::call)?;
    // As with Terraform, a bracket too many at the end goes unnoticed.
    if reader.peek().is_some_and(|next| !matches!(next, ']' | '}')) {
        return Err(ArgumentError::call("extraneous data after JSON object"));
    }
    Ok(value)
}

fn shown(c: char) -> String {
    match c {
        '\'' => r"'\''".to_owned(),
        '"' => "'\"'".to_owned(),
        c => format!("{c:?}"),
    }
}

impl Reader<'_> {
    /// Skips blanks and returns the next character.
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        self.rest.chars().next()
    }

    fn skip(&mut self, c: char) {
        self.rest = &self.rest[c.len_utf8()..];
    }

    fn value(&mut self) -> Result<Value, String> {
        let unexpected = |c| Err(format!("invalid character {} looking for beginning of value", shown(c)));
        match self.peek() {
            None => Err("EOF".to_owned()),
            Some('{') => self.nested(Self::object),
            Some('[') => self.nested(Self::array),
            Some('"') => Ok(Value::string(self.string()?)),
            Some('t') => self.word("true", true.into()),
            Some('f') => self.word("false", false.into()),
            Some('n') => self.word("null", Value::null(Type::Dynamic)),
            Some('-' | '0'..='9') => self.number(),
            Some(c) => unexpected(c),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value, String>) -> Result<Value, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err(format!("more than {DEPTH} levels of objects and arrays"));
        }
        self.rest = &self.rest[1..];
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Value, String> {
        let mut items = Vec::new();
        if self.peek() == Some(']') {
            self.skip(']');
            return Ok(Value::tuple(items));
        }
        loop {
            items.push(self.value()?);
            match self.peek() {
                Some(',') => self.skip(','),
                Some(']') => {
                    self.skip(']');
                    return Ok(Value::tuple(items));
                }
                Some(c) => return Err(format!("invalid character {} after array element", shown(c))),
                None => return Err("EOF".to_owned()),
            }
        }
    }

    fn object(&mut self) -> Result<Value, String> {
        let mut members = Vec::new();
        if self.peek() == Some('}') {
            self.skip('}');
            return Ok(Value::object::<String>(members));
        }
        loop {
            let name = match self.peek() {
                Some('"') => self.string()?,
                Some(c) if members.is_empty() => return Err(format!("invalid character {}", shown(c))),
                Some(c) => {
                    let c = shown(c);
                    return Err(format!("invalid character {c} looking for beginning of object key string"));
                }
                None => return Err("EOF".to_owned()),
            };
            match self.peek() {
                Some(':') => self.skip(':'),
                Some(c) => return Err(format!("invalid character {} after object key", shown(c))),
                None => return Err("EOF".to_owned()),
            }
            let value = self.value()?;
            let name = Value::string(name);
            members.push((text(&name).to_owned(), value));
            match self.peek() {
                Some(',') => self.skip(','),
                Some('}') => {
                    self.skip('}');
                    return Ok(Value::object(members));
                }
                Some(c) => return Err(format!("invalid character {} after object key:value pair", shown(c))),
                None => return Err("EOF".to_owned()),
            }
        }
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, String> {
        let same = self.rest.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        if same == word.len() {
            self.rest = &self.rest[same..];
            return Ok(value);
        }
        match self.rest[same..].chars().next() {
            None => Err("unexpected EOF".to_owned()),
            Some(c) => {
                let expecting = char::from(word.as_bytes()[same]);
                Err(format!("invalid character {} in literal {word} (expecting '{expecting}')", shown(c)))
            }
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let bytes = self.rest.as_bytes();
        let mut at = usize::from(bytes[0] == b'-');
        let digits = |at: &mut usize, wanted: &str| {
            let start = *at;
            *at += bytes[start..].iter().take_while(|b| b.is_ascii_digit()).count();
            if *at > start {
                return Ok(());
            }
            match self.rest[start..].chars().next() {
                None => Err("unexpected EOF".to_owned()),
                Some(c) => Err(format!("invalid character {} {wanted}", shown(c))),
            }
        };
        if bytes.get(at) == Some(&b'0') {
            at += 1;
        } else {
            digits(&mut at, "in numeric literal")?;
        }
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            digits(&mut at, "after decimal point in numeric literal")?;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E')) {
            at += 1;
            if matches!(bytes.get(at), Some(b'+' | b'-')) {
                at += 1;
            }
            digits(&mut at, "in exponent of numeric literal")?;
        }
        let (number, rest) = self.rest.split_at(at);
        let number = Number::parse(number).ok_or_else(|| format!("invalid number {number}"))?;
        self.rest = rest;
        Ok(Kind::Number(number).into())
    }

    fn string(&mut self) -> Result<String, String> {
        let mut out = String::new();
        self.rest = &self.rest[1..];
        let mut chars = self.rest.chars();
        loop {
            match chars.next() {
                None => return Err("unexpected EOF".to_owned()),
                Some('"') => break,
                Some('\\') => {
                    let c = chars.next().ok_or("unexpected EOF")?;
                    out.push(match c {
                        '"' | '\\' | '/' => c,
                        'b' => '\u{8}',
                        'f' => '\u{c}',
                        'n' => '\n',
                        'r' => '\r',
                        't' => '\t',
                        'u' => escape(&mut chars)?,
                        c => return Err(format!("invalid character {} in string escape code", shown(c))),
                    });
                }
                Some(c) if (c as u32) < 0x20 => {
                    return Err(format!("invalid character {} in string literal", shown(c)));
                }
                Some(c) => out.push(c),
            }
        }
        self.rest = chars.as_str();
        Ok(out)
    }
}

/// Reads the four digits behind `\u`, and the second half of a pair; half a pair becomes U+FFFD.
fn escape(chars: &mut std::str::Chars<'_>) -> Result<char, String> {
    let unit = hex4(chars)?;
    if !(0xd800..0xe000).contains(&unit) {
        return Ok(char::from_u32(unit).unwrap_or('\u{fffd}'));
    }
    let mut ahead = chars.clone();
    if unit < 0xdc00
        && ahead.next() == Some('\\')
        && ahead.next() == Some('u')
        && let Ok(low @ 0xdc00..0xe000) = hex4(&mut ahead)
    {
        *chars = ahead;
        let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
    }
    Ok('\u{fffd}')
}

fn hex4(chars: &mut std::str::Chars<'_>) -> Result<u32, String> {
    let mut code = 0;
    for _ in 0..4 {
        let c = chars.next().ok_or("unexpected EOF")?;
        let digit = c.to_digit(16);
        let digit = digit
            .ok_or_else(|| format!("invalid character {} in \\u hexadecimal character escape", shown(c)))?;
        code = code * 16 + digit;
    }
    Ok(code)
}
