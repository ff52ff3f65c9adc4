//! The coordinator: starts steps when they may start, keeps everything that changes, and hears of every outcome.
//!
//! One task owns the state, the schedule and the evaluator; calls run beside it and only report. `creates` holds the
//! road of a create (look at the parent, write the intent, send, look again after a lost answer), `changes` that of updates,
//! deletes, reads and everything that needs no cloud, `waiting` the polling of what was accepted, `lost` what is done after a
//! lost answer, `ending` how steps and the run end.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::baseline::same_key_orders;
use super::changes::unfinished;
use super::claims::Claims;
use super::event::{Action, Event, EventSink, SkipReason, Subject, Summary};
use super::interrupt::Level;
use super::ledger::{Entry, Ledger};
use super::operation::{Lane, Report};
use super::options::{Clouds, Options};
use super::pulse::Pulse;
use super::records::beat_of;
use super::resolve::{Companion, Resolve};
use super::run::{Outcome, Run};
use super::schedule::Schedule;
use super::store::Journal;
use super::waiting::Waiting;
use crate::cloud::{CloudError, Place, Watch};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::Value;
use crate::plan::{Plan, ResourceChange, Step, StepAction};
use crate::schema::{ResourceType, types};
use crate::state::Intent;

/// The most operations of one type at once, when the user gives no number: what the quota lets go within two seconds, so that
/// it stays filled while the state is being saved, and no more connections than a cloud may take for an attack.
const WIDEST: usize = 100;
/// The same for what is no resource, such as data sources: two seconds of the usual quota of twenty a second.
const USUAL: usize = 40;

/// A step that was started, or is about to be.
pub(super) struct Work {
    pub action: Action,
    pub subject: Subject,
    pub resource_type: &'static ResourceType,
    pub lane: Lane,
    /// When it was sent; none before.
    pub started: Option<Instant>,
    pub deadline: Option<Instant>,
    pub id: Option<Arc<str>>,
    /// The object to be, or the arguments of a data source.
    pub planned: Option<Value>,
    pub companion: Companion,
    pub intent: Option<Intent>,
    pub percent: Option<u8>,
    pub attempts: u32,
    /// Whether others wait for this create to be through with its parent.
    pub holds_parent: bool,
    /// An id that was answered and may be that of the object although something speaks against it, and what that is.
    pub suspect: Option<(Arc<str>, String)>,
    /// What keeps it from going on, in words.
    pub why: Option<Arc<str>>,
    /// Reads that failed one after the other.
    pub unread: u32,
    /// The failure of a delete that may have been carried out all the same.
    pub unclear: Option<CloudError>,
}

/// The report of a call; or, when the call died, its steps and why.
pub(super) type Ended = Result<Report, (Vec<usize>, String)>;

type Joined = Result<(tokio::task::Id, Report), tokio::task::JoinError>;

/// What keeps the calls of steps.
pub(super) struct Held {
    steps: Vec<usize>,
    why: String,
}

enum News {
    Ended(Vec<Ended>),
    Held(Held),
}

/// Listens to calls while they wait.
#[derive(Clone)]
pub(super) struct Watching {
    held: mpsc::UnboundedSender<Held>,
    stop: Option<watch::Receiver<bool>>,
}

impl Watching {
    /// Returns the listener for some steps, of which the calls are given up at a time.
    pub fn of(&self, steps: Vec<usize>, until: Option<Instant>) -> Watch {
        let held = self.held.clone();
        let watch = Watch::new(move |why, wait| {
            let why = format!("{why}; next try in {} s", wait.as_secs().max(1));
            // Nobody listens any more when the run has ended.
            let _ = held.send(Held { steps: steps.clone(), why });
        });
        let watch = watch.until(until);
        match &self.stop {
            Some(stop) => watch.ending_with(stop.clone()),
            None => watch,
        }
    }

    /// Tells whether nothing more is to be sent.
    pub fn is_stopped(&self) -> bool {
        self.stop.as_ref().is_some_and(|stop| *stop.borrow())
    }
}

/// What is waiting to be sent.
pub(super) enum Job {
    Create(Vec<usize>),
    Change(usize),
    Read(usize),
}

