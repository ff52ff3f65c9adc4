//! What people see while a run goes on: lines as Terraform prints them, or a bar on a terminal.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use crate::apply::{Action, ActionStatistics, Event, EventSink, Recovery, SkipReason, Subject};
use crate::diagnostic::text::printable;
use crate::render::text::statistics;

use super::super::output;

/// Prints events as text.
pub struct TextListener {
    bar: Mutex<Option<ProgressBar>>,
    terminal: bool,
    bold: (&'static str, &'static str),
}

impl TextListener {
    /// Returns a listener; on a terminal it shows a bar while operations run.
    pub fn new(terminal: bool, colour: bool) -> Self {
        let bold = if colour { ("\u{1b}[0m\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        Self { bar: Mutex::new(None), terminal, bold }
    }

    fn line(&self, text: &str) {
        let (on, off) = self.bold;
        let line = format!("{on}{}{off}\n", printable(text));
        let bar = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // A reader that went away is found out at the next write that matters.
        let print = || {
            let _ = output::print(&line);
        };
        match &*bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn start_bar(&self, operations: usize) {
        if !self.terminal || operations == 0 {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(operations as u64), ProgressDrawTarget::stderr());
        let template = "  {bar:30} {pos}/{len} done, {msg} under way, {rate}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let style = style.with_key("rate", |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // A bar that cannot be drawn is no reason to fail.
                let _ = write!(out, "{:.1}/s", state.per_sec());
            });
            bar.set_style(style);
        }
        bar.set_message("0");
        bar.enable_steady_tick(Duration::from_millis(200));
        *self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(bar);
    }

    fn step_bar(&self, started: i64, ended: u64) {
        let bar = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = &*bar {
            let running: i64 = bar.message().parse().unwrap_or(0) + started - ended as i64;
            bar.set_message(running.max(0).to_string());
            bar.inc(ended);
        }
    }

