//! Which elements of two lists belong together.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// How long the comparison of two long lists may take; then it gets coarse.
const DEADLINE: Duration = Duration::from_millis(200);

/// Up to this many pairs of elements all are compared, which finds the very pairs that Terraform finds.
const ALL_PAIRS: usize = 1 << 20;

/// Returns pairs of positions in the order of printing: an element that only one side has comes alone.
///
/// Elements are given as numbers, equal where the elements are. What is not in the longest common part
/// is deleted and created; `both_objects` says whether two such elements are rather one object that
/// changed.
pub(super) fn align(
    before: &[usize],
    after: &[usize],
    both_objects: impl Fn(usize, usize) -> bool,
) -> Vec<(Option<usize>, Option<usize>)> {
    let common = common_part(before, after);
    let mut common = common.iter();
    let mut found = Vec::new();
    let (mut old, mut new) = (0, 0);
    loop {
        let next = common.next();
        let stops = |side: &[usize], at: usize| side.get(at).is_none_or(|item| Some(item) == next);
        while !stops(before, old) {
            if !stops(after, new) && both_objects(old, new) {
                found.push((Some(old), Some(new)));
                new += 1;
            } else {
                found.push((Some(old), None));
            }
            old += 1;
        }
        while !stops(after, new) {
            found.push((None, Some(new)));
            new += 1;
        }
        if next.is_none() {
            return found;
        }
        found.push((Some(old), Some(new)));
        old += 1;
        new += 1;
    }
}

/// Returns a longest sequence of elements that both sides have in the same order.
fn common_part(before: &[usize], after: &[usize]) -> Vec<usize> {
    if before.len().saturating_mul(after.len()) > ALL_PAIRS {
        let deadline = Some(Instant::now() + DEADLINE);
        let operations =
            similar::capture_diff_slices_deadline(similar::Algorithm::Myers, before, after, deadline);
        let equal = operations.iter().filter_map(|operation| match *operation {
            similar::DiffOp::Equal { old_index, len, .. } => before.get(old_index..old_index + len),
            _ => None,
        });
        return equal.flatten().copied().collect();
    }
    // lengths[y][x] is the length of the longest common part of the first x and y elements.
    let width = before.len() + 1;
    let mut lengths = vec![0_u32; width * (after.len() + 1)];
    for (y, new) in after.iter().enumerate() {
        for (x, old) in before.iter().enumerate() {
            let at = (y + 1) * width + x + 1;
            lengths[at] = if old == new {
                lengths[at - width - 1] + 1
            } else {
                lengths[at - 1].max(lengths[at - width])
            };
        }
    }
    let (mut x, mut y) = (before.len(), after.len());
    let mut common = Vec::new();
    while x > 0 && y > 0 {
        let at = y * width + x;
        if before[x - 1] == after[y - 1] {
            common.push(before[x - 1]);
            x -= 1;
            y -= 1;
        } else if lengths[at - 1] > lengths[at - width] {
            x -= 1;
        } else {
            y -= 1;
        }
    }
    common.reverse();
    common
}

/// Gives equal elements equal numbers. Elements that are equal have the same `digest`.
pub(super) fn number<'a, T>(
    before: &'a [T],
    after: &'a [T],
    digest: impl Fn(&T) -> u64,
    equal: impl Fn(&T, &T) -> bool,
) -> (Vec<usize>, Vec<usize>) {
    let mut kinds: HashMap<u64, Vec<(&T, usize)>> = HashMap::new();
    let mut count = 0;
    let mut number = |item: &'a T| {
        let near = kinds.entry(digest(item)).or_default();
        if let Some((_, number)) = near.iter().find(|(kind, _)| equal(kind, item)) {
            return *number;
        }
        count += 1;
        near.push((item, count));
        count
    };
    let before = before.iter().map(&mut number).collect();
    (before, after.iter().map(&mut number).collect())
}
