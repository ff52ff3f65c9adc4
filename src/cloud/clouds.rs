//! All configured providers of a run, behind [`Reader`] and [`Writer`].

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use super::alibaba::{self, absence, ecd_snapshot, ecs_snapshot};
use super::call::Shared;
use super::error::{CloudError, ErrorClass};
use super::object::{filled, texts};
use super::rates;
use super::settings::{Environment, Settings};
use super::tencent::{self, cbs_disk_backup, cfs_snapshot, tcaplus_snapshot};
use super::{Absence, Accepted, BoxFuture, CreateRequest, Known, Object, Observed, Place, Reader, Writer};
use crate::lang::Value;
use crate::lang::address::ProviderAddress;
use crate::schema::{ProviderKind, ResourceType, unset};

/// The configured providers of a run.
pub struct Clouds {
    shared: Shared,
    settings: Settings,
    configured: RwLock<HashMap<ProviderAddress, Configured>>,
}

/// A provider configuration: its client, and which accounts it may work on.
#[derive(Clone)]
struct Configured {
    client: Client,
    allowed: Arc<Vec<String>>,
    forbidden: Arc<Vec<String>>,
    /// Whether the accounts are not known yet: what is read then may be of any account, and nothing is written.
    undecided: bool,
}

impl Configured {
    /// Returns whether the configuration says which accounts it may work with.
    fn is_guarded(&self) -> bool {
        !self.undecided && (!self.allowed.is_empty() || !self.forbidden.is_empty())
    }
}

/// Makes the error for an account that the configuration guards and that the cloud does not tell.
fn unchecked(error: &CloudError) -> CloudError {
    let message = format!(
        "the account of the credentials is not known, so it cannot be checked against {}: {error}",
        GUARDS.join(", ")
    );
    CloudError::new(ErrorClass::Denied, "", "", message).with_remedy(
        "Nothing was read and nothing is changed. Grant the permission sts:GetCallerIdentity to the user or role of the key, or \
         take these arguments (and the variables that stand for them) away.",
    )
}

/// The arguments that name accounts.
const GUARDS: [&str; 3] = ["account_id", "allowed_account_ids", "forbidden_account_ids"];

#[derive(Clone)]
enum Client {
    Alibaba(Arc<alibaba::client::Client>),
    Tencent(Arc<tencent::client::Client>),
}

impl std::fmt::Debug for Clouds {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Clouds").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Clouds {
    /// Makes a set without any provider.
    pub fn new(shared: Shared, settings: Settings) -> Clouds {
        Clouds { shared, settings, configured: RwLock::default() }
    }

    /// Takes a provider configuration over; `config` is the evaluated block, an object of nulls when there is no block.
    ///
    /// # Errors
    ///
    /// No credentials, half a key pair, an endpoint that is none, or an argument that cannot be obeyed.
    pub fn configure(
        &self,
        provider: &ProviderAddress,
        kind: ProviderKind,
        config: &Value,
    ) -> Result<(), CloudError> {
        let config = config.unmarked_deep();
        let shared = self.shared.clone();
        let limits = shared.limits.clone();
        let client = match kind {
            ProviderKind::Alicloud => {
                Client::Alibaba(Arc::new(alibaba::configure::client(shared, &self.settings, &config)?))
            }
            ProviderKind::Tencentcloud => {
                Client::Tencent(Arc::new(tencent::configure::client(shared, &self.settings, &config)?))
            }
            ProviderKind::Terraform => return Ok(()),
        };
        let region = match &client {
            Client::Alibaba(client) => client.region(),
            Client::Tencent(client) => client.region(),
        };
        rates::of_provider(&config, region)?.into_iter().for_each(|rate| limits.set_for_provider(rate));
        let mut allowed = texts(&config, "allowed_account_ids");
        let own = match kind {
            ProviderKind::Alicloud => self.settings.argument(
                &config,
                "account_id",
                &["ALICLOUD_ACCOUNT_ID", "ALIBABA_CLOUD_ACCOUNT_ID"],
            ),
            _ => filled(&config, "account_id").map(str::to_owned),
        };
        allowed.extend(own);
        let forbidden = texts(&config, "forbidden_account_ids");
        // The sandbox's accounts are not those that the user wrote down.
        let (allowed, forbidden) =
            if self.settings.sandbox.is_some() { Default::default() } else { (allowed, forbidden) };
        let undecided = self.settings.sandbox.is_none()
            && GUARDS.iter().any(|name| config.get(name).is_some_and(|given| !given.is_wholly_known()));
        let (allowed, forbidden) = (Arc::new(allowed), Arc::new(forbidden));
        let configured = Configured { client, allowed, forbidden, undecided };
        let mut all = self.configured.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(provider.clone(), configured);
        Ok(())
    }

