//! Values that must not be printed, or not be saved, on their way through objects, outputs and messages.

use serde_json::{Value, json};

use crate::program::Folder;

/// All systems, each with a sensitive argument; where there are tags, one element of them.
const FIVE: &str = r#"
variable "s" {
  sensitive = true
  default   = "canary-one"
}
variable "name" {
  default = "open"
}
# The id of such a snapshot is made of its name, and ids are shown.
variable "part_of_id" {
  sensitive = true
  default   = "players"
}
resource "tencentcloud_cbs_disk_backup" "a" {
  disk_id          = "disk-1000000a"
  disk_backup_name = var.s
}
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = var.name
  tags           = { k = var.s, o = "open" }
}
resource "tencentcloud_tcaplus_snapshot" "a" {
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = var.part_of_id
}
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = var.name
  description   = var.s
  tags          = { k = var.s, o = "open" }
}
provider "alicloud" {
  region = "cn-hangzhou"
}
data "alicloud_ecd_desktops" "d" {
  name_regex = "^design-"
}
resource "alicloud_ecd_snapshot" "a" {
  desktop_id       = data.alicloud_ecd_desktops.d.ids[0]
  snapshot_name    = var.s
  source_disk_type = "SYSTEM"
}
"#;

const STATE: &str = ".snapform/sandbox/terraform.tfstate";

fn state(folder: &Folder, path: &str) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path().join(path)).unwrap()).unwrap()
}

/// Returns the sensitive paths that the state notes, by resource type, as Terraform writes them.
fn noted(state: &Value) -> Vec<(String, Value)> {
    let mut noted: Vec<(String, Value)> = state["resources"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|resource| resource["mode"] == "managed")
        .flat_map(|resource| {
            let instances = resource["instances"].as_array().unwrap().iter();
            instances.map(|instance| {
                (resource["type"].as_str().unwrap().to_owned(), instance["sensitive_attributes"].clone())
            })
        })
        .collect();
    noted.sort_by(|a, b| a.0.cmp(&b.0));
    noted
}

fn attribute(name: &str) -> Value {
    json!({ "type": "get_attr", "value": name })
}

fn key(name: &str) -> Value {
    json!({ "type": "index", "value": { "value": name, "type": "string" } })
}

#[test]
fn sensitive_arguments_stay_marked_in_the_state_of_all_systems_and_the_plan_settles() {
    let folder = Folder::with_main(FIVE);
    let everywhere = |secret: &str| {
        let expected = vec![
            ("alicloud_ecd_snapshot".to_owned(), json!([[attribute("snapshot_name")]])),
            (
                "alicloud_ecs_snapshot".to_owned(),
                json!([[attribute("description")], [attribute("tags"), key("k")]]),
            ),
            ("tencentcloud_cbs_disk_backup".to_owned(), json!([[attribute("disk_backup_name")]])),
            ("tencentcloud_cfs_snapshot".to_owned(), json!([[attribute("tags"), key("k")]])),
            ("tencentcloud_tcaplus_snapshot".to_owned(), json!([[attribute("snapshot_name")]])),
        ];
        assert_eq!(noted(&state(&folder, STATE)), expected);
        folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
        folder.sandboxed(&["show"]).succeeded().not_saying(secret).saying("(sensitive value)");
        let show = folder.sandboxed(&["show", "-json"]).succeeded().out;
        let show: Value = serde_json::from_str(&show).unwrap();
        let resources = show["values"]["root_module"]["resources"].as_array().unwrap();
        let ecs = resources.iter().find(|one| one["address"] == "alicloud_ecs_snapshot.a").unwrap();
        assert_eq!(ecs["sensitive_values"]["tags"], json!({ "k": true }));
    };

    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().not_saying("canary-one");
    everywhere("canary-one");
    // Another argument changes: the ones that stay are still hidden, in the plan and after it.
    let update = ["apply", "-auto-approve", "-var", "name=other"];
    folder.sandboxed(&update).succeeded().saying("2 changed").not_saying("canary-one");
    let folder_state = noted(&state(&folder, STATE));
    assert_eq!(folder_state[1].1, json!([[attribute("description")], [attribute("tags"), key("k")]]));
    folder.edit("main.tf", "default = \"open\"", "default = \"other\"");
    everywhere("canary-one");
    folder.sandboxed(&["refresh"]).succeeded().not_saying("canary-one");
    everywhere("canary-one");
    // Changed and replaced by another secret.
    folder.edit("main.tf", "canary-one", "canary-two");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().not_saying("canary-");
    everywhere("canary-two");
}

