//! Directories that Terraform applied with the official providers: planned, changed and written back.

use std::path::Path;

use serde_json::{Value, json};

use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, Options, Sandbox, Seed, Server,
};

use crate::oracles;
use crate::program::Folder;

/// A cloud that other programs may know too, with the points that a state remembers.
struct Cloud {
    sandbox: Sandbox,
    _server: Server,
    _runtime: tokio::runtime::Runtime,
    endpoint: String,
}

impl Cloud {
    fn with(snapshots: &Value) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sandbox = Sandbox::open(None, Options::default()).unwrap();
        let seed: Seed = serde_json::from_value(json!({ "objects": { "ecs-snapshot": snapshots } })).unwrap();
        sandbox.seed(&seed).unwrap();
        let server = runtime.block_on(Server::bind("127.0.0.1:0".parse().unwrap(), sandbox.clone())).unwrap();
        let endpoint = format!("http://{}", server.address());
        Self { sandbox, _server: server, _runtime: runtime, endpoint }
    }

    /// Returns a folder whose runs reach this cloud.
    fn folder(&self, main: &str, state: &str) -> Folder {
        let mut folder = Folder::with_main(main);
        folder.write("terraform.tfstate", state);
        folder.set("SNAPFORM_ENDPOINT", &self.endpoint);
        folder.set("ALICLOUD_ACCESS_KEY", DEFAULT_ALIBABA_ACCESS_KEY_ID);
        folder.set("ALICLOUD_SECRET_KEY", DEFAULT_ALIBABA_ACCESS_KEY_SECRET);
        folder
    }
}

/// The time that the captured states say.
const CAPTURED: &str = "2026-01-02T03:04:05Z";

/// Returns a captured state in which the points were made yesterday, since some of them are kept for a week only.
fn specimen(name: &str) -> (String, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("state/specimens/terraform-1.11.4").join(name);
    let yesterday = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24);
    let yesterday = yesterday.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    (std::fs::read_to_string(path).unwrap().replace(CAPTURED, &yesterday), yesterday)
}

/// Returns what the cloud has according to a state.
fn snapshots_of(state: &str, created: &str) -> Value {
    let state: Value = serde_json::from_str(state).unwrap();
    let instances = state["resources"].as_array().unwrap().iter();
    let instances = instances.filter(|resource| resource["mode"] == "managed");
    let all = instances.flat_map(|resource| resource["instances"].as_array().unwrap()).map(|instance| {
        let of = &instance["attributes"];
        let text = |name: &str| of[name].as_str().unwrap_or_default();
        json!({
            "id": text("id"),
            "disk_id": text("disk_id"),
            "name": text("snapshot_name"),
            "created": created,
            "category": "standard",
            "retention_days": of["retention_days"],
            "tags": if of["tags"].is_null() { json!({}) } else { of["tags"].clone() },
        })
    });
    all.collect()
}

fn read(folder: &Folder) -> String {
    std::fs::read_to_string(folder.path().join("terraform.tfstate")).unwrap()
}

/// Returns the lines of one text that the other lacks, and the other way round.
fn changed_lines(before: &str, after: &str) -> Vec<String> {
    let diff = similar::TextDiff::from_lines(before, after);
    let changes = diff.iter_all_changes().filter(|change| change.tag() != similar::ChangeTag::Equal);
    changes.map(|change| format!("{}{}", change.tag(), change.value().trim())).collect()
}

const ECS: &str = r#"
terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}
provider "alicloud" { region = "cn-hangzhou" }
resource "alicloud_ecs_snapshot" "db" {
  disk_id        = "d-1"
  snapshot_name  = "nightly"
  retention_days = 7
  tags           = { env = "prod" }
  timeouts { create = "10m" }
}
resource "alicloud_ecs_snapshot" "log" {
  disk_id       = "d-2"
  snapshot_name = "log"
}
resource "alicloud_ecs_snapshot" "tmp" {
  disk_id       = "d-3"
  snapshot_name = "tmp"
}
output "snap" { value = alicloud_ecs_snapshot.db.id }
"#;

