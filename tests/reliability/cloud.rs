//! A served sandbox that knows every request, can kill at any of them, and remembers everything that was ever created.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use snapform::sandbox::http::{Outcome, Request, Response};
use snapform::sandbox::{Options, Sandbox};

/// The kinds of recovery points, with the field that identifies one and the one that names its parent.
pub const POINTS: [(&str, &str, &str); 5] = [
    ("ecs-snapshot", "id", "disk_id"),
    ("ecd-snapshot", "id", "desktop_id"),
    ("cfs-snapshot", "id", "file_system_id"),
    ("cbs-disk-backup", "id", "disk_id"),
    ("tcaplus-snapshot", "key", "table_key"),
];

/// Where in the life of a request something happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Before it reaches the cloud, which never sees it.
    Lost,
    /// Before the cloud acts on it; it does.
    Arriving,
    /// After the cloud acted, before it answers.
    Acted,
    /// While the answer is on its way or just received.
    Answered,
}

type Hook = dyn Fn(u64, &Request, Moment) -> bool + Send + Sync;
type Rewrite = dyn Fn(&Request, &mut Response) + Send + Sync;

/// One point that existed at some time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// Kind of the sandbox.
    pub kind: &'static str,
    /// Id, and the time of creation where the same id can come again.
    pub id: String,
    /// Parent.
    pub parent: String,
    /// The name that it was created with.
    pub name: String,
}

struct Shared {
    sandbox: Sandbox,
    requests: AtomicU64,
    log: Mutex<Vec<String>>,
    hook: Mutex<Option<Arc<Hook>>>,
    rewrite: Mutex<Option<Arc<Rewrite>>>,
    ever: Mutex<BTreeMap<(&'static str, String), Point>>,
}

/// A served sandbox.
pub struct Cloud {
    shared: Arc<Shared>,
    /// `http://127.0.0.1:PORT`.
    pub endpoint: String,
    runtime: Option<tokio::runtime::Runtime>,
}

impl Cloud {
    /// Serves a world: of a folder, or in memory.
    pub fn serve(folder: Option<&Path>, settings: &[(&str, &str)]) -> Self {
        let sandbox = Sandbox::open(folder, Options::default()).unwrap();
        for (name, value) in settings {
            sandbox.set(name, value).unwrap();
        }
        let shared = Arc::new(Shared {
            sandbox,
            requests: AtomicU64::new(0),
            log: Mutex::default(),
            hook: Mutex::default(),
            rewrite: Mutex::default(),
            ever: Mutex::default(),
        });
        shared.look();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(accept(listener, shared.clone()));
        Self { shared, endpoint, runtime: Some(runtime) }
    }

    /// The sandbox.
    pub fn sandbox(&self) -> &Sandbox {
        &self.shared.sandbox
    }

    /// Calls `hook` with the number of each request, from 1 since this call; true drops the connection there.
    pub fn watch(&self, hook: impl Fn(u64, &Request, Moment) -> bool + Send + Sync + 'static) {
        self.shared.requests.store(0, Ordering::SeqCst);
        self.shared.log.lock().unwrap().clear();
        *self.shared.hook.lock().unwrap() = Some(Arc::new(hook));
    }

    /// Lets everything pass from now on.
    pub fn unwatch(&self) {
        *self.shared.hook.lock().unwrap() = None;
        self.shared.log.lock().unwrap().clear();
    }

    /// Lets something else than the cloud answer from now on, or change what it answers.
    pub fn answer_with(&self, rewrite: impl Fn(&Request, &mut Response) + Send + Sync + 'static) {
        *self.shared.rewrite.lock().unwrap() = Some(Arc::new(rewrite));
    }

    /// Leaves answers as they are from now on.
    pub fn answer_honestly(&self) {
        *self.shared.rewrite.lock().unwrap() = None;
    }

    /// Names of the actions called since the last `watch` or `unwatch`.
    pub fn actions(&self) -> Vec<String> {
        self.shared.log.lock().unwrap().clone()
    }

    /// All points that ever existed.
    pub fn ever(&self) -> Vec<Point> {
        self.shared.look();
        self.shared.ever.lock().unwrap().values().cloned().collect()
    }

