//! What snapform remembers: tfstate version 4, locks, backends.
//!
//! Bytes become a [`State`] in `read`, and bytes again in `write`, equal to what Terraform writes.
//! `model` and `key` are the plain data between.

pub mod error;
pub mod json;
pub mod key;
pub mod model;
mod read;
mod write;

pub use error::ReadError;
pub use json::RawJson;
pub use key::{IndexKey, Mode, ObjectKey, ResourceKey};
pub use model::{Object, Output, PathStep, Resource, State};
pub use read::MAX_BYTES;
