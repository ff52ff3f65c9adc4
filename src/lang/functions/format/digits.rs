//! The decimal digits of a number, and the three ways to write them.

use dashu_int::IBig;

use crate::lang::number::Number;

/// A number as decimal digits: 0.d₁d₂d₃… × 10^point.
#[derive(Default)]
pub(super) struct Digits {
    negative: bool,
    infinite: bool,
    /// All digits of the binary number, exactly.
    exact: Vec<u8>,
    exact_point: i64,
    /// The fewest digits that still mean this number.
    shortest: Vec<u8>,
    shortest_point: i64,
}

impl Digits {
    /// Returns the digits of a number.
    pub(super) fn of(number: &Number) -> Self {
        let text = number.to_string();
        let negative = text.starts_with('-');
        if number.is_infinite() {
            return Self { negative, infinite: true, ..Self::default() };
        }
        let (shortest, shortest_point) = split(&text);
        let (exact, exact_point) = split(&exact_decimal(number));
        Self { negative, infinite: false, exact, exact_point, shortest, shortest_point }
    }

    /// Tells whether there are no digits because the number is infinite.
    pub(super) fn is_infinite(&self) -> bool {
        self.infinite
    }

    /// Returns the exact digits rounded half to even to `count` of them.
    fn rounded(&self, count: i64) -> (Vec<u8>, i64) {
        let (mut digits, mut point) = (self.exact.clone(), self.exact_point);
        let Ok(keep) = usize::try_from(count) else { return (Vec::new(), point) };
        if keep >= digits.len() {
            return (digits, point);
        }
        let half = digits[keep] == b'5' && digits[keep + 1..].iter().all(|digit| *digit == b'0');
        let up = if half { keep > 0 && digits[keep - 1] % 2 == 1 } else { digits[keep] >= b'5' };
        digits.truncate(keep);
        if up {
            while digits.last() == Some(&b'9') {
                digits.pop();
            }
            match digits.last_mut() {
                Some(last) => *last += 1,
                None => {
                    digits.push(b'1');
                    point += 1;
                }
            }
        }
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        (digits, point)
    }

    fn signed(&self, text: String) -> String {
        if self.negative { format!("-{text}") } else { text }
    }

    fn infinity(&self) -> String {
        if self.negative { "-Inf" } else { "+Inf" }.to_owned()
    }

    /// Writes `123.456`, with so many places behind the point.
    pub(super) fn plain(&self, places: Option<usize>) -> String {
        if self.infinite {
            return self.infinity();
        }
        let (digits, point) = match places {
            Some(places) => self.rounded(self.exact_point.saturating_add(count(places))),
            None => (self.shortest.clone(), self.shortest_point),
        };
        let places = places.unwrap_or_else(|| usize::try_from(count(digits.len()) - point).unwrap_or(0));
        self.signed(plain(&digits, point, places))
    }

    /// Writes `1.23456e+02`, with so many places behind the point.
    pub(super) fn scientific(&self, letter: char, places: Option<usize>) -> String {
        if self.infinite {
            return self.infinity();
        }
        let (digits, point) = match places {
            Some(places) => self.rounded(count(places) + 1),
            None => (self.shortest.clone(), self.shortest_point),
        };
        let places = places.unwrap_or(digits.len().saturating_sub(1));
        self.signed(scientific(letter, &digits, point, places))
    }

    /// Writes a number in full if that is short enough, else with an exponent.
    pub(super) fn general(&self, letter: char, precision: Option<usize>) -> String {
        if self.infinite {
            return self.infinity();
        }
        let (digits, point) = match precision {
            Some(precision) => self.rounded(count(precision.max(1))),
            None => (self.shortest.clone(), self.shortest_point),
        };
        let length = count(digits.len());
        let limit = match precision {
            // Go decides by 6 digits for the shortest form, and by the digits there are if they are fewer.
            None => 6,
            Some(precision) if count(precision) > length && length >= point => length,
            Some(precision) => count(precision.max(1)),
        };
        let exponent = if digits.is_empty() { 0 } else { point - 1 };
        if exponent < -4 || exponent >= limit.max(1) {
            self.signed(scientific(letter, &digits, point, digits.len().saturating_sub(1)))
        } else {
            self.signed(plain(&digits, point, usize::try_from(length - point).unwrap_or(0)))
        }
    }
}

/// Writes all the digits of a finite number; halves have as many decimal digits as binary ones.
fn exact_decimal(number: &Number) -> String {
    let Some((significand, exponent)) = number.to_parts() else { return "0".to_owned() };
    if let Ok(exponent) = usize::try_from(exponent) {
        return (significand << exponent).to_string();
    }
    let places = usize::try_from(exponent.unsigned_abs()).unwrap_or(0);
    let digits = (significand * IBig::from(5).pow(places)).to_string();
    let digits = digits.trim_start_matches('-');
    // The standard library's own padding ends at 65,535 characters.
    let digits = "0".repeat((places + 1).saturating_sub(digits.len())) + digits;
    let (whole, fraction) = digits.split_at(digits.len() - places);
    format!("{whole}.{fraction}")
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX / 4)
}

/// Splits plain decimal text into digits without zeros at either end, and where the point stands.
fn split(text: &str) -> (Vec<u8>, i64) {
    let text = text.trim_start_matches('-');
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    let leading = all.iter().take_while(|digit| **digit == b'0').count();
    let mut digits = all[leading..].to_vec();
    while digits.last() == Some(&b'0') {
        digits.pop();
    }
    if digits.is_empty() { (digits, 0) } else { (digits, count(whole.len()) - count(leading)) }
}

fn plain(digits: &[u8], point: i64, places: usize) -> String {
    let digit =
        |at: i64| usize::try_from(at).ok().and_then(|at| digits.get(at)).map_or('0', |d| char::from(*d));
    let mut text: String = if point > 0 { (0..point).map(digit).collect() } else { "0".to_owned() };
    if places > 0 {
        text.push('.');
        text.extend((0..count(places)).map(|at| digit(point + at)));
    }
    text
}

fn scientific(letter: char, digits: &[u8], point: i64, places: usize) -> String {
    let mut text = String::from(digits.first().map_or('0', |digit| char::from(*digit)));
    if places > 0 {
        text.push('.');
        text.extend((1..=places).map(|at| digits.get(at).map_or('0', |digit| char::from(*digit))));
    }
    let exponent = if digits.is_empty() { 0 } else { point - 1 };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{text}{letter}{sign}{:02}", exponent.unsigned_abs())
}
