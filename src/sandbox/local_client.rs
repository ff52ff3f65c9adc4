//! A client for the admin interface of a server on this machine: one request, one connection.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::http::{Request, Response};

/// The server on this machine answers at once; a minute is for a machine under load.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends a request to `http://HOST:PORT`.
pub(crate) fn send(endpoint: &str, request: &Request) -> std::io::Result<Response> {
    let invalid = |reason: &str| std::io::Error::new(std::io::ErrorKind::InvalidInput, reason.to_owned());
    let authority = endpoint
        .strip_prefix("http://")
        .map(|rest| rest.trim_end_matches('/'))
        .filter(|rest| !rest.contains('/'))
        .ok_or_else(|| invalid("the endpoint must have the form http://HOST:PORT"))?;
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    let query = if request.query.is_empty() { String::new() } else { format!("?{}", request.query) };
    let head = format!(
        "{} {}{query} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        request.method,
        request.path,
        request.body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&request.body)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    parse(&answer).ok_or_else(|| invalid("the answer is not that of a sandbox"))
}

fn parse(answer: &[u8]) -> Option<Response> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.lines().next()?.split(' ').nth(1)?.parse().ok()?;
    Some(Response::new(status, "", &answer[end + 4..]))
}
