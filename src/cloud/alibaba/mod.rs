//! Alibaba Cloud: ECS disk snapshots and ECD (WUYING Workspace) snapshots.
//!
//! `client` signs and sends; `classify` says what the codes mean; one file per resource type turns objects into calls; the
//! `data_*` files read data sources.

pub(crate) mod absence;
mod classify;
pub(crate) mod client;
pub(crate) mod configure;
pub(crate) mod data;
pub(crate) mod ecd_snapshot;
pub(crate) mod ecs_snapshot;
mod listing;
pub(crate) mod parents;
mod sign;
