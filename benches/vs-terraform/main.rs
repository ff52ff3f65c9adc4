//! The program and Terraform in turn on the same configurations of `terraform_data`: how much faster, how much smaller.
//!
//! `cargo bench --bench vs-terraform` needs `terraform` in the path; numbers after `--` replace the sizes. Each operation is
//! run several times and the fastest time counts, since everything else on the machine only makes runs slower. Above 2,000
//! objects an apply takes Terraform many minutes: there both plan from a state that the program has made.

#![allow(clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

use std::path::Path;

use support::{Measured, head, mebibytes, ratio, row, seconds};

/// More objects than this are not applied with Terraform.
const MOST_APPLIED: usize = 2_000;

const QUIET: &[(&str, &str)] = &[("CHECKPOINT_DISABLE", "1"), ("TF_IN_AUTOMATION", "1")];

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
        text.push_str(&format!("resource \"terraform_data\" \"r{at}\" {{\n  input = {input}\n}}\n\n"));
    }
    text
}

/// Two blocks of many instances, one of which refers to the other.
fn instances(count: usize) -> String {
    let half = count / 2;
    format!(
        "resource \"terraform_data\" \"a\" {{\n  count = {half}\n  input = \"n-${{count.index}}\"\n}}\n\n\
         resource \"terraform_data\" \"b\" {{\n  count = {half}\n  input = terraform_data.a[count.index].input\n}}\n"
    )
}

/// Runs one command several times; `before` puts the folder in order.
fn best(program: &str, arguments: &[&str], folder: &Path, times: usize, before: impl Fn()) -> Measured {
    let run = || {
        before();
        support::run(program, arguments, folder, QUIET, &[0, 2])
    };
    let mut best = run();
    for _ in 1..times {
        let next = run();
        best.succeeded &= next.succeeded;
        best.wall = best.wall.min(next.wall);
        best.cpu = best.cpu.min(next.cpu);
        best.peak_kib = best.peak_kib.max(next.peak_kib);
    }
    best
}

struct Pair {
    terraform: Measured,
    ours: Measured,
}

fn compare(what: &str, count: usize, pair: &Pair) {
    let Pair { terraform, ours } = pair;
    let failed = !terraform.succeeded || !ours.succeeded;
    row([
        what.to_owned(),
        count.to_string(),
        seconds(terraform.wall),
        seconds(ours.wall),
        if failed { "failed".into() } else { ratio(terraform.wall.as_secs_f64(), ours.wall.as_secs_f64()) },
        ratio(terraform.cpu.as_secs_f64(), ours.cpu.as_secs_f64()),
        mebibytes(terraform.peak_kib),
        mebibytes(ours.peak_kib),
        ratio(terraform.peak_kib as f64, ours.peak_kib as f64),
    ]);
}

fn measure(what: &str, text: &str, count: usize) {
    let ours = env!("CARGO_BIN_EXE_snapform");
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    std::fs::write(folder.join("main.tf"), text).expect("the configuration is written");
    support::run("terraform", &["init"], folder, QUIET, &[0]);
    let state = folder.join("terraform.tfstate");
    let remove = || drop(std::fs::remove_file(&state));
    let theirs = if count > MOST_APPLIED { 1 } else { 2 };
    let both = |arguments: &[&str], before: &dyn Fn()| Pair {
        terraform: best("terraform", arguments, folder, theirs, before),
        ours: best(ours, arguments, folder, 5, before),
    };
    compare(&format!("first plan, {what}"), count, &both(&["plan"], &remove));
    let apply: &[&str] = &["apply", "-auto-approve"];
    match count > MOST_APPLIED {
        true => drop(best(ours, apply, folder, 1, remove)),
        false => compare(&format!("apply, {what}"), count, &both(apply, &remove)),
    }
    // Both read the state that the last apply left.
    compare(&format!("no-op plan, {what}"), count, &both(&["plan"], &|| ()));
}

fn main() {
    support::measure_if_asked();
    head(&[
        "operation",
        "objects",
        "Terraform",
        "snapform",
        "times faster",
        "times less processor",
        "Terraform, peak",
        "snapform, peak",
        "times smaller",
    ]);
    for count in support::sizes(&[1_000, 5_000]) {
        measure("blocks", &blocks(count), count);
        measure("instances", &instances(count), count);
    }
}
