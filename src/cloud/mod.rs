//! Clients of the two clouds: transport, signing, rate limits, typed requests, resource adapters.
//!
//! [`Reader`] and [`Writer`] are all that the rest of the program sees, and they are different types on
//! purpose: code on the way to a plan is handed a reader only. Both speak of objects as [`Value`]s of the
//! type's schema; what a request looks like is known only in the folder of the cloud concerned.

mod account;
mod alibaba;
pub mod call;
mod clouds;
pub mod credentials;
mod data;
mod digest;
mod document;
pub mod endpoint;
mod error;
pub mod event;
mod extent;
mod fields;
pub mod gate;
mod join;
pub mod limits;
mod object;
mod patience;
mod profile;
pub mod rates;
pub mod retry;
pub mod settings;
mod tencent;
pub mod transport;

pub use clouds::Clouds;
pub use error::{CloudError, ErrorClass, short};
pub use patience::Watch;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::lang::Value;
use crate::lang::address::ProviderAddress;
use crate::schema::ResourceType;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Where the objects of a provider configuration live. An object is gone only if it is missing in the same place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The account id, as the cloud's `GetCallerIdentity` says, or what stands for it.
    pub account: Arc<str>,
    /// The region id.
    pub region: Arc<str>,
    /// The role or long-lived key that stands for the account where it is not known.
    pub key: Option<Arc<str>>,
    /// Why the account is not known; none when it is.
    pub unnamed: Option<Arc<str>>,
}

impl Place {
    /// Returns a place whose account is known.
    pub fn of(account: &str, region: &str) -> Place {
        Place { account: account.into(), region: region.into(), key: None, unnamed: None }
    }

    /// Returns whether a saved account is certainly this one: the same id, or what stood for it then is who asks now.
    pub fn is_of(&self, saved: &str) -> bool {
        self.key.as_deref() == Some(saved) || (self.unnamed.is_none() && *self.account == *saved)
    }

    /// Returns whether a saved account is certainly another one.
    pub fn is_other_than(&self, saved: &str) -> bool {
        let known = self.unnamed.is_none() && !saved.is_empty() && !account::is_stand_in(saved);
        known && *self.account != *saved
    }
}

/// How far the life of a recovery point has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Life {
    /// Accepted and in the making, with the percentage if the cloud tells.
    Pending(Option<u8>),
    /// Usable.
    Usable,
    /// The cloud failed to make it; with its own word for the state.
    Failed(String),
    /// Being deleted.
    Leaving,
    /// No longer valid since its own end of life; with that time if the cloud tells.
    Expired(Option<String>),
}

/// An object as a cloud shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// The identity within its place.
    pub id: Arc<str>,
    /// All attributes of the type's schema, known.
    pub value: Value,
    /// How far its life has come.
    pub life: Life,
    /// When the cloud says that it was created.
    pub created_at: Option<jiff::Timestamp>,
}

/// What a read found: three answers, never two.
#[derive(Clone, Debug)]
pub enum Observed {
    /// It is there.
    Present(Box<Object>),
    /// The cloud answered that it does not exist: the documented code, or absence from a complete and successful list.
    Absent,
    /// Nothing is known: the read failed.
    Unread(CloudError),
}

/// What else a cloud says of an object that its lists do not show.
#[derive(Clone, Debug)]
pub enum Absence {
    /// Nothing speaks against its being gone.
    Unopposed,
    /// It cannot be told whether it is gone; the text says what speaks against it.
    Unclear(String),
    /// Nothing is known: the question failed.
    Unread(CloudError),
}

/// An object to look for: its id, and the attributes we remember (empty object when importing).
#[derive(Clone, Debug)]
pub struct Known {
    /// The identity.
    pub id: Arc<str>,
    /// What the state holds.
    pub value: Value,
    /// Whether a list did not show it, so that this very id is to be asked for where the service can be asked so: the
    /// pages of a list shift while it is read.
    pub alone: bool,
}

