//! Alibaba Cloud RPC services: ecs 2014-05-26, ecd 2020-09-30 and sts 2015-04-01.
//!
//! A request is taken apart by `gateway`, which finds its action, format and region; its
//! `signature` is read and `authority` decides who calls; then the action of `ecs`, `ecd` or
//! `sts` runs in a session of the core and its answer is dressed by `envelope`.
//!
//! Adding an action: a function of `call::Call` and its line in the service's `action`.

mod authority;
mod call;
mod ecd;
mod ecs;
mod encoding;
mod envelope;
mod gateway;
mod naming;
mod nonces;
mod paging;
mod parameters;
mod region;
#[cfg(test)]
mod scenarios;
mod settings;
mod signature;
mod sts;
mod tags;

pub(crate) use gateway::handle;
pub(crate) use nonces::Nonces;
pub(super) use region::REGIONS;
pub(crate) use settings::SETTINGS;
