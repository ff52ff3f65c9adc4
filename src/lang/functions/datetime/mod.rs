//! Dates and times, as texts in the form of RFC 3339.

mod layout;
mod timestamp;

use jiff::tz::TimeZone;

use super::define::{function, text};
use super::{ArgumentError, Environment, Function, Parameter, Shape, Value};
use crate::lang::scope::Phase;
pub(super) use timestamp::Timestamp;

pub(super) const FUNCTIONS: &[Function] = &[
    function(
        "formatdate",
        &[Parameter::new("format", Shape::String), Parameter::new("time", Shape::String)],
        Shape::String,
        |args, _, _| {
            let time = parse(args, 1)?;
            layout::format(text(&args[0]), &time)
                .map(Value::string)
                .map_err(|message| ArgumentError::argument(0, message))
        },
    ),
    function(
        "timeadd",
        &[Parameter::new("timestamp", Shape::String), Parameter::new("duration", Shape::String)],
        Shape::String,
        |args, _, _| {
            let time = Timestamp::parse(text(&args[0])).map_err(ArgumentError::call)?;
            let nanoseconds = timestamp::parse_duration(text(&args[1])).map_err(ArgumentError::call)?;
            Ok(Value::string(time.plus(nanoseconds).to_string()))
        },
    )
    .may_be_null(),
    function(
        "timecmp",
        &[Parameter::new("timestamp_a", Shape::String), Parameter::new("timestamp_b", Shape::String)],
        Shape::Number,
        |args, _, _| {
            let order = parse(args, 0)?.instant().cmp(&parse(args, 1)?.instant());
            Ok((order as i64).into())
        },
    ),
    function("timestamp", &[], Shape::String, |_, ty, environment| match environment.phase {
        Phase::Plan => Ok(Value::unknown(ty.clone())),
        Phase::Apply => Ok(Value::string(utc_seconds(environment.now))),
    }),
    function("plantimestamp", &[], Shape::String, |_, ty, environment: &Environment| {
        Ok(match environment.plan_timestamp {
            Some(time) => Value::string(utc_seconds(time)),
            None => Value::unknown(ty.clone()),
        })
    }),
];

fn parse(args: &[Value], index: usize) -> Result<Timestamp, ArgumentError> {
    Timestamp::parse(text(&args[index])).map_err(|message| ArgumentError::argument(index, message))
}

fn utc_seconds(time: jiff::Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
