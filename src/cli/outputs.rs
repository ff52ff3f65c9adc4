//! `output`, and the text of saved values.

use std::process::ExitCode;

use serde_json::Value;

use super::arguments::inspect::OutputArguments;
use super::arguments::values::StatePathArguments;
use super::{Failure, Global, failure, output};
use crate::render::text::{quoted, safe};
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
    let Some(found) = state.outputs.get(name) else {
        if state.outputs.is_empty() && !arguments.json {
            return none(global);
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
        output::print_line(to_text(&found.value, &found.value_type)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn all(global: &Global, arguments: &OutputArguments, state: &State) -> anyhow::Result<ExitCode> {
    if arguments.json {
        output::print_line(to_json(state)?.to_indented())?;
        return Ok(ExitCode::SUCCESS);
    }
    if state.outputs.is_empty() {
        return none(global);
    }
    output::print(&outputs_to_text(state)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns all outputs as `output` prints them, one `name = value` each.
pub(crate) fn outputs_to_text(state: &State) -> anyhow::Result<String> {
    let mut text = String::new();
    for (name, found) in &state.outputs {
        let value = if found.sensitive {
            "<sensitive>".to_owned()
        } else {
            to_text(&found.value, &found.value_type)?
        };
        text.push_str(&format!("{name} = {value}\n"));
    }
    Ok(text)
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

fn none(global: &Global) -> anyhow::Result<ExitCode> {
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

/// Returns a saved value as the console prints it.
fn to_text(value: &RawJson, value_type: &RawJson) -> anyhow::Result<String> {
    let mut text = String::new();
    write_value(&value.to_value()?, Some(&value_type.to_value()?), 0, &mut text);
    Ok(text)
}

fn write_value(value: &Value, value_type: Option<&Value>, indent: usize, out: &mut String) {
    let parts = value_type.and_then(Value::as_array);
    let kind = parts.and_then(|parts| parts.first()).and_then(Value::as_str).unwrap_or_default();
    let inner = parts.and_then(|parts| parts.get(1));
    match value {
        Value::Null => write_null(value_type, out),
        Value::Bool(truth) => out.push_str(&truth.to_string()),
        Value::Number(number) => out.push_str(&number.to_string()),
        // Terraform prints several lines as they are, whatever is in them; ours cannot act on a terminal.
        Value::String(text) if text.contains('\n') && safe(text) == *text => {
            write_heredoc(text, indent, out);
        }
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Array(items) => {
            let (open, close) = match kind {
                "list" => ("tolist([", "])"),
                "set" => ("toset([", "])"),
                _ => ("[", "]"),
            };
            out.push_str(open);
            for (position, item) in items.iter().enumerate() {
                out.push_str(&format!("\n{}", " ".repeat(indent + 2)));
                let element =
                    if kind == "tuple" { inner.and_then(|types| types.get(position)) } else { inner };
                write_value(item, element, indent + 2, out);
                out.push(',');
            }
            if !items.is_empty() {
                out.push_str(&format!("\n{}", " ".repeat(indent)));
            }
            out.push_str(close);
        }
        Value::Object(members) => {
            let (open, close) = if kind == "map" { ("tomap({", "})") } else { ("{", "}") };
            out.push_str(open);
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|left, right| left.0.cmp(right.0));
            for (name, member) in sorted {
                out.push_str(&format!("\n{}{} = ", " ".repeat(indent + 2), quoted(name)));
                let element = if kind == "object" { inner.and_then(|types| types.get(name)) } else { inner };
                write_value(member, element, indent + 2, out);
            }
            if !members.is_empty() {
                out.push_str(&format!("\n{}", " ".repeat(indent)));
            }
            out.push_str(close);
        }
    }
}

/// A null of a known type is shown with the conversion that would give it that type.
fn write_null(value_type: Option<&Value>, out: &mut String) {
    let kind = match value_type {
        Some(Value::String(name)) => name.as_str(),
        Some(Value::Array(parts)) => parts.first().and_then(Value::as_str).unwrap_or_default(),
        _ => "",
    };
    out.push_str(match kind {
        "string" => "tostring(null)",
        "number" => "tonumber(null)",
        "bool" => "tobool(null)",
        _ => "null",
    });
}

fn write_heredoc(text: &str, indent: usize, out: &mut String) {
    let mut marker = "EOT".to_owned();
    while text.lines().any(|line| line.trim() == marker) {
        marker.push('_');
    }
    let (dash, pad) = if indent > 0 { ("-", " ".repeat(indent)) } else { ("", String::new()) };
    out.push_str(&format!("<<{dash}{marker}\n"));
    for line in text.split('\n') {
        out.push_str(&format!("{pad}{line}\n"));
    }
    out.push_str(&format!("{pad}{marker}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str, value_type: &str) -> String {
        to_text(&RawJson::parse(value).unwrap(), &RawJson::parse(value_type).unwrap()).unwrap()
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
        assert_eq!(text(r#""a\n\u202e""#, r#""string""#), r#""a\n\u202e""#);
    }
}
