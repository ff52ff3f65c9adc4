//! Events as lines for people, as Terraform prints them.

use std::time::Duration;

use crate::apply::{Action, ActionStatistics, Event, Recovery, SkipReason, Subject, short};

/// Returns the line that an event is worth, if it is worth one.
pub fn event(event: &Event) -> Option<String> {
    Some(match event {
        Event::RefreshStarted { subject, id: Some(id) } => {
            format!("{}: Refreshing state... [id={id}]", name(subject))
        }
        Event::Recovered { subject, action, outcome } => {
            format!("{}: {}", name(subject), recovered(*action, outcome))
        }
        Event::ActionStarted { subject, action, id } => {
            format!("{}: {}...{}", name(subject), verbs(*action).0, bracket(id.as_deref()))
        }
        Event::ActionProgressed { subject, action, id, elapsed, percent, why } => {
            let (_, word, _) = verbs(*action);
            let percent = percent.map(|percent| format!(", {percent}%")).unwrap_or_default();
            let id = id.as_deref().filter(|_| *action != Action::Create);
            let id = id.map(|id| format!("id={id}, ")).unwrap_or_default();
            let why = why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            format!("{}: Still {word}... [{id}{} elapsed{percent}]{why}", name(subject), duration(*elapsed))
        }
        Event::Waiting(wait) => {
            let last = wait.failure.as_ref().map(|failure| {
                let code = failure.code.as_deref().unwrap_or(failure.class.as_str());
                format!("; the one before failed: {}", short(code))
            });
            format!(
                "{} {} ({}): no answer for {} [attempt {}{}]",
                wait.service,
                wait.action,
                wait.region,
                duration(wait.elapsed),
                wait.attempt,
                last.unwrap_or_default()
            )
        }
        Event::ActionCompleted { subject, action, id, elapsed } => {
            let (_, _, word) = verbs(*action);
            let id = id.as_deref().filter(|_| *action != Action::Delete);
            format!("{}: {word} complete after {}{}", name(subject), duration(*elapsed), bracket(id))
        }
        Event::LookedFor { subject, why, .. } => {
            format!("{}: The answer was lost ({why}); looking whether it was carried out", name(subject))
        }
        Event::LeftPending { subject, id, elapsed, .. } => {
            format!(
                "{}: Not usable yet after {}; the next run waits on [id={id}]",
                name(subject),
                duration(*elapsed)
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

/// Returns the id as lines show it.
pub(crate) fn bracket(id: Option<&str>) -> String {
    id.map(|id| format!(" [id={id}]")).unwrap_or_default()
}

/// Returns the words for an action: as it begins, goes on and ends.
pub(crate) fn verbs(action: Action) -> (&'static str, &'static str, &'static str) {
    match action {
        Action::Create => ("Creating", "creating", "Creation"),
        Action::Update => ("Modifying", "modifying", "Modifications"),
        Action::Delete => ("Destroying", "destroying", "Destruction"),
        Action::Read => ("Reading", "reading", "Read"),
    }
}

/// Durations as Terraform prints them: whole seconds, with minutes from the first on.
pub fn duration(elapsed: Duration) -> String {
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
        SkipReason::Refused => "the plan was carried out already".to_owned(),
        SkipReason::Unsaved => "the intent could not be saved".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_in_whole_seconds() {
        assert_eq!(duration(Duration::from_millis(1900)), "1s");
        assert_eq!(duration(Duration::from_secs(61)), "1m1s");
        assert_eq!(duration(Duration::from_secs(3600)), "1h0m0s");
    }
}
