//! The graphs that Terraform 1.11 printed of the same configurations.

use std::path::Path;

use super::{Operation, detailed, resources};
use crate::config::{Config, MemoryFiles, load};
use crate::diagnostic::Sources;
use crate::plan::graph::{build, build_unordered};
use crate::state::State;

fn loaded(files: &[(&str, &str)]) -> (Config, Sources) {
    let mut memory = MemoryFiles::new();
    files.iter().for_each(|(name, text)| memory.insert(*name, *text));
    let mut sources = Sources::new();
    let (config, found) = load(&memory, Path::new(""), &mut sources);
    assert!(!found.has_errors(), "{found:?}");
    (config, sources)
}

fn modules() -> (Config, Sources) {
    loaded(&[
        ("main.tf", include_str!("recorded/main.tf")),
        ("m/main.tf", include_str!("recorded/m.tf")),
        ("m/n/main.tf", include_str!("recorded/n.tf")),
    ])
}

#[test]
fn resources_stand_in_clusters_with_the_edges_that_follow_from_no_others() {
    let (config, sources) = modules();
    let graph = build(&config, &sources).unwrap();
    assert_eq!(resources(&graph), include_str!("recorded/resources.dot"));
}

#[test]
fn the_graphs_of_plan_and_apply_have_every_object() {
    let (config, sources) = modules();
    let graph = build(&config, &sources).unwrap();
    for (operation, expected) in [
        (Operation::Plan, include_str!("recorded/plan.dot")),
        (Operation::Apply, include_str!("recorded/apply.dot")),
    ] {
        assert_eq!(detailed(&config, &graph, &State::default(), operation, false), expected);
    }
}

#[test]
fn circles_are_red_when_asked_for() {
    let (config, sources) = loaded(&[("main.tf", include_str!("recorded/circle.tf"))]);
    assert!(build(&config, &sources).is_err());
    let graph = build_unordered(&config, &sources);
    let text = detailed(&config, &graph, &State::default(), Operation::Plan, true);
    assert_eq!(text, include_str!("recorded/circle.dot"));
}

#[test]
fn a_configuration_without_resources_says_so() {
    let (config, sources) = loaded(&[("main.tf", "locals {\n  a = 1\n}\n")]);
    let text = resources(&build(&config, &sources).unwrap());
    assert!(text.contains("does not contain any resources"), "{text}");
}