    fn find(&self, provider: &ProviderAddress) -> Result<Configured, CloudError> {
        let all = self.configured.read().unwrap_or_else(PoisonError::into_inner);
        all.get(provider).cloned().ok_or_else(|| {
            let message = format!("provider {} is used before it is configured", provider.source);
            CloudError::new(ErrorClass::Unexpected, "", "", message)
        })
    }

    async fn place_of(&self, provider: &ProviderAddress) -> Result<Place, CloudError> {
        let configured = self.find(provider)?;
        let (identity, region) = match &configured.client {
            Client::Alibaba(client) => (client.identity().await?, client.region().clone()),
            Client::Tencent(client) => (client.identity().await?, client.region().clone()),
        };
        let unnamed = identity.account.as_ref().err();
        let place = Place {
            account: identity.shown.clone(),
            region,
            key: identity.key.clone(),
            unnamed: unnamed.map(|error| error.to_string().into()),
        };
        if !configured.is_guarded() {
            return Ok(place);
        }
        if let Some(error) = unnamed {
            return Err(unchecked(error));
        }
        let account = &*place.account;
        let named = |list: &[String]| list.iter().any(|each| each == account);
        if named(&configured.forbidden) || (!configured.allowed.is_empty() && !named(&configured.allowed)) {
            let message =
                format!("the credentials belong to account {account}, which the provider block rules out");
            return Err(CloudError::new(ErrorClass::Denied, "sts", "GetCallerIdentity", message)
                .with_remedy("Use credentials of an allowed account, or change the list of accounts."));
        }
        Ok(place)
    }

    /// Returns the client for a call that reads, if its account is one that the configuration allows.
    async fn for_reading(&self, provider: &ProviderAddress) -> Result<Client, CloudError> {
        let configured = self.find(provider)?;
        if configured.is_guarded() {
            self.place_of(provider).await?;
        }
        Ok(configured.client)
    }

    /// Returns the client for a call that changes something, if its account is one that the configuration allows.
    async fn for_writing(&self, provider: &ProviderAddress) -> Result<Client, CloudError> {
        let configured = self.find(provider)?;
        if configured.undecided {
            let message = format!("the accounts that {provider} may work with are not known");
            return Err(CloudError::new(ErrorClass::Invalid, "", "", message));
        }
        self.for_reading(provider).await
    }

    async fn on_parents_of(
        &self,
        provider: &ProviderAddress,
        resource_type: &ResourceType,
        planned: &[Value],
    ) -> Result<Vec<Object>, CloudError> {
        let ty = &resource_type.object_type();
        let bare: Vec<Value> = planned.iter().map(Value::unmarked_deep).collect();
        let planned: &[&Value] = &bare.iter().collect::<Vec<_>>();
        let mut found = match (self.for_reading(provider).await?, resource_type.name) {
            (Client::Alibaba(client), "alicloud_ecs_snapshot" | "alicloud_snapshot") => {
                ecs_snapshot::on_parents(&client, ty, planned).await
            }
            (Client::Alibaba(client), "alicloud_ecd_snapshot") => {
                ecd_snapshot::on_parents(&client, ty, planned).await
            }
            (Client::Tencent(client), "tencentcloud_cfs_snapshot") => {
                cfs_snapshot::on_parents(&client, ty, planned).await
            }
            (Client::Tencent(client), "tencentcloud_cbs_disk_backup") => {
                cbs_disk_backup::on_parents(&client, ty, planned).await
            }
            (Client::Tencent(client), "tencentcloud_tcaplus_snapshot") => {
                tcaplus_snapshot::on_parents(&client, ty, planned).await
            }
            _ => Err(no_such(resource_type)),
        }?;
        found.iter_mut().for_each(|object| as_read(resource_type, object));
        Ok(found)
    }
}

