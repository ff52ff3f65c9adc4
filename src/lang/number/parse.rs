//! Numbers from text.

use dashu_float::DBig;
use dashu_int::IBig;

use super::{Float, MAX_EXPONENT, Number, Repr, TEXT_PRECISION};

impl Number {
    /// Reads a decimal number, such as `-1.5e3` or `3p2` (three times two to the power of two); nothing when it is not one.
    pub fn parse(text: &str) -> Option<Number> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let negative = text.starts_with('-');
        if unsigned.eq_ignore_ascii_case("inf") {
            return Some(Self { repr: Repr::Infinite { negative }, precision: TEXT_PRECISION });
        }
        if unsigned.len() <= 18 && !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
            let value: i64 = unsigned.parse().ok()?;
            let repr = match value {
                0 if negative => Repr::NegativeZero,
                value if negative => Repr::Small(-value),
                value => Repr::Small(value),
            };
            return Some(Self { repr, precision: TEXT_PRECISION });
        }
        if let Some(at) = unsigned.find(['p', 'P']) {
            let significand = &text[..text.len() - unsigned.len() + at];
            let plain = !significand.contains(['e', 'E']) && significand.ends_with(|last: char| last != 'f');
            return Self::parse(significand)
                .filter(|_| plain)?
                .times_power_of_two(power(&unsigned[at + 1..])?);
        }
        let (digits, exponent) = match unsigned.find(['e', 'E']) {
            Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
            None => (unsigned, None),
        };
        let point = digits.find('.');
        let (whole, fraction) = point.map_or((digits, ""), |at| (&digits[..at], &digits[at + 1..]));
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let power = exponent.map_or(Some(0), power)?;
        let significand = format!("{whole}{fraction}");
        let significand = significand.trim_start_matches('0');
        if significand.is_empty() {
            let repr = if negative { Repr::NegativeZero } else { Repr::Small(0) };
            return Some(Self { repr, precision: TEXT_PRECISION });
        }
        let power = power.saturating_sub(fraction.len() as i64);
        let magnitude = power.saturating_add(significand.len() as i64);
        if magnitude.saturating_mul(10) / 3 > MAX_EXPONENT {
            return Some(Self { repr: Repr::Infinite { negative }, precision: TEXT_PRECISION });
        }
        if magnitude.saturating_mul(10) / 3 < -MAX_EXPONENT {
            let repr = if negative { Repr::NegativeZero } else { Repr::Small(0) };
            return Some(Self { repr, precision: TEXT_PRECISION });
        }
        // Digits far beyond the precision cannot change the result except as "a bit more".
        let (kept, power) = match significand.get(..1_000) {
            Some(head) if significand.len() > 1_001 => {
                (format!("{head}1"), power + (significand.len() - 1_001) as i64)
            }
            _ => (significand.to_owned(), power),
        };
        let mut value: IBig = kept.parse().ok()?;
        if negative {
            value = -value;
        }
        let decimal = DBig::from_parts(value, isize::try_from(power).ok()?);
        Some(Self::from_decimal(decimal, TEXT_PRECISION))
    }

    /// Returns the number times two to a power.
    fn times_power_of_two(self, power: i64) -> Option<Number> {
        let Some((significand, exponent)) = self.to_parts().filter(|_| !self.is_zero()) else {
            return Some(self);
        };
        // Far beyond the limits it makes no difference how far.
        let power = power.clamp(-4 * MAX_EXPONENT, 4 * MAX_EXPONENT);
        let float = Float::from_parts(significand, isize::try_from(exponent + power).ok()?);
        Some(Self::from_float(float, TEXT_PRECISION))
    }
}

/// Reads an exponent.
fn power(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let power = digits.parse().unwrap_or(i64::MAX / 4);
    Some(if text.starts_with('-') { -power } else { power })
}
