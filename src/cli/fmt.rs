//! `fmt`: configuration files in the canonical style.

use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use similar::TextDiff;

use super::arguments::inspect::FmtArguments;
use super::{Failure, Global, failure, output};
use crate::config::{format, is_ignored};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::disk;
use crate::lang::syntax::parse_body;

/// Exit code of `-check` when a file is not in the canonical style.
const WOULD_CHANGE: u8 = 3;
/// Exit code when a file cannot be read or parsed.
const FAILED: u8 = 2;

/// The endings of files that are formatted.
const EXTENSIONS: [&str; 5] = [".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl", ".snap.hcl"];

/// Runs the command.
pub(crate) fn run(global: &Global, arguments: &FmtArguments) -> anyhow::Result<ExitCode> {
    let standard_input = arguments.targets.first().is_some_and(|target| target == "-");
    let list = arguments.list && !standard_input;
    let mut formatter = Formatter {
        list: list || arguments.check,
        write: arguments.write && !standard_input && !arguments.check,
        diff: arguments.diff,
        recursive: arguments.recursive,
        changed: false,
        text: String::new(),
        sources: Sources::new(),
        found: Diagnostics::new(),
    };
    if standard_input {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        formatter.content("<stdin>", bytes, None);
    } else if arguments.targets.is_empty() {
        formatter.folder(Path::new("."));
    } else {
        arguments.targets.iter().for_each(|target| formatter.target(&cleaned(target)));
    }
    // A check that could not look at everything lists nothing.
    let is_whole = !(arguments.check && formatter.found.has_errors());
    if is_whole && (list || !arguments.check) {
        output::print(&formatter.text)?;
    }
    if formatter.found.has_errors() {
        let failure = Failure::of(formatter.found, Arc::new(formatter.sources));
        let colour = global.colour_of_errors;
        output::note(&failure::to_text(&failure.findings, &failure.sources, colour));
        return Ok(ExitCode::from(FAILED));
    }
    if arguments.check && formatter.changed {
        return Ok(ExitCode::from(WOULD_CHANGE));
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns a path without steps that lead nowhere, as files are listed.
fn cleaned(target: &str) -> PathBuf {
    let steps = Path::new(target).components().filter(|step| *step != Component::CurDir);
    let path: PathBuf = steps.collect();
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path }
}

struct Formatter {
    list: bool,
    write: bool,
    diff: bool,
    recursive: bool,
    changed: bool,
    text: String,
    sources: Sources,
    found: Diagnostics,
}

impl Formatter {
    fn error(&mut self, summary: impl Into<String>, detail: impl Into<String>) {
        self.found.push(Diagnostic::error(summary, detail));
    }

    fn target(&mut self, path: &Path) {
        let name = path.to_string_lossy();
        if path.is_dir() {
            self.folder(path);
        } else if !path.exists() {
            self.error(format!("No file or directory at {name}"), "");
        } else if EXTENSIONS.iter().any(|extension| name.ends_with(extension)) {
            self.file(path);
        } else {
            let summary = "Only .tf, .tfvars, .tftest.hcl and .snap.hcl files can be processed with fmt";
            self.error(summary, format!("{name:?} is none of them."));
        }
    }

    fn folder(&mut self, folder: &Path) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                self.error(format!("Cannot read directory {}", folder.display()), error.to_string());
                return;
            }
        };
        let mut names: Vec<String> =
            entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        for name in names.iter().filter(|name| !is_ignored(name)) {
            let path = if folder == Path::new(".") { PathBuf::from(name) } else { folder.join(name) };
            if path.is_dir() {
                if self.recursive {
                    self.folder(&path);
                }
            } else if EXTENSIONS.iter().any(|extension| name.ends_with(extension)) {
                self.file(&path);
            }
        }
    }

    fn file(&mut self, path: &Path) {
        match disk::read(path, disk::LARGEST_TEXT) {
            Ok(bytes) => self.content(&path.display().to_string(), bytes, Some(path)),
            Err(error) => self.error(format!("Failed to read file {}", path.display()), error.to_string()),
        }
    }

    /// Formats one text; `path` is where it is written back.
    fn content(&mut self, name: &str, bytes: Vec<u8>, path: Option<&Path>) {
        let Ok(text) = String::from_utf8(bytes) else {
            self.error(
                "Invalid character encoding",
                format!("The file {name} is not encoded in UTF-8. Save it in that encoding."),
            );
            return;
        };
        let id = self.sources.add(name, text.as_str());
        let (_, wrong) = parse_body(id, &text);
        if wrong.has_errors() {
            self.found.extend(wrong);
            return;
        }
        let formatted = format::format(&text);
        if formatted != text {
            self.changed = true;
            if self.list {
                self.text.push_str(&format!("{name}\n"));
            }
            if let Some(path) = path.filter(|_| self.write)
                && let Err(error) = std::fs::write(path, &formatted)
            {
                self.error(format!("Failed to write {name}"), error.to_string());
                return;
            }
            if self.diff {
                let (old, new) = (format!("old/{name}"), format!("new/{name}"));
                let diff = TextDiff::from_lines(text.as_str(), formatted.as_str());
                let unified = diff.unified_diff().context_radius(3).header(&old, &new).to_string();
                self.text.push_str(&unified);
            }
        }
        if !self.list && !self.write && !self.diff {
            self.text.push_str(&formatted);
            if !formatted.ends_with('\n') {
                self.text.push('\n');
            }
        }
    }
}
