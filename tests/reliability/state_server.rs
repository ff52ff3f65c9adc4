//! A place for states as Terraform's `http` backend speaks it, which keeps the only copy.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;

type Hook = dyn Fn(u64, bool) + Send + Sync;

#[derive(Default)]
struct Shared {
    content: Mutex<Option<Vec<u8>>>,
    lock: Mutex<Option<Vec<u8>>>,
    writes: AtomicU64,
    refuses: AtomicBool,
    forgets: AtomicBool,
    lie: Mutex<Option<(u16, Vec<u8>)>>,
    tags: AtomicBool,
    reads: AtomicU64,
    /// Reads that were answered in full.
    whole: AtomicU64,
    hook: Mutex<Option<Arc<Hook>>>,
}

/// A running server.
pub struct StateServer {
    shared: Arc<Shared>,
    address: String,
    runtime: Option<tokio::runtime::Runtime>,
}

impl StateServer {
    /// Serves a state.
    pub fn serve(content: Option<Vec<u8>>) -> Self {
        let shared = Arc::new(Shared { content: Mutex::new(content), ..Shared::default() });
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}/state", listener.local_addr().unwrap());
        let serving = shared.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = serving.clone();
                tokio::spawn(async move {
                    let service = hyper::service::service_fn(move |request| answer(shared.clone(), request));
                    let http = hyper::server::conn::http1::Builder::new();
                    let _ = http.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { shared, address, runtime: Some(runtime) }
    }

    /// Returns the block that names it.
    pub fn backend(&self) -> String {
        let address = &self.address;
        format!(
            "terraform {{\n  backend \"http\" {{\n    address        = \"{address}\"\n    lock_address   = \"{address}\"\n    unlock_address = \"{address}\"\n  }}\n}}\n"
        )
    }

    /// Calls `hook` with the number of each write, before (false) and after (true) it takes effect.
    pub fn watch(&self, hook: impl Fn(u64, bool) + Send + Sync + 'static) {
        self.shared.writes.store(0, Ordering::SeqCst);
        *self.shared.hook.lock().unwrap() = Some(Arc::new(hook));
    }

    /// Drops the hook, and the lock of a runner that is gone, as the button of a hosting service does.
    pub fn runner_is_gone(&self) {
        *self.shared.hook.lock().unwrap() = None;
        *self.shared.lock.lock().unwrap() = None;
    }

    /// Refuses all writes from now on, or takes them again.
    pub fn refuse_writes(&self, refuse: bool) {
        self.shared.refuses.store(refuse, Ordering::SeqCst);
    }

    /// Answers all writes with 200 from now on, and keeps none.
    pub fn forget_writes(&self) {
        self.shared.forgets.store(true, Ordering::SeqCst);
    }

    /// Answers all reads so from now on, or honestly again.
    pub fn lie(&self, answer: Option<(u16, Vec<u8>)>) {
        *self.shared.lie.lock().unwrap() = answer;
    }

    /// Gives versions tags, and minds the conditions that name them.
    pub fn with_tags(self) -> Self {
        self.shared.tags.store(true, Ordering::SeqCst);
        self
    }

    /// Takes the state away.
    pub fn clear(&self) {
        *self.shared.content.lock().unwrap() = None;
    }

    /// How often the state was asked for, and how often it was sent.
    pub fn reads(&self) -> (u64, u64) {
        (self.shared.reads.load(Ordering::SeqCst), self.shared.whole.load(Ordering::SeqCst))
    }

    /// How often it was written.
    pub fn writes(&self) -> u64 {
        self.shared.writes.load(Ordering::SeqCst)
    }

    /// Puts a lock of somebody there.
    pub fn locked_by(&self, holder: &serde_json::Value) {
        *self.shared.lock.lock().unwrap() = Some(holder.to_string().into_bytes());
    }

    /// The lock that is held.
    pub fn lock(&self) -> Option<serde_json::Value> {
        let held = self.shared.lock.lock().unwrap().clone();
        held.map(|held| serde_json::from_slice(&held).unwrap())
    }

    /// The state.
    pub fn content(&self) -> Vec<u8> {
        self.shared.content.lock().unwrap().clone().unwrap_or_default()
    }
}

impl Drop for StateServer {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(Duration::from_secs(5));
        }
    }
}

async fn answer(
    shared: Arc<Shared>,
    request: hyper::Request<Incoming>,
) -> Result<hyper::Response<Full<Bytes>>, Infallible> {
    let method = request.method().as_str().to_owned();
    let header =
        |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (unless, only) = (header("if-none-match"), header("if-match"));
    let tag = || {
        let content = shared.content.lock().unwrap();
        content.as_ref().filter(|_| shared.tags.load(Ordering::SeqCst)).map(|content| {
            let sum = content.iter().fold(7_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(*byte));
            format!("\"{sum:x}\"")
        })
    };
    let body = request.into_body().collect().await.map(|body| body.to_bytes().to_vec()).unwrap_or_default();
    let (status, body) = match method.as_str() {
        "GET" if shared.lie.lock().unwrap().is_some() => shared.lie.lock().unwrap().clone().unwrap(),
        "GET" if unless.is_some() && unless == tag() => {
            shared.reads.fetch_add(1, Ordering::SeqCst);
            (304, Vec::new())
        }
        "POST" if only.is_some() && only != tag() => (412, Vec::new()),
        "GET" => match shared.content.lock().unwrap().clone() {
            Some(content) => {
                shared.reads.fetch_add(1, Ordering::SeqCst);
                shared.whole.fetch_add(1, Ordering::SeqCst);
                (200, content)
            }
            None => (404, Vec::new()),
        },
        "LOCK" => {
            let mut lock = shared.lock.lock().unwrap();
            match lock.clone() {
                Some(holder) => (423, holder),
                None => {
                    *lock = Some(body);
                    (200, Vec::new())
                }
            }
        }
        "UNLOCK" => {
            *shared.lock.lock().unwrap() = None;
            (200, Vec::new())
        }
        // Not a status that is worth another try.
        "POST" if shared.refuses.load(Ordering::SeqCst) => (403, Vec::new()),
        "POST" => {
            let number = shared.writes.fetch_add(1, Ordering::SeqCst) + 1;
            let hook = shared.hook.lock().unwrap().clone();
            let tell = |after| hook.iter().for_each(|hook| hook(number, after));
            tell(false);
            if !shared.forgets.load(Ordering::SeqCst) {
                *shared.content.lock().unwrap() = Some(body);
            }
            tell(true);
            (200, Vec::new())
        }
        _ => (405, Vec::new()),
    };
    let mut response = hyper::Response::builder().status(status);
    if let Some(tag) = tag() {
        response = response.header("etag", tag);
    }
    Ok(response.body(Full::new(Bytes::from(body))).unwrap())
}
