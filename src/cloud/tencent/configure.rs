//! From `provider "tencentcloud"` and the environment to a client.

use std::sync::Arc;

use super::client::Client;
use crate::cloud::call::{Caller, Shared};
use crate::cloud::credentials::{CredentialSource, StaticCredentials};
use crate::cloud::endpoint::EndpointRules;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::profile::{ProfileFile, ProfileFormat};
use crate::cloud::settings::{self, Environment, Settings};
use crate::lang::Value;

/// Makes the client of one provider configuration.
pub(crate) fn client(shared: Shared, settings: &Settings, config: &Value) -> Result<Client, CloudError> {
    let (source, region_of_profile) = identity(settings, config)?;
    let region = settings
        .argument(config, "region", &["TENCENTCLOUD_REGION"])
        .or(region_of_profile)
        .unwrap_or_else(|| "ap-guangzhou".to_owned());
    let sandbox = settings.sandbox.is_some();
    let rules = EndpointRules {
        everything: settings.everything(),
        protocol: settings.argument(config, "protocol", &["TENCENTCLOUD_PROTOCOL"]),
        services: if sandbox { Vec::new() } else { settings::endpoints(config) },
        domain: settings.argument(config, "domain", &["TENCENTCLOUD_DOMAIN"]).filter(|_| !sandbox),
    };
    // A wrong endpoint is told now, not at the first call in the middle of a run.
    rules.tencent("cbs")?;
    Ok(Client::new(Caller::new(shared, source), rules, &region))
}

const REMEDY: &str = "Obtain keys outside and give secret_id, secret_key and security_token.";

/// Variables that the provider obeys without any block, beginnings of names included: each makes another identity of the keys.
const ROLES: [&str; 3] =
    ["TENCENTCLOUD_CAM_ROLE_NAME", "TENCENTCLOUD_ASSUME_ROLE_", "TENCENTCLOUD_MFA_CERTIFICATION_"];

/// The role of the command-line tool, which takes both to be one.
const TOOL_ROLE: [&str; 2] = ["TENCENTCLOUD_ROLE_ARN", "TENCENTCLOUD_ROLE_SESSION_NAME"];

/// Names of the session token that other programs know.
const OTHER_TOKENS: &[&str] = &["TENCENTCLOUD_TOKEN", "TENCENTCLOUD_SESSION_TOKEN"];

/// What the vendor's software would use before, or instead of, the `default` profile of the command-line tool.
const OTHER_NAMES: &[&str] = &["TCCLI_PROFILE", "TENCENTCLOUD_CREDENTIALS_FILE"];

/// What a pod of the container service has; all of it together is an identity.
const POD: [&str; 4] = ["TKE_ROLE_ARN", "TKE_WEB_IDENTITY_TOKEN_FILE", "TKE_PROVIDER_ID", "TKE_REGION"];

/// Returns where keys come from, and the region of the profile that they belong to.
fn identity(
    settings: &Settings,
    config: &Value,
) -> Result<(Arc<dyn CredentialSource>, Option<String>), CloudError> {
    let environment = &settings.environment;
    let named = settings.argument(config, "shared_credentials_dir", &["TENCENTCLOUD_SHARED_CREDENTIALS_DIR"]);
    let profile = settings.argument(config, "profile", &["TENCENTCLOUD_PROFILE"]);
    let folder = environment.path(named.as_deref().unwrap_or("~/.tccli"));
    let path = folder.join(format!("{}.credential", profile.as_deref().unwrap_or("default")));
    let file = ProfileFile { path, format: ProfileFormat::Tccli };
    if let Some(sandbox) = &settings.sandbox {
        // Keys of its own, and the region that the real run would have.
        let region = profile.is_some().then(|| file.region().ok().flatten()).flatten();
        return Ok((Arc::new(StaticCredentials(sandbox.tencent.clone())), region));
    }
    settings::refuse(
        config,
        &[
            "assume_role",
            "assume_role_with_saml",
            "assume_role_with_web_identity",
            "mfa_certification",
            "cam_role_name",
            "enable_pod_oidc",
        ],
        REMEDY,
    )?;
    for beginning in ROLES {
        environment.refuse_beginning(beginning, REMEDY)?;
    }
    if TOOL_ROLE.iter().all(|name| environment.first(&[name]).is_some()) {
        environment.refuse(&TOOL_ROLE, REMEDY)?;
    }
    let pair = settings.key_pair(
        config,
        [
            ("secret_id", &["TENCENTCLOUD_SECRET_ID"]),
            ("secret_key", &["TENCENTCLOUD_SECRET_KEY"]),
            ("security_token", &["TENCENTCLOUD_SECURITY_TOKEN"]),
        ],
    )?;
    if let Some(pair) = pair {
        if pair.token.is_none() {
            environment
                .refuse(OTHER_TOKENS, "Set TENCENTCLOUD_SECURITY_TOKEN if the token belongs to the keys.")?;
        }
        return Ok((Arc::new(StaticCredentials(pair)), None));
    }
    if profile.is_none() {
        refuse_others(environment)?;
    }
    if named.is_none() && profile.is_none() && !file.path.exists() {
        return Err(CloudError::new(ErrorClass::Denied, "", "", "no credentials for provider tencentcloud")
            .with_remedy(
                "Set secret_id and secret_key in the provider block, or TENCENTCLOUD_SECRET_ID and \
                 TENCENTCLOUD_SECRET_KEY in the environment, or make a profile with tccli. To try the \
                 configuration without an account, add -sandbox to the command.",
            ));
    }
    let region = file.region()?;
    Ok((Arc::new(file), region))
}

