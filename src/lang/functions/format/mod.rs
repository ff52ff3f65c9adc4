//! `format` and `formatlist`.

mod digits;
mod verb;

use super::define::{function, list_of, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Type, Value};

const FORMAT: Parameter = Parameter::new("format", Shape::String);
const ARGS: Parameter = Parameter::new("args", Shape::Any).null().unknown();

pub(super) const FUNCTIONS: &[Function] = &[
    function("format", &[FORMAT], Shape::String, format).with_rest(ARGS),
    function("formatlist", &[FORMAT], Shape::List(&Shape::String), format_list).with_rest(ARGS),
];

fn format(args: &[Value], _: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let Some((format, args)) = args.split_first() else { return Ok(Value::unknown(Type::String)) };
    if !args.iter().all(Value::is_wholly_known) {
        return Ok(verb::unknown_result(text(format)));
    }
    verb::format(text(format), args, &environment.budget).map(Value::string)
}

fn format_list(args: &[Value], ty: &Type, environment: &Environment) -> Result<Value, ArgumentError> {
    let Some((format, args)) = args.split_first() else { return Ok(Value::unknown(ty.clone())) };
    let format = text(format);
    // Which argument decided how many results there are.
    let mut chosen: Option<(usize, usize)> = None;
    let mut unknown = false;
    for (at, arg) in args.iter().enumerate() {
        let length = match arg.type_of() {
            _ if arg.is_null() => continue,
            Type::Tuple(elements) => elements.len(),
            Type::List(_) | Type::Set(_) => match arg.elements() {
                Some(elements) => elements.len(),
                None => {
                    unknown = true;
                    continue;
                }
            },
            Type::Dynamic => {
                unknown = true;
                continue;
            }
            _ => continue,
        };
        unknown |= !arg.is_known();
        match chosen {
            None => chosen = Some((at, length)),
            Some((other, wanted)) if length != wanted => {
                return Err(ArgumentError::argument(
                    at + 1,
                    format!(
                        "argument {} has length {length}, which is inconsistent with argument {} of length {wanted}",
                        at + 1,
                        other + 1
                    ),
                ));
            }
            Some(_) => {}
        }
    }
    if unknown {
        return Ok(Value::unknown(ty.clone()));
    }
    let count = chosen.map_or(1, |(_, length)| length);
    let mut results = Vec::with_capacity(count);
    let mut bytes = 0;
    for at in 0..count {
        let row: Vec<Value> = args
            .iter()
            .map(|arg| arg.elements().and_then(|items| items.get(at)).unwrap_or(arg).clone())
            .collect();
        results.push(if row.iter().all(Value::is_wholly_known) {
            let formatted =
                verb::format(format, &row, &environment.budget).map_err(|error| match args.is_empty() {
                    true => error,
                    false => ArgumentError::call(format!("error on format iteration {at}: {error}")),
                })?;
            bytes += formatted.len() as u64;
            environment.budget.allows_text(bytes)?;
            Value::string(formatted)
        } else {
            verb::unknown_result(format)
        });
    }
    Ok(list_of(Type::String, results))
}
