//! The direction of imports between the folders of `src`: nothing points up, and there are no circles.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each folder may import besides itself.
const ALLOWED: [(&str, &[&str]); 12] = [
    ("disk", &[]),
    ("diagnostic", &[]),
    ("lang", &["diagnostic"]),
    ("schema", &["lang", "diagnostic"]),
    ("config", &["disk", "lang", "schema", "diagnostic"]),
    ("state", &["disk", "lang", "diagnostic"]),
    ("plan", &["lang", "config", "schema", "state", "diagnostic"]),
    ("cloud", &["disk", "lang", "schema", "diagnostic"]),
    ("apply", &["cloud", "state", "plan", "lang", "schema", "diagnostic"]),
    ("render", &["plan", "state", "schema", "lang", "config", "diagnostic", "apply"]),
    ("sandbox", &[]),
    (
        "cli",
        &[
            "apply",
            "cloud",
            "config",
            "diagnostic",
            "disk",
            "lang",
            "plan",
            "render",
            "sandbox",
            "schema",
            "state",
        ],
    ),
];

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the sources") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            files_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Returns the folders that a text imports, with the lines; comments, and tests behind `#[cfg(test)]`, do not count.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim() == "#[cfg(test)]" {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        for (at, _) in code.match_indices("crate::") {
            let word: String = code[at + "crate::".len()..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                .collect();
            found.push((number + 1, word));
        }
    }
    found
}

#[test]
fn folders_import_only_what_lies_below_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let known: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    let mut wrong = Vec::new();
    for (folder, allowed) in ALLOWED {
        let mut files = Vec::new();
        files_below(&source.join(folder), &mut files);
        assert!(!files.is_empty(), "src/{folder} is empty");
        for file in files {
            // A file of tests may use what it needs to build a world.
            if file.file_stem().is_some_and(|name| name == "tests") {
                continue;
            }
            for (line, word) in imports(&std::fs::read_to_string(&file).unwrap()) {
                if known.contains(&*word) && word != folder && !allowed.contains(&&*word) {
                    let name = file.strip_prefix(&source).unwrap().display().to_string();
                    wrong.push(format!("src/{name}:{line} imports {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "imports against the direction of docs/architecture.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_allowed_imports_have_no_circle() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut settled: BTreeSet<&str> = BTreeSet::new();
    while settled.len() < allowed.len() {
        let next = allowed.iter().find(|(name, below)| {
            !settled.contains(*name) && below.iter().all(|each| settled.contains(each))
        });
        let (name, _) = next.expect("the folders that are left import each other in a circle");
        settled.insert(name);
    }
}

/// Places that read a whole file by themselves, and why they may.
const OWN_READS: [(&str, &str); 8] = [
    ("state/lock.rs", "a file of the kernel"),
    ("state/local.rs", "files that the program wrote, under its lock"),
    ("state/file.rs", "the side file of the state"),
    ("state/journal.rs", "the journal, which the program wrote"),
    ("state/workspace.rs", "the name of the workspace, which the program wrote"),
    ("state/settings.rs", "the record of init"),
    ("cloud/limits/saved.rs", "the times of calls, which the program wrote"),
    ("sandbox/command.rs", "the sandbox shares nothing with the rest"),
];

#[test]
fn files_of_others_are_read_only_through_disk() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    files_below(&source, &mut files);
    let mut wrong = Vec::new();
    for file in files {
        let name = file.strip_prefix(&source).unwrap().display().to_string();
        let of_tests = ["test", "simulation", "recorded", "samples", "document"];
        if name.starts_with("disk/") || of_tests.iter().any(|part| name.contains(part)) {
            continue;
        }
        for (number, line) in std::fs::read_to_string(&file).unwrap().lines().enumerate() {
            if line.trim() == "#[cfg(test)]" {
                break;
            }
            let reads =
                ["fs::read(", "fs::read_to_string(", "File::open("].iter().any(|call| line.contains(call));
            if reads && !OWN_READS.iter().any(|(own, _)| *own == name) {
                wrong.push(format!("src/{name}:{}", number + 1));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "read them with disk::read, which knows pipes and limits:\n{}",
        wrong.join("\n")
    );
}
