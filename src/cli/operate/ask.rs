//! Asks for the value of a variable that has none.

use std::io::BufRead;

use super::super::{hidden, output};
use crate::config::Variable;

/// Asks for a value, and returns what was typed; nothing when nobody answers. A sensitive or ephemeral one is not shown.
pub fn variable(variable: &Variable) -> Option<String> {
    let name = &variable.name;
    let description = variable.description.as_deref().map(|text| format!("  {text}\n\n")).unwrap_or_default();
    output::print(&format!("var.{name}\n{description}  Enter a value: ")).ok()?;
    let answer = if variable.sensitive || variable.ephemeral {
        hidden::read_line().ok()?
    } else {
        let mut answer = String::new();
        let length = std::io::stdin().lock().read_line(&mut answer).ok()?;
        (length > 0).then(|| answer.trim_end_matches(['\r', '\n']).to_owned())
    };
    output::print("\n").ok()?;
    answer
}
