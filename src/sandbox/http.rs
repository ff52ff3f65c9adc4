//! Plain requests and answers, free of any server, so that tests can call the emulator in process.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// An HTTP request as it arrived, nothing normalised: signatures are over these very bytes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Method in upper case.
    pub method: String,
    /// Path of the target, `/` for every vendor call, also of absolute-form targets.
    pub path: String,
    /// Query exactly as sent, without the question mark.
    pub query: String,
    /// Headers in the order they came, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
    /// True when the body was larger than the emulator reads; `body` is then empty.
    #[serde(default)]
    pub oversized: bool,
    /// Set on a request that a `late-arrival` fault held back.
    #[serde(default)]
    pub late: Option<Late>,
}

/// When a delayed request was sent and when it arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Sandbox clock (ms) when it was sent.
    pub sent_ms: i64,
    /// Sandbox clock (ms) when it takes effect.
    pub arrives_ms: i64,
}

impl Request {
    /// Returns a request without headers; `target` may carry a query.
    pub fn new(method: &str, target: &str) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        Self { method: method.to_owned(), path: path.to_owned(), query: query.to_owned(), ..Self::default() }
    }

    /// Returns the request with one more header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// Returns the request with this body.
    pub fn with_body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Returns the first header of that name, in any case, as sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns true when a fault delayed this request: it was verified when it was sent.
    pub fn is_late(&self) -> bool {
        self.late.is_some()
    }

    /// Returns the decoded pairs of the query, in order.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_pairs(self.query.as_bytes())
    }

    /// Returns the decoded pairs of a form body, in order.
    pub fn form_pairs(&self) -> Vec<(String, String)> {
        form_pairs(&self.body)
    }
}

/// Returns the pairs of an `application/x-www-form-urlencoded` text: `+` is a space, bad escapes stay.
pub fn form_pairs(text: &[u8]) -> Vec<(String, String)> {
    text.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let key = halves.next().unwrap_or_default();
            (decode(key), decode(halves.next().unwrap_or_default()))
        })
        .collect()
}

fn decode(text: &[u8]) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| (*byte as char).to_digit(16));
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'+' => out.push(b' '),
            b'%' => match (digit(text.get(at + 1)), digit(text.get(at + 2))) {
                (Some(high), Some(low)) => {
                    out.push((high * 16 + low) as u8);
                    at += 2;
                }
                _ => out.push(b'%'),
            },
            byte => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Headers; `content-length` and `date` are added when the answer leaves.
    pub headers: Vec<(String, String)>,
    /// Body bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// Returns an answer with one content type.
    pub fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// Returns a JSON answer with exactly `application/json` as its type.
    pub fn json(status: u16, value: &serde_json::Value) -> Self {
        Self::new(status, "application/json", value.to_string())
    }

    /// Returns the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the body as JSON, `null` when it is none.
    pub fn body_json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What happens on the connection.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The answer is sent whole.
    Answer(Response),
    /// The head is sent and half of the body, then the connection closes.
    Truncated(Response),
    /// The connection closes without an answer.
    Drop,
}

/// What the emulator does about one request.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// How long to wait first.
    pub delay: Duration,
    /// What to do then.
    pub outcome: Outcome,
}

impl Reply {
    /// Returns a reply that drops the connection at once.
    pub fn dropped() -> Self {
        Self { delay: Duration::ZERO, outcome: Outcome::Drop }
    }

    /// Returns the answer if there is a whole one.
    pub fn response(&self) -> Option<&Response> {
        match &self.outcome {
            Outcome::Answer(response) => Some(response),
            Outcome::Truncated(_) | Outcome::Drop => None,
        }
    }
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self { delay: Duration::ZERO, outcome: Outcome::Answer(response) }
    }
}