/// A type that no client handles reached the clouds: our own mistake.
fn no_such(resource_type: &ResourceType) -> CloudError {
    let message = format!("no client of this provider handles {}", resource_type.name);
    CloudError::new(ErrorClass::Unexpected, "", "", message)
}

/// Gives what nobody set the one form in which it reads.
fn as_read(resource_type: &ResourceType, object: &mut Object) {
    let value = std::mem::replace(&mut object.value, Value::object::<Arc<str>>([]));
    object.value = unset::as_read(resource_type, value);
}

fn bare(known: &Known) -> Known {
    Known { id: known.id.clone(), value: known.value.unmarked_deep(), alone: known.alone }
}

impl Reader for Clouds {
    fn place<'a>(&'a self, provider: &'a ProviderAddress) -> BoxFuture<'a, Result<Place, CloudError>> {
        Box::pin(self.place_of(provider))
    }

    fn observe<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Observed>> {
        Box::pin(async move {
            let unread =
                |error: CloudError| objects.iter().map(|_| Observed::Unread(error.clone())).collect();
            let client = match self.for_reading(provider).await {
                Ok(client) => client,
                Err(error) => return unread(error),
            };
            let ty = resource_type.object_type();
            let objects: Vec<Known> = objects.iter().map(bare).collect();
            let mut found = match (client, resource_type.name) {
                (Client::Alibaba(client), "alicloud_ecs_snapshot" | "alicloud_snapshot") => {
                    let found = ecs_snapshot::observe(&client, &ty, &objects).await;
                    let region = client.region();
                    objects
                        .iter()
                        .zip(found)
                        .map(|(known, found)| not_elsewhere(known, found, provider, region))
                        .collect()
                }
                (Client::Alibaba(client), "alicloud_ecd_snapshot") => {
                    ecd_snapshot::observe(&client, &ty, &objects).await
                }
                (Client::Tencent(client), "tencentcloud_cfs_snapshot") => {
                    cfs_snapshot::observe(&client, &ty, &objects).await
                }
                (Client::Tencent(client), "tencentcloud_cbs_disk_backup") => {
                    cbs_disk_backup::observe(&client, &ty, &objects).await
                }
                (Client::Tencent(client), "tencentcloud_tcaplus_snapshot") => {
                    tcaplus_snapshot::observe(&client, &ty, &objects).await
                }
                _ => unread(no_such(resource_type)),
            };
            for each in &mut found {
                if let Observed::Present(object) = each {
                    as_read(resource_type, object);
                }
            }
            found
        })
    }

    fn absence<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Absence>> {
        Box::pin(async move {
            let client = match self.for_reading(provider).await {
                Ok(client) => client,
                Err(error) => return objects.iter().map(|_| Absence::Unread(error.clone())).collect(),
            };
            let objects: Vec<Known> = objects.iter().map(bare).collect();
            match (client, resource_type.name) {
                (Client::Alibaba(client), "alicloud_ecs_snapshot" | "alicloud_snapshot") => {
                    absence::of_ecs_snapshots(&client, &objects).await
                }
                (Client::Alibaba(client), "alicloud_ecd_snapshot") => {
                    absence::of_ecd_snapshots(&client, &objects).await
                }
                _ => objects.iter().map(|_| Absence::Unopposed).collect(),
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
            let config = &config.unmarked_deep();
            let read = match self.for_reading(provider).await? {
                Client::Alibaba(client) => alibaba::data::read(&client, resource_type, config).await?,
                Client::Tencent(client) => tencent::data::read(&client, resource_type, config).await?,
            };
            let read = read.ok_or_else(|| no_such(resource_type))?;
            read.write_output(&self.settings.environment)?;
            Ok(read.into_object(resource_type, config))
        })
    }

    fn on_parent<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(self.on_parents_of(provider, resource_type, std::slice::from_ref(planned)))
    }

