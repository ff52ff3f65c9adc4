//! Base64, compression and percent encoding.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::define::{function, redacted, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value, charset, gzip};

const STR: Parameter = Parameter::new("str", Shape::String);
const ENCODING: Parameter = Parameter::new("encoding", Shape::String);

pub(super) const FUNCTIONS: &[Function] = &[
    function("base64encode", &[STR], Shape::String, |args, _, _| {
        Ok(Value::string(STANDARD.encode(text(&args[0]))))
    }),
    function("base64decode", &[STR.marked()], Shape::String, base64_decode),
    function("base64gzip", &[STR], Shape::String, |args, _, _| {
        Ok(Value::string(STANDARD.encode(gzip::compress(text(&args[0]).as_bytes()))))
    }),
    function(
        "textencodebase64",
        &[Parameter::new("string", Shape::String), ENCODING],
        Shape::String,
        text_encode,
    ),
    function(
        "textdecodebase64",
        &[Parameter::new("source", Shape::String), ENCODING],
        Shape::String,
        text_decode,
    ),
    function("urlencode", &[STR], Shape::String, |args, _, _| Ok(Value::string(url_encode(text(&args[0]))))),
];

/// The standard alphabet with padding; spare bits at the end may be set, as Go allows.
pub(super) const STANDARD: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// Decodes a text, leaving out line ends.
///
/// # Errors
/// The place of the first symbol that is wrong.
pub(super) fn decode(text: &str) -> Result<Vec<u8>, usize> {
    let text: String = text.chars().filter(|c| !matches!(c, '\r' | '\n')).collect();
    STANDARD.decode(&text).map_err(|error| match error {
        base64::DecodeError::InvalidByte(at, _) => at,
        _ => text.len() / 4 * 4,
    })
}

fn base64_decode(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let encoded = &args[0];
    let bytes = decode(text(encoded)).map_err(|_| {
        ArgumentError::call(format!(
            "failed to decode base64 data {}",
            redacted(text(encoded), encoded.marks)
        ))
    })?;
    let decoded = String::from_utf8(bytes)
        .map_err(|_| ArgumentError::call("the result of decoding the provided string is not valid UTF-8"))?;
    Ok(Value::string(decoded).with_marks(encoded.marks))
}

fn encoding(name: &str) -> Result<charset::Charset, ArgumentError> {
    charset::Charset::find(name).ok_or_else(|| {
        let message =
            format!("{name:?} is not a supported IANA encoding name or alias in this Terraform version");
        ArgumentError::argument(1, message)
    })
}

fn text_encode(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let charset = encoding(text(&args[1]))?;
    let bytes = charset.encode(text(&args[0])).ok_or_else(|| {
        let name = charset.name;
        let message = format!("the given string contains characters that cannot be represented in {name}");
        ArgumentError::argument(0, message)
    })?;
    Ok(Value::string(STANDARD.encode(bytes)))
}

fn text_decode(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let charset = encoding(text(&args[1]))?;
    let bytes = decode(text(&args[0])).map_err(|at| {
        let message = format!("the given value is has an invalid base64 symbol at offset {at}");
        ArgumentError::argument(0, message)
    })?;
    let decoded = charset.decode(&bytes).ok_or_else(|| {
        let name = charset.name;
        ArgumentError::argument(
            0,
            format!("the given string contains symbols that are not defined for {name}"),
        )
    })?;
    Ok(Value::string(decoded))
}

/// Encodes for the query of a URL: a space becomes a plus sign.
fn url_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
