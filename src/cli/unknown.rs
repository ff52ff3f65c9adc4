//! What to say of a command that there is none of: where the thing is done, or what was meant.

use crate::diagnostic::suggest::distance;

use super::arguments;

/// Words that people try, with what does that here.
const ELSEWHERE: &[(&str, &str)] = &[
    (
        "test",
        "Snapform runs no test files (*.tftest.hcl); \"snapform validate\" and \"snapform -sandbox plan\" check a configuration without an account.",
    ),
    (
        "status",
        "\"snapform plan\" tells what differs, \"snapform show\" what the state holds, \"snapform intents list\" what an interrupted run left open.",
    ),
    (
        "list",
        "\"snapform state list\" lists what the state holds, \"snapform workspace list\" the workspaces, \"snapform sandbox list\" the sandbox.",
    ),
    ("ls", "\"snapform state list\" lists what the state holds."),
    ("get", "Modules are read from local folders, so there is nothing to get."),
    ("login", "State is not kept in HCP Terraform, so there is nowhere to log in."),
    ("logout", "State is not kept in HCP Terraform, so there is nowhere to log out."),
    ("help", "Write \"snapform -help\", or -help behind a command."),
    ("rm", "\"snapform state rm\" forgets an object and leaves it in its cloud."),
    ("mv", "\"snapform state mv\" gives an object another address."),
    ("pull", "\"snapform state pull\" prints the state."),
    ("lint", "\"snapform validate\" checks the configuration, \"snapform fmt\" its style."),
];

/// Commands that change or take away something at once: a guess must not lead there.
const DANGEROUS: &[&str] =
    &["apply", "destroy", "taint", "untaint", "force-unlock", "rm", "push", "delete", "reset", "forget"];

/// Returns the sentence behind "no command named"; empty when nothing helps. `family` is the command whose subcommand is
/// sought, empty for the program.
pub(super) fn hint(name: &str, family: &str) -> String {
    if family.is_empty()
        && let Some((_, text)) = ELSEWHERE.iter().find(|(word, _)| *word == name)
    {
        return format!(" {text}");
    }
    let all = arguments::definition();
    let command = if family.is_empty() { Some(&all) } else { all.find_subcommand(family) };
    let near = command
        .into_iter()
        .flat_map(clap::Command::get_subcommands)
        .filter(|each| !each.is_hide_set())
        .map(clap::Command::get_name)
        .filter_map(|each| Some((distance(name, each, 2)?, each)))
        .filter(|(distance, each)| {
            let begins_alike = each.as_bytes().first() == name.as_bytes().first();
            // Of a short word two letters are half, and then it was another one.
            begins_alike && (*distance == 1 || each.len() > 5 && !DANGEROUS.contains(each))
        })
        .min_by_key(|(distance, _)| *distance);
    near.map_or_else(String::new, |(_, each)| format!(" Did you mean \"{each}\"?"))
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn no_guess_leads_to_a_command_that_destroys() {
        for name in ["test", "status", "list", "login", "get"] {
            let hint = hint(name, "");
            assert!(
                !hint.is_empty() && !hint.contains("Did you mean") && !hint.contains("destroy"),
                "{name}: {hint}"
            );
        }
        assert_eq!(hint("plam", ""), " Did you mean \"plan\"?");
        assert_eq!(hint("aply", ""), " Did you mean \"apply\"?");
        assert_eq!(hint("validte", ""), " Did you mean \"validate\"?");
        for name in ["destruct", "desrtoi", "restart", "paint", "tests", "lock"] {
            assert!(!hint(name, "").contains("destroy") && !hint(name, "").contains("taint"), "{name}");
        }
        assert_eq!(hint("lis", "state"), " Did you mean \"list\"?");
        assert_eq!(hint("xx", "state"), "");
    }
}
