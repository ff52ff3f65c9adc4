//! Numbers.

use dashu_int::IBig;

use super::define::{function, integer, number};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};
use crate::lang::convert::convert;
use crate::lang::number::Number;
use crate::lang::value::Kind;

const NUM: Parameter = Parameter::new("num", Shape::Number);
const NUMBERS: Parameter = Parameter::new("numbers", Shape::Number);

pub(super) const FUNCTIONS: &[Function] = &[
    function("abs", &[NUM], Shape::Number, |args, _, _| Ok(value(number(&args[0]).absolute()))),
    function("ceil", &[NUM], Shape::Number, |args, _, _| Ok(value(number(&args[0]).ceil()))),
    function("floor", &[NUM], Shape::Number, |args, _, _| Ok(value(number(&args[0]).floor()))),
    function("log", &[NUM, Parameter::new("base", Shape::Number)], Shape::Number, |args, _, _| {
        double(logarithm(number(&args[0]).to_f64()) / logarithm(number(&args[1]).to_f64()))
    }),
    function("max", &[], Shape::Number, |args, _, _| extreme(args, std::cmp::Ordering::Greater))
        .with_rest(NUMBERS),
    function("min", &[], Shape::Number, |args, _, _| extreme(args, std::cmp::Ordering::Less))
        .with_rest(NUMBERS),
    function(
        "parseint",
        &[Parameter::new("number", Shape::Any), Parameter::new("base", Shape::Number)],
        Shape::Number,
        parse_int,
    ),
    function("pow", &[NUM, Parameter::new("power", Shape::Number)], Shape::Number, |args, _, _| {
        double(power(number(&args[0]).to_f64(), number(&args[1]).to_f64()))
    }),
    function("signum", &[NUM], Shape::Number, |args, _, _| {
        Ok(integer(&args[0]).map_err(ArgumentError::call)?.signum().into())
    }),
    function("sum", &[Parameter::new("list", Shape::Any)], Shape::Number, sum),
];

fn value(number: Number) -> Value {
    Kind::Number(number).into()
}

/// Returns the number of a double. `log` and `pow` go through doubles, in the language as here.
fn double(result: f64) -> Result<Value, ArgumentError> {
    let not_real = || ArgumentError::call("the result is not a real number");
    Number::from_f64(result).map(value).ok_or_else(not_real)
}

fn extreme(args: &[Value], wanted: std::cmp::Ordering) -> Result<Value, ArgumentError> {
    let mut numbers = args.iter().map(number);
    let first = numbers.next().ok_or_else(|| ArgumentError::call("must pass at least one number"))?;
    Ok(value(numbers.fold(first, |best, other| if other.cmp(&best) == wanted { other } else { best })))
}

fn parse_int(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let Kind::String(digits) = &args[0].kind else {
        let message = format!("first argument must be a string, not {}", args[0].type_of().friendly());
        return Err(ArgumentError::argument(0, message));
    };
    let base = integer(&args[1]).map_err(|message| ArgumentError::argument(1, message))?;
    let base = u32::try_from(base).ok().filter(|base| (2..=62).contains(base)).ok_or_else(|| {
        ArgumentError::argument(1, "base must be a whole number between 2 and 62 inclusive")
    })?;
    let parsed = parse_in_base(digits, base).ok_or_else(|| {
        ArgumentError::argument(0, format!("cannot parse {digits:?} as a base {base} integer"))
    })?;
    Ok(value(Number::from(parsed)))
}

/// Reads digits 0–9, a–z and, beyond base 36, A–Z as further digits; up to 36 letters have no case.
fn parse_in_base(digits: &str, base: u32) -> Option<IBig> {
    let unsigned = digits.strip_prefix(['-', '+']).unwrap_or(digits);
    if unsigned.is_empty() {
        return None;
    }
    let mut total = IBig::ZERO;
    // Many digits at a time: one long multiplication instead of one for each digit.
    let (mut chunk, mut scale) = (0_u64, 1_u64);
    for c in unsigned.chars() {
        let digit = match c {
            'A'..='Z' if base > 36 => c as u32 - 'A' as u32 + 36,
            _ => c.to_digit(36)?,
        };
        if digit >= base {
            return None;
        }
        chunk = chunk * u64::from(base) + u64::from(digit);
        scale *= u64::from(base);
        if scale > u64::MAX / 64 / 64 {
            total = total * IBig::from(scale) + IBig::from(chunk);
            (chunk, scale) = (0, 1);
        }
    }
    total = total * IBig::from(scale) + IBig::from(chunk);
    Some(if digits.starts_with('-') { -total } else { total })
}

