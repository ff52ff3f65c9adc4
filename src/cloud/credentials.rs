//! Access keys: where they come from, and how a client gets fresh ones in the middle of a run.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

use super::BoxFuture;
use super::error::CloudError;

/// A key pair, with the session token of temporary ones.
#[derive(Clone)]
pub struct Credentials {
    /// AccessKeyId or SecretId; not a secret.
    pub id: String,
    /// AccessKeySecret or SecretKey.
    pub secret: SecretString,
    /// Session token of temporary credentials.
    pub token: Option<SecretString>,
}

impl Credentials {
    /// Makes a pair from plain text.
    pub fn new(id: &str, secret: &str, token: Option<&str>) -> Credentials {
        Credentials {
            id: id.to_owned(),
            secret: SecretString::from(secret),
            token: token.filter(|token| !token.is_empty()).map(SecretString::from),
        }
    }

    /// Returns the secret for signing.
    pub(crate) fn secret_text(&self) -> &str {
        self.secret.expose_secret()
    }

    /// Returns the session token for sending.
    pub(crate) fn token_text(&self) -> Option<&str> {
        self.token.as_ref().map(ExposeSecret::expose_secret)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Credentials").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Hands out credentials, and fresh ones when the cloud refused the last as expired.
pub trait CredentialSource: Send + Sync {
    /// Returns credentials that are valid now.
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CloudError>>;

    /// Returns newer credentials after `refused` was refused, or `None` when there are no other.
    fn renew<'a>(
        &'a self,
        refused: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Credentials>, CloudError>>;

    /// Returns the ARN of the role that the credentials are obtained for, where the source knows it.
    fn role(&self) -> Option<String> {
        None
    }
}

/// Credentials that never change.
#[derive(Debug, Clone)]
pub struct StaticCredentials(pub Credentials);

impl CredentialSource for StaticCredentials {
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CloudError>> {
        Box::pin(std::future::ready(Ok(self.0.clone())))
    }

    fn renew<'a>(
        &'a self,
        _refused: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Credentials>, CloudError>> {
        Box::pin(std::future::ready(Ok(None)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_holds_no_secret() {
        let text = format!("{:?}", Credentials::new("id", "very-secret", Some("token")));
        assert!(!text.contains("very-secret") && !text.contains("token\""), "{text}");
    }
}
