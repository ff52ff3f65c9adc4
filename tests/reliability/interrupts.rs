//! Signals, a place that takes no state, and two applies at once.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cloud::{Cloud, Moment, action};
use super::kill::PROVIDERS;
use super::state_server::StateServer;
use super::world::{Directory, QUICK, check, remembered};

fn config() -> String {
    format!(
        r#"{PROVIDERS}
resource "alicloud_ecs_snapshot" "a" {{
  count         = 4
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "nightly"
}}
resource "tencentcloud_cfs_snapshot" "a" {{
  count          = 4
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
}}
"#
    )
}

#[test]
fn a_signal_in_the_middle_keeps_what_was_sent_and_the_next_apply_does_the_rest() {
    for (signal, times) in [
        (Signal::SIGINT, 1),
        (Signal::SIGTERM, 1),
        (Signal::SIGHUP, 1),
        (Signal::SIGINT, 2),
        (Signal::SIGTERM, 2),
    ] {
        let cloud = Cloud::serve(None, &QUICK);
        let directory = Directory::new(&config());
        let victim = Arc::new(Mutex::new(None::<Pid>));
        let (noted, sent) = (victim.clone(), AtomicBool::new(false));
        cloud.watch(move |_, request, moment| {
            let create = moment == Moment::Acted && action(request).starts_with("Create");
            if create && !sent.swap(true, Ordering::SeqCst) {
                let pid = loop {
                    if let Some(pid) = *noted.lock().unwrap() {
                        break pid;
                    }
                    std::thread::yield_now();
                };
                (0..times).for_each(|_| kill(pid, signal).unwrap());
            }
            false
        });
        let child = directory.start(&cloud, &["apply", "-auto-approve", "-no-color"]);
        *victim.lock().unwrap() = Some(Pid::from_raw(child.id() as i32));
        let said = directory.end(child);
        cloud.unwatch();
        assert_eq!(said.status.code(), Some(1), "{signal:?} {times}: {}", said.text);
        let said = directory.apply(&cloud);
        assert!(said.status.success(), "{signal:?} {times}: {}", said.text);
        check(&cloud, &directory.remembered(), 8, &BTreeSet::new());
        assert_eq!(cloud.ever().len(), 8, "{signal:?} {times}");
    }
}

#[test]
fn two_applies_at_once_make_everything_once() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&config());
    let mut second = directory.command(&cloud, &["apply", "-auto-approve", "-no-color", "-lock-timeout=60s"]);
    let first = directory.start(&cloud, &["apply", "-auto-approve", "-no-color", "-lock-timeout=60s"]);
    let second = second.output().unwrap();
    let first = directory.end(first);
    assert!(first.status.success(), "{}", first.text);
    assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
    check(&cloud, &directory.remembered(), 8, &BTreeSet::new());
    assert_eq!(cloud.ever().len(), 8);
}

/// Starts a command, closes its output after the first line, and returns how it ended and what it said to standard error.
fn read_one_line(directory: &Directory, cloud: &Cloud, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = directory.command(cloud, arguments);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    (child.wait().unwrap().code(), said)
}

#[test]
fn a_reader_that_goes_away_ends_a_plan_quietly() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&config());
    for arguments in [&["plan"][..], &["plan", "-json"]] {
        let (code, said) = read_one_line(&directory, &cloud, arguments);
        // All may have been written before the reader left.
        assert!(matches!(code, Some(0 | 141)), "{code:?} {said}");
        assert_eq!(said, "");
    }
    assert!(cloud.ever().is_empty() && !directory.state_file().exists());
}

