//! The same configurations, the same words: this program beside Terraform, on what needs no provider.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::oracles;
use crate::program::{Folder, Run};
use crate::redact::redact;

const MAIN: &str = r#"
variable "who" {
  default = "world"
}

resource "terraform_data" "a" {
  count = 2
  input = "hello ${var.who} ${count.index}"
}

resource "terraform_data" "b" {
  input            = terraform_data.a[0].output
  triggers_replace = [var.who]
}

output "greeting" {
  value = terraform_data.b.output
}

output "who" {
  value = var.who
}

output "secret" {
  value     = "s"
  sensitive = true
}
"#;

/// Commands in the order in which both programs get them. They print the same and end the same.
const SAME: &[&[&str]] = &[
    &["plan", "-detailed-exitcode"],
    &["apply", "-auto-approve"],
    &["plan", "-detailed-exitcode"],
    &["output"],
    &["output", "-json"],
    &["output", "-raw", "greeting"],
    &["output", "nope"],
    &["graph"],
    &["graph", "-type=plan"],
    &["graph", "-type=plan-destroy"],
    &["graph", "-type=apply"],
    &["providers"],
    &["plan", "-detailed-exitcode", "-var", "who=moon"],
    &["plan", "-var", "nope=1"],
    &["plan", "-replace", "terraform_data.b"],
    &["taint", "terraform_data.b"],
    &["plan"],
    &["untaint", "terraform_data.b"],
    &["state", "mv", "terraform_data.b", "terraform_data.c"],
    &["plan", "-detailed-exitcode"],
    &["state", "mv", "terraform_data.c", "terraform_data.b"],
    &["state", "rm", "terraform_data.a[0]"],
    &["state", "list"],
    &["apply", "-auto-approve"],
    &["plan", "-refresh-only"],
    &["plan", "-parallelism=0", "-parallelism=1", "-input=false", "-input=true"],
    &["refresh", "-state-out=other.tfstate"],
    &["apply", "-auto-approve", "-state-out=more.tfstate", "-var", "who=sun"],
    &["output", "-state=more.tfstate"],
    &["refresh", "-target=terraform_data.b"],
    &["show"],
    &["state", "show", "terraform_data.b"],
    &["apply", "-auto-approve", "-var", "who=moon"],
    &["workspace", "new", "third"],
    &["apply", "-auto-approve"],
    &["workspace", "new", "second"],
    &["workspace", "delete", "-force", "third"],
    &["workspace", "list"],
    &["workspace", "select", "default"],
    &["workspace", "delete", "second"],
    &["apply", "-auto-approve"],
    &["state", "rm", "terraform_data.b"],
    &["import", "terraform_data.b", "0b1b0c6e-0000-0000-0000-000000000001"],
    &["import", "terraform_data.nope", "0b1b0c6e-0000-0000-0000-000000000001"],
    &["import", "data.terraform_remote_state.x", "x"],
    &["output"],
    &["plan", "-destroy", "-out=destroy.plan"],
    &["apply", "destroy.plan"],
    &["apply", "-auto-approve"],
    &["apply", "-destroy", "-auto-approve"],
    &["apply", "-auto-approve"],
    &["destroy", "-auto-approve"],
    &["plan", "-destroy", "-refresh-only"],
    &["plan", "-destroy", "-replace=terraform_data.b"],
];

/// The same commands to which a person answers no.
const REFUSED: &[&[&str]] = &[
    &["apply", "-var", "who=moon"],
    &["apply", "-destroy"],
    &["destroy"],
    &["apply", "-refresh-only", "-var", "who=moon"],
];

