//! States, plan files and answers as an enemy, a broken disk or a broken proxy would make them: no panic, no hang, bounded
//! memory, and nothing that acts on a terminal. `SNAPFORM_HOSTILE` is the number of seeds; a failing one is printed and
//! `SNAPFORM_SEED` runs it alone.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value as Json, json};
use snapform::cloud::call::{Shared, SystemClock};
use snapform::cloud::event::{CallEvent, CallListener};
use snapform::cloud::limits::Limits;
use snapform::cloud::settings::{Environment, Settings};
use snapform::cloud::transport::{Exchange, ExchangeError, HttpAnswer, HttpRequest};
use snapform::cloud::{BoxFuture, Clouds, CreateRequest, Known, Observed, Reader, Writer};
use snapform::lang::Value;
use snapform::lang::address::{ModulePath, ProviderAddress};
use snapform::plan::file::Saved;
use snapform::sandbox::http::{Outcome, Request};
use snapform::sandbox::{Options, Sandbox};
use snapform::schema::{ProviderKind, types};
use snapform::state::State;

use super::cloud::Cloud;
use super::systems::{Baseline, SYSTEMS};
use super::world::{Directory, Draw};

/// What terminals obey, and what turns the direction of writing.
const ESCAPES: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}\u{2066}";

fn seeds(usual: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    match number("SNAPFORM_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SNAPFORM_HOSTILE").unwrap_or(usual),
    }
}

/// Runs a case for each seed on a thread of its own; one that panics, overflows its stack or does not end names its seed.
fn for_each_seed(what: &str, usual: u64, case: impl Fn(u64) + Send + Sync + 'static) {
    let case = Arc::new(case);
    for seed in seeds(usual) {
        let (case, (done, ended)) = (case.clone(), mpsc::channel());
        std::thread::spawn(move || {
            case(seed);
            let _ = done.send(());
        });
        let ended = ended.recv_timeout(Duration::from_secs(120));
        assert!(ended.is_ok(), "{what} of seed {seed}: {ended:?} (SNAPFORM_SEED={seed} runs it alone)");
    }
}

/// Returns JSON that nobody expects where it will stand.
fn unexpected(draw: &mut Draw) -> String {
    let escapes = Json::String(ESCAPES.to_owned()).to_string();
    match draw.below(20) {
        0 => "null".to_owned(),
        1 => "true".to_owned(),
        2 => "-1".to_owned(),
        3 => "0".to_owned(),
        4 => "1e999999".to_owned(),
        5 => "99999999999999999999999999999999".to_owned(),
        6 => "-9223372036854775808".to_owned(),
        7 => "9223372036854775807".to_owned(),
        8 => "0.1".to_owned(),
        9 => "\"\"".to_owned(),
        10 => "[]".to_owned(),
        11 => "{}".to_owned(),
        12 => "[null,[],{}]".to_owned(),
        13 => "\"2026-13-45T99:99:99Z\"".to_owned(),
        14 => "\"9999-12-31 23:59:59\"".to_owned(),
        15 => "\"-009999-01-01T00:00:00Z\"".to_owned(),
        16 => "\"\\ud800\"".to_owned(),
        17 => format!("\"{}\"", "long ".repeat(100_000)),
        18 => format!("{}{}", "[".repeat(20_000), "]".repeat(20_000)),
        _ => escapes,
    }
}

const MARK: &str = "replaced by the test";

/// Puts a mark in the place of the n-th value of a tree, or removes it from its object; returns what is left of n.
fn mark(value: &mut Json, left: u64, remove: bool) -> Option<u64> {
    if left == 0 {
        *value = json!(MARK);
        return None;
    }
    let mut left = left - 1;
    match value {
        Json::Array(items) => {
            for item in items {
                left = mark(item, left, remove)?;
            }
        }
        Json::Object(members) => {
            let names: Vec<String> = members.keys().cloned().collect();
            for name in names {
                if remove && left == 0 {
                    members.remove(&name);
                    return None;
                }
                left = mark(members.get_mut(&name)?, left, remove)?;
            }
        }
        _ => {}
    }
    Some(left)
}

