//! How a command ends when it cannot do what was asked.

use std::fmt;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::state::{BackendError, ReadError};

/// Findings that end a command. Printed once, by the top.
#[derive(Debug, Clone)]
pub struct Failure(pub Diagnostics);

impl Failure {
    /// Returns a failure with one error.
    pub fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self([Diagnostic::error(summary, detail)].into_iter().collect())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summaries: Vec<_> = self.0.iter().map(|found| found.summary.as_str()).collect();
        formatter.write_str(&summaries.join("; "))
    }
}

impl std::error::Error for Failure {}

/// Turns whatever ended a command into findings.
pub(crate) fn findings(error: &anyhow::Error) -> Diagnostics {
    if let Some(Failure(found)) = error.downcast_ref() {
        return found.clone();
    }
    let diagnostic = if let Some(error) = error.downcast_ref::<BackendError>() {
        Diagnostic::error(error.summary(), error.detail())
    } else if let Some(error) = error.downcast_ref::<ReadError>() {
        Diagnostic::error("The state cannot be read", format!("{error}.\n\n{}", error.remedy()))
    } else {
        let causes: Vec<_> = error.chain().skip(1).map(ToString::to_string).collect();
        Diagnostic::error(error.to_string(), causes.join(": "))
    };
    [diagnostic].into_iter().collect()
}

/// Returns whether the reader of our output went away, which is no error of ours.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// Returns the text of findings that have no place in a source file, in Terraform's boxes.
pub(crate) fn to_text(found: &Diagnostics, colour: bool) -> String {
    let mut text = String::new();
    for diagnostic in found {
        let (word, code) = match diagnostic.severity {
            Severity::Error => ("Error", "31"),
            Severity::Warning => ("Warning", "33"),
        };
        let mut lines = vec![if colour {
            format!("\x1b[1m\x1b[{code}m{word}: \x1b[0m\x1b[1m{}\x1b[0m", neutral(&diagnostic.summary))
        } else {
            format!("{word}: {}", neutral(&diagnostic.summary))
        }];
        if !diagnostic.detail.is_empty() {
            lines.push(String::new());
            lines.extend(neutral(&diagnostic.detail).lines().map(str::to_owned));
        }
        if colour {
            text.push_str(&format!("\x1b[{code}m╷\x1b[0m\n"));
            for line in lines {
                text.push_str(&format!("\x1b[{code}m│\x1b[0m {line}\n"));
            }
            text.push_str(&format!("\x1b[{code}m╵\x1b[0m\n"));
        } else {
            text.push_str(&format!("\n{}\n", lines.join("\n")));
        }
    }
    text
}

/// Names come from files and servers; they must not steer the terminal.
fn neutral(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_control() && character != '\n' { '\u{fffd}' } else { character })
        .collect()
}
