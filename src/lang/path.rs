//! Paths into a value.

use std::sync::Arc;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PathStep {
    /// An attribute of an object.
    Attribute(Arc<str>),
    /// An element of a list or tuple, from 0.
    Index(u64),
    /// An element of a map.
    Key(Arc<str>),
}

/// A path into a value; empty for the value itself.
pub type Path = Vec<PathStep>;
