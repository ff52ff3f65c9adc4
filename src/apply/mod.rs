//! Carries out a plan: intent written, call made, outcome written.
//!
//! In: a [`Plan`](crate::plan::Plan), the state it was made from, a reader and a writer of the clouds, a
//! [`Resolve`] for what was unknown, a [`Store`] for the state. Out: the new state, saved, and events on
//! the way. The executor decides nothing; it re-checks that what the plan saw still holds, then acts.
//!
//! Before: `recovery` reads what the pure decision in `recover` needs and settles the intents of runs that died;
//! `baseline` brings the state to where the plan begins. During: `executor` coordinates; `creates`, `changes`, `waiting`,
//! `rest`, `lost` and `ending` are its roads, `proof` and `claims` tell whether an answered id is ours, `operation` its calls,
//! `gone` what it takes for gone, `missed` what it took for gone and is there again, `ledger` and `records` what it writes down and when, `schedule`
//! the order, `kind` what it has to know of a type. A new type needs an entry in `kind`; a new event one in every listener.
//! `simulation` proves the promise: nothing lost, nothing doubled, whenever a run dies.

mod baseline;
mod changes;
mod claims;
mod creates;
mod ending;
pub mod event;
mod executor;
mod gone;
mod interrupt;
mod interval;
mod kind;
mod ledger;
mod lost;
mod missed;
mod observe;
mod on_parents;
mod operation;
mod options;
mod proof;
mod pulse;
mod records;
mod recover;
mod recovery;
mod resolve;
mod resolver;
mod rest;
mod run;
mod schedule;
#[cfg(test)]
mod simulation;
mod statistics;
mod store;
mod survey;
#[cfg(test)]
mod testing;
mod timeouts;
mod waiting;

pub use crate::cloud::short;
pub use baseline::refreshed;
pub use event::{Action, Event, EventSink, Recovery, Silent, SkipReason, Subject, Summary};
pub use executor::apply;
pub use gone::Patience;
pub use interrupt::{Interrupt, Interrupter, Level};
pub use missed::{Returned, take_back, tell_returned};
pub use observe::gather;
pub use options::{Clock, Clouds, DEFAULT_SETTLE, Ids, Options, Settle};
pub use recovery::{Finding, Recovered, adopt, forget, recover};
pub use resolve::{Companion, Conclusion, OutputValue, Prepared, Resolve};
pub use resolver::Resolver;
pub use run::{Outcome, Run};
pub use statistics::{ActionStatistics, Saves, Statistics};
pub use store::{Journal, LocalJournal, NoJournal, Store, StoreError};
pub use survey::survey;
