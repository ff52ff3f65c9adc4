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
    builder.body(Answer { bytes: Some(bytes), length: length as u64, truncated }).map_err(|_| Dropped)
}

/// A body that can break off before the length it announced.
struct Answer {
    bytes: Option<Bytes>,
    length: u64,
    truncated: bool,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        match self.bytes.take() {
            Some(bytes) if !bytes.is_empty() => Poll::Ready(Some(Ok(Frame::data(bytes)))),
            _ if self.truncated => Poll::Ready(Some(Err(Dropped))),
            _ => Poll::Ready(None),
        }
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