#[test]
fn a_reader_that_goes_away_in_an_apply_loses_nothing() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&config());
    for arguments in [&["apply", "-auto-approve"][..], &["apply", "-auto-approve", "-json"]] {
        let (code, said) = read_one_line(&directory, &cloud, arguments);
        assert!(matches!(code, Some(0 | 141)) && !said.contains("panicked"), "{code:?} {said}");
        // Whatever was begun is recorded, and the lock is given back.
        assert!(!directory.path().join(".terraform.tfstate.lock.info").exists());
        assert!(directory.intents(&cloud).is_empty());
        let remembered = if directory.state_file().exists() { directory.remembered() } else { Vec::new() };
        check(&cloud, &remembered, remembered.len(), &BTreeSet::new());
    }
    // Here it leaves in the middle of the run, and both outputs are closed.
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&config());
    let (first, gone) = (AtomicBool::new(false), Arc::new(Barrier::new(2)));
    let stands = gone.clone();
    cloud.watch(move |_, request, moment| {
        let create = moment == Moment::Acted && action(request).starts_with("Create");
        if create && !first.swap(true, Ordering::SeqCst) {
            // Until the run is seen here, and until its reader is gone.
            stands.wait();
            stands.wait();
        }
        false
    });
    let mut command = directory.command(&cloud, &["apply", "-auto-approve"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    gone.wait();
    drop((child.stdout.take(), child.stderr.take()));
    gone.wait();
    assert_eq!(child.wait().unwrap().code(), Some(141));
    check(&cloud, &directory.remembered(), 8, &BTreeSet::new());
    assert_eq!(cloud.ever().len(), 8);
    assert!(directory.intents(&cloud).is_empty());
}

/// Applies while the place of the state takes nothing more from the first create on, mends it, and pushes what was kept.
fn full_in_the_middle(
    spoil: impl Fn() + Send + Sync + 'static,
    mend: impl Fn(),
    cloud: &Cloud,
    directory: &Directory,
) {
    let sent = AtomicBool::new(false);
    cloud.watch(move |_, request, moment| {
        if moment == Moment::Arriving
            && action(request).starts_with("Create")
            && !sent.swap(true, Ordering::SeqCst)
        {
            spoil();
        }
        false
    });
    let said = directory.apply(cloud);
    cloud.unwatch();
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    assert!(said.text.contains("Failed to save state"), "{}", said.text);
    assert!(said.text.contains("snapform state push errored.tfstate"), "{}", said.text);
    let kept = fs::read(directory.path().join("errored.tfstate")).unwrap();
    let kept = remembered(&serde_json::from_slice(&kept).unwrap());
    check(cloud, &kept, kept.len(), &BTreeSet::new());
    assert!(!kept.is_empty(), "{}", said.text);
    mend();
    let pushed = directory.run(cloud, &["state", "push", "errored.tfstate"]);
    assert!(pushed.status.success(), "{}", pushed.text);
    let before = cloud.ever().len();
    assert_eq!(before, kept.len());
    let next = directory.apply(cloud);
    assert!(next.status.success(), "{}", next.text);
    assert_eq!(cloud.ever().len(), 8, "{}", next.text);
}

#[test]
fn on_a_full_disk_the_state_goes_to_another_file_and_pushing_that_works() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&config());
    // What is written beside the state before it is replaced meets a disk without room.
    let unfinished = directory.path().join(".terraform.tfstate.new.part");
    let (spoilt, mended) = (unfinished.clone(), unfinished.clone());
    full_in_the_middle(
        move || std::os::unix::fs::symlink("/dev/full", &spoilt).unwrap(),
        move || fs::remove_file(&mended).unwrap(),
        &cloud,
        &directory,
    );
    check(&cloud, &directory.remembered(), 8, &BTreeSet::new());
}

#[test]
fn when_the_server_of_the_state_is_gone_it_goes_to_a_file_and_pushing_that_works() {
    let cloud = Cloud::serve(None, &QUICK);
    let server = Arc::new(StateServer::serve(None));
    let directory = Directory::new(&format!("{}{}", server.backend(), config()));
    assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
    let (spoilt, mended) = (server.clone(), server.clone());
    full_in_the_middle(
        move || spoilt.refuse_writes(true),
        move || mended.refuse_writes(false),
        &cloud,
        &directory,
    );
    let state = serde_json::from_slice(&server.content()).unwrap();
    check(&cloud, &remembered(&state), 8, &BTreeSet::new());
}

#[test]
fn an_interrupt_before_anything_was_sent_gives_the_lock_back() {
    let reads = r#"
data "tencentcloud_cfs_file_systems" "cache" {
  file_system_id = "cfs-1000000c"
}
"#;
    let cloud = Cloud::serve(None, &QUICK);
    let server = StateServer::serve(None);
    let directory = Directory::new(&format!("{}{}{reads}", server.backend(), config()));
    assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
    for (arguments, signal) in [
        (&["plan", "-no-color"][..], Signal::SIGINT),
        (&["apply", "-auto-approve", "-no-color"], Signal::SIGTERM),
    ] {
        // The read is held until the program has ended, so that it is sure to be interrupted in it.
        let (arrived, ended) = (Arc::new(Barrier::new(2)), Arc::new(Barrier::new(2)));
        let (comes, ends, first) = (arrived.clone(), ended.clone(), AtomicBool::new(false));
        cloud.watch(move |_, request, moment| {
            let read = moment == Moment::Acted && action(request) == "DescribeCfsFileSystems";
            if read && !first.swap(true, Ordering::SeqCst) {
                comes.wait();
                ends.wait();
            }
            false
        });
        let child = directory.start(&cloud, arguments);
        arrived.wait();
        assert!(server.lock().is_some());
        kill(Pid::from_raw(child.id() as i32), signal).unwrap();
        let said = directory.end(child);
        ended.wait();
        cloud.unwatch();
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        assert!(said.text.contains("Operation was interrupted"), "{}", said.text);
        assert!(server.lock().is_none(), "{}", said.text);
    }
    // While somebody is asked.
    let mut command = directory.command(&cloud, &["apply", "-no-color"]);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = Vec::new();
    let mut out = child.stdout.take().unwrap();
    while !String::from_utf8_lossy(&said).contains("Enter a value:") {
        let mut byte = [0];
        assert_eq!(out.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&said));
        said.push(byte[0]);
    }
    kill(Pid::from_raw(child.id() as i32), Signal::SIGINT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    assert!(server.lock().is_none() && cloud.ever().is_empty());
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    assert_eq!(cloud.ever().len(), 8);
}
