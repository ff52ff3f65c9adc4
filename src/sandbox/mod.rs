//! An emulator of both clouds, written from the vendors' documents.
//!
//! A request comes in through [`server`] (or straight into [`Sandbox::handle`] in tests), is handed to
//! `tencent` or `alibaba` by the look of it, and its action works on the [`world`] within a `session`,
//! which counts, limits, breaks (see [`faults`]) and saves it. [`clock`] is the only source of time,
//! [`options`] names every limit and every question that the documents leave open, [`admin`] is the
//! interface for tests.
//!
//! It shares no wire type with the clients, so that one misspelling cannot pass on both sides.

pub mod admin;
pub mod alibaba;
pub mod clock;
pub mod command;
mod default_world;
pub mod faults;
pub mod http;
mod ids;
mod list;
mod local_client;
mod mixed_up;
pub mod options;
mod seed;
pub mod server;
mod session;
mod store;
pub mod tencent;
mod traffic;
pub mod world;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use clock::Clock;
pub use default_world::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_ALIBABA_ACCOUNT,
    DEFAULT_ALIBABA_REGION, DEFAULT_TENCENT_ACCOUNT, DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY,
};
use faults::{Fault, Faults};
use http::{Outcome, Reply, Request};
use ids::IdMint;
pub use options::{Options, SettingError};
pub use seed::Seed;
pub use server::Server;
pub use store::StoreError;
pub use traffic::CallCount;
use traffic::Traffic;
use world::{World, WorldError};

/// Why the emulator cannot do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An object.
    #[error(transparent)]
    World(#[from] WorldError),
    /// A setting.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The program ends while the store is being opened.
    #[error("opening the sandbox store was interrupted")]
    Interrupted,
    /// What is saved beside the objects.
    #[error("the sandbox store holds something this version cannot read; remove the folder to begin anew")]
    Meta(#[source] serde_json::Error),
}

/// What is saved beside the objects.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Meta {
    ids: IdMint,
    clock: Clock,
    settings: BTreeMap<String, String>,
    faults: Faults,
    late: Vec<Request>,
}

struct State {
    world: World,
    ids: IdMint,
    clock: Clock,
    options: Options,
    faults: Faults,
    late: Vec<Request>,
    traffic: Traffic,
    /// Ids that creates made, for answers that are mixed up; a restart forgets them.
    made: mixed_up::Made,
    /// Ids of points of somebody else that a call deleted.
    harmed: Vec<String>,
    /// Whether any point is marked as somebody else's.
    has_strangers: bool,
    store: Option<store::Store>,
    saved_meta: Vec<u8>,
}

impl State {
    /// Saves what changed since the last call.
    fn commit(&mut self) -> Result<(), SandboxError> {
        let writes = self.world.take_writes()?;
        let Some(store) = &self.store else { return Ok(()) };
        let meta = Meta {
            ids: self.ids.clone(),
            clock: self.clock,
            settings: self.options.values().clone(),
            faults: self.faults.clone(),
            late: self.late.clone(),
        };
        let meta = serde_json::to_vec(&meta).map_err(SandboxError::Meta)?;
        let changed = meta != self.saved_meta;
        if writes.is_empty() && !changed {
            return Ok(());
        }
        store.commit(&writes, changed.then_some(meta.as_slice()))?;
        self.saved_meta = meta;
        Ok(())
    }
}

/// An emulator; clones are the same one.
#[derive(Clone)]
pub struct Sandbox {
    state: Arc<Mutex<State>>,
    nonces: Arc<Mutex<alibaba::Nonces>>,
}

