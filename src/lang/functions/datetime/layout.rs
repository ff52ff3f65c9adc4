//! The letters of `formatdate`.

use super::timestamp::Timestamp;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Writes a time as a format of repeated letters says; text between quotes is copied.
///
/// # Errors
/// What is wrong with the format, in Terraform's words.
pub(super) fn format(format: &str, time: &Timestamp) -> Result<String, String> {
    let mut out = String::with_capacity(format.len() * 2);
    let mut rest = format;
    while let Some(c) = rest.chars().next() {
        if c == '\'' {
            rest = quoted(rest, &mut out).ok_or("unterminated literal '")?;
        } else if c.is_ascii_alphabetic() {
            let length = rest.bytes().take_while(|b| char::from(*b) == c).count();
            let (verb, after) = rest.split_at(length);
            out.push_str(&write(verb, time)?);
            rest = after;
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(out)
}

/// Copies a quoted text, in which two quotes mean one, and returns what is behind it.
fn quoted<'a>(rest: &'a str, out: &mut String) -> Option<&'a str> {
    if let Some(after) = rest.strip_prefix("''") {
        out.push('\'');
        return Some(after);
    }
    let mut rest = &rest[1..];
    loop {
        let (text, after) = rest.split_once('\'')?;
        out.push_str(text);
        match after.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Some(after),
        }
    }
}

fn write(verb: &str, time: &Timestamp) -> Result<String, String> {
    let clock = time.clock();
    let refused = |rule: &str| Err(format!("invalid date format verb {verb:?}{rule}"));
    let padded = |number: u8| if verb.len() == 1 { number.to_string() } else { format!("{number:02}") };
    let name =
        |name: &str, length: usize| if verb.len() == length { name.to_owned() } else { name[..3].to_owned() };
    let half = match clock.hour % 12 {
        0 => 12,
        hour => hour,
    };
    Ok(match (verb.as_bytes()[0], verb.len()) {
        (b'Y', 2) => format!("{:02}", clock.year % 100),
        (b'Y', 4) => format!("{:04}", clock.year),
        (b'M', 1 | 2) => padded(clock.month),
        (b'M', 3 | 4) => name(MONTHS[usize::from(clock.month - 1) % 12], 4),
        (b'D', 1 | 2) => padded(clock.day),
        (b'E', 3 | 4) => name(WEEKDAYS[usize::from(clock.weekday) % 7], 4),
        (b'h', 1 | 2) => padded(clock.hour),
        (b'H', 1 | 2) => padded(half),
        (b'A', 2) => if clock.hour < 12 { "AM" } else { "PM" }.to_owned(),
        (b'a', 2) => if clock.hour < 12 { "am" } else { "pm" }.to_owned(),
        (b'm', 1 | 2) => padded(clock.minute),
        (b's', 1 | 2) => padded(clock.second),
        (b'Z', 1) if time.is_utc() => "Z".to_owned(),
        (b'Z', 3) if time.is_utc() => "UTC".to_owned(),
        (b'Z', 1 | 5) => time.offset_text(":"),
        (b'Z', 3 | 4) => time.offset_text(""),
        (b'Y', _) => return refused(": year must either be \"YY\" or \"YYYY\""),
        (b'M', _) => return refused(": month must be \"M\", \"MM\", \"MMM\", or \"MMMM\""),
        (b'D', _) => return refused(": day of month must either be \"D\" or \"DD\""),
        (b'E', _) => return refused(": day of week must either be \"EEE\" or \"EEEE\""),
        (b'h', _) => return refused(": 24-hour must either be \"h\" or \"hh\""),
        (b'H', _) => return refused(": 12-hour must either be \"H\" or \"HH\""),
        (b'A', _) => return refused(": must be \"AA\""),
        (b'a', _) => return refused(": must be \"aa\""),
        (b'm', _) => return refused(": minute must either be \"m\" or \"mm\""),
        (b's', _) => return refused(": second must either be \"s\" or \"ss\""),
        (b'Z', _) => return refused(": timezone must be Z, ZZZZ, or ZZZZZ"),
        _ => return refused(""),
    })
}
