//! What is known before the first call is told by the plan; what a create cannot carry follows it.

use snapform::sandbox::DEFAULT_TENCENT_SECRET_ID;

use crate::program::Folder;

/// One recovery point of each system, on a parent that does not exist.
const ORPHANS: &str = r#"
provider "alicloud" { region = "cn-hangzhou" }
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-nowhere"
  snapshot_name = "orphan"
}
resource "alicloud_ecd_snapshot" "a" {
  desktop_id       = "ecd-nowhere"
  snapshot_name    = "orphan"
  source_disk_type = "SYSTEM"
}
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-nowhere0"
  snapshot_name  = "orphan"
}
resource "tencentcloud_cbs_disk_backup" "a" {
  disk_id          = "disk-nowhere0"
  disk_backup_name = "orphan"
}
resource "tencentcloud_tcaplus_snapshot" "a" {
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_nowhere"
  snapshot_name  = "orphan"
}
"#;

#[test]
fn a_parent_that_does_not_exist_is_an_error_of_the_plan_for_all_five() {
    let folder = Folder::with_main(ORPHANS);
    let plan = folder.sandboxed(&["plan"]).ended_with(1);
    for parent in [
        "disk d-nowhere, for alicloud_ecs_snapshot.a",
        "desktop ecd-nowhere, for alicloud_ecd_snapshot.a",
        "file system cfs-nowhere0, for tencentcloud_cfs_snapshot.a",
        "disk disk-nowhere0, for tencentcloud_cbs_disk_backup.a",
        "table 19162256624:1:tb_nowhere, for tencentcloud_tcaplus_snapshot.a",
    ] {
        assert!(plan.err.contains(parent), "{parent}: {}", plan.err);
    }
    assert_eq!(plan.err.matches("Error: Parent does not exist").count(), 5, "{}", plan.err);
    folder.sandboxed(&["apply", "-auto-approve"]).ended_with(1);
    assert!(folder.points().is_empty());
    let accepted = folder.sandboxed(&["plan", "-accept-gone"]).succeeded();
    assert_eq!(accepted.out.matches("Warning: Parent does not exist").count(), 5, "{}", accepted.out);
}

const TWO: &str = r#"
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
}
resource "tencentcloud_cbs_disk_backup" "b" {
  disk_id          = "disk-1000000b"
  disk_backup_name = "nightly"
}
"#;

#[test]
fn a_state_that_is_gone_is_told_with_imports_that_bring_it_back() {
    let folder = Folder::with_main(TWO);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().not_saying("exist already");
    let points = folder.points();
    for name in ["terraform.tfstate", "terraform.tfstate.backup"] {
        let _ = std::fs::remove_file(folder.path().join(".snapform/sandbox").join(name));
    }
    let plan = folder.sandboxed(&["plan", "-no-color"]).succeeded();
    assert!(plan.out.contains("Points of these names exist already"), "{}", plan.out);
    let lines = plan.out.lines();
    let blocks: Vec<&str> = lines
        .skip_while(|line| !line.starts_with("import {"))
        .take_while(|line| line.is_empty() || line.starts_with(['i', ' ', '}']))
        .collect();
    folder.write("imports.tf", &blocks.join("\n"));
    folder
        .sandboxed(&["apply", "-auto-approve"])
        .succeeded()
        .saying("Resources: 2 imported, 0 added, 0 changed, 0 destroyed.")
        .not_saying("exist already");
    assert_eq!(folder.points(), points);
}

#[test]
fn an_object_that_another_address_holds_is_not_imported() {
    let folder = Folder::with_main(TWO);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let id = folder.points().into_iter().find(|(kind, _)| kind == "cfs-snapshot").unwrap().1;
    let second = "resource \"tencentcloud_cfs_snapshot\" \"c\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name = \"nightly\"\n}\n";
    folder.write("second.tf", second);
    let refused = folder.sandboxed(&["import", "tencentcloud_cfs_snapshot.c", &id]).ended_with(1);
    assert!(refused.err.contains("belongs to tencentcloud_cfs_snapshot.a already"), "{}", refused.err);
    folder
        .write("import.tf", &format!("import {{\n  to = tencentcloud_cfs_snapshot.c\n  id = \"{id}\"\n}}\n"));
    let refused = folder.sandboxed(&["plan"]).ended_with(1);
    assert!(refused.err.contains("Object is managed by another address"), "{}", refused.err);
    // What lets it go may hand it on.
    folder.edit("main.tf", "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = \"nightly\"\n}", "removed {\n  from = tencentcloud_cfs_snapshot.a\n  lifecycle { destroy = false }\n}");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("1 imported");
}

#[test]
fn more_tags_than_a_create_takes_follow_it() {
    let tags: Vec<String> = (0..19).map(|at| format!("k{at:02} = \"v{at}\"")).collect();
    let main = format!(
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {{\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name = \"tagged\"\n  tags = {{\n{}\n  }}\n}}\n",
        tags.join("\n")
    );
    let folder = Folder::with_main(&main);
    folder
        .sandboxed(&["apply", "-auto-approve"])
        .succeeded()
        .saying("Resources: 1 added, 0 changed, 0 destroyed.");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
    assert_eq!(folder.points().len(), 1);
}

#[test]
fn tags_that_could_not_follow_a_create_are_set_by_the_next_run() {
    let tags: Vec<String> = (0..8).map(|at| format!("k{at} = \"v\"")).collect();
    let folder = Folder::with_main(&format!(
        "resource \"tencentcloud_cfs_snapshot\" \"a\" {{\n  file_system_id = \"cfs-1000000a\"\n  tags = {{\n{}\n  }}\n}}\n",
        tags.join("\n")
    ));
    folder.sandboxed(&["plan"]).succeeded();
    let allow = |denied: &[&str]| {
        let set = serde_json::json!({ "denied": denied });
        assert!(folder.sandbox().change("access-key", DEFAULT_TENCENT_SECRET_ID, &set).unwrap());
    };
    allow(&["tag:ModifyResourceTags"]);
    folder.sandboxed(&["apply", "-auto-approve"]).ended_with(1).saying("ModifyResourceTags");
    let made = folder.points();
    assert_eq!(made.len(), 1);
    allow(&[]);
    folder.sandboxed(&["plan"]).succeeded().saying("0 to add, 1 to change, 0 to destroy");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    assert_eq!(folder.points(), made);
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded();
}

#[test]
fn a_missing_state_is_an_empty_one_and_its_backup_is_named() {
    let folder = Folder::with_main("resource \"terraform_data\" \"a\" { input = \"one\" }\n");
    folder.run(&["apply", "-auto-approve"]).succeeded();
    folder.edit("main.tf", "one", "two");
    folder.run(&["apply", "-auto-approve"]).succeeded().not_saying("backup");
    std::fs::remove_file(folder.path().join("terraform.tfstate")).unwrap();
    for words in [&["plan"] as &[&str], &["plan", "-lock=false"]] {
        let plan = folder.run(words).succeeded();
        assert!(plan.out.contains("Plan: 1 to add, 0 to change, 0 to destroy."), "{}", plan.out);
        assert!(plan.out.contains("Warning: State is missing beside its backup"), "{}", plan.out);
        assert!(plan.out.contains("terraform.tfstate.backup"), "{}", plan.out);
    }
    assert!(!folder.path().join("terraform.tfstate").exists());
    // A state of zero bytes that nobody just made is one that was lost on the way.
    folder.write("terraform.tfstate", "");
    folder.run(&["plan"]).ended_with(1);
}
