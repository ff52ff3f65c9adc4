//! What every command knows: folders, the environment, the state it works on.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::arguments::values::{LockArguments, StatePathArguments};
use super::backend;
use super::failure::Failure;
use super::output;
use crate::lang::Limits;
use crate::state::workspace::is_valid_name;
use crate::state::{
    Backend, BackendSettings, DEFAULT_WORKSPACE, LocalBackend, Seen, Session, State, Workspaces,
};

/// The surroundings of a command.
#[derive(Debug, Clone)]
pub struct Global {
    /// The folder in which the program was started; `path.cwd`.
    pub original_folder: PathBuf,
    /// The folder of the configuration, after `-chdir`; it is the process's working folder.
    pub working_folder: PathBuf,
    /// `TF_DATA_DIR`, or `.terraform`.
    pub data_folder: PathBuf,
    /// Whether every provider talks to the embedded sandbox.
    pub sandbox: bool,
    /// Whether that is so without a word of the command line.
    sandbox_by_environment: bool,
    /// Whether people can be asked (`TF_INPUT`).
    pub input: bool,
    /// Whether hints on the next command are left out (`TF_IN_AUTOMATION`).
    pub in_automation: bool,
    /// Whether standard output takes colour.
    pub colour: bool,
    /// Whether standard error takes colour.
    pub colour_of_errors: bool,
    /// Whether texts name Terraform where a wrapper may search for it (`SNAPFORM_WORDING=terraform`).
    pub terraform_wording: bool,
    /// How much evaluation may make (`SNAPFORM_LIMIT_…`).
    pub limits: Limits,
    /// `TF_WORKSPACE`.
    workspace_override: Option<String>,
}

