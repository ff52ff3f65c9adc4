//! Strings: case, trimming, splitting and joining. Lengths and positions count grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;

use super::define::{function, integer, list_of, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value, regex};
use crate::lang::value::Kind;

const STR: Parameter = Parameter::new("str", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    function("chomp", &[STR], Shape::String, |args, _, _| {
        Ok(Value::string(text(&args[0]).trim_end_matches(['\r', '\n'])))
    }),
    function("endswith", &[STR, Parameter::new("suffix", Shape::String)], Shape::Bool, |args, _, _| {
        Ok(text(&args[0]).ends_with(text(&args[1])).into())
    }),
    function(
        "startswith",
        &[STR.unknown(), Parameter::new("prefix", Shape::String)],
        Shape::Bool,
        starts_with,
    ),
    function("strcontains", &[STR, Parameter::new("substr", Shape::String)], Shape::Bool, |args, _, _| {
        Ok(text(&args[0]).contains(text(&args[1])).into())
    })
    .may_be_null(),
    function("indent", &[Parameter::new("spaces", Shape::Number), STR], Shape::String, indent),
    function("join", &[Parameter::new("separator", Shape::String)], Shape::String, join)
        .with_rest(Parameter::new("lists", Shape::List(&Shape::String)).unknown()),
    function("lower", &[STR], Shape::String, |args, _, _| {
        Ok(Value::string(text(&args[0]).chars().map(lower).collect::<String>()))
    }),
    function("upper", &[STR], Shape::String, |args, _, _| {
        Ok(Value::string(text(&args[0]).chars().map(upper).collect::<String>()))
    }),
    function("title", &[STR], Shape::String, |args, _, _| Ok(Value::string(title(text(&args[0]))))),
    function(
        "replace",
        &[STR, Parameter::new("substr", Shape::String), Parameter::new("replace", Shape::String)],
        Shape::String,
        replace,
    ),
    function(
        "split",
        &[Parameter::new("separator", Shape::String), STR],
        Shape::List(&Shape::String),
        |args, _, environment| {
            let (whole, separator) = (text(&args[1]), text(&args[0]));
            environment.budget.allows_elements(split(whole, separator).count() as u64)?;
            Ok(list_of(Type::String, split(whole, separator).map(Value::string)))
        },
    ),
    function("strrev", &[STR], Shape::String, |args, _, _| {
        Ok(Value::string(text(&args[0]).graphemes(true).rev().collect::<String>()))
    }),
    function(
        "substr",
        &[STR, Parameter::new("offset", Shape::Number), Parameter::new("length", Shape::Number)],
        Shape::String,
        substr,
    ),
    function("trim", &[STR, Parameter::new("cutset", Shape::String)], Shape::String, |args, _, _| {
        let cutset = text(&args[1]);
        Ok(Value::string(text(&args[0]).trim_matches(|c| cutset.contains(c))))
    }),
    function("trimprefix", &[STR, Parameter::new("prefix", Shape::String)], Shape::String, |args, _, _| {
        let whole = text(&args[0]);
        Ok(Value::string(whole.strip_prefix(text(&args[1])).unwrap_or(whole)))
    }),
    function("trimsuffix", &[STR, Parameter::new("suffix", Shape::String)], Shape::String, |args, _, _| {
        let whole = text(&args[0]);
        Ok(Value::string(whole.strip_suffix(text(&args[1])).unwrap_or(whole)))
    }),
    function("trimspace", &[STR], Shape::String, |args, _, _| Ok(Value::string(text(&args[0]).trim()))),
];

/// Answers from the known beginning of an unknown string where that is enough.
fn starts_with(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let prefix = text(&args[1]);
    let Kind::Unknown(_, refinement) = &args[0].kind else {
        return Ok(text(&args[0]).starts_with(prefix).into());
    };
    let known = refinement.prefix();
    if known.starts_with(prefix) {
        Ok(true.into())
    } else if !known.is_empty() && known.len() >= prefix.len() {
        Ok(false.into())
    } else {
        Ok(Value::unknown(Type::Bool))
    }
}

fn indent(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    const LIMIT: i64 = 1 << 16;
    let spaces = integer(&args[0]).map_err(ArgumentError::call)?;
    let Ok(spaces) = usize::try_from(spaces.min(LIMIT)) else {
        return Err(ArgumentError::call("the number of spaces must not be negative"));
    };
    let whole = text(&args[1]);
    let lines = whole.bytes().filter(|byte| *byte == b'\n').count() as u64;
    environment.budget.allows_text(lines.saturating_mul(spaces as u64).saturating_add(whole.len() as u64))?;
    Ok(Value::string(whole.replace('\n', &format!("\n{}", " ".repeat(spaces)))))
}

