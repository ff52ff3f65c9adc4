//! How a command talks: text for people, or the stream of JSON lines that `-json` asks for.

use std::process::ExitCode;
use std::sync::Arc;

use super::super::{Global, failure, output};
use super::{closing, listener, outputs_text, print_findings, show, summary};
use crate::apply::{EventSink, Summary};
use crate::diagnostic::{Diagnostics, Sources};
use crate::plan::Plan;
use crate::render::events::JsonListener;
use crate::state::{State, TERRAFORM_VERSION};

const STATE_SAVED: &str = "\nThe state of your infrastructure has been saved to the path below. This state\nis required to modify and destroy your infrastructure, so keep it safe. To\ninspect the complete state use the `snapform show` command.\n\nState path: ";

/// How a command talks.
#[derive(Clone)]
pub enum View {
    /// Text.
    Text,
    /// One JSON object per line, errors too.
    Json(Arc<JsonListener>),
}

impl View {
    /// Opens a view; the stream begins with its version line.
    ///
    /// # Errors
    /// Standard output went away.
    pub fn open(global: &Global, json: bool) -> anyhow::Result<Self> {
        if !json {
            return Ok(View::Text);
        }
        let clock = Box::new(jiff::Timestamp::now);
        let listener = JsonListener::new(Box::new(std::io::stdout()), clock);
        listener.version(&format!("{} {TERRAFORM_VERSION}", global.product()))?;
        if let Some(text) = global.sandbox_notice() {
            listener.sandbox(&text)?;
        }
        Ok(View::Json(Arc::new(listener)))
    }

    /// Returns what hears of events.
    pub fn events(&self, global: &Global) -> Arc<dyn EventSink> {
        match self {
            View::Text => listener(global),
            View::Json(listener) => listener.clone(),
        }
    }

    /// Tells whether somebody could be asked.
    pub fn is_text(&self) -> bool {
        matches!(self, View::Text)
    }

    /// Shows a plan that was just made.
    ///
    /// # Errors
    /// Standard output went away.
    pub fn plan(&self, global: &Global, plan: &Plan) -> anyhow::Result<()> {
        match self {
            View::Text => output::print(&show(global, plan)),
            View::Json(listener) => Ok(listener.planned(plan)?),
        }
    }

    /// Shows what a saved plan does, before it is carried out. People have seen its text already.
    ///
    /// # Errors
    /// Standard output went away.
    pub fn saved_plan(&self, plan: &Plan) -> anyhow::Result<()> {
        match self {
            View::Text => Ok(()),
            View::Json(listener) => Ok(listener.planned_before(plan)?),
        }
    }

    /// Shows what stands below a plan.
    ///
    /// # Errors
    /// Standard output went away.
    pub fn closing(
        &self,
        global: &Global,
        plan: &Plan,
        saved_to: Option<&str>,
        generated: Option<&str>,
    ) -> anyhow::Result<()> {
        match self {
            View::Text => output::print(&closing(global, plan, saved_to, generated)),
            View::Json(_) => Ok(()),
        }
    }

    /// Shows findings.
    ///
    /// # Errors
    /// Standard output went away.
    pub fn findings(
        &self,
        global: &Global,
        sources: &Sources,
        found: &Diagnostics,
        compact: bool,
    ) -> anyhow::Result<()> {
        match self {
            View::Text => print_findings(global, sources, found, compact),
            View::Json(listener) => {
                found.iter().try_for_each(|each| listener.diagnostic(each, sources)).map_err(Into::into)
            }
        }
    }

    /// Shows the end of a run that went well: its summary, if it did anything but refresh, and the outputs.
    ///
    /// # Errors
    /// Standard output went away, or a saved output cannot be read.
    pub fn applied(
        &self,
        global: &Global,
        done: Option<&Summary>,
        state: &State,
        destroy: bool,
        state_out: Option<&str>,
    ) -> anyhow::Result<()> {
        match self {
            View::Text => {
                if let Some(done) = done {
                    output::print(&summary(done, destroy, global.sandbox))?;
                    if let Some(path) = state_out.filter(|_| done.added + done.changed > 0) {
                        output::print(&format!("{STATE_SAVED}{path}\n"))?;
                    }
                }
                if destroy { Ok(()) } else { output::print(&outputs_text(state)?) }
            }
            View::Json(listener) => match done {
                Some(done) => Ok(listener.applied(done, state, destroy)?),
                None => Ok(listener.outputs(state)?),
            },
        }
    }

    /// Ends a command: in the stream an error is a line like all others.
    ///
    /// # Errors
    /// Those of the command where they are text, and an output that went away.
    pub fn end(&self, ended: anyhow::Result<ExitCode>) -> anyhow::Result<ExitCode> {
        let (View::Json(listener), Err(error)) = (self, &ended) else { return ended };
        if failure::is_broken_pipe(error) {
            return ended;
        }
        let failure = failure::failure_of(error);
        failure.findings.iter().try_for_each(|each| listener.diagnostic(each, &failure.sources))?;
        Ok(ExitCode::FAILURE)
    }
}
