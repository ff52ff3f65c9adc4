//! The direction of imports between the folders of `src`: nothing points up, and there are no circles.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What each folder, or file beside them, may import besides itself.
const ALLOWED: [(&str, &[&str]); 13] = [
    ("disk", &[]),
    ("retry_after", &[]),
    ("diagnostic", &[]),
    ("lang", &["diagnostic"]),
    ("schema", &["lang", "diagnostic"]),
    ("config", &["disk", "lang", "schema", "diagnostic"]),
    ("state", &["disk", "lang", "diagnostic", "retry_after"]),
    ("plan", &["lang", "config", "schema", "state", "diagnostic"]),
    ("cloud", &["disk", "lang", "schema", "diagnostic", "retry_after"]),
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
        match source.join(folder).with_extension("rs") {
            file if file.is_file() => files.push(file),
            _ => files_below(&source.join(folder), &mut files),
        }
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
        let of_tests = ["test", "simulation", "recorded", "samples", "document", "parity"];
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

/// Returns the variables of the environment that a source text names: as literals with a prefix of their own, and as what
/// the few functions are given that read others.
fn variables_named(text: &str) -> BTreeSet<String> {
    const PREFIXES: [&str; 9] = [
        "SNAPFORM_",
        "TF_",
        "ALICLOUD_",
        "ALIBABA_CLOUD_",
        "ALIBABACLOUD_",
        "ALIYUN_",
        "TENCENTCLOUD_",
        "TCCLI_",
        "TKE_",
    ];
    const READERS: [&str; 4] = ["env::var(", "env::var_os(", " variable(", "(variable("];
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_uppercase());
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
        // A name that goes on, such as that of TF_VAR_name, is written with its end open.
        for (at, _) in line.match_indices('"') {
            let rest = &line[at + 1..];
            let name: String = rest.chars().take_while(|c| *c == '_' || c.is_ascii_uppercase()).collect();
            let closes = rest[name.len()..].starts_with(['"', '{']);
            let before = &line[..at];
            if closes && PREFIXES.iter().any(|prefix| name.starts_with(prefix) && name != *prefix) {
                found.insert(if name.ends_with('_') { format!("{name}…") } else { name });
            } else if is_name(&name) && closes && before.ends_with("twin(") {
                found.extend([format!("SNAPFORM_{name}"), format!("TF_{name}")]);
            } else if is_name(&name)
                && closes
                && READERS.iter().any(|reader| format!(" {before}").ends_with(reader))
            {
                found.insert(name);
            }
        }
    }
    found
}

#[test]
fn the_page_of_the_environment_names_what_is_read_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    files_below(&root.join("src"), &mut files);
    let is_test = |path: &Path| {
        path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            ["tests", "testing", "simulation", "testing.rs", "tests.rs", "parity.rs"].contains(&&*name)
        })
    };
    let mut read = BTreeSet::new();
    for file in files.iter().filter(|file| !is_test(file)) {
        let text = std::fs::read_to_string(file).expect("a source file");
        read.extend(variables_named(&text));
    }
    // For the tests alone.
    read.remove("SNAPFORM_BLESS");
    let page = std::fs::read_to_string(root.join("docs/environment.md")).expect("the page");
    let mut written = BTreeSet::new();
    for line in page.split("## Read by the libraries").next().unwrap_or_default().lines() {
        let Some(cell) = line.strip_prefix("| `").and_then(|rest| rest.split(" | ").next()) else { continue };
        written.extend(cell.trim_matches('`').split("`, `").map(str::to_owned));
    }
    let missing: Vec<_> = read.difference(&written).collect();
    let extra: Vec<_> = written.difference(&read).collect();
    assert!(
        missing.is_empty() && extra.is_empty(),
        "read and not named: {missing:?}\nnamed and not read: {extra:?}"
    );
}