/// Returns what both programs must print: names of products made one, the lines by which alone they may differ left out.
fn common(run: &Run) -> String {
    let text = redact(&run.text()).replace("Terraform", "Snapform").replace("terraform ", "snapform ");
    let text = text.replace("`terraform", "`snapform");
    // Ids of builtin objects are of different making, and nothing is asked to refresh them.
    let lines = text.lines().filter(|line| {
        !line.contains(": Refreshing state...")
            && !line.starts_with("For more help on using this command")
            && !line.starts_with("  snapform ")
            && !line.trim().is_empty()
    });
    // Where a paragraph is wrapped depends on the length of the name.
    lines.flat_map(|line| line.split_whitespace().chain(["\n"])).collect::<Vec<_>>().join(" ")
}

/// Returns a text without line ends, for paragraphs that are wrapped at other places.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn both_programs_say_and_do_the_same() {
    let (ours, theirs) = (Folder::with_main(MAIN), Folder::with_main(MAIN));
    let Some(mut init) = oracles::terraform(theirs.path()) else { return };
    assert!(init.args(["init", "-no-color"]).stdout(Stdio::null()).status().unwrap().success());
    let mut differences = String::new();
    for command in SAME {
        let Some(mut terraform) = oracles::terraform(theirs.path()) else { return };
        let output = terraform.args(*command).arg("-no-color").stdin(Stdio::null()).output().unwrap();
        let theirs = Run::from(output);
        let ours = ours.run(command);
        let (expected, actual) = (common(&theirs), common(&ours));
        if words(&expected) != words(&actual) || theirs.code != ours.code {
            let diff = similar::TextDiff::from_lines(&expected, &actual).unified_diff().to_string();
            differences += &format!("{command:?}: {:?} and {:?}\n{diff}\n", theirs.code, ours.code);
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

/// Runs a command that is given `no` as its answer.
fn refuse(mut command: Command) -> Run {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"no\n").unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn both_programs_ask_the_same() {
    let (ours, theirs) = (Folder::with_main(MAIN), Folder::with_main(MAIN));
    let run = |words: &[&str]| {
        oracles::terraform(theirs.path()).map(|mut terraform| {
            terraform.args(words).arg("-no-color").stdout(Stdio::null()).status().unwrap();
        })
    };
    if run(&["init"]).is_none() {
        return;
    }
    for workspace in ["default", "second"] {
        if workspace != "default" {
            ours.run(&["workspace", "new", workspace]).succeeded();
            run(&["workspace", "new", workspace]);
        }
        ours.run(&["apply", "-auto-approve"]).succeeded();
        run(&["apply", "-auto-approve"]);
        for words in REFUSED {
            let mut terraform = oracles::terraform(theirs.path()).unwrap();
            terraform.args(*words).arg("-no-color");
            let (expected, actual) = (refuse(terraform), refuse(ours.command(words)));
            let question = |run: &Run| {
                let text = common(run);
                text.find("Do you").or(text.find("Would you")).map(|at| text[at..].to_owned())
            };
            assert_eq!(actual.code, expected.code, "{words:?}");
            assert_eq!(question(&actual), question(&expected), "{words:?}");
        }
    }
}

#[test]
fn a_directory_goes_from_one_program_to_the_other_and_back() {
    let folder = Folder::with_main(MAIN);
    let terraform = |words: &[&str]| {
        let mut command = oracles::terraform(folder.path())?;
        Some(Run::from(command.args(words).arg("-no-color").stdin(Stdio::null()).output().unwrap()))
    };
    let Some(init) = terraform(&["init"]) else { return };
    init.succeeded();
    folder.run(&["apply", "-auto-approve"]).succeeded();
    terraform(&["plan", "-detailed-exitcode"]).unwrap().succeeded().saying("No changes.");
    terraform(&["apply", "-auto-approve", "-var", "who=moon"]).unwrap().succeeded();
    folder.run(&["plan", "-detailed-exitcode", "-var", "who=moon"]).succeeded().saying("No changes.");
    folder.run(&["destroy", "-auto-approve"]).succeeded().saying("Resources: 3 destroyed.");
    terraform(&["plan", "-destroy", "-detailed-exitcode"]).unwrap().succeeded();
}