#[derive(Default)]
pub(super) struct LaneQueue {
    pub jobs: VecDeque<Job>,
    pub running: usize,
}

/// What a task belongs to, for giving back its place and for the case that it dies.
struct Owner {
    steps: Vec<usize>,
    lane: Option<(Lane, usize)>,
}

pub(super) struct Executor<'a> {
    pub plan: &'a Plan,
    pub schedule: Schedule,
    pub ledger: Ledger<'a>,
    pub clouds: Clouds,
    pub resolver: &'a mut dyn Resolve,
    pub journal: &'a mut dyn Journal,
    pub events: &'a dyn EventSink,
    pub options: Options,
    pub protect_tags: Arc<[String]>,
    pub level: Level,
    pub pulse: Pulse,
    pub work: BTreeMap<usize, Work>,
    /// Creates and deletes whose intents are not written yet.
    pub wave: Vec<usize>,
    /// Whether the parents of a wave are being listed.
    pub looking: bool,
    /// Creates that wait for an object of the same key to be gone.
    pub delayed: Vec<(Instant, usize)>,
    pub lanes: BTreeMap<Lane, LaneQueue>,
    /// Parents on which a create is under way, and the creates that wait for their turn.
    pub parents: BTreeMap<(Lane, String), VecDeque<usize>>,
    /// Which ids are spoken for.
    pub claims: Claims,
    /// Creates whose answers were lost, and when to look for their objects.
    pub seeking: BTreeMap<usize, Instant>,
    pub waiting: BTreeMap<Lane, Waiting>,
    pub places: BTreeMap<Lane, Place>,
    pub tasks: JoinSet<Report>,
    owners: HashMap<tokio::task::Id, Owner>,
    progress: BinaryHeap<Reverse<(Instant, usize)>>,
    pub summary: Summary,
    pub diagnostics: Diagnostics,
    pub skipped: BTreeMap<usize, SkipReason>,
    /// Address and id of objects that left the state because they were not shown.
    pub missed: BTreeSet<(String, String)>,
    /// Steps of ours behind those of the plan: waiting for objects of earlier runs, by change.
    pub resumed: BTreeMap<usize, usize>,
    pub journal_failed: bool,
    /// Hears what keeps calls.
    pub held: (mpsc::UnboundedSender<Held>, mpsc::UnboundedReceiver<Held>),
    /// Ends the waits of writes that are not under way.
    pub stop: watch::Sender<bool>,
    /// Whether the parents of the first wave were looked at.
    pub has_looked: bool,
    /// Whether the plan was refused by what lies there.
    pub refused: bool,
    /// When the open intents were renewed last; those that nobody works on any more are left as they are.
    pub beaten: Option<Instant>,
}

/// Carries out a plan. Returns when everything that can be done is done, or the run was asked to stop.
pub async fn apply(run: Run<'_>) -> Outcome {
    let mut interrupt = run.interrupt.clone();
    let mut executor = Executor::new(run);
    executor.begin();
    loop {
        executor.advance().await;
        if executor.is_idle() {
            break;
        }
        let wake = executor.next_wake();
        let awake = Instant::now() + executor.pulse.interval();
        let wake = wake.map_or(awake, |wake| wake.min(awake));
        tokio::select! {
            biased;
            level = interrupt.changed() => {
                if executor.interrupted(level) == Level::Leave {
                    break;
                }
            }
            heard = executor.news() => executor.heard_news(heard),
            () = tokio::time::sleep_until(wake) => {}
        }
    }
    executor.finish().await
}