impl Sandbox {
    /// Opens the world of a folder, or one in memory. An empty world gets the default content.
    /// Blocks while another process has the folder open, unless `no_wait` is set.
    ///
    /// # Errors
    /// The folder is in use or unusable, or holds what this version cannot read.
    pub fn open(folder: Option<&Path>, options: Options) -> Result<Self, SandboxError> {
        let store = folder.map(|folder| store::Store::open(folder, options.no_wait)).transpose()?;
        let mut world = World::default();
        let mut meta = Meta::default();
        let mut saved_meta = Vec::new();
        if let Some(store) = &store {
            let saved = store.load()?;
            for (key, bytes) in &saved.objects {
                world.load(key, bytes)?;
            }
            if let Some(bytes) = saved.meta {
                meta = serde_json::from_slice(&bytes).map_err(SandboxError::Meta)?;
                saved_meta = bytes;
            }
        }
        let mut merged = Options::default();
        (merged.empty, merged.no_wait) = (options.empty, options.no_wait);
        for (name, value) in meta.settings.iter().chain(options.values()) {
            merged.set(name, value)?;
        }
        let fresh = world.is_empty() && saved_meta.is_empty() && !options.empty;
        let state = State {
            made: mixed_up::Made::new(),
            harmed: Vec::new(),
            has_strangers: mixed_up::has_strangers(&world),
            world,
            ids: meta.ids,
            clock: meta.clock,
            options: merged,
            faults: meta.faults,
            late: meta.late,
            traffic: Traffic::default(),
            store,
            saved_meta,
        };
        let sandbox = Self { state: Arc::new(Mutex::new(state)), nonces: Arc::default() };
        if fresh {
            sandbox.seed(&default_world::default_seed())?;
        }
        sandbox.lock().commit()?;
        Ok(sandbox)
    }

    /// Opens as [`Sandbox::open`] does, without blocking the runtime while it waits.
    ///
    /// # Errors
    /// As [`Sandbox::open`].
    pub async fn open_async(folder: Option<PathBuf>, options: Options) -> Result<Self, SandboxError> {
        let opened = tokio::task::spawn_blocking(move || Self::open(folder.as_deref(), options));
        opened.await.map_err(|_| SandboxError::Interrupted)?
    }

    /// Returns an emulator in memory with the default content and settings.
    ///
    /// # Errors
    /// Only if the built-in content were unreadable.
    pub fn in_memory() -> Result<Self, SandboxError> {
        Self::open(None, Options::default())
    }

    /// Answers a request. The caller waits `delay` and carries out the outcome.
    pub async fn handle(&self, request: Request) -> Reply {
        self.answer(&request)
    }

    /// Answers a request; [`Sandbox::handle`] without a future.
    pub fn answer(&self, request: &Request) -> Reply {
        self.run_late_arrivals();
        let mut reply = if request.path.starts_with(admin::PREFIX) {
            admin::handle(self, request).into()
        } else {
            self.dispatch(request)
        };
        if let Outcome::Answer(response) | Outcome::Truncated(response) = &mut reply.outcome
            && response.header("date").is_none()
        {
            let date = clock::http_date(self.signature_now_ms());
            response.headers.push(("date".to_owned(), date));
        }
        reply
    }

    fn dispatch(&self, request: &Request) -> Reply {
        if is_alibaba(request) { alibaba::handle(self, request) } else { tencent::handle(self, request) }
    }

    /// Executes the delayed requests whose time has come, oldest first.
    fn run_late_arrivals(&self) {
        loop {
            let request = {
                let mut state = self.lock();
                let now = state.clock.now_ms();
                let arrives = |request: &Request| request.late.map_or(0, |late| late.arrives_ms);
                let next = (0..state.late.len()).min_by_key(|index| arrives(&state.late[*index]));
                match next {
                    Some(index) if arrives(&state.late[index]) <= now => state.late.remove(index),
                    _ => return,
                }
            };
            self.dispatch(&request);
        }
    }

    /// Returns the time that signatures are judged by, clock skew included.
    pub(crate) fn signature_now_ms(&self) -> i64 {
        let state = self.lock();
        let now = if state.options.is(&options::SIGNATURE_CLOCK, "sandbox") {
            state.clock.now_ms()
        } else {
            clock::machine_ms()
        };
        now.saturating_add(state.faults.skew_ms())
    }

    /// Reads or changes the world outside a call; changes are saved with the next commit.
    pub(crate) fn with_world<R>(&self, work: impl FnOnce(&mut World, &Options, i64) -> R) -> R {
        let mut state = self.lock();
        let now = state.clock.now_ms();
        let State { world, options, .. } = &mut *state;
        work(world, options, now)
    }

