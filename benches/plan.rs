//! How long it takes to load, validate and plan a directory, by the number of resource blocks and of instances.
//!
//! `cargo bench --bench plan` prints a line for each size; what counts is that the time per object stays the same.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use snapform::config::{MemoryFiles, load};
use snapform::diagnostic::Sources;
use snapform::lang::{Environment, Files, Phase};
use snapform::plan::planner::{Answer, plan};
use snapform::plan::walk::Input;
use snapform::plan::{Observations, Options};
use snapform::state::State;

/// A disk without files: the configurations here read none.
struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _path: &Path) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn exists(&self, _path: &Path) -> std::io::Result<bool> {
        Ok(false)
    }

    fn walk(&self, _folder: &Path) -> std::io::Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Groups of ten blocks; the others of a group refer to its first.
fn groups_of_blocks(count: usize) -> String {
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

fn instances(count: usize) -> String {
    format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {count}\n  input = \"n-${{count.index}}\"\n}}\n\
         resource \"terraform_data\" \"b\" {{\n  count = {count}\n  input = terraform_data.a[count.index].input\n}}\n"
    )
}

fn load_and_plan(text: &str) -> usize {
    let mut files = MemoryFiles::new();
    files.insert("main.tf", text.as_bytes());
    let mut sources = Sources::new();
    let (config, found) = load(&files, Path::new(""), &mut sources);
    assert!(!found.has_errors(), "{found:?}");
    let now = jiff::Timestamp::UNIX_EPOCH;
    let environment = Environment {
        files: Arc::new(NoFiles),
        working_folder: "/".into(),
        home_folder: None,
        plan_timestamp: Some(now),
        now,
        phase: Phase::Plan,
    };
    let (variables, state) = (BTreeMap::new(), State::default());
    let (observations, options) = (Observations::default(), Options::default());
    let input = Input {
        config: &config,
        sources: &sources,
        variables: &variables,
        state: &state,
        observations: &observations,
        environment: &environment,
        workspace: "default",
        now,
        seed: uuid::Uuid::nil(),
        options: &options,
    };
    match plan(&input) {
        Answer::Planned(planned) => planned.plan.changes.len(),
        Answer::NeedReads(_) | Answer::Refused(_) => 0,
    }
}

fn benchmarks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("plan");
    group.sample_size(10);
    for count in [1_000, 10_000] {
        group.throughput(Throughput::Elements(count as u64));
        let text = instances(count / 2);
        group.bench_with_input(BenchmarkId::new("instances", count), &text, |bencher, text| {
            bencher.iter(|| assert_eq!(load_and_plan(black_box(text)), count));
        });
    }
    for count in [1_000, 10_000] {
        group.throughput(Throughput::Elements(count as u64));
        let text = groups_of_blocks(count);
        group.bench_with_input(BenchmarkId::new("blocks", count), &text, |bencher, text| {
            bencher.iter(|| assert_eq!(load_and_plan(black_box(text)), count));
        });
    }
    group.finish();
}

criterion_group!(plans, benchmarks);
criterion_main!(plans);
