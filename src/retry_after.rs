//! `Retry-After`: how long a server asks to be left alone before the next try.

use std::time::Duration;

use jiff::Timestamp;

/// Returns the wait that the header asks for: a number of seconds, or an HTTP date, held against the server's own `Date` where that is
/// given, since clocks differ. Nothing when it is neither; no time at all when the date is past.
pub fn parse(header: &str, date: Option<&str>, now: Timestamp) -> Option<Duration> {
    let header = header.trim();
    if !header.is_empty() && header.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit are a very long time, not none.
        return Some(Duration::from_secs(header.parse().unwrap_or(u64::MAX)));
    }
    let at = |text: &str| jiff::fmt::rfc2822::parse(text.trim()).ok().map(|time| time.timestamp());
    let now = date.and_then(at).unwrap_or(now);
    let wait = at(header)?.duration_since(now);
    Some(Duration::try_from(wait).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood_and_nothing_else() {
        let now: Timestamp = "2026-11-30T12:00:00Z".parse().unwrap();
        let seconds = |header: &str, date: Option<&str>| parse(header, date, now).map(|wait| wait.as_secs());
        assert_eq!(seconds(" 120 ", None), Some(120));
        assert_eq!(seconds("0", None), Some(0));
        assert_eq!(seconds("99999999999999999999999", None), Some(u64::MAX));
        assert_eq!(seconds("Mon, 30 Nov 2026 12:00:07 GMT", None), Some(7));
        assert_eq!(seconds("Mon, 30 Nov 2026 11:00:00 GMT", None), Some(0));
        let date = Some("Mon, 30 Nov 2026 10:59:30 GMT");
        assert_eq!(seconds("Mon, 30 Nov 2026 11:00:00 GMT", date), Some(30));
        for other in ["", "-1", "1.5", "soon", "1 2", "Mon, 99 Nov 2026 12:00:07 GMT"] {
            assert_eq!(seconds(other, None), None, "{other}");
        }
    }
}
