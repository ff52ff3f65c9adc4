//! Runs the program on the cases that need it, several at a time.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value as Json;

/// The folder of the cases.
fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs the program in a folder, without any setting of the machine.
fn run(folder: &Path, words: &[&str], environment: &Json) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snapform"));
    command.args(words).current_dir(folder).env_clear().env("HOME", "/nonexistent/home").env("TZ", "UTC");
    for (name, value) in environment.as_object().into_iter().flatten() {
        command.env(name, value.as_str().unwrap_or_default());
    }
    let output = command.stdin(Stdio::null()).output().unwrap();
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// How the lines of a case's files end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lines {
    AsSaved,
    /// With carriage return and newline.
    Windows,
}

impl Lines {
    /// Returns the content that a file of this name has with such lines.
    fn of(self, name: &str, content: Vec<u8>) -> Vec<u8> {
        let is_ours = [".tf", ".tf.json", ".tfvars", ".tfvars.json"].iter().any(|end| name.ends_with(end));
        if self == Lines::AsSaved || !is_ours {
            return content;
        }
        let mut out = Vec::with_capacity(content.len());
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            match line.strip_suffix(b"\n") {
                Some(rest) => {
                    out.extend_from_slice(rest);
                    out.extend_from_slice(b"\r\n");
                }
                None => out.extend_from_slice(line),
            }
        }
        out
    }
}

fn copy(from: &Path, to: &Path, skip: &str) {
    copy_with(from, to, skip, Lines::AsSaved);
}

fn copy_with(from: &Path, to: &Path, skip: &str, lines: Lines) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_name() == skip {
            continue;
        }
        if entry.path().is_dir() {
            copy_with(&entry.path(), &target, skip, lines);
        } else {
            let name = entry.file_name().to_string_lossy().into_owned();
            std::fs::write(&target, lines.of(&name, std::fs::read(entry.path()).unwrap())).unwrap();
        }
    }
}

