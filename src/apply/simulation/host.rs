//! The host of a simulated run: what survives a crash, and what hears and evaluates.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::cloud::Crash;
use crate::apply::{Companion, Conclusion, Event, EventSink, Journal, Prepared, Resolve, StoreError};
use crate::diagnostic::Diagnostics;
use crate::lang::Value;
use crate::plan::{Plan, StepAction};
use crate::state::{AcceptedLine, Backend, BackendError, BackendFuture, LockInfo, Session, State, Version};

/// The durable side: what survives a crash.
#[derive(Clone, Default)]
pub(super) struct Disk {
    pub(super) state: Arc<Mutex<State>>,
    pub(super) journal: Arc<Mutex<BTreeMap<String, Vec<AcceptedLine>>>>,
}

/// A session over the disk, so that its rules are part of what is simulated.
pub(super) fn session(disk: &Disk, crash: &Arc<Crash>) -> Session {
    Session::unlocked(Box::new(SimPlace { disk: disk.clone(), crash: crash.clone() }))
}

struct SimPlace {
    disk: Disk,
    crash: Arc<Crash>,
}

impl Backend for SimPlace {
    fn location(&self) -> String {
        "the disk".to_owned()
    }

    fn read(&self) -> BackendFuture<'_, Option<Vec<u8>>> {
        Box::pin(async {
            self.crash.live().await;
            let state = self.disk.state.lock().expect("no panic");
            Ok((state.serial > 0).then(|| state.to_bytes()))
        })
    }

    fn write<'a>(&'a self, bytes: &'a [u8], over: &'a Version) -> BackendFuture<'a, ()> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            // A conditional write: nothing comes between its look and itself.
            let there = self.read().await?;
            if Version::of(there.as_deref()) != *over {
                return Err(BackendError::Conflict { message: "another version".to_owned() });
            }
            *self.disk.state.lock().expect("no panic") =
                State::read(bytes).expect("what is written can be read");
            self.crash.tick();
            self.crash.live().await;
            Ok(())
        })
    }

    fn lock<'a>(&'a self, _: &'a LockInfo) -> BackendFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn unlock(&self) -> BackendFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn force_unlock<'a>(&'a self, _: &'a str) -> BackendFuture<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}

pub(super) struct SimJournal {
    pub(super) disk: Disk,
    pub(super) run: String,
    pub(super) crash: Arc<Crash>,
}

impl Journal for SimJournal {
    fn append(&mut self, lines: &[AcceptedLine]) -> Result<(), StoreError> {
        self.crash.tick();
        if !self.crash.dead.load(Ordering::Relaxed) {
            let mut journal = self.disk.journal.lock().expect("no panic");
            journal.entry(self.run.clone()).or_default().extend_from_slice(lines);
        }
        Ok(())
    }

    fn read(&self, run: &str) -> Vec<AcceptedLine> {
        self.disk.journal.lock().expect("no panic").get(run).cloned().unwrap_or_default()
    }

    fn discard(&mut self, run: &str) {
        self.disk.journal.lock().expect("no panic").remove(run);
    }
}

pub(super) struct SimEvents {
    pub(super) crash: Arc<Crash>,
    pub(super) seen: Mutex<Vec<Event>>,
}

impl EventSink for SimEvents {
    fn heard(&self, event: &Event) {
        if !self.crash.dead.load(Ordering::Relaxed) {
            self.seen.lock().expect("no panic").push(event.clone());
            self.crash.tick();
        }
    }
}

/// Evaluates nothing: everything was known while planning.
pub(super) struct AllKnown<'a>(pub(super) &'a Plan);

impl Resolve for AllKnown<'_> {
    fn prepare(&mut self, step: usize) -> Result<Prepared, Diagnostics> {
        let (StepAction::Create { change } | StepAction::Update { change }) = self.0.steps[step].action
        else {
            return Ok(Prepared::Evaluated);
        };
        let planned = self.0.changes[change].change.after().cloned().expect("a create has an object to be");
        Ok(Prepared::Object { planned, companion: Companion::default() })
    }

    fn record(&mut self, _: usize, _: Option<&Value>) -> Result<Diagnostics, Diagnostics> {
        Ok(Diagnostics::new())
    }

    fn conclude(&mut self) -> Conclusion {
        Conclusion::default()
    }
}
