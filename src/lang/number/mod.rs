//! Numbers of the language: binary floats of arbitrary size, rounded half to even.
//!
//! A number keeps the precision it was made with, as Terraform's do: 512 bits when it comes from text,
//! 64 from an integer of the machine (a length, an index), 53 from a double (`log`, `pow`). The result
//! of an operation has the larger precision of its operands; so `1 / 3` prints 154 digits and
//! `length(a) / length(b)` twenty.

mod parse;
mod print;

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

use dashu_float::round::mode::HalfEven;
use dashu_float::{DBig, FBig};
use dashu_int::IBig;

type Float = FBig<HalfEven, 2>;

/// Bits of a number that comes from text.
const TEXT_PRECISION: u32 = 512;
/// Bits of a number that comes from an integer of the machine.
const INTEGER_PRECISION: u32 = 64;
/// Bits of a number that comes from a double.
const DOUBLE_PRECISION: u32 = 53;

/// Numbers of 2 to this power and beyond count as infinite, so that no number takes more memory or
/// time than its text could reasonably ask for.
const MAX_EXPONENT: i64 = 1 << 20;

/// A number.
#[derive(Clone)]
pub struct Number {
    repr: Repr,
    precision: u32,
}

/// Integers within 64 bits are always `Small`, so that equal numbers have equal forms.
#[derive(Clone)]
enum Repr {
    Small(i64),
    NegativeZero,
    Big(Box<Float>),
    Infinite { negative: bool },
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self { repr: Repr::Small(value), precision: INTEGER_PRECISION }
    }
}

impl From<IBig> for Number {
    fn from(value: IBig) -> Self {
        if let Ok(small) = i64::try_from(&value) {
            return small.into();
        }
        let bits = dashu_base::BitTest::bit_len(&value);
        let precision = u32::try_from(bits).unwrap_or(u32::MAX).max(INTEGER_PRECISION);
        Self::from_float(Float::from_parts(value, 0), precision)
    }
}

impl Number {
    /// Returns the number of a double; nothing for "not a number".
    pub fn from_f64(value: f64) -> Option<Number> {
        if value.is_nan() {
            return None;
        }
        if value.is_infinite() {
            let negative = value < 0.0;
            return Some(Self { repr: Repr::Infinite { negative }, precision: DOUBLE_PRECISION });
        }
        if value == 0.0 {
            let repr = if value.is_sign_negative() { Repr::NegativeZero } else { Repr::Small(0) };
            return Some(Self { repr, precision: DOUBLE_PRECISION });
        }
        Some(Self::from_float(Float::try_from(value).ok()?, DOUBLE_PRECISION))
    }

    fn from_decimal(decimal: DBig, precision: u32) -> Number {
        let float =
            decimal.with_rounding::<HalfEven>().with_base_and_precision::<2>(precision as usize).value();
        Self::from_float(float, precision)
    }

    /// Brings a finite result into the one form that equal numbers share.
    fn from_float(float: Float, precision: u32) -> Number {
        let float = float.with_precision(precision as usize).value();
        let negative = float.repr().sign() == dashu_base::Sign::Negative;
        let exponent = float.repr().exponent() as i64;
        let significand = float.repr().significand();
        let bits = dashu_base::BitTest::bit_len(significand) as i64;
        if bits == 0 {
            return Self { repr: Repr::Small(0), precision };
        }
        if exponent + bits > MAX_EXPONENT {
            return Self { repr: Repr::Infinite { negative }, precision };
        }
        if exponent + bits < -MAX_EXPONENT {
            let repr = if negative { Repr::NegativeZero } else { Repr::Small(0) };
            return Self { repr, precision };
        }
        if exponent >= 0
            && exponent + bits <= 64
            && let Ok(small) = i64::try_from(&(significand.clone() << exponent as usize))
        {
            return Self { repr: Repr::Small(small), precision };
        }
        Self { repr: Repr::Big(Box::new(float)), precision }
    }

    /// The value as a float of its own precision; nothing for infinities.
    fn to_float(&self) -> Option<Float> {
        match &self.repr {
            Repr::Small(value) => Some(Float::from_parts(IBig::from(*value), 0)),
            Repr::NegativeZero => Some(Float::from_parts(IBig::ZERO, 0)),
            Repr::Big(float) => Some((**float).clone()),
            Repr::Infinite { .. } => None,
        }
    }

