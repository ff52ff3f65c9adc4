//! Checks of the documented limits of names, tags and numbers.
//!
//! Each takes a known, non-null value and returns what is wrong with the rule and the remedy, or nothing. Parts that are
//! still unknown pass: they are checked again once they are known.

use crate::lang::Value;

/// A rule for a text: what is wrong with it, or nothing.
type TextRule = fn(&str) -> Option<String>;

fn of_text(value: &Value, rule: TextRule) -> Option<String> {
    value.as_str().and_then(rule)
}

/// Returns whether `text` begins with one of the prefixes that Alibaba reserves or refuses.
fn refused_prefix(text: &str, prefixes: &[&str]) -> Option<String> {
    let found = prefixes.iter().find(|prefix| text.starts_with(**prefix))?;
    Some(format!("It must not begin with {found:?}. Choose another beginning."))
}

fn length(text: &str, least: usize, most: usize) -> Option<String> {
    let count = text.chars().count();
    if (least..=most).contains(&count) {
        return None;
    }
    let rule = if least == 0 { format!("at most {most}") } else { format!("{least} to {most}") };
    Some(format!(
        "It must have {rule} characters, and has {count}. Choose a {} text.",
        shorter_or_longer(count, most)
    ))
}

fn shorter_or_longer(count: usize, most: usize) -> &'static str {
    if count > most { "shorter" } else { "longer" }
}

fn stray(text: &str, allowed: fn(char) -> bool, rule: &str) -> Option<String> {
    let found = text.chars().find(|character| !allowed(*character))?;
    Some(format!("It may hold {rule} only, but holds {:?}. Leave that character out.", found))
}

/// ECS CreateSnapshot: 2 to 128 characters.
pub(super) fn ecs_snapshot_name(value: &Value) -> Option<String> {
    of_text(value, |text| {
        length(text, 2, 128)
            .or_else(|| refused_prefix(text, &["http://", "https://", "auto"]))
            .or_else(|| begins_with_letter(text))
            .or_else(|| {
                let allowed =
                    |c: char| c.is_alphabetic() || c.is_ascii_digit() || matches!(c, ':' | '_' | '.' | '-');
                stray(text, allowed, "letters, digits, \":\", \"_\", \".\" and \"-\"")
            })
    })
}

fn begins_with_letter(text: &str) -> Option<String> {
    let first = text.chars().next()?;
    (!first.is_alphabetic())
        .then(|| format!("It must begin with a letter, but begins with {first:?}. Put a letter in front."))
}

/// ECS CreateSnapshot and ModifySnapshotAttribute: empty, or 2 to 256 characters.
pub(super) fn ecs_description(value: &Value) -> Option<String> {
    of_text(value, |text| {
        if text.is_empty() {
            return None;
        }
        length(text, 2, 256).or_else(|| refused_prefix(text, &["http://", "https://"]))
    })
}

/// ECS CreateSnapshot: 1 to 65536 days.
pub(super) fn ecs_retention_days(value: &Value) -> Option<String> {
    whole_number(value, 1, 65536, "days")
}

/// ECS CreateSnapshot: 1 to 65535 days.
pub(super) fn instant_access_retention_days(value: &Value) -> Option<String> {
    whole_number(value, 1, 65535, "days")
}

/// CFS UpdateCfsSnapshotAttribute: days; the page states no upper limit.
pub(super) fn alive_days(value: &Value) -> Option<String> {
    whole_number(value, 1, i64::from(u32::MAX), "days")
}

fn whole_number(value: &Value, least: i64, most: i64, unit: &str) -> Option<String> {
    let number = value.as_number()?;
    match number.to_i64() {
        Some(whole) if (least..=most).contains(&whole) => None,
        _ => Some(format!(
            "It must be a whole number from {least} to {most} ({unit}), and is {number}. Choose another number."
        )),
    }
}

/// ECS tags: at most 20, each key 1 to 128 and each value up to 128 characters, with reserved beginnings.
pub(super) fn ecs_tags(value: &Value) -> Option<String> {
    let tags = value.members()?;
    if tags.len() > 20 {
        return Some(format!("At most 20 tags are allowed, and there are {}. Remove some.", tags.len()));
    }
    let mut folded: Vec<(String, &str)> = Vec::new();
    for (key, value) in tags {
        let wrong = length(key, 1, 128)
            .or_else(|| refused_prefix(key, &["aliyun", "acs:"]))
            .or_else(|| holds_address(key));
        if let Some(wrong) = wrong {
            return Some(format!("Tag key {key:?}: {wrong}"));
        }
        let lower = key.to_lowercase();
        if let Some((_, other)) = folded.iter().find(|(each, _)| *each == lower) {
            return Some(format!(
                "Tag keys {other:?} and {key:?} differ only in case, which the service takes for a duplicate. Rename one."
            ));
        }
        folded.push((lower, key));
        let wrong = value.as_str().and_then(|text| {
            length(text, 0, 128).or_else(|| refused_prefix(text, &["acs:"])).or_else(|| holds_address(text))
        });
        if let Some(wrong) = wrong {
            return Some(format!("Value of tag {key:?}: {wrong}"));
        }
    }
    None
}

