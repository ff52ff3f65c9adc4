//! Help texts and complaints about the command line, in Terraform's form.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use indexmap::IndexMap;

use super::arguments;
use super::{output, unknown};
use crate::diagnostic::text::wrap;

/// Columns of the help, as Terraform's.
const WIDTH: usize = 78;

/// Names longer than this have their text on the next line.
const WIDEST_NAME: usize = 26;

/// Returns the help of the whole program.
pub(crate) fn of_program() -> String {
    of_command(&[])
}

/// Returns the help of a command by its words, without the name of the program.
pub(crate) fn of_words(path: &[String]) -> String {
    let words: Vec<String> = std::iter::once("snapform".to_owned()).chain(path.iter().cloned()).collect();
    of_command(&words)
}

/// Returns the flags that a command's help shows, with their dash and without values.
#[cfg(test)]
pub(crate) fn flags_of(path: &[String]) -> Vec<String> {
    let shown = of_words(path);
    let flags = shown.lines().filter_map(|line| line.strip_prefix("  -"));
    let end = |flag: &str| flag.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(flag.len());
    flags.map(|flag| format!("-{}", &flag[..end(flag)])).collect()
}

/// Returns the help of the command that the words lead to.
fn of_command(words: &[String]) -> String {
    let mut command = arguments::definition();
    command.build();
    for word in words.iter().skip(1).filter(|word| !word.starts_with('-')) {
        let Some(next) = command.find_subcommand(word).cloned() else { break };
        command = next;
    }
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let mut text = format!("{}\n\n{}.\n", usage.trim_end(), indented(about.trim_end_matches('.')));
    let mut sections: IndexMap<&str, Vec<(String, String)>> = IndexMap::new();
    for subcommand in command.get_subcommands().filter(|each| !each.is_hide_set()) {
        let about = subcommand.get_about().map(ToString::to_string).unwrap_or_default();
        sections.entry("Subcommands").or_default().push((subcommand.get_name().to_owned(), about));
    }
    for argument in command.get_positionals().filter(|argument| !argument.is_hide_set()) {
        sections.entry("Arguments").or_default().push((value_name(argument), help_of(argument)));
    }
    for argument in
        command.get_arguments().filter(|argument| !argument.is_positional() && !argument.is_hide_set())
    {
        let heading = if argument.get_id() == "help" {
            arguments::GLOBAL
        } else {
            argument.get_help_heading().unwrap_or("Options")
        };
        let Some(name) = argument.get_long() else { continue };
        let default = argument.get_default_values().first().map(|value| value.to_string_lossy().into_owned());
        let is_truth = argument.get_num_args().is_some_and(|range| range.min_values() == 0);
        let flag = match (is_truth, default.as_deref()) {
            (true, Some("true")) => format!("-{name}=false"),
            (true, _) => format!("-{name}"),
            (false, _) => format!("-{name}={}", value_name(argument)),
        };
        sections.entry(heading).or_default().push((flag, help_of(argument)));
    }
    // What every command has stands last.
    let mut global = sections.shift_remove(arguments::GLOBAL).unwrap_or_default();
    if words.len() < 2 {
        global.push(("-version".into(), "An alias for the \"version\" subcommand".into()));
    }
    sections.insert(arguments::GLOBAL, global);
    for (heading, rows) in &sections {
        let widest = rows.iter().map(|(name, _)| name.len()).filter(|length| *length <= WIDEST_NAME).max();
        let column = widest.unwrap_or(0) + 2;
        text.push_str(&format!("\n{heading}:\n\n"));
        rows.iter().for_each(|(name, help)| text.push_str(&row(name, help, column)));
    }
    text
}

fn value_name(argument: &clap::Arg) -> String {
    argument.get_value_names().and_then(|names| names.first()).map(ToString::to_string).unwrap_or_default()
}

fn help_of(argument: &clap::Arg) -> String {
    let text = argument.get_help().map(ToString::to_string).unwrap_or_default();
    let default = argument.get_default_values().first().filter(|_| !argument.is_hide_default_value_set());
    match default {
        Some(default) => format!("{text}. Defaults to {}", default.to_string_lossy()),
        None => text,
    }
}

