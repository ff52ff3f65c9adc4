//! From plain data to text and JSON.
//!
//! In: plans, states, values, events. Out: what people read ([`text`]), what programs read ([`json`]) and
//! the stream of a run ([`events`]). Nothing here decides or does anything; the words and the layout are
//! Terraform's, because tools read them too.

pub mod dot;
pub mod events;
pub mod json;
#[cfg(test)]
mod samples;
pub mod text;
