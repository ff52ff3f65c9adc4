//! Plans and states as Terraform's JSON prints them, property for property and in its order.
//!
//! ```text
//! Plan, Config, State --> plan:  changes, planned values (modules), prior state, configuration, checks --> Json (tree)
//! State ---------------> state: outputs, resources (modules), checks -------------------------------------> Json (tree)
//! ```
//!
//! What only snapform knows of an object stands in a member `snapform` beside the object's other properties, never among
//! its attributes: programs that read these documents hold them against the providers' schemas.
//!
//! Source of the format: <https://developer.hashicorp.com/terraform/internals/json-format>.

mod changes;
mod checks;
mod configuration;
mod expression;
mod instance;
mod modules;
mod plan;
mod providers;
mod schemas;
mod state;
#[cfg(test)]
mod tests;
pub mod tree;
mod value;

pub use plan::plan_json;
pub use schemas::schemas_json;
pub use state::state_json;
pub use tree::Json;

pub(super) use changes::{output_action, reason_word, shown_changes, shown_drift};
pub(super) use instance::key_json;
