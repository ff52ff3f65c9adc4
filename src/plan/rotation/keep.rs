//! Which rules name which points.

use std::collections::BTreeSet;
use std::fmt;

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::{Point, Policy};

/// A kind of keep rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// The newest n.
    Last,
    /// All that are less than a period older than the newest of them.
    Within,
    /// The newest of each of n hours; an hour that comes twice is two.
    Hourly,
    /// The newest of each of n days.
    Daily,
    /// The newest of each of n ISO weeks, Monday to Sunday.
    Weekly,
    /// The newest of each of n months.
    Monthly,
    /// The newest of each of n years.
    Yearly,
}

impl Rule {
    /// The rules that go by the calendar of the policy's zone.
    pub(super) const CALENDAR: [Rule; 5] =
        [Rule::Hourly, Rule::Daily, Rule::Weekly, Rule::Monthly, Rule::Yearly];

    /// Returns its name in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Rule::Last => "last",
            Rule::Within => "within",
            Rule::Hourly => "hourly",
            Rule::Daily => "daily",
            Rule::Weekly => "weekly",
            Rule::Monthly => "monthly",
            Rule::Yearly => "yearly",
        }
    }

    /// Returns what two points of one bucket have in common.
    fn bucket(self, time: &Zoned) -> [i32; 5] {
        let (year, month, day) = (i32::from(time.year()), i32::from(time.month()), i32::from(time.day()));
        match self {
            Rule::Last | Rule::Within => [0; 5],
            Rule::Hourly => [year, month, day, i32::from(time.hour()), time.offset().seconds()],
            Rule::Daily => [year, month, day, 0, 0],
            Rule::Weekly => {
                let week = time.date().iso_week_date();
                [i32::from(week.year()), i32::from(week.week()), 0, 0, 0]
            }
            Rule::Monthly => [year, month, 0, 0, 0],
            Rule::Yearly => [year, 0, 0, 0, 0],
        }
    }
}

/// A rule that names a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeptBy {
    rule: Rule,
    oldest: bool,
}

impl KeptBy {
    /// Returns the rule.
    pub fn rule(self) -> Rule {
        self.rule
    }

    /// Tells whether the rule names the point only because it is the oldest of all, fewer than n buckets being filled.
    pub fn oldest(self) -> bool {
        self.oldest
    }
}

impl fmt::Display for KeptBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.rule.name(), if self.oldest { " (oldest)" } else { "" })
    }
}

/// Returns the rules that name each of the usable points, which come newest first; `new` is the point that is about to be taken and has
/// its place in the rules before all of them.
pub(super) fn keep(policy: &Policy, new: Option<Timestamp>, usable: &[Point]) -> Vec<Vec<KeptBy>> {
    let times: Vec<Timestamp> = new.into_iter().chain(usable.iter().map(Point::taken_at)).collect();
    let mut named: Vec<Vec<KeptBy>> = vec![Vec::new(); times.len()];
    let count = |rule| usize::try_from(policy.count(rule)).unwrap_or(usize::MAX);
    for rules in named.iter_mut().take(count(Rule::Last)) {
        rules.push(KeptBy { rule: Rule::Last, oldest: false });
    }
    for (time, rules) in times.iter().zip(&mut named) {
        if times[0].duration_since(*time) < policy.within() {
            rules.push(KeptBy { rule: Rule::Within, oldest: false });
        }
    }
    for rule in Rule::CALENDAR {
        by_calendar(rule, count(rule), policy.timezone(), &times, &mut named);
    }
    named.drain(..usize::from(new.is_some()));
    named
}

fn by_calendar(rule: Rule, count: usize, zone: &TimeZone, times: &[Timestamp], named: &mut [Vec<KeptBy>]) {
    let mut found = BTreeSet::new();
    for (time, rules) in times.iter().zip(named.iter_mut()) {
        if found.len() == count {
            return;
        }
        if found.insert(rule.bucket(&time.to_zoned(zone.clone()))) {
            rules.push(KeptBy { rule, oldest: false });
        }
    }
    if found.len() < count
        && let Some(oldest) = named.last_mut()
    {
        oldest.push(KeptBy { rule, oldest: true });
    }
}
