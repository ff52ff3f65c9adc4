//! ACS3-HMAC-SHA256, the signature (version 3) of Alibaba Cloud's RPC interfaces.
//!
//! Source: <https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature>.
//! Everything here is a pure function of the request and the key; the caller owns clock, nonce and network.

use crate::cloud::digest::{hex, hmac_sha256, sha256_hex};

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// What the signature covers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToSign<'a> {
    /// `POST` or `GET`.
    pub(crate) method: &'a str,
    /// Parameters in clear, in any order.
    pub(crate) query: &'a [(String, String)],
    /// Lower-case header names with their values, in any order; all of them are signed.
    pub(crate) headers: &'a [(String, String)],
    /// Hexadecimal SHA-256 of the body, equal to the `x-acs-content-sha256` header.
    pub(crate) payload_hash: &'a str,
}

impl ToSign<'_> {
    fn sorted_headers(&self) -> Vec<(&str, &str)> {
        let mut headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.trim())).collect();
        headers.sort_unstable();
        headers
    }

    /// Returns the names of the signed headers joined by `;`.
    fn signed_headers(&self) -> String {
        let names: Vec<&str> = self.sorted_headers().into_iter().map(|(name, _)| name).collect();
        names.join(";")
    }

    fn canonical_request(&self) -> String {
        let mut text = format!("{}\n/\n{}\n", self.method, encoded_query(self.query));
        for (name, value) in self.sorted_headers() {
            text.push_str(&format!("{name}:{value}\n"));
        }
        text.push('\n');
        text.push_str(&self.signed_headers());
        text.push('\n');
        text.push_str(self.payload_hash);
        text
    }

    fn string_to_sign(&self) -> String {
        format!("{ALGORITHM}\n{}", sha256_hex(self.canonical_request().as_bytes()))
    }
}

/// Returns the value of the `Authorization` header.
pub(crate) fn authorization(request: &ToSign<'_>, access_key_id: &str, access_key_secret: &str) -> String {
    let tag = hmac_sha256(access_key_secret.as_bytes(), request.string_to_sign().as_bytes());
    format!(
        "{ALGORITHM} Credential={access_key_id},SignedHeaders={},Signature={}",
        request.signed_headers(),
        hex(tag.as_ref())
    )
}

/// Returns the parameters sorted by name and percent-encoded: the canonical form, which is also a valid query string.
pub(crate) fn encoded_query(parameters: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = parameters.iter().collect();
    sorted.sort_unstable();
    let pairs: Vec<String> = sorted
        .into_iter()
        .map(|(name, value)| format!("{}={}", percent_encode(name), percent_encode(value)))
        .collect();
    pairs.join("&")
}

/// Encodes all but `A-Z a-z 0-9 - _ . ~` as upper-case `%XX` of the UTF-8 bytes.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../tests/vectors/alibaba-signing.json")).unwrap()
    }

    fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
        vector[key].as_str().unwrap_or_else(|| panic!("{key} in {}", vector["name"]))
    }

    fn pairs(list: &Value) -> Vec<(String, String)> {
        let pair =
            |item: &Value| (item[0].as_str().unwrap().to_owned(), item[1].as_str().unwrap().to_owned());
        list.as_array().unwrap().iter().map(pair).collect()
    }

    #[test]
    fn every_version_3_vector_is_reproduced() {
        let all = vectors();
        let list = all["v3"].as_array().unwrap();
        assert_eq!(list.len(), 12);
        for vector in list {
            let query = pairs(&vector["query"]);
            let headers: Vec<(String, String)> = vector["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect();
            let hash = sha256_hex(text(vector, "body").as_bytes());
            assert_eq!(hash, text(vector, "hashed_payload"));
            let request = ToSign {
                method: text(vector, "method"),
                query: &query,
                headers: &headers,
                payload_hash: &hash,
            };
            assert_eq!(encoded_query(&query), text(vector, "canonical_query"), "{}", vector["name"]);
            assert_eq!(request.canonical_request(), text(vector, "canonical_request"), "{}", vector["name"]);
            assert_eq!(request.string_to_sign(), text(vector, "string_to_sign"), "{}", vector["name"]);
            let authorization =
                authorization(&request, text(vector, "access_key_id"), text(vector, "access_key_secret"));
            assert_eq!(authorization, text(vector, "authorization"), "{}", vector["name"]);
        }
    }

    #[test]
    fn version_3_requests_captured_from_the_vendors_sdks_verify() {
        let all = vectors();
        let mut checked = 0;
        for captured in all["captured_requests"].as_array().unwrap() {
            if text(captured, "signature_version") != "V3" {
                continue;
            }
            let query = pairs(&captured["query"]);
            let sent = pairs(&captured["headers"]);
            let expected = &sent.iter().find(|(name, _)| name == "Authorization").unwrap().1;
            let signed: Vec<&str> = expected
                .split("SignedHeaders=")
                .nth(1)
                .unwrap()
                .split(',')
                .next()
                .unwrap()
                .split(';')
                .collect();
            let headers: Vec<(String, String)> =
                sent.iter().filter(|(name, _)| signed.contains(&name.as_str())).cloned().collect();
            let hash = sha256_hex(text(captured, "body").as_bytes());
            let request = ToSign {
                method: text(captured, "method"),
                query: &query,
                headers: &headers,
                payload_hash: &hash,
            };
            let made =
                authorization(&request, text(captured, "access_key_id"), text(captured, "access_key_secret"));
            assert_eq!(&made, expected, "{}", captured["name"]);
            checked += 1;
        }
        assert!(checked >= 5, "only {checked} captured requests of version 3");
    }

    #[test]
    fn percent_encoding_follows_the_vendors_table() {
        for pair in vectors()["percent_encoding"].as_array().unwrap() {
            assert_eq!(percent_encode(pair[0].as_str().unwrap()), pair[1].as_str().unwrap());
        }
    }
}
