//! A call that the cloud refuses for now: why it waits is told at once, waiting ends where it cannot help or at the first
//! interrupt, and nothing is left open.

use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use super::cloud::Cloud;
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK};

fn one_snapshot() -> Directory {
    Directory::new(&format!(
        r#"{PROVIDERS}
resource "tencentcloud_cfs_snapshot" "a" {{
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
}}
"#
    ))
}

fn put_into(cloud: &Cloud, state: &str) {
    assert!(cloud.sandbox().change("cfs-file-system", "cfs-1000000a", &json!({ "state": state })).unwrap());
}

#[test]
fn a_parent_in_a_state_that_does_not_pass_is_an_error_at_once() {
    let cloud = Cloud::serve(None, &QUICK);
    put_into(&cloud, "unserviced");
    let directory = one_snapshot();
    let begun = Instant::now();
    let said = directory.apply(&cloud);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    let words = said.text.split_whitespace().filter(|word| !word.contains('│')).collect::<Vec<_>>().join(" ");
    assert!(words.contains("\"unserviced\", and waiting does not change that"), "{}", said.text);
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert!(directory.intents(&cloud).is_empty());
}

#[test]
fn the_wait_for_a_busy_parent_is_told_and_ends_at_the_first_interrupt() {
    let cloud = Cloud::serve(None, &QUICK);
    put_into(&cloud, "upgrading");
    let directory = one_snapshot();
    let mut command = directory.command(&cloud, &["apply", "-auto-approve", "-no-color"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("InvalidFsStatus") {
        line.clear();
        assert_ne!(out.read_line(&mut line).unwrap(), 0, "it ended without a word");
    }
    assert!(line.contains("Still creating...") && line.contains("next try in"), "{line}");
    let asked = Instant::now();
    kill(Pid::from_raw(child.id() as i32), Signal::SIGTERM).unwrap();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1), "{rest}");
    // One interrupt, and no settle time, time-out or ten minutes of patience.
    assert!(asked.elapsed() < Duration::from_secs(30), "{:?}", asked.elapsed());
    assert!(directory.intents(&cloud).is_empty());
    put_into(&cloud, "available");
    let said = directory.apply(&cloud);
    assert!(said.status.success() && !said.text.contains("not settled"), "{}", said.text);
    assert_eq!(cloud.ever().len(), 1);
}
