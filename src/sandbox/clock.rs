//! The emulator's time: the machine's, shifted, or standing still until told otherwise.

use serde::{Deserialize, Serialize};

/// A clock in milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// The machine's clock plus an offset in milliseconds (0 unless a test advanced it).
    Running {
        /// What is added to the machine's time.
        offset_ms: i64,
    },
    /// Stands still; only `advance` and `set` move it.
    Standing {
        /// The time it shows.
        at_ms: i64,
    },
}

impl Default for Clock {
    fn default() -> Self {
        Self::Running { offset_ms: 0 }
    }
}

impl Clock {
    /// Returns the time it shows.
    pub fn now_ms(&self) -> i64 {
        match self {
            Self::Running { offset_ms } => machine_ms().saturating_add(*offset_ms),
            Self::Standing { at_ms } => *at_ms,
        }
    }

    /// Moves the clock, backwards when negative.
    pub fn advance_ms(&mut self, by_ms: i64) {
        match self {
            Self::Running { offset_ms } => *offset_ms = offset_ms.saturating_add(by_ms),
            Self::Standing { at_ms } => *at_ms = at_ms.saturating_add(by_ms),
        }
    }
}

/// Returns the machine's time in milliseconds since 1970.
pub fn machine_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// Returns `YYYY-MM-DD hh:mm:ss` at an offset from UTC in hours; the far ends of time are clamped.
pub fn plain_text(ms: i64, offset_hours: i8) -> String {
    zoned(ms, offset_hours).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Returns `YYYY-MM-DDThh:mm:ssZ` in UTC.
pub fn utc_text(ms: i64) -> String {
    zoned(ms, 0).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Returns `YYYY-MM-DDThh:mmZ` in UTC.
pub fn utc_minute_text(ms: i64) -> String {
    zoned(ms, 0).strftime("%Y-%m-%dT%H:%MZ").to_string()
}

/// Returns the UTC date, `YYYY-MM-DD`.
pub fn utc_date(ms: i64) -> String {
    zoned(ms, 0).strftime("%Y-%m-%d").to_string()
}

/// Returns the text of an HTTP `Date` header.
pub fn http_date(ms: i64) -> String {
    zoned(ms, 0).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Returns the milliseconds of `YYYY-MM-DD hh:mm:ss` at an offset from UTC in hours, `None` for another form.
pub fn parse_plain(text: &str, offset_hours: i8) -> Option<i64> {
    // The vendor's form is fixed width; a lenient parser would accept what the service refuses.
    if text.len() != 19 {
        return None;
    }
    let time = jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).ok()?;
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(offset_hours));
    Some(time.to_zoned(zone).ok()?.timestamp().as_millisecond())
}

/// Returns the milliseconds of an RFC 3339 time, also one with minute resolution (`YYYY-MM-DDThh:mmZ`).
pub fn parse_utc(text: &str) -> Option<i64> {
    if let Ok(time) = text.parse::<jiff::Timestamp>() {
        return Some(time.as_millisecond());
    }
    let minutes = jiff::civil::DateTime::strptime("%Y-%m-%dT%H:%MZ", text).ok()?;
    Some(minutes.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp().as_millisecond())
}

fn zoned(ms: i64, offset_hours: i8) -> jiff::Zoned {
    // Seeds may hold any number; years beyond 9999 have no four-digit form.
    let clamped = ms.clamp(-62_135_596_800_000 + 86_400_000, 253_402_200_000_000 - 86_400_000);
    let time = jiff::Timestamp::from_millisecond(clamped).unwrap_or_default();
    time.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(offset_hours)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_read_back_at_their_offset() {
        let ms = 1_700_000_000_000;
        assert_eq!(plain_text(ms, 8), "2023-11-15 06:13:20");
        assert_eq!(utc_text(ms), "2023-11-14T22:13:20Z");
        assert_eq!(http_date(ms), "Tue, 14 Nov 2023 22:13:20 GMT");
        assert_eq!(parse_plain("2023-11-15 06:13:20", 8), Some(ms));
        assert_eq!(parse_utc("2023-11-14T22:13Z"), Some(ms - 20_000));
        assert_eq!(parse_plain("2023-11-15T06:13:20", 8), None);
        assert_eq!(utc_date(i64::MAX).len(), 10);
    }

    #[test]
    fn a_standing_clock_moves_only_when_told() {
        let mut clock = Clock::Standing { at_ms: 5 };
        clock.advance_ms(10);
        assert_eq!(clock.now_ms(), 15);
    }
}
