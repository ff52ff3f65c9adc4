//! Writes a state exactly as Terraform writes it: order of members, sorting, escapes, indentation.

use indexmap::IndexMap;

use super::json::{RawJson, indent, write_text};
use super::key::{InstanceKey, ObjectKey, ResourceKey, mode_word};
use super::model::{Object, Output, Resource, State};

impl State {
    /// Returns the bytes of the state file, with the newline at its end.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = indent(&self.to_compact());
        out.push('\n');
        out.into_bytes()
    }

    /// Returns a SHA-256 digest of the whole state in hexadecimal, `snapform` objects included.
    pub fn digest(&self) -> String {
        digest(&self.to_compact())
    }

    /// Returns a digest of what the state says about the world; writer, serial and lineage do not count.
    pub(crate) fn content_digest(&self) -> String {
        digest(&self.write_content(Members::open(String::new())))
    }

    fn to_compact(&self) -> String {
        let mut out = Members::open(String::new());
        out.plain("version", "4");
        out.text("terraform_version", &self.terraform_version);
        out.plain("serial", &self.serial.to_string());
        out.text("lineage", &self.lineage);
        self.write_content(out)
    }

    fn write_content(&self, mut out: Members) -> String {
        out.start("outputs");
        let mut outputs = Members::open(std::mem::take(&mut out.text));
        for (name, output) in &self.outputs {
            outputs.start(name);
            outputs.text = write_output(std::mem::take(&mut outputs.text), output);
        }
        out.text = outputs.close();
        out.start("resources");
        out.text.push('[');
        for (position, (key, resource)) in self.resources.iter().enumerate() {
            if position > 0 {
                out.text.push(',');
            }
            out.text = write_resource(std::mem::take(&mut out.text), key, resource);
        }
        out.text.push(']');
        out.plain("check_results", self.check_results.as_str());
        out.json("snapform", self.snapform.as_ref());
        out.extra(&self.extra);
        out.close()
    }
}

