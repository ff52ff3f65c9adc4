//! Calls of Tencent Cloud API 3.0: JSON over `POST /`, signed with TC3-HMAC-SHA256.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::classify;
use super::sign::{self, ToSign};
use crate::cloud::account::{Account, Identity};
use crate::cloud::call::{Answer, Caller, Correction, Dialect, Signing, Subject, unreadable};
use crate::cloud::digest::sha256_hex;
use crate::cloud::endpoint::{Endpoint, EndpointRules};
use crate::cloud::error::CloudError;
use crate::cloud::fields::Fields;
use crate::cloud::retry::Repeat;
use crate::cloud::transport::{HttpAnswer, HttpRequest};

const CONTENT_TYPE: &str = "application/json";

/// Calls the services of one provider configuration.
pub(crate) struct Client {
    caller: Caller,
    rules: EndpointRules,
    region: Arc<str>,
    account: Account,
}

impl Client {
    pub(crate) fn new(caller: Caller, rules: EndpointRules, region: &str) -> Client {
        Client { caller, rules, region: region.into(), account: Account::default() }
    }

    /// Returns the region of the provider configuration.
    pub(crate) fn region(&self) -> &Arc<str> {
        &self.region
    }

    /// Returns the present time, as signed into requests.
    pub(crate) fn now(&self) -> jiff::Timestamp {
        self.caller.now()
    }

    /// Returns who the credentials are; asks once.
    pub(crate) async fn identity(&self) -> Result<Identity, CloudError> {
        let nothing = Value::Object(Default::default());
        let ask = self.call("sts", "GetCallerIdentity", Repeat::Freely, &nothing);
        self.account.identity(&self.caller, ask).await
    }

    /// Makes one call with these parameters.
    pub(crate) async fn call(
        &self,
        service: &'static str,
        action: &'static str,
        repeat: Repeat,
        parameters: &Value,
    ) -> Result<Answer, CloudError> {
        let endpoint = self.rules.tencent(service)?;
        let payer = match self.account.known() {
            Some(account) => account.to_string(),
            None => self.caller.credentials().await?.id,
        };
        let dialect = Tc3 {
            service,
            version: version(service),
            action,
            region: &self.region,
            endpoint,
            body: Bytes::from(parameters.to_string()),
        };
        let subject = Subject { service, action, region: &self.region, account: &payer };
        self.caller.call(subject, repeat, &dialect).await
    }
}

/// Returns the version of each service's interface that we speak.
fn version(service: &str) -> &'static str {
    match service {
        "cfs" => "2019-07-19",
        "cbs" => "2017-03-12",
        "tcaplusdb" => "2019-08-23",
        // Both tag and sts.
        _ => "2018-08-13",
    }
}

struct Tc3<'a> {
    service: &'static str,
    version: &'static str,
    action: &'static str,
    region: &'a str,
    endpoint: Endpoint,
    body: Bytes,
}

impl Dialect for Tc3<'_> {
    fn request(&self, signing: &Signing<'_>) -> HttpRequest {
        let timestamp = signing.now.as_second();
        let credentials = signing.credentials;
        let to_sign = ToSign {
            method: "POST",
            query: "",
            headers: &[("content-type", CONTENT_TYPE), ("host", &self.endpoint.host)],
            payload_hash: &sha256_hex(&self.body),
            service: self.service,
            timestamp,
        };
        let authorization = sign::authorization(&to_sign, &credentials.id, credentials.secret_text());
        let mut headers = vec![
            ("content-type", CONTENT_TYPE.to_owned()),
            ("host", self.endpoint.host.clone()),
            ("authorization", authorization),
            ("x-tc-action", self.action.to_owned()),
            ("x-tc-version", self.version.to_owned()),
            ("x-tc-timestamp", timestamp.to_string()),
            ("x-tc-region", self.region.to_owned()),
            ("x-tc-language", "en-US".to_owned()),
            ("x-tc-requestclient", concat!("snapform/", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        if let Some(token) = credentials.token_text() {
            headers.push(("x-tc-token", token.to_owned()));
        }
        HttpRequest {
            method: "POST",
            url: format!("{}/", self.endpoint.origin),
            headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            body: self.body.clone(),
        }
    }

    fn read(&self, answer: &HttpAnswer) -> Result<Answer, CloudError> {
        let foreign = || unreadable(self.service, self.action, answer);
        let whole = Fields::read(&answer.body).map_err(|_| foreign())?;
        let fields = whole.object("Response").ok_or_else(foreign)?;
        let request_id = fields.filled("RequestId");
        if let Some(code) = fields.filled("Error.Code") {
            let class = classify::classify(self.service, self.action, &code);
            let message = fields.text("Error.Message").unwrap_or_default();
            let mut error = CloudError::new(class, self.service, self.action, message)
                .with_code(&code)
                .with_request_id(request_id.as_deref());
            error.remedy = classify::remedy(&code).map(str::to_owned);
            return Err(error);
        }
        if answer.status != 200 {
            return Err(foreign());
        }
        Ok(Answer { fields, request_id })
    }

    fn correction(&self, code: &str) -> Option<Correction> {
        match code {
            "AuthFailure.SignatureExpire" => Some(Correction::Clock),
            "AuthFailure.TokenFailure" | "AuthFailure.SecretIdNotFound" => Some(Correction::Credentials),
            _ => None,
        }
    }
}
