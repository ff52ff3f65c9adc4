//! What a rotation declares, checked.

use std::fmt;

use jiff::SignedDuration;
use jiff::tz::{TimeZone, TimeZoneDatabase};

use super::{Rule, Window, period};

/// The shortest goal: a service takes minutes for a point, and runs of a pipeline are minutes apart.
const SHORTEST_GOAL: SignedDuration = SignedDuration::from_mins(15);

/// A rotation as written: texts and numbers that nothing has looked at yet. What is none has its default.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The goal: the newest usable point is younger than this.
    pub max_age: String,
    /// How much before the goal a point is due; by default a twelfth of it, at most an hour.
    pub early: Option<String>,
    /// From what age on a point in progress is stuck; 2 hours by default.
    pub pending_timeout: Option<String>,
    /// How many of the newest are kept.
    pub last: Option<i64>,
    /// The period before the newest one in which all are kept.
    pub within: Option<String>,
    /// For how many hours one is kept.
    pub hourly: Option<i64>,
    /// For how many days one is kept.
    pub daily: Option<i64>,
    /// For how many ISO weeks one is kept.
    pub weekly: Option<i64>,
    /// For how many months one is kept.
    pub monthly: Option<i64>,
    /// For how many years one is kept.
    pub yearly: Option<i64>,
    /// How many usable ones there are always; less than 1 is 1, which is the default.
    pub min_good: Option<i64>,
    /// How many may go in one run; 10 by default, with 0 none ever goes.
    pub max_prune: Option<i64>,
    /// The zone of the calendar rules and the window, a name of the IANA database; UTC by default.
    pub timezone: Option<String>,
    /// The hours of the day in which points are taken, `HH:MM-HH:MM`.
    pub window: Option<String>,
}

/// One thing that is wrong with what is declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    argument: &'static str,
    reason: String,
}

impl Fault {
    /// Returns the argument at fault, with that of its block before it: `max_age`, `keep`, `keep.within`.
    pub fn argument(&self) -> &'static str {
        self.argument
    }

    /// Returns what is wrong and what would be right, in whole sentences.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.argument, self.reason)
    }
}

/// The rules of one rotation. There is none that [`check`] did not pass: at least one keep rule, `early` less than `max_age`.
#[derive(Clone, Debug)]
pub struct Policy {
    max_age: SignedDuration,
    early: SignedDuration,
    pending_timeout: SignedDuration,
    last: u32,
    within: SignedDuration,
    calendar: [u32; 5],
    min_good: usize,
    max_prune: usize,
    timezone: TimeZone,
    window: Option<Window>,
}

impl Policy {
    /// Returns the goal: 15 minutes or longer.
    pub fn max_age(&self) -> SignedDuration {
        self.max_age
    }

    /// Returns how much before the goal a point is due: from nothing to less than the goal.
    pub fn early(&self) -> SignedDuration {
        self.early
    }

    /// Returns from what age on a point in progress is stuck.
    pub fn pending_timeout(&self) -> SignedDuration {
        self.pending_timeout
    }

    /// Returns the number of a rule; 0 says that it is not declared.
    pub fn count(&self, rule: Rule) -> u32 {
        match rule {
            Rule::Last => self.last,
            Rule::Within => 0,
            Rule::Hourly => self.calendar[0],
            Rule::Daily => self.calendar[1],
            Rule::Weekly => self.calendar[2],
            Rule::Monthly => self.calendar[3],
            Rule::Yearly => self.calendar[4],
        }
    }

    /// Returns the period of the rule `within`; nothing says that it is not declared.
    pub fn within(&self) -> SignedDuration {
        self.within
    }

    /// Returns how many usable points are always left: at least 1.
    pub fn min_good(&self) -> usize {
        self.min_good
    }

    /// Returns how many points may go in one run.
    pub fn max_prune(&self) -> usize {
        self.max_prune
    }

    /// Returns the zone of the calendar rules and the window.
    pub fn timezone(&self) -> &TimeZone {
        &self.timezone
    }

