//! The life of an asynchronous object, computed from times when it is read: no timers run.

use serde::{Deserialize, Serialize};

/// When an object was made, becomes ready and leaves; all in milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Life {
    /// Creation on the emulator's clock.
    pub created_ms: i64,
    /// How long creation takes.
    pub ready_after_ms: i64,
    /// Creation ends as failed rather than ready.
    pub fails: bool,
    /// Creation never ends.
    pub stuck: bool,
    /// When a delete was accepted.
    pub deleted_ms: Option<i64>,
    /// How long the delete takes.
    pub gone_after_ms: i64,
    /// When the vendor removes it by itself.
    pub expires_ms: Option<i64>,
    /// It is somebody else's: the sandbox notes every delete of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stranger: bool,
}

/// Where an object is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Being made; 0 to 99 percent.
    Creating {
        /// Progress.
        percent: u8,
    },
    /// Usable.
    Ready,
    /// Creation failed.
    Failed,
    /// A delete was accepted and is not finished.
    Deleting,
}

impl Life {
    /// Returns the life of an object made now that is ready after a while.
    pub fn begin(now_ms: i64, ready_after_ms: i64) -> Self {
        Self { created_ms: now_ms, ready_after_ms, ..Self::default() }
    }

    /// Returns the life of an object that has long been ready.
    pub fn ready_since(created_ms: i64) -> Self {
        Self::begin(created_ms, 0)
    }

    /// Returns where the object is at a time.
    pub fn phase(&self, now_ms: i64) -> Phase {
        if self.deleted_ms.is_some_and(|deleted| now_ms >= deleted) {
            return Phase::Deleting;
        }
        let passed = now_ms.saturating_sub(self.created_ms);
        if self.stuck || passed < self.ready_after_ms {
            let share = passed.max(0).saturating_mul(100) / self.ready_after_ms.max(1);
            return Phase::Creating { percent: share.clamp(0, 99) as u8 };
        }
        if self.fails { Phase::Failed } else { Phase::Ready }
    }

    /// Returns true while the object is being made.
    pub fn is_creating(&self, now_ms: i64) -> bool {
        matches!(self.phase(now_ms), Phase::Creating { .. })
    }

    /// Returns the seconds until creation ends, 0 when it has.
    pub fn remaining_seconds(&self, now_ms: i64) -> i64 {
        let left = self.created_ms.saturating_add(self.ready_after_ms).saturating_sub(now_ms);
        (left.max(0) + 999) / 1000
    }

    /// Accepts a delete that takes a while.
    pub fn delete(&mut self, now_ms: i64, gone_after_ms: i64) {
        if self.deleted_ms.is_none() {
            self.deleted_ms = Some(now_ms);
            self.gone_after_ms = gone_after_ms;
        }
    }

    /// Returns when the object is no longer there, `None` while nothing ends it.
    pub fn gone_at_ms(&self) -> Option<i64> {
        let deleted = self.deleted_ms.map(|deleted| deleted.saturating_add(self.gone_after_ms));
        match (deleted, self.expires_ms) {
            (Some(deleted), Some(expires)) => Some(deleted.min(expires)),
            (deleted, expires) => deleted.or(expires),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_runs_from_creating_to_ready_to_gone() {
        let mut life = Life::begin(1_000, 2_000);
        assert_eq!(life.phase(1_000), Phase::Creating { percent: 0 });
        assert_eq!(life.phase(2_000), Phase::Creating { percent: 50 });
        assert_eq!(life.remaining_seconds(2_500), 1);
        assert_eq!(life.phase(3_000), Phase::Ready);
        life.delete(4_000, 500);
        assert_eq!(life.phase(4_000), Phase::Deleting);
        assert_eq!(life.gone_at_ms(), Some(4_500));
    }

    #[test]
    fn a_stuck_object_stays_at_99_percent() {
        let life = Life { stuck: true, ..Life::begin(0, 1_000) };
        assert_eq!(life.phase(1_000_000), Phase::Creating { percent: 99 });
    }
}
