//! Documents for contributors, held against the tree: the map of modules, and the files that the guides point to.

#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The names in `folder`, without `.rs`: a module and the folder of its children are one.
fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| {
            entry.path().is_dir() || entry.path().extension().is_some_and(|ending| ending == "rs")
        })
        .map(|entry| entry.file_name().to_str().unwrap().trim_end_matches(".rs").to_owned())
        .filter(|name| !matches!(name.as_str(), "mod" | "lib" | "main"))
        .collect()
}

#[test]
fn the_map_names_every_module_with_one_line() {
    let text = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let (_, table) = text.split_once("## Every module").expect("the chapter of the map");
    let rows: Vec<(&str, &str)> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .collect();
    let named: BTreeSet<String> = rows.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(named.len(), rows.len(), "a module stands twice in the map");
    assert!(rows.iter().all(|(_, line)| !line.trim().is_empty()), "a module has an empty line");

    let mut there = BTreeSet::new();
    for top in names(&root().join("src")) {
        let folder = root().join("src").join(&top);
        if folder.is_dir() {
            there.extend(names(&folder).iter().map(|name| format!("{top}/{name}")));
        }
        there.insert(top);
    }
    let missing: Vec<_> = there.difference(&named).collect();
    let left_over: Vec<_> = named.difference(&there).collect();
    assert!(
        missing.is_empty() && left_over.is_empty(),
        "not in the map: {missing:?}; only in the map: {left_over:?}"
    );
}

#[test]
fn every_path_in_a_guide_exists() {
    let mut seen = 0;
    for guide in fs::read_dir(root().join("docs/guides")).unwrap() {
        let guide = guide.unwrap().path();
        let text = fs::read_to_string(&guide).unwrap();
        for word in text.split('`').skip(1).step_by(2) {
            if ["src/", "docs/", "tests/"].iter().any(|start| word.starts_with(start)) {
                assert!(root().join(word).exists(), "{}: no {word}", guide.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 40, "the guides point to {seen} files only");
}
