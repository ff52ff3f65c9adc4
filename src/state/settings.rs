//! Which backend a directory uses, as its configuration or an earlier `init` says.

use std::collections::BTreeMap;
use std::path::Path;

use super::backend::{Backend, BackendError};
use super::http::{HttpBackend, HttpSettings};
use super::workspace::DEFAULT_WORKSPACE;

/// The type and the arguments of a `backend` block, whose values are literals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackendSettings {
    /// The type, such as `local` or `http`.
    pub kind: String,
    /// The arguments that are set, as text.
    pub arguments: BTreeMap<String, String>,
}

/// What an `init` left in the data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The settings, those of `-backend-config` among them.
    pub settings: BackendSettings,
    /// The hash of the `backend` block alone; 0 when that init did not know it.
    pub hash: u64,
}

impl Record {
    /// Tells whether a `backend` block is still the one that the init saw.
    pub fn is_of(&self, declared: &BackendSettings) -> bool {
        let settings = self.settings.clone().with_secrets_of(declared);
        let (now, then) = (&declared.arguments, &settings.arguments);
        let kept = || now.iter().all(|(name, value)| then.get(name) == Some(value));
        declared.kind == self.settings.kind
            && (declared.hash() == self.hash || now == then || (self.hash == 0 && kept()))
    }
}

/// The arguments of the backends, sorted by name, as their schemas in Terraform 1.11 have them.
const SCHEMAS: [(&str, &[(&str, Shape)]); 2] = [
    ("local", &[("path", Shape::Text), ("workspace_dir", Shape::Text)]),
    (
        "http",
        &[
            ("address", Shape::Text),
            ("client_ca_certificate_pem", Shape::Text),
            ("client_certificate_pem", Shape::Text),
            ("client_private_key_pem", Shape::Text),
            ("lock_address", Shape::Text),
            ("lock_method", Shape::Text),
            ("password", Shape::Text),
            ("retry_max", Shape::Number),
            ("retry_wait_max", Shape::Number),
            ("retry_wait_min", Shape::Number),
            ("skip_cert_verification", Shape::Truth),
            ("unlock_address", Shape::Text),
            ("unlock_method", Shape::Text),
            ("update_method", Shape::Text),
            ("username", Shape::Text),
        ],
    ),
];

/// The arguments that no file keeps.
const SECRETS: [&str; 2] = ["password", "client_private_key_pem"];

/// The type of an argument.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Number,
    Truth,
}

impl BackendSettings {
    /// Returns the number by which Terraform tells whether a `backend` block is still the one that `init` saw.
    ///
    /// It is the CRC-32 of a text that the value of the block is written as (`Value.Hash` of
    /// github.com/zclconf/go-cty, over a tuple of type and arguments).
    pub fn hash(&self) -> u64 {
        let mut text = String::from("<");
        quoted(&self.kind, &mut text);
        text.push_str(";<");
        for (name, shape) in self.schema() {
            match (self.arguments.get(*name), shape) {
                (None, _) => text.push('~'),
                (Some(value), Shape::Text) => quoted(value, &mut text),
                (Some(value), Shape::Number) => text.push_str(value),
                (Some(value), Shape::Truth) => text.push(if value == "true" { 'T' } else { 'F' }),
            }
            text.push(';');
        }
        text.push_str(">;>");
        u64::from(crc32(text.as_bytes()))
    }

    /// Returns the arguments as Terraform's record has them: all that the backend knows, null where they are not set. Passwords
    /// and keys are not among them.
    pub fn record(&self) -> serde_json::Value {
        let open = self.without_secrets();
        let mut record: serde_json::Map<String, serde_json::Value> =
            open.arguments.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
        for (name, shape) in self.schema() {
            let value = match (open.arguments.get(*name), shape) {
                (None, _) => serde_json::Value::Null,
                (Some(value), Shape::Text) => value.clone().into(),
                (Some(value), Shape::Number | Shape::Truth) => {
                    serde_json::from_str(value).unwrap_or_else(|_| value.clone().into())
                }
            };
            record.insert((*name).to_owned(), value);
        }
        record.into()
    }

    /// Returns the settings without passwords and keys.
    fn without_secrets(&self) -> Self {
        let mut open = self.clone();
        open.arguments.retain(|name, _| !SECRETS.contains(&name.as_str()));
        for value in open.arguments.values_mut() {
            if let Some(mut address) = reqwest::Url::parse(value).ok().filter(|url| url.password().is_some())
            {
                // An address that has a password can be without one.
                let _ = address.set_password(None);
                *value = address.into();
            }
        }
        open
    }

    /// Returns recorded settings with the passwords and keys that `declared` has: the record keeps none.
    #[must_use]
    pub fn with_secrets_of(mut self, declared: &Self) -> Self {
        let open = declared.without_secrets();
        for (name, value) in &declared.arguments {
            let (kept, shown) = (self.arguments.get(name), open.arguments.get(name));
            let is_missing = SECRETS.contains(&name.as_str()) && kept.is_none();
            if declared.kind == self.kind && (is_missing || (shown != Some(value) && kept == shown)) {
                self.arguments.insert(name.clone(), value.clone());
            }
        }
        self
    }

