//! Why nothing may be removed in a run.

use super::classify::Classified;
use super::{Due, Parent};

/// Why a point that is to go does not go in this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Postponed {
    /// There is no parent any more, so what is there is all there will be.
    ParentGone,
    /// A point is in progress.
    InProgress,
    /// The first run after a long gap only takes a point.
    Recovering,
    /// The goal is missed and no point is taken.
    GoalMissed,
    /// `max_prune` points go already.
    Limit,
}

/// Returns why this run removes nothing at all; none if it may.
pub(super) fn all(parent: &Parent, due: &Due, points: &Classified) -> Option<Postponed> {
    if *parent == Parent::Gone {
        Some(Postponed::ParentGone)
    } else if !points.pending.is_empty() {
        Some(Postponed::InProgress)
    } else if due.recovering() {
        Some(Postponed::Recovering)
    } else if due.breach() && !due.creates() {
        Some(Postponed::GoalMissed)
    } else {
        None
    }
}
