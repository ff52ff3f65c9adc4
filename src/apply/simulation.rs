//! The executor and recovery over a simulated cloud and clock, with seeded faults and crashes.
//!
//! Time is tokio's paused clock and every choice comes from the seed, so a failing seed replays exactly:
//! `SNAPFORM_SIMULATION_SEED=17 cargo test apply::simulation`. `SNAPFORM_SIMULATION_SEEDS=10000` runs that many.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::kind::kind_of;
use super::testing::{address, cbs_type, cfs_type, data_type, ecs_type, planned, tcaplus_type};
use super::*;
use crate::cloud::{
    Accepted, BoxFuture, CloudError, CreateRequest, ErrorClass, Known, Life, Object, Observed, Place, Reader,
    Writer,
};
use crate::diagnostic::Diagnostics;
use crate::lang::address::{Address, ModulePath, ProviderAddress};
use crate::lang::{Kind, Value};
use crate::plan::{
    Change, Plan, PlanMode, ReplaceOrder, ResourceChange, Step, StepAction, prior, remembered,
};
use crate::schema::ResourceType;
use crate::state::{AcceptedLine, IntentAction, ObjectKey, ResourceKey, State, intent::INTENT_TYPE};

const SETTLE: Duration = Duration::from_secs(20);

/// A small random number generator: the same numbers on every machine.
#[derive(Clone)]
struct Dice(Arc<AtomicU64>);

impl Dice {
    fn new(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)))
    }

    fn next(&self) -> u64 {
        let mut x = self.0.load(Ordering::Relaxed);
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.store(x, Ordering::Relaxed);
        x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33
    }

    fn below(&self, end: u64) -> u64 {
        self.next() % end
    }

    fn one_in(&self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    fn millis(&self, end: u64) -> Duration {
        Duration::from_millis(self.below(end))
    }
}

/// An object of the simulated cloud.
struct Thing {
    type_name: &'static str,
    value: Value,
    marker: Arc<str>,
    /// Whether it was made by us, not by a colleague.
    ours: bool,
    lands: Instant,
    visible: Instant,
    usable: Instant,
    fails: bool,
    leaves: Option<Instant>,
}

#[derive(Default)]
struct World {
    things: BTreeMap<Arc<str>, Thing>,
    made: u64,
}

#[derive(Clone)]
struct Cloud {
    world: Arc<Mutex<World>>,
    dice: Dice,
    start: (Instant, Timestamp),
    unkind: Arc<AtomicBool>,
    crash: Arc<Crash>,
}

/// Ends a run at the n-th thing that it does.
struct Crash {
    left: AtomicU64,
    dead: AtomicBool,
    notify: Notify,
}

impl Crash {
    fn after(count: u64) -> Arc<Self> {
        Arc::new(Self { left: AtomicU64::new(count), dead: AtomicBool::new(false), notify: Notify::new() })
    }

    fn tick(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.dead.store(true, Ordering::Relaxed);
            self.notify.notify_one();
        }
    }

    /// What a dead process does next, it never does.
    async fn live(&self) {
        if self.dead.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }
}