#[test]
fn a_mark_that_comes_or_goes_is_recorded_and_replaces_nothing() {
    let main = FIVE.replace("sensitive = true", "sensitive = false");
    let folder = Folder::with_main(&main);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let points = folder.points();
    folder.edit("main.tf", "sensitive = false", "sensitive = true");
    let plan = folder.sandboxed(&["plan", "-detailed-exitcode"]).ended_with(2);
    plan.saying("will be marked as sensitive").not_saying("canary-one").saying("5 to change, 0 to destroy");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("5 changed").not_saying("canary-one");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
    folder.edit("main.tf", "sensitive = true", "sensitive = false");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("5 changed");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
    assert_eq!(folder.points(), points);
}

#[test]
fn a_saved_plan_and_the_stream_keep_the_marks() {
    let folder = Folder::with_main(FIVE);
    folder.sandboxed(&["plan", "-out", "p"]).succeeded().not_saying("canary-one");
    folder.sandboxed(&["show", "p"]).succeeded().not_saying("canary-one");
    folder.sandboxed(&["apply", "-json", "p"]).succeeded().not_saying("canary-one");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
    assert_eq!(noted(&state(&folder, STATE))[3].1, json!([[attribute("tags"), key("k")]]));
    let replaced =
        folder.sandboxed(&["apply", "-auto-approve", "-replace", "tencentcloud_cfs_snapshot.a"]).succeeded();
    replaced.not_saying("canary-one");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
    folder.sandboxed(&["destroy", "-auto-approve"]).succeeded().not_saying("canary-one");
}

#[test]
fn a_data_source_keeps_the_marks_of_its_arguments() {
    let folder = Folder::with_main(
        r#"
variable "n" {
  sensitive = true
  default   = "canary.tfstate"
}
data "terraform_remote_state" "d" {
  backend = "local"
  config  = { path = var.n }
}
output "p" {
  value = data.terraform_remote_state.d.config
}
"#,
    );
    folder.write("canary.tfstate", r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{},"resources":[],"check_results":null}"#);
    let refused = folder.run(&["plan"]).ended_with(1);
    refused.saying("Output refers to sensitive values").not_saying("canary");
    folder.edit("main.tf", "value = data", "sensitive = true\n  value     = data");
    folder.run(&["apply", "-auto-approve"]).succeeded().not_saying("canary");
    folder.run(&["show"]).succeeded().not_saying("canary");
    let noted =
        state(&folder, "terraform.tfstate")["resources"][0]["instances"][0]["sensitive_attributes"].clone();
    assert_eq!(noted, json!([[attribute("config"), attribute("path")]]));
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    // What goes wrong is told without the value, and without what the cloud or the disk says of it.
    std::fs::remove_file(folder.path().join("canary.tfstate")).unwrap();
    folder.run(&["plan"]).ended_with(1).saying("Unable to find remote state").not_saying("canary");
}

#[test]
fn outputs_with_a_sensitive_part_are_no_change() {
    let folder = Folder::with_main(
        r#"
variable "s" {
  sensitive = true
  default   = "canary"
}
resource "terraform_data" "a" {
  input = var.s
}
output "conn" {
  sensitive = true
  value     = { user = "u", password = var.s }
}
output "list" {
  sensitive = true
  value     = ["a", var.s]
}
output "whole" {
  sensitive = true
  value     = terraform_data.a
}
"#,
    );
    folder.run(&["apply", "-auto-approve"]).succeeded().not_saying("canary");
    folder
        .run(&["plan", "-detailed-exitcode"])
        .succeeded()
        .saying("No changes.")
        .not_saying("Changes to Outputs");
    folder.run(&["plan", "-refresh-only", "-detailed-exitcode"]).succeeded().not_saying("Changes to Outputs");
    let again = folder.run(&["apply", "-auto-approve"]).succeeded();
    again.saying("No changes.").not_saying("Changes to Outputs").not_saying("canary");
}

