//! Graphs in the language of Graphviz, as `graph` prints them.
//!
//! [`resources`] draws what people want to see: the resources and what they wait for. [`detailed`] draws every object
//! of an operation.

mod detailed;
mod drawing;
mod planned;
mod resources;
#[cfg(test)]
mod tests;

pub use detailed::{Operation, detailed};
pub use planned::planned;
pub use resources::resources;