fn sum(args: &[Value], _: &Type, _: &Environment) -> Result<Value, ArgumentError> {
    let refused = |message: String| ArgumentError::argument(0, message);
    let not_numbers = || refused("argument must be list, set, or tuple of number values".to_owned());
    let ty = args[0].type_of();
    let items = match (args[0].elements(), args[0].members()) {
        (Some(items), _) => items,
        (None, Some(members)) if members.is_empty() => {
            return Err(refused("cannot sum an empty list".to_owned()));
        }
        (None, Some(_)) => {
            let message = format!("argument must be list, set, or tuple. Received {}", ty.friendly());
            return Err(refused(message));
        }
        _ => return Err(refused("cannot sum noniterable".to_owned())),
    };
    if items.is_empty() {
        return Err(refused("cannot sum an empty list".to_owned()));
    }
    if !args[0].is_wholly_known() {
        return Ok(Value::unknown(Type::Number));
    }
    let mut total: Option<Number> = None;
    for item in items {
        let item = convert(item, &Type::Number).map_err(|_| not_numbers())?;
        let item = item.as_number().ok_or_else(not_numbers)?;
        total = Some(match total {
            None => item.clone(),
            Some(total) => total
                .add(item)
                .ok_or_else(|| ArgumentError::call("can't compute sum of opposing infinities"))?,
        });
    }
    total.map(value).ok_or_else(not_numbers)
}

/// Raises as Go's `math.Pow` does, whose last digit differs from the C library's.
fn power(x: f64, y: f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if y == 0.5 {
        return x.sqrt();
    }
    if y == -0.5 {
        return 1.0 / x.sqrt();
    }
    if x == 0.0 || !x.is_finite() || !y.is_finite() || y.abs() >= 9.2e18 {
        return x.powf(y);
    }
    let (mut whole, mut fraction) = (y.abs().trunc(), y.abs().fract());
    if fraction != 0.0 && x < 0.0 {
        return f64::NAN;
    }
    let mut result = 1.0;
    if fraction != 0.0 {
        if fraction > 0.5 {
            fraction -= 1.0;
            whole += 1.0;
        }
        result = (fraction * logarithm(x)).exp();
    }
    let mut exponent = 0_i64;
    let (mut base, mut base_exponent) = split_double(x);
    let mut bits = whole as u64;
    while bits != 0 {
        if !(-4096..=4096).contains(&base_exponent) {
            exponent += base_exponent;
            break;
        }
        if bits & 1 == 1 {
            result *= base;
            exponent += base_exponent;
        }
        base *= base;
        base_exponent *= 2;
        if base < 0.5 {
            base += base;
            base_exponent -= 1;
        }
        bits >>= 1;
    }
    if y < 0.0 {
        result = 1.0 / result;
        exponent = -exponent;
    }
    scale(result, exponent)
}

/// Splits a finite number into a part of 0.5 to 1 and a power of two.
fn split_double(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    let (x, shift) = if x.abs() < f64::MIN_POSITIVE { (x * (1_u64 << 52) as f64, -52) } else { (x, 0) };
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | (1022 << 52)), exponent + shift)
}

/// Multiplies by a power of two, in steps that cannot overflow before the result does.
fn scale(mut x: f64, mut exponent: i64) -> f64 {
    exponent = exponent.clamp(-3000, 3000);
    while exponent > 1000 {
        x *= 2_f64.powi(1000);
        exponent -= 1000;
    }
    while exponent < -1000 {
        x *= 2_f64.powi(-1000);
        exponent += 1000;
    }
    x * 2_f64.powi(exponent as i32)
}

/// The natural logarithm by the series that Go uses (from FreeBSD's `e_log.c`).
fn logarithm(x: f64) -> f64 {
    const HIGH: f64 = 6.931_471_803_691_238e-1;
    const LOW: f64 = 1.908_214_929_270_587_7e-10;
    const SERIES: [f64; 7] = [
        6.666_666_666_666_735e-1,
        3.999_999_999_940_942e-1,
        2.857_142_874_366_239e-1,
        2.222_219_843_214_978_4e-1,
        1.818_357_216_161_805e-1,
        1.531_383_769_920_937_3e-1,
        1.479_819_860_511_658_6e-1,
    ];
    if x.is_nan() || x == f64::INFINITY {
        return x;
    }
    if x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    let (mut part, mut exponent) = split_double(x);
    if part < std::f64::consts::FRAC_1_SQRT_2 {
        part *= 2.0;
        exponent -= 1;
    }
    let f = part - 1.0;
    let k = exponent as f64;
    let s = f / (2.0 + f);
    let s2 = s * s;
    let s4 = s2 * s2;
    let odd = s2 * (SERIES[0] + s4 * (SERIES[2] + s4 * (SERIES[4] + s4 * SERIES[6])));
    let even = s4 * (SERIES[1] + s4 * (SERIES[3] + s4 * SERIES[5]));
    let half_square = 0.5 * f * f;
    k * HIGH - ((half_square - (s * (half_square + odd + even) + k * LOW)) - f)
}
