//! The state on a web server: Terraform's `http` backend, and GitLab's way of speaking it.
//!
//! Arguments, defaults and environment names are Terraform's:
//! <https://developer.hashicorp.com/terraform/language/backend/http>. GitLab locks with `POST` and unlocks with
//! `DELETE` on one address, and demands the whole lock information in both.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};

use super::backend::{Backend, BackendError, BackendFuture};
use super::lock::LockInfo;
use super::version::Version;

/// How to reach the server.
#[derive(Clone)]
pub struct HttpSettings {
    /// Where the state is read, written and deleted.
    pub address: String,
    /// The method of a write; `POST`.
    pub update_method: String,
    /// Where the lock is taken; without it there is no locking.
    pub lock_address: Option<String>,
    /// The method of taking the lock; `LOCK`.
    pub lock_method: String,
    /// Where the lock is given back; the address of the lock if absent.
    pub unlock_address: Option<String>,
    /// The method of giving the lock back; `UNLOCK`.
    pub unlock_method: String,
    /// The user name of basic authentication.
    pub username: Option<String>,
    /// The password of basic authentication.
    pub password: Option<String>,
    /// Whether the server's certificate is taken as it is.
    pub skip_cert_verification: bool,
    /// How often a failed request is sent again.
    pub retry_max: u32,
    /// The first pause before a request is sent again.
    pub retry_wait_min: Duration,
    /// The longest pause before a request is sent again.
    pub retry_wait_max: Duration,
    /// A certificate authority to trust, PEM.
    pub client_ca_certificate_pem: Option<String>,
    /// The client's certificate, PEM.
    pub client_certificate_pem: Option<String>,
    /// The client's private key, PEM.
    pub client_private_key_pem: Option<String>,
}

impl HttpSettings {
    /// Returns the settings from the backend's arguments; `environment` answers for `TF_HTTP_*` names.
    ///
    /// # Errors
    ///
    /// An argument is missing or has no valid value; the message names it.
    pub fn new(
        argument: &dyn Fn(&str) -> Option<String>,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, BackendError> {
        let find = |name: &str| {
            let from_environment = || environment(&format!("TF_HTTP_{}", name.to_uppercase()));
            argument(name).or_else(from_environment).filter(|text| !text.is_empty())
        };
        let address =
            find("address").ok_or_else(|| unusable("address", "it must be set (or TF_HTTP_ADDRESS)"))?;
        let settings = Self {
            address: checked_address("address", address)?,
            update_method: find("update_method").unwrap_or_else(|| "POST".into()),
            lock_address: find("lock_address")
                .map(|text| checked_address("lock_address", text))
                .transpose()?,
            lock_method: find("lock_method").unwrap_or_else(|| "LOCK".into()),
            unlock_address: find("unlock_address")
                .map(|text| checked_address("unlock_address", text))
                .transpose()?,
            unlock_method: find("unlock_method").unwrap_or_else(|| "UNLOCK".into()),
            username: find("username"),
            password: find("password"),
            skip_cert_verification: find("skip_cert_verification")
                .is_some_and(|text| text == "true" || text == "1"),
            retry_max: number("retry_max", find("retry_max"), 2)?,
            retry_wait_min: Duration::from_secs(number("retry_wait_min", find("retry_wait_min"), 1)?.into()),
            retry_wait_max: Duration::from_secs(number("retry_wait_max", find("retry_wait_max"), 30)?.into()),
            client_ca_certificate_pem: find("client_ca_certificate_pem"),
            client_certificate_pem: find("client_certificate_pem"),
            client_private_key_pem: find("client_private_key_pem"),
        };
        Ok(settings)
    }
}

fn unusable(name: &str, why: &str) -> BackendError {
    BackendError::Server {
        message: format!("The argument \"{name}\" of backend \"http\" cannot be used: {why}."),
    }
}

fn checked_address(name: &str, text: String) -> Result<String, BackendError> {
    match Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text),
        _ => Err(unusable(name, "it must be an http or https address")),
    }
}

