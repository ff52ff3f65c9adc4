//! The remembered objects, as the planner sees them.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::{ConfigResource, Mode, ModulePath, ProviderAddress, Resource};
use crate::lang::hash::HashMap;
use crate::lang::{Type, Value};
use crate::schema::{ResourceType, saved, types};
use crate::state::{self, State, Target, intent, ours};

use super::observed::ObjectName;
use super::remembered::{self, Origin, Texts};

/// One remembered object.
#[derive(Clone, Debug)]
pub struct Prior {
    /// The provider configuration that it belongs to.
    pub provider: ProviderAddress,
    /// Its attributes.
    pub value: Value,
    /// Whether it must be replaced.
    pub tainted: bool,
    /// Whether a replacement is created before it is destroyed.
    pub create_before_destroy: bool,
    /// Whether the cloud says now that it failed to make it.
    pub failed: bool,
    /// Where and when we made it.
    pub origin: Origin,
    /// The resource blocks that it depends on, in order.
    pub dependencies: Vec<ConfigResource>,
}

/// The remembered objects of types that are ours.
pub type Priors = BTreeMap<ObjectName, Prior>;

/// The values of the remembered objects of other types.
pub type ForeignValues = BTreeMap<ObjectName, Value>;

/// Returns a resource type that is ours to manage or read; nothing for foreign ones.
pub fn find_type(resource: &Resource) -> Option<&'static ResourceType> {
    match resource.mode {
        Mode::Managed => types::resource(&resource.type_name),
        Mode::Data => types::data_source(&resource.type_name),
    }
}

/// The objects of one state as they are remembered, read when they are first needed: whoever plans more than once from the same state
/// reads them once.
#[derive(Debug, Default)]
pub struct KeptPriors(OnceLock<(Arc<Priors>, Arc<ForeignValues>)>);

impl KeptPriors {
    /// Returns all remembered objects of types that are ours, and the values of foreign ones.
    ///
    /// # Errors
    /// As [`read`].
    pub fn of(&self, state: &State) -> Result<(Arc<Priors>, Arc<ForeignValues>), Diagnostics> {
        if let Some(kept) = self.0.get() {
            return Ok(kept.clone());
        }
        let (ours, foreign) = read(state)?;
        Ok(self.0.get_or_init(|| (Arc::new(ours), Arc::new(foreign))).clone())
    }
}

/// Returns all remembered objects of types that are ours, and the values of foreign ones.
///
/// # Errors
/// Attributes that do not fit the schema of their type.
pub fn read(state: &State) -> Result<(Priors, ForeignValues), Diagnostics> {
    let mut ours = BTreeMap::new();
    let mut foreign = BTreeMap::new();
    let mut found = Diagnostics::new();
    let mut dependencies: HashMap<&str, Option<ConfigResource>> = HashMap::default();
    let mut providers: BTreeMap<(&str, &str), Option<ProviderAddress>> = BTreeMap::new();
    let mut texts = Texts::new();
    for (key, resource) in &state.resources {
        if key.resource_type == intent::INTENT_TYPE {
            continue;
        }
        // All instances share the names in their addresses.
        let mut address = key.resource_address();
        let resource_type = find_type(&address.resource);
        if let Some(known) = resource_type {
            address.resource.type_name = known.key();
        }
        let provider = providers
            .entry((&resource.provider, &key.resource_type))
            .or_insert_with(|| parse_provider(&ours::real_provider(&key.resource_type, &resource.provider)));
        for (object_key, object) in &resource.objects {
            let name = ObjectName {
                address: address.instance(object_key.index.clone()),
                deposed: object_key.deposed.as_deref().map(Arc::from),
            };
            let Some(resource_type) = resource_type else {
                foreign.insert(name, foreign_value(object));
                continue;
            };
            let Some(provider) = provider.clone() else {
                let why = "its provider address cannot be read";
                found.push(broken(&key.object_address(object_key), why));
                continue;
            };
            let mut blocks =
                |text| dependencies.entry(text).or_insert_with(|| parse_dependency(text)).clone();
            match remembered::value_and_origin(resource_type, object, &mut texts) {
                Ok((value, origin)) => {
                    let mut dependencies: Vec<ConfigResource> =
                        object.dependencies.iter().filter_map(|text| blocks(text)).collect();
                    dependencies.sort_unstable();
                    dependencies.dedup();
                    let prior = Prior {
                        provider,
                        value,
                        tainted: object.tainted,
                        create_before_destroy: object.create_before_destroy,
                        failed: false,
                        origin,
                        dependencies,
                    };
                    ours.insert(name, prior);
                }
                Err(why) => found.push(broken(&key.object_address(object_key), &why)),
            }
        }
    }
    if found.has_errors() { Err(found) } else { Ok((ours, foreign)) }
}

