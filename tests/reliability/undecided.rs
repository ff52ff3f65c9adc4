//! Where no automatic answer can be right, nothing is touched, the candidates are named, and each command settles it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::json;

use super::cloud::{Cloud, Moment, action, made_by_a_colleague};
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK, check};

/// Applies a configuration of one object and dies when the cloud has acted on its create.
fn killed_in_its_create(config: &str, reading: Option<(&str, &str)>) -> (Arc<Cloud>, Directory) {
    let cloud = Arc::new(Cloud::serve(None, &QUICK));
    if let Some((name, value)) = reading {
        cloud.sandbox().set(name, value).unwrap();
    }
    let directory = Directory::new(&format!("{PROVIDERS}{config}"));
    let victim = Arc::new(Mutex::new(None::<Pid>));
    let noted = victim.clone();
    cloud.watch(move |_, request, moment| {
        let strike = moment == Moment::Acted && action(request).starts_with("Create");
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
    let mut child = directory.start(&cloud, &["apply", "-auto-approve", "-no-color"]);
    *victim.lock().unwrap() = Some(Pid::from_raw(child.id() as i32));
    assert!(!child.wait().unwrap().success());
    cloud.unwatch();
    (cloud, directory)
}

fn refuses(cloud: &Cloud, directory: &Directory, candidates: &BTreeSet<String>) -> String {
    let before = cloud.ever().len();
    let said = directory.apply(cloud);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    assert!(candidates.iter().all(|id| said.text.contains(id.as_str())), "{}", said.text);
    assert_eq!(cloud.ever().len(), before, "something was made\n{}", said.text);
    assert_eq!(&cloud.living(), candidates, "something was touched");
    let intents = directory.intents(cloud);
    assert_eq!(intents.len(), 1, "{intents:?}");
    let id = intents[0]["id"].as_str().unwrap().to_owned();
    assert!(said.text.contains(&format!("snapform intents adopt {id}")), "{}", said.text);
    id
}

/// Settles the same riddle once with each of the two commands.
fn each_command_settles(
    config: &str,
    reading: Option<(&str, &str)>,
    colleague: impl Fn(&Cloud) -> BTreeSet<String>,
) {
    for adopt in [true, false] {
        let (cloud, directory) = killed_in_its_create(config, reading);
        let ours = cloud.living().into_iter().next().unwrap();
        let others = colleague(&cloud);
        let candidates: BTreeSet<String> = others.iter().cloned().chain([ours.clone()]).collect();
        let intent = refuses(&cloud, &directory, &candidates);
        let arguments =
            if adopt { vec!["intents", "adopt", &intent, &ours] } else { vec!["intents", "forget", &intent] };
        let said = directory.run(&cloud, &arguments);
        assert!(said.status.success(), "{}", said.text);
        let said = directory.apply(&cloud);
        assert!(said.status.success(), "{}", said.text);
        let beside = if adopt { others } else { candidates };
        check(&cloud, &directory.remembered(), 1, &beside);
        assert!(directory.intents(&cloud).is_empty());
    }
}

#[test]
fn with_more_candidates_than_intents_the_user_decides() {
    let config = "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000a\"\n  snapshot_name  = \"same\"\n}\n";
    each_command_settles(config, None, |cloud| {
        let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let fields = json!({"file_system_id": "cfs-1000000a", "name": "same", "created": now});
        cloud.sandbox().seed(&made_by_a_colleague("cfs-snapshot", "snap-colleague", fields)).unwrap();
        BTreeSet::from(["snap-colleague".to_owned()])
    });
}

#[test]
fn an_unnamed_backup_point_is_never_adopted_by_itself() {
    let config = "resource \"tencentcloud_cbs_disk_backup\" \"a\" {\n  disk_id = \"disk-1000000b\"\n}\n";
    each_command_settles(config, None, |_| BTreeSet::new());
}

/// The documents do not say that CFS gives a name to a snapshot without one, nor which; a service that does is not taken for
/// a colleague, and a colleague not for the service.
#[test]
fn a_file_system_snapshot_that_the_service_named_is_left_to_the_user() {
    let config = "resource \"tencentcloud_cfs_snapshot\" \"a\" {\n  file_system_id = \"cfs-1000000b\"\n}\n";
    each_command_settles(config, Some(("cfs.default-name", "filled")), |_| BTreeSet::new());
}