/// Nobody named a profile, so `default` would be used: whatever else asks to be heard is told.
fn refuse_others(environment: &Environment) -> Result<(), CloudError> {
    environment.refuse(
        OTHER_NAMES,
        "Name the profile of tccli with TENCENTCLOUD_PROFILE, or give TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.",
    )?;
    if POD.iter().all(|name| environment.first(&[name]).is_some()) {
        environment.refuse(&POD, REMEDY)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the key and the region of a configuration, or what is wrong, with a home folder that has profiles.
    async fn found(
        block: &[(&str, &str)],
        variables: &[(&str, &str)],
    ) -> Result<(String, Option<String>), String> {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".tccli");
        std::fs::create_dir(&folder).unwrap();
        for name in ["default", "p"] {
            let keys = format!(r#"{{"secretId":"id-{name}","secretKey":"k"}}"#);
            std::fs::write(folder.join(format!("{name}.credential")), keys).unwrap();
            let region = format!(r#"{{"_sys_param":{{"region":"ap-{name}"}}}}"#);
            std::fs::write(folder.join(format!("{name}.configure")), region).unwrap();
        }
        let environment = Environment::of([("HOME", home.path().to_str().unwrap())]);
        let environment = variables.iter().fold(environment, |all, (name, value)| all.with(name, value));
        let settings = Settings { environment, sandbox: None };
        let config = Value::object(block.iter().map(|(name, text)| (*name, Value::string(text))));
        let says = |error: CloudError| error.to_string();
        let (source, region) = identity(&settings, &config).map_err(says)?;
        Ok((source.current().await.map_err(says)?.id, region))
    }

    const KEYS: [(&str, &str); 2] = [("TENCENTCLOUD_SECRET_ID", "ide\n"), ("TENCENTCLOUD_SECRET_KEY", "k\n")];

    #[tokio::test]
    async fn keys_and_regions_come_from_where_the_provider_takes_them() {
        let ok = |key: &str, region: Option<&str>| Ok((key.to_owned(), region.map(str::to_owned)));
        assert_eq!(found(&[], &[]).await, ok("id-default", Some("ap-default")));
        assert_eq!(found(&[("profile", "p")], &[]).await, ok("id-p", Some("ap-p")));
        assert_eq!(found(&[], &[("TENCENTCLOUD_PROFILE", "p")]).await, ok("id-p", Some("ap-p")));
        // The provider looks into no file when it has keys.
        assert_eq!(found(&[("profile", "p")], &KEYS).await, ok("ide", None));
        assert_eq!(
            found(&[("shared_credentials_dir", "~/.tccli")], &[]).await,
            ok("id-default", Some("ap-default"))
        );
    }

    #[tokio::test]
    async fn whatever_would_change_the_identity_is_told_by_name() {
        let roles = [
            "TENCENTCLOUD_CAM_ROLE_NAME",
            "TENCENTCLOUD_ASSUME_ROLE_ARN",
            "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME",
            "TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION",
            "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN",
            "TENCENTCLOUD_MFA_CERTIFICATION_SERIAL_NUMBER",
            "TENCENTCLOUD_MFA_CERTIFICATION_TOKEN_CODE",
        ];
        for name in roles {
            for variables in [&[(name, "x")] as &[_], &[KEYS[0], KEYS[1], (name, "x")]] {
                let error = found(&[], variables).await.unwrap_err();
                assert!(error.contains(name), "{error}");
            }
            assert!(found(&[("profile", "p")], &[(name, "x")]).await.unwrap_err().contains(name));
        }
        for name in OTHER_NAMES {
            assert!(found(&[], &[(name, "x")]).await.unwrap_err().contains(name));
        }
        for name in OTHER_TOKENS {
            assert!(found(&[], &[KEYS[0], KEYS[1], (name, "t")]).await.unwrap_err().contains(name));
        }
        let tool = TOOL_ROLE.map(|name| (name, "x"));
        assert!(found(&[], &tool).await.unwrap_err().contains(TOOL_ROLE[0]));
        assert!(found(&[], &tool[..1]).await.is_ok());
        let pod = POD.map(|name| (name, "x"));
        assert!(found(&[], &pod).await.unwrap_err().contains(POD[0]));
        assert!(found(&[], &pod[..3]).await.is_ok());
        assert!(
            found(&[], &[("TENCENTCLOUD_SECURITY_TOKEN", "t")]).await.unwrap_err().contains("security_token")
        );
    }
}