    fn on_parents<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a [Value],
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(self.on_parents_of(provider, resource_type, planned))
    }

    fn room<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Value],
    ) -> BoxFuture<'a, Result<Vec<Option<u64>>, CloudError>> {
        Box::pin(async move {
            let granted = granted(&self.settings.environment, resource_type.name)?;
            let documented = match resource_type.name {
                // ECS CreateSnapshot: manual snapshots of one disk.
                "alicloud_ecs_snapshot" | "alicloud_snapshot" => Some(256),
                // CFS use limits: snapshots of one file system.
                "tencentcloud_cfs_snapshot" => Some(100),
                _ => None,
            };
            match (granted, resource_type.name, self.for_reading(provider).await?) {
                (None, "tencentcloud_cbs_disk_backup", Client::Tencent(client)) => {
                    cbs_disk_backup::quotas(&client, objects).await
                }
                (granted, ..) => Ok(vec![granted.or(documented); objects.len()]),
            }
        })
    }

    fn shown_parents<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Value],
    ) -> BoxFuture<'a, Result<Option<std::collections::BTreeSet<String>>, CloudError>> {
        Box::pin(async move {
            let shown = match self.for_reading(provider).await? {
                Client::Alibaba(client) => alibaba::parents::shown(&client, resource_type, objects).await?,
                Client::Tencent(client) => tencent::parents::shown(&client, resource_type, objects).await?,
            };
            Ok(Some(shown))
        })
    }
}

/// The variable that tells of quotas that a service raised: `TYPE=NUMBER`, several separated by commas.
const GRANTED: &str = "SNAPFORM_POINTS_PER_PARENT";

/// Returns the quota of points of one parent that the user tells for a type.
fn granted(environment: &Environment, type_name: &str) -> Result<Option<u64>, CloudError> {
    let wrong = |entry: &str| {
        let message = format!("{GRANTED} holds {entry:?}, which is no TYPE=NUMBER");
        CloudError::new(ErrorClass::Invalid, "", "", message)
            .with_remedy("Write it as in \"alicloud_ecs_snapshot=512,tencentcloud_cfs_snapshot=200\".")
    };
    let mut found = None;
    for entry in environment.first(&[GRANTED]).unwrap_or_default().split(',').map(str::trim) {
        if entry.is_empty() {
            continue;
        }
        let (name, number) = entry.split_once('=').ok_or_else(|| wrong(entry))?;
        let number: u64 = number.trim().parse().map_err(|_| wrong(entry))?;
        if name.trim() == type_name {
            found = Some(number);
        }
    }
    Ok(found)
}

impl Writer for Clouds {
    fn batch_key(&self, resource_type: &ResourceType, planned: &Value) -> Option<String> {
        match resource_type.name {
            "tencentcloud_tcaplus_snapshot" => tcaplus_snapshot::batch_key(&planned.unmarked_deep()),
            _ => None,
        }
    }

    fn burst(&self, resource_type: &ResourceType) -> usize {
        let (service, action, at_once) = match resource_type.name {
            "alicloud_ecs_snapshot" | "alicloud_snapshot" => ("ecs", "CreateSnapshot", 1),
            "alicloud_ecd_snapshot" => ("ecd", "CreateSnapshot", 1),
            "tencentcloud_tcaplus_snapshot" => ("tcaplusdb", "CreateSnapshots", tcaplus_snapshot::BATCH),
            "tencentcloud_cfs_snapshot" => ("cfs", "CreateCfsSnapshot", 1),
            _ => ("cbs", "CreateDiskBackup", 1),
        };
        self.shared.limits.burst(service, action, Duration::from_secs(2)).saturating_mul(at_once)
    }

