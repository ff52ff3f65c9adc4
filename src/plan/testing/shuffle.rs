//! The same scenarios with their blocks in another order and in other files.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Stage, parse, play};
use crate::diagnostic::SourceId;
use crate::lang::syntax::parse_body;
use crate::state::State;

/// Runs all scenarios of a file with shuffled files and blocks. The plans must be the expected ones; findings stand at other
/// places and may name those, so only their number and their summaries count.
pub(in crate::plan) fn run_shuffled(file: &str, seed: u64) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/plan/tests/scenarios").join(file);
    let mut order = Order(seed);
    let mut failures = String::new();
    for scenario in parse(&std::fs::read_to_string(&path).unwrap()) {
        let mut state = State::default();
        for (at, stage) in scenario.stages.iter().enumerate() {
            let shuffled = Stage {
                head: stage.head.clone(),
                files: shuffle(&stage.files, &mut order),
                ..Stage::default()
            };
            let got = play(&shuffled, &mut state);
            if comparable(&got) != comparable(&stage.expected) {
                failures +=
                    &format!("### {} [stage {}]\n{:#?}\n{got}\n", scenario.title, at + 1, shuffled.files);
            }
        }
    }
    assert!(failures.is_empty(), "{file}, seed {seed}:\n{failures}");
}

/// Returns the lines of a plan, findings without their places and details and in an order of their own.
fn comparable(plan: &str) -> Vec<String> {
    let is_finding = |line: &&str| line.starts_with("error: ") || line.starts_with("warning: ");
    let summary = |line: &str| {
        let line = line.split(" | ").next().unwrap_or_default();
        line.split(" (").next().unwrap_or_default().to_owned()
    };
    let mut findings: Vec<String> = plan.lines().filter(is_finding).map(summary).collect();
    findings.sort();
    let rest = plan.trim_end().lines().filter(|line| !is_finding(line)).map(str::to_owned);
    findings.into_iter().chain(rest).collect()
}

/// A repeatable sequence of choices.
struct Order(u64);

impl Order {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }
}

/// Deals the blocks of each folder out to three files, in another order. What is no plain configuration stays.
fn shuffle(files: &[(String, String)], order: &mut Order) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, text) in files {
        let (folder, base) = name.rsplit_once('/').unwrap_or(("", name));
        let (body, found) = parse_body(SourceId(0), text);
        let is_plain = base.ends_with(".tf") && !base.ends_with("override.tf") && body.attributes.is_empty();
        if !is_plain || found.has_errors() {
            all.push((name.clone(), text.clone()));
            continue;
        }
        let blocks = body.blocks.iter();
        let texts = blocks.map(|block| &text[block.range.start as usize..block.range.end as usize]);
        folders.entry(folder).or_default().extend(texts);
    }
    for (folder, mut blocks) in folders {
        let mut dealt = [String::new(), String::new(), String::new()];
        while !blocks.is_empty() {
            let block = blocks.swap_remove(order.below(blocks.len()));
            let file = &mut dealt[order.below(3)];
            file.push_str(block);
            file.push_str("\n\n");
        }
        let slash = if folder.is_empty() { "" } else { "/" };
        for (number, text) in dealt.into_iter().enumerate() {
            all.push((format!("{folder}{slash}part{number}.tf"), text));
        }
    }
    all
}
