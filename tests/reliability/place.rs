//! The place of the state is ours, or nothing is done: files that are removed or replaced, runs that sleep, servers that lie,
//! plans that are carried out twice.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cloud::{Cloud, Moment, action};
use super::kill::PROVIDERS;
use super::state_server::StateServer;
use super::world::{Directory, QUICK, Said, check, remembered};

fn points(count: usize) -> String {
    format!(
        r#"{PROVIDERS}
resource "alicloud_ecs_snapshot" "a" {{
  count         = {count}
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "nightly-${{count.index}}"
}}
resource "tencentcloud_cfs_snapshot" "a" {{
  count          = {count}
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly-${{count.index}}"
}}
"#
    )
}

fn of(server: &StateServer) -> Vec<String> {
    remembered(&serde_json::from_slice(&server.content()).unwrap())
}

/// Applies, and does something when the n-th create arrives.
fn apply_and(
    cloud: &Cloud,
    directory: &Directory,
    nth: u64,
    act: impl Fn(Pid) + Send + Sync + 'static,
) -> Said {
    let (creates, pid) = (AtomicU64::new(0), Arc::new(Mutex::new(None::<Pid>)));
    let noted = pid.clone();
    cloud.watch(move |_, request, moment| {
        let create = moment == Moment::Arriving && action(request).starts_with("Create");
        if create && creates.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            let pid = loop {
                if let Some(pid) = *noted.lock().unwrap() {
                    break pid;
                }
                std::thread::yield_now();
            };
            act(pid);
        }
        false
    });
    let rate = "-rate=cfs.CreateCfsSnapshot=1/3s";
    let child = directory.start(cloud, &["apply", "-auto-approve", "-no-color", rate]);
    *pid.lock().unwrap() = Some(Pid::from_raw(child.id() as i32));
    let said = directory.end(child);
    cloud.unwatch();
    said
}

#[test]
fn a_state_file_that_is_removed_or_replaced_ends_the_run_and_loses_nothing() {
    for way in ["removed", "replaced by itself", "replaced by an older one", "a folder"] {
        let cloud = Cloud::serve(None, &QUICK);
        let directory = Directory::new(&points(1));
        assert!(directory.apply(&cloud).status.success());
        let older = fs::read(directory.state_file()).unwrap();
        directory.configure(&points(6));
        let (path, beside) = (directory.state_file(), directory.path().join("beside"));
        let said = apply_and(&cloud, &directory, 2, move |_| match way {
            "removed" => fs::remove_file(&path).unwrap(),
            "a folder" => {
                fs::remove_file(&path).unwrap();
                fs::create_dir(&path).unwrap();
            }
            _ => {
                let content = if way.ends_with("itself") { fs::read(&path).unwrap() } else { older.clone() };
                fs::write(&beside, content).unwrap();
                fs::rename(&beside, &path).unwrap();
            }
        });
        assert_eq!(said.status.code(), Some(1), "{way}: {}", said.text);
        assert!(said.text.contains("Failed to save state"), "{way}: {}", said.text);
        assert!(directory.path().join(".snapform/accepted").read_dir().unwrap().next().is_some(), "{way}");
        if way == "a folder" {
            fs::remove_dir(directory.state_file()).unwrap();
        }
        // Whoever does not read the message is stopped, too.
        let before = cloud.ever().len();
        let again = directory.apply(&cloud);
        assert_eq!(again.status.code(), Some(1), "{way}: {}", again.text);
        let flat = again.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains("snapform state push errored.tfstate"), "{way}: {}", again.text);
        assert_eq!(cloud.ever().len(), before);
        let pushed = directory.run(&cloud, &["state", "push", "errored.tfstate"]);
        assert!(pushed.status.success(), "{way}: {}", pushed.text);
        let said = directory.apply(&cloud);
        assert!(said.status.success(), "{way}: {}", said.text);
        check(&cloud, &directory.remembered(), 12, &BTreeSet::new());
        assert_eq!(cloud.ever().len(), 12, "{way}");
    }
}