fn size(value: &Json) -> u64 {
    match value {
        Json::Array(items) => 1 + items.iter().map(size).sum::<u64>(),
        Json::Object(members) => 1 + members.values().map(size).sum::<u64>(),
        _ => 1,
    }
}

/// Cuts a JSON text, breaks bytes of it, or puts something unexpected into it.
fn spoil(draw: &mut Draw, text: &[u8]) -> Vec<u8> {
    let kind = draw.below(8);
    let mut bytes = text.to_vec();
    match (kind, serde_json::from_slice::<Json>(text)) {
        (0, _) => bytes.truncate(draw.below(text.len() as u64) as usize),
        (1, _) | (_, Err(_)) => {
            for _ in 0..1 + draw.below(4) {
                let at = draw.below(bytes.len() as u64) as usize;
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = draw.below(256) as u8;
                }
            }
        }
        (kind, Ok(mut tree)) => {
            for _ in 0..1 + draw.below(3) {
                let at = draw.below(size(&tree));
                mark(&mut tree, at, kind == 2);
            }
            let mut text = tree.to_string();
            let mark = format!("\"{MARK}\"");
            while text.contains(&mark) {
                text = text.replacen(&mark, &unexpected(draw), 1);
            }
            bytes = text.into_bytes();
        }
    }
    bytes
}

/// Returns the states of all systems as one, as this program saves them.
fn genuine_state() -> Vec<u8> {
    let specimens = Path::new(env!("CARGO_MANIFEST_DIR")).join("state/specimens");
    let mut found: Vec<_> = walk(&specimens);
    found.sort();
    fs::read(found.first().unwrap()).unwrap()
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else if path.extension().is_some_and(|extension| extension == "tfstate") {
            files.push(path);
        }
    }
    files
}

#[test]
fn a_hostile_state_is_read_or_refused() {
    let genuine = genuine_state();
    for_each_seed("the state", 400, move |seed| {
        let spoilt = spoil(&mut Draw(seed), &genuine);
        if let Ok(state) = State::read(&spoilt) {
            let again = State::read(&state.to_bytes()).expect("what was read can be written and read again");
            assert_eq!(again, state, "seed {seed}");
            let _ = state.intents();
        }
    });
}

/// Returns a plan file of all five systems.
fn genuine_plan() -> Vec<u8> {
    let config: String = SYSTEMS.iter().map(|system| system.before()).enumerate().fold(
        String::new(),
        |whole, (number, one)| {
            if number == 0 { one } else { whole + one.trim_start_matches(super::kill::PROVIDERS) }
        },
    );
    let cloud = Cloud::serve(None, &super::world::QUICK);
    let directory = Directory::new(&config);
    let said = directory.run(&cloud, &["plan", "-no-color", "-out=plan"]);
    assert!(said.status.success(), "{}", said.text);
    fs::read(directory.path().join("plan")).unwrap()
}

/// Makes a plan file whose digest is right although its body is not what was written.
fn forged(body: &[u8]) -> Vec<u8> {
    let hex: String = digest(&SHA256, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    let head = format!("{{\"kind\": \"snapform plan\", \"format\": 1, \"digest\": \"{hex}\", \"body\": ");
    [head.as_bytes(), body, b"}"].concat()
}

#[test]
fn a_hostile_plan_file_is_read_or_refused() {
    let genuine = genuine_plan();
    let whole: Json = serde_json::from_slice(&genuine).unwrap();
    let body = whole["body"].to_string().into_bytes();
    for_each_seed("the plan", 400, move |seed| {
        let mut draw = Draw(seed);
        let spoilt = spoil(&mut draw, &genuine);
        let _ = Saved::read(&spoilt);
        // One whose author knows how the digest is made.
        let _ = Saved::read(&forged(&spoil(&mut draw, &body)));
    });
}

/// Asserts that a command ended by itself and printed nothing that acts on a terminal.
fn harmless(output: &std::process::Output, told: &str) {
    let text = [output.stdout.clone(), output.stderr.clone()].concat();
    let text = String::from_utf8_lossy(&text);
    let code = output.status.code();
    assert!(matches!(code, Some(0..=2)) && !text.contains("panicked"), "{told}: {code:?}\n{text}");
    // Data for programs keeps what JSON lets stand.
    let json = told.contains("-json");
    let acts = |c: char| match c {
        '\n' | '\t' => false,
        '\u{80}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => !json,
        c => c.is_control(),
    };
    let found: Vec<String> = text.lines().filter(|line| line.contains(acts)).map(str::to_owned).collect();
    assert!(found.is_empty(), "{told}: {found:?}");
}

/// Runs a command that may use four gigabytes of addresses.
fn bounded(directory: &Directory, cloud: &Cloud, arguments: &[&str]) -> std::process::Output {
    let plain = directory.command(cloud, arguments);
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "ulimit -v 4000000; exec \"$0\" \"$@\""])
        .arg(plain.get_program())
        .args(plain.get_args());
    command.current_dir(directory.path()).env_clear().stdin(Stdio::null());
    for (name, value) in plain.get_envs() {
        if let Some(value) = value {
            command.env(name, value);
        }
    }
    command.output().unwrap()
}