    /// Returns the number if it is a whole one within 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        match self.repr {
            Repr::Small(value) => Some(value),
            Repr::NegativeZero => Some(0),
            _ => None,
        }
    }

    /// Returns the nearest double.
    pub fn to_f64(&self) -> f64 {
        match &self.repr {
            Repr::Small(value) => *value as f64,
            Repr::NegativeZero => -0.0,
            Repr::Big(float) => float.to_f64().value(),
            Repr::Infinite { negative: false } => f64::INFINITY,
            Repr::Infinite { negative: true } => f64::NEG_INFINITY,
        }
    }

    /// Returns the number if it is whole and finite. Takes memory in the size of the number.
    pub fn to_integer(&self) -> Option<IBig> {
        if !self.is_integer() {
            return None;
        }
        self.to_float().map(|float| float.to_int().value())
    }

    /// Returns a finite number as a whole one and the power of two that it is multiplied by.
    pub(crate) fn to_parts(&self) -> Option<(IBig, i64)> {
        let (significand, exponent) = self.to_float()?.into_repr().into_parts();
        Some((significand, exponent as i64))
    }

    /// Tells whether the number is whole; infinities are not.
    pub fn is_integer(&self) -> bool {
        match &self.repr {
            Repr::Small(_) | Repr::NegativeZero => true,
            Repr::Big(float) => float.repr().exponent() >= 0,
            Repr::Infinite { .. } => false,
        }
    }

    /// Tells whether the number is infinite.
    pub fn is_infinite(&self) -> bool {
        matches!(self.repr, Repr::Infinite { .. })
    }

    /// Tells whether the number is zero of either sign.
    pub fn is_zero(&self) -> bool {
        matches!(self.repr, Repr::Small(0) | Repr::NegativeZero)
    }

    /// Tells whether the sign is minus, which negative zero has too.
    pub fn is_negative(&self) -> bool {
        match &self.repr {
            Repr::Small(value) => *value < 0,
            Repr::NegativeZero => true,
            Repr::Big(float) => float.repr().sign() == dashu_base::Sign::Negative,
            Repr::Infinite { negative } => *negative,
        }
    }

    /// Returns the number with the other sign; zero becomes negative zero.
    #[must_use]
    pub fn negate(&self) -> Number {
        let repr = match &self.repr {
            Repr::Small(0) => Repr::NegativeZero,
            Repr::NegativeZero => Repr::Small(0),
            Repr::Infinite { negative } => Repr::Infinite { negative: !negative },
            Repr::Small(value) if *value != i64::MIN => Repr::Small(-value),
            _ => {
                let float = self.to_float().map_or(Float::ZERO, |float| -float);
                return Self::from_float(float, self.precision);
            }
        };
        Self { repr, precision: self.precision }
    }

    /// Returns the number without its sign.
    #[must_use]
    pub fn absolute(&self) -> Number {
        if self.is_negative() { self.negate() } else { self.clone() }
    }

    fn zero(negative: bool, precision: u32) -> Number {
        let repr = if negative { Repr::NegativeZero } else { Repr::Small(0) };
        Self { repr, precision }
    }

    /// Returns the sum; nothing for opposing infinities.
    pub fn add(&self, other: &Number) -> Option<Number> {
        let precision = self.precision.max(other.precision);
        match (&self.repr, &other.repr) {
            (Repr::Infinite { negative: a }, Repr::Infinite { negative: b }) if a != b => None,
            (Repr::Infinite { negative }, _) | (_, Repr::Infinite { negative }) => {
                Some(Self { repr: Repr::Infinite { negative: *negative }, precision })
            }
            (Repr::NegativeZero, Repr::NegativeZero) => Some(Self::zero(true, precision)),
            (Repr::Small(a), Repr::Small(b)) if precision >= 64 && a.checked_add(*b).is_some() => {
                Some(Self { repr: Repr::Small(a + b), precision })
            }
            _ => {
                let (a, b) = (self.to_float()?, other.to_float()?);
                Some(Self::from_float(Self::exact(a) + Self::exact(b), precision))
            }
        }
    }

    /// Returns the difference; nothing for infinities of one sign.
    pub fn subtract(&self, other: &Number) -> Option<Number> {
        self.add(&other.negate())
    }

    /// Returns the product; nothing for zero times infinity.
    pub fn multiply(&self, other: &Number) -> Option<Number> {
        let precision = self.precision.max(other.precision);
        let negative = self.is_negative() != other.is_negative();
        if self.is_infinite() || other.is_infinite() {
            if self.is_zero() || other.is_zero() {
                return None;
            }
            return Some(Self { repr: Repr::Infinite { negative }, precision });
        }
        if self.is_zero() || other.is_zero() {
            return Some(Self::zero(negative, precision));
        }
        if let (Repr::Small(a), Repr::Small(b)) = (&self.repr, &other.repr)
            && precision >= 64
            && let Some(product) = a.checked_mul(*b)
        {
            return Some(Self { repr: Repr::Small(product), precision });
        }
        let (a, b) = (self.to_float()?, other.to_float()?);
        Some(Self::from_float(Self::exact(a) * Self::exact(b), precision))
    }

    /// Returns the quotient; infinite for division by zero, nothing for zero by zero and infinity by infinity.
    pub fn divide(&self, other: &Number) -> Option<Number> {
        let precision = self.precision.max(other.precision);
        let negative = self.is_negative() != other.is_negative();
        match (self.is_infinite(), other.is_infinite()) {
            (true, true) => return None,
            (true, false) => return Some(Self { repr: Repr::Infinite { negative }, precision }),
            (false, true) => return Some(Self::zero(negative, precision)),
            (false, false) => {}
        }
        match (self.is_zero(), other.is_zero()) {
            (true, true) => return None,
            (false, true) => return Some(Self { repr: Repr::Infinite { negative }, precision }),
            (true, false) => return Some(Self::zero(negative, precision)),
            (false, false) => {}
        }
        if let (Repr::Small(a), Repr::Small(b)) = (&self.repr, &other.repr)
            && precision >= 64
            && a.checked_rem(*b) == Some(0)
        {
            return Some(Self { repr: Repr::Small(a / b), precision });
        }
        let (a, b) = (self.to_float()?, other.to_float()?);
        let quotient = dashu_float::Context::<HalfEven>::new(precision as usize).div(a.repr(), b.repr());
        Some(Self::from_float(quotient.ok()?.value(), precision))
    }

    /// Returns the remainder of a division that truncates; the number itself when dividing by zero,
    /// as Terraform does. Nothing where the quotient has no whole part.
    pub fn remainder(&self, other: &Number) -> Option<Number> {
        if other.is_zero() {
            return Some(self.clone());
        }
        if self.is_infinite() {
            return None;
        }
        if other.is_infinite() {
            return Some(self.clone());
        }
        let whole = self.divide(other)?.truncate();
        self.subtract(&other.multiply(&whole)?)
    }

    /// Returns the whole part.
    #[must_use]
    pub fn truncate(&self) -> Number {
        match &self.repr {
            Repr::Big(float) if float.repr().exponent() < 0 => {
                Self::from_float(float.trunc(), self.precision.max(INTEGER_PRECISION))
            }
            _ => self.clone(),
        }
    }

    /// Returns the largest whole number that is not greater.
    #[must_use]
    pub fn floor(&self) -> Number {
        match &self.repr {
            Repr::Big(float) if float.repr().exponent() < 0 => {
                Self::from_float(float.floor(), self.precision.max(INTEGER_PRECISION))
            }
            _ => self.clone(),
        }
    }

    /// Returns the smallest whole number that is not less.
    #[must_use]
    pub fn ceil(&self) -> Number {
        match &self.repr {
            Repr::Big(float) if float.repr().exponent() < 0 => {
                Self::from_float(float.ceil(), self.precision.max(INTEGER_PRECISION))
            }
            _ => self.clone(),
        }
    }

    // Sums and products are rounded once, to the precision of the result: first they are exact.
    fn exact(float: Float) -> Float {
        Float::from_repr(float.into_repr(), dashu_float::Context::new(0))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By value: precision does not count, and the two zeros are equal.
impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if let (Some(a), Some(b)) = (self.to_i64(), other.to_i64()) {
            return a.cmp(&b);
        }
        let rank = |number: &Number| match number.repr {
            Repr::Infinite { negative: true } => -1,
            Repr::Infinite { negative: false } => 1,
            _ => 0,
        };
        match (self.to_float(), other.to_float()) {
            (Some(a), Some(b)) => a.repr().cmp(b.repr()),
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.repr {
            Repr::Small(value) => value.hash(state),
            Repr::NegativeZero => 0i64.hash(state),
            Repr::Big(float) => {
                float.repr().exponent().hash(state);
                float.repr().significand().hash(state);
            }
            Repr::Infinite { negative } => (*negative, "infinite").hash(state),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::parse(text).expect(text)
    }

    #[test]
    fn numbers_print_as_terraform_prints_them() {
        for (text, printed) in [
            ("0", "0"),
            ("-0", "-0"),
            ("12345678901234567890", "12345678901234567890"),
            ("6.02e23", "602000000000000000000000"),
            ("1e-7", "0.0000001"),
            (".5", "0.5"),
            ("+5", "5"),
            ("100.00", "100"),
            ("9223372036854775808", "9223372036854775808"),
            ("-9223372036854775808", "-9223372036854775808"),
            ("0.30000000000000000000000000000000000001", "0.30000000000000000000000000000000000001"),
        ] {
            assert_eq!(number(text).to_string(), printed);
        }
        for text in ["", "-", ".", "1_0", "0x10", " 1", "1e", "e5", "1.2.3"] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn powers_of_two_have_the_digits_that_terraform_gives_them() {
        for (power, printed) in [
            (64, "18446744073709550000"),
            (70, "1180591620717411300000"),
            (-1, "0.5"),
            (100, "1267650600228229400000000000000"),
        ] {
            assert_eq!(Number::from_f64(2f64.powi(power)).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn quotients_have_the_precision_of_their_operands() {
        let third = number("1").divide(&number("3")).map(|number| number.to_string());
        assert_eq!(third.map(|text| text.len()), Some(157));
        let lengths = Number::from(1).divide(&Number::from(3)).map(|number| number.to_string());
        assert_eq!(lengths.as_deref(), Some("0.33333333333333333334"));
        let double = Number::from_f64(2f64.sqrt()).map(|number| number.to_string());
        assert_eq!(double.as_deref(), Some("1.4142135623730951"));
        let sum = Number::from_f64(2f64.sqrt()).and_then(|root| root.add(&number("0.1")));
        let printed = "1.5142135623730951454746218587388284504413604736328125";
        assert_eq!(sum.map(|sum| sum.to_string()).as_deref(), Some(printed));
    }

    #[test]
    fn equal_numbers_are_equal_however_they_were_made() {
        assert_eq!(number("0.1").add(&number("0.2")), Some(number("0.3")));
        assert_eq!(number("-0"), number("0"));
        assert_eq!(number("1e18"), Number::from(1_000_000_000_000_000_000));
        assert!(number("0.5") < number("1"));
        assert!(number("-1e400") < number("-5"));
        assert_eq!(number("5").remainder(&number("0")), Some(number("5")));
        assert_eq!(number("-9").remainder(&number("4")), Some(number("-1")));
        assert_eq!(number("7.5").remainder(&number("2")), Some(number("1.5")));
    }

    #[test]
    fn a_power_of_two_may_follow_a_decimal() {
        for (text, printed) in
            [("1p3", "8"), ("1.5P+2", "6"), ("-1p-3", "-0.125"), ("0p9", "0"), ("1p9999999", "+Inf")]
        {
            assert_eq!(number(text).to_string(), printed, "{text}");
        }
        for text in ["1p", "p3", "1e2p3", "1p1.5", "infp2", "1p3p4"] {
            assert_eq!(Number::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_edges_are_infinite_and_take_no_memory() {
        assert!(number("1").divide(&number("0")).is_some_and(|number| number.is_infinite()));
        assert_eq!(number("0").divide(&number("0")), None);
        assert!(number("1e999999999999").is_infinite());
        assert!(number("1e-999999999999").is_zero());
        assert_eq!(number("-0.5").floor(), number("-1"));
        assert_eq!(number("0").multiply(&number("-1")).map(|zero| zero.to_string()).as_deref(), Some("-0"));
    }
}
