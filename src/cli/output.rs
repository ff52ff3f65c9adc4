//! Where output goes: data to standard output, everything else to standard error.

use std::io::{self, Write};

/// Writes text to standard output at once.
///
/// # Errors
///
/// The reader went away, or the disk behind it is full.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes a line to standard output.
///
/// # Errors
///
/// As [`print()`].
pub fn print_line(line: impl AsRef<str>) -> anyhow::Result<()> {
    print(&format!("{}\n", line.as_ref()))
}

/// Writes text to standard error; nobody is left to be told when that fails.
pub fn note(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
