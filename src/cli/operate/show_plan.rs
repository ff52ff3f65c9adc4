//! The text of a plan and of what stands around it.

use crate::apply::Summary;
use crate::plan::Plan;
use crate::render::text::{self, Options};
use crate::state::State;

use super::super::{Global, failure, outputs};

/// Returns how texts are laid out for standard output.
pub fn text_options(global: &Global) -> Options {
    Options {
        width: failure::terminal_width(std::io::stdout()),
        colour: global.colour,
        in_automation: global.in_automation,
        wording: global.product(),
        ..Options::default()
    }
}

/// Returns the text of a plan.
pub fn show(global: &Global, plan: &Plan) -> String {
    text::plan(plan, &text_options(global))
}

/// Returns the text of a plan as a file keeps it: without colours, at the usual width.
pub fn text_of(plan: &Plan) -> String {
    text::plan(plan, &Options::default())
}

/// Returns what stands below a plan.
pub fn closing(global: &Global, plan: &Plan, saved_to: Option<&str>, generated: Option<&str>) -> String {
    if !plan.has_changes() {
        return String::new();
    }
    let mut text = text::closing_note(saved_to, generated, &text_options(global));
    if global.sandbox && !text.is_empty() {
        text.push_str("\nThis plan is for the sandbox; no cloud was called.\n");
    }
    text
}

/// What the last line of a run says of the sandbox, behind the words that wrappers search for.
const ON_SANDBOX: &str = " No cloud was called.";

/// Returns the last line of a run.
pub fn summary(summary: &Summary, destroy: bool, sandbox: bool) -> String {
    let place = if sandbox { ON_SANDBOX } else { "" };
    if destroy {
        return format!("\nDestroy complete! Resources: {} destroyed.{place}\n", summary.destroyed);
    }
    let imported =
        if summary.imported > 0 { format!("{} imported, ", summary.imported) } else { String::new() };
    let pending = match summary.pending {
        0 => String::new(),
        pending => format!(" {pending} still in the making; the next run waits on."),
    };
    format!(
        "\nApply complete! Resources: {imported}{} added, {} changed, {} destroyed.{pending}{place}\n",
        summary.added, summary.changed, summary.destroyed
    )
}

/// Returns the last line of a run that could not do all it had planned: what is done, what failed, what was not begun.
pub fn failed_summary(summary: &Summary, sandbox: bool) -> String {
    let Summary { added, changed, destroyed, failed, skipped, pending, .. } = *summary;
    let place = if sandbox { ON_SANDBOX } else { "" };
    let pending = if pending > 0 { format!(" {pending} still in the making.") } else { String::new() };
    format!(
        "\nApply incomplete: {added} added, {changed} changed, {destroyed} destroyed; {failed} failed, {skipped} left.{pending}{place}\n"
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
