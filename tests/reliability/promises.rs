//! What `docs/recovery.md` promises beside recovery itself: objects that are not finished, objects that failed, objects that
//! must stay, and what a plan says while something is not settled.

use std::collections::BTreeSet;
use std::fs;
use std::sync::{Arc, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use snapform::sandbox::faults::{Fault, FaultKind};

use super::cloud::{Cloud, Moment, action};
use super::gone::SYSTEMS;
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK, check};

const POINT: &str = r#"
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
  # limit
}
resource "terraform_data" "after" {
  input = tencentcloud_cfs_snapshot.a.id
}
"#;

fn state(directory: &Directory) -> Value {
    serde_json::from_slice(&fs::read(directory.state_file()).unwrap()).unwrap()
}

fn objects_of<'a>(state: &'a Value, kind: &str) -> Vec<&'a Value> {
    let resources = state["resources"].as_array().unwrap().iter();
    resources.filter(|one| one["type"] == kind).flat_map(|one| one["instances"].as_array().unwrap()).collect()
}

/// One point that never gets ready, of one system.
fn is_waited_for(kind: &str, block: &str) {
    let resource = block.split('"').nth(1).unwrap();
    let block = block.replace("${count.index}", "0");
    let after = format!("resource \"terraform_data\" \"after\" {{\n  input = {resource}.a.id\n}}\n");
    let config = |limit: &str| format!("{PROVIDERS}{block}{limit}}}\n{after}");
    let cloud = Cloud::serve(None, &QUICK);
    cloud.sandbox().set("ecd.ready-ms", "80").unwrap();
    let directory = Directory::new(&config("  timeouts {\n    create = \"1s\"\n  }\n"));
    cloud.sandbox().arm(Fault::once(FaultKind::Stuck)).unwrap();
    let is_pending = |told: &str| {
        let state = state(&directory);
        let [object] = objects_of(&state, resource)[..] else { panic!("{kind}: {state}\n{told}") };
        assert!(object["attributes"]["id"].as_str().is_some_and(|id| !id.is_empty()), "{object}");
        assert!(object["status"].is_null(), "it is tainted: {object}");
        assert!(objects_of(&state, "terraform_data").is_empty(), "what depends on it did not wait: {state}");
        assert_eq!(cloud.ever().len(), 1, "{told}");
    };
    for _ in 0..2 {
        let said = directory.apply(&cloud);
        assert_eq!(said.status.code(), Some(1), "{kind}: {}", said.text);
        assert!(said.text.contains("still pending"), "{kind}: {}", said.text);
        is_pending(&said.text);
    }
    let said = directory.run(&cloud, &["apply", "-auto-approve", "-no-wait", "-no-color"]);
    assert_eq!(said.status.code(), Some(0), "{kind}: {}", said.text);
    is_pending(&said.text);
    let id = directory.remembered().remove(0);
    assert!(cloud.sandbox().change(kind, &id, &json!({"life": {"stuck": false}})).unwrap(), "{kind} {id}");
    directory.configure(&config(""));
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{kind}: {}", said.text);
    assert_eq!(objects_of(&state(&directory), "terraform_data").len(), 1);
    check(&cloud, &[id], 1, &BTreeSet::new());
    assert_eq!(cloud.ever().len(), 1);
}

#[test]
fn what_is_not_finished_in_time_is_pending_not_tainted_and_the_next_run_waits_on() {
    std::thread::scope(|threads| {
        for (kind, block) in SYSTEMS {
            threads.spawn(move || is_waited_for(kind, block));
        }
    });
}

#[test]
fn what_the_cloud_failed_to_make_is_tainted_and_replaced_by_the_next_plan() {
    for (kind, parent) in [
        ("tencentcloud_cfs_snapshot", "file_system_id = \"cfs-1000000a\""),
        ("alicloud_ecs_snapshot", "disk_id = \"d-bp10000000000000000a\""),
        ("alicloud_ecd_snapshot", "desktop_id = \"ecd-1000000000000000a\"\n  source_disk_type = \"DATA\""),
    ] {
        let cloud = Cloud::serve(None, &QUICK);
        let block = format!("resource \"{kind}\" \"a\" {{\n  {parent}\n  snapshot_name = \"nightly\"\n}}\n");
        let directory = Directory::new(&format!("{PROVIDERS}{block}"));
        cloud.sandbox().arm(Fault::once(FaultKind::CreateFailed)).unwrap();
        let said = directory.apply(&cloud);
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        assert!(said.text.contains("Cloud failed to make an object"), "{}", said.text);
        // Lines are broken where the terminal ends.
        let flat = said.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("the next apply makes another one"), "{}", said.text);
        assert_eq!(objects_of(&state(&directory), kind)[0]["status"], "tainted");
        let said = directory.run(&cloud, &["plan", "-no-color"]);
        assert!(said.text.contains("is tainted, so must be replaced"), "{}", said.text);
        let said = directory.apply(&cloud);
        assert!(said.status.success(), "{}", said.text);
        check(&cloud, &directory.remembered(), 1, &BTreeSet::new());
        assert_eq!(cloud.ever().len(), 2, "{kind}");
    }
}

