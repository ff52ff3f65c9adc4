//! One entry of the console, which may take several lines.

use crate::lang::syntax::is_unfinished;

/// The lines of an entry so far.
#[derive(Default)]
pub(super) struct Entry {
    text: String,
}

impl Entry {
    /// Adds a line, with or without its newline.
    pub(super) fn add(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line.trim_end_matches(['\r', '\n']));
    }

    /// Tells whether a bracket or heredoc is open, so that the entry goes on with the next line.
    pub(super) fn is_open(&self) -> bool {
        is_unfinished(&self.text)
    }

    /// Returns the whole entry, and begins a new one.
    pub(super) fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        text.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the entries that lines make.
    fn entries(lines: &str) -> Vec<String> {
        let mut entry = Entry::default();
        let mut all = Vec::new();
        for line in lines.lines() {
            entry.add(line);
            if !entry.is_open() {
                all.push(entry.take());
            }
        }
        all
    }

    #[test]
    fn an_entry_goes_on_while_brackets_or_heredocs_are_open() {
        assert_eq!(entries("1 + 1\n\"a{\""), ["1 + 1", "\"a{\""]);
        assert_eq!(entries("{\n  a = 1\n}\n2"), ["{\n  a = 1\n}", "2"]);
        assert_eq!(entries("[for x in [1,\n2] :\n x]"), ["[for x in [1,\n2] :\n x]"]);
        assert_eq!(entries("<<EOT\nx {\nEOT\n1"), ["<<EOT\nx {\nEOT", "1"]);
        assert_eq!(entries("\"${f(\n1)}\"\n1"), ["\"${f(\n1)}\"", "1"]);
    }

    #[test]
    fn what_more_lines_cannot_mend_is_answered_at_once() {
        assert_eq!(entries("1 +\n)\n\"a\n}"), ["1 +", ")", "\"a", "}"]);
    }
}
