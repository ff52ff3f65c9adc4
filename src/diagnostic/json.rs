//! Diagnostics as `validate -json` and the event stream carry them.

use serde::Serialize;

use super::snippet::Snippet;
use super::{Diagnostic, Diagnostics, Position, Severity, Sources, with_places};

/// A diagnostic in Terraform's JSON form.
#[derive(Clone, Debug, Serialize)]
pub struct JsonDiagnostic {
    severity: &'static str,
    summary: String,
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<JsonRange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<JsonSnippet>,
}

#[derive(Clone, Debug, Serialize)]
struct JsonRange {
    filename: String,
    start: JsonPosition,
    end: JsonPosition,
}

#[derive(Clone, Debug, Serialize)]
struct JsonPosition {
    line: usize,
    column: usize,
    byte: usize,
}

#[derive(Clone, Debug, Serialize)]
struct JsonSnippet {
    context: Option<String>,
    code: String,
    start_line: usize,
    highlight_start_offset: usize,
    highlight_end_offset: usize,
    values: Vec<JsonValue>,
}

#[derive(Clone, Debug, Serialize)]
struct JsonValue {
    traversal: String,
    statement: String,
}

/// What `validate -json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct JsonReport {
    format_version: &'static str,
    valid: bool,
    error_count: usize,
    warning_count: usize,
    diagnostics: Vec<JsonDiagnostic>,
}

impl From<Position> for JsonPosition {
    fn from(position: Position) -> Self {
        Self { line: position.line, column: position.column, byte: position.byte }
    }
}

impl JsonDiagnostic {
    /// Returns the JSON form of a diagnostic.
    pub fn new(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let snippet = Snippet::of(diagnostic, sources);
        let range = snippet.as_ref().map(|snippet| JsonRange {
            filename: snippet.file.clone(),
            start: snippet.start.into(),
            end: snippet.end.into(),
        });
        let values = diagnostic.values.iter().map(|value| JsonValue {
            traversal: value.traversal.clone(),
            statement: value.statement.clone(),
        });
        Self {
            severity: match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            summary: diagnostic.summary.clone(),
            detail: with_places(&diagnostic.detail, sources).into_owned(),
            address: diagnostic.address.clone(),
            range,
            snippet: snippet.map(|snippet| JsonSnippet {
                context: snippet.context,
                code: snippet.code,
                start_line: snippet.start_line,
                highlight_start_offset: snippet.highlight_start,
                highlight_end_offset: snippet.highlight_end,
                values: values.collect(),
            }),
        }
    }
}

impl JsonReport {
    /// Returns the report of a validation.
    pub fn new(diagnostics: &Diagnostics, sources: &Sources) -> Self {
        let errors = diagnostics.iter().filter(|each| each.severity == Severity::Error).count();
        Self {
            format_version: "1.0",
            valid: errors == 0,
            error_count: errors,
            warning_count: diagnostics.len() - errors,
            diagnostics: diagnostics.iter().map(|each| JsonDiagnostic::new(each, sources)).collect(),
        }
    }
}
