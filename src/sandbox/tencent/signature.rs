//! TC3-HMAC-SHA256 over the bytes received: raw query, raw `Host`, raw `Content-Type`, raw body.

use aws_lc_rs::{digest, hmac};

use super::answer::{ApiError, error};
use crate::sandbox::clock::utc_date;
use crate::sandbox::http::Request;

/// Seconds that a timestamp may be off.
const WINDOW_SECONDS: i64 = 300;

/// The parts of an `Authorization` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Authorization {
    pub secret_id: String,
    pub date: String,
    pub service: String,
    pub signed_headers: Vec<String>,
    pub signature: String,
}

/// Reads an `Authorization` header.
pub(super) fn parse(text: &str) -> Result<Authorization, ApiError> {
    let malformed = || error("AuthFailure.InvalidAuthorization", "The Authorization header is malformed.");
    let rest = text.trim().strip_prefix("TC3-HMAC-SHA256").ok_or_else(malformed)?;
    let part = |name: &str| {
        rest.split(',')
            .map(str::trim)
            .find_map(|piece| piece.strip_prefix(name)?.strip_prefix('='))
            .filter(|value| !value.is_empty())
    };
    let credential: Vec<&str> = part("Credential").ok_or_else(malformed)?.split('/').collect();
    let [secret_id, date, service, "tc3_request"] = credential[..] else { return Err(malformed()) };
    let signed = part("SignedHeaders").ok_or_else(malformed)?;
    let signature = part("Signature").ok_or_else(malformed)?;
    Ok(Authorization {
        secret_id: secret_id.to_owned(),
        date: date.to_owned(),
        service: service.to_owned(),
        signed_headers: signed.split(';').map(str::to_owned).collect(),
        signature: signature.to_owned(),
    })
}

/// Returns an error unless the timestamp is within the window.
pub(super) fn check_time(timestamp: &str, now_ms: i64) -> Result<i64, ApiError> {
    let seconds: i64 = timestamp.trim().parse().map_err(|_| {
        error("InvalidParameter", "The timestamp must be a UNIX time in seconds (X-TC-Timestamp).")
    })?;
    if (seconds.saturating_sub(now_ms.div_euclid(1_000))).abs() > WINDOW_SECONDS {
        let message =
            "The timestamp is more than five minutes away from the server's time; set the clock right.";
        return Err(error("AuthFailure.SignatureExpire", message));
    }
    Ok(seconds)
}

/// Returns an error unless the signature is that of the request.
pub(super) fn verify(
    request: &Request,
    authorization: &Authorization,
    secret_key: &str,
    timestamp: i64,
) -> Result<(), ApiError> {
    let mismatch = || {
        let message = "The request signature does not match the calculated one; check the SecretKey and the signed bytes.";
        error("AuthFailure.SignatureFailure", message)
    };
    if utc_date(timestamp.saturating_mul(1_000)) != authorization.date {
        return Err(mismatch());
    }
    let given = decode_hex(&authorization.signature).ok_or_else(mismatch)?;
    // SDKs sign header values as they are; the written example signs them in lower case.
    for lower in [false, true] {
        let canonical =
            canonical_request(request, &authorization.signed_headers, lower).ok_or_else(mismatch)?;
        if verify_canonical(&canonical, authorization, secret_key, timestamp, &given) {
            return Ok(());
        }
    }
    Err(mismatch())
}

fn canonical_request(request: &Request, signed: &[String], lower: bool) -> Option<String> {
    let mut headers = String::new();
    for name in signed {
        let value = request.header(name)?.trim();
        let lower_this = lower || name.eq_ignore_ascii_case("x-tc-action");
        let value = if lower_this { value.to_lowercase() } else { value.to_owned() };
        headers.push_str(&format!("{}:{value}\n", name.to_lowercase()));
    }
    let unsigned = request.header("x-tc-content-sha256") == Some("UNSIGNED-PAYLOAD");
    let hash = if unsigned { hex_hash(b"UNSIGNED-PAYLOAD") } else { hex_hash(&request.body) };
    Some(format!(
        "{}\n{}\n{}\n{headers}\n{}\n{hash}",
        request.method,
        request.path,
        request.query,
        signed.join(";").to_lowercase(),
    ))
}

fn verify_canonical(
    canonical: &str,
    authorization: &Authorization,
    secret_key: &str,
    timestamp: i64,
    given: &[u8],
) -> bool {
    let Authorization { date, service, .. } = authorization;
    let scope = format!("{date}/{service}/tc3_request");
    let text = format!("TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{}", hex_hash(canonical.as_bytes()));
    let date_key = sign(format!("TC3{secret_key}").as_bytes(), date);
    let service_key = sign(date_key.as_ref(), service);
    let signing_key = sign(service_key.as_ref(), "tc3_request");
    let key = hmac::Key::new(hmac::HMAC_SHA256, signing_key.as_ref());
    hmac::verify(&key, text.as_bytes(), given).is_ok()
}

fn sign(key: &[u8], text: &str) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes())
}

/// Returns the SHA-256 in lower-case hexadecimal digits.
fn hex_hash(bytes: &[u8]) -> String {
    let hash = digest::digest(&digest::SHA256, bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}