    /// Returns the nonces that Alibaba Cloud's gateway has seen; a restart forgets them.
    fn nonces(&self) -> MutexGuard<'_, alibaba::Nonces> {
        self.nonces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A panic in one request must not end the others; the world is changed object by object.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Arms a fault.
    ///
    /// # Errors
    /// It cannot be saved.
    pub fn arm(&self, fault: Fault) -> Result<(), SandboxError> {
        let mut state = self.lock();
        let now = state.clock.now_ms();
        state.faults.arm(fault, now);
        state.commit()
    }

    /// Disarms all faults.
    ///
    /// # Errors
    /// It cannot be saved.
    pub fn disarm_all(&self) -> Result<(), SandboxError> {
        let mut state = self.lock();
        state.faults.disarm_all();
        state.commit()
    }

    /// Returns the faults that are armed.
    pub fn armed(&self) -> Vec<Fault> {
        self.lock().faults.armed().to_vec()
    }

    /// Returns the sandbox clock in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.lock().clock.now_ms()
    }

    /// Replaces the clock.
    ///
    /// # Errors
    /// It cannot be saved.
    pub fn set_clock(&self, clock: Clock) -> Result<(), SandboxError> {
        let mut state = self.lock();
        state.clock = clock;
        state.commit()
    }

    /// Moves the clock.
    ///
    /// # Errors
    /// It cannot be saved.
    pub fn advance_ms(&self, by_ms: i64) -> Result<(), SandboxError> {
        let mut state = self.lock();
        state.clock.advance_ms(by_ms);
        state.commit()
    }

    /// Makes a setting.
    ///
    /// # Errors
    /// No such setting or value, or it cannot be saved.
    pub fn set(&self, name: &str, value: &str) -> Result<(), SandboxError> {
        let mut state = self.lock();
        state.options.set(name, value)?;
        state.commit()
    }

    /// Returns the counts per `service:Action`.
    pub fn calls(&self) -> BTreeMap<String, CallCount> {
        self.lock().traffic.counts()
    }

    /// Forgets the counts.
    pub fn reset_calls(&self) {
        self.lock().traffic.reset();
    }

    /// Changes fields of an object behind everybody's back; false when there is none.
    ///
    /// # Errors
    /// The kind is unknown, the values do not fit, or they cannot be saved.
    pub fn change(&self, kind: &str, id: &str, set: &serde_json::Value) -> Result<bool, SandboxError> {
        let mut state = self.lock();
        let found = state.world.change(kind, id, set)?;
        state.has_strangers = mixed_up::has_strangers(&state.world);
        state.commit()?;
        Ok(found)
    }

    /// Deletes an object behind everybody's back, with what the vendor deletes along; false when there is none.
    ///
    /// # Errors
    /// The kind is unknown or the change cannot be saved.
    pub fn delete(&self, kind: &str, id: &str) -> Result<bool, SandboxError> {
        let mut state = self.lock();
        let found = state.world.delete(kind, id)?;
        let State { world, options, .. } = &mut *state;
        tencent::parent_deleted(world, options, kind, id);
        state.commit()?;
        Ok(found)
    }

    /// Returns a copy of what exists now.
    pub fn world(&self) -> World {
        let mut state = self.lock();
        let now = state.clock.now_ms();
        state.world.purge(now);
        state.world.clone()
    }

    /// Adds the content of a seed.
    ///
    /// # Errors
    /// Something in it does not fit, or cannot be saved.
    pub fn seed(&self, seed: &Seed) -> Result<(), SandboxError> {
        let mut state = self.lock();
        seed::apply(&mut state, seed)?;
        state.has_strangers = mixed_up::has_strangers(&state.world);
        state.commit()
    }

    /// Returns the ids of points that are marked as somebody else's (`life.stranger`) and that calls deleted all the same.
    pub fn harmed(&self) -> Vec<String> {
        self.lock().harmed.clone()
    }

    /// Empties the world, disarms the faults and begins again with a seed, the default one if none is given.
    /// Settings stay.
    ///
    /// # Errors
    /// The seed does not fit, or the change cannot be saved.
    pub fn reset(&self, seed: Option<&Seed>) -> Result<(), SandboxError> {
        let mut state = self.lock();
        state.world.clear();
        state.faults.disarm_all();
        state.late.clear();
        state.clock = Clock::default();
        state.ids = IdMint::default();
        state.traffic = Traffic::default();
        match seed {
            Some(seed) => seed::apply(&mut state, seed)?,
            None => seed::apply(&mut state, &default_world::default_seed())?,
        }
        state.commit()
    }
}