#[test]
fn every_command_survives_a_hostile_state_and_plan() {
    let baseline = Baseline::of(&SYSTEMS[2].before());
    let plan = genuine_plan();
    let whole: Json = serde_json::from_slice(&plan).unwrap();
    let body = whole["body"].to_string().into_bytes();
    for_each_seed("commands", 12, move |seed| {
        let mut draw = Draw(seed);
        let (cloud, directory, _world) = baseline.copy(&SYSTEMS[2].after(None));
        let state = spoil(&mut draw, &fs::read(directory.state_file()).unwrap());
        fs::write(directory.path().join("plan"), forged(&spoil(&mut draw, &body))).unwrap();
        for arguments in [
            &["plan", "-no-color"][..],
            &["show", "-no-color"],
            &["show", "-json"],
            &["show", "-no-color", "plan"],
            &["state", "list"],
            &["output", "-no-color"],
            &["intents", "list"],
            &["apply", "-no-color", "plan"],
        ] {
            fs::write(directory.state_file(), &state).unwrap();
            harmless(&bounded(&directory, &cloud, arguments), &format!("seed {seed}: {arguments:?}"));
        }
    });
}

#[test]
fn a_hundred_megabytes_of_text_are_read_within_bounds() {
    let cloud = Cloud::serve(None, &[]);
    let directory = Directory::new("output \"a\" {\n  value = 1\n}\n");
    let long = "x".repeat(100 << 20);
    let state = format!(
        "{{\"version\":4,\"terraform_version\":\"1.11.4\",\"serial\":1,\"lineage\":\"l\",\"outputs\":{{\"long\":\
         {{\"value\":\"{long}\",\"type\":\"string\"}}}},\"resources\":[],\"check_results\":null}}"
    );
    fs::write(directory.state_file(), state).unwrap();
    for arguments in [&["plan", "-no-color"][..], &["state", "list"]] {
        let output = bounded(&directory, &cloud, arguments);
        assert!(output.status.code().is_some_and(|code| code <= 1), "{:?}", output.status);
        assert!(output.stdout.len() < 300 << 20);
    }
}

