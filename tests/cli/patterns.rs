//! The patterns by which tools around Terraform read its output, held against ours.
//!
//! They are those of tfcmt (`pkg/terraform/parser.go`, line by line) and Atlantis (`server/events/models/models.go`, in the
//! whole text).

use regex::Regex;
use serde_json::json;

use crate::program::Folder;

/// A pattern, and the text of a match that must be found.
const PATTERNS: [(&str, &str); 26] = [
    // tfcmt
    (r"^(Plan: \d|No changes.)", "Plan: 8"),
    (r"^(Plan: \d|No changes.)", "No changes."),
    (r"^([│|] )?(Error: )", "Error: "),
    (r"^([│|] )?(Warning: )", "Warning: "),
    (r"^Changes to Outputs:", "Changes to Outputs:"),
    (r"([1-9][0-9]* to destroy.)", "5 to destroy."),
    (r"^ *# (.*) will be created$", "  # terraform_data.count[1] will be created"),
    (r"^ *# (.*) will be updated in-place$", "  # terraform_data.trigger will be updated in-place"),
    (r"^ *# (.*) will be destroyed$", "  # terraform_data.count[1] will be destroyed"),
    (
        r"^ *# (.*?)(?: is tainted, so)? must be replaced$",
        "  # terraform_data.count[0] is tainted, so must be replaced",
    ),
    (r"^ *# (.*?)(?: is tainted, so)? must be replaced$", "  # terraform_data.forced must be replaced"),
    (r"^ *# (.*) will be replaced, as requested$", "  # terraform_data.asked will be replaced, as requested"),
    (
        r"^ *# (.*) will be replaced due to changes in replace_triggered_by$",
        "  # terraform_data.triggered will be replaced due to changes in replace_triggered_by",
    ),
    (r"^ *# (.*?) has moved to (.*?)$", "  # terraform_data.old has moved to terraform_data.new"),
    (r"^ *# (.*) will be imported$", "  # terraform_data.imported will be imported"),
    (r"^ *# \((imported from .*)\)$", r#"  # (imported from "0b1b0c6e-0000-0000-0000-000000000002")"#),
    (r"^ *# \((moved from .*)\)$", "  # (moved from terraform_data.before)"),
    (r"^Terraform will perform the following actions:$", "Terraform will perform the following actions:"),
    (r"^─────", "─────"),
    // Atlantis
    (
        r"Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy(?:, (\d+) to forget)?\.",
        "Plan: 2 to import, 4 to add, 3 to change, 5 to destroy.",
    ),
    (
        r"Plan: (?:(\d+) to import, )?(\d+) to add, (\d+) to change, (\d+) to destroy(?:, (\d+) to forget)?\.",
        "Plan: 8 to add, 0 to change, 0 to destroy.",
    ),
    (
        r"No changes. (Infrastructure is up-to-date|Your infrastructure matches the configuration).",
        "No changes. Your infrastructure matches the configuration.",
    ),
    (r"Note: Objects have changed outside of Terraform", "Note: Objects have changed outside of Terraform"),
    (
        r"Apply complete! Resources: .* destroyed\.",
        "Apply complete! Resources: 8 added, 0 changed, 0 destroyed.",
    ),
    (r"Destroy complete! Resources: .* destroyed\.", "Destroy complete! Resources: 9 destroyed."),
    (r"^Saved the plan to: (.*)$", "Saved the plan to: p"),
];

const BEFORE: &str = r#"
resource "terraform_data" "count" { count = 2 }
resource "terraform_data" "before" { input = 1 }
resource "terraform_data" "old" {}
resource "terraform_data" "asked" {}
resource "terraform_data" "forced" { triggers_replace = 1 }
resource "terraform_data" "trigger" { input = 1 }
resource "terraform_data" "triggered" {
  lifecycle { replace_triggered_by = [terraform_data.trigger] }
}
output "id" { value = terraform_data.before.id }
"#;

const AFTER: &str = r#"
resource "terraform_data" "count" { count = 1 }
moved {
  from = terraform_data.before
  to   = terraform_data.after
}
resource "terraform_data" "after" { input = 2 }
moved {
  from = terraform_data.old
  to   = terraform_data.new
}
resource "terraform_data" "new" {}
resource "terraform_data" "asked" {}
resource "terraform_data" "forced" { triggers_replace = 2 }
resource "terraform_data" "trigger" { input = 2 }
resource "terraform_data" "triggered" {
  lifecycle { replace_triggered_by = [terraform_data.trigger] }
}
import {
  to = terraform_data.imported
  id = "0b1b0c6e-0000-0000-0000-000000000001"
}
resource "terraform_data" "imported" {}
import {
  to = terraform_data.taken
  id = "0b1b0c6e-0000-0000-0000-000000000002"
}
resource "terraform_data" "taken" { input = 1 }
"#;

const DRIFTING: &str = r#"
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "first"
  lifecycle { ignore_changes = [snapshot_name] }
}
resource "terraform_data" "name" { input = tencentcloud_cfs_snapshot.a.snapshot_name }
"#;

#[test]
fn what_tfcmt_and_atlantis_search_for_is_found() {
    let mut folder = Folder::with_main(BEFORE);
    folder.set("SNAPFORM_WORDING", "terraform");
    let mut text = String::new();
    let runs: [&[&str]; 12] = [
        &["plan", "-out=p"],
        &["apply", "-auto-approve"],
        &["plan"],
        &["plan", "-target=terraform_data.old"],
        &["plan", "-var", "nope=1"],
        &["taint", "terraform_data.count[0]"],
        &["plan", "-replace=terraform_data.asked"],
        &["apply", "-auto-approve"],
        &["plan", "-destroy"],
        &["destroy", "-auto-approve"],
        &["plan", "-destroy"],
        &["show", "p"],
    ];
    for words in runs {
        if words[0] == "taint" {
            folder.write("main.tf", AFTER);
        }
        text.push_str(&folder.run(words).text());
    }

    let mut folder = Folder::with_main(DRIFTING);
    folder.set("SNAPFORM_WORDING", "terraform");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let id = folder.points().remove(0).1;
    assert!(folder.sandbox().change("cfs-snapshot", &id, &json!({"name": "another"})).unwrap());
    text.push_str(&folder.sandboxed(&["plan"]).text());

    let mut missing = Vec::new();
    for (pattern, wanted) in PATTERNS {
        let pattern = Regex::new(pattern).unwrap();
        let found = text.lines().filter_map(|line| pattern.find(line)).any(|found| found.as_str() == wanted);
        if !found {
            missing.push(format!("{pattern} finds no {wanted:?}"));
        }
    }
    assert!(missing.is_empty(), "{}\nin\n{text}", missing.join("\n"));
}

#[test]
fn only_the_sentences_that_are_searched_for_change_their_name() {
    let mut folder = Folder::with_main(BEFORE);
    folder.run(&["plan"]).succeeded().saying("\nSnapform will perform the following actions:\n");
    folder.set("SNAPFORM_WORDING", "terraform");
    let plan = folder.run(&["plan"]).succeeded();
    plan.saying("\nTerraform will perform the following actions:\n").saying("run \"snapform apply\" now.");
}
