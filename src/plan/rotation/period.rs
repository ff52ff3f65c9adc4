//! Periods as rotations write them: `24h`, `7d`, `1d12h`.

use jiff::SignedDuration;

/// The longest period: 1,000 years. Time arithmetic stays far from its limits.
const LONGEST: SignedDuration = SignedDuration::from_hours(1000 * 366 * 24);

/// Reads a period: whole numbers of `d`, `h`, `m` and `s`, the greater unit first; a day has 24 hours.
///
/// The result is not negative and at most 1,000 years.
///
/// # Errors
///
/// A sentence that says what a period looks like, without the text itself.
pub fn parse(text: &str) -> Result<SignedDuration, &'static str> {
    const SHAPE: &str =
        "A period is written as whole numbers of days, hours, minutes and seconds, such as 24h, 7d or 1h30m.";
    const TOO_LONG: &str = "A period is at most 1,000 years long.";
    let mut rest = text;
    let mut units: &[(char, i64)] = &[('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];
    let mut seconds: i64 = 0;
    if text.is_empty() {
        return Err(SHAPE);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(SHAPE)?;
        if digits == 0 {
            return Err(SHAPE);
        }
        let unit = rest[digits..].chars().next().ok_or(SHAPE)?;
        let place = units.iter().position(|(known, _)| *known == unit).ok_or(SHAPE)?;
        let number: i64 = rest[..digits].parse().map_err(|_| TOO_LONG)?;
        seconds =
            number.checked_mul(units[place].1).and_then(|more| seconds.checked_add(more)).ok_or(TOO_LONG)?;
        units = &units[place + 1..];
        rest = &rest[digits + unit.len_utf8()..];
    }
    let period = SignedDuration::from_secs(seconds);
    if period > LONGEST { Err(TOO_LONG) } else { Ok(period) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_whole_numbers_of_units_from_great_to_small() {
        for (text, seconds) in [
            ("24h", 86_400),
            ("7d", 604_800),
            ("15m", 900),
            ("1d12h", 129_600),
            ("1h30m5s", 5_405),
            ("0h", 0),
        ] {
            assert_eq!(parse(text), Ok(SignedDuration::from_secs(seconds)), "{text}");
        }
        for text in [
            "",
            "24",
            "h",
            "-1h",
            "1.5h",
            "30m1h",
            "1h1h",
            "1 h",
            "1H",
            "1w",
            "1ｈ",
            "٣h",
            "99999999999999999999h",
            "400000d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