fn holds_address(text: &str) -> Option<String> {
    let found = ["http://", "https://"].into_iter().find(|part| text.contains(part))?;
    Some(format!("It must not contain {found:?}. Leave the scheme out."))
}

/// ECS CreateSnapshot, in the provider's spelling.
pub(super) fn ecs_category(value: &Value) -> Option<String> {
    one_of(value, &["standard", "flash"])
}

/// ECD CreateSnapshot: 2 to 127 characters.
pub(super) fn ecd_snapshot_name(value: &Value) -> Option<String> {
    of_text(value, |text| {
        length(text, 2, 127)
            .or_else(|| refused_prefix(text, &["auto"]))
            .or_else(|| begins_with_letter(text))
            .or_else(|| {
                let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
                stray(text, allowed, "letters, digits, \"_\" and \"-\"")
            })
    })
}

/// ECD CreateSnapshot: at most 128 characters.
pub(super) fn ecd_description(value: &Value) -> Option<String> {
    of_text(value, |text| length(text, 0, 128))
}

/// ECD CreateSnapshot, in the provider's spelling.
pub(super) fn ecd_source_disk_type(value: &Value) -> Option<String> {
    one_of(value, &["DATA", "SYSTEM"])
}

/// CFS CreateCfsSnapshot: at most 64 characters.
pub(super) fn cfs_snapshot_name(value: &Value) -> Option<String> {
    of_text(value, |text| {
        length(text, 0, 64).or_else(|| {
            let allowed = |c: char| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || (c.is_alphabetic() && !c.is_ascii())
            };
            stray(text, allowed, "letters, Chinese characters, digits, \"_\" and \"-\"")
        })
    })
}

/// CFS tags: key 1 to 127 and value 1 to 255 bytes of UTF-8.
pub(super) fn cfs_tags(value: &Value) -> Option<String> {
    let bytes = |text: &str, most: usize| {
        let count = text.len();
        (count == 0 || count > most).then(|| {
            format!("It must have 1 to {most} bytes in UTF-8, and has {count}. Choose another text.")
        })
    };
    for (key, value) in value.members()? {
        if let Some(wrong) = bytes(key, 127) {
            return Some(format!("Tag key {key:?}: {wrong}"));
        }
        if let Some(wrong) = value.as_str().and_then(|text| bytes(text, 255)) {
            return Some(format!("Value of tag {key:?}: {wrong}"));
        }
    }
    None
}

/// CBS CreateDiskBackup: at most 100 characters.
pub(super) fn cbs_backup_name(value: &Value) -> Option<String> {
    of_text(value, |text| length(text, 0, 100))
}

/// TcaplusDB times are written `YYYY-MM-DD hh:mm:ss`.
pub(super) fn plain_time(value: &Value) -> Option<String> {
    of_text(value, |text| {
        let well_formed =
            text.len() == 19 && jiff::civil::DateTime::strptime("%Y-%m-%d %H:%M:%S", text).is_ok();
        (!well_formed).then(|| {
            format!(
                "It must be a time written as \"2006-01-02 15:04:05\", and is {text:?}. Write it that way."
            )
        })
    })
}

/// TcaplusDB group: a bare id, or `cluster:group` as the provider's data sources write it.
pub(super) fn tcaplus_group(value: &Value) -> Option<String> {
    of_text(value, |text| {
        let parts: Vec<&str> = text.split(':').collect();
        (parts.len() > 2 || parts.iter().any(|part| part.is_empty())).then(|| {
            format!("It must be the id of a table group, alone or as \"cluster:group\", and is {text:?}. Correct it.")
        })
    })
}

/// A text that an id is built from: not empty, and without the colon that separates the parts.
pub(super) fn id_part(value: &Value) -> Option<String> {
    of_text(value, |text| {
        if text.is_empty() {
            return Some("It must not be empty. Give a name.".to_owned());
        }
        text.contains(':')
            .then(|| format!("It must not contain \":\", and is {text:?}. Leave the colon out."))
    })
}

