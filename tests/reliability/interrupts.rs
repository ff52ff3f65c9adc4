//! Signals, a place that takes no state, and two applies at once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cloud::{Cloud, Moment, action};
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK, check};

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
    for (signal, times) in
        [(Signal::SIGINT, 1), (Signal::SIGTERM, 1), (Signal::SIGINT, 2), (Signal::SIGTERM, 2)]
    {
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