    fn create<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        requests: &'a [CreateRequest],
    ) -> BoxFuture<'a, Vec<Result<Accepted, CloudError>>> {
        Box::pin(async move {
            let client = match self.for_writing(provider).await {
                Ok(client) => client,
                Err(error) => return requests.iter().map(|_| Err(error.clone())).collect(),
            };
            let requests: Vec<CreateRequest> = requests
                .iter()
                .map(|each| CreateRequest {
                    planned: each.planned.unmarked_deep(),
                    marker: each.marker.clone(),
                })
                .collect();
            if let (Client::Tencent(client), "tencentcloud_tcaplus_snapshot") = (&client, resource_type.name)
            {
                return tcaplus_snapshot::create(client, &requests).await;
            }
            let mut answers = Vec::with_capacity(requests.len());
            for request in &requests {
                answers.push(match (&client, resource_type.name) {
                    (Client::Alibaba(client), "alicloud_ecs_snapshot" | "alicloud_snapshot") => {
                        ecs_snapshot::create(client, request).await
                    }
                    (Client::Alibaba(client), "alicloud_ecd_snapshot") => {
                        ecd_snapshot::create(client, request).await
                    }
                    (Client::Tencent(client), "tencentcloud_cfs_snapshot") => {
                        cfs_snapshot::create(client, request).await
                    }
                    (Client::Tencent(client), "tencentcloud_cbs_disk_backup") => {
                        cbs_disk_backup::create(client, request).await
                    }
                    _ => Err(no_such(resource_type)),
                });
            }
            answers
        })
    }

    fn update<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        prior: &'a Value,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        Box::pin(async move {
            let (prior, planned) = (&prior.unmarked_deep(), &planned.unmarked_deep());
            match (self.for_writing(provider).await?, resource_type.name) {
                (Client::Alibaba(client), "alicloud_ecs_snapshot" | "alicloud_snapshot") => {
                    ecs_snapshot::update(&client, prior, planned).await
                }
                (Client::Tencent(client), "tencentcloud_cfs_snapshot") => {
                    cfs_snapshot::update(&client, prior, planned).await
                }
                (Client::Tencent(client), "tencentcloud_tcaplus_snapshot") => {
                    tcaplus_snapshot::update(&client, prior, planned).await
                }
                // Only our own `timeouts` can differ here; the services of these two change nothing.
                (Client::Alibaba(_), "alicloud_ecd_snapshot")
                | (Client::Tencent(_), "tencentcloud_cbs_disk_backup") => Ok(()),
                _ => Err(no_such(resource_type)),
            }
        })
    }

    fn delete<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        prior: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        Box::pin(async move {
            let prior = &prior.unmarked_deep();
            match (self.for_writing(provider).await?, resource_type.name) {
                (Client::Alibaba(client), "alicloud_ecs_snapshot" | "alicloud_snapshot") => {
                    ecs_snapshot::delete(&client, prior).await
                }
                (Client::Alibaba(client), "alicloud_ecd_snapshot") => {
                    ecd_snapshot::delete(&client, prior).await
                }
                (Client::Tencent(client), "tencentcloud_cfs_snapshot") => {
                    cfs_snapshot::delete(&client, prior).await
                }
                (Client::Tencent(client), "tencentcloud_cbs_disk_backup") => {
                    cbs_disk_backup::delete(&client, prior).await
                }
                (Client::Tencent(client), "tencentcloud_tcaplus_snapshot") => {
                    tcaplus_snapshot::delete(&client, prior).await
                }
                _ => Err(no_such(resource_type)),
            }
        })
    }
}

/// An object that is missing from another region than its own is not gone: nobody looked where it is. This happens when a
/// provider block is edited or removed.
fn not_elsewhere(known: &Known, found: Observed, provider: &ProviderAddress, region: &str) -> Observed {
    let saved = known.value.get("region_id").and_then(Value::as_str).filter(|saved| !saved.is_empty());
    match (found, saved) {
        (Observed::Absent, Some(saved)) if saved != region => {
            let message =
                format!("the object was saved in region {saved}, and {provider} looks in {region} now");
            let remedy = format!(
                "A recovery point stays in its region: with a provider of another one it can neither be read nor changed. Give its block a provider with region = {saved:?}. If it has no block any more, the provider is the one that the state names: \"snapform state replace-provider\" changes that. To leave the object where it is, take it out of the state with \"snapform state rm\"."
            );
            Observed::Unread(
                CloudError::new(ErrorClass::Invalid, "ecs", "DescribeSnapshots", message)
                    .with_remedy(&remedy),
            )
        }
        (found, _) => found,
    }
}