fn number(name: &str, text: Option<String>, default: u32) -> Result<u32, BackendError> {
    text.map_or(Ok(default), |text| text.parse().map_err(|_| unusable(name, "it must be a whole number")))
}

/// A state behind an HTTP server.
pub struct HttpBackend {
    settings: HttpSettings,
    client: Client,
    held: Mutex<Option<LockInfo>>,
    /// The tag that the server gave a version of the state.
    tagged: Mutex<Option<(Version, String)>>,
}

/// The largest state that is taken from a server: a hundred thousand points take about 200 MB. A body may have no end.
const LARGEST_STATE: usize = 256 << 20;

/// The largest answer that is read to anything else.
const LARGEST_WORD: usize = 1 << 20;

/// An answer that was received whole.
struct Answer {
    status: StatusCode,
    tag: Option<String>,
    /// How long the server asks to be left alone.
    asked: Option<Duration>,
    body: Vec<u8>,
}

/// What is sent.
struct Question<'a> {
    method: &'a str,
    address: &'a str,
    body: Option<&'a [u8]>,
    /// A header that makes the answer depend on the version that is there.
    condition: Option<(&'static str, String)>,
    doing: &'a str,
    /// The most that is read of the answer.
    largest: usize,
}

/// Why there is no answer.
enum NoAnswer {
    Failed(reqwest::Error),
    TooLarge(usize),
}

