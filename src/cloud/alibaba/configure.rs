//! From `provider "alicloud"` and the environment to a client.

use std::sync::Arc;

use super::client::Client;
use crate::cloud::call::{Caller, Shared};
use crate::cloud::credentials::{CredentialSource, StaticCredentials};
use crate::cloud::endpoint::EndpointRules;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::object::text;
use crate::cloud::profile::{ProfileFile, ProfileFormat};
use crate::cloud::settings::{self, Environment, Settings};
use crate::lang::Value;

/// Makes the client of one provider configuration.
pub(crate) fn client(shared: Shared, settings: &Settings, config: &Value) -> Result<Client, CloudError> {
    let (source, region_of_profile) = identity(settings, config)?;
    let region = match settings.argument(config, "region", REGION).or(region_of_profile) {
        Some(region) => region,
        None => default_region(settings)?,
    };
    let mut services = settings::endpoints(config);
    for service in ["ecs", "ecd", "sts"] {
        let upper = service.to_uppercase();
        let variables = [format!("ALIBABA_CLOUD_ENDPOINT_{upper}"), format!("{upper}_ENDPOINT")];
        let variables = variables.each_ref().map(String::as_str);
        if let Some(endpoint) = settings.environment.first(&variables)
            && !services.iter().any(|(name, _)| name == service)
        {
            services.push((service.to_owned(), endpoint.to_owned()));
        }
    }
    let everything = settings.everything();
    if settings.sandbox.is_some() {
        // The sandbox tells regions apart by the real host names.
        services.clear();
    }
    let protocol = text(config, "protocol").map(str::to_owned);
    let rules = EndpointRules { everything, protocol, services, domain: None };
    // A wrong endpoint is told now, not at the first call in the middle of a run.
    rules.alibaba("ecs", &region)?;
    Ok(Client::new(Caller::new(shared, source), rules, &region))
}

const REGION: &[&str] = &["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"];

/// Where the command-line tool looks for a region, and the provider does not.
const OTHER_REGION: &[&str] = &["ALIBABA_CLOUD_REGION_ID", "ALIBABACLOUD_REGION_ID", "ALICLOUD_REGION_ID"];

fn default_region(settings: &Settings) -> Result<String, CloudError> {
    if let Some(sandbox) = &settings.sandbox {
        return Ok(sandbox.alibaba_region.clone());
    }
    settings
        .environment
        .refuse(OTHER_REGION, "Set region in the provider block, or ALIBABA_CLOUD_REGION.")?;
    Ok("cn-beijing".to_owned())
}

const ACCESS_KEY: &[&str] =
    &["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"];
const SECRET_KEY: &[&str] =
    &["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"];
const SECURITY_TOKEN: &[&str] =
    &["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"];

const REMEDY: &str = "Obtain keys outside and give access_key, secret_key and security_token.";

/// Variables by which the provider or the vendor's libraries would be somebody else than the `current` profile of a file.
const OTHER_IDENTITY: &[&str] = &[
    "ALICLOUD_ECS_ROLE_NAME",
    "ALIBABA_CLOUD_ECS_METADATA",
    "ALICLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_CREDENTIALS_URI",
    "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
    "ALIBABACLOUD_OIDC_TOKEN_FILE",
    "ALIBABA_CLOUD_OIDC_TOKEN",
];

/// Variables that hold keys, or say where they are, for other tools only.
const OTHER_NAMES: &[&str] = &[
    "ALICLOUD_ACCESS_KEY_ID",
    "ALICLOUD_ACCESS_KEY_SECRET",
    "ALIYUN_ACCESS_KEY_ID",
    "ALIYUN_ACCESS_KEY_SECRET",
    "ACCESS_KEY_ID",
    "ACCESS_KEY_SECRET",
    "ALIBABACLOUD_PROFILE",
    "ALIBABA_CLOUD_CONFIG_FILE",
];

/// Variables that switch profile files off: names and values.
const NO_FILES: [(&str, &str); 2] =
    [("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true"), ("ALIBABA_CLOUD_IGNORE_PROFILE", "true")];

/// Returns where keys come from, and the region of the profile that they, or the block, belong to.
fn identity(
    settings: &Settings,
    config: &Value,
) -> Result<(Arc<dyn CredentialSource>, Option<String>), CloudError> {
    let environment = &settings.environment;
    let named = settings.argument(
        config,
        "shared_credentials_file",
        &["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"],
    );
    let path = environment.path(named.as_deref().unwrap_or("~/.aliyun/config.json"));
    let profile = settings.argument(config, "profile", &["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"]);
    let is_named = profile.is_some();
    let file = ProfileFile { path, format: ProfileFormat::AliyunCli { profile } };
    if let Some(sandbox) = &settings.sandbox {
        // Keys of its own, and the region that the real run would have.
        let region = is_named.then(|| file.region().ok().flatten()).flatten();
        return Ok((Arc::new(StaticCredentials(sandbox.alibaba.clone())), region));
    }
    settings::refuse(
        config,
        &["assume_role", "assume_role_with_oidc", "ecs_role_name", "credentials_uri"],
        REMEDY,
    )?;
    let pair = settings.key_pair(
        config,
        [("access_key", ACCESS_KEY), ("secret_key", SECRET_KEY), ("security_token", SECURITY_TOKEN)],
    )?;
    if let Some(pair) = pair {
        let region = match is_named && file.path.exists() {
            true => file.region_beside_keys(pair.token.is_some())?,
            false => None,
        };
        return Ok((Arc::new(StaticCredentials(pair)), region));
    }
    if !is_named {
        refuse_others(environment, named.is_some())?;
    }
    if named.is_none() && !is_named && !file.path.exists() {
        return Err(CloudError::new(ErrorClass::Denied, "", "", "no credentials for provider alicloud").with_remedy(
            "Set access_key and secret_key in the provider block, or ALIBABA_CLOUD_ACCESS_KEY_ID and \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET in the environment, or make a profile with the aliyun command-line tool. To try \
             the configuration without an account, add -sandbox to the command.",
        ));
    }
    let region = file.region()?;
    Ok((Arc::new(file), region))
}

