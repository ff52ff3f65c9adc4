//! Addresses: our stable names of modules, resources and their instances.
//!
//! Printed and ordered as Terraform does: shorter module paths first, data before managed, numbers
//! before strings.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::text::acts_on_terminals;

/// The key of an instance made by `count` (a number) or `for_each` (a string).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum InstanceKey {
    /// From `count`, from 0.
    Index(u64),
    /// From `for_each`.
    Key(Arc<str>),
}

/// One step into a module call, with the key of its instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ModuleStep {
    /// The name of the call.
    pub name: Arc<str>,
    /// The key, when the call has `count` or `for_each`.
    pub key: Option<InstanceKey>,
}

/// An instance of a module; the root module has no steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ModuleInstance(pub Arc<[ModuleStep]>);

/// A module in the configuration, whatever its instances; the root module has no steps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ModulePath(pub Arc<[Arc<str>]>);

/// Whether an object is managed or only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// A `data` block.
    Data,
    /// A `resource` block.
    Managed,
}

/// A resource within its module: mode, type and name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Resource {
    /// Managed or data.
    pub mode: Mode,
    /// The resource type, such as `alicloud_ecs_snapshot`.
    pub type_name: Arc<str>,
    /// The name in the configuration.
    pub name: Arc<str>,
}

/// A resource block in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConfigResource {
    /// The module that declares it.
    pub module: ModulePath,
    /// The resource.
    pub resource: Resource,
}

/// A resource in an instance of its module, whatever its own instances.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ResourceAddress {
    /// The module instance.
    pub module: ModuleInstance,
    /// The resource.
    pub resource: Resource,
}

/// An instance of a resource: what one object in a cloud belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// The module instance.
    pub module: ModuleInstance,
    /// The resource.
    pub resource: Resource,
    /// The key, when the resource has `count` or `for_each`.
    pub key: Option<InstanceKey>,
}

impl ModuleInstance {
    /// Returns the root module.
    pub fn root() -> Self {
        Self::default()
    }

    /// Tells whether this is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the instance `key` of the call `name` within this module.
    #[must_use]
    pub fn child(&self, name: impl Into<Arc<str>>, key: Option<InstanceKey>) -> Self {
        let step = ModuleStep { name: name.into(), key };
        Self(self.0.iter().cloned().chain([step]).collect())
    }

    /// Returns the module this one was called from, and the call; nothing for the root module.
    pub fn parent(&self) -> Option<(ModuleInstance, &ModuleStep)> {
        let (last, rest) = self.0.split_last()?;
        Some((Self(rest.into()), last))
    }

    /// Returns the module in the configuration.
    pub fn path(&self) -> ModulePath {
        if self.is_root() {
            return ModulePath::root();
        }
        ModulePath(self.0.iter().map(|step| step.name.clone()).collect())
    }
}

impl ModulePath {
    /// Returns the root module.
    pub fn root() -> Self {
        Self::default()
    }

    /// Tells whether this is the root module.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the module that the call `name` within this module leads to.
    #[must_use]
    pub fn child(&self, name: impl Into<Arc<str>>) -> Self {
        Self(self.0.iter().cloned().chain([name.into()]).collect())
    }
}

/// By mode, type and name; types are mostly the same text in the same place.
impl Ord for Resource {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_type = match Arc::ptr_eq(&self.type_name, &other.type_name) {
            true => std::cmp::Ordering::Equal,
            false => self.type_name.cmp(&other.type_name),
        };
        self.mode.cmp(&other.mode).then(by_type).then_with(|| self.name.cmp(&other.name))
    }
}