impl HttpBackend {
    /// Returns the backend of these settings. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// A certificate or key cannot be used.
    pub fn new(settings: HttpSettings) -> Result<Self, BackendError> {
        let failed = |what: &str, error: reqwest::Error| BackendError::Server {
            message: format!("{what} of backend \"http\" cannot be used: {}", cause(&error.without_url())),
        };
        let addresses =
            [Some(&settings.address), settings.lock_address.as_ref(), settings.unlock_address.as_ref()];
        let addresses: Vec<_> =
            addresses.into_iter().flatten().filter_map(|text| Url::parse(text).ok()).collect();
        let mut builder = Client::builder()
            .connect_timeout(Duration::from_secs(15))
            .timeout(Duration::from_secs(300))
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("snapform/", env!("CARGO_PKG_VERSION")));
        if addresses.iter().any(is_loopback) {
            // A proxy for the world outside cannot reach a server on this machine.
            builder = builder.no_proxy();
        }
        if let Some(pem) = &settings.client_ca_certificate_pem {
            let certificates = reqwest::Certificate::from_pem_bundle(pem.as_bytes())
                .map_err(|error| failed("client_ca_certificate_pem", error))?;
            builder = builder.tls_certs_only(certificates);
        } else if addresses.iter().all(|address| address.scheme() == "http") {
            // Without TLS there is no need for a store of certificates, which small images lack.
            builder = builder.tls_certs_only([]);
        }
        if let (Some(certificate), Some(key)) =
            (&settings.client_certificate_pem, &settings.client_private_key_pem)
        {
            let identity = reqwest::Identity::from_pem(format!("{certificate}\n{key}").as_bytes())
                .map_err(|error| failed("client_certificate_pem or client_private_key_pem", error))?;
            builder = builder.identity(identity);
        }
        if settings.skip_cert_verification {
            builder = builder.tls_danger_accept_invalid_certs(true);
        }
        let client = builder.build().map_err(|error| failed("TLS", error))?;
        Ok(Self { settings, client, held: Mutex::default(), tagged: Mutex::default() })
    }

    fn held(&self) -> Option<LockInfo> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set_held(&self, info: Option<LockInfo>) {
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = info;
    }

    fn request(&self, method: &str, address: &str, doing: &str) -> Result<RequestBuilder, BackendError> {
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| unusable(doing, "its method is not an HTTP method"))?;
        let mut request = self.client.request(method, address);
        if let Some(username) = &self.settings.username {
            request = request.basic_auth(username, self.settings.password.as_ref());
        }
        Ok(request)
    }

    /// Sends a request, and again after a failure that another try may cure. Not for writes: whether the first try of one was
    /// carried out, and what is there now, is to be seen first.
    async fn send(&self, question: &Question<'_>) -> Result<Answer, BackendError> {
        let mut pauses = self.pauses();
        loop {
            let ended = self.try_once(question).await?;
            if !may_pass(&ended) {
                return self.conclude(question, ended);
            }
            match pause_before_another(&mut pauses, &ended) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return self.conclude(question, ended),
            }
        }
    }

    /// Returns the pauses before further tries.
    fn pauses(&self) -> impl Iterator<Item = Duration> + use<> {
        let (first, longest) = (self.settings.retry_wait_min, self.settings.retry_wait_max);
        let pauses = std::iter::successors(Some(first), move |pause| Some((*pause * 2).min(longest)));
        pauses.take(self.settings.retry_max as usize)
    }

    async fn try_once(&self, question: &Question<'_>) -> Result<Result<Answer, NoAnswer>, BackendError> {
        let mut request = self.request(question.method, question.address, question.doing)?;
        if let Some((name, value)) = &question.condition {
            request = request.header(*name, value);
        }
        if let Some(body) = question.body {
            request = request
                .header("Content-Type", "application/json")
                .header("Content-MD5", STANDARD.encode(<md5::Md5 as md5::Digest>::digest(body)))
                .body(body.to_vec());
        }
        Ok(match request.send().await {
            Ok(response) => received(response, question.largest).await,
            Err(error) => Err(NoAnswer::Failed(error)),
        })
    }

    fn conclude(
        &self,
        question: &Question<'_>,
        ended: Result<Answer, NoAnswer>,
    ) -> Result<Answer, BackendError> {
        let why = match ended {
            Ok(answer) => return Ok(answer),
            Err(NoAnswer::Failed(error)) => format!("did not answer: {}", cause(&error.without_url())),
            Err(NoAnswer::TooLarge(largest)) => {
                format!("answered with more than {largest} bytes, which no state has; the rest was not read")
            }
        };
        let (doing, location) = (question.doing, without_secrets(question.address));
        Err(BackendError::Server { message: format!("{doing}: the server at {location} {why}") })
    }

    /// Returns what the server holds; with the tag of a version, `None` says that it holds that one still.
    async fn fetch(&self, unless: Option<String>) -> Result<Option<Option<Vec<u8>>>, BackendError> {
        let question = Question {
            method: "GET",
            address: &self.settings.address,
            body: None,
            condition: unless.map(|tag| ("If-None-Match", tag)),
            doing: "Failed to read the state",
            largest: LARGEST_STATE,
        };
        let answer = self.send(&question).await?;
        match answer.status {
            StatusCode::NOT_MODIFIED if question.condition.is_some() => Ok(None),
            StatusCode::OK if answer.body.is_empty() => Err(BackendError::Empty {
                message: format!(
                    "The server at {} answered that there is a state, and sent no byte of it. That is no state; a proxy, a \
                     token that has run out or a full disk may be the cause. Nothing was changed.\n\nIf there is really no \
                     state yet and the server always says so, say once with -accept-state that there is none.",
                    without_secrets(&self.settings.address)
                ),
            }),
            StatusCode::OK => {
                self.tag(Version::of(Some(&answer.body)), answer.tag);
                Ok(Some(Some(answer.body)))
            }
            StatusCode::NO_CONTENT | StatusCode::NOT_FOUND => Ok(Some(None)),
            _ => Err(self.refused(question.doing, &answer)),
        }
    }

    fn tag(&self, version: Version, tag: Option<String>) {
        *self.tagged.lock().unwrap_or_else(PoisonError::into_inner) = tag.map(|tag| (version, tag));
    }

    fn tag_of(&self, version: &Version) -> Option<String> {
        let tagged = self.tagged.lock().unwrap_or_else(PoisonError::into_inner);
        tagged.as_ref().filter(|(of, _)| of == version).map(|(_, tag)| tag.clone())
    }

    fn refused(&self, doing: &str, answer: &Answer) -> BackendError {
        let hint = match answer.status {
            StatusCode::UNAUTHORIZED => {
                "; it wants a user name and password (TF_HTTP_USERNAME, TF_HTTP_PASSWORD)"
            }
            StatusCode::FORBIDDEN => "; this user may not do that",
            _ => "",
        };
        let location = without_secrets(&self.settings.address);
        BackendError::Server {
            message: format!(
                "{doing}: the server at {location} answered with status {}{hint}.",
                answer.status
            ),
        }
    }

    async fn write_state(&self, bytes: &[u8], over: &Version) -> Result<(), BackendError> {
        let mut address = self.settings.address.clone();
        if let Some(held) = self.held() {
            let mut url = Url::parse(&address).map_err(|_| unusable("address", "it is no address"))?;
            url.query_pairs_mut().append_pair("ID", &held.id);
            address = url.into();
        }
        let question = Question {
            method: &self.settings.update_method,
            address: &address,
            body: Some(bytes),
            // Weak tags never match where a write is to depend on them.
            condition: self.tag_of(over).filter(|tag| !tag.starts_with("W/")).map(|tag| ("If-Match", tag)),
            doing: "Failed to save the state",
            largest: LARGEST_WORD,
        };
        let mut pauses = self.pauses();
        loop {
            let ended = self.try_once(&question).await?;
            if let Ok(answer) = &ended {
                match answer.status {
                    StatusCode::OK | StatusCode::CREATED | StatusCode::NO_CONTENT => {
                        self.tag(Version::of(Some(bytes)), answer.tag.clone());
                        return Ok(());
                    }
                    // An earlier try of this very write may have been carried out.
                    StatusCode::PRECONDITION_FAILED => {
                        return match self.whole().await? == Version::of(Some(bytes)) {
                            true => Ok(()),
                            false => Err(elsewhere()),
                        };
                    }
                    _ if !may_pass(&ended) => return Err(self.refused(question.doing, answer)),
                    _ => {}
                }
            }
            let Some(pause) = pause_before_another(&mut pauses, &ended) else {
                return match self.conclude(&question, ended) {
                    Ok(answer) => Err(self.refused(question.doing, &answer)),
                    Err(error) => Err(error),
                };
            };
            tokio::time::sleep(pause).await;
            // Nobody knows how long this took; somebody else may be at work by now.
            let there = self.whole().await?;
            if there == Version::of(Some(bytes)) {
                return Ok(());
            }
            if there != *over {
                return Err(elsewhere());
            }
        }
    }

    /// Returns the version that the server holds, read whole.
    async fn whole(&self) -> Result<Version, BackendError> {
        match self.fetch(None).await {
            Ok(there) => Ok(Version::of(there.flatten().as_deref())),
            Err(BackendError::Empty { .. }) => Ok(Version::Nothing),
            Err(error) => Err(error),
        }
    }

    async fn take_lock(&self, request: &LockInfo) -> Result<(), BackendError> {
        let Some(address) = &self.settings.lock_address else { return Ok(()) };
        let mut info = request.clone();
        // Terraform leaves the path empty here; the address may hold secrets.
        info.path = String::new();
        let body = to_json(&info)?;
        let doing = "Failed to lock the state";
        let method = &self.settings.lock_method;
        let answer = self.send(&word(method, address, &body, doing)).await?;
        match answer.status {
            StatusCode::OK | StatusCode::CREATED => {
                self.set_held(Some(info));
                Ok(())
            }
            StatusCode::CONFLICT | StatusCode::LOCKED => {
                let holder: Option<LockInfo> = serde_json::from_slice(&answer.body).ok();
                if holder.as_ref().is_some_and(|holder| holder.id == info.id) {
                    // The answer to an earlier try of this very request was lost.
                    self.set_held(Some(info));
                    return Ok(());
                }
                let id = holder.as_ref().map_or("unknown", |holder| holder.id.as_str());
                Err(BackendError::Locked {
                    message: format!("HTTP remote state already locked: ID={id}"),
                    holder: holder.map(Box::new),
                })
            }
            _ => Err(self.refused(doing, &answer)),
        }
    }

    async fn give_back(&self, info: &LockInfo) -> Result<(), BackendError> {
        let address = self.settings.unlock_address.as_ref().or(self.settings.lock_address.as_ref());
        let Some(address) = address else { return Ok(()) };
        let doing = "Failed to unlock the state";
        let (method, body) = (&self.settings.unlock_method, to_json(info)?);
        let answer = self.send(&word(method, address, &body, doing)).await?;
        match answer.status {
            StatusCode::OK | StatusCode::NO_CONTENT => Ok(()),
            StatusCode::CONFLICT | StatusCode::LOCKED => {
                let holder: Option<LockInfo> = serde_json::from_slice(&answer.body).ok();
                let lines = holder.map(|holder| format!("\n{}", holder.to_lines())).unwrap_or_default();
                Err(BackendError::WrongLock {
                    message: format!("The server holds another lock than {:?}.{lines}", info.id),
                })
            }
            _ => Err(self.refused(doing, &answer)),
        }
    }
}

