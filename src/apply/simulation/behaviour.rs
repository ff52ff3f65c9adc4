//! Single behaviours of the executor, each in a kind cloud with the one fault that the test is about.

use super::cloud::{Fate, Wrong};
use super::planner::{change_for, refresh};
use super::*;
use crate::apply::testing::{cbs_type, cfs_type, data_type, ecs_type, planned, tcaplus_type};
use crate::cloud::Place;
use crate::plan::{Change, Plan, PlanMode, ReplaceOrder, ResourceChange, Step, StepAction};
use crate::schema::ResourceType;
use crate::state::{ObjectKey, ResourceKey, State};

/// A run under construction: changes with their steps in order.
struct Case {
    simulation: Simulation,
    changes: Vec<ResourceChange>,
    steps: Vec<Step>,
    options: Options,
    interrupt: Interrupt,
    state: State,
}

struct Ended {
    outcome: Outcome,
    events: Vec<Event>,
    simulation: Simulation,
}

impl Case {
    fn new(script: &[Fate]) -> Self {
        let simulation = Simulation::new(1);
        simulation.cloud.unkind.store(false, Ordering::Relaxed);
        simulation.cloud.world().script.extend(script);
        let options = Options { protect_tags: vec!["legal-hold".to_owned()], ..simulation.options() };
        Self {
            simulation,
            changes: Vec::new(),
            steps: Vec::new(),
            options,
            interrupt: Interrupt::never(),
            state: State::default(),
        }
    }

    fn change(&mut self, resource_type: &ResourceType, name: &str, change: Change) -> usize {
        let marker = Some(Arc::from(format!("marker-{name}")));
        self.changes.push(change_for(&address(resource_type.name, name), change, marker));
        self.changes.len() - 1
    }

    fn step(&mut self, action: StepAction, after: &[usize]) -> usize {
        self.steps.push(Step { action, after: after.to_vec() });
        self.steps.len() - 1
    }

    fn create(&mut self, resource_type: &ResourceType, name: &str, parent: &str, after: &[usize]) -> usize {
        let after_value = planned(resource_type, parent, Some(name));
        let change = self.change(resource_type, name, Change::Create { after: after_value });
        self.step(StepAction::Create { change }, after)
    }

    /// Puts an object into cloud and state, and returns it.
    async fn existing(&mut self, resource_type: &'static ResourceType, name: &str, parent: &str) -> Value {
        let mut case = Case::new(&[]);
        std::mem::swap(&mut case.simulation, &mut self.simulation);
        case.state = std::mem::take(&mut self.state);
        case.create(resource_type, name, parent, &[]);
        let ended = case.run().await;
        assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
        self.simulation = ended.simulation;
        self.state = ended.outcome.state;
        refresh(&mut self.state, &self.simulation.cloud);
        self.value(resource_type, name)
    }

    fn value(&self, resource_type: &ResourceType, name: &str) -> Value {
        let (_, object) = self.state.current(&address(resource_type.name, name)).unwrap();
        crate::plan::remembered::value_of(resource_type, object).unwrap()
    }

    async fn run(mut self) -> Ended {
        let plan = Plan {
            mode: PlanMode::Normal,
            made_at: self.simulation.cloud.now(),
            variables: BTreeMap::new(),
            drift: Vec::new(),
            learned: Vec::new(),
            missed: Vec::new(),
            changes: std::mem::take(&mut self.changes),
            outputs: BTreeMap::new(),
            checks: Vec::new(),
            steps: std::mem::take(&mut self.steps),
            data: Vec::new(),
            notes: Vec::new(),
            providers: Vec::new(),
            relevant: Vec::new(),
            targets: Vec::new(),
            excludes: Vec::new(),
            errored: false,
        };
        let crash = Crash::after(u64::MAX);
        let disk = self.simulation.disk.clone();
        let mut store = session(&disk, &crash);
        let mut journal = SimJournal { disk, run: self.options.run.clone(), crash: crash.clone() };
        let events = SimEvents { crash, seen: Mutex::default() };
        let cloud = Arc::new(self.simulation.cloud.clone());
        let outcome = apply(Run {
            plan: &plan,
            state: self.state,
            state_changed: true,
            clouds: Clouds { reader: cloud.clone(), writer: cloud },
            resolver: &mut AllKnown(&plan),
            store: &mut store,
            journal: &mut journal,
            events: &events,
            interrupt: self.interrupt,
            options: self.options,
        })
        .await;
        let events = std::mem::take(&mut *events.seen.lock().unwrap());
        Ended { outcome, events, simulation: self.simulation }
    }
}

