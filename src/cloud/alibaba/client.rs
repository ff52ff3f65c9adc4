//! Calls of Alibaba Cloud's RPC interfaces: parameters in the query of `POST /`, signed with ACS3-HMAC-SHA256.

use std::sync::Arc;

use bytes::Bytes;
use jiff::tz::TimeZone;

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

    /// Returns who the credentials are; asks once.
    pub(crate) async fn identity(&self) -> Result<Identity, CloudError> {
        let ask = self.call("sts", "GetCallerIdentity", Repeat::Freely, Parameters::default());
        self.account.identity(&self.caller, ask).await
    }

    /// Makes one call; the region is added to the parameters.
    ///
    /// Some ECS actions take their region from the host name alone. The vendor's older SDK names it in every call all the
    /// same, and so do we: behind a custom endpoint the host says nothing.
    pub(crate) async fn call(
        &self,
        service: &'static str,
        action: &'static str,
        repeat: Repeat,
        parameters: Parameters,
    ) -> Result<Answer, CloudError> {
        let endpoint = self.rules.alibaba(service, &self.region)?;
        let payer = match self.account.known() {
            Some(account) => account.to_string(),
            None => self.caller.credentials().await?.id,
        };
        let mut query = parameters.0;
        if service != "sts" {
            query.push(("RegionId".to_owned(), self.region.to_string()));
        }
        let dialect = Acs3 { service, version: version(service), action, endpoint, query };
        let subject = Subject { service, action, region: &self.region, account: &payer };
        self.caller.call(subject, repeat, &dialect).await
    }
}

fn version(service: &str) -> &'static str {
    match service {
        "ecs" => "2014-05-26",
        "ecd" => "2020-09-30",
        _ => "2015-04-01",
    }
}

/// Parameters of a call, in the flat form of the RPC interfaces.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Adds a parameter.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Parameters {
        self.0.push((name.to_owned(), value.into()));
        self
    }

    /// Returns the value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.0.iter().find(|(each, _)| each == name).map(|(_, value)| value.clone())
    }

    /// Adds a parameter if there is a value.
    pub(crate) fn maybe(self, name: &str, value: Option<impl Into<String>>) -> Parameters {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Adds a list, numbered from 1.
    pub(crate) fn list(
        mut self,
        name: &str,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Parameters {
        for (at, value) in values.into_iter().enumerate() {
            self = self.with(&format!("{name}.{}", at + 1), value);
        }
        self
    }

    /// Adds tags, numbered from 1.
    pub(crate) fn tags(mut self, tags: &[(String, String)]) -> Parameters {
        for (at, (key, value)) in tags.iter().enumerate() {
            self =
                self.with(&format!("Tag.{}.Key", at + 1), key).with(&format!("Tag.{}.Value", at + 1), value);
        }
        self
    }
}

struct Acs3 {
    service: &'static str,
    version: &'static str,
    action: &'static str,
    endpoint: Endpoint,
    query: Vec<(String, String)>,
}

impl Dialect for Acs3 {
    fn request(&self, signing: &Signing<'_>) -> HttpRequest {
        let credentials = signing.credentials;
        let date = signing.now.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let payload_hash = sha256_hex(b"");
        let mut headers: Vec<(String, String)> = [
            ("host", self.endpoint.host.clone()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-content-sha256", payload_hash.clone()),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", signing.nonce.clone()),
            ("x-acs-version", self.version.to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        if let Some(token) = credentials.token_text() {
            headers.push(("x-acs-accesskey-id".to_owned(), credentials.id.clone()));
            headers.push(("x-acs-security-token".to_owned(), token.to_owned()));
        }
        let to_sign =
            ToSign { method: "POST", query: &self.query, headers: &headers, payload_hash: &payload_hash };
        let authorization = sign::authorization(&to_sign, &credentials.id, credentials.secret_text());
        headers.push(("authorization".to_owned(), authorization));
        headers.push(("accept".to_owned(), "application/json".to_owned()));
        HttpRequest {
            method: "POST",
            url: format!("{}/?{}", self.endpoint.origin, sign::encoded_query(&self.query)),
            headers,
            body: Bytes::new(),
        }
    }

    fn read(&self, answer: &HttpAnswer) -> Result<Answer, CloudError> {
        let fields = Fields::read(&answer.body).map_err(|_| unreadable(self.service, self.action, answer))?;
        let request_id =
            fields.filled("RequestId").or_else(|| answer.header("x-acs-request-id").map(str::to_owned));
        if answer.status == 200 && request_id.is_some() {
            return Ok(Answer { fields, request_id });
        }
        let Some(code) = fields.filled("Code").filter(|_| answer.status >= 400) else {
            return Err(unreadable(self.service, self.action, answer));
        };
        let class = classify::classify(self.action, &code, answer.status);
        let message = fields.text("Message").unwrap_or_default();
        let mut error = CloudError::new(class, self.service, self.action, message)
            .with_code(&code)
            .with_request_id(request_id.as_deref());
        error.remedy = classify::remedy(&code).map(str::to_owned);
        Err(error)
    }

    fn correction(&self, code: &str) -> Option<Correction> {
        match code {
            "InvalidTimeStamp.Expired" => Some(Correction::Clock),
            "InvalidSecurityToken.Expired" => Some(Correction::Credentials),
            _ => None,
        }
    }
}
