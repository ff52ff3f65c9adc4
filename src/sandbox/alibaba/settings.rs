//! What the documents leave open or state as a number, by name.

use super::naming::{Counting, NameRules};
use crate::sandbox::options::{Options, Setting};

pub(super) static ECS_READY_MS: Setting =
    Setting::number("ecs.ready-ms", 1000, "how long an ECS snapshot is progressing, in milliseconds");
pub(super) static ECS_SNAPSHOTS: Setting =
    Setting::number("ecs.snapshots-per-disk", 256, "manual snapshots that one disk can keep");
pub(super) static ECS_CONCURRENT: Setting =
    Setting::number("ecs.concurrent-snapshots", 1, "snapshots of one disk that can be progressing");
pub(super) static ECS_BUSY: Setting = Setting::choice(
    "ecs.busy-code",
    &[
        "IncorrectDiskStatus.CreatingSnapshot",
        "DISK_HAS_CREATING_SNAPSHOT",
        "QuotaExceed.ConcurrentSnapshotQuota",
    ],
    "the code of a create on a disk whose snapshot is still progressing",
);
pub(super) static ECS_DELETE_UNKNOWN: Setting = Setting::choice(
    "ecs.delete-unknown",
    &["empty", "error"],
    "whether DeleteSnapshot of an unknown id succeeds or answers InvalidSnapshotId.NotFound",
);
pub(super) static ECS_NAME_FILTER: Setting = Setting::choice(
    "ecs.name-filter",
    &["exact", "fuzzy"],
    "whether SnapshotName and DiskName filters compare whole names or parts",
);
pub(super) static ECS_ORDER: Setting =
    Setting::choice("ecs.order", &["newest-first", "oldest-first"], "the order of ECS and ECD lists");
pub(super) static ECS_EMPTY_IDS: Setting = Setting::choice(
    "ecs.empty-snapshot-ids",
    &["nothing", "everything"],
    "what SnapshotIds=[] selects; the page of DiskIds says nothing, that of SnapshotIds is silent",
);
pub(super) static ECS_AVAILABLE: Setting = Setting::choice(
    "ecs.available",
    &["when-accomplished", "at-once"],
    "when a snapshot of an ESSD disk is Available",
);
pub(super) static ECS_TOKEN_HOURS: Setting =
    Setting::number("ecs.client-token-hours", 24, "how long a ClientToken is remembered, in hours");
pub(super) static ECD_READY_MS: Setting =
    Setting::number("ecd.ready-ms", 1000, "how long an ECD snapshot is PROGRESSING, in milliseconds");
pub(super) static ECD_SNAPSHOTS: Setting =
    Setting::number("ecd.snapshots-per-desktop", 0, "snapshots that one desktop can keep; 0 is no limit");
pub(super) static ECD_BUSY: Setting = Setting::choice(
    "ecd.concurrent-snapshots",
    &["accepted", "refused"],
    "whether a desktop's disk takes a second snapshot while one is PROGRESSING",
);
pub(super) static ECD_DELETE_UNKNOWN: Setting = Setting::choice(
    "ecd.delete-unknown",
    &["empty", "error"],
    "whether DeleteSnapshot with an unknown id succeeds or answers InvalidSnapshotId.NotFound",
);
pub(super) static ECD_NAMES: Setting = Setting::choice(
    "ecd.names",
    &["free", "unique"],
    "whether two snapshots of one desktop can have the same name",
);
pub(super) static ECD_NAME_FILTER: Setting = Setting::choice(
    "ecd.name-filter",
    &["exact", "fuzzy"],
    "whether SnapshotName and DesktopName filters compare whole names or parts",
);
pub(super) static AUTO_PREFIX: Setting = Setting::choice(
    "alibaba.auto-prefix",
    &["lower-case", "any-case"],
    "whether names beginning Auto or AUTO are refused like auto",
);
pub(super) static LENGTH: Setting = Setting::choice(
    "alibaba.length",
    &["characters", "utf-16"],
    "how the length of names and descriptions is counted",
);
pub(super) static UNKNOWN_KEY: Setting = Setting::choice(
    "alibaba.unknown-key-status",
    &["404", "400"],
    "the HTTP status of InvalidAccessKeyId.NotFound",
);
pub(super) static UNKNOWN_ACTION: Setting = Setting::choice(
    "alibaba.unknown-action-code",
    &["InvalidAction.NotFound", "InvalidApi.NotFound"],
    "the code of an action that the version does not have",
);

pub(super) static REGION: Setting =
    Setting::text("alibaba.region", "cn-hangzhou", "the region of calls that name none");
pub(super) static ECS_RATE: Setting =
    Setting::number("ecs.rate", 1000, "calls per clock minute, account, region and ECS action");
pub(super) static ECD_RATE: Setting =
    Setting::number("ecd.rate", 1000, "calls per clock minute, account, region and ECD action");

/// The settings of these services.
pub(crate) static SETTINGS: &[&Setting] = &[
    &ECS_READY_MS,
    &ECS_SNAPSHOTS,
    &ECS_CONCURRENT,
    &ECS_BUSY,
    &ECS_DELETE_UNKNOWN,
    &ECS_NAME_FILTER,
    &ECS_ORDER,
    &ECS_EMPTY_IDS,
    &ECS_AVAILABLE,
    &ECS_TOKEN_HOURS,
    &ECD_READY_MS,
    &ECD_SNAPSHOTS,
    &ECD_BUSY,
    &ECD_DELETE_UNKNOWN,
    &ECD_NAMES,
    &ECD_NAME_FILTER,
    &AUTO_PREFIX,
    &LENGTH,
    &UNKNOWN_KEY,
    &UNKNOWN_ACTION,
    &REGION,
    &ECS_RATE,
    &ECD_RATE,
];

/// Returns how names are judged.
pub(super) fn name_rules(options: &Options) -> NameRules {
    NameRules {
        auto_in_any_case: options.is(&AUTO_PREFIX, "any-case"),
        counting: if options.is(&LENGTH, "utf-16") { Counting::Utf16 } else { Counting::Characters },
    }
}

/// Tells whether a name passes a filter.
pub(super) fn name_matches(options: &Options, setting: &Setting, name: &str, wanted: &str) -> bool {
    if options.is(setting, "fuzzy") { name.contains(wanted) } else { name == wanted }
}
