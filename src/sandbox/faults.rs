//! Misbehaviour by name, armed by a test, a seed or a person, and used up call by call.

use serde::{Deserialize, Serialize};

use super::ids::scatter;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// Refused as too many calls, before acting.
    Throttled,
    /// The vendor's internal error with HTTP 5xx and a JSON body, before acting.
    ServerErrorJson,
    /// HTTP 502 with an HTML page, before acting.
    ServerErrorHtml,
    /// The connection closes before acting.
    DropBefore,
    /// The connection closes after acting.
    DropAfter,
    /// The answer comes after `ms`.
    Slow,
    /// What is created never becomes ready.
    Stuck,
    /// What is created fails.
    CreateFailed,
    /// Lists omit the newest objects: for `calls` lists those made since it was armed, or those younger than
    /// `seconds`.
    ListLag,
    /// An unknown id in a read or delete is an error.
    NotFoundAsError,
    /// An unknown id in a read or delete is an empty answer.
    NotFoundAsEmpty,
    /// A missing name is filled in.
    DefaultName,
    /// Every second item of a batch fails.
    PartialBatch,
    /// Refused because a quota is used up.
    Quota,
    /// The vendor's clock is `seconds` ahead (or behind when negative) until disarmed.
    ClockSkew,
    /// The connection closes; the call takes effect after `seconds` of the sandbox clock.
    LateArrival,
    /// The answer breaks off in the middle, after acting.
    TruncatedBody,
    /// A client token is not recognised.
    ForgottenClientToken,
    /// A create is answered with the id of a point that is marked as somebody else's.
    WrongId,
    /// A create is answered with the id that the first create of its service made.
    SameId,
    /// A create is answered with the id that the create before it made.
    SwappedIds,
    /// A create is answered with an id that no object has: `id`, or its own with a digit more.
    UnknownId,
    /// Reads show the points as those of another disk, desktop or file system.
    OtherParent,
    /// Reads are answered with a text that is no UTF-8.
    UnreadableRead,
}

/// All kinds, in the order of the documentation.
pub const FAULT_KINDS: &[FaultKind] = &[
    FaultKind::Throttled,
    FaultKind::ServerErrorJson,
    FaultKind::ServerErrorHtml,
    FaultKind::DropBefore,
    FaultKind::DropAfter,
    FaultKind::Slow,
    FaultKind::Stuck,
    FaultKind::CreateFailed,
    FaultKind::ListLag,
    FaultKind::NotFoundAsError,
    FaultKind::NotFoundAsEmpty,
    FaultKind::DefaultName,
    FaultKind::PartialBatch,
    FaultKind::Quota,
    FaultKind::ClockSkew,
    FaultKind::LateArrival,
    FaultKind::TruncatedBody,
    FaultKind::ForgottenClientToken,
    FaultKind::WrongId,
    FaultKind::SameId,
    FaultKind::SwappedIds,
    FaultKind::UnknownId,
    FaultKind::OtherParent,
    FaultKind::UnreadableRead,
];

impl FaultKind {
    /// Returns whether a fault that names no action hits this one.
    fn concerns(self, action: &str) -> bool {
        let creates = action.starts_with("Create");
        let reads = ["Describe", "List", "Get"].iter().any(|verb| action.starts_with(verb));
        match self {
            Self::Stuck
            | Self::CreateFailed
            | Self::DefaultName
            | Self::Quota
            | Self::LateArrival
            | Self::ForgottenClientToken
            | Self::WrongId
            | Self::SameId
            | Self::SwappedIds
            | Self::UnknownId => creates,
            Self::PartialBatch => !reads,
            Self::ListLag | Self::OtherParent | Self::UnreadableRead => reads,
            Self::NotFoundAsError | Self::NotFoundAsEmpty => !creates,
            Self::ClockSkew => false,
            _ => true,
        }
    }
}

