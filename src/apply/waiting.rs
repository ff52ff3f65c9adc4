//! Waiting for clouds: all objects of one type are asked for together, in one read per round.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::event::{Action, Event};
use super::executor::{Executor, Work, call_failed};
use super::interval::{FIRST, SHORTEST, TOGETHER, Typical};
use super::kind::declared_part;
use super::operation::{Lane, Report};
use super::proof::{Strange, examine, moved, rather};
use super::recover::spot_of;
use crate::cloud::{CloudError, ErrorClass, Known, Life, Object, Observed, short};
use crate::diagnostic::Diagnostic;
use crate::lang::{Type, Value};
use crate::plan::remembered::accepted_value;
use crate::state::IntentAction;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    /// A new object becomes usable.
    Usable,
    /// A deleted object is gone.
    Gone,
    /// A changed object shows its change.
    Changed,
    /// An object shows whether a delete without an answer was carried out.
    Unclear,
}

#[derive(Debug)]
struct Member {
    what: For,
    since: Instant,
}

/// The objects of one lane that are waited for.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    members: BTreeMap<usize, Member>,
    /// When the next round is due.
    next: Option<Round>,
    last: Option<Instant>,
    asking: bool,
    typical: BTreeMap<For, Typical>,
}

/// A round to come: due with the first of its objects, and held back a little for those that are due soon after.
#[derive(Clone, Copy, Debug)]
struct Round {
    first: Instant,
    at: Instant,
}

impl Round {
    fn join(round: Option<Round>, due: Instant) -> Round {
        match round {
            None => Round { first: due, at: due },
            Some(round) if due < round.first => {
                // What was due within the time of the earlier one stays; the others get a round of their own.
                let at = if round.at <= due + TOGETHER { round.at } else { due };
                Round { first: due, at }
            }
            Some(round) if due <= round.first + TOGETHER => Round { at: round.at.max(due), ..round },
            Some(round) => round,
        }
    }
}

impl Waiting {
    /// Tells whether nothing is waited for.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Returns when the next round is due.
    pub fn next(&self) -> Option<Instant> {
        self.next.filter(|_| !self.asking && !self.members.is_empty()).map(|round| round.at)
    }

    /// Stops waiting for objects whose round ended without an answer.
    pub fn forget(&mut self, steps: &[usize]) {
        if steps.iter().any(|step| self.members.contains_key(step)) {
            self.members.retain(|step, _| !steps.contains(step));
            self.asking = false;
        }
    }

    fn add(&mut self, step: usize, what: For, first: Duration) {
        let now = Instant::now();
        self.members.insert(step, Member { what, since: now });
        let due = now + self.typical.entry(what).or_default().first(first);
        self.next = Some(Round::join(self.next, self.earliest().max(due)));
    }

    /// Returns when the next round may be at the earliest.
    fn earliest(&self) -> Instant {
        self.last.map_or_else(Instant::now, |last| last + SHORTEST)
    }

    fn plan_next(&mut self) {
        let (now, earliest) = (Instant::now(), self.earliest());
        let mut dues: Vec<Instant> = self
            .members
            .values()
            .map(|member| {
                let left = self.typical.get(&member.what).map(|typical| typical.next(now - member.since));
                earliest.max(now + left.unwrap_or(SHORTEST))
            })
            .collect();
        dues.sort_unstable();
        self.next = dues.into_iter().fold(None, |round, due| Some(Round::join(round, due)));
    }
}

impl<'a> Executor<'a> {
    pub(super) fn wait_usable(&mut self, step: usize) {
        let Some(work) = self.work.get(&step) else { return };
        // What nobody waits for is looked at once, to see that it is ours.
        let first = if self.options.wait { FIRST } else { Duration::ZERO };
        self.waiting.entry(work.lane.clone()).or_default().add(step, For::Usable, first);
    }

    pub(super) fn wait_gone(&mut self, step: usize, lane: &Lane) {
        self.waiting.entry(lane.clone()).or_default().add(step, For::Gone, Duration::ZERO);
    }

