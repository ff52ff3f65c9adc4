//! Writes events as lines.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::super::json::tree::{Json, Members};
use super::super::json::{shown_changes, shown_drift};
use super::super::text::{self, bracket, duration};
use super::line::{Level, line, resource, verbs, with_id};
use super::planned::{self, Operation};
use crate::apply::{Action, ActionStatistics, Event, EventSink, Recovery, SkipReason, Subject, Summary};
use crate::config::TERRAFORM_VERSION;
use crate::diagnostic::json::JsonDiagnostic;
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::lang::address::Mode;
use crate::plan::{Change, Plan};
use crate::state::{RawJson, State};

/// The version of the stream's format.
const UI_VERSION: &str = "1.2";

/// Says what time it is.
pub type Clock = Box<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// Writes the stream. Events come by themselves; plans, findings, summaries and outputs are handed over by the command, which
/// knows when a run is good enough to have them.
pub struct JsonListener {
    out: Mutex<Box<dyn Write + Send>>,
    clock: Clock,
}

impl JsonListener {
    /// Returns a listener that writes to `out`.
    pub fn new(out: Box<dyn Write + Send>, clock: Clock) -> Self {
        Self { out: Mutex::new(out), clock }
    }

    /// Writes the first line: whose stream it is. `product` is the name and version that people read.
    ///
    /// # Errors
    /// The reader went away.
    pub fn version(&self, product: &str) -> io::Result<()> {
        let members = Members::new().with("terraform", TERRAFORM_VERSION).with("ui", UI_VERSION);
        self.write(Level::Info, product, "version", members)
    }

    /// Writes that no cloud is called in this run.
    ///
    /// # Errors
    /// The reader went away.
    pub fn sandbox(&self, message: &str) -> io::Result<()> {
        self.write(Level::Warn, message, "snapform_sandbox", Members::new())
    }

    /// Writes a plan that was just made: drift, changes, summary, outputs.
    ///
    /// # Errors
    /// The reader went away.
    pub fn planned(&self, plan: &Plan) -> io::Result<()> {
        for drift in shown_drift(plan) {
            let action = planned::change_action(drift);
            let message = format!("{}: Drift detected ({action})", drift.address);
            let members = Members::new().with("change", planned::change(drift));
            self.write(Level::Info, &message, "resource_drift", members)?;
        }
        for change in shown_changes(plan).filter(|change| change.is_change()) {
            self.planned_change(change)?;
        }
        self.summary(&planned::count(shown_changes(plan)), Operation::Plan)?;
        let outputs = planned::planned_outputs(plan);
        if outputs.is_empty() { Ok(()) } else { self.outputs_line(plan.outputs.len(), outputs) }
    }

    /// Writes the changes of a saved plan, before they are carried out.
    ///
    /// # Errors
    /// The reader went away.
    pub fn planned_before(&self, plan: &Plan) -> io::Result<()> {
        shown_changes(plan)
            .filter(|change| !matches!(change.change, Change::NoOp { .. }))
            .try_for_each(|change| self.planned_change(change))
    }

    fn planned_change(&self, change: &crate::plan::ResourceChange) -> io::Result<()> {
        let message = format!("{}: Plan to {}", change.address, planned::change_action(change));
        let members = Members::new().with("change", planned::change(change));
        self.write(Level::Info, &message, "planned_change", members)
    }

    /// Writes the summary of a run that ended well, and after an apply the outputs.
    ///
    /// # Errors
    /// The reader went away.
    pub fn applied(&self, summary: &Summary, state: &State, destroy: bool) -> io::Result<()> {
        if destroy {
            return self.summary(summary, Operation::Destroy);
        }
        self.summary(summary, Operation::Apply)?;
        self.outputs(state)
    }

    /// Writes the outputs of a state.
    ///
    /// # Errors
    /// The reader went away.
    pub fn outputs(&self, state: &State) -> io::Result<()> {
        self.outputs_line(state.outputs.len(), planned::state_outputs(state))
    }

    fn outputs_line(&self, count: usize, outputs: Members) -> io::Result<()> {
        let members = Members::new().with("outputs", outputs);
        self.write(Level::Info, &format!("Outputs: {count}"), "outputs", members)
    }

