//! What a scalar means: the words and numbers of YAML 1.1 and 1.2 that Terraform knows.

use std::sync::LazyLock;

use dashu_int::IBig;
use regex::Regex;

use crate::lang::functions::{base64, datetime};
use crate::lang::number::Number;
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value};

const PREFIX: &str = "tag:yaml.org,2002:";

/// A date, alone or with a time behind `T` and perhaps an offset, or behind a blank and without one.
static TIMESTAMP: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const TIME: &str = r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.[0-9]+)?";
    let offset = "(Z|[-+][0-9]{2}:[0-9]{2})";
    Regex::new(&format!("^([0-9]{{4}})-([0-9]{{1,2}})-([0-9]{{1,2}})(?:[Tt]{TIME}{offset}| {TIME})?$")).ok()
});

/// Returns the value of a scalar with its tag, if it has one; quotes make it a string.
///
/// # Errors
/// What is wrong with it, in Terraform's words.
pub(super) fn resolve(tag: Option<&str>, source: &str, is_plain: bool) -> Result<Value, String> {
    let short = tag.map(|tag| tag.strip_prefix(PREFIX).unwrap_or(""));
    let refused = |tag: &str| format!("cannot parse {source:?} as {tag}");
    match short {
        None if !is_plain => return Ok(Value::string(source)),
        None | Some("str" | "bool" | "int" | "float" | "null" | "timestamp" | "binary") => {}
        Some(_) => return Err(format!("unsupported tag {:?}", tag.unwrap_or_default())),
    }
    if is_plain && !matches!(short, Some("str" | "binary")) {
        if let Some(value) = word(source) {
            return Ok(value);
        }
        if matches!(source, ".nan" | ".NaN" | ".NAN") {
            return Err("floating point NaN is not supported".to_owned());
        }
        if matches!(short, None | Some("timestamp"))
            && let Some(time) = timestamp(source)
        {
            return Ok(Value::string(time));
        }
        let number = if short == Some("int") { source.replace('_', "") } else { source.to_owned() };
        if let Some(value) = parse_number(&number)? {
            return Ok(value);
        }
    }
    let tag = tag.unwrap_or_default();
    match short {
        None | Some("str") => Ok(Value::string(source)),
        Some("binary") => match base64::decode(source) {
            Ok(_) => Ok(Value::string(source)),
            Err(_) => Err(format!("{}: not valid base64", refused(tag))),
        },
        // A tag on a text in quotes changes nothing.
        Some(_) if !is_plain => Ok(Value::string(source)),
        Some("null") => Ok(Value::null(Type::Dynamic)),
        Some(_) => Err(refused(tag)),
    }
}

fn word(source: &str) -> Option<Value> {
    let infinite = |text| Number::parse(text).map(|number| Kind::Number(number).into());
    match source {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(true.into())
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(false.into())
        }
        "" | "~" | "null" | "Null" | "NULL" => Some(Value::null(Type::Dynamic)),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => infinite("inf"),
        "-.inf" | "-.Inf" | "-.INF" => infinite("-inf"),
        _ => None,
    }
}

fn parse_number(source: &str) -> Result<Option<Value>, String> {
    let value = |number: Number| Some(Kind::Number(number).into());
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        let Some(digits) = source.strip_prefix(prefix) else { continue };
        if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
            return Ok(None);
        }
        let number = u64::from_str_radix(digits, radix)
            .map_err(|_| format!("cannot parse {source:?} as {PREFIX}int"))?;
        return Ok(value(Number::from(IBig::from(number))));
    }
    let unsigned = source.strip_prefix(['-', '+']).unwrap_or(source);
    let decimal = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    Ok(if decimal { Number::parse(source).and_then(value) } else { None })
}

/// Returns a date or time in the form of RFC 3339.
fn timestamp(source: &str) -> Option<String> {
    let found = TIMESTAMP.as_ref()?.captures(source)?;
    let part = |a: usize, b: usize| found.get(a).or_else(|| found.get(b)).map_or("0", |part| part.as_str());
    let whole = format!(
        "{}-{:0>2}-{:0>2}T{:0>2}:{:0>2}:{:0>2}{}",
        &found[1],
        &found[2],
        &found[3],
        part(4, 8),
        part(5, 9),
        part(6, 10),
        found.get(7).map_or("Z", |offset| offset.as_str())
    );
    datetime::Timestamp::parse(&whole).ok().map(|time| time.to_string())
}
