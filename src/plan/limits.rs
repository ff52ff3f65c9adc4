//! Documented limits at plan and apply: they hold for what is created or changed.
//!
//! An object that is there already may be older than a limit, or made with another tool. As long as nothing of it changes it
//! is left in peace.

use crate::lang::Value;
use crate::schema::decode::BeyondLimit;

use super::change::Change;

/// Tells whether a change brings about the value that goes beyond a limit; `config` is what the block says.
pub(super) fn concerns(beyond: &BeyondLimit, change: &Change, config: &Value) -> bool {
    match change {
        Change::Create { .. } | Change::Replace { .. } | Change::Read { .. } => true,
        Change::Update { before, after } => beyond.attributes.iter().any(|name| {
            let planned = after.get(name).filter(|value| value.is_wholly_known());
            let now = planned.or_else(|| config.get(name)).map(Value::unmarked_deep);
            now != before.get(name).map(Value::unmarked_deep)
        }),
        Change::NoOp { .. } | Change::Delete { .. } | Change::Forget { .. } => false,
    }
}
