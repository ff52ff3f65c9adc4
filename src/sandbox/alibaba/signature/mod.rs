//! Verifies the two signature schemes over the bytes received.
//!
//! [`Claim::read`] takes out of a request who says to have signed it, when, and with what result;
//! [`Claim::is_signed_with`] computes the signature anew from the secret. Nothing here knows accounts,
//! clocks or remembered nonces: those are the business of [`super::authority`].
//!
//! Sources: "V3 request body & signature mechanism" and "V2 RPC signature" of the vendor's API
//! reference, and the signers of alibabacloud-tea-openapi 0.4.6 and aliyun-python-sdk-core 2.16.1.

mod v1;
mod v3;

use super::encoding::{Pairs, decode_pairs};
use super::envelope::Refusal;

/// The parts of a request that a signature can cover.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    /// The query as it stood in the target, still encoded and without `?`.
    pub(super) query: &'a str,
    pub(super) headers: &'a [(String, String)],
    pub(super) body: &'a [u8],
}

impl<'a> Received<'a> {
    /// Returns the first value of a header, whatever the case of its name.
    pub(super) fn header(&self, name: &str) -> Option<&'a str> {
        self.header_values(name).next()
    }

    /// Returns all values of a header in the order received.
    fn header_values(&self, name: &str) -> impl Iterator<Item = &'a str> {
        let name = name.to_owned();
        self.headers
            .iter()
            .filter(move |(key, _)| key.eq_ignore_ascii_case(&name))
            .map(|(_, value)| value.as_str())
    }

    /// Returns the pairs of the form body; other bodies have none.
    pub(super) fn form(&self) -> Pairs {
        let is_form = self.header("content-type").is_some_and(|kind| {
            kind.trim().to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
        });
        if !is_form {
            return Vec::new();
        }
        decode_pairs(&String::from_utf8_lossy(self.body))
    }

    /// Returns the parameters of query and form body together, as both schemes allow to mix them.
    pub(super) fn pairs(&self) -> Pairs {
        let mut pairs = decode_pairs(self.query);
        pairs.extend(self.form());
        pairs
    }
}

/// The generations of the RPC signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scheme {
    /// ACS3-HMAC-SHA256, in headers.
    V3,
    /// HMAC-SHA1, in parameters.
    V1,
}

/// What a request says about its own signature.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) scheme: Scheme,
    pub(super) access_key_id: String,
    pub(super) security_token: Option<String>,
    /// `yyyy-MM-ddTHH:mm:ssZ`, as received.
    pub(super) timestamp: String,
    pub(super) nonce: String,
    /// The text that the server signs, told to the client when the signatures differ.
    pub(super) string_to_sign: String,
    /// False when the body is not the one whose digest the request announces.
    pub(super) body_is_intact: bool,
    signature: String,
}

impl Claim {
    /// Returns the claim of a request.
    ///
    /// # Errors
    ///
    /// The gateway's refusal of a request whose signature parts are missing or malformed.
    pub(super) fn read(request: &Received<'_>) -> Result<Self, Refusal> {
        match request.header("authorization") {
            Some(authorization) => v3::read(request, authorization),
            None => v1::read(request),
        }
    }

    /// Tells whether `secret` yields the signature that the request carries.
    pub(super) fn is_signed_with(&self, secret: &str) -> bool {
        let expected = match self.scheme {
            Scheme::V3 => v3::sign(&self.string_to_sign, secret),
            Scheme::V1 => v1::sign(&self.string_to_sign, secret),
        };
        expected == self.signature
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::encoding::{canonical_query, percent_encode};
    use super::*;
    use serde_json::Value;

    pub(in crate::sandbox::alibaba) fn vectors() -> Value {
        serde_json::from_str(include_str!("../../../../tests/vectors/alibaba-signing.json")).unwrap()
    }

    pub(in crate::sandbox::alibaba) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
        value[key].as_str().unwrap_or_else(|| panic!("{key} of {}", value["name"]))
    }

    /// A request taken apart from the raw bytes that a client sent.
    pub(in crate::sandbox::alibaba) struct Captured {
        pub(in crate::sandbox::alibaba) method: String,
        pub(in crate::sandbox::alibaba) query: String,
        pub(in crate::sandbox::alibaba) headers: Vec<(String, String)>,
        pub(in crate::sandbox::alibaba) body: Vec<u8>,
    }

    impl Captured {
        pub(in crate::sandbox::alibaba) fn parse(raw: &str) -> Self {
            let (head, body) = raw.split_once("\r\n\r\n").unwrap();
            let mut lines = head.split("\r\n");
            let mut first = lines.next().unwrap().split(' ');
            let method = first.next().unwrap().to_owned();
            let query = first.next().unwrap().strip_prefix("/?").unwrap().to_owned();
            let headers = lines
                .map(|line| line.split_once(": ").unwrap())
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            Self { method, query, headers, body: body.as_bytes().to_vec() }
        }

