//! Random series, each from a seed.

use jiff::{SignedDuration, Timestamp};
use snapform::plan::rotation::parse_period;

use crate::case::{Case, Keep, Listed, Rules};
use crate::choice::Choice;

/// Where the calendar is difficult: changes of the clocks, ends of years, weeks that belong to another year, a leap day.
const INSTANTS: [&str; 12] = [
    "2026-03-29T01:00:00Z", // Berlin: 02:00 becomes 03:00
    "2026-10-25T01:00:00Z", // Berlin: 03:00 becomes 02:00
    "2027-01-01T00:00:00Z", // ISO week 53 of 2026
    "2024-12-30T00:00:00Z", // ISO week 1 of 2025
    "2028-02-29T12:00:00Z",
    "2026-11-01T06:00:00Z", // New York: 02:00 becomes 01:00
    "2026-04-04T15:00:00Z", // Lord Howe: half an hour back
    "2011-12-30T10:00:00Z", // Apia: a day that is not
    "2018-02-18T02:00:00Z", // Sao Paulo: midnight comes twice
    "2010-11-07T02:31:00Z", // St John's: 00:01 becomes 23:01 of the day before
    "2026-12-31T16:00:00Z", // new year in Shanghai
    "2026-06-15T12:00:00Z",
];

const ZONES: [&str; 9] = [
    "Europe/Berlin",
    "Europe/Berlin",
    "UTC",
    "Asia/Shanghai",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "America/Sao_Paulo",
    "America/St_Johns",
];

const WINDOWS: [&str; 7] =
    ["01:00-05:00", "23:00-02:00", "02:00-03:00", "02:30-02:45", "00:00-00:00", "22:00-21:59", "02:15-04:30"];

/// Makes the series of a seed.
pub fn history(seed: u64) -> Case {
    let mut choice = Choice::new(seed);
    let around: Timestamp = choice.of(&INSTANTS).parse().unwrap();
    let now = around + SignedDuration::from_mins(choice.below(6 * 24 * 60) as i64 - 24 * 60);
    let policy = policy(&mut choice);
    // Steps from minutes to months, so that buckets of each kind are crowded in some series and empty in others.
    let step = [7, 30, 60, 360, 1440, 1440, 10_080, 43_200][choice.below(8)];
    let mut at = now
        + SignedDuration::from_mins(choice.below(40) as i64 - choice.below(2 * step as usize + 20) as i64);
    if choice.percent(40) {
        // The newest is about as old as the goal.
        let goal = parse_period(&policy.max_age).unwrap().as_mins();
        at = now - SignedDuration::from_mins(goal - 90.min(goal / 10) + choice.below(100) as i64);
    }
    let mut points = Vec::new();
    for number in 0..choice.below(40) {
        let status = match choice.below(20) {
            0 => "pending",
            1 | 2 => "failed",
            3 => "deleting",
            _ => "usable",
        };
        // A point in progress stops all else, so most of them are old.
        let status = if status == "pending" && number < 3 && choice.percent(60) { "usable" } else { status };
        points.push(Listed {
            id: format!("s-{:02}", choice.below(100) + 100 * number),
            taken_at: at,
            status: status.to_owned(),
            protected: choice.percent(6),
            in_use: choice.percent(6),
        });
        if !choice.percent(12) {
            at -= SignedDuration::from_mins(choice.below(2 * step as usize) as i64);
        }
        if choice.percent(10) {
            // On the limit itself: hours and days that begin where a point does.
            at = Timestamp::from_second(at.as_second().div_euclid(3600) * 3600).unwrap();
        }
    }
    for number in 0..choice.below(8).saturating_sub(5) {
        points.push(Listed {
            id: format!("ahead-{number}"),
            taken_at: now + SignedDuration::from_secs(1 + choice.below(900) as i64),
            status: choice.of(&["usable", "pending", "failed"]).to_owned(),
            protected: false,
            in_use: false,
        });
    }
    for last in (1..points.len()).rev() {
        points.swap(last, choice.below(last + 1));
    }
    Case { name: format!("seed {seed}"), policy, now, points, expect: None }
}

fn policy(choice: &mut Choice) -> Rules {
    let some =
        |choice: &mut Choice, percent, limit| choice.percent(percent).then(|| choice.below(limit) as i64);
    let mut keep = Keep {
        last: some(choice, 40, 9),
        within: choice.percent(25).then(|| choice.of(&["1h", "3d", "72h", "40d"]).to_owned()),
        hourly: some(choice, 25, 30),
        daily: some(choice, 40, 10),
        weekly: some(choice, 30, 6),
        monthly: some(choice, 25, 14),
        yearly: some(choice, 20, 4),
    };
    if keep.last.unwrap_or(0) == 0 && choice.percent(30) {
        keep.last = Some(1);
    }
    let counts = [keep.last, keep.hourly, keep.daily, keep.weekly, keep.monthly, keep.yearly];
    if keep.within.is_none() && counts.iter().all(|count| count.unwrap_or(0) == 0) {
        keep.last = Some(2);
    }
    let max_age = choice.of(&["15m", "1h", "6h", "24h", "24h", "25h", "7d"]).to_owned();
    let early = match choice.below(4) {
        0 => Some(choice.of(&["0m", "1m", "14m"]).to_owned()),
        _ => None,
    };
    Rules {
        max_age,
        early,
        pending_timeout: choice.percent(30).then(|| choice.of(&["10m", "5h", "3d"]).to_owned()),
        keep,
        min_good: some(choice, 30, 6),
        max_prune: some(choice, 40, 12),
        timezone: choice.percent(85).then(|| choice.of(&ZONES).to_owned()),
        window: choice.percent(35).then(|| choice.of(&WINDOWS).to_owned()),
    }
}
