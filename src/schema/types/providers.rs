//! The arguments of the two providers' blocks, as the official providers have them.
//!
//! All of them are accepted, so that a directory can be handed back and forth; those that only matter to other products are
//! read and passed over, and those that we do not carry out yet are refused by the client with a message.

use super::{bool, number, string};
use crate::lang::{Type, Value};
use crate::schema::{Attribute, Block, NestedBlock, Nesting, Presence, Validator};
use Presence::{Optional, Required};

use super::limits;

fn block(name: &'static str, nesting: Nesting, attributes: Vec<Attribute>) -> NestedBlock {
    NestedBlock {
        name,
        nesting,
        min_items: 0,
        max_items: 1,
        limit_untold: false,
        block: Block { attributes, blocks: Vec::new() },
    }
}

/// A block that the provider allows once, which its schema does not tell.
fn once(name: &'static str, nesting: Nesting, attributes: Vec<Attribute>) -> NestedBlock {
    NestedBlock { limit_untold: true, ..block(name, nesting, attributes) }
}

fn upper_protocol(value: &Value) -> Option<String> {
    limits::one_of(value, &["HTTP", "HTTPS"])
}

fn account_kind(value: &Value) -> Option<String> {
    limits::one_of(value, &["Domestic", "International"])
}

fn secret(name: &'static str, description: &'static str) -> Attribute {
    string(name, Optional, description).sensitive()
}

/// An argument that the official provider does not call sensitive, and whose value we keep as secret all the same.
fn credential(name: &'static str, presence: Presence, description: &'static str) -> Attribute {
    string(name, presence, description).credential()
}

fn rates() -> Attribute {
    Attribute::new(
        "rates",
        Type::map(Type::String),
        Optional,
        "Rates to keep to instead of the documented ones, such as `{ \"cbs.CreateDiskBackup\" = \"10/s\" }`.",
    )
    .ours_only()
}

fn strings_set(name: &'static str, description: &'static str) -> Attribute {
    Attribute::new(name, Type::set(Type::String), Optional, description)
}

/// Returns the arguments of `provider "alicloud"`.
pub(super) fn alicloud() -> Block {
    let attributes = vec![
        secret(
            "access_key",
            "The access key id; else ALICLOUD_ACCESS_KEY, ALIBABA_CLOUD_ACCESS_KEY_ID or ALIBABACLOUD_ACCESS_KEY_ID.",
        ),
        string("account_id", Optional, "The account id."),
        string("account_type", Optional, "`Domestic` or `International`.")
            .validators(&[Validator { check: account_kind }]),
        number(
            "client_connect_timeout",
            Optional,
            "Milliseconds until a connection must stand; else CLIENT_CONNECT_TIMEOUT.",
        ),
        number(
            "client_read_timeout",
            Optional,
            "Milliseconds of silence that end a call; else CLIENT_READ_TIMEOUT.",
        ),
        string("configuration_source", Optional, "A mark of where the configuration comes from."),
        string("credentials_uri", Optional, "An address that hands out credentials."),
        string("ecs_role_name", Optional, "The role of the instance this runs on."),
        number("max_retry_timeout", Optional, "Seconds to go on trying."),
        string(
            "profile",
            Optional,
            "The profile in the credentials file; else ALICLOUD_PROFILE or ALIBABA_CLOUD_PROFILE.",
        ),
        string("protocol", Optional, "`HTTP` or `HTTPS`, the default.")
            .validators(&[Validator { check: upper_protocol }]),
        rates(),
        string(
            "region",
            Optional,
            "The region; else ALICLOUD_REGION or ALIBABA_CLOUD_REGION, else that of the profile, else `cn-beijing`.",
        ),
        secret(
            "secret_key",
            "The access key secret; else ALICLOUD_SECRET_KEY, ALIBABA_CLOUD_ACCESS_KEY_SECRET or ALIBABACLOUD_ACCESS_KEY_SECRET.",
        ),
        string("secure_transport", Optional, "Whether the caller's transport is secure."),
        secret(
            "security_token",
            "The session token; else ALICLOUD_SECURITY_TOKEN, ALIBABA_CLOUD_SECURITY_TOKEN or ALIBABACLOUD_SECURITY_TOKEN.",
        ),
        string(
            "shared_credentials_file",
            Optional,
            "The credentials file; `~/.aliyun/config.json` by default.",
        ),
        bool(
            "skip_region_validation",
            Optional,
            "Whether not to check the region against a list, which we never do.",
        ),
        string("source_ip", Optional, "The caller's address."),
    ];
    let role = |text| string(text, Optional, "See the provider's documentation.");
    let blocks = vec![
        block(
            "assume_role",
            Nesting::Set,
            vec![
                role("external_id"),
                role("policy"),
                string("role_arn", Required, "The role to assume."),
                number("session_expiration", Optional, "Seconds, 900 to 43200."),
                role("session_name"),
            ],
        ),
        block(
            "assume_role_with_oidc",
            Nesting::Set,
            vec![
                role("oidc_provider_arn"),
                secret("oidc_token", "The token."),
                role("oidc_token_file"),
                role("policy"),
                string("role_arn", Required, "The role to assume."),
                role("role_session_name"),
                number("session_expiration", Optional, "Seconds."),
            ],
        ),
        block("endpoints", Nesting::Set, endpoints(ALICLOUD_PRODUCTS)),
        block("sign_version", Nesting::Set, vec![role("oss"), role("sls")]),
    ];
    Block { attributes, blocks }
}

