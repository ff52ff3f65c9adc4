//! The calls of a run, each a future of its own that knows nothing of the others.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::event::SkipReason;
use super::executor::Watching;
use super::gone::{self, Patience, Seen, Sought};
use super::kind::difference;
use super::options::{Clock, Clouds, Settle};
use crate::cloud::gate::{self, Gate};
use crate::cloud::{Accepted, CloudError, CreateRequest, Known, Life, Object, Observed, Place, Watch};
use crate::lang::Value;
use crate::lang::address::ProviderAddress;
use crate::plan::guard::protecting_tag;
use crate::plan::remembered::Origin;
use crate::schema::ResourceType;

/// Which calls belong together: those of one type through one provider configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Lane {
    /// The provider configuration.
    pub provider: ProviderAddress,
    /// The type's name.
    pub type_name: &'static str,
}

/// What a finished operation tells.
pub(crate) enum Report {
    /// The parents of a wave of creates were listed.
    Looked(Vec<Looked>),
    /// Creates were answered.
    Created(Vec<(usize, Result<Accepted, CloudError>)>),
    /// Updates and deletes were answered.
    Changed(Vec<(usize, Changed)>),
    /// Objects that are waited for were read.
    Polled(Lane, Vec<(usize, Observed)>),
    /// The parent of a create without an answer was listed.
    Sought(usize, Result<Vec<Object>, CloudError>),
    /// A data source was read.
    Read(usize, Result<Value, CloudError>),
}

/// The parents of creates of one type.
pub(crate) struct Looked {
    /// The creates.
    pub steps: Vec<usize>,
    /// Where they will be, and what is on their parents now.
    pub result: Result<(Place, Vec<Object>), CloudError>,
}

/// How an update or delete ended.
pub(crate) enum Changed {
    /// It was sent and taken.
    Sent,
    /// There is nothing to delete.
    Gone,
    /// There is nothing to delete, as far as lists show.
    NotShown,
    /// It was not sent.
    Skipped(SkipReason),
    /// It failed, or could not be checked.
    Failed(CloudError),
}

/// An update or delete.
pub(crate) struct Target {
    /// The step.
    pub step: usize,
    /// The object.
    pub id: Arc<str>,
    /// The object as the plan saw it.
    pub before: Value,
    /// The object to be; none for a delete.
    pub planned: Option<Value>,
    /// Where and when we made it.
    pub origin: Origin,
    /// When to give up.
    pub until: Option<tokio::time::Instant>,
}

/// What stands between a plan and the objects that it changes.
pub(crate) struct Guard {
    /// Tags whose objects are never deleted.
    pub protect_tags: Arc<[String]>,
    /// The time of day.
    pub clock: Clock,
    /// How long clouds may take to show what they accepted.
    pub settle: Settle,
    /// Hears what keeps the calls.
    pub watching: Watching,
    /// What calls that change something have to pass.
    pub gate: Arc<dyn Gate>,
}

/// Lists the parents of creates of one type.
pub(crate) async fn look(
    clouds: &Clouds,
    provider: &ProviderAddress,
    resource_type: &'static ResourceType,
    steps: Vec<usize>,
    planned: &[Value],
) -> Looked {
    let result = match clouds.reader.place(provider).await {
        Ok(place) if planned.is_empty() => Ok((place, Vec::new())),
        Ok(place) => {
            let objects = clouds.reader.on_parents(provider, resource_type, planned).await;
            objects.map(|objects| (place, objects))
        }
        Err(error) => Err(error),
    };
    Looked { steps, result }
}

/// Sends creates that go out in one call.
pub(crate) async fn create(
    clouds: Clouds,
    provider: ProviderAddress,
    resource_type: &'static ResourceType,
    requests: Vec<(usize, CreateRequest)>,
    watch: Watch,
) -> Report {
    let (steps, requests): (Vec<usize>, Vec<CreateRequest>) = requests.into_iter().unzip();
    let answers = watch.over(clouds.writer.create(&provider, resource_type, &requests)).await;
    let mut answers = answers.into_iter();
    let missing = || {
        let class = crate::cloud::ErrorClass::Ambiguous;
        Err(CloudError::new(class, "", "", "the answer says nothing about this object"))
    };
    Report::Created(steps.into_iter().map(|step| (step, answers.next().unwrap_or_else(missing))).collect())
}

