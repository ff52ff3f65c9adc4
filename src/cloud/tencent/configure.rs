//! From `provider "tencentcloud"` and the environment to a client.

use std::sync::Arc;

use super::client::Client;
use crate::cloud::call::{Caller, Shared};
use crate::cloud::credentials::{CredentialSource, ProfileFile, ProfileFormat, StaticCredentials};
use crate::cloud::endpoint::EndpointRules;
use crate::cloud::error::{CloudError, ErrorClass};
use crate::cloud::settings::{self, Settings};
use crate::lang::Value;

/// Makes the client of one provider configuration.
pub(crate) fn client(shared: Shared, settings: &Settings, config: &Value) -> Result<Client, CloudError> {
    let region = settings
        .argument(config, "region", &["TENCENTCLOUD_REGION"])
        .unwrap_or_else(|| "ap-guangzhou".to_owned());
    let source = credentials(settings, config)?;
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

fn credentials(settings: &Settings, config: &Value) -> Result<Arc<dyn CredentialSource>, CloudError> {
    if let Some(sandbox) = &settings.sandbox {
        return Ok(Arc::new(StaticCredentials(sandbox.tencent.clone())));
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
        "Obtain keys outside and give secret_id, secret_key and security_token.",
    )?;
    let pair = settings.key_pair(
        config,
        [
            ("secret_id", &["TENCENTCLOUD_SECRET_ID"]),
            ("secret_key", &["TENCENTCLOUD_SECRET_KEY"]),
            ("security_token", &["TENCENTCLOUD_SECURITY_TOKEN"]),
        ],
    )?;
    if let Some(pair) = pair {
        return Ok(Arc::new(StaticCredentials(pair)));
    }
    let named = settings.argument(config, "shared_credentials_dir", &["TENCENTCLOUD_SHARED_CREDENTIALS_DIR"]);
    let profile = settings.argument(config, "profile", &["TENCENTCLOUD_PROFILE"]);
    let folder = settings.environment.path(named.as_deref().unwrap_or("~/.tccli"));
    let path = folder.join(format!("{}.credential", profile.as_deref().unwrap_or("default")));
    if named.is_none() && profile.is_none() && !path.exists() {
        return Err(CloudError::new(ErrorClass::Denied, "", "", "no credentials for provider tencentcloud")
            .with_remedy(
                "Set secret_id and secret_key in the provider block, or TENCENTCLOUD_SECRET_ID and \
                 TENCENTCLOUD_SECRET_KEY in the environment, or make a profile with tccli.",
            ));
    }
    Ok(Arc::new(ProfileFile { path, format: ProfileFormat::Tccli }))
}
