//! What is evaluated while a plan is carried out.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::lang::Value;
use crate::lang::address::ProviderAddress;
use crate::plan::CheckResult;

/// What a step does, now that the steps before it have ended.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// An object is created or changed to be this.
    Object {
        /// The object to be: what the plan said, with everything resolved but what the cloud computes.
        planned: Value,
        /// What is saved beside the object.
        companion: Companion,
    },
    /// A data source is read.
    Query {
        /// Its arguments, all known.
        config: Value,
        /// What is saved beside the object.
        companion: Companion,
    },
    /// A provider is configured, which could not be done before.
    Provider {
        /// Its address.
        provider: ProviderAddress,
        /// Its arguments, all known.
        config: Value,
    },
    /// Nothing is left to do.
    Evaluated,
}

/// What the state keeps beside the attributes of an object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Companion {
    /// Addresses of the resources it depends on, without instance keys, sorted.
    pub dependencies: Vec<String>,
    /// Whether a replacement is created before this object is destroyed.
    pub create_before_destroy: bool,
}

/// The value of an output of the root module.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputValue {
    /// The value.
    pub value: Value,
    /// Whether it must not be printed.
    pub sensitive: bool,
}

/// What holds at the end of a run.
#[derive(Clone, Debug, Default)]
pub struct Conclusion {
    /// The outputs whose values are known; one that is declared but depends on something that failed is in `unknown`.
    pub outputs: BTreeMap<Arc<str>, OutputValue>,
    /// Outputs that are declared, but whose values could not be worked out; they stay in the state as they were.
    pub unknown: Vec<Arc<str>>,
    /// The results of conditions and checks.
    pub checks: Vec<CheckResult>,
    /// Errors and warnings of outputs and checks.
    pub diagnostics: Diagnostics,
}

/// Works out what was unknown while planning. Pure apart from its own memory of what has become known.
pub trait Resolve: Send {
    /// Evaluates the configuration of a step with what is known now and checks it against the plan.
    ///
    /// Called for creates, updates, data reads, evaluations and records of objects that stay, after all steps they wait for;
    /// not for deletes and forgotten objects.
    ///
    /// # Errors
    ///
    /// A precondition does not hold, or the object differs from the planned one.
    fn prepare(&mut self, step: usize) -> Result<Prepared, Diagnostics>;

    /// Takes the new object of a step for the steps after it (none after a delete), and runs postconditions.
    ///
    /// Returns warnings.
    ///
    /// # Errors
    ///
    /// A postcondition does not hold: the object stays, the steps after it are not started.
    fn record(&mut self, step: usize, outcome: Option<&Value>) -> Result<Diagnostics, Diagnostics>;

    /// Evaluates outputs and checks, once all steps have ended or were given up.
    fn conclude(&mut self) -> Conclusion;
}