    fn summary(&self, summary: &Summary, operation: Operation) -> io::Result<()> {
        let (message, members) = planned::summary(summary, operation);
        self.write(Level::Info, &message, "change_summary", members)
    }

    /// Writes a finding.
    ///
    /// # Errors
    /// The reader went away.
    pub fn diagnostic(&self, diagnostic: &Diagnostic, sources: &Sources) -> io::Result<()> {
        let (level, word) = match diagnostic.severity {
            Severity::Error => (Level::Error, "Error"),
            Severity::Warning => (Level::Warn, "Warning"),
        };
        let shown = JsonDiagnostic::new(diagnostic, sources);
        let text = serde_json::to_string(&shown).map_err(io::Error::other)?;
        let shown = RawJson::parse(&text).map_err(io::Error::other)?;
        let shown = Json::Raw(shown.as_str().to_owned());
        let message = format!("{word}: {}", diagnostic.summary);
        self.write(level, &message, "diagnostic", Members::new().with("diagnostic", shown))
    }

    fn write(&self, level: Level, message: &str, kind: &'static str, members: Members) -> io::Result<()> {
        let mut text = line(level, message, (self.clock)(), kind, members);
        text.push('\n');
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        out.write_all(text.as_bytes())?;
        out.flush()
    }
}

impl EventSink for JsonListener {
    fn heard(&self, event: &Event) {
        if let Some((message, kind, hook)) = hook_of(event) {
            // A reader that went away is found out by the command at the next line that it writes itself.
            let _ = self.write(Level::Info, &message, kind, Members::new().with("hook", hook));
        }
    }
}

/// Returns message, type and hook of an event, if it is worth a line.
fn hook_of(event: &Event) -> Option<(String, &'static str, Members)> {
    let about = |subject: &Subject| Members::new().with("resource", resource(&subject.address));
    let acting = |subject: &Subject, action: &Action| about(subject).with("action", action.as_str());
    Some(match event {
        Event::RefreshStarted { subject, id } if subject.address.resource.mode == Mode::Managed => {
            let message = format!("{}: Refreshing state...{}", subject.address, bracket(id.as_deref()));
            (message, "refresh_start", with_id(about(subject), id.as_deref()))
        }
        Event::RefreshCompleted { subject, id } if subject.address.resource.mode == Mode::Managed => {
            let message = format!("{}: Refresh complete{}", subject.address, bracket(id.as_deref()));
            (message, "refresh_complete", with_id(about(subject), id.as_deref()))
        }
        Event::ActionStarted { subject, action, id } => {
            let message = format!("{}: {}...{}", subject.address, verbs(*action).0, bracket(id.as_deref()));
            (message, "apply_start", with_id(acting(subject, action), id.as_deref()))
        }
        Event::ActionProgressed { subject, action, elapsed, why, .. } => {
            let (_, verb, _) = verbs(*action);
            let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            let message =
                format!("{}: Still {verb}... [{} elapsed]{why}", subject.address, duration(*elapsed));
            (message, "apply_progress", acting(subject, action).with("elapsed_seconds", elapsed.as_secs()))
        }
        Event::ActionCompleted { subject, action, id, elapsed } => {
            let id = id.as_deref().filter(|_| *action != Action::Delete);
            let (_, _, noun) = verbs(*action);
            let message =
                format!("{}: {noun} complete after {}{}", subject.address, duration(*elapsed), bracket(id));
            let hook = with_id(acting(subject, action), id).with("elapsed_seconds", elapsed.as_secs());
            (message, "apply_complete", hook)
        }
        Event::ActionErrored { subject, action, elapsed, .. } => {
            let (_, _, noun) = verbs(*action);
            let message = format!("{}: {noun} errored after {}", subject.address, duration(*elapsed));
            (message, "apply_errored", acting(subject, action).with("elapsed_seconds", elapsed.as_secs()))
        }
        ours => {
            let (kind, hook) = own_hook(ours)?;
            (text::event(ours)?, kind, hook)
        }
    })
}

