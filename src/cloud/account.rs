//! Whose objects a provider configuration works with, and what stands for the account where the cloud does not tell it.
//!
//! `GetCallerIdentity` can be forbidden like every action, and some endpoints do not know it, while all that a recovery point
//! needs is allowed. Then the role that the keys were obtained for, else the long-lived key, is who they are: it is the same
//! account as long as it is the same key.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::OnceCell;

use super::call::{Answer, Caller};
use super::credentials::Credentials;
use super::digest::sha256_hex;
use super::error::CloudError;

/// Digits of a key's digest; only equality counts.
const DIGITS: usize = 16;

/// Who the keys of a provider configuration are.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The account id, or why it is not known.
    pub(crate) account: Result<Arc<str>, CloudError>,
    /// The role or the long-lived key, as it is written down; none for temporary keys of a role that is not known.
    pub(crate) key: Option<Arc<str>>,
    /// What is written down where an account id belongs.
    pub(crate) shown: Arc<str>,
}

/// Asks once who the keys are. What failed is asked again; a refusal is an answer.
#[derive(Default)]
pub(crate) struct Account(OnceCell<Identity>);

impl Account {
    /// Returns the account id, if it was asked for and told.
    pub(crate) fn known(&self) -> Option<&Arc<str>> {
        self.0.get()?.account.as_ref().ok()
    }

    /// Returns who the keys are; `ask` makes the call.
    ///
    /// # Errors
    /// The question did not reach the cloud, or the keys are wrong.
    pub(crate) async fn identity(
        &self,
        caller: &Caller,
        ask: impl Future<Output = Result<Answer, CloudError>>,
    ) -> Result<Identity, CloudError> {
        let find = || async {
            let account = match ask.await {
                Ok(answer) => match answer.fields.filled("AccountId") {
                    Some(account) => {
                        caller.belongs_to(&account).await;
                        Ok(Arc::from(account))
                    }
                    None => Err(answer.without("sts", "GetCallerIdentity", "AccountId")),
                },
                Err(error) if leaves_open(&error) => Err(error),
                Err(error) => return Err(error),
            };
            let (key, stand_in) = stand_in(caller.role(), &caller.credentials().await?);
            let shown = account.as_ref().map_or(stand_in, Arc::clone);
            Ok(Identity { account, key, shown })
        };
        self.0.get_or_try_init(find).await.cloned()
    }
}

/// Returns whether an error says only that the question is not allowed, or not known, and nothing against the keys.
fn leaves_open(error: &CloudError) -> bool {
    let Some(code) = error.code.as_deref() else { return false };
    match code.split('.').next().unwrap_or(code) {
        // The other codes of this family say that the keys are wrong.
        "AuthFailure" => code == "AuthFailure.UnauthorizedOperation",
        "Forbidden" => !code.contains("AccessKey"),
        family => matches!(
            family,
            "UnauthorizedOperation"
                | "NoPermission"
                | "PermissionDenied"
                | "Unauthorized"
                | "InvalidAction"
                | "InvalidApi"
                | "InvalidProduct"
                | "InvalidVersion"
                | "NoSuchProduct"
                | "NoSuchVersion"
                | "ActionOffline"
        ),
    }
}

/// Returns what stands for the account for longer than these keys, and what is written down in any case. None has the form of
/// an account id.
fn stand_in(role: Option<String>, keys: &Credentials) -> (Option<Arc<str>>, Arc<str>) {
    let digest = &sha256_hex(keys.id.as_bytes())[..DIGITS];
    let lasting: Option<Arc<str>> = match role {
        Some(role) => Some(format!("role:{role}").into()),
        None if keys.token.is_none() => Some(format!("key:{digest}").into()),
        None => None,
    };
    let shown = lasting.clone().unwrap_or_else(|| format!("session:{digest}").into());
    (lasting, shown)
}

/// Returns whether a saved account is none, but what stood for it.
pub(crate) fn is_stand_in(account: &str) -> bool {
    ["role:", "key:", "session:"].iter().any(|kind| account.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::error::ErrorClass;

    #[test]
    fn only_a_refusal_of_the_question_leaves_the_account_open() {
        let open = |code: &str| {
            leaves_open(&CloudError::new(ErrorClass::Denied, "sts", "GetCallerIdentity", "").with_code(code))
        };
        for code in [
            "AuthFailure.UnauthorizedOperation",
            "UnauthorizedOperation",
            "UnauthorizedOperation.CamNoAuth",
            "InvalidAction",
            "InvalidAction.NotFound",
            "InvalidApi.NotFound",
            "NoPermission",
            "Forbidden.RAM",
            "Forbidden",
        ] {
            assert!(open(code), "{code}");
        }
        for code in [
            "AuthFailure.SecretIdNotFound",
            "AuthFailure.SignatureFailure",
            "AuthFailure.TokenFailure",
            "AuthFailure",
            "InvalidAccessKeyId.NotFound",
            "Forbidden.AccessKeyDisabled",
            "SignatureDoesNotMatch",
            "InternalError",
            "ServiceUnavailable",
        ] {
            assert!(!open(code), "{code}");
        }
        assert!(!leaves_open(&CloudError::new(ErrorClass::Unreached, "sts", "GetCallerIdentity", "")));
    }

    #[test]
    fn a_role_or_a_lasting_key_stands_for_the_account_and_a_session_only_for_itself() {
        let lasting = Credentials::new("AKID1", "s", None);
        let (key, shown) = stand_in(None, &lasting);
        assert_eq!(key.as_ref(), Some(&shown));
        assert!(!shown.contains("AKID1") && is_stand_in(&shown), "{shown}");
        assert_ne!(stand_in(None, &Credentials::new("AKID2", "s", None)).0, key);
        let session = Credentials::new("AKID1", "s", Some("t"));
        let (none, shown) = stand_in(None, &session);
        assert!(none.is_none() && is_stand_in(&shown), "{shown}");
        let (role, _) = stand_in(Some("acs:ram::1:role/r".to_owned()), &session);
        assert_eq!(role.as_deref(), Some("role:acs:ram::1:role/r"));
        assert!(!is_stand_in("100000000001") && !is_stand_in(""));
    }
}
