//! Alibaba Cloud RPC services: ecs, ecd and sts.

use super::Sandbox;
use super::http::{Reply, Request, Response};
use super::options::Setting;

/// The settings of these services.
pub(crate) static SETTINGS: &[&Setting] = &[];

/// Answers one call.
pub(crate) fn handle(_sandbox: &Sandbox, _request: &Request) -> Reply {
    let error = serde_json::json!({
        "RequestId": uuid::Uuid::new_v4().to_string().to_uppercase(),
        "HostId": "",
        "Code": "InvalidApi.NotFound",
        "Message": "The specified API is not found.",
    });
    Response::new(404, "application/json;charset=utf-8", error.to_string()).into()
}
