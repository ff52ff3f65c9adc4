//! What tells one content of a place from another.

use aws_lc_rs::digest::{SHA256, digest};

/// What a place holds, told by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Version {
    /// There is no state.
    Nothing,
    /// The SHA-256 of the bytes.
    Digest([u8; 32]),
}

impl Version {
    /// Returns the version of what was read.
    pub fn of(bytes: Option<&[u8]>) -> Self {
        let Some(bytes) = bytes else { return Self::Nothing };
        let mut sum = [0; 32];
        sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
        Self::Digest(sum)
    }
}
