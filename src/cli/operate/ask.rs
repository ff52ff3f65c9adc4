//! Asks for the value of a variable that has none.

use std::io::BufRead;

use super::super::output;
use crate::config::Variable;

/// Asks for a value, and returns what was typed; nothing when nobody answers.
pub fn variable(variable: &Variable) -> Option<String> {
    let name = &variable.name;
    let description = variable.description.as_deref().map(|text| format!("  {text}\n\n")).unwrap_or_default();
    output::print(&format!("var.{name}\n{description}  Enter a value: ")).ok()?;
    let mut answer = String::new();
    let length = std::io::stdin().lock().read_line(&mut answer).ok()?;
    output::print("\n").ok()?;
    (length > 0).then(|| answer.trim_end_matches(['\r', '\n']).to_owned())
}
