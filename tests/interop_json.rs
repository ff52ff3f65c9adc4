//! Plans, states and streams as JSON, from Terraform and from snapform over the same directory.

#![allow(clippy::unwrap_used)]

#[path = "support/oracles.rs"]
mod oracles;

use std::path::Path;
use std::process::{Command, Output};

use indexmap::IndexMap;
use serde_json::Value;
use serde_json::value::RawValue;

/// A configuration that both apply with Terraform first, another one that both plan, and the flags of that plan.
struct Scenario {
    name: &'static str,
    before: Option<&'static str>,
    after: &'static str,
    module: Option<&'static str>,
    flags: &'static [&'static str],
    /// Changes the text of the state between the two.
    state: fn(String) -> String,
}

const NOTHING: Scenario =
    Scenario { name: "", before: None, after: "", module: None, flags: &[], state: |text| text };

const FIRST: &str = r#"
variable "days" {
  type    = number
  default = 7
  validation {
    condition     = var.days >= 1
    error_message = "too few"
  }
}
variable "token" {
  default   = "s3<&>cr3t"
  sensitive = true
}
locals { disks = toset(["d-a", "d-b"]) }
resource "terraform_data" "policy" {
  input            = { days = var.days, token = var.token, big = 12345678901234567890 }
  triggers_replace = [var.days > 30]
}
resource "terraform_data" "disk" {
  for_each = local.disks
  input    = "${each.key}-${terraform_data.policy.id}"
  lifecycle {
    precondition {
      condition     = startswith(each.key, "d-")
      error_message = "bad"
    }
  }
}
resource "terraform_data" "n" {
  count = 2
  input = count.index
}
check "has_disks" {
  assert {
    condition     = length(local.disks) > 0
    error_message = "none"
  }
}
output "policy_id" {
  description = "The id."
  value       = terraform_data.policy.id
}
output "policy" {
  value     = terraform_data.policy.output
  sensitive = true
}
output "list" { value = [for n in terraform_data.n : n.input] }
"#;

const SECOND: &str = r#"
variable "days" { default = 31 }
variable "token" {
  default   = "s3<&>cr3t"
  sensitive = true
}
resource "terraform_data" "policy" {
  input            = { days = var.days, token = var.token, big = 12345678901234567890 }
  triggers_replace = [var.days > 30]
}
resource "terraform_data" "disk" {
  for_each = toset(["d-a"])
  input    = "${each.key}-${terraform_data.policy.id}"
}
resource "terraform_data" "n" {
  count            = 1
  input            = { l = [terraform_data.policy.id, "k"], s = var.token }
  triggers_replace = terraform_data.policy.id
  lifecycle { create_before_destroy = true }
}
output "policy_id" { value = terraform_data.policy.id }
output "late" {
  value      = "${terraform_data.n[0].output.l[1]}!"
  depends_on = [terraform_data.disk]
}
"#;

const THIRD: &str = r#"
variable "days" { default = 31 }
resource "terraform_data" "policy" {
  input            = { days = var.days }
  triggers_replace = [var.days > 30]
}
resource "terraform_data" "n" {
  count = 1
  input = { l = [terraform_data.policy.id, "k"] }
}
check "late" {
  assert {
    condition     = terraform_data.policy.output.days == 31
    error_message = "not 31"
  }
}
output "policy_id" { value = terraform_data.policy.id }
output "late" { value = "${terraform_data.n[0].output.l[1]}!" }
"#;

const FOURTH: &str = r#"
variable "days" { default = 31 }
resource "terraform_data" "before" {}
resource "terraform_data" "policy" {
  input            = { days = var.days }
  triggers_replace = [var.days > 30]
  depends_on       = [terraform_data.before]
}
resource "terraform_data" "n" {
  count = 1
  input = { l = [terraform_data.policy.id, "k"] }
  lifecycle { create_before_destroy = true }
}
output "policy_id" { value = terraform_data.policy.id }
"#;

const MOVED: &str = r#"
moved {
  from = terraform_data.n[0]
  to   = terraform_data.rule
}
removed {
  from = terraform_data.disk
  lifecycle { destroy = false }
}
import {
  to = terraform_data.imported
  id = "5b1b0c6e-0000-0000-0000-000000000001"
}
resource "terraform_data" "rule" { input = 0 }
resource "terraform_data" "imported" {}
output "policy_id" { value = "const" }
"#;

const MODULES: &str = r#"
module "snap" {
  source   = "./m"
  for_each = toset(["x", "y"])
  name     = each.key
}
resource "terraform_data" "all" {
  input      = { for key, each in module.snap : key => each.id }
  depends_on = [module.snap]
}
output "one" { value = module.snap["x"].id }
"#;

