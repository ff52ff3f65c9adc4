//! The pure planner: desired, remembered and observed in, a [`Plan`] out.
//!
//! A plan is plain data: it prints, saves, compares and can be refused. Nothing here does I/O or reads a
//! clock; what has to be read first is asked for, and the planner is called again with the answers.

mod change;
pub mod check;
pub mod console;
pub mod credentials;
pub mod expand;
pub mod file;
pub mod generate;
pub mod graph;
pub mod guard;
pub mod import;
pub mod instance;
mod limits;
pub mod lost_state;
pub mod moves;
mod moves_check;
pub mod no_parent;
mod observed;
pub mod options;
pub mod order;
pub mod planner;
pub mod prior;
pub mod proposed;
mod provider;
pub mod refused;
mod relevant;
pub mod remembered;
pub mod resolve;
pub mod rotation;
pub mod saved_value;
mod step;
pub mod survey;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod twice;
pub mod walk;
pub mod world;

pub use change::{
    ActionReason, Change, CheckObject, CheckResult, CheckStatus, DataObject, DependencyNote, OutputChange,
    ReplaceOrder, ResourceChange,
};
pub use observed::{Condition, DataRead, ObjectName, ObjectRead, Observations, Observed, Reads};
pub use options::{Options, PlanMode, TARGETING_SUMMARY, Target};
pub use provider::{ProviderConfig, UnknownArgument};
pub use step::{Step, StepAction};

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::lang::Value;
use crate::lang::address::{ProviderAddress, ResourceAddress};

/// A change set that people can review and apply can carry out without deciding anything.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What kind of plan was asked for.
    pub mode: PlanMode,
    /// When it was made; equals `plantimestamp()`.
    pub made_at: jiff::Timestamp,
    /// Values of the root module's variables, without ephemeral ones.
    pub variables: BTreeMap<Arc<str>, Value>,
    /// Differences between the saved state and what the clouds have now, sorted by address.
    pub drift: Vec<ResourceChange>,
    /// Objects of which only what snapform alone knows was learned anew, sorted by address: the state is to keep it, and nothing
    /// differs. Terraform drops it whenever it writes the state.
    pub learned: Vec<ResourceChange>,
    /// Objects among those of the drift that are taken for gone because they are not shown: kept in mind for a while.
    pub missed: Vec<ObjectName>,
    /// One entry per instance object, those without a change among them, sorted by address.
    pub changes: Vec<ResourceChange>,
    /// Changes of the root module's outputs.
    pub outputs: BTreeMap<Arc<str>, OutputChange>,
    /// Results of checks, conditions and validations.
    pub checks: Vec<CheckResult>,
    /// What apply does, and what each step waits for.
    pub steps: Vec<Step>,
    /// What the state is to remember of data sources, sorted by address.
    pub data: Vec<DataObject>,
    /// What the state is to note of what its objects depend on, sorted by address.
    pub notes: Vec<DependencyNote>,
    /// The resources whose objects the state is to note under another provider configuration, sorted.
    pub providers: Vec<(ResourceAddress, ProviderAddress)>,
    /// Which attributes of which resources the changes come from, sorted. Without a key, all instances are meant.
    pub relevant: Vec<(crate::lang::address::Address, crate::lang::Path)>,
    /// The addresses given with `-target`, as given.
    pub targets: Vec<String>,
    /// The addresses given with `-exclude`, as given.
    pub excludes: Vec<String>,
    /// Whether planning failed part-way; such a plan can be shown but not applied.
    pub errored: bool,
}

impl Plan {
    /// Returns a plan that does nothing.
    pub fn empty(made_at: jiff::Timestamp) -> Self {
        Self {
            mode: PlanMode::Normal,
            made_at,
            variables: BTreeMap::new(),
            drift: Vec::new(),
            learned: Vec::new(),
            missed: Vec::new(),
            changes: Vec::new(),
            outputs: BTreeMap::new(),
            checks: Vec::new(),
            steps: Vec::new(),
            data: Vec::new(),
            notes: Vec::new(),
            providers: Vec::new(),
            relevant: Vec::new(),
            targets: Vec::new(),
            excludes: Vec::new(),
            errored: false,
        }
    }

    /// Tells whether apply would do anything: change an object, the state or an output.
    pub fn is_applyable(&self) -> bool {
        !self.errored && self.has_changes()
    }

    /// Tells whether the plan is whole: not narrowed by `-target` or `-exclude`, and not errored.
    pub fn is_complete(&self) -> bool {
        !self.errored && self.targets.is_empty() && self.excludes.is_empty()
    }

    /// Tells whether anything differs, outputs included; in a refresh-only plan also drift, and what the state is to note. Moves
    /// alone are no reason to apply such a plan: the next plan of another kind makes them.
    pub fn has_changes(&self) -> bool {
        let drifted = || self.drift.iter().any(|change| !matches!(change.change, Change::NoOp { .. }));
        self.changes.iter().any(ResourceChange::is_change)
            || self.outputs.values().any(OutputChange::is_change)
            || (self.mode == PlanMode::RefreshOnly && (drifted() || !self.notes.is_empty()))
    }
}
