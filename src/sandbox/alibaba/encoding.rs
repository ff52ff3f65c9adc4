//! Percent encoding as both signature schemes define it, and its inverse as HTML forms write it.

use crate::sandbox::http::form_pairs;

/// The pairs of a query or form body, decoded, in the order received.
pub(super) type Pairs = Vec<(String, String)>;

/// Returns `text` with every byte but `A-Z a-z 0-9 - _ . ~` as `%XX`.
pub(super) fn percent_encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(byte as char);
        } else {
            encoded.push('%');
            encoded.push(HEX[usize::from(byte >> 4)] as char);
            encoded.push(HEX[usize::from(byte & 15)] as char);
        }
    }
    encoded
}

/// Returns the decoded pairs of a query string or an `application/x-www-form-urlencoded` body.
///
/// A name without `=` has the empty value. Bytes that are no UTF-8 become U+FFFD, so that their
/// signature cannot match.
pub(super) fn decode_pairs(raw: &str) -> Pairs {
    form_pairs(raw.as_bytes())
}

/// Returns `name=value` joined with `&`, sorted by name and then value in byte order.
///
/// Both halves are encoded: the SDKs leave names bare, which is the same for every name the APIs have.
pub(super) fn canonical_query<'a>(pairs: impl IntoIterator<Item = &'a (String, String)>) -> String {
    let mut sorted: Vec<_> = pairs.into_iter().collect();
    sorted.sort();
    sorted
        .into_iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

/// Returns lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_percent_encoding_vector_is_reproduced_and_decodes_back() {
        let vectors = super::super::signature::tests::vectors();
        let pairs = vectors["percent_encoding"].as_array().unwrap();
        assert_eq!(pairs.len(), 37);
        for pair in pairs {
            let (plain, encoded) = (pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
            assert_eq!(percent_encode(plain), encoded);
            assert_eq!(decode_pairs(encoded)[0].0, plain);
        }
    }

    #[test]
    fn broken_escapes_stay_as_they_are_and_plus_is_a_blank() {
        let pairs = decode_pairs("a=1+2&b=%zz%4&&c&d=%ff&e=%2B");
        let expected = [("a", "1 2"), ("b", "%zz%4"), ("c", ""), ("d", "\u{fffd}"), ("e", "+")];
        let found: Vec<_> = pairs.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(found, expected);
    }
}