const MODULE: &str = r#"
variable "name" { type = string }
resource "terraform_data" "this" {
  count = 1
  input = var.name
}
output "id" { value = one(terraform_data.this[*].id) }
"#;

fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario { name: "create", after: FIRST, ..NOTHING },
        Scenario { name: "no change", before: Some(FIRST), after: FIRST, ..NOTHING },
        Scenario { name: "update, replace, delete", before: Some(FIRST), after: SECOND, ..NOTHING },
        Scenario { name: "moved, removed, import", before: Some(FIRST), after: MOVED, ..NOTHING },
        Scenario { name: "destroy", before: Some(FIRST), after: FIRST, flags: &["-destroy"], ..NOTHING },
        Scenario {
            name: "refresh only",
            before: Some(FIRST),
            after: FIRST,
            flags: &["-refresh-only"],
            ..NOTHING
        },
        Scenario {
            name: "target",
            before: Some(FIRST),
            after: THIRD,
            flags: &["-target=terraform_data.n"],
            ..NOTHING
        },
        Scenario {
            name: "destroy of a target",
            before: Some(FIRST),
            after: FIRST,
            flags: &["-destroy", "-target=terraform_data.n"],
            ..NOTHING
        },
        Scenario {
            name: "no refresh",
            before: Some(FIRST),
            after: SECOND,
            flags: &["-refresh=false"],
            ..NOTHING
        },
        Scenario { name: "other dependencies alone", before: Some(THIRD), after: FOURTH, ..NOTHING },
        Scenario {
            name: "replace on request",
            before: Some(FIRST),
            after: FIRST,
            flags: &["-replace=terraform_data.n[1]"],
            ..NOTHING
        },
        Scenario { name: "modules", after: MODULES, module: Some(MODULE), ..NOTHING },
        Scenario { name: "modules go", before: Some(MODULES), after: "", module: Some(MODULE), ..NOTHING },
        Scenario {
            name: "tainted and deposed",
            before: Some("resource \"terraform_data\" \"a\" {\n  input = 1\n}\n"),
            after: "resource \"terraform_data\" \"a\" {\n  input = 1\n}\n",
            state: |text| {
                let object = "{ \"schema_version\": 0, \"deposed\": \"4876beeb\", \"attributes\": { \"id\": \"old\", \"input\": null, \"output\": null, \"triggers_replace\": null }, \"sensitive_attributes\": [] }";
                text.replacen("\"instances\": [", &format!("\"instances\": [\n{object},"), 1).replacen(
                    "{\n          \"schema_version\": 0,",
                    "{\n          \"status\": \"tainted\",\n          \"schema_version\": 0,",
                    1,
                )
            },
            ..NOTHING
        },
        Scenario {
            name: "failed check",
            after: "variable \"v\" {\n  default = 1\n}\ncheck \"c\" {\n  assert {\n    condition     = var.v == 2\n    error_message = \"not two\"\n  }\n}\nresource \"terraform_data\" \"a\" {}\n",
            ..NOTHING
        },
    ]
}

fn snapform(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_snapform"));
    command.current_dir(folder).env("SNAPFORM_WORDING", "terraform");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("TF_") {
            command.env_remove(name);
        }
    }
    command
}

