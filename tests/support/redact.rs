//! What differs from run to run, made the same while keeping its width, so that columns stay aligned.
//!
//! ```ignore
//! assert_eq!(redact("id = snapcfs-m8azx26y"), "id = snapcfs-xxxxxxxx");
//! ```

#![allow(dead_code)]

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Ids, times and durations; the first group is kept.
static CHANGING: LazyLock<Regex> = LazyLock::new(|| {
    let parts = [
        r"\b(s-)[a-z0-9]{20}\b",
        r"\b(snapcfs-)[a-z0-9]{8}\b",
        r"\b(dbp-)[a-z0-9]{8}\b",
        r"\b()[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        r"\b()\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\dZ?",
        r"( after )\d+s\b",
        r"(http://127\.0\.0\.1:)\d+",
    ];
    Regex::new(&parts.join("|")).unwrap()
});

/// Lines of progress. Objects of one wave come and go in any order.
static PROGRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\S+: (Creat|Read|Refresh|Modif|Destr|Still)[a-z]*( complete after .*|\.\.\..*)$").unwrap()
});

/// Returns a text without what changes from run to run. Lines of progress that follow each other are sorted;
/// those that say that something still goes on are left out.
pub fn redact(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut run: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = CHANGING.replace_all(line, hide).into_owned();
        if !PROGRESS.is_match(&line) {
            run.sort();
            lines.append(&mut run);
            lines.push(line);
        } else if !line.contains(": Still ") {
            run.push(line);
        }
    }
    run.sort();
    lines.append(&mut run);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn hide(found: &Captures<'_>) -> String {
    let whole = &found[0];
    let kept = found.iter().skip(1).flatten().next().map_or("", |kept| kept.as_str());
    if kept == " after " {
        // The width of a duration is not fixed.
        return format!("{kept}0s");
    }
    if kept.starts_with("http") {
        return format!("{kept}0");
    }
    // Times keep their look; ids are letters and digits anyhow.
    let mask = if kept.is_empty() && whole.contains(':') { '0' } else { 'x' };
    let hidden = whole[kept.len()..].chars().map(|letter| match letter {
        '0'..='9' | 'a'..='z' => mask,
        other => other,
    });
    kept.chars().chain(hidden).collect()
}
