//! One HTTP exchange: connections, time limits, proxies, and what a failure says about execution.
//!
//! [`Exchange`] is the seam: tests and simulations put a function in the place of [`HttpExchange`].

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::BoxFuture;

/// Largest body that is read, in bytes: a page of 100 objects is far below, a hostile endpoint is not.
pub const LARGEST_ANSWER: usize = 32 * 1024 * 1024;

/// A request as it leaves.
#[derive(Debug, Clone)]
pub struct HttpRequest {
    /// `POST` or `GET`.
    pub method: &'static str,
    /// Where to connect and what to ask for, complete with query.
    pub url: String,
    /// Headers in order; includes `host`, which may differ from the host of `url`.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte as signed.
    pub body: Bytes,
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Lower-case names with their values; values that are not text are left out.
    pub headers: Vec<(String, String)>,
    /// The whole body, unpacked.
    pub body: Bytes,
}

impl HttpAnswer {
    /// Returns the first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(each, _)| each == name).map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// Nothing was sent, so nothing was executed.
    #[error("could not connect to {endpoint}")]
    NotSent {
        /// Scheme, host and port, without query.
        endpoint: String,
        /// The fault below.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// Sent at least in part; the call may have been executed.
    #[error("the connection to {endpoint} failed before the whole answer was there")]
    Lost {
        /// Scheme, host and port, without query.
        endpoint: String,
        /// The fault below.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// The answer is larger than [`LARGEST_ANSWER`].
    #[error("the answer of {endpoint} is larger than 32 MiB")]
    TooLarge {
        /// Scheme, host and port, without query.
        endpoint: String,
    },
}

/// Sends one request and brings back one answer.
pub trait Exchange: Send + Sync {
    /// Exchanges one request for one answer; never sends it twice.
    fn exchange(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpAnswer, ExchangeError>>;
}

/// Limits in time of one exchange.
#[derive(Debug, Clone, Copy)]
pub struct TimeLimits {
    /// Until the connection stands.
    pub connect: Duration,
    /// Longest silence while waiting for bytes.
    pub read: Duration,
    /// The whole exchange.
    pub total: Duration,
}

impl Default for TimeLimits {
    /// The vendor's own SDK waits 86 s for an ECS CreateSnapshot, so a shorter limit would give up on accepted creates.
    fn default() -> Self {
        TimeLimits {
            connect: Duration::from_secs(5),
            read: Duration::from_secs(100),
            total: Duration::from_secs(120),
        }
    }
}

/// The real thing, over reqwest. Clients are made at the first use and kept: making one costs milliseconds.
#[derive(Debug)]
pub struct HttpExchange {
    limits: TimeLimits,
    clients: [OnceLock<Result<reqwest::Client, Arc<reqwest::Error>>>; 4],
}

impl HttpExchange {
    /// Makes an exchange that opens connections when the first request comes.
    pub fn new(limits: TimeLimits) -> HttpExchange {
        HttpExchange { limits, clients: Default::default() }
    }

    fn client(&self, url: &reqwest::Url) -> Result<&reqwest::Client, Arc<reqwest::Error>> {
        let encrypted = url.scheme() == "https";
        let direct = is_loopback(url.host_str().unwrap_or_default());
        let slot = usize::from(encrypted) * 2 + usize::from(direct);
        let made = self.clients[slot].get_or_init(|| self.build(encrypted, direct).map_err(Arc::new));
        made.as_ref().map_err(Arc::clone)
    }

    fn build(&self, encrypted: bool, direct: bool) -> Result<reqwest::Client, reqwest::Error> {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.limits.connect)
            .read_timeout(self.limits.read)
            .timeout(self.limits.total)
            // A redirected signed request is never right, and only our own policy may send anything twice.
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .tcp_nodelay(true)
            // Both vendors' SDKs speak HTTP/1.1; HTTP/2 would carry the signed host twice.
            .http1_only()
            // A create on a connection that the server is just closing would end without an answer.
            .pool_idle_timeout(Duration::from_secs(10))
            .user_agent(concat!("snapform/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(LocalhostResolver));
        if direct {
            // Environment proxies apply to loopback addresses too, where they never help.
            builder = builder.no_proxy();
        }
        if !encrypted {
            // Without this the client refuses to start on a machine that has no CA certificates.
            builder = builder.tls_certs_only([]);
        }
        builder.build()
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, ExchangeError> {
        let url = reqwest::Url::parse(&request.url).map_err(|error| ExchangeError::NotSent {
            endpoint: "the endpoint".to_owned(),
            source: error.into(),
        })?;
        let endpoint = url.origin().ascii_serialization();
        let not_sent = |source: Box<dyn Error + Send + Sync>| ExchangeError::NotSent {
            endpoint: endpoint.clone(),
            source,
        };
        let client = self.client(&url).map_err(|error| not_sent(error.into()))?;
        let method =
            reqwest::Method::from_bytes(request.method.as_bytes()).map_err(|error| not_sent(error.into()))?;
        let mut building = client.request(method, url);
        for (name, value) in &request.headers {
            building = building.header(name, value);
        }
        let ready =
            building.body(request.body).build().map_err(|error| not_sent(error.without_url().into()))?;
        // The URL of an error carries the query, and so a signature.
        let mut answer = client.execute(ready).await.map_err(|error| {
            let unsent = error.is_connect() || error.is_builder();
            let source = Box::new(error.without_url());
            if unsent {
                ExchangeError::NotSent { endpoint: endpoint.clone(), source }
            } else {
                ExchangeError::Lost { endpoint: endpoint.clone(), source }
            }
        })?;
        let headers = answer
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let status = answer.status().as_u16();
        let mut body = BytesMut::new();
        loop {
            let chunk = answer.chunk().await.map_err(|error| ExchangeError::Lost {
                endpoint: endpoint.clone(),
                source: Box::new(error.without_url()),
            })?;
            let Some(chunk) = chunk else { break };
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(ExchangeError::TooLarge { endpoint });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(HttpAnswer { status, headers, body: body.freeze() })
    }
}

impl Exchange for HttpExchange {
    fn exchange(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpAnswer, ExchangeError>> {
        Box::pin(self.send(request))
    }
}

/// Returns whether a host of a URL is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    is_localhost_name(bare) || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn is_localhost_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// Resolves `localhost` and every name below it to this machine (RFC 6761), which many systems do not do by themselves.
#[derive(Debug)]
struct LocalhostResolver;

impl Resolve for LocalhostResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            if is_localhost_name(name.as_str()) {
                let here = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
                return Ok(Box::new(std::iter::once(here)) as Addrs);
            }
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(url: &str) -> HttpRequest {
        HttpRequest { method: "POST", url: url.to_owned(), headers: Vec::new(), body: Bytes::new() }
    }

    #[test]
    fn names_below_localhost_and_loopback_addresses_are_this_machine() {
        for host in
            ["localhost", "ecs.cn-hangzhou.localhost", "127.0.0.1", "127.8.9.1", "[::1]", "LOCALHOST."]
        {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example.com", "10.0.0.1", "ecs.aliyuncs.com"] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[tokio::test]
    async fn a_refused_connection_says_that_nothing_was_sent() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let exchange = HttpExchange::new(TimeLimits::default());
        let failed =
            exchange.exchange(request(&format!("http://a.b.localhost:{port}/?Signature=secret"))).await;
        let error = failed.unwrap_err();
        assert!(matches!(error, ExchangeError::NotSent { .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("Signature"), "{error:?}");
    }

    #[tokio::test]
    async fn an_answer_cut_short_may_have_been_executed_and_the_query_stays_out_of_the_error() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut buffer = [0u8; 1024];
            let _ = stream.read(&mut buffer).await.unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"half").await.unwrap();
        });
        let exchange = HttpExchange::new(TimeLimits::default());
        let failed = exchange.exchange(request(&format!("http://127.0.0.1:{port}/?Signature=secret"))).await;
        let error = failed.unwrap_err();
        assert!(matches!(error, ExchangeError::Lost { .. }), "{error:?}");
        assert!(!format!("{error:?}").contains("Signature"), "{error:?}");
        server.await.unwrap();
    }
}
