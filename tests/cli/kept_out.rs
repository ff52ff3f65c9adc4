//! Credentials: used, and written down nowhere.

use serde_json::Value;

use crate::program::{Folder, Run};

const MAIN: &str = r#"
terraform {
  backend "local" {
    path = "state-CANARY.tfstate"
  }
}
variable "sk" {
  default = "CANARY-default"
}
variable "token" {
  type = string
}
locals {
  pieces = { a = "CANARY-piece" }
}
module "m" {
  source = "./m"
  key    = "CANARY-argument"
}
provider "tencentcloud" {
  region         = "ap-guangzhou"
  secret_id      = "CANARY-literal-é"
  secret_key     = var.sk
  security_token = var.token
}
provider "tencentcloud" {
  alias          = "second"
  secret_id      = module.m.key
  secret_key     = "CANARY-${local.pieces["a"]}"
  security_token = var.token
}
resource "terraform_data" "a" {
  input = 1
}
output "o" {
  value = terraform_data.a.input
}
"#;

fn folder() -> Folder {
    let mut folder = Folder::with_main(MAIN);
    std::fs::create_dir(folder.path().join("m")).unwrap();
    folder.write("m/main.tf", "variable \"key\" {}\noutput \"key\" {\n  value = var.key\n}\n");
    folder.write("more.tf.json", r#"{ "provider": { "alicloud": { "secret_key": "CANARY-json" } } }"#);
    folder.write("terraform.tfvars", "token = \"CANARY-given\"\n");
    folder.set("SNAPFORM_VAR_unused", "x");
    folder.sandboxed(&["init"]).succeeded();
    folder
}

fn show_json(folder: &Folder) -> Run {
    folder.sandboxed(&["show", "-json", "p"]).succeeded()
}

#[test]
fn a_plan_file_and_what_is_shown_of_it_hold_no_credential() {
    let folder = folder();
    folder.sandboxed(&["plan", "-out", "p"]).succeeded();
    let plan = std::fs::read_to_string(folder.path().join("p")).unwrap();
    assert!(!plan.contains("CANARY"), "{plan}");
    // Neither where the files lie beside it, nor where they do not.
    let shown = show_json(&folder).not_saying("CANARY");
    let shown: Value = serde_json::from_str(&shown.out).unwrap();
    assert_eq!(shown["variables"]["token"], serde_json::json!({}));
    folder.sandboxed(&["show", "p"]).succeeded().not_saying("CANARY");
    let elsewhere = Folder::new();
    std::fs::copy(folder.path().join("p"), elsewhere.path().join("p")).unwrap();
    show_json(&elsewhere).not_saying("CANARY");
    elsewhere
        .sandboxed(&["apply", "-var", "token=x", "p"])
        .ended_with(1)
        .saying("Credentials are not part of a plan");
    // What was cut out is taken from the same files again.
    folder.sandboxed(&["apply", "p"]).succeeded().saying("1 added").not_saying("CANARY");
}

#[test]
fn a_plan_is_not_applied_with_the_credentials_of_another_file() {
    let folder = folder();
    folder.sandboxed(&["plan", "-out", "p"]).succeeded();
    folder.edit("main.tf", "input = 1", "input = 2");
    let refused = folder.sandboxed(&["apply", "p"]).ended_with(1).not_saying("CANARY");
    refused.saying("Credentials are not part of a plan").saying("main.tf");
    // Another key of the same length is what somebody gave since: the rest of the file is the one that was planned.
    folder.edit("main.tf", "input = 2", "input = 1");
    folder.edit("main.tf", "CANARY-literal", "canary-LITERAL");
    folder.sandboxed(&["apply", "p"]).succeeded();
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_left_of_the_memory_when_the_program_is_aborted() {
    use std::io::{BufRead, BufReader};
    let folder = Folder::new();
    let mut child = folder.command(&["sandbox", "serve", "-listen", "127.0.0.1:0"]).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    output.read_line(&mut String::new()).unwrap();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let limit = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    let words: Vec<&str> = limit.split_whitespace().collect();
    assert!(matches!(words[4], "0" | "1"), "{limit}");
}

/// Sensitive, ephemeral and secret values on every road that the language has.
const ROADS: &str = r#"
variable "s" {
  sensitive = true
  validation {
    condition     = var.s != "x"
    error_message = "not ${var.s}"
  }
}
variable "e" {
  ephemeral = true
}
variable "k" {}
locals {
  s    = upper(lower("${var.s}/${jsonencode({ a = [var.s] })}"))
  each = { for name in ["a", "b"] : name => "${var.s}-${name}" }
  e    = [for x in [var.e] : "${x}!"]
}
provider "tencentcloud" {
  secret_id      = "id"
  secret_key     = var.k
  security_token = "${var.k}-${var.e}"
}
module "m" {
  source = "./m"
  s      = local.each["a"]
  e      = local.e[0]
}
data "terraform_remote_state" "d" {
  backend  = "local"
  config   = { path = "none.tfstate" }
  defaults = { a = local.s }
  count    = fileexists("none.tfstate") ? 1 : 0
}
resource "tencentcloud_cbs_disk_backup" "a" {
  disk_id          = "disk-1000000a"
  disk_backup_name = var.s
}
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = tencentcloud_cbs_disk_backup.a.disk_backup_name
  tags           = merge({ o = "open" }, { k = local.each["b"] })
  lifecycle {
    precondition {
      condition     = length(var.e) > 0
      error_message = "e is ${var.e}"
    }
  }
}
resource "terraform_data" "a" {
  for_each         = toset(["x"])
  triggers_replace = [local.s, { deep = [{ s = module.m.s }] }]
}
check "c" {
  assert {
    condition     = var.e == var.s
    error_message = "not the same: ${var.e} ${var.s}"
  }
}
output "s" {
  sensitive = true
  value     = { a = local.s, b = terraform_data.a["x"].triggers_replace }
}
output "length" {
  value = nonsensitive(length(var.s))
}
"#;

const MODULE: &str = r#"
variable "s" {}
variable "e" {
  ephemeral = true
}
output "s" {
  value = var.s
}
output "e" {
  ephemeral = true
  value     = var.e
}
"#;

/// Returns the files below a folder that hold a text.
fn files_with(folder: &std::path::Path, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if std::fs::read(&path).unwrap().windows(text.len()).any(|part| part == text.as_bytes()) {
                found.push(path.display().to_string());
            }
        }
    }
    found
}