fn indented(text: &str) -> String {
    let wrapped = wrap(text, WIDTH - 2);
    wrapped.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn row(name: &str, help: &str, column: usize) -> String {
    let wrapped = wrap(&format!("{}.", help.trim_end_matches('.')), WIDTH - column - 2);
    let mut lines = wrapped.lines();
    let mut text = if name.len() + 2 > column {
        format!("  {name}\n")
    } else {
        format!("  {name:column$}{}\n", lines.next().unwrap_or_default())
    };
    for line in lines {
        text.push_str(&format!("  {:column$}{line}\n", ""));
    }
    text
}

/// Prints what clap has to say, which is help or a complaint, and returns how the program ends.
pub(crate) fn explain(error: &clap::Error, words: &[String]) -> anyhow::Result<ExitCode> {
    let commands: Vec<_> = words.iter().skip(1).filter(|word| !word.starts_with('-')).collect();
    let first = commands.first().map_or("", |word| word.as_str());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::print(&of_command(words))?;
            return Ok(ExitCode::SUCCESS);
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::print(&of_command(words))?;
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let family = if name == first { String::new() } else { format!(" {first}") };
            let hint = unknown::hint(&name, family.trim_start());
            output::note(&format!(
                "Snapform{family} has no command named {name:?}.{hint}\n\nTo see all of Snapform's{} commands, \
                 run:\n  snapform{family} -help\n\n",
                if family.is_empty() { " top-level" } else { &family }
            ));
        }
        ErrorKind::UnknownArgument => {
            let name = context(error, ContextKind::InvalidArg).unwrap_or_default();
            if name.starts_with('-') {
                let name = name.trim_start_matches('-');
                let hint = context(error, ContextKind::SuggestedArg)
                    .map(|suggested| format!("\n\nDid you mean -{}?", suggested.trim_start_matches('-')))
                    .unwrap_or_default();
                complain(
                    &format!("flag provided but not defined: -{name}{hint}"),
                    "Failed to parse command-line flags",
                    words,
                );
            } else {
                complain(
                    &format!("{name:?} is one argument more than the command takes."),
                    "Too many command line arguments",
                    words,
                );
            }
        }
        _ => {
            let text = one_dash(&error.render().to_string());
            let text = text.strip_prefix("error: ").unwrap_or(&text);
            let end = text.find("\n\nUsage:").or_else(|| text.find("\n\nFor more")).unwrap_or(text.len());
            complain(text[..end].trim_end(), "Failed to parse command-line flags", words);
        }
    }
    Ok(ExitCode::FAILURE)
}

fn complain(detail: &str, summary: &str, words: &[String]) {
    let failure = super::Failure::new(summary, detail);
    let colour = super::Global::new(None, false, false).is_ok_and(|global| global.colour_of_errors);
    output::note(&super::failure::to_text(&failure.findings, &failure.sources, colour));
    let command = command_path(words);
    output::note(&format!("\nFor more help on using this command, run:\n  snapform{command} -help\n"));
}

/// Returns the commands among the words, as far as they exist.
fn command_path(words: &[String]) -> String {
    let mut path = String::new();
    let mut command = arguments::definition();
    for word in words.iter().skip(1).filter(|word| !word.starts_with('-')) {
        let Some(next) = command.find_subcommand(word).cloned() else { break };
        path.push_str(&format!(" {word}"));
        command = next;
    }
    path
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}

/// Flags are shown with the one dash that Terraform's users write.
fn one_dash(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let opens_flag =
            character == '-' && rest.peek() == Some(&'-') && !previous.is_alphanumeric() && previous != '-';
        if opens_flag {
            rest.next();
            let is_flag = rest.peek().is_some_and(|next| next.is_alphabetic());
            out.push_str(if is_flag { "-" } else { "--" });
            previous = '-';
            continue;
        }
        out.push(character);
        previous = character;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_shows_flags_with_one_dash() {
        let help = of_program();
        assert!(help.contains("  -chdir=DIR ") && !help.contains("--"), "{help}");
        assert_eq!(one_dash("a --b=c [--d] -- --- x--y"), "a -b=c [-d] -- --- x--y");
    }

    #[test]
    fn every_command_and_flag_has_a_help_text() {
        fn check(command: &clap::Command, path: &str) {
            assert!(command.get_about().is_some(), "{path} has no text");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{path} {} has no text", argument.get_id());
            }
            command.get_subcommands().for_each(|next| check(next, &format!("{path} {}", next.get_name())));
        }
        check(&arguments::definition(), "snapform");
        let words = ["snapform", "plan"].map(str::to_owned);
        let help = of_command(&words);
        assert!(help.starts_with("Usage: snapform [global options] plan [options]\n"), "{help}");
        assert!(help.contains("\n  -refresh=false ") && help.contains("\n  -out=path "), "{help}");
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
    }

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        arguments::definition().debug_assert();
    }
}
