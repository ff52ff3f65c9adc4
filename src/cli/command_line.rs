//! From the words of the command line and the environment to what clap reads.
//!
//! Terraform's flags have one dash or two; clap knows two. `TF_CLI_ARGS` and its relatives are inserted right
//! behind the command, so that the command line itself comes later and wins.

use super::failure::Failure;

/// Commands whose next word is a command too.
const FAMILIES: [&str; 6] = ["state", "workspace", "providers", "sandbox", "intents", "metadata"];

/// Returns the words for clap; the first one is the name of the program.
///
/// # Errors
///
/// A variable of the environment holds words with unbalanced quotes.
pub(crate) fn prepare(
    words: Vec<String>,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<String>, Failure> {
    let mut words = words.into_iter();
    let program = words.next().unwrap_or_else(|| "snapform".into());
    let words: Vec<String> = words.collect();
    let command_at = words.iter().position(|word| !word.starts_with('-')).unwrap_or(words.len());
    let (globals, rest) = words.split_at(command_at);
    if globals.iter().any(|word| matches!(word.as_str(), "-v" | "-version" | "--version")) {
        return Ok(vec![program, "version".into()]);
    }
    let names = command_names(rest);
    let (commands, own) = rest.split_at(names.len());
    let mut prepared = vec![program];
    prepared.extend(globals.iter().map(|word| with_two_dashes(word)));
    prepared.extend(commands.iter().cloned());
    let mut inserted = Vec::new();
    for prefix in ["TF_CLI_ARGS", "SNAPFORM_CLI_ARGS"] {
        let suffix = names.join("_").replace('-', "_");
        for name in [format!("{prefix}_{suffix}"), prefix.to_owned()] {
            let Some(value) = environment(&name) else { continue };
            let split = split_words(&value).ok_or_else(|| {
                Failure::new(
                    "The environment holds unusable arguments",
                    format!("The quotes in {name} are not balanced. Correct or unset the variable."),
                )
            })?;
            inserted.extend(split);
        }
    }
    let mut plain = false;
    for word in inserted.iter().chain(own) {
        plain |= word == "--";
        prepared.push(if plain { word.clone() } else { with_two_dashes(word) });
    }
    Ok(prepared)
}

fn command_names(rest: &[String]) -> Vec<String> {
    let mut names: Vec<String> = rest.first().into_iter().cloned().collect();
    if names.first().is_some_and(|name| FAMILIES.contains(&name.as_str())) {
        names.extend(rest.get(1).filter(|word| !word.starts_with('-')).cloned());
    }
    names
}

/// `-out=p` becomes `--out=p`; `-h`, `-` and numbers stay.
fn with_two_dashes(word: &str) -> String {
    let letter = word.strip_prefix('-').and_then(|rest| rest.chars().next());
    if word.len() > 2 && letter.is_some_and(char::is_alphabetic) {
        format!("-{word}")
    } else {
        word.to_owned()
    }
}

/// Splits as a shell does: blanks between words, quotes around blanks, a backslash before anything.
fn split_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '\'' => break,
                        other => word.push(other),
                    }
                }
            }
            '"' => {
                let word = word.get_or_insert_default();
                loop {
                    match characters.next()? {
                        '"' => break,
                        '\\' => match characters.next()? {
                            escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                            other => word.extend(['\\', other]),
                        },
                        other => word.push(other),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(characters.next()?),
            blank if blank.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(line: &str, environment: &[(&str, &str)]) -> String {
        let words = std::iter::once("snapform").chain(line.split(' ')).map(str::to_owned).collect();
        let find = |name: &str| {
            environment.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        };
        prepare(words, &find).unwrap()[1..].join(" ")
    }

    #[test]
    fn one_dash_becomes_two() {
        assert_eq!(
            prepared("-chdir=d plan -var a=-b -var=c=d -no-color -out=p -refresh=false -h", &[]),
            "--chdir=d plan --var a=-b --var=c=d --no-color --out=p --refresh=false -h"
        );
        assert_eq!(prepared("fmt - -- -a", &[]), "fmt - -- -a");
        assert_eq!(prepared("-sandbox -version", &[]), "version");
    }

    #[test]
    fn arguments_of_the_environment_stand_right_behind_the_command() {
        let environment = [
            ("TF_CLI_ARGS", "-no-color"),
            ("TF_CLI_ARGS_plan", "-var 'a=b c'"),
            ("SNAPFORM_CLI_ARGS_plan", "-lock=false"),
            ("TF_CLI_ARGS_state_list", "-id=x"),
        ];
        assert_eq!(
            prepared("-chdir=d plan -out=p", &environment),
            "--chdir=d plan --var a=b c --no-color --lock=false --out=p"
        );
        assert_eq!(prepared("state list a.b", &environment), "state list --id=x --no-color a.b");
        assert_eq!(
            prepared("force-unlock 1", &[("TF_CLI_ARGS_force_unlock", "-force")]),
            "force-unlock --force 1"
        );
    }

    #[test]
    fn unbalanced_quotes_are_refused_by_name() {
        let words = vec!["snapform".to_owned(), "plan".to_owned()];
        let failure = prepare(words, &|name| (name == "TF_CLI_ARGS").then(|| "'a".to_owned())).unwrap_err();
        assert!(failure.findings.iter().next().unwrap().detail.contains("TF_CLI_ARGS"));
    }
}