impl Ended {
    fn summaries(&self) -> Vec<&str> {
        self.outcome.diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
    }

    fn saves(&self) -> usize {
        self.events.iter().filter(|event| matches!(event, Event::StateSaved { .. })).count()
    }

    fn calls(&self) -> super::cloud::Calls {
        self.simulation.cloud.world().calls
    }

    fn object(&self, resource_type: &ResourceType, name: &str) -> Option<&crate::state::Object> {
        self.outcome.state.current(&address(resource_type.name, name)).map(|(_, object)| object)
    }

    /// Returns the names of skipped objects with the names of what they waited for.
    fn skipped(&self) -> Vec<(String, Vec<String>)> {
        let name = |subject: &Subject| subject.address.resource.name.to_string();
        let skipped = self.events.iter().filter_map(|event| match event {
            Event::Skipped { subject, reason, .. } => Some((name(subject), reason)),
            _ => None,
        });
        skipped
            .map(|(skipped, reason)| match reason {
                SkipReason::DependsOn(causes) | SkipReason::NotWaited(causes) => {
                    (skipped, causes.iter().map(name).collect())
                }
                other => (skipped, vec![format!("{other:?}")]),
            })
            .collect()
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_skips_its_descendants_only_and_says_why() {
    let mut case = Case::new(&[Fate::Refused]);
    let first = case.create(ecs_type(), "a", "d-1", &[]);
    let second = case.create(ecs_type(), "b", "d-2", &[first]);
    case.create(ecs_type(), "c", "d-3", &[second]);
    case.create(cbs_type(), "free", "disk-1", &[]);
    let ended = case.run().await;
    assert!(!ended.outcome.complete);
    assert_eq!(
        ended.skipped(),
        [("b".to_owned(), vec!["a".to_owned()]), ("c".to_owned(), vec!["a".to_owned()])]
    );
    assert_eq!((ended.outcome.summary.added, ended.outcome.summary.failed), (1, 1));
    assert_eq!(ended.summaries(), ["Creating an object failed"]);
    assert!(ended.outcome.state.intents().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_wave_of_creates_shares_one_write_of_intents_and_one_read_per_round() {
    let mut case = Case::new(&[Fate::Made(2); 60]);
    for at in 0..60 {
        case.create(cbs_type(), &format!("r{at}"), &format!("disk-{at}"), &[]);
    }
    let ended = case.run().await;
    assert_eq!(ended.outcome.summary.added, 60);
    assert!(ended.saves() <= 20, "{} saves", ended.saves());
    assert!(ended.calls().observes <= 14, "{:?}", ended.calls());
}

#[tokio::test(start_paused = true)]
async fn creates_of_one_batch_key_go_out_together_and_fail_alone() {
    let mut case = Case::new(&[Fate::Made(1), Fate::Refused, Fate::Made(1)]);
    for name in ["a", "b", "c"] {
        case.create(tcaplus_type(), name, "c:g:t", &[]);
    }
    let ended = case.run().await;
    assert_eq!((ended.calls().creates, ended.calls().created), (1, 3));
    assert_eq!((ended.outcome.summary.added, ended.outcome.summary.failed), (2, 1));
    assert!(ended.object(tcaplus_type(), "b").is_none() && ended.object(tcaplus_type(), "c").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_followed_by_a_look_not_by_a_second_create() {
    let mut case = Case::new(&[Fate::LostAfter]);
    case.create(ecs_type(), "a", "d-1", &[]);
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    assert_eq!(ended.calls().creates, 1);
    assert!(ended.events.iter().any(|event| matches!(event, Event::LookedFor { .. })));
    assert_eq!(ended.simulation.cloud.world().things.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_create_that_never_arrived_is_sent_again_after_the_settle_time() {
    let mut case = Case::new(&[Fate::LostBefore]);
    case.create(ecs_type(), "a", "d-1", &[]);
    let begun = Instant::now();
    let ended = case.run().await;
    assert!(ended.outcome.complete);
    assert_eq!(ended.calls().creates, 2);
    assert!(begun.elapsed() > SETTLE);
    assert_eq!(ended.simulation.cloud.world().things.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_not_usable_in_time_stays_pending_and_untainted() {
    let mut case = Case::new(&[Fate::Made(10_000)]);
    let first = case.create(ecs_type(), "a", "d-1", &[]);
    case.create(ecs_type(), "b", "d-2", &[first]);
    let ended = case.run().await;
    assert!(!ended.outcome.complete);
    assert_eq!(ended.outcome.summary.pending, 1);
    assert_eq!(ended.summaries(), ["Object is still pending"]);
    assert_eq!(ended.skipped(), [("b".to_owned(), vec!["a".to_owned()])]);
    let object = ended.object(ecs_type(), "a").unwrap();
    assert!(object.id().is_some() && !object.tainted);
    assert!(crate::plan::remembered::is_pending(object));
}

#[tokio::test(start_paused = true)]
async fn the_next_run_waits_on_for_a_pending_object() {
    let mut case = Case::new(&[Fate::Made(4_000)]);
    case.create(ecs_type(), "a", "d-1", &[]);
    let first = case.run().await;
    assert_eq!(first.outcome.summary.pending, 1);
    let mut case = Case::new(&[]);
    case.simulation = first.simulation;
    case.state = first.outcome.state;
    let object = case.value(ecs_type(), "a");
    case.change(ecs_type(), "a", Change::NoOp { object });
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    assert!(!crate::plan::remembered::is_pending(ended.object(ecs_type(), "a").unwrap()));
    assert_eq!(ended.calls().creates, 1);
}

#[tokio::test(start_paused = true)]
async fn without_waiting_the_run_ends_at_once_and_well() {
    let mut case = Case::new(&[Fate::Made(10_000)]);
    case.options.wait = false;
    let first = case.create(ecs_type(), "a", "d-1", &[]);
    case.create(ecs_type(), "b", "d-2", &[first]);
    let begun = Instant::now();
    let ended = case.run().await;
    assert!(ended.outcome.complete && begun.elapsed() < Duration::from_secs(10));
    assert_eq!(ended.skipped(), [("b".to_owned(), vec!["a".to_owned()])]);
    assert_eq!(ended.outcome.summary.pending, 1);
}

#[tokio::test(start_paused = true)]
async fn what_the_cloud_failed_to_make_is_saved_as_tainted_at_once() {
    let mut case = Case::new(&[Fate::Fails]);
    case.create(cfs_type(), "a", "cfs-1", &[]);
    let begun = Instant::now();
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Cloud failed to make an object"]);
    assert!(ended.object(cfs_type(), "a").unwrap().tainted);
    assert!(begun.elapsed() < Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn a_changed_object_is_not_destroyed() {
    let mut case = Case::new(&[]);
    let before = case.existing(cfs_type(), "a", "cfs-1").await;
    let change = case.change(cfs_type(), "a", Change::Delete { before: before.clone() });
    case.step(StepAction::Delete { change }, &[]);
    let mut members = before.members().unwrap().clone();
    members.insert("snapshot_name".into(), Value::from("renamed by somebody"));
    let changed = Kind::Object(Arc::new(members)).into();
    case.simulation.cloud.world().things.values_mut().for_each(|thing| thing.value = Value::clone(&changed));
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Object changed after the plan was made"]);
    assert!(ended.outcome.diagnostics.iter().any(|found| found.detail.contains("snapshot_name was")));
    assert_eq!(ended.calls().deletes, 0);
    assert!(ended.object(cfs_type(), "a").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_protected_object_is_not_destroyed() {
    let mut case = Case::new(&[]);
    let before = case.existing(cfs_type(), "a", "cfs-1").await;
    let mut members = before.members().unwrap().clone();
    let tags = [(Arc::from("legal-hold"), Value::from("yes"))].into_iter().collect();
    members.insert("tags".into(), Kind::Map(crate::lang::Type::String, Arc::new(tags)).into());
    let tagged: Value = Kind::Object(Arc::new(members)).into();
    case.simulation.cloud.world().things.values_mut().for_each(|thing| thing.value = tagged.clone());
    let change = case.change(cfs_type(), "a", Change::Delete { before: tagged });
    case.step(StepAction::Delete { change }, &[]);
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Object is protected by a tag"]);
    assert_eq!(ended.calls().deletes, 0);
}

#[tokio::test(start_paused = true)]
async fn a_destroyed_object_is_waited_for_and_leaves_the_state() {
    let mut case = Case::new(&[]);
    let before = case.existing(cfs_type(), "a", "cfs-1").await;
    let change = case.change(cfs_type(), "a", Change::Delete { before });
    case.step(StepAction::Delete { change }, &[]);
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    assert_eq!((ended.outcome.summary.destroyed, ended.calls().deletes), (1, 1));
    assert!(ended.outcome.state.is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_update_is_recorded_as_the_cloud_shows_it() {
    let mut case = Case::new(&[]);
    let before = case.existing(cfs_type(), "a", "cfs-1").await;
    let mut members = before.members().unwrap().clone();
    members.insert("snapshot_name".into(), Value::from("new"));
    let after: Value = Kind::Object(Arc::new(members)).into();
    let change = case.change(cfs_type(), "a", Change::Update { before, after });
    case.step(StepAction::Update { change }, &[]);
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    let saved = ended.object(cfs_type(), "a").unwrap().attributes.as_ref().unwrap().to_string();
    assert!(saved.contains("\"snapshot_name\":\"new\""), "{saved}");
}

#[tokio::test(start_paused = true)]
async fn create_before_destroy_keeps_the_old_object_until_the_new_one_is_usable() {
    let replace = |before| Change::Replace {
        before,
        after: planned(ecs_type(), "d-1", Some("a")),
        order: ReplaceOrder::CreateFirst,
    };
    for (fate, deposed, added) in [(Fate::Made(1), 0, 1), (Fate::Refused, 0, 0), (Fate::Fails, 1, 0)] {
        let mut case = Case::new(&[]);
        let before = case.existing(ecs_type(), "a", "d-1").await;
        let old = before.get("id").and_then(Value::as_str).unwrap().to_owned();
        case.simulation.cloud.world().script.push_back(fate);
        let change = case.change(ecs_type(), "a", replace(before));
        let create = case.step(StepAction::Create { change }, &[]);
        case.step(StepAction::Delete { change }, &[create]);
        let ended = case.run().await;
        assert_eq!(ended.outcome.summary.added, added, "{fate:?}: {:?}", ended.outcome.diagnostics);
        assert_eq!(ended.outcome.summary.destroyed, added);
        let objects =
            &ended.outcome.state.resources[&ResourceKey::managed("alicloud_ecs_snapshot", "a")].objects;
        let waiting: Vec<&ObjectKey> = objects.keys().filter(|key| key.deposed.is_some()).collect();
        assert_eq!(waiting.len(), deposed, "{fate:?}");
        let kept = ended.object(ecs_type(), "a").unwrap().id().unwrap();
        assert_eq!(kept == old, fate == Fate::Refused);
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_is_created_again_only_after_its_old_object_is_gone() {
    let mut case = Case::new(&[]);
    let before = case.existing(tcaplus_type(), "point", "c:g:t").await;
    // Another address with the same key, and no reference between them.
    let after = planned(tcaplus_type(), "c:g:t", Some("point"));
    let create = case.change(tcaplus_type(), "other", Change::Create { after });
    case.step(StepAction::Create { change: create }, &[]);
    let delete = case.change(tcaplus_type(), "point", Change::Delete { before });
    case.step(StepAction::Delete { change: delete }, &[]);
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    assert!(ended.object(tcaplus_type(), "other").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_key_that_exists_already_is_refused_with_the_command_that_imports_it() {
    let mut case = Case::new(&[]);
    case.existing(tcaplus_type(), "point", "c:g:t").await;
    case.state = State::default();
    case.create(tcaplus_type(), "point", "c:g:t", &[]);
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Object exists already"]);
    assert!(ended.outcome.diagnostics.iter().any(|found| found.detail.contains("snapform import")));
    assert_eq!(ended.calls().creates, 1);
}

#[tokio::test(start_paused = true)]
async fn builtin_objects_need_no_cloud_and_no_intent() {
    let mut case = Case::new(&[]);
    for at in 0..100 {
        let after = planned(data_type(), "", None);
        let change = case.change(data_type(), &format!("r{at}"), Change::Create { after });
        case.step(StepAction::Create { change }, &[]);
    }
    let ended = case.run().await;
    assert!(ended.outcome.complete);
    assert_eq!((ended.outcome.summary.added, ended.saves()), (100, 1));
    assert_eq!(ended.calls(), super::cloud::Calls::default());
    assert_eq!(ended.object(data_type(), "r7").unwrap().id().unwrap().len(), 36);
}

#[tokio::test(start_paused = true)]
async fn after_one_interrupt_what_was_sent_is_finished_and_nothing_new_starts() {
    let mut case = Case::new(&[Fate::Made(60); 3]);
    let first = case.create(ecs_type(), "a", "d-1", &[]);
    case.create(ecs_type(), "b", "d-2", &[first]);
    let interrupter = Interrupter::new();
    case.interrupt = interrupter.listen();
    let (ended, ()) = tokio::join!(case.run(), async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        interrupter.interrupt();
    });
    assert_eq!((ended.outcome.summary.added, ended.calls().creates), (1, 1));
    assert_eq!(ended.skipped(), [("b".to_owned(), vec!["Interrupted".to_owned()])]);
    assert_eq!(ended.summaries(), ["Operation was interrupted"]);
    assert!(ended.outcome.state.intents().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn after_two_interrupts_the_run_leaves_and_keeps_every_id_and_open_intent() {
    let mut case = Case::new(&[Fate::Made(600), Fate::LostAfter]);
    case.create(ecs_type(), "a", "d-1", &[]);
    case.create(cbs_type(), "b", "disk-2", &[]);
    let interrupter = Interrupter::new();
    case.interrupt = interrupter.listen();
    let (ended, ()) = tokio::join!(case.run(), async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        interrupter.interrupt();
        tokio::time::sleep(Duration::from_secs(1)).await;
        interrupter.interrupt();
    });
    assert_eq!(ended.outcome.summary.pending, 1);
    assert!(ended.object(ecs_type(), "a").unwrap().id().is_some());
    let open = ended.outcome.state.intents().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].address, "tencentcloud_cbs_disk_backup.b");
}

/// Runs one create whose answer is wrong, beside a point of somebody else.
async fn misnamed(fate: Fate) -> Ended {
    let mut case = Case::new(&[fate]);
    let foreign = planned(cbs_type(), "disk-77", Some("precious"));
    case.simulation.cloud.stranger(cbs_type(), "dbp-pre", &foreign);
    case.create(cbs_type(), "nightly", "disk-1", &[]);
    case.run().await
}

#[tokio::test(start_paused = true)]
async fn an_answer_with_the_id_of_something_else_is_a_lost_answer() {
    for wrong in [Wrong::Stranger, Wrong::Unknown] {
        let ended = misnamed(Fate::Misnamed(wrong)).await;
        assert!(ended.outcome.complete, "{wrong:?}: {:?}", ended.outcome.diagnostics);
        let id = ended.object(cbs_type(), "nightly").unwrap().id().unwrap();
        let world = ended.simulation.cloud.world();
        assert!(world.things[id.as_str()].ours, "{wrong:?}: {id}");
        assert_eq!((world.calls.creates, world.things.len()), (1, 2), "{wrong:?}");
        drop(world);
        assert!(ended.events.iter().any(|event| matches!(event, Event::LookedFor { .. })), "{wrong:?}");
        assert!(ended.outcome.state.intents().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_create_answered_with_a_strangers_id_that_came_to_nothing_is_sent_again() {
    let ended = misnamed(Fate::NeverMade(Wrong::Stranger)).await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    assert_eq!(ended.calls().creates, 2);
    let id = ended.object(cbs_type(), "nightly").unwrap().id().unwrap();
    assert_ne!(id, "dbp-pre");
}

#[tokio::test(start_paused = true)]
async fn an_accepted_id_that_nobody_shows_is_looked_for_and_nothing_is_made_in_its_place() {
    let ended = misnamed(Fate::NeverMade(Wrong::Unknown)).await;
    assert_eq!(ended.summaries(), ["Accepted object is not the one that was asked for"]);
    assert_eq!(ended.calls().creates, 1);
    assert!(ended.object(cbs_type(), "nightly").is_none());
    // The next run looks again, and only then makes it anew.
    let Ended { outcome, simulation, .. } = ended;
    let (journal, options) = (
        SimJournal { disk: simulation.disk.clone(), run: "next".into(), crash: Crash::after(u64::MAX) },
        simulation.options(),
    );
    tokio::time::sleep(SETTLE * 2).await;
    let recovered =
        recover(outcome.state, &simulation.cloud, &journal, &Silent, &options, true, true).await.unwrap();
    assert!(matches!(recovered.findings[0].outcome, Recovery::NotFound), "{:?}", recovered.findings);
    let kept: Vec<String> = recovered.state.missed().into_iter().map(|missed| missed.address).collect();
    assert_eq!(kept, ["tencentcloud_cbs_disk_backup.nightly"], "it may be shown later");
}

/// Returns what became of an intent that was written under one identity and is looked at under another; with the id that was
/// answered to it, which `made` or not.
async fn looked_at(was: &str, place: Place, answered: bool, made: bool) -> Recovery {
    let wrong = if made { Fate::Made(1) } else { Fate::NeverMade(Wrong::Unknown) };
    let Ended { mut outcome, simulation, .. } = misnamed(wrong).await;
    let mut intent = match outcome.state.intents().unwrap().pop() {
        Some(intent) => intent,
        None => {
            // The run that made it died before it bound it.
            let mut other = misnamed(Fate::NeverMade(Wrong::Unknown)).await.outcome.state.intents().unwrap();
            other.pop().unwrap()
        }
    };
    intent.account = was.to_owned();
    let id = simulation.cloud.world().last.as_ref().map(ToString::to_string).filter(|_| made);
    intent.object = id.or(intent.object).filter(|_| answered);
    outcome.state = State::default();
    outcome.state.put_intent(&intent);
    simulation.cloud.world().place = Some(place);
    // Of the journal only this intent is left.
    let journal = SimJournal { disk: Disk::default(), run: "next".into(), crash: Crash::after(u64::MAX) };
    let options = simulation.options();
    tokio::time::sleep(SETTLE * 2).await;
    let recovered =
        recover(outcome.state, &simulation.cloud, &journal, &Silent, &options, true, true).await.unwrap();
    recovered.findings[0].outcome.clone()
}

#[tokio::test(start_paused = true)]
async fn an_intent_of_an_account_that_is_not_known_is_settled_by_the_same_key_alone() {
    let unnamed = |account: &str, key: Option<&str>| Place {
        key: key.map(Into::into),
        unnamed: Some("refused".into()),
        ..Place::of(account, "r")
    };
    let same = || unnamed("key:1", Some("key:1"));
    let told = |key: &str| Place { key: Some(key.into()), ..Place::of("1", "r") };
    for (was, place) in
        [("key:1", same()), ("key:1", told("key:1")), ("1", told("key:1")), ("", told("key:1"))]
    {
        let outcome = looked_at(was, place.clone(), false, false).await;
        assert!(matches!(outcome, Recovery::NotFound), "{was} {place:?}: {outcome:?}");
    }
    for (was, place) in [
        ("1", same()),
        ("", same()),
        ("key:2", same()),
        ("session:1", same()),
        ("key:2", told("key:1")),
        ("session:1", unnamed("session:1", None)),
    ] {
        let shown = place.clone();
        let outcome = looked_at(was, place.clone(), false, false).await;
        let Recovery::Unread { why } = outcome else { panic!("{was} {shown:?}: {outcome:?}") };
        assert!(why.contains("intents adopt") && why.contains("sts:GetCallerIdentity"), "{why}");
        // An id that is not shown says nothing either, and one that is shown is the object.
        let outcome = looked_at(was, place.clone(), true, false).await;
        assert!(matches!(outcome, Recovery::Unread { .. }), "{was} {shown:?}: {outcome:?}");
        let outcome = looked_at(was, place, true, true).await;
        assert!(matches!(outcome, Recovery::Adopted { .. }), "{was} {shown:?}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_same_id_for_two_creates_is_that_of_one() {
    let mut case = Case::new(&[Fate::Made(1), Fate::Misnamed(Wrong::Before), Fate::Misnamed(Wrong::Before)]);
    for (name, disk) in [("a", "disk-1"), ("b", "disk-2"), ("c", "disk-3")] {
        case.create(cbs_type(), name, disk, &[]);
    }
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    assert_eq!((ended.calls().creates, ended.simulation.cloud.world().things.len()), (3, 3));
    let ids: BTreeSet<String> =
        ["a", "b", "c"].map(|name| ended.object(cbs_type(), name).unwrap().id().unwrap()).into();
    assert_eq!(ids.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_two_addresses_hold_is_deleted_only_for_the_last_of_them() {
    let mut case = Case::new(&[]);
    let before = case.existing(cbs_type(), "a", "disk-1").await;
    let object = case.state.current(&address(cbs_type().name, "a")).unwrap().1.clone();
    let twin = address(cbs_type().name, "twin");
    case.state.put_object(&ResourceKey::from(&twin), "p", ObjectKey::from(&twin), object);
    let change = case.change(cbs_type(), "twin", Change::Delete { before: before.clone() });
    case.step(StepAction::Delete { change }, &[]);
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Object belongs to another address too"]);
    assert_eq!((ended.calls().deletes, ended.outcome.summary.forgotten), (0, 1));
    assert!(ended.object(cbs_type(), "a").is_some() && ended.object(cbs_type(), "twin").is_none());
    // Nobody else counts on it now.
    let mut case = Case::new(&[]);
    (case.simulation, case.state) = (ended.simulation, ended.outcome.state);
    let change = case.change(cbs_type(), "a", Change::Delete { before });
    case.step(StepAction::Delete { change }, &[]);
    let ended = case.run().await;
    assert!(ended.outcome.complete && ended.calls().deletes == 1, "{:?}", ended.outcome.diagnostics);
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_shown_on_another_parent_is_not_touched() {
    let mut case = Case::new(&[]);
    let before = case.existing(cbs_type(), "a", "disk-1").await;
    let change = case.change(cbs_type(), "a", Change::Delete { before: before.clone() });
    case.step(StepAction::Delete { change }, &[]);
    let mut members = before.members().unwrap().clone();
    members.insert("disk_id".into(), Value::from("disk-77"));
    let changed: Value = Kind::Object(Arc::new(members)).into();
    case.simulation.cloud.world().things.values_mut().for_each(|thing| thing.value = changed.clone());
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Destroying an object failed"]);
    assert!(ended.outcome.diagnostics.iter().any(|found| found.detail.contains("as a point of disk-77")));
    assert_eq!(ended.calls().deletes, 0);
}

#[tokio::test(start_paused = true)]
async fn a_delete_without_an_answer_is_cleared_up_in_the_same_run() {
    let mut case = Case::new(&[]);
    let before = case.existing(cbs_type(), "a", "disk-1").await;
    case.simulation.cloud.world().never_deletes = true;
    let change = case.change(cbs_type(), "a", Change::Delete { before });
    case.step(StepAction::Delete { change }, &[]);
    let ended = case.run().await;
    assert_eq!(ended.summaries(), ["Destroying an object failed"]);
    assert!(
        ended.outcome.diagnostics.iter().any(|found| found.detail.contains("still there after the settle"))
    );
    assert!(ended.outcome.state.intents().unwrap().is_empty(), "no intent is left");
    assert!(ended.object(cbs_type(), "a").is_some());
}

#[tokio::test(start_paused = true)]
async fn an_object_that_cannot_be_read_says_so_while_it_is_waited_for() {
    let mut case = Case::new(&[Fate::Made(5)]);
    case.simulation.cloud.world().unreadable = true;
    case.create(cbs_type(), "a", "disk-1", &[]);
    let ended = case.run().await;
    let told = ended.events.iter().filter_map(|event| match event {
        Event::ActionProgressed { elapsed, why, .. } => Some((*elapsed, why.clone())),
        _ => None,
    });
    let first = told.into_iter().find_map(|(elapsed, why)| Some((elapsed, why?)));
    let (elapsed, why) = first.expect("a reason");
    assert!(elapsed < Duration::from_secs(10) && why.contains("cannot be read"), "{elapsed:?} {why}");
    // Its id is in the intent, which the next run looks into.
    assert_eq!(ended.summaries(), ["Accepted object is not shown yet"]);
    assert!(ended.outcome.state.intents().unwrap()[0].object.is_some());
}

#[tokio::test(start_paused = true)]
async fn an_object_that_was_found_after_a_lost_answer_is_not_that_of_a_later_answer() {
    let mut case = Case::new(&[Fate::LostAfter, Fate::Misnamed(Wrong::Before)]);
    // Alike in everything, so that nothing but the id tells them apart.
    let first = case.create(ecs_type(), "a", "d-1", &[]);
    let after = planned(ecs_type(), "d-1", Some("a"));
    let change = case.change(ecs_type(), "b", Change::Create { after });
    case.step(StepAction::Create { change }, &[first]);
    let ended = case.run().await;
    assert!(ended.outcome.complete, "{:?}", ended.outcome.diagnostics);
    let id = |name| ended.object(ecs_type(), name).unwrap().id().unwrap();
    assert_ne!(id("a"), id("b"));
    assert_eq!(ended.simulation.cloud.world().things.len(), 2);
}
