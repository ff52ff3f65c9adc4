//! Which account and region objects are read and written in: provider arguments that something else decides, and blocks whose
//! provider is another one than the state says.

use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_TENCENT_SECRET_ID,
    DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, Server,
};

use crate::oracles;
use crate::program::{Folder, points};

/// Both clouds, with keys of their own account in the environment.
struct Cloud {
    sandbox: Sandbox,
    server: Server,
    _runtime: tokio::runtime::Runtime,
}

impl Cloud {
    fn new() -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sandbox = Sandbox::open(None, Options::default()).unwrap();
        let server = runtime.block_on(Server::bind("127.0.0.1:0".parse().unwrap(), sandbox.clone())).unwrap();
        Self { sandbox, server, _runtime: runtime }
    }

    fn folder(&self, main: &str) -> Folder {
        let mut folder = Folder::with_main(main);
        folder.set("SNAPFORM_ENDPOINT", &format!("http://{}", self.server.address()));
        folder.set("ALICLOUD_ACCESS_KEY", DEFAULT_ALIBABA_ACCESS_KEY_ID);
        folder.set("ALICLOUD_SECRET_KEY", DEFAULT_ALIBABA_ACCESS_KEY_SECRET);
        folder.set("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID);
        folder.set("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY);
        folder
    }
}

fn providers(folder: &Folder) -> Vec<String> {
    let state =
        [".snapform/sandbox/terraform.tfstate", "terraform.tfstate"].map(|name| folder.path().join(name));
    let state = state.iter().find(|path| path.exists()).unwrap();
    let state: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(state).unwrap()).unwrap();
    let resources = state["resources"].as_array().unwrap().iter();
    resources.map(|resource| resource["provider"].as_str().unwrap().to_owned()).collect()
}

const LATE_KEYS: &str = r#"
resource "terraform_data" "r" { input = "AKIDother" }
provider "tencentcloud" {
  region     = "ap-guangzhou"
  secret_id  = terraform_data.r.output
  secret_key = terraform_data.r.output
}
resource "tencentcloud_cfs_snapshot" "z" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "plain"
}
"#;

#[test]
fn keys_that_only_apply_knows_are_never_replaced_by_those_of_the_environment() {
    let cloud = Cloud::new();
    let folder = cloud.folder(LATE_KEYS);
    folder.run(&["apply", "-auto-approve"]).ended_with(1).saying("SecretIdNotFound");
    assert_eq!(points(&cloud.sandbox), []);
    let folder = cloud.folder(LATE_KEYS);
    folder.run(&["plan", "-out=p"]).succeeded().saying("2 to add");
    folder.run(&["apply", "p"]).ended_with(1).saying("SecretIdNotFound");
    assert_eq!(points(&cloud.sandbox), []);
}

#[test]
fn a_region_that_only_apply_knows_is_used_once_it_is_known() {
    let cloud = Cloud::new();
    let main = r#"
resource "terraform_data" "r" { input = "ap-shanghai" }
provider "tencentcloud" { region = terraform_data.r.output }
resource "tencentcloud_cfs_snapshot" "z" {
  file_system_id = "cfs-2000000a"
  snapshot_name  = "plain"
}
"#;
    for saved in [false, true] {
        let folder = cloud.folder(main);
        if saved {
            folder.run(&["plan", "-out=p"]).succeeded();
            folder.run(&["apply", "p"]).succeeded();
        } else {
            folder.run(&["apply", "-auto-approve"]).succeeded();
        }
        folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes");
        folder
            .run(&["plan", "-replace=terraform_data.r"])
            .ended_with(1)
            .saying("Invalid provider configuration")
            .saying("\"region\" comes from")
            .saying("terraform_data.r.output");
        folder.run(&["destroy", "-auto-approve"]).succeeded().saying("2 destroyed");
        assert_eq!(points(&cloud.sandbox), []);
    }
}

