//! Expressions, wrong configurations and whole configurations, each with the answers that Terraform 1.11.4 gave.
//!
//! - `expressions/*.tf`: one `output` block is one case; a case without an answer is null there. Files without
//!   resources are evaluated by the language alone, the others by the program.
//! - `errors/*`: the program must refuse each on the line on which Terraform does.
//! - `configs/*`: plans, applies and outputs, step by step.
//! - The texts of all are also what the fuzzer of `fuzz/` begins with.

#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

#[path = "../fuzz/language.rs"]
mod language;
#[path = "corpus/runner.rs"]
mod runner;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use snapform::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use snapform::lang::constraint::{Constraint, parse_type};
use snapform::lang::evaluate::{evaluate, evaluate_constant};
use snapform::lang::syntax::{BlockShape, Body, Expression, parse_body};
use snapform::lang::{Environment, Files, Kind, Phase, Root, Scope, Type, Value};
use snapform::schema::saved::{type_from_json, type_to_json};

struct Folder;

impl Files for Folder {
    fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
        std::fs::read(path)
    }

    fn exists(&self, path: &Path) -> std::io::Result<bool> {
        Ok(path.is_file())
    }

    fn walk(&self, folder: &Path, _: Option<usize>) -> std::io::Result<Vec<String>> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in std::fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if let Ok(relative) = path.strip_prefix(folder) {
                    found.push(relative.to_string_lossy().into_owned());
                }
            }
        }
        Ok(found)
    }
}

struct Case {
    locals: BTreeMap<Arc<str>, Expression>,
    variables: BTreeMap<Arc<str>, Value>,
    environment: Environment,
}

impl Scope for Case {
    fn lookup(&self, root: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
        match root {
            Root::Local(name) if self.locals.contains_key(name) => evaluate(&self.locals[name], self),
            Root::Variable(name) if self.variables.contains_key(name) => Ok(self.variables[name].clone()),
            Root::Path(word) if &**word == "cwd" => {
                Ok(Value::string(self.environment.working_folder.to_string_lossy()))
            }
            Root::Path(_) => Ok(Value::string(".")),
            Root::Terraform(word) if &**word == "workspace" => Ok(Value::string("default")),
            other => Err(Diagnostic::error("Reference to undeclared object", format!("{other:?}"))
                .at(range)
                .into()),
        }
    }

    fn environment(&self) -> &Environment {
        &self.environment
    }
}

fn environment(folder: PathBuf) -> Environment {
    let now = jiff::Timestamp::UNIX_EPOCH;
    Environment {
        files: Arc::new(Folder),
        working_folder: folder,
        home_folder: Some("/nonexistent/home".into()),
        plan_timestamp: Some(now),
        now,
        phase: Phase::Apply,
        budget: Arc::default(),
    }
}

fn case(body: &Body, folder: PathBuf) -> Case {
    let mut case =
        Case { locals: BTreeMap::new(), variables: BTreeMap::new(), environment: environment(folder) };
    for block in body.blocks.iter() {
        let attribute = |name: &str| block.body.attributes.get(name).map(|attribute| &attribute.expression);
        match &*block.block_type {
            "locals" => {
                for (name, attribute) in block.body.attributes.iter() {
                    case.locals.insert(name.clone(), attribute.expression.clone());
                }
            }
            "variable" => {
                let constraint = attribute("type").map_or(Constraint::any(), |ty| parse_type(ty).unwrap());
                let value = attribute("default")
                    .map_or(Value::null(Type::Dynamic), |e| evaluate_constant(e).unwrap());
                let mut value = constraint.apply(&value).unwrap();
                if attribute("sensitive").is_some() {
                    value = value.sensitive();
                }
                case.variables.insert(block.labels[0].text.clone(), value);
            }
            _ => {}
        }
    }
    case
}

