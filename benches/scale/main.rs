//! Ten and a hundred thousand points of the five systems against a served sandbox without quotas: does a plan stay linear?
//!
//! `cargo bench --bench scale -- 10000 100000`. The sandbox lives in this process, so the memory that is told is the program's.
//! Each operation is run three times, and the run between the other two counts.

#![allow(clippy::print_stdout)]

#[path = "../../tests/support/five_systems.rs"]
mod five_systems;
#[path = "../support/mod.rs"]
mod support;

use five_systems::{System, state_of};
use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_TENCENT_SECRET_ID,
    DEFAULT_TENCENT_SECRET_KEY, Options, Sandbox, Seed, Server,
};
use support::{head, mebibytes, ratio, row, seconds};

/// How often each operation is run.
const TIMES: usize = 3;

/// Settings under which nothing but the program takes time.
const SETTINGS: &[(&str, &str)] = &[("limits", "off"), ("signature", "ignored")];

fn main() {
    support::measure_if_asked();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    head(&["run", "points", "time", "processor time", "peak", "times the one before"]);
    let mut before: Vec<(f64, u64)> = Vec::new();
    for points in support::sizes(&[10_000, 100_000]) {
        let each = points / 5;
        let (mut seed, mut configuration, mut remembered) = (Seed::default(), String::new(), Vec::new());
        for system in System::ALL {
            let parents = System::Cfs.parents_for(each);
            system.seed_parents(&mut seed, parents);
            system.seed_points(&mut seed, each, parents, "p");
            configuration.push_str(&system.block(each, parents));
            remembered.push(system.remembered(each, parents));
        }
        let mut options = Options::default();
        for (name, value) in SETTINGS {
            options.set(name, value).expect("a setting");
        }
        let sandbox = Sandbox::open(None, options).expect("a sandbox");
        sandbox.seed(&seed).expect("the seed fits");
        let address = "127.0.0.1:0".parse().expect("an address");
        let server = runtime.block_on(Server::bind(address, sandbox)).expect("a server");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("main.tf"), configuration).expect("the configuration is written");
        let endpoint = format!("http://{}", server.address());
        let variables = [
            ("SNAPFORM_ENDPOINT", endpoint.as_str()),
            ("SNAPFORM_SETTLE", "0s"),
            ("ALICLOUD_REGION", "cn-hangzhou"),
            ("TENCENTCLOUD_REGION", "ap-guangzhou"),
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", DEFAULT_ALIBABA_ACCESS_KEY_ID),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", DEFAULT_ALIBABA_ACCESS_KEY_SECRET),
            ("TENCENTCLOUD_SECRET_ID", DEFAULT_TENCENT_SECRET_ID),
            ("TENCENTCLOUD_SECRET_KEY", DEFAULT_TENCENT_SECRET_KEY),
        ];
        let mut now = Vec::new();
        let state = folder.path().join("terraform.tfstate");
        let operations: [(&str, &[&str]); 3] = [
            ("first plan", &["plan", "-rate=1000000/s"]),
            ("refresh", &["refresh", "-rate=1000000/s"]),
            ("plan without changes", &["plan", "-detailed-exitcode", "-rate=1000000/s"]),
        ];
        let remembered = state_of(remembered);
        for (at, (what, arguments)) in operations.into_iter().enumerate() {
            let run = || {
                if what == "refresh" {
                    std::fs::write(&state, &remembered).expect("the state is written");
                }
                let program = env!("CARGO_BIN_EXE_snapform");
                support::run(program, arguments, folder.path(), &variables, &[0])
            };
            let mut runs: Vec<_> = (0..TIMES).map(|_| run()).collect();
            runs.sort_by_key(|run| run.cpu);
            let run = &runs[TIMES / 2];
            let growth = before.get(at).map_or(String::new(), |(cpu, peak)| {
                format!(
                    "time {}, memory {}",
                    ratio(run.cpu.as_secs_f64(), *cpu),
                    ratio(run.peak_kib as f64, *peak as f64)
                )
            });
            row([
                what.to_owned(),
                points.to_string(),
                seconds(run.wall),
                seconds(run.cpu),
                mebibytes(run.peak_kib),
                growth,
            ]);
            now.push((run.cpu.as_secs_f64(), run.peak_kib));
        }
        before = now;
    }
}
