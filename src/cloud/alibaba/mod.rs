//! Alibaba Cloud: ECS disk snapshots and ECD (WUYING Workspace) snapshots.

mod classify;
mod sign;