    fn end_bar(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl EventSink for TextListener {
    fn heard(&self, event: &Event) {
        match event {
            Event::Started { operations } => self.start_bar(*operations),
            Event::ActionStarted { .. } => self.step_bar(1, 0),
            Event::ActionCompleted { .. } | Event::ActionErrored { .. } => self.step_bar(0, 1),
            Event::Finished(_) => self.end_bar(),
            _ => {}
        }
        if let Event::Tallied { actions, asked } = event {
            if *asked {
                output::note(&statistics(actions));
            }
            return;
        }
        if let Some(line) = line_of(event) {
            self.line(&line);
        }
    }
}

/// Returns the line that an event is worth, if it is worth one.
pub fn line_of(event: &Event) -> Option<String> {
    Some(match event {
        Event::RefreshStarted { subject, id: Some(id) } => {
            format!("{}: Refreshing state... [id={id}]", name(subject))
        }
        Event::Recovered { subject, action, outcome } => {
            format!("{}: {}", name(subject), recovered(*action, outcome))
        }
        Event::ActionStarted { subject, action, id } => {
            let word = match action {
                Action::Create => "Creating...",
                Action::Update => "Modifying...",
                Action::Delete => "Destroying...",
                Action::Read => "Reading...",
            };
            format!("{}: {word}{}", name(subject), bracket(id.as_deref()))
        }
        Event::ActionProgressed { subject, action, id, elapsed, percent } => {
            let word = match action {
                Action::Create => "creating",
                Action::Update => "modifying",
                Action::Delete => "destroying",
                Action::Read => "reading",
            };
            let percent = percent.map(|percent| format!(", {percent}%")).unwrap_or_default();
            let id = id.as_deref().filter(|_| *action != Action::Create);
            let id = id.map(|id| format!("id={id}, ")).unwrap_or_default();
            format!("{}: Still {word}... [{id}{} elapsed{percent}]", name(subject), short(*elapsed))
        }
        Event::ActionCompleted { subject, action, id, elapsed } => {
            let word = match action {
                Action::Create => "Creation",
                Action::Update => "Modifications",
                Action::Delete => "Destruction",
                Action::Read => "Read",
            };
            let id = id.as_deref().filter(|_| *action != Action::Delete);
            format!("{}: {word} complete after {}{}", name(subject), short(*elapsed), bracket(id))
        }
        Event::LookedFor { subject, why, .. } => {
            format!("{}: The answer was lost ({why}); looking whether it was carried out", name(subject))
        }
        Event::LeftPending { subject, id, elapsed, .. } => {
            format!(
                "{}: Not usable yet after {}; the next run waits on [id={id}]",
                name(subject),
                short(*elapsed)
            )
        }
        Event::Skipped { subject, action, reason } => {
            format!("{}: {} skipped: {}", name(subject), action.as_str(), skipped(reason))
        }
        Event::Interrupted { times: 1 } => {
            "\nInterrupt received.\nNothing new is started; what was sent is finished and recorded.\nInterrupt again to stop waiting: objects in the making are then recorded as pending.\n".to_owned()
        }
        Event::Interrupted { .. } => "\nSecond interrupt received. Recording what was sent, then leaving.\n".to_owned(),
        Event::Tallied { actions, .. } => {
            let sum = |of: fn(&ActionStatistics) -> u64| actions.iter().map(of).sum::<u64>();
            format!(
                "Calls to the clouds: {}, throttled {}, retried {}",
                sum(|each| each.calls),
                sum(|each| each.throttled),
                sum(|each| each.retried)
            )
        }
        _ => return None,
    })
}

fn name(subject: &Subject) -> String {
    match &subject.deposed {
        Some(key) => format!("{} (deposed object {key})", subject.address),
        None => subject.address.to_string(),
    }
}

fn bracket(id: Option<&str>) -> String {
    id.map(|id| format!(" [id={id}]")).unwrap_or_default()
}

/// Durations as Terraform prints them: whole seconds, with minutes from the first on.
pub fn short(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m{seconds}s"),
        (hours, minutes, seconds) => format!("{hours}h{minutes}m{seconds}s"),
    }
}

fn recovered(action: Action, outcome: &Recovery) -> String {
    match outcome {
        Recovery::Adopted { id, pending: true } => {
            format!("Recovered from an earlier run, still in the making [id={id}]")
        }
        Recovery::Adopted { id, .. } => format!("Recovered from an earlier run [id={id}]"),
        Recovery::NotFound => {
            "An earlier run began to create it, and nothing was created; it will be created".to_owned()
        }
        Recovery::Deleted { id } => format!("An earlier run destroyed it [id={id}]"),
        Recovery::NotDeleted { id } => {
            format!("An earlier run began to destroy it; it is still there [id={id}]")
        }
        Recovery::NotSettled { until } => {
            format!("What an earlier run did ({}) is not settled before {until}", action.as_str())
        }
        Recovery::Alive { run } => format!("Run {run} is at work on it"),
        Recovery::Undecided { candidates, why } => {
            format!("What an earlier run created cannot be told ({why}): {}", candidates.join(", "))
        }
        Recovery::Unread { why } => format!("What an earlier run did could not be read: {why}"),
    }
}

fn skipped(reason: &SkipReason) -> String {
    let names = |subjects: &[Subject]| subjects.iter().map(name).collect::<Vec<_>>().join(", ");
    match reason {
        SkipReason::DependsOn(subjects) => format!("it needs {}, which failed", names(subjects)),
        SkipReason::NotWaited(subjects) => format!("it needs {}, which is not usable yet", names(subjects)),
        SkipReason::Interrupted => "the run was interrupted".to_owned(),
        SkipReason::Changed(what) => format!("it is no longer what the plan saw: {what}"),
        SkipReason::Protected(tag) => format!("the tag {tag} protects it"),
        SkipReason::Unsaved => "the intent could not be saved".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_whole_seconds() {
        assert_eq!(short(Duration::from_millis(1900)), "1s");
        assert_eq!(short(Duration::from_secs(61)), "1m1s");
        assert_eq!(short(Duration::from_secs(3600)), "1h0m0s");
    }
}
