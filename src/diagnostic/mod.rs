//! Errors and warnings with source ranges, as text and as JSON.
//!
//! A [`Diagnostic`] is plain data: a fixed short summary, a detail that says what is wrong, why it
//! matters and what to do, and where in the source it is. [`Diagnostics`] collects many, so that one
//! run reports all errors. The texts follow Terraform's where it has one.

pub mod json;
mod mention;
pub mod snippet;
mod source;
pub mod suggest;
pub mod text;

pub use mention::{mention, with_places};
pub use source::{Position, SourceId, SourceRange, Sources};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The run cannot do what was asked.
    Error,
    /// The run goes on, but the user should look.
    Warning,
}

/// The value of a reference inside a failing expression, as shown under the code line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceValue {
    /// The reference as written, such as `var.region`.
    pub traversal: String,
    /// What is said of it, such as `is "cn-hangzhou"` or `is a string, known only after apply`.
    pub statement: String,
}

/// One error or warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A fixed short text without user names in it.
    pub summary: String,
    /// What is wrong, why it matters, what to do; may be empty.
    pub detail: String,
    /// The source range to point at.
    pub subject: Option<SourceRange>,
    /// The wider range (the block or expression) that gives context.
    pub context: Option<SourceRange>,
    /// The resource instance or other object concerned, as an address.
    pub address: Option<String>,
    /// Values of the references in the failing expression; sensitive ones are never in clear.
    pub values: Vec<ReferenceValue>,
}

impl Diagnostic {
    /// Returns an error without a source range.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            summary: summary.into(),
            detail: detail.into(),
            subject: None,
            context: None,
            address: None,
            values: Vec::new(),
        }
    }

    /// Returns a warning without a source range.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// Points at `range`.
    #[must_use]
    pub fn at(mut self, range: SourceRange) -> Self {
        self.subject = Some(range);
        self
    }

    /// Adds the wider range that gives context.
    #[must_use]
    pub fn within(mut self, range: SourceRange) -> Self {
        self.context = Some(range);
        self
    }

    /// Names the object concerned.
    #[must_use]
    pub fn about(mut self, address: impl ToString) -> Self {
        self.address = Some(address.to_string());
        self
    }
}

/// A collection of findings, in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Returns an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all findings of `other`.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Tells whether any finding is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Tells whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of findings.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Iterates over the findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Keeps the value of `result`, or keeps its findings and returns nothing.
    pub fn take<T>(&mut self, result: Result<T, Diagnostics>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(found) => {
                self.extend(found);
                None
            }
        }
    }

    /// Returns the findings as an error if one of them is an error, else `value` with the warnings dropped into `warnings`.
    ///
    /// # Errors
    /// The findings themselves.
    pub fn into_result<T>(self, value: T, warnings: &mut Diagnostics) -> Result<T, Diagnostics> {
        if self.has_errors() {
            Err(self)
        } else {
            warnings.extend(self);
            Ok(value)
        }
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
