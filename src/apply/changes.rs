//! Starting steps, and everything that is not a create: updates, deletes, reads, records, and what needs no cloud.

use std::sync::Arc;
use std::time::Duration;

use super::event::{Action, SkipReason, Subject};
use super::executor::{Executor, Job, Work, call_failed, subject_of};
use super::ledger::deposed_key;
use super::observe::explain;
use super::operation::{self, Changed, Guard, Lane, Report, Target};
use super::proof::Holders;
use super::resolve::{Companion, Prepared};
use super::schedule::Stage;
use super::timeouts::timeout;
use crate::cloud::{CloudError, gate, short};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::{Address, ProviderAddress};
use crate::lang::{Kind, Value};
use crate::plan::remembered::Origin;
use crate::plan::{Change, ReplaceOrder, ResourceChange, StepAction, prior, remembered};
use crate::schema::{ProviderKind, ResourceType};
use crate::state::{ObjectKey, ResourceKey, State};

/// Objects that are re-read together right before they are changed.
const CHUNK: usize = 10;

impl<'a> Executor<'a> {
    /// Starts a step whose predecessors have ended well.
    pub(super) fn start(&mut self, step: usize) {
        let plan = self.plan;
        let Some(action) = plan.steps.get(step).map(|step| &step.action) else {
            return self.resume(step);
        };
        match action {
            StepAction::Evaluate { .. } => {
                let prepared = self.resolver.prepare(step).and_then(|prepared| match prepared {
                    Prepared::Provider { provider, config } => self.configure(&provider, &config),
                    _ => Ok(()),
                });
                match prepared {
                    Ok(()) => self.schedule.end(step, Stage::Done),
                    Err(found) => {
                        self.diagnostics.extend(found);
                        self.summary.failed += 1;
                        self.schedule.end(step, Stage::Failed);
                    }
                }
            }
            StepAction::Record { .. } => self.record_change(step),
            StepAction::Create { .. } => self.prepare(step, Action::Create),
            StepAction::Update { .. } => self.prepare(step, Action::Update),
            StepAction::Read { .. } => self.prepare(step, Action::Read),
            StepAction::Delete { .. } => self.prepare_delete(step),
        }
    }

    /// Configures a provider whose arguments have become known.
    fn configure(&self, provider: &ProviderAddress, config: &Value) -> Result<(), Diagnostics> {
        self.clouds.reader.configure(provider, config).map_err(|error| {
            let detail =
                format!("{provider} cannot be used, so nothing is done with it.\n\n{}", explain(&error));
            Diagnostic::error("Provider cannot be used", detail).into()
        })
    }

    /// Records a move, an import or a forgotten object. Moves and imports are in the state already; see `refreshed`.
    fn record_change(&mut self, step: usize) {
        let Some(change) = self.change_of(step) else { return self.schedule.end(step, Stage::Done) };
        let subject = subject_of(change);
        if matches!(change.change, Change::Forget { .. }) {
            self.ledger.remove(&change.address, change.deposed.as_deref());
            self.summary.forgotten += 1;
            return self.schedule.end(step, Stage::Done);
        }
        match self.resolver.prepare(step) {
            Ok(Prepared::Object { companion, .. } | Prepared::Query { companion, .. }) => {
                self.ledger.accompany(&change.address, &companion);
            }
            Ok(Prepared::Provider { .. } | Prepared::Evaluated) => {}
            Err(found) => {
                self.diagnose(found, &subject);
                self.summary.failed += 1;
                return self.schedule.end(step, Stage::Failed);
            }
        }
        if change.importing.is_some() {
            self.summary.imported += 1;
        }
        self.record(step, &subject, change.change.after());
    }

    fn work_for(&self, step: usize, action: Action) -> Result<Work, Diagnostic> {
        let unknown = || {
            Diagnostic::error("Resource type is not known", "The plan names a type that is not known here.")
        };
        let change = self.change_of(step).ok_or_else(unknown)?;
        let resource_type =
            prior::find_type(&change.address.resource).ok_or_else(|| unknown().about(&change.address))?;
        Ok(new_work(action, change, resource_type))
    }

    fn reject(&mut self, step: usize, why: Diagnostic) {
        self.diagnostics.push(why);
        self.summary.failed += 1;
        self.schedule.end(step, Stage::Failed);
    }

