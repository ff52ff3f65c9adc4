//! What may follow the words of a command line: commands, the flags that their help shows, addresses, workspaces.

use clap::Command;

use super::super::arguments;
use super::super::global::Global;
use crate::disk;
use crate::state::State;

/// The answer that leaves a word to the shell, which knows the files.
const FILES: &str = ":files";

/// Where candidates of a directory come from.
pub(super) trait Place {
    /// Returns the addresses of the objects in the state.
    fn addresses(&self) -> Vec<String>;

    /// Returns the names of the workspaces.
    fn workspaces(&self) -> Vec<String>;
}

impl Place for Global {
    fn addresses(&self) -> Vec<String> {
        // A remote state is not asked for at each press of a key.
        let remote = !self.sandbox
            && self.backend_settings().ok().flatten().is_some_and(|settings| settings.kind != "local");
        let path = match self.workspace() {
            Ok(workspace) if !remote => self.workspaces().state_path(&workspace),
            _ => return Vec::new(),
        };
        let bytes = disk::read(&path, crate::state::MAX_BYTES).ok();
        let state = bytes.and_then(|bytes| State::read(&bytes).ok());
        let mut found: Vec<String> = state
            .iter()
            .flat_map(|state| state.objects())
            .map(|(resource, _, key, _)| resource.instance_address(key).to_string())
            .collect();
        found.sort();
        found.dedup();
        found
    }

    fn workspaces(&self) -> Vec<String> {
        Global::workspaces(self).list().unwrap_or_default()
    }
}

/// Returns what may stand in place of the last of `words`, which are those behind the name of the program.
pub(super) fn of(words: &[String], place: &dyn Place) -> Vec<String> {
    let (last, before) = match words.split_last() {
        Some((last, before)) => (last.as_str(), before),
        None => ("", words),
    };
    let mut all = arguments::definition();
    all.build();
    let mut command = &all;
    let mut path: Vec<&str> = Vec::new();
    let mut positionals = 0;
    let mut value_of: Option<&str> = None;
    for word in before {
        if value_of.take().is_some() {
            continue;
        }
        if let Some(flag) = word.strip_prefix('-') {
            let flag = flag.trim_start_matches('-');
            // `-flag value`: the next word belongs to the flag.
            value_of = takes_value(command, flag).then_some(flag);
        } else if let Some(next) = command.find_subcommand(word).filter(|next| !next.is_hide_set()) {
            command = next;
            path.push(word);
        } else {
            positionals += 1;
        }
    }
    let found = if let Some(flag) = value_of {
        values(flag, place)
    } else if let (true, Some((flag, _))) = (last.starts_with('-'), last.split_once('=')) {
        let values = values(flag.trim_start_matches('-'), place);
        values
            .into_iter()
            .map(|value| if value == FILES { value } else { format!("{flag}={value}") })
            .collect()
    } else if last.starts_with('-') {
        let dashes = if last.starts_with("--") { "--" } else { "-" };
        flags(command, path.is_empty(), dashes)
    } else {
        arguments_of(command, &path, positionals, place)
    };
    found.into_iter().filter(|candidate| candidate == FILES || candidate.starts_with(last)).collect()
}

fn takes_value(command: &Command, flag: &str) -> bool {
    !flag.contains('=')
        && command.get_arguments().any(|each| {
            each.get_long() == Some(flag) && each.get_num_args().is_none_or(|range| range.min_values() > 0)
        })
}

/// Returns the flags that the help of a command shows, as it shows them.
fn flags(command: &Command, is_program: bool, dashes: &str) -> Vec<String> {
    let mut found: Vec<String> = command
        .get_arguments()
        .filter(|argument| !argument.is_positional() && !argument.is_hide_set())
        .filter_map(|argument| {
            let name = argument.get_long()?;
            let is_truth = argument.get_num_args().is_some_and(|range| range.min_values() == 0);
            let is_on = argument.get_default_values().first().is_some_and(|value| value == "true");
            Some(match (is_truth, is_on) {
                (true, true) => format!("{dashes}{name}=false"),
                (true, false) => format!("{dashes}{name}"),
                (false, _) => format!("{dashes}{name}="),
            })
        })
        .collect();
    if is_program {
        found.push(format!("{dashes}version"));
    }
    found.sort();
    found
}

