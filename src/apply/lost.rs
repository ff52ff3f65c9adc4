//! After a lost answer: the object of a create is looked for before anything is sent again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use super::event::{Action, Event};
use super::executor::Executor;
use super::interrupt::Level;
use super::operation::Report;
use super::recover::{Evidence, Open, Verdict, decide, spot_of};
use super::recovery;
use crate::cloud::{CloudError, Object};
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
        let Some(work) = self.work.get(&step) else { return };
        let settle = self.options.settle.of(&work.lane.provider.to_string());
        let subject = work.subject.clone();
        self.tell(Event::LookedFor { subject, action: Action::Create, why: error.to_string() });
        self.seeking.insert(step, Instant::now() + settle);
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
            Err(_) if in_time && self.level < Level::Leave => {
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

    pub(super) fn recognise(
        &self,
        intent: &Intent,
        resource_type: &'static ResourceType,
        declared: Value,
        objects: Vec<Object>,
    ) -> Verdict {
        let mut owned: BTreeSet<(String, String)> = recovery::owned(&self.ledger.state);
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
