//! Numbers as text.

use std::fmt;

use dashu_float::DBig;
use dashu_int::IBig;

use super::{Float, Number, Repr};

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Prints the shortest decimal that reads back as this number, without an exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.repr {
            Repr::Small(value) => write!(f, "{value}"),
            Repr::NegativeZero => f.write_str("-0"),
            Repr::Infinite { negative: false } => f.write_str("+Inf"),
            Repr::Infinite { negative: true } => f.write_str("-Inf"),
            Repr::Big(float) => {
                let (digits, exponent) = shortest_digits(float, self.precision);
                if self.is_negative() {
                    f.write_str("-")?;
                }
                write_plain(f, &digits, exponent)
            }
        }
    }
}

/// Returns the fewest decimal digits, and the power of ten behind the last, that read back as `float`.
fn shortest_digits(float: &Float, precision: u32) -> (String, i64) {
    if let Some(digits) = digits_of_power(float, precision) {
        return digits;
    }
    // So many digits always read back (bits * log10(2), and two more); twenty further ones tell on which
    // side of the middle between two shorter decimals the number lies.
    let full = precision as usize * 302 / 1000 + 22;
    let decimal = float.clone().with_base_and_precision::<10>(full).value();
    let (significand, exponent) = decimal.into_repr().into_parts();
    let all = significand.to_string().trim_start_matches('-').to_owned();
    let magnitude = exponent as i64 + all.len() as i64;
    let target = Number::from_float(float.clone(), precision).absolute();
    let reads_back = |digits: &str, count: usize| {
        let value: IBig = digits.parse().unwrap_or(IBig::ZERO);
        let decimal = DBig::from_parts(value, (magnitude - count as i64) as isize);
        Number::from_decimal(decimal, precision) == target
    };
    // Rounding up may carry into one more digit ("99" becomes "100"), but the power of the last one stays.
    let up = |digits: &str| match digits.parse::<IBig>() {
        Ok(value) => (value + IBig::ONE).to_string(),
        Err(_) => String::new(),
    };
    let (mut low, mut high) = (1, all.len());
    while low < high {
        let middle = (low + high) / 2;
        let down = &all[..middle];
        if reads_back(down, middle) || reads_back(&up(down), middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let down = all[..low].to_owned();
    if low == all.len() {
        return (down, magnitude - low as i64);
    }
    let raised = up(&down);
    let (down_fits, up_fits) = (reads_back(&down, low), reads_back(&raised, low));
    let rest = &all[low..];
    let half = rest.starts_with('5') && rest[1..].bytes().all(|digit| digit == b'0');
    let odd = down.bytes().last().is_some_and(|digit| (digit - b'0') % 2 == 1);
    let nearer_up = if half { odd } else { rest.as_bytes()[0] >= b'5' };
    let digits = if up_fits && (nearer_up || !down_fits) { raised } else { down };
    (digits, magnitude - low as i64)
}

/// Returns the digits of a power of two. Its neighbour below is only half as far as the one above, which Terraform's
/// numbers do not heed: digits that would read back as that neighbour are short enough for them.
fn digits_of_power(float: &Float, precision: u32) -> Option<(String, i64)> {
    // The exact digits of powers far from one are many; they are not worth that.
    const FAR: isize = 4_096;
    let repr = float.repr();
    let exponent = repr.exponent();
    if !matches!(repr.significand().to_string().as_str(), "1" | "-1") || exponent.abs() > FAR {
        return None;
    }
    let mantissa = IBig::ONE << precision as usize;
    let shift = exponent - precision as isize;
    let exact = |mantissa: IBig| {
        let scaled = if shift >= 0 {
            mantissa << shift as usize
        } else {
            mantissa * IBig::from(5).pow(shift.unsigned_abs())
        };
        let digits = scaled.to_string();
        let point = digits.len() as i64 + (shift as i64).min(0);
        (digits.trim_end_matches('0').as_bytes().to_vec(), point)
    };
    let (digits, point) = exact(mantissa.clone());
    let (lower, _) = exact(mantissa.clone() - IBig::ONE);
    let (upper, _) = exact(mantissa + IBig::ONE);
    let at = |digits: &[u8], place: usize| digits.get(place).copied().unwrap_or(b'0');
    for (place, digit) in digits.iter().enumerate() {
        let count = place + 1;
        let down = at(&lower, place) != *digit || count == lower.len();
        let up = at(&upper, place) != *digit;
        if !down && !up {
            continue;
        }
        let kept = String::from_utf8_lossy(&digits[..count]).into_owned();
        let next = at(&digits, count);
        let half = next == b'5' && digits.len() == count + 1;
        let nearer_up = if half { digit % 2 == 1 } else { next >= b'5' };
        let raised = if down && up { nearer_up } else { up };
        let kept = if raised { (kept.parse::<IBig>().ok()? + IBig::ONE).to_string() } else { kept };
        return Some((kept, point - count as i64));
    }
    None
}

fn write_plain(f: &mut fmt::Formatter<'_>, digits: &str, exponent: i64) -> fmt::Result {
    let trimmed = digits.trim_end_matches('0');
    let exponent = exponent + (digits.len() - trimmed.len()) as i64;
    let digits = if trimmed.is_empty() { "0" } else { trimmed };
    if exponent >= 0 {
        f.write_str(digits)?;
        return (0..exponent).try_for_each(|_| f.write_str("0"));
    }
    let point = digits.len() as i64 + exponent;
    if point > 0 {
        return write!(f, "{}.{}", &digits[..point as usize], &digits[point as usize..]);
    }
    f.write_str("0.")?;
    (0..-point).try_for_each(|_| f.write_str("0"))?;
    f.write_str(digits)
}

impl Number {
    /// Returns the number as Go prints a big float by default (ten digits, `%g`): Terraform orders sets
    /// by such texts.
    pub(in crate::lang) fn to_text_10(&self) -> String {
        let Repr::Big(float) = &self.repr else {
            return match self.to_i64() {
                Some(value) => scientific(&value.unsigned_abs().to_string(), 0, value < 0),
                None => self.to_string(),
            };
        };
        let decimal = float.clone().with_base_and_precision::<10>(40).value();
        let (significand, exponent) = decimal.into_repr().into_parts();
        scientific(significand.to_string().trim_start_matches('-'), exponent as i64, self.is_negative())
    }
}

/// Prints `digits` times ten to `exponent` with ten significant digits, as `%.10g`.
fn scientific(digits: &str, exponent: i64, negative: bool) -> String {
    let mut point = digits.len() as i64 + exponent;
    let mut kept = digits.to_owned();
    if kept.len() > 10 {
        let round_up = kept.as_bytes()[10] >= b'5';
        kept.truncate(10);
        if round_up && let Ok(value) = kept.parse::<u64>() {
            let raised = (value + 1).to_string();
            point += (raised.len() - kept.len()) as i64;
            kept = raised;
        }
    }
    let kept = kept.trim_end_matches('0');
    let kept = if kept.is_empty() { "0" } else { kept };
    let sign = if negative { "-" } else { "" };
    let power = point - 1;
    if kept == "0" {
        return format!("{sign}0");
    }
    if !(-4..10).contains(&power) {
        let (first, rest) = kept.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let power_sign = if power < 0 { '-' } else { '+' };
        return format!("{sign}{first}{dot}{rest}e{power_sign}{:02}", power.abs());
    }
    if point <= 0 {
        return format!("{sign}0.{}{kept}", "0".repeat(point.unsigned_abs() as usize));
    }
    let point = point as usize;
    if kept.len() <= point {
        return format!("{sign}{kept}{}", "0".repeat(point - kept.len()));
    }
    format!("{sign}{}.{}", &kept[..point], &kept[point..])
}
