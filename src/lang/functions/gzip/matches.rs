//! Repetitions: chains of places that begin alike, and a match put off when the next byte begins a longer one.

const WINDOW: usize = 1 << 15;
const SHORTEST: usize = 4;
const LONGEST: usize = 258;
/// A short match from farther away costs more than its letters.
const NEAR: usize = 4_096;
/// A match this long is not put off.
const LAZY: usize = 16;
/// A match this long ends the search.
const NICE: usize = 128;
/// The places looked at for one match.
const CHAIN: usize = 128;
const HASH_BITS: u32 = 17;

/// A byte, or a piece that occurred before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Literal(u8),
    Match { length: usize, distance: usize },
}

impl Token {
    /// Returns the number of bytes it stands for.
    pub(super) fn length(self) -> usize {
        match self {
            Token::Literal(_) => 1,
            Token::Match { length, .. } => length,
        }
    }
}

struct Finder<'a> {
    bytes: &'a [u8],
    /// Of each hash the newest place, and of each place the one before with its hash; one more than the place, 0 for none.
    heads: Vec<usize>,
    previous: Vec<usize>,
}

impl Finder<'_> {
    /// Notes a place and returns the one before with the same hash.
    fn insert(&mut self, at: usize) -> Option<usize> {
        let four = &self.bytes[at..at + SHORTEST];
        let number = u32::from_be_bytes([four[0], four[1], four[2], four[3]]);
        let hash = (number.wrapping_mul(0x1e35_a7bd) >> (32 - HASH_BITS)) as usize;
        let before = self.heads[hash];
        self.previous[at % WINDOW] = before;
        self.heads[hash] = at + 1;
        before.checked_sub(1)
    }

    /// Returns length and distance of the best match.
    fn find(&self, at: usize, first: usize) -> Option<(usize, usize)> {
        let limit = LONGEST.min(self.bytes.len() - at);
        let nice = NICE.min(limit);
        let oldest = at.saturating_sub(WINDOW);
        let here = &self.bytes[at..at + limit];
        let (mut length, mut found) = (SHORTEST - 1, None);
        let mut candidate = first;
        for _ in 0..CHAIN {
            if length < limit && here[length] == self.bytes[candidate + length] {
                let same = here.iter().zip(&self.bytes[candidate..]).take_while(|(a, b)| a == b).count();
                if same > length && (same > SHORTEST || at - candidate <= NEAR) {
                    length = same;
                    found = Some((same, at - candidate));
                    if same >= nice {
                        break;
                    }
                }
            }
            if at >= WINDOW && candidate == oldest {
                break;
            }
            match self.previous[candidate % WINDOW].checked_sub(1) {
                Some(next) if next >= oldest => candidate = next,
                _ => break,
            }
        }
        found
    }
}

/// Returns the tokens that stand for these bytes.
pub(super) fn tokens(bytes: &[u8]) -> Vec<Token> {
    let mut finder = Finder { bytes, heads: vec![0; 1 << HASH_BITS], previous: vec![0; WINDOW] };
    let mut tokens = Vec::new();
    let insertable = (bytes.len() + 1).saturating_sub(SHORTEST);
    let (mut length, mut distance) = (SHORTEST - 1, 0);
    let mut waiting = false;
    let mut at = 0;
    let mut head = None;
    while at < bytes.len() {
        if at < insertable {
            head = finder.insert(at);
        }
        let (before_length, before_distance) = (length, distance);
        (length, distance) = (SHORTEST - 1, 0);
        let ahead = bytes.len() - at;
        if let Some(first) = head
            && first >= at.saturating_sub(WINDOW)
            && ahead > before_length
            && before_length < LAZY
            && let Some(found) = finder.find(at, first)
        {
            (length, distance) = found;
        }
        if before_length >= SHORTEST && length <= before_length {
            tokens.push(Token::Match { length: before_length, distance: before_distance });
            let end = at + before_length - 1;
            at += 1;
            while at < end {
                if at < insertable {
                    finder.insert(at);
                }
                at += 1;
            }
            waiting = false;
            length = SHORTEST - 1;
        } else {
            if waiting {
                tokens.push(Token::Literal(bytes[at - 1]));
            }
            at += 1;
            waiting = true;
        }
    }
    if waiting {
        tokens.push(Token::Literal(bytes[at - 1]));
    }
    tokens
}