/// Nobody named a profile, so the `current` one of a file would be used: whatever else asks to be heard is told.
fn refuse_others(environment: &Environment, file_is_named: bool) -> Result<(), CloudError> {
    environment.refuse(OTHER_IDENTITY, REMEDY)?;
    environment.refuse(
        OTHER_NAMES,
        "Use ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET for keys, ALIBABA_CLOUD_PROFILE and \
         ALIBABA_CLOUD_CREDENTIALS_FILE for a profile of the aliyun command-line tool.",
    )?;
    let off = NO_FILES.iter().find(|(name, value)| {
        environment.first(&[name]).is_some_and(|given| given.eq_ignore_ascii_case(value))
    });
    match off.filter(|_| !file_is_named) {
        Some((name, _)) => Err(CloudError::new(
            ErrorClass::Denied,
            "",
            "",
            format!("no credentials for provider alicloud: {name} keeps profile files from being read"),
        )
        .with_remedy("Give keys, name a profile in the provider block, or unset the variable.")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"{"current":"c","profiles":[
        {"name":"c","mode":"AK","access_key_id":"idc","access_key_secret":"s","region_id":"cn-current"},
        {"name":"p","mode":"AK","access_key_id":"idp","access_key_secret":"s","region_id":"cn-named"},
        {"name":"r","mode":"RamRoleArn","access_key_id":"i","access_key_secret":"s","ram_role_arn":"a"}]}"#;

    /// Returns the key and the region of a configuration, or what is wrong, with a home folder that has a profile file.
    async fn found(block: &[(&str, &str)], variables: &[(&str, &str)]) -> Result<(String, String), String> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        std::fs::write(home.path().join(".aliyun/config.json"), CONFIG).unwrap();
        let environment = Environment::of([("HOME", home.path().to_str().unwrap())]);
        let environment = variables.iter().fold(environment, |all, (name, value)| all.with(name, value));
        let settings = Settings { environment, sandbox: None };
        let config = Value::object(block.iter().map(|(name, text)| (*name, Value::string(text))));
        let says = |error: CloudError| error.to_string();
        let (source, region) = identity(&settings, &config).map_err(says)?;
        let region = match settings.argument(&config, "region", REGION).or(region) {
            Some(region) => region,
            None => default_region(&settings).map_err(says)?,
        };
        Ok((source.current().await.map_err(says)?.id, region))
    }

    const KEYS: [(&str, &str); 2] =
        [("ALIBABA_CLOUD_ACCESS_KEY_ID", " ide\n"), ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s\n")];

    #[tokio::test]
    async fn keys_and_regions_come_from_where_the_provider_takes_them() {
        let ok = |key: &str, region: &str| Ok((key.to_owned(), region.to_owned()));
        assert_eq!(found(&[], &[]).await, ok("idc", "cn-current"));
        assert_eq!(found(&[("profile", "p")], &[]).await, ok("idp", "cn-named"));
        assert_eq!(found(&[], &[("ALICLOUD_PROFILE", "p")]).await, ok("idp", "cn-named"));
        assert_eq!(found(&[("profile", "p")], &[("ALICLOUD_REGION", " cn-e\n")]).await, ok("idp", "cn-e"));
        assert_eq!(found(&[("profile", "p"), ("region", "cn-b")], &[]).await, ok("idp", "cn-b"));
        assert_eq!(found(&[], &KEYS).await, ok("ide", "cn-beijing"));
        assert_eq!(found(&[("profile", "p")], &KEYS).await, ok("ide", "cn-named"));
        // Keys are taken before what these name, by the provider and by the libraries.
        let both =
            [KEYS[0], KEYS[1], ("ALICLOUD_ECS_ROLE_NAME", "r"), ("ALIBABA_CLOUD_CREDENTIALS_URI", "u")];
        assert_eq!(found(&[], &both).await, ok("ide", "cn-beijing"));
        assert_eq!(found(&[("profile", "p")], &both[2..]).await, ok("idp", "cn-named"));
    }

    #[tokio::test]
    async fn whatever_would_change_the_identity_is_told_by_name() {
        for name in OTHER_IDENTITY.iter().chain(OTHER_NAMES) {
            let error = found(&[], &[(name, "x")]).await.unwrap_err();
            assert!(error.contains(name), "{error}");
        }
        for (name, _) in NO_FILES {
            assert!(found(&[], &[(name, "TRUE")]).await.unwrap_err().contains(name));
            assert!(found(&[], &[(name, "false")]).await.is_ok());
        }
        assert!(found(&[("profile", "r")], &KEYS).await.unwrap_err().contains("RamRoleArn"));
        assert!(
            found(&[], &[("ALICLOUD_SECURITY_TOKEN", "t")]).await.unwrap_err().contains("security_token")
        );
        for name in OTHER_REGION {
            let error = found(&[], &[KEYS[0], KEYS[1], (name, "cn-x")]).await.unwrap_err();
            assert!(error.contains(name), "{error}");
            assert!(found(&[("region", "cn-b")], &[KEYS[0], KEYS[1], (name, "cn-x")]).await.is_ok());
        }
    }
}
