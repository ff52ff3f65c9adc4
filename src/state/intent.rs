//! Intents: what apply wrote down before its first call.
//!
//! They are saved as instances of one resource under a provider address of ours. Terraform keeps such an
//! entry and refuses to work in the directory while it is there ("Missing required provider"), which is
//! right: half of an apply's truth is still open.

use serde_json::{Map, Value, json};

use super::error::ReadError;
use super::json::RawJson;
use super::key::{InstanceKey, ObjectKey, ResourceKey};
use super::model::{Object, State, paths_of_json, paths_to_json};
use crate::lang::{Path, PathStep};

/// The provider address under which our own entries are saved.
pub const SNAPFORM_PROVIDER: &str = "provider[\"registry.terraform.io/snapform/snapform\"]";

/// The type of the entry that holds open intents.
pub const INTENT_TYPE: &str = "snapform_intent";

/// The version of the layout of an intent, saved as its `schema_version`.
const INTENT_FORMAT: u64 = 1;

/// What a call was to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntentAction {
    /// Create an object.
    Create,
    /// Change an object in place.
    Update,
    /// Delete an object.
    Delete,
}

impl IntentAction {
    /// Returns the saved word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// One call that was about to be made, and everything needed to find out later whether it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// A UUID that names the intent.
    pub id: String,
    /// What the call was to do.
    pub action: IntentAction,
    /// The address that the object belongs to, such as `module.m.alicloud_ecs_snapshot.db["a"]`.
    pub address: String,
    /// The provider configuration, as the state names it.
    pub provider: String,
    /// The resource type.
    pub resource_type: String,
    /// The account in which the call was made; empty when the cloud did not tell.
    pub account: String,
    /// The region in which the call was made.
    pub region: String,
    /// The identity of the parent: disk, file system, desktop or table.
    pub parent: String,
    /// The parameters of the object in clear, a JSON object by attribute name.
    pub parameters: RawJson,
    /// Which of the parameters are sensitive.
    pub sensitive: Vec<Path>,
    /// The client token of the create; empty for other actions.
    pub marker: String,
    /// The run that wrote the intent.
    pub run: String,
    /// When the intent was written, RFC 3339.
    pub time: String,
    /// When the run last said that it is alive, RFC 3339.
    pub heartbeat: String,
    /// The ids that existed on the parent before a create.
    pub existing: Vec<String>,
    /// The object: of an update or delete from the start, of a create once it is accepted.
    pub object: Option<String>,
    /// Addresses of the resources that the object depends on, without instance keys.
    pub dependencies: Vec<String>,
    /// Whether a replacement of the object is created before it is destroyed.
    pub create_before_destroy: bool,
}

impl Intent {
    fn to_object(&self) -> Object {
        let mut attributes = Map::new();
        let texts = [
            ("id", &self.id),
            ("address", &self.address),
            ("provider", &self.provider),
            ("type", &self.resource_type),
            ("account", &self.account),
            ("region", &self.region),
            ("parent", &self.parent),
            ("marker", &self.marker),
            ("run", &self.run),
            ("time", &self.time),
            ("heartbeat", &self.heartbeat),
        ];
        for (name, text) in texts {
            attributes.insert(name.to_owned(), json!(text));
        }
        attributes.insert("action".to_owned(), json!(self.action.as_str()));
        // As text, so that whatever the parameters hold has one type.
        attributes.insert("parameters".to_owned(), json!(self.parameters.as_str()));
        attributes.insert("existing".to_owned(), json!(self.existing));
        attributes.insert("object".to_owned(), json!(self.object));
        attributes.insert("dependencies".to_owned(), json!(self.dependencies));
        attributes.insert("create_before_destroy".to_owned(), json!(self.create_before_destroy));
        let mut object = Object { schema_version: INTENT_FORMAT, ..Object::default() };
        let mut hidden = Vec::new();
        if !self.sensitive.is_empty() {
            let paths = paths_to_json(&self.sensitive).to_value().unwrap_or_default();
            attributes.insert("sensitive".to_owned(), paths);
            // The parameters are one text, so other programs are to hide all of it.
            hidden.push(vec![PathStep::Attribute("parameters".into())]);
        }
        object.attributes = Some(RawJson::from_value(&Value::Object(attributes)));
        object.set_sensitive_paths(&hidden);
        object
    }

