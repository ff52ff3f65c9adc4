//! The manual page: the help of the program and of every command, in the language of `man`.

use clap::Command;

use super::super::{arguments, help};

/// Returns the page in roff.
pub(super) fn page() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let mut text = format!(
        ".TH SNAPFORM 1 \"\" \"snapform {version}\" \"Snapform Manual\"\n.SH NAME\nsnapform \\- recovery points as code\n"
    );
    text.push_str(".SH DESCRIPTION\n");
    text.push_str(&literal(&help::of_words(&[])));
    let mut all = arguments::definition();
    all.build();
    text.push_str(".SH COMMANDS\n");
    commands(&all, &mut Vec::new(), &mut text);
    text.push_str(
        ".SH EXIT STATUS\n0 for success, 1 for errors, 2 of \\fBplan \\-detailed\\-exitcode\\fR when there are changes, 3 of \\fBfmt \\-check\\fR when a file is not formatted.\n.SH SEE ALSO\nThe pages under docs/: from-terraform.md, environment.md, state.md.\n",
    );
    text
}

fn commands(command: &Command, path: &mut Vec<String>, text: &mut String) {
    for next in command.get_subcommands().filter(|next| !next.is_hide_set()) {
        path.push(next.get_name().to_owned());
        text.push_str(&format!(".SS {}\n{}", escaped(&path.join(" ")), literal(&help::of_words(path))));
        commands(next, path, text);
        path.pop();
    }
}

/// Returns lines that are shown as they are.
fn literal(text: &str) -> String {
    let lines: String = text.lines().map(|line| format!("{}\n", escaped(line))).collect();
    format!(".nf\n{lines}.fi\n")
}

/// A backslash, a hyphen, and a point or quote at the beginning of a line mean something else to roff.
fn escaped(line: &str) -> String {
    let line = line.replace('\\', "\\e").replace('-', "\\-");
    if line.starts_with(['.', '\'']) { format!("\\&{line}") } else { line }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_command_has_its_section_and_no_line_is_taken_for_a_request() {
        let page = super::page();
        for section in [".SS plan\n", ".SS state mv\n", ".SS force\\-unlock\n", ".SH EXIT STATUS\n"] {
            assert!(page.contains(section), "{section}");
        }
        assert!(page.contains("\\-detailed\\-exitcode") && !page.contains("__complete"));
        let requests = [".TH", ".SH", ".SS", ".nf", ".fi"];
        for line in page.lines().filter(|line| line.starts_with(['.', '\''])) {
            assert!(requests.iter().any(|request| line.starts_with(request)), "{line}");
        }
    }
}
