//! The builtin data source `terraform_remote_state`: the outputs of another directory's state.

use std::path::PathBuf;
use std::sync::Arc;

use crate::lang::{Kind, Members, Type, Value};
use crate::plan::remembered;
use crate::schema::ResourceType;
use crate::state::{Backend, LocalBackend, Session};

/// Reads the outputs that the arguments name.
///
/// # Errors
/// A backend that cannot be read here, or a state that is not there.
pub async fn read(resource_type: &ResourceType, config: &Value) -> Result<Value, String> {
    if resource_type.name != "terraform_remote_state" {
        return Err(format!("{} is not a builtin data source", resource_type.name));
    }
    let text = |name: &str| config.get(name).and_then(Value::as_str).map(str::to_owned);
    let backend = text("backend").unwrap_or_default();
    let settings = config.get("config").cloned().unwrap_or_else(|| Value::null(Type::Dynamic));
    let workspace = text("workspace").unwrap_or_else(|| "default".to_owned());
    if backend != "local" {
        return Err(format!(
            "The backend {backend:?} cannot be read by terraform_remote_state yet; \"local\" can. Copy the state to a file, or read the value in another way."
        ));
    }
    let path = local_path(&settings, &workspace);
    if !path.exists() {
        return Err(format!(
            "No stored state was found for the given workspace in the given backend: {} does not exist.",
            path.display()
        ));
    }
    let backend: Box<dyn Backend> = Box::new(LocalBackend::between(None, path.clone(), None));
    let state = Session::unlocked(backend)
        .read()
        .await
        .map_err(|error| format!("The state {} cannot be read: {}", path.display(), error.detail()))?;
    let mut outputs = match config.get("defaults").and_then(Value::members) {
        Some(defaults) => defaults.clone(),
        None => Members::new(),
    };
    for (name, output) in &state.outputs {
        // As Terraform 1.11, which does not mark the sensitive ones: whoever publishes them again has to say so again.
        outputs.insert(name.as_str().into(), remembered::output_value(output)?);
    }
    let mut members = config.members().cloned().unwrap_or_default();
    members.insert("outputs".into(), Kind::Object(Arc::new(outputs)).into());
    Ok(Kind::Object(Arc::new(members)).into())
}

fn local_path(settings: &Value, workspace: &str) -> PathBuf {
    let text = |name: &str| settings.get(name).and_then(Value::as_str);
    if workspace == "default" {
        return PathBuf::from(text("path").unwrap_or("terraform.tfstate"));
    }
    let folder = text("workspace_dir").unwrap_or("terraform.tfstate.d");
    PathBuf::from(folder).join(workspace).join("terraform.tfstate")
}
