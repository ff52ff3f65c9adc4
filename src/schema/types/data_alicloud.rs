//! Data sources of the `alicloud` provider.

use super::limits;
use super::{Attribute, Block, NestedBlock, Nesting, Presence, ProviderKind, ResourceType};
use super::{bool, data, number, objects, string, strings, tags};
use crate::lang::Value;
use crate::schema::Validator;
use Presence::{Computed, Optional, OptionalComputed};

/// Returns all data sources of this provider, aliases included.
pub(super) fn all() -> Vec<ResourceType> {
    vec![
        disks("alicloud_ecs_disks"),
        disks("alicloud_disks"),
        ecs_snapshots("alicloud_ecs_snapshots"),
        ecs_snapshots("alicloud_snapshots"),
        desktops(),
        ecd_snapshots(),
    ]
}

fn common() -> Vec<Attribute> {
    vec![
        strings("ids", OptionalComputed, "Ids to keep; after reading, the ids found."),
        string("name_regex", Optional, "A regular expression that names must match.")
            .validators(&[Validator { check: limits::regular_expression }]),
        strings("names", Computed, "The names found, in the order of `ids`."),
        string("output_file", Optional, "A file to write the result to, as JSON."),
    ]
}

macro_rules! one_of {
    ($($allowed:literal),+) => {{
        fn check(value: &Value) -> Option<String> {
            limits::one_of(value, &[$($allowed),+])
        }
        &[Validator { check }]
    }};
}

fn disks(name: &'static str) -> ResourceType {
    let mut attributes = common();
    attributes.extend([
        strings("additional_attributes", Optional, "Further attributes to ask for."),
        string("auto_snapshot_policy_id", Optional, "Automatic snapshot policy of the disk."),
        string("availability_zone", Optional, "Zone of the disk.").deprecated("Use `zone_id` instead."),
        string("category", Optional, "Category of the disk.").validators(one_of!(
            "cloud",
            "cloud_efficiency",
            "cloud_essd",
            "cloud_ssd",
            "ephemeral_ssd",
            "cloud_auto",
            "cloud_essd_entry"
        )),
        bool("delete_auto_snapshot", Optional, "Whether automatic snapshots are deleted with the disk."),
        bool("delete_with_instance", Optional, "Whether the disk is deleted with its instance."),
        string("disk_name", Optional, "Name of the disk."),
        string("disk_type", Optional, "`system`, `data` or `all`.")
            .validators(one_of!("system", "data", "all")),
        bool("dry_run", Optional, "Whether only to check the request, which always ends in an error."),
        bool("enable_auto_snapshot", Optional, "Whether automatic snapshots are on."),
        bool("enable_automated_snapshot_policy", Optional, "Whether a policy is applied."),
        bool("enable_shared", Optional, "Whether it is shared block storage."),
        string("encrypted", Optional, "`on` or `off`.").validators(one_of!("on", "off")),
        string("instance_id", Optional, "Instance that the disk is attached to."),
        string("kms_key_id", Optional, "Key of an encrypted disk."),
        number("page_number", Optional, "Read this page only."),
        number("page_size", Optional, "Disks per page, at most 100."),
        string("payment_type", Optional, "`PayAsYouGo` or `Subscription`.")
            .validators(one_of!("PayAsYouGo", "Subscription")),
        bool("portable", Optional, "Whether the disk can be detached."),
        string("resource_group_id", Optional, "Resource group of the disk."),
        string("snapshot_id", Optional, "Snapshot that the disk was made from."),
        string("status", Optional, "Status of the disk.").validators(one_of!(
            "Attaching",
            "Available",
            "Creating",
            "Detaching",
            "In_use",
            "Migrating",
            "ReIniting",
            "Transferring"
        )),
        tags("Tags that the disk must have."),
        number("total_count", Computed, "Number of disks before `ids` and `name_regex`."),
        string("type", Optional, "`system`, `data` or `all`.")
            .deprecated("Use `disk_type` instead.")
            .validators(one_of!("system", "data", "all")),
        string("zone_id", Optional, "Zone of the disk."),
    ]);
    attributes.push(objects("disks", DISK_FIELDS, "The disks found."));
    let lock = Block {
        attributes: vec![string("lock_reason", Optional, "`financial` or `security`.")],
        blocks: Vec::new(),
    };
    let locks = NestedBlock {
        limit_untold: false,
        name: "operation_locks",
        nesting: Nesting::List,
        min_items: 0,
        max_items: 0,
        block: lock,
    };
    data(name, ProviderKind::Alicloud, attributes, vec![locks], "ECS disks of the region.")
}

/// Attributes of a disk in the result; `M` are the instances of shared block storage, `L` the locks.
const DISK_FIELDS: &[(&str, char)] = &[
    ("attached_time", 's'),
    ("auto_snapshot_policy_id", 's'),
    ("availability_zone", 's'),
    ("category", 's'),
    ("creation_time", 's'),
    ("delete_auto_snapshot", 'b'),
    ("delete_with_instance", 'b'),
    ("description", 's'),
    ("detached_time", 's'),
    ("device", 's'),
    ("disk_id", 's'),
    ("disk_name", 's'),
    ("disk_type", 's'),
    ("enable_auto_snapshot", 'b'),
    ("enable_automated_snapshot_policy", 'b'),
    ("encrypted", 's'),
    ("expiration_time", 's'),
    ("expired_time", 's'),
    ("id", 's'),
    ("image_id", 's'),
    ("instance_id", 's'),
    ("iops", 'n'),
    ("iops_read", 'n'),
    ("iops_write", 'n'),
    ("kms_key_id", 's'),
    ("mount_instance_num", 'n'),
    ("mount_instances", 'M'),
    ("name", 's'),
    ("operation_locks", 'L'),
    ("payment_type", 's'),
    ("performance_level", 's'),
    ("portable", 'b'),
    ("product_code", 's'),
    ("region_id", 's'),
    ("resource_group_id", 's'),
    ("size", 'n'),
    ("snapshot_id", 's'),
    ("status", 's'),
    ("tags", 'T'),
    ("type", 's'),
    ("zone_id", 's'),
];

