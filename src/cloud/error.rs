//! What can go wrong in a call, classified once, where the answer is read.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::diagnostic::text::acts_on_terminals;

/// What a failed call means for the caller; decided from service, action, code and body, never from an HTTP status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ErrorClass {
    /// Refused by flow control before it was executed.
    Throttled,
    /// Never reached the service (no connection, no address), so it was not executed.
    Unreached,
    /// No readable answer, or a server fault: it may have been executed.
    Ambiguous,
    /// Credentials, permission, or the state of the account forbid it.
    Denied,
    /// The documented code that says the object, or its parent, does not exist.
    Missing,
    /// Another operation is running on the object; it was not executed and may be sent again later.
    Busy,
    /// The object's state forbids it until somebody changes that state; it was not executed.
    Conflict,
    /// A quota is used up.
    Quota,
    /// The request itself is wrong.
    Invalid,
    /// A code that the documents do not list.
    Unexpected,
}

impl ErrorClass {
    /// Returns the name used in events and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            ErrorClass::Throttled => "throttled",
            ErrorClass::Unreached => "unreached",
            ErrorClass::Ambiguous => "ambiguous",
            ErrorClass::Denied => "denied",
            ErrorClass::Missing => "missing",
            ErrorClass::Busy => "busy",
            ErrorClass::Conflict => "conflict",
            ErrorClass::Quota => "quota",
            ErrorClass::Invalid => "invalid",
            ErrorClass::Unexpected => "unexpected",
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A failed call, with all that a person needs to follow it up with the vendor.
#[derive(Debug, Clone)]
pub struct CloudError {
    /// What the failure means.
    pub class: ErrorClass,
    /// Short service name, such as `ecs` or `cfs`.
    pub service: String,
    /// The API action, such as `CreateSnapshot`; empty when no call was made.
    pub action: String,
    /// The vendor's code, when the answer carried one.
    pub code: Option<String>,
    /// One line of printable text: what happened, why it matters.
    pub message: String,
    /// What the user can do about it.
    pub remedy: Option<String>,
    /// The vendor's id of the request, when the answer carried one.
    pub request_id: Option<String>,
    /// The fault below, when there is one.
    pub source: Option<Arc<dyn Error + Send + Sync>>,
}

impl CloudError {
    /// Makes an error; control characters in `message` are replaced and very long texts are cut.
    pub fn new(class: ErrorClass, service: &str, action: &str, message: impl AsRef<str>) -> CloudError {
        CloudError {
            class,
            service: service.to_owned(),
            action: action.to_owned(),
            code: None,
            message: printable(message.as_ref()),
            remedy: None,
            request_id: None,
            source: None,
        }
    }

    /// Adds the vendor's code.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> CloudError {
        self.code = Some(printable(code));
        self
    }

    /// Adds the vendor's request id.
    #[must_use]
    pub fn with_request_id(mut self, id: Option<&str>) -> CloudError {
        self.request_id = id.map(printable);
        self
    }

    /// Adds what the user can do.
    #[must_use]
    pub fn with_remedy(mut self, remedy: &str) -> CloudError {
        self.remedy = Some(remedy.to_owned());
        self
    }

    /// Adds the fault below.
    #[must_use]
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> CloudError {
        self.source = Some(Arc::new(source));
        self
    }

    /// Returns whether the cloud certainly did not execute the call, so that sending it again cannot double anything.
    pub fn certainly_not_executed(&self) -> bool {
        !matches!(self.class, ErrorClass::Ambiguous | ErrorClass::Unexpected)
    }

    /// Returns whether the documented code says that the object does not exist.
    pub fn is_missing(&self) -> bool {
        self.class == ErrorClass::Missing
    }
}

impl fmt::Display for CloudError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.action.is_empty() {
            write!(formatter, "{} {}: ", self.service, self.action)?;
        } else if !self.service.is_empty() {
            write!(formatter, "{}: ", self.service)?;
        }
        match &self.code {
            Some(code) => write!(formatter, "{code}: {}", self.message)?,
            None => formatter.write_str(&self.message)?,
        }
        if let Some(id) = &self.request_id {
            write!(formatter, " (request id {id})")?;
        }
        Ok(())
    }
}

impl Error for CloudError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn Error + 'static))
    }
}

/// Longest text taken over from an answer, in characters; vendors' messages are far shorter, a proxy's page is not.
const LONGEST_MESSAGE: usize = 600;

/// Longest id, name or other single value of a cloud that is printed, in characters: all that the documents allow are shorter.
const LONGEST_VALUE: usize = 100;

/// Returns an id or a name that a cloud answered as it is printed: on one line, and no longer than such a thing can be.
pub fn short(text: &str) -> String {
    cut(text, LONGEST_VALUE)
}

/// Returns `text` on one line, without characters that could act on a terminal, cut at [`LONGEST_MESSAGE`].
pub(crate) fn printable(text: &str) -> String {
    cut(text, LONGEST_MESSAGE)
}

fn cut(text: &str, longest: usize) -> String {
    let mut clean = String::new();
    for (count, character) in text.trim().chars().enumerate() {
        if count == longest {
            clean.push('…');
            break;
        }
        // Marks without width and other ends of lines do no harm on several lines, but would here.
        let acts = acts_on_terminals(character)
            || matches!(character, '\u{200b}'..='\u{200d}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
        clean.push(if acts { ' ' } else { character });
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_from_outside_cannot_act_on_the_terminal() {
        let error =
            CloudError::new(ErrorClass::Invalid, "cfs", "CreateCfsSnapshot", "bad\u{1b}[2J\nname\u{202e}x");
        assert_eq!(error.message, "bad [2J name x");
    }

    #[test]
    fn a_long_page_is_cut() {
        let error = CloudError::new(ErrorClass::Ambiguous, "cfs", "X", "x".repeat(100_000));
        assert_eq!(error.message.chars().count(), LONGEST_MESSAGE + 1);
    }

    #[test]
    fn the_text_names_action_code_and_request_id() {
        let error = CloudError::new(ErrorClass::Quota, "cbs", "CreateDiskBackup", "no room")
            .with_code("ResourceInsufficient.OverQuota")
            .with_request_id(Some("r-1"));
        let text = "cbs CreateDiskBackup: ResourceInsufficient.OverQuota: no room (request id r-1)";
        assert_eq!(error.to_string(), text);
    }
}
