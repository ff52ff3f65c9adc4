//! The road of a create: look at the parent, write the intent, send, note the id; and after a lost answer, look again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::event::{Action, Event};
use super::executor::{Executor, Job, Work, call_failed};
use super::kind::{Resemblance, kind_of, parameters_of, resemblance, sensitive_parameters};
use super::ledger::deposed_key;
use super::on_parents::OnParents;
use super::operation::{self, Lane, Looked, Report};
use super::schedule::Stage;
use super::timeouts::timeout;
use crate::cloud::{Accepted, CloudError, CreateRequest, ErrorClass, Life, Place, gate, short};
use crate::diagnostic::Diagnostic;
use crate::lang::Value;
use crate::plan::remembered::{Origin, accepted_value};
use crate::state::{Intent, IntentAction};

/// How many intents of one type a write of the state carries: enough that writes do not count, and few enough that the last
/// of them is sent within seconds at the cloud's rate.
const WAVE: std::ops::RangeInclusive<usize> = 100..=1000;

/// A wave in parts of what the quota lets go within two seconds.
const WAVE_BY_BURST: f64 = 2.5;

/// Where a save takes long, waves grow with its cost in seconds: at twenty creates a second this many take twenty times as
/// long as the save of their intents.
const WAVE_BY_COST: f64 = 400.0;

