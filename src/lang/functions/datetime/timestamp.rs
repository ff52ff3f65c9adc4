//! Timestamps and durations as texts.
//!
//! The language refuses a timestamp in the words that Go's parser leads to, down to the place where
//! that parser gives up, so the steps here are its steps.

use std::fmt;

/// A time of RFC 3339: what its clock shows, and how far that is from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Timestamp {
    /// Seconds since 1970 in UTC.
    seconds: i64,
    nanosecond: u32,
    /// Seconds east of UTC.
    offset: i64,
}

/// What a clock and a calendar show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Clock {
    pub year: i64,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    /// From 0, which is Sunday.
    pub weekday: u8,
}

const DAY: i64 = 86_400;

impl Timestamp {
    /// Reads `2006-01-02T15:04:05Z` with optional fractions of a second and any offset.
    ///
    /// # Errors
    /// What is wrong with it, in Terraform's words.
    pub(in super::super) fn parse(whole: &str) -> Result<Self, String> {
        let mut rest = whole;
        let year = digits(&mut rest, 4, "year", 0..=9999)?;
        literal(&mut rest, '-')?;
        let month = digits(&mut rest, 2, "month", 1..=12)?;
        literal(&mut rest, '-')?;
        let day = digits(&mut rest, 2, "day of month", 0..=99)?;
        rest = rest.strip_prefix('T').ok_or_else(|| refused("missing required time introducer 'T'"))?;
        let hour = match rest.as_bytes() {
            [first, second, ..] if first.is_ascii_digit() && !second.is_ascii_digit() => {
                return Err(refused("hour must have exactly two digits"));
            }
            _ => digits(&mut rest, 2, "hour", 0..=99)?,
        };
        if hour > 23 {
            return Err(refused("hour must be between 0 and 23 inclusive"));
        }
        literal(&mut rest, ':')?;
        if rest.get(..2).is_some_and(|text| text.bytes().all(|b| b.is_ascii_digit()) && text > "59") {
            return Err(refused("minute must have exactly two digits"));
        }
        let minute = digits(&mut rest, 2, "minute", 0..=59)?;
        literal(&mut rest, ':')?;
        let second = digits(&mut rest, 2, "second", 0..=59)?;
        let nanosecond = fraction(&mut rest);
        if rest.starts_with(',') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            return Err(refused("cannot use \",\" as timestamp segment"));
        }
        let offset = offset(&mut rest)?;
        if !rest.is_empty() {
            return Err(refused(&format!("cannot use {rest:?} as timestamp segment")));
        }
        if day < 1 || day > days_in(year, month) {
            return Err(refused("day out of range"));
        }
        let days = days_from_civil(year, month, day);
        let seconds = days * DAY + hour * 3600 + minute * 60 + second - offset;
        Ok(Self { seconds, nanosecond, offset })
    }

    /// Returns the instant: seconds since 1970 and nanoseconds.
    pub(super) fn instant(&self) -> (i64, u32) {
        (self.seconds, self.nanosecond)
    }

    /// Returns the time so many nanoseconds later, with the same offset.
    pub(super) fn plus(&self, nanoseconds: i64) -> Self {
        let total = i128::from(self.nanosecond) + i128::from(nanoseconds);
        let seconds = total.div_euclid(1_000_000_000) as i64;
        Self { seconds: self.seconds + seconds, nanosecond: total.rem_euclid(1_000_000_000) as u32, ..*self }
    }

    /// Returns what the clock shows at its offset.
    pub(super) fn clock(&self) -> Clock {
        let local = self.seconds + self.offset;
        let (days, seconds) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = civil_from_days(days);
        Clock {
            year,
            month: month as u8,
            day: day as u8,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            weekday: (days + 4).rem_euclid(7) as u8,
        }
    }

    /// Returns the offset as `+0530` or, with a colon, `+05:30`.
    pub(super) fn offset_text(&self, colon: &str) -> String {
        let minutes = self.offset.abs() / 60;
        let sign = if self.offset < 0 { '-' } else { '+' };
        format!("{sign}{:02}{colon}{:02}", minutes / 60, minutes % 60)
    }

    /// Tells whether the clock shows UTC.
    pub(super) fn is_utc(&self) -> bool {
        self.offset == 0
    }
}

/// Prints the time without fractions of a second.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let clock = self.clock();
        let sign = if clock.year < 0 { "-" } else { "" };
        write!(f, "{sign}{:04}-{:02}-{:02}T", clock.year.abs(), clock.month, clock.day)?;
        write!(f, "{:02}:{:02}:{:02}", clock.hour, clock.minute, clock.second)?;
        f.write_str(&if self.is_utc() { "Z".to_owned() } else { self.offset_text(":") })
    }
}

