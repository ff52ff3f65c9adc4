//! Whether a new point is wanted.

use jiff::Timestamp;

use super::classify::Classified;
use super::{Parent, Policy};

/// Why a new point is wanted, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueReason {
    /// Wanted: there is none that could be used.
    NoUsablePoint,
    /// Wanted: the newest usable one is `max_age` old or older.
    GoalMissed,
    /// Wanted: the newest usable one is `max_age − early` old or older.
    EarlyMargin,
    /// Wanted: no usable one was begun since the window opened.
    WindowOpen,
    /// Not wanted: one is in progress.
    InProgress,
    /// Not wanted: the newest usable one is young enough.
    Fresh,
}

impl DueReason {
    /// Tells whether it asks for a new point.
    pub fn wants_point(self) -> bool {
        !matches!(self, DueReason::InProgress | DueReason::Fresh)
    }
}

/// What is decided about a new point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    reason: DueReason,
    creates: bool,
    breach: bool,
    recovering: bool,
    next_due: Option<Timestamp>,
    next_opening: Option<Timestamp>,
}

impl Due {
    /// Returns why a point is wanted or not.
    pub fn reason(&self) -> DueReason {
        self.reason
    }

    /// Tells whether a point is taken in this run: one is wanted and the parent lets it be taken.
    pub fn creates(&self) -> bool {
        self.creates
    }

    /// Tells whether the goal is missed at present: no usable point is younger than `max_age`.
    pub fn breach(&self) -> bool {
        self.breach
    }

    /// Tells whether the newest usable point is 2 × `max_age` old or older, so that this run removes nothing.
    pub fn recovering(&self) -> bool {
        self.recovering
    }

    /// Returns when the next point is due if all goes well; none while one is in progress or while the parent lets none be taken that is
    /// wanted. With a window, the time at which one is due outside of it.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.next_due
    }

    /// Returns when the window opens next, after `now`; none without a window.
    pub fn next_opening(&self) -> Option<Timestamp> {
        self.next_opening
    }
}

pub(super) fn due(policy: &Policy, now: Timestamp, parent: &Parent, points: &Classified) -> Due {
    let newest = points.usable.first().map(super::Point::taken_at);
    let age = newest.map(|newest| now.duration_since(newest));
    let goal = policy.max_age();
    let missed = age.is_none_or(|age| age >= goal);
    let opened = policy.window().and_then(|window| window.opened(now, policy.timezone()));
    let reason = match (age, policy.window()) {
        _ if !points.pending.is_empty() => DueReason::InProgress,
        (None, _) => DueReason::NoUsablePoint,
        _ if missed => DueReason::GoalMissed,
        (Some(age), None) if age >= goal - policy.early() => DueReason::EarlyMargin,
        // A failed point does not count: it is tried again while the window is open.
        (_, Some(_)) if opened.is_some_and(|opened| newest.is_none_or(|newest| newest < opened)) => {
            DueReason::WindowOpen
        }
        _ => DueReason::Fresh,
    };
    let creates = reason.wants_point() && *parent == Parent::Ready;
    let step = if policy.window().is_some() { goal } else { goal - policy.early() };
    let from = match reason {
        DueReason::InProgress => None,
        DueReason::Fresh => newest,
        _ => creates.then_some(now),
    };
    Due {
        reason,
        creates,
        breach: missed,
        recovering: age.is_some_and(|age| age >= goal.saturating_mul(2)),
        next_due: from.and_then(|from| from.checked_add(step).ok()),
        next_opening: policy.window().and_then(|window| window.next_opening(now, policy.timezone())),
    }
}
