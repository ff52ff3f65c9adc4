//! Changes of objects and outputs, each with its reason.

use std::sync::Arc;

use crate::lang::address::{Address, ProviderAddress};
use crate::lang::{Path, Value};

/// Which half of a replacement comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplaceOrder {
    /// The old object is destroyed before the new one is created.
    DeleteFirst,
    /// The new object is created before the old one is destroyed.
    CreateFirst,
}

/// What happens to an object. Each action carries just what it has.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Nothing; the object is as declared. (A move or an import may still be recorded.)
    NoOp {
        /// The object.
        object: Value,
    },
    /// The object is created.
    Create {
        /// The object to be, with unknown parts.
        after: Value,
    },
    /// A data source is read during apply.
    Read {
        /// The object before, if it was read in an earlier run.
        before: Option<Value>,
        /// The object to be, with unknown parts.
        after: Value,
    },
    /// The object is changed in place.
    Update {
        /// The object as it is.
        before: Value,
        /// The object to be.
        after: Value,
    },
    /// The object is destroyed and another one created.
    Replace {
        /// The object as it is.
        before: Value,
        /// The object to be, with unknown parts.
        after: Value,
        /// Which half comes first.
        order: ReplaceOrder,
    },
    /// The object is destroyed.
    Delete {
        /// The object as it is.
        before: Value,
    },
    /// The object is dropped from the state and left where it is.
    Forget {
        /// The object as it is.
        before: Value,
    },
}

/// Why an action was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionReason {
    /// It is marked as tainted.
    ReplaceBecauseTainted,
    /// An attribute that changed cannot be changed in place.
    ReplaceBecauseCannotUpdate,
    /// `-replace` asks for it.
    ReplaceByRequest,
    /// `replace_triggered_by` asks for it.
    ReplaceByTriggers,
    /// There is no resource block.
    DeleteBecauseNoResourceConfig,
    /// The resource uses `count` or `for_each` now, or no longer does.
    DeleteBecauseWrongRepetition,
    /// The index is out of range.
    DeleteBecauseCountIndex,
    /// The key is not in the `for_each` value.
    DeleteBecauseEachKey,
    /// There is no such module or module instance.
    DeleteBecauseNoModule,
    /// It was moved to an address that is not in the configuration.
    DeleteBecauseNoMoveTarget,
    /// Arguments of the data source are not known yet.
    ReadBecauseConfigUnknown,
    /// Something the data source depends on changes first.
    ReadBecauseDependencyPending,
    /// It belongs to a check block.
    ReadBecauseCheckNested,
}

/// What happens to one object, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceChange {
    /// The instance.
    pub address: Address,
    /// The address it had in the state, when it moved.
    pub previous_address: Option<Address>,
    /// The key of a deposed object: eight hexadecimal digits.
    pub deposed: Option<Arc<str>>,
    /// The provider configuration.
    pub provider: ProviderAddress,
    /// What happens.
    pub change: Change,
    /// Why, when there is more to say than that it differs.
    pub reason: Option<ActionReason>,
    /// The paths that force a replacement.
    pub replace_paths: Vec<Path>,
    /// The id of an object that is imported.
    pub importing: Option<Arc<str>>,
    /// The configuration generated for an import.
    pub generated_config: Option<String>,
    /// The marker of a create: random, kept in the intent, sent as client token where the cloud takes one.
    pub marker: Option<Arc<str>>,
}

/// What the state is to note beside an object that it has already, where that differs from what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct DependencyNote {
    /// The instance.
    pub address: Address,
    /// The resources that it depends on, sorted.
    pub dependencies: Vec<String>,
    /// Whether a replacement is created before it is destroyed.
    pub create_before_destroy: bool,
}

/// What the state is to remember of a data source.
#[derive(Clone, Debug, PartialEq)]
pub struct DataObject {
    /// The instance.
    pub address: Address,
    /// The provider configuration that it was read through.
    pub provider: ProviderAddress,
    /// What was read while planning; nothing when the state is to forget what it has.
    pub value: Option<Value>,
}

/// What happens to an output of the root module.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputChange {
    /// The value in the state, if there is one.
    pub before: Option<Value>,
    /// The value to be, if the output is declared; unknown when it depends on what apply does.
    pub after: Option<Value>,
    /// Whether the value must not be printed.
    pub sensitive: bool,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckStatus {
    /// All conditions hold.
    Pass,
    /// A condition does not hold.
    Fail,
    /// A condition could not be evaluated.
    Error,
    /// Not known before apply.
    Unknown,
}

/// The result of the checks of one configuration object.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckResult {
    /// `resource`, `output_value`, `check` or `var`.
    pub kind: &'static str,
    /// The address in the configuration, such as `module.m.alicloud_ecs_snapshot.db` or `check.health`.
    pub address: String,
    /// The worst status of the instances.
    pub status: CheckStatus,
    /// The instances.
    pub objects: Vec<CheckObject>,
}

/// The result of the checks of one instance of a configuration object.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckObject {
    /// The address of the instance.
    pub address: String,
    /// The status.
    pub status: CheckStatus,
    /// The messages of the conditions that do not hold.
    pub problems: Vec<String>,
}

impl ResourceChange {
    /// Tells whether apply does something for it, recording a move, an import or a forgotten object included.
    pub fn is_change(&self) -> bool {
        !matches!(self.change, Change::NoOp { .. })
            || self.importing.is_some()
            || self.previous_address.is_some()
    }
}

impl ResourceChange {
    /// Returns the address that the object is told to have moved from. A destroy of everything, whose deletes have no reason of
    /// their own, says nothing of moves.
    pub fn told_previous_address(&self) -> Option<&Address> {
        let tells = !matches!(self.change, Change::Delete { .. }) || self.reason.is_some();
        self.previous_address.as_ref().filter(|previous| tells && **previous != self.address)
    }
}

impl Change {
    /// Returns the object as it is, if there is one.
    pub fn before(&self) -> Option<&Value> {
        match self {
            Change::NoOp { object } => Some(object),
            Change::Create { .. } => None,
            Change::Read { before, .. } => before.as_ref(),
            Change::Update { before, .. }
            | Change::Replace { before, .. }
            | Change::Delete { before }
            | Change::Forget { before } => Some(before),
        }
    }

    /// Returns the object to be, if there is one.
    pub fn after(&self) -> Option<&Value> {
        match self {
            Change::NoOp { object } => Some(object),
            Change::Create { after }
            | Change::Read { after, .. }
            | Change::Update { after, .. }
            | Change::Replace { after, .. } => Some(after),
            Change::Delete { .. } | Change::Forget { .. } => None,
        }
    }
}

impl OutputChange {
    /// Tells whether the value or its being hidden differs, or may differ after apply.
    pub fn is_change(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                !after.is_wholly_known()
                    || before.deep_marks().is_sensitive() != after.deep_marks().is_sensitive()
                    || before.unmarked_deep() != after.unmarked_deep()
            }
            (None, None) => false,
            (None, Some(after)) => !after.is_null(),
            (Some(_), None) => true,
        }
    }
}
