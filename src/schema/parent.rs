//! The parent of a recovery point: which attributes name it.

use crate::lang::Value;

/// What points of a disk name.
pub const DISK: &[&str] = &["disk_id"];
/// What points of a cloud desktop name.
pub const DESKTOP: &[&str] = &["desktop_id"];
/// What points of a file system name.
pub const FILE_SYSTEM: &[&str] = &["file_system_id"];
/// What points of a table name.
pub const TABLE: &[&str] = &["cluster_id", "table_group_id", "table_name"];

/// Returns the attributes that name the parent of a resource type's objects; none for a type without parents.
pub fn parent_attributes(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "alicloud_ecs_snapshot" | "alicloud_snapshot" | "tencentcloud_cbs_disk_backup" => DISK,
        "alicloud_ecd_snapshot" => DESKTOP,
        "tencentcloud_cfs_snapshot" => FILE_SYSTEM,
        "tencentcloud_tcaplus_snapshot" => TABLE,
        _ => &[],
    }
}

/// Returns the texts of these attributes as one id; nothing when one of them is not known.
pub fn joined(names: &[&str], object: &Value) -> Option<String> {
    let part = |name: &&str| {
        let text = object.get(name).and_then(Value::as_str)?;
        // A table group may be given as `cluster:group`, the id that its own resource has.
        Some(if *name == "table_group_id" { text.rsplit(':').next().unwrap_or(text) } else { text })
    };
    Some(names.iter().map(part).collect::<Option<Vec<_>>>()?.join(":"))
}
