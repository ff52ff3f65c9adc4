//! Every folder of `examples/` is planned, applied and destroyed, and its README shows what really happens.

use std::path::{Path, PathBuf};

use crate::golden;
use crate::program::Folder;
use crate::redact::redact;

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// Plans, applies, plans again and destroys an example; returns all that was printed.
fn life_of(name: &str, objects: usize) {
    let folder = Folder::copy_of(&example(name));
    let applied = folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    golden::check(&format!("examples/{name}-apply"), &applied.text());
    assert_eq!(folder.points().len(), objects);

    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded().saying("No changes.");

    let destroyed = folder.sandboxed(&["destroy", "-auto-approve"]).succeeded();
    golden::check(&format!("examples/{name}-destroy"), &destroyed.text());
    assert_eq!(folder.points(), []);
    folder.sandboxed(&["plan", "-detailed-exitcode"]).ended_with(2);
    shows_what_happens(name);
}

/// Holds the fenced blocks of an example's README against the golden run. A line `…` stands for lines left out.
fn shows_what_happens(name: &str) {
    let readme = std::fs::read_to_string(example(name).join("README.md")).unwrap();
    let golden = std::fs::read_to_string(golden::path(&format!("examples/{name}-apply"))).unwrap();
    let golden = redact(&golden);
    let mut lines = golden.lines();
    let mut blocks = 0;
    for block in readme.split("```text\n").skip(1) {
        let block = block.split("```").next().unwrap();
        for line in redact(block).lines().filter(|line| !line.is_empty() && *line != "…") {
            assert!(
                lines.any(|actual| actual == line),
                "examples/{name}/README.md shows a line that a run does not print, or not at this place: {line:?}"
            );
        }
        blocks += 1;
    }
    assert!(blocks > 0, "examples/{name}/README.md shows no output");
}

#[test]
fn five_systems_are_made_and_taken_away() {
    life_of("five-systems", 10);
}

#[test]
fn the_first_snapshot_is_made_and_taken_away() {
    life_of("first-snapshot", 1);
}

#[test]
fn all_tagged_disks_get_a_recovery_point() {
    life_of("all-tagged-disks", 5);
}

#[test]
fn two_regions_are_served_from_one_directory() {
    life_of("two-regions", 3);
}

#[test]
fn every_example_is_run_here() {
    let mut names: Vec<_> = std::fs::read_dir(example(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["all-tagged-disks", "first-snapshot", "five-systems", "two-regions"]);
}
