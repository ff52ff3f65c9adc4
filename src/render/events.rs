//! The `-json` event stream: one JSON object per line.
//!
//! Source of the format: <https://developer.hashicorp.com/terraform/internals/machine-readable-ui>.
