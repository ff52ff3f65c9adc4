//! How a run is to behave, and what it is given.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::cloud::{Reader, Writer};

/// How long a cloud may take to show what it accepted, unless said otherwise.
pub const DEFAULT_SETTLE: Duration = Duration::from_secs(60);

/// How long clouds may take to show what they accepted.
#[derive(Clone, Debug)]
pub struct Settle {
    /// For all providers that are not named.
    pub default: Duration,
    /// By provider configuration, as the state names it.
    pub providers: BTreeMap<String, Duration>,
}

impl Default for Settle {
    fn default() -> Self {
        Self { default: DEFAULT_SETTLE, providers: BTreeMap::new() }
    }
}

impl Settle {
    /// Returns the time for a provider configuration.
    pub fn of(&self, provider: &str) -> Duration {
        self.providers.get(provider).copied().unwrap_or(self.default)
    }

    /// Returns the shortest of all times.
    pub(crate) fn shortest(&self) -> Duration {
        self.providers.values().copied().chain([self.default]).min().unwrap_or(self.default)
    }
}

/// Tells the time of day. Given from outside, so that a simulation has its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// Returns the clock of the system.
    pub fn system() -> Self {
        Self(Arc::new(Timestamp::now))
    }

    /// Returns a clock that asks `now`.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Clock({})", self.now())
    }
}

/// Makes random ids. Given from outside, so that a simulation repeats them.
#[derive(Clone)]
pub struct Ids(Arc<dyn Fn() -> uuid::Uuid + Send + Sync>);

impl Ids {
    /// Returns a source of random ids.
    pub fn random() -> Self {
        Self(Arc::new(uuid::Uuid::new_v4))
    }

    /// Returns a source that asks `next`.
    pub fn new(next: impl Fn() -> uuid::Uuid + Send + Sync + 'static) -> Self {
        Self(Arc::new(next))
    }

    pub(crate) fn next(&self) -> String {
        (self.0)().to_string()
    }
}

impl fmt::Debug for Ids {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Ids")
    }
}

/// How a run is to behave.
#[derive(Clone, Debug)]
pub struct Options {
    /// The most operations at once (`-parallelism`). Without it, at most forty for each resource type of each provider
    /// configuration, so that one cloud's rate limit does not hold up another's. Objects that are only waited for do not count.
    pub parallelism: Option<NonZeroUsize>,
    /// Whether to wait until objects are usable (false with `-no-wait`).
    pub wait: bool,
    /// How long clouds may take to show what they accepted.
    pub settle: Settle,
    /// The name of the run: a UUID.
    pub run: String,
    /// Tags, as `key` or `key=value`, whose objects are never deleted.
    pub protect_tags: Vec<String>,
    /// When the plan was made that begins a state. An object that is newer and looks like one of its creates says that the same
    /// plan was carried out elsewhere.
    pub first_since: Option<Timestamp>,
    /// The time of day.
    pub clock: Clock,
    /// Random ids.
    pub ids: Ids,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            parallelism: None,
            wait: true,
            settle: Settle::default(),
            run: uuid::Uuid::new_v4().to_string(),
            protect_tags: vec!["legal-hold".to_owned()],
            first_since: None,
            clock: Clock::system(),
            ids: Ids::random(),
        }
    }
}

/// The two sides of the clouds.
#[derive(Clone)]
pub struct Clouds {
    /// Reads.
    pub reader: Arc<dyn Reader>,
    /// Changes.
    pub writer: Arc<dyn Writer>,
}

impl fmt::Debug for Clouds {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Clouds")
    }
}