impl Cloud {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test thread has panicked")
    }

    fn now(&self) -> Timestamp {
        at(self.start)
    }

    fn chance(&self, chances: u64) -> bool {
        self.unkind.load(Ordering::Relaxed) && self.dice.one_in(chances)
    }

    fn lost(&self) -> CloudError {
        CloudError::new(ErrorClass::Ambiguous, "sim", "Call", "the connection was lost")
    }

    fn shown(&self, id: &Arc<str>, thing: &Thing) -> Option<Object> {
        let now = Instant::now();
        if thing.lands > now || thing.visible > now || thing.leaves.is_some_and(|gone| gone <= now) {
            return None;
        }
        let life = match (thing.leaves.is_some(), thing.usable <= now, thing.fails) {
            (true, ..) => Life::Leaving,
            (_, true, true) => Life::Failed("failed".into()),
            (_, true, false) => Life::Usable,
            (_, false, _) => Life::Pending(None),
        };
        let created_at = self.start.1.checked_add(thing.lands - self.start.0).ok();
        Some(Object { id: id.clone(), value: thing.value.clone(), life, created_at })
    }

    /// Takes a create that may land late, be made but not answered, or not be made at all.
    fn take_create(
        &self,
        resource_type: &ResourceType,
        request: &CreateRequest,
        ours: bool,
    ) -> Result<Accepted, CloudError> {
        let now = Instant::now();
        let (lost, late) = (self.chance(6), self.chance(8));
        if lost && self.dice.one_in(2) {
            return Err(self.lost());
        }
        if !lost && self.chance(25) {
            return Err(CloudError::new(ErrorClass::Busy, "sim", "Create", "try later"));
        }
        let lands = now + if late { self.dice.millis(SETTLE.as_millis() as u64 / 2) } else { Duration::ZERO };
        let visible = lands
            + if self.chance(4) { self.dice.millis(SETTLE.as_millis() as u64 / 2) } else { Duration::ZERO };
        let slow = if self.chance(10) { 400_000 } else { 6_000 };
        let mut world = self.world();
        let key = kind_of(resource_type.name).key_of(&request.planned);
        if let Some(key) = &key
            && world.things.get(key.as_str()).is_some_and(|thing| thing.leaves.is_none_or(|gone| gone > now))
        {
            return Err(CloudError::new(ErrorClass::Conflict, "sim", "Create", "the name is taken"));
        }
        world.made += 1;
        let id: Arc<str> = key.unwrap_or_else(|| format!("s-{}", world.made)).into();
        let thing = Thing {
            type_name: resource_type.name,
            value: remembered::accepted_value(&request.planned, &id),
            marker: request.marker.clone(),
            ours,
            lands,
            visible,
            usable: visible + self.dice.millis(slow),
            fails: self.chance(12),
            leaves: None,
        };
        world.things.insert(id.clone(), thing);
        if lost || late { Err(self.lost()) } else { Ok(Accepted { id, request_id: "r".into() }) }
    }
}

fn at(start: (Instant, Timestamp)) -> Timestamp {
    start.1.checked_add(start.0.elapsed()).expect("a simulation is short")
}

impl Reader for Cloud {
    fn place<'a>(&'a self, _: &'a ProviderAddress) -> BoxFuture<'a, Result<Place, CloudError>> {
        Box::pin(async { Ok(Place { account: "1".into(), region: "r".into() }) })
    }

    fn observe<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Observed>> {
        Box::pin(async move {
            tokio::time::sleep(self.dice.millis(200)).await;
            let unread = self.chance(15);
            let world = self.world();
            let answer = |known: &Known| match world.things.get(&known.id) {
                _ if unread => Observed::Unread(self.lost()),
                Some(thing) => self
                    .shown(&known.id, thing)
                    .map_or(Observed::Absent, |object| Observed::Present(Box::new(object))),
                None => Observed::Absent,
            };
            objects.iter().map(answer).collect()
        })
    }

    fn read_data<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CloudError>> {
        Box::pin(async { Ok(config.clone()) })
    }

    fn on_parent<'a>(
        &'a self,
        _: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(async move {
            tokio::time::sleep(self.dice.millis(200)).await;
            if self.chance(25) {
                return Err(self.lost());
            }
            let kind = kind_of(resource_type.name);
            let parent = kind.parent_of(planned);
            let world = self.world();
            let here = world.things.iter().filter(|(_, thing)| {
                thing.type_name == resource_type.name && kind.parent_of(&thing.value) == parent
            });
            Ok(here.filter_map(|(id, thing)| self.shown(id, thing)).collect())
        })
    }
}

