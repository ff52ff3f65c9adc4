//! Security Token Service 2015-04-01: GetCallerIdentity and AssumeRole.

use serde_json::{Map, json};

use super::call::{Action, Answer, Call};
use super::envelope::Refusal;
use super::parameters::invalid;
use crate::sandbox::clock::utc_text;
use crate::sandbox::world::{AccessKey, Cloud, Place};

pub(super) const VERSION: &str = "2015-04-01";

/// Returns the function of an action, `None` when the version has no such action.
pub(super) fn action(name: &str) -> Option<Action> {
    match name {
        "GetCallerIdentity" => Some(get_caller_identity),
        "AssumeRole" => Some(assume_role),
        _ => None,
    }
}

fn get_caller_identity(call: &mut Call<'_, '_>) -> Answer {
    let caller = call.caller;
    let account = &caller.account;
    let (kind, arn) = match (caller.user.as_str(), caller.role.as_str()) {
        ("", "") => ("Account", format!("acs:ram::{account}:root")),
        (user, "") => ("RAMUser", format!("acs:ram::{account}:user/{user}")),
        (session, role) => {
            ("AssumedRoleUser", format!("acs:ram::{account}:assumed-role/{}/{session}", role_name(role)))
        }
    };
    let principal = match kind {
        "Account" => account.clone(),
        "RAMUser" => caller.user.clone(),
        _ => format!("{}:{}", role_name(&caller.role), caller.user),
    };
    let mut answer = Map::new();
    answer.insert("AccountId".to_owned(), json!(account));
    answer.insert("UserId".to_owned(), json!(principal));
    answer.insert("PrincipalId".to_owned(), json!(principal));
    answer.insert("IdentityType".to_owned(), json!(kind));
    answer.insert("Arn".to_owned(), json!(arn));
    if kind == "AssumedRoleUser" {
        answer.insert("RoleId".to_owned(), json!(role_name(&caller.role)));
    }
    Ok(answer)
}

fn role_name(arn: &str) -> &str {
    arn.rsplit_once('/').map_or(arn, |(_, name)| name)
}

fn assume_role(call: &mut Call<'_, '_>) -> Answer {
    let parameters = call.parameters;
    let role = parameters.required("RoleArn")?;
    let session_name = parameters.required("RoleSessionName")?;
    let seconds = parameters.integer("DurationSeconds")?.unwrap_or(3600);
    if !(900..=43200).contains(&seconds) {
        return Err(invalid("DurationSeconds"));
    }
    // acs:ram::<account>:role/<name>
    let parts: Vec<&str> = role.splitn(5, ':').collect();
    let [_, _, _, account, name] = parts[..] else { return Err(invalid("RoleArn")) };
    if !role.starts_with("acs:ram:") || !name.starts_with("role/") {
        return Err(invalid("RoleArn"));
    }
    if call.session.world.accounts.get(&Place::default(), account).is_none() {
        return Err(Refusal::new(404, "EntityNotExist.Role", "The specified Role does not exist."));
    }
    // Any caller may assume any role of a known account: this world keeps no trust policies.
    let expires_ms = call.session.now_ms.saturating_add(seconds * 1000);
    let key = AccessKey {
        id: call.session.ids.next_id("STS.", 24),
        secret: call.session.ids.next_id("", 32),
        cloud: Cloud::Alibaba,
        account: account.to_owned(),
        user: session_name.to_owned(),
        token: call.session.ids.next_id("CAIS", 32),
        expires_ms,
        role: role.to_owned(),
        ..AccessKey::default()
    };
    let mut answer = Map::new();
    answer.insert(
        "AssumedRoleUser".to_owned(),
        json!({
            "Arn": format!("acs:ram::{account}:{}/{session_name}", name.replacen("role/", "assumed-role/", 1)),
            "AssumedRoleId": format!("{}:{session_name}", role_name(role)),
        }),
    );
    answer.insert(
        "Credentials".to_owned(),
        json!({
            "AccessKeyId": key.id,
            "AccessKeySecret": key.secret,
            "SecurityToken": key.token,
            "Expiration": utc_text(expires_ms),
        }),
    );
    call.session.world.access_keys.insert(key);
    Ok(answer)
}
