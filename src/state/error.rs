//! What can be wrong with saved data, and what to do about it.

/// Why a state could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The file has no bytes at all.
    #[error("the state is empty (zero bytes)")]
    Empty,
    /// The file is larger than any state we would load.
    #[error("the state has {bytes} bytes; the limit is {limit}")]
    TooLarge {
        /// The size found.
        bytes: u64,
        /// The size allowed.
        limit: u64,
    },
    /// The text ends early, or is not JSON.
    #[error("the state is damaged or cut off: {message}")]
    NotJson {
        /// What the JSON reader found, with line and column.
        message: String,
    },
    /// The text is not UTF-8.
    #[error("the state is damaged: byte {offset} is not UTF-8 text")]
    NotText {
        /// The offset of the first bad byte.
        offset: usize,
    },
    /// Objects and lists are nested beyond reason.
    #[error("the state is nested more than 120 levels deep, which no configuration produces")]
    TooDeep,
    /// Versions 1 to 3 were written by Terraform before 0.12.
    #[error(
        "the state has format version {version}, which Terraform wrote before 0.12; only version 4 is supported"
    )]
    OldVersion {
        /// The version found.
        version: u64,
    },
    /// A version from the future.
    #[error("the state has format version {version}, which is newer than version 4, the one supported here")]
    NewVersion {
        /// The version found.
        version: u64,
    },
    /// The file is JSON, but no state.
    #[error("the file has no \"version\", so it is not a state file")]
    NotAState,
    /// A member has the wrong type.
    #[error("the state is damaged: {place} is not {expected}")]
    Shape {
        /// Where in the file, as a path of members.
        place: String,
        /// What should be there.
        expected: &'static str,
    },
    /// A required member is absent.
    #[error("the state is damaged: {place} is missing")]
    Missing {
        /// Where in the file, as a path of members.
        place: String,
    },
    /// Two entries of one resource.
    #[error("the state is damaged: resource {address} is recorded twice")]
    DuplicateResource {
        /// The address of the resource.
        address: String,
    },
    /// Two entries of one instance.
    #[error("the state is damaged: instance {address} is recorded twice")]
    DuplicateInstance {
        /// The address of the instance.
        address: String,
    },
}

impl ReadError {
    pub(crate) fn not_json(error: &serde_json::Error) -> Self {
        Self::NotJson { message: error.to_string() }
    }

    /// Returns what the user can do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::OldVersion { .. } => {
                "Run any Terraform command that writes the state (for example \"terraform refresh\" with \
                 Terraform 0.13 or later) once; it upgrades the file to version 4. Nothing was changed."
            }
            Self::NewVersion { .. } => {
                "Use a newer release of snapform, or restore a backup that was written before the newer program \
                 ran. Nothing was changed."
            }
            Self::Empty => {
                "If an earlier run left errored.tfstate, run \"snapform state push errored.tfstate\". Otherwise restore the \
                 last good copy, usually terraform.tfstate.backup beside the state, after checking it with \"snapform \
                 state list -state=terraform.tfstate.backup\". Nothing was changed."
            }
            Self::NotAState => "Check the path. Nothing was changed.",
            _ => {
                "Restore the last good copy, usually terraform.tfstate.backup beside the state, after checking \
                 it with \"snapform state list -state=terraform.tfstate.backup\". Nothing was changed."
            }
        }
    }
}