impl<'a> Executor<'a> {
    /// Begins the next wave: writes the intents that are ready with one save, and lists the parents of further creates.
    pub(super) async fn start_wave(&mut self) {
        if self.wave.is_empty() {
            return;
        }
        let by_cost = (self.ledger.cost().as_secs_f64() * WAVE_BY_COST) as usize;
        let (mut unseen, mut intended, mut later) = (Vec::new(), Vec::new(), Vec::new());
        // Each type has its own quota, so each has its part of every wave: none waits until another is through.
        let mut parts: BTreeMap<&Lane, (usize, [usize; 2])> = BTreeMap::new();
        for step in std::mem::take(&mut self.wave) {
            let Some(work) = self.work.get(&step) else { continue };
            let looks = self.needs_look(step);
            let (most, taken) = parts.entry(&work.lane).or_insert_with(|| {
                let by_burst = (self.burst(&work.lane) as f64 * WAVE_BY_BURST) as usize;
                (by_burst.clamp(*WAVE.start(), *WAVE.end()).max(by_cost), [0; 2])
            });
            let part = &mut taken[usize::from(looks)];
            if *part == *most || (looks && self.looking) {
                later.push(step);
                continue;
            }
            *part += 1;
            if looks { unseen.push(step) } else { intended.push(step) }
        }
        self.wave = later;
        if !unseen.is_empty() {
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
        if !std::mem::replace(&mut self.has_looked, true) {
            self.refuse_second(&groups);
        }
        for Looked { steps, result } in groups {
            match result {
                Ok((place, objects)) => {
                    // A step may have been given up meanwhile; all of a group are of one type.
                    let Some(work) = steps.iter().find_map(|step| self.work.get(step)) else { continue };
                    let objects = OnParents::of(kind_of(work.lane.type_name), &objects);
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

    /// Refuses a plan that was made without a state and seems to have been carried out already: on the parents lie objects like
    /// those that it makes, and they are newer than the plan.
    fn refuse_second(&mut self, groups: &[Looked]) {
        let Some(since) = self.options.first_since else { return };
        let mut found = Vec::new();
        for Looked { steps, result } in groups {
            let Ok((_, objects)) = result else { continue };
            let works = steps.iter().filter_map(|step| self.work.get(step));
            for work in works.filter(|work| work.action == Action::Create) {
                let Some(planned) = &work.planned else { continue };
                let kind = kind_of(work.lane.type_name);
                let parent = kind.parent_of(planned);
                // Lists of all parents of a wave are short beside the calls that fetched them.
                let mut like = objects.iter().filter(|object| {
                    object.created_at.is_some_and(|made| made >= since)
                        && kind.parent_of(&object.value) == parent
                        && resemblance(work.resource_type, planned, &object.value) != Resemblance::Different
                });
                if let Some(object) = like.next() {
                    found.push(format!("\n  - {}: {} on {parent}", work.subject.address, object.id));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        self.refused = true;
        found.truncate(20);
        self.diagnostics.push(Diagnostic::error(
            "Plan seems to be applied already",
            format!(
                "The plan was made at {since} without a state, and objects like those that it creates are newer than it:{}\n\nIt \
                 may have been applied in another directory. Nothing was sent. Use the state of that directory; or make a new \
                 plan here if these objects are not meant.",
                found.concat()
            ),
        ));
    }

    fn plan_intent(&mut self, step: usize, place: &Place, objects: &OnParents<'_>) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let Some(planned) = &work.planned else { return };
        let kind = kind_of(work.lane.type_name);
        let parent = kind.parent_of(planned);
        let address = work.subject.address.to_string();
        let missed = self.missed.range((address.clone(), String::new())..);
        let missed = missed.take_while(|(missed, _)| *missed == address);
        let mut back = missed.filter_map(|(_, id)| objects.object(id));
        if let Some(object) = back.find(|object| object.life != Life::Leaving) {
            let text = format!(
                "The cloud did not show {} before, and shows it now, so nothing is made in its place. Make a new plan: the \
                 object belongs to its address again.",
                object.id
            );
            return self.fail(step, Diagnostic::error("Recovery point is there again", text));
        }
        if let Some(key) = kind.key_of(planned)
            && let Some(object) = objects.object(&key)
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
            sensitive: sensitive_parameters(planned),
            marker,
            run: self.options.run.clone(),
            time: now.clone(),
            heartbeat: now,
            existing: objects.ids_on(&parent),
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
            sensitive: sensitive_parameters(object),
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
                let holds = self.work.get(&step).is_some_and(|work| work.holds_parent);
                if !holds {
                    queue.push_back(step);
                    return false;
                }
            } else {
                self.parents.insert(parent, Default::default());
            }
            if let Some(work) = self.work.get_mut(&step) {
                work.holds_parent = true;
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
        let until = steps.iter().filter_map(|step| self.work.get(step)?.deadline).max();
        let watch = self.watch(true).of(steps.clone(), until);
        let call =
            operation::create(self.clouds.clone(), lane.provider.clone(), resource_type, requests, watch);
        let call = gate::behind(self.pulse.gate(), call);
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
        if let Some(parent) = self.parent_of_work(work).filter(|_| work.holds_parent) {
            self.next_on_parent(&parent);
        }
    }

    /// The create is answered, so that the next one on its parent cannot be mistaken for it.
    fn leave_parent(&mut self, step: usize) {
        let Some(work) = self.work.get_mut(&step).filter(|work| work.holds_parent) else { return };
        work.holds_parent = false;
        let parent = self.work.get(&step).and_then(|work| self.parent_of_work(work));
        if let Some(parent) = parent {
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
                Ok(answer) => self.accepted(step, &answer),
                Err(error) if gate::is_held(&error) => self.hold(step),
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

    /// The object has an id, if it is its own: the intent notes it, and the object is looked at before it is bound.
    fn accepted(&mut self, step: usize, answer: &Accepted) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let Some(intent) = work.intent.as_mut() else { return };
        if let Err(whose) = self.claims.take(intent, &answer.id) {
            let why = format!("the answer names {}, {whose}", short(&answer.id));
            return self.lost(step, &CloudError::new(ErrorClass::Ambiguous, "", "", why));
        }
        intent.object = Some(answer.id.to_string());
        self.ledger.intend(intent);
        work.id = Some(answer.id.clone());
        let (subject, id) = (work.subject.clone(), answer.id.clone());
        self.leave_parent(step);
        self.tell(Event::Accepted { subject, id, request_id: Some(answer.request_id.clone()) });
        self.wait_usable(step);
    }

    /// The object of a create whose answer was lost is this one.
    pub(super) fn adopted(&mut self, step: usize, id: &Arc<str>) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let Some(planned) = work.planned.clone() else { return };
        work.id = Some(id.clone());
        self.claims.note(work.lane.type_name, id);
        let subject = work.subject.clone();
        self.bind(step, &accepted_value(&planned, id));
        self.leave_parent(step);
        self.tell(Event::Accepted { subject, id: id.clone(), request_id: None });
        self.wait_usable(step);
    }

    /// Records the object of a create, which is proven to be ours, in the place of its intent.
    pub(super) fn bind(&mut self, step: usize, value: &Value) {
        let Some(intent) = self.work.get_mut(&step).and_then(|work| work.intent.take()) else { return };
        let origin = Origin {
            account: intent.account.as_str().into(),
            region: intent.region.as_str().into(),
            accepted: Some(self.options.clock.now()),
        };
        self.with_entry(step, |ledger, entry, work| {
            let key = deposed_key(Some(&intent.marker), entry.address);
            ledger.put_new(entry, value, &work.companion, Some(&origin), true, &key);
        });
        self.ledger.settle(&intent.id);
    }

    /// Gives up waiting for an object, which stays recorded as pending.
    pub(super) fn leave_pending(&mut self, step: usize, asked: bool) {
        if self.work.get(&step).is_some_and(|work| work.unproven().is_some()) {
            return self.leave_unproven(step);
        }
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
}
