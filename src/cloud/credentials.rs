//! Access keys: where they come from, and how a client gets fresh ones in the middle of a run.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use super::BoxFuture;
use super::error::{CloudError, ErrorClass};
use crate::disk;

/// The largest file of profiles, in bytes.
const LARGEST_PROFILES: u64 = 1 << 20;

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

/// The profile files that the vendors' command-line tools keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileFormat {
    /// `~/.aliyun/config.json`: many profiles in one file. The profile is the given one, else the file's `current`.
    AliyunCli {
        /// Name of the profile.
        profile: Option<String>,
    },
    /// `~/.tccli/<profile>.credential`: one profile per file.
    Tccli,
}

/// Reads credentials from a profile file, and reads it again when they are refused: another program may have renewed them.
#[derive(Debug, Clone)]
pub struct ProfileFile {
    /// The file.
    pub path: PathBuf,
    /// How to read it.
    pub format: ProfileFormat,
}

impl ProfileFile {
    /// Returns the credentials that the file holds now.
    ///
    /// # Errors
    ///
    /// An unreadable file, a missing profile, or a mode that needs a service to obtain keys.
    pub fn read(&self) -> Result<Credentials, CloudError> {
        let text = disk::read_text(&self.path, LARGEST_PROFILES).map_err(|error| {
            denied(format!("the credentials file {} cannot be read", self.path.display())).with_source(error)
        })?;
        self.parse(&text)
    }

    fn parse(&self, text: &str) -> Result<Credentials, CloudError> {
        let shown = self.path.display();
        // The parser's own message quotes the text, which holds secrets.
        let file: Value = serde_json::from_str(text)
            .map_err(|_| denied(format!("the credentials file {shown} is not valid JSON")))?;
        match &self.format {
            ProfileFormat::AliyunCli { profile } => aliyun_profile(&file, profile.as_deref(), &self.path),
            ProfileFormat::Tccli => {
                if text_of(&file, "role-arn").is_some() {
                    return Err(denied(format!(
                        "the profile {shown} assumes a role, which is not supported"
                    ))
                    .with_remedy(
                        "Assume the role outside and set secret_id, secret_key and security_token.",
                    ));
                }
                match (text_of(&file, "secretId"), text_of(&file, "secretKey")) {
                    (Some(id), Some(secret)) => Ok(Credentials::new(id, secret, text_of(&file, "token"))),
                    _ => Err(denied(format!("the profile {shown} has no secretId or secretKey"))),
                }
            }
        }
    }
}

fn aliyun_profile(file: &Value, wanted: Option<&str>, path: &Path) -> Result<Credentials, CloudError> {
    let name = wanted.or_else(|| text_of(file, "current")).unwrap_or("default");
    let profiles = file.get("profiles").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let Some(profile) = profiles.iter().find(|each| text_of(each, "name") == Some(name)) else {
        return Err(denied(format!("{} has no profile {name:?}", path.display())));
    };
    let mode = text_of(profile, "mode").unwrap_or("AK");
    let token = match mode {
        "AK" => None,
        "StsToken" => text_of(profile, "sts_token"),
        other => {
            return Err(denied(format!("profile {name:?} has mode {other:?}, which is not supported"))
                .with_remedy(
                    "Use a profile of mode AK or StsToken, or give the keys by environment variables.",
                ));
        }
    };
    match (text_of(profile, "access_key_id"), text_of(profile, "access_key_secret")) {
        (Some(id), Some(secret)) => Ok(Credentials::new(id, secret, token)),
        _ => Err(denied(format!("profile {name:?} has no access_key_id or access_key_secret"))),
    }
}

fn text_of<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str).filter(|text| !text.is_empty())
}

fn denied(message: String) -> CloudError {
    CloudError::new(ErrorClass::Denied, "", "", message)
}

impl CredentialSource for ProfileFile {
    fn current(&self) -> BoxFuture<'_, Result<Credentials, CloudError>> {
        Box::pin(std::future::ready(self.read()))
    }

    fn renew<'a>(
        &'a self,
        refused: &'a Credentials,
    ) -> BoxFuture<'a, Result<Option<Credentials>, CloudError>> {
        let changed = self.read().map(|read| {
            let same = read.id == refused.id
                && read.secret_text() == refused.secret_text()
                && read.token_text() == refused.token_text();
            (!same).then_some(read)
        });
        Box::pin(std::future::ready(changed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliyun(profile: Option<&str>) -> ProfileFile {
        let format = ProfileFormat::AliyunCli { profile: profile.map(str::to_owned) };
        ProfileFile { path: "config.json".into(), format }
    }

    const CONFIG: &str = r#"{"current":"b","profiles":[
        {"name":"a","mode":"AK","access_key_id":"ida","access_key_secret":"sa"},
        {"name":"b","mode":"StsToken","access_key_id":"idb","access_key_secret":"sb","sts_token":"tb"},
        {"name":"c","mode":"EcsRamRole","ram_role_name":"r"}]}"#;

    #[test]
    fn the_current_profile_is_used_unless_one_is_named() {
        let current = aliyun(None).parse(CONFIG).unwrap();
        assert_eq!((current.id.as_str(), current.token_text()), ("idb", Some("tb")));
        let named = aliyun(Some("a")).parse(CONFIG).unwrap();
        assert_eq!((named.id.as_str(), named.secret_text(), named.token_text()), ("ida", "sa", None));
    }

    #[test]
    fn a_missing_profile_and_an_unsupported_mode_are_told_by_name() {
        assert!(aliyun(Some("x")).parse(CONFIG).unwrap_err().to_string().contains("\"x\""));
        assert!(aliyun(Some("c")).parse(CONFIG).unwrap_err().to_string().contains("EcsRamRole"));
    }

    #[test]
    fn a_broken_file_never_shows_its_text() {
        let error = aliyun(None).parse("{\"access_key_secret\":\"very-secret").unwrap_err();
        assert!(!format!("{error:?}").contains("very-secret"));
    }

    #[test]
    fn tccli_files_hold_one_profile() {
        let file = ProfileFile { path: "default.credential".into(), format: ProfileFormat::Tccli };
        let read = file.parse(r#"{"secretId":"i","secretKey":"k","token":""}"#).unwrap();
        assert_eq!((read.id.as_str(), read.secret_text(), read.token_text()), ("i", "k", None));
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let text = format!("{:?}", Credentials::new("id", "very-secret", Some("token")));
        assert!(!text.contains("very-secret") && !text.contains("token\""), "{text}");
    }
}