#[test]
fn accounts_that_only_apply_knows_are_judged_before_the_first_write() {
    let cloud = Cloud::new();
    let main = r#"
variable "who" { default = "stranger" }
resource "terraform_data" "r" { input = var.who }
provider "tencentcloud" {
  allowed_account_ids = [terraform_data.r.output == "us" ? "100000000001" : "999999999999"]
}
resource "tencentcloud_cfs_snapshot" "z" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "plain"
}
"#;
    let folder = cloud.folder(main);
    folder.run(&["plan", "-out=p"]).succeeded();
    folder.run(&["apply", "p"]).ended_with(1).saying("which\nthe provider block rules out");
    assert_eq!(points(&cloud.sandbox), []);
    folder.run(&["apply", "-auto-approve", "-var=who=us"]).succeeded();
    // What is there is read meanwhile, and neither changed nor destroyed.
    folder.edit("main.tf", "plain", "other");
    folder.run(&["apply", "-auto-approve", "-var=who=a"]).ended_with(1).saying("rules out");
    folder.edit("main.tf", "\"cfs-1000000a\"", "\"cfs-1000000b\"");
    folder.run(&["apply", "-auto-approve", "-var=who=b"]).ended_with(1).saying("rules out");
    assert_eq!(points(&cloud.sandbox).len(), 1);
    // The new value would be known only after the old object is gone.
    let both = ["plan", "-var=who=c", "-replace=terraform_data.r"];
    folder.run(&both).ended_with(1).saying("must\nbe destroyed with it");
    folder.run(&["apply", "-auto-approve", "-var=who=us"]).succeeded();
}

const FROM_DATA: &str = r#"
data "terraform_remote_state" "d" {
  backend = "local"
  config  = { path = "${path.module}/other.tfstate" }
}
provider "alicloud" { region = data.terraform_remote_state.d.outputs.region }
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-uf60000000000000000a"
  snapshot_name = "n1"
}
data "alicloud_ecs_disks" "all" {}
output "ids" { value = data.alicloud_ecs_disks.all.ids }
"#;

const SHANGHAI: &str = r#"{
  "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "6c934ae5-bde8-edfe-27aa-62b5ffcd151c",
  "outputs": { "region": { "value": "cn-shanghai", "type": "string" } }, "resources": []
}"#;

#[test]
fn a_region_from_a_data_source_is_read_before_anything_else_by_every_command() {
    let folder = Folder::with_main(FROM_DATA);
    folder.write("other.tfstate", SHANGHAI);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("\"d-uf60000000000000000a\"");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes");
    folder.sandboxed(&["plan", "-refresh-only", "-detailed-exitcode"]).succeeded();
    folder.sandboxed(&["refresh"]).succeeded();
    let (_, id) = folder.points().remove(0);
    folder.sandboxed(&["state", "rm", "alicloud_ecs_snapshot.a"]).succeeded();
    folder.sandboxed(&["import", "alicloud_ecs_snapshot.a", &id]).succeeded();
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes");
    folder.sandboxed(&["state", "rm", "alicloud_ecs_snapshot.a"]).succeeded();
    let import = format!("import {{\n  to = alicloud_ecs_snapshot.a\n  id = \"{id}\"\n}}\n");
    folder.write("import.tf", &import);
    folder.sandboxed(&["plan"]).succeeded().saying("1 to import");
    folder.edit("main.tf", "resource \"alicloud_ecs_snapshot\" \"a\" {", "locals {");
    folder.sandboxed(&["plan", "-generate-config-out=made.tf"]).succeeded().saying("1 to import");
    std::fs::remove_file(folder.path().join("made.tf")).unwrap();
    folder.write("main.tf", FROM_DATA);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    folder
        .sandboxed(&["plan", "-destroy"])
        .succeeded()
        .saying("data.terraform_remote_state.d: Reading...")
        .saying("1 to destroy");
    folder.sandboxed(&["destroy", "-auto-approve"]).succeeded().saying("1 destroyed");
    assert_eq!(folder.points(), []);
}

const ALIASED: &str = r#"
terraform {
  required_providers {
    alicloud = {
      source = "hashicorp/alicloud"
    }
  }
}
provider "alicloud" {
  alias  = "first"
  region = "cn-shanghai"
}
resource "alicloud_ecs_snapshot" "a" {
  provider      = alicloud.first
  disk_id       = "d-uf60000000000000000a"
  snapshot_name = "n1"
}
"#;

