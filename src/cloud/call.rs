//! One call from start to end: rate limit, credentials, signing, sending, reading, and sending again when that is safe.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use super::Accepted;
use super::credentials::{CredentialSource, Credentials};
use super::error::{CloudError, ErrorClass, short};
use super::event::{CallEvent, CallFailure, CallListener, CallWait};
use super::fields::Fields;
use super::gate;
use super::limits::{LimitKey, Limits};
use super::patience;
use super::retry::{Repeat, Retries};
use super::transport::{Exchange, ExchangeError, HttpAnswer, HttpRequest};
use crate::retry_after;

/// Tells the time; simulations put their own in its place.
pub trait Clock: Send + Sync {
    /// Returns the present moment.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What all clients of one run share.
#[derive(Clone)]
pub struct Shared {
    /// Sends requests.
    pub exchange: Arc<dyn Exchange>,
    /// Paces them.
    pub limits: Arc<Limits>,
    /// Hears of them.
    pub listener: Arc<dyn CallListener>,
    /// Tells the time that requests are signed with.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Shared").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// What a dialect needs to sign one attempt.
pub(crate) struct Signing<'a> {
    pub(crate) credentials: &'a Credentials,
    pub(crate) now: Timestamp,
    /// Fresh for every attempt.
    pub(crate) nonce: String,
}

/// How a cloud signs requests and writes answers.
pub(crate) trait Dialect: Sync {
    /// Returns the signed request of one attempt.
    fn request(&self, signing: &Signing<'_>) -> HttpRequest;
    /// Returns the payload of an answer.
    fn read(&self, answer: &HttpAnswer) -> Result<Answer, CloudError>;
    /// Returns what may be put right before the call is refused for good.
    fn correction(&self, code: &str) -> Option<Correction>;
}

/// A refusal that can be put right once, because the refused request was not executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Correction {
    /// Our clock differs too much from the server's.
    Clock,
    /// The temporary credentials have expired.
    Credentials,
}

/// The payload of a successful answer.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) fields: Fields,
    pub(crate) request_id: Option<String>,
}

impl Answer {
    /// Makes the error for a successful answer that lacks what it is for.
    pub(crate) fn without(&self, service: &str, action: &str, field: &str) -> CloudError {
        CloudError::new(ErrorClass::Ambiguous, service, action, format!("the answer holds no {field}"))
            .with_request_id(self.request_id.as_deref())
    }

    /// Returns the object that was created, of which the field holds the id, which begins as the service's ids do.
    ///
    /// # Errors
    /// The answer holds no id of the service, so that nobody knows what was created.
    pub(crate) fn accepted(
        self,
        service: &str,
        action: &str,
        field: &str,
        prefix: &str,
    ) -> Result<Accepted, CloudError> {
        match self.fields.filled(field) {
            Some(id) if has_form(&id, prefix) => {
                Ok(Accepted { id: id.into(), request_id: self.request_id.unwrap_or_default() })
            }
            Some(id) => {
                let message =
                    format!("{field} of the answer is {:?}, which is no id of this service", short(&id));
                Err(CloudError::new(ErrorClass::Ambiguous, service, action, message)
                    .with_request_id(self.request_id.as_deref()))
            }
            None => Err(self.without(service, action, field)),
        }
    }
}

/// Longest id of a recovery point; the services' own have some twenty characters.
const LONGEST_ID: usize = 100;

/// Returns whether a text has the form of a service's ids: its prefix, then letters and digits.
fn has_form(id: &str, prefix: &str) -> bool {
    let own = id.strip_prefix(prefix).unwrap_or_default();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    !own.is_empty() && id.len() <= LONGEST_ID && own.bytes().all(fits)
}

/// What is called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject<'a> {
    pub(crate) service: &'a str,
    pub(crate) action: &'a str,
    pub(crate) region: &'a str,
    /// Whose quota pays for it.
    pub(crate) account: &'a str,
}