#[test]
fn a_state_of_the_official_provider_is_planned_changed_and_written_back() {
    let (state, created) = specimen("ecs-01.tfstate");
    let cloud = Cloud::with(&snapshots_of(&state, &created));
    let folder = cloud.folder(ECS, &state);
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    folder.run(&["apply", "-auto-approve"]).succeeded();
    assert_eq!(read(&folder), state, "nothing changed, so nothing is written");

    folder.edit("main.tf", r#"snapshot_name = "log""#, r#"snapshot_name = "logs""#);
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("Resources: 0 added, 1 changed, 0 destroyed.");
    let after = read(&folder);
    assert_eq!(
        changed_lines(&state, &after),
        [
            r#"-"serial": 4,"#,
            r#"+"serial": 5,"#,
            // The object that was changed was read since, and what nobody gave reads as empty.
            r#"-"description": null,"#,
            r#"+"description": "","#,
            r#"-"name": "log","#,
            r#"+"name": "logs","#,
            r#"-"snapshot_name": "log","#,
            r#"+"snapshot_name": "logs","#,
            r#"-"tags": null,"#,
            r#"+"tags": {},"#,
        ],
        "{after}"
    );
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    let rows = cloud.sandbox.world().rows(cloud.sandbox.now_ms());
    assert!(rows.iter().any(|row| row.id == "s-fake0002" && row.name == "logs"));

    // Terraform reads it; without the provider it can list and pull, and no more.
    for words in [["state", "list"], ["state", "pull"]] {
        let Some(mut terraform) = oracles::terraform(folder.path()) else { return };
        let theirs = terraform.args(words).output().unwrap();
        assert!(theirs.status.success(), "{}", String::from_utf8_lossy(&theirs.stderr));
        let theirs = String::from_utf8_lossy(&theirs.stdout).into_owned();
        assert_eq!(theirs.trim_end(), folder.run(&words).succeeded().out.trim_end());
    }
}

#[test]
fn a_deposed_object_of_the_official_provider_is_destroyed_and_the_rest_stays_to_the_letter() {
    let (state, created) = specimen("ecs-05-deposed.tfstate");
    let cloud = Cloud::with(&snapshots_of(&state, &created));
    let main = r#"
terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}
provider "alicloud" { region = "cn-hangzhou" }
resource "alicloud_ecs_snapshot" "k" {
  disk_id = "d-new"
  lifecycle { create_before_destroy = true }
}
"#;
    let folder = cloud.folder(main, &state);
    folder
        .run(&["plan", "-detailed-exitcode"])
        .ended_with(2)
        .saying("alicloud_ecs_snapshot.k (deposed object 4876beeb) will be destroyed");
    folder.run(&["apply", "-auto-approve"]).succeeded().saying("Resources: 0 added, 0 changed, 1 destroyed.");
    let after = read(&folder);
    assert!(
        changed_lines(&state, &after)
            .iter()
            .all(|line| line.starts_with('-') || line.contains("serial") || line == "+}"),
        "{after}"
    );
    assert!(!after.contains("4876beeb") && after.contains("s-fake0002"), "{after}");
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
}

/// Resources of the official providers that are not ours, and one of nobody's: as odd as states are.
const FOREIGN: &str = r#"    {
      "mode": "managed",
      "type": "alicloud_ecs_disk",
      "name": "data",
      "provider": "provider[\"registry.terraform.io/aliyun/alicloud\"].other",
      "instances": [
        {
          "index_key": "a",
          "schema_version": 3,
          "attributes": {
            "size": 12345678901234567890.10,
            "id": "d-bp10000000000000000a",
            "empty": {},
            "disk_name": "\u003cdata\u003e é",
            "nested": [
              {
                "z": null,
                "a": [
                  1e3
                ]
              }
            ]
          },
          "sensitive_attributes": [
            [
              {
                "type": "get_attr",
                "value": "disk_name"
              }
            ]
          ],
          "identity_schema_version": 0,
          "private": "eyJzY2hlbWFfdmVyc2lvbiI6IjMifQ=="
        }
      ]
    }"#;

#[test]
fn what_is_foreign_is_read_in_expressions_and_kept_to_the_byte() {
    let state = format!(
        "{{\n  \"version\": 4,\n  \"terraform_version\": \"1.11.4\",\n  \"serial\": 7,\n  \"lineage\": \"6c934ae5-bde8-edfe-27aa-62b5ffcd151c\",\n  \"outputs\": {{}},\n  \"resources\": [\n{FOREIGN}\n  ],\n  \"check_results\": null\n}}\n"
    );
    let main = r#"
terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}
provider "alicloud" { region = "cn-hangzhou" }
provider "alicloud" {
  alias  = "other"
  region = "cn-hangzhou"
}
resource "alicloud_ecs_disk" "data" {
  provider = alicloud.other
  for_each = toset(["a"])
  size     = 20
}
resource "alicloud_ecs_snapshot" "data" {
  disk_id       = alicloud_ecs_disk.data["a"].id
  snapshot_name = "of-the-disk"
}
"#;
    let cloud = Cloud::with(&json!([]));
    let folder = cloud.folder(main, &state);
    let plan = folder.run(&["plan", "-detailed-exitcode"]).ended_with(2);
    let plan = plan.saying("Plan: 1 to add, 0 to change, 0 to destroy.").not_saying("alicloud_ecs_disk.data");
    assert!(plan.out.contains(r#"+ disk_id       = "d-bp10000000000000000a""#), "{}", plan.out);
    folder.run(&["apply", "-auto-approve"]).succeeded();
    assert!(read(&folder).contains(FOREIGN), "{}", read(&folder));
    folder.run(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    // Neither its absence from the configuration nor a destroy touches it.
    folder.run(&["destroy", "-auto-approve"]).succeeded().saying("Resources: 1 destroyed.");
    assert!(read(&folder).contains(FOREIGN), "{}", read(&folder));
    folder.run(&["state", "list"]).succeeded().saying("alicloud_ecs_disk.data[\"a\"]");
}