        fn received(&self) -> Received<'_> {
            Received {
                method: &self.method,
                path: "/",
                query: &self.query,
                headers: &self.headers,
                body: &self.body,
            }
        }
    }

    #[test]
    fn every_v3_vector_verifies_and_no_other_secret_does() {
        let vectors = vectors();
        let list = vectors["v3"].as_array().unwrap();
        assert_eq!(list.len(), 12);
        for vector in list {
            let mut headers: Vec<(String, String)> = vector["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect();
            headers.push(("Authorization".into(), text(vector, "authorization").into()));
            let received = Received {
                method: text(vector, "method"),
                path: text(vector, "path"),
                query: vector["wire_query"].as_str().unwrap_or_default(),
                headers: &headers,
                body: text(vector, "body").as_bytes(),
            };
            let claim = Claim::read(&received).unwrap();
            let name = text(vector, "name");
            assert_eq!(claim.scheme, Scheme::V3, "{name}");
            assert_eq!(claim.access_key_id, text(vector, "access_key_id"), "{name}");
            assert_eq!(
                v3::canonical_request(&received, text(vector, "signed_headers")),
                text(vector, "canonical_request"),
                "{name}"
            );
            assert_eq!(claim.string_to_sign, text(vector, "string_to_sign"), "{name}");
            assert!(claim.body_is_intact, "{name}");
            assert!(claim.is_signed_with(text(vector, "access_key_secret")), "{name}");
            assert!(!claim.is_signed_with("another secret"), "{name}");
        }
    }

    #[test]
    fn every_v1_vector_verifies_from_query_and_form() {
        let vectors = vectors();
        let list = vectors["v1"].as_array().unwrap();
        assert_eq!(list.len(), 9);
        for vector in list {
            let encode = |part: &Value| -> String {
                let pairs: Vec<_> = part
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                    .collect();
                canonical_query(&pairs).replace("%20", "+")
            };
            let signature = percent_encode(text(vector, "signature"));
            assert_eq!(signature, text(vector, "signature_percent_encoded"));
            let query = format!("{}&Signature={signature}", encode(&vector["query_params"]));
            let body = encode(&vector["form_params"]);
            let headers = [("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())];
            let received = Received {
                method: text(vector, "method"),
                path: "/",
                query: &query,
                headers: &headers,
                body: body.as_bytes(),
            };
            let claim = Claim::read(&received).unwrap();
            let name = text(vector, "name");
            assert_eq!(claim.scheme, Scheme::V1, "{name}");
            assert_eq!(claim.string_to_sign, text(vector, "string_to_sign"), "{name}");
            assert!(claim.is_signed_with(text(vector, "access_key_secret")), "{name}");
            assert!(!claim.is_signed_with("another secret"), "{name}");
        }
    }

    #[test]
    fn every_captured_request_verifies_and_a_changed_byte_does_not() {
        let vectors = vectors();
        let list = vectors["captured_requests"].as_array().unwrap();
        assert_eq!(list.len(), 19);
        for vector in list {
            let name = text(vector, "name");
            let secret = text(vector, "access_key_secret");
            let captured = Captured::parse(text(vector, "raw"));
            let claim = Claim::read(&captured.received()).unwrap();
            assert_eq!(claim.access_key_id, text(vector, "access_key_id"), "{name}");
            assert!(claim.body_is_intact && claim.is_signed_with(secret), "{name}");

            let refused = |changed: &Captured, what: &str| {
                let accepted = Claim::read(&changed.received())
                    .is_ok_and(|claim| claim.body_is_intact && claim.is_signed_with(secret));
                assert!(!accepted, "{name}: {what} changed and still accepted");
            };
            let mut changed = Captured::parse(text(vector, "raw"));
            changed.query = format!("{}&Extra=1", changed.query);
            refused(&changed, "query");
            if !captured.body.is_empty() {
                let mut changed = Captured::parse(text(vector, "raw"));
                *changed.body.last_mut().unwrap() ^= 1;
                refused(&changed, "body");
            }
            if claim.scheme == Scheme::V3 {
                let signed = captured
                    .headers
                    .iter()
                    .find(|(name, _)| name == "Authorization")
                    .and_then(|(_, value)| value.split("SignedHeaders=").nth(1))
                    .and_then(|rest| rest.split(',').next())
                    .unwrap()
                    .to_owned();
                for header in signed.split(';') {
                    let mut changed = Captured::parse(text(vector, "raw"));
                    for (name, value) in &mut changed.headers {
                        if name.eq_ignore_ascii_case(header) {
                            value.push('x');
                        }
                    }
                    refused(&changed, header);
                }
            }
        }
    }
}