/// Ids of parents: anything but an empty text.
pub(super) fn not_empty(value: &Value) -> Option<String> {
    of_text(value, |text| {
        text.is_empty().then(|| "It must not be empty. Give the id of an existing object.".to_owned())
    })
}

/// A regular expression that compiles.
pub(super) fn regular_expression(value: &Value) -> Option<String> {
    of_text(value, |text| {
        let error = regex::Regex::new(text).err()?;
        let last = error.to_string().lines().last().unwrap_or_default().to_owned();
        Some(format!("It must be a regular expression: {last}. Correct the pattern."))
    })
}

/// Returns what is wrong unless the value is one of these, in this case.
pub(super) fn one_of(value: &Value, allowed: &[&str]) -> Option<String> {
    let text = value.as_str()?;
    if allowed.contains(&text) {
        return None;
    }
    let listed: Vec<String> = allowed.iter().map(|each| format!("{each:?}")).collect();
    Some(format!("It must be one of {}, and is {text:?}. Choose one of these.", listed.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Kind, Type};

    fn text(text: &str) -> Value {
        Value::string(text)
    }

    fn tags(pairs: &[(&str, &str)]) -> Value {
        let members = pairs.iter().map(|(key, value)| ((*key).into(), text(value))).collect();
        Kind::Map(Type::String, std::sync::Arc::new(members)).into()
    }

    #[test]
    fn ecs_names_follow_the_page() {
        for good in ["ab", "nightly:db_1.2-x", "备份1", &"a".repeat(128)] {
            assert_eq!(ecs_snapshot_name(&text(good)), None, "{good}");
        }
        for bad in ["a", "1ab", "auto-x", "http://x", "https://x", "a b", "a/b", &"a".repeat(129), ""] {
            assert!(ecs_snapshot_name(&text(bad)).is_some(), "{bad}");
        }
    }

    #[test]
    fn ecs_numbers_and_descriptions_follow_the_page() {
        assert_eq!(ecs_retention_days(&Value::from(1)), None);
        assert_eq!(ecs_retention_days(&Value::from(65536)), None);
        assert!(ecs_retention_days(&Value::from(0)).is_some());
        assert!(ecs_retention_days(&Value::from(65537)).is_some());
        assert_eq!(ecs_description(&text("")), None);
        assert!(ecs_description(&text("x")).is_some());
        assert!(ecs_description(&text("http://x")).is_some());
    }

    #[test]
    fn ecs_tags_follow_the_page() {
        assert_eq!(ecs_tags(&tags(&[("env", "prod"), ("empty", "")])), None);
        let many: Vec<String> = (0..21).map(|number| format!("k{number}")).collect();
        let many: Vec<(&str, &str)> = many.iter().map(|key| (key.as_str(), "v")).collect();
        assert!(ecs_tags(&tags(&many)).unwrap().contains("At most 20"));
        assert!(ecs_tags(&tags(&many[..20])).is_none());
        for bad in [
            ("acs:x", "v"),
            ("aliyunx", "v"),
            ("", "v"),
            ("xhttp://", "v"),
            ("k", "https://a"),
            ("k", "acs:1"),
        ] {
            assert!(ecs_tags(&tags(&[bad])).is_some(), "{bad:?}");
        }
        assert!(ecs_tags(&tags(&[("Env", "a"), ("env", "b")])).unwrap().contains("case"));
    }

    #[test]
    fn ecd_names_follow_the_page() {
        assert_eq!(ecd_snapshot_name(&text("desk_1-a")), None);
        for bad in ["a", "auto1", "1a", "a.b", &"a".repeat(128)] {
            assert!(ecd_snapshot_name(&text(bad)).is_some(), "{bad}");
        }
    }

    #[test]
    fn cfs_names_and_tags_follow_the_page() {
        assert_eq!(cfs_snapshot_name(&text("快照_测试-1")), None);
        assert_eq!(cfs_snapshot_name(&text(&"a".repeat(64))), None);
        assert!(cfs_snapshot_name(&text(&"a".repeat(65))).unwrap().contains("64"));
        assert!(cfs_snapshot_name(&text("a b")).is_some());
        assert!(cfs_tags(&tags(&[("k", "")])).is_some());
        assert!(cfs_tags(&tags(&[(&"键".repeat(43), "v")])).is_some());
    }

    #[test]
    fn times_are_checked_as_dates() {
        assert_eq!(plain_time(&text("2026-02-28 23:59:59")), None);
        for bad in ["2026-02-30 00:00:00", "2026-02-28T00:00:00", "2026-2-8 00:00:00", ""] {
            assert!(plain_time(&text(bad)).is_some(), "{bad}");
        }
    }
}