impl<'a> Executor<'a> {
    fn new(run: Run<'a>) -> Self {
        let mut further = same_key_orders(run.plan);
        let mut steps = run.plan.steps.clone();
        let mut resumed = BTreeMap::new();
        for change in unfinished(run.plan, &run.state) {
            // Whatever may use the object waits for it; which steps do is not in the plan, so all do but deletes.
            let at = steps.len();
            for (step, planned) in run.plan.steps.iter().enumerate() {
                if !matches!(planned.action, StepAction::Delete { .. }) {
                    further.push((step, at));
                }
            }
            steps.push(Step { action: StepAction::Record { change }, after: Vec::new() });
            resumed.insert(at, change);
        }
        let pulse = Pulse::new(run.options.clock.clone(), beat_of(&run.options), run.store.age());
        let missed = run.state.missed().into_iter();
        let missed = missed.filter_map(|missed| Some((missed.address, missed.object.id()?))).collect();
        Self {
            missed,
            claims: Claims::of(&run.state),
            pulse,
            schedule: Schedule::new(&steps, &further),
            resumed,
            plan: run.plan,
            ledger: Ledger::new(run.state, run.store, run.state_changed),
            clouds: run.clouds,
            resolver: run.resolver,
            journal: run.journal,
            events: run.events,
            protect_tags: run.options.protect_tags.clone().into(),
            options: run.options,
            level: Level::Run,
            work: BTreeMap::new(),
            wave: Vec::new(),
            looking: false,
            delayed: Vec::new(),
            lanes: BTreeMap::new(),
            parents: BTreeMap::new(),
            seeking: BTreeMap::new(),
            waiting: BTreeMap::new(),
            places: BTreeMap::new(),
            tasks: JoinSet::new(),
            owners: HashMap::new(),
            progress: BinaryHeap::new(),
            summary: Summary::default(),
            diagnostics: Diagnostics::new(),
            skipped: BTreeMap::new(),
            journal_failed: false,
            held: mpsc::unbounded_channel(),
            stop: watch::Sender::new(false),
            has_looked: false,
            refused: false,
            beaten: None,
        }
    }

    fn begin(&mut self) {
        let operations =
            self.plan.steps.iter().filter(|step| {
                !matches!(step.action, StepAction::Record { .. } | StepAction::Evaluate { .. })
            });
        self.tell(Event::Started { operations: operations.count() });
    }

    pub fn tell(&self, event: Event) {
        self.events.heard(&event);
    }

    /// Tells whether new calls may be started.
    pub fn may_start(&self) -> bool {
        self.level == Level::Run && self.ledger.broken.is_none() && !self.refused
    }

    /// Does everything that can be done without waiting for anybody but the place of the state.
    async fn advance(&mut self) {
        self.keep_pulse().await;
        if self.may_start() {
            self.take_ready();
            self.wake_delayed();
            self.start_wave().await;
        }
        if !self.may_start() {
            self.withdraw();
        }
        self.beat().await;
        self.dispatch();
        self.start_seeking();
        self.start_polling();
        self.report_progress();
        self.checkpoint().await;
    }

    /// Says that the run is awake; after a pause, or when nothing can be saved any more, only once the state is known to be its
    /// own.
    async fn keep_pulse(&mut self) {
        let begun = self.pulse.now();
        let stood_still = self.pulse.stood_still();
        if self.ledger.broken.is_none() && stood_still {
            self.ledger.check().await;
        }
        if self.ledger.broken.is_none() && (stood_still || !self.pulse.stood_still()) {
            self.pulse.mark(begun);
        } else if self.ledger.broken.is_some() {
            self.pulse.shut();
        }
    }

    /// Starts all steps that may start; those that need no call end at once and may make others ready.
    fn take_ready(&mut self) {
        while let Some(step) = self.schedule.take() {
            self.start(step);
        }
    }

    fn is_idle(&self) -> bool {
        self.tasks.is_empty()
            && self.seeking.is_empty()
            && self.delayed.is_empty()
            && self.wave.is_empty()
            && self.waiting.values().all(Waiting::is_empty)
            && self.lanes.values().all(|lane| lane.jobs.is_empty())
            && self.parents.values().all(VecDeque::is_empty)
    }

    fn next_wake(&self) -> Option<Instant> {
        let polls = self.waiting.values().filter_map(Waiting::next);
        let seeks = self.seeking.values().copied();
        let delayed = self.delayed.iter().map(|(at, _)| *at);
        let progress = self.progress.peek().map(|Reverse((at, _))| *at);
        let others = [progress, self.ledger.next_checkpoint(), self.next_beat()];
        polls.chain(seeks).chain(delayed).chain(others.into_iter().flatten()).min()
    }

