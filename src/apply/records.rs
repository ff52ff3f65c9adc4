//! When a run writes down what: accepted ids at once, outcomes when it is worth a write, heartbeats while calls are open.

use std::time::Duration;

use tokio::time::Instant;

use super::event::Event;
use super::executor::{Ended, Executor};
use super::operation::Report;
use super::options::Options;
use crate::diagnostic::Diagnostic;
use crate::state::AcceptedLine;

/// Heartbeats come no faster than this, however short the settle time: each is a write of the state.
pub(super) const SHORTEST_BEAT: Duration = Duration::from_secs(1);

/// Returns the time between two heartbeats.
pub(super) fn beat_of(options: &Options) -> Duration {
    (options.settle.shortest() / 4).max(SHORTEST_BEAT)
}

impl Executor<'_> {
    /// Writes all newly accepted ids to the journal, with one sync, before anything else is done with them.
    pub(super) fn note_accepted(&mut self, reports: &[Ended]) {
        let now = self.options.clock.now().to_string();
        let answers = reports.iter().filter_map(|report| match report {
            Ok(Report::Created(answers)) => Some(answers),
            _ => None,
        });
        let lines: Vec<AcceptedLine> = answers
            .flatten()
            .filter_map(|(step, answer)| {
                let (accepted, work) = (answer.as_ref().ok()?, self.work.get(step)?);
                Some(AcceptedLine {
                    intent: work.intent.as_ref()?.id.clone(),
                    object: accepted.id.to_string(),
                    request: accepted.request_id.clone(),
                    time: now.clone(),
                })
            })
            .collect();
        if lines.is_empty() {
            return;
        }
        if let Err(error) = self.journal.append(&lines)
            && !std::mem::replace(&mut self.journal_failed, true)
        {
            self.diagnostics.push(Diagnostic::warning(
                "The journal of accepted ids cannot be written",
                format!(
                    "{error}.\n\nIf this run is cut off, the next one has to look for the objects that were just \
                     created, which takes the settle time."
                ),
            ));
        }
    }

    /// Returns when the intents of unanswered calls are to be renewed.
    pub(super) fn next_beat(&self) -> Option<Instant> {
        let unanswered = !self.ledger.open.is_empty();
        let last = self.ledger.saved_at().filter(|_| unanswered && self.ledger.broken.is_none())?;
        Some(self.beaten.map_or(last, |beaten| beaten.max(last)) + beat_of(&self.options))
    }

    /// Says that the run is alive, so that nobody concludes anything from its open intents.
    pub(super) async fn beat(&mut self) {
        if self.next_beat().is_none_or(|next| next > Instant::now()) {
            return;
        }
        self.beaten = Some(Instant::now());
        let now = self.options.clock.now().to_string();
        for work in self.work.values_mut() {
            if let Some(intent) = &mut work.intent {
                intent.heartbeat.clone_from(&now);
                self.ledger.intend(intent);
            }
        }
        self.save().await;
    }

    pub(super) async fn checkpoint(&mut self) {
        if self.ledger.next_checkpoint().is_some_and(|next| next <= Instant::now()) {
            self.save().await;
        }
    }

    /// Saves the state and tells whether that worked. After a failure nothing new is started.
    pub(super) async fn save(&mut self) -> bool {
        match self.ledger.save(self.options.clock.now()).await {
            Ok(Some(took)) => {
                self.tell(Event::StateSaved { serial: self.ledger.state.serial, took });
                true
            }
            Ok(None) => true,
            Err(_) => false,
        }
    }
}
