//! Arguments that nobody gave: null in the planned object, "" and `{}` for whoever reads them, so that outputs settle at once.

use serde_json::{Value, json};

use crate::program::Folder;

const MAIN: &str = r#"
provider "alicloud" {
  region = "cn-hangzhou"
}
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
}
resource "tencentcloud_cbs_disk_backup" "a" {
  disk_id = "disk-1000000a"
}
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "plain"
}
resource "alicloud_ecd_snapshot" "a" {
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = "plain"
  source_disk_type = "SYSTEM"
}
locals {
  through = tencentcloud_cfs_snapshot.a.tags
}
output "tags" { value = [local.through, alicloud_ecs_snapshot.a.tags] }
output "texts" {
  value = [
    tencentcloud_cfs_snapshot.a.snapshot_name,
    tencentcloud_cbs_disk_backup.a.disk_backup_name,
    alicloud_ecs_snapshot.a.description,
    alicloud_ecd_snapshot.a.description,
  ]
}
"#;

const STATE: &str = ".snapform/sandbox/terraform.tfstate";

fn state(folder: &Folder) -> Value {
    serde_json::from_slice(&std::fs::read(folder.path().join(STATE)).unwrap()).unwrap()
}

fn unset(state: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for resource in state["resources"].as_array().unwrap() {
        let attributes = &resource["instances"][0]["attributes"];
        for name in ["tags", "description", "disk_backup_name"] {
            found.extend(attributes.get(name).cloned());
        }
        if resource["type"] == "tencentcloud_cfs_snapshot" {
            found.push(attributes["snapshot_name"].clone());
        }
    }
    found.sort_by_key(Value::to_string);
    found
}

fn made_empty(folder: &Folder) {
    assert_eq!(unset(&state(folder)), [json!(""), json!(""), json!(""), json!(""), json!({}), json!({})]);
}

fn settled(folder: &Folder) {
    let now = state(folder);
    assert_eq!(now["outputs"]["tags"]["value"], json!([{}, {}]));
    assert_eq!(now["outputs"]["texts"]["value"], json!(["", "", "", ""]));
    for words in [&["plan", "-detailed-exitcode"][..], &["plan", "-refresh-only", "-detailed-exitcode"]] {
        folder.sandboxed(words).ended_with(0).saying("No changes.");
    }
}

#[test]
fn outputs_of_what_nobody_gave_settle_in_the_apply_that_makes_it() {
    let folder = Folder::with_main(MAIN);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    made_empty(&folder);
    settled(&folder);
}

#[test]
fn the_null_that_terraform_saves_of_a_new_object_is_no_drift_and_settles_in_one_apply() {
    let folder = Folder::with_main(MAIN);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let mut saved = state(&folder);
    for resource in saved["resources"].as_array_mut().unwrap() {
        let attributes = resource["instances"][0]["attributes"].as_object_mut().unwrap();
        for (_, value) in attributes.iter_mut() {
            if *value == json!("") || *value == json!({}) {
                *value = Value::Null;
            }
        }
    }
    saved["serial"] = json!(saved["serial"].as_u64().unwrap() + 1);
    std::fs::write(folder.path().join(STATE), saved.to_string()).unwrap();
    folder.sandboxed(&["plan", "-refresh-only", "-detailed-exitcode"]).ended_with(0);
    folder.sandboxed(&["plan", "-detailed-exitcode"]).ended_with(0).saying("No changes.");

    saved["outputs"] = json!({});
    std::fs::write(folder.path().join(STATE), saved.to_string()).unwrap();
    folder
        .sandboxed(&["plan", "-detailed-exitcode"])
        .ended_with(2)
        .saying("Changes to Outputs")
        .not_saying("Objects have changed outside");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    settled(&folder);
}

#[test]
fn empty_tags_and_names_are_planned_as_if_they_were_not_given() {
    let folder = Folder::with_main(MAIN);
    folder.edit(
        "main.tf",
        "file_system_id = \"cfs-1000000a\"",
        "file_system_id = \"cfs-1000000a\"\n  tags = {}",
    );
    folder.sandboxed(&["plan", "-out=p"]).succeeded();
    let shown: Value =
        serde_json::from_str(&folder.sandboxed(&["show", "-json", "p"]).succeeded().out).unwrap();
    let changes = shown["resource_changes"].as_array().unwrap();
    let cfs = changes.iter().find(|change| change["type"] == "tencentcloud_cfs_snapshot").unwrap();
    assert_eq!(cfs["change"]["after"]["tags"], Value::Null);
    assert_eq!(cfs["change"]["after"]["snapshot_name"], Value::Null);
    assert_eq!(shown["planned_values"]["outputs"]["tags"]["value"], json!([{}, {}]));
    folder.sandboxed(&["apply", "-auto-approve", "p"]).succeeded();
    settled(&folder);
}