impl Backend for HttpBackend {
    fn location(&self) -> String {
        without_secrets(&self.settings.address)
    }

    fn place(&self) -> String {
        let location = self.location();
        // Two states of one server may differ in nothing but the query, which may hold a token.
        let query = Url::parse(&self.settings.address).ok().and_then(|url| url.query().map(str::to_owned));
        match query.map(|query| Version::of(Some(query.as_bytes()))) {
            Some(Version::Digest(sum)) => {
                let sum: String = sum[..4].iter().map(|byte| format!("{byte:02x}")).collect();
                format!("{location}?{sum}")
            }
            _ => location,
        }
    }

    fn read(&self) -> BackendFuture<'_, Option<Vec<u8>>> {
        Box::pin(async move { Ok(self.fetch(None).await?.flatten()) })
    }

    fn holds<'a>(&'a self, version: &'a Version) -> BackendFuture<'a, bool> {
        Box::pin(async move {
            match self.fetch(self.tag_of(version)).await {
                Ok(None) => Ok(true),
                Ok(Some(there)) => Ok(Version::of(there.as_deref()) == *version),
                Err(BackendError::Empty { .. }) => Ok(*version == Version::Nothing),
                Err(error) => Err(error),
            }
        })
    }

    fn holds_lock(&self) -> BackendFuture<'_, bool> {
        Box::pin(async move {
            let Some(held) = self.held() else { return Ok(true) };
            // The protocol cannot ask who holds the lock. Whoever tries to take it is told; under another id than ours, because
            // a server may give a holder its lock twice.
            let probe = LockInfo::new("probe", "");
            let ours = match self.take_lock(&probe).await {
                Ok(()) => {
                    self.give_back(&probe).await?;
                    false
                }
                Err(BackendError::Locked { holder, .. }) => holder.is_none_or(|holder| holder.id == held.id),
                Err(error) => return Err(error),
            };
            self.set_held(ours.then_some(held));
            Ok(ours)
        })
    }

    fn write<'a>(&'a self, bytes: &'a [u8], over: &'a Version) -> BackendFuture<'a, ()> {
        Box::pin(self.write_state(bytes, over))
    }

    fn lock<'a>(&'a self, request: &'a LockInfo) -> BackendFuture<'a, ()> {
        Box::pin(self.take_lock(request))
    }

    fn unlock(&self) -> BackendFuture<'_, ()> {
        Box::pin(async move {
            let Some(held) = self.held() else { return Ok(()) };
            self.give_back(&held).await?;
            self.set_held(None);
            Ok(())
        })
    }

    fn force_unlock<'a>(&'a self, id: &'a str) -> BackendFuture<'a, ()> {
        Box::pin(async move {
            let Some(address) = &self.settings.lock_address else {
                return Err(BackendError::WrongLock {
                    message: "This backend has no lock_address, so it is never locked.".into(),
                });
            };
            // The protocol cannot ask who holds the lock, and a plain server unlocks whatever id it is given. So we try to
            // take the lock: a refusal names the holder, and the id is compared here.
            let probe = LockInfo::new("force-unlock", "");
            match self.take_lock(&probe).await {
                Ok(()) => {
                    self.unlock().await?;
                    Err(BackendError::WrongLock { message: "The state is not locked.".into() })
                }
                Err(BackendError::Locked { holder: Some(holder), .. }) if holder.id == id => {
                    self.give_back(&holder).await
                }
                Err(BackendError::Locked { holder: Some(holder), .. }) => Err(BackendError::WrongLock {
                    message: format!(
                        "lock ID {id:?} does not match existing lock ID {:?}\n{}",
                        holder.id,
                        holder.to_lines()
                    ),
                }),
                Err(BackendError::Locked { holder: None, .. }) => Err(BackendError::WrongLock {
                    message: format!(
                        "The server at {} does not say who holds the lock, so the id cannot be checked.",
                        without_secrets(address)
                    ),
                }),
                Err(error) => Err(error),
            }
        })
    }

    fn can_lock(&self) -> bool {
        self.settings.lock_address.is_some()
    }
}