/// Makes calls with the credentials of one provider configuration.
pub(crate) struct Caller {
    shared: Shared,
    source: Arc<dyn CredentialSource>,
    /// Credentials in use; replaced when they are renewed.
    held: tokio::sync::Mutex<Option<Credentials>>,
    /// Server time less our time, in seconds, once the server complained.
    offset_seconds: AtomicI64,
}

impl Caller {
    pub(crate) fn new(shared: Shared, source: Arc<dyn CredentialSource>) -> Caller {
        Caller { shared, source, held: tokio::sync::Mutex::new(None), offset_seconds: AtomicI64::new(0) }
    }

    /// Returns the credentials in use.
    pub(crate) async fn credentials(&self) -> Result<Credentials, CloudError> {
        let mut held = self.held.lock().await;
        if let Some(credentials) = &*held {
            return Ok(credentials.clone());
        }
        let fresh = self.source.current().await?;
        *held = Some(fresh.clone());
        Ok(fresh)
    }

    /// Returns the role that the credentials were obtained for, where that is known.
    pub(crate) fn role(&self) -> Option<String> {
        self.source.role()
    }

    /// Says which account the credentials in use turned out to be of.
    pub(crate) async fn belongs_to(&self, account: &str) {
        if let Some(held) = &*self.held.lock().await {
            self.shared.limits.belongs(&held.id, account);
        }
    }

    /// Makes one call and returns its payload.
    pub(crate) async fn call(
        &self,
        subject: Subject<'_>,
        repeat: Repeat,
        dialect: &dyn Dialect,
    ) -> Result<Answer, CloudError> {
        let key = LimitKey {
            account: subject.account.to_owned(),
            region: subject.region.to_owned(),
            service: subject.service.to_owned(),
            action: subject.action.to_owned(),
        };
        let mut retries = Retries::new(repeat);
        let mut corrected: Vec<Correction> = Vec::new();
        let mut silence = Silence::default();
        let mut attempt = 0;
        let mut last = None;
        loop {
            attempt += 1;
            silence.attempt = attempt;
            let credentials = self.credentials().await?;
            let queued_at = Instant::now();
            let permit = tokio::select! {
                permit = self.shared.limits.acquire(&key) => permit,
                () = patience::stopped() => {
                    return Err(last.unwrap_or_else(|| patience::not_sent(subject.service, subject.action)));
                }
            };
            let sent_at = Instant::now();
            let signing = Signing { credentials: &credentials, now: self.now(), nonce: nonce() };
            let request = dialect.request(&signing);
            // As late as can be: between here and the wire a run must not fall asleep.
            gate::pass(subject.service, subject.action).await?;
            let bytes_sent = (request.url.len() + request.body.len()) as u64;
            let exchange = self.exchange(subject, repeat, request);
            let exchanged = self.telling(subject, &mut silence, exchange).await;
            let (outcome, received, date, asked) = match exchanged {
                Ok(answer) => {
                    let date = answer.header("date").map(str::to_owned);
                    let asked = answer.header("retry-after").and_then(|header| {
                        retry_after::parse(header, date.as_deref(), self.shared.clock.now())
                    });
                    (dialect.read(&answer), answer.body.len() as u64, date, asked)
                }
                Err(error) => (Err(unanswered(subject, error)), 0, None, None),
            };
            match &outcome {
                Err(error) if error.class == ErrorClass::Throttled => permit.throttled(),
                _ => permit.answered(),
            }
            let wait = match &outcome {
                Ok(_) => None,
                Err(error) => {
                    let correction = error
                        .code
                        .as_deref()
                        .and_then(|code| dialect.correction(code))
                        .filter(|correction| !corrected.contains(correction));
                    match correction {
                        Some(correction)
                            if self.correct(correction, date.as_deref(), &credentials).await? =>
                        {
                            corrected.push(correction);
                            Some(Duration::ZERO)
                        }
                        _ => retries.after(error, asked),
                    }
                }
            };
            silence.failure = outcome
                .as_ref()
                .err()
                .map(|error| CallFailure { class: error.class, code: error.code.clone() });
            self.shared.listener.attempted(&CallEvent {
                service: subject.service.to_owned(),
                action: subject.action.to_owned(),
                region: subject.region.to_owned(),
                attempt,
                request_id: match &outcome {
                    Ok(answer) => answer.request_id.clone(),
                    Err(error) => error.request_id.clone(),
                },
                failure: silence.failure.clone(),
                queued: sent_at - queued_at,
                elapsed: sent_at.elapsed(),
                bytes_sent,
                bytes_received: received,
                retried: wait.is_some(),
            });
            match (wait, outcome) {
                (Some(wait), Err(error)) => {
                    let throttled = error.class == ErrorClass::Throttled;
                    let pace = throttled.then(|| self.shared.limits.pace(&key));
                    silence.attempt = attempt + 1;
                    let pause = patience::pause(&error, wait, pace);
                    let again = match patience::is_told(&error) {
                        true => pause.await,
                        false => self.telling(subject, &mut silence, pause).await,
                    };
                    if !again {
                        return Err(error);
                    }
                    last = Some(error);
                }
                (_, outcome) => return outcome,
            }
        }
    }