#[test]
fn names_from_a_cloud_never_act_on_the_terminal() {
    for system in &SYSTEMS {
        let output = "output \"all\" {\n  value = TYPE.lasting\n}\n";
        let kind = system.resource_type();
        let config = format!("{}{}", system.before(), output.replace("TYPE", kind));
        let (cloud, directory, _world) = Baseline::of(&config).copy(&config);
        let lasting = system.named(&cloud, "lasting").remove(0);
        let field = if system.name == "tcaplusdb" {
            json!({})
        } else {
            json!({"name": format!("evil{ESCAPES}\r\nname")})
        };
        cloud.sandbox().change(system.kind, &lasting, &field).unwrap();
        if matches!(system.name, "ecs" | "cfs") {
            let tags = json!({"tags": {format!("key{ESCAPES}"): format!("value{ESCAPES}")}});
            cloud.sandbox().change(system.kind, &lasting, &tags).unwrap();
        }
        let address = format!("{kind}.lasting");
        for arguments in [
            &["plan", "-no-color"][..],
            &["plan", "-no-color", "-out=plan"],
            &["show", "-no-color", "plan"],
            &["plan", "-json"],
            &["apply", "-refresh-only", "-auto-approve", "-no-color"],
            &["show", "-no-color"],
            &["show", "-json"],
            &["state", "show", "-no-color", &address],
            &["output", "-no-color"],
            &["output", "-json"],
        ] {
            let said = directory.command(&cloud, arguments).output().unwrap();
            harmless(&said, &format!("{}: {arguments:?}", system.name));
        }
        // What a server says when it refuses, too.
        cloud.answer_with(|request, response| {
            let message = format!("no{ESCAPES}\r\nentry");
            let body = if request.header("x-tc-action").is_some() {
                json!({"Response": {"Error": {"Code": format!("Denied{ESCAPES}"), "Message": message}, "RequestId": message}})
            } else {
                response.status = 403;
                json!({"Code": format!("Forbidden{ESCAPES}"), "Message": message, "RequestId": message, "HostId": message})
            };
            response.body = body.to_string().into_bytes();
        });
        for arguments in [&["plan", "-no-color"][..], &["apply", "-auto-approve", "-json"]] {
            let said = directory.command(&cloud, arguments).output().unwrap();
            harmless(&said, &format!("{}: {arguments:?}", system.name));
        }
    }
}

/// The sandbox in process, whose answers are spoilt in a share of the calls.
struct Spoilt {
    sandbox: Sandbox,
    draw: std::sync::Mutex<Draw>,
}

