//! What a call reports while it runs; listeners turn it into logs, statistics and progress.

use std::time::Duration;

use super::error::ErrorClass;

/// One attempt of one call, reported when its outcome is known.
#[derive(Debug, Clone)]
pub struct CallEvent {
    /// Short service name.
    pub service: String,
    /// The API action.
    pub action: String,
    /// The region that the call is for.
    pub region: String,
    /// 1 for the first attempt.
    pub attempt: u32,
    /// The vendor's id of the request, when the answer carried one.
    pub request_id: Option<String>,
    /// `None` when it succeeded.
    pub failure: Option<CallFailure>,
    /// Time spent in the queue of the rate limit.
    pub queued: Duration,
    /// Time from sending to the outcome.
    pub elapsed: Duration,
    /// Bytes of the request: target and body.
    pub bytes_sent: u64,
    /// Bytes of the answer's body.
    pub bytes_received: u64,
    /// Whether another attempt follows.
    pub retried: bool,
}

/// A call that is under way for so long that people ask what goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallWait {
    /// Short service name.
    pub service: String,
    /// The API action.
    pub action: String,
    /// The region that the call is for.
    pub region: String,
    /// The attempt that is under way or comes next, 1 for the first.
    pub attempt: u32,
    /// Time since the first attempt was sent.
    pub elapsed: Duration,
    /// Why the attempt before failed, if there was one.
    pub failure: Option<CallFailure>,
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// What the failure means.
    pub class: ErrorClass,
    /// The vendor's code, when there is one.
    pub code: Option<String>,
}

/// Hears of every attempt; must return quickly.
pub trait CallListener: Send + Sync {
    /// Takes notice of one attempt.
    fn attempted(&self, event: &CallEvent);

    /// Takes notice of a call that is not answered yet: from its fifth second on, then every ten seconds.
    fn waiting(&self, wait: &CallWait) {
        let _ = wait;
    }
}

/// Writes each attempt to the log at debug level, without parameters and so without secrets.
#[derive(Debug, Default, Clone, Copy)]
pub struct LogListener;

impl CallListener for LogListener {
    fn attempted(&self, event: &CallEvent) {
        tracing::debug!(
            service = %event.service,
            action = %event.action,
            region = %event.region,
            attempt = event.attempt,
            request_id = event.request_id.as_deref().unwrap_or(""),
            failure = event.failure.as_ref().map_or("", |failure| failure.class.as_str()),
            code = event.failure.as_ref().and_then(|failure| failure.code.as_deref()).unwrap_or(""),
            queued_ms = event.queued.as_millis() as u64,
            elapsed_ms = event.elapsed.as_millis() as u64,
            "cloud call"
        );
    }
}
