//! The points of a series and the parent that they are of.

use std::sync::Arc;

use jiff::Timestamp;

/// Where a point is in its life, whatever its service calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Something can be restored from it.
    Usable,
    /// In progress.
    Pending,
    /// Nothing can be restored from it, now or later.
    Failed,
    /// On its way out.
    Deleting,
}

/// What holds a point: it is not deleted, whatever the rules say. The first of several is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// By a tag, a lock or because others share it.
    Protected,
    /// An image or a copy is made of it.
    InUse,
    /// Two sources tell different times of it.
    TimeInDoubt,
    /// It joins the series in this run, and may be removed from the next run on.
    JustTaken,
}

/// A point of a series as the service shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    id: Arc<str>,
    taken_at: Timestamp,
    status: Status,
    hold: Option<Hold>,
}

impl Point {
    /// Creates a point that nothing holds. `taken_at` is when it was begun.
    pub fn new(id: impl Into<Arc<str>>, taken_at: Timestamp, status: Status) -> Point {
        Point { id: id.into(), taken_at, status, hold: None }
    }

    /// Returns the point held by one thing more.
    pub fn held(mut self, hold: Hold) -> Point {
        self.hold = Some(self.hold.map_or(hold, |other| other.min(hold)));
        self
    }

    /// Returns its id on the service.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Returns when it was begun.
    pub fn taken_at(&self) -> Timestamp {
        self.taken_at
    }

    /// Returns where it is in its life.
    pub fn status(&self) -> Status {
        self.status
    }

    /// Returns what holds it.
    pub fn hold(&self) -> Option<Hold> {
        self.hold
    }

    /// Orders points by age: newer is the greater time, then the greater id.
    pub(super) fn age_order(&self) -> (Timestamp, &str) {
        (self.taken_at, &self.id)
    }
}

/// Whether a new point can be taken of the parent now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Parent {
    /// It can.
    Ready,
    /// Not at present, for this reason: it is detached, never started, or another point of it is being taken.
    Busy(Arc<str>),
    /// There is no such parent any more: no point can be taken, so none is removed.
    Gone,
}