fn text(output: &Output) -> String {
    assert!(
        output.stderr.is_empty(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Replaces what differs from run to run: ids, times.
fn settled(text: &str) -> String {
    let ids = regex::Regex::new("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}").unwrap();
    let times = regex::Regex::new(r#""(@timestamp|timestamp)":"[^"]*""#).unwrap();
    // Commands to run next are our own, and sentences name the program that says them.
    let text =
        text.replace(r"\n    snapform plan\n", r"\n    terraform plan\n").replace("Snapform", "Terraform");
    let text = ids.replace_all(&text, |found: &regex::Captures<'_>| match &found[0] {
        fixed if fixed.starts_with("5b1b0c6e") => fixed.to_owned(),
        _ => "UUID".to_owned(),
    });
    // Terraform lists forgotten objects in the order in which it came by them.
    let text = text.replace(
        r#"disk[\"d-b\"]\n - terraform_data.disk[\"d-a\"]"#,
        r#"disk[\"d-a\"]\n - terraform_data.disk[\"d-b\"]"#,
    );
    // A busy machine takes a second now and then.
    let taken = regex::Regex::new(r#"( after |"elapsed_seconds":)\d+"#).unwrap();
    let text = times.replace_all(&text, r#""$1":"T""#);
    taken.replace_all(&text, "${1}0").into_owned()
}

/// The lines of a stream in an order that does not depend on which object was done first.
fn stream(output: &Output) -> Vec<String> {
    let mut lines: Vec<String> = text(output).lines().map(settled).collect();
    lines.sort();
    lines
}

/// The properties of a document, each as it was printed; lists without an order are sorted.
fn document(output: &Output) -> IndexMap<String, String> {
    let text = settled(&text(output));
    let members: IndexMap<String, Box<RawValue>> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let members = members.into_iter().map(|(name, raw)| {
        let text = if name == "relevant_attributes" {
            let mut items: Vec<String> =
                serde_json::from_str::<Vec<Value>>(raw.get()).unwrap().iter().map(Value::to_string).collect();
            items.sort();
            items.join("\n")
        } else {
            raw.get().to_owned()
        };
        (name, text)
    });
    members.collect()
}

/// Notes a difference, from a little before the place where it begins.
fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    name: &str,
    ours: T,
    theirs: T,
    wrong: &mut Vec<String>,
) {
    if ours == theirs {
        return;
    }
    let (ours, theirs) = (format!("{ours:?}"), format!("{theirs:?}"));
    let same = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
    let near = |text: &str| text.chars().skip(same.saturating_sub(200)).take(600).collect::<String>();
    wrong.push(format!("{what} of {name:?}\n  ours:   {}\n  theirs: {}", near(&ours), near(&theirs)));
}

fn run(command: &mut Command, arguments: &[&str]) -> Output {
    command.args(arguments).output().unwrap()
}

fn play(scenario: &Scenario, wrong: &mut Vec<String>) -> Option<()> {
    let (theirs, ours) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let write = |folder: &Path, config: &str| {
        std::fs::write(folder.join("main.tf"), config).unwrap();
        if let Some(module) = scenario.module {
            std::fs::create_dir_all(folder.join("m")).unwrap();
            std::fs::write(folder.join("m/main.tf"), module).unwrap();
        }
    };
    let terraform = |arguments: &[&str]| -> Option<Output> {
        Some(run(&mut oracles::terraform(theirs.path())?, arguments))
    };
    if let Some(before) = scenario.before {
        write(theirs.path(), before);
        terraform(&["init", "-input=false"])?;
        let applied = terraform(&["apply", "-auto-approve", "-no-color"])?;
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        let path = theirs.path().join("terraform.tfstate");
        let state = (scenario.state)(std::fs::read_to_string(&path).unwrap());
        std::fs::write(&path, &state).unwrap();
        std::fs::write(ours.path().join("terraform.tfstate"), state).unwrap();
    }
    write(theirs.path(), scenario.after);
    write(ours.path(), scenario.after);
    terraform(&["init", "-input=false"])?;
    let plan = [&["plan", "-json", "-out=p"], scenario.flags].concat();
    let name = scenario.name;
    let our = |arguments: &[&str]| run(&mut snapform(ours.path()), arguments);

    compare(
        "state",
        name,
        document(&our(&["show", "-json"])),
        document(&terraform(&["show", "-json"])?),
        wrong,
    );
    compare("plan stream", name, stream(&our(&plan)), stream(&terraform(&plan)?), wrong);
    let shown = ["show", "-json", "p"];
    let (our_plan, their_plan) = (document(&our(&shown)), document(&terraform(&shown)?));
    compare("properties", name, our_plan.keys().collect(), their_plan.keys().collect::<Vec<_>>(), wrong);
    for (property, theirs) in &their_plan {
        compare(property, name, our_plan.get(property), Some(theirs), wrong);
    }
    let apply = ["apply", "-json", "p"];
    compare("apply stream", name, stream(&our(&apply)), stream(&terraform(&apply)?), wrong);
    compare(
        "state after",
        name,
        document(&our(&["show", "-json"])),
        document(&terraform(&["show", "-json"])?),
        wrong,
    );
    let file = |folder: &Path| file(&folder.join("terraform.tfstate"));
    compare("state file", name, file(ours.path()), file(theirs.path()), wrong);
    Some(())
}

/// The members of a state file as they were written, but for the serial, the lineage and what has no order: the results
/// of checks.
fn file(path: &Path) -> Option<IndexMap<String, String>> {
    let text = settled(&std::fs::read_to_string(path).ok()?);
    let members: IndexMap<String, Box<RawValue>> = serde_json::from_str(&text).unwrap();
    let members = members.into_iter().filter(|(name, _)| name != "serial" && name != "lineage");
    let members = members.map(|(name, raw)| {
        let mut lines: Vec<&str> = raw.get().lines().map(|line| line.trim_end_matches(',')).collect();
        if name == "check_results" {
            lines.sort_unstable();
        }
        (name, lines.join("\n"))
    });
    Some(members.collect())
}

#[test]
fn documents_and_streams_are_those_of_terraform() {
    let mut wrong = Vec::new();
    for scenario in scenarios() {
        let mut found = Vec::new();
        if play(&scenario, &mut found).is_none() {
            return;
        }
        wrong.extend(found);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
