//! The state as plain data: Terraform's format version 4.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::json::RawJson;
use super::key::{ObjectKey, ResourceKey};
use crate::lang::address::Address;
use crate::lang::path::{Path, PathStep};

/// The version that we write as `terraform_version`, the one whose behaviour we follow.
pub const TERRAFORM_VERSION: &str = "1.11.4";

/// The number of the layout of the `snapform` objects; see `state/README.md`.
pub const SNAPFORM_FORMAT: u64 = 1;

/// Everything remembered about one workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// The Terraform version that wrote the state last.
    pub terraform_version: String,
    /// Grows by one with each write that changes something; 0 before the first.
    pub serial: u64,
    /// A UUID made at the first write; empty before it.
    pub lineage: String,
    /// The outputs of the root module.
    pub outputs: BTreeMap<String, Output>,
    /// All resources, in the order of the file.
    pub resources: BTreeMap<ResourceKey, Resource>,
    /// The results of checks, as Terraform saves them; JSON null when there are none.
    pub check_results: RawJson,
    /// What we keep beside Terraform's data. Terraform drops it when it writes.
    pub snapform: Option<RawJson>,
    /// Members that we do not know, kept.
    pub extra: IndexMap<String, RawJson>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            terraform_version: TERRAFORM_VERSION.to_owned(),
            serial: 0,
            lineage: String::new(),
            outputs: BTreeMap::new(),
            resources: BTreeMap::new(),
            check_results: RawJson::null(),
            snapform: None,
            extra: IndexMap::new(),
        }
    }
}

/// One saved output value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The value.
    pub value: RawJson,
    /// The type, such as `"string"` or `["list","string"]`.
    pub value_type: RawJson,
    /// Whether the value is hidden from people.
    pub sensitive: bool,
    /// Members that we do not know, kept.
    pub extra: IndexMap<String, RawJson>,
}

/// One resource with its objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The provider, such as `provider["registry.terraform.io/aliyun/alicloud"].east`.
    pub provider: String,
    /// The legacy word `list` or `map`, not written by Terraform 1.11 but kept.
    pub each: Option<String>,
    /// The objects, current before deposed; in boxes, since the tree has room for eleven in each node and most have one.
    pub objects: BTreeMap<ObjectKey, Box<Object>>,
    /// Members that we do not know, kept.
    pub extra: IndexMap<String, RawJson>,
}

impl Resource {
    /// Returns a resource without objects.
    pub fn new(provider: impl Into<String>) -> Self {
        Self { provider: provider.into(), each: None, objects: BTreeMap::new(), extra: IndexMap::new() }
    }

    /// Returns the resource as it would be without its objects.
    #[must_use]
    pub fn without_objects(&self) -> Self {
        Self { each: self.each.clone(), extra: self.extra.clone(), ..Self::new(&*self.provider) }
    }
}

/// One object of a resource: what the provider saved about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// Whether the object must be replaced.
    pub tainted: bool,
    /// The version of the schema that the attributes follow.
    pub schema_version: u64,
    /// The attributes as a JSON object.
    pub attributes: Option<RawJson>,
    /// Attributes in the form of Terraform before 0.12, kept.
    pub attributes_flat: Option<RawJson>,
    /// Paths of the attributes that are sensitive, as saved.
    pub sensitive_attributes: Option<RawJson>,
    /// The version of the schema of the identity (Terraform 1.12 and later).
    pub identity_schema_version: Option<u64>,
    /// The identity (Terraform 1.12 and later), kept.
    pub identity: Option<RawJson>,
    /// The provider's own bytes in base64.
    pub private: Option<String>,
    /// Addresses of the resources that this one depends on, without instance keys.
    pub dependencies: Vec<String>,
    /// Whether a replacement is created before this object is destroyed.
    pub create_before_destroy: bool,
    /// What we keep beside Terraform's data. Terraform drops it when it writes.
    pub snapform: Option<RawJson>,
    /// Members that we do not know, kept.
    pub extra: IndexMap<String, RawJson>,
}

impl Object {
    /// Returns the `id` attribute, where it is a string.
    pub fn id(&self) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct WithId {
            id: Option<String>,
        }
        serde_json::from_str::<WithId>(self.attributes.as_ref()?.as_str()).ok()?.id
    }

    /// Returns the sensitive paths; a path that cannot be read is skipped.
    pub fn sensitive_paths(&self) -> Vec<Path> {
        let saved = self.sensitive_attributes.as_ref().filter(|saved| saved.as_str() != "[]");
        saved.map_or_else(Vec::new, paths_of_json)
    }

    /// Records the sensitive paths.
    pub fn set_sensitive_paths(&mut self, paths: &[Path]) {
        self.sensitive_attributes = Some(paths_to_json(paths));
    }
}

/// Returns the paths that Terraform's form of them holds; one that cannot be read is skipped.
pub fn paths_of_json(saved: &RawJson) -> Vec<Path> {
    let Ok(serde_json::Value::Array(paths)) = saved.to_value() else { return Vec::new() };
    paths.iter().filter_map(|path| path.as_array()?.iter().map(step_of_value).collect()).collect()
}

