//! Reads a saved state. Nothing in a file, however broken, makes this panic or run away.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::value::RawValue;

use super::address::parse_module;
use super::error::ReadError;
use super::fields::{Fields, Place};
use super::json::{RawJson, check_depth};
use super::key::{InstanceKey, Mode, ObjectKey, ResourceKey};
use super::model::{Object, Output, Resource, State};
use crate::diagnostic::text::acts_on_terminals;

/// States beyond this size are refused: 100,000 recovery points take about 200 MB.
pub const MAX_BYTES: u64 = 1 << 30;

impl State {
    /// Returns the state of a file's bytes.
    ///
    /// # Errors
    ///
    /// The bytes are empty, damaged, cut off, of another version than 4, or too large; the error names the way out.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let size = bytes.len() as u64;
        if size > MAX_BYTES {
            return Err(ReadError::TooLarge { bytes: size, limit: MAX_BYTES });
        }
        if bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        let text =
            std::str::from_utf8(bytes).map_err(|error| ReadError::NotText { offset: error.valid_up_to() })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        check_depth(text)?;
        let mut fields = match Fields::of_state(text) {
            Some(fields) => fields,
            None => {
                // A file of another kind of JSON, or of blanks, is told apart from a damaged state.
                serde_json::from_str::<&RawValue>(text).map_err(|error| ReadError::not_json(&error))?;
                Fields::of(text, Place::State)?
            }
        };
        match fields.take_number("version")? {
            None => return Err(ReadError::NotAState),
            Some(4) => {}
            Some(version @ 0..4) => return Err(ReadError::OldVersion { version }),
            Some(version) => return Err(ReadError::NewVersion { version }),
        }
        let mut state = State {
            terraform_version: fields.take_text("terraform_version")?.unwrap_or_default(),
            serial: fields.take_number("serial")?.unwrap_or(0),
            lineage: fields.take_text("lineage")?.unwrap_or_default(),
            outputs: read_outputs(&mut fields)?,
            resources: BTreeMap::new(),
            check_results: fields.take_json("check_results").unwrap_or_else(RawJson::null),
            snapform: fields.take_json("snapform"),
            extra: indexmap::IndexMap::new(),
        };
        for fields in fields.take_objects()? {
            let (key, resource) = read_resource(fields)?;
            match state.resources.entry(key) {
                Entry::Vacant(new) => new.insert(resource),
                Entry::Occupied(known) => {
                    return Err(ReadError::DuplicateResource { address: known.key().to_string() });
                }
            };
        }
        state.extra = fields.rest();
        Ok(state)
    }
}

const PLAIN_NAME: &str = "a name without control characters";
const PLAIN_NAMES: &str = "an object whose names have no control characters";

/// No program writes a name that acts on a terminal, and it would be printed in many places.
fn is_plain(name: &str) -> bool {
    !name.contains(acts_on_terminals)
}

fn read_outputs(fields: &mut Fields<'_>) -> Result<BTreeMap<String, Output>, ReadError> {
    let raw: Option<BTreeMap<String, &RawValue>> = fields.take_typed("outputs", "an object")?;
    let mut outputs = BTreeMap::new();
    for (name, raw) in raw.unwrap_or_default() {
        if !is_plain(&name) {
            return Err(fields.shape("outputs", PLAIN_NAMES));
        }
        let mut members = Fields::of(raw.get(), Place::Output(name.clone()))?;
        let value_type = members.take_json("type");
        let output = Output {
            value: members.take_json("value").unwrap_or_else(RawJson::null),
            value_type: members.require("type", value_type)?,
            sensitive: members.take_bool("sensitive")?,
            extra: members.rest(),
        };
        outputs.insert(name, output);
    }
    Ok(outputs)
}

