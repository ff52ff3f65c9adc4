//! What people see while a run goes on: lines as Terraform prints them, or a bar on a terminal.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::apply::{Event, EventSink};
use crate::diagnostic::text::printable;
use crate::render::text;

use super::super::output;

/// Prints events as text.
pub struct TextListener {
    bar: Mutex<Option<ProgressBar>>,
    terminal: bool,
    bold: (&'static str, &'static str),
}

impl TextListener {
    /// Returns a listener; on a terminal it shows a bar while operations run.
    pub fn new(terminal: bool, colour: bool) -> Self {
        let bold = if colour { ("\u{1b}[0m\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        Self { bar: Mutex::new(None), terminal, bold }
    }

    fn line(&self, line: &str) {
        self.print(&self.bold_line(line));
    }

    fn bold_line(&self, line: &str) -> String {
        let (on, off) = self.bold;
        format!("{on}{}{off}\n", printable(line))
    }

    fn print(&self, lines: &str) {
        self.beside(|| {
            // A reader that went away is found out at the next write that matters.
            let _ = output::print(lines);
        });
    }

    /// Prints while no bar is shown.
    fn beside(&self, print: impl Fn()) {
        let bar = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match &*bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    fn start_bar(&self, operations: usize) {
        if !self.terminal || operations == 0 {
            return;
        }
        let bar = ProgressBar::with_draw_target(Some(operations as u64), ProgressDrawTarget::stderr());
        // No estimate: a cloud makes points side by side and at its own pace, so that what is done says nothing of the rest.
        let template = "  {bar:30} {pos}/{len} done, {msg} under way, {elapsed} so far";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message("0");
        bar.enable_steady_tick(Duration::from_millis(200));
        *self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(bar);
    }

    fn step_bar(&self, started: i64, ended: u64) {
        let bar = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bar) = &*bar {
            let running: i64 = bar.message().parse().unwrap_or(0) + started - ended as i64;
            bar.set_message(running.max(0).to_string());
            bar.inc(ended);
        }
    }

    fn end_bar(&self) {
        if let Some(bar) = self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
            bar.finish_and_clear();
        }
    }
}

impl EventSink for TextListener {
    /// Prints the lines of many refreshed objects with one write: each may wake a reader.
    fn heard_all(&self, events: &[Event]) {
        let refreshed =
            |event: &Event| matches!(event, Event::RefreshStarted { .. } | Event::RefreshCompleted { .. });
        if !events.iter().all(refreshed) {
            events.iter().for_each(|event| self.heard(event));
            return;
        }
        let lines: String = events.iter().filter_map(text::event).map(|line| self.bold_line(&line)).collect();
        if !lines.is_empty() {
            self.print(&lines);
        }
    }

    fn heard(&self, event: &Event) {
        match event {
            Event::Started { operations } => self.start_bar(*operations),
            Event::ActionStarted { .. } => self.step_bar(1, 0),
            Event::ActionCompleted { .. } | Event::ActionErrored { .. } => self.step_bar(0, 1),
            Event::Finished(_) => self.end_bar(),
            _ => {}
        }
        if let Event::Tallied { actions, saves, asked } = event {
            if *asked {
                output::note(&text::statistics(actions, *saves));
            }
            return;
        }
        if let Event::Waiting(_) = event {
            if let Some(line) = text::event(event) {
                self.beside(|| output::note(&format!("{}\n", printable(&line))));
            }
            return;
        }
        if let Some(line) = text::event(event) {
            self.line(&line);
        }
    }
}
