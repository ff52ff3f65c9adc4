//! What can be wrong with the syntax, in Terraform's words.

use crate::diagnostic::{Diagnostic, SourceId, SourceRange, mention};

/// A syntax error, by offsets in the text at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SyntaxError {
    pub summary: &'static str,
    pub detail: String,
    pub start: usize,
    pub end: usize,
    /// The place that `{place}` in the detail stands for.
    pub place: Option<(usize, usize)>,
    /// Whether a walk through the grammar may find a better reason.
    pub unclear: bool,
}

impl SyntaxError {
    pub(super) fn new(summary: &'static str, detail: impl Into<String>, start: usize, end: usize) -> Self {
        Self { summary, detail: detail.into(), start, end, place: None, unclear: false }
    }

    /// Moves the error to a text in which the one it is from begins at `by`.
    pub(super) fn shifted(mut self, by: usize) -> Self {
        self.start += by;
        self.end += by;
        self.place = self.place.map(|(start, end)| (start + by, end + by));
        self
    }

    /// Returns the diagnostic, for a text that begins at byte `offset` of the source.
    pub(super) fn diagnostic(self, source: SourceId, offset: usize) -> Diagnostic {
        let range = SourceRange::new(source, offset + self.start, offset + self.end.max(self.start));
        let detail = match self.place {
            Some((start, end)) => {
                let place = mention(SourceRange::new(source, offset + start, offset + end));
                self.detail.replace("{place}", &place)
            }
            None => self.detail,
        };
        Diagnostic::error(self.summary, detail).at(range)
    }
}

/// The errors that the scanner finds.
pub(super) mod errors {
    use super::SyntaxError;

    pub(in super::super) fn string_across_lines(at: usize) -> SyntaxError {
        SyntaxError::new(
            "Invalid multi-line string",
            "Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a newline character or use the \"heredoc\" multi-line template syntax.",
            at,
            at + 1,
        )
    }

    /// A carriage return without the newline that makes it part of a line's end.
    pub(in super::super) fn stray_return(at: usize) -> SyntaxError {
        SyntaxError::new("Invalid character", "This character is not used within the language.", at, at + 1)
    }

    pub(in super::super) fn unclosed_string(end: usize) -> SyntaxError {
        SyntaxError::new(
            "Unterminated template string",
            "No closing marker was found for the string.",
            end,
            end,
        )
    }

    pub(in super::super) fn unclosed_sequence(start: usize, interpolation: bool) -> SyntaxError {
        if interpolation {
            SyntaxError::new(
                "Unclosed template interpolation sequence",
                "There is no closing brace for this interpolation sequence before the end of the quoted template. This might be caused by incorrect nesting inside the given expression.",
                start,
                start + 2,
            )
        } else {
            SyntaxError::new(
                "Unclosed template control sequence",
                "There is no closing brace for this control sequence before the end of the quoted template. This might be caused by incorrect nesting inside the given expression.",
                start,
                start + 2,
            )
        }
    }

    pub(in super::super) fn unclosed_bracket(bracket: u8, at: usize, is_object: bool) -> SyntaxError {
        let (summary, detail) = match bracket {
            b'{' if is_object => (
                "Unclosed object",
                "There is no closing brace for this object before the end of the file. This may be caused by incorrect nesting elsewhere in this file.",
            ),
            b'{' => (
                "Unclosed configuration block",
                "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere in this file.",
            ),
            b'[' => (
                "Unclosed tuple",
                "There is no closing bracket for this tuple before the end of the file. This may be caused by incorrect nesting elsewhere in this file.",
            ),
            _ => (
                "Unbalanced parentheses",
                "There is no closing parenthesis for this one before the end of the file. This may be caused by incorrect nesting elsewhere in this file.",
            ),
        };
        SyntaxError { unclear: true, ..SyntaxError::new(summary, detail, at, at + 1) }
    }

    pub(in super::super) fn set_twice(name: &str, first: usize, at: usize) -> SyntaxError {
        let detail = format!(
            "The argument {name:?} was already set at {{place}}. Each argument may be set only once."
        );
        let place = Some((first, first + name.len()));
        SyntaxError { place, ..SyntaxError::new("Attribute redefined", detail, at, at + name.len()) }
    }

    pub(in super::super) fn too_deep(at: usize) -> SyntaxError {
        SyntaxError::new(
            "Nested too deeply",
            "Expressions, strings and blocks may be nested at most 64 levels deep. Put the inner parts into local values or modules of their own.",
            at,
            at + 1,
        )
    }

    pub(in super::super) fn too_many_keys(at: usize, limit: usize) -> SyntaxError {
        SyntaxError::new(
            "Object literal too large",
            format!(
                "An object literal may have at most {limit} entries. Put the data into a JSON file and read it with jsondecode(file(\"…\"))."
            ),
            at,
            at + 1,
        )
    }
}