impl Writer for Cloud {
    fn batch_key(&self, resource_type: &ResourceType, planned: &Value) -> Option<String> {
        kind_of(resource_type.name).key?;
        planned.get("cluster_id").and_then(Value::as_str).map(str::to_owned)
    }

    fn create<'a>(
        &'a self,
        _: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        requests: &'a [CreateRequest],
    ) -> BoxFuture<'a, Vec<Result<Accepted, CloudError>>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            // A colleague makes one that looks the same.
            if self.chance(20) && kind_of(resource_type.name).key.is_none() {
                let colleague = CreateRequest { marker: "colleague".into(), ..requests[0].clone() };
                let _ = self.take_create(resource_type, &colleague, false);
            }
            let answers: Vec<_> =
                requests.iter().map(|request| self.take_create(resource_type, request, true)).collect();
            self.crash.tick();
            self.crash.live().await;
            tokio::time::sleep(self.dice.millis(1500)).await;
            answers
        })
    }

    fn update<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        prior: &'a Value,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            let lost = self.chance(8);
            if let Some(id) = prior.get("id").and_then(Value::as_str)
                && !(lost && self.dice.one_in(2))
                && let Some(thing) = self.world().things.get_mut(id)
            {
                thing.value = remembered::accepted_value(planned, id);
            }
            if lost { Err(self.lost()) } else { Ok(()) }
        })
    }

    fn delete<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        prior: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            let lost = self.chance(8);
            if let Some(id) = prior.get("id").and_then(Value::as_str)
                && !(lost && self.dice.one_in(2))
                && let Some(thing) = self.world().things.get_mut(id)
            {
                thing.leaves.get_or_insert(Instant::now() + self.dice.millis(5_000));
            }
            if lost { Err(self.lost()) } else { Ok(()) }
        })
    }
}

/// The durable side: what survives a crash.
#[derive(Clone, Default)]
struct Disk {
    state: Arc<Mutex<State>>,
    journal: Arc<Mutex<BTreeMap<String, Vec<AcceptedLine>>>>,
}

struct SimStore {
    disk: Disk,
    crash: Arc<Crash>,
}

impl Store for SimStore {
    fn save<'a>(&'a mut self, state: &'a mut State) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            state.serial += 1;
            let saved = State::read(&state.to_bytes()).expect("what is written can be read");
            *self.disk.state.lock().expect("no panic") = saved;
            self.crash.tick();
            self.crash.live().await;
            Ok(())
        })
    }
}

struct SimJournal {
    disk: Disk,
    run: String,
    crash: Arc<Crash>,
}

impl Journal for SimJournal {
    fn append(&mut self, lines: &[AcceptedLine]) -> Result<(), StoreError> {
        self.crash.tick();
        if !self.crash.dead.load(Ordering::Relaxed) {
            let mut journal = self.disk.journal.lock().expect("no panic");
            journal.entry(self.run.clone()).or_default().extend_from_slice(lines);
        }
        Ok(())
    }

    fn read(&self, run: &str) -> Vec<AcceptedLine> {
        self.disk.journal.lock().expect("no panic").get(run).cloned().unwrap_or_default()
    }

    fn discard(&mut self, run: &str) {
        self.disk.journal.lock().expect("no panic").remove(run);
    }
}

struct SimEvents {
    crash: Arc<Crash>,
    seen: Mutex<Vec<String>>,
}

impl EventSink for SimEvents {
    fn heard(&self, event: &Event) {
        if !self.crash.dead.load(Ordering::Relaxed) {
            self.seen.lock().expect("no panic").push(format!("{event:?}"));
            self.crash.tick();
        }
    }
}

/// Evaluates nothing: everything was known while planning.
struct AllKnown<'a>(&'a Plan);

