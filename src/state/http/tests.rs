//! The backend against a server of one state, as plain servers and GitLab are.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use super::*;
use crate::state::{LockOptions, Object, ObjectKey, ResourceKey, Session};

#[derive(Default)]
struct World {
    state: Option<Vec<u8>>,
    lock: Option<LockInfo>,
    log: Vec<String>,
    /// Statuses to answer with before doing anything; 0 drops the connection, 1 drops it after acting.
    faults: VecDeque<u16>,
    /// What a refusal asks for in `Retry-After`.
    retry_after: Option<&'static str>,
}

fn serve() -> (String, Arc<Mutex<World>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/state", listener.local_addr().unwrap());
    let world = Arc::new(Mutex::new(World::default()));
    let shared = Arc::clone(&world);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = answer(stream.unwrap(), &shared);
        }
    });
    (address, world)
}

fn answer(mut stream: TcpStream, world: &Mutex<World>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let request = line.trim().trim_end_matches(" HTTP/1.1").to_owned();
    let (mut length, mut authorized) = (0, false);
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        let header = header.trim().to_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        authorized |= header == "authorization: basic dtpwdw==";
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let mut world = world.lock().unwrap();
    world.log.push(request.clone());
    let fault = world.faults.pop_front().unwrap_or(200);
    if fault == 0 {
        return None;
    }
    let (status, content) = match () {
        () if !authorized => (401, Vec::new()),
        () if fault > 200 => (fault, b"<html>".to_vec()),
        () => act(&mut world, &request, body),
    };
    if fault == 1 {
        return None;
    }
    let asked = match world.retry_after {
        Some(text) if fault > 200 => format!("Retry-After: {text}\r\n"),
        _ => String::new(),
    };
    let length = content.len();
    write!(stream, "HTTP/1.1 {status} X\r\n{asked}Content-Length: {length}\r\nConnection: close\r\n\r\n")
        .ok()?;
    stream.write_all(&content).ok()
}

fn act(world: &mut World, request: &str, body: Vec<u8>) -> (u16, Vec<u8>) {
    let held = |world: &World| serde_json::to_vec(world.lock.as_ref().unwrap()).unwrap();
    let (method, path) = request.split_once(' ').unwrap();
    match (method, path) {
        ("GET", _) => world.state.clone().map_or((404, Vec::new()), |state| (200, state)),
        ("LOCK", _) | ("POST", "/state/lock") => {
            if world.lock.is_some() {
                return (423, held(world));
            }
            world.lock = Some(serde_json::from_slice(&body).unwrap());
            (200, Vec::new())
        }
        ("UNLOCK", _) | ("DELETE", "/state/lock") => {
            world.lock = None;
            (200, Vec::new())
        }
        ("POST", _) => {
            if let Some(lock) = &world.lock
                && !path.ends_with(&format!("?ID={}", lock.id))
            {
                return (409, held(world));
            }
            world.state = Some(body);
            (200, Vec::new())
        }
        _ => (405, Vec::new()),
    }
}

fn backend(address: &str, gitlab: bool) -> HttpBackend {
    backend_that_waits(address, gitlab, "0")
}

fn backend_that_waits(address: &str, gitlab: bool, seconds: &str) -> HttpBackend {
    let find = |name: &str| {
        Some(match name {
            "address" => address.to_owned(),
            "lock_address" | "unlock_address" => format!("{address}/lock"),
            "lock_method" if gitlab => "POST".into(),
            "unlock_method" if gitlab => "DELETE".into(),
            "username" => "u".into(),
            "retry_wait_min" | "retry_wait_max" => seconds.to_owned(),
            _ => return None,
        })
    };
    let environment = |name: &str| (name == "TF_HTTP_PASSWORD").then(|| "pw".to_owned());
    HttpBackend::new(HttpSettings::new(&find, &environment).unwrap()).unwrap()
}

