//! Interrupts: the first asks to finish what was sent, the second to stop waiting, the third ends the program.

use std::future::Future;

use tokio::signal::unix::{SignalKind, signal};

use super::super::Failure;
use crate::apply::{Interrupt, Interrupter, Level};

/// Returns the side of the interrupts that a run is given. Signals are heard until the program ends.
///
/// # Errors
/// The system refuses to say when a signal comes.
pub fn listen_for_signals() -> std::io::Result<Interrupt> {
    let interrupter = Interrupter::new();
    let interrupt = interrupter.listen();
    let mut ctrl_c = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::spawn(async move {
        for times in 1.. {
            tokio::select! {
                biased;
                heard = ctrl_c.recv() => if heard.is_none() { return },
                heard = terminate.recv() => if heard.is_none() { return },
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
