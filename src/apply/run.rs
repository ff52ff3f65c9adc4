//! What a run is given, and how it ends.

use super::event::{EventSink, Summary};
use super::interrupt::Interrupt;
use super::options::{Clouds, Options};
use super::resolve::Resolve;
use super::statistics::Saves;
use super::store::{Journal, Store, StoreError};
use crate::diagnostic::Diagnostics;
use crate::plan::Plan;
use crate::state::State;

/// Everything a run is given.
pub struct Run<'a> {
    /// The plan to carry out.
    pub plan: &'a Plan,
    /// The state that the plan was made from, as [`refreshed`](super::refreshed) returns it.
    pub state: State,
    /// Whether that state differs from the saved one.
    pub state_changed: bool,
    /// The clouds.
    pub clouds: Clouds,
    /// Evaluates what was unknown.
    pub resolver: &'a mut dyn Resolve,
    /// Saves the state.
    pub store: &'a mut dyn Store,
    /// Keeps accepted ids.
    pub journal: &'a mut dyn Journal,
    /// Hears of everything.
    pub events: &'a dyn EventSink,
    /// Asks to stop.
    pub interrupt: Interrupt,
    /// How to behave.
    pub options: Options,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    /// The state as it is now.
    pub state: State,
    /// What was done.
    pub summary: Summary,
    /// Errors and warnings.
    pub diagnostics: Diagnostics,
    /// Why the state could not be saved at the end; it must then be given to the user.
    pub unsaved: Option<StoreError>,
    /// What saving the state cost.
    pub saves: Saves,
    /// Whether everything that was asked for was done.
    pub complete: bool,
}
