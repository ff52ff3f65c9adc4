//! A run that is killed at a chosen instant.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use nix::sys::inotify::{AddWatchFlags, InitFlags, Inotify};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::cloud::{Cloud, Moment};
use super::state_server::StateServer;
use super::world::Directory;

/// When a run dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// At the n-th request; a lost one may arrive later all the same.
    Request(u64, Moment, bool),
    /// At the n-th write of a state on a server, before or after it takes effect.
    Write(u64, bool),
    /// So long after the n-th change of a file of the state or of the journal.
    File(u64, Duration),
}

/// How a run ended.
#[derive(Default)]
pub struct Death {
    /// Whether it died.
    pub killed: bool,
    /// Whether a request of it arrives later.
    pub late: bool,
    /// How often its files changed.
    pub files: u64,
    /// What it said.
    pub text: String,
}

/// Who is to be killed; the process may not be noted yet when its first requests come.
#[derive(Clone, Default)]
struct Victim(Arc<Mutex<Option<Pid>>>);

impl Victim {
    fn kill(&self) {
        let pid = loop {
            if let Some(pid) = *self.0.lock().unwrap() {
                break pid;
            }
            std::thread::yield_now();
        };
        let _ = kill(pid, Signal::SIGKILL);
    }
}

/// The name of a file that ends the watch.
const END: &str = "the-run-is-over";

/// Applies and dies at an instant, unless that never comes. `also` hears of every request.
pub fn run(
    cloud: &Arc<Cloud>,
    server: Option<&StateServer>,
    directory: &Directory,
    instant: At,
    also: impl Fn(u64, Moment) + Send + Sync + 'static,
) -> Death {
    let victim = Victim::default();
    let late = Arc::new(AtomicBool::new(false));
    if let (At::Write(at, behind), Some(server)) = (instant, server) {
        let victim = victim.clone();
        server.watch(move |number, after| {
            if number == at && after == behind {
                victim.kill();
            }
        });
    }
    watch_requests(cloud, instant, victim.clone(), late.clone(), also);
    let files = match instant {
        At::File(nth, delay) => Some(watch_files(directory.path(), nth, delay, victim.clone())),
        _ => None,
    };
    let child = directory.start(cloud, &["apply", "-auto-approve", "-no-color"]);
    *victim.0.lock().unwrap() = Some(Pid::from_raw(child.id() as i32));
    let said = directory.end(child);
    cloud.unwatch();
    let files = files.map_or(0, |watch| {
        fs::write(directory.path().join(END), "").unwrap();
        watch.join().unwrap()
    });
    Death { killed: !said.status.success(), late: late.load(Ordering::SeqCst), files, text: said.text }
}

fn watch_requests(
    cloud: &Arc<Cloud>,
    instant: At,
    victim: Victim,
    late: Arc<AtomicBool>,
    also: impl Fn(u64, Moment) + Send + Sync + 'static,
) {
    let weak = Arc::downgrade(cloud);
    cloud.watch(move |number, request, moment| {
        also(number, moment);
        let At::Request(at, when, lately) = instant else { return false };
        if number != at || moment != when {
            return false;
        }
        victim.kill();
        if when == Moment::Lost && lately {
            let (weak, request) = (weak.clone(), request.clone());
            late.store(true, Ordering::SeqCst);
            std::thread::spawn(move || {
                std::thread::sleep(Duration::from_millis(700));
                if let Some(cloud) = weak.upgrade() {
                    cloud.sandbox().answer(&request);
                }
            });
        }
        when != Moment::Arriving
    });
}

/// Kills after the n-th change of a file of the state or of the journal; returns how many there were.
fn watch_files(folder: &Path, nth: u64, delay: Duration, victim: Victim) -> JoinHandle<u64> {
    let journals = folder.join(".snapform").join("accepted");
    fs::create_dir_all(&journals).unwrap();
    let inotify = Inotify::init(InitFlags::empty()).unwrap();
    let changes = AddWatchFlags::IN_CREATE
        | AddWatchFlags::IN_MODIFY
        | AddWatchFlags::IN_CLOSE_WRITE
        | AddWatchFlags::IN_MOVED_TO
        | AddWatchFlags::IN_DELETE;
    inotify.add_watch(folder, changes).unwrap();
    inotify.add_watch(&journals, changes).unwrap();
    std::thread::spawn(move || {
        let mut count = 0;
        loop {
            for event in inotify.read_events().unwrap() {
                let name = event.name.unwrap_or_default();
                if name == END {
                    return count;
                }
                let name = name.to_string_lossy();
                if name.contains("tfstate") || name.ends_with(".journal") {
                    count += 1;
                    if count == nth {
                        std::thread::sleep(delay);
                        victim.kill();
                    }
                }
            }
        }
    })
}
