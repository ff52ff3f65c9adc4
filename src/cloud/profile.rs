//! The profile files that the vendors' command-line tools keep: keys, and the region that goes with them.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::BoxFuture;
use super::credentials::{CredentialSource, Credentials};
use super::error::{CloudError, ErrorClass};
use crate::disk;

/// The largest file of profiles, in bytes.
const LARGEST: u64 = 1 << 20;

/// How a profile file is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ProfileFormat {
    /// `~/.aliyun/config.json`: many profiles in one file. The profile is the given one, else the file's `current`.
    AliyunCli {
        /// Name of the profile.
        profile: Option<String>,
    },
    /// `~/.tccli/<profile>.credential`: one profile per file, its region in `<profile>.configure`.
    Tccli,
}

/// Reads credentials from a profile file, and reads it again when they are refused: another program may have renewed them.
#[derive(Debug, Clone)]
pub(crate) struct ProfileFile {
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
        let file = read_json(&self.path)?;
        match &self.format {
            ProfileFormat::AliyunCli { .. } => aliyun_keys(self.aliyun_profile(&file)?),
            ProfileFormat::Tccli => tccli_keys(&file, &self.path),
        }
    }

    /// Returns the region of the profile, if it has one.
    ///
    /// # Errors
    ///
    /// An unreadable file, or a missing profile.
    pub fn region(&self) -> Result<Option<String>, CloudError> {
        match &self.format {
            ProfileFormat::AliyunCli { .. } => {
                let file = read_json(&self.path)?;
                Ok(text_of(self.aliyun_profile(&file)?, "region_id").map(str::to_owned))
            }
            ProfileFormat::Tccli => {
                let path = self.path.with_extension("configure");
                if !path.exists() {
                    return Ok(None);
                }
                let file = read_json(&path)?;
                let settings = file.get("_sys_param");
                Ok(settings.and_then(|settings| text_of(settings, "region")).map(str::to_owned))
            }
        }
    }

    /// Returns the region of a profile that is named beside keys of another source, which the official provider reads too. With
    /// `token`, a session token belongs to those keys.
    ///
    /// # Errors
    ///
    /// The profile would make another identity of the keys.
    pub fn region_beside_keys(&self, token: bool) -> Result<Option<String>, CloudError> {
        let file = read_json(&self.path)?;
        // The provider passes over a profile that is not there.
        let Ok(profile) = self.aliyun_profile(&file) else { return Ok(None) };
        let name = text_of(profile, "name").unwrap_or_default();
        match text_of(profile, "mode") {
            Some("RamRoleArn") => Err(denied(format!(
                "profile {name:?} has mode \"RamRoleArn\": its role would be assumed with the access_key that is given beside it, which is not supported"
            ))
            .with_remedy(ROLE_REMEDY)),
            Some("StsToken") if !token => Err(denied(format!(
                "profile {name:?} has mode \"StsToken\": its sts_token would be sent with the access_key that is given beside it"
            ))
            .with_remedy("Leave out the profile, or the access_key and secret_key beside it.")),
            _ => Ok(text_of(profile, "region_id").map(str::to_owned)),
        }
    }

    fn aliyun_profile<'a>(&self, file: &'a Value) -> Result<&'a Value, CloudError> {
        let wanted = match &self.format {
            ProfileFormat::AliyunCli { profile } => profile.as_deref(),
            ProfileFormat::Tccli => None,
        };
        let name = wanted.or_else(|| text_of(file, "current")).unwrap_or("default");
        let profiles = file.get("profiles").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        profiles
            .iter()
            .find(|each| text_of(each, "name") == Some(name))
            .ok_or_else(|| denied(format!("{} has no profile {name:?}", self.path.display())))
    }
}

const ROLE_REMEDY: &str = "Assume the role outside and give the temporary keys with their security_token.";

fn read_json(path: &Path) -> Result<Value, CloudError> {
    let shown = path.display();
    let text = disk::read_text(path, LARGEST)
        .map_err(|error| denied(format!("the credentials file {shown} cannot be read")).with_source(error))?;
    // The parser's own message quotes the text, which holds secrets.
    serde_json::from_str(&text).map_err(|_| {
        let error = denied(format!("the credentials file {shown} is not valid JSON"));
        match text.trim_start().starts_with('[') && text.contains('=') {
            true => error.with_remedy(
                "It looks like the INI file of the vendor's libraries. The provider wants the config.json of the aliyun command-line tool.",
            ),
            false => error,
        }
    })
}

