//! The road of a create: look at the parent, write the intent, send, note the id; and after a lost answer, look again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::event::{Action, Event, SkipReason};
use super::executor::{Executor, Job, Work, call_failed};
use super::kind::{kind_of, parameters_of};
use super::ledger::deposed_key;
use super::operation::{self, Lane, Looked, Report};
use super::recover::{Evidence, Open, Verdict, decide, spot_of};
use super::schedule::Stage;
use super::timeouts::timeout;
use crate::cloud::{Accepted, CloudError, CreateRequest, Life, Object, Place};
use crate::diagnostic::Diagnostic;
use crate::lang::Value;
use crate::plan::remembered::accepted_value;
use crate::state::{Intent, IntentAction};

/// The most intents that one write of the state carries: enough that writes do not count, and few enough that the last
/// of them is sent within seconds at the clouds' rates.
const WAVE: usize = 100;

/// How often a create is sent when each answer is lost and no object appears.
const ATTEMPTS: u32 = 3;

/// How often the parent of a create without an answer is read when that fails.
const PAUSE_AFTER_UNREAD: Duration = Duration::from_secs(5);

impl<'a> Executor<'a> {
    /// Begins the next wave: writes the intents that are ready with one save, and lists the parents of further creates.
    pub(super) async fn start_wave(&mut self) {
        let (unseen, mut intended): (Vec<usize>, Vec<usize>) =
            std::mem::take(&mut self.wave).into_iter().partition(|step| self.needs_look(*step));
        let later = intended.split_off(intended.len().min(WAVE));
        self.wave.extend(later);
        let mut unseen = unseen;
        if self.looking {
            self.wave.append(&mut unseen);
        } else {
            let later = unseen.split_off(unseen.len().min(WAVE));
            self.wave.extend(later);
            self.look(unseen);
        }
        if !intended.is_empty() {
            self.intend(intended).await;
        }
    }

    /// A create is preceded by a look at its parent; a delete only has to know in which account it happens.
    fn needs_look(&self, step: usize) -> bool {
        self.work.get(&step).is_some_and(|work| match work.action {
            Action::Create => work.intent.is_none(),
            _ => !self.places.contains_key(&work.lane),
        })
    }

    fn look(&mut self, steps: Vec<usize>) {
        let mut groups: BTreeMap<Lane, (Vec<usize>, BTreeMap<String, Value>)> = BTreeMap::new();
        for step in &steps {
            let Some(work) = self.work.get(step) else { continue };
            let group = groups.entry(work.lane.clone()).or_default();
            group.0.push(*step);
            if let Some(planned) = &work.planned {
                group.1.insert(kind_of(work.lane.type_name).parent_of(planned), planned.clone());
            }
        }
        let types: Vec<_> = groups
            .values()
            .filter_map(|(steps, _)| Some(self.work.get(steps.first()?)?.resource_type))
            .collect();
        if groups.is_empty() {
            return;
        }
        let clouds = self.clouds.clone();
        self.looking = true;
        self.spawn(steps, None, async move {
            let looks = groups.into_iter().zip(types).map(|((lane, (steps, parents)), resource_type)| {
                let clouds = &clouds;
                async move {
                    let parents: Vec<Value> = parents.into_values().collect();
                    operation::look(clouds, &lane.provider, resource_type, steps, &parents).await
                }
            });
            Report::Looked(join_all(looks).await)
        });
    }

    /// Makes intents of creates whose parents were listed.
    pub(super) fn looked(&mut self, groups: Vec<Looked>) {
        self.looking = false;
        for Looked { steps, result } in groups {
            match result {
                Ok((place, objects)) => {
                    for step in steps {
                        let Some(work) = self.work.get(&step) else { continue };
                        self.places.insert(work.lane.clone(), place.clone());
                        match work.action {
                            Action::Create => self.plan_intent(step, &place, &objects),
                            _ => self.wave.push(step),
                        }
                    }
                }
                Err(error) => {
                    for step in steps {
                        let action = self.work.get(&step).map_or(Action::Create, |work| work.action);
                        let mut diagnostic = call_failed(action, &error);
                        diagnostic.detail.push_str(
                            "\n\nNothing was sent: what is there already could not be read, and without that a lost \
                             answer could not be cleared up.",
                        );
                        self.fail(step, diagnostic);
                    }
                }
            }
        }
    }

