//! How long an operation may take.

use std::time::Duration;

use crate::lang::Value;
use crate::schema::{ResourceType, duration};

/// What an operation may take when neither the configuration nor the type says otherwise.
pub(crate) const DEFAULT: Duration = Duration::from_secs(60 * 60);

/// Returns the limit of an operation (`create`, `update`, `delete`): from the object's `timeouts`, else the type's.
pub(crate) fn timeout(resource_type: &ResourceType, object: &Value, operation: &str) -> Duration {
    let given = object.get("timeouts").and_then(|timeouts| timeouts.get(operation)).and_then(Value::as_str);
    if let Some(duration) = given.and_then(|text| duration::parse(text.trim())) {
        return duration;
    }
    let known = resource_type.timeouts.iter().find(|timeout| timeout.operation == operation);
    known.map_or(DEFAULT, |timeout| Duration::from_secs(timeout.default_seconds))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::types;

    #[test]
    fn every_type_that_waits_has_limits_that_a_block_replaces() {
        for name in [
            "alicloud_ecs_snapshot",
            "alicloud_snapshot",
            "alicloud_ecd_snapshot",
            "tencentcloud_cfs_snapshot",
            "tencentcloud_cbs_disk_backup",
            "tencentcloud_tcaplus_snapshot",
        ] {
            let resource_type = types::resource(name).unwrap();
            let given = Value::object([("timeouts", Value::object([("create", Value::from("90s"))]))]);
            assert_eq!(timeout(resource_type, &given, "create"), Duration::from_secs(90), "{name}");
            for operation in ["create", "delete"] {
                let known = resource_type.timeouts.iter().any(|timeout| timeout.operation == operation);
                assert!(known, "{name}: {operation}");
                let nothing = Value::object::<std::sync::Arc<str>>([]);
                assert_eq!(timeout(resource_type, &nothing, operation), DEFAULT, "{name}: {operation}");
            }
        }
    }
}
