//! What the planner asks the clouds, and what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::Value;
use crate::lang::address::{Address, ProviderAddress};
use crate::lang::hash::HashMap;

use super::provider::ProviderConfig;
use super::remembered::Origin;

/// Names one object of an instance: the current one, or a deposed one by its key.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The instance.
    pub address: Address,
    /// The key of a deposed object.
    pub deposed: Option<Arc<str>>,
}

/// How an object that is there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Usable.
    Usable,
    /// In the making.
    Pending,
    /// The cloud failed to make it; its own word for that.
    Failed(String),
    /// Being deleted: no longer counted as present.
    Leaving,
    /// Its own end of life has come; the date, if the cloud tells.
    Expired(Option<String>),
}

/// What a read found: never just yes or no.
#[derive(Clone, Debug, PartialEq)]
pub enum Observed {
    /// It is there.
    Present {
        /// Its identity.
        id: Arc<str>,
        /// All its attributes.
        value: Value,
        /// How it is.
        condition: Condition,
    },
    /// It does not exist.
    Absent,
    /// It is not shown, and it cannot be told whether it is gone; the text says why.
    Unclear(String),
    /// Nothing is known; the text says why.
    Unread(String),
}

/// A read of one remembered object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectRead {
    /// Whose object it is.
    pub name: ObjectName,
    /// The provider configuration.
    pub provider: ProviderAddress,
    /// The resource type.
    pub type_name: Arc<str>,
    /// The identity.
    pub id: Arc<str>,
    /// What is remembered of it; an object without attributes when it is imported.
    pub value: Value,
    /// Where and when we made it.
    pub origin: Origin,
}

/// A read of one data source, all of whose arguments are known.
#[derive(Clone, Debug, PartialEq)]
pub struct DataRead {
    /// The instance.
    pub address: Address,
    /// The provider configuration.
    pub provider: ProviderAddress,
    /// The data source type.
    pub type_name: Arc<str>,
    /// The arguments.
    pub config: Value,
}

/// What the planner needs before it can go on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reads {
    /// The configurations of all providers, as far as they are known.
    pub providers: BTreeMap<ProviderAddress, ProviderConfig>,
    /// Objects to look for.
    pub objects: Vec<ObjectRead>,
    /// Data sources to read.
    pub data: Vec<DataRead>,
}

/// Everything read so far, on behalf of one plan.
#[derive(Clone, Debug, Default)]
pub struct Observations {
    /// What was found of each object.
    pub objects: HashMap<ObjectName, Observed>,
    /// The arguments with which each data source was read, and its value or why it could not be read.
    pub data: HashMap<Address, (Value, Result<Value, String>)>,
}

impl Reads {
    /// Tells whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.data.is_empty()
    }
}
