//! From files to a tree of modules with typed blocks.
//!
//! ```text
//! files -- load -- parse (lang::syntax) -- assemble (duplicates, override files) --> Config: Module, Module, …
//!                                              |
//!                                              +-- one reader per kind of block: variable, resource, provider, …
//! ```
//!
//! [`load`] is the way in; [`Config`] and [`Module`] are what comes out. A typed block holds expressions, not values:
//! evaluating them is the planner's work. Everything that can be said about a block without evaluating it is said here,
//! for all blocks in one run.

pub mod address;
mod assemble;
mod block;
mod check;
mod condition;
mod constant;
mod files;
pub mod format;
mod free_names;
mod lifecycle;
mod load;
mod module;
mod module_call;
mod module_inputs;
mod output;
mod provider;
mod provider_rules;
mod refactoring;
mod references;
mod remote_state;
mod resource;
mod settings;
mod statements;
mod traversal;
mod variable;
mod variables;
mod version;

pub use block::place;
pub use check::Check;
pub use condition::Condition;
pub use files::{ConfigFiles, DiskFiles, MemoryFiles, WithFile, has_configuration, is_ignored};
pub use lifecycle::{IgnoreChanges, Lifecycle};
pub use load::load;
pub use module::{Config, Module};
pub use module_call::{ModuleCall, PassedProvider};
pub use output::{Local, Output};
pub use provider::{
    Provider, ProviderReference, RequiredProvider, display_source, full_source, implied_source,
};
pub use refactoring::{Import, Moved, Removed};
pub use references::{check_expression, check_references};
pub use resource::ResourceBlock;
pub use settings::{Backend, TERRAFORM_VERSION};
pub use variable::Variable;
pub use variables::{Assignment, VariableSources, variable_values};
pub use version::{Constraint as VersionConstraint, Version};

#[cfg(test)]
mod tests;
