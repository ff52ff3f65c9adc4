//! What `snapform sandbox …` does: serve a world, fill it, show it, break it, empty it.
//!
//! The commands speak the admin interface, to a server when one has the store open (its address lies beside
//! the store) or is named, and to the opened store otherwise.

use std::future::Future;
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::admin::PREFIX;
use super::faults::FAULT_KINDS;
use super::http::Request;
use super::store::ADDRESS_FILE;
use super::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_ALIBABA_REGION,
    DEFAULT_TENCENT_SECRET_ID, DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, SandboxError, Seed, Server,
    StoreError, local_client,
};

/// Why a command ends.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The emulator.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The address cannot be used.
    #[error("the sandbox cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file cannot be read or written.
    #[error("{} cannot be used", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A seed file is not one.
    #[error("{} is not a seed file; docs/sandbox.md describes the format", path.display())]
    Seed {
        /// The file.
        path: PathBuf,
        /// What the decoder says.
        source: serde_json::Error,
    },
    /// A server does not answer.
    #[error("the sandbox at {endpoint} does not answer")]
    Connect {
        /// Its endpoint.
        endpoint: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The emulator refuses.
    #[error("the sandbox refuses: {0}")]
    Refused(String),
    /// `name=value` without an equals sign.
    #[error("{0} is not of the form name=value")]
    Pair(String),
    /// No such fault.
    #[error("there is no fault {0}; the faults are {1}")]
    Fault(String, String),
    /// Nobody reads the output.
    #[error("the output cannot be written")]
    Output(#[from] std::io::Error),
}

/// How long to wait before asking again for a store that is in use.
const RETRY: Duration = Duration::from_millis(20);

/// What `serve` is asked for.
#[derive(Debug, Clone)]
pub struct Serve {
    /// Loopback address; port 0 picks a free one.
    pub listen: SocketAddr,
    /// Folder of the store; nothing is kept without one.
    pub store: Option<PathBuf>,
    /// Seed for a world that is empty.
    pub seed: Option<PathBuf>,
    /// Settings, each `name=value`.
    pub set: Vec<String>,
}

/// Which emulator a command is about.
#[derive(Debug, Clone)]
pub enum Target {
    /// A server, `http://HOST:PORT`.
    Endpoint(String),
    /// The store of a folder, whoever has it open.
    Store(PathBuf),
}

/// Serves until `stop` is ready. Writes the address first, then what a shell needs to use it.
///
/// # Errors
/// The store, a setting, the seed or the address cannot be used.
pub async fn serve(
    serve: &Serve,
    out: &mut impl Write,
    stop: impl Future<Output = ()>,
) -> Result<(), CommandError> {
    let mut options = Options::default();
    for pair in &serve.set {
        let (name, value) = split_pair(pair)?;
        options.set(name, value).map_err(SandboxError::from)?;
    }
    let seed = serve.seed.as_deref().map(read_seed).transpose()?;
    options.empty = seed.is_some();
    options.no_wait = true;
    let sandbox = Sandbox::open_async(serve.store.clone(), options).await?;
    if let Some(seed) = seed.filter(|_| sandbox.world().is_empty()) {
        sandbox.seed(&seed)?;
    }
    let listen = |source| CommandError::Listen { address: serve.listen, source };
    let server = Server::bind(serve.listen, sandbox).await.map_err(listen)?;
    let endpoint = format!("http://{}", server.address());
    let address_file = serve.store.as_ref().map(|folder| folder.join(ADDRESS_FILE));
    if let Some(path) = &address_file {
        publish(path, &endpoint).map_err(|source| CommandError::File { path: path.clone(), source })?;
    }
    writeln!(out, "{endpoint}")?;
    writeln!(out)?;
    for (name, value) in environment(&endpoint) {
        writeln!(out, "export {name}={value}")?;
    }
    out.flush()?;
    stop.await;
    server.shutdown();
    if let Some(path) = &address_file {
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

/// Writes the address whole or not at all: others read it as soon as it is there.
fn publish(path: &Path, endpoint: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(endpoint.as_bytes())?;
    file.persist(path)?;
    Ok(())
}

/// Returns the environment that points snapform at an endpoint with the keys of the default world.
pub fn environment(endpoint: &str) -> Vec<(&'static str, String)> {
    vec![
        ("SNAPFORM_ENDPOINT", endpoint.to_owned()),
        ("ALICLOUD_ACCESS_KEY", DEFAULT_ALIBABA_ACCESS_KEY_ID.to_owned()),
        ("ALICLOUD_SECRET_KEY", DEFAULT_ALIBABA_ACCESS_KEY_SECRET.to_owned()),
        ("ALICLOUD_REGION", DEFAULT_ALIBABA_REGION.to_owned()),
        ("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID.to_owned()),
        ("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY.to_owned()),
    ]
}

/// Adds the content of a seed file.
///
/// # Errors
/// The file is no seed, or the emulator cannot be reached or refuses.
pub fn seed(target: &Target, file: &Path, out: &mut impl Write) -> Result<(), CommandError> {
    let seed = read_seed(file)?;
    let count: usize = seed.objects.values().map(Vec::len).sum();
    let body = serde_json::to_vec(&seed).map_err(SandboxError::Meta)?;
    ask(target, Request::new("POST", &format!("{PREFIX}seed")).with_body(body))?;
    writeln!(out, "Added {count} objects.")?;
    Ok(())
}

/// Writes the world as a table, or as JSON.
///
/// # Errors
/// The emulator cannot be reached.
pub fn list(target: &Target, json: bool, out: &mut impl Write) -> Result<(), CommandError> {
    let query = if json { "?json" } else { "" };
    let body = ask(target, Request::new("GET", &format!("{PREFIX}list{query}")))?;
    out.write_all(&body)?;
    if json {
        writeln!(out)?;
    }
    Ok(())
}

/// A fault as the command line gives it.
#[derive(Debug, Clone, Default)]
pub struct FaultRequest {
    /// Name of the fault; none to clear.
    pub name: Option<String>,
    /// Only this service.
    pub service: Option<String>,
    /// Only this action.
    pub action: Option<String>,
    /// First call that is hit.
    pub nth: Option<u64>,
    /// How many calls are hit.
    pub count: Option<u64>,
    /// Further fields, each `name=number`: ms, seconds, calls, probability, seed.
    pub set: Vec<String>,
    /// Disarm all first.
    pub clear: bool,
}

/// Arms a fault, or disarms all.
///
/// # Errors
/// There is no such fault, or the emulator cannot be reached or refuses.
pub fn fault(target: &Target, fault: &FaultRequest, out: &mut impl Write) -> Result<(), CommandError> {
    if fault.clear {
        ask(target, Request::new("DELETE", &format!("{PREFIX}faults")))?;
        writeln!(out, "Disarmed all faults.")?;
    }
    let Some(name) = &fault.name else { return Ok(()) };
    let mut body = Map::from_iter([("kind".to_owned(), json!(name))]);
    let names: Vec<String> = FAULT_KINDS
        .iter()
        .filter_map(|kind| serde_json::to_value(kind).ok()?.as_str().map(str::to_owned))
        .collect();
    if !names.contains(name) {
        return Err(CommandError::Fault(name.clone(), names.join(", ")));
    }
    let mut put = |key: &str, value: Option<Value>| value.map(|value| body.insert(key.to_owned(), value));
    put("service", fault.service.as_ref().map(|text| json!(text)));
    put("action", fault.action.as_ref().map(|text| json!(text)));
    put("nth", fault.nth.map(Value::from));
    put("count", fault.count.map(Value::from));
    for pair in &fault.set {
        let (key, value) = split_pair(pair)?;
        put(key, Some(serde_json::from_str(value).unwrap_or_else(|_| json!(value))));
    }
    let body = Value::Object(body).to_string();
    ask(target, Request::new("POST", &format!("{PREFIX}faults")).with_body(body))?;
    writeln!(out, "Armed {name}.")?;
    Ok(())
}

/// Begins the world anew, with a seed or the default content.
///
/// # Errors
/// The file is no seed, or the emulator cannot be reached or refuses.
pub fn reset(target: &Target, seed: Option<&Path>, out: &mut impl Write) -> Result<(), CommandError> {
    let seed = seed.map(read_seed).transpose()?;
    let body = seed.map(|seed| serde_json::to_vec(&seed)).transpose().map_err(SandboxError::Meta)?;
    ask(target, Request::new("POST", &format!("{PREFIX}reset")).with_body(body.unwrap_or_default()))?;
    writeln!(out, "The sandbox begins anew.")?;
    Ok(())
}

fn split_pair(pair: &str) -> Result<(&str, &str), CommandError> {
    pair.split_once('=').ok_or_else(|| CommandError::Pair(pair.to_owned()))
}

fn read_seed(path: &Path) -> Result<Seed, CommandError> {
    let bytes = std::fs::read(path).map_err(|source| CommandError::File { path: path.to_owned(), source })?;
    serde_json::from_slice(&bytes).map_err(|source| CommandError::Seed { path: path.to_owned(), source })
}

/// Sends a request to whoever has the world, and returns the body of a good answer.
fn ask(target: &Target, request: Request) -> Result<Vec<u8>, CommandError> {
    let response = match target {
        Target::Endpoint(endpoint) => remote(endpoint, &request)?,
        Target::Store(folder) => in_store(folder, &request)?,
    };
    if response.status == 200 {
        return Ok(response.body);
    }
    let body = response.body_json();
    let text = body["error"].as_str().map(str::to_owned);
    Err(CommandError::Refused(text.unwrap_or_else(|| format!("HTTP {}", response.status))))
}

fn remote(endpoint: &str, request: &Request) -> Result<super::http::Response, CommandError> {
    local_client::send(endpoint, request)
        .map_err(|source| CommandError::Connect { endpoint: endpoint.to_owned(), source })
}

fn in_store(folder: &Path, request: &Request) -> Result<super::http::Response, CommandError> {
    let sandbox = loop {
        let mut options = Options::default();
        options.no_wait = true;
        match Sandbox::open(Some(folder), options) {
            Err(SandboxError::Store(StoreError::Busy(_))) => {
                let address = std::fs::read_to_string(folder.join(ADDRESS_FILE));
                if let Some(response) = address.ok().and_then(|endpoint| remote(&endpoint, request).ok()) {
                    return Ok(response);
                }
                // Somebody's command uses it, or a server is just starting: either takes a moment.
                std::thread::sleep(RETRY);
            }
            opened => break opened?,
        }
    };
    let reply = sandbox.answer(request);
    let nothing = || CommandError::Refused("no answer".to_owned());
    reply.response().cloned().ok_or_else(nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(run: impl FnOnce(&mut Vec<u8>) -> Result<(), CommandError>) -> String {
        let mut out = Vec::new();
        run(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_store_keeps_seeds_faults_and_changes_between_commands() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Store(folder.path().to_owned());
        let file = folder.path().join("seed.json");
        let seed_text =
            r#"{"objects": {"cbs-disk": [{"id": "disk-mine", "name": "mine", "region": "ap-tokyo"}]}}"#;
        std::fs::write(&file, seed_text).unwrap();
        assert_eq!(text(|out| seed(&target, &file, out)), "Added 1 objects.\n");
        let table = text(|out| list(&target, false, out));
        assert!(
            table.lines().any(|line| line.starts_with("cbs-disk ") && line.contains("disk-mine")),
            "{table}"
        );
        assert!(table.contains("cfs-1000000a"), "{table}");
        let request = FaultRequest {
            name: Some("slow".to_owned()),
            set: vec!["ms=5".to_owned()],
            ..Default::default()
        };
        text(|out| fault(&target, &request, out));
        let sandbox = Sandbox::open(Some(folder.path()), Options::default()).unwrap();
        assert_eq!(sandbox.armed()[0].ms, Some(5));
        drop(sandbox);
        text(|out| reset(&target, None, out));
        assert!(!text(|out| list(&target, true, out)).contains("disk-mine"));
    }

    #[test]
    fn a_misspelt_seed_or_fault_is_refused_with_what_there_is() {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Store(folder.path().join("world"));
        let file = folder.path().join("seed.json");
        std::fs::write(&file, r#"{"objects": {"cbs-disk": [{"id": "d", "colour": "red"}]}}"#).unwrap();
        let error = seed(&target, &file, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("no field colour"), "{error}");
        std::fs::write(&file, r#"{"objects": {"disk": []}}"#).unwrap();
        let error = seed(&target, &file, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("cbs-disk"), "{error}");
        let request = FaultRequest { name: Some("slwo".to_owned()), ..Default::default() };
        let error = fault(&target, &request, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains("drop-after"), "{error}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_served_store_is_reached_through_its_server() {
        let folder = tempfile::tempdir().unwrap();
        let options = Serve {
            listen: "127.0.0.1:0".parse().unwrap(),
            store: Some(folder.path().to_owned()),
            seed: None,
            set: vec!["limits=off".to_owned()],
        };
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let store = folder.path().to_owned();
        let client = tokio::task::spawn_blocking(move || {
            while !store.join(ADDRESS_FILE).exists() {
                std::thread::yield_now();
            }
            let table = text(|out| list(&Target::Store(store.clone()), false, out));
            stop.send(()).unwrap();
            table
        });
        let mut out = Vec::new();
        serve(&options, &mut out, async { stopped.await.unwrap() }).await.unwrap();
        assert!(client.await.unwrap().contains("cfs-1000000a"));
        assert!(String::from_utf8(out).unwrap().starts_with("http://127.0.0.1:"));
        assert!(!folder.path().join(ADDRESS_FILE).exists());
    }
}
