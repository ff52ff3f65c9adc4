//! The interface for tests under `/_sandbox/`: what the vendors would not let anybody do.
//!
//! The server binds loopback only; a browser page of another origin is kept out by the `Host` check.

use serde::Deserialize;
use serde_json::{Value, json};

use super::clock::{Clock, parse_utc};
use super::faults::Fault;
use super::http::{Request, Response};
use super::list;
use super::seed::Seed;
use super::{Sandbox, SandboxError};

/// Path prefix of the interface.
pub const PREFIX: &str = "/_sandbox/";

/// Why a request is refused, with its status.
struct Refused(u16, String);

impl From<SandboxError> for Refused {
    fn from(error: SandboxError) -> Self {
        Self(400, chain(&error))
    }
}

impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self(400, format!("the body cannot be read: {error}"))
    }
}

/// Returns an error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Answers a request of the interface.
pub(crate) fn handle(sandbox: &Sandbox, request: &Request) -> Response {
    let answer = local(request).and_then(|()| route(sandbox, request));
    match answer {
        Ok(response) => response,
        Err(Refused(status, message)) => Response::json(status, &json!({"error": message})),
    }
}

/// Refuses requests that name another host: a page in a browser could send them through a forged name.
fn local(request: &Request) -> Result<(), Refused> {
    let host = request.header("host").unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name).trim_matches(['[', ']']);
    let loopback = name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback || name.is_empty() || name == "localhost" || name.ends_with(".localhost") {
        Ok(())
    } else {
        Err(Refused(403, format!("the host {host} is not a loopback name")))
    }
}

fn route(sandbox: &Sandbox, request: &Request) -> Result<Response, Refused> {
    let path = request.path.strip_prefix(PREFIX).unwrap_or_default();
    match (request.method.as_str(), path) {
        ("GET", "world") => Ok(Response::json(200, &sandbox.world().to_json().map_err(SandboxError::from)?)),
        ("GET", "list") => {
            let rows = sandbox.world().rows(sandbox.now_ms());
            if request.query == "json" {
                return Ok(Response::json(200, &serde_json::to_value(rows)?));
            }
            Ok(Response::new(200, "text/plain; charset=utf-8", list::table(&rows)))
        }
        ("GET", "calls") => Ok(Response::json(200, &serde_json::to_value(sandbox.calls())?)),
        ("POST", "calls/reset") => {
            sandbox.reset_calls();
            Ok(done())
        }
        ("GET", "faults") => Ok(Response::json(200, &serde_json::to_value(sandbox.armed())?)),
        ("POST", "faults") => {
            sandbox.arm(serde_json::from_slice::<Fault>(&request.body)?)?;
            Ok(done())
        }
        ("DELETE", "faults") => {
            sandbox.disarm_all()?;
            Ok(done())
        }
        ("GET", "clock") => Ok(clock(sandbox)),
        ("POST", "clock") => set_clock(sandbox, serde_json::from_slice(&request.body)?),
        ("POST", "settings") => {
            let settings: std::collections::BTreeMap<String, Value> = serde_json::from_slice(&request.body)?;
            for (name, value) in &settings {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                sandbox.set(name, &text)?;
            }
            Ok(done())
        }
        ("POST", "seed") => {
            sandbox.seed(&serde_json::from_slice::<Seed>(&request.body)?)?;
            Ok(done())
        }
        ("POST", "reset") => {
            let seed = (!request.body.is_empty()).then(|| serde_json::from_slice::<Seed>(&request.body));
            sandbox.reset(seed.transpose()?.as_ref())?;
            Ok(done())
        }
        ("POST", "change") => change(sandbox, &serde_json::from_slice(&request.body)?),
        (method, path) => Err(Refused(404, format!("there is no {method} {PREFIX}{path}"))),
    }
}

fn done() -> Response {
    Response::json(200, &json!({"ok": true}))
}

/// A clock request: one of the three.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockChange {
    /// Seconds to move by.
    advance: Option<i64>,
    /// Milliseconds to move by.
    advance_ms: Option<i64>,
    /// RFC 3339 time to stand at.
    stand: Option<String>,
    /// Back to the machine's time.
    #[serde(default)]
    run: bool,
}

fn set_clock(sandbox: &Sandbox, change: ClockChange) -> Result<Response, Refused> {
    if change.run {
        sandbox.set_clock(Clock::default())?;
    }
    if let Some(text) = &change.stand {
        let at_ms = parse_utc(text).ok_or_else(|| Refused(400, format!("{text} is not an RFC 3339 time")))?;
        sandbox.set_clock(Clock::Standing { at_ms })?;
    }
    let by = change.advance.unwrap_or(0).saturating_mul(1_000).saturating_add(change.advance_ms.unwrap_or(0));
    if by != 0 {
        sandbox.advance_ms(by)?;
    }
    Ok(clock(sandbox))
}