/// Returns whether a request is for Alibaba Cloud. Tencent's calls carry `X-TC-Action`, a TC3
/// authorization or, in the old form, `SecretId`.
fn is_alibaba(request: &Request) -> bool {
    let tencent = request.header("x-tc-action").is_some()
        || request.header("authorization").is_some_and(|value| value.trim_start().starts_with("TC3-"));
    if tencent {
        return false;
    }
    if request.headers.iter().any(|(name, _)| name.starts_with("x-acs-")) {
        return true;
    }
    let mut pairs = request.query_pairs();
    if request.header("content-type").is_some_and(|kind| kind.contains("form-urlencoded")) {
        pairs.extend(request.form_pairs());
    }
    let has = |name: &str| pairs.iter().any(|(key, _)| key == name);
    has("AccessKeyId") || has("SignatureNonce") || (has("SignatureVersion") && !has("SecretId"))
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reopened_store_gives_the_same_world() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Sandbox::open(Some(folder.path()), Options::default()).unwrap();
        let sandbox = open();
        sandbox.change("cbs-disk", "disk-1000000a", &json!({"name": "renamed"})).unwrap();
        sandbox.set("limits", "off").unwrap();
        sandbox.set_clock(Clock::Standing { at_ms: 1_800_000_000_000 }).unwrap();
        let before = sandbox.world().to_json().unwrap();
        drop(sandbox);
        let sandbox = open();
        assert_eq!(sandbox.world().to_json().unwrap(), before);
        assert_eq!(sandbox.now_ms(), 1_800_000_000_000);
        let rows = |sandbox: &Sandbox| sandbox.world().rows(sandbox.now_ms());
        let disk = rows(&sandbox).into_iter().find(|row| row.id == "disk-1000000a").unwrap();
        assert_eq!(disk.name, "renamed");
        sandbox.delete("cbs-disk", "disk-1000000a").unwrap();
        drop(sandbox);
        assert!(!rows(&open()).iter().any(|row| row.id == "disk-1000000a"));
    }

    #[test]
    fn a_second_opener_waits_for_the_first_or_fails_fast() {
        let folder = tempfile::tempdir().unwrap();
        let first = Sandbox::open(Some(folder.path()), Options::default()).unwrap();
        let mut fast = Options::default();
        fast.no_wait = true;
        let refused = Sandbox::open(Some(folder.path()), fast);
        assert!(matches!(refused, Err(SandboxError::Store(StoreError::Busy(_)))));
        let path = folder.path().to_owned();
        let second = std::thread::spawn(move || {
            Sandbox::open(Some(&path), Options::default()).unwrap().world().to_json().unwrap()
        });
        first.delete("cbs-disk", "disk-1000000a").unwrap();
        let world = first.world().to_json().unwrap();
        drop(first);
        assert_eq!(second.join().unwrap(), world);
    }

    #[test]
    fn a_hundred_thousand_objects_are_listed_and_changed_quickly() {
        let sandbox = Sandbox::in_memory().unwrap();
        let place = world::Place::new(DEFAULT_TENCENT_ACCOUNT, "ap-guangzhou");
        let begin = std::time::Instant::now();
        sandbox.with_world(|world, _, now| {
            for number in 0..100_000 {
                world.cfs_snapshots.insert(world::CfsSnapshot {
                    place: place.clone(),
                    id: format!("snapcfs-{number:08}"),
                    file_system_id: format!("cfs-{}", number % 500),
                    ..world::CfsSnapshot::default()
                });
            }
            world.purge(now);
            for number in 0..1_000 {
                let id = format!("snapcfs-{:08}", number * 97);
                world.cfs_snapshots.update(&place, &id, |snapshot| snapshot.alive_days = 1).unwrap();
                assert_eq!(world.cfs_snapshots.children(&place, "cfs-1").count(), 200);
            }
        });
        // Far above what it takes; a scan per call would need minutes.
        assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
    }
}