fn read_resource(mut fields: Fields<'_>) -> Result<(ResourceKey, Resource), ReadError> {
    let mode = fields.take_text("mode")?;
    let mode = match fields.require("mode", mode)?.as_str() {
        "managed" => Mode::Managed,
        "data" => Mode::Data,
        _ => return Err(fields.shape("mode", "\"managed\" or \"data\"")),
    };
    let resource_type = fields.take_text("type")?;
    let name = fields.take_text("name")?;
    let provider = fields.take_text("provider")?;
    let key = ResourceKey {
        module: fields.take_text("module")?.unwrap_or_default(),
        mode,
        resource_type: fields.require("type", resource_type)?,
        name: fields.require("name", name)?,
    };
    if !is_plain(&key.resource_type) {
        return Err(fields.shape("type", PLAIN_NAME));
    }
    if !is_plain(&key.name) {
        return Err(fields.shape("name", PLAIN_NAME));
    }
    if !is_plain(&key.module) || parse_module(&key.module).is_none() {
        return Err(fields.shape("module", "the address of a module"));
    }
    let mut resource = Resource::new(fields.require("provider", provider)?);
    resource.each = fields.take_text("each")?;
    for fields in fields.take_objects()? {
        let (object_key, object) = read_object(fields)?;
        match resource.objects.entry(object_key) {
            Entry::Vacant(new) => new.insert(Box::new(object)),
            Entry::Occupied(known) => {
                return Err(ReadError::DuplicateInstance { address: key.object_address(known.key()) });
            }
        };
    }
    resource.extra = fields.rest();
    Ok((key, resource))
}

pub(super) fn read_object(mut fields: Fields<'_>) -> Result<(ObjectKey, Object), ReadError> {
    let index = fields.take("index_key").map(read_index).transpose();
    let index = index.map_err(|()| fields.shape("index_key", "a whole number or a string"))?;
    let key = ObjectKey { index, deposed: fields.take_text("deposed")?.filter(|text| !text.is_empty()) };
    if !key.deposed.as_deref().is_none_or(is_plain) {
        return Err(fields.shape("deposed", PLAIN_NAME));
    }
    let tainted = match fields.take_text("status")?.as_deref() {
        None | Some("") => false,
        Some("tainted") => true,
        Some(_) => return Err(fields.shape("status", "\"tainted\"")),
    };
    let object = Object {
        tainted,
        schema_version: fields.take_number("schema_version")?.unwrap_or(0),
        attributes: fields.take_json("attributes"),
        attributes_flat: fields.take_json("attributes_flat"),
        sensitive_attributes: fields.take_json("sensitive_attributes"),
        identity_schema_version: fields.take_number("identity_schema_version")?,
        identity: fields.take_json("identity"),
        private: fields.take_text("private")?,
        dependencies: fields.take_typed("dependencies", "a list of strings")?.unwrap_or_default(),
        create_before_destroy: fields.take_bool("create_before_destroy")?,
        snapform: fields.take_json("snapform"),
        extra: fields.rest(),
    };
    Ok((key, object))
}

fn read_index(raw: &RawValue) -> Result<InstanceKey, ()> {
    if raw.get().starts_with('"') {
        return serde_json::from_str::<String>(raw.get())
            .map(|key| InstanceKey::Key(key.into()))
            .map_err(drop);
    }
    serde_json::from_str(raw.get()).map(InstanceKey::Index).map_err(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_acts_on_a_terminal_is_refused() {
        let state = |kind: &str, name: &str, output: &str| {
            let resource = serde_json::json!({
                "mode": "managed", "type": kind, "name": name, "provider": "provider[\"p\"]", "instances": [],
            });
            let outputs = serde_json::json!({ output: {"value": 1, "type": "number"} });
            serde_json::json!({"version": 4, "outputs": outputs, "resources": [resource]}).to_string()
        };
        assert!(State::read(state("t", "ü", "o").as_bytes()).is_ok());
        for text in [state("\u{1b}[2J", "n", "o"), state("t", "\u{202e}", "o"), state("t", "n", "\u{9b}31m")]
        {
            let error = State::read(text.as_bytes()).unwrap_err();
            assert!(error.to_string().contains("control characters"), "{error}");
        }
    }
}
