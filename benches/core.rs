//! What the core takes by the number of objects: reading the configuration, evaluating, planning, showing, and the state file.
//!
//! `cargo bench --bench core`; what counts is that the time per object stays the same from a thousand to a hundred thousand.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use snapform::config::{Config, MemoryFiles, load};
use snapform::diagnostic::Sources;
use snapform::lang::{Environment, NoFiles, Phase};
use snapform::plan::planner::{Answer, plan};
use snapform::plan::walk::Input;
use snapform::plan::{Observations, Options, Plan};
use snapform::render::text;
use snapform::state::State;

const SIZES: [usize; 3] = [1_000, 10_000, 100_000];

/// Groups of ten blocks; the others of a group refer to its first.
fn blocks(count: usize) -> String {
    let mut text = String::new();
    for at in 0..count {
        let first = at - at % 10;
        let input = if at == first {
            "\"first\"".to_owned()
        } else {
            format!("\"${{terraform_data.r{first}.input}}-x\"")
        };
        text.push_str(&format!("resource \"terraform_data\" \"r{at}\" {{\n  input = {input}\n}}\n"));
    }
    text
}

/// Two blocks of many instances, one of which refers to the other.
fn instances(count: usize) -> String {
    let half = count / 2;
    format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {half}\n  input = \"n-${{count.index}}\"\n}}\n\
         resource \"terraform_data\" \"b\" {{\n  count = {half}\n  input = terraform_data.a[count.index].input\n}}\n"
    )
}

/// The state that an apply of [`instances`] leaves.
fn state_of_instances(count: usize) -> String {
    let resource = |name: &str| {
        let instances: Vec<_> = (0..count / 2)
            .map(|at| {
                let input = serde_json::json!({"value": format!("n-{at}"), "type": "string"});
                serde_json::json!({"index_key": at, "schema_version": 0, "attributes":
                    {"id": format!("{name}-{at}"), "input": input, "output": input, "triggers_replace": null}})
            })
            .collect();
        serde_json::json!({"mode": "managed", "type": "terraform_data", "name": name,
            "provider": "provider[\"terraform.io/builtin/terraform\"]", "instances": instances})
    };
    serde_json::json!({"version": 4, "terraform_version": "1.11.4", "serial": 1, "outputs": {},
        "lineage": "b3a3f0f1-8f1c-4c8e-9a5e-2f6d8e0c7a11", "resources": [resource("a"), resource("b")]})
    .to_string()
}

/// An expression over many elements, in every form that grows with them.
fn expressions(count: usize) -> String {
    let each = count / 1_000;
    format!(
        "locals {{\n  numbers = flatten([for a in range(1000) : [for b in range({each}) : a * {each} + b]])\n  objects = {{ for n in local.numbers : \"k${{n}}\" => {{ name = \"n-${{n}}\", even = n % 2 == 0 }} }}\n  \
         names = [for key, value in local.objects : upper(value.name) if value.even]\n  sorted = join(\",\", sort(local.names))\n}}\n"
    )
}

struct Loaded {
    sources: Sources,
    config: Config,
}

fn loaded(text: &str) -> Loaded {
    let mut files = MemoryFiles::new();
    files.insert("main.tf", text.as_bytes());
    let mut sources = Sources::new();
    let (config, found) = load(&files, Path::new(""), &mut sources);
    assert!(!found.has_errors(), "{found:?}");
    Loaded { sources, config }
}

fn planned(loaded: &Loaded, state: &State) -> Plan {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let environment = Environment {
        files: Arc::new(NoFiles),
        working_folder: "/".into(),
        home_folder: None,
        plan_timestamp: Some(now),
        now,
        phase: Phase::Plan,
        budget: Arc::default(),
    };
    let (variables, observations, options) = (BTreeMap::new(), Observations::default(), Options::default());
    let input = Input {
        config: &loaded.config,
        sources: &loaded.sources,
        variables: &variables,
        state,
        observations: &observations,
        environment: &environment,
        workspace: "default",
        now,
        seed: uuid::Uuid::nil(),
        options: &options,
        graph: None,
        priors: None,
    };
    match plan(&input) {
        Answer::Planned(planned) => {
            assert!(!planned.found.has_errors(), "{:?}", planned.found);
            planned.plan
        }
        Answer::NeedReads(_) | Answer::Refused(_) => panic!("the configurations here can be planned at once"),
    }
}

fn benchmarks(criterion: &mut Criterion) {
    let mut bench = |name: &str, prepare: &dyn Fn(usize) -> Box<dyn Fn()>| {
        let mut group = criterion.benchmark_group(name);
        group.sample_size(10);
        for count in SIZES {
            let run = prepare(count);
            group.throughput(Throughput::Elements(count as u64));
            group.bench_function(BenchmarkId::from_parameter(count), |bencher| bencher.iter(&run));
        }
        group.finish();
    };
    bench("parse", &|count| {
        let text = blocks(count);
        Box::new(move || drop(loaded(black_box(&text))))
    });
    bench("evaluate", &|count| {
        let (loaded, state) = (loaded(&expressions(count)), State::default());
        Box::new(move || drop(planned(black_box(&loaded), &state)))
    });
    bench("plan-blocks", &|count| {
        let (loaded, state) = (loaded(&blocks(count)), State::default());
        Box::new(move || assert_eq!(planned(black_box(&loaded), &state).changes.len(), count))
    });
    bench("plan-instances", &|count| {
        let (loaded, state) = (loaded(&instances(count)), State::default());
        Box::new(move || assert_eq!(planned(black_box(&loaded), &state).changes.len(), count))
    });
    bench("plan-without-changes", &|count| {
        let state = State::read(state_of_instances(count).as_bytes()).expect("a state");
        let loaded = loaded(&instances(count));
        assert!(!planned(&loaded, &state).has_changes());
        Box::new(move || assert_eq!(planned(black_box(&loaded), &state).changes.len(), count))
    });
    bench("render", &|count| {
        let plan = planned(&loaded(&instances(count)), &State::default());
        let options = text::Options::default();
        Box::new(move || assert!(text::plan(black_box(&plan), &options).len() > count))
    });
    bench("state-read", &|count| {
        let text = state_of_instances(count);
        Box::new(move || drop(State::read(black_box(text.as_bytes())).expect("a state")))
    });
    bench("state-write", &|count| {
        let state = State::read(state_of_instances(count).as_bytes()).expect("a state");
        Box::new(move || assert!(black_box(&state).to_bytes().len() > count))
    });
}

criterion_group!(core, benchmarks);
criterion_main!(core);
