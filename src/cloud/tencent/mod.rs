//! Tencent Cloud: CFS snapshots, CBS disk backup points and TcaplusDB table snapshots.

mod classify;
mod sign;
