//! Finds the `backend` block of the directory, before and without the rest of the configuration: commands like
//! `state list` must work when a module or a variable is missing.

use std::collections::BTreeMap;
use std::path::Path;

use super::Failure;
use crate::diagnostic::Sources;
use crate::disk;
use crate::lang::syntax::{Body, Node, parse_body};
use crate::state::settings::BackendSettings;

/// Returns the settings of the `backend` block in a folder; none where there is no block.
///
/// # Errors
///
/// There are two blocks, or an argument is no literal.
pub(crate) fn declared(folder: &Path) -> anyhow::Result<Option<BackendSettings>> {
    let mut found: Option<BackendSettings> = None;
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(None) };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let is_json = name.ends_with(".tf.json");
        if !is_json && !name.ends_with(".tf") || name.starts_with('.') {
            continue;
        }
        let Ok(text) = disk::read_text(&path, disk::LARGEST_TEXT) else { continue };
        if !text.contains("backend") {
            continue;
        }
        let settings = if is_json { of_json(&text) } else { of_native(&name, &text)? };
        let is_override = name.starts_with("override.") || name.contains("_override.");
        match settings {
            Some(_) if found.is_some() && !is_override => {
                return Err(Failure::new(
                    "Duplicate backend configuration",
                    format!("A module may have only one backend block, and {name} holds another one."),
                )
                .into());
            }
            Some(settings) => found = Some(settings),
            None => {}
        }
    }
    Ok(found)
}

fn of_native(name: &str, text: &str) -> anyhow::Result<Option<BackendSettings>> {
    let mut sources = Sources::new();
    let source = sources.add(name, text);
    // What else is wrong in the file is told by the commands that read all of it.
    let (body, _) = parse_body(source, text);
    let blocks = body.blocks_of("terraform").flat_map(|terraform| terraform.body.blocks_of("backend"));
    let mut found = None;
    for block in blocks {
        let Some(kind) = block.labels.first() else { continue };
        let arguments = literals(name, &block.body)?;
        found = Some(BackendSettings { kind: kind.text.to_string(), arguments });
    }
    Ok(found)
}

/// Returns the attributes of a file for `-backend-config`.
///
/// # Errors
///
/// A value is no literal.
pub(crate) fn literals_of_file(name: &str, text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let mut sources = Sources::new();
    let source = sources.add(name, text);
    let (body, found) = parse_body(source, text);
    if found.has_errors() {
        return Err(Failure::of(found, std::sync::Arc::new(sources)).into());
    }
    literals(name, &body)
}

fn literals(file: &str, body: &Body) -> anyhow::Result<BTreeMap<String, String>> {
    let mut arguments = BTreeMap::new();
    for (name, attribute) in body.attributes.iter() {
        let text = match &attribute.expression.node {
            Node::Null => continue,
            Node::Bool(truth) => truth.to_string(),
            Node::Number(number) => number.to_string(),
            _ => attribute.expression.as_literal_text().ok_or_else(|| not_literal(file, name))?.to_string(),
        };
        arguments.insert(name.to_string(), text);
    }
    Ok(arguments)
}

fn not_literal(file: &str, name: &str) -> anyhow::Error {
    Failure::new(
        "Variables not allowed",
        format!(
            "The argument \"{name}\" of the backend block in {file} is no literal. The backend is chosen before anything \
             else is known, so variables and functions cannot be used there; environment variables can."
        ),
    )
    .into()
}

fn of_json(text: &str) -> Option<BackendSettings> {
    let file: serde_json::Value = serde_json::from_str(text).ok()?;
    let backends = first(file.get("terraform")?)?.get("backend").and_then(first)?;
    let (kind, arguments) = backends.as_object()?.iter().next()?;
    let arguments = first(arguments)?.as_object()?.iter().filter_map(|(name, value)| {
        let text = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Bool(truth) => truth.to_string(),
            serde_json::Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some((name.clone(), text))
    });
    Some(BackendSettings { kind: kind.clone(), arguments: arguments.collect() })
}

/// JSON syntax writes one block as an object or as a list with one.
fn first(value: &serde_json::Value) -> Option<&serde_json::Value> {
    value.as_array().map_or(Some(value), |items| items.first())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> anyhow::Result<Option<BackendSettings>> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        declared(folder.path())
    }

    #[test]
    fn the_block_is_found_in_both_syntaxes() {
        let native =
            "terraform {\n  backend \"http\" {\n    address = \"http://h/s\"\n    retry_max = 3\n  }\n}\n";
        let json = r#"{"terraform":[{"backend":{"http":{"address":"http://h/s","retry_max":3}}}]}"#;
        for (name, text) in [("main.tf", native), ("main.tf.json", json)] {
            let settings = of(&[(name, text), ("other.tf", "locals {}")]).unwrap().unwrap();
            assert_eq!(settings.kind, "http");
            assert_eq!(settings.arguments["address"], "http://h/s");
            assert_eq!(settings.arguments["retry_max"], "3");
        }
        assert_eq!(of(&[("main.tf", "# backend\n")]).unwrap(), None);
    }

    #[test]
    fn two_blocks_and_variables_are_refused() {
        let block = "terraform {\n  backend \"local\" {}\n}\n";
        assert!(of(&[("a.tf", block), ("b.tf", block)]).is_err());
        assert!(of(&[("a.tf", block), ("override.tf", block)]).is_ok());
        assert!(of(&[("a.tf", "terraform {\n  backend \"http\" {\n    address = var.a\n  }\n}\n")]).is_err());
    }
}
