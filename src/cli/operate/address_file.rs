//! Files of `-target-file` and `-exclude-file`: one address a line.
//!
//! Blank lines and lines that begin with `#` are passed over; a byte order mark and carriage returns do no harm.

use std::path::Path;
use std::sync::Arc;

use super::super::failure::Failure;
use super::target;
use crate::diagnostic::{Diagnostic, SourceRange, Sources};
use crate::disk;
use crate::plan::options::Target;

/// Reads the addresses of a file; there may be none.
///
/// # Errors
/// The file cannot be read, or a line is no address; each such line is told.
pub(super) fn read(option: &str, path: &str) -> Result<Vec<Target>, Failure> {
    let unreadable = |reason: String| {
        Failure::new(format!("Invalid {option} file"), format!("The file {path:?} cannot be read: {reason}."))
    };
    let text = disk::read_text(Path::new(path), disk::LARGEST_TEXT)
        .map_err(|error| unreadable(error.to_string()))?;
    let mut sources = Sources::new();
    let source = sources.add(path, &*text);
    let (mut targets, mut findings) = (Vec::new(), Vec::new());
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let address = line.trim_start_matches('\u{feff}').trim();
        if !address.is_empty() && !address.starts_with('#') {
            let at = start + line.find(address).unwrap_or(0);
            // A file of this size has no further places.
            let place = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let range = SourceRange { source, start: place(at), end: place(at + address.len()) };
            match target(address) {
                Ok(target) => targets.push(target),
                Err(failure) => findings.extend(failure.findings.into_iter().map(|error| error.at(range))),
            }
        }
        start += line.len();
    }
    if findings.is_empty() {
        return Ok(targets);
    }
    let findings: Vec<Diagnostic> = findings;
    Err(Failure::of(findings.into_iter().collect(), Arc::new(sources)))
}

/// Returns the refusal of files that hold no address: a plan of nothing would become a plan of everything.
pub(super) fn nothing_in(paths: &[String]) -> Failure {
    Failure::new(
        "No targets",
        format!(
            "The files of -target-file name no address ({}), and a plan without targets is a plan of everything. Write an address into one of them, or leave the option out.",
            paths.join(", ")
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::failure::to_text;

    fn file(text: &str) -> (tempfile::TempDir, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.txt");
        std::fs::write(&path, text).unwrap();
        let path = path.to_str().unwrap().to_owned();
        (folder, path)
    }

    #[test]
    fn comments_blank_lines_and_line_endings_do_not_matter() {
        let (_folder, path) = file(
            "\u{feff}terraform_data.a\r\n\r\n  # not terraform_data.x\r\n\tmodule.m[\"k\"] \r\nterraform_data.b[\"#1\"]",
        );
        let expected: Vec<Target> = ["terraform_data.a", "module.m[\"k\"]", "terraform_data.b[\"#1\"]"]
            .into_iter()
            .map(|text| target(text).unwrap())
            .collect();
        assert_eq!(read("-target-file", &path).unwrap(), expected);
    }

    #[test]
    fn each_line_that_is_no_address_is_told_with_its_place() {
        let (_folder, path) = file("terraform_data.a\nnot an address\n\nmodule.\n");
        let failure = read("-exclude-file", &path).unwrap_err();
        let text = to_text(&failure.findings, &failure.sources, false);
        assert!(text.contains("line 2:") && text.contains("line 4:"), "{text}");
    }

    #[test]
    fn what_is_no_regular_file_is_refused() {
        let failure = read("-target-file", "/dev/zero").unwrap_err();
        assert!(to_text(&failure.findings, &failure.sources, false).contains("cannot be read"));
    }
}
