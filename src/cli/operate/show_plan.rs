//! The text of a plan and of what stands around it.

use crate::apply::{StoreError, Summary};
use crate::plan::Plan;
use crate::state::{State, local};

use super::super::{Failure, Global, output, outputs};

/// What is said at the end of `plan`.
pub enum Closing {
    /// The plan was saved to this path.
    Saved(String),
    /// It was not.
    NotSaved,
}

const RULE: &str = "\n─────────────────────────────────────────────────────────────────────────────\n";

impl Closing {
    /// Returns the note, as Terraform words it.
    pub fn text(&self, global: &Global, plan: &Plan) -> String {
        let name = global.product();
        let program = name.to_lowercase();
        match self {
            Closing::NotSaved if global.in_automation || !plan.has_changes() => String::new(),
            Closing::Saved(path) if global.in_automation => format!("{RULE}\nSaved the plan to: {path}\n"),
            Closing::Saved(path) => format!(
                "{RULE}\nSaved the plan to: {path}\n\nTo perform exactly these actions, run the following command to apply:\n    {program} apply {path:?}\n"
            ),
            Closing::NotSaved => {
                let note = format!(
                    "Note: You didn't use the -out option to save this plan, so {name} can't guarantee to take exactly these actions if you run \"{program} apply\" now."
                );
                format!("{RULE}\n{}\n", crate::diagnostic::text::wrap(&note, 78))
            }
        }
    }
}

/// Returns the text of a plan.
pub fn show(global: &Global, plan: &Plan) -> String {
    let _ = global;
    let mut text = String::new();
    for change in plan.changes.iter().filter(|change| change.is_change()) {
        text.push_str(&format!("{} {:?}\n", change.address, change.change));
    }
    text
}

/// Returns the last line of a run.
pub fn summary(summary: &Summary, destroy: bool) -> String {
    if destroy {
        return format!("\nDestroy complete! Resources: {} destroyed.\n", summary.destroyed);
    }
    let imported =
        if summary.imported > 0 { format!("{} imported, ", summary.imported) } else { String::new() };
    let pending = match summary.pending {
        0 => String::new(),
        pending => format!(" {pending} still in the making; the next run waits on."),
    };
    format!(
        "\nApply complete! Resources: {imported}{} added, {} changed, {} destroyed.{pending}\n",
        summary.added, summary.changed, summary.destroyed
    )
}

/// Returns the outputs at the end of a run.
///
/// # Errors
/// A saved value that cannot be read.
pub fn outputs_text(state: &State) -> anyhow::Result<String> {
    if state.outputs.is_empty() {
        return Ok(String::new());
    }
    Ok(format!("\nOutputs:\n\n{}", outputs::outputs_to_text(state)?))
}

/// Saves a state that its backend did not take, and says how to push it.
pub fn keep_unsaved(state: &State, error: &StoreError) -> Failure {
    match local::save_errored(state) {
        Ok(path) => Failure::new(
            "Failed to save state",
            format!(
                "{}\n\nWhat was done is recorded in {}. Nothing may run in this directory before that is pushed: once the cause is mended, run\n    snapform state push {}",
                error.message,
                path.display(),
                path.display()
            ),
        ),
        Err(second) => {
            // Nowhere to write: the screen is the last place where it is not lost.
            output::note(&String::from_utf8_lossy(&state.to_bytes()));
            Failure::new(
                "Failed to save state",
                format!(
                    "{}\n\nIt cannot be written to errored.tfstate either ({second}), so it was printed above. Save that text to a file, and once the cause is mended push it with \"snapform state push FILE\".",
                    error.message
                ),
            )
        }
    }
}