#[test]
fn no_command_writes_a_hidden_value_where_terraform_does_not_have_to() {
    let (sensitive, ephemeral, key) = ("sens-canary", "ephe-canary", "cred-canary");
    let mut folder = Folder::with_main(ROADS);
    std::fs::create_dir(folder.path().join("m")).unwrap();
    folder.write("m/main.tf", MODULE);
    folder.set("SNAPFORM_VAR_s", sensitive);
    folder.set("TF_VAR_e", ephemeral);
    folder.set("TF_VAR_k", key);
    folder.set("TF_LOG", "trace");
    folder.set("SNAPFORM_LOG", "trace");
    folder.set("TENCENTCLOUD_SECRET_KEY", "cred-canary-of-the-environment");
    let deep = format!("{} in capitals", sensitive.to_uppercase());
    // Where the command's purpose is to hand out values, as with Terraform, the sensitive ones are among them.
    let hands_out = |words: &[&str]| {
        matches!(words, ["show", "-json", ..] | ["state", "pull"] | ["output", "-json"] | ["output", "s"])
    };
    let commands: &[&[&str]] = &[
        &["init"],
        &["validate"],
        &["validate", "-json"],
        &["plan"],
        &["plan", "-json", "-out", "p"],
        &["show", "p"],
        &["show", "-json", "p"],
        &["apply", "-json", "p"],
        &["plan", "-detailed-exitcode"],
        &["output"],
        &["output", "-json"],
        &["output", "s"],
        &["output", "length"],
        &["show"],
        &["show", "-json"],
        &["state", "list"],
        &["state", "show", "tencentcloud_cfs_snapshot.a"],
        &["state", "show", "terraform_data.a[\"x\"]"],
        &["state", "pull"],
        &["graph"],
        &["graph", "-type=plan"],
        &["providers"],
        &["providers", "schema", "-json"],
        &["intents", "list", "-json"],
        &["refresh"],
        &["plan", "-refresh-only", "-json"],
        &["apply", "-auto-approve", "-replace", "tencentcloud_cfs_snapshot.a"],
        &["taint", "tencentcloud_cbs_disk_backup.a"],
        &["apply", "-auto-approve", "-stats"],
        &["import", "tencentcloud_cfs_snapshot.a", "snap-none"],
        &["import", "tencentcloud_cfs_snapshot.b", sensitive],
        &["plan", "-destroy"],
        &["plan", "-var", "k=", "-var", "s=x"],
        &["destroy", "-auto-approve", "-json"],
    ];
    for words in commands {
        let run = folder.sandboxed(words);
        // Imports of what is not there, and a validation that does not hold.
        let fails = words[0] == "import" || words.contains(&"k=");
        assert_eq!(run.code, Some(i32::from(fails)), "{words:?}\n{}", run.text());
        let text = run.text();
        for secret in [ephemeral, key] {
            assert!(!text.contains(secret), "{words:?} prints {secret}\n{text}");
        }
        if !hands_out(words) && !words.contains(&sensitive) {
            let lower = text.to_lowercase();
            assert!(!lower.contains(sensitive), "{words:?} prints {sensitive} or {deep}\n{text}");
        }
    }
    for line in [
        "var.s",
        "var.e",
        "local.e",
        "local.s",
        "module.m",
        "tencentcloud_cfs_snapshot.a",
        "timeadd(var.e, var.s)",
    ] {
        let mut child =
            folder.command(&["-sandbox", "console"]).stdin(std::process::Stdio::piped()).spawn().unwrap();
        std::io::Write::write_all(&mut child.stdin.take().unwrap(), line.as_bytes()).unwrap();
        let run = Run::from(child.wait_with_output().unwrap());
        assert!(!run.text().to_lowercase().contains("canary"), "console {line}\n{}", run.text());
    }
    for secret in [ephemeral, key] {
        assert_eq!(files_with(folder.path(), secret), Vec::<String>::new(), "{secret}");
    }
    // The state, its backup and the plan keep what is sensitive, and the world is the cloud itself.
    let is_kept = |path: &String| {
        path.ends_with(".tfstate")
            || path.ends_with(".backup")
            || path.ends_with("/p")
            || path.contains("/sandbox/world/")
    };
    let elsewhere: Vec<String> =
        files_with(folder.path(), sensitive).into_iter().filter(|path| !is_kept(path)).collect();
    assert_eq!(elsewhere, Vec::<String>::new());
}