    /// Evaluates what a create, update or read does, and queues it.
    fn prepare(&mut self, step: usize, action: Action) {
        let mut work = match self.work_for(step, action) {
            Ok(work) => work,
            Err(why) => return self.reject(step, why),
        };
        let before = self.change_of(step).and_then(|change| change.change.before());
        if action == Action::Update {
            work.id = before.and_then(|before| before.get("id")).and_then(Value::as_str).map(Arc::from);
        }
        let prepared = self.resolver.prepare(step);
        let (lane, resource_type) = (work.lane.clone(), work.resource_type);
        self.work.insert(step, work);
        let (planned, companion) = match prepared {
            Ok(Prepared::Object { planned, companion }) => (planned, companion),
            Ok(Prepared::Query { config, companion }) => (config, companion),
            Ok(Prepared::Provider { .. } | Prepared::Evaluated) => {
                (Value::null(resource_type.object_type()), Companion::default())
            }
            Err(found) => return self.fail(step, found),
        };
        let builtin = resource_type.provider == ProviderKind::Terraform && action != Action::Read;
        let object = if builtin { self.builtin_object(step, &planned) } else { planned.clone() };
        let same = action == Action::Update && before == Some(&object);
        if let Some(work) = self.work.get_mut(&step) {
            work.planned = Some(planned);
            work.companion = companion;
        }
        if same {
            return self.end_unchanged(step, &object);
        }
        if builtin {
            return self.keep_object(step, &object);
        }
        match action {
            Action::Create => self.wave.push(step),
            Action::Update => self.lanes.entry(lane).or_default().jobs.push_back(Job::Change(step)),
            _ => self.lanes.entry(lane).or_default().jobs.push_back(Job::Read(step)),
        }
    }

    fn prepare_delete(&mut self, step: usize) {
        let mut work = match self.work_for(step, Action::Delete) {
            Ok(work) => work,
            Err(why) => return self.reject(step, why),
        };
        let Some(change) = self.change_of(step) else { return };
        if let Change::Replace { order: ReplaceOrder::CreateFirst, .. } = change.change {
            work.subject.deposed = Some(deposed_key(change.marker.as_deref(), &change.address));
        }
        let before = change.change.before().cloned();
        work.id = before.as_ref().and_then(|before| before.get("id")).and_then(Value::as_str).map(Arc::from);
        let builtin = work.resource_type.provider == ProviderKind::Terraform;
        let has_id = work.id.is_some();
        if !builtin && let Some(other) = self.other_holder(&work) {
            return self.leave_to(step, work, &other);
        }
        self.work.insert(step, work);
        match before.filter(|_| has_id && !builtin) {
            Some(before) => {
                self.delete_intent(step, &before);
            }
            None => {
                self.sent(step, super::timeouts::DEFAULT);
                self.deleted(step);
            }
        }
    }

    /// Returns another address of the state that holds the object of a delete.
    fn other_holder(&self, work: &Work) -> Option<Address> {
        let id = work.id.as_deref()?;
        if !self.claims.is_shared(work.lane.type_name, id) {
            return None;
        }
        let subject = &work.subject;
        let key = ObjectKey {
            deposed: subject.deposed.as_deref().map(str::to_owned),
            ..ObjectKey::from(&subject.address)
        };
        let own = (ResourceKey::from(&subject.address), key);
        Holders::of(&self.ledger.state).other(work.lane.type_name, id, |holder| *holder == own)
    }

    /// Drops an object that another address holds too, and leaves it to that one: nothing is deleted that somebody still counts on.
    fn leave_to(&mut self, step: usize, work: Work, other: &Address) {
        let Subject { address, deposed } = &work.subject;
        self.ledger.remove(address, deposed.as_deref());
        self.summary.forgotten += 1;
        let id = short(work.id.as_deref().unwrap_or_default());
        let text = format!(
            "{address} was to be destroyed, and its object {id} is that of {other} too. So it was not destroyed: \
             {address} has left the state, and {id} stays with {other}."
        );
        self.diagnostics
            .push(Diagnostic::warning("Object belongs to another address too", text).about(address));
        self.record(step, &work.subject, None);
    }

    /// Returns an object of `terraform_data`, which exists in the state only, as it is once created or changed.
    fn builtin_object(&mut self, step: usize, planned: &Value) -> Value {
        let id = match self.work.get(&step).and_then(|work| work.id.clone()) {
            Some(id) => id.to_string(),
            None => self.options.ids.next(),
        };
        let Some(members) = planned.members() else { return planned.clone() };
        let mut members = members.clone();
        if members.get("output").is_some_and(|output| !output.is_known())
            && let Some(input) = members.get("input").cloned()
        {
            // The provider is not told of marks, so what it puts out has none.
            members.insert("output".into(), input.unmarked_deep());
        }
        if members.get("id").is_none_or(|id| !id.is_known() || id.is_null()) {
            members.insert("id".into(), Value::string(id));
        }
        Value { kind: Kind::Object(Arc::new(members)), marks: planned.marks }
    }

