//! Accounts, their access keys and the sessions that `sts` hands out.

use serde::{Deserialize, Serialize};

use super::{Object, Place};

/// One of the two vendors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cloud {
    /// Alibaba Cloud.
    #[default]
    Alibaba,
    /// Tencent Cloud.
    Tencent,
}

/// A customer account.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Account {
    /// Always the global place.
    pub place: Place,
    /// Account id: Alibaba's UID, Tencent's UIN.
    pub id: String,
    /// Vendor of the account.
    pub cloud: Cloud,
    /// Tencent's APPID; 0 for Alibaba.
    pub app_id: u64,
}

impl Object for Account {
    const KIND: &'static str = "account";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (format!("{:?}", self.cloud).to_lowercase(), String::new())
    }
}

/// A key pair, long-lived or of a session.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessKey {
    /// Always the global place: a key is looked up before its account is known.
    pub place: Place,
    /// AccessKeyId or SecretId.
    pub id: String,
    /// AccessKeySecret or SecretKey.
    pub secret: String,
    /// Vendor it works for.
    pub cloud: Cloud,
    /// Account it acts for.
    pub account: String,
    /// Sub-user, role session or empty for the account itself.
    pub user: String,
    /// Disabled keys are refused.
    pub disabled: bool,
    /// Session token that must come with the key; empty for a long-lived key.
    pub token: String,
    /// End of the session in milliseconds; 0 for a long-lived key.
    pub expires_ms: i64,
    /// Role that the session assumed, or empty.
    pub role: String,
    /// The actions of a policy that this key may not call, as `service:Action`.
    pub denied: Vec<String>,
}

impl Object for AccessKey {
    const KIND: &'static str = "access-key";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> &str {
        &self.account
    }
    fn gone_at_ms(&self) -> Option<i64> {
        // An expired session is kept for a day, so that its use is told apart from an unknown key.
        (self.expires_ms > 0).then(|| self.expires_ms.saturating_add(86_400_000))
    }
    fn summary(&self, now_ms: i64) -> (String, String) {
        let expired = self.expires_ms > 0 && self.expires_ms <= now_ms;
        let status = match (self.disabled, expired) {
            (true, _) => "disabled",
            (_, true) => "expired",
            _ => "active",
        };
        (self.user.clone(), status.to_owned())
    }
}
