//! The clouds of a run: real ones, or the embedded sandbox.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use secrecy::SecretString;

use crate::apply::{ActionStatistics, Event, EventSink, Statistics};
use crate::cloud::call::{Shared, SystemClock};
use crate::cloud::credentials::Credentials;
use crate::cloud::event::{CallEvent, CallListener, CallWait, LogListener};
use crate::cloud::limits::{Limits, RateOverride, SavedCalls};
use crate::cloud::settings::{Environment, SandboxAccess, Settings};
use crate::cloud::transport::{HttpExchange, TimeLimits};
use crate::cloud::{
    Absence, Accepted, BoxFuture, CloudError, Clouds, CreateRequest, ErrorClass, Known, Life, Object,
    Observed, Place, Reader, Writer,
};
use crate::lang::address::ProviderAddress;
use crate::lang::{Kind, Value};
use crate::plan::ProviderConfig;
use crate::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_ALIBABA_REGION,
    DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, Server,
};
use crate::schema::{ProviderKind, ResourceType};

use super::super::{Failure, Global};
use super::remote_state;

/// The file of our own folder that holds the times of the last calls.
const CALLS: &str = "calls.json";

/// Both sides of the clouds, and the builtin provider beside them.
pub struct Connections {
    clouds: Clouds,
    failed: Mutex<HashMap<ProviderAddress, CloudError>>,
    statistics: Arc<Statistics>,
    limits: Arc<Limits>,
    /// Where the next command finds what this one sent; none where each command has a cloud of its own.
    calls: Option<PathBuf>,
    /// Kept for as long as the run lasts.
    _server: Option<Server>,
}

/// Passes what calls report on to the listener of the run.
struct CallsToEvents {
    events: Arc<dyn EventSink>,
    statistics: Arc<Statistics>,
    /// When a wait was last told.
    told: Mutex<Option<Instant>>,
}

/// Calls that wait are told no more often than this.
const BETWEEN_WAITS: Duration = Duration::from_secs(2);

impl CallListener for CallsToEvents {
    fn attempted(&self, event: &CallEvent) {
        LogListener.attempted(event);
        self.statistics.count(event);
        self.events.heard(&Event::Called(event.clone()));
    }

    fn waiting(&self, wait: &CallWait) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        // Where a service is silent many calls are: one of them says it for all.
        if told.is_none_or(|told| told.elapsed() >= BETWEEN_WAITS) {
            *told = Some(Instant::now());
            self.events.heard(&Event::Waiting(wait.clone()));
        }
    }
}

impl Connections {
    /// Returns the clouds of a run, starting the embedded sandbox where it is asked for. Two commands on one embedded world
    /// follow each other: the second waits here.
    ///
    /// # Errors
    /// The world of the sandbox cannot be opened.
    pub async fn open(
        global: &Global,
        events: Arc<dyn EventSink>,
        rates: &[RateOverride],
    ) -> anyhow::Result<Self> {
        let statistics = Arc::new(Statistics::default());
        let limits = Limits::new();
        rates.iter().for_each(|rate| limits.set_override(rate.clone()));
        // The embedded sandbox counts anew with each command.
        let calls = (!global.sandbox).then(|| global.snapform_folder().join(CALLS));
        if let Some(path) = &calls {
            limits.resume(SavedCalls::read(path));
        }
        let limits = Arc::new(limits);
        let shared = Shared {
            exchange: Arc::new(HttpExchange::new(TimeLimits::default())),
            limits: limits.clone(),
            listener: Arc::new(CallsToEvents {
                events,
                statistics: statistics.clone(),
                told: Mutex::default(),
            }),
            clock: Arc::new(SystemClock),
        };
        let (access, server) = if global.sandbox { start_sandbox(global).await? } else { (None, None) };
        let settings = Settings { environment: Environment::of_process(), sandbox: access };
        Ok(Self {
            clouds: Clouds::new(shared, settings),
            failed: Mutex::default(),
            statistics,
            limits,
            calls,
            _server: server,
        })
    }

    /// Leaves word for the next command of what was sent and still counts against quotas.
    pub fn leave_calls(&self) {
        if let Some(path) = &self.calls
            && let Err(error) = self.limits.saved().write(path)
        {
            tracing::debug!(%error, "the calls could not be saved for the next command");
        }
    }

    /// Returns what the calls cost so far.
    pub fn statistics(&self) -> Vec<ActionStatistics> {
        self.statistics.actions()
    }

    /// Takes provider configurations over. One that cannot be used fails the reads and calls that need it.
    pub fn configure<'a>(
        &self,
        providers: impl IntoIterator<Item = (&'a ProviderAddress, &'a ProviderConfig)>,
    ) {
        for (provider, config) in providers {
            let configured = match config.may_read() {
                true => self.configure_one(provider, &config.value),
                false => {
                    let why = config.explain(provider);
                    Err(CloudError::new(ErrorClass::Invalid, "", "", why).with_remedy(
                        "Without these values it would be used with other credentials or in another region than the configuration says.",
                    ))
                }
            };
            let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
            match configured {
                Ok(()) => failed.remove(provider),
                Err(error) => failed.insert(provider.clone(), error),
            };
        }
    }

    fn configure_one(&self, provider: &ProviderAddress, config: &Value) -> Result<(), CloudError> {
        match ProviderKind::of_source(&provider.source) {
            Some(kind) => self.clouds.configure(provider, kind, config),
            None => Ok(()),
        }
    }

    fn check(&self, provider: &ProviderAddress) -> Result<(), CloudError> {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get(provider).map_or(Ok(()), |error| Err(error.clone()))
    }
}