    /// Tells whether this is a backend that we have.
    pub fn is_known(&self) -> bool {
        !self.schema().is_empty()
    }

    fn schema(&self) -> &'static [(&'static str, Shape)] {
        SCHEMAS.iter().find(|(kind, _)| *kind == self.kind).map_or(&[], |(_, arguments)| arguments)
    }

    /// Returns the settings that Terraform's `init` left in the data folder; none where it left none.
    ///
    /// # Errors
    ///
    /// The record is there and cannot be read.
    pub fn recorded(data_folder: &Path) -> Result<Option<Record>, BackendError> {
        let path = data_folder.join("terraform.tfstate");
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(BackendError::file("cannot read", &path, error)),
        };
        let record: serde_json::Value = serde_json::from_slice(&bytes)
            .map_err(|error| BackendError::file("cannot read", &path, std::io::Error::other(error)))?;
        let Some(backend) = record.get("backend") else { return Ok(None) };
        let Some(kind) =
            backend.get("type").and_then(serde_json::Value::as_str).filter(|kind| !kind.is_empty())
        else {
            return Ok(None);
        };
        let mut settings = Self { kind: kind.to_owned(), arguments: BTreeMap::new() };
        for (name, value) in
            backend.get("config").and_then(serde_json::Value::as_object).into_iter().flatten()
        {
            let text = match value {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Bool(truth) => truth.to_string(),
                serde_json::Value::Number(number) => number.to_string(),
                _ => continue,
            };
            settings.arguments.insert(name.clone(), text);
        }
        let hash = backend.get("hash").and_then(serde_json::Value::as_u64).unwrap_or_default();
        Ok(Some(Record { settings, hash }))
    }

    /// Returns the backend for a workspace; none for the local one, whose paths depend on flags.
    ///
    /// # Errors
    ///
    /// The type is not supported, an argument is wrong, or the backend has no such workspace.
    pub fn open(
        &self,
        workspace: &str,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Box<dyn Backend>>, BackendError> {
        match self.kind.as_str() {
            "local" => Ok(None),
            "http" if workspace != DEFAULT_WORKSPACE => Err(BackendError::Server {
                message: format!(
                    "The backend \"http\" keeps one state and has no workspace {workspace:?}. Select \"default\"."
                ),
            }),
            "http" => {
                let argument = |name: &str| self.arguments.get(name).cloned();
                Ok(Some(Box::new(HttpBackend::new(HttpSettings::new(&argument, environment)?)?)))
            }
            other => Err(BackendError::Server {
                message: format!(
                    "The backend {other:?} is not supported. Use \"local\" or \"http\", or keep this directory's state \
                     with Terraform; nothing was changed."
                ),
            }),
        }
    }
}

/// Writes a text as Go's `%q` does. Characters that do not print are rare in such arguments, and only ASCII ones are minded.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            control if control.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(control))),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Returns the CRC-32 of IEEE 802.3.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_that_terraform_records() {
        let arguments = BTreeMap::from([("path".to_owned(), "kept/s.tfstate".to_owned())]);
        assert_eq!(BackendSettings { kind: "local".into(), arguments }.hash(), 3_734_768_810);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_block_is_the_one_that_init_saw_whatever_was_added_on_the_command_line() {
        let settings = |pairs: &[(&str, &str)]| BackendSettings {
            kind: "http".into(),
            arguments: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        };
        let block = settings(&[("address", "a")]);
        let added = settings(&[("address", "a"), ("password", "p")]);
        let record = Record { settings: added.clone(), hash: block.hash() };
        assert!(record.is_of(&block));
        assert!(!record.is_of(&settings(&[("address", "b")])));
        assert!(!record.is_of(&settings(&[])));
        assert!(Record { settings: added, hash: 0 }.is_of(&block));
    }

    #[test]
    fn the_record_keeps_no_password_and_the_block_gives_it_again() {
        let declared = BackendSettings {
            kind: "http".into(),
            arguments: [
                ("address", "https://user:secret@h/state?x=1"),
                ("username", "user"),
                ("password", "secret"),
                ("client_private_key_pem", "secret"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        };
        let folder = tempfile::tempdir().unwrap();
        let record = serde_json::json!({
            "backend": { "type": "http", "config": declared.record(), "hash": declared.hash() }
        });
        assert!(!record.to_string().contains("secret"), "{record}");
        std::fs::write(folder.path().join("terraform.tfstate"), record.to_string()).unwrap();
        let recorded = BackendSettings::recorded(folder.path()).unwrap().unwrap();
        assert!(recorded.is_of(&declared));
        assert_eq!(recorded.settings.clone().with_secrets_of(&declared), declared);
        // A record of Terraform, which has them, stays as it is.
        let theirs = declared.clone();
        assert_eq!(theirs.with_secrets_of(&recorded.settings), declared);
    }
}
