//! Equal errors as one: three hundred objects that a cloud refuses for one reason are one thing to read.

use indexmap::IndexMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, SourceRange};

/// So many are shown one by one.
const FEW: usize = 5;

/// So many of the others are named.
const NAMED: usize = 10;

/// What errors have in common that differ in the object concerned alone.
type Kind = (String, String, Option<SourceRange>);

/// Returns the findings with errors that differ only in their object, and in what a cloud calls each call, as one: the first
/// of them, which names the others.
pub(super) fn grouped(found: &Diagnostics) -> Diagnostics {
    let mut kinds: IndexMap<Kind, Vec<&Diagnostic>> = IndexMap::new();
    for each in found.iter().filter(|each| is_of_object(each)) {
        kinds.entry(kind(each)).or_default().push(each);
    }
    kinds.retain(|_, alike| alike.len() > FEW);
    if kinds.is_empty() {
        return found.clone();
    }
    let mut grouped = Diagnostics::new();
    for each in found {
        let Some(alike) =
            Some(each).filter(|each| is_of_object(each)).and_then(|each| kinds.get(&kind(each)))
        else {
            grouped.push(each.clone());
            continue;
        };
        if std::ptr::eq(alike[0], each) {
            grouped
                .push(Diagnostic { detail: format!("{}\n\n{}", each.detail, others(alike)), ..each.clone() });
        }
    }
    grouped
}

fn is_of_object(found: &Diagnostic) -> bool {
    found.severity == Severity::Error && found.address.is_some()
}

fn kind(found: &Diagnostic) -> Kind {
    let without =
        found.address.as_deref().map_or_else(|| found.detail.clone(), |own| found.detail.replace(own, "…"));
    // Ids, numbers of requests and names with a number in them are each object's own.
    let words: Vec<&str> = without
        .split_whitespace()
        .map(|word| if word.bytes().any(|byte| byte.is_ascii_digit()) { "#" } else { word })
        .collect();
    (found.summary.clone(), words.join(" "), found.subject)
}

/// Names the errors behind the first.
fn others(alike: &[&Diagnostic]) -> String {
    let rest = &alike[1..];
    let names: Vec<&str> = rest.iter().take(NAMED).filter_map(|each| each.address.as_deref()).collect();
    let more = match rest.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!(
        "{} more objects failed in the same way: {}{more}. -json tells of each.",
        rest.len(),
        names.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(at: usize, why: &str) -> Diagnostic {
        let address = format!("a.b[{at}]");
        let detail = format!("{address} could not be made: {why} (request 7f{at:04}c1)");
        Diagnostic::error("Failed to create a recovery point", detail).about(address)
    }

    #[test]
    fn equal_errors_are_one_that_names_the_others() {
        let mut found: Diagnostics = (0..300).map(|at| error(at, "quota is full")).collect();
        found.push(error(300, "disk is busy"));
        let grouped = grouped(&found);
        let all: Vec<&Diagnostic> = grouped.iter().collect();
        assert_eq!(all.len(), 2);
        assert!(all[0].detail.contains("(request 7f0000c1)"), "{}", all[0].detail);
        assert!(
            all[0].detail.ends_with(
                "299 more objects failed in the same way: a.b[1], a.b[2], a.b[3], a.b[4], a.b[5], a.b[6], a.b[7], a.b[8], a.b[9], a.b[10] and 289 more. -json tells of each."
            ),
            "{}",
            all[0].detail
        );
        assert!(all[1].detail.contains("disk is busy"));
    }

    #[test]
    fn few_errors_stay_as_they_are() {
        let found: Diagnostics = (0..5).map(|at| error(at, "quota is full")).collect();
        assert_eq!(grouped(&found), found);
    }
}
