//! Ids in the vendors' forms, from a stored counter: the same calls give the same ids.

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The counter behind all ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdMint {
    last: u64,
}

impl IdMint {
    /// Returns a fresh id: the prefix, then that many lower-case letters and digits (8 to 32).
    pub fn next_id(&mut self, prefix: &str, length: usize) -> String {
        self.last = self.last.wrapping_add(1);
        // Ids that sort by age would hide clients that take the order of ids for that of creation.
        // Eight digits run through all of 36^8 before one repeats: the factor has no common divisor with it.
        const SPACE: u128 = 36u128.pow(8);
        let scattered = (u128::from(self.last) * 1_741_103_205_289 + 987_654_321) % SPACE;
        let mut text = format!("{prefix}{}", base36(scattered as u64, 8));
        let mut filler = self.last;
        let mut left = length.saturating_sub(8);
        while left > 0 {
            filler = scatter(filler);
            let part = left.min(12);
            text.push_str(&base36(filler % 36u64.pow(part as u32), part));
            left -= part;
        }
        text
    }

    /// Returns a fresh number that no other id holds.
    pub fn next_number(&mut self) -> u64 {
        self.last = self.last.wrapping_add(1);
        self.last
    }
}

fn base36(mut value: u64, length: usize) -> String {
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[(value % 36) as usize];
        value /= 36;
    }
    String::from_utf8_lossy(&digits).into_owned()
}

/// Returns the next value of a well-mixed sequence (splitmix64).
pub fn scatter(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_form_and_do_not_repeat() {
        let mut mint = IdMint::default();
        let ids: std::collections::BTreeSet<String> = (0..10_000).map(|_| mint.next_id("dbp-", 8)).collect();
        assert_eq!(ids.len(), 10_000);
        assert!(ids.iter().all(|id| id.len() == 12));
        assert_eq!(mint.next_id("s-", 20).len(), 22);
        assert_eq!(IdMint::default().next_id("x-", 8), IdMint::default().next_id("x-", 8));
    }
}
