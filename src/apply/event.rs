//! What happens during a run, as data: the one road from the engine to the screen.
//!
//! Text, the `-json` stream and progress bars are listeners of these events. Adding an event: a past
//! participle as its name, everything a listener prints in its fields, and a line in each listener.

use std::sync::Arc;
use std::time::Duration;

use super::statistics::{ActionStatistics, Saves};
use crate::diagnostic::Diagnostic;
use crate::lang::address::Address;

pub use crate::cloud::event::{CallEvent, CallFailure, CallWait};

/// Hears of everything that happens; must return quickly.
pub trait EventSink: Send + Sync {
    /// Takes notice of one event.
    fn heard(&self, event: &Event);

    /// Takes notice of events that happened at once.
    fn heard_all(&self, events: &[Event]) {
        events.iter().for_each(|event| self.heard(event));
    }
}

/// A sink that forgets everything.
#[derive(Debug, Default, Clone, Copy)]
pub struct Silent;

impl EventSink for Silent {
    fn heard(&self, _event: &Event) {}
}

/// What an action does to an object, in the words of Terraform's stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// `create`.
    Create,
    /// `update`.
    Update,
    /// `delete`.
    Delete,
    /// `read`: a data source.
    Read,
}

impl Action {
    /// Returns the word used in the `-json` stream.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
            Action::Read => "read",
        }
    }
}

/// The object that an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The instance.
    pub address: Address,
    /// The key of a deposed object: eight hexadecimal digits.
    pub deposed: Option<Arc<str>>,
}

/// Why a step was not started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// Steps that it waits for did not end well; these are the ones that failed themselves.
    DependsOn(Vec<Subject>),
    /// It waits for objects that `-no-wait` left unfinished.
    NotWaited(Vec<Subject>),
    /// The run was interrupted.
    Interrupted,
    /// The object is no longer what the plan saw; the text says what differs.
    Changed(String),
    /// The object carries a tag that protects it, named here.
    Protected(String),
    /// The run was refused before anything was sent.
    Refused,
    /// The intents could not be saved, and nothing is sent without them.
    Unsaved,
}

/// How an open intent of an earlier run was settled, or why it was not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// The object was found and belongs to the address again.
    Adopted {
        /// The id of the object.
        id: Arc<str>,
        /// Whether it is still in the making.
        pending: bool,
    },
    /// No object appeared within the settle time: it will be created if it is still declared.
    NotFound,
    /// The object of a delete is gone.
    Deleted {
        /// The id of the object.
        id: Arc<str>,
    },
    /// The object of a delete is still there.
    NotDeleted {
        /// The id of the object.
        id: Arc<str>,
    },
    /// The settle time has not passed yet.
    NotSettled {
        /// When it will have passed.
        until: jiff::Timestamp,
    },
    /// The run that wrote the intent is alive; the intent is its own business.
    Alive {
        /// The id of that run.
        run: String,
    },
    /// More objects could be the one than there are intents, or it cannot be recognised: the user must say which it is.
    Undecided {
        /// The ids of the objects that could be it.
        candidates: Vec<Arc<str>>,
        /// Why it cannot be decided.
        why: String,
    },
    /// The cloud could not be read.
    Unread {
        /// What went wrong.
        why: String,
    },
}

/// Counts of what a run did, as in the last line of apply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Objects created; a replacement counts here and in `destroyed`.
    pub added: usize,
    /// Objects changed in place.
    pub changed: usize,
    /// Objects destroyed.
    pub destroyed: usize,
    /// Objects imported.
    pub imported: usize,
    /// Objects dropped from the state and left where they are.
    pub forgotten: usize,
    /// Steps that failed.
    pub failed: usize,
    /// Steps that were not started.
    pub skipped: usize,
    /// Objects accepted by a cloud but not usable yet.
    pub pending: usize,
    /// Intents of earlier runs that were settled.
    pub recovered: usize,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The run begins to carry out a plan.
    Started {
        /// The number of creates, updates, deletes and data reads to carry out.
        operations: usize,
    },
    /// An object is being read, before planning.
    RefreshStarted {
        /// The object.
        subject: Subject,
        /// Its id.
        id: Option<Arc<str>>,
    },
    /// An object was read.
    RefreshCompleted {
        /// The object.
        subject: Subject,
        /// Its id; none when it is gone.
        id: Option<Arc<str>>,
    },
    /// An intent of an earlier run was looked into.
    Recovered {
        /// The object.
        subject: Subject,
        /// The resource type's action: create or delete.
        action: Action,
        /// The outcome.
        outcome: Recovery,
    },
    /// An action on an object begins.
    ActionStarted {
        /// The object.
        subject: Subject,
        /// The action.
        action: Action,
        /// The id, for an object that exists.
        id: Option<Arc<str>>,
    },
    /// A cloud took a create: the object has an id and is not usable yet.
    Accepted {
        /// The object.
        subject: Subject,
        /// Its id.
        id: Arc<str>,
        /// The vendor's id of the request, where there is one.
        request_id: Option<String>,
    },
    /// An action still runs; sent every ten seconds, and at once when something begins to keep it.
    ActionProgressed {
        /// The object.
        subject: Subject,
        /// The action.
        action: Action,
        /// The id, once it is known.
        id: Option<Arc<str>>,
        /// Time since the action began.
        elapsed: Duration,
        /// How far the cloud says it is, in percent.
        percent: Option<u8>,
        /// What keeps it, where something does.
        why: Option<Arc<str>>,
    },
    /// An action ended well.
    ActionCompleted {
        /// The object.
        subject: Subject,
        /// The action.
        action: Action,
        /// The id; none after a delete.
        id: Option<Arc<str>>,
        /// Time since the action began.
        elapsed: Duration,
    },
    /// An action failed; the errors follow as [`Event::Diagnosed`] at the end of the run.
    ActionErrored {
        /// The object.
        subject: Subject,
        /// The action.
        action: Action,
        /// The id, for an object that exists.
        id: Option<Arc<str>>,
        /// Time since the action began.
        elapsed: Duration,
    },
    /// The answer to a call was lost; the object is being looked for before anything is sent again.
    LookedFor {
        /// The object.
        subject: Subject,
        /// The action whose answer was lost.
        action: Action,
        /// What went wrong.
        why: String,
    },
    /// An object stays in the making after this run: at the time-out, with `-no-wait`, or after a second interrupt.
    LeftPending {
        /// The object.
        subject: Subject,
        /// Its id.
        id: Arc<str>,
        /// Time since the action began.
        elapsed: Duration,
        /// Whether that was asked for with `-no-wait`.
        asked: bool,
    },
    /// A step was not started.
    Skipped {
        /// The object.
        subject: Subject,
        /// The action.
        action: Action,
        /// Why.
        reason: SkipReason,
    },
    /// A call was answered, refused or lost; carries the vendor's id of the request.
    Called(CallEvent),
    /// A call has not been answered for a while.
    Waiting(CallWait),
    /// The state was saved.
    StateSaved {
        /// The serial it has now.
        serial: u64,
        /// How long that took.
        took: Duration,
    },
    /// The user asked to stop: 1 for the first time, 2 for the second.
    Interrupted {
        /// How often.
        times: u8,
    },
    /// An error or a warning.
    Diagnosed(Diagnostic),
    /// The run has ended.
    Finished(Summary),
    /// The command ends; this is what its calls cost.
    Tallied {
        /// By service, action and region.
        actions: Vec<ActionStatistics>,
        /// What saving the state cost; nothing when it was not saved.
        saves: Option<Saves>,
        /// Whether that was asked for with `-stats`.
        asked: bool,
    },
}
