//! One call from its arrival to its end: counted, limited, broken by faults, executed, saved.

use std::time::Duration;

use super::clock::machine_ms;
use super::faults::{Effects, NotFound};
use super::http::{Late, Outcome, Reply, Request, Response};
use super::ids::IdMint;
use super::options::{LIMITS, LIMITS_CLOCK, LIST_LAG_MS, Options, Setting};
use super::traffic::Rate;
use super::world::{Life, World};
use super::{Sandbox, State, mixed_up};

/// What is called, by whom. The caller has been authenticated.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// Service, e.g. `cfs`.
    pub service: String,
    /// Action, e.g. `CreateCfsSnapshot`.
    pub action: String,
    /// Who the limit counts for.
    pub account: String,
    /// Where the limit counts.
    pub region: String,
    /// The documented limit.
    pub rate: Option<Rate>,
}

/// Why the gateway refuses a call; each vendor words it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Too many calls; nothing was done.
    Throttled,
    /// An internal error.
    ServerError,
}

/// What an action works on while it runs.
pub(crate) struct Session<'a> {
    /// What exists; what has left by now is already removed.
    pub world: &'a mut World,
    /// Where new ids come from.
    pub ids: &'a mut IdMint,
    /// The settings.
    pub options: &'a Options,
    /// The sandbox clock.
    pub now_ms: i64,
    /// What goes wrong in this call.
    pub effects: Effects,
}

impl Session<'_> {
    /// Returns whether a list shows an object made at that time.
    pub fn lists(&self, created_ms: i64) -> bool {
        let lag = self.effects.lag_ms.max(self.options.number(&LIST_LAG_MS));
        let old_enough = created_ms.saturating_add(lag) <= self.now_ms;
        old_enough && self.effects.lag_since_ms.is_none_or(|since| created_ms < since)
    }

    /// Returns the life of an object whose creation takes the setting's milliseconds.
    pub fn begin_life(&self, duration: &Setting) -> Life {
        Life {
            stuck: self.effects.stuck,
            fails: self.effects.create_failed,
            ..Life::begin(self.now_ms, self.options.number(duration))
        }
    }

    /// Returns whether an unknown id is an error; a choice between `empty` and `error`.
    pub fn unknown_is_error(&self, setting: &Setting) -> bool {
        match self.effects.not_found {
            Some(answer) => answer == NotFound::Error,
            None => self.options.is(setting, "error"),
        }
    }
}

impl Sandbox {
    /// Runs one authenticated call: `act` does the work, `refuse` words the gateway's refusals.
    pub(crate) fn call(
        &self,
        request: &Request,
        call: &Call,
        refuse: impl Fn(Refusal) -> Response,
        act: impl FnOnce(&mut Session) -> Response,
    ) -> Reply {
        let mut state = self.lock();
        let now_ms = request.late.map_or_else(|| state.clock.now_ms(), |late| late.arrives_ms);
        let mut effects = Effects::default();
        // A delayed request passed the gateway when it was sent.
        if !request.is_late() {
            effects = state.faults.take(&call.service, &call.action);
            if let Some(reply) = gate(&mut state, request, call, &effects, now_ms, &refuse) {
                return self.saved(state, reply, &refuse);
            }
        }
        let gone = effects.clone();
        let response = {
            let State { world, ids, options, made, harmed, has_strangers, .. } = &mut *state;
            world.purge(now_ms);
            let watched = *has_strangers && call.action.starts_with("Delete");
            let before = if watched { mixed_up::strangers(world, &call.service) } else { Vec::new() };
            let mut response = act(&mut Session { world: &mut *world, ids, options, now_ms, effects });
            if watched {
                let left = mixed_up::strangers(world, &call.service);
                harmed.extend(before.into_iter().filter(|id| !left.contains(id)));
            }
            mixed_up::mix_up(&mut response, &call.service, &call.action, &gone, world, made);
            response
        };
        let delay = Duration::from_millis(gone.slow_ms);
        let outcome = match (gone.drop_after, gone.truncated) {
            (true, _) => Outcome::Drop,
            (false, true) => Outcome::Truncated(response),
            (false, false) => Outcome::Answer(response),
        };
        self.saved(state, Reply { delay, outcome }, &refuse)
    }

    /// Saves what changed before anybody is answered.
    fn saved(
        &self,
        mut state: std::sync::MutexGuard<'_, State>,
        reply: Reply,
        refuse: &impl Fn(Refusal) -> Response,
    ) -> Reply {
        match state.commit() {
            Ok(()) => reply,
            Err(error) => {
                tracing::error!(%error, "the sandbox could not save its world");
                refuse(Refusal::ServerError).into()
            }
        }
    }
}

/// Counts the call and returns what the gateway answers instead of executing it.
fn gate(
    state: &mut State,
    request: &Request,
    call: &Call,
    effects: &Effects,
    now_ms: i64,
    refuse: &impl Fn(Refusal) -> Response,
) -> Option<Reply> {
    let key = (call.account.clone(), call.region.clone(), format!("{}:{}", call.service, call.action));
    let machine = machine_ms();
    let limit_now = if state.options.is(&LIMITS_CLOCK, "sandbox") { now_ms } else { machine };
    let rate = call.rate.filter(|_| state.options.is(&LIMITS, "on"));
    let admitted = state.traffic.arrive(key.clone(), rate, machine, limit_now);
    if effects.throttled && admitted {
        state.traffic.refuse(key);
    }
    let delayed = |response: Response| Reply {
        delay: Duration::from_millis(effects.slow_ms),
        outcome: Outcome::Answer(response),
    };
    if !admitted || effects.throttled {
        return Some(delayed(refuse(Refusal::Throttled)));
    }
    if effects.drop_before {
        return Some(Reply { delay: Duration::from_millis(effects.slow_ms), outcome: Outcome::Drop });
    }
    if effects.server_error_html {
        let page =
            "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
        return Some(delayed(Response::new(502, "text/html", page)));
    }
    if effects.server_error_json {
        return Some(delayed(refuse(Refusal::ServerError)));
    }
    if let Some(late_ms) = effects.late_ms {
        let late = Late { sent_ms: now_ms, arrives_ms: now_ms.saturating_add(late_ms) };
        state.late.push(Request { late: Some(late), ..request.clone() });
        return Some(Reply::dropped());
    }
    None
}
