//! Interrupts (Ctrl-C, SIGTERM, and SIGHUP when the terminal closes): the first asks to finish what was sent, the second to stop waiting, the third ends the program.

use std::future::Future;
use std::path::Path;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::super::Failure;
use crate::apply::{Interrupt, Interrupter, Level};
use crate::disk;

/// Returns the side of the interrupts that a run is given. Signals are heard until the program ends.
///
/// # Errors
/// The system refuses to say when a signal comes.
pub fn listen_for_signals() -> std::io::Result<Interrupt> {
    let interrupter = Interrupter::new();
    let interrupt = interrupter.listen();
    let mut ctrl_c = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    // Whoever starts a program with nohup wants it to go on.
    let mut hang_up = if is_ignored(nix::libc::SIGHUP) { None } else { Some(signal(SignalKind::hangup())?) };
    tokio::spawn(async move {
        for times in 1.. {
            tokio::select! {
                biased;
                heard = ctrl_c.recv() => if heard.is_none() { return },
                heard = terminate.recv() => if heard.is_none() { return },
                heard = heard_from(&mut hang_up) => if heard.is_none() { return },
            }
            // Whoever asks a third time means it, and what was sent is found again after any death.
            if times > 2 {
                std::process::exit(1);
            }
            interrupter.interrupt();
        }
    });
    Ok(interrupt)
}

async fn heard_from(signal: &mut Option<Signal>) -> Option<()> {
    match signal {
        Some(signal) => signal.recv().await,
        None => std::future::pending().await,
    }
}

/// Tells whether the program was started with a signal ignored.
fn is_ignored(signal: i32) -> bool {
    let status = disk::read_text(Path::new("/proc/self/status"), disk::LARGEST_TEXT).unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

/// Turns the signal of a file that has grown too large (`ulimit -f`) into an error of the write.
///
/// # Errors
/// The system refuses.
pub fn write_errors_are_no_signals() -> std::io::Result<()> {
    signal(SignalKind::from_raw(nix::libc::SIGXFSZ)).map(drop)
}

/// Does work that changes nothing, and leaves it when the program is interrupted, so that the lock can be given back.
///
/// # Errors
/// The program was interrupted.
pub async fn unless_interrupted<T>(
    interrupt: &Interrupt,
    work: impl Future<Output = T>,
) -> anyhow::Result<T> {
    let mut interrupt = interrupt.clone();
    if interrupt.level() == Level::Run {
        tokio::select! {
            biased;
            done = work => return Ok(done),
            _ = interrupt.changed() => {}
        }
    }
    Err(Failure::new("Operation was interrupted", "It was stopped before anything was changed.").into())
}