    /// Returns the hours of the day in which points are taken.
    pub fn window(&self) -> Option<&Window> {
        self.window.as_ref()
    }
}

/// Makes a policy of what is declared.
///
/// # Errors
///
/// All that is wrong with it, in the order of [`Declared`].
pub fn check(declared: &Declared) -> Result<Policy, Vec<Fault>> {
    let mut reader = Reader { faults: Vec::new() };
    let max_age = reader.period("max_age", Some(&declared.max_age));
    if let Some(goal) = max_age
        && goal < SHORTEST_GOAL
    {
        reader.fault(
            "max_age",
            "The goal is shorter than 15 minutes, which no service can keep. Write 15m or more.".into(),
        );
    }
    let goal = max_age.unwrap_or(SHORTEST_GOAL);
    let early = match reader.period("early", declared.early.as_ref()) {
        Some(early) if early >= goal && max_age.is_some() => {
            reader.fault(
                "early",
                format!(
                    "The margin is not shorter than the goal, max_age = {:?}, so a point would be due in each run. Write less, or leave it out for a twelfth of the goal and at most 1h.",
                    declared.max_age
                ),
            );
            SignedDuration::ZERO
        }
        Some(early) => early,
        None => (goal / 12).min(SignedDuration::from_hours(1)),
    };
    let pending_timeout = reader
        .period("pending_timeout", declared.pending_timeout.as_ref())
        .unwrap_or(SignedDuration::from_hours(2));
    let before_rules = reader.faults.len();
    let last = reader.count("keep.last", declared.last, 0);
    let within = reader.period("keep.within", declared.within.as_ref()).unwrap_or(SignedDuration::ZERO);
    let calendar = [
        reader.count("keep.hourly", declared.hourly, 0),
        reader.count("keep.daily", declared.daily, 0),
        reader.count("keep.weekly", declared.weekly, 0),
        reader.count("keep.monthly", declared.monthly, 0),
        reader.count("keep.yearly", declared.yearly, 0),
    ];
    if reader.faults.len() == before_rules && last == 0 && within.is_zero() && calendar == [0; 5] {
        reader.fault(
            "keep",
            "No rule keeps anything, so each point would go as soon as there is a newer one. Write at least one of last, within, hourly, daily, weekly, monthly and yearly, such as last = 7.".into(),
        );
    }
    let min_good = reader.count("min_good", declared.min_good, 1).max(1);
    let max_prune = reader.count("max_prune", declared.max_prune, 10);
    let timezone = reader.zone(declared.timezone.as_deref());
    let window = declared.window.as_deref().and_then(|text| match text.parse() {
        Ok(window) => Some(window),
        Err(reason) => {
            reader.fault("window", format!("{text:?} is no window. {reason}"));
            None
        }
    });
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    let size = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
    Ok(Policy {
        max_age: goal,
        early,
        pending_timeout,
        last,
        within,
        calendar,
        min_good: size(min_good),
        max_prune: size(max_prune),
        timezone,
        window,
    })
}

struct Reader {
    faults: Vec<Fault>,
}

impl Reader {
    fn fault(&mut self, argument: &'static str, reason: String) {
        self.faults.push(Fault { argument, reason });
    }

    fn period(&mut self, argument: &'static str, text: Option<&String>) -> Option<SignedDuration> {
        let text = text?;
        match period::parse(text) {
            Ok(period) => Some(period),
            Err(reason) => {
                self.fault(argument, format!("{text:?} is no period. {reason}"));
                None
            }
        }
    }

    fn count(&mut self, argument: &'static str, number: Option<i64>, default: u32) -> u32 {
        let Some(number) = number else { return default };
        u32::try_from(number).unwrap_or_else(|_| {
            let reason =
                format!("{number} is no number of points. Write a whole number from 0 to {}.", u32::MAX);
            self.fault(argument, reason);
            default
        })
    }

