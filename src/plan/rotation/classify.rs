//! What each point counts as.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{AHEAD, Hold, Point, Policy, Status, Warning};

/// The points of a series, each in exactly one of the lists.
pub(super) struct Classified {
    /// Newest first.
    pub(super) usable: Vec<Point>,
    /// Oldest first.
    pub(super) failed: Vec<Point>,
    /// Begun less than `pending_timeout` ago.
    pub(super) pending: Vec<Point>,
    /// In progress for `pending_timeout` or longer.
    pub(super) stuck: Vec<Point>,
    /// Dated too far ahead, whatever their status.
    pub(super) ahead: Vec<Point>,
    /// On their way out, whatever their date.
    pub(super) leaving: Vec<Point>,
}

impl Classified {
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let ahead = self.ahead.iter().map(|point| Warning::DatedAhead(point.id().clone()));
        let stuck = self.stuck.iter().map(|point| Warning::Stuck(point.id().clone()));
        let doubtful = self
            .usable
            .iter()
            .chain(&self.failed)
            .filter(|point| point.hold() == Some(Hold::TimeInDoubt))
            .map(|point| Warning::TimeInDoubt(point.id().clone()));
        let mut warnings: Vec<_> = ahead.chain(stuck).chain(doubtful).collect();
        warnings.sort();
        warnings
    }
}

pub(super) fn classify(policy: &Policy, now: Timestamp, points: &[Point]) -> Classified {
    // Pages of a list that moves under the reader can show a point twice; counted twice it would push a real one out of `last`.
    let mut once: BTreeMap<&str, Point> = BTreeMap::new();
    for point in points {
        let earlier = once.get(&**point.id()).and_then(Point::hold);
        let merged = earlier.map_or_else(|| point.clone(), |hold| point.clone().held(hold));
        once.insert(point.id(), merged);
    }
    let mut found = Classified {
        usable: Vec::new(),
        failed: Vec::new(),
        pending: Vec::new(),
        stuck: Vec::new(),
        ahead: Vec::new(),
        leaving: Vec::new(),
    };
    for point in once.into_values() {
        let age = now.duration_since(point.taken_at());
        let list = match point.status() {
            Status::Deleting => &mut found.leaving,
            _ if age < -AHEAD => &mut found.ahead,
            Status::Usable => &mut found.usable,
            Status::Failed => &mut found.failed,
            Status::Pending if age < policy.pending_timeout() => &mut found.pending,
            Status::Pending => &mut found.stuck,
        };
        list.push(point);
    }
    found.usable.sort_by(|one, other| other.age_order().cmp(&one.age_order()));
    found.failed.sort_by(|one, other| one.age_order().cmp(&other.age_order()));
    found
}