/// A fault that waits for its call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Only calls of this service, e.g. `cfs`.
    #[serde(default)]
    pub service: Option<String>,
    /// Only calls of this action, e.g. `CreateCfsSnapshot`.
    #[serde(default)]
    pub action: Option<String>,
    /// Begins with the n-th such call, from 1.
    #[serde(default)]
    pub nth: Option<u64>,
    /// How often it happens; once by default, without end when a probability or `seconds` of lag is given.
    #[serde(default)]
    pub count: Option<u64>,
    /// Happens in this share of the calls, 0 to 1.
    #[serde(default)]
    pub probability: Option<f64>,
    /// Where the draws of the probability begin.
    #[serde(default)]
    pub seed: u64,
    /// Milliseconds of `slow`.
    #[serde(default)]
    pub ms: Option<u64>,
    /// Seconds of `late-arrival`, `clock-skew` and `list-lag`.
    #[serde(default)]
    pub seconds: Option<i64>,
    /// What `unknown-id` answers.
    #[serde(default)]
    pub id: Option<String>,
    /// Number of lists that lag.
    #[serde(default)]
    pub calls: Option<u64>,
    /// Calls seen so far; kept by the emulator.
    #[serde(default)]
    pub seen: u64,
    /// How often it happened; kept by the emulator.
    #[serde(default)]
    pub happened: u64,
    /// When it was armed; kept by the emulator.
    #[serde(default)]
    pub armed_ms: i64,
}

impl Fault {
    /// Returns a fault that hits the next call it concerns, once.
    pub fn once(kind: FaultKind) -> Self {
        Self {
            kind,
            service: None,
            action: None,
            nth: None,
            count: None,
            probability: None,
            seed: 0,
            ms: None,
            seconds: None,
            id: None,
            calls: None,
            seen: 0,
            happened: 0,
            armed_ms: 0,
        }
    }

    /// Returns the fault for one action only.
    pub fn on(mut self, action: &str) -> Self {
        self.action = Some(action.to_owned());
        self
    }

    fn limit(&self) -> u64 {
        let endless =
            self.probability.is_some() || (self.kind == FaultKind::ListLag && self.seconds.is_some());
        self.count.or(self.calls).unwrap_or(if endless { u64::MAX } else { 1 })
    }

    /// Looks at a call and returns whether the fault hits it.
    fn hits(&mut self, service: &str, action: &str) -> bool {
        let named = match &self.action {
            Some(name) => name == action && self.kind != FaultKind::ClockSkew,
            None => self.kind.concerns(action),
        };
        if !named || self.service.as_deref().is_some_and(|name| name != service) || self.is_spent() {
            return false;
        }
        self.seen += 1;
        if self.nth.is_some_and(|nth| self.seen < nth) {
            return false;
        }
        if let Some(probability) = self.probability {
            // 53 bits are what a double holds exactly.
            let draw = scatter(self.seed.wrapping_add(self.seen)) >> 11;
            if draw as f64 / (1u64 << 53) as f64 >= probability {
                return false;
            }
        }
        self.happened += 1;
        true
    }

    fn is_spent(&self) -> bool {
        self.happened >= self.limit()
    }
}

/// Whether and how an unknown id is answered, against the setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotFound {
    /// As an error.
    Error,
    /// As an empty answer.
    Empty,
}

/// With which id a create is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WrongId {
    /// That of a point that is somebody else's.
    Stranger,
    /// That of the first create.
    First,
    /// That of the create before.
    Before,
    /// One that no object has.
    Unknown(Option<String>),
}

/// What goes wrong in one call.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effects {
    pub(crate) throttled: bool,
    pub(crate) server_error_json: bool,
    pub(crate) server_error_html: bool,
    pub(crate) drop_before: bool,
    pub(crate) drop_after: bool,
    pub(crate) truncated: bool,
    pub(crate) slow_ms: u64,
    pub(crate) late_ms: Option<i64>,
    pub(crate) lag_since_ms: Option<i64>,
    pub(crate) lag_ms: i64,
    /// What is created never becomes ready.
    pub stuck: bool,
    /// What is created fails.
    pub create_failed: bool,
    /// How an unknown id is answered.
    pub not_found: Option<NotFound>,
    /// A missing name is filled in.
    pub default_name: bool,
    /// Every second item of a batch fails.
    pub partial_batch: bool,
    /// A quota is used up.
    pub quota: bool,
    /// Client tokens are not recognised.
    pub forgotten_token: bool,
    pub(crate) wrong_id: Option<WrongId>,
    pub(crate) other_parent: bool,
    pub(crate) unreadable: bool,
}

/// The faults that are armed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Faults {
    armed: Vec<Fault>,
}

impl Faults {
    pub fn arm(&mut self, mut fault: Fault, now_ms: i64) {
        fault.armed_ms = now_ms;
        self.armed.push(fault);
    }

    pub fn disarm_all(&mut self) {
        self.armed.clear();
    }