fn broken(address: &str, why: &str) -> Diagnostic {
    Diagnostic::error(
        "Failed to decode resource from state",
        format!(
            "The saved object of {address} cannot be used: {why}. Nothing was changed. Restore the state from a backup, or remove the object with \"snapform state rm\" and import it again."
        ),
    )
}

/// Foreign objects are read as their JSON says: they have no schema here. What the state notes as sensitive stays so.
fn foreign_value(object: &state::Object) -> Value {
    let attributes = object.attributes.as_ref().and_then(|raw| raw.to_value().ok());
    let value =
        attributes.map_or_else(|| Value::unknown(Type::Dynamic), |json| saved::from_untyped_json(&json));
    object.sensitive_paths().iter().fold(value, |value, path| saved::mark(value, path))
}

fn parse_dependency(text: &str) -> Option<ConfigResource> {
    match Target::parse(text)? {
        Target::Resource(key, _) => Some(key.resource_address().config()),
        Target::Module(_) => None,
    }
}

/// Returns the provider configuration that a saved text such as `module.m.provider["registry.terraform.io/a/b"].east` names.
pub fn parse_provider(text: &str) -> Option<ProviderAddress> {
    let at = if text.starts_with("provider[") { 0 } else { text.find(".provider[")? + 1 };
    let module = match text[..at].trim_end_matches('.') {
        "" => ModulePath::root(),
        path => match Target::parse(path)? {
            Target::Module(module) => module.path(),
            Target::Resource(..) => return None,
        },
    };
    let rest = text[at..].strip_prefix("provider[\"")?;
    let (source, rest) = rest.split_once("\"]")?;
    let alias = match rest {
        "" => None,
        rest => Some(Arc::from(rest.strip_prefix('.')?)),
    };
    Some(ProviderAddress { module, source: source.into(), alias })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_state_notes_as_sensitive_is_hidden_in_foreign_objects_too() {
        let text = r#"{
  "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "6c934ae5-bde8-edfe-27aa-62b5ffcd151c",
  "outputs": {},
  "resources": [{
    "mode": "managed", "type": "alicloud_db_account", "name": "a",
    "provider": "provider[\"registry.terraform.io/aliyun/alicloud\"]",
    "instances": [{
      "schema_version": 0,
      "attributes": { "id": "x", "password": "p" },
      "sensitive_attributes": [[{ "type": "get_attr", "value": "password" }]]
    }]
  }]
}"#;
        let (_, foreign) = read(&State::read(text.as_bytes()).unwrap()).unwrap();
        let value = foreign.values().next().unwrap();
        assert!(value.get("password").unwrap().marks.is_sensitive());
        assert!(!value.get("id").unwrap().marks.is_sensitive());
    }

    #[test]
    fn saved_provider_addresses_read_back_as_printed() {
        for text in [
            "provider[\"registry.terraform.io/aliyun/alicloud\"]",
            "provider[\"registry.terraform.io/aliyun/alicloud\"].shanghai",
            "module.a.module.b.provider[\"registry.terraform.io/aliyun/alicloud\"].x",
        ] {
            assert_eq!(parse_provider(text).map(|address| address.to_string()).as_deref(), Some(text));
        }
        assert_eq!(parse_provider("provider.alicloud"), None);
    }
}
