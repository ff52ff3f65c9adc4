//! How long an operation may take.

use std::time::Duration;

use crate::lang::Value;
use crate::schema::ResourceType;

/// What an operation may take when neither the configuration nor the type says otherwise.
pub(crate) const DEFAULT: Duration = Duration::from_secs(60 * 60);

/// Returns the limit of an operation (`create`, `update`, `delete`): from the object's `timeouts`, else the type's.
pub(crate) fn timeout(resource_type: &ResourceType, object: &Value, operation: &str) -> Duration {
    let given = object.get("timeouts").and_then(|timeouts| timeouts.get(operation)).and_then(Value::as_str);
    if let Some(duration) = given.and_then(parse) {
        return duration;
    }
    let known = resource_type.timeouts.iter().find(|timeout| timeout.operation == operation);
    known.map_or(DEFAULT, |timeout| Duration::from_secs(timeout.default_seconds))
}

/// Reads a duration as Go writes it: `90s`, `1h30m`, `1.5h`.
fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut seconds = 0f64;
    while !rest.is_empty() {
        let end = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        rest = &rest[end..];
        let unit = rest.find(|character: char| character.is_ascii_digit()).unwrap_or(rest.len());
        seconds += number
            * match &rest[..unit] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &rest[unit..];
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_writes_them() {
        assert_eq!(parse("1h30m"), Some(Duration::from_secs(5400)));
        assert_eq!(parse("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(parse("250ms"), Some(Duration::from_millis(250)));
        for wrong in ["", "5", "5 minutes", "-5m", "m", "5x", "é"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }
}