#[test]
fn remote_outputs_are_read_as_terraform_reads_them() {
    let folder = Folder::with_main(
        r#"
data "terraform_remote_state" "d" {
  backend = "local"
  config  = { path = "other.tfstate" }
}
resource "terraform_data" "each" {
  for_each = toset(data.terraform_remote_state.d.outputs.names)
}
output "pw" {
  value = data.terraform_remote_state.d.outputs.pw
}
"#,
    );
    folder.write("other.tfstate", r#"{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"l","outputs":{"pw":{"value":"p","type":"string","sensitive":true},"names":{"value":["a"],"type":["tuple",["string"]],"sensitive":true}},"resources":[],"check_results":null}"#);
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("1 added").saying("pw = \"p\"");
    folder.run(&["plan", "-detailed-exitcode"]).succeeded();
}

/// Conditions, functions and conversions that meet an ephemeral value.
const EPHEMERAL: &str = r#"
variable "e" {
  ephemeral = true
  default   = "canary"
}
variable "n" {
  ephemeral = true
  type      = string
  default   = "canary"
  validation {
    condition     = var.n == "x"
    error_message = "n is ${var.n}"
  }
}
resource "terraform_data" "a" {
  input = 1
  lifecycle {
    precondition {
      condition     = var.e == "x"
      error_message = "bad ${var.e}"
    }
  }
}
check "c" {
  assert {
    condition     = var.e == "x"
    error_message = "bad ${var.e}"
  }
}
locals {
  a = var.e + 1
  b = tonumber(var.e)
  c = timeadd(var.e, "1h")
  d = parseint(var.e, 10)
  f = cidrhost(var.e, 1)
  g = { for x in ["a", "a"] : var.e => x }
  h = lookup({}, var.e)
  i = file(var.e)
  j = jsondecode(base64decode(var.e))
}
"#;

#[test]
fn no_message_names_an_ephemeral_value() {
    let folder = Folder::with_main(EPHEMERAL);
    for words in [&["plan", "-no-color"][..], &["plan", "-json"], &["apply", "-auto-approve"]] {
        folder.run(words).ended_with(1).not_saying("canary");
    }
    folder.edit("main.tf", "ephemeral = true", "sensitive = true");
    for words in [["plan", "-no-color"], ["plan", "-json"]] {
        folder.run(&words).ended_with(1).not_saying("canary");
    }
}

#[test]
fn a_message_that_refers_to_an_ephemeral_value_is_replaced_everywhere() {
    let main = &EPHEMERAL[..EPHEMERAL.find("locals").unwrap()];
    let main = main.replace("condition     = var.n == \"x\"", "condition     = var.n != \"x\"");
    let main = main.replacen("condition     = var.e == \"x\"", "condition     = var.e != \"x\"", 1);
    let folder = Folder::with_main(&main);
    let plan = folder.run(&["plan", "-out", "p"]).succeeded().not_saying("canary");
    plan.saying("Warning: Error message refers to ephemeral values").saying("Check block assertion failed");
    // The default of a variable is a part of the configuration, which Terraform shows too.
    let shown = folder.run(&["show", "-json", "p"]).succeeded().out;
    let shown: Value = serde_json::from_str(&shown).unwrap();
    assert!(!shown["checks"].to_string().contains("canary"));
    folder.run(&["apply", "p"]).succeeded().not_saying("canary");
    let saved = state(&folder, "terraform.tfstate")["check_results"].to_string();
    assert!(
        saved.contains("This check failed, but has an invalid error message") && !saved.contains("canary"),
        "{saved}"
    );
}

#[test]
fn an_ephemeral_output_takes_ephemeral_values_only() {
    let folder = Folder::with_main(
        "module \"m\" {\n  source = \"./m\"\n}\nresource \"terraform_data\" \"r\" {\n  input = module.m.e\n}\n",
    );
    std::fs::create_dir(folder.path().join("m")).unwrap();
    folder.write("m/main.tf", "output \"e\" {\n  ephemeral = true\n  value     = \"canary\"\n}\n");
    let refused = folder.run(&["apply", "-auto-approve"]).ended_with(1);
    refused
        .saying("Value not allowed in ephemeral output")
        .saying("so it can only\nbe set to an ephemeral value");
    assert!(!folder.path().join("terraform.tfstate").exists());
    // A value that only holds one is none either, as in Terraform.
    let variable = "variable \"e\" {\n  ephemeral = true\n  default   = \"canary\"\n}\n";
    folder.write(
        "m/main.tf",
        &format!("{variable}output \"e\" {{\n  ephemeral = true\n  value     = [var.e]\n}}\n"),
    );
    folder
        .run(&["plan"])
        .ended_with(1)
        .saying("Value not allowed in ephemeral output")
        .not_saying("\"canary\"");
}
