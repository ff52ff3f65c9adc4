//! Blocks: the codes of tokens, and which of the three kinds of block is the shortest.

use super::matches::Token;

const END_OF_BLOCK: usize = 256;
const FIRST_LENGTH: usize = 257;
const LITERALS: usize = 286;
const DISTANCES: usize = 30;
/// The order in which the lengths of the codes for lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Bits, the lowest first.
#[derive(Default)]
pub(super) struct BitWriter {
    out: Vec<u8>,
    bits: u64,
    count: u32,
}

impl BitWriter {
    fn put(&mut self, value: usize, count: u32) {
        self.bits |= (value as u64) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push((self.bits & 0xff) as u8);
            self.bits >>= 8;
            self.count -= 8;
        }
    }

    fn align(&mut self) {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
    }

    /// Writes bytes as they are.
    pub(super) fn stored(&mut self, bytes: &[u8], last: bool) {
        self.put(usize::from(last), 3);
        self.align();
        self.put(bytes.len(), 16);
        self.put(!bytes.len() & 0xffff, 16);
        self.out.extend(bytes);
    }

    pub(super) fn finish(mut self) -> Vec<u8> {
        self.align();
        self.out
    }
}

/// For each symbol its code, the bits reversed, and its length.
type Codes = Vec<(usize, u32)>;

fn reversed(code: usize, length: u32) -> usize {
    code.reverse_bits() >> (usize::BITS - length)
}

fn size(codes: &Codes, frequencies: &[usize]) -> usize {
    frequencies.iter().zip(codes).map(|(frequency, (_, length))| frequency * *length as usize).sum()
}

/// Returns the best codes of at most `limit` bits.
fn codes(frequencies: &[usize], limit: usize) -> Codes {
    let mut codes: Codes = vec![(0, 0); frequencies.len()];
    let mut list: Vec<(usize, usize)> = frequencies
        .iter()
        .enumerate()
        .filter(|(_, frequency)| **frequency > 0)
        .map(|(symbol, frequency)| (*frequency, symbol))
        .collect();
    if list.len() <= 2 {
        for (code, (_, symbol)) in list.iter().enumerate() {
            codes[*symbol] = (code, 1);
        }
        return codes;
    }
    list.sort_unstable();
    let counts = counts_by_length(&list, limit);
    let mut code = 0;
    for (length, count) in counts.iter().enumerate() {
        code <<= 1;
        let mut chunk: Vec<usize> =
            list.split_off(list.len() - count).into_iter().map(|(_, symbol)| symbol).collect();
        chunk.sort_unstable();
        for symbol in chunk {
            codes[symbol] = (reversed(code, length as u32), length as u32);
            code += 1;
        }
    }
    codes
}

#[derive(Clone, Copy)]
struct Level {
    last: usize,
    next_leaf: usize,
    next_pair: usize,
    needed: usize,
}

/// Returns how many symbols have codes of each length, by the boundary package-merge of Katajainen, Moffat and Turpin.
fn counts_by_length(list: &[(usize, usize)], limit: usize) -> Vec<usize> {
    let frequency = |at: usize| list.get(at).map_or(usize::MAX, |(frequency, _)| *frequency);
    let limit = limit.min(list.len() - 1);
    let first = Level {
        last: frequency(1),
        next_leaf: frequency(2),
        next_pair: frequency(0) + frequency(1),
        needed: 0,
    };
    let mut levels = vec![first; limit + 2];
    let mut leaves = vec![vec![0usize; limit + 2]; limit + 2];
    levels[0].needed = 0;
    levels[1].next_pair = usize::MAX;
    leaves.iter_mut().enumerate().take(limit + 1).skip(1).for_each(|(level, leaves)| leaves[level] = 2);
    levels[limit].needed = 2 * list.len() - 4;
    let mut level = limit;
    loop {
        let Level { last: before, next_leaf, next_pair, .. } = levels[level];
        if next_pair == usize::MAX && next_leaf == usize::MAX {
            levels[level].needed = 0;
            levels[level + 1].next_pair = usize::MAX;
            level += 1;
            continue;
        }
        if next_leaf < next_pair {
            let count = leaves[level][level] + 1;
            levels[level].last = next_leaf;
            leaves[level][level] = count;
            levels[level].next_leaf = frequency(count);
        } else {
            levels[level].last = next_pair;
            let (below, this) = leaves.split_at_mut(level);
            this[0][..level].copy_from_slice(&below[level - 1][..level]);
            levels[level - 1].needed = 2;
        }
        levels[level].needed -= 1;
        if levels[level].needed == 0 {
            if level == limit {
                break;
            }
            levels[level + 1].next_pair = before + levels[level].last;
            level += 1;
        } else {
            while level > 1 && levels[level - 1].needed > 0 {
                level -= 1;
            }
        }
    }
    let mut counts = vec![0; limit + 1];
    for (length, count) in counts.iter_mut().enumerate().skip(1) {
        let level = limit + 1 - length;
        *count = leaves[limit][level] - leaves[limit][level - 1];
    }
    counts
}