    pub fn armed(&self) -> &[Fault] {
        &self.armed
    }

    /// Returns how far the vendor's clock is ahead.
    pub fn skew_ms(&self) -> i64 {
        let skews = self.armed.iter().filter(|fault| fault.kind == FaultKind::ClockSkew);
        skews.map(|fault| fault.seconds.unwrap_or(0).saturating_mul(1_000)).sum()
    }

    /// Returns what goes wrong in this call and uses it up.
    pub fn take(&mut self, service: &str, action: &str) -> Effects {
        let mut effects = Effects::default();
        for fault in &mut self.armed {
            if fault.hits(service, action) {
                apply(&mut effects, fault);
            }
        }
        self.armed.retain(|fault| !fault.is_spent());
        effects
    }
}

fn apply(effects: &mut Effects, fault: &Fault) {
    match fault.kind {
        FaultKind::Throttled => effects.throttled = true,
        FaultKind::ServerErrorJson => effects.server_error_json = true,
        FaultKind::ServerErrorHtml => effects.server_error_html = true,
        FaultKind::DropBefore => effects.drop_before = true,
        FaultKind::DropAfter => effects.drop_after = true,
        FaultKind::Slow => effects.slow_ms = effects.slow_ms.saturating_add(fault.ms.unwrap_or(1_000)),
        FaultKind::Stuck => effects.stuck = true,
        FaultKind::CreateFailed => effects.create_failed = true,
        FaultKind::ListLag => match fault.seconds {
            Some(seconds) => effects.lag_ms = effects.lag_ms.max(seconds.saturating_mul(1_000)),
            None => effects.lag_since_ms = Some(fault.armed_ms),
        },
        FaultKind::NotFoundAsError => effects.not_found = Some(NotFound::Error),
        FaultKind::NotFoundAsEmpty => effects.not_found = Some(NotFound::Empty),
        FaultKind::DefaultName => effects.default_name = true,
        FaultKind::PartialBatch => effects.partial_batch = true,
        FaultKind::Quota => effects.quota = true,
        FaultKind::ClockSkew => {}
        FaultKind::LateArrival => {
            effects.late_ms = Some(fault.seconds.unwrap_or(1).max(0).saturating_mul(1_000));
        }
        FaultKind::TruncatedBody => effects.truncated = true,
        FaultKind::ForgottenClientToken => effects.forgotten_token = true,
        FaultKind::WrongId => effects.wrong_id = Some(WrongId::Stranger),
        FaultKind::SameId => effects.wrong_id = Some(WrongId::First),
        FaultKind::SwappedIds => effects.wrong_id = Some(WrongId::Before),
        FaultKind::UnknownId => effects.wrong_id = Some(WrongId::Unknown(fault.id.clone())),
        FaultKind::OtherParent => effects.other_parent = true,
        FaultKind::UnreadableRead => effects.unreadable = true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_begins_with_its_nth_call_and_ends_after_its_count() {
        let mut faults = Faults::default();
        let fault = Fault { nth: Some(2), count: Some(2), ..Fault::once(FaultKind::DropAfter) };
        faults.arm(fault.on("CreateDiskBackup"), 0);
        let hits: Vec<bool> = (0..5).map(|_| faults.take("cbs", "CreateDiskBackup").drop_after).collect();
        assert_eq!(hits, [false, true, true, false, false]);
        assert!(faults.armed().is_empty());
    }

    #[test]
    fn a_probability_draws_the_same_from_the_same_seed() {
        let draw = || {
            let mut faults = Faults::default();
            let fault = Fault { probability: Some(0.5), seed: 7, ..Fault::once(FaultKind::Throttled) };
            faults.arm(fault, 0);
            (0..64).map(|_| faults.take("ecs", "CreateSnapshot").throttled).collect::<Vec<_>>()
        };
        let hits = draw().iter().filter(|hit| **hit).count();
        assert_eq!(draw(), draw());
        assert!((16..48).contains(&hits), "{hits}");
    }

    #[test]
    fn list_lag_leaves_creates_alone() {
        let mut faults = Faults::default();
        faults.arm(Fault::once(FaultKind::ListLag), 5);
        assert_eq!(faults.take("cfs", "CreateCfsSnapshot").lag_since_ms, None);
        assert_eq!(faults.take("cfs", "DescribeCfsSnapshots").lag_since_ms, Some(5));
    }
}
