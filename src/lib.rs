//! Recovery points as code.
//!
//! Read what is declared, read what is remembered, look at the clouds; decide everything in a pure
//! function; write down each intent; do it; write down the outcome; leave a state that any later run
//! can trust.
//!
//! # Map
//!
//! ```text
//! *.tf, *.tf.json, *.tfvars
//!    | config      parse with spans -> blocks -> module tree
//!    v
//! desired instances <-- lang: values (known, unknown, sensitive), expressions, functions
//!    |
//!    +-- state    what we remember (tfstate v4)      --+
//!    +-- cloud    what is there, read in batches     --+
//!    v                                                 v
//! plan  (pure: no I/O, no clock)  -> Plan: plain data, every change with its reason
//!    | render      text, JSON, events
//!    v
//! apply (intent written -> call -> outcome written)  -> state
//! ```
//!
//! Reading order: [`lang`], [`config`], [`schema`], [`state`], [`plan`], [`apply`], [`cloud`],
//! [`render`], [`cli`]; [`sandbox`] stands by itself and shares no wire type with [`cloud`].

pub mod apply;
pub mod cli;
pub mod cloud;
pub mod config;
pub mod diagnostic;
pub mod disk;
pub mod lang;
pub mod plan;
pub mod render;
mod retry_after;
pub mod sandbox;
pub mod schema;
pub mod state;