fn plain(value: &Value) -> Json {
    match &value.kind {
        Kind::Null(_) => Json::Null,
        Kind::Unknown(..) => Json::String("(unknown)".to_owned()),
        Kind::Bool(value) => Json::Bool(*value),
        // JSON of Terraform has one zero.
        Kind::Number(number) if number.is_zero() => Json::from(0),
        Kind::Number(number) => serde_json::from_str(&number.to_string()).unwrap_or(Json::Null),
        Kind::String(text) => Json::String(text.to_string()),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => items.iter().map(plain).collect(),
        Kind::Map(_, members) | Kind::Object(members) => {
            Json::Object(members.iter().map(|(name, member)| (name.to_string(), plain(member))).collect())
        }
    }
}

#[test]
fn expressions_give_the_answers_that_terraform_gave() {
    give_recorded_answers(false);
}

/// Heredocs keep their line ends: `*.crlf.json` holds Terraform's answers where they are other ones then.
#[test]
fn expressions_in_lines_with_carriage_returns_give_the_answers_that_terraform_gave() {
    give_recorded_answers(true);
}

fn give_recorded_answers(carriage_returns: bool) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/expressions");
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "tf"))
        .collect();
    files.sort();
    let (mut passed, mut failures) = (0, Vec::new());
    for file in files {
        let mut text = std::fs::read_to_string(&file).unwrap();
        let mut expected: Json =
            serde_json::from_str(&std::fs::read_to_string(file.with_extension("expected.json")).unwrap())
                .unwrap();
        if carriage_returns {
            text = text.replace('\n', "\r\n");
            if let Ok(other) = std::fs::read_to_string(file.with_extension("crlf.json")) {
                let other: BTreeMap<String, Json> = serde_json::from_str(&other).unwrap();
                other.into_iter().for_each(|(label, answer)| expected[&label] = answer);
            }
        }
        let mut sources = Sources::new();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let source = sources.add(name.as_str(), text.as_str());
        let (body, found) = parse_body(source, &text);
        // Resources need more than the language.
        if body.blocks_of("resource").next().is_some() {
            match runner::outputs_of_program(&text, &folder.join("fixtures")) {
                Ok(outputs) => {
                    let labels = body.blocks_of("output").map(|output| output.labels[0].text.to_string());
                    for label in labels {
                        match (expected.get(&label), outputs.get(&label)) {
                            (wanted, got) if wanted == got => passed += 1,
                            (wanted, got) => {
                                failures.push(format!("{name} {label}: {got:?} instead of {wanted:?}"));
                            }
                        }
                    }
                }
                Err(why) => failures.push(format!("{name}: {why}")),
            }
            continue;
        }
        for diagnostic in &found {
            failures.push(format!("{name}: {}: {}", diagnostic.summary, diagnostic.detail));
        }
        let shapes = [BlockShape { name: "output", labels: 1 }];
        let (body, _) = body.resolve(&shapes);
        let case = case(&body, folder.clone());
        for output in body.blocks_of("output") {
            let label = &*output.labels[0].text;
            let expression = &output.body.attributes["value"].expression;
            let answer = expected.get(label);
            let problem = match evaluate(expression, &case) {
                Err(found) => {
                    let found: Vec<String> =
                        found.iter().map(|d| format!("{}: {}", d.summary, d.detail)).collect();
                    Some(found.join("; "))
                }
                Ok(value) if value.is_null() => answer.map(|answer| format!("null instead of {answer}")),
                // What stays unknown is saved as null.
                Ok(value) => match answer {
                    None => Some(format!("{} instead of null", plain(&value))),
                    Some(answer) => {
                        let ty = type_to_json(&value.type_of());
                        let wanted_type = type_from_json(&answer["type"]).map(|ty| type_to_json(&ty));
                        if plain(&value.unknown_as_null()) != answer["value"] {
                            Some(format!("{} instead of {}", plain(&value), answer["value"]))
                        } else if Some(&ty) != wanted_type.as_ref() {
                            Some(format!("type {ty} instead of {}", answer["type"]))
                        } else {
                            None
                        }
                    }
                },
            };
            match problem {
                None => passed += 1,
                Some(problem) => failures.push(format!("{name} {label}: {problem}")),
            }
        }
    }
    assert!(failures.is_empty(), "{passed} passed, {} failed:\n{}", failures.len(), failures.join("\n"));
}