    fn plan_intent(&mut self, step: usize, place: &Place, objects: &[Object]) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let Some(planned) = &work.planned else { return };
        let kind = kind_of(work.lane.type_name);
        let parent = kind.parent_of(planned);
        if let Some(key) = kind.key_of(planned)
            && let Some(object) = objects.iter().find(|object| *object.id == *key)
        {
            let now = Instant::now();
            let limit = timeout(work.resource_type, planned, "create");
            let deadline = *work.deadline.get_or_insert(now + limit);
            if object.life == Life::Leaving && now < deadline {
                self.delayed.push((now + Duration::from_secs(2), step));
                return;
            }
            let diagnostic = Diagnostic::error(
                "Object exists already",
                format!(
                    "An object with the id {key:?} exists and is not in the state, so creating it would fail.\n\nTo \
                     manage the existing object, run:\n    snapform import '{}' '{key}'",
                    work.subject.address
                ),
            );
            return self.fail(step, diagnostic);
        }
        let change = self.plan.steps.get(step).and(self.change_of(step));
        let now = self.options.clock.now().to_string();
        let id = self.options.ids.next();
        let marker =
            change.and_then(|change| change.marker.as_deref()).map_or_else(|| id.clone(), str::to_owned);
        let Some(work) = self.work.get_mut(&step) else { return };
        let Some(planned) = &work.planned else { return };
        let on_parent = |object: &&Object| kind.parent.is_empty() || kind.parent_of(&object.value) == parent;
        work.intent = Some(Intent {
            id,
            action: IntentAction::Create,
            address: work.subject.address.to_string(),
            provider: work.lane.provider.to_string(),
            resource_type: work.lane.type_name.to_owned(),
            account: place.account.to_string(),
            region: place.region.to_string(),
            parent: parent.clone(),
            parameters: parameters_of(work.resource_type, planned),
            marker,
            run: self.options.run.clone(),
            time: now.clone(),
            heartbeat: now,
            existing: objects.iter().filter(on_parent).map(|object| object.id.to_string()).collect(),
            object: None,
            dependencies: work.companion.dependencies.clone(),
            create_before_destroy: work.companion.create_before_destroy,
        });
        self.wave.push(step);
    }

    /// Makes the intent of a delete.
    pub(super) fn delete_intent(&mut self, step: usize, object: &Value) {
        let now = self.options.clock.now().to_string();
        let id = self.options.ids.next();
        let run = self.options.run.clone();
        let Some(work) = self.work.get_mut(&step) else { return };
        work.intent = Some(Intent {
            id,
            action: IntentAction::Delete,
            address: work.subject.address.to_string(),
            provider: work.lane.provider.to_string(),
            resource_type: work.lane.type_name.to_owned(),
            account: String::new(),
            region: String::new(),
            parent: kind_of(work.lane.type_name).parent_of(object),
            parameters: parameters_of(work.resource_type, object),
            marker: String::new(),
            run,
            time: now.clone(),
            heartbeat: now,
            existing: Vec::new(),
            object: work.id.as_deref().map(str::to_owned),
            dependencies: Vec::new(),
            create_before_destroy: false,
        });
        self.wave.push(step);
    }

    /// Writes the intents of steps with one save, then queues their calls. Nothing is queued when the save fails.
    async fn intend(&mut self, steps: Vec<usize>) {
        let now = self.options.clock.now().to_string();
        for step in &steps {
            let Some(work) = self.work.get_mut(step) else { continue };
            if let Some(intent) = work.intent.as_mut() {
                intent.heartbeat.clone_from(&now);
                if let Some(place) = self.places.get(&work.lane) {
                    intent.account = place.account.to_string();
                    intent.region = place.region.to_string();
                }
                self.ledger.intend(intent);
            }
        }
        if !self.save().await {
            // What was not saved must not be sent; a create whose answer was lost before keeps the intent it has.
            self.wave.extend(steps);
            return;
        }
        self.queue(steps);
    }

    /// Queues calls, creates of one batch key together.
    fn queue(&mut self, steps: Vec<usize>) {
        let mut batches: BTreeMap<(Lane, String), Vec<usize>> = BTreeMap::new();
        for step in steps {
            let Some(work) = self.work.get(&step) else { continue };
            let lane = work.lane.clone();
            if work.action != Action::Create {
                self.lanes.entry(lane).or_default().jobs.push_back(Job::Change(step));
                continue;
            }
            let planned = work.planned.as_ref();
            let key = planned.and_then(|planned| self.clouds.writer.batch_key(work.resource_type, planned));
            match key {
                Some(key) => batches.entry((lane, key)).or_default().push(step),
                None => self.lanes.entry(lane).or_default().jobs.push_back(Job::Create(vec![step])),
            }
        }
        for ((lane, _), batch) in batches {
            self.lanes.entry(lane).or_default().jobs.push_back(Job::Create(batch));
        }
    }

    /// Sends creates, if their parents are free; otherwise they wait for their turn. Returns whether they were sent.
    pub(super) fn send_creates(&mut self, lane: &Lane, steps: Vec<usize>) -> bool {
        if let [step] = steps[..]
            && let Some(parent) = self.parent_key(step)
        {
            if let Some(queue) = self.parents.get_mut(&parent) {
                let holds = self.work.get(&step).is_some_and(|work| work.attempts > 0);
                if !holds {
                    queue.push_back(step);
                    return false;
                }
            } else {
                self.parents.insert(parent, Default::default());
            }
        }
        let requests: Vec<(usize, CreateRequest)> = steps
            .iter()
            .filter_map(|step| {
                let work = self.work.get(step)?;
                let marker = work.intent.as_ref()?.marker.as_str().into();
                Some((*step, CreateRequest { planned: work.planned.clone()?, marker }))
            })
            .collect();
        let Some(resource_type) = steps.first().and_then(|step| Some(self.work.get(step)?.resource_type))
        else {
            return false;
        };
        for (step, request) in &requests {
            self.sent(*step, timeout(resource_type, &request.planned, "create"));
        }
        let call = operation::create(self.clouds.clone(), lane.provider.clone(), resource_type, requests);
        self.spawn(steps, Some((lane.clone(), 1)), call);
        true
    }

    /// Returns the parent on which a create has to be alone. Objects with a key of their own cannot be mistaken for each other.
    fn parent_key(&self, step: usize) -> Option<(Lane, String)> {
        let work = self.work.get(&step)?;
        self.parent_of_work(work)
    }

    fn parent_of_work(&self, work: &Work) -> Option<(Lane, String)> {
        let kind = kind_of(work.lane.type_name);
        if work.action != Action::Create || kind.key.is_some() || kind.parent.is_empty() {
            return None;
        }
        Some((work.lane.clone(), kind.parent_of(work.planned.as_ref()?)))
    }

    /// Lets the next create on a parent go. Called when a create was taken, refused or given up.
    pub(super) fn release_parent(&mut self, work: &Work) {
        let sent = work.attempts > 0 && work.id.is_none();
        if let Some(parent) = self.parent_of_work(work).filter(|_| sent) {
            self.next_on_parent(&parent);
        }
    }

    fn next_on_parent(&mut self, parent: &(Lane, String)) {
        let Some(waiting) = self.parents.remove(parent) else { return };
        let queue = self.lanes.entry(parent.0.clone()).or_default();
        for step in waiting.into_iter().rev() {
            queue.jobs.push_front(Job::Create(vec![step]));
        }
    }

    /// Hears the answers to creates.
    pub(super) fn created(&mut self, answers: Vec<(usize, Result<Accepted, CloudError>)>) {
        for (step, answer) in answers {
            match answer {
                Ok(accepted) => self.accepted(step, &accepted.id, Some(accepted.request_id)),
                Err(error) if error.certainly_not_executed() => self.refused(step, &error),
                Err(error) => self.lost(step, &error),
            }
        }
    }

    fn refused(&mut self, step: usize, error: &CloudError) {
        let Some(work) = self.work.get(&step) else { return };
        // After a lost answer a refusal of the second request says nothing about the first.
        if work.attempts > 1 {
            return self.lost(step, error);
        }
        if let Some(intent) = &work.intent {
            self.ledger.settle(&intent.id);
        }
        self.fail(step, call_failed(Action::Create, error));
    }

    /// Nobody knows whether the create was carried out: its object is looked for once the cloud must show it.
    fn lost(&mut self, step: usize, error: &CloudError) {
        let Some(work) = self.work.get(&step) else { return };
        let settle = self.options.settle.of(&work.lane.provider.to_string());
        let subject = work.subject.clone();
        self.tell(Event::LookedFor { subject, action: Action::Create, why: error.to_string() });
        self.seeking.insert(step, Instant::now() + settle + settle / 4);
    }

    pub(super) fn start_seeking(&mut self) {
        let now = Instant::now();
        let due: Vec<usize> =
            self.seeking.iter().filter(|(_, at)| **at <= now).map(|(step, _)| *step).collect();
        for step in due {
            self.seeking.remove(&step);
            let Some(work) = self.work.get(&step) else { continue };
            let Some(planned) = work.planned.clone() else { continue };
            let (clouds, lane, resource_type) = (self.clouds.clone(), work.lane.clone(), work.resource_type);
            self.spawn(vec![step], None, async move {
                Report::Sought(step, clouds.reader.on_parent(&lane.provider, resource_type, &planned).await)
            });
        }
    }

    /// Hears what is on the parent of a create without an answer.
    pub(super) fn sought(&mut self, step: usize, found: Result<Vec<Object>, CloudError>) {
        let now = Instant::now();
        let Some(work) = self.work.get(&step) else { return };
        let (Some(intent), Some(planned)) = (work.intent.clone(), work.planned.clone()) else { return };
        let in_time = work.deadline.is_none_or(|deadline| now < deadline);
        let attempts = work.attempts;
        let objects = match found {
            Ok(objects) => objects,
            Err(_) if in_time && self.level < super::Level::Leave => {
                self.seeking.insert(step, now + PAUSE_AFTER_UNREAD);
                return;
            }
            Err(error) => return self.fail(step, unresolved(&intent, &error.to_string())),
        };
        match self.recognise(&intent, work.resource_type, planned, objects) {
            Verdict::Adopt(id) => self.accepted(step, &id, None),
            Verdict::NotFound if attempts < ATTEMPTS && in_time && self.may_start() => {
                // The new request needs a new time on record, or recovery would conclude too early.
                let time = self.options.clock.now().to_string();
                if let Some(intent) = self.work.get_mut(&step).and_then(|work| work.intent.as_mut()) {
                    intent.time = time;
                }
                self.wave.push(step);
            }
            Verdict::NotFound => {
                self.ledger.settle(&intent.id);
                self.fail(
                    step,
                    Diagnostic::error(
                        "Creating an object failed",
                        format!(
                            "The create was sent {attempts} times; each time the answer was lost and no object \
                             appeared within the settle time. Nothing was created."
                        ),
                    ),
                );
            }
            Verdict::Undecided(candidates, why) => {
                let list: String = candidates.iter().map(|id| format!("\n  - {id}")).collect();
                self.fail(
                    step,
                    unresolved(
                        &intent,
                        &format!("{why}:{list}\n\nSettle it with one of:\n    snapform intents adopt {} ID\n    snapform intents forget {}", intent.id, intent.id),
                    ),
                );
            }
            other => self.fail(step, unresolved(&intent, &format!("{other:?}"))),
        }
    }

    fn recognise(
        &self,
        intent: &Intent,
        resource_type: &'static crate::schema::ResourceType,
        declared: Value,
        objects: Vec<Object>,
    ) -> Verdict {
        let mut owned: BTreeSet<(String, String)> = super::recovery::owned(&self.ledger.state);
        let ids = self
            .work
            .values()
            .filter_map(|work| Some((work.lane.type_name.to_owned(), work.id.as_ref()?.to_string())));
        owned.extend(ids);
        let open = Open { intent: intent.clone(), resource_type, declared };
        let on_parents = BTreeMap::from([(spot_of(intent), Ok(objects))]);
        let verdicts = decide(
            &[open],
            &Evidence {
                accepted: &BTreeMap::new(),
                on_parents: &on_parents,
                observed: &BTreeMap::new(),
                owned: &owned,
                alive: &BTreeSet::new(),
                now: jiff::Timestamp::MAX,
                settle: &|_| Duration::ZERO,
            },
        );
        verdicts.into_iter().next().unwrap_or(Verdict::NotFound)
    }

    /// The object has an id: it is recorded, and waited for unless the user asked not to.
    fn accepted(&mut self, step: usize, id: &Arc<str>, request_id: Option<String>) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let Some(planned) = work.planned.clone() else { return };
        let intent = work.intent.take();
        let parent = self.work.get(&step).and_then(|work| self.parent_of_work(work));
        let value = accepted_value(&planned, id);
        let marker = intent.as_ref().map(|intent| intent.marker.clone());
        self.with_entry(step, |ledger, entry, work| {
            let key = deposed_key(marker.as_deref(), entry.address);
            ledger.put_new(entry, &value, &work.companion, true, &key);
        });
        if let Some(intent) = intent {
            self.ledger.settle(&intent.id);
        }
        if let Some(parent) = parent {
            self.next_on_parent(&parent);
        }
        let Some(work) = self.work.get_mut(&step) else { return };
        work.id = Some(id.clone());
        let (subject, lane) = (work.subject.clone(), work.lane.clone());
        self.tell(Event::Accepted { subject, id: id.clone(), request_id });
        if self.options.wait {
            self.wait_usable(step, &lane);
        } else {
            self.leave_pending(step, true);
        }
    }

    /// Gives up waiting for an object, which stays recorded as pending.
    pub(super) fn leave_pending(&mut self, step: usize, asked: bool) {
        let Some(work) = self.work.remove(&step) else { return };
        let Some(id) = work.id.clone() else { return };
        self.summary.pending += 1;
        let (subject, elapsed) = (work.subject.clone(), work.elapsed());
        if !asked {
            self.diagnostics.push(
                Diagnostic::error(
                    "Object is still pending",
                    format!(
                        "{} ({id}) was accepted, but is not usable after {} s. It keeps its id in the state and is not \
                         tainted; run apply again to wait on.",
                        subject.address,
                        elapsed.as_secs()
                    ),
                )
                .about(&subject.address),
            );
        }
        self.tell(Event::LeftPending { subject, id, elapsed, asked });
        self.schedule.end(step, if asked { Stage::Left } else { Stage::Failed });
    }

    /// Puts creates whose key was still taken back into a wave.
    pub(super) fn wake_delayed(&mut self) {
        let now = Instant::now();
        let (due, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.delayed).into_iter().partition(|(at, _)| *at <= now);
        self.delayed = rest;
        self.wave.extend(due.into_iter().map(|(_, step)| step));
    }

    /// Ends a run that was asked to leave: what was accepted stays pending, what was not answered keeps its intent.
    pub(super) fn leave(&mut self) {
        let steps: Vec<usize> = self.work.keys().copied().collect();
        for step in steps {
            let Some(work) = self.work.get(&step) else { continue };
            match (work.action, work.attempts > 0) {
                (Action::Create, true) if work.id.is_some() => self.leave_pending(step, false),
                (Action::Read, _) | (_, false) => {
                    if let Some(intent) = work.intent.as_ref().filter(|_| work.attempts == 0) {
                        self.ledger.settle(&intent.id);
                    }
                    self.work.remove(&step);
                    self.schedule.put_back(step);
                    self.skipped.insert(step, SkipReason::Interrupted);
                }
                _ => self.fail_open(
                    step,
                    Diagnostic::error(
                        "Outcome of a call is not known",
                        "The run was stopped before the call was answered. The next run finds out what became of it.",
                    ),
                ),
            }
        }
    }
}

fn unresolved(intent: &Intent, why: &str) -> Diagnostic {
    Diagnostic::error(
        "Outcome of a create is not known",
        format!(
            "The answer to the create of {} was lost, and what became of it could not be found out: {why}\n\nThe \
             intent {} stays open and nothing is created in its place.",
            intent.address, intent.id
        ),
    )
}