/// Returns type and hook of an event that Terraform does not have.
fn own_hook(event: &Event) -> Option<(&'static str, Members)> {
    let acting = |subject: &Subject, action: Option<Action>| {
        Members::new()
            .with("resource", resource(&subject.address))
            .maybe("deposed", subject.deposed.as_deref())
            .maybe("action", action.map(Action::as_str))
    };
    Some(match event {
        Event::Recovered { subject, action, outcome } => {
            let (word, id) = recovery(outcome);
            let hook = acting(subject, Some(*action)).with("outcome", word);
            ("snapform_recovered", with_id(hook, id))
        }
        Event::Accepted { subject, id, request_id } => {
            let hook = with_id(acting(subject, Some(Action::Create)), Some(id));
            ("snapform_accepted", hook.maybe("request_id", request_id.as_deref()))
        }
        Event::LookedFor { subject, action, why } => {
            ("snapform_looked_for", acting(subject, Some(*action)).with("why", why.as_str()))
        }
        Event::LeftPending { subject, id, elapsed, asked } => {
            let hook = with_id(acting(subject, None), Some(id));
            ("snapform_left_pending", hook.with("elapsed_seconds", elapsed.as_secs()).with("asked", *asked))
        }
        Event::Skipped { subject, action, reason } => {
            ("snapform_skipped", acting(subject, Some(*action)).with("reason", skip_word(reason)))
        }
        Event::Interrupted { times } => {
            ("snapform_interrupted", Members::new().with("times", u64::from(*times)))
        }
        Event::Waiting(wait) => {
            let failure = wait.failure.as_ref();
            let hook = Members::new()
                .with("service", wait.service.as_str())
                .with("action", wait.action.as_str())
                .with("region", wait.region.as_str())
                .with("attempt", u64::from(wait.attempt))
                .with("elapsed_seconds", wait.elapsed.as_secs())
                .maybe("failure", failure.map(|failure| failure.class.as_str()))
                .maybe("code", failure.and_then(|failure| failure.code.as_deref()));
            ("snapform_waiting", hook)
        }
        Event::Tallied { actions, saves, asked } if *asked || !actions.is_empty() => {
            let actions: Vec<Json> = actions.iter().map(|each| statistics(each).into()).collect();
            let members = Members::new().with("actions", actions);
            let members = match saves {
                Some(saves) => {
                    let seconds = Json::Number(format!("{:.3}", saves.took.as_secs_f64()));
                    members.with("state_saves", saves.count).with("state_seconds", seconds)
                }
                None => members,
            };
            ("snapform_stats", members)
        }
        _ => return None,
    })
}

fn statistics(each: &ActionStatistics) -> Members {
    let seconds = |time: Duration| Json::Number(format!("{:.3}", time.as_secs_f64()));
    Members::new()
        .with("service", each.service.as_str())
        .with("action", each.action.as_str())
        .with("region", each.region.as_str())
        .with("calls", each.calls)
        .with("throttled", each.throttled)
        .with("retried", each.retried)
        .with("failed", each.failed)
        .with("bytes_sent", each.bytes_sent)
        .with("bytes_received", each.bytes_received)
        .with("mean_seconds", seconds(each.mean()))
        .with("longest_seconds", seconds(each.longest))
        .with("queued_seconds", seconds(each.queued))
        .with("span_seconds", seconds(each.span))
}

fn recovery(outcome: &Recovery) -> (&'static str, Option<&str>) {
    match outcome {
        Recovery::Adopted { id, pending: true } => ("adopted_pending", Some(id)),
        Recovery::Adopted { id, .. } => ("adopted", Some(id)),
        Recovery::NotFound => ("not_found", None),
        Recovery::Deleted { id } => ("deleted", Some(id)),
        Recovery::NotDeleted { id } => ("not_deleted", Some(id)),
        Recovery::NotSettled { .. } => ("not_settled", None),
        Recovery::Alive { .. } => ("alive", None),
        Recovery::Undecided { .. } => ("undecided", None),
        Recovery::Unread { .. } => ("unread", None),
    }
}

fn skip_word(reason: &SkipReason) -> &'static str {
    match reason {
        SkipReason::DependsOn(_) => "dependency_failed",
        SkipReason::NotWaited(_) => "dependency_pending",
        SkipReason::Interrupted => "interrupted",
        SkipReason::Changed(_) => "changed",
        SkipReason::Protected(_) => "protected",
        SkipReason::Refused => "refused",
        SkipReason::Unsaved => "unsaved",
    }
}