    /// Exchanges a request for an answer; a read is given up long before anything else is.
    async fn exchange(
        &self,
        subject: Subject<'_>,
        repeat: Repeat,
        request: HttpRequest,
    ) -> Result<HttpAnswer, ExchangeError> {
        let reads = ["Describe", "List", "Get"].iter().any(|verb| subject.action.starts_with(verb));
        if !reads || repeat != Repeat::Freely {
            return self.shared.exchange.exchange(request).await;
        }
        let endpoint = origin_of(&request.url);
        let late = |_| {
            let source = format!("no whole answer within {} seconds", LONGEST_READ.as_secs());
            Err(ExchangeError::Lost { endpoint, source: source.into() })
        };
        tokio::time::timeout(LONGEST_READ, self.shared.exchange.exchange(request)).await.unwrap_or_else(late)
    }

    /// Waits for something that the call needs, and says so when it takes long.
    async fn telling<T>(
        &self,
        subject: Subject<'_>,
        silence: &mut Silence,
        awaited: impl Future<Output = T>,
    ) -> T {
        let began = *silence.began.get_or_insert_with(Instant::now);
        let mut awaited = std::pin::pin!(awaited);
        loop {
            let next = began + silence.next;
            if let Ok(done) = tokio::time::timeout_at(next, awaited.as_mut()).await {
                return done;
            }
            silence.next = began.elapsed() + Silence::AGAIN;
            self.shared.listener.waiting(&CallWait {
                service: subject.service.to_owned(),
                action: subject.action.to_owned(),
                region: subject.region.to_owned(),
                attempt: silence.attempt,
                elapsed: began.elapsed(),
                failure: silence.failure.clone(),
            });
        }
    }

    /// Returns the server's time, as far as we know it.
    pub(crate) fn now(&self) -> Timestamp {
        let offset = SignedDuration::from_secs(self.offset_seconds.load(Ordering::Relaxed));
        let now = self.shared.clock.now();
        now.checked_add(offset).unwrap_or(now)
    }

    /// Puts right what a refusal complains of; returns whether there is anything new to try.
    async fn correct(
        &self,
        correction: Correction,
        date: Option<&str>,
        refused: &Credentials,
    ) -> Result<bool, CloudError> {
        match correction {
            Correction::Clock => {
                let server = date.and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
                let Some(server) = server else { return Ok(false) };
                let offset = server.timestamp().duration_since(self.shared.clock.now()).as_secs();
                let before = self.offset_seconds.swap(offset, Ordering::Relaxed);
                Ok((before - offset).abs() > 1)
            }
            Correction::Credentials => {
                let mut held = self.held.lock().await;
                if held.as_ref().is_some_and(|held| held.id != refused.id) {
                    return Ok(true);
                }
                let renewed = self.source.renew(refused).await?;
                let any = renewed.is_some();
                if any {
                    *held = renewed;
                }
                Ok(any)
            }
        }
    }
}

