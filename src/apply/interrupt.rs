//! Asking a run to stop.

use tokio::sync::watch;

/// How far a run has been asked to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Go on.
    #[default]
    Run,
    /// Start nothing new, finish and record what was sent.
    Finish,
    /// Stop waiting, record, leave.
    Leave,
}

/// The side that asks; kept by the listener of signals.
#[derive(Debug, Default)]
pub struct Interrupter(watch::Sender<Level>);

/// The side that is asked.
#[derive(Clone, Debug)]
pub struct Interrupt(watch::Receiver<Level>);

impl Interrupter {
    /// Returns a handle that has asked for nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks to stop, more urgently each time, and returns the level reached.
    pub fn interrupt(&self) -> Level {
        self.0.send_modify(|level| {
            *level = match level {
                Level::Run => Level::Finish,
                Level::Finish | Level::Leave => Level::Leave,
            };
        });
        *self.0.borrow()
    }

    /// Returns the side that is asked.
    pub fn listen(&self) -> Interrupt {
        Interrupt(self.0.subscribe())
    }
}

impl Interrupt {
    /// Returns one that is never asked to stop.
    pub fn never() -> Self {
        Interrupter::new().listen()
    }

    /// Returns how far the run has been asked to stop.
    pub fn level(&self) -> Level {
        *self.0.borrow()
    }

    /// Waits until the level changes; for ever when nobody can change it any more.
    pub async fn changed(&mut self) -> Level {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        *self.0.borrow_and_update()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_request_is_more_urgent_than_the_one_before() {
        let interrupter = Interrupter::new();
        let mut interrupt = interrupter.listen();
        assert_eq!(interrupt.level(), Level::Run);
        assert_eq!(interrupter.interrupt(), Level::Finish);
        assert_eq!(interrupt.changed().await, Level::Finish);
        assert_eq!(interrupter.interrupt(), Level::Leave);
        assert_eq!(interrupter.interrupt(), Level::Leave);
        assert_eq!(interrupt.changed().await, Level::Leave);
    }
}
