//! Texts as they must be, in files below `tests/golden/`. The files hold a real run; runs are compared without what
//! changes from one to the next. `SNAPFORM_BLESS=1` rewrites the files that differ.
//!
//! ```ignore
//! golden::check("examples/first-snapshot", &run.text());
//! ```

#![allow(dead_code)]

use std::path::{Path, PathBuf};

use similar::TextDiff;

use crate::redact::redact;

/// Returns the path of a golden file.
pub fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("txt")
}

/// Compares a text with its golden file.
#[track_caller]
pub fn check(name: &str, actual: &str) {
    let path = path(name);
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let (before, after) = (redact(&expected), redact(actual));
    if before == after {
        return;
    }
    if std::env::var_os("SNAPFORM_BLESS").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let diff = TextDiff::from_lines(&before, &after);
    let diff = diff.unified_diff().context_radius(3).to_string();
    panic!("{} differs (SNAPFORM_BLESS=1 rewrites it):\n{diff}", path.display());
}