/// Reads an answer, as far as it may reach.
async fn received(mut response: reqwest::Response, largest: usize) -> Result<Answer, NoAnswer> {
    let status = response.status();
    let tag = response.headers().get("etag").and_then(|tag| tag.to_str().ok()).map(str::to_owned);
    let asked = wait_asked(response.headers());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(NoAnswer::Failed)? {
        if body.len() + chunk.len() > largest {
            return Err(NoAnswer::TooLarge(largest));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, tag, asked, body })
}

/// Returns how long to wait before the next try; none after the last, and none where the server asks for longer than anybody would
/// wait for a state, which is told at once.
fn pause_before_another(
    pauses: &mut impl Iterator<Item = Duration>,
    ended: &Result<Answer, NoAnswer>,
) -> Option<Duration> {
    let asked = ended.as_ref().ok().and_then(|answer| answer.asked);
    let pause = pauses.next()?;
    Some(asked.unwrap_or(pause)).filter(|pause| asked.is_none() || *pause <= LONGEST_ASKED)
}

/// Tells whether another try may end better.
fn may_pass(ended: &Result<Answer, NoAnswer>) -> bool {
    match ended {
        Ok(answer) => answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error(),
        Err(NoAnswer::Failed(_)) => true,
        Err(NoAnswer::TooLarge(_)) => false,
    }
}

