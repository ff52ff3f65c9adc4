//! Interrupts: the first asks to finish what was sent, the second to stop waiting.

use tokio::signal::unix::{SignalKind, signal};

use crate::apply::{Interrupt, Interrupter};

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
        loop {
            tokio::select! {
                biased;
                heard = ctrl_c.recv() => if heard.is_none() { return },
                heard = terminate.recv() => if heard.is_none() { return },
            }
            interrupter.interrupt();
        }
    });
    Ok(interrupt)
}
