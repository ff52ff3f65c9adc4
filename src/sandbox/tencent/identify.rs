//! Who calls what: from headers (forms A and B) or from parameters (the old forms C and D).

use super::answer::{ApiError, error};
use super::parameters::Source;
use super::{signature, signature_old};
use crate::sandbox::Sandbox;
use crate::sandbox::http::Request;
use crate::sandbox::options::SIGNATURE;
use crate::sandbox::world::{AccessKey, Cloud, Place};

/// A call that may be made, as far as signatures can tell.
pub(super) struct Identified {
    /// From the scope of the signature; the old forms do not tell.
    pub service: Option<String>,
    pub action: String,
    pub version: String,
    /// Empty when none was given.
    pub region: String,
    /// `None` for calls without a signature.
    pub key: Option<AccessKey>,
    pub source: Source,
}

/// The parameters of the old forms that belong to no action.
const COMMON: &[&str] = &[
    "Action",
    "Version",
    "Region",
    "Timestamp",
    "Nonce",
    "SecretId",
    "Signature",
    "SignatureMethod",
    "Token",
    "Language",
    "RequestClient",
];

/// Identifies and authenticates a request.
pub(super) fn identify(sandbox: &Sandbox, request: &Request) -> Result<Identified, ApiError> {
    if !matches!(request.method.as_str(), "GET" | "POST") {
        return Err(error("UnsupportedProtocol", "Only GET and POST requests are supported."));
    }
    if request.oversized || (request.method == "GET" && request.query.len() > 32 * 1024) {
        return Err(error("RequestSizeLimitExceeded", "The request is too large."));
    }
    match request.header("authorization") {
        Some(authorization) => new_form(sandbox, request, authorization),
        None => old_form(sandbox, request),
    }
}

fn new_form(sandbox: &Sandbox, request: &Request, authorization: &str) -> Result<Identified, ApiError> {
    let header = |name: &str| request.header(name).unwrap_or_default().trim().to_owned();
    let action = header("x-tc-action");
    if action.is_empty() {
        return Err(error("MissingParameter", "The request is missing the required header `X-TC-Action`."));
    }
    let (service, key) = if authorization.trim() == "SKIP" {
        (None, None)
    } else {
        let parsed = signature::parse(authorization)?;
        let key = find_key(sandbox, &parsed.secret_id)?;
        if !request.is_late() {
            let timestamp = signature::check_time(&header("x-tc-timestamp"), sandbox.signature_now_ms())?;
            if must_verify(sandbox) {
                signature::verify(request, &parsed, &key.secret, timestamp)?;
            }
            check_token(sandbox, &key, &header("x-tc-token"))?;
        }
        (Some(parsed.service), Some(key))
    };
    let kind = header("content-type");
    let source = if request.method == "GET" {
        Source::Pairs(request.query_pairs())
    } else if kind.starts_with("application/x-www-form-urlencoded") {
        Source::Pairs(request.form_pairs())
    } else if kind.starts_with("multipart/form-data") {
        return Err(error("InvalidRequest", "This action does not take multipart/form-data."));
    } else {
        Source::Json(request.body.clone())
    };
    Ok(Identified {
        service,
        action,
        version: header("x-tc-version"),
        region: header("x-tc-region"),
        key,
        source,
    })
}

fn old_form(sandbox: &Sandbox, request: &Request) -> Result<Identified, ApiError> {
    let pairs = if request.method == "GET" { request.query_pairs() } else { request.form_pairs() };
    if request.method == "POST" && request.body.len() > 1024 * 1024 {
        return Err(error("RequestSizeLimitExceeded", "The request is too large."));
    }
    let find = |name: &str| {
        pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    for name in ["SecretId", "Signature", "Action", "Version", "Timestamp", "Nonce"] {
        if find(name).is_empty() {
            let message = format!("The request is missing the required parameter `{name}`.");
            return Err(error("MissingParameter", message));
        }
    }
    let key = find_key(sandbox, &find("SecretId"))?;
    if !request.is_late() {
        signature::check_time(&find("Timestamp"), sandbox.signature_now_ms())?;
        if must_verify(sandbox) {
            signature_old::verify(request, &pairs, &key.secret)?;
        }
        check_token(sandbox, &key, &find("Token"))?;
    }
    let (action, version, region) = (find("Action"), find("Version"), find("Region"));
    let own = pairs.into_iter().filter(|(name, _)| !COMMON.contains(&name.as_str())).collect();
    Ok(Identified { service: None, action, version, region, key: Some(key), source: Source::Pairs(own) })
}

fn find_key(sandbox: &Sandbox, id: &str) -> Result<AccessKey, ApiError> {
    let found = sandbox.with_world(|world, _, _| world.access_keys.get(&Place::default(), id).cloned());
    match found {
        Some(key) if key.cloud != Cloud::Tencent => {
            Err(error("AuthFailure.InvalidSecretId", "The SecretId is not a cloud API key."))
        }
        Some(key) if !key.disabled => Ok(key),
        _ => Err(error("AuthFailure.SecretIdNotFound", "The SecretId is not found, deleted or disabled.")),
    }
}

fn must_verify(sandbox: &Sandbox) -> bool {
    sandbox.with_world(|_, options, _| options.is(&SIGNATURE, "verified"))
}

fn check_token(sandbox: &Sandbox, key: &AccessKey, token: &str) -> Result<(), ApiError> {
    let now = sandbox.now_ms();
    let wrong = key.token != token;
    let expired = key.expires_ms > 0 && key.expires_ms <= now;
    if wrong || expired {
        return Err(error("AuthFailure.TokenFailure", "The session token is wrong or has expired."));
    }
    Ok(())
}