/// The longest time that one attempt of a read takes. Lists and descriptions are answered within a second, and asking again
/// does no harm, so nothing is won by the patience that a create needs, which must not be given up while it may be accepted:
/// with the five attempts of a read this is two and a half minutes at most.
const LONGEST_READ: Duration = Duration::from_secs(30);

/// How long nothing has been heard of a call.
struct Silence {
    began: Option<Instant>,
    /// When to speak next, counted from the beginning.
    next: Duration,
    attempt: u32,
    failure: Option<CallFailure>,
}

impl Silence {
    const FIRST: Duration = Duration::from_secs(5);
    const AGAIN: Duration = Duration::from_secs(10);
}

impl Default for Silence {
    fn default() -> Silence {
        Silence { began: None, next: Silence::FIRST, attempt: 1, failure: None }
    }
}

/// Returns scheme, host and port of a URL.
fn origin_of(url: &str) -> String {
    let end = url.find("://").and_then(|at| Some(at + 3 + url[at + 3..].find(['/', '?'])?));
    url[..end.unwrap_or(url.len())].to_owned()
}

fn nonce() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// Turns a missing answer into an error that says whether the call may have been executed.
fn unanswered(subject: Subject<'_>, error: ExchangeError) -> CloudError {
    let class = match &error {
        ExchangeError::NotSent { .. } => ErrorClass::Unreached,
        ExchangeError::Lost { .. } | ExchangeError::TooLarge { .. } => ErrorClass::Ambiguous,
    };
    let mut message = error.to_string();
    let mut below = std::error::Error::source(&error);
    // The innermost cause ("connection refused", "no such host") is the one that helps.
    while let Some(next) = below.and_then(std::error::Error::source) {
        below = Some(next);
    }
    if let Some(cause) = below {
        message.push_str(&format!(": {cause}"));
    }
    CloudError::new(class, subject.service, subject.action, message)
        .with_remedy(
            "Check the network, the provider's region and endpoints, and SNAPFORM_ENDPOINT if it is set.",
        )
        .with_source(error)
}

