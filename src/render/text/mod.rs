//! Text for people: plans, states, values.
//!
//! The road of a change: `pair` holds the two sides of a value, `compare` makes a tree of differences
//! of them by the schema, `tree` prints that tree. [`plan`] and [`state`] put headings around it. `event` and `statistics`
//! say what a run does and what its calls cost.

mod collection;
mod compare;
mod event;
mod pair;
mod plan;
mod scalar;
mod state;
mod statistics;
mod style;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod value;

pub(super) use event::{bracket, verbs};
pub use event::{duration, event};
pub use plan::{closing_note, plan};
pub use state::{object, state};
pub use statistics::statistics;
pub use style::{Options, quoted, rule, safe, wrap};
pub use types::type_of;
pub use value::{outputs, value};
