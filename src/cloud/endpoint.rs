//! Where a service of a region is reached, and under which host name it is signed.

use super::error::{CloudError, ErrorClass};

/// An address to connect to and the host name to sign and send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Scheme and authority, such as `https://cfs.tencentcloudapi.com`.
    pub origin: String,
    /// Value of the `Host` header, which the signature covers.
    pub host: String,
}

impl Endpoint {
    /// Makes an endpoint that is reached under its own host name.
    pub(crate) fn plain(scheme: &str, host: &str) -> Endpoint {
        Endpoint { origin: format!("{scheme}://{host}"), host: host.to_owned() }
    }
}

/// What the environment and the provider block say about endpoints.
#[derive(Debug, Clone, Default)]
pub struct EndpointRules {
    /// `SNAPFORM_ENDPOINT`: every service is sent there, under its real host name.
    pub everything: Option<String>,
    /// The provider's `protocol`: `HTTP` or `HTTPS`.
    pub protocol: Option<String>,
    /// The provider's `endpoints` block: service to host, or to a whole URL.
    pub services: Vec<(String, String)>,
    /// Tencent's `domain`: the root domain in place of `tencentcloudapi.com`.
    pub domain: Option<String>,
}

impl EndpointRules {
    /// Returns where Alibaba's `service` of `region` is reached.
    ///
    /// # Errors
    ///
    /// A rule that is not a host or an `http` or `https` URL.
    pub fn alibaba(&self, service: &str, region: &str) -> Result<Endpoint, CloudError> {
        let host = match service {
            // Alibaba's SDK reaches these regions of ECS under shared names.
            "ecs" if matches!(region, "cn-hangzhou" | "cn-shanghai-finance-1" | "cn-shenzhen-finance-1") => {
                "ecs-cn-hangzhou.aliyuncs.com".to_owned()
            }
            "ecs" if matches!(region, "cn-north-2-gov-1" | "cn-hangzhou-finance" | "cn-wuhan") => {
                "ecs.aliyuncs.com".to_owned()
            }
            _ => format!("{service}.{region}.aliyuncs.com"),
        };
        self.resolve(service, host)
    }

    /// Returns where Tencent's `service` is reached; the region travels in a header.
    ///
    /// # Errors
    ///
    /// A rule that is not a host or an `http` or `https` URL.
    pub fn tencent(&self, service: &str) -> Result<Endpoint, CloudError> {
        let domain = self.domain.as_deref().unwrap_or("tencentcloudapi.com");
        self.resolve(service, format!("{service}.{domain}"))
    }

    fn resolve(&self, service: &str, public_host: String) -> Result<Endpoint, CloudError> {
        let scheme = match self.protocol.as_deref() {
            Some(protocol) if protocol.eq_ignore_ascii_case("http") => "http",
            _ => "https",
        };
        let own = self.services.iter().find(|(name, _)| name == service).map(|(_, value)| value.as_str());
        let mut endpoint = match own {
            Some(rule) => parse(rule, scheme)?,
            None => Endpoint::plain(scheme, &public_host),
        };
        if let Some(everything) = self.everything.as_deref() {
            endpoint.origin = parse(everything, "http")?.origin;
        }
        Ok(endpoint)
    }
}

/// Returns an address as messages show it: without the user, the password and the query that it should not have.
fn without_secrets(rule: &str) -> String {
    let (scheme, rest) = match rule.split_once("://") {
        // What stands before the sign is no scheme but a user.
        Some((scheme, _)) if scheme.contains('@') => ("", rule),
        Some((scheme, rest)) => (scheme, rest),
        None => ("", rule),
    };
    // A password may hold any sign, so everything up to the last "@" is taken for one.
    let host = rest.rsplit('@').next().unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

/// Reads `host`, `host:port` or a whole URL.
fn parse(rule: &str, scheme: &str) -> Result<Endpoint, CloudError> {
    let text = if rule.contains("://") { rule.to_owned() } else { format!("{scheme}://{rule}") };
    let wrong = || {
        CloudError::new(
            ErrorClass::Invalid,
            "",
            "",
            format!("{:?} is not an endpoint", without_secrets(rule)),
        )
        .with_remedy("Give a host name with an optional port, or a URL that begins with http:// or https://.")
    };
    let url = reqwest::Url::parse(&text).map_err(|_| wrong())?;
    let plain = url.path() == "/" && url.query().is_none() && url.username().is_empty();
    let Some(host) = url.host_str().filter(|_| plain && matches!(url.scheme(), "http" | "https")) else {
        return Err(wrong());
    };
    let authority = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    Ok(Endpoint::plain(url.scheme(), &authority))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_rules_the_public_hosts_are_used() {
        let rules = EndpointRules::default();
        assert_eq!(
            rules.alibaba("ecs", "cn-shanghai").unwrap().origin,
            "https://ecs.cn-shanghai.aliyuncs.com"
        );
        assert_eq!(rules.alibaba("ecd", "cn-hangzhou").unwrap().host, "ecd.cn-hangzhou.aliyuncs.com");
        assert_eq!(rules.tencent("cfs").unwrap().origin, "https://cfs.tencentcloudapi.com");
    }

    #[test]
    fn one_endpoint_for_everything_keeps_the_real_host_name() {
        let rules = EndpointRules { everything: Some("http://127.0.0.1:8080".into()), ..Default::default() };
        let endpoint = rules.alibaba("ecs", "cn-shanghai").unwrap();
        assert_eq!(endpoint.origin, "http://127.0.0.1:8080");
        assert_eq!(endpoint.host, "ecs.cn-shanghai.aliyuncs.com");
    }

    #[test]
    fn provider_rules_name_host_protocol_and_domain() {
        let rules = EndpointRules {
            protocol: Some("HTTP".into()),
            services: vec![("ecs".into(), "127.0.0.1:81".into()), ("cfs".into(), "https://cfs.test".into())],
            domain: Some("tc.localhost:82".into()),
            ..Default::default()
        };
        assert_eq!(rules.alibaba("ecs", "cn-hangzhou").unwrap(), Endpoint::plain("http", "127.0.0.1:81"));
        assert_eq!(rules.tencent("cfs").unwrap(), Endpoint::plain("https", "cfs.test"));
        assert_eq!(rules.tencent("cbs").unwrap(), Endpoint::plain("http", "cbs.tc.localhost:82"));
    }

    #[test]
    fn a_rule_that_is_no_endpoint_is_refused() {
        for wrong in ["http://a/b", "ftp://a", "http://user@host", "http://a?b", "::"] {
            let rules = EndpointRules { everything: Some(wrong.into()), ..Default::default() };
            assert!(rules.tencent("cfs").is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_refusal_names_neither_user_nor_password_nor_query() {
        for wrong in [
            "http://eu:PW@host",
            "http://eu:P/W?PW@host:1",
            "eu:PW@host",
            "http://host/?token=PW",
            "ftp://eu:PW@host/path",
            "http://eu:PW@",
        ] {
            let rules = EndpointRules { everything: Some(wrong.into()), ..Default::default() };
            let error = rules.tencent("cfs").unwrap_err().to_string();
            assert!(!error.contains("PW") && !error.contains("eu:"), "{wrong}: {error}");
        }
    }
}