#[test]
fn a_run_that_slept_while_another_took_its_lock_does_nothing_more() {
    for tags in [false, true] {
        let cloud = Arc::new(Cloud::serve(None, &QUICK));
        let server = StateServer::serve(None);
        let server = if tags { server.with_tags() } else { server };
        // One system, and one call in three seconds: the others wait for their turn when the run falls asleep, and none is on its way
        // between its last look and the wire, where nothing can call it back.
        let config = format!(
            "{}{PROVIDERS}resource \"tencentcloud_cfs_snapshot\" \"a\" {{\n  count = 8\n  file_system_id = \
             \"cfs-1000000${{count.index % 2 == 0 ? \"a\" : \"b\"}}\"\n  snapshot_name = \
             \"nightly-${{count.index}}\"\n}}\n",
            server.backend()
        );
        let (first, second) = (Directory::new(&config), Directory::new(&config));
        for directory in [&first, &second] {
            assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
        }
        let (asleep, sleeping) = std::sync::mpsc::channel();
        let said = std::thread::scope(|threads| {
            let run = threads.spawn(|| {
                apply_and(&cloud, &first, 3, move |pid| {
                    kill(pid, Signal::SIGSTOP).unwrap();
                    asleep.send(pid).unwrap();
                })
            });
            let pid = sleeping.recv_timeout(Duration::from_secs(60)).unwrap();
            let id = server.lock().unwrap()["ID"].as_str().unwrap().to_owned();
            assert!(second.run(&cloud, &["force-unlock", "-force", &id]).status.success());
            let said = second.apply(&cloud);
            assert!(said.status.success(), "{}", said.text);
            kill(pid, Signal::SIGCONT).unwrap();
            run.join().unwrap()
        });
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        assert!(said.text.contains("Somebody else works on this state"), "{}", said.text);
        check(&cloud, &of(&server), 8, &BTreeSet::new());
        assert_eq!(cloud.ever().len(), 8, "{}", said.text);
        assert!(server.lock().is_none());
    }
}

#[test]
fn a_second_run_without_a_lock_ends_the_first_in_order() {
    let cloud = Arc::new(Cloud::serve(None, &QUICK));
    let directory = Directory::new(&points(6));
    let (asleep, sleeping) = std::sync::mpsc::channel();
    let (said, other) = std::thread::scope(|threads| {
        let run = threads.spawn(|| {
            apply_and(&cloud, &directory, 4, move |pid| {
                kill(pid, Signal::SIGSTOP).unwrap();
                asleep.send(pid).unwrap();
            })
        });
        let pid = sleeping.recv_timeout(Duration::from_secs(60)).unwrap();
        let other = loop {
            let mut command =
                directory.command(&cloud, &["apply", "-auto-approve", "-lock=false", "-no-color"]);
            let output = command.output().unwrap();
            let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
            // As long as the first may be alive, the second does not touch what it began.
            if !text.contains("Another run is at work") {
                break (output.status, text);
            }
        };
        kill(pid, Signal::SIGCONT).unwrap();
        (run.join().unwrap(), other)
    });
    assert!(other.0.success(), "{}", other.1);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    check(&cloud, &directory.remembered(), 12, &BTreeSet::new());
    assert_eq!(cloud.ever().len(), 12);
}

#[test]
fn a_server_that_says_there_is_no_state_where_one_was_is_not_believed() {
    let cloud = Cloud::serve(None, &QUICK);
    let server = StateServer::serve(None);
    let directory = Directory::new(&format!("{}{}", server.backend(), points(1)));
    assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    let good = server.content();
    directory.configure(&format!("{}{}", server.backend(), points(2)));
    for lie in [(404, Vec::new()), (204, Vec::new()), (200, Vec::new())] {
        server.lie(Some(lie.clone()));
        for command in
            [&["plan", "-no-color"][..], &["apply", "-auto-approve", "-no-color"], &["state", "list"]]
        {
            let said = directory.run(&cloud, command);
            assert_eq!(said.status.code(), Some(1), "{lie:?} {command:?}: {}", said.text);
            assert!(said.text.contains("-accept-state"), "{lie:?}: {}", said.text);
        }
    }
    assert_eq!((cloud.ever().len(), server.content()), (2, good));
    // An empty answer is no state for somebody new either.
    server.lie(Some((200, Vec::new())));
    let stranger = Directory::new(&format!("{}{}", server.backend(), points(1)));
    assert!(stranger.run(&cloud, &["init", "-no-color"]).status.success());
    assert_eq!(stranger.run(&cloud, &["plan", "-no-color"]).status.code(), Some(1));
    server.lie(None);
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    assert_eq!(cloud.ever().len(), 4);
    // What is really gone can be said so.
    server.clear();
    let said = directory.run(&cloud, &["plan", "-accept-state", "-no-color"]);
    assert!(said.status.success() && said.text.contains("4 to add"), "{}", said.text);
    assert!(directory.run(&cloud, &["plan", "-no-color"]).status.success());
}