impl Resolve for AllKnown<'_> {
    fn prepare(&mut self, step: usize) -> Result<Prepared, Diagnostics> {
        let (StepAction::Create { change } | StepAction::Update { change }) = self.0.steps[step].action
        else {
            return Ok(Prepared::Evaluated);
        };
        let planned = self.0.changes[change].change.after().cloned().expect("a create has an object to be");
        Ok(Prepared::Object { planned, companion: Companion::default() })
    }

    fn record(&mut self, _: usize, _: Option<&Value>) -> Result<Diagnostics, Diagnostics> {
        Ok(Diagnostics::new())
    }

    fn conclude(&mut self) -> Conclusion {
        Conclusion::default()
    }
}

/// What is declared: an address, its type, its object to be, and what it waits for.
#[derive(Clone)]
struct Desired {
    address: Address,
    resource_type: &'static ResourceType,
    object: Value,
    after: Vec<usize>,
}

fn declare(dice: &Dice) -> Vec<Desired> {
    let count = 6 + dice.below(18) as usize;
    (0..count)
        .map(|at| {
            let (resource_type, parent, name) = match dice.below(6) {
                0 => {
                    (ecs_type(), format!("d-{}", dice.below(3)), dice.one_in(2).then(|| "nightly".to_owned()))
                }
                1 => (ecs_type(), format!("d-{}", dice.below(3)), Some("same".to_owned())),
                2 => (
                    cbs_type(),
                    format!("disk-{}", dice.below(3)),
                    (!dice.one_in(4)).then(|| "same".to_owned()),
                ),
                3 => (cfs_type(), format!("cfs-{}", dice.below(3)), Some(format!("n-{}", dice.below(2)))),
                4 => (tcaplus_type(), format!("c:g:t{}", dice.below(2)), Some(format!("point-{at}"))),
                _ => (data_type(), String::new(), None),
            };
            let after =
                if at > 0 && dice.one_in(3) { vec![dice.below(at as u64) as usize] } else { Vec::new() };
            Desired {
                address: address(resource_type.name, &format!("r{at}")),
                resource_type,
                object: planned(resource_type, &parent, name.as_deref()),
                after,
            }
        })
        .collect()
}

fn change_for(address: &Address, change: Change, marker: Option<Arc<str>>) -> ResourceChange {
    ResourceChange {
        address: address.clone(),
        previous_address: None,
        deposed: None,
        provider: ProviderAddress { module: ModulePath::root(), source: "p/p/p".into(), alias: None },
        change,
        reason: None,
        replace_paths: Vec::new(),
        importing: None,
        generated_config: None,
        marker,
    }
}

