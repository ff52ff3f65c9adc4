//! Rotation: which points of a series are taken, kept and removed.
//!
//! ```text
//! policy, now, parent, points
//!    | classify   what counts as what
//!    | due        is a new point wanted, and why (window: when the daily window opens and closes)
//!    | keep       which rules name which points
//!    | postpone   why nothing may be removed in this run
//!    v prune      what goes now, what goes later
//! Decision
//! ```
//!
//! All of it is one pure function, [`decide`]: the clock is an argument, no "next date" is stored, and the same arguments
//! always have the same answer. Apply asks it again before each removal, with the time of the plan and a fresh list, and
//! removes only what both answers remove.

mod classify;
mod due;
mod keep;
mod period;
mod point;
pub mod policy;
mod postpone;
mod prune;
mod window;

pub use due::{Due, DueReason};
pub use keep::{KeptBy, Rule};
pub use period::parse as parse_period;
pub use point::{Hold, Parent, Point, Status};
pub use policy::Policy;
pub use postpone::Postponed;
pub use window::Window;

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

/// How far ahead of our clock a point may be dated before it counts as dated ahead.
pub const AHEAD: SignedDuration = SignedDuration::from_mins(5);

/// What happens to one point, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Stays because these rules name it, in the order of [`Rule`]; never empty.
    Kept(Vec<KeptBy>),
    /// Stays although no rule names it: it is the newest usable one, or fewer than `min_good` would be left.
    Floor,
    /// No rule names it (or it failed), but something holds it.
    Held(Hold),
    /// Goes, oldest first.
    Pruned,
    /// Would go, but not in this run.
    PruneLater(Postponed),
    /// In progress: waited for.
    Awaited,
    /// In progress for `pending_timeout` or longer: neither waited for nor removed.
    Stuck,
    /// Failed and stays as evidence: there is no newer usable one.
    Evidence,
    /// Failed and goes: there is a newer usable one.
    Removed,
    /// Failed and would go, but not in this run.
    RemoveLater(Postponed),
    /// Dated more than [`AHEAD`] after `now`: does not count, is not removed.
    DatedAhead,
    /// Already on its way out: does not count, is left alone.
    Leaving,
}

impl Fate {
    /// Tells whether the point is deleted in this run.
    pub fn is_deleted(&self) -> bool {
        matches!(self, Fate::Pruned | Fate::Removed)
    }
}

/// Something that people should hear of and that changes no decision by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Warning {
    /// The point of this id is dated ahead: one of the two clocks is wrong.
    DatedAhead(Arc<str>),
    /// The point of this id has been in progress for `pending_timeout` or longer.
    Stuck(Arc<str>),
    /// The time that the service tells of this point and the time in its name differ.
    TimeInDoubt(Arc<str>),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Warning::DatedAhead(id) => {
                write!(f, "{id} is dated in the future: it does not count and is not removed")
            }
            Warning::Stuck(id) => {
                write!(f, "{id} has been in progress for too long: it is no longer waited for")
            }
            Warning::TimeInDoubt(id) => {
                write!(f, "{id} has another time than its name says: it is not removed")
            }
        }
    }
}

/// The decision about one series.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    due: Due,
    fates: Vec<(Arc<str>, Fate)>,
    warnings: Vec<Warning>,
}

impl Decision {
    /// Returns what is decided about a new point.
    pub fn due(&self) -> &Due {
        &self.due
    }

    /// Returns each point with its fate, newest first; of equal times the greater id first.
    pub fn fates(&self) -> &[(Arc<str>, Fate)] {
        &self.fates
    }

    /// Returns the fate of a point; none if it was not among the points.
    pub fn fate(&self, id: &str) -> Option<&Fate> {
        self.fates.iter().find(|(known, _)| &**known == id).map(|(_, fate)| fate)
    }

    /// Returns the ids of the points that are deleted in this run, oldest first; at most `max_prune`.
    ///
    /// If [`Due::creates`], only after the new point is usable.
    pub fn deleted(&self) -> impl Iterator<Item = &Arc<str>> {
        self.fates.iter().rev().filter(|(_, fate)| fate.is_deleted()).map(|(id, _)| id)
    }

    /// Returns the warnings, sorted.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// Decides about one series: whether a point is taken, and what happens to each of its points.
///
/// `now` is the time of the plan. `points` are those of this series on its present parent, in any order. A point that is listed twice
/// is one: what the last mention says, held if any mention holds it.
///
/// Whatever the arguments: the newest usable point is not deleted; with the new one, at least `min_good` usable points (at least one) are
/// left if there were so many; nothing that is held, in progress, leaving or dated ahead is deleted; at most `max_prune` points are deleted.
pub fn decide(policy: &Policy, now: Timestamp, parent: &Parent, points: &[Point]) -> Decision {
    let classified = classify::classify(policy, now, points);
    let due = due::due(policy, now, parent, &classified);
    let rules = keep::keep(policy, due.creates().then_some(now), &classified.usable);
    let postponed = postpone::all(parent, &due, &classified);
    let mut fates = prune::prune(policy, &due, postponed, &classified, rules);
    fates.extend(classified.pending.iter().map(|point| (point, Fate::Awaited)));
    fates.extend(classified.stuck.iter().map(|point| (point, Fate::Stuck)));
    fates.extend(classified.ahead.iter().map(|point| (point, Fate::DatedAhead)));
    fates.extend(classified.leaving.iter().map(|point| (point, Fate::Leaving)));
    fates.sort_by(|one, other| other.0.age_order().cmp(&one.0.age_order()));
    let fates = fates.into_iter().map(|(point, fate)| (Arc::clone(point.id()), fate)).collect();
    Decision { due, fates, warnings: classified.warnings() }
}
