//! The settings of these services: durations, limits, and both readings of what the documents leave open.

use crate::sandbox::options::Setting;

macro_rules! settings {
    ($($name:ident = $setting:expr;)*) => {
        $(pub(super) static $name: Setting = $setting;)*
        /// The settings of these services.
        pub(crate) static SETTINGS: &[&Setting] = &[$(&$name),*];
    };
}

settings! {
    CALLS_PER_SECOND = Setting::number(
        "tencent.calls-per-second", 0, "calls of one action per second; 0 is the documented figure of each");
    REGION_MISSING = Setting::choice(
        "tencent.region-missing", &["default", "error"], "a call without a region goes to the default one, or fails");
    TIME_ZONE = Setting::choice(
        "tencent.time-zone", &["utc+8", "utc"], "zone of times written without one");
    LIMIT_MAX = Setting::number(
        "tencent.limit-max", 0, "largest Limit of CFS and TcaplusDB lists; 0 is none");
    PARENT_DESTROYED = Setting::choice(
        "tencent.parent-destroyed", &["keep", "delete"], "what happens to CFS and TcaplusDB snapshots whose parent is gone");

    CFS_CREATE_MS = Setting::number("cfs.create-ms", 1_000, "how long a CFS snapshot is creating, in milliseconds");
    CFS_DELETE_MS = Setting::number("cfs.delete-ms", 500, "how long a CFS snapshot is deleting, in milliseconds");
    CFS_SNAPSHOTS = Setting::number("cfs.snapshots-per-file-system", 100, "snapshots that one file system may have");
    CFS_QUOTA_CODE = Setting::text(
        "cfs.quota-code", "LimitExceeded", "error code when a file system has too many snapshots");
    CFS_TAG_KEYS = Setting::number("cfs.tag-keys", 6, "different tag keys in one request");
    CFS_TAG_VALUES = Setting::number("cfs.tag-values", 10, "tag values in one request");
    CFS_PARALLEL = Setting::choice(
        "cfs.parallel-snapshots", &["allowed", "refused"], "a second snapshot of a file system while one is creating");
    CFS_DUPLICATE_NAMES = Setting::choice(
        "cfs.duplicate-names", &["allowed", "refused"], "two snapshots of one file system with the same name");
    CFS_DEFAULT_NAME = Setting::choice(
        "cfs.default-name", &["none", "filled"], "the name of a CFS snapshot created without one");
    CFS_DESCRIBE_UNKNOWN = Setting::choice(
        "cfs.describe-unknown", &["empty", "error"], "DescribeCfsSnapshots of an unknown SnapshotId");
    CFS_NAME_FILTER = Setting::choice(
        "cfs.name-filter", &["exact", "fuzzy"], "how the name filters of CFS match");
    CFS_FILTERS = Setting::choice(
        "cfs.filters", &["and", "or"], "how several CFS filters combine");
    CFS_ORDER = Setting::choice("cfs.order", &["DESC", "ASC"], "order of DescribeCfsSnapshots when none is asked for");
    CFS_FINITE = Setting::choice(
        "cfs.forever-to-finite", &["refused", "allowed"], "AliveDays for a snapshot that is kept for ever");
    CFS_DELETE_UNKNOWN = Setting::choice(
        "cfs.delete-unknown", &["error", "empty"], "DeleteCfsSnapshot of an unknown SnapshotId: an error, or nothing");
    CFS_DELETE_AGAIN = Setting::choice(
        "cfs.delete-again", &["accepted", "refused"], "DeleteCfsSnapshot while the snapshot is deleting already");
    CFS_DELETE_LIST = Setting::choice(
        "cfs.delete-list", &["all-or-nothing", "one-by-one"], "a list of ids of which some cannot be deleted");

    CBS_CREATE_MS = Setting::number("cbs.create-ms", 1_000, "how long a disk backup point is creating, in milliseconds");
    CBS_DELETE_MS = Setting::number("cbs.delete-ms", 0, "how long a deleted backup point is still listed, in milliseconds");
    CBS_ROLLBACK_MS = Setting::number("cbs.rollback-ms", 1_000, "how long a rollback takes, in milliseconds");
    CBS_PARALLEL = Setting::choice(
        "cbs.parallel-backups", &["allowed", "refused"], "a second backup point of a disk while one is creating");
    CBS_DEFAULT_NAME = Setting::choice(
        "cbs.default-name", &["none", "filled"], "the name of a backup point created without one");
    CBS_CREATE_TIME = Setting::choice(
        "cbs.create-time", &["plain", "iso8601"], "form of CreateTime of backup points; the examples show both");
    CBS_DELETE_UNKNOWN = Setting::choice(
        "cbs.delete-unknown", &["error", "empty"], "DeleteDiskBackups of an unknown id: an error, or nothing");
    CBS_DELETE_LIST = Setting::choice(
        "cbs.delete-list", &["all-or-nothing", "one-by-one"], "a list of ids of which some cannot be deleted");
    CBS_DELETE_CREATING = Setting::choice(
        "cbs.delete-creating", &["refused", "allowed"], "DeleteDiskBackups of a point that is still creating");
    CBS_DAILY_POINTS = Setting::choice(
        "cbs.daily-points",
        &["off", "on"],
        "whether the vendor makes a backup point of each disk with a quota every day",
    );
    CBS_DAILY_DROPS = Setting::choice(
        "cbs.daily-drops",
        &["automatic", "all"],
        "which points of the days before the daily one replaces",
    );
    CBS_DELETE_MAX = Setting::number("cbs.delete-max", 0, "ids in one DeleteDiskBackups; 0 is no limit");

    TCAPLUS_CREATE_MS = Setting::number(
        "tcaplusdb.create-ms", 1_000, "how long a table snapshot is being made, in milliseconds");
    TCAPLUS_DELETE_MS = Setting::number(
        "tcaplusdb.delete-ms", 500, "how long a table snapshot is being deleted, in milliseconds");
    TCAPLUS_IMPORT_MS = Setting::number("tcaplusdb.import-ms", 1_000, "how long an import takes, in milliseconds");
    TCAPLUS_LOG_DAYS = Setting::number(
        "tcaplusdb.log-days", 7, "days back that SnapshotTime may lie: the retention of the operation log");
    TCAPLUS_BATCH_MAX = Setting::number("tcaplusdb.batch-max", 0, "items in one batch; 0 is no limit");
    TCAPLUS_SNAPSHOTS = Setting::number("tcaplusdb.snapshots-per-table", 0, "snapshots of one table; 0 is no limit");
    TCAPLUS_BAD_ITEM = Setting::choice(
        "tcaplusdb.bad-item", &["item", "call"], "whether a bad item of a batch fails itself only, or the whole call");
    TCAPLUS_DUPLICATE = Setting::choice(
        "tcaplusdb.duplicate", &["refused", "replaced"], "CreateSnapshots with the name of an existing snapshot");
    TCAPLUS_TOTAL = Setting::choice(
        "tcaplusdb.total-count", &["all", "succeeded"], "whether TotalCount of a batch counts the failed items");
    TCAPLUS_DESCRIBE_UNKNOWN = Setting::choice(
        "tcaplusdb.describe-unknown", &["empty", "error"], "DescribeSnapshots of an unknown table or name");
    TCAPLUS_DELETE_UNKNOWN = Setting::choice(
        "tcaplusdb.delete-unknown", &["error", "empty"], "DeleteSnapshots of an unknown snapshot: a failed item, or nothing");
    TCAPLUS_DELETE_CREATING = Setting::choice(
        "tcaplusdb.delete-creating", &["allowed", "refused"], "DeleteSnapshots of a snapshot that is being made");
}
