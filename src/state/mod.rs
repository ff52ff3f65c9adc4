//! What snapform remembers: tfstate version 4, locks, backends.
//!
//! A command opens a [`Session`] over a [`Backend`] (lock, read, write, close). The session keeps the rules that hold at every
//! place: nothing is written over what somebody else wrote, a serial never falls (`version` tells contents apart), and what was
//! `seen` does not vanish without a word. A backend moves bytes: `local` for
//! files, with `file` for writes that no crash can tear and `lock` for locks that Terraform respects; `http` for servers. Bytes become
//! a [`State`] in `read` (a large one `ahead`, beside the configuration), and bytes again in `write`, equal to what Terraform writes. `model` and `key` are
//! the plain data between.

pub mod address;
mod ahead;
pub mod backend;
pub mod error;
mod fields;
mod file;
pub mod http;
pub mod intent;
pub mod journal;
pub mod json;
pub mod key;
pub mod local;
pub mod lock;
pub mod missed;
pub mod model;
pub mod ours;
pub mod output;
mod read;
mod seen;
pub mod session;
pub mod settings;
mod version;
pub mod workspace;
mod write;

pub use address::Target;
pub use ahead::Ahead;
pub use backend::{Backend, BackendError, BackendFuture};
pub use error::ReadError;
pub use http::{HttpBackend, HttpSettings};
pub use intent::{Intent, IntentAction, SNAPFORM_PROVIDER};
pub use journal::{AcceptedLine, Journal};
pub use json::RawJson;
pub use key::{InstanceKey, Mode, ObjectKey, ResourceKey};
pub use local::{ERRORED, LocalBackend, save_errored};
pub use lock::LockInfo;
pub use missed::Missed;
pub use model::{Object, Output, Resource, State, TERRAFORM_VERSION};
pub use read::MAX_BYTES;
pub use seen::{Seen, Sight};
pub use session::{LockOptions, Session};
pub use settings::BackendSettings;
pub use version::Version;
pub use workspace::{DEFAULT_WORKSPACE, Workspaces};
