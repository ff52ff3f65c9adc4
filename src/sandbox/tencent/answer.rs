//! The envelope of every answer.

use serde_json::{Map, Value, json};

use crate::sandbox::http::Response;

/// Why a call is refused: a documented code and a text that nobody should match on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiError {
    pub code: String,
    pub message: String,
}

/// Returns an error.
pub(super) fn error(code: &str, message: impl Into<String>) -> ApiError {
    ApiError { code: code.to_owned(), message: message.into() }
}

/// The fields of a successful answer.
pub(super) type Fields = Map<String, Value>;

/// What an action answers.
pub(super) type Answer = Result<Fields, ApiError>;

/// Returns the fields of a JSON object.
pub(super) fn fields(value: Value) -> Fields {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Returns the HTTP answer: status 200 also for errors, and a content type without a character set, since the
/// Python SDK takes an error with `charset=utf-8` for an empty success.
pub(super) fn envelope(answer: Answer) -> Response {
    let (status, mut inner) = match answer {
        Ok(fields) => (200, fields),
        Err(error) => (200, fields(json!({"Error": {"Code": error.code, "Message": error.message}}))),
    };
    inner.insert("RequestId".to_owned(), Value::String(uuid::Uuid::new_v4().to_string()));
    Response::json(status, &json!({"Response": inner}))
}

/// Returns the answer of a broken server: the envelope with HTTP 500.
pub(super) fn server_error() -> Response {
    let mut response = envelope(Err(error("InternalError", "An internal error has occurred.")));
    response.status = 500;
    response
}
