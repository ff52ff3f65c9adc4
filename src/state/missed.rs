//! Objects that left the state because the cloud did not show them, kept in case it shows them again.
//!
//! They lie in the top-level `snapform` object: whoever loses them there loses a precaution and no object.

use serde_json::{Map, Value};

use super::fields::{Fields, Place};
use super::json::RawJson;
use super::key::ObjectKey;
use super::model::{Object, State};
use super::read::read_object;
use super::write::write_object;

/// The member of the `snapform` object.
const MEMBER: &str = "missed";

/// An object that left the state because no list showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The address that it belonged to.
    pub address: String,
    /// The key of a deposed object.
    pub deposed: Option<String>,
    /// The provider configuration, as the state names it.
    pub provider: String,
    /// When it left the state.
    pub since: String,
    /// What was remembered of it.
    pub object: Object,
}

impl Missed {
    fn of_value(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        let object = RawJson::from_value(value.get("object")?);
        let fields = Fields::of(object.as_str(), Place::State).ok()?;
        let (key, object) = read_object(fields).ok()?;
        Some(Self {
            address: text("address")?,
            deposed: key.deposed,
            provider: text("provider")?,
            since: text("since")?,
            object,
        })
    }

    fn to_value(&self) -> Option<Value> {
        let object = write_object(
            String::new(),
            &ObjectKey { index: None, deposed: self.deposed.clone() },
            &self.object,
        );
        let mut members = Map::new();
        for (name, text) in [("address", &self.address), ("provider", &self.provider), ("since", &self.since)]
        {
            members.insert(name.to_owned(), Value::String(text.clone()));
        }
        members.insert("object".to_owned(), RawJson::parse(&object).ok()?.to_value().ok()?);
        Some(Value::Object(members))
    }
}

impl State {
    /// Returns the objects that left the state because they were not shown. What cannot be read is passed over: it was a
    /// precaution only.
    pub fn missed(&self) -> Vec<Missed> {
        let members = self.snapform_value();
        let list = members.get(MEMBER).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Missed::of_value).collect()
    }

    /// Records the objects that left the state because they were not shown, instead of those recorded before.
    pub fn set_missed(&mut self, missed: &[Missed]) {
        let mut members = self.snapform_value();
        members.remove(MEMBER);
        if !missed.is_empty() {
            let list = missed.iter().filter_map(Missed::to_value).collect();
            members.insert(MEMBER.to_owned(), Value::Array(list));
        }
        self.set_snapform_value(members);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missed(id: &str) -> Missed {
        let attributes = format!(r#"{{"id":"{id}","retention_days":12345678901234567890}}"#);
        Missed {
            address: "module.m.alicloud_ecd_snapshot.a[\"x\"]".into(),
            deposed: Some("1234abcd".into()),
            provider: "provider[\"registry.terraform.io/aliyun/alicloud\"]".into(),
            since: "2026-11-22T18:00:00Z".into(),
            object: Object {
                attributes: RawJson::parse(&attributes).ok(),
                dependencies: vec!["terraform_data.a".into()],
                ..Object::default()
            },
        }
    }

    #[test]
    fn what_was_not_shown_survives_a_saved_state() {
        let mut state = State::default();
        let all = [missed("s-1"), missed("s-2")];
        state.set_missed(&all);
        let mut again = State::read(&state.to_bytes()).unwrap();
        assert_eq!(again.missed(), all);
        again.set_missed(&[]);
        assert_eq!(again.snapform, None);
        again.set_sandbox(true);
        again.set_missed(&all);
        assert!(again.is_sandbox());
    }

    #[test]
    fn what_cannot_be_read_is_passed_over() {
        let mut state = State::default();
        state.set_missed(&[missed("s-1")]);
        let text = String::from_utf8(state.to_bytes()).unwrap();
        for (from, to) in [
            ("\"object\"", "\"thing\""),
            ("\"missed\": [", "\"missed\": [7, {}, "),
            ("\"since\": \"", "\"since\": 7, \"x\": \""),
        ] {
            let spoilt = State::read(text.replace(from, to).as_bytes()).unwrap();
            assert!(spoilt.missed().len() <= 1);
        }
    }
}