/// Products whose endpoint can be given; we use the first three, and accept the others that directories with disks name.
const ALICLOUD_PRODUCTS: &[&str] = &[
    "ecs",
    "ecd",
    "sts",
    "actiontrail",
    "alb",
    "alidns",
    "apigateway",
    "bssopenapi",
    "cas",
    "cbn",
    "cdn",
    "cen",
    "cms",
    "cr",
    "cs",
    "dbs",
    "dds",
    "dms_enterprise",
    "ebs",
    "eci",
    "eds_user",
    "ehpc",
    "elasticsearch",
    "emr",
    "ess",
    "fc",
    "gpdb",
    "gwsecd",
    "hbr",
    "kms",
    "kvstore",
    "location",
    "log",
    "mns",
    "mse",
    "nas",
    "oos",
    "oss",
    "ots",
    "polardb",
    "privatelink",
    "pvtz",
    "quotas",
    "ram",
    "rds",
    "resourcemanager",
    "ros",
    "slb",
    "tag",
    "vpc",
    "waf",
];

fn endpoints(products: &'static [&'static str]) -> Vec<Attribute> {
    products
        .iter()
        .map(|product| string(product, Optional, "Host, or host and port, of this product."))
        .collect()
}

/// Returns the arguments of `provider "tencentcloud"`.
pub(super) fn tencentcloud() -> Block {
    let attributes = vec![
        strings_set("allowed_account_ids", "Accounts that may be worked on.")
            .conflicts_with(&["forbidden_account_ids"]),
        string(
            "cam_role_name",
            Optional,
            "The role of the instance this runs on; not supported, nor is TENCENTCLOUD_CAM_ROLE_NAME.",
        ),
        string("cos_domain", Optional, "Only for object storage."),
        string("domain", Optional, "The root domain; else TENCENTCLOUD_DOMAIN, else `tencentcloudapi.com`."),
        bool("enable_pod_oidc", Optional, "Whether to take the role of the pod this runs in."),
        strings_set("forbidden_account_ids", "Accounts that may not be worked on.")
            .conflicts_with(&["allowed_account_ids"]),
        string(
            "profile",
            Optional,
            "The profile of the command-line tool; else TENCENTCLOUD_PROFILE, else `default`.",
        ),
        string("protocol", Optional, "`HTTP` or `HTTPS`, the default; else TENCENTCLOUD_PROTOCOL.")
            .validators(&[Validator { check: upper_protocol }]),
        rates(),
        string(
            "region",
            Optional,
            "The region; else TENCENTCLOUD_REGION, else that of the profile, else `ap-guangzhou`.",
        ),
        credential("secret_id", Optional, "The secret id; else TENCENTCLOUD_SECRET_ID."),
        secret("secret_key", "The secret key; else TENCENTCLOUD_SECRET_KEY."),
        secret("security_token", "The session token; else TENCENTCLOUD_SECURITY_TOKEN."),
        string(
            "shared_credentials_dir",
            Optional,
            "The folder of profiles; else TENCENTCLOUD_SHARED_CREDENTIALS_DIR, else `~/.tccli`.",
        ),
    ];
    let text = |name| string(name, Optional, "See the provider's documentation.");
    let seconds = |name| number(name, Optional, "Seconds.");
    let needed = |name| string(name, Required, "See the provider's documentation.");
    let blocks = vec![
        once(
            "assume_role",
            Nesting::Set,
            vec![
                text("external_id"),
                text("policy"),
                needed("role_arn"),
                text("serial_number"),
                number("session_duration", Optional, "Seconds, 0 to 43200; 7200 without it."),
                needed("session_name"),
                text("source_identity"),
                text("token_code"),
            ],
        ),
        once(
            "assume_role_with_saml",
            Nesting::List,
            vec![
                needed("principal_arn"),
                needed("role_arn"),
                credential("saml_assertion", Required, "The assertion."),
                number("session_duration", Optional, "Seconds, 0 to 43200; 7200 without it."),
                needed("session_name"),
            ],
        ),
        once(
            "assume_role_with_web_identity",
            Nesting::List,
            vec![
                text("provider_id"),
                text("role_arn"),
                text("role_arn_file"),
                number("session_duration", Optional, "Seconds, 0 to 43200; 7200 without it."),
                needed("session_name"),
                credential("web_identity_token", Optional, "The token."),
                text("web_identity_token_file"),
            ],
        ),
        block("endpoints", Nesting::Set, endpoints(&["cfs", "cbs", "tcaplusdb", "tag", "sts"])),
        once(
            "mfa_certification",
            Nesting::Set,
            vec![seconds("duration_seconds"), needed("serial_number"), needed("token_code")],
        ),
    ];
    Block { attributes, blocks }
}