/// Returns paths in Terraform's form.
pub fn paths_to_json(paths: &[Path]) -> RawJson {
    let paths = paths.iter().map(|path| path.iter().map(step_to_text).collect::<Vec<_>>().join(","));
    let text = paths.map(|path| format!("[{path}]")).collect::<Vec<_>>().join(",");
    RawJson::parse(&format!("[{text}]")).unwrap_or_else(|_| RawJson::null())
}

fn step_of_value(step: &serde_json::Value) -> Option<PathStep> {
    let value = step.get("value")?;
    match step.get("type")?.as_str()? {
        "get_attr" => Some(PathStep::Attribute(value.as_str()?.into())),
        "index" => {
            let key = value.get("value")?;
            match value.get("type")?.as_str()? {
                "number" => Some(PathStep::Index(key.as_u64()?)),
                _ => Some(PathStep::Key(key.as_str()?.into())),
            }
        }
        _ => None,
    }
}

/// Go writes these as structures, so `type` comes before `value` in a step, and after it in a key.
fn step_to_text(step: &PathStep) -> String {
    let literal = |text: &str| {
        let mut out = String::new();
        super::json::write_text(text, &mut out);
        out
    };
    match step {
        PathStep::Attribute(name) => format!(r#"{{"type":"get_attr","value":{}}}"#, literal(name)),
        PathStep::Index(number) => {
            format!(r#"{{"type":"index","value":{{"value":{number},"type":"number"}}}}"#)
        }
        PathStep::Key(text) => {
            format!(r#"{{"type":"index","value":{{"value":{},"type":"string"}}}}"#, literal(text))
        }
    }
}

impl State {
    /// Returns whether nothing is recorded: no resource and no output.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.outputs.is_empty()
    }

    /// Returns the object of an address.
    pub fn object(&self, resource: &ResourceKey, object: &ObjectKey) -> Option<&Object> {
        self.resources.get(resource)?.objects.get(object).map(|object| &**object)
    }

    /// Returns the current object of an instance, with the entry of its resource.
    pub fn current(&self, address: &Address) -> Option<(&Resource, &Object)> {
        let resource = self.resources.get(&ResourceKey::from(address))?;
        Some((resource, resource.objects.get(&ObjectKey::from(address))?))
    }

    /// Records an object, making the entry of its resource where there is none. `provider` is the configuration that carries
    /// it out; types of ours are saved under our own address.
    pub fn put_object(&mut self, resource: &ResourceKey, provider: &str, key: ObjectKey, object: Object) {
        let provider = super::ours::saved_provider(&resource.resource_type, provider);
        let entry = self.resources.entry(resource.clone()).or_insert_with(|| Resource::new(&*provider));
        (*provider).clone_into(&mut entry.provider);
        entry.objects.insert(key, Box::new(object));
    }

    /// Notes under which configuration the objects of a resource are carried out from now on.
    pub fn set_provider(&mut self, resource: &ResourceKey, provider: &str) {
        let provider = super::ours::saved_provider(&resource.resource_type, provider);
        if let Some(entry) = self.resources.get_mut(resource) {
            (*provider).clone_into(&mut entry.provider);
        }
    }

    /// Removes an object and returns it; the entry of a resource without objects goes with its last one.
    pub fn remove_object(&mut self, resource: &ResourceKey, key: &ObjectKey) -> Option<Object> {
        let entry = self.resources.get_mut(resource)?;
        let removed = entry.objects.remove(key);
        if entry.objects.is_empty() {
            self.resources.remove(resource);
        }
        removed.map(|object| *object)
    }

    /// Returns every object with its resource, in the order of the file.
    pub fn objects(&self) -> impl Iterator<Item = (&ResourceKey, &Resource, &ObjectKey, &Object)> {
        self.resources.iter().flat_map(|(key, resource)| {
            resource.objects.iter().map(move |(name, object)| (key, resource, name, &**object))
        })
    }

    /// Returns whether the state is marked as that of an embedded sandbox.
    pub fn is_sandbox(&self) -> bool {
        self.snapform_value().get("sandbox") == Some(&serde_json::Value::Bool(true))
    }

    /// Marks the state as that of an embedded sandbox, or takes the mark away.
    pub fn set_sandbox(&mut self, sandbox: bool) {
        let mut value = self.snapform_value();
        if sandbox {
            value.insert("sandbox".into(), serde_json::Value::Bool(true));
        } else {
            value.remove("sandbox");
        }
        self.set_snapform_value(value);
    }

    /// Returns the members of the top-level `snapform` object.
    pub fn snapform_value(&self) -> serde_json::Map<String, serde_json::Value> {
        match self.snapform.as_ref().map(RawJson::to_value) {
            Some(Ok(serde_json::Value::Object(members))) => members,
            _ => serde_json::Map::new(),
        }
    }

    /// Records the members of the top-level `snapform` object; without any it is left out.
    pub fn set_snapform_value(&mut self, mut members: serde_json::Map<String, serde_json::Value>) {
        members.remove("format");
        self.snapform = if members.is_empty() {
            None
        } else {
            members.insert("format".into(), SNAPFORM_FORMAT.into());
            Some(RawJson::from_value(&serde_json::Value::Object(members)))
        };
    }

    /// Returns the number of recorded objects.
    pub fn object_count(&self) -> usize {
        self.resources.values().map(|resource| resource.objects.len()).sum()
    }
}
