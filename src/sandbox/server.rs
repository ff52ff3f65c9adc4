//! HTTP/1.1 on a loopback address, with our own accept loop: faults need the connection itself.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::Sandbox;
use super::http::{Outcome, Request, Response};

/// The largest body that is read: the vendors' limit for JSON calls.
pub const MAX_BODY_BYTES: usize = 10 * 1024 * 1024;

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: CancellationToken,
}

impl Server {
    /// Binds a loopback address (port 0 picks a free one) and serves in the background.
    ///
    /// # Errors
    /// The address is not loopback or cannot be bound.
    pub async fn bind(address: SocketAddr, sandbox: Sandbox) -> std::io::Result<Self> {
        if !address.ip().is_loopback() {
            let reason = format!("the sandbox listens on loopback addresses only, not on {}", address.ip());
            return Err(std::io::Error::new(std::io::ErrorKind::AddrNotAvailable, reason));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let stop = CancellationToken::new();
        tokio::spawn(accept(listener, sandbox, stop.clone()));
        Ok(Self { address, stop })
    }

    /// Returns the bound address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops accepting and closes the connections.
    pub fn shutdown(&self) {
        self.stop.cancel();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn accept(listener: TcpListener, sandbox: Sandbox, stop: CancellationToken) {
    loop {
        let accepted = tokio::select! {
            biased;
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, mostly: let some connections end before asking again.
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        // Small answers wait 40 ms for an acknowledgement otherwise.
        let _ = stream.set_nodelay(true);
        let (sandbox, stop) = (sandbox.clone(), stop.clone());
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| serve(sandbox.clone(), request));
            let mut http = hyper::server::conn::http1::Builder::new();
            let connection = http
                .timer(TokioTimer::new())
                .auto_date_header(false)
                .serve_connection(TokioIo::new(stream), service);
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                // A dropped connection is an error here by design; nobody is left to tell.
                _ = connection => {}
            }
        });
    }
}

/// A reply that closes the connection without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is dropped on purpose")]
struct Dropped;

async fn serve(
    sandbox: Sandbox,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Answer>, Dropped> {
    let request = read(request).await.ok_or(Dropped)?;
    let reply = sandbox.handle(request).await;
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    match reply.outcome {
        Outcome::Answer(response) => write(response, false),
        Outcome::Truncated(response) => write(response, true),
        Outcome::Drop => Err(Dropped),
    }
}

async fn read(request: hyper::Request<Incoming>) -> Option<Request> {
    let (parts, body) = request.into_parts();
    let mut plain = Request::new(parts.method.as_str(), parts.uri.path());
    plain.query = parts.uri.query().unwrap_or_default().to_owned();
    for (name, value) in &parts.headers {
        // Header values are bytes; what is not UTF-8 is kept byte by byte, so that it cannot verify by chance.
        let text = match std::str::from_utf8(value.as_bytes()) {
            Ok(text) => text.to_owned(),
            Err(_) => value.as_bytes().iter().map(|byte| *byte as char).collect(),
        };
        plain.headers.push((name.as_str().to_owned(), text));
    }
    match Limited::new(body, MAX_BODY_BYTES).collect().await {
        Ok(body) => plain.body = body.to_bytes().to_vec(),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => plain.oversized = true,
        Err(_) => return None,
    }
    Some(plain)
}

fn write(response: Response, truncated: bool) -> Result<hyper::Response<Answer>, Dropped> {
    let mut builder = hyper::Response::builder().status(response.status);
    for (name, value) in &response.headers {
        builder = builder.header(name, value);
    }
    let length = response.body.len();
    let mut bytes = Bytes::from(response.body);
    if truncated {
        bytes.truncate(length / 2);
    }
    builder
        .body(Answer { bytes: Some(bytes), length: length as u64, truncated, flushed: false })
        .map_err(|_| Dropped)
}

/// A body that can break off before the length it announced.
struct Answer {
    bytes: Option<Bytes>,
    length: u64,
    truncated: bool,
    /// Set once the half body was given time to leave.
    flushed: bool,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        match self.bytes.take() {
            Some(bytes) if !bytes.is_empty() => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            _ if self.truncated && !self.flushed => {
                // An error right after the data would discard it with the buffer.
                self.flushed = true;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            _ if self.truncated => Poll::Ready(Some(Err(Dropped))),
            _ => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::sandbox::faults::{Fault, FaultKind};

    async fn served() -> (Server, Sandbox) {
        let sandbox = Sandbox::in_memory().unwrap();
        sandbox.set("signature", "ignored").unwrap();
        let server = Server::bind("127.0.0.1:0".parse().unwrap(), sandbox.clone()).await.unwrap();
        (server, sandbox)
    }

    /// Sends bytes and returns all that comes back until the connection ends.
    async fn exchange(server: &Server, text: &str) -> String {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn describe(target: &str, host: &str) -> String {
        let id = crate::sandbox::DEFAULT_TENCENT_SECRET_ID;
        let now = jiff::Timestamp::now().as_second();
        format!(
            "POST {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nX-TC-Action: DescribeCfsSnapshots\r\n\
             X-TC-Version: 2019-07-19\r\nX-TC-Timestamp: {now}\r\nAuthorization: TC3-HMAC-SHA256 \
             Credential={id}/2026-01-01/cfs/tc3_request, SignedHeaders=host, Signature=00\r\nContent-Length: 2\r\n\r\n{{}}"
        )
    }

    #[tokio::test]
    async fn odd_targets_and_hosts_are_served() {
        let (server, _) = served().await;
        let odd = [
            ("/", "127.0.0.1:1"),
            ("http://cfs.tencentcloudapi.com/", "cfs.tencentcloudapi.com"),
            ("/", "http://127.0.0.1:1"),
            ("/", ""),
        ];
        for (target, host) in odd {
            let answer = exchange(&server, &describe(target, host)).await;
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{target} {host}: {answer}");
            assert!(answer.contains("content-type: application/json\r\n"), "{answer}");
            assert!(answer.contains("\"TotalCount\":0"), "{answer}");
        }
    }

    #[tokio::test]
    async fn faults_reach_the_connection() {
        let (server, sandbox) = served().await;
        sandbox.arm(Fault::once(FaultKind::DropBefore)).unwrap();
        assert_eq!(exchange(&server, &describe("/", "x")).await, "");
        sandbox.arm(Fault::once(FaultKind::TruncatedBody)).unwrap();
        let broken = exchange(&server, &describe("/", "x")).await;
        let whole = exchange(&server, &describe("/", "x")).await;
        let body = |text: &str| text.split_once("\r\n\r\n").map_or(0, |(_, body)| body.len());
        assert!(body(&broken) > 0 && body(&broken) < body(&whole), "{broken} {whole}");
        sandbox.arm(Fault::once(FaultKind::ServerErrorHtml)).unwrap();
        assert!(exchange(&server, &describe("/", "x")).await.starts_with("HTTP/1.1 502"));
    }

    #[tokio::test]
    async fn the_admin_interface_is_for_loopback_names_only() {
        let (server, _) = served().await;
        let get =
            |host: &str| format!("GET /_sandbox/calls HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        assert!(exchange(&server, &get("localhost:1")).await.starts_with("HTTP/1.1 200"));
        assert!(exchange(&server, &get("evil.example")).await.starts_with("HTTP/1.1 403"));
        let public = Server::bind("0.0.0.0:0".parse().unwrap(), Sandbox::in_memory().unwrap()).await;
        assert!(public.is_err());
    }
}
