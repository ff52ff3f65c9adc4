//! What goes: usable points that no rule names, and failed ones.

use super::classify::Classified;
use super::{Due, Fate, KeptBy, Point, Policy, Postponed};

/// Returns the fates of the usable and the failed points. `rules` are those that name each of the usable points.
pub(super) fn prune<'a>(
    policy: &Policy,
    due: &Due,
    postponed: Option<Postponed>,
    points: &'a Classified,
    rules: Vec<Vec<KeptBy>>,
) -> Vec<(&'a Point, Fate)> {
    // What may go in this run; both kinds share it.
    let mut left = policy.max_prune();
    // How many usable ones may go at all. The new point counts: nothing goes before it is usable.
    let usable = points.usable.len() + usize::from(due.creates());
    let mut spare = usable.saturating_sub(policy.min_good());
    let mut fates = Vec::with_capacity(points.usable.len() + points.failed.len());
    for (place, (point, rules)) in points.usable.iter().zip(rules).enumerate().rev() {
        let fate = if !rules.is_empty() {
            Fate::Kept(rules)
        } else if let Some(hold) = point.hold() {
            Fate::Held(hold)
        } else if place == 0 || spare == 0 {
            Fate::Floor
        } else {
            spare -= 1;
            match take(&mut left, postponed) {
                None => Fate::Pruned,
                Some(reason) => Fate::PruneLater(reason),
            }
        };
        fates.push((point, fate));
    }
    let newest = points.usable.first().map(Point::taken_at);
    for point in &points.failed {
        let fate = if let Some(hold) = point.hold() {
            Fate::Held(hold)
        } else if newest.is_none_or(|newest| newest <= point.taken_at()) {
            Fate::Evidence
        } else {
            match take(&mut left, postponed) {
                None => Fate::Removed,
                Some(reason) => Fate::RemoveLater(reason),
            }
        };
        fates.push((point, fate));
    }
    fates
}

/// Takes one of the removals that are left; else returns why there is none.
fn take(left: &mut usize, postponed: Option<Postponed>) -> Option<Postponed> {
    if postponed.is_some() {
        return postponed;
    }
    match left.checked_sub(1) {
        Some(fewer) => {
            *left = fewer;
            None
        }
        None => Some(Postponed::Limit),
    }
}