/// Returns what a flag may be given.
fn values(flag: &str, place: &dyn Place) -> Vec<String> {
    match flag {
        "target" | "exclude" | "replace" => place.addresses(),
        _ => vec![FILES.to_owned()],
    }
}

/// Returns what may stand where no flag begins: a subcommand, or an argument of the command.
fn arguments_of(command: &Command, path: &[&str], positionals: usize, place: &dyn Place) -> Vec<String> {
    if command.has_subcommands() && positionals == 0 {
        let shown = command.get_subcommands().filter(|each| !each.is_hide_set());
        return shown.map(|each| each.get_name().to_owned()).collect();
    }
    match (path, positionals) {
        (["state", "show" | "mv"] | ["taint" | "untaint"], 0) => place.addresses(),
        (["state", "list" | "rm"], _) => place.addresses(),
        (["workspace", "select" | "delete"], 0) => place.workspaces(),
        (["completion"], 0) => ["bash", "fish", "man", "zsh"].map(str::to_owned).to_vec(),
        (["output" | "import" | "force-unlock" | "intents" | "state" | "workspace", ..], _) => Vec::new(),
        _ => vec![FILES.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Known;

    impl Place for Known {
        fn addresses(&self) -> Vec<String> {
            ["alicloud_ecs_snapshot.a[\"x\"]", "module.m.terraform_data.b"].map(str::to_owned).to_vec()
        }

        fn workspaces(&self) -> Vec<String> {
            ["default", "prod"].map(str::to_owned).to_vec()
        }
    }

    fn after(line: &str) -> Vec<String> {
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        of(&words, &Known)
    }

    #[test]
    fn commands_flags_addresses_and_workspaces_are_offered() {
        assert_eq!(after("wor"), ["workspace"]);
        assert_eq!(after("-sandbox workspace se"), ["select"]);
        assert_eq!(after("workspace select "), ["default", "prod"]);
        assert_eq!(after("workspace select p"), ["prod"]);
        assert_eq!(after("plan -refresh"), ["-refresh-only", "-refresh=false"]);
        assert_eq!(after("plan --ou"), ["--out="]);
        assert_eq!(after("plan -target=mod"), ["-target=module.m.terraform_data.b"]);
        assert_eq!(after("plan -target ali"), ["alicloud_ecs_snapshot.a[\"x\"]"]);
        assert_eq!(after("state show m"), ["module.m.terraform_data.b"]);
        assert_eq!(after("state show a b"), Vec::<String>::new());
        assert_eq!(after("plan -var-file=x"), [FILES]);
        assert_eq!(after("-vers"), ["-version"]);
        assert!(after("").contains(&"plan".to_owned()) && !after("").contains(&"__complete".to_owned()));
    }

    #[test]
    fn every_flag_that_help_shows_is_offered() {
        fn check(command: &Command, path: &mut Vec<String>) {
            let words: Vec<String> = path.iter().cloned().chain(["-".to_owned()]).collect();
            let offered = of(&words, &Known);
            for flag in super::super::super::help::flags_of(path) {
                let is_offered = offered.iter().any(|each| {
                    each.trim_end_matches('=') == flag || each.split('=').next() == Some(flag.as_str())
                });
                assert!(is_offered, "{path:?} {flag}: {offered:?}");
            }
            for next in command.get_subcommands().filter(|next| !next.is_hide_set()) {
                path.push(next.get_name().to_owned());
                check(next, path);
                path.pop();
            }
        }
        let mut all = arguments::definition();
        all.build();
        check(&all, &mut Vec::new());
    }
}