/// Returns the symbol of a length, its further bits and how many these are.
fn length_symbol(length: usize) -> (usize, usize, u32) {
    match length - 3 {
        255 => (FIRST_LENGTH + 28, 0, 0),
        short if short < 8 => (FIRST_LENGTH + short, 0, 0),
        rest => {
            let extra = rest.ilog2() - 2;
            let symbol = FIRST_LENGTH + 4 * (extra as usize + 1) + ((rest >> extra) & 3);
            (symbol, rest & ((1 << extra) - 1), extra)
        }
    }
}

/// Returns the symbol of a distance, its further bits and how many these are.
fn distance_symbol(distance: usize) -> (usize, usize, u32) {
    match distance - 1 {
        near if near < 4 => (near, 0, 0),
        rest => {
            let extra = rest.ilog2() - 1;
            (2 * (extra as usize + 1) + ((rest >> extra) & 1), rest & ((1 << extra) - 1), extra)
        }
    }
}

/// The tokens of a block and what they stand for.
pub(super) struct Block<'a> {
    tokens: &'a [Token],
    bytes: &'a [u8],
    literals: Vec<usize>,
    distances: Vec<usize>,
    extra_bits: usize,
}

impl<'a> Block<'a> {
    pub(super) fn new(tokens: &'a [Token], bytes: &'a [u8]) -> Self {
        let (mut literals, mut distances) = (vec![0; LITERALS], vec![0; DISTANCES]);
        let mut extra_bits = 0;
        literals[END_OF_BLOCK] = 1;
        for token in tokens {
            match *token {
                Token::Literal(byte) => literals[usize::from(byte)] += 1,
                Token::Match { length, distance } => {
                    let (symbol, _, extra) = length_symbol(length);
                    literals[symbol] += 1;
                    extra_bits += extra as usize;
                    let (symbol, _, extra) = distance_symbol(distance);
                    distances[symbol] += 1;
                    extra_bits += extra as usize;
                }
            }
        }
        let used = |all: &[usize]| all.iter().rposition(|count| *count > 0).map_or(0, |last| last + 1);
        literals.truncate(used(&literals));
        distances.truncate(used(&distances));
        if distances.is_empty() {
            // A block of its own codes needs one for distances.
            distances.push(1);
        }
        Self { tokens, bytes, literals, distances, extra_bits }
    }

    /// Writes the shortest of the three kinds of block.
    pub(super) fn write(&self, writer: &mut BitWriter) {
        let (fixed_literals, fixed_distances) = fixed();
        let fixed_size = 3
            + size(&fixed_literals, &self.literals)
            + size(&fixed_distances, &self.distances)
            + self.extra_bits;
        let (literals, distances) = (codes(&self.literals, 15), codes(&self.distances, 15));
        let header = Header::new(&literals, &distances);
        let own_size = header.size()
            + size(&literals, &self.literals)
            + size(&distances, &self.distances)
            + self.extra_bits;
        let stored_size = (self.bytes.len() + 5) * 8;
        if self.bytes.len() <= usize::from(u16::MAX) && stored_size < fixed_size.min(own_size) {
            writer.stored(self.bytes, false);
        } else if own_size < fixed_size {
            header.write(writer, literals.len(), distances.len());
            self.write_tokens(writer, &literals, &distances);
        } else {
            writer.put(2, 3);
            self.write_tokens(writer, &fixed_literals, &fixed_distances);
        }
    }

