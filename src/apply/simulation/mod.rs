//! The executor and recovery over a simulated cloud and clock, with seeded faults and crashes.
//!
//! Time is tokio's paused clock and every choice comes from the seed, so a failing seed replays exactly:
//! `SNAPFORM_SIMULATION_SEED=17 cargo test apply::simulation`. `SNAPFORM_SIMULATION_SEEDS=10000` runs that many.

mod behaviour;
mod cloud;
mod host;
mod planner;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use self::cloud::{Cloud, Crash, Dice, at, uuid};
use self::host::{AllKnown, Disk, SimEvents, SimJournal, session};
use self::planner::{Desired, declare, plan, strangers};
use super::testing::address;
use super::*;
use crate::lang::{Kind, Value};
use crate::state::IntentAction;

const SETTLE: Duration = Duration::from_secs(20);

struct Simulation {
    seed: u64,
    dice: Dice,
    cloud: Cloud,
    disk: Disk,
    log: Vec<Vec<Event>>,
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
            first_since: None,
            clock: Clock::new(move || at(start)),
            ids: Ids::new(move || uuid(&dice)),
        }
    }

    /// One run of the program: recovery, plan, apply; returns whether it ended and everything was done.
    async fn run(&mut self, desired: &[Desired], crash: Arc<Crash>) -> bool {
        let events = SimEvents { crash: crash.clone(), seen: Mutex::default() };
        let done = self.unless_it_dies(desired, &crash, &events).await;
        self.log.push(events.seen.into_inner().expect("no panic"));
        done
    }

    async fn unless_it_dies(&self, desired: &[Desired], crash: &Arc<Crash>, events: &SimEvents) -> bool {
        tokio::select! {
            biased;
            () = crash.notify.notified() => false,
            done = self.life(desired, crash, events) => done,
        }
    }

    /// A run falls asleep in the middle; somebody takes its lock away and goes on; then it wakes, and must do no harm.
    async fn sleep_through_another(&mut self, desired: &[Desired]) {
        let nap = Crash::asleep_after(1 + self.dice.below(150));
        let events = || SimEvents { crash: nap.clone(), seen: Mutex::default() };
        let (first, second) = (events(), SimEvents { crash: Crash::after(u64::MAX), seen: Mutex::default() });
        {
            let sleeper = self.life(desired, &nap, &first);
            tokio::pin!(sleeper);
            let sleeps = tokio::select! {
                biased;
                () = nap.notify.notified() => true,
                _ = &mut sleeper => false,
            };
            if sleeps {
                tokio::time::sleep(self.dice.millis(60_000)).await;
                let crash = Crash::after(1 + self.dice.below(400));
                self.unless_it_dies(desired, &crash, &second).await;
                nap.wake();
                sleeper.await;
            }
        }
        self.log.push(second.seen.into_inner().expect("no panic"));
        self.log.push(first.seen.into_inner().expect("no panic"));
    }

    async fn life(&self, desired: &[Desired], crash: &Arc<Crash>, events: &SimEvents) -> bool {
        let cloud = Cloud { crash: crash.clone(), ..self.cloud.clone() };
        let options = self.options();
        let mut journal =
            SimJournal { disk: self.disk.clone(), run: options.run.clone(), crash: crash.clone() };
        let mut store = session(&self.disk, crash);
        let clouds = Clouds { reader: Arc::new(cloud.clone()), writer: Arc::new(cloud.clone()) };
        let saved = store.read().await.expect("a disk in memory");
        let recovered = recover(saved, &*clouds.reader, &journal, events, &options, true, true).await;
        let recovered = self.settle_by_hand(recovered.expect("intents can be read")).await;
        let mut state = recovered.state.clone();
        // Somebody else may be at work on the state by now.
        if store.save(&mut state).await.is_err() || !recovered.blocking().is_empty() {
            return false;
        }
        tokio::time::sleep(SETTLE * 2).await;
        let plan = plan(desired, &mut state, &cloud, &self.dice);
        let outcome = apply(Run {
            plan: &plan,
            state,
            state_changed: true,
            clouds,
            resolver: &mut AllKnown(&plan),
            store: &mut store,
            journal: &mut journal,
            events,
            interrupt: Interrupt::never(),
            options,
        })
        .await;
        outcome.complete
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
        strangers(&self.cloud);
        for _ in 0..4 + self.dice.below(4) {
            if self.dice.one_in(4) {
                self.sleep_through_another(&desired).await;
            } else {
                let crash = Crash::after(1 + self.dice.below(150));
                self.run(&desired, crash).await;
            }
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
                // Two that were moved never meet at one address.
                let name = format!("moved{at}_{}", self.dice.below(1000));
                wanted.address = address(wanted.resource_type.name, &name);
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
        self.require(world.harmed.is_empty(), &format!("{:?} is not ours and was changed", world.harmed));
        let now = Instant::now();
        for (id, thing) in world.things.iter().filter(|(_, thing)| thing.leaves.is_none_or(|gone| gone > now))
        {
            let known = ids.contains(&(thing.type_name.to_owned(), id.to_string()));
            let lost = format!("{} {id} was made by us and is in nobody's state", thing.type_name);
            self.require(known || !thing.ours, &lost);
        }
        for (type_name, id) in ids.iter().filter(|(type_name, _)| type_name != "terraform_data") {
            let alive =
                world.things.get(id.as_str()).is_some_and(|thing| thing.leaves.is_none() && !thing.fails);
            self.require(alive, &format!("{type_name} {id} is in the state and not usable in the cloud"));
        }
    }

    fn require(&self, holds: bool, what: &str) {
        if !holds {
            let log = format!("{:#?}", self.log);
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
    let mut failing = Vec::new();
    for seed in seeds {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        let play = || runtime.block_on(async { Simulation::new(seed).play().await });
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(play)).is_err() {
            failing.push(seed);
        }
    }
    assert!(failing.is_empty(), "failing seeds (SNAPFORM_SIMULATION_SEED=n runs one of them): {failing:?}");
}
