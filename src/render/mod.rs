//! From plain data to text and JSON.

pub mod events;
pub mod json;