fn refused(problem: &str) -> String {
    format!("not a valid RFC3339 timestamp: {problem}")
}

fn digits(
    rest: &mut &str,
    count: usize,
    what: &str,
    range: std::ops::RangeInclusive<i64>,
) -> Result<i64, String> {
    let cannot = |text: &str| match text {
        "" => refused(&format!("end of string before {what}")),
        text => refused(&format!("cannot use {text:?} as {what}")),
    };
    let text = rest
        .get(..count)
        .filter(|text| text.bytes().all(|b| b.is_ascii_digit()))
        .ok_or_else(|| cannot(rest))?;
    *rest = &rest[count..];
    // Go notices what is out of range after it took the digits, and complains of what is left.
    text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| cannot(rest))
}

fn literal(rest: &mut &str, wanted: char) -> Result<(), String> {
    *rest = rest.strip_prefix(wanted).ok_or_else(|| match *rest {
        "" => refused(&format!("end of string where \"{wanted}\" is expected")),
        rest => refused(&format!("found {rest:?} where \"{wanted}\" is expected")),
    })?;
    Ok(())
}

/// Takes `.123`; a comma before the digits is no part of this form.
fn fraction(rest: &mut &str) -> u32 {
    let Some(after) = rest.strip_prefix('.') else { return 0 };
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return 0;
    }
    let nanoseconds = format!("{:0<9}", &after[..length.min(9)]);
    *rest = &after[length..];
    nanoseconds.parse().unwrap_or(0)
}

fn offset(rest: &mut &str) -> Result<i64, String> {
    if let Some(after) = rest.strip_prefix('Z') {
        *rest = after;
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(refused("end of string before UTC offset"));
    }
    let bytes = rest.as_bytes();
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| i64::from(b - b'0'));
    let sign = match bytes.first() {
        Some(b'+') => Some(1),
        Some(b'-') => Some(-1),
        _ => None,
    };
    let parsed = (|| {
        let sign = sign?;
        (bytes.get(3) == Some(&b':')).then_some(())?;
        Some((sign, digit(1)? * 10 + digit(2)?, digit(4)? * 10 + digit(5)?))
    })();
    let Some((sign, hours, minutes)) = parsed else {
        return Err(refused(&format!("cannot use {rest:?} as UTC offset")));
    };
    *rest = &rest[6..];
    if hours > 24 || minutes > 60 {
        return Err(match *rest {
            "" => refused("end of string before UTC offset"),
            rest => refused(&format!("cannot use {rest:?} as UTC offset")),
        });
    }
    Ok(sign * (hours * 3600 + minutes * 60))
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

// Times may pass the year 9999 here, which the calendar of the time library cannot show; so the
// calendar is ours: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// Reads a duration such as `-1h30m` or `1.5s` as nanoseconds.
///
/// # Errors
/// What is wrong with it, in Terraform's words.
pub(super) fn parse_duration(whole: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {whole:?}");
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    if unsigned == "0" {
        return Ok(0);
    }
    if unsigned.is_empty() {
        return Err(invalid());
    }
    let mut rest = unsigned;
    let mut total = 0_i128;
    while !rest.is_empty() {
        let before = take(&mut rest, |c| c.is_ascii_digit());
        let after = match rest.strip_prefix('.') {
            Some(behind) => {
                rest = behind;
                take(&mut rest, |c| c.is_ascii_digit())
            }
            None => "",
        };
        if before.is_empty() && after.is_empty() {
            return Err(invalid());
        }
        let unit = take(&mut rest, |c| c != '.' && !c.is_ascii_digit());
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {whole:?}"));
        }
        let scale: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return Err(format!("time: unknown unit {unit:?} in duration {whole:?}")),
        };
        let number: i128 = if before.is_empty() { 0 } else { before.parse().map_err(|_| invalid())? };
        total +=
            number.checked_mul(scale).filter(|part| *part <= i128::from(i64::MAX)).ok_or_else(invalid)?;
        // More than 18 places are below a nanosecond of every unit.
        let after = &after[..after.len().min(18)];
        let places = 10_i128.pow(after.len() as u32);
        total += after.parse::<i128>().unwrap_or(0) * scale / places;
    }
    let total = i64::try_from(total).map_err(|_| invalid())?;
    Ok(if whole.starts_with('-') { -total } else { total })
}

fn take<'a>(rest: &mut &'a str, fits: impl Fn(char) -> bool) -> &'a str {
    let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
    let (taken, after) = rest.split_at(end);
    *rest = after;
    taken
}
