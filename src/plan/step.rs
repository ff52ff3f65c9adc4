//! What apply does, in which order.

use std::sync::Arc;

/// One step of apply. It starts when all the steps it waits for have ended well.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What is done.
    pub action: StepAction,
    /// The steps it waits for: positions in the plan's list of steps, all smaller than its own.
    pub after: Vec<usize>,
}

/// What a step does. Numbers are positions in the plan's list of changes.
#[derive(Clone, Debug, PartialEq)]
pub enum StepAction {
    /// Creates the object of a create, or the new object of a replacement. When the replacement creates first, the object
    /// that the state holds becomes deposed.
    Create {
        /// The change.
        change: usize,
    },
    /// Changes the object in place.
    Update {
        /// The change.
        change: usize,
    },
    /// Destroys the object of a delete, or the old object of a replacement (the deposed one when the replacement creates first).
    Delete {
        /// The change.
        change: usize,
    },
    /// Reads a data source.
    Read {
        /// The change.
        change: usize,
    },
    /// Changes only the state: a move, an import without other change, a forgotten object.
    Record {
        /// The change.
        change: usize,
    },
    /// Evaluates what was unknown while planning (a local value, an input or output value of a module), or only waits for
    /// all steps before it. Pure, at once.
    Evaluate {
        /// The object of the configuration, such as `local.name` or `module.m.var.name`.
        node: Arc<str>,
    },
}