#[test]
fn a_server_that_keeps_nothing_is_found_out_at_the_end_of_the_run() {
    let cloud = Cloud::serve(None, &QUICK);
    let server = StateServer::serve(None);
    let directory = Directory::new(&format!("{}{}", server.backend(), points(2)));
    assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
    server.forget_writes();
    let said = directory.apply(&cloud);
    assert_eq!(said.status.code(), Some(1), "{}", said.text);
    assert!(said.text.contains("errored.tfstate"), "{}", said.text);
    let before = cloud.ever().len();
    assert_eq!(directory.apply(&cloud).status.code(), Some(1));
    assert_eq!(cloud.ever().len(), before);
}

#[test]
fn looking_at_a_server_costs_one_read_for_each_write() {
    for tags in [false, true] {
        let cloud = Cloud::serve(None, &QUICK);
        let server = StateServer::serve(Some(b"{\"version\":4,\"lineage\":\"l\",\"serial\":1}".to_vec()));
        let server = if tags { server.with_tags() } else { server };
        let directory = Directory::new(&format!("{}{}", server.backend(), points(4)));
        assert!(directory.run(&cloud, &["init", "-no-color"]).status.success());
        let before = server.reads();
        let mut command = directory.command(&cloud, &["apply", "-auto-approve", "-no-color"]);
        // Long beats: on a busy machine a short one may be late, and each late one is a read.
        let said = command.env("SNAPFORM_SETTLE", "60s").output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
        let (reads, whole) = (server.reads().0 - before.0, server.reads().1 - before.1);
        assert!(reads <= server.writes() + 2, "{reads} reads, {} writes", server.writes());
        if tags {
            assert!(whole <= 2, "{whole} reads of the whole state");
        }
    }
}

#[test]
fn a_plan_is_carried_out_in_one_place_and_once() {
    let cloud = Cloud::serve(None, &QUICK);
    let (first, second) = (Directory::new(&points(2)), Directory::new(&points(2)));
    assert!(first.run(&cloud, &["plan", "-out=p", "-no-color"]).status.success());
    fs::copy(first.path().join("p"), second.path().join("p")).unwrap();
    let refused = |directory: &Directory, why: &str| {
        let before = cloud.ever().len();
        let said = directory.run(&cloud, &["apply", "-no-color", "p"]);
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        assert!(said.text.contains(why), "{why}: {}", said.text);
        assert_eq!(cloud.ever().len(), before);
    };
    refused(&second, "Saved plan is for another state");
    let said = first.run(&cloud, &["apply", "-no-color", "p"]);
    assert!(said.status.success(), "{}", said.text);
    refused(&first, "Saved plan is stale");
    let kept = fs::read(first.state_file()).unwrap();
    fs::remove_file(first.state_file()).unwrap();
    refused(&first, "Saved plan is stale");
    // Another machine with the same paths, of which nothing is remembered: the cloud shows what was made.
    fs::remove_dir_all(first.path().join(".snapform")).unwrap();
    refused(&first, "Plan seems to be applied already");
    let _ = fs::remove_file(first.state_file());
    fs::write(first.state_file(), kept).unwrap();
    check(&cloud, &first.remembered(), 4, &BTreeSet::new());
}