    fn of_object(key: &ObjectKey, object: &Object) -> Result<Self, ReadError> {
        let place = || {
            format!("{INTENT_TYPE}.open{}", key.index.as_ref().map(ToString::to_string).unwrap_or_default())
        };
        if object.schema_version > INTENT_FORMAT {
            return Err(ReadError::Shape {
                place: place(),
                expected: "an intent of this release; a newer one wrote it",
            });
        }
        let attributes = object.attributes.as_ref().map(RawJson::to_value).transpose()?.unwrap_or_default();
        let text = |name: &'static str| {
            attributes.get(name).and_then(Value::as_str).map(str::to_owned).ok_or_else(|| ReadError::Shape {
                place: format!("{}.{name}", place()),
                expected: "a string",
            })
        };
        let action = match text("action")?.as_str() {
            "create" => IntentAction::Create,
            "update" => IntentAction::Update,
            "delete" => IntentAction::Delete,
            _ => {
                let place = format!("{}.action", place());
                return Err(ReadError::Shape { place, expected: "create, update or delete" });
            }
        };
        let texts = |name: &str| {
            let texts = attributes.get(name).and_then(Value::as_array).into_iter().flatten();
            texts.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Ok(Self {
            id: text("id")?,
            action,
            address: text("address")?,
            provider: text("provider")?,
            resource_type: text("type")?,
            account: text("account")?,
            region: text("region")?,
            parent: text("parent")?,
            parameters: RawJson::parse(&text("parameters")?)?,
            sensitive: attributes
                .get("sensitive")
                .map_or_else(Vec::new, |paths| paths_of_json(&RawJson::from_value(paths))),
            marker: text("marker")?,
            run: text("run")?,
            time: text("time")?,
            heartbeat: text("heartbeat")?,
            existing: texts("existing"),
            object: attributes.get("object").and_then(Value::as_str).map(str::to_owned),
            dependencies: texts("dependencies"),
            create_before_destroy: attributes.get("create_before_destroy") == Some(&Value::Bool(true)),
        })
    }
}

fn entry() -> ResourceKey {
    ResourceKey::managed(INTENT_TYPE, "open")
}

fn object_key(id: &str) -> ObjectKey {
    ObjectKey::current(Some(InstanceKey::Key(id.into())))
}

impl State {
    /// Returns the open intents, the oldest first.
    ///
    /// # Errors
    ///
    /// An intent was damaged, or written by a newer release.
    pub fn intents(&self) -> Result<Vec<Intent>, ReadError> {
        let Some(resource) = self.resources.get(&entry()) else { return Ok(Vec::new()) };
        let intents = resource.objects.iter().map(|(key, object)| Intent::of_object(key, object));
        let mut intents = intents.collect::<Result<Vec<_>, _>>()?;
        intents.sort_by(|left, right| (&left.time, &left.id).cmp(&(&right.time, &right.id)));
        Ok(intents)
    }

    /// Records an intent, or its new form.
    pub fn put_intent(&mut self, intent: &Intent) {
        self.put_object(&entry(), SNAPFORM_PROVIDER, object_key(&intent.id), intent.to_object());
    }

    /// Removes a settled intent and returns whether it was there.
    pub fn remove_intent(&mut self, id: &str) -> bool {
        self.remove_object(&entry(), &object_key(id)).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intent(id: &str, time: &str) -> Intent {
        Intent {
            id: id.into(),
            action: IntentAction::Create,
            address: "alicloud_ecs_snapshot.db[\"a\"]".into(),
            provider: "provider[\"registry.terraform.io/aliyun/alicloud\"]".into(),
            resource_type: "alicloud_ecs_snapshot".into(),
            account: "1".into(),
            region: "cn-hangzhou".into(),
            parent: "d-1".into(),
            parameters: RawJson::parse(r#"{"snapshot_name":"a","retention_days":12345678901234567890}"#)
                .unwrap(),
            sensitive: vec![vec![PathStep::Attribute("snapshot_name".into())]],
            marker: "m".into(),
            run: "r".into(),
            time: time.into(),
            heartbeat: time.into(),
            existing: vec!["s-1".into()],
            object: None,
            dependencies: vec!["alicloud_ecs_disk.d".into()],
            create_before_destroy: true,
        }
    }

    #[test]
    fn intents_survive_a_saved_state_and_come_back_oldest_first() {
        let mut state = State::default();
        let (late, early) = (intent("a", "2026-11-22T18:00:01Z"), intent("b", "2026-11-22T18:00:00Z"));
        state.put_intent(&late);
        state.put_intent(&early);
        let mut again = State::read(&state.to_bytes()).unwrap();
        assert_eq!(again.intents().unwrap(), [early, late]);
        assert!(again.remove_intent("a") && again.remove_intent("b") && !again.remove_intent("b"));
        assert!(again.is_empty());
    }

    #[test]
    fn a_damaged_intent_is_refused_and_named() {
        let mut state = State::default();
        state.put_intent(&intent("a", "2026-11-22T18:00:01Z"));
        let text = String::from_utf8(state.to_bytes()).unwrap().replace("\"create\"", "\"explode\"");
        let error = State::read(text.as_bytes()).unwrap().intents().unwrap_err();
        assert!(error.to_string().contains("snapform_intent.open[\"a\"].action"), "{error}");
    }
}
