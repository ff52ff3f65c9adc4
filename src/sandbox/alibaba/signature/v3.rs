//! ACS3-HMAC-SHA256: the signature stands in the `Authorization` header.

use aws_lc_rs::{digest, hmac};

use super::super::encoding::{canonical_query, decode_pairs, hex};
use super::super::envelope::Refusal;
use super::{Claim, Received, Scheme};

const ALGORITHM: &str = "ACS3-HMAC-SHA256";

/// The headers that every signature must cover; a signature that leaves one out proves nothing about it.
const ALWAYS_SIGNED: [&str; 6] =
    ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"];

pub(super) fn read(request: &Received<'_>, authorization: &str) -> Result<Claim, Refusal> {
    let parts =
        authorization.strip_prefix(ALGORITHM).and_then(|rest| rest.strip_prefix(' ')).ok_or_else(|| {
            Refusal::new(
                400,
                "InvalidSignatureMethod",
                "The signature method of the Authorization header is not supported.",
            )
        })?;
    let part = |name: &str| {
        parts
            .split(',')
            .filter_map(|piece| piece.trim().split_once('='))
            .find(|(key, value)| *key == name && !value.is_empty())
            .map(|(_, value)| value.to_owned())
            .ok_or_else(|| incomplete(&format!("the Authorization header has no {name}")))
    };
    let access_key_id = part("Credential")?;
    let signed_headers = part("SignedHeaders")?;
    let signature = part("Signature")?;
    for name in ALWAYS_SIGNED {
        if !signed_headers.split(';').any(|signed| signed == name) {
            return Err(incomplete(&format!("header {name} is not signed")));
        }
    }
    let header = |name: &str, parameter: &str| {
        request
            .header(name)
            .map(|value| value.trim().to_owned())
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::missing(parameter))
    };
    let timestamp = header("x-acs-date", "Timestamp")?;
    let nonce = header("x-acs-signature-nonce", "SignatureNonce")?;
    let announced = header("x-acs-content-sha256", "x-acs-content-sha256")?;
    let canonical = canonical_request(request, &signed_headers);
    Ok(Claim {
        scheme: Scheme::V3,
        access_key_id,
        security_token: request.header("x-acs-security-token").map(str::to_owned),
        timestamp,
        nonce,
        string_to_sign: format!("{ALGORITHM}\n{}", sha256(canonical.as_bytes())),
        body_is_intact: announced == sha256(request.body),
        signature,
    })
}

fn incomplete(reason: &str) -> Refusal {
    Refusal::new(
        400,
        "IncompleteSignature",
        format!("The request signature does not conform to Alibaba Cloud standards: {reason}."),
    )
}

/// Returns the text whose digest is signed.
pub(super) fn canonical_request(request: &Received<'_>, signed_headers: &str) -> String {
    let query = canonical_query(&decode_pairs(request.query));
    let mut headers = String::new();
    for name in signed_headers.split(';') {
        let mut values: Vec<_> = request.header_values(name).map(str::trim).collect();
        values.sort_unstable();
        headers.push_str(&format!("{name}:{}\n", values.join(",")));
    }
    // The payload digest is the announced one, so that a client sees its own canonical request in
    // answers about it; the body is compared with it separately.
    let payload = request.header("x-acs-content-sha256").unwrap_or_default().trim();
    format!("{}\n{}\n{query}\n{headers}\n{signed_headers}\n{payload}", request.method, request.path)
}

pub(super) fn sign(string_to_sign: &str, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hex(hmac::sign(&key, string_to_sign.as_bytes()).as_ref())
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}
