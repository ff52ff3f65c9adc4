//! What is promised about crashes, lost answers, slow clouds and changed objects, shown with the program itself.
//!
//! Each test applies with the program against a served sandbox that it watches request by request. `cloud` is that
//! sandbox, `world` the directory and what must be true at the end, `state_server` a place for states that keeps the
//! only copy. The figures are in `docs/reliability.md`; `SNAPFORM_KILLS` and `SNAPFORM_OBJECTS` choose larger runs.

#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "reliability/cloud.rs"]
mod cloud;
#[path = "reliability/death.rs"]
mod death;
#[path = "reliability/declared.rs"]
mod declared;
#[path = "reliability/faults.rs"]
mod faults;
#[path = "reliability/filtered.rs"]
mod filtered;
#[path = "reliability/fresh.rs"]
mod fresh;
#[path = "reliability/gone.rs"]
mod gone;
#[path = "reliability/hostile.rs"]
mod hostile;
#[path = "reliability/interrupts.rs"]
mod interrupts;
#[path = "reliability/kill.rs"]
mod kill;
#[path = "reliability/locks.rs"]
mod locks;
#[path = "reliability/place.rs"]
mod place;
#[path = "reliability/promises.rs"]
mod promises;
#[path = "reliability/state_server.rs"]
mod state_server;
#[path = "reliability/systems.rs"]
mod systems;
#[path = "reliability/tags.rs"]
mod tags;
#[path = "reliability/undecided.rs"]
mod undecided;
#[path = "reliability/waits.rs"]
mod waits;
#[path = "reliability/world.rs"]
mod world;