    /// Ends an update that came to nothing: what was unknown is what it was. Nobody hears of it, as with Terraform.
    fn end_unchanged(&mut self, step: usize, object: &Value) {
        self.with_entry(step, |ledger, entry, work| {
            ledger.put(entry, object, Some(&work.companion), false, false);
        });
        let Some(work) = self.work.remove(&step) else { return };
        self.release_parent(&work);
        self.record(step, &work.subject, Some(object));
    }

    fn keep_object(&mut self, step: usize, object: &Value) {
        self.sent(step, super::timeouts::DEFAULT);
        let marker = self.change_of(step).and_then(|change| change.marker.clone());
        self.with_entry(step, |ledger, entry, work| match work.action {
            Action::Create => {
                let key = deposed_key(marker.as_deref(), entry.address);
                ledger.put_new(entry, object, &work.companion, None, false, &key);
            }
            _ => ledger.put(entry, object, Some(&work.companion), false, false),
        });
        self.complete(step, Some(object));
    }

    /// Sends what is queued, as far as there are places.
    pub(super) fn dispatch(&mut self) {
        let lanes: Vec<Lane> = self.lanes.keys().cloned().collect();
        for lane in lanes {
            while self.free_slots(&lane) > 0 {
                let Some(job) = self.lanes.get_mut(&lane).and_then(|queue| queue.jobs.pop_front()) else {
                    break;
                };
                match job {
                    Job::Create(steps) => {
                        self.send_creates(&lane, steps);
                    }
                    Job::Change(step) => self.send_changes(&lane, step),
                    Job::Read(step) => self.send_read(&lane, step),
                }
            }
        }
    }

    /// Sends an update or delete, together with those queued right behind it.
    fn send_changes(&mut self, lane: &Lane, first: usize) {
        let most = self.free_slots(lane).min(CHUNK);
        let mut steps = vec![first];
        if let Some(queue) = self.lanes.get_mut(lane) {
            while steps.len() < most
                && let Some(Job::Change(next)) = queue.jobs.front()
            {
                steps.push(*next);
                queue.jobs.pop_front();
            }
        }
        let Some(resource_type) = self.work.get(&first).map(|work| work.resource_type) else { return };
        let mut targets: Vec<Target> = steps
            .iter()
            .filter_map(|step| {
                let work = self.work.get(step)?;
                let before = self.change_of(*step)?.change.before()?.clone();
                let origin = origin_of(&self.ledger.state, &work.subject);
                Some(Target {
                    step: *step,
                    id: work.id.clone()?,
                    before,
                    planned: work.planned.clone(),
                    origin,
                    until: None,
                })
            })
            .collect();
        for target in &mut targets {
            let operation = if target.planned.is_some() { "update" } else { "delete" };
            let object = target.planned.as_ref().unwrap_or(&target.before);
            self.sent(target.step, timeout(resource_type, object, operation));
            target.until = self.work.get(&target.step).and_then(|work| work.deadline);
        }
        let slots = steps.len();
        let guard = self.guard();
        let call =
            operation::change(self.clouds.clone(), lane.provider.clone(), resource_type, targets, guard);
        self.spawn(steps, Some((lane.clone(), slots)), call);
    }

    /// Returns what stands between the plan and objects that are about to change.
    pub(super) fn guard(&self) -> Guard {
        Guard {
            protect_tags: self.protect_tags.clone(),
            clock: self.options.clock.clone(),
            settle: self.options.settle.clone(),
            watching: self.watch(true),
            gate: self.pulse.gate(),
        }
    }

    fn send_read(&mut self, lane: &Lane, step: usize) {
        self.sent(step, super::timeouts::DEFAULT);
        let Some(work) = self.work.get(&step) else { return };
        let (clouds, provider, resource_type) =
            (self.clouds.clone(), lane.provider.clone(), work.resource_type);
        let config = work
            .planned
            .as_ref()
            .map_or_else(|| Value::null(resource_type.object_type()), Value::unmarked_deep);
        self.spawn(vec![step], Some((lane.clone(), 1)), async move {
            Report::Read(step, clouds.reader.read_data(&provider, resource_type, &config).await)
        });
    }

