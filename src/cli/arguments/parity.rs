//! Holds the table of flags in `docs/from-terraform.md` against Terraform's own help texts and against our definition.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::definition;

/// The commands that pass their flags to the planner, as their help says.
const PLANNING: [&str; 2] = ["apply", "destroy"];

/// The commands of the table, in Terraform's spelling.
const COMMANDS: [&str; 24] = [
    "plan",
    "apply",
    "destroy",
    "show",
    "state list",
    "state mv",
    "state pull",
    "state push",
    "state replace-provider",
    "state rm",
    "state show",
    "import",
    "output",
    "validate",
    "fmt",
    "console",
    "graph",
    "providers",
    "init",
    "refresh",
    "taint",
    "untaint",
    "force-unlock",
    "workspace",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

/// Returns the flags that a help text describes: those that begin a line, and the legacy ones of its closing sentence.
fn flags(help: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in help.lines().map(str::trim_start) {
        if line.starts_with("-state, state-out, and -backup") {
            found.extend(["state", "state-out", "backup"].map(str::to_owned));
        } else if let Some(rest) = line.strip_prefix('-') {
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
            found.insert(rest[..end].to_owned());
        }
    }
    found
}

/// Returns the recorded flags: command and flag.
fn recorded() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    let folder = root().join("tests/samples/terraform-help");
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    let plan = read("plan.txt");
    let customization = plan.split("Other Options:").next().unwrap();
    let subcommands = ["delete", "list", "new", "select", "show"];
    for command in COMMANDS {
        let mut all = BTreeSet::new();
        if command == "workspace" {
            subcommands.iter().for_each(|each| all.extend(flags(&read(&format!("workspace-{each}.txt")))));
        } else {
            all.extend(flags(&read(&format!("{}.txt", command.replace(' ', "-")))));
        }
        if PLANNING.contains(&command) {
            all.extend(flags(customization));
        }
        // "terraform destroy" takes what "terraform apply" takes, except for what it stands for itself.
        if command == "destroy" {
            all.extend(flags(&read("apply.txt")));
            all.remove("destroy");
        }
        found.extend(all.into_iter().map(|flag| (command.to_owned(), flag)));
    }
    found
}

/// Returns the rows of the table: command and flag, and whether it is the same, differs or is refused.
fn table() -> BTreeMap<(String, String), String> {
    let text = std::fs::read_to_string(root().join("docs/from-terraform.md")).unwrap();
    let mut rows = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("| `-")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [flag, commands, answer, how] = cells[..] else { panic!("{line}") };
        assert!(["same", "differs", "refused"].contains(&answer), "{line}");
        assert!(answer == "same" || !how.is_empty(), "{line} does not say how or why");
        let flag = flag.trim_matches('`').trim_start_matches('-');
        for command in commands.split(", ") {
            let key = (command.trim_matches('`').to_owned(), flag.to_owned());
            assert!(rows.insert(key.clone(), answer.to_owned()).is_none(), "{key:?} stands twice");
        }
    }
    rows
}

/// Tells whether our definition has a flag, and whether its help says that it is refused.
fn defined(command: &str, flag: &str) -> Option<bool> {
    let mut all = definition();
    all.build();
    let mut at = &all;
    for word in command.split(' ') {
        at = at.find_subcommand(word)?;
    }
    let here: Vec<&clap::Command> =
        if command == "workspace" { at.get_subcommands().collect() } else { vec![at] };
    let found =
        here.iter().flat_map(|each| each.get_arguments()).find(|each| each.get_long() == Some(flag))?;
    Some(found.get_help().is_some_and(|help| help.to_string().starts_with("Refused")))
}

#[test]
fn the_table_has_every_flag_of_terraform_and_no_other() {
    let (recorded, table) = (recorded(), table());
    let missing: Vec<_> = recorded.iter().filter(|key| !table.contains_key(key)).collect();
    let extra: Vec<_> = table.keys().filter(|key| !recorded.contains(key)).collect();
    assert!(missing.is_empty() && extra.is_empty(), "missing: {missing:?}\nnot Terraform's: {extra:?}");
}

#[test]
fn the_table_says_what_the_command_line_does() {
    for ((command, flag), answer) in table() {
        match defined(&command, &flag) {
            Some(refused) => assert_eq!(refused, answer == "refused", "{command} -{flag}"),
            None => assert_eq!(answer, "refused", "{command} -{flag} is unknown to our command line"),
        }
    }
}

#[test]
fn flags_are_found_in_help_texts() {
    let help = "Options:\n\n  -lock=false   Don't.\n  -var 'a=b'    Set -x.\n\n  -state, state-out, and -backup are legacy";
    let found: Vec<String> = flags(help).into_iter().collect();
    assert_eq!(found, ["backup", "lock", "state", "state-out", "var"]);
}
