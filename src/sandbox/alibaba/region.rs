//! Which region a call is for: several actions have no such parameter.

use super::envelope::Refusal;
use super::parameters::Parameters;

/// The regions that customers have, of the vendor's table of ECS endpoints.
pub(in crate::sandbox) const REGIONS: &[&str] = &[
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-beijing",
    "cn-beijing-finance-1",
    "cn-chengdu",
    "cn-fuzhou",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-hangzhou-finance",
    "cn-heyuan",
    "cn-heyuan-acdr-1",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-nanjing",
    "cn-north-2-gov-1",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shanghai-finance-1",
    "cn-shenzhen",
    "cn-shenzhen-finance-1",
    "cn-wuhan-lr",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "cn-zhengzhou-jva",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "na-south-1",
    "us-east-1",
    "us-west-1",
];

/// Returns the region of a call: its `RegionId`, else that of the public host it names, else `fallback`.
///
/// # Errors
///
/// `InvalidRegionId.NotFound` for a region that the vendor does not have.
pub(super) fn of_call(parameters: &Parameters, host: &str, fallback: &str) -> Result<String, Refusal> {
    let named = parameters.text("RegionId").or_else(|| of_host(host)).unwrap_or(fallback);
    REGIONS.contains(&named).then(|| named.to_owned()).ok_or_else(|| {
        Refusal::new(404, "InvalidRegionId.NotFound", "The RegionId provided does not exist in our records.")
    })
}

/// Reads `ecs.<region>.aliyuncs.com`, `ecs-<region>.…` and `ecs-vpc.<region>.…`; the central hosts have
/// no region.
fn of_host(host: &str) -> Option<&str> {
    let host = bare(host);
    let name = host.strip_suffix(".aliyuncs.com")?;
    let rest = ["ecs", "ecd", "sts"].iter().find_map(|service| name.strip_prefix(service))?;
    let rest = rest.strip_prefix("-vpc").unwrap_or(rest);
    let region = rest.strip_prefix(['.', '-'])?;
    (!region.is_empty() && !region.contains('.')).then_some(region)
}

/// Returns the public host that errors name.
pub(super) fn host_id(host: &str, service: &str, region: &str) -> String {
    let host = bare(host);
    if host.ends_with(".aliyuncs.com") { host.to_owned() } else { format!("{service}.{region}.aliyuncs.com") }
}

/// Some clients put the scheme into the Host header.
fn bare(host: &str) -> &str {
    let host = host.trim();
    let host = host.strip_prefix("http://").or(host.strip_prefix("https://")).unwrap_or(host);
    host.split([':', '/']).next().unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_region_comes_from_the_parameter_then_the_host_then_the_setting() {
        let of = |query: &str, host: &str| {
            let pairs = super::super::encoding::decode_pairs(query);
            of_call(&Parameters::new(pairs), host, "cn-hangzhou")
        };
        for (query, host, region) in [
            ("RegionId=cn-shanghai", "ecs.cn-beijing.aliyuncs.com", "cn-shanghai"),
            ("", "ecs.cn-beijing.aliyuncs.com", "cn-beijing"),
            ("", "ecs-cn-hangzhou.aliyuncs.com:443", "cn-hangzhou"),
            ("", "http://ecs-vpc.us-west-1.aliyuncs.com", "us-west-1"),
            ("", "ecs.aliyuncs.com", "cn-hangzhou"),
            ("", "127.0.0.1:8080", "cn-hangzhou"),
        ] {
            assert_eq!(of(query, host).unwrap(), region, "{query} {host}");
        }
        for (query, host) in [
            ("RegionId=nowhere", ""),
            ("RegionId=cn-nowhere-1", ""),
            ("RegionId=ap-guangzhou", "ecs.cn-beijing.aliyuncs.com"),
            ("", "ecs.cn-nowhere-1.aliyuncs.com"),
        ] {
            assert_eq!(of(query, host).unwrap_err().code, "InvalidRegionId.NotFound", "{query} {host}");
        }
        assert_eq!(host_id("http://127.0.0.1:1", "ecd", "cn-x"), "ecd.cn-x.aliyuncs.com");
        assert_eq!(host_id("ecs-cn-hangzhou.aliyuncs.com", "ecs", "a-b"), "ecs-cn-hangzhou.aliyuncs.com");
    }
}