fn ecs_snapshots(name: &'static str) -> ResourceType {
    const KINDS: &[Validator] = one_of!("auto", "user", "all");
    let mut attributes = common();
    attributes.extend([
        string("category", Optional, "`flash` or `standard`.").validators(one_of!("flash", "standard")),
        bool("dry_run", Optional, "Whether only to check the request, which always ends in an error."),
        bool("encrypted", Optional, "Whether the snapshot is encrypted."),
        string("kms_key_id", Optional, "Key of an encrypted snapshot."),
        string("resource_group_id", Optional, "Resource group of the snapshot."),
        string("snapshot_link_id", Optional, "Chain of the snapshot."),
        string("snapshot_name", Optional, "Name of the snapshot."),
        string("snapshot_type", Optional, "`auto`, `user` or `all`.")
            .default(|| Value::string("all"))
            .validators(KINDS),
        string("source_disk_type", Optional, "`System` or `Data`.").validators(one_of!("System", "Data")),
        string("status", Optional, "`accomplished`, `failed`, `progressing` or `all`.").validators(one_of!(
            "accomplished",
            "failed",
            "progressing",
            "all"
        )),
        tags("Tags that the snapshot must have."),
        string("type", Optional, "The same as `snapshot_type`, and stronger."),
        string("usage", Optional, "`image`, `disk`, `image_disk` or `none`.").validators(one_of!(
            "image",
            "disk",
            "image_disk",
            "none"
        )),
        objects("snapshots", ECS_SNAPSHOT_FIELDS, "The snapshots found."),
    ]);
    data(name, ProviderKind::Alicloud, attributes, Vec::new(), "ECS snapshots of the region.")
}

/// Attributes of an ECS snapshot in the result.
const ECS_SNAPSHOT_FIELDS: &[(&str, char)] = &[
    ("category", 's'),
    ("creation_time", 's'),
    ("description", 's'),
    ("disk_id", 's'),
    ("encrypted", 'b'),
    ("id", 's'),
    ("instant_access", 'b'),
    ("instant_access_retention_days", 'n'),
    ("name", 's'),
    ("product_code", 's'),
    ("progress", 's'),
    ("remain_time", 'n'),
    ("resource_group_id", 's'),
    ("retention_days", 'n'),
    ("snapshot_id", 's'),
    ("snapshot_name", 's'),
    ("snapshot_sn", 's'),
    ("snapshot_type", 's'),
    ("source_disk_id", 's'),
    ("source_disk_size", 's'),
    ("source_disk_type", 's'),
    ("source_storage_type", 's'),
    ("status", 's'),
    ("tags", 'T'),
    ("type", 's'),
    ("usage", 's'),
];

fn desktops() -> ResourceType {
    let mut attributes = common();
    attributes.extend([
        string("desktop_name", Optional, "Name of the desktop."),
        strings("end_user_ids", Optional, "Users of the desktop."),
        string("office_site_id", Optional, "Office network of the desktop."),
        string("policy_group_id", Optional, "Policy of the desktop."),
        string("status", Optional, "Status of the desktop.").validators(one_of!(
            "Deleted", "Expired", "Pending", "Running", "Starting", "Stopped", "Stopping"
        )),
        objects("desktops", DESKTOP_FIELDS, "The desktops found."),
    ]);
    data(
        "alicloud_ecd_desktops",
        ProviderKind::Alicloud,
        attributes,
        Vec::new(),
        "Cloud desktops of the region.",
    )
}

/// Attributes of a desktop in the result.
const DESKTOP_FIELDS: &[(&str, char)] = &[
    ("cpu", 'n'),
    ("create_time", 's'),
    ("desktop_id", 's'),
    ("desktop_name", 's'),
    ("desktop_type", 's'),
    ("directory_id", 's'),
    ("end_user_ids", 'S'),
    ("expired_time", 's'),
    ("id", 's'),
    ("image_id", 's'),
    ("memory", 's'),
    ("network_interface_id", 's'),
    ("payment_type", 's'),
    ("policy_group_id", 's'),
    ("status", 's'),
    ("system_disk_size", 'n'),
];

fn ecd_snapshots() -> ResourceType {
    let mut attributes = common();
    attributes.extend([
        string("desktop_id", Optional, "Desktop of the snapshot."),
        string("snapshot_id", Optional, "Id of the snapshot."),
        objects("snapshots", ECD_SNAPSHOT_FIELDS, "The snapshots found."),
    ]);
    data(
        "alicloud_ecd_snapshots",
        ProviderKind::Alicloud,
        attributes,
        Vec::new(),
        "Snapshots of cloud desktops.",
    )
}

/// Attributes of a desktop's snapshot in the result.
const ECD_SNAPSHOT_FIELDS: &[(&str, char)] = &[
    ("create_time", 's'),
    ("description", 's'),
    ("desktop_id", 's'),
    ("id", 's'),
    ("progress", 's'),
    ("remain_time", 'n'),
    ("snapshot_id", 's'),
    ("snapshot_name", 's'),
    ("snapshot_type", 's'),
    ("source_disk_size", 's'),
    ("source_disk_type", 's'),
    ("status", 's'),
];
