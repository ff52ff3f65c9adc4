//! Tencent Cloud API 3.0: cfs, cbs, tcaplusdb, tag and sts.

use super::Sandbox;
use super::http::{Reply, Request, Response};
use super::options::Setting;

/// The settings of these services.
pub(crate) static SETTINGS: &[&Setting] = &[];

/// Answers one call.
pub(crate) fn handle(_sandbox: &Sandbox, _request: &Request) -> Reply {
    let error = serde_json::json!({"Response": {
        "Error": {"Code": "InvalidAction", "Message": "The action does not exist."},
        "RequestId": uuid::Uuid::new_v4().to_string(),
    }});
    Response::json(200, &error).into()
}
