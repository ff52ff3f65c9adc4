//! The console at a terminal.

use std::path::PathBuf;
use std::process::ExitCode;

use rustyline::error::ReadlineError;
use rustyline::{Config, DefaultEditor};

use super::super::{Global, failure, output};
use super::entry::Entry;
use super::session::{Console, Reply};

/// Entries that are kept from one use to the next.
const HISTORY_LENGTH: usize = 1_000;

/// Answers entries until the person leaves.
pub(super) fn converse(global: &Global, console: &Console<'_>) -> anyhow::Result<ExitCode> {
    let settings = Config::builder().max_history_size(HISTORY_LENGTH)?.auto_add_history(false).build();
    let mut editor = DefaultEditor::with_config(settings)?;
    let history = history_file(global);
    if let Some(path) = &history {
        // There is none before the first use; a broken one is not worth an error.
        let _ = editor.load_history(path);
    }
    let mut entry = Entry::default();
    loop {
        let prompt = if entry.is_open() { ": " } else { "> " };
        match editor.readline(prompt) {
            Ok(line) => entry.add(&line),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
            Err(error) => return Err(error.into()),
        }
        if entry.is_open() {
            continue;
        }
        let text = entry.take();
        if !text.is_empty() {
            editor.add_history_entry(text.as_str())?;
        }
        match console.answer(&text) {
            Reply::Nothing => output::print_line("")?,
            Reply::Text(text) => output::print_line(text)?,
            Reply::Exit => break,
            Reply::Failed(found, sources) => {
                output::note(&failure::to_text(&found, &sources, global.colour_of_errors));
            }
        }
    }
    if let Some(path) = &history {
        let _ = editor.save_history(path);
    }
    Ok(ExitCode::SUCCESS)
}

/// Returns where entries are kept: in a folder that is there already, since looking at values is to leave no trace elsewhere.
fn history_file(global: &Global) -> Option<PathBuf> {
    let folders = [global.data_folder.clone(), global.snapform_folder()];
    folders.into_iter().find(|folder| folder.is_dir()).map(|folder| folder.join("console-history"))
}
