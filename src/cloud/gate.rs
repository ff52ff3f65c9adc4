//! What a call that changes something passes right before it leaves.
//!
//! A call may wait for its quota, or for another try, and the whole process may stand still meanwhile (a closed lid, a paused
//! container). Whether it may still leave is for the run to say that sent it, so the run puts its gate around the call.

use std::sync::Arc;

use super::BoxFuture;
use super::error::{CloudError, ErrorClass};

/// Says whether calls may leave.
pub trait Gate: Send + Sync {
    /// Returns once it is clear whether a call may leave now.
    fn pass(&self) -> BoxFuture<'_, bool>;
}

tokio::task_local! {
    static GATE: Arc<dyn Gate>;
}

/// The code of calls that were not let through.
const HELD: &str = "NotSent";

/// Does work whose calls have to pass a gate.
pub async fn behind<T>(gate: Arc<dyn Gate>, work: impl Future<Output = T>) -> T {
    GATE.scope(gate, work).await
}

/// Passes the gate that this task works behind, if there is one.
///
/// # Errors
///
/// The call may not leave.
pub(crate) async fn pass(service: &str, action: &str) -> Result<(), CloudError> {
    let Ok(gate) = GATE.try_with(Arc::clone) else { return Ok(()) };
    if gate.pass().await {
        return Ok(());
    }
    let message = "it was not sent: the run stood still for a while, and its state is no longer its own";
    Err(CloudError::new(ErrorClass::Unreached, service, action, message).with_code(HELD))
}

/// Tells whether an error says that a gate did not let the call through.
pub(crate) fn is_held(error: &CloudError) -> bool {
    error.class == ErrorClass::Unreached && error.code.as_deref() == Some(HELD)
}
