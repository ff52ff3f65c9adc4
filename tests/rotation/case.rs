//! One case: a policy, a time and points as data, and the decision about them as data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use snapform::plan::rotation::policy::{Declared, check};
use snapform::plan::rotation::{
    Decision, DueReason, Fate, Hold, Parent, Point, Policy, Status, Warning, decide,
};

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hourly: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weekly: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monthly: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yearly: Option<i64>,
}

#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    pub max_age: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_timeout: Option<String>,
    pub keep: Keep,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_good: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_prune: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub id: String,
    pub taken_at: Timestamp,
    pub status: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub protected: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub in_use: bool,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Case {
    #[serde(default)]
    pub name: String,
    pub policy: Rules,
    pub now: Timestamp,
    pub points: Vec<Listed>,
    #[serde(skip_serializing)]
    pub expect: Option<Outcome>,
}

/// A decision in the words of the cases; `warned` are the ids in the warnings.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Outcome {
    pub create: bool,
    pub reason: String,
    pub breach: bool,
    pub recovering: bool,
    pub next_due: Option<Timestamp>,
    pub points: BTreeMap<String, String>,
    #[serde(default)]
    pub warned: Vec<String>,
    #[serde(default)]
    pub warnings: Vec<String>,
}

impl Case {
    pub fn policy(&self) -> Policy {
        let rules = self.policy.clone();
        check(&Declared {
            max_age: rules.max_age,
            early: rules.early,
            pending_timeout: rules.pending_timeout,
            last: rules.keep.last,
            within: rules.keep.within,
            hourly: rules.keep.hourly,
            daily: rules.keep.daily,
            weekly: rules.keep.weekly,
            monthly: rules.keep.monthly,
            yearly: rules.keep.yearly,
            min_good: rules.min_good,
            max_prune: rules.max_prune,
            timezone: rules.timezone,
            window: rules.window,
        })
        .unwrap_or_else(|faults| panic!("{}: {faults:?}", self.name))
    }

    pub fn points(&self) -> Vec<Point> {
        self.points.iter().map(Listed::point).collect()
    }

    pub fn decide(&self) -> Decision {
        decide(&self.policy(), self.now, &Parent::Ready, &self.points())
    }
}

impl Listed {
    pub fn point(&self) -> Point {
        let status = match &*self.status {
            "usable" => Status::Usable,
            "pending" => Status::Pending,
            "failed" => Status::Failed,
            "deleting" => Status::Deleting,
            other => panic!("no status: {other}"),
        };
        let mut point = Point::new(&*self.id, self.taken_at, status);
        if self.in_use {
            point = point.held(Hold::InUse);
        }
        if self.protected {
            point = point.held(Hold::Protected);
        }
        point
    }
}

/// Says a decision in the words of the cases.
pub fn outcome(decision: &Decision) -> Outcome {
    let due = decision.due();
    let reason = match due.reason() {
        DueReason::NoUsablePoint => "no usable point",
        DueReason::GoalMissed => "goal missed",
        DueReason::EarlyMargin => "goal reached within the early margin",
        DueReason::WindowOpen => "the window is open and holds no point",
        DueReason::InProgress => "a point is in progress",
        DueReason::Fresh => "fresh",
    };
    let mut warned: Vec<String> = decision
        .warnings()
        .iter()
        .map(|warning| match warning {
            Warning::DatedAhead(id) | Warning::Stuck(id) | Warning::TimeInDoubt(id) => id.to_string(),
        })
        .collect();
    warned.sort();
    Outcome {
        create: due.creates(),
        reason: reason.to_owned(),
        breach: due.breach(),
        recovering: due.recovering(),
        next_due: due.next_due(),
        points: decision.fates().iter().map(|(id, fate)| (id.to_string(), said(fate))).collect(),
        warned,
        warnings: Vec::new(),
    }
}

fn said(fate: &Fate) -> String {
    match fate {
        Fate::Kept(rules) => {
            let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
            format!("keep: {}", rules.join(", "))
        }
        Fate::Floor => "keep: floor".to_owned(),
        Fate::Held(Hold::Protected) => "keep: protected".to_owned(),
        Fate::Held(Hold::InUse) => "keep: in use".to_owned(),
        Fate::Held(other) => format!("keep: {other:?}"),
        Fate::Pruned => "prune".to_owned(),
        Fate::PruneLater(_) => "prune later".to_owned(),
        Fate::Awaited => "wait".to_owned(),
        Fate::Stuck => "keep: stuck".to_owned(),
        Fate::Evidence => "keep: failed, no newer usable point".to_owned(),
        Fate::Removed => "remove failed".to_owned(),
        Fate::RemoveLater(_) => "remove failed later".to_owned(),
        Fate::DatedAhead => "keep: dated in the future".to_owned(),
        Fate::Leaving => "leaving".to_owned(),
    }
}
