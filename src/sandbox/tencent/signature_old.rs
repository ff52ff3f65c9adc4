//! The old signature, HmacSHA1 or HmacSHA256 over the sorted, decoded parameters.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::answer::{ApiError, error};
use crate::sandbox::http::Request;

/// Returns an error unless the `Signature` parameter is that of the request.
pub(super) fn verify(
    request: &Request,
    pairs: &[(String, String)],
    secret_key: &str,
) -> Result<(), ApiError> {
    let find = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let algorithm = match find("SignatureMethod").unwrap_or("HmacSHA1") {
        "HmacSHA1" => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        "HmacSHA256" => hmac::HMAC_SHA256,
        other => {
            let message = format!("SignatureMethod {other} is neither HmacSHA1 nor HmacSHA256.");
            return Err(error("InvalidParameterValue", message));
        }
    };
    let given = find("Signature").and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
    let mut sorted: Vec<&(String, String)> = pairs.iter().filter(|(key, _)| key != "Signature").collect();
    sorted.sort();
    let joined: Vec<String> = sorted.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let host = request.header("host").unwrap_or_default();
    let text = format!("{}{host}{}?{}", request.method, request.path, joined.join("&"));
    hmac::verify(&hmac::Key::new(algorithm, secret_key.as_bytes()), text.as_bytes(), &given).map_err(|_| {
        let message = "The request signature does not match the calculated one; check the SecretKey.";
        error("AuthFailure.SignatureFailure", message)
    })
}
