//! Every function held against Terraform's own answers.
//!
//! `cases.jsonl` was recorded from Terraform 1.11.4: for each expression the type and the value, or the
//! summary and the detail of the error. The files that expressions read are in `files/`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::json;
use crate::diagnostic::Sources;
use crate::lang::evaluate::evaluate_alone;
use crate::lang::scope::{Environment, Files, Phase};
use crate::lang::syntax::parse_expression;
use crate::lang::types::Type;
use crate::lang::{Members, Value};

struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn exists(&self, path: &Path) -> std::io::Result<bool> {
        match std::fs::metadata(path) {
            Ok(found) if found.is_file() => Ok(true),
            Ok(_) => Err(std::io::ErrorKind::IsADirectory.into()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn walk(&self, folder: &Path, _: Option<usize>) -> std::io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut folders = vec![PathBuf::new()];
        while let Some(inner) = folders.pop() {
            for entry in std::fs::read_dir(folder.join(&inner))? {
                let entry = entry?;
                let path = inner.join(entry.file_name());
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else {
                    found.push(path.to_string_lossy().into_owned());
                }
            }
        }
        Ok(found)
    }
}

fn environment() -> Environment {
    Environment {
        files: Arc::new(Disk),
        working_folder: Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lang/functions/recorded/files"),
        home_folder: Some("/nonexistent/home".into()),
        plan_timestamp: Some(jiff::Timestamp::UNIX_EPOCH),
        now: jiff::Timestamp::UNIX_EPOCH,
        phase: Phase::Apply,
        budget: Arc::default(),
    }
}

fn type_json(ty: &Type) -> String {
    match ty {
        Type::Dynamic => "\"dynamic\"".to_owned(),
        Type::Bool => "\"bool\"".to_owned(),
        Type::Number => "\"number\"".to_owned(),
        Type::String => "\"string\"".to_owned(),
        Type::List(element) => format!("[\"list\",{}]", type_json(element)),
        Type::Set(element) => format!("[\"set\",{}]", type_json(element)),
        Type::Map(element) => format!("[\"map\",{}]", type_json(element)),
        Type::Tuple(types) => {
            format!("[\"tuple\",[{}]]", types.iter().map(type_json).collect::<Vec<_>>().join(","))
        }
        Type::Object(object) => {
            let attributes =
                object.attributes.iter().map(|(name, ty)| format!("{}:{}", json::quote(name), type_json(ty)));
            format!("[\"object\",{{{}}}]", attributes.collect::<Vec<_>>().join(","))
        }
    }
}

/// Returns what an expression gives in the form of the cases.
fn outcome(expression: &str) -> String {
    let mut sources = Sources::new();
    let id = sources.add("<expression>", expression);
    let (tree, mut found) = parse_expression(id, expression);
    let evaluated = match tree {
        Some(tree) if !found.has_errors() => evaluate_alone(&tree, &Members::new(), &environment()),
        _ => Err(std::mem::take(&mut found)),
    };
    match evaluated {
        Ok(value) if value.is_null() => "null".to_owned(),
        Ok(value) => {
            let plain: Value = value.unmarked_deep();
            // A state has no negative zero.
            let text =
                Some(json::encode(&plain)).filter(|text| text != "-0").unwrap_or_else(|| "0".to_owned());
            format!("{} {text}", type_json(&plain.type_of()))
        }
        Err(found) => match found.iter().next() {
            Some(first) => format!("{}: {}", first.summary, first.detail),
            None => "an error without words".to_owned(),
        },
    }
}

fn expected(case: &Value) -> String {
    let text = |name: &str| case.get(name).and_then(Value::as_str);
    match (text("error"), case.get("value")) {
        (Some(error), _) => format!("{error}: {}", text("detail").unwrap_or_default()),
        (None, Some(value)) => {
            let ty = json::encode(case.get("type").unwrap());
            format!("{ty} {}", json::encode(value))
        }
        _ => "null".to_owned(),
    }
}

/// Text that only explains a problem may differ where the parsers below differ.
fn explains_differently(expression: &str, wanted: &str, got: &str) -> bool {
    let both_fail = wanted.starts_with("Error in function call") && got.starts_with("Error in function call");
    both_fail && ["yamldecode", "try"].iter().any(|name| expression.starts_with(name))
}

#[test]
fn functions_answer_as_terraform_does() {
    let mut failures = Vec::new();
    let mut count = 0;
    for line in include_str!("cases.jsonl").lines() {
        let case = json::decode(line).unwrap();
        let expression = case.get("expression").and_then(Value::as_str).unwrap();
        let (wanted, got) = (expected(&case), outcome(expression));
        count += 1;
        if wanted != got && !explains_differently(expression, &wanted, &got) {
            failures.push(format!("{expression}\n  wanted {wanted}\n  got    {got}\n"));
        }
    }
    assert!(failures.is_empty(), "{} of {count} differ:\n{}", failures.len(), failures.join(""));
}