    // The zones are those of the program, not of the machine: a plan that is made on one and carried out on another decides the same.
    fn zone(&mut self, name: Option<&str>) -> TimeZone {
        let Some(name) = name else { return TimeZone::UTC };
        // jiff takes `Etc/Unknown` for a name and counts with UTC then.
        let known = TimeZoneDatabase::bundled().get(name).ok().filter(|zone| !zone.is_unknown());
        known.unwrap_or_else(|| {
            self.fault(
                "timezone",
                format!("There is no time zone {name:?}. Write a name of the IANA database, such as Europe/Berlin, Asia/Shanghai or UTC."),
            );
            TimeZone::UTC
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn daily() -> Declared {
        Declared { max_age: "24h".into(), last: Some(7), ..Declared::default() }
    }

    fn faults(declared: &Declared) -> Vec<String> {
        check(declared).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let policy = check(&daily()).unwrap();
        assert_eq!(policy.early(), SignedDuration::from_hours(1));
        assert_eq!(policy.pending_timeout(), SignedDuration::from_hours(2));
        assert_eq!((policy.min_good(), policy.max_prune()), (1, 10));
        let policy = check(&Declared { max_age: "2h".into(), min_good: Some(0), ..daily() }).unwrap();
        assert_eq!(policy.early(), SignedDuration::from_mins(10));
        assert_eq!(policy.min_good(), 1);
    }

    #[test]
    fn a_policy_without_a_rule_is_refused() {
        for declared in [
            Declared { last: None, ..daily() },
            Declared { last: Some(0), daily: Some(0), ..daily() },
            Declared { last: None, within: Some("0d".into()), ..daily() },
        ] {
            let told = faults(&declared);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].starts_with("keep: No rule keeps anything"), "{told:?}");
        }
        for declared in [
            Declared { last: None, within: Some("1m".into()), ..daily() },
            Declared { last: None, yearly: Some(1), ..daily() },
        ] {
            assert_eq!(faults(&declared), [""; 0]);
        }
    }

    #[test]
    fn the_goal_is_15_minutes_or_longer_and_longer_than_its_margin() {
        assert_eq!(faults(&Declared { max_age: "15m".into(), ..daily() }), [""; 0]);
        let told = faults(&Declared { max_age: "14m59s".into(), ..daily() });
        assert_eq!(
            told,
            ["max_age: The goal is shorter than 15 minutes, which no service can keep. Write 15m or more."]
        );
        for (early, refused) in [("0m", false), ("23h59m", false), ("24h", true), ("1d", true), ("30h", true)]
        {
            let told = faults(&Declared { early: Some(early.into()), ..daily() });
            assert_eq!(told.len(), usize::from(refused), "{early}: {told:?}");
            assert!(
                told.iter().all(|told| told.starts_with("early: The margin is not shorter than the goal"))
            );
        }
    }

    #[test]
    fn unknown_zones_and_windows_are_refused() {
        for name in ["UTC", "Europe/Berlin", "Asia/Shanghai", "America/Argentina/Buenos_Aires"] {
            assert_eq!(faults(&Declared { timezone: Some(name.into()), ..daily() }), [""; 0], "{name}");
        }
        for name in ["", "Berlin", "Europe/Bonn", "+08:00", "UTC+8", "../UTC", "local", "Etc/Unknown"] {
            let told = faults(&Declared { timezone: Some(name.into()), ..daily() });
            assert!(
                told.len() == 1 && told[0].starts_with("timezone: There is no time zone"),
                "{name}: {told:?}"
            );
        }
        let told = faults(&Declared { window: Some("1-5".into()), ..daily() });
        assert!(told.len() == 1 && told[0].starts_with("window: \"1-5\" is no window."), "{told:?}");
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let declared = Declared {
            max_age: "a day".into(),
            early: Some("-1h".into()),
            last: Some(-1),
            max_prune: Some(1 << 40),
            window: Some("nightly".into()),
            ..Declared::default()
        };
        let faults = check(&declared).unwrap_err();
        let arguments: Vec<_> = faults.iter().map(Fault::argument).collect();
        assert_eq!(arguments, ["max_age", "early", "keep.last", "max_prune", "window"]);
    }
}