    /// Starts a call. `slots` places of its lane are taken until it ends.
    pub fn spawn(
        &mut self,
        steps: Vec<usize>,
        lane: Option<(Lane, usize)>,
        call: impl Future<Output = Report> + Send + 'static,
    ) {
        if let Some((lane, slots)) = &lane {
            self.lanes.entry(lane.clone()).or_default().running += slots;
        }
        let handle = self.tasks.spawn(call);
        self.owners.insert(handle.id(), Owner { steps, lane });
    }

    /// Returns how many operations of a lane may be started now.
    pub fn free_slots(&self, lane: &Lane) -> usize {
        let running = self.lanes.get(lane).map_or(0, |queue| queue.running);
        match self.options.parallelism {
            Some(most) => {
                let all: usize = self.lanes.values().map(|queue| queue.running).sum();
                most.get().saturating_sub(all)
            }
            None => self.burst(lane).min(WIDEST).saturating_sub(running),
        }
    }

    /// Returns how many operations of a lane the quota lets go within about two seconds.
    pub fn burst(&self, lane: &Lane) -> usize {
        types::resource(lane.type_name)
            .map_or(USUAL, |resource_type| self.clouds.writer.burst(resource_type))
            .max(1)
    }

    /// Returns the report of a call that ended, with those of all others that have.
    fn reports(&mut self, first: Joined) -> Vec<Ended> {
        let mut ended = vec![first];
        while let Some(next) = self.tasks.try_join_next_with_id() {
            ended.push(next);
        }
        let mut reports = Vec::with_capacity(ended.len());
        for end in ended {
            let (id, report) = match end {
                Ok((id, report)) => (id, Ok(report)),
                Err(error) => (error.id(), Err(error.to_string())),
            };
            let owner = self.owners.remove(&id);
            if let Some((lane, slots)) = owner.as_ref().and_then(|owner| owner.lane.as_ref())
                && let Some(queue) = self.lanes.get_mut(lane)
            {
                queue.running -= slots;
            }
            reports.push(report.map_err(|why| (owner.map(|owner| owner.steps).unwrap_or_default(), why)));
        }
        reports
    }

    /// Waits for calls to end or to say what keeps them.
    async fn news(&mut self) -> News {
        let Self { tasks, held, .. } = self;
        tokio::select! {
            biased;
            Some(held) = held.1.recv() => News::Held(held),
            Some(first) = tasks.join_next_with_id() => News::Ended(self.reports(first)),
            else => std::future::pending().await,
        }
    }

    fn heard_news(&mut self, news: News) {
        match news {
            News::Ended(reports) => self.heard(reports),
            News::Held(Held { steps, why }) => {
                let why: Arc<str> = why.into();
                steps.into_iter().for_each(|step| self.kept(step, &why));
            }
        }
    }

