//! "Did you mean": the known name that is nearest to a wrong one.

/// Returns the known name that differs least from `given`, if it differs little: fewer than three edits.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .filter_map(|name| Some((distance(given, name, 2)?, name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// Returns the sentence that offers the nearest name, with a blank before it; nothing when none is near.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(given, known).map_or_else(String::new, |name| format!(" Did you mean \"{name}\"?"))
}

/// Returns the number of inserted, deleted and replaced characters between two texts, unless it is above `limit`.
pub(crate) fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().take(200).collect(), b.chars().take(200).collect());
    if a.len().abs_diff(b.len()) > limit {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    let result = row[b.len()];
    (result <= limit).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("snapshot_nam", ["disk_id", "snapshot_name"]), Some("snapshot_name"));
        assert_eq!(nearest("foo", ["disk_id", "snapshot_name"]), None);
        assert_eq!(did_you_mean("dsk_id", ["disk_id"]), " Did you mean \"disk_id\"?");
    }
}