#[test]
fn a_protection_tag_keeps_an_object_from_the_plan_and_from_a_plan_made_before() {
    let config = r#"
resource "alicloud_ecs_snapshot" "a" {
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "nightly"
}
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
}
"#;
    for (tag, option) in [("legal-hold", None), ("keep", Some("-protect-tag=keep"))] {
        let cloud = Cloud::serve(None, &QUICK);
        let directory = Directory::new(&format!("{PROVIDERS}{config}"));
        assert!(directory.apply(&cloud).status.success());
        let with = |arguments: &[&'static str]| -> Vec<&'static str> {
            let (command, rest) = arguments.split_first().unwrap();
            [*command].into_iter().chain(option).chain(rest.iter().copied()).collect()
        };
        let said = directory.run(&cloud, &with(&["plan", "-destroy", "-no-color", "-out=plan"]));
        assert!(said.status.success(), "{}", said.text);
        let before = directory.remembered();
        for id in &before {
            let kind = if id.starts_with("snap") { "cfs-snapshot" } else { "ecs-snapshot" };
            assert!(cloud.sandbox().change(kind, id, &json!({"tags": {tag: "2031"}})).unwrap());
        }
        // The plan was made before anybody put the tag there.
        let said = directory.run(&cloud, &with(&["apply", "-no-color", "plan"]));
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        assert!(said.text.contains(tag), "{}", said.text);
        let said = directory.run(&cloud, &with(&["plan", "-destroy", "-no-color"]));
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        assert!(said.text.contains("Protected object") && said.text.contains(tag), "{}", said.text);
        let said = directory.run(&cloud, &with(&["apply", "-destroy", "-auto-approve", "-no-color"]));
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        check(&cloud, &before, 2, &BTreeSet::new());
        assert_eq!(directory.remembered(), before);
    }
}

/// Applies and dies at a moment of the first action whose name begins so.
pub fn die_in(verb: &'static str, cloud: &Cloud, directory: &Directory, at: Moment) {
    let victim = Arc::new(Mutex::new(None::<Pid>));
    let noted = victim.clone();
    cloud.watch(move |_, request, moment| {
        let strike = moment == at && action(request).starts_with(verb);
        if strike {
            let pid = loop {
                if let Some(pid) = *noted.lock().unwrap() {
                    break pid;
                }
                std::thread::yield_now();
            };
            let _ = kill(pid, Signal::SIGKILL);
        }
        strike
    });
    let child = directory.start(cloud, &["apply", "-auto-approve", "-no-color"]);
    *victim.lock().unwrap() = Some(Pid::from_raw(child.id() as i32));
    assert!(!directory.end(child).status.success());
    cloud.unwatch();
}

#[test]
fn a_plan_shows_what_became_of_a_dead_run_and_writes_nothing() {
    for (at, settle, expected) in [
        (Moment::Lost, "2h", "is not settled before"),
        (Moment::Lost, "1ms", "nothing was created; it will be created"),
        (Moment::Acted, "1ms", "Recovered from an earlier run"),
    ] {
        let cloud = Cloud::serve(None, &QUICK);
        let directory = Directory::new(&format!("{PROVIDERS}{POINT}"));
        die_in("Create", &cloud, &directory, at);
        let before = fs::read(directory.state_file()).unwrap();
        let plan = || {
            let mut command = directory.command(&cloud, &["plan", "-no-color"]);
            let output = command.env("SNAPFORM_SETTLE", settle).output().unwrap();
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
        };
        let mut text = plan();
        // A run says once a second that it is alive, so not even this time is over at once.
        while settle == "1ms" && text.contains("is not settled before") {
            text = plan();
        }
        assert!(text.contains(expected), "{at:?} {settle}: {expected:?}\n{text}");
        assert_eq!(fs::read(directory.state_file()).unwrap(), before, "{text}");
        assert_eq!(cloud.ever().len(), usize::from(at == Moment::Acted));
        let said = directory.apply(&cloud);
        assert!(said.status.success(), "{}", said.text);
        assert_eq!(cloud.ever().len(), 1);
    }
}