    /// Hears the answers to updates and deletes.
    pub(super) fn changed(&mut self, answers: Vec<(usize, Changed)>) {
        for (step, answer) in answers {
            let Some(work) = self.work.get(&step) else { continue };
            let (action, lane) = (work.action, work.lane.clone());
            match answer {
                Changed::Sent if action == Action::Delete => self.wait_gone(step, &lane),
                Changed::Sent => self.wait_changed(step, &lane),
                Changed::Gone => self.deleted(step),
                Changed::NotShown => {
                    if let Some(work) = self.work.get(&step) {
                        let Subject { address, deposed } = work.subject.clone();
                        self.ledger.remove_not_shown(&address, deposed, &work.lane.provider.to_string());
                    }
                    self.deleted(step);
                }
                Changed::Skipped(reason) => {
                    let detail = match &reason {
                        SkipReason::Protected(tag) => format!(
                            "it carries the tag {tag:?}. Remove the tag, or leave it out of -protect-tag, if it is \
                             really to go."
                        ),
                        SkipReason::Changed(what) => {
                            format!("since the plan was made, {what}. Make a new plan and look at it.")
                        }
                        _ => String::new(),
                    };
                    self.skip(step, reason, detail);
                }
                Changed::Failed(error) if gate::is_held(&error) => self.hold(step),
                Changed::Failed(error) if error.certainly_not_executed() => {
                    self.fail(step, call_failed(action, &error));
                }
                Changed::Failed(error) if action == Action::Delete => self.wait_unclear(step, error),
                Changed::Failed(error) => self.fail_open(step, call_failed(action, &error)),
            }
        }
    }

    /// Records that an object is gone.
    pub(super) fn deleted(&mut self, step: usize) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let (subject, intent) = (work.subject.clone(), work.intent.take());
        if let Some(intent) = intent {
            self.ledger.settle(&intent.id);
        }
        self.ledger.remove(&subject.address, subject.deposed.as_deref());
        self.complete(step, None);
    }

    /// Hears the answer to the read of a data source.
    pub(super) fn read(&mut self, step: usize, answer: Result<Value, CloudError>) {
        match answer {
            Ok(value) => {
                let asked = self.work.get(&step).and_then(|work| work.planned.as_ref());
                let value = asked.map_or_else(|| value.clone(), |asked| value.marked_like(asked));
                self.with_entry(step, |ledger, entry, work| {
                    ledger.put(entry, &value, Some(&work.companion), false, false);
                });
                self.complete(step, Some(&value));
            }
            Err(error) => self.fail(step, call_failed(Action::Read, &error)),
        }
    }

    /// Waits on for an object that an earlier run left in the making.
    fn resume(&mut self, step: usize) {
        let Some(change) = self.resumed.get(&step).and_then(|change| self.plan.changes.get(*change)) else {
            return self.schedule.end(step, Stage::Done);
        };
        let Some(resource_type) = prior::find_type(&change.address.resource) else {
            return self.schedule.end(step, Stage::Done);
        };
        let mut work = new_work(Action::Create, change, resource_type);
        let object =
            change.change.after().cloned().unwrap_or_else(|| Value::null(resource_type.object_type()));
        work.id = object.get("id").and_then(Value::as_str).map(Arc::from);
        let key = ObjectKey::from(&change.address);
        if let Some(object) = self.ledger.state.object(&ResourceKey::from(&change.address), &key) {
            work.companion.dependencies.clone_from(&object.dependencies);
            work.companion.create_before_destroy = object.create_before_destroy;
        }
        // Without waiting it is looked at once: it may be usable by now.
        let limit =
            if self.options.wait { timeout(resource_type, &object, "create") } else { Duration::ZERO };
        work.planned = Some(object);
        self.work.insert(step, work);
        self.sent(step, limit);
        self.wait_usable(step);
    }
}

/// Returns where and when we made the object of a step.
fn origin_of(state: &State, subject: &Subject) -> Origin {
    let key = ObjectKey {
        deposed: subject.deposed.as_deref().map(str::to_owned),
        ..ObjectKey::from(&subject.address)
    };
    let object = state.object(&ResourceKey::from(&subject.address), &key);
    object.map(remembered::origin_of).unwrap_or_default()
}

fn new_work(action: Action, change: &ResourceChange, resource_type: &'static ResourceType) -> Work {
    let provider: ProviderAddress = change.provider.clone();
    Work {
        action,
        subject: subject_of(change),
        resource_type,
        lane: Lane { provider, type_name: resource_type.name },
        started: None,
        deadline: None,
        id: None,
        planned: None,
        companion: Companion::default(),
        intent: None,
        percent: None,
        attempts: 0,
        holds_parent: false,
        suspect: None,
        why: None,
        unread: 0,
        unclear: None,
    }
}

/// Returns the positions of changes whose objects an earlier run left in the making and that do not change now.
pub(super) fn unfinished(plan: &crate::plan::Plan, state: &crate::state::State) -> Vec<usize> {
    let is_unfinished = |change: &&ResourceChange| {
        matches!(change.change, Change::NoOp { .. })
            && change.deposed.is_none()
            && state
                .object(&ResourceKey::from(&change.address), &ObjectKey::from(&change.address))
                .is_some_and(remembered::is_pending)
    };
    let changes = plan.changes.iter().enumerate();
    changes.filter(|(_, change)| is_unfinished(change)).map(|(at, _)| at).collect()
}
