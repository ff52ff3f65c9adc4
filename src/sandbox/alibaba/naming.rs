//! The documented rules for names, descriptions and retention.

use super::envelope::Refusal;
use super::parameters::invalid;

/// How the open points of the naming rules are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct NameRules {
    /// `Auto…` and `AUTO…` are refused like the documented `auto…`.
    pub(super) auto_in_any_case: bool,
    /// What a length is counted in.
    pub(super) counting: Counting,
}

/// What the documented lengths count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Counting {
    /// Unicode scalar values.
    #[default]
    Characters,
    /// Java's `char`.
    Utf16,
}

impl NameRules {
    fn length(self, text: &str) -> usize {
        match self.counting {
            Counting::Characters => text.chars().count(),
            Counting::Utf16 => text.encode_utf16().count(),
        }
    }

    fn is_automatic(self, name: &str) -> bool {
        name.get(..4).is_some_and(|start| {
            start == "auto" || (self.auto_in_any_case && start.eq_ignore_ascii_case("auto"))
        })
    }
}

/// Checks the name of a disk snapshot (ECS, CreateSnapshot, `SnapshotName`).
///
/// # Errors
///
/// `InvalidSnapshotName.Malformed`.
pub(super) fn check_ecs_name(name: &str, rules: NameRules) -> Result<(), Refusal> {
    let later = |c: char| c.is_alphabetic() || c.is_ascii_digit() || ":_.-".contains(c);
    let good = (2..=128).contains(&rules.length(name))
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(later)
        && !is_link(name)
        && !rules.is_automatic(name);
    good.then_some(()).ok_or_else(|| {
        Refusal::new(400, "InvalidSnapshotName.Malformed", "The specified SnapshotName is wrongly formed.")
    })
}

/// Checks a description: at least two characters when a snapshot is created with one, none or more
/// when it is changed.
///
/// # Errors
///
/// `InvalidDescription.Malformed`, with status 404 as documented.
pub(super) fn check_ecs_description(text: &str, shortest: usize, rules: NameRules) -> Result<(), Refusal> {
    let good = text.is_empty() || ((shortest..=256).contains(&rules.length(text)) && !is_link(text));
    good.then_some(()).ok_or_else(|| {
        Refusal::new(404, "InvalidDescription.Malformed", "The specified description is wrongly formed.")
    })
}

/// Returns the retention in days.
///
/// # Errors
///
/// `InvalidRetentionDays.Malformed` outside 1 to 65536, or for text that is no number.
pub(super) fn check_retention(text: &str) -> Result<u32, Refusal> {
    text.parse().ok().filter(|days| (1..=65536).contains(days)).ok_or_else(|| {
        Refusal::new(400, "InvalidRetentionDays.Malformed", "The specified RetentionDays is not valid.")
    })
}

/// Checks the name of a desktop snapshot (ECD, CreateSnapshot, `SnapshotName`).
///
/// The pages of this service name no code for it; `InvalidParameter` is the gateway's.
///
/// # Errors
///
/// `InvalidParameter`.
pub(super) fn check_ecd_name(name: &str, rules: NameRules) -> Result<(), Refusal> {
    let later = |c: char| c.is_alphabetic() || c.is_ascii_digit() || "_-".contains(c);
    let good = (2..=127).contains(&rules.length(name))
        && name.starts_with(char::is_alphabetic)
        && name.chars().all(later)
        && !rules.is_automatic(name);
    good.then_some(()).ok_or_else(|| invalid("SnapshotName"))
}

/// Checks the description of a desktop snapshot: 128 characters at most.
///
/// # Errors
///
/// `InvalidParameter`.
pub(super) fn check_ecd_description(text: &str, rules: NameRules) -> Result<(), Refusal> {
    (rules.length(text) <= 128).then_some(()).ok_or_else(|| invalid("Description"))
}

fn is_link(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disk_snapshot_names_follow_the_page() {
        let good = |name: &str| check_ecs_name(name, NameRules::default()).is_ok();
        for name in ["ab", "备份", "a:b_c.d-1", "Auto-1", "au", "x备1", &"n".repeat(128)] {
            assert!(good(name), "{name}");
        }
        let long = "n".repeat(129);
        for name in ["", "a", "1ab", "_ab", "a b", "a*b", "auto", "auto-x", "http://a", &long] {
            assert!(!good(name), "{name}");
        }
        let any_case = NameRules { auto_in_any_case: true, ..NameRules::default() };
        assert!(check_ecs_name("Auto-1", any_case).is_err());
        let utf16 = NameRules { counting: Counting::Utf16, ..NameRules::default() };
        let wide = "\u{20000}".repeat(65);
        assert!(check_ecs_name(&wide, utf16).is_err() && good(&wide));
    }

    #[test]
    fn desktop_snapshot_names_are_narrower() {
        let good = |name: &str| check_ecd_name(name, NameRules::default()).is_ok();
        assert!(good("ab_c-1") && good(&"n".repeat(127)));
        for name in ["a", "a.b", "a:b", "auto1", "1a", &"n".repeat(128)] {
            assert!(!good(name), "{name}");
        }
    }

    #[test]
    fn descriptions_and_retention_have_their_own_codes() {
        let rules = NameRules::default();
        assert!(check_ecs_description("", 2, rules).is_ok());
        let refused = check_ecs_description("a", 2, rules).unwrap_err();
        assert_eq!((refused.status, refused.code.as_str()), (404, "InvalidDescription.Malformed"));
        assert!(check_ecs_description("a", 0, rules).is_ok());
        assert!(check_ecs_description(&"d".repeat(257), 0, rules).is_err());
        assert!(check_ecs_description("https://a", 2, rules).is_err());
        assert_eq!(check_retention("65536"), Ok(65536));
        for text in ["0", "65537", "-1", "x"] {
            assert!(check_retention(text).is_err(), "{text}");
        }
        assert!(check_ecd_description(&"d".repeat(129), rules).is_err());
    }
}