/// Checks that objects are what the plan saw, then updates or deletes them.
pub(crate) async fn change(
    clouds: Clouds,
    provider: ProviderAddress,
    resource_type: &'static ResourceType,
    targets: Vec<Target>,
    guard: Guard,
) -> Report {
    let sought: Vec<Sought> = targets
        .iter()
        .map(|target| Sought {
            known: Known { id: target.id.clone(), value: target.before.clone(), alone: false },
            origin: target.origin.clone(),
        })
        .collect();
    let patience = Patience { clock: &guard.clock, settle: &guard.settle };
    let found = gone::look(&*clouds.reader, &provider, resource_type, &sought, patience).await;
    let changes = targets.into_iter().zip(found).map(|(target, found)| {
        let (clouds, provider, guard) = (&clouds, &provider, &guard);
        async move {
            let watch = guard.watching.of(vec![target.step], target.until);
            let ended = match admit(resource_type, &target, found, &guard.protect_tags) {
                Ok(()) if guard.watching.is_stopped() => Changed::Failed(not_sent()),
                Ok(()) => {
                    let sending = send(clouds, provider, resource_type, &target, watch);
                    gate::behind(guard.gate.clone(), sending).await
                }
                Err(ended) => ended,
            };
            (target.step, ended)
        }
    });
    Report::Changed(join_all(changes).await)
}

fn admit(
    resource_type: &ResourceType,
    target: &Target,
    found: Seen,
    protect_tags: &[String],
) -> Result<(), Changed> {
    let deletes = target.planned.is_none();
    let object = match found {
        Seen::Present(object) => object,
        Seen::Gone if deletes => return Err(Changed::NotShown),
        Seen::Gone => {
            let why = "it does not exist any more".to_owned();
            return Err(Changed::Skipped(SkipReason::Changed(why)));
        }
        Seen::Unclear(why) => {
            let why = format!("the cloud shows it no more, and it may still be there: {why}");
            return Err(Changed::Skipped(SkipReason::Changed(why)));
        }
        Seen::Unread(error) => return Err(Changed::Failed(error)),
    };
    if object.life == Life::Leaving {
        return Err(if deletes {
            Changed::Sent
        } else {
            Changed::Skipped(SkipReason::Changed("somebody is deleting it".to_owned()))
        });
    }
    if deletes && let Some(tag) = protecting_tag(&object.value, protect_tags) {
        return Err(Changed::Skipped(SkipReason::Protected(tag.to_owned())));
    }
    match difference(resource_type, &target.before, &object.value) {
        Some(what) => Err(Changed::Skipped(SkipReason::Changed(what))),
        None => Ok(()),
    }
}

fn not_sent() -> CloudError {
    CloudError::new(
        crate::cloud::ErrorClass::Unreached,
        "",
        "",
        "it was not sent, because the run was asked to stop",
    )
}

/// Updates and deletes name their object, so sending them again after a lost answer does no harm.
async fn send(
    clouds: &Clouds,
    provider: &ProviderAddress,
    resource_type: &'static ResourceType,
    target: &Target,
    watch: Watch,
) -> Changed {
    const ATTEMPTS: u32 = 3;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let result = match &target.planned {
            Some(planned) => {
                let update = clouds.writer.update(provider, resource_type, &target.before, planned);
                watch.clone().over(update).await
            }
            None => watch.clone().over(clouds.writer.delete(provider, resource_type, &target.before)).await,
        };
        match result {
            Ok(()) => return Changed::Sent,
            Err(error) if error.is_missing() && target.planned.is_none() => return Changed::Gone,
            Err(error) if error.certainly_not_executed() || attempt >= ATTEMPTS => {
                return Changed::Failed(error);
            }
            Err(_) => tokio::time::sleep(Duration::from_secs(1 << attempt)).await,
        }
        if target.planned.is_none() {
            let again = [Known { id: target.id.clone(), value: target.before.clone(), alone: true }];
            let found = clouds.reader.observe(provider, resource_type, &again).await.into_iter().next();
            match found {
                Some(Observed::Absent) => return Changed::Sent,
                Some(Observed::Present(object)) if object.life == Life::Leaving => return Changed::Sent,
                _ => {}
            }
        }
    }
}
