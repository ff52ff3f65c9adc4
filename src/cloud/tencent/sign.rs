//! TC3-HMAC-SHA256, the signature of Tencent Cloud API 3.0.
//!
//! Source: <https://www.tencentcloud.com/document/api/213/33224> (Signature v3). Everything here is a
//! pure function of the request, the time and the key; the caller owns clock and network.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::cloud::digest::{hex, hmac_sha256, sha256_hex};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";

/// What the signature covers: the request as it will leave, byte for byte.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ToSign<'a> {
    /// `POST` or `GET`.
    pub(crate) method: &'a str,
    /// The query string exactly as sent, empty for `POST`.
    pub(crate) query: &'a str,
    /// Lower-case names with the values to sign, in byte order of the names; at least `content-type` and `host`.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// Hexadecimal SHA-256 of the body.
    pub(crate) payload_hash: &'a str,
    /// Short service name (`cfs`, `cbs`, ...); it stays the same whatever the host is.
    pub(crate) service: &'a str,
    /// UNIX seconds, equal to the `X-TC-Timestamp` header.
    pub(crate) timestamp: i64,
}

impl ToSign<'_> {
    /// Returns the names of the signed headers joined by `;`.
    fn signed_headers(&self) -> String {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        names.join(";")
    }

    fn canonical_request(&self) -> String {
        let mut text = format!("{}\n/\n{}\n", self.method, self.query);
        for (name, value) in self.headers {
            text.push_str(&format!("{name}:{}\n", value.trim()));
        }
        text.push('\n');
        text.push_str(&self.signed_headers());
        text.push('\n');
        text.push_str(self.payload_hash);
        text
    }

    fn scope(&self) -> String {
        format!("{}/{}/{TERMINATOR}", utc_date(self.timestamp), self.service)
    }

    fn string_to_sign(&self) -> String {
        let hash = sha256_hex(self.canonical_request().as_bytes());
        format!("{ALGORITHM}\n{}\n{}\n{hash}", self.timestamp, self.scope())
    }
}

/// Returns the value of the `Authorization` header.
pub(crate) fn authorization(request: &ToSign<'_>, secret_id: &str, secret_key: &str) -> String {
    let key = signing_key(secret_key, request);
    format!(
        "{ALGORITHM} Credential={secret_id}/{}, SignedHeaders={}, Signature={}",
        request.scope(),
        request.signed_headers(),
        signature(&key, request)
    )
}

/// Returns the key of one day and service, as raw bytes.
fn signing_key(secret_key: &str, request: &ToSign<'_>) -> Vec<u8> {
    let date = utc_date(request.timestamp);
    let day = hmac_sha256(format!("TC3{secret_key}").as_bytes(), date.as_bytes());
    let service = hmac_sha256(day.as_ref(), request.service.as_bytes());
    hmac_sha256(service.as_ref(), TERMINATOR.as_bytes()).as_ref().to_vec()
}

fn signature(signing_key: &[u8], request: &ToSign<'_>) -> String {
    hex(hmac_sha256(signing_key, request.string_to_sign().as_bytes()).as_ref())
}

/// Returns the UTC day of a UNIX time as `YYYY-MM-DD`.
fn utc_date(seconds: i64) -> String {
    // A time outside jiff's range cannot come from a clock; the epoch makes the cloud refuse it as expired.
    let instant = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    instant.to_zoned(TimeZone::UTC).strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const VECTORS: &str = include_str!("../../../tests/vectors/tencent-signing.json");

    fn text<'a>(vector: &'a Value, key: &str) -> &'a str {
        vector[key].as_str().unwrap_or_else(|| panic!("{key} in {}", vector["name"]))
    }

    /// Reads the signed headers out of a canonical request of a vector.
    fn headers(canonical: &str) -> Vec<(&str, &str)> {
        canonical
            .split('\n')
            .skip(3)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_once(':'))
            .collect()
    }

    #[test]
    fn every_generated_tc3_vector_is_reproduced() {
        let all: Value = serde_json::from_str(VECTORS).unwrap();
        let mut checked = 0;
        for vector in all["vectors"].as_array().unwrap() {
            if text(vector, "sign_method") != ALGORITHM {
                continue;
            }
            let unsigned = vector["headers"]["X-TC-Content-SHA256"].as_str();
            let hash = sha256_hex(unsigned.unwrap_or(text(vector, "payload")).as_bytes());
            let content_type = text(&vector["headers"], "Content-Type");
            let request = ToSign {
                method: text(vector, "method"),
                query: text(vector, "query_string"),
                headers: &[("content-type", content_type), ("host", text(vector, "host"))],
                payload_hash: &hash,
                service: text(vector, "service"),
                timestamp: vector["timestamp"].as_i64().unwrap(),
            };
            assert_eq!(request.canonical_request(), text(vector, "canonical_request"), "{}", vector["name"]);
            assert_eq!(request.string_to_sign(), text(vector, "string_to_sign"), "{}", vector["name"]);
            assert_eq!(hex(&signing_key(text(vector, "secret_key"), &request)), text(vector, "k_signing"));
            let authorization =
                authorization(&request, text(vector, "secret_id"), text(vector, "secret_key"));
            assert_eq!(authorization, text(vector, "authorization"), "{}", vector["name"]);
            checked += 1;
        }
        assert_eq!(checked, 14);
    }

    #[test]
    fn both_published_examples_are_reproduced() {
        let all: Value = serde_json::from_str(VECTORS).unwrap();
        for vector in all["published_vectors"].as_array().unwrap() {
            let canonical = text(vector, "canonical_request");
            let headers = headers(canonical);
            let request = ToSign {
                method: text(vector, "method"),
                query: "",
                headers: &headers,
                payload_hash: &sha256_hex(text(vector, "payload").as_bytes()),
                service: text(vector, "service"),
                timestamp: vector["timestamp"].as_i64().unwrap(),
            };
            assert_eq!(request.canonical_request(), canonical);
            assert_eq!(request.signed_headers(), text(vector, "signed_headers"));
            // One example publishes only the derived key, its secret is masked.
            let key = match vector["secret_key"].as_str() {
                Some(secret) => signing_key(secret, &request),
                None => bytes_of_hex(text(vector, "k_signing")),
            };
            assert_eq!(signature(&key, &request), text(vector, "signature"), "{}", vector["name"]);
        }
    }

    fn bytes_of_hex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }
}