/// Makes the error for an answer that is not what the service sends: a proxy's page, half an answer, another server.
pub(crate) fn unreadable(service: &str, action: &str, answer: &HttpAnswer) -> CloudError {
    let kind = answer.header("content-type").unwrap_or("no content type");
    let start: String =
        String::from_utf8_lossy(&answer.body[..answer.body.len().min(400)]).chars().take(160).collect();
    let message = format!(
        "the answer is not one of this service (HTTP status {}, {kind}, {} bytes): {start}",
        answer.status,
        answer.body.len()
    );
    CloudError::new(ErrorClass::Ambiguous, service, action, message).with_remedy(
        "Check the provider's endpoints and any proxy in between; the call may have been executed.",
    )
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Mutex;

    use bytes::Bytes;

    use super::*;
    use crate::cloud::BoxFuture;
    use crate::cloud::event::LogListener;

    #[test]
    fn only_an_id_of_the_service_is_one() {
        for id in ["dbp-1234abcd", "dbp-00000001", "dbp-a_b-C"] {
            assert!(has_form(id, "dbp-"), "{id}");
        }
        let long = format!("dbp-{}", "1".repeat(LONGEST_ID));
        for id in
            ["", " ", "12345", "dbp-", "dbp-1 ", "dbp-1\u{1b}[2J", "../../x", "dbp-../x", "snapcfs-1", &long]
        {
            assert!(!has_form(id, "dbp-"), "{id}");
        }
    }

    /// Answers from a script, and remembers what was asked.
    #[derive(Default)]
    struct Script {
        answers: Mutex<VecDeque<Result<(u16, &'static str), ()>>>,
        dates: Mutex<Vec<i64>>,
    }

    impl Exchange for Script {
        fn exchange(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpAnswer, ExchangeError>> {
            self.dates.lock().unwrap().push(request.body.len() as i64);
            let next = self.answers.lock().unwrap().pop_front().expect("the script has another answer");
            Box::pin(std::future::ready(match next {
                Ok((status, body)) => Ok(HttpAnswer {
                    status,
                    headers: vec![("date".into(), "Sun, 22 Nov 2026 20:00:00 GMT".into())],
                    body: Bytes::from_static(body.as_bytes()),
                }),
                Err(()) => Err(ExchangeError::Lost { endpoint: "http://x".into(), source: "reset".into() }),
            }))
        }
    }

    struct Plain;

    impl Dialect for Plain {
        fn request(&self, signing: &Signing<'_>) -> HttpRequest {
            // The body's length tells the tests which second was signed.
            let since = signing.now.as_second() - FIXED.as_second();
            let body = Bytes::from(vec![0; usize::try_from(since).unwrap_or(0)]);
            HttpRequest { method: "POST", url: "http://x/".into(), headers: Vec::new(), body }
        }

        fn read(&self, answer: &HttpAnswer) -> Result<Answer, CloudError> {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            match text.as_str() {
                "ok" => Ok(Answer { fields: Fields::read(b"{}").unwrap(), request_id: Some("r".into()) }),
                "busy" => Err(CloudError::new(ErrorClass::Busy, "s", "a", "busy").with_code("Busy")),
                "late" => Err(CloudError::new(ErrorClass::Denied, "s", "a", "late").with_code("Late")),
                "expired" => Err(CloudError::new(ErrorClass::Denied, "s", "a", "old").with_code("Expired")),
                _ => Err(unreadable("s", "a", answer)),
            }
        }

        fn correction(&self, code: &str) -> Option<Correction> {
            match code {
                "Late" => Some(Correction::Clock),
                "Expired" => Some(Correction::Credentials),
                _ => None,
            }
        }
    }

    const FIXED: Timestamp = Timestamp::constant(1_795_377_600 - 7200, 0);

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Timestamp {
            FIXED
        }
    }

    /// Gives a second pair of keys once.
    struct Renewing;

    impl CredentialSource for Renewing {
        fn current(&self) -> BoxFuture<'_, Result<Credentials, CloudError>> {
            Box::pin(std::future::ready(Ok(Credentials::new("first", "s", Some("t")))))
        }

        fn renew<'a>(
            &'a self,
            refused: &'a Credentials,
        ) -> BoxFuture<'a, Result<Option<Credentials>, CloudError>> {
            let next = (refused.id == "first").then(|| Credentials::new("second", "s", None));
            Box::pin(std::future::ready(Ok(next)))
        }
    }

    async fn run(
        repeat: Repeat,
        answers: &[Result<(u16, &'static str), ()>],
    ) -> (Result<Answer, CloudError>, Vec<i64>, String) {
        let script = Arc::new(Script::default());
        script.answers.lock().unwrap().extend(answers.iter().copied());
        let shared = Shared {
            exchange: script.clone(),
            limits: Arc::new(Limits::new()),
            listener: Arc::new(LogListener),
            clock: Arc::new(Stopped),
        };
        let caller = Caller::new(shared, Arc::new(Renewing));
        let subject = Subject { service: "cbs", action: "CreateDiskBackup", region: "r", account: "1" };
        let outcome = caller.call(subject, repeat, &Plain).await;
        let dates = script.dates.lock().unwrap().clone();
        (outcome, dates, caller.credentials().await.unwrap().id)
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_of_html_is_ambiguous_and_shown_in_part() {
        let (outcome, sent, _) =
            run(Repeat::OnlyIfNotExecuted, &[Ok((502, "<html>\u{1b}[2J bad gateway"))]).await;
        let error = outcome.unwrap_err();
        assert_eq!((error.class, sent.len()), (ErrorClass::Ambiguous, 1));
        assert!(error.message.contains("502") && error.message.contains("bad gateway"), "{error}");
        assert!(!error.message.contains('\u{1b}'));
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_survives_lost_answers_and_a_create_does_not_repeat_them() {
        let answers = [Err(()), Ok((500, "oops")), Ok((200, "ok"))];
        let (outcome, sent, _) = run(Repeat::Freely, &answers).await;
        assert!(outcome.is_ok() && sent.len() == 3);
        let (outcome, sent, _) = run(Repeat::OnlyIfNotExecuted, &answers).await;
        assert!(outcome.is_err() && sent.len() == 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_busy_parent_is_waited_for() {
        let answers = [Ok((200, "busy")), Ok((200, "busy")), Ok((200, "ok"))];
        let (outcome, sent, _) = run(Repeat::OnlyIfNotExecuted, &answers).await;
        assert!(outcome.is_ok() && sent.len() == 3);
    }

    #[tokio::test(start_paused = true)]
    async fn the_clock_is_put_right_once() {
        let (outcome, sent, _) = run(Repeat::OnlyIfNotExecuted, &[Ok((200, "late")), Ok((200, "ok"))]).await;
        assert!(outcome.is_ok());
        assert_eq!(sent, [0, 7200]);
        let (outcome, sent, _) =
            run(Repeat::OnlyIfNotExecuted, &[Ok((200, "late")), Ok((200, "late"))]).await;
        assert!(outcome.is_err() && sent.len() == 2);
    }

    #[tokio::test(start_paused = true)]
    async fn expired_credentials_are_renewed_in_the_middle_of_a_run() {
        let answers = [Ok((200, "expired")), Ok((200, "ok"))];
        let (outcome, _, id) = run(Repeat::OnlyIfNotExecuted, &answers).await;
        assert!(outcome.is_ok());
        assert_eq!(id, "second");
    }

    /// Never answers, and remembers what was said about that.
    #[derive(Default)]
    struct Mute(Mutex<Vec<(u32, u64, Option<ErrorClass>)>>);

    impl Exchange for Mute {
        fn exchange(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpAnswer, ExchangeError>> {
            Box::pin(std::future::pending())
        }
    }

    impl CallListener for Mute {
        fn attempted(&self, _: &CallEvent) {}

        fn waiting(&self, wait: &CallWait) {
            let failure = wait.failure.as_ref().map(|failure| failure.class);
            self.0.lock().unwrap().push((wait.attempt, wait.elapsed.as_secs(), failure));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_read_is_told_from_its_fifth_second_on_and_given_up_long_before_a_create() {
        let mute = Arc::new(Mute::default());
        let shared = Shared {
            exchange: mute.clone(),
            limits: Arc::new(Limits::new()),
            listener: mute.clone(),
            clock: Arc::new(Stopped),
        };
        let caller = Caller::new(shared, Arc::new(Renewing));
        let subject = |action| Subject { service: "sts", action, region: "r", account: "1" };
        let began = Instant::now();
        let error = caller.call(subject("GetCallerIdentity"), Repeat::Freely, &Plain).await.unwrap_err();
        assert_eq!(error.class, ErrorClass::Ambiguous);
        assert!(error.message.contains("no whole answer within 30 seconds"), "{error}");
        assert!(error.message.contains("http://x ") && began.elapsed() < Duration::from_secs(180), "{error}");
        let told = mute.0.lock().unwrap().clone();
        assert_eq!(told[..3], [(1, 5, None), (1, 15, None), (1, 25, None)]);
        assert!(told.iter().any(|(attempt, _, failure)| *attempt == 3 && failure.is_some()), "{told:?}");
        // A create may be accepted meanwhile: only the transport ends it.
        let create = caller.call(subject("CreateDiskBackup"), Repeat::OnlyIfNotExecuted, &Plain);
        assert!(tokio::time::timeout(Duration::from_secs(119), create).await.is_err());
    }

    #[test]
    fn the_origin_of_a_url_has_no_path_and_no_query() {
        assert_eq!(origin_of("http://x:1/?Signature=s"), "http://x:1");
        assert_eq!(origin_of("https://cbs.tencentcloudapi.com/"), "https://cbs.tencentcloudapi.com");
    }
}