impl Exchange for Spoilt {
    fn exchange(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpAnswer, ExchangeError>> {
        Box::pin(async move {
            let rest = request.url.splitn(4, '/').nth(3).unwrap_or_default();
            let mut plain = Request::new(request.method, &format!("/{}", rest.trim_start_matches('/')));
            for (name, value) in &request.headers {
                plain = plain.with_header(name, value);
            }
            let reply = self.sandbox.answer(&plain.with_body(request.body.to_vec()));
            let Outcome::Answer(mut response) = reply.outcome else {
                return Err(ExchangeError::Lost { endpoint: String::new(), source: "lost".into() });
            };
            let mut draw = self.draw.lock().unwrap();
            if draw.below(2) == 0 {
                response.body = spoil(&mut draw, &response.body);
            }
            if draw.below(10) == 0 {
                response.status = [200, 204, 302, 400, 404, 500, 503][draw.below(7) as usize];
            }
            Ok(HttpAnswer { status: response.status, headers: response.headers, body: response.body.into() })
        })
    }
}

struct Deaf;

impl CallListener for Deaf {
    fn attempted(&self, _event: &CallEvent) {}
}

fn text(pairs: &[(&str, &str)]) -> Value {
    Value::object(pairs.iter().map(|(name, text)| (*name, Value::string(text))))
}

/// Every operation on every type, in a cloud that answers nonsense.
async fn all_operations(seed: u64) {
    let sandbox = Sandbox::open(None, Options::default()).unwrap();
    for (name, value) in [("limits", "off"), ("signature", "ignored")] {
        sandbox.set(name, value).unwrap();
    }
    let shared = Shared {
        exchange: Arc::new(Spoilt { sandbox, draw: std::sync::Mutex::new(Draw(seed)) }),
        limits: Arc::new(Limits::new()),
        listener: Arc::new(Deaf),
        clock: Arc::new(SystemClock),
    };
    let mut environment = Environment::default().with("SNAPFORM_ENDPOINT", "http://127.0.0.1:1");
    for (name, value) in snapform::sandbox::command::environment("http://127.0.0.1:1") {
        environment = environment.with(name, &value);
    }
    let clouds = Clouds::new(shared, Settings { environment, sandbox: None });
    let address = |kind: ProviderKind| {
        let source = match kind {
            ProviderKind::Alicloud => "registry.terraform.io/aliyun/alicloud",
            _ => "registry.terraform.io/tencentcloudstack/tencentcloud",
        };
        ProviderAddress { module: ModulePath::root(), source: source.into(), alias: None }
    };
    for (kind, region) in
        [(ProviderKind::Alicloud, "cn-hangzhou"), (ProviderKind::Tencentcloud, "ap-guangzhou")]
    {
        clouds.configure(&address(kind), kind, &text(&[("region", region)])).unwrap();
    }
    let objects = [
        ("alicloud_ecs_snapshot", text(&[("disk_id", "d-bp10000000000000000a"), ("snapshot_name", "a")])),
        (
            "alicloud_ecd_snapshot",
            text(&[
                ("desktop_id", "ecd-1000000000000000a"),
                ("source_disk_type", "DATA"),
                ("snapshot_name", "a"),
            ]),
        ),
        ("tencentcloud_cfs_snapshot", text(&[("file_system_id", "cfs-1000000a"), ("snapshot_name", "a")])),
        ("tencentcloud_cbs_disk_backup", text(&[("disk_id", "disk-1000000b"), ("disk_backup_name", "a")])),
        (
            "tencentcloud_tcaplus_snapshot",
            text(&[
                ("cluster_id", "19162256624"),
                ("table_group_id", "1"),
                ("table_name", "tb_player"),
                ("snapshot_name", "a"),
            ]),
        ),
    ];
    for (name, planned) in objects {
        let ty = types::resource(name).unwrap();
        let provider = address(ty.provider);
        let _ = clouds.place(&provider).await;
        let request = CreateRequest { planned: planned.clone(), marker: "marker-0001".into() };
        let accepted = clouds.create(&provider, ty, &[request]).await.remove(0);
        let id = accepted.map(|accepted| accepted.id).unwrap_or_else(|_| "s-1".into());
        let _ = clouds.on_parent(&provider, ty, &planned).await;
        for alone in [false, true] {
            let known = [Known { id: id.clone(), value: planned.clone(), alone }];
            for found in clouds.observe(&provider, ty, &known).await {
                if let Observed::Present(object) = found {
                    let _ = clouds.update(&provider, ty, &object.value, &planned).await;
                    let _ = clouds.delete(&provider, ty, &object.value).await;
                }
            }
        }
    }
    for (name, config) in [
        ("alicloud_ecs_disks", text(&[])),
        ("alicloud_ecs_snapshots", text(&[])),
        ("alicloud_ecd_desktops", text(&[])),
        ("alicloud_ecd_snapshots", text(&[])),
        ("tencentcloud_cbs_storages", text(&[])),
        ("tencentcloud_cfs_file_systems", text(&[])),
        ("tencentcloud_tcaplus_clusters", text(&[])),
        ("tencentcloud_tcaplus_tables", text(&[("cluster_id", "19162256624")])),
        ("tencentcloud_tcaplus_snapshots", text(&[("cluster_id", "19162256624")])),
    ] {
        let ty = types::data_source(name).unwrap();
        let _ = clouds.read_data(&address(ty.provider), ty, &config).await;
    }
}

#[test]
fn hostile_answers_are_read_or_refused() {
    for_each_seed("answers", 60, |seed| {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(all_operations(seed));
    });
}

#[test]
fn a_run_whose_answers_are_spoilt_ends_with_a_message() {
    let baselines: Vec<Baseline> = SYSTEMS.iter().map(|system| Baseline::of(&system.before())).collect();
    for_each_seed("a run", 10, move |seed| {
        let place = (seed % 5) as usize;
        let (cloud, directory, _world) = baselines[place].copy(&SYSTEMS[place].after(Some("2s")));
        let draw = std::sync::Mutex::new(Draw(seed));
        cloud.answer_with(move |_, response| {
            let mut draw = draw.lock().unwrap();
            if draw.below(8) == 0 {
                response.body = spoil(&mut draw, &response.body);
            }
        });
        let output = bounded(&directory, &cloud, &["apply", "-auto-approve", "-no-color"]);
        harmless(&output, &format!("seed {seed}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() || said.contains("Error: "), "seed {seed}: {said}");
        State::read(&fs::read(directory.state_file()).unwrap()).unwrap();
    });
}
