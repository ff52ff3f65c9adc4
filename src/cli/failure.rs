//! How a command ends when it cannot do what was asked.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::text::{Layout, render};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::state::{BackendError, ReadError};

/// Findings that end a command. Printed once, by the top.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What was found.
    pub findings: Diagnostics,
    /// The texts that the findings point into.
    pub sources: Arc<Sources>,
}

impl Failure {
    /// Returns a failure with one error.
    pub fn new(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::of([Diagnostic::error(summary, detail)].into_iter().collect(), Arc::default())
    }

    /// Returns a failure with findings in source texts.
    pub fn of(findings: Diagnostics, sources: Arc<Sources>) -> Self {
        Self { findings, sources }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summaries: Vec<_> = self.findings.iter().map(|found| found.summary.as_str()).collect();
        formatter.write_str(&summaries.join("; "))
    }
}

impl std::error::Error for Failure {}

/// Turns whatever ended a command into findings.
pub(crate) fn failure_of(error: &anyhow::Error) -> Failure {
    if let Some(failure) = error.downcast_ref::<Failure>() {
        return failure.clone();
    }
    if let Some(error) = error.downcast_ref::<BackendError>() {
        return Failure::new(error.summary(), error.detail());
    }
    if let Some(error) = error.downcast_ref::<ReadError>() {
        return Failure::new("The state cannot be read", format!("{error}.\n\n{}", error.remedy()));
    }
    let causes: Vec<_> = error.chain().skip(1).map(ToString::to_string).collect();
    Failure::new(error.to_string(), causes.join(": "))
}

/// Returns whether the reader of our output went away, which is no error of ours.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

/// Returns the text of findings in Terraform's layout.
pub(crate) fn to_text(findings: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let layout = Layout { colour, width: terminal_width(std::io::stderr()) };
    let findings = &super::repeated::grouped(findings);
    in_order(findings, sources).into_iter().map(|diagnostic| render(diagnostic, sources, layout)).collect()
}

/// Returns findings as people look them up: warnings first, then what points nowhere, then by file and place.
pub(crate) fn in_order<'a>(findings: &'a Diagnostics, sources: &Sources) -> Vec<&'a Diagnostic> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|diagnostic| {
        let place = diagnostic.subject.map(|range| (sources.name(range.source), range.start, range.end));
        (std::cmp::Reverse(diagnostic.severity), place)
    });
    sorted
}

/// Returns the text of one warning that points at no source.
pub(crate) fn warning_to_text(summary: &str, detail: &str, colour: bool) -> String {
    to_text(&[Diagnostic::warning(summary, detail)].into_iter().collect(), &Sources::new(), colour)
}

/// Returns the columns of the window that a stream goes to. What the shell was told in `COLUMNS` comes first; where there is no
/// window, Terraform wraps at 78 columns, and so do we.
pub(crate) fn terminal_width(stream: impl std::os::fd::AsFd) -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let window = || terminal_size::terminal_size_of(stream).map(|(width, _)| usize::from(width.0));
    told.or_else(window).filter(|columns| *columns >= NARROWEST).unwrap_or(Layout::default().width)
}

/// Windows that are narrower, or say that they are, are not wrapped for: nothing could be read there.
const NARROWEST: usize = 40;
