//! Carries out a plan: intent written, call made, outcome written.
//!
//! In: a [`Plan`](crate::plan::Plan), the state it was made from, a reader and a writer of the clouds, a
//! [`Resolve`] for what was unknown, a [`Store`] for the state. Out: the new state, saved, and events on
//! the way. The executor decides nothing; it re-checks that what the plan saw still holds, then acts.

pub mod event;
mod interrupt;
mod observe;
mod resolve;
mod store;

pub use event::{Action, Event, EventSink, Recovery, Silent, SkipReason, Subject, Summary};
pub use interrupt::{Interrupt, Interrupter, Level};
pub use observe::gather;
pub use resolve::{Companion, Conclusion, OutputValue, Prepared, Resolve};
pub use store::{Acceptance, Journal, NoJournal, Store, StoreError};