#[test]
fn an_object_is_read_with_the_provider_of_its_block_and_noted_under_it() {
    let folder = Folder::with_main(ALIASED);
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let noted = |source: &str| assert_eq!(providers(&folder), [source]);
    let unchanged = || {
        folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes");
        folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    };
    folder.write("main.tf", &ALIASED.replace("first", "second"));
    unchanged();
    noted("provider[\"registry.terraform.io/hashicorp/alicloud\"].second");
    folder.write("main.tf", &ALIASED.replace("first", "second").replace("hashicorp/", "aliyun/"));
    unchanged();
    noted("provider[\"registry.terraform.io/aliyun/alicloud\"].second");
    let plain =
        ALIASED.replace("  alias  = \"first\"\n", "").replace("  provider      = alicloud.first\n", "");
    folder.write("main.tf", &plain);
    unchanged();
    noted("provider[\"registry.terraform.io/hashicorp/alicloud\"]");
    // A provider of another region is told at once, and what it means.
    folder.edit("main.tf", "cn-shanghai", "cn-hangzhou");
    folder
        .sandboxed(&["plan"])
        .ended_with(1)
        .saying("the object was saved in region cn-shanghai")
        .saying("A recovery point stays in its region");
    std::fs::create_dir(folder.path().join("m")).unwrap();
    folder.write("m/main.tf", &ALIASED.replace("first", "own"));
    let module = "module \"NAME\" {\n  source = \"./m\"\n}\nmoved {\n  from = FROM\n  to   = TO\n}\n";
    let module = |name: &str, from: &str, to: &str| {
        module.replace("NAME", name).replace("FROM", from).replace("TO", to)
    };
    folder.write("main.tf", &module("m", "alicloud_ecs_snapshot.a", "module.m.alicloud_ecs_snapshot.a"));
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("has moved to");
    noted("module.m.provider[\"registry.terraform.io/hashicorp/alicloud\"].own");
    folder.write("main.tf", &module("n", "module.m", "module.n"));
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("has moved to");
    noted("module.n.provider[\"registry.terraform.io/hashicorp/alicloud\"].own");
    // Without any block it is Terraform's error, whatever is asked for.
    folder.write("main.tf", "resource \"terraform_data\" \"b\" {}\n");
    let removed =
        "removed {\n  from = module.n.alicloud_ecs_snapshot.a\n  lifecycle {\n    destroy = false\n  }\n}\n";
    for text in ["", removed] {
        folder.write("removed.tf", text);
        for words in [
            &["plan"] as &[&str],
            &["plan", "-destroy"],
            &["plan", "-refresh-only"],
            &["plan", "-refresh=false"],
            &["plan", "-target=terraform_data.b"],
            &["apply", "-auto-approve"],
            &["destroy", "-auto-approve"],
            &["refresh"],
        ] {
            folder
                .sandboxed(words)
                .ended_with(1)
                .saying("Provider configuration not present")
                .not_saying("before it is configured");
        }
    }
    folder.sandboxed(&["state", "list"]).succeeded().saying("module.n.alicloud_ecs_snapshot.a");
    assert_eq!(folder.points().len(), 1);
}

#[test]
fn a_new_provider_address_is_written_when_terraform_writes_it() {
    let alias = |name: &str| {
        format!(
            "provider \"terraform\" {{\n  alias = \"{name}\"\n}}\nresource \"terraform_data\" \"a\" {{\n  provider = terraform.{name}\n}}\nresource \"terraform_data\" \"b\" {{}}\n"
        )
    };
    for words in [
        &["apply", "-auto-approve"] as &[&str],
        &["apply", "-auto-approve", "-refresh=false"],
        &["apply", "-auto-approve", "-target=terraform_data.b"],
        &["apply", "-auto-approve", "-refresh-only"],
        &["refresh"],
        &["plan"],
    ] {
        let found = [false, true].map(|terraform| {
            let folder = Folder::with_main(&alias("first"));
            let run = |words: &[&str]| {
                if !terraform {
                    folder.run(words).succeeded();
                    return Some(());
                }
                let output = oracles::terraform(folder.path())?.args(words).output().unwrap();
                assert!(output.status.success(), "{words:?}: {output:?}");
                Some(())
            };
            run(&["init"])?;
            run(&["apply", "-auto-approve"])?;
            folder.write("main.tf", &alias("second"));
            run(words)?;
            Some(providers(&folder))
        });
        let [ours, Some(theirs)] = found else { return };
        assert_eq!(ours, Some(theirs), "{words:?}");
    }
}

#[test]
fn users_of_a_provider_are_destroyed_before_what_it_needs() {
    let main = r#"
resource "terraform_data" "r" { input = "cn-shanghai" }
provider "alicloud" { region = terraform_data.r.ATTRIBUTE }
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-uf60000000000000000a"
  snapshot_name = "n1"
}
"#;
    for attribute in ["input", "output"] {
        for words in [
            &["destroy", "-auto-approve"] as &[&str],
            &["destroy", "-auto-approve", "-target=terraform_data.r"],
        ] {
            let folder = Folder::with_main(&main.replace("ATTRIBUTE", attribute));
            folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
            folder.sandboxed(&["plan", "-destroy", "-out=p"]).succeeded().saying("2 to destroy");
            let run = folder.sandboxed(words).succeeded().saying("2 destroyed");
            let of = |text: &str| run.out.find(text).unwrap();
            assert!(of("a: Destruction complete") < of("terraform_data.r: Destroying"), "{}", run.out);
            assert_eq!(folder.points(), []);
        }
    }
}
