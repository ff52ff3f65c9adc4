//! Plans, applies and refreshes against a served sandbox that keeps the real quotas: how many calls, how long, how near the floor.
//!
//! `cargo bench --bench quota -- apply 100 1000 5000`; the words `plan`, `apply`, `together` and `refresh` choose what
//! is run (all of them without one). Calls and throttled answers are counted by the sandbox, not by the client.

#![allow(clippy::print_stdout)]

#[path = "../../tests/support/five_systems.rs"]
mod five_systems;
#[path = "../support/mod.rs"]
mod support;

use std::path::Path;
use std::time::Duration;

use five_systems::{System, state_of};
use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_TENCENT_SECRET_ID,
    DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, Seed, Server,
};
use support::{Measured, head, row, seconds};

/// Time until a point is usable.
const READY: Duration = Duration::from_secs(2);

/// A served world, and a folder with a configuration for it.
struct Bench {
    sandbox: Sandbox,
    server: Server,
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn new(seed: &Seed, configuration: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        let mut options = Options::default();
        for system in System::ALL {
            options.set(system.ready_setting(), &READY.as_millis().to_string()).expect("a setting");
        }
        let sandbox = Sandbox::open(None, options).expect("a sandbox");
        sandbox.seed(seed).expect("the seed fits");
        let address = "127.0.0.1:0".parse().expect("an address");
        let server = runtime.block_on(Server::bind(address, sandbox.clone())).expect("a server");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("main.tf"), configuration).expect("the configuration is written");
        Self { sandbox, server, folder, runtime }
    }

    fn run(&self, arguments: &[&str]) -> Measured {
        self.sandbox.reset_calls();
        let _guard = self.runtime.enter();
        let endpoint = format!("http://{}", self.server.address());
        let variables = [
            ("SNAPFORM_ENDPOINT", endpoint.as_str()),
            ("ALICLOUD_REGION", "cn-hangzhou"),
            ("TENCENTCLOUD_REGION", "ap-guangzhou"),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ALIBABA_ACCESS_KEY_ID),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ALIBABA_ACCESS_KEY_SECRET),
            ("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID),
            ("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY),
        ];
        let path: &Path = self.folder.path();
        support::run(env!("CARGO_BIN_EXE_snapform"), arguments, path, &variables, &[0, 2])
    }

    /// Returns the calls of an action, and the throttled answers of all.
    fn calls(&self, service: &str, action: &str) -> u64 {
        self.sandbox.calls().get(&format!("{service}:{action}")).map_or(0, |count| count.total)
    }

    fn all_calls(&self) -> u64 {
        self.sandbox.calls().values().map(|count| count.total).sum()
    }

    fn throttled(&self) -> u64 {
        self.sandbox.calls().values().map(|count| count.throttled).sum()
    }
}

/// The least time in which the documented quota lets so many points be created and get ready.
fn floor(system: System, points: usize) -> Duration {
    let waiting = match system {
        System::Ecs | System::Ecd => 60.0 * (points.saturating_sub(1) / 1000) as f64,
        System::Cfs | System::Cbs => points as f64 / 20.0,
        System::Tcaplus => 0.0,
    };
    Duration::from_secs_f64(waiting) + READY
}

fn world(systems: &[(System, usize)]) -> (Seed, String) {
    let (mut seed, mut configuration) = (Seed::default(), String::new());
    for (system, points) in systems {
        let parents = system.parents_for(*points);
        system.seed_parents(&mut seed, parents);
        configuration.push_str(&system.block(*points, parents));
    }
    (seed, configuration)
}

fn apply_row(what: &str, points: usize, floor: Duration, bench: &Bench, run: &Measured, calls: [u64; 2]) {
    row([
        what.to_owned(),
        points.to_string(),
        calls[0].to_string(),
        calls[1].to_string(),
        seconds(run.wall),
        seconds(floor),
        format!("{:.3}", run.wall.as_secs_f64() / floor.as_secs_f64()),
        bench.throttled().to_string(),
        seconds(run.cpu),
    ]);
}