impl PartialOrd for Resource {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ModuleInstance {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return std::cmp::Ordering::Equal;
        }
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for ModuleInstance {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ModulePath {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return std::cmp::Ordering::Equal;
        }
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for ModulePath {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Resource {
    /// Returns a managed resource.
    pub fn managed(type_name: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self { mode: Mode::Managed, type_name: type_name.into(), name: name.into() }
    }

    /// Returns a data resource.
    pub fn data(type_name: impl Into<Arc<str>>, name: impl Into<Arc<str>>) -> Self {
        Self { mode: Mode::Data, type_name: type_name.into(), name: name.into() }
    }

    /// Returns the resource in a module instance.
    pub fn in_module(&self, module: &ModuleInstance) -> ResourceAddress {
        ResourceAddress { module: module.clone(), resource: self.clone() }
    }
}

impl ResourceAddress {
    /// Returns the instance `key`.
    pub fn instance(&self, key: Option<InstanceKey>) -> Address {
        Address { module: self.module.clone(), resource: self.resource.clone(), key }
    }

    /// Returns the block in the configuration.
    pub fn config(&self) -> ConfigResource {
        ConfigResource { module: self.module.path(), resource: self.resource.clone() }
    }
}

impl Address {
    /// Returns the resource whatever the instance.
    pub fn resource_address(&self) -> ResourceAddress {
        ResourceAddress { module: self.module.clone(), resource: self.resource.clone() }
    }

    /// Returns the block in the configuration.
    pub fn config(&self) -> ConfigResource {
        ConfigResource { module: self.module.path(), resource: self.resource.clone() }
    }
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InstanceKey::Index(index) => write!(f, "[{index}]"),
            InstanceKey::Key(key) => {
                f.write_str("[\"")?;
                let mut chars = key.chars().peekable();
                while let Some(c) = chars.next() {
                    match c {
                        '"' => f.write_str("\\\"")?,
                        '\\' => f.write_str("\\\\")?,
                        '\n' => f.write_str("\\n")?,
                        '\r' => f.write_str("\\r")?,
                        '\t' => f.write_str("\\t")?,
                        '$' | '%' if chars.peek() == Some(&'{') => write!(f, "{c}{c}")?,
                        c if acts_on_terminals(c) => write!(f, "\\u{:04x}", c as u32)?,
                        c => write!(f, "{c}")?,
                    }
                }
                f.write_str("\"]")
            }
        }
    }
}

impl fmt::Display for ModuleInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            write!(f, "{}module.{}", if at == 0 { "" } else { "." }, step.name)?;
            if let Some(key) = &step.key {
                write!(f, "{key}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for ModulePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, name) in self.0.iter().enumerate() {
            write!(f, "{}module.{name}", if at == 0 { "" } else { "." })?;
        }
        Ok(())
    }
}

impl fmt::Display for Resource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = if self.mode == Mode::Data { "data." } else { "" };
        write!(f, "{data}{}.{}", self.type_name, self.name)
    }
}

impl fmt::Display for ConfigResource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.module.is_root() { "" } else { "." };
        write!(f, "{}{dot}{}", self.module, self.resource)
    }
}

impl fmt::Display for ResourceAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.module.is_root() { "" } else { "." };
        write!(f, "{}{dot}{}", self.module, self.resource)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.module.is_root() { "" } else { "." };
        write!(f, "{}{dot}{}", self.module, self.resource)?;
        match &self.key {
            Some(key) => write!(f, "{key}"),
            None => Ok(()),
        }
    }
}

/// A provider configuration: which provider, which alias, declared in which module.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProviderAddress {
    /// The module that declares it.
    pub module: ModulePath,
    /// The full source, such as `registry.terraform.io/aliyun/alicloud`.
    pub source: Arc<str>,
    /// The alias, if it has one.
    pub alias: Option<Arc<str>>,
}

/// Prints the address as the state file has it: `provider["registry.terraform.io/aliyun/alicloud"].shanghai`.
impl fmt::Display for ProviderAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dot = if self.module.is_root() { "" } else { "." };
        write!(f, "{}{dot}provider[\"{}\"]", self.module, self.source)?;
        match &self.alias {
            Some(alias) => write!(f, ".{alias}"),
            None => Ok(()),
        }
    }
}