fn aliyun_keys(profile: &Value) -> Result<Credentials, CloudError> {
    let name = text_of(profile, "name").unwrap_or_default();
    let token = match text_of(profile, "mode") {
        Some("AK") => None,
        Some("StsToken") => {
            let expired = profile.get("sts_expiration").and_then(Value::as_i64).filter(|at| *at > 0);
            refuse_expired(expired, &format!("profile {name:?}"), "aliyun configure")?;
            let token = text_of(profile, "sts_token");
            if token.is_none() {
                return Err(denied(format!("profile {name:?} has mode \"StsToken\" and no sts_token")));
            }
            token
        }
        // Without a mode the tools guess from what is there, so only what leaves nothing to guess is taken.
        None if ["sts_token", "ram_role_arn", "ram_role_name"]
            .iter()
            .all(|key| text_of(profile, key).is_none()) =>
        {
            None
        }
        None => return Err(denied(format!("profile {name:?} has no mode, and holds more than keys"))),
        Some(other) => {
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

fn tccli_keys(file: &Value, path: &Path) -> Result<Credentials, CloudError> {
    let shown = path.display();
    if text_of(file, "role-arn").is_some() && text_of(file, "role-session-name").is_some() {
        return Err(denied(format!(
            "the profile {shown} assumes the role of its role-arn, which is not supported"
        ))
        .with_remedy(ROLE_REMEDY));
    }
    match text_of(file, "type") {
        Some(kind @ ("oauth" | "sso")) => {
            let at = file.get("expiresAt").and_then(Value::as_i64).filter(|at| *at > 0);
            refuse_expired(at, &format!("the profile {shown}, of type {kind:?},"), "tccli")?;
        }
        Some(kind) if text_of(file, "secretId").is_none() => {
            return Err(denied(format!("the profile {shown} has type {kind:?}, which is not supported"))
                .with_remedy("Give secret_id and secret_key, or use a profile that holds keys."));
        }
        _ => {}
    }
    match (text_of(file, "secretId"), text_of(file, "secretKey")) {
        (Some(id), Some(secret)) => Ok(Credentials::new(id, secret, text_of(file, "token"))),
        _ => Err(denied(format!("the profile {shown} has no secretId or secretKey"))),
    }
}

fn refuse_expired(at: Option<i64>, what: &str, tool: &str) -> Result<(), CloudError> {
    let end = at.and_then(|at| jiff::Timestamp::from_second(at).ok());
    match end.filter(|end| *end <= jiff::Timestamp::now()) {
        None => Ok(()),
        Some(end) => {
            let remedy = format!("Renew them with {tool}.");
            Err(denied(format!("the keys of {what} expired at {end}")).with_remedy(&remedy))
        }
    }
}

/// Returns a text without the blanks around it, which are never part of a key.
fn text_of<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
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

    /// Writes a file and returns how it is read.
    fn written(name: &str, text: &str, format: ProfileFormat) -> (tempfile::TempDir, ProfileFile) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        (folder, ProfileFile { path, format })
    }

    fn aliyun(text: &str, profile: Option<&str>) -> (tempfile::TempDir, ProfileFile) {
        written("config.json", text, ProfileFormat::AliyunCli { profile: profile.map(str::to_owned) })
    }

    fn read(text: &str, profile: Option<&str>) -> Result<Credentials, CloudError> {
        let (_folder, file) = aliyun(text, profile);
        file.read()
    }

    const CONFIG: &str = r#"{"current":"b","profiles":[
        {"name":"a","mode":"AK","access_key_id":" ida ","access_key_secret":"sa\n","sts_token":"old","region_id":"cn-x"},
        {"name":"b","mode":"StsToken","access_key_id":"idb","access_key_secret":"sb","sts_token":"tb"},
        {"name":"c","mode":"EcsRamRole","ram_role_name":"r"},
        {"name":"d","mode":"StsToken","access_key_id":"i","access_key_secret":"s"},
        {"name":"e","mode":"StsToken","access_key_id":"i","access_key_secret":"s","sts_token":"t","sts_expiration":1000},
        {"name":"f","access_key_id":"i","access_key_secret":"s","ram_role_arn":"r"},
        {"name":"g","access_key_id":"i","access_key_secret":"s"},
        {"name":"h","mode":"RamRoleArn","access_key_id":"i","access_key_secret":"s","ram_role_arn":"r"}]}"#;

    fn aliyun_read(profile: Option<&str>) -> Result<Credentials, CloudError> {
        read(CONFIG, profile)
    }

    #[test]
    fn the_current_profile_is_used_unless_one_is_named_and_blanks_are_no_part_of_a_key() {
        let current = aliyun_read(None).unwrap();
        assert_eq!((current.id.as_str(), current.token_text()), ("idb", Some("tb")));
        let named = aliyun_read(Some("a")).unwrap();
        assert_eq!((named.id.as_str(), named.secret_text(), named.token_text()), ("ida", "sa", None));
    }

    #[test]
    fn what_cannot_be_obeyed_is_told_by_name() {
        for (profile, says) in [
            ("x", "\"x\""),
            ("c", "EcsRamRole"),
            ("d", "no sts_token"),
            ("e", "expired at 1970-01-01T00:16:40Z"),
            ("f", "no mode"),
            ("h", "RamRoleArn"),
        ] {
            let error = aliyun_read(Some(profile)).unwrap_err().to_string();
            assert!(error.contains(says), "{profile}: {error}");
        }
        assert_eq!(aliyun_read(Some("g")).unwrap().id, "i");
    }

    #[test]
    fn a_profile_has_a_region_and_beside_other_keys_no_identity() {
        let (_folder, file) = aliyun(CONFIG, Some("a"));
        assert_eq!(file.region().unwrap().as_deref(), Some("cn-x"));
        assert_eq!(file.region_beside_keys(false).unwrap().as_deref(), Some("cn-x"));
        let beside = |profile: &str, token| {
            let (_folder, file) = aliyun(CONFIG, Some(profile));
            file.region_beside_keys(token).map_err(|error| error.to_string())
        };
        assert!(beside("h", true).unwrap_err().contains("RamRoleArn"));
        assert!(beside("b", false).unwrap_err().contains("sts_token"));
        assert_eq!(beside("b", true), Ok(None));
        assert_eq!(beside("x", false), Ok(None));
    }

    #[test]
    fn a_broken_file_never_shows_its_text_and_another_format_is_named() {
        let error = read("{\"access_key_secret\":\"very-secret", None).unwrap_err();
        assert!(!format!("{error:?}").contains("very-secret"));
        let error =
            read("[default]\ntype = access_key\naccess_key_secret = very-secret\n", None).unwrap_err();
        assert!(!format!("{error:?}").contains("very-secret"));
        assert!(error.remedy.unwrap().contains("INI"));
    }

    #[test]
    fn tccli_files_hold_one_profile_with_its_region_beside_it() {
        let keys = |text: &str| {
            let (_folder, file) = written("p.credential", text, ProfileFormat::Tccli);
            file.read()
                .map(|read| (read.id.clone(), read.secret_text().to_owned()))
                .map_err(|error| error.to_string())
        };
        let pair = ("i".to_owned(), "k".to_owned());
        assert_eq!(keys(r#"{"secretId":" i ","secretKey":"k\n","token":""}"#), Ok(pair.clone()));
        // Neither tccli nor the provider does anything with half of it.
        assert_eq!(keys(r#"{"secretId":"i","secretKey":"k","role-arn":"r"}"#), Ok(pair));
        let role = r#"{"secretId":"i","secretKey":"k","role-arn":"r","role-session-name":"s"}"#;
        assert!(keys(role).unwrap_err().contains("role-arn"));
        assert!(keys(r#"{"type":"cvm-role"}"#).unwrap_err().contains("\"cvm-role\", which is not supported"));
        let old = r#"{"type":"oauth","secretId":"i","secretKey":"k","expiresAt":1000}"#;
        assert!(keys(old).unwrap_err().contains("expired at 1970"));
        let (folder, file) = written("p.credential", "{}", ProfileFormat::Tccli);
        assert_eq!(file.region().unwrap(), None);
        std::fs::write(folder.path().join("p.configure"), r#"{"_sys_param":{"region":"ap-x"}}"#).unwrap();
        assert_eq!(file.region().unwrap().as_deref(), Some("ap-x"));
    }
}