fn clock(sandbox: &Sandbox) -> Response {
    let now = sandbox.now_ms();
    Response::json(200, &json!({"now_ms": now, "now": super::clock::utc_text(now)}))
}

/// A change behind everybody's back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    kind: String,
    id: String,
    set: Option<Value>,
    #[serde(default)]
    delete: bool,
}

fn change(sandbox: &Sandbox, change: &Change) -> Result<Response, Refused> {
    let found = if change.delete {
        sandbox.delete(&change.kind, &change.id)?
    } else {
        let set = change.set.as_ref().ok_or_else(|| Refused(400, "give set or delete".to_owned()))?;
        sandbox.change(&change.kind, &change.id, set)?
    };
    if found { Ok(done()) } else { Err(Refused(404, format!("there is no {} {}", change.kind, change.id))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
        let request = Request::new(method, &format!("{PREFIX}{path}")).with_header("Host", "127.0.0.1:1");
        let reply = sandbox.answer(&request.with_body(body));
        let response = reply.response().expect("the interface always answers").clone();
        (response.status, response.body_json())
    }

    #[test]
    fn objects_change_and_vanish_behind_ones_back() {
        let sandbox = Sandbox::in_memory().unwrap();
        let change = |body: &str| ask(&sandbox, "POST", "change", body);
        let set = r#"{"kind": "cbs-disk", "id": "disk-1000000a", "set": {"tags": {"env": "dev"}}}"#;
        assert_eq!(change(set).0, 200);
        let (_, world) = ask(&sandbox, "GET", "world", "");
        let disk = world["cbs-disk"].as_array().unwrap().iter().find(|disk| disk["id"] == "disk-1000000a");
        assert_eq!(disk.unwrap()["tags"], json!({"env": "dev"}));
        let unset = r#"{"kind": "cbs-disk", "id": "disk-1000000a", "set": {"tags": {"env": null}}}"#;
        assert_eq!(change(unset).0, 200);
        let (_, world) = ask(&sandbox, "GET", "world", "");
        assert!(!world.to_string().contains("\"env\""));
        let delete = r#"{"kind": "cbs-disk", "id": "disk-1000000a", "delete": true}"#;
        assert_eq!((change(delete).0, change(delete).0), (200, 404));
        let (status, error) = change(r#"{"kind": "disk", "id": "x", "delete": true}"#);
        assert_eq!(status, 400);
        assert!(error["error"].as_str().unwrap().contains("cbs-disk"), "{error}");
        let identity = r#"{"kind": "cbs-disk", "id": "disk-1000000b", "set": {"id": "other"}}"#;
        assert_eq!(change(identity).0, 400);
    }

    #[test]
    fn the_clock_stands_advances_and_runs_again() {
        let sandbox = Sandbox::in_memory().unwrap();
        let clock = |body: &str| ask(&sandbox, "POST", "clock", body).1["now"].clone();
        assert_eq!(clock(r#"{"stand": "2026-01-31T08:00:00Z"}"#), "2026-01-31T08:00:00Z");
        assert_eq!(clock(r#"{"advance": 60}"#), "2026-01-31T08:01:00Z");
        assert_eq!(clock(r#"{"advance_ms": 1000}"#), "2026-01-31T08:01:01Z");
        assert_ne!(clock(r#"{"run": true}"#), "2026-01-31T08:01:01Z");
        assert_eq!(ask(&sandbox, "POST", "clock", r#"{"stand": "noon"}"#).0, 400);
    }

    #[test]
    fn a_reset_begins_with_the_seed_it_is_given() {
        let sandbox = Sandbox::in_memory().unwrap();
        let seed =
            r#"{"objects": {"cfs-file-system": [{"id": "cfs-mine"}]}, "settings": {"cfs.create-ms": 5}}"#;
        assert_eq!(ask(&sandbox, "POST", "reset", seed).0, 200);
        let (_, rows) = ask(&sandbox, "GET", "list?json", "");
        assert_eq!(rows.as_array().unwrap().len(), 1);
        assert_eq!(
            (rows[0]["id"].as_str(), rows[0]["region"].as_str()),
            (Some("cfs-mine"), Some("ap-guangzhou"))
        );
        assert_eq!(ask(&sandbox, "POST", "reset", "").0, 200);
        assert!(ask(&sandbox, "GET", "list?json", "").1.as_array().unwrap().len() > 20);
    }
}