fn digest(text: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write_output(text: String, output: &Output) -> String {
    let mut out = Members::open(text);
    out.plain("value", output.value.as_str());
    out.plain("type", output.value_type.as_str());
    out.flag("sensitive", output.sensitive);
    out.extra(&output.extra);
    out.close()
}

fn write_resource(text: String, key: &ResourceKey, resource: &Resource) -> String {
    let mut out = Members::open(text);
    if !key.module.is_empty() {
        out.text("module", &key.module);
    }
    out.text("mode", mode_word(key.mode));
    out.text("type", &key.resource_type);
    out.text("name", &key.name);
    if let Some(each) = &resource.each {
        out.text("each", each);
    }
    out.text("provider", &resource.provider);
    out.start("instances");
    out.text.push('[');
    for (position, (key, object)) in resource.objects.iter().enumerate() {
        if position > 0 {
            out.text.push(',');
        }
        out.text = write_object(std::mem::take(&mut out.text), key, object);
    }
    out.text.push(']');
    out.extra(&resource.extra);
    out.close()
}

pub(super) fn write_object(text: String, key: &ObjectKey, object: &Object) -> String {
    let mut out = Members::open(text);
    match &key.index {
        None => {}
        Some(InstanceKey::Index(number)) => out.plain("index_key", &number.to_string()),
        Some(InstanceKey::Key(text)) => out.text("index_key", text),
    }
    if object.tainted {
        out.text("status", "tainted");
    }
    if let Some(deposed) = &key.deposed {
        out.text("deposed", deposed);
    }
    out.plain("schema_version", &object.schema_version.to_string());
    out.json("attributes", object.attributes.as_ref());
    out.json("attributes_flat", object.attributes_flat.as_ref());
    out.json("sensitive_attributes", object.sensitive_attributes.as_ref());
    if let Some(version) = object.identity_schema_version {
        out.plain("identity_schema_version", &version.to_string());
    }
    out.json("identity", object.identity.as_ref());
    if let Some(private) = &object.private {
        out.text("private", private);
    }
    if !object.dependencies.is_empty() {
        out.start("dependencies");
        let mut list = String::from("[");
        for (position, address) in object.dependencies.iter().enumerate() {
            if position > 0 {
                list.push(',');
            }
            write_text(address, &mut list);
        }
        list.push(']');
        out.text.push_str(&list);
    }
    out.flag("create_before_destroy", object.create_before_destroy);
    out.json("snapform", object.snapform.as_ref());
    out.extra(&object.extra);
    out.close()
}

/// The members of an object being written behind a text.
struct Members {
    text: String,
    first: bool,
}

impl Members {
    fn open(mut text: String) -> Self {
        text.push('{');
        Self { text, first: true }
    }

    fn start(&mut self, name: &str) {
        if !std::mem::take(&mut self.first) {
            self.text.push(',');
        }
        write_text(name, &mut self.text);
        self.text.push(':');
    }

    fn plain(&mut self, name: &str, value: &str) {
        self.start(name);
        self.text.push_str(value);
    }

    fn text(&mut self, name: &str, value: &str) {
        self.start(name);
        write_text(value, &mut self.text);
    }

    fn flag(&mut self, name: &str, value: bool) {
        if value {
            self.plain(name, "true");
        }
    }

    fn json(&mut self, name: &str, value: Option<&RawJson>) {
        if let Some(value) = value {
            self.plain(name, value.as_str());
        }
    }

    fn extra(&mut self, extra: &IndexMap<String, RawJson>) {
        for (name, value) in extra {
            self.plain(name, value.as_str());
        }
    }

    fn close(mut self) -> String {
        self.text.push('}');
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::error::ReadError;

    const SAMPLE: &str = include_str!("../../state/specimens/terraform-1.11.4/td-01-create.tfstate");

    #[test]
    fn a_state_of_terraform_is_written_back_byte_for_byte() {
        let state = State::read(SAMPLE.as_bytes()).unwrap();
        assert_eq!(String::from_utf8(state.to_bytes()).unwrap(), SAMPLE);
    }

    #[test]
    fn sensitive_paths_are_read_and_written_alike() {
        let state = State::read(SAMPLE.as_bytes()).unwrap();
        let (_, _, _, object) = state.objects().find(|(key, ..)| key.name == "policy").unwrap();
        let mut copy = object.clone();
        copy.set_sensitive_paths(&object.sensitive_paths());
        assert_eq!(copy, *object);
        assert_eq!(copy.sensitive_paths()[0].len(), 2);
    }

    #[test]
    fn unknown_members_are_kept_at_every_level() {
        let text = r#"{"version":4,"serial":1,"lineage":"l","outputs":{"o":{"value":1,"type":"number","x":1}},
            "resources":[{"mode":"managed","type":"t","name":"n","provider":"p","y":{"a":1.0},
            "instances":[{"schema_version":0,"attributes":{},"z":[1]}]}],"w":"v"}"#;
        let state = State::read(text.as_bytes()).unwrap();
        let again = State::read(&state.to_bytes()).unwrap();
        assert_eq!(state, again);
        let written = String::from_utf8(state.to_bytes()).unwrap();
        for kept in ["\"x\": 1", "\"a\": 1.0", "\"z\": [", "\"w\": \"v\""] {
            assert!(written.contains(kept), "{kept} is missing in {written}");
        }
    }

    #[test]
    fn instances_are_sorted_numbers_first_and_deposed_after_current() {
        let text = r#"{"version":4,"resources":[{"mode":"managed","type":"t","name":"n","provider":"p","instances":[
            {"index_key":"a"},{"index_key":10},{"index_key":2,"deposed":"aaaaaaaa"},{"index_key":2}]}]}"#;
        let state = State::read(text.as_bytes()).unwrap();
        let addresses: Vec<_> =
            state.objects().map(|(key, _, object, _)| key.object_address(object)).collect();
        assert_eq!(addresses, ["t.n[2]", "t.n[2] (deposed object aaaaaaaa)", "t.n[10]", "t.n[\"a\"]"]);
    }

    #[test]
    fn a_state_cut_off_anywhere_is_refused() {
        for length in 0..SAMPLE.len() - 2 {
            assert!(State::read(&SAMPLE.as_bytes()[..length]).is_err(), "accepted {length} bytes");
        }
    }

    #[test]
    fn other_versions_and_other_files_are_refused_by_name() {
        let read = |text: &str| State::read(text.as_bytes()).unwrap_err();
        assert_eq!(read(""), ReadError::Empty);
        assert_eq!(read("{}"), ReadError::NotAState);
        assert_eq!(read(r#"{"version":3}"#), ReadError::OldVersion { version: 3 });
        assert_eq!(read(r#"{"version":5}"#), ReadError::NewVersion { version: 5 });
        assert!(matches!(read(r#"{"version":"4"}"#), ReadError::Shape { .. }));
        assert!(matches!(read("[]"), ReadError::Shape { .. }));
        assert!(matches!(read("\0\0\0\0"), ReadError::NotJson { .. }));
    }

    #[test]
    fn the_same_resource_or_instance_twice_is_refused() {
        let resource = r#"{"mode":"managed","type":"t","name":"n","provider":"p","instances":[]}"#;
        let text = format!(r#"{{"version":4,"resources":[{resource},{resource}]}}"#);
        assert_eq!(
            State::read(text.as_bytes()).unwrap_err(),
            ReadError::DuplicateResource { address: "t.n".into() }
        );
        let text = r#"{"version":4,"resources":[{"mode":"managed","type":"t","name":"n","provider":"p",
            "instances":[{"index_key":1},{"index_key":1}]}]}"#;
        assert_eq!(
            State::read(text.as_bytes()).unwrap_err(),
            ReadError::DuplicateInstance { address: "t.n[1]".into() }
        );
    }

    #[test]
    fn wrong_types_anywhere_are_refused_without_a_panic() {
        let state: serde_json::Value = serde_json::from_str(SAMPLE).unwrap();
        let wrong =
            [serde_json::json!(-1), serde_json::json!("x"), serde_json::json!([[]]), serde_json::json!({})];
        let members: Vec<String> = state.as_object().unwrap().keys().cloned().collect();
        for member in members {
            for value in &wrong {
                let mut damaged = state.clone();
                damaged[&member] = value.clone();
                let _ = State::read(damaged.to_string().as_bytes());
            }
        }
        for pointer in ["/resources/0/mode", "/resources/0/instances", "/resources/0/instances/0"] {
            for value in &wrong[..2] {
                let mut damaged = state.clone();
                *damaged.pointer_mut(pointer).unwrap() = value.clone();
                assert!(State::read(damaged.to_string().as_bytes()).is_err(), "{pointer} {value}");
            }
        }
    }

    #[test]
    fn damaged_bytes_are_refused_or_read_and_never_a_panic() {
        // A small generator with a fixed seed: a failure is the same on every machine.
        let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = |limit: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            (seed % limit as u64) as usize
        };
        for _ in 0..800 {
            let mut bytes = SAMPLE.as_bytes().to_vec();
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                match next(4) {
                    0 => bytes[at] = next(256) as u8,
                    1 => drop(bytes.remove(at)),
                    2 => bytes.insert(at, b"{}[]\",:0-\\"[next(10)]),
                    _ => {
                        let end = (at + next(300)).min(bytes.len());
                        let piece = bytes[at..end].to_vec();
                        bytes.splice(at..at, piece);
                    }
                }
            }
            if let Ok(state) = State::read(&bytes) {
                let again = State::read(&state.to_bytes()).unwrap();
                assert_eq!(again, state);
                let _ = (state.intents(), state.digest());
                for (resource, _, key, object) in state.objects() {
                    let _ = (resource.object_address(key), object.sensitive_paths(), object.id());
                }
            }
        }
    }
}
