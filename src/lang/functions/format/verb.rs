//! The verbs of a format string: how they are written and what they print.

use unicode_segmentation::UnicodeSegmentation;

use super::digits::Digits;
use crate::lang::budget::Budget;
use crate::lang::convert::convert;
use crate::lang::functions::{ArgumentError, json};
use crate::lang::number::Number;
use crate::lang::refinement::{Refinement, stable_prefix};
use crate::lang::types::Type;
use crate::lang::value::{Kind, Value};

/// The greatest width and precision, so that a short text cannot fill the memory.
const LIMIT: usize = 100_000;

/// `%`, flags, `[argument]`, width, `.precision` and a letter.
#[derive(Default)]
struct Verb<'a> {
    raw: &'a str,
    offset: usize,
    argument: usize,
    zero: bool,
    sharp: bool,
    plus: bool,
    minus: bool,
    space: bool,
    width: Option<usize>,
    precision: Option<usize>,
    mode: char,
}

/// Puts arguments, which must be wholly known, into a format string.
///
/// # Errors
/// What is wrong with the format or an argument, and a text that would become too long.
pub(super) fn format(format: &str, args: &[Value], budget: &Budget) -> Result<String, ArgumentError> {
    let mut out = String::with_capacity(format.len());
    let mut at = 0;
    let mut next = 1;
    let mut highest = 0;
    while let Some(c) = format[at..].chars().next() {
        if c != '%' {
            out.push(c);
            at += c.len_utf8();
        } else if format[at..].starts_with("%%") {
            out.push('%');
            at += 2;
        } else {
            let verb = Verb::parse(format, at, next).map_err(ArgumentError::call)?;
            if let Some(arg) = args.get(verb.argument - 1) {
                // A list may be written out as JSON: never shorter than what is in it.
                let size = budget.size(arg);
                budget.allows_text(
                    (out.len() as u64).saturating_add(size.bytes.saturating_add(size.elements)),
                )?;
            }
            verb.append(args, &mut out).map_err(ArgumentError::call)?;
            budget.allows_text(out.len() as u64)?;
            highest = highest.max(verb.argument);
            next = verb.argument + 1;
            at += verb.raw.len();
        }
    }
    if highest < args.len() {
        let message = match highest {
            0 => "too many arguments; no verbs in format string".to_owned(),
            used => format!("too many arguments; only {used} used by format string"),
        };
        return Err(ArgumentError::argument(highest + 1, message));
    }
    Ok(out)
}

/// Returns the unknown result of a format string, whose beginning is known up to the first verb.
pub(super) fn unknown_result(format: &str) -> Value {
    let prefix = format.split('%').next().unwrap_or_default();
    Value::refined(Type::String, Refinement::NOT_NULL.with_prefix(&stable_prefix(prefix)))
}

