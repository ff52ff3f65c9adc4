//! What the one who waits for a call hears of it while it is not under way, and how he ends that wait.
//!
//! A call that the cloud refuses for now (too many calls, a parent that is busy) is sent again by itself, for minutes. That wait
//! is nobody's secret: each is told at once, and it ends when the run is asked to stop, because nothing is under way then.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::error::{CloudError, ErrorClass};

tokio::task_local! {
    static WATCH: Watch;
}

type Tell = dyn Fn(&str, Duration) + Send + Sync;

/// Hears of the waits of the calls that are made within its scope.
#[derive(Clone)]
pub struct Watch {
    tell: Arc<Tell>,
    stop: Option<watch::Receiver<bool>>,
    until: Option<Instant>,
}

impl Watch {
    /// Returns one that is told why a call waits and for how long.
    pub fn new(tell: impl Fn(&str, Duration) + Send + Sync + 'static) -> Self {
        Self { tell: Arc::new(tell), stop: None, until: None }
    }

    /// Ends waits when the receiver says so.
    #[must_use]
    pub fn ending_with(self, stop: watch::Receiver<bool>) -> Self {
        Self { stop: Some(stop), ..self }
    }

    /// Ends waits that would go on beyond a time.
    #[must_use]
    pub fn until(self, until: Option<Instant>) -> Self {
        Self { until, ..self }
    }

    /// Runs a future whose calls are watched.
    pub async fn over<T>(self, future: impl Future<Output = T>) -> T {
        WATCH.scope(self, future).await
    }
}

fn current() -> Option<Watch> {
    WATCH.try_with(Watch::clone).ok()
}

/// Returns whether somebody hears of the wait before a call is sent again.
pub(super) fn is_told(error: &CloudError) -> bool {
    matches!(error.class, ErrorClass::Throttled | ErrorClass::Busy) && current().is_some()
}

/// Waits before a call is sent again; returns whether it is to be.
pub(crate) async fn pause(error: &CloudError, wait: Duration, pace: Option<String>) -> bool {
    let Some(watch) = current() else {
        tokio::time::sleep(wait).await;
        return true;
    };
    if watch.until.is_some_and(|until| Instant::now() + wait > until) {
        return false;
    }
    // Faults of a moment are not worth a word; a service that says "not now" is.
    if matches!(error.class, ErrorClass::Throttled | ErrorClass::Busy) {
        let pace = pace.map(|pace| format!("; the rate is {pace} now")).unwrap_or_default();
        (watch.tell)(&format!("{error}{pace}"), wait);
    }
    tokio::select! {
        biased;
        () = asked_to_stop(&watch) => false,
        () = tokio::time::sleep(wait) => true,
    }
}

/// Waits until the calls of this task are asked to stop; for ever when nobody can ask.
pub(super) async fn stopped() {
    match current() {
        Some(watch) => asked_to_stop(&watch).await,
        None => std::future::pending().await,
    }
}

async fn asked_to_stop(watch: &Watch) {
    if let Some(mut stop) = watch.stop.clone()
        && stop.wait_for(|stop| *stop).await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// Returns the error of a call that was not sent because the run was asked to stop.
pub(super) fn not_sent(service: &str, action: &str) -> CloudError {
    CloudError::new(
        ErrorClass::Unreached,
        service,
        action,
        "it was not sent, because the run was asked to stop",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    fn busy() -> CloudError {
        CloudError::new(ErrorClass::Busy, "cfs", "CreateCfsSnapshot", "the file system is busy")
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_is_told_and_ends_when_the_run_is_asked_to_stop() {
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = told.clone();
        let stop = watch::Sender::new(false);
        let watch = Watch::new(move |why, wait| heard.lock().unwrap().push((why.to_owned(), wait)))
            .ending_with(stop.subscribe());
        let begun = Instant::now();
        let (wait, busy) = (Duration::from_secs(100), busy());
        let (again, ()) = tokio::join!(watch.over(pause(&busy, wait, None)), async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            stop.send_replace(true);
        });
        assert!(!again && begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        let why = "cfs CreateCfsSnapshot: the file system is busy".to_owned();
        assert_eq!(*told.lock().unwrap(), [(why, wait)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_wait_beyond_the_time_out_is_not_begun_and_an_unwatched_one_goes_on() {
        let soon = Instant::now() + Duration::from_secs(5);
        let watch = Watch::new(|_, _| {}).until(Some(soon));
        assert!(!watch.over(pause(&busy(), Duration::from_secs(6), None)).await);
        assert_eq!(Instant::now() + Duration::from_secs(5), soon, "at once");
        assert!(pause(&busy(), Duration::from_secs(6), None).await);
    }
}
