//! The log for people who look for a fault: to standard error, or to a file.

use std::fs::File;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::global::{Global, twin};

/// Starts the log when `TF_LOG` or `SNAPFORM_LOG` asks for it; `TF_LOG_PATH` sends it to a file.
pub(crate) fn start(global: &Global) {
    let Some(level) = twin("LOG").filter(|level| !level.is_empty()) else { return };
    let as_json = level.eq_ignore_ascii_case("json");
    let level = if as_json { "trace".to_owned() } else { level.to_ascii_lowercase() };
    if level == "off" {
        return;
    }
    // The libraries below us say too much on trace, and request bodies are theirs to leak.
    let filter = EnvFilter::new(format!("warn,snapform={level}"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(global.colour_of_errors);
    let file = twin("LOG_PATH").filter(|path| !path.is_empty());
    let started = match file.map(|path| File::options().append(true).create(true).open(path)) {
        Some(Ok(file)) if as_json => builder.json().with_writer(Mutex::new(file)).try_init(),
        Some(Ok(file)) => builder.with_ansi(false).with_writer(Mutex::new(file)).try_init(),
        _ if as_json => builder.json().with_writer(std::io::stderr).try_init(),
        _ => builder.with_writer(std::io::stderr).try_init(),
    };
    // A second start, in a test, keeps the first log.
    drop(started);
}