fn join(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let Some((separator, lists)) = args.split_first() else { return Ok(Value::unknown(Type::String)) };
    if lists.is_empty() {
        return Err(ArgumentError::call("at least one list is required"));
    }
    if !args.iter().all(Value::is_wholly_known) {
        return Ok(Value::unknown(Type::String));
    }
    let mut items = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        for (index, item) in list.elements().unwrap_or_default().iter().enumerate() {
            if item.is_null() {
                let message = if lists.len() > 1 {
                    format!("element {index} of list {} is null; cannot concatenate null values", at + 1)
                } else {
                    format!("element {index} is null; cannot concatenate null values")
                };
                return Err(ArgumentError::argument(at + 1, message));
            }
            items.push(text(item));
        }
    }
    let separator = text(separator);
    let bytes = items.iter().map(|item| (item.len() + separator.len()) as u64);
    environment.budget.allows_text(bytes.fold(0, u64::saturating_add))?;
    Ok(Value::string(items.join(separator)))
}

/// Maps a character as simple case mapping does: one character to one, others unchanged.
fn upper(c: char) -> char {
    match c {
        // Greek letters with iota below: in full they become two letters, simply one.
        'ᾀ'..='ᾇ' | 'ᾐ'..='ᾗ' | 'ᾠ'..='ᾧ' => char::from_u32(c as u32 + 8).unwrap_or(c),
        'ᾳ' => 'ᾼ',
        'ῃ' => 'ῌ',
        'ῳ' => 'ῼ',
        _ => one(c.to_uppercase()).unwrap_or(c),
    }
}

fn lower(c: char) -> char {
    // The dotted capital I is the one letter whose simple mapping differs from its full one.
    if c == 'İ' { 'i' } else { one(c.to_lowercase()).unwrap_or(c) }
}

fn one(mut chars: impl Iterator<Item = char>) -> Option<char> {
    let first = chars.next()?;
    chars.next().is_none().then_some(first)
}

/// Puts the first letter of each word into title case; words are divided as people of the 1990s did,
/// at anything that is neither letter, digit nor underscore in ASCII, and at white space beyond it.
fn title(whole: &str) -> String {
    let mut previous = ' ';
    whole
        .chars()
        .map(|c| {
            let divides = if previous.is_ascii() {
                !(previous.is_ascii_alphanumeric() || previous == '_')
            } else {
                !previous.is_alphanumeric() && previous.is_whitespace()
            };
            previous = c;
            if divides { title_case(c) } else { c }
        })
        .collect()
}

fn title_case(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        // Georgian letters have capitals, but none in titles.
        'ა'..='ჿ' => c,
        _ => upper(c),
    }
}

fn replace(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let (whole, substr, with) = (text(&args[0]), text(&args[1]), text(&args[2]));
    let pattern = substr.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    let Some(pattern) = pattern else {
        let more = with.len().saturating_sub(substr.len()) as u64;
        let places = if more == 0 { 0 } else { whole.matches(substr).count() as u64 };
        environment.budget.allows_text(places.saturating_mul(more).saturating_add(whole.len() as u64))?;
        return Ok(Value::string(whole.replace(substr, with)));
    };
    let pattern = regex::Pattern::new(pattern).map_err(|error| {
        ArgumentError::call(format!("error parsing regexp: {}: `{}`", error.problem, error.part))
    })?;
    Ok(Value::string(pattern.replace_all(whole, with, &environment.budget)?))
}

fn split<'a>(whole: &'a str, separator: &'a str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    if separator.is_empty() {
        Box::new(whole.char_indices().map(|(at, c)| &whole[at..at + c.len_utf8()]))
    } else {
        Box::new(whole.split(separator))
    }
}

fn substr(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let offset = integer(&args[1]).map_err(ArgumentError::call)?;
    let length = integer(&args[2]).map_err(ArgumentError::call)?;
    let graphemes: Vec<&str> = text(&args[0]).graphemes(true).collect();
    let total = i64::try_from(graphemes.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { (offset.max(-total) + total).max(0) } else { offset.min(total) };
    let end = if length < 0 { total } else { start.saturating_add(length).min(total) };
    let range = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
    Ok(Value::string(graphemes.get(range).unwrap_or_default().concat()))
}