async fn write_once(backend: HttpBackend, name: &str) -> Result<u64, BackendError> {
    let mut session = Session::open(Box::new(backend), "OperationTypeApply", &LockOptions::default()).await?;
    let mut state = session.read().await?;
    state.put_object(
        &ResourceKey::managed("t", name),
        "provider[\"p\"]",
        ObjectKey::default(),
        Object::default(),
    );
    let ended = session.write(&mut state).await;
    session.close().await?;
    ended.map(|_| state.serial)
}

#[tokio::test]
async fn a_plain_server_and_gitlab_keep_the_state() {
    for gitlab in [false, true] {
        let (address, world) = serve();
        assert_eq!(write_once(backend(&address, gitlab), "a").await.unwrap(), 1);
        assert_eq!(write_once(backend(&address, gitlab), "b").await.unwrap(), 2);
        let world = world.lock().unwrap();
        assert!(world.lock.is_none());
        let lock = if gitlab { "POST /state/lock" } else { "LOCK /state/lock" };
        assert_eq!(world.log[0], lock);
        assert!(world.log.iter().any(|line| line.starts_with("POST /state?ID=")), "{:?}", world.log);
    }
}

#[tokio::test]
async fn a_lost_answer_at_any_point_is_repaired_by_another_try() {
    for fault in [0, 1, 503, 429] {
        for position in 0..4 {
            let (address, world) = serve();
            world.lock().unwrap().faults = std::iter::repeat_n(200, position).chain([fault]).collect();
            write_once(backend(&address, false), "a").await.unwrap();
            let world = world.lock().unwrap();
            assert!(world.lock.is_none() && world.state.is_some(), "fault {fault} at {position}");
        }
    }
}

#[tokio::test]
async fn a_held_lock_is_shown_and_only_its_own_id_breaks_it() {
    let (address, world) = serve();
    let holder = LockInfo::new("OperationTypeApply", "");
    world.lock().unwrap().lock = Some(holder.clone());
    let refused = write_once(backend(&address, false), "a").await.unwrap_err();
    assert!(refused.detail().contains(&holder.id), "{}", refused.detail());
    let refused = backend(&address, false).force_unlock("other").await.unwrap_err();
    assert!(refused.to_string().contains("does not match"), "{refused}");
    backend(&address, false).force_unlock(&holder.id).await.unwrap();
    assert!(world.lock().unwrap().lock.is_none());
    let refused = backend(&address, false).force_unlock(&holder.id).await.unwrap_err();
    assert!(refused.to_string().contains("not locked"), "{refused}");
}

#[tokio::test]
async fn an_error_page_is_never_taken_for_a_state_and_no_secret_is_shown() {
    let (address, world) = serve();
    world.lock().unwrap().faults = [403, 500, 500, 500].into();
    let address = address.replace("http://", "http://user:geheim@");
    let refused = backend(&address, false).read().await.unwrap_err();
    assert!(refused.to_string().contains("403") && !refused.to_string().contains("geheim"), "{refused}");
    let refused = backend(&address, false).read().await.unwrap_err();
    assert!(refused.to_string().contains("500"), "{refused}");
}

#[tokio::test]
async fn a_wait_that_the_server_asks_for_is_kept_and_one_beyond_patience_is_not_waited_for() {
    let (address, world) = serve();
    world.lock().unwrap().faults = [503, 429].into();
    world.lock().unwrap().retry_after = Some("0");
    // Nobody would see the end of a test that waited for as long as was set.
    backend_that_waits(&address, false, "86400").read().await.unwrap();
    assert_eq!(world.lock().unwrap().log.len(), 3);
    for asked in ["86400", "Fri, 01 Jan 2100 00:00:00 GMT"] {
        world.lock().unwrap().faults = [503].into();
        world.lock().unwrap().retry_after = Some(asked);
        let before = world.lock().unwrap().log.len();
        let refused = backend(&address, false).read().await.unwrap_err();
        assert!(refused.to_string().contains("503"), "{refused}");
        assert_eq!(world.lock().unwrap().log.len(), before + 1);
    }
}