/// A planner of the smallest kind: create what is missing, replace what is tainted, rename, delete what is not declared.
fn plan(desired: &[Desired], state: &mut State, cloud: &Cloud, dice: &Dice) -> Plan {
    refresh(state, cloud);
    let (mut changes, mut steps) = (Vec::new(), Vec::new());
    let mut forward: BTreeMap<usize, usize> = BTreeMap::new();
    let marker = || Some(Arc::from(uuid(dice).to_string()));
    for (at, wanted) in desired.iter().enumerate() {
        let change = changes.len();
        let object = state.object(&ResourceKey::from(&wanted.address), &ObjectKey::from(&wanted.address));
        let after: Vec<usize> = wanted.after.iter().filter_map(|at| forward.get(at).copied()).collect();
        let value =
            object.map(|object| (remembered::value_of(wanted.resource_type, object).expect("fits"), object));
        match value {
            None => {
                changes.push(change_for(
                    &wanted.address,
                    Change::Create { after: wanted.object.clone() },
                    marker(),
                ));
                forward.insert(at, steps.len());
                steps.push(Step { action: StepAction::Create { change }, after });
            }
            Some((before, object)) if object.tainted => {
                let keyed = kind_of(wanted.resource_type.name).key.is_some();
                let order = if keyed || dice.one_in(2) {
                    ReplaceOrder::DeleteFirst
                } else {
                    ReplaceOrder::CreateFirst
                };
                let after_value = wanted.object.clone();
                changes.push(change_for(
                    &wanted.address,
                    Change::Replace { before, after: after_value, order },
                    marker(),
                ));
                let (create, delete) = (StepAction::Create { change }, StepAction::Delete { change });
                if order == ReplaceOrder::DeleteFirst {
                    steps.push(Step { action: delete, after: Vec::new() });
                    let delete = steps.len() - 1;
                    forward.insert(at, steps.len());
                    steps.push(Step { action: create, after: after.into_iter().chain([delete]).collect() });
                } else {
                    forward.insert(at, steps.len());
                    steps.push(Step { action: create, after });
                    let create = steps.len() - 1;
                    steps.push(Step { action: delete, after: vec![create] });
                }
            }
            Some((before, _)) => {
                let name =
                    wanted.object.get("snapshot_name").filter(|_| wanted.resource_type.name.contains("cfs"));
                if let Some(name) = name.filter(|name| before.get("snapshot_name") != Some(name)) {
                    let mut members = before.members().cloned().expect("an object");
                    members.insert("snapshot_name".into(), name.clone());
                    let after = Kind::Object(Arc::new(members)).into();
                    changes.push(change_for(&wanted.address, Change::Update { before, after }, None));
                    steps.push(Step { action: StepAction::Update { change }, after: Vec::new() });
                } else {
                    changes.push(change_for(&wanted.address, Change::NoOp { object: before }, None));
                }
            }
        }
    }
    for (key, _, object_key, object) in state.objects() {
        let address = key.instance_address(object_key);
        let declared = desired.iter().any(|wanted| wanted.address == address);
        if key.resource_type == INTENT_TYPE || (declared && object_key.deposed.is_none()) {
            continue;
        }
        let Some(resource_type) = prior::find_type(&address.resource) else { continue };
        let before = remembered::value_of(resource_type, object).expect("fits");
        let mut change = change_for(&address, Change::Delete { before }, None);
        change.deposed = object_key.deposed.as_deref().map(Arc::from);
        steps.push(Step { action: StepAction::Delete { change: changes.len() }, after: Vec::new() });
        changes.push(change);
    }
    Plan {
        mode: PlanMode::Normal,
        made_at: cloud.now(),
        variables: BTreeMap::new(),
        drift: Vec::new(),
        changes,
        outputs: BTreeMap::new(),
        checks: Vec::new(),
        steps,
        relevant: Vec::new(),
        targets: Vec::new(),
        errored: false,
    }
}

/// Brings a state up to date with what the cloud really has; the caller has let the settle time pass.
fn refresh(state: &mut State, cloud: &Cloud) {
    let world = cloud.world();
    let names: Vec<(ResourceKey, ObjectKey, String)> = state
        .objects()
        .filter(|(key, ..)| key.resource_type != INTENT_TYPE && key.resource_type != "terraform_data")
        .filter_map(|(key, _, name, object)| Some((key.clone(), name.clone(), object.id()?)))
        .collect();
    for (key, name, id) in names {
        let address = key.instance_address(&name);
        let Some(resource_type) = prior::find_type(&address.resource) else { continue };
        let shown = world.things.get(id.as_str()).and_then(|thing| cloud.shown(&id.as_str().into(), thing));
        match shown.filter(|object| object.life != Life::Leaving) {
            Some(found) => {
                let Some(entry) =
                    state.resources.get_mut(&key).and_then(|entry| entry.objects.get_mut(&name))
                else {
                    continue;
                };
                let pending = matches!(found.life, Life::Pending(_));
                remembered::put_value(resource_type, &found.value, pending, entry);
                entry.tainted |= matches!(found.life, Life::Failed(_));
            }
            None => {
                state.remove_object(&key, &name);
            }
        }
    }
}

fn uuid(dice: &Dice) -> uuid::Uuid {
    uuid::Uuid::from_u64_pair(dice.next() << 31 | dice.next(), dice.next() << 31 | dice.next())
}

