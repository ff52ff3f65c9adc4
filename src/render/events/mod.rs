//! The `-json` event stream: one JSON object per line.
//!
//! ```text
//! apply::Event --> listener (EventSink) --+
//! Plan, outputs, diagnostics, summary ----+--> line --> writer
//! ```
//!
//! Lines that Terraform has too are Terraform's, key for key. Those that only snapform has are of types that begin with
//! `snapform_`; the format asks readers to ignore types they do not know.
//!
//! Source of the format: <https://developer.hashicorp.com/terraform/internals/machine-readable-ui>.

mod line;
mod listener;
mod planned;

pub use listener::{Clock, JsonListener};
