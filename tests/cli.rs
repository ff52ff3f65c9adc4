//! The program as a stranger uses it: its binary, in a folder of its own, on the embedded sandbox.

#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

#[path = "cli/account.rs"]
mod account;
#[path = "cli/adopted.rs"]
mod adopted;
#[path = "cli/beforehand.rs"]
mod beforehand;
#[path = "cli/calls.rs"]
mod calls;
#[path = "cli/changes.rs"]
mod changes;
#[path = "cli/command_line.rs"]
mod command_line;
#[path = "cli/examples.rs"]
mod examples;
#[path = "support/golden.rs"]
mod golden;
#[path = "cli/handover.rs"]
mod handover;
#[path = "cli/inspect.rs"]
mod inspect;
#[path = "cli/kept_out.rs"]
mod kept_out;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/marks.rs"]
mod marks;
#[path = "cli/newcomer.rs"]
mod newcomer;
#[path = "cli/options.rs"]
mod options;
#[path = "support/oracles.rs"]
mod oracles;
#[path = "cli/patterns.rs"]
mod patterns;
#[path = "support/program.rs"]
mod program;
#[path = "cli/providers.rs"]
mod providers;
#[path = "support/redact.rs"]
mod redact;
#[path = "cli/refusals.rs"]
mod refusals;
#[path = "cli/terminal.rs"]
mod terminal;
#[path = "cli/terraform.rs"]
mod terraform;
#[path = "cli/unset.rs"]
mod unset;