struct Simulation {
    seed: u64,
    dice: Dice,
    cloud: Cloud,
    disk: Disk,
    log: Vec<String>,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let dice = Dice::new(seed);
        let start = (Instant::now(), "2026-11-22T18:00:00Z".parse().expect("a time"));
        let cloud = Cloud {
            world: Arc::default(),
            dice: dice.clone(),
            start,
            unkind: Arc::new(AtomicBool::new(true)),
            crash: Crash::after(u64::MAX),
        };
        Self { seed, dice, cloud, disk: Disk::default(), log: Vec::new() }
    }

    fn options(&self) -> Options {
        let (start, dice) = (self.cloud.start, self.dice.clone());
        Options {
            parallelism: None,
            wait: true,
            settle: Settle { default: SETTLE, providers: BTreeMap::new() },
            run: uuid(&self.dice).to_string(),
            protect_tags: Vec::new(),
            clock: Clock::new(move || at(start)),
            ids: Ids::new(move || uuid(&dice)),
        }
    }

    /// One run of the program: recovery, plan, apply; returns whether it ended and everything was done.
    async fn run(&mut self, desired: &[Desired], crash: Arc<Crash>) -> bool {
        self.cloud.crash = crash.clone();
        let options = self.options();
        let mut journal =
            SimJournal { disk: self.disk.clone(), run: options.run.clone(), crash: crash.clone() };
        let mut store = SimStore { disk: self.disk.clone(), crash: crash.clone() };
        let events = SimEvents { crash: crash.clone(), seen: Mutex::new(vec!["---- run".to_owned()]) };
        let clouds = Clouds { reader: Arc::new(self.cloud.clone()), writer: Arc::new(self.cloud.clone()) };
        let life = async {
            let saved = self.disk.state.lock().expect("no panic").clone();
            let recovered = recover(saved, &*clouds.reader, &journal, &events, &options, true, true).await;
            let recovered = self.settle_by_hand(recovered.expect("intents can be read")).await;
            let mut state = recovered.state.clone();
            store.save(&mut state).await.expect("a disk in memory");
            if !recovered.blocking().is_empty() {
                return false;
            }
            tokio::time::sleep(SETTLE * 2).await;
            let plan = plan(desired, &mut state, &self.cloud, &self.dice);
            let outcome = apply(Run {
                plan: &plan,
                state,
                state_changed: true,
                clouds: clouds.clone(),
                resolver: &mut AllKnown(&plan),
                store: &mut store,
                journal: &mut journal,
                events: &events,
                interrupt: Interrupt::never(),
                options: options.clone(),
            })
            .await;
            outcome.complete
        };
        let done = tokio::select! {
            biased;
            () = crash.notify.notified() => false,
            done = life => done,
        };
        self.log.append(&mut events.seen.lock().expect("no panic"));
        done
    }

    /// What can only be settled by a person is settled by one who knows what happened.
    async fn settle_by_hand(&self, mut recovered: Recovered) -> Recovered {
        let open: Vec<Finding> = recovered
            .findings
            .iter()
            .filter(|finding| matches!(finding.outcome, Recovery::Undecided { .. }))
            .cloned()
            .collect();
        recovered.findings.retain(|finding| !matches!(finding.outcome, Recovery::Undecided { .. }));
        for finding in open {
            assert_eq!(finding.intent.action, IntentAction::Create);
            let Recovery::Undecided { candidates, .. } = &finding.outcome else { continue };
            let own = candidates.iter().find(|id| {
                let world = self.cloud.world();
                world
                    .things
                    .get(*id)
                    .is_some_and(|thing| thing.ours && *thing.marker == *finding.intent.marker)
            });
            let next = match own {
                Some(id) => adopt(recovered.state.clone(), &self.cloud, &finding.intent.id, id).await,
                None => forget(recovered.state.clone(), &finding.intent.id),
            };
            match next {
                Ok(next) => recovered.state = next.state,
                // The cloud could not be read just now; the next run tries again.
                Err(_) => recovered
                    .findings
                    .push(Finding { outcome: Recovery::Unread { why: "by hand".into() }, ..finding }),
            }
        }
        recovered
    }

    /// Runs with faults and crashes, changes the declaration between, then runs in peace until all is done, and looks.
    async fn play(&mut self) {
        let mut desired = declare(&self.dice);
        for _ in 0..4 + self.dice.below(4) {
            let crash = Crash::after(1 + self.dice.below(150));
            self.run(&desired, crash).await;
            if self.dice.one_in(3) {
                self.disk.journal.lock().expect("no panic").clear();
            }
            tokio::time::sleep(self.dice.millis(30_000)).await;
            self.edit(&mut desired);
        }
        self.cloud.unkind.store(false, Ordering::Relaxed);
        for round in 0.. {
            if self.run(&desired, Crash::after(u64::MAX)).await {
                break;
            }
            self.require(round < 10, "ten quiet runs do not reach what is declared");
        }
        self.look(&desired);
    }

    /// A person edits the configuration between two runs.
    fn edit(&self, desired: &mut [Desired]) {
        let at = self.dice.below(desired.len() as u64) as usize;
        let wanted = &mut desired[at];
        match self.dice.below(3) {
            0 => {
                wanted.address =
                    address(wanted.resource_type.name, &format!("moved{}", self.dice.below(1000)))
            }
            1 if wanted.resource_type.name.contains("cfs") => {
                let mut members = wanted.object.members().cloned().expect("an object");
                members.insert("snapshot_name".into(), Value::from("renamed"));
                wanted.object = Kind::Object(Arc::new(members)).into();
            }
            _ => {}
        }
    }

    fn look(&self, desired: &[Desired]) {
        let state = self.disk.state.lock().expect("no panic").clone();
        self.require(state.intents().expect("readable").is_empty(), "intents are left");
        let mut ids: BTreeSet<(String, String)> = BTreeSet::new();
        for (key, _, name, object) in state.objects() {
            self.require(name.deposed.is_none(), "a deposed object is left");
            let id = object.id().unwrap_or_default();
            self.require(ids.insert((key.resource_type.clone(), id)), "two addresses have one object");
        }
        self.require(ids.len() == desired.len(), "the state does not have what is declared");
        for wanted in desired {
            let known = state.current(&wanted.address).is_some();
            self.require(known, &format!("{} is not in the state", wanted.address));
        }
        let world = self.cloud.world();
        let now = Instant::now();
        for (id, thing) in world.things.iter().filter(|(_, thing)| thing.leaves.is_none_or(|gone| gone > now))
        {
            let known = ids.contains(&(thing.type_name.to_owned(), id.to_string()));
            self.require(known || !thing.ours, &format!("{id} was made by us and is in nobody's state"));
        }
        for (type_name, id) in ids.iter().filter(|(type_name, _)| type_name != "terraform_data") {
            let alive =
                world.things.get(id.as_str()).is_some_and(|thing| thing.leaves.is_none() && !thing.fails);
            self.require(alive, &format!("{type_name} {id} is in the state and not usable in the cloud"));
        }
    }

    fn require(&self, holds: bool, what: &str) {
        if !holds {
            let log = self.log.join("\n");
            panic!("{log}\nseed {}: {what}. Replay with SNAPFORM_SIMULATION_SEED={}", self.seed, self.seed);
        }
    }
}

#[test]
fn nothing_is_lost_and_nothing_doubled_whatever_fails_and_whenever_the_run_dies() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seeds = match number("SNAPFORM_SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SNAPFORM_SIMULATION_SEEDS").unwrap_or(500),
    };
    for seed in seeds {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(async { Simulation::new(seed).play().await });
    }
}
