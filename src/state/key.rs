//! The names of resources and their objects inside a state, in the order in which Terraform saves them.

use std::fmt;

use crate::lang::address::{Address, ModuleInstance, Resource, ResourceAddress};

pub use crate::lang::address::{InstanceKey, Mode};

/// Returns the word that the state file uses for a mode.
pub(crate) fn mode_word(mode: Mode) -> &'static str {
    match mode {
        Mode::Data => "data",
        Mode::Managed => "managed",
    }
}

/// Names one resource: the entry of a state that holds its instances.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceKey {
    /// The module instance as text, such as `module.m["k"].module.n`; empty for the root module.
    pub module: String,
    /// Managed or data.
    pub mode: Mode,
    /// The type, such as `alicloud_ecs_snapshot`.
    pub resource_type: String,
    /// The name in the configuration.
    pub name: String,
}

impl ResourceKey {
    /// Returns the key of a managed resource of the root module.
    pub fn managed(resource_type: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            module: String::new(),
            mode: Mode::Managed,
            resource_type: resource_type.into(),
            name: name.into(),
        }
    }

    /// Returns the address of one object, such as `module.m.t.n["k"]`, with `(deposed object 4876beeb)` where it is one.
    pub fn object_address(&self, object: &ObjectKey) -> String {
        let mut address = self.to_string();
        if let Some(index) = &object.index {
            address.push_str(&index.to_string());
        }
        if let Some(deposed) = &object.deposed {
            address.push_str(&format!(" (deposed object {deposed})"));
        }
        address
    }
}

impl ResourceKey {
    /// Returns the module instance. A text that is none, which no state that was read contains, is the root module.
    pub fn module_instance(&self) -> ModuleInstance {
        super::address::parse_module(&self.module).unwrap_or_default()
    }

    /// Returns the address of the resource.
    pub fn resource_address(&self) -> ResourceAddress {
        let resource = Resource {
            mode: self.mode,
            type_name: self.resource_type.as_str().into(),
            name: self.name.as_str().into(),
        };
        ResourceAddress { module: self.module_instance(), resource }
    }

    /// Returns the address of the instance that an object belongs to.
    pub fn instance_address(&self, object: &ObjectKey) -> Address {
        self.resource_address().instance(object.index.clone())
    }
}

impl From<&ResourceAddress> for ResourceKey {
    fn from(address: &ResourceAddress) -> Self {
        Self {
            module: address.module.to_string(),
            mode: address.resource.mode,
            resource_type: address.resource.type_name.to_string(),
            name: address.resource.name.to_string(),
        }
    }
}

impl From<&Address> for ResourceKey {
    fn from(address: &Address) -> Self {
        Self::from(&address.resource_address())
    }
}

impl From<&Address> for ObjectKey {
    fn from(address: &Address) -> Self {
        Self::current(address.key.clone())
    }
}

impl fmt::Display for ResourceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.module.is_empty() {
            write!(formatter, "{}.", self.module)?;
        }
        if self.mode == Mode::Data {
            formatter.write_str("data.")?;
        }
        write!(formatter, "{}.{}", self.resource_type, self.name)
    }
}

/// Names one object of a resource: the current one of an instance, or a deposed one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The instance; none without `count` and `for_each`.
    pub index: Option<InstanceKey>,
    /// Eight hexadecimal digits when the object waits for its destruction.
    pub deposed: Option<String>,
}

impl ObjectKey {
    /// Returns the key of the current object of an instance.
    pub fn current(index: Option<InstanceKey>) -> Self {
        Self { index, deposed: None }
    }
}
