//! From `provider "alicloud"` and the environment to a client.

use std::sync::Arc;

use super::client::Client;
use crate::cloud::call::{Caller, Shared};
use crate::cloud::credentials::{CredentialSource, ProfileFile, ProfileFormat, StaticCredentials};
use crate::cloud::endpoint::EndpointRules;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::object::text;
use crate::cloud::settings::{self, Settings};
use crate::lang::Value;

/// Makes the client of one provider configuration.
pub(crate) fn client(shared: Shared, settings: &Settings, config: &Value) -> Result<Client, CloudError> {
    let region = settings
        .argument(config, "region", &["ALICLOUD_REGION", "ALIBABA_CLOUD_REGION"])
        .unwrap_or_else(|| "cn-beijing".to_owned());
    let source = credentials(settings, config)?;
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

fn credentials(settings: &Settings, config: &Value) -> Result<Arc<dyn CredentialSource>, CloudError> {
    if let Some(sandbox) = &settings.sandbox {
        return Ok(Arc::new(StaticCredentials(sandbox.alibaba.clone())));
    }
    settings::refuse(
        config,
        &["assume_role", "assume_role_with_oidc", "ecs_role_name", "credentials_uri"],
        "Obtain keys outside and give access_key, secret_key and security_token.",
    )?;
    let pair = settings.key_pair(
        config,
        [
            (
                "access_key",
                &["ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID"],
            ),
            (
                "secret_key",
                &["ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET"],
            ),
            (
                "security_token",
                &["ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN"],
            ),
        ],
    )?;
    if let Some(pair) = pair {
        return Ok(Arc::new(StaticCredentials(pair)));
    }
    let named = settings.argument(
        config,
        "shared_credentials_file",
        &["ALICLOUD_SHARED_CREDENTIALS_FILE", "ALIBABA_CLOUD_CREDENTIALS_FILE"],
    );
    let path = settings.environment.path(named.as_deref().unwrap_or("~/.aliyun/config.json"));
    let profile = settings.argument(config, "profile", &["ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE"]);
    if named.is_none() && profile.is_none() && !path.exists() {
        return Err(CloudError::new(ErrorClass::Denied, "", "", "no credentials for provider alicloud").with_remedy(
            "Set access_key and secret_key in the provider block, or ALIBABA_CLOUD_ACCESS_KEY_ID and \
             ALIBABA_CLOUD_ACCESS_KEY_SECRET in the environment, or make a profile with the aliyun command-line tool.",
        ));
    }
    Ok(Arc::new(ProfileFile { path, format: ProfileFormat::AliyunCli { profile } }))
}