#[test]
fn a_state_that_is_pushed_back_makes_no_earlier_plan_good_again() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&points(1));
    assert!(directory.apply(&cloud).status.success());
    let old = fs::read(directory.state_file()).unwrap();
    directory.configure(&points(2));
    assert!(directory.run(&cloud, &["plan", "-out=p", "-no-color"]).status.success());
    assert!(directory.run(&cloud, &["apply", "-no-color", "p"]).status.success());
    let serial = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap()["serial"].clone();
    let newest = serial(&fs::read(directory.state_file()).unwrap()).as_u64().unwrap();
    fs::write(directory.path().join("old"), &old).unwrap();
    assert_eq!(directory.run(&cloud, &["state", "push", "old"]).status.code(), Some(1));
    assert!(directory.run(&cloud, &["state", "push", "-force", "old"]).status.success());
    let pushed = serial(&fs::read(directory.state_file()).unwrap()).as_u64().unwrap();
    assert!(pushed > newest, "{pushed} after {newest}");
    let stale = |way: &str| {
        let said = directory.run(&cloud, &["apply", "-no-color", "p"]);
        assert_eq!(said.status.code(), Some(1), "{way}: {}", said.text);
        assert!(said.text.contains("Saved plan is stale"), "{way}: {}", said.text);
    };
    stale("pushed");
    fs::write(directory.state_file(), &old).unwrap();
    stale("copied back");
    assert_eq!(cloud.ever().len(), 4);
}

#[test]
fn a_state_that_cannot_be_kept_is_refused_before_any_call() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&points(1));
    let state = format!("{{\"version\":4,\"serial\":{},\"lineage\":\"l\"}}", u64::MAX);
    fs::write(directory.state_file(), state).unwrap();
    nix::unistd::mkfifo(&directory.path().join("pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    cloud.watch(|_, _, _| false);
    for (path, why) in [
        (None, "serial"),
        (Some("-state=pipe"), "no regular file"),
        (Some("-state=/dev/zero"), "no regular file"),
        (Some("-state-out=/dev/null"), "no regular file"),
    ] {
        let mut arguments = vec!["apply", "-auto-approve", "-no-color"];
        arguments.extend(path);
        let said = directory.run(&cloud, &arguments);
        assert_eq!(said.status.code(), Some(1), "{path:?}: {}", said.text);
        assert!(said.text.contains(why), "{path:?}: {}", said.text);
    }
    assert!(cloud.actions().is_empty(), "{:?}", cloud.actions());
}

#[test]
fn a_small_stack_and_a_limit_on_files_are_no_death() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&points(1));
    let limited = |limit: &str, arguments: &[&str]| {
        let command = directory.command(&cloud, arguments);
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(format!("ulimit {limit}; exec \"$0\" \"$@\"")).arg(command.get_program());
        shell.args(command.get_args()).current_dir(directory.path()).env_clear();
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let output = shell.output().unwrap();
        (output.status, String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let (status, text) = limited("-s 64", &["plan", "-no-color"]);
    assert!(status.success(), "{status} {text}");
    let (status, text) = limited("-f 1", &["plan", "-out=p", "-no-color"]);
    assert_eq!(status.code(), Some(1), "{status} {text}");
    assert!(text.contains("Failed to write plan file"), "{text}");
    let left = fs::read_dir(directory.path()).unwrap().flatten().map(|entry| entry.file_name());
    let left: Vec<_> = left.filter(|name| name.to_string_lossy().starts_with(".tmp")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_saved_plan_goes_through_links_and_pipes_and_leaves_devices_alone() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&points(1));
    std::os::unix::fs::symlink("target", directory.path().join("link")).unwrap();
    let pipe = directory.path().join("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    assert!(directory.run(&cloud, &["plan", "-out=link", "-no-color"]).status.success());
    assert!(directory.path().join("link").symlink_metadata().unwrap().is_symlink());
    assert!(directory.path().join("target").is_file());
    let reading = std::thread::spawn(move || fs::read(pipe).unwrap());
    assert!(directory.run(&cloud, &["plan", "-out=pipe", "-no-color"]).status.success());
    assert!(reading.join().unwrap().starts_with(b"{"));
    assert!(directory.run(&cloud, &["plan", "-out=/dev/null", "-no-color"]).status.success());
    assert!(directory.run(&cloud, &["apply", "-no-color", "link"]).status.success());
    assert!(
        directory.run(&cloud, &["apply", "-destroy", "-auto-approve", "-backup=/dev/null"]).status.success()
    );
    assert!(!fs::metadata("/dev/null").unwrap().is_file());
}