    /// The ids of the points that exist and are not leaving, as the state writes them.
    pub fn living(&self) -> BTreeSet<String> {
        let world = self.shared.sandbox.world().to_json().unwrap();
        let mut living = BTreeSet::new();
        for (kind, id, _) in POINTS {
            for object in world[kind].as_array().into_iter().flatten() {
                if object["life"]["deleted_ms"].is_null() {
                    living.insert(object[id].as_str().unwrap().to_owned());
                }
            }
        }
        living
    }
}

impl Drop for Cloud {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

impl Shared {
    fn look(&self) {
        let world = self.sandbox.world().to_json().unwrap();
        let mut ever = self.ever.lock().unwrap();
        for (kind, id, parent) in POINTS {
            for object in world[kind].as_array().into_iter().flatten() {
                let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
                let key = if kind == "tcaplus-snapshot" {
                    format!("{} {}", text(id), object["life"]["created_ms"])
                } else {
                    text(id)
                };
                ever.entry((kind, key)).or_insert_with_key(|(kind, id)| Point {
                    kind,
                    id: id.clone(),
                    parent: text(parent),
                    name: text("name"),
                });
            }
        }
    }
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        let _ = stream.set_nodelay(true);
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = hyper::service::service_fn(move |request| serve(shared.clone(), request));
            let http = hyper::server::conn::http1::Builder::new();
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// A connection that is dropped.
#[derive(Debug)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("dropped")
    }
}

impl std::error::Error for Dropped {}

async fn serve(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<http_body_util::combinators::BoxBody<Bytes, Dropped>>, Dropped> {
    let (parts, body) = request.into_parts();
    let mut plain = Request::new(parts.method.as_str(), parts.uri.path());
    plain.query = parts.uri.query().unwrap_or_default().to_owned();
    for (name, value) in &parts.headers {
        plain.headers.push((name.as_str().to_owned(), value.to_str().unwrap_or_default().to_owned()));
    }
    plain.body = body.collect().await.map_err(|_| Dropped)?.to_bytes().to_vec();
    let number = shared.requests.fetch_add(1, Ordering::SeqCst) + 1;
    shared.log.lock().unwrap().push(action(&plain));
    let hook = shared.hook.lock().unwrap().clone();
    let stop = |moment| hook.as_ref().is_some_and(|hook| hook(number, &plain, moment));
    if stop(Moment::Lost) {
        return Err(Dropped);
    }
    let died = stop(Moment::Arriving);
    let mut reply = shared.sandbox.answer(&plain);
    let rewrite = shared.rewrite.lock().unwrap().clone();
    if let (Some(rewrite), Outcome::Answer(response)) = (rewrite, &mut reply.outcome) {
        rewrite(&plain, response);
    }
    shared.look();
    if died || stop(Moment::Acted) {
        return Err(Dropped);
    }
    if !reply.delay.is_zero() {
        tokio::time::sleep(reply.delay).await;
    }
    if let Some(hook) = hook {
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(number % 7 * 500)).await;
            hook(number, &plain, Moment::Answered)
        });
    }
    match reply.outcome {
        Outcome::Answer(response) => Ok(whole(response)),
        Outcome::Truncated(response) => Ok(half(response)),
        Outcome::Drop => Err(Dropped),
    }
}

/// Returns the name of the action that a request calls.
pub fn action(request: &Request) -> String {
    let header = ["x-tc-action", "x-acs-action"].into_iter().find_map(|name| request.header(name));
    let pairs = request.query_pairs();
    let query = pairs.iter().find(|(name, _)| name == "Action").map(|(_, value)| value.as_str());
    header.or(query).unwrap_or("?").to_owned()
}

type Body = http_body_util::combinators::BoxBody<Bytes, Dropped>;

fn builder(response: &Response) -> hyper::http::response::Builder {
    let headers = response.headers.iter();
    headers.fold(hyper::Response::builder().status(response.status), |builder, (name, value)| {
        builder.header(name, value)
    })
}

fn whole(response: Response) -> hyper::Response<Body> {
    let head = builder(&response);
    let body = Full::new(Bytes::from(response.body)).map_err(|never: Infallible| match never {});
    head.body(body.boxed()).unwrap()
}

/// A body of which the second half is missing, without a length that would tell.
fn half(response: Response) -> hyper::Response<Body> {
    let bytes = Bytes::from(response.body[..response.body.len() / 2].to_vec());
    builder(&response).body(Full::new(bytes).map_err(|never: Infallible| match never {}).boxed()).unwrap()
}

/// Returns the fields of an object that a colleague made.
pub fn made_by_a_colleague(kind: &str, id: &str, fields: Value) -> snapform::sandbox::Seed {
    let mut object = fields.as_object().unwrap().clone();
    object.insert(if kind == "tcaplus-snapshot" { "key" } else { "id" }.into(), id.into());
    snapform::sandbox::Seed {
        objects: [(kind.to_owned(), vec![object])].into_iter().collect(),
        ..Default::default()
    }
}
