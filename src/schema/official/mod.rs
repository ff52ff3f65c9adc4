//! The names of all types that the official providers register: those are foreign, not misspelt.
//!
//! The lists are looked through where they lie, by halves, so that they cost nothing until a type is asked for.

use super::ProviderKind;

const ALICLOUD: [&str; 2] = [include_str!("alicloud-resource.txt"), include_str!("alicloud-data.txt")];
const TENCENTCLOUD: [&str; 2] =
    [include_str!("tencentcloud-resource.txt"), include_str!("tencentcloud-data.txt")];

/// Tells whether the official provider has a resource type, or with `data` a data source, of this name.
pub(super) fn has(kind: ProviderKind, data: bool, name: &str) -> bool {
    contains(list(kind, data), name)
}

/// Returns the names, one a line.
pub(super) fn list(kind: ProviderKind, data: bool) -> &'static str {
    match kind {
        ProviderKind::Alicloud => ALICLOUD[usize::from(data)],
        ProviderKind::Tencentcloud => TENCENTCLOUD[usize::from(data)],
        ProviderKind::Terraform => "",
    }
}

/// Tells whether one of the lines, which are in byte order, is `name`.
fn contains(mut lines: &str, name: &str) -> bool {
    while !lines.is_empty() {
        // The middle of ASCII text is a boundary of a character; the search goes on from the line it lies in.
        let middle = lines.len() / 2;
        let start = lines[..middle].rfind('\n').map_or(0, |newline| newline + 1);
        let end = lines[middle..].find('\n').map_or(lines.len(), |newline| middle + newline);
        match name.cmp(&lines[start..end]) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => lines = &lines[..start],
            std::cmp::Ordering::Greater => lines = lines.get(end + 1..).unwrap_or_default(),
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_names_and_every_one_is_found() {
        for (kind, prefix) in
            [(ProviderKind::Alicloud, "alicloud_"), (ProviderKind::Tencentcloud, "tencentcloud_")]
        {
            for data in [false, true] {
                let names: Vec<&str> = list(kind, data).lines().collect();
                assert!(names.len() > 700 && names.is_sorted_by(|a, b| a < b));
                for name in &names {
                    assert!(name.starts_with(prefix) && name.is_ascii() && has(kind, data, name), "{name}");
                }
            }
        }
        for name in
            ["", "alicloud_", "alicloud_snapsho", "alicloud_snapshott", "zz", "tencentcloud_cbs_snapshot"]
        {
            assert!(!has(ProviderKind::Alicloud, false, name), "{name}");
        }
        assert!(!has(ProviderKind::Terraform, false, "terraform_data"));
    }
}
