//! How steps and runs end: well, badly, skipped, or taken back before they were sent.

use std::sync::Arc;

use super::event::{Action, Event, SkipReason, Subject};
use super::executor::{Executor, Job, subject_of};
use super::interrupt::Level;
use super::run::Outcome;
use super::schedule::Stage;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::lang::Value;
use crate::lang::hidden::masked;
use crate::plan::{ActionReason, StepAction};

impl Executor<'_> {
    /// Ends a step well: the steps after it see the new object.
    pub(super) fn complete(&mut self, step: usize, outcome: Option<&Value>) {
        let Some(work) = self.work.remove(&step) else { return };
        self.release_parent(&work);
        match work.action {
            Action::Create if self.resumed.contains_key(&step) => {}
            Action::Create => self.summary.added += 1,
            Action::Update => self.summary.changed += 1,
            Action::Delete => self.summary.destroyed += 1,
            Action::Read => {}
        }
        let id = outcome.and_then(|value| value.get("id")).and_then(Value::as_str).map(Arc::from);
        self.tell(Event::ActionCompleted {
            subject: work.subject.clone(),
            action: work.action,
            id,
            elapsed: work.elapsed(),
        });
        if self.resumed.contains_key(&step) {
            return self.schedule.end(step, Stage::Done);
        }
        self.record(step, &work.subject, outcome);
    }

    /// Gives the outcome of a step to the evaluator, which may find that a postcondition does not hold.
    pub(super) fn record(&mut self, step: usize, subject: &Subject, outcome: Option<&Value>) {
        match self.resolver.record(step, outcome) {
            Ok(warnings) => {
                self.diagnostics.extend(warnings);
                self.schedule.end(step, Stage::Done);
            }
            Err(found) => {
                self.diagnose(found, subject);
                self.summary.failed += 1;
                self.schedule.end(step, Stage::Failed);
            }
        }
    }

    /// Ends a step badly.
    pub(super) fn fail(&mut self, step: usize, why: impl Into<Diagnostics>) {
        let Some(work) = self.work.remove(&step) else { return };
        self.release_parent(&work);
        self.seeking.remove(&step);
        if let Some(intent) = work.intent.as_ref().filter(|_| work.action == Action::Delete) {
            self.ledger.settle(&intent.id);
        }
        if work.started.is_some() {
            self.tell(Event::ActionErrored {
                subject: work.subject.clone(),
                action: work.action,
                id: work.id.clone(),
                elapsed: work.elapsed(),
            });
        }
        let found: Diagnostics = why.into();
        let before = self.change_of(step).and_then(|change| change.change.before().cloned());
        // Clouds quote what they were sent.
        let mask = |each: Diagnostic| {
            let detail = masked(each.detail, work.planned.iter().chain(&before));
            Diagnostic { detail, ..each }
        };
        let mut found: Diagnostics = found.into_iter().map(mask).collect();
        let nested = self
            .change_of(step)
            .is_some_and(|change| matches!(change.reason, Some(ActionReason::ReadBecauseCheckNested)));
        if nested {
            // Checks report; they never end a run.
            let warnings = found.into_iter().map(|each| Diagnostic { severity: Severity::Warning, ..each });
            found = warnings.collect();
        }
        self.diagnose(found, &work.subject);
        if nested {
            return self.schedule.end(step, Stage::Done);
        }
        self.summary.failed += 1;
        self.schedule.end(step, Stage::Failed);
    }

    /// Ends a step badly and leaves its intent open, because nobody knows what became of its call.
    pub(super) fn fail_open(&mut self, step: usize, why: impl Into<Diagnostics>) {
        if let Some(work) = self.work.get_mut(&step) {
            work.intent = None;
        }
        self.fail(step, why);
    }

    /// Ends a step that was not sent, for a reason that holds for the steps after it too.
    pub(super) fn skip(&mut self, step: usize, reason: SkipReason, detail: String) {
        if let Some(intent) = self.work.get(&step).and_then(|work| work.intent.as_ref()) {
            self.ledger.settle(&intent.id);
        }
        let Some(work) = self.work.remove(&step) else { return };
        self.release_parent(&work);
        self.tell(Event::Skipped {
            subject: work.subject.clone(),
            action: work.action,
            reason: reason.clone(),
        });
        let verb = if work.action == Action::Delete { "destroyed" } else { "changed" };
        let summary = match reason {
            SkipReason::Protected(_) => "Object is protected by a tag",
            _ => "Object changed after the plan was made",
        };
        self.diagnose(
            Diagnostic::error(summary, format!("{} was not {verb}: {detail}", work.subject.address)).into(),
            &work.subject,
        );
        self.summary.skipped += 1;
        self.schedule.end(step, Stage::Failed);
    }

    pub(super) fn diagnose(&mut self, found: Diagnostics, subject: &Subject) {
        for mut diagnostic in found {
            diagnostic.address.get_or_insert_with(|| subject.address.to_string());
            self.diagnostics.push(diagnostic);
        }
    }

    /// Takes back a step whose call was not let through, as if it had never been started.
    pub(super) fn hold(&mut self, step: usize) {
        if self.work.get(&step).is_some_and(|work| work.action == Action::Create && work.attempts > 1) {
            return self.fail_open(
                step,
                Diagnostic::error(
                    "Outcome of a call is not known",
                    "The answer to a create was lost, and the run stopped before its object was found. The next run looks \
                     for it.",
                ),
            );
        }
        let Some(work) = self.work.remove(&step) else { return };
        if let Some(intent) = &work.intent {
            self.ledger.settle(&intent.id);
        }
        self.release_parent(&work);
        self.schedule.put_back(step);
    }

    /// Takes back everything that was not sent, with the intents that were written for it.
    pub(super) fn withdraw(&mut self) {
        let mut steps: Vec<usize> = std::mem::take(&mut self.wave);
        steps.extend(std::mem::take(&mut self.delayed).into_iter().map(|(_, step)| step));
        for queue in self.lanes.values_mut() {
            for job in queue.jobs.drain(..) {
                match job {
                    Job::Create(creates) => steps.extend(creates),
                    Job::Change(step) | Job::Read(step) => steps.push(step),
                }
            }
        }
        for queue in self.parents.values_mut() {
            steps.extend(queue.drain(..));
        }
        for step in steps {
            // A create that was sent before and whose answer was lost keeps its intent: its object may still appear.
            let was_sent = self.work.get(&step).is_some_and(|work| work.attempts > 0);
            if was_sent {
                self.fail(
                    step,
                    Diagnostic::error(
                        "Outcome of a call is not known",
                        "The answer to a create was lost and the run was stopped before its object was found. The \
                         next run looks for it.",
                    ),
                );
                continue;
            }
            if let Some(work) = self.work.remove(&step) {
                if let Some(intent) = &work.intent {
                    self.ledger.settle(&intent.id);
                }
                self.release_parent(&work);
            }
            self.schedule.put_back(step);
        }
    }

    pub(super) async fn finish(mut self) -> Outcome {
        self.tasks.abort_all();
        if self.level == Level::Leave {
            self.leave();
        }
        self.skip_unstarted();
        let conclusion = self.resolver.conclude();
        self.ledger.conclude(&conclusion);
        // What is wrong with an output may have been found when something else needed it.
        for found in conclusion.diagnostics {
            if !self.diagnostics.iter().any(|known| *known == found) {
                self.diagnostics.push(found);
            }
        }
        self.save().await;
        self.ledger.confirm().await;
        if self.ledger.broken.is_none() && self.ledger.open.is_empty() {
            self.journal.discard(&self.options.run);
        }
        let unsaved = self.ledger.broken.take();
        let complete = !self.diagnostics.has_errors()
            && unsaved.is_none()
            && self.summary.failed == 0
            && self.skipped.values().all(|reason| matches!(reason, SkipReason::NotWaited(_)));
        for diagnostic in &self.diagnostics {
            self.tell(Event::Diagnosed(diagnostic.clone()));
        }
        self.tell(Event::Finished(self.summary));
        Outcome {
            state: self.ledger.state,
            summary: self.summary,
            diagnostics: self.diagnostics,
            unsaved,
            saves: self.ledger.saves,
            complete,
        }
    }

    pub(super) fn skip_unstarted(&mut self) {
        let halted = match () {
            () if self.refused => SkipReason::Refused,
            () if self.ledger.broken.is_some() => SkipReason::Unsaved,
            () => SkipReason::Interrupted,
        };
        for (step, causes) in self.schedule.unstarted() {
            let subjects = |stage: Stage| -> Vec<Subject> {
                let steps = causes.iter().filter(|cause| self.schedule.stage(**cause) == stage);
                steps.filter_map(|cause| self.change_of(*cause)).map(subject_of).collect()
            };
            let (failed, left) = (subjects(Stage::Failed), subjects(Stage::Left));
            let Some(change) = self.change_of(step) else { continue };
            let action = match self.plan.steps.get(step).map(|step| &step.action) {
                Some(StepAction::Create { .. }) => Action::Create,
                Some(StepAction::Update { .. }) => Action::Update,
                Some(StepAction::Delete { .. }) => Action::Delete,
                Some(StepAction::Read { .. }) => Action::Read,
                Some(StepAction::Record { .. } | StepAction::Evaluate { .. }) | None => continue,
            };
            let reason = if !failed.is_empty() {
                SkipReason::DependsOn(failed)
            } else if !left.is_empty() {
                SkipReason::NotWaited(left)
            } else if !causes.is_empty() {
                SkipReason::DependsOn(Vec::new())
            } else {
                halted.clone()
            };
            self.summary.skipped += 1;
            self.tell(Event::Skipped { subject: subject_of(change), action, reason: reason.clone() });
            self.skipped.insert(step, reason);
        }
        let interrupted = self.skipped.values().filter(|reason| **reason == SkipReason::Interrupted).count();
        if interrupted > 0 {
            self.diagnostics.push(Diagnostic::error(
                "Operation was interrupted",
                format!(
                    "{interrupted} of the planned operations were not started. What was sent is recorded; run apply \
                     again to go on."
                ),
            ));
        }
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
