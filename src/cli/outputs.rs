//! `output`, and the values of saved outputs.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::Value;

use super::arguments::inspect::OutputArguments;
use super::arguments::values::StatePathArguments;
use super::operate::compact_warnings;
use super::{Failure, Global, failure, output};
use crate::diagnostic::{Diagnostic, Sources};
use crate::plan::remembered;
use crate::render::text;
use crate::state::{Output, RawJson, State};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: &OutputArguments) -> anyhow::Result<ExitCode> {
    if arguments.json && arguments.raw {
        return Err(Failure::new(
            "Invalid output format",
            "The -raw and -json options are mutually-exclusive.",
        )
        .into());
    }
    if arguments.raw && arguments.name.is_none() {
        return Err(Failure::new(
            "Output name required",
            "You must give the name of a single output value when using the -raw option.",
        )
        .into());
    }
    let state = global.read_state(&StatePathArguments::from(arguments)).await?;
    let Some(name) = &arguments.name else {
        return all(global, arguments, &state);
    };
    global.tell_sandbox_at_terminal();
    let Some(found) = state.outputs.get(name) else {
        if state.outputs.is_empty() && !arguments.json {
            return none(global, arguments);
        }
        return Err(Failure::new(
            format!("Output {name:?} not found"),
            "The output variable requested could not be found in the state file. If you recently added this to your \
             configuration, be sure to run `snapform apply`, since the state won't be updated with new output \
             variables until that command is run.",
        )
        .into());
    };
    if arguments.raw {
        output::print(&raw(name, found)?)?;
    } else if arguments.json {
        output::print_line(found.value.as_str())?;
    } else {
        output::print_line(text::value(&value_of(name, found)?))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn all(global: &Global, arguments: &OutputArguments, state: &State) -> anyhow::Result<ExitCode> {
    global.tell_sandbox_at_terminal();
    if arguments.json {
        output::print_line(to_json(state)?.to_indented())?;
        return Ok(ExitCode::SUCCESS);
    }
    if state.outputs.is_empty() {
        return none(global, arguments);
    }
    output::print(&outputs_to_text(state)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns all outputs as `output` prints them, one `name = value` each.
pub(crate) fn outputs_to_text(state: &State) -> anyhow::Result<String> {
    Ok(text::outputs(&values(state)?))
}

/// Returns the values of all outputs, and which of them are hidden from people.
///
/// # Errors
/// A value that is not of the type that was saved with it.
pub(crate) fn values(state: &State) -> anyhow::Result<BTreeMap<Arc<str>, (crate::lang::Value, bool)>> {
    let value = |(name, found): (&String, &Output)| {
        Ok((Arc::from(name.as_str()), (value_of(name, found)?, found.sensitive)))
    };
    state.outputs.iter().map(value).collect()
}

fn value_of(name: &str, found: &Output) -> anyhow::Result<crate::lang::Value> {
    remembered::output_value(found).map_err(|why| {
        Failure::new(
            "Failed to read an output value",
            format!("The state holds a value for the output {name:?} that is not of its type: {why}."),
        )
        .into()
    })
}

fn to_json(state: &State) -> anyhow::Result<RawJson> {
    let mut members = serde_json::Map::new();
    for (name, found) in &state.outputs {
        let entry = serde_json::json!({
            "sensitive": found.sensitive,
            "type": found.value_type.to_value()?,
            "value": found.value.to_value()?,
        });
        members.insert(name.clone(), entry);
    }
    Ok(RawJson::from_value(&Value::Object(members)))
}

fn none(global: &Global, arguments: &OutputArguments) -> anyhow::Result<ExitCode> {
    if arguments.warnings.compact_warnings {
        let warning = Diagnostic::warning("No outputs found", "");
        output::print(&compact_warnings(&Sources::new(), &[warning].into_iter().collect()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let warning = failure::warning_to_text(
        "No outputs found",
        "The state file either has no outputs defined, or all the defined outputs are empty. Please define an output in \
         your configuration with the `output` keyword and run `snapform refresh` for it to become available. If you are \
         using interpolation, please verify the interpolated value is not empty. You can use the `snapform console` \
         command to assist.",
        global.colour,
    );
    output::print(&warning)?;
    Ok(ExitCode::SUCCESS)
}

fn raw(name: &str, found: &Output) -> anyhow::Result<String> {
    Ok(match found.value.to_value()? {
        Value::String(text) => text,
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null => {
            return Err(Failure::new(
                "Unsupported value for raw output",
                format!("The value for output value {name:?} is null, so -raw mode cannot print it."),
            )
            .into());
        }
        Value::Array(_) | Value::Object(_) => {
            return Err(Failure::new(
                "Unsupported value for raw output",
                format!(
                    "The -raw option only supports strings, numbers, and boolean values, but output value {name:?} is \
                     {}.\n\nUse the -json option for machine-readable representations of output values that have \
                     complex types.",
                    friendly_type(&found.value_type.to_value()?)
                ),
            )
            .into());
        }
    })
}

fn friendly_type(value_type: &Value) -> String {
    match value_type {
        Value::String(name) if name == "dynamic" => "dynamic".to_owned(),
        Value::String(name) => name.clone(),
        Value::Array(parts) => match (parts.first().and_then(Value::as_str), parts.get(1)) {
            (Some(kind @ ("list" | "set" | "map")), Some(element)) => {
                format!("{kind} of {}", friendly_type(element))
            }
            (Some(kind), _) => kind.to_owned(),
            _ => "unknown".to_owned(),
        },
        _ => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, value_type: &str) -> String {
        let parse = |json| RawJson::parse(json).unwrap();
        let found = Output {
            value: parse(value),
            value_type: parse(value_type),
            sensitive: false,
            extra: Default::default(),
        };
        text::value(&value_of("a", &found).unwrap())
    }

    #[test]
    fn values_are_shown_as_terraform_shows_them() {
        assert_eq!(text(r#"["a","b"]"#, r#"["list","string"]"#), "tolist([\n  \"a\",\n  \"b\",\n])");
        assert_eq!(
            text(r#"{"a":1,"b c":2}"#, r#"["map","number"]"#),
            "tomap({\n  \"a\" = 1\n  \"b c\" = 2\n})"
        );
        assert_eq!(text(r#""a\nb\n""#, r#""string""#), "<<EOT\na\nb\n\nEOT");
        assert_eq!(text("[null]", r#"["tuple",["dynamic"]]"#), "[\n  null,\n]");
        assert_eq!(text("[]", r#"["set","string"]"#), "toset([])");
        assert_eq!(text(r#""x\"y""#, r#""string""#), r#""x\"y""#);
        assert_eq!(text(r#""${x} \u001b\u202e""#, r#""string""#), r#""${x} \x1b\u202e""#);
        assert_eq!(text(r#""a\n\u202e""#, r#""string""#), "<<EOT\na\n\\u202e\nEOT");
    }
}
