//! Decides who calls: key, session token, time, body, signature and nonce, in the gateway's order.

use super::call::Caller;
use super::envelope::Refusal;
use super::nonces::{Nonces, WINDOW_SECONDS};
use super::settings::UNKNOWN_KEY;
use super::signature::Claim;
use crate::sandbox::clock::parse_utc;
use crate::sandbox::options::{Options, SIGNATURE};
use crate::sandbox::world::{AccessKey, Cloud, Place, World};

/// Returns who made a signed request.
///
/// `now_ms` is the time that signatures are judged by; without `nonces` the request has been verified
/// before. The nonce is remembered only once everything
/// else is right, so that a forged request cannot use up another's.
///
/// # Errors
///
/// The gateway's refusal.
pub(super) fn authenticate(
    world: &World,
    options: &Options,
    claim: &Claim,
    now_ms: i64,
    nonces: Option<&mut Nonces>,
) -> Result<Caller, Refusal> {
    let key = world
        .access_keys
        .get(&Place::default(), &claim.access_key_id)
        .filter(|key| key.cloud == Cloud::Alibaba)
        .ok_or_else(|| {
            let status = if options.is(&UNKNOWN_KEY, "400") { 400 } else { 404 };
            Refusal::new(status, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        })?;
    if let Some(nonces) = nonces {
        check_key(key, claim, now_ms)?;
        if options.is(&SIGNATURE, "verified") {
            verify(key, claim, now_ms, nonces)?;
        }
    }
    Ok(Caller {
        account: key.account.clone(),
        user: key.user.clone(),
        role: key.role.clone(),
        denied: key.denied.clone(),
    })
}

fn verify(key: &AccessKey, claim: &Claim, now_ms: i64, nonces: &mut Nonces) -> Result<(), Refusal> {
    check_time(claim, now_ms)?;
    if !claim.body_is_intact || !claim.is_signed_with(&key.secret) {
        return Err(Refusal::signature_does_not_match(&claim.string_to_sign));
    }
    if !nonces.admit(&claim.access_key_id, &claim.nonce, now_ms.div_euclid(1000)) {
        return Err(Refusal::new(400, "SignatureNonceUsed", "The request signature nonce has been used."));
    }
    Ok(())
}

/// Session tokens belong to their key: the pages give these codes without a status, 400 is chosen.
fn check_key(key: &AccessKey, claim: &Claim, now_ms: i64) -> Result<(), Refusal> {
    let refuse = |code, message: &str| Err(Refusal::new(400, code, message));
    if key.disabled {
        return refuse("InvalidAccessKeyId.Inactive", "Specified access key is disabled.");
    }
    match (key.token.as_str(), claim.security_token.as_deref()) {
        ("", None | Some("")) => Ok(()),
        ("", Some(_)) => refuse(
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        ),
        (_, None | Some("")) => refuse("MissingSecurityToken", "SecurityToken is mandatory for this action."),
        _ if key.expires_ms > 0 && key.expires_ms <= now_ms => {
            refuse("InvalidSecurityToken.Expired", "Specified SecurityToken is expired.")
        }
        (token, Some(given)) if token == given => Ok(()),
        _ => refuse("InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed."),
    }
}

fn check_time(claim: &Claim, now_ms: i64) -> Result<(), Refusal> {
    // yyyy-MM-ddTHH:mm:ssZ, nothing else that a lenient reader would take.
    let signed_ms = Some(claim.timestamp.as_str())
        .filter(|text| text.len() == 20 && text.ends_with('Z'))
        .and_then(parse_utc)
        .ok_or_else(|| {
            Refusal::new(
                400,
                "InvalidTimeStamp.Format",
                "Specified time stamp or date value is not well formatted.",
            )
        })?;
    if signed_ms.abs_diff(now_ms) > WINDOW_SECONDS.unsigned_abs() * 1000 {
        return Err(Refusal::new(
            400,
            "InvalidTimeStamp.Expired",
            "Specified time stamp or date value is expired.",
        ));
    }
    Ok(())
}
