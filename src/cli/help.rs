//! Help texts and complaints about the command line, in Terraform's form.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::arguments;
use super::output;

/// Returns the help of the whole program.
pub(crate) fn of_program() -> String {
    one_dash(&arguments::definition().render_help().to_string())
}

/// Prints what clap has to say, which is help or a complaint, and returns how the program ends.
pub(crate) fn explain(error: &clap::Error, words: &[String]) -> anyhow::Result<ExitCode> {
    let commands: Vec<_> = words.iter().skip(1).filter(|word| !word.starts_with('-')).collect();
    let first = commands.first().map_or("", |word| word.as_str());
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            output::print(&one_dash(&error.render().to_string()))?;
            return Ok(ExitCode::SUCCESS);
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::print(&one_dash(&error.render().to_string()))?;
        }
        ErrorKind::InvalidSubcommand => {
            let name = context(error, ContextKind::InvalidSubcommand).unwrap_or_default();
            let family = if name == first { String::new() } else { format!(" {first}") };
            let hint = context(error, ContextKind::SuggestedSubcommand)
                .map(|suggested| format!(" Did you mean \"{suggested}\"?"))
                .unwrap_or_default();
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
        assert!(help.contains("-chdir=<DIR>") && !help.contains("--chdir"), "{help}");
        assert_eq!(one_dash("a --b=c [--d] -- --- x--y"), "a -b=c [-d] -- --- x--y");
    }

    #[test]
    fn the_definition_of_the_command_line_is_sound() {
        arguments::definition().debug_assert();
    }
}