fn word<'a>(method: &'a str, address: &'a str, body: &'a [u8], doing: &'a str) -> Question<'a> {
    Question { method, address, body: Some(body), condition: None, doing, largest: LARGEST_WORD }
}

fn elsewhere() -> BackendError {
    BackendError::Conflict { message: "somebody else wrote there meanwhile".to_owned() }
}

fn to_json(info: &LockInfo) -> Result<Vec<u8>, BackendError> {
    serde_json::to_vec(info).map_err(|error| BackendError::Server { message: error.to_string() })
}

fn is_loopback(address: &Url) -> bool {
    address.host_str().is_some_and(|host| {
        host == "localhost"
            || host.ends_with(".localhost")
            || host
                .trim_matches(['[', ']'])
                .parse::<std::net::IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    })
}

/// Addresses may carry a password or a token in their user part or query.
fn without_secrets(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return "the configured address".into() };
    // Neither can fail for an address that has a host, and without a host there is nothing to hide.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    url.set_query(None);
    url.into()
}

/// The innermost cause says what the system said.
fn cause(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text = format!("{text}: {source}");
        next = source.source();
    }
    text
}

/// The longest wait that a server may ask for between two tries.
const LONGEST_ASKED: Duration = Duration::from_secs(300);

/// Returns how long the server asks to be left alone, instead of the wait that was set.
fn wait_asked(headers: &reqwest::header::HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    crate::retry_after::parse(
        text(reqwest::header::RETRY_AFTER)?,
        text(reqwest::header::DATE),
        jiff::Timestamp::now(),
    )
}

#[cfg(test)]
mod tests;