    /// Tells what keeps a step, at once when that is news.
    pub fn kept(&mut self, step: usize, why: &Arc<str>) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let reason = |why: &str| why.split("; next try").next().unwrap_or_default().to_owned();
        let is_news = work.why.as_deref().map(reason) != Some(reason(why));
        work.why = Some(why.clone());
        if is_news {
            self.tell_progress(step);
        }
    }

    /// Returns what listens to the calls of steps while they wait; with `ends`, an interrupt ends those waits.
    pub fn watch(&self, ends: bool) -> Watching {
        Watching { held: self.held.0.clone(), stop: ends.then(|| self.stop.subscribe()) }
    }

    fn heard(&mut self, reports: Vec<Ended>) {
        self.note_accepted(&reports);
        for report in reports {
            match report {
                Ok(Report::Looked(groups)) => self.looked(groups),
                Ok(Report::Created(answers)) => self.created(answers),
                Ok(Report::Changed(answers)) => self.changed(answers),
                Ok(Report::Polled(lane, answers)) => self.polled(&lane, answers),
                Ok(Report::Sought(step, found)) => self.sought(step, found),
                Ok(Report::Read(step, answer)) => self.read(step, answer),
                Err((steps, why)) => self.died(steps, &why),
            }
        }
    }

    /// A call that ended without an outcome is a fault of ours. What it may have done is left to recovery.
    fn died(&mut self, steps: Vec<usize>, why: &str) {
        self.looking = false;
        self.waiting.values_mut().for_each(|waiting| waiting.forget(&steps));
        for step in steps {
            self.fail_open(
                step,
                Diagnostic::error(
                    "An operation ended unexpectedly",
                    format!(
                        "{why}.\n\nThis is a bug in snapform; please report it. Whether the call was carried out is \
                         not known; the next run looks for its outcome."
                    ),
                ),
            );
        }
    }

    /// Emits the start of a step that is being sent for the first time, and sets its limit.
    pub fn sent(&mut self, step: usize, timeout: Duration) {
        let now = Instant::now();
        let Some(work) = self.work.get_mut(&step) else { return };
        work.attempts += 1;
        if work.started.is_some() {
            return;
        }
        work.started = Some(now);
        work.deadline = now.checked_add(timeout);
        let (subject, action, id) = (work.subject.clone(), work.action, work.id.clone());
        self.progress.push(Reverse((now + Duration::from_secs(10), step)));
        self.tell(Event::ActionStarted { subject, action, id });
    }

    fn report_progress(&mut self) {
        let now = Instant::now();
        while let Some(Reverse((at, step))) = self.progress.peek().copied() {
            if at > now {
                return;
            }
            self.progress.pop();
            if !self.work.contains_key(&step) {
                continue;
            }
            self.tell_progress(step);
            self.progress.push(Reverse((at + Duration::from_secs(10), step)));
        }
    }

    fn tell_progress(&self, step: usize) {
        let Some(work) = self.work.get(&step) else { return };
        self.tell(Event::ActionProgressed {
            subject: work.subject.clone(),
            action: work.action,
            id: work.id.clone(),
            elapsed: work.elapsed(),
            percent: work.percent,
            why: work.why.clone(),
        });
    }

    pub fn change_of(&self, step: usize) -> Option<&'a ResourceChange> {
        let plan = self.plan;
        let Some(step) = plan.steps.get(step) else {
            return plan.changes.get(*self.resumed.get(&step)?);
        };
        match step.action {
            StepAction::Create { change }
            | StepAction::Update { change }
            | StepAction::Delete { change }
            | StepAction::Read { change }
            | StepAction::Record { change } => plan.changes.get(change),
            StepAction::Evaluate { .. } => None,
        }
    }

    /// Runs `act` with the place of a step's object in the state.
    pub fn with_entry<T>(
        &mut self,
        step: usize,
        act: impl FnOnce(&mut Ledger<'a>, &Entry<'_>, &Work) -> T,
    ) -> Option<T> {
        let work = self.work.get(&step)?;
        let provider = work.lane.provider.to_string();
        let entry =
            Entry { address: &work.subject.address, provider: &provider, resource_type: work.resource_type };
        Some(act(&mut self.ledger, &entry, work))
    }

    /// Takes notice of the user's wish to stop.
    fn interrupted(&mut self, level: Level) -> Level {
        self.level = level;
        self.stop.send_replace(true);
        self.tell(Event::Interrupted { times: if level == Level::Leave { 2 } else { 1 } });
        level
    }
}

impl Work {
    /// Returns the id that the cloud answered to a create, while nothing but the answer says that it is ours.
    pub fn unproven(&self) -> Option<&Arc<str>> {
        self.id.as_ref().filter(|_| self.action == Action::Create && self.intent.is_some())
    }

    pub fn elapsed(&self) -> Duration {
        self.started.map(|started| started.elapsed()).unwrap_or_default()
    }
}

pub(super) fn subject_of(change: &ResourceChange) -> Subject {
    Subject { address: change.address.clone(), deposed: change.deposed.clone() }
}

/// Puts a failed call into words: what, why, remedy, and the id to ask the vendor with.
pub(super) fn call_failed(action: Action, error: &CloudError) -> Diagnostic {
    let summary = match action {
        Action::Create => "Creating an object failed",
        Action::Update => "Updating an object failed",
        Action::Delete => "Destroying an object failed",
        Action::Read => "Reading a data source failed",
    };
    let remedy = error.remedy.as_ref().map(|remedy| format!("\n\n{remedy}")).unwrap_or_default();
    Diagnostic::error(summary, format!("{error}{remedy}"))
}
