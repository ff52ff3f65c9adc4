//! One directory in two hands: this program and Terraform take turns, and wait for each other's lock.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::oracles;
use crate::program::{Folder, Run};

/// Who works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hand {
    Terraform,
    Snapform,
}

use Hand::{Snapform, Terraform};

/// What is declared from a step on, and what one program then does.
struct Step {
    hand: Hand,
    /// The new configuration; none when it stays.
    declared: Option<&'static str>,
    /// The commands, in order.
    commands: &'static [&'static str],
    /// The addresses that the state has afterwards.
    addresses: &'static str,
}

const STEPS: [Step; 10] = [
    Step {
        hand: Terraform,
        declared: Some(FIRST),
        commands: &["apply -auto-approve"],
        addresses: "terraform_data.disk[\"a\"] terraform_data.disk[\"b\"] terraform_data.policy",
    },
    // Changed in place, and one more.
    Step {
        hand: Snapform,
        declared: Some(SECOND),
        commands: &["apply -auto-approve"],
        addresses: "terraform_data.disk[\"a\"] terraform_data.disk[\"b\"] terraform_data.disk[\"c\"] terraform_data.policy",
    },
    // Moved by a block.
    Step {
        hand: Terraform,
        declared: Some(THIRD),
        commands: &["apply -auto-approve"],
        addresses: "terraform_data.disk[\"a\"] terraform_data.disk[\"b\"] terraform_data.disk[\"c\"] terraform_data.rule",
    },
    // Tainted, and so replaced, with all that it is part of.
    Step {
        hand: Snapform,
        declared: None,
        commands: &["taint terraform_data.rule", "apply -auto-approve"],
        addresses: "terraform_data.disk[\"a\"] terraform_data.disk[\"b\"] terraform_data.disk[\"c\"] terraform_data.rule",
    },
    // Some are destroyed, then no longer declared.
    Step {
        hand: Terraform,
        declared: Some(FOURTH),
        commands: &[
            "destroy -auto-approve -target=terraform_data.disk[\"b\"] -target=terraform_data.disk[\"c\"]",
            "apply -auto-approve",
        ],
        addresses: "terraform_data.disk[\"a\"] terraform_data.rule",
    },
    // Moved by hand, into a module.
    Step {
        hand: Snapform,
        declared: Some(FIFTH),
        commands: &[
            "init",
            "state mv terraform_data.disk[\"a\"] module.disks.terraform_data.disk[\"a\"]",
            "apply -auto-approve",
        ],
        addresses: "terraform_data.rule module.disks.terraform_data.disk[\"a\"]",
    },
    // Another workspace.
    Step {
        hand: Terraform,
        declared: None,
        commands: &["init", "workspace new second", "apply -auto-approve"],
        addresses: "terraform_data.rule module.disks.terraform_data.disk[\"a\"]",
    },
    // In it, one is forgotten by hand and made again.
    Step {
        hand: Snapform,
        declared: None,
        commands: &["state rm terraform_data.rule", "apply -auto-approve"],
        addresses: "terraform_data.rule module.disks.terraform_data.disk[\"a\"]",
    },
    Step {
        hand: Terraform,
        declared: None,
        commands: &["destroy -auto-approve", "workspace select default", "workspace delete second"],
        addresses: "terraform_data.rule module.disks.terraform_data.disk[\"a\"]",
    },
    // Only what depends on nothing is left.
    Step {
        hand: Snapform,
        declared: Some(LAST),
        commands: &["workspace list", "apply -auto-approve"],
        addresses: "terraform_data.rule",
    },
];

const FIRST: &str = r#"
resource "terraform_data" "policy" { input = { days = 7, name = sensitive("n<&>") } }
resource "terraform_data" "disk" {
  for_each = toset(["a", "b"])
  input    = "${each.key} ${terraform_data.policy.id}"
}
output "days" { value = terraform_data.policy.output.days }
"#;

const SECOND: &str = r#"
resource "terraform_data" "policy" { input = { days = 8, name = sensitive("n<&>") } }
resource "terraform_data" "disk" {
  for_each         = toset(["a", "b", "c"])
  input            = "${each.key} ${terraform_data.policy.id}"
  triggers_replace = each.key
  lifecycle { create_before_destroy = true }
}
output "days" { value = terraform_data.policy.output.days }
check "some" {
  assert {
    condition     = terraform_data.policy.output.days > 0
    error_message = "none"
  }
}
"#;

const THIRD: &str = r#"
moved {
  from = terraform_data.policy
  to   = terraform_data.rule
}
resource "terraform_data" "rule" { input = { days = 8, name = sensitive("n<&>") } }
resource "terraform_data" "disk" {
  for_each         = toset(["a", "b", "c"])
  input            = "${each.key} ${terraform_data.rule.id}"
  triggers_replace = each.key
}
output "days" { value = terraform_data.rule.output.days }
"#;

const FOURTH: &str = r#"
resource "terraform_data" "rule" { input = { days = 8, name = sensitive("n<&>") } }
resource "terraform_data" "disk" {
  for_each         = toset(["a"])
  input            = "${each.key} ${terraform_data.rule.id}"
  triggers_replace = each.key
}
output "days" { value = terraform_data.rule.output.days }
"#;

const FIFTH: &str = r#"
resource "terraform_data" "rule" { input = { days = 8, name = sensitive("n<&>") } }
module "disks" {
  source = "./disks"
  rule   = terraform_data.rule.id
}
output "days" { value = terraform_data.rule.output.days }
"#;