/// Applies and then plans a number of points of one system.
fn one_system(system: System, points: usize, plan: bool) {
    let (seed, configuration) = world(&[(system, points)]);
    let bench = Bench::new(&seed, &configuration);
    let service = system.service();
    let run = bench.run(&["apply", "-auto-approve"]);
    let calls = [bench.calls(service, system.create()), bench.calls(service, system.describe())];
    apply_row(&format!("{service}, apply"), points, floor(system, points), &bench, &run, calls);
    if plan {
        let run = bench.run(&["plan"]);
        let calls = [bench.calls(service, system.create()), bench.calls(service, system.describe())];
        // Twenty of the calls of a refresh go out at once, the next twenty a second later.
        let least = match system {
            System::Cfs | System::Cbs => Duration::from_secs((points.div_ceil(100).max(1) as u64 - 1) / 20),
            System::Ecs | System::Ecd | System::Tcaplus => Duration::ZERO,
        };
        row([
            format!("{service}, plan"),
            points.to_string(),
            calls[0].to_string(),
            calls[1].to_string(),
            seconds(run.wall),
            seconds(least),
            "".to_owned(),
            bench.throttled().to_string(),
            seconds(run.cpu),
        ]);
    }
}

fn together(points: usize) {
    let systems = System::ALL.map(|system| (system, points));
    let (seed, configuration) = world(&systems);
    let bench = Bench::new(&seed, &configuration);
    let run = bench.run(&["apply", "-auto-approve"]);
    let create: u64 = System::ALL.iter().map(|each| bench.calls(each.service(), each.create())).sum();
    let slowest = System::ALL.iter().map(|each| floor(*each, points)).max().unwrap_or(READY);
    let calls = [create, bench.all_calls() - create];
    apply_row("all five, apply", points * 5, slowest, &bench, &run, calls);
}

/// A refresh of declared points among ten times as many foreign ones.
fn refresh(points: usize) {
    let each = points / 5;
    let (mut seed, mut configuration, mut remembered) = (Seed::default(), String::new(), Vec::new());
    let parents_of = |system: System| system.parents_for(each).min(each / 5).max(1);
    for system in System::ALL {
        let parents = parents_of(system);
        system.seed_parents(&mut seed, parents);
        system.seed_points(&mut seed, each, parents, "p");
        system.seed_points(&mut seed, each * 10, parents, "foreign");
        configuration.push_str(&system.block(each, parents));
        remembered.push(system.remembered(each, parents));
    }
    let bench = Bench::new(&seed, &configuration);
    std::fs::write(bench.folder.path().join("terraform.tfstate"), state_of(remembered))
        .expect("the state is written");
    let run = bench.run(&["plan", "-refresh-only"]);
    head(&["system", "points", "foreign", "parents", "calls", "at most", "throttled", "time of all"]);
    for system in System::ALL {
        let (parents, pages) = (parents_of(system), (each * 11).div_ceil(100));
        let most = match system {
            System::Ecs | System::Cbs => each.div_ceil(100) + 5,
            // One list per parent, of as many pages as it takes, or all pages of everything.
            System::Ecd | System::Cfs => pages.min(parents * (each * 11 / parents).div_ceil(100)),
            // One list per cluster.
            System::Tcaplus => 1,
        };
        row([
            system.service().to_owned(),
            each.to_string(),
            (each * 10).to_string(),
            parents.to_string(),
            bench.calls(system.service(), system.describe()).to_string(),
            most.to_string(),
            bench.throttled().to_string(),
            seconds(run.wall),
        ]);
    }
}

fn main() {
    support::measure_if_asked();
    let words = support::words();
    let chosen = |word: &str| {
        words.iter().any(|each| each == word) || words.iter().all(|each| each.parse::<usize>().is_ok())
    };
    let sizes = support::sizes(&[100, 1_000, 5_000]);
    let apply_head =
        ["run", "points", "creates", "lists", "time", "floor", "ratio", "throttled", "processor time"];
    if chosen("apply") || chosen("plan") {
        head(&apply_head);
        for system in System::ALL {
            for size in &sizes {
                one_system(system, *size, chosen("plan"));
            }
        }
    }
    if chosen("together") {
        head(&apply_head);
        sizes.iter().for_each(|size| together(*size));
    }
    if chosen("refresh") {
        refresh(sizes.iter().copied().max().unwrap_or(5_000));
    }
}
