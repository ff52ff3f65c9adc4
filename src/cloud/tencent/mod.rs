//! Tencent Cloud: CFS snapshots, CBS disk backup points and TcaplusDB table snapshots.
//!
//! `client` signs and sends; `listing` reads pages; `classify` says what the codes mean; one file per resource type turns
//! objects into calls; `data` reads data sources.

pub(crate) mod cbs_disk_backup;
pub(crate) mod cfs_snapshot;
mod classify;
pub(crate) mod client;
pub(crate) mod configure;
pub(crate) mod data;
mod listing;
pub(crate) mod parents;
mod sign;
pub(crate) mod tcaplus_snapshot;