/// A create to send.
#[derive(Clone, Debug)]
pub struct CreateRequest {
    /// The object to be; what the cloud computes is unknown in it.
    pub planned: Value,
    /// Sent as client token where the cloud takes one.
    pub marker: Arc<str>,
}

/// What a cloud answered to a create: the object has an id; it need not be usable yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The identity.
    pub id: Arc<str>,
    /// The id of the request, for the audit.
    pub request_id: String,
}

/// Reads clouds. Reads are batched: as few calls as the API allows for the objects given.
pub trait Reader: Send + Sync {
    /// Takes over a provider configuration, all of whose arguments are known.
    ///
    /// # Errors
    /// No credentials, half a key pair, an endpoint that is none, or an argument that cannot be obeyed.
    fn configure(&self, provider: &ProviderAddress, config: &Value) -> Result<(), CloudError> {
        let _ = (provider, config);
        Ok(())
    }

    /// Returns the account and region of a provider configuration.
    fn place<'a>(&'a self, provider: &'a ProviderAddress) -> BoxFuture<'a, Result<Place, CloudError>>;

    /// Looks for objects of one type. The answers stand in the order of the questions.
    fn observe<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Observed>>;

    /// Asks about objects that were not found, in whatever other ways the service documents. The answers stand in the order
    /// of the questions. A service whose lists tell how many objects there are need not be asked.
    fn absence<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Absence>> {
        let _ = (provider, resource_type);
        Box::pin(async move { objects.iter().map(|_| Absence::Unopposed).collect() })
    }

    /// Reads a data source whose arguments are all known; returns the whole object.
    fn read_data<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CloudError>>;

    /// Returns all objects of a type on the parent that the planned object names: what recovery after a lost answer looks through.
    fn on_parent<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>>;

    /// Returns all objects of a type on the parents that the planned objects name, each object once, in as few calls as
    /// the API allows.
    fn on_parents<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a [Value],
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(async move {
            let mut found: std::collections::BTreeMap<Arc<str>, Object> = std::collections::BTreeMap::new();
            for planned in planned {
                for object in self.on_parent(provider, resource_type, planned).await? {
                    found.insert(object.id.clone(), object);
                }
            }
            Ok(found.into_values().collect())
        })
    }

    /// Returns the most points that the parent of each of these objects can keep, in the order of the objects; nothing where
    /// the cloud neither tells nor documents a number.
    fn room<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Value],
    ) -> BoxFuture<'a, Result<Vec<Option<u64>>, CloudError>> {
        let _ = (provider, resource_type);
        Box::pin(async move { Ok(vec![None; objects.len()]) })
    }

    /// Returns which of the parents that these objects name are shown, as the ids that [`joined`](crate::schema::parent::joined)
    /// makes; nothing where that cannot be asked.
    fn shown_parents<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Value],
    ) -> BoxFuture<'a, Result<Option<std::collections::BTreeSet<String>>, CloudError>> {
        let _ = (provider, resource_type, objects);
        Box::pin(async { Ok(None) })
    }
}

/// Changes clouds.
pub trait Writer: Send + Sync {
    /// Returns what creates have in common that go out in one call (the cluster of a table), or nothing when each has its own call.
    fn batch_key(&self, resource_type: &ResourceType, planned: &Value) -> Option<String>;

    /// Returns how many creates of a type the quota lets go within about two seconds.
    fn burst(&self, resource_type: &ResourceType) -> usize {
        let _ = resource_type;
        40
    }

    /// Sends creates of one type: exactly one, or several with the same batch key. The answers stand in the order of the requests.
    /// Never sends a create a second time after an answer that leaves open whether it was carried out.
    fn create<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        requests: &'a [CreateRequest],
    ) -> BoxFuture<'a, Vec<Result<Accepted, CloudError>>>;

    /// Changes an object in place, sending only what differs.
    fn update<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        prior: &'a Value,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>>;

    /// Deletes an object. One that is gone already, by the documented code, counts as deleted.
    fn delete<'a>(
        &'a self,
        provider: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        prior: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>>;
}