    fn write_tokens(&self, writer: &mut BitWriter, literals: &Codes, distances: &Codes) {
        let put = |writer: &mut BitWriter, (code, length): (usize, u32)| writer.put(code, length);
        for token in self.tokens {
            match *token {
                Token::Literal(byte) => put(writer, literals[usize::from(byte)]),
                Token::Match { length, distance } => {
                    let (symbol, bits, extra) = length_symbol(length);
                    put(writer, literals[symbol]);
                    writer.put(bits, extra);
                    let (symbol, bits, extra) = distance_symbol(distance);
                    put(writer, distances[symbol]);
                    writer.put(bits, extra);
                }
            }
        }
        put(writer, literals[END_OF_BLOCK]);
    }
}

/// Returns the codes that need no description.
fn fixed() -> (Codes, Codes) {
    let literals = (0..LITERALS).map(|symbol| match symbol {
        0..=143 => (reversed(symbol + 48, 8), 8),
        144..=255 => (reversed(symbol - 144 + 400, 9), 9),
        256..=279 => (reversed(symbol - 256, 7), 7),
        _ => (reversed(symbol - 280 + 192, 8), 8),
    });
    (literals.collect(), (0..DISTANCES).map(|symbol| (reversed(symbol, 5), 5)).collect())
}

/// The description of a block's own codes.
struct Header {
    /// Symbols for lengths of codes, with further bits and how many these are.
    lengths: Vec<(usize, usize, u32)>,
    codes: Codes,
    frequencies: [usize; 19],
    /// How many of the codes' lengths are written.
    written: usize,
}

impl Header {
    fn new(literals: &Codes, distances: &Codes) -> Self {
        let all: Vec<u32> = literals.iter().chain(distances).map(|(_, length)| *length).collect();
        let mut lengths = Vec::new();
        for run in all.chunk_by(|a, b| a == b) {
            let (length, mut count) = (run[0] as usize, run.len());
            if length > 0 {
                lengths.push((length, 0, 0));
                count -= 1;
                while count >= 3 {
                    let repeated = count.min(6);
                    lengths.push((16, repeated - 3, 2));
                    count -= repeated;
                }
            } else {
                while count >= 11 {
                    let repeated = count.min(138);
                    lengths.push((18, repeated - 11, 7));
                    count -= repeated;
                }
                if count >= 3 {
                    lengths.push((17, count - 3, 3));
                    count = 0;
                }
            }
            lengths.extend(std::iter::repeat_n((length, 0, 0), count));
        }
        let mut frequencies = [0; 19];
        lengths.iter().for_each(|(symbol, ..)| frequencies[*symbol] += 1);
        let mut written = ORDER.len();
        while written > 4 && frequencies[ORDER[written - 1]] == 0 {
            written -= 1;
        }
        Self { lengths, codes: codes(&frequencies, 7), frequencies, written }
    }

    fn size(&self) -> usize {
        let extra: usize = self.lengths.iter().map(|(_, _, extra)| *extra as usize).sum();
        3 + 5 + 5 + 4 + 3 * self.written + size(&self.codes, &self.frequencies) + extra
    }

    fn write(&self, writer: &mut BitWriter, literals: usize, distances: usize) {
        writer.put(4, 3);
        writer.put(literals - FIRST_LENGTH, 5);
        writer.put(distances - 1, 5);
        writer.put(self.written - 4, 4);
        for symbol in &ORDER[..self.written] {
            writer.put(self.codes[*symbol].1 as usize, 3);
        }
        for (symbol, bits, extra) in &self.lengths {
            let (code, length) = self.codes[*symbol];
            writer.put(code, length);
            writer.put(*bits, *extra);
        }
    }
}
