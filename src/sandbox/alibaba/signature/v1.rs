//! HMAC-SHA1: signature, key, time and nonce stand among the parameters of query and form body.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::encoding::{canonical_query, percent_encode};
use super::super::envelope::Refusal;
use super::{Claim, Received, Scheme};

pub(super) fn read(request: &Received<'_>) -> Result<Claim, Refusal> {
    let pairs = request.pairs();
    let optional = |name: &str| {
        pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.clone())
    };
    let required = |name: &str| optional(name).ok_or_else(|| Refusal::missing(name));
    let access_key_id = required("AccessKeyId")?;
    let signature = required("Signature")?;
    if required("SignatureMethod")? != "HMAC-SHA1" || required("SignatureVersion")? != "1.0" {
        return Err(Refusal::new(
            400,
            "InvalidSignatureMethod",
            "The specified signature method or version is not supported.",
        ));
    }
    let timestamp = required("Timestamp")?;
    let nonce = required("SignatureNonce")?;
    let canonical = canonical_query(pairs.iter().filter(|(name, _)| name != "Signature"));
    Ok(Claim {
        scheme: Scheme::V1,
        access_key_id,
        security_token: optional("SecurityToken"),
        timestamp,
        nonce,
        string_to_sign: format!("{}&%2F&{}", request.method, percent_encode(&canonical)),
        body_is_intact: true,
        signature,
    })
}

pub(super) fn sign(string_to_sign: &str, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, format!("{secret}&").as_bytes());
    STANDARD.encode(hmac::sign(&key, string_to_sign.as_bytes()))
}
