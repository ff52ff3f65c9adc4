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

impl BackendSettings {
    /// Returns the settings that Terraform's `init` left in the data folder; none where it left none.
    ///
    /// # Errors
    ///
    /// The record is there and cannot be read.
    pub fn recorded(data_folder: &Path) -> Result<Option<Self>, BackendError> {
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
        Ok(Some(settings))
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
