//! One verified call of an action: its parameters, its place, and the session it runs in.

use serde_json::{Map, Value};

use super::envelope::Refusal;
use super::parameters::Parameters;
use crate::sandbox::session::Session;
use crate::sandbox::world::{Object, Place, Table};

/// The fields of a successful answer, without the request id.
pub(super) type Answer = Result<Map<String, Value>, Refusal>;

/// The function that carries out an action.
pub(super) type Action = fn(&mut Call<'_, '_>) -> Answer;

/// What an action works on.
pub(super) struct Call<'a, 's> {
    pub(super) parameters: &'a Parameters,
    /// Account of the key and region of the call.
    pub(super) place: Place,
    pub(super) caller: &'a Caller,
    pub(super) session: &'a mut Session<'s>,
}

/// Who calls, as `GetCallerIdentity` tells it.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller {
    pub(super) account: String,
    /// RAM user, role session, or empty for the account itself.
    pub(super) user: String,
    /// Role that the session assumed, or empty.
    pub(super) role: String,
    /// What a policy forbids, as `service:Action`.
    pub(super) denied: Vec<String>,
}

impl Call<'_, '_> {
    /// Refuses a call without the region that the action declares as mandatory.
    ///
    /// # Errors
    ///
    /// `MissingParameter`.
    pub(super) fn require_region(&self) -> Result<(), Refusal> {
        self.parameters.required("RegionId").map(|_| ())
    }
}

/// Returns `candidates`, which come oldest first, in the order that the settings ask for.
pub(super) fn ordered<'a, T: Object>(
    candidates: impl Iterator<Item = &'a T>,
    newest_first: bool,
) -> Vec<&'a T> {
    let mut found: Vec<&T> = candidates.collect();
    if newest_first {
        found.reverse();
    }
    found
}

/// Returns the objects of a place in the order that the settings ask for, those behind `after` if one is
/// named; `None` when that one is gone.
pub(super) fn walk<'a, T: Object>(
    table: &'a Table<T>,
    place: &'a Place,
    newest_first: bool,
    after: Option<&'a str>,
) -> Option<Box<dyn Iterator<Item = &'a T> + 'a>> {
    Some(match (after, newest_first) {
        (None, false) => Box::new(table.list(place)),
        (None, true) => Box::new(table.list(place).rev()),
        (Some(id), false) => Box::new(table.newer(place, id)?),
        (Some(id), true) => Box::new(table.older(place, id)?.rev()),
    })
}
