//! Gzip, byte for byte as Go's `compress/gzip` writes it: what `base64gzip` returns is often compared.
//!
//! Every compressor may choose other matches and codes; these follow the default level of Go's.

mod huffman;
mod matches;

use huffman::{BitWriter, Block};

/// Tokens of one block.
const BLOCK: usize = 1 << 14;

/// Returns a gzip file with these bytes: one flushed piece and an empty last block.
pub(super) fn compress(bytes: &[u8]) -> Vec<u8> {
    // No name, no time, no system.
    let mut out = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    let mut writer = BitWriter::default();
    let mut start = 0;
    let tokens = matches::tokens(bytes);
    for tokens in tokens.chunks(BLOCK) {
        let length: usize = tokens.iter().map(|token| token.length()).sum();
        Block::new(tokens, &bytes[start..start + length]).write(&mut writer);
        start += length;
    }
    writer.stored(&[], false);
    writer.stored(&[], true);
    out.extend(writer.finish());
    let mut checksum = flate2::Crc::new();
    checksum.update(bytes);
    out.extend(checksum.sum().to_le_bytes());
    out.extend((bytes.len() as u32).to_le_bytes());
    out
}