const DISKS: &str = r#"
variable "rule" { type = string }
resource "terraform_data" "disk" {
  for_each         = toset(["a"])
  input            = "${each.key} ${var.rule}"
  triggers_replace = each.key
}
"#;

const LAST: &str = r#"
resource "terraform_data" "rule" { input = { days = 8, name = sensitive("n<&>") } }
output "days" { value = terraform_data.rule.output.days }
"#;

impl Hand {
    fn other(self) -> Self {
        match self {
            Terraform => Snapform,
            Snapform => Terraform,
        }
    }

    /// Returns a command; none where there is no Terraform.
    fn command(self, folder: &Folder, words: &[&str]) -> Option<Command> {
        match self {
            Snapform => Some(folder.command(words)),
            Terraform => {
                let mut command = oracles::terraform(folder.path())?;
                command.env("TF_CLI_ARGS_init", "-no-color").env("TF_CLI_ARGS_plan", "-no-color");
                command.env("TF_CLI_ARGS_apply", "-no-color").env("TF_CLI_ARGS_destroy", "-no-color");
                command.args(words).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
                Some(command)
            }
        }
    }

    fn run(self, folder: &Folder, words: &[&str]) -> Option<Run> {
        Some(self.command(folder, words)?.output().unwrap().into())
    }
}

#[test]
fn a_directory_changes_hands_ten_times() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("disks")).unwrap();
    folder.write("disks/main.tf", DISKS);
    for (number, step) in STEPS.iter().enumerate() {
        if let Some(declared) = step.declared {
            folder.write("main.tf", declared);
        }
        if number == 0 && Terraform.run(&folder, &["init"]).is_none() {
            return;
        }
        for command in step.commands {
            let words: Vec<&str> = command.split(' ').collect();
            let run = step.hand.run(&folder, &words).unwrap();
            assert_eq!(run.code, Some(0), "step {}, {command}:\n{}", number + 1, run.text());
        }
        let other = step.hand.other();
        if other == Terraform {
            Terraform.run(&folder, &["init"]).unwrap().succeeded();
        }
        let listed = other.run(&folder, &["state", "list"]).unwrap().succeeded();
        let found: Vec<&str> = listed.out.lines().collect();
        assert_eq!(found.join(" "), step.addresses, "step {}", number + 1);
        // Whoever takes over, and whoever hands over, finds nothing to do.
        for hand in [other, step.hand] {
            let plan = hand.run(&folder, &["plan", "-detailed-exitcode"]).unwrap();
            assert_eq!(plan.code, Some(0), "step {}, the plan of {hand:?}:\n{}", number + 1, plan.text());
            plan.saying("No changes.");
        }
    }
}

/// A program at work, of which the test reads the output as it comes.
struct Working {
    child: Child,
    answers: ChildStdin,
    output: BufReader<ChildStdout>,
    seen: String,
}

impl Working {
    fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let (answers, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, answers, output: BufReader::new(output), seen: String::new() }
    }

    /// Reads until a text was printed.
    fn wait_for(&mut self, text: &str) {
        while !self.seen.contains(text) {
            let available = self.output.fill_buf().unwrap();
            assert!(!available.is_empty(), "the program ended before it said {text:?}:\n{}", self.seen);
            let length = available.len();
            self.seen.push_str(&String::from_utf8_lossy(available));
            self.output.consume(length);
        }
    }

    /// Gives an answer and waits for the end.
    fn end_with(mut self, answer: &str) -> String {
        self.answers.write_all(answer.as_bytes()).unwrap();
        drop(self.answers);
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        self.seen.push_str(&rest);
        let mut errors = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert!(self.child.wait().unwrap().success(), "{}{errors}", self.seen);
        self.seen
    }
}

#[test]
fn each_program_waits_for_the_other_and_reads_what_it_wrote() {
    for holder in [Snapform, Terraform] {
        let waiter = holder.other();
        let folder = Folder::with_main("resource \"terraform_data\" \"first\" { input = 1 }\n");
        if Terraform.run(&folder, &["init"]).is_none() {
            return;
        }
        // The lock is held as long as nobody answers the question.
        let mut held = Working::start(holder.command(&folder, &["apply"]).unwrap());
        held.wait_for("Enter a value:");

        let refused = waiter.run(&folder, &["plan"]).unwrap().ended_with(1);
        assert!(refused.err.contains("Error acquiring the state lock"), "{}", refused.text());
        assert!(refused.err.contains("OperationTypeApply"), "{}", refused.text());
        for words in [["state", "rm", "terraform_data.first"].as_slice(), &["taint", "terraform_data.first"]]
        {
            waiter.run(&folder, words).unwrap().ended_with(1);
        }

        let two = "resource \"terraform_data\" \"first\" { input = 1 }\nresource \"terraform_data\" \"second\" { input = terraform_data.first.id }\n";
        folder.write("main.tf", two);
        let words = ["apply", "-auto-approve", "-lock-timeout=300s"];
        let mut waiting = Working::start(waiter.command(&folder, &words).unwrap());
        waiting.wait_for("Acquiring state lock. This may take a few moments...");
        let said = held.end_with("yes\n");
        assert!(said.contains("Resources: 1 added, 0 changed, 0 destroyed."), "{said}");
        // The object of the first is seen, not made again.
        let said = waiting.end_with("");
        assert!(said.contains("terraform_data.first: Refreshing state... [id="), "{said}");
        assert!(said.contains("Resources: 1 added, 0 changed, 0 destroyed."), "{said}");
        for hand in [holder, waiter] {
            let plan = hand.run(&folder, &["plan", "-detailed-exitcode"]).unwrap();
            plan.succeeded().saying("No changes.");
        }
    }
}