fn json(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn words(value: &Json) -> Vec<&str> {
    value.as_array().map(|words| words.iter().filter_map(Json::as_str).collect()).unwrap_or_default()
}

/// Returns what `output -json` prints after the configuration of one file was applied.
pub fn outputs_of_program(text: &str, fixtures: &Path) -> Result<Json, String> {
    let folder = tempfile::tempdir().unwrap();
    copy(fixtures, &folder.path().join("fixtures"), "");
    std::fs::write(folder.path().join("main.tf"), text).unwrap();
    let applied = run(folder.path(), &["apply", "-auto-approve", "-no-color"], &Json::Null);
    if applied.code != Some(0) {
        return Err(applied.err);
    }
    let outputs = run(folder.path(), &["output", "-json"], &Json::Null);
    serde_json::from_str(&outputs.out).map_err(|error| format!("{error}: {}", outputs.out))
}

/// Runs `check` on all folders of a kind and returns what failed.
fn all(kind: &str, check: impl Fn(&Path) -> Result<(), String> + Sync) {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(corpus().join(kind))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, |count| count.get()).min(8);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(folder) = folders.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = check(folder) {
                        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
                        failures.lock().unwrap().push(format!("{name}: {why}"));
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(failures.is_empty(), "{} of {} failed:\n{}", failures.len(), folders.len(), failures.join("\n"));
}

/// Returns file and line of the errors that a run printed as JSON.
fn errors_of(out: &str) -> Vec<(String, i64, String)> {
    let documents: Vec<Json> = match serde_json::from_str::<Json>(out) {
        Ok(one) => one["diagnostics"].as_array().cloned().unwrap_or_default(),
        Err(_) => out
            .lines()
            .filter_map(|line| serde_json::from_str::<Json>(line).ok())
            .map(|line| line["diagnostic"].clone())
            .collect(),
    };
    documents
        .iter()
        .filter(|each| each["severity"] == "error")
        .map(|each| {
            (
                each["range"]["filename"].as_str().unwrap_or_default().to_owned(),
                each["range"]["start"]["line"].as_i64().unwrap_or_default(),
                each["summary"].as_str().unwrap_or_default().to_owned(),
            )
        })
        .collect()
}

#[test]
fn wrong_configurations_are_refused_on_the_lines_on_which_terraform_refuses_them() {
    refused_on_their_lines(Lines::AsSaved);
}

// Terraform names the same lines: recorded with 1.11.4 over all cases.
#[test]
fn line_ends_do_not_move_what_is_refused() {
    refused_on_their_lines(Lines::Windows);
}

fn refused_on_their_lines(lines: Lines) {
    all("errors", |case| {
        let expected = json(&case.join("expected.json"));
        let folder = tempfile::tempdir().unwrap();
        copy_with(case, folder.path(), "expected.json", lines);
        let mut command = match expected["command"].as_str() {
            Some("validate") => vec!["validate", "-json"],
            _ => vec!["plan", "-json", "-input=false"],
        };
        command.extend(words(&expected["args"]));
        let ran = run(folder.path(), &command, &expected["env"]);
        let found = errors_of(&ran.out);
        if ran.code != Some(1) || found.is_empty() {
            return Err(format!("ended with {:?} and found {found:?}: {}", ran.code, ran.err));
        }
        let (Some(file), Some(line)) = (expected["file"].as_str(), expected["line"].as_i64()) else {
            return Ok(());
        };
        match found.iter().any(|(at, on, _)| at == file && *on == line) {
            true => Ok(()),
            false => Err(format!("{found:?} instead of {file}:{line} {}", expected["summary"])),
        }
    });
}

/// Returns address and actions of the changes of a plan.
fn changes(plan: &Json) -> Vec<String> {
    let changes = plan["resource_changes"].as_array();
    let mut changes: Vec<String> = changes
        .into_iter()
        .flatten()
        .map(|change| format!("{} {} {}", change["address"], change["change"]["actions"], change["deposed"]))
        .collect();
    changes.sort();
    changes
}

fn step(case: &Path, step: &Json, folder: &Path, lines: Lines) -> Result<(), String> {
    let environment = &step["env"];
    let mut command = vec!["plan", "-input=false", "-no-color", "-out=tfplan"];
    command.extend(words(&step["args"]));
    let name = step["name"].as_str().unwrap();
    let expected = |what: &str| json(&case.join(format!("expected/{name}{what}.json")));
    let planned = run(folder, &command, environment);
    let codes = expected("");
    if planned.code.map(i64::from) != codes["plan_exit"].as_i64() {
        return Err(format!("plan ended with {:?}: {}{}", planned.code, planned.out, planned.err));
    }
    if case.join(format!("expected/{name}.plan.json")).exists() {
        let shown = run(folder, &["show", "-json", "tfplan"], environment);
        let shown: Json = serde_json::from_str(&shown.out)
            .map_err(|error| format!("show: {error}: {}{}", shown.out, shown.err))?;
        let (wanted, got) = (changes(&expected(".plan")), changes(&shown));
        if wanted != got {
            return Err(format!("changes {got:?} instead of {wanted:?}"));
        }
    }
    if let Some(code) = codes["apply_exit"].as_i64() {
        let words = ["apply", "-auto-approve", "-input=false", "-no-color", "tfplan"];
        let applied = run(folder, &words, environment);
        if applied.code.map(i64::from) != Some(code) {
            return Err(format!("apply ended with {:?}: {}{}", applied.code, applied.out, applied.err));
        }
    }
    let outputs = run(folder, &["output", "-json"], environment);
    let outputs: Json = serde_json::from_str(&outputs.out).map_err(|error| error.to_string())?;
    // Heredocs keep their line ends; where that shows in an output, Terraform's answer is recorded for both.
    let other = case.join(format!("expected/{name}.crlf.outputs.json"));
    let wanted = if lines == Lines::Windows && other.exists() { json(&other) } else { expected(".outputs") };
    if outputs != wanted { Err(format!("outputs {outputs} instead of {wanted}")) } else { Ok(()) }
}

#[test]
fn configurations_are_planned_and_applied_as_terraform_does() {
    planned_and_applied(Lines::AsSaved);
}

#[test]
fn line_ends_do_not_change_what_is_planned_and_applied() {
    planned_and_applied(Lines::Windows);
}

fn planned_and_applied(lines: Lines) {
    all("configs", |case| {
        let script = json(&case.join("script.json"));
        let folder = tempfile::tempdir().unwrap();
        for each in script["steps"].as_array().unwrap() {
            if let Some(files) = each["files"].as_str() {
                copy_with(&case.join(files), folder.path(), "", lines);
            }
            for gone in words(&each["delete"]) {
                std::fs::remove_file(folder.path().join(gone)).unwrap();
            }
            let _ = std::fs::remove_file(folder.path().join("tfplan"));
            step(case, each, folder.path(), lines).map_err(|why| format!("step {}: {why}", each["name"]))?;
        }
        Ok(())
    });
}

#[test]
fn the_seeds_of_the_fuzzer_are_read_and_evaluated() {
    let mut folders = vec![corpus()];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path)
                && !path.ends_with("runner.rs")
            {
                crate::language::read_and_evaluate(&text);
                read += 1;
            }
        }
    }
    assert!(read > 100, "only {read} seeds");
}
