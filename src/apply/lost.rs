//! After a lost answer: the object of a create is looked for before anything is sent again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::event::{Action, Event};
use super::executor::{Executor, Work};
use super::interrupt::Level;
use super::kind::system_of;
use super::operation::Report;
use super::recover::{Evidence, Open, Verdict, decide, spot_of};
use super::recovery;
use crate::cloud::{CloudError, Object, short};
use crate::diagnostic::Diagnostic;
use crate::lang::Value;
use crate::schema::ResourceType;
use crate::state::Intent;

/// How often a create is sent when each answer is lost and no object appears.
const ATTEMPTS: u32 = 3;

/// How long to wait before the parent of a create is read again when that failed.
const PAUSE_AFTER_UNREAD: Duration = Duration::from_secs(5);

impl Executor<'_> {
    /// Nobody knows whether the create was carried out: its object is looked for once the cloud must show it.
    pub(super) fn lost(&mut self, step: usize, error: &CloudError) {
        self.seek(step, Instant::now(), error.to_string());
    }

    /// The id that was answered to a create at this time is not that of its object, or of an object that nobody shows.
    /// It may still be ours where it is kept as a suspect.
    pub(super) fn disproved(&mut self, step: usize, answered: Instant, why: String, suspect: bool) {
        let Some(work) = self.work.get_mut(&step) else { return };
        let id = work.id.take();
        if suspect {
            work.suspect = id.map(|id| (id, why.clone()));
        } else if let Some(intent) = &mut work.intent {
            intent.object = None;
            self.ledger.intend(intent);
        }
        self.seek(step, answered, why);
    }

    fn seek(&mut self, step: usize, answered: Instant, why: String) {
        let Some(work) = self.work.get(&step) else { return };
        let settle = self.options.settle.of(&work.lane.provider.to_string());
        let subject = work.subject.clone();
        self.tell(Event::LookedFor { subject, action: Action::Create, why });
        self.seeking.insert(step, answered + settle);
    }

    /// Ends a create whose id was answered and never shown: its intent keeps the id, and the next run looks for it again.
    pub(super) fn leave_unproven(&mut self, step: usize) {
        let Some(work) = self.work.get(&step) else { return };
        let (Some(intent), Some(id)) = (&work.intent, &work.id) else { return };
        let text = format!(
            "The cloud took the create of {} and answered the id {}, which it has not shown so far, so it is not known \
             whether it is that of the new object.\n\nThe intent {} stays open, and the next run looks again.",
            intent.address,
            short(id),
            intent.id
        );
        self.fail_open(step, Diagnostic::error("Accepted object is not shown yet", text));
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
        let (attempts, suspect) = (work.attempts, work.suspect.clone());
        let objects = match found {
            Ok(objects) => objects,
            Err(_) if in_time && self.level < Level::Leave => {
                self.seeking.insert(step, now + PAUSE_AFTER_UNREAD);
                return;
            }
            Err(error) => return self.fail(step, unresolved(&intent, &error.to_string())),
        };
        match self.recognise(&intent, work.resource_type, planned, objects) {
            Verdict::Adopt(id) => self.adopted(step, &id),
            Verdict::NotFound if suspect.is_some() => {
                self.fail(step, unproven(&intent, suspect));
            }
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
                let list: String = candidates.iter().map(|id| format!("\n  - {}", short(id))).collect();
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

    pub(super) fn recognise(
        &self,
        intent: &Intent,
        resource_type: &'static ResourceType,
        declared: Value,
        objects: Vec<Object>,
    ) -> Verdict {
        let mut owned: BTreeSet<(String, String)> = recovery::owned(&self.ledger.state);
        // An id that was answered for another parent than the one on which the object lies is not that of the answer.
        let here = |work: &&Work| match (&work.intent, work.unproven()) {
            (Some(other), Some(_)) => other.parent == intent.parent,
            _ => true,
        };
        let ids = self.work.values().filter(here).filter_map(|work| {
            Some((system_of(work.lane.type_name).to_owned(), work.id.as_ref()?.to_string()))
        });
        owned.extend(ids);
        let mut open = vec![Open { intent: intent.clone(), resource_type, declared }];
        // Others that look for their objects on this parent: what is there is shared out among all of them.
        let spot = spot_of(intent);
        let others = self.seeking.keys().filter_map(|step| self.work.get(step));
        open.extend(others.filter_map(|work| {
            let other =
                work.intent.as_ref().filter(|other| other.id != intent.id && spot_of(other) == spot)?;
            let intent = Intent { object: None, ..other.clone() };
            Some(Open { intent, resource_type: work.resource_type, declared: work.planned.clone()? })
        }));
        open[0].intent.object = None;
        let on_parents = BTreeMap::from([(spot, Ok(objects))]);
        let verdicts = decide(
            &open,
            &Evidence {
                claims: &BTreeMap::new(),
                on_parents: &on_parents,
                observed: &BTreeMap::new(),
                owned: &owned,
                alive: &BTreeSet::new(),
                now: jiff::Timestamp::MAX,
                asked: jiff::Timestamp::MAX,
                settle: &|_| Duration::ZERO,
            },
        );
        verdicts.into_iter().next().unwrap_or(Verdict::NotFound)
    }
}

fn unproven(intent: &Intent, suspect: Option<(Arc<str>, String)>) -> Diagnostic {
    let (id, why) = suspect.unwrap_or_default();
    Diagnostic::error(
        "Accepted object is not the one that was asked for",
        format!(
            "The answer to the create of {} names {}, but {why}; and after the settle time no other new object with these \
             parameters is there.\n\nThe intent {} stays open and nothing is created in its place; the next run looks again.",
            intent.address,
            short(&id),
            intent.id
        ),
    )
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