    /// A delete may have been carried out or not: its object tells.
    pub(super) fn wait_unclear(&mut self, step: usize, error: CloudError) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let (subject, lane, why) = (work.subject.clone(), work.lane.clone(), error.to_string());
        work.unclear = Some(error);
        self.tell(Event::LookedFor { subject, action: Action::Delete, why });
        self.waiting.entry(lane).or_default().add(step, For::Unclear, Duration::ZERO);
    }

    pub(super) fn wait_changed(&mut self, step: usize, lane: &Lane) {
        self.waiting.entry(lane.clone()).or_default().add(step, For::Changed, Duration::ZERO);
    }

    pub(super) fn start_polling(&mut self) {
        let now = Instant::now();
        let due: Vec<Lane> = self
            .waiting
            .iter()
            .filter(|(_, waiting)| waiting.next().is_some_and(|next| next <= now))
            .map(|(lane, _)| lane.clone())
            .collect();
        for lane in due {
            let Some(waiting) = self.waiting.get_mut(&lane) else { continue };
            waiting.asking = true;
            waiting.last = Some(now);
            waiting.next = None;
            let steps: Vec<usize> = waiting.members.keys().copied().collect();
            let known: Vec<Known> = steps.iter().filter_map(|step| self.work.get(step)).map(known).collect();
            let Some(resource_type) = steps.first().and_then(|step| Some(self.work.get(step)?.resource_type))
            else {
                continue;
            };
            let (clouds, members) = (self.clouds.clone(), steps.clone());
            let watch = self.watch(false).of(steps.clone(), None);
            self.spawn(steps, None, async move {
                let found = watch.over(clouds.reader.observe(&lane.provider, resource_type, &known)).await;
                Report::Polled(lane, members.into_iter().zip(found).collect())
            });
        }
    }

    /// Hears what became of the objects that are waited for.
    pub(super) fn polled(&mut self, lane: &Lane, answers: Vec<(usize, Observed)>) {
        for (step, found) in answers {
            let Some(member) = self.waiting.get(lane).and_then(|waiting| waiting.members.get(&step)) else {
                continue;
            };
            let (what, since) = (member.what, member.since);
            let found = self.on_its_parent(step, found);
            let is_there =
                matches!(&found, Observed::Present(object) if !matches!(object.life, Life::Pending(_)));
            let ended = match found {
                Observed::Unread(error) => self.unread(step, what, error),
                Observed::Absent => self.absent(step, what, since),
                Observed::Present(object) => self.present(step, what, since, *object),
            };
            if ended && let Some(waiting) = self.waiting.get_mut(lane) {
                waiting.members.remove(&step);
                if is_there || matches!(what, For::Gone | For::Unclear) {
                    waiting.typical.entry(what).or_default().note(since.elapsed());
                }
            }
        }
        let now = Instant::now();
        let expired: Vec<usize> = self
            .waiting
            .get(lane)
            .into_iter()
            .flat_map(|waiting| waiting.members.keys().copied())
            .filter(|step| {
                let deadline = self.work.get(step).and_then(|work| work.deadline);
                deadline.is_none_or(|deadline| deadline <= now)
            })
            .collect();
        for step in expired {
            self.timed_out(step);
            if let Some(waiting) = self.waiting.get_mut(lane) {
                waiting.members.remove(&step);
            }
        }
        if let Some(waiting) = self.waiting.get_mut(lane) {
            waiting.asking = false;
            waiting.plan_next();
        }
    }

    /// An answer that shows an object of ours on another parent is no answer.
    fn on_its_parent(&self, step: usize, found: Observed) -> Observed {
        let (Observed::Present(object), Some(work)) = (&found, self.work.get(&step)) else { return found };
        let known = work.planned.as_ref().filter(|_| work.unproven().is_none());
        let error = known.and_then(|known| moved(work.resource_type, known, object));
        error.map_or(found, Observed::Unread)
    }

    /// A read that fails is tried again until the time-out, unless trying cannot help.
    fn unread(&mut self, step: usize, what: For, error: crate::cloud::CloudError) -> bool {
        if !matches!(error.class, ErrorClass::Denied | ErrorClass::Invalid) {
            let Some(work) = self.work.get_mut(&step) else { return true };
            work.unread += 1;
            // The first may be a fault of a moment.
            if work.unread >= 2 {
                self.kept(step, &format!("it cannot be read: {error}").into());
            }
            return false;
        }
        let Some(work) = self.work.get(&step) else { return true };
        if let Some(error) = work.unclear.clone() {
            self.fail_open(step, call_failed(Action::Delete, &error));
            return true;
        }
        let mut diagnostic = call_failed(work.action, &error);
        diagnostic.detail.push_str(match what {
            For::Usable => "\n\nThe object was accepted and keeps its id in the state; it is not known whether it is usable.",
            For::Gone => "\n\nThe delete was accepted; it is not known whether the object is gone, so it stays in the state.",
            For::Unclear => "",
            For::Changed => "\n\nThe change was accepted; the state shows the object as it was.",
        });
        if what == For::Usable {
            self.summary.pending += 1;
        }
        self.fail(step, diagnostic);
        true
    }

    fn absent(&mut self, step: usize, what: For, since: Instant) -> bool {
        let Some(work) = self.work.get(&step) else { return true };
        if matches!(what, For::Gone | For::Unclear) {
            self.deleted(step);
            return true;
        }
        // Lists lag: only after the settle time is an accepted object that is not shown worth a word.
        if since.elapsed() < self.options.settle.of(&work.lane.provider.to_string()) {
            return false;
        }
        let id = short(work.id.as_deref().unwrap_or_default());
        if work.unproven().is_some() {
            // The id may be wrong and the object there under its own.
            let why = format!("the cloud answered the id {id} and does not show it");
            self.disproved(step, since, why, true);
            return true;
        }
        let diagnostic = Diagnostic::error(
            "Cloud does not show an accepted object",
            format!(
                "{} was accepted as {id}, but the cloud does not show it after the settle time. Its id stays in the \
                 state; the next plan looks again.",
                work.subject.address
            ),
        );
        self.fail(step, diagnostic);
        true
    }

    /// Tells whether an object that was answered to a create is that of another one on the parent whose answer was wrong.
    fn of_another(&self, step: usize, object: &Object) -> Option<Strange> {
        let work = self.work.get(&step)?;
        let (intent, planned) = (work.intent.as_ref()?, work.planned.as_ref()?);
        let spot = spot_of(intent);
        let others = self.work.values().filter(|other| {
            let open = other.intent.as_ref().filter(|other| other.action == IntentAction::Create);
            open.is_some_and(|other| {
                other.parent == intent.parent && other.id != intent.id && spot_of(other) == spot
            })
        });
        others
            .filter_map(|other| other.planned.as_ref())
            .find_map(|other| rather(work.resource_type, planned, other, object))
    }

    fn present(&mut self, step: usize, what: For, since: Instant, mut object: Object) -> bool {
        let Some(work) = self.work.get_mut(&step) else { return true };
        // The cloud was not told what is to be hidden.
        if let Some(planned) = &work.planned {
            object.value = object.value.marked_like(planned);
        }
        (work.unread, work.why) = (0, None);
        if what == For::Gone {
            return false;
        }
        if let Some(error) = work.unclear.clone() {
            return self.still_there(step, since, &object, &error);
        }
        if work.unproven().is_some() {
            match work
                .planned
                .as_ref()
                .map_or(Ok(()), |planned| examine(work.resource_type, planned, &object))
                .and_then(|()| self.of_another(step, &object).map_or(Ok(()), Err))
            {
                Ok(()) => self.bind(step, &object.value),
                Err(strange) => {
                    let why = format!("the cloud answered the id of another object: {}", strange.why());
                    self.disproved(step, since, why, matches!(strange, Strange::Name(_)));
                    return true;
                }
            }
        }
        let Some(work) = self.work.get_mut(&step) else { return true };
        match object.life {
            Life::Pending(percent) => {
                work.percent = percent.or(work.percent);
                if object.value.get("status").is_some_and(is_nothing) {
                    self.kept(step, &"the cloud does not tell its state".into());
                }
                if what == For::Usable && !self.options.wait && !self.resumed.contains_key(&step) {
                    self.leave_pending(step, true);
                    return true;
                }
                // An object that an earlier run left in the making may still fail, and the change with it.
                what == For::Changed && !self.options.wait && self.settle_change(step, since, &object, true)
            }
            Life::Failed(word) => {
                let detail = format!(
                    "The cloud could not make {} ({}): its status is {:?}. It is recorded as tainted; the next \
                     apply makes another one and removes it after that.",
                    work.subject.address,
                    object.id,
                    short(&word)
                );
                self.with_entry(step, |ledger, entry, work| {
                    ledger.put(entry, &object.value, Some(&work.companion), false, true);
                });
                self.fail(step, Diagnostic::error("Cloud failed to make an object", detail));
                true
            }
            Life::Leaving => {
                let detail =
                    format!("{} ({}) is being deleted by somebody else.", work.subject.address, object.id);
                self.fail(step, Diagnostic::error("Object is being deleted", detail));
                true
            }
            Life::Usable | Life::Expired(_) if what == For::Usable => {
                if self.send_rest(step, &object) {
                    return true;
                }
                self.shown(step, &object.value, false);
                true
            }
            Life::Usable | Life::Expired(_) => self.settle_change(step, since, &object, false),
        }
    }

    /// Hears that the object of a delete without an answer is there.
    fn still_there(&mut self, step: usize, since: Instant, object: &Object, error: &CloudError) -> bool {
        let Some(work) = self.work.get(&step) else { return true };
        let settle = self.options.settle.of(&work.lane.provider.to_string());
        if object.life == Life::Leaving || since.elapsed() < settle {
            return false;
        }
        let mut diagnostic = call_failed(Action::Delete, error);
        diagnostic
            .detail
            .push_str("\n\nThe object is still there after the settle time, so it was not carried out.");
        self.fail(step, diagnostic);
        true
    }

    fn shown(&mut self, step: usize, value: &Value, pending: bool) {
        self.with_entry(step, |ledger, entry, work| {
            ledger.put(entry, value, Some(&work.companion), pending, false);
        });
        self.complete(step, Some(value));
    }

    /// Records a changed object once it shows the change, or shows something else after the settle time.
    fn settle_change(&mut self, step: usize, since: Instant, object: &Object, pending: bool) -> bool {
        let Some(work) = self.work.get(&step) else { return true };
        let planned = work.planned.as_ref();
        let differs = planned.is_some_and(|planned| {
            let mut attributes = work.resource_type.block.attributes.iter();
            attributes.any(|attribute| {
                let (want, has) = (planned.get(attribute.name), object.value.get(attribute.name));
                let has = has.map(|has| declared_part(work.resource_type, attribute.name, has, planned));
                attribute.presence.is_configurable()
                    && want.is_some_and(|want| {
                        want.is_wholly_known()
                            && !is_nothing(want)
                            && has.is_some_and(|has| has.unmarked_deep() != want.unmarked_deep())
                    })
            })
        });
        if differs && since.elapsed() < self.options.settle.of(&work.lane.provider.to_string()) {
            return false;
        }
        if differs {
            self.diagnostics.push(
                Diagnostic::warning(
                    "Cloud shows another value than was sent",
                    format!(
                        "{} was updated, but the cloud still shows a different value after the settle time. The next \
                         plan shows the difference.",
                        work.subject.address
                    ),
                )
                .about(&work.subject.address),
            );
        }
        self.shown(step, &object.value, pending);
        true
    }

    fn timed_out(&mut self, step: usize) {
        let Some(work) = self.work.get(&step) else { return };
        if let Some(error) = work.unclear.clone() {
            return self.fail_open(step, call_failed(Action::Delete, &error));
        }
        match work.action {
            Action::Create => self.leave_pending(step, !self.options.wait),
            _ => {
                let detail = format!(
                    "The call for {} was accepted, but its effect does not show after {} s. The object stays in the \
                     state as it was; the next plan looks again.",
                    work.subject.address,
                    work.elapsed().as_secs()
                );
                self.fail(step, Diagnostic::error("Operation did not end in time", detail));
            }
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("") || value.members().is_some_and(|members| members.is_empty())
}

/// Returns how an object is asked for: with everything that is remembered or planned of it.
fn known(work: &Work) -> Known {
    let id = work.id.clone().unwrap_or_default();
    let value = match &work.planned {
        Some(planned) => accepted_value(planned, &id),
        None => accepted_value(&Value::null(Type::Dynamic), &id),
    };
    Known { id, value, alone: false }
}