impl<'a> Verb<'a> {
    fn parse(format: &'a str, offset: usize, next: usize) -> Result<Self, String> {
        let bytes = format.as_bytes();
        let mut at = offset + 1;
        let mut verb = Verb { offset, argument: next, ..Verb::default() };
        loop {
            match bytes.get(at) {
                Some(b'0') => verb.zero = true,
                Some(b'#') => verb.sharp = true,
                Some(b'+') => verb.plus = true,
                Some(b'-') => verb.minus = true,
                Some(b' ') => verb.space = true,
                _ => break,
            }
            at += 1;
        }
        let refused = |at: usize| match format.get(at..).and_then(|rest| rest.chars().next()) {
            Some(c) => format!("unrecognized format character {c:?} at offset {at}"),
            None => format!("invalid format string starting at offset {at}"),
        };
        let number = |at: &mut usize| {
            let mut number = 0_usize;
            while let Some(digit) = bytes.get(*at).filter(|b| b.is_ascii_digit()) {
                number = number.saturating_mul(10).saturating_add(usize::from(digit - b'0'));
                *at += 1;
            }
            number
        };
        if bytes.get(at) == Some(&b'[') {
            at += 1;
            if !matches!(bytes.get(at), Some(b'1'..=b'9')) {
                return Err(refused(at));
            }
            verb.argument = number(&mut at);
            if bytes.get(at) != Some(&b']') {
                return Err(refused(at));
            }
            at += 1;
        }
        if matches!(bytes.get(at), Some(b'1'..=b'9')) {
            verb.width = Some(number(&mut at));
        }
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            verb.precision = Some(number(&mut at));
        }
        if verb.width.max(verb.precision).is_some_and(|size| size > LIMIT) {
            return Err(format!("width and precision must not be greater than {LIMIT}"));
        }
        match bytes.get(at) {
            Some(mode) if mode.is_ascii_alphabetic() => verb.mode = char::from(*mode),
            _ => return Err(refused(at)),
        }
        verb.raw = &format[offset..=at];
        Ok(verb)
    }

    fn append(&self, args: &[Value], out: &mut String) -> Result<(), String> {
        let Verb { raw, offset, .. } = *self;
        let Some(arg) = args.get(self.argument - 1) else {
            let (needed, total) = (self.argument, args.len());
            return Err(format!(
                "not enough arguments for \"{raw}\" at {offset}: need index {needed} but have {total} total"
            ));
        };
        if self.mode != 'v' && arg.is_null() {
            return Err(format!(
                "unsupported value for \"{raw}\" at {offset}: null value cannot be formatted"
            ));
        }
        let refused = |problem: &dyn std::fmt::Display| {
            format!("unsupported value for \"{raw}\" at {offset}: {problem}")
        };
        let converted = |ty| convert(arg, &ty).map_err(|error| refused(&error));
        match self.mode {
            'v' => match &arg.kind {
                Kind::String(text) if !self.sharp => out.push_str(&self.pad(text)),
                Kind::Number(number) if !self.sharp => {
                    out.push_str(&self.pad(&Digits::of(number).general('e', None)));
                }
                _ => out.push_str(&self.pad(&json::encode(arg))),
            },
            't' => {
                out.push_str(if converted(Type::Bool)?.as_bool() == Some(true) { "true" } else { "false" })
            }
            's' | 'q' => {
                let value = converted(Type::String)?;
                let text = self.cut(value.as_str().unwrap_or_default());
                out.push_str(&self.pad(&if self.mode == 'q' { json::quote(text) } else { text.to_owned() }));
            }
            'b' | 'd' | 'o' | 'x' | 'X' => {
                let value = converted(Type::Number)?;
                let whole = value.as_number().and_then(Number::to_integer);
                let whole = whole.ok_or_else(|| refused(&"an integer is required"))?;
                out.push_str(&self.integer(&whole));
            }
            'e' | 'E' | 'f' | 'g' | 'G' => {
                let value = converted(Type::Number)?;
                out.push_str(&self.float(&value.as_number().map(Digits::of).unwrap_or_default()));
            }
            mode => return Err(format!("unsupported format verb {mode:?} in \"{raw}\" at offset {offset}")),
        }
        Ok(())
    }

    /// Cuts a string to the precision, in grapheme clusters; a precision of zero counts as none.
    fn cut<'t>(&self, text: &'t str) -> &'t str {
        match self.precision {
            None | Some(0) => text,
            Some(count) => text.grapheme_indices(true).nth(count).map_or(text, |(end, _)| &text[..end]),
        }
    }

    fn pad(&self, text: &str) -> String {
        let missing = self.width.unwrap_or(0).saturating_sub(text.graphemes(true).count());
        let padding = if self.zero { "0" } else { " " }.repeat(missing);
        if self.minus { format!("{text}{padding}") } else { format!("{padding}{text}") }
    }

    fn sign(&self, negative: bool) -> &'static str {
        match (negative, self.plus, self.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (.., true) => " ",
            _ => "",
        }
    }

    fn integer(&self, whole: &dashu_int::IBig) -> String {
        let (sign, magnitude) = whole.clone().into_parts();
        let digits = match self.mode {
            'b' => format!("{magnitude:b}"),
            'o' => format!("{magnitude:o}"),
            'x' => format!("{magnitude:x}"),
            'X' => format!("{magnitude:X}"),
            _ => magnitude.to_string(),
        };
        if digits == "0" && self.precision == Some(0) {
            return String::new();
        }
        let prefix = match self.mode {
            'b' if self.sharp => "0b",
            'o' if self.sharp => "0",
            'x' if self.sharp => "0x",
            'X' if self.sharp => "0X",
            _ => "",
        };
        let sign = self.sign(sign == dashu_base::Sign::Negative);
        let mut zeros = self.precision.unwrap_or(0).saturating_sub(digits.len());
        let missing =
            self.width.unwrap_or(0).saturating_sub(sign.len() + prefix.len() + zeros + digits.len());
        let (mut left, mut right) = (0, 0);
        if self.minus {
            right = missing;
        } else if self.zero && self.precision.is_none() {
            zeros = missing;
        } else {
            left = missing;
        }
        format!("{}{sign}{prefix}{}{digits}{}", " ".repeat(left), "0".repeat(zeros), " ".repeat(right))
    }

    fn float(&self, digits: &Digits) -> String {
        let text = match self.mode {
            'f' => digits.plain(Some(self.precision.unwrap_or(6))),
            'e' | 'E' => digits.scientific(self.mode, Some(self.precision.unwrap_or(6))),
            'G' => digits.general('E', self.precision),
            _ => digits.general('e', self.precision),
        };
        // An infinite number comes with its sign.
        let (negative, text) = match text.strip_prefix(['-', '+']) {
            Some(rest) => (text.starts_with('-'), rest),
            None => (false, text.as_str()),
        };
        let sign = if digits.is_infinite() && !negative { "+" } else { self.sign(negative) };
        let padding = self.width.unwrap_or(0).saturating_sub(sign.len() + text.len());
        // For floats zeros win over the alignment to the left, for integers it is the other way round.
        if self.zero && !digits.is_infinite() {
            format!("{sign}{}{text}", "0".repeat(padding))
        } else if self.minus {
            format!("{sign}{text}{}", " ".repeat(padding))
        } else {
            format!("{}{sign}{text}", " ".repeat(padding))
        }
    }
}
