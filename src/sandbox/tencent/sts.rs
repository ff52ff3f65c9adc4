//! sts 2018-08-13: who calls, and sessions with a token.

use serde_json::json;

use super::answer::{Answer, ApiError, error, fields};
use super::parameters::{Arguments, Kind, Parameter, TAGS, optional, required};
use super::{Action, Context};
use crate::sandbox::clock::utc_text;
use crate::sandbox::world::{AccessKey, Cloud, Place};

const ROLE: &[Parameter] = &[
    required("RoleArn", Kind::Text),
    required("RoleSessionName", Kind::Text),
    optional("DurationSeconds", Kind::Unsigned),
    optional("Policy", Kind::Text),
    optional("ExternalId", Kind::Text),
    optional("Tags", TAGS),
    optional("SourceIdentity", Kind::Text),
    optional("SerialNumber", Kind::Text),
    optional("TokenCode", Kind::Text),
];

/// The actions of this service.
pub(super) static ACTIONS: &[Action] = &[
    Action { name: "GetCallerIdentity", parameters: &[], per_second: 20, run: caller },
    Action { name: "AssumeRole", parameters: ROLE, per_second: 600, run: assume_role },
    Action {
        name: "AssumeRoleWithWebIdentity",
        parameters: &[
            required("ProviderId", Kind::Text),
            required("WebIdentityToken", Kind::Text),
            required("RoleArn", Kind::Text),
            required("RoleSessionName", Kind::Text),
            optional("DurationSeconds", Kind::Unsigned),
        ],
        per_second: 20,
        run: assume_role,
    },
    Action {
        name: "AssumeRoleWithSAML",
        parameters: &[
            required("SAMLAssertion", Kind::Text),
            required("PrincipalArn", Kind::Text),
            required("RoleArn", Kind::Text),
            required("RoleSessionName", Kind::Text),
            optional("DurationSeconds", Kind::Unsigned),
        ],
        per_second: 20,
        run: assume_role,
    },
];

/// Returns whether an action may come with `Authorization: SKIP`.
pub(super) fn needs_no_signature(action: &str) -> bool {
    matches!(action, "AssumeRoleWithWebIdentity" | "AssumeRoleWithSAML")
}

fn caller(context: &mut Context, _arguments: &Arguments) -> Answer {
    let key = context.key.clone().unwrap_or_default();
    let account = &key.account;
    let (arn, user, kind) = match (key.role.is_empty(), key.user.is_empty()) {
        (false, _) => {
            let role = format!("qcs::sts:{account}:assumed-role/{}", key.role);
            (role, format!("{}:{}", key.role, key.user), "AssumedRole")
        }
        (true, true) => (format!("qcs::cam::uin/{account}:root"), account.clone(), "RootAccount"),
        (true, false) => {
            (format!("qcs::cam::uin/{account}:uin/{}", key.user), key.user.clone(), "SubAccount")
        }
    };
    Ok(fields(json!({
        "Arn": arn, "AccountId": account, "UserId": user, "PrincipalId": account, "Type": kind,
    })))
}

fn assume_role(context: &mut Context, arguments: &Arguments) -> Answer {
    let name = arguments.text("RoleSessionName").unwrap_or_default();
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_+=,.@-".contains(letter);
    if !(2..=128).contains(&name.chars().count()) || !name.chars().all(allowed) {
        let message = "RoleSessionName takes 2 to 128 letters, digits and _+=,.@- only.";
        return Err(error("InvalidParameter.ParamError", message));
    }
    let seconds = arguments.number("DurationSeconds").unwrap_or(7_200);
    if !(1..=43_200).contains(&seconds) {
        return Err(error("InvalidParameter.OverTimeError", "DurationSeconds may be 43200 at most."));
    }
    let (account, role) = parse_role(context, arguments.text("RoleArn").unwrap_or_default())?;
    let session = &mut context.session;
    let expires = session.now_ms.saturating_add(seconds.saturating_mul(1_000));
    let key = AccessKey {
        place: Place::default(),
        id: session.ids.next_id("AKIDsession", 24),
        secret: session.ids.next_id("", 32),
        cloud: Cloud::Tencent,
        account,
        user: name.to_owned(),
        token: session.ids.next_id("session-token-", 32),
        expires_ms: expires,
        role,
        ..AccessKey::default()
    };
    let answer = fields(json!({
        "Credentials": {"Token": key.token, "TmpSecretId": key.id, "TmpSecretKey": key.secret},
        "ExpiredTime": expires.div_euclid(1_000),
        "Expiration": utc_text(expires),
    }));
    session.world.access_keys.insert(key);
    Ok(answer)
}

/// Reads `qcs::cam::uin/<account>:roleName/<name>` (or `role/<id>`).
fn parse_role(context: &Context, arn: &str) -> Result<(String, String), ApiError> {
    let not_found = || error("ResourceNotFound.RoleNotFound", format!("The role {arn} does not exist."));
    let rest = arn.strip_prefix("qcs::cam::uin/").ok_or_else(not_found)?;
    let (account, role) = rest.split_once(':').ok_or_else(not_found)?;
    let role = role.strip_prefix("roleName/").or_else(|| role.strip_prefix("role/")).ok_or_else(not_found)?;
    let accounts = &context.session.world.accounts;
    let known =
        accounts.get(&Place::default(), account).is_some_and(|account| account.cloud == Cloud::Tencent);
    if known && !role.is_empty() { Ok((account.to_owned(), role.to_owned())) } else { Err(not_found()) }
}
