//! The hours of the day in which points are to be taken.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A daily window of a zone's wall clock, such as `01:00-05:00`; it may reach over midnight.
///
/// It ends on the next day where its end is not after its beginning, so `00:00-00:00` is the whole day. A wall-clock time that a change of
/// the clocks leaves out is taken as much later as the clocks are put forward, one that comes twice is its first occurrence. So a window
/// that lies wholly in the hour that is left out does not open on that day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    begin: Time,
    end: Time,
}

impl Window {
    /// Returns when the window that holds `now` opened; none outside.
    pub(super) fn opened(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = now.to_zoned(zone.clone()).date();
        [Some(today), today.yesterday().ok()]
            .into_iter()
            .flatten()
            .filter_map(|day| self.on(day, zone))
            .find(|(opens, closes)| *opens <= now && now < *closes)
            .map(|(opens, _)| opens)
    }

    /// Returns when the window opens next after `now`.
    pub(super) fn next_opening(&self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        // Three days: today's may have opened already, tomorrow's may be left out by a change of the clocks.
        let mut day = now.to_zoned(zone.clone()).date();
        for _ in 0..4 {
            if let Some((opens, closes)) = self.on(day, zone)
                && opens > now
                && opens < closes
            {
                return Some(opens);
            }
            day = day.tomorrow().ok()?;
        }
        None
    }

    fn on(&self, day: Date, zone: &TimeZone) -> Option<(Timestamp, Timestamp)> {
        let last = if self.end <= self.begin { day.checked_add(1.day()).ok()? } else { day };
        let at = |day: Date, time| zone.to_ambiguous_zoned(day.to_datetime(time)).compatible().ok();
        Some((at(day, self.begin)?.timestamp(), at(last, self.end)?.timestamp()))
    }
}

impl FromStr for Window {
    type Err = &'static str;

    /// Reads `HH:MM-HH:MM`, each from 00:00 to 23:59.
    fn from_str(text: &str) -> Result<Window, &'static str> {
        const SHAPE: &str = "A window is written as two times of the day, each from 00:00 to 23:59, such as 01:00-05:00 or 23:00-02:00.";
        let time = |text: &str| -> Option<Time> {
            let (hour, minute) = text.split_once(':')?;
            let number = |text: &str| {
                let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| text.parse::<i8>().ok()).flatten()
            };
            Time::new(number(hour)?, number(minute)?, 0, 0).ok()
        };
        let (begin, end) = text.split_once('-').ok_or(SHAPE)?;
        Ok(Window { begin: time(begin).ok_or(SHAPE)?, end: time(end).ok_or(SHAPE)? })
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Window { begin, end } = self;
        write!(f, "{:02}:{:02}-{:02}:{:02}", begin.hour(), begin.minute(), end.hour(), end.minute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get("Europe/Berlin").unwrap()
    }

    fn opened(window: &str, now: &str) -> Option<String> {
        let window: Window = window.parse().unwrap();
        window.opened(now.parse().unwrap(), &berlin()).map(|time| time.to_string())
    }

    #[test]
    fn a_window_is_two_times_of_the_day() {
        for text in ["01:00-05:00", "23:00-02:00", "00:00-00:00"] {
            assert_eq!(text.parse::<Window>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "1:00-5:00",
            "01:00",
            "01:00-24:00",
            "01:60-02:00",
            "01:00-05:00-06:00",
            "+1:00-02:00",
            "01:00 - 05:00",
        ] {
            assert!(text.parse::<Window>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_window_opens_by_the_wall_clock_and_its_end_is_outside() {
        assert_eq!(opened("01:00-05:00", "2026-11-22T00:00:00Z").as_deref(), Some("2026-11-22T00:00:00Z"));
        assert_eq!(opened("01:00-05:00", "2026-11-22T03:59:59Z").as_deref(), Some("2026-11-22T00:00:00Z"));
        assert_eq!(opened("01:00-05:00", "2026-11-22T04:00:00Z"), None);
        assert_eq!(opened("01:00-05:00", "2026-07-22T02:59:59Z").as_deref(), Some("2026-07-21T23:00:00Z"));
        assert_eq!(opened("23:00-02:00", "2026-11-23T00:30:00Z").as_deref(), Some("2026-11-22T22:00:00Z"));
        assert_eq!(opened("00:00-00:00", "2026-11-22T22:59:59Z").as_deref(), Some("2026-11-21T23:00:00Z"));
    }

    #[test]
    fn the_clocks_may_change_inside_a_window() {
        // 2026-03-29: 02:00 becomes 03:00; 2026-10-25: 03:00 becomes 02:00.
        assert_eq!(opened("01:00-05:00", "2026-03-29T02:59:59Z").as_deref(), Some("2026-03-29T00:00:00Z"));
        assert_eq!(opened("02:30-05:00", "2026-03-29T01:29:59Z"), None);
        assert_eq!(opened("02:30-05:00", "2026-03-29T01:30:00Z").as_deref(), Some("2026-03-29T01:30:00Z"));
        assert_eq!(opened("02:00-03:00", "2026-03-29T01:00:00Z"), None, "that hour is left out");
        assert_eq!(opened("02:30-04:00", "2026-10-25T01:45:00Z").as_deref(), Some("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn the_next_opening_skips_a_day_that_has_none() {
        let next = |window: &str, now: &str| {
            let window: Window = window.parse().unwrap();
            window.next_opening(now.parse().unwrap(), &berlin()).unwrap().to_string()
        };
        assert_eq!(next("01:00-05:00", "2026-11-22T00:00:00Z"), "2026-11-23T00:00:00Z");
        assert_eq!(next("23:00-02:00", "2026-11-22T23:30:00Z"), "2026-11-23T22:00:00Z");
        assert_eq!(next("02:00-03:00", "2026-03-28T12:00:00Z"), "2026-03-30T00:00:00Z");
    }
}
