//! Who holds the state is shown; a lock is waited for, outlives nobody on this machine, and yields to its own id only.

use std::collections::BTreeSet;
use std::process::Child;
use std::sync::{Arc, Condvar, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cloud::{Cloud, Moment, action};
use super::kill::PROVIDERS;
use super::state_server::StateServer;
use super::world::{Directory, QUICK, check};

const POINT: &str = r#"
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
}
"#;

/// An apply that stands still in its first create until it is told to go on.
struct Standing {
    child: Child,
    go_on: Arc<(Mutex<bool>, Condvar)>,
}

impl Standing {
    fn begin(cloud: &Cloud, directory: &Directory) -> Self {
        let arrived = Arc::new((Mutex::new(false), Condvar::new()));
        let go_on = Arc::new((Mutex::new(false), Condvar::new()));
        let (told, waits) = (arrived.clone(), go_on.clone());
        cloud.watch(move |_, request, moment| {
            if moment == Moment::Arriving && action(request).starts_with("Create") {
                set(&told);
                wait(&waits);
            }
            false
        });
        let child = directory.start(cloud, &["apply", "-auto-approve", "-no-color"]);
        wait(&arrived);
        Self { child, go_on }
    }

    fn kill(&mut self, cloud: &Cloud) {
        kill(Pid::from_raw(self.child.id() as i32), Signal::SIGKILL).unwrap();
        self.child.wait().unwrap();
        set(&self.go_on);
        cloud.unwatch();
    }
}

fn set(flag: &(Mutex<bool>, Condvar)) {
    *flag.0.lock().unwrap() = true;
    flag.1.notify_all();
}

fn wait(flag: &(Mutex<bool>, Condvar)) {
    drop(flag.1.wait_while(flag.0.lock().unwrap(), |set| !*set).unwrap());
}

/// Returns the id of the lock that a refused command shows.
fn shown(text: &str) -> String {
    for what in ["Error acquiring the state lock", "Operation: OperationTypeApply", "Who: ", "Created: "] {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words(text).contains(what.trim()), "{what:?} is missing in\n{text}");
    }
    let line = text.lines().find(|line| line.contains("ID:")).unwrap();
    line.rsplit(' ').next().unwrap().to_owned()
}

#[test]
fn the_holder_is_shown_and_waited_for_as_long_as_asked() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&format!("{PROVIDERS}{POINT}"));
    let standing = Standing::begin(&cloud, &directory);
    let other = |arguments: &[&str]| {
        let said = directory.command(&cloud, arguments).output().unwrap();
        (said.status.code(), String::from_utf8_lossy(&said.stderr).into_owned())
    };
    let (code, said) = other(&["plan", "-no-color"]);
    assert_eq!(code, Some(1), "{said}");
    let id = shown(&said);
    let begun = std::time::Instant::now();
    let (code, said) = other(&["plan", "-no-color", "-lock-timeout=1s"]);
    assert_eq!((code, shown(&said)), (Some(1), id.clone()), "{said}");
    assert!(begun.elapsed().as_millis() >= 1_000, "{:?}", begun.elapsed());
    // It is alive, so not even its id takes the lock from it.
    let (code, said) = other(&["force-unlock", "-force", &id]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("still") && said.contains("running"), "{said}");
    let waiting = directory.command(&cloud, &["plan", "-no-color", "-lock-timeout=10m"]).spawn().unwrap();
    set(&standing.go_on);
    assert!(waiting.wait_with_output().unwrap().status.success());
    let said = directory.end(standing.child);
    assert!(said.status.success(), "{}", said.text);
}

#[test]
fn the_file_lock_of_a_killed_process_holds_nobody_up() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&format!("{PROVIDERS}{POINT}"));
    Standing::begin(&cloud, &directory).kill(&cloud);
    assert!(directory.path().join(".terraform.tfstate.lock.info").exists());
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    check(&cloud, &directory.remembered(), 1, &BTreeSet::new());
    assert_eq!(cloud.ever().len(), 1);
    assert!(!directory.path().join(".terraform.tfstate.lock.info").exists());
}

#[test]
fn the_lock_that_a_killed_process_left_on_a_server_is_recognised_and_only_its_id_releases_it() {
    let cloud = Cloud::serve(None, &QUICK);
    let server = StateServer::serve(None);
    let directory = Directory::new(&format!("{}{PROVIDERS}{POINT}", server.backend()));
    assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
    Standing::begin(&cloud, &directory).kill(&cloud);
    let said = directory.apply(&cloud);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    let id = shown(&said.text);
    assert!(said.text.contains("runs no more"), "{}", said.text);
    assert!(said.text.contains(&format!("snapform force-unlock {id}")), "{}", said.text);
    let said = directory.run(&cloud, &["force-unlock", "-force", "00000000-0000-0000-0000-000000000000"]);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    assert_eq!(server.lock().unwrap()["ID"], id.as_str());
    let said = directory.run(&cloud, &["force-unlock", "-force", &id]);
    assert!(said.status.success(), "{}", said.text);
    assert!(server.lock().is_none());
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    assert_eq!(cloud.ever().len(), 1);
}

#[test]
fn the_lock_of_another_machine_is_never_called_stale() {
    let cloud = Cloud::serve(None, &QUICK);
    let server = StateServer::serve(None);
    let directory = Directory::new(&format!("{}{PROVIDERS}{POINT}", server.backend()));
    assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
    server.locked_by(&serde_json::json!({
        "ID": "a-lock", "Operation": "OperationTypeApply", "Who": "ci@elsewhere", "Version": "0.1.0",
        "Created": "2026-01-31T08:00:00Z", "Info": "snapform pid=1 boot=\u{1b}[2J", "Path": "",
    }));
    let said = directory.apply(&cloud);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    assert_eq!(shown(&said.text), "a-lock");
    assert!(said.text.contains("ci@elsewhere") && !said.text.contains("runs no more"), "{}", said.text);
    assert!(!said.text.contains('\u{1b}'), "{:?}", said.text);
}