async fn start_sandbox(global: &Global) -> anyhow::Result<(Option<SandboxAccess>, Option<Server>)> {
    let folder = global.world_folder();
    std::fs::create_dir_all(&folder).map_err(|error| {
        Failure::new("The sandbox cannot be opened", format!("{}: {error}", folder.display()))
    })?;
    let sandbox = Sandbox::open_async(Some(folder), Options::default())
        .await
        .map_err(|error| Failure::new("The sandbox cannot be opened", error.to_string()))?;
    let server = Server::bind(([127, 0, 0, 1], 0).into(), sandbox).await?;
    let credentials = |id: &str, secret: &str| Credentials {
        id: id.to_owned(),
        secret: SecretString::from(secret.to_owned()),
        token: None,
    };
    let access = SandboxAccess {
        endpoint: format!("http://{}", server.address()),
        alibaba: credentials(DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET),
        alibaba_region: DEFAULT_ALIBABA_REGION.to_owned(),
        tencent: credentials(DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY),
    };
    Ok((Some(access), Some(server)))
}

/// Builtin objects live in the state alone: what is remembered is what is there, and any id can be imported.
fn builtin_object(resource_type: &ResourceType, known: &Known) -> Observed {
    let Kind::Object(mut members) = resource_type.block.null_object().kind else { return Observed::Absent };
    let members = Arc::make_mut(&mut members);
    if let Some(remembered) = known.value.members() {
        members.extend(remembered.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    members.insert(Arc::from("id"), Value::string(&known.id));
    Observed::Present(Box::new(Object {
        id: known.id.clone(),
        value: Kind::Object(Arc::new(std::mem::take(members))).into(),
        life: Life::Usable,
        created_at: None,
    }))
}

impl Reader for Connections {
    fn configure(&self, provider: &ProviderAddress, config: &Value) -> Result<(), CloudError> {
        self.configure_one(provider, config)?;
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(provider);
        Ok(())
    }

    fn place<'a>(&'a self, provider: &'a ProviderAddress) -> BoxFuture<'a, Result<Place, CloudError>> {
        Box::pin(async move {
            self.check(provider)?;
            self.clouds.place(provider).await
        })
    }

    fn observe<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Observed>> {
        Box::pin(async move {
            if resource_type.provider == ProviderKind::Terraform {
                return objects.iter().map(|known| builtin_object(resource_type, known)).collect();
            }
            match self.check(provider) {
                Ok(()) => self.clouds.observe(provider, resource_type, objects).await,
                Err(error) => objects.iter().map(|_| Observed::Unread(error.clone())).collect(),
            }
        })
    }

    fn absence<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Absence>> {
        Box::pin(async move {
            match self.check(provider) {
                Ok(()) => self.clouds.absence(provider, resource_type, objects).await,
                Err(error) => objects.iter().map(|_| Absence::Unread(error.clone())).collect(),
            }
        })
    }

    fn read_data<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CloudError>> {
        Box::pin(async move {
            if resource_type.provider == ProviderKind::Terraform {
                return remote_state::read(resource_type, config)
                    .await
                    .map_err(|why| CloudError::new(ErrorClass::Invalid, "", "", why));
            }
            self.check(provider)?;
            self.clouds.read_data(provider, resource_type, config).await
        })
    }

    fn on_parent<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(async move {
            self.check(provider)?;
            self.clouds.on_parent(provider, resource_type, planned).await
        })
    }

    fn on_parents<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a [Value],
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(async move {
            self.check(provider)?;
            self.clouds.on_parents(provider, resource_type, planned).await
        })
    }

    fn room<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Value],
    ) -> BoxFuture<'a, Result<Vec<Option<u64>>, CloudError>> {
        Box::pin(async move {
            self.check(provider)?;
            self.clouds.room(provider, resource_type, objects).await
        })
    }

    fn shown_parents<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Value],
    ) -> BoxFuture<'a, Result<Option<std::collections::BTreeSet<String>>, CloudError>> {
        Box::pin(async move {
            self.check(provider)?;
            self.clouds.shown_parents(provider, resource_type, objects).await
        })
    }
}

impl Writer for Connections {
    fn batch_key(&self, resource_type: &ResourceType, planned: &Value) -> Option<String> {
        self.clouds.batch_key(resource_type, planned)
    }

    fn burst(&self, resource_type: &ResourceType) -> usize {
        self.clouds.burst(resource_type)
    }

    fn create<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        requests: &'a [CreateRequest],
    ) -> BoxFuture<'a, Vec<Result<Accepted, CloudError>>> {
        self.clouds.create(provider, resource_type, requests)
    }

    fn update<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        prior: &'a Value,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        self.clouds.update(provider, resource_type, prior, planned)
    }

    fn delete<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        prior: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        self.clouds.delete(provider, resource_type, prior)
    }
}
