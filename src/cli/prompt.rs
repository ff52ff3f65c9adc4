//! Questions to the person at the terminal.

use std::io::BufRead;

use super::failure::Failure;
use super::global::Global;
use super::output;

/// Asks for a typed `yes` and returns whether it came.
///
/// # Errors
///
/// Questions are switched off, or nobody can be asked.
pub fn confirm(global: &Global, question: &str, description: &str) -> anyhow::Result<bool> {
    if !global.input {
        return Err(Failure::new(
            "Approval is needed",
            "Input is disabled, so nobody can be asked. Approve on the command line instead (see -help).",
        )
        .into());
    }
    output::print(&format!("{question}\n{}\n\n  Enter a value: ", indented(description)))?;
    let mut answer = String::new();
    let length = std::io::stdin().lock().read_line(&mut answer)?;
    output::print("\n")?;
    if length == 0 {
        return Err(Failure::new("No answer", "Standard input ended before an answer came.").into());
    }
    Ok(answer.trim() == "yes")
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