impl Global {
    /// Returns the surroundings, after changing the working folder.
    ///
    /// # Errors
    ///
    /// The folder of `-chdir` cannot be entered; a limit in the environment is no number.
    pub(crate) fn new(chdir: Option<&str>, sandbox: bool, no_colour: bool) -> Result<Self, Failure> {
        let folder_error = |what: &str, error: std::io::Error| {
            Failure::new("The working folder cannot be used", format!("{what}: {error}"))
        };
        let original_folder =
            std::env::current_dir().map_err(|error| folder_error("current folder", error))?;
        if let Some(folder) = chdir {
            std::env::set_current_dir(folder).map_err(|error| {
                Failure::new("Error handling -chdir option", format!("chdir {folder}: {error}"))
            })?;
        }
        let working_folder =
            std::env::current_dir().map_err(|error| folder_error("current folder", error))?;
        let no_colour = no_colour || variable("NO_COLOR").is_some_and(|value| !value.is_empty());
        let takes_colour = |is_terminal: bool| {
            !no_colour && (is_terminal || variable("CLICOLOR_FORCE").is_some_and(|value| value != "0"))
        };
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let limits = Limits::of_process().map_err(|name| {
            let detail = format!("{name} must be a whole number above zero.");
            Failure::new("Invalid value in an environment variable", detail)
        })?;
        Ok(Self {
            original_folder,
            working_folder,
            data_folder: twin("DATA_DIR")
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| ".terraform".into())
                .into(),
            sandbox: sandbox || variable("SNAPFORM_SANDBOX").is_some_and(|value| is_on(&value)),
            sandbox_by_environment: !sandbox,
            input: twin("INPUT").is_none_or(|value| is_on(&value)),
            in_automation: twin("IN_AUTOMATION").is_some_and(|value| !value.is_empty()),
            colour: takes_colour(std::io::stdout().is_terminal() && !dumb),
            colour_of_errors: takes_colour(std::io::stderr().is_terminal() && !dumb),
            terraform_wording: variable("SNAPFORM_WORDING").is_some_and(|value| value == "terraform"),
            limits,
            workspace_override: twin("WORKSPACE").filter(|name| !name.is_empty()),
        })
    }

    /// Returns the name of the product, as texts that wrappers may search for have it.
    pub fn product(&self) -> &'static str {
        if self.terraform_wording { "Terraform" } else { "Snapform" }
    }

    /// Returns the line that says that no cloud is called; nothing outside of the sandbox.
    pub fn sandbox_notice(&self) -> Option<String> {
        let why = if self.sandbox_by_environment { "SNAPFORM_SANDBOX is set" } else { "-sandbox" };
        self.sandbox.then(|| {
            format!("On the embedded sandbox ({why}): no cloud is called, and nothing real is backed up.")
        })
    }

    /// Says so to somebody who looks at a state at a terminal.
    pub fn tell_sandbox_at_terminal(&self) {
        if let Some(text) = self.sandbox_notice().filter(|_| std::io::stdout().is_terminal()) {
            output::note(&format!("{text}\n"));
        }
    }

    /// Returns the folder of our own files, `.snapform` in the directory.
    pub fn snapform_folder(&self) -> PathBuf {
        PathBuf::from(".snapform")
    }

    /// Returns the folder of the embedded sandbox: its world and the state that belongs to it.
    pub fn sandbox_folder(&self) -> PathBuf {
        self.snapform_folder().join("sandbox")
    }

    /// Returns the folder of the embedded sandbox's world.
    pub fn world_folder(&self) -> PathBuf {
        self.sandbox_folder().join("world")
    }

    /// Returns the folder of the journals: apart for the sandbox, whose ids mean nothing outside.
    pub fn journal_folder(&self) -> PathBuf {
        if self.sandbox { self.sandbox_folder() } else { self.snapform_folder() }
    }

    /// Returns the workspaces of the local backend.
    pub fn workspaces(&self) -> Workspaces {
        if self.sandbox {
            Workspaces::new(self.sandbox_folder(), self.sandbox_folder())
        } else {
            Workspaces::new(Path::new(""), &self.data_folder)
        }
    }

    /// Returns whether `TF_WORKSPACE` fixes the workspace.
    pub fn workspace_is_fixed(&self) -> bool {
        self.workspace_override.is_some()
    }

    /// Returns the name of the workspace; `terraform.workspace`.
    ///
    /// # Errors
    ///
    /// The selection cannot be read, or the name is none.
    pub fn workspace(&self) -> anyhow::Result<String> {
        let name = match &self.workspace_override {
            Some(name) => name.clone(),
            None => self.workspaces().selected()?,
        };
        if !is_valid_name(&name) {
            return Err(Failure::new(
                "Invalid workspace name",
                format!("The workspace {name:?} cannot be used: a name holds only letters, digits, '-', '_' and '.'."),
            )
            .into());
        }
        Ok(name)
    }

    /// Returns the settings of the backend: those of the last `init`, else those of the configuration.
    ///
    /// # Errors
    ///
    /// They cannot be read, or the configuration asks for another place than the one in which the state is.
    pub fn backend_settings(&self) -> anyhow::Result<Option<BackendSettings>> {
        let recorded = BackendSettings::recorded(&self.data_folder)?;
        let declared = backend::declared(Path::new("."))?;
        let reason = match (&recorded, &declared) {
            (Some(recorded), Some(declared)) if recorded.is_of(declared) => None,
            (Some(recorded), Some(declared)) if recorded.settings.kind != declared.kind => {
                Some(format!("Backend type changed from {:?} to {:?}", recorded.settings.kind, declared.kind))
            }
            (Some(_), Some(_)) => Some("Backend configuration block has changed".to_owned()),
            (Some(recorded), None) => {
                Some(format!("Unsetting the previously set backend {:?}", recorded.settings.kind))
            }
            (None, Some(declared)) if self.needs_init(declared)? => {
                Some(format!("Initial configuration of the requested backend {:?}", declared.kind))
            }
            (None, _) => None,
        };
        if let Some(reason) = reason {
            return Err(Failure::new(
                "Backend initialization required: please run \"snapform init\"",
                format!(
                    "Reason: {reason}\n\nThe state would be looked for in another place than before, and objects that it \
                     knows would be taken for new ones. Run \"snapform init -migrate-state\" to copy the state to where the \
                     configuration says, or \"snapform init -reconfigure\" to leave it where it is. Nothing was changed."
                ),
            )
            .into());
        }
        Ok(match (recorded, declared) {
            (Some(recorded), Some(declared)) => Some(recorded.settings.with_secrets_of(&declared)),
            (Some(recorded), None) => Some(recorded.settings),
            (None, declared) => declared,
        })
    }

    /// Tells whether a backend that no `init` has seen may not be used as it is: a remote one never, a local one when a
    /// state lies at the usual place and none at its own.
    fn needs_init(&self, declared: &BackendSettings) -> anyhow::Result<bool> {
        if declared.kind != "local" {
            // What we do not have is refused with its own words.
            return Ok(declared.is_known());
        }
        let workspace = self.workspace()?;
        let usual = self.workspaces().state_path(&workspace);
        let own = self.local_state_path(declared, &workspace);
        Ok(own != usual && usual.exists() && !own.exists())
    }

    /// Returns the backend that keeps the state.
    ///
    /// # Errors
    ///
    /// The workspace or the backend's settings cannot be read.
    pub fn backend(&self, paths: &StatePathArguments) -> anyhow::Result<Box<dyn Backend>> {
        let mut path = paths.state.as_ref().map(PathBuf::from);
        let workspace = self.workspace()?;
        if path.is_none()
            && !self.sandbox
            && let Some(settings) = self.backend_settings()?
        {
            if let Some(backend) = settings.open(&workspace, &|name| variable(name))? {
                return Ok(backend);
            }
            path = Some(self.local_state_path(&settings, &workspace));
        }
        let path = path.unwrap_or_else(|| self.workspaces().state_path(&workspace));
        let (source, path) = match paths.state_out.as_ref().map(PathBuf::from) {
            Some(out) if out != path => (Some(path), out),
            _ => (None, path),
        };
        let backup = match paths.backup.as_deref() {
            Some("-") => None,
            Some(backup) => Some(PathBuf::from(backup)),
            None => Some(PathBuf::from(format!("{}.backup", path.display()))),
        };
        Ok(Box::new(LocalBackend::between(source, path, backup)))
    }

    /// Returns the path of a workspace's state for a local backend, whose arguments `path` and `workspace_dir` count.
    pub(crate) fn local_state_path(&self, settings: &BackendSettings, workspace: &str) -> PathBuf {
        let argument = |name: &str| settings.arguments.get(name).map(PathBuf::from);
        let path = if workspace == DEFAULT_WORKSPACE {
            argument("path")
        } else {
            argument("workspace_dir").map(|folder| folder.join(workspace).join("terraform.tfstate"))
        };
        path.unwrap_or_else(|| self.workspaces().state_path(workspace))
    }

    /// Takes the lock of the state for an operation, such as `OperationTypeApply`.
    ///
    /// # Errors
    ///
    /// The state is locked, or cannot be reached.
    pub async fn session(
        &self,
        operation: &str,
        lock: &LockArguments,
        paths: &StatePathArguments,
    ) -> anyhow::Result<Session> {
        self.session_told(operation, lock, paths, false).await
    }

    /// As [`Global::session`]; with `json` somebody who waits for the lock is told so by a line of the stream.
    ///
    /// # Errors
    ///
    /// The state is locked, or cannot be reached.
    pub async fn session_told(
        &self,
        operation: &str,
        lock: &LockArguments,
        paths: &StatePathArguments,
        json: bool,
    ) -> anyhow::Result<Session> {
        self.session_on(self.backend(paths)?, operation, lock, json).await
    }

    /// As [`Global::session_told`], on a backend that was found before.
    ///
    /// # Errors
    ///
    /// The state is locked, or cannot be reached.
    pub async fn session_on(
        &self,
        backend: Box<dyn Backend>,
        operation: &str,
        lock: &LockArguments,
        json: bool,
    ) -> anyhow::Result<Session> {
        let options = lock.options(self.sandbox);
        let opening = Session::open(backend, operation, &options);
        tokio::pin!(opening);
        let session = tokio::select! {
            opened = &mut opening => opened?,
            () = tokio::time::sleep(PATIENCE) => {
                tell_waiting(json)?;
                opening.await?
            }
        };
        Ok(session.marked_as_sandbox(self.sandbox).remembering(self.seen(), lock.accept_state))
    }

    /// Returns the memory of what was seen of this directory's states.
    fn seen(&self) -> Seen {
        Seen::new(self.journal_folder())
    }

    /// Returns the state without taking its lock.
    ///
    /// # Errors
    ///
    /// The state cannot be read.
    pub async fn read_state(&self, paths: &StatePathArguments) -> anyhow::Result<State> {
        let session = Session::unlocked(self.backend(paths)?).marked_as_sandbox(self.sandbox);
        let mut session = session.remembering(self.seen(), false);
        Ok(session.read().await?)
    }
}

/// A lock that takes longer is worth a word; Terraform's pause is the same.
const PATIENCE: Duration = Duration::from_millis(400);

fn tell_waiting(json: bool) -> anyhow::Result<()> {
    let text = "Acquiring state lock. This may take a few moments...";
    if !json {
        return output::print_line(text);
    }
    let line = serde_json::json!({
        "@level": "info",
        "@message": text,
        "@module": "terraform.ui",
        "@timestamp": format!("{:.6}", jiff::Timestamp::now()),
        "type": "state_lock_acquire",
    });
    output::print_line(line.to_string())
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns `SNAPFORM_NAME`, or else `TF_NAME`.
pub(crate) fn twin(name: &str) -> Option<String> {
    variable(&format!("SNAPFORM_{name}")).or_else(|| variable(&format!("TF_{name}")))
}

/// Anything but a clear no is a yes, as Terraform reads `TF_INPUT`.
fn is_on(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "" | "0" | "f" | "false" | "no" | "off")
}
