//! What apply does, in which order.

use std::sync::Arc;

use crate::lang::address::ModuleInstance;

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
    /// Evaluates a local value, an input or output value of a module that was unknown while planning. Pure, at once.
    Evaluate {
        /// The module instance.
        module: ModuleInstance,
        /// What is evaluated, such as `local.name`, `var.name` or `output.name`.
        name: Arc<str>,
    },
}
