//! A simulated cloud: accepts late, shows later, loses answers, and dies with the run that calls it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::SETTLE;
use crate::apply::kind::kind_of;
use crate::cloud::gate;
use crate::cloud::{
    Accepted, BoxFuture, CloudError, CreateRequest, ErrorClass, Known, Life, Object, Observed, Place, Reader,
    Writer,
};
use crate::lang::address::ProviderAddress;
use crate::lang::{Kind, Value};
use crate::plan::remembered;
use crate::schema::ResourceType;

/// A small random number generator: the same numbers on every machine.
#[derive(Clone)]
pub(super) struct Dice(Arc<AtomicU64>);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(Arc::new(AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)))
    }

    pub(super) fn next(&self) -> u64 {
        let mut x = self.0.load(Ordering::Relaxed);
        x ^= x >> 12;
        x ^= x << 25;
        x ^= x >> 27;
        self.0.store(x, Ordering::Relaxed);
        x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33
    }

    pub(super) fn below(&self, end: u64) -> u64 {
        self.next() % end
    }

    pub(super) fn one_in(&self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub(super) fn millis(&self, end: u64) -> Duration {
        Duration::from_millis(self.below(end))
    }
}

/// The marker of what is not ours and was there before us.
const STRANGER: &str = "stranger";

/// An object of the simulated cloud.
pub(super) struct Thing {
    pub(super) type_name: &'static str,
    pub(super) value: Value,
    pub(super) marker: Arc<str>,
    /// Whether it was made by us, not by a colleague.
    pub(super) ours: bool,
    pub(super) lands: Instant,
    pub(super) visible: Instant,
    pub(super) usable: Instant,
    pub(super) fails: bool,
    pub(super) leaves: Option<Instant>,
}

/// What becomes of a create, where a test says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Made and answered; usable after so many seconds.
    Made(u64),
    /// Made, but the answer is lost.
    LostAfter,
    /// Lost on the way there.
    LostBefore,
    /// Refused.
    Refused,
    /// Made; the cloud fails to complete it.
    Fails,
    /// Made, and answered with the id of something else.
    Misnamed(Wrong),
    /// Not made, and answered with the id of something else.
    NeverMade(Wrong),
}

/// Which id a wrong answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong {
    /// That of a point that is not ours.
    Stranger,
    /// That of the answer before.
    Before,
    /// One that no object has.
    Unknown,
}

/// How often the cloud was called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Calls {
    pub(super) creates: usize,
    pub(super) created: usize,
    pub(super) observes: usize,
    pub(super) looks: usize,
    pub(super) deletes: usize,
    pub(super) updates: usize,
}

#[derive(Default)]
pub(super) struct World {
    /// The id that the last create made.
    pub(super) last: Option<Arc<str>>,
    /// Whether deletes are neither carried out nor answered.
    pub(super) never_deletes: bool,
    /// Whether nothing can be read once it is made.
    pub(super) unreadable: bool,
    /// Points that are not ours and were changed or deleted by us.
    pub(super) harmed: Vec<Arc<str>>,
    pub(super) script: VecDeque<Fate>,
    pub(super) calls: Calls,
    pub(super) things: BTreeMap<Arc<str>, Thing>,
    pub(super) made: u64,
    /// Who asks, where it is not account 1 in region r.
    pub(super) place: Option<Place>,
}

#[derive(Clone)]
pub(super) struct Cloud {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) dice: Dice,
    pub(super) start: (Instant, Timestamp),
    pub(super) unkind: Arc<AtomicBool>,
    pub(super) crash: Arc<Crash>,
}

/// Ends a run at the n-th thing that it does.
pub(super) struct Crash {
    pub(super) left: AtomicU64,
    /// Whether it only falls asleep then.
    pub(super) sleeps: bool,
    /// Whether it sleeps.
    pub(super) asleep: watch::Sender<bool>,
    pub(super) dead: AtomicBool,
    pub(super) notify: Notify,
}

impl Crash {
    pub(super) fn after(count: u64) -> Arc<Self> {
        Arc::new(Self::new(count, false))
    }

    fn new(count: u64, sleeps: bool) -> Self {
        Self {
            left: AtomicU64::new(count),
            sleeps,
            asleep: watch::Sender::new(false),
            dead: AtomicBool::new(false),
            notify: Notify::new(),
        }
    }

    /// Puts a run to sleep at the n-th thing that it does, until it is woken.
    pub(super) fn asleep_after(count: u64) -> Arc<Self> {
        Arc::new(Self::new(count, true))
    }

    pub(super) fn wake(&self) {
        self.asleep.send_replace(false);
    }

    pub(super) fn tick(&self) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            match self.sleeps {
                true => drop(self.asleep.send_replace(true)),
                false => self.dead.store(true, Ordering::Relaxed),
            }
            self.notify.notify_one();
        }
    }

    /// What a dead process does next, it never does.
    pub(super) async fn live(&self) {
        let _ = self.asleep.subscribe().wait_for(|asleep| !asleep).await;
        if self.dead.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }
}

impl Cloud {
    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no test thread has panicked")
    }

    /// Returns the world in which we are about to change an object, and notes when that is not ours.
    fn ours(&self, id: &str) -> MutexGuard<'_, World> {
        let mut world = self.world();
        // What a colleague makes in the same moment, alike in everything, nobody can tell from ours.
        if world.things.get(id).is_some_and(|thing| &*thing.marker == STRANGER) {
            world.harmed.push(id.into());
        }
        world
    }

    pub(super) fn now(&self) -> Timestamp {
        at(self.start)
    }

    pub(super) fn chance(&self, chances: u64) -> bool {
        self.unkind.load(Ordering::Relaxed) && self.dice.one_in(chances)
    }

    pub(super) fn lost(&self) -> CloudError {
        CloudError::new(ErrorClass::Ambiguous, "sim", "Call", "the connection was lost")
    }

    pub(super) fn shown(&self, id: &Arc<str>, thing: &Thing) -> Option<Object> {
        let now = Instant::now();
        if thing.lands > now || thing.visible > now || thing.leaves.is_some_and(|gone| gone <= now) {
            return None;
        }
        let life = match (thing.leaves.is_some(), thing.usable <= now, thing.fails) {
            (true, ..) => Life::Leaving,
            (_, true, true) => Life::Failed("failed".into()),
            (_, true, false) => Life::Usable,
            (_, false, _) => Life::Pending(None),
        };
        let created_at = self.start.1.checked_add(thing.lands - self.start.0).ok();
        Some(Object { id: id.clone(), value: thing.value.clone(), life, created_at })
    }

    /// Takes a create that may land late, be made but not answered, or not be made at all.
    pub(super) fn take_create(
        &self,
        resource_type: &ResourceType,
        request: &CreateRequest,
        ours: bool,
    ) -> Result<Accepted, CloudError> {
        let now = Instant::now();
        let fate = self.world().script.pop_front();
        let (lost, late) = (self.chance(6) || fate == Some(Fate::LostAfter), self.chance(8));
        if fate == Some(Fate::LostBefore) {
            return Err(self.lost());
        }
        if fate == Some(Fate::Refused) {
            return Err(CloudError::new(ErrorClass::Quota, "sim", "Create", "no room").with_code("Quota"));
        }
        if lost && fate.is_none() && self.dice.one_in(2) {
            return Err(self.lost());
        }
        if !lost && self.chance(25) {
            return Err(CloudError::new(ErrorClass::Busy, "sim", "Create", "try later"));
        }
        let lands = now + if late { self.dice.millis(SETTLE.as_millis() as u64 / 2) } else { Duration::ZERO };
        let visible = lands
            + if self.chance(4) { self.dice.millis(SETTLE.as_millis() as u64 / 2) } else { Duration::ZERO };
        let slow = if self.chance(10) { 400_000 } else { 6_000 };
        let mut world = self.world();
        let key = kind_of(resource_type.name).key_of(&request.planned);
        if let Some(key) = &key
            && world.things.get(key.as_str()).is_some_and(|thing| thing.leaves.is_none_or(|gone| gone > now))
        {
            return Err(CloudError::new(ErrorClass::Conflict, "sim", "Create", "the name is taken"));
        }
        world.made += 1;
        let id: Arc<str> = key.unwrap_or_else(|| format!("s-{}", world.made)).into();
        let thing = Thing {
            type_name: resource_type.name,
            value: remembered::accepted_value(&request.planned, &id),
            marker: request.marker.clone(),
            ours,
            lands,
            visible,
            usable: match fate {
                Some(Fate::Made(seconds)) => visible + Duration::from_secs(seconds),
                _ => visible + self.dice.millis(slow),
            },
            fails: self.chance(12) || fate == Some(Fate::Fails),
            leaves: None,
        };
        world.things.insert(id.clone(), thing);
        let answered = self.answered(&mut world, resource_type, &id, fate);
        if ours {
            world.last = Some(id.clone());
        }
        if let Some(Fate::NeverMade(_)) = fate {
            world.things.remove(&id);
        }
        if lost || late { Err(self.lost()) } else { Ok(Accepted { id: answered, request_id: "r".into() }) }
    }

    /// Returns the id that a create is answered, which may be that of something else.
    fn answered(
        &self,
        world: &mut World,
        resource_type: &ResourceType,
        id: &Arc<str>,
        fate: Option<Fate>,
    ) -> Arc<str> {
        let wrong = match fate {
            Some(Fate::Misnamed(wrong) | Fate::NeverMade(wrong)) => wrong,
            // An id that is made of arguments is not in the answer.
            _ if kind_of(resource_type.name).key.is_some() || !self.chance(10) => return id.clone(),
            _ => match self.dice.below(3) {
                0 => Wrong::Stranger,
                1 => Wrong::Before,
                _ => Wrong::Unknown,
            },
        };
        let other = match wrong {
            Wrong::Stranger => {
                let mut strangers = world
                    .things
                    .iter()
                    .filter(|(_, thing)| &*thing.marker == STRANGER && thing.type_name == resource_type.name);
                strangers.next().map(|(id, _)| id.clone())
            }
            Wrong::Before => world.last.clone(),
            Wrong::Unknown => Some(format!("{id}-x").into()),
        };
        other.unwrap_or_else(|| id.clone())
    }

    /// Puts a point of somebody else into the world.
    pub(super) fn stranger(&self, resource_type: &ResourceType, id: &str, object: &Value) {
        let now = Instant::now();
        let thing = Thing {
            type_name: resource_type.name,
            value: remembered::accepted_value(object, id),
            marker: STRANGER.into(),
            ours: false,
            lands: now,
            visible: now,
            usable: now,
            fails: false,
            leaves: None,
        };
        self.world().things.insert(id.into(), thing);
    }

    /// Returns what is shown of an object, which a broken service may show on another parent.
    fn told(&self, resource_type: &ResourceType, mut object: Object) -> Object {
        let kind = kind_of(resource_type.name);
        if kind.key.is_none()
            && self.chance(40)
            && let (Some(mut members), [parent]) = (object.value.members().cloned(), kind.parent)
        {
            members.insert(Arc::from(*parent), Value::string("another"));
            object.value = Kind::Object(Arc::new(members)).into();
        }
        object
    }
}

pub(super) fn at(start: (Instant, Timestamp)) -> Timestamp {
    start.1.checked_add(start.0.elapsed()).expect("a simulation is short")
}

impl Reader for Cloud {
    fn place<'a>(&'a self, _: &'a ProviderAddress) -> BoxFuture<'a, Result<Place, CloudError>> {
        let place = self.world().place.clone();
        Box::pin(async { Ok(place.unwrap_or_else(|| Place::of("1", "r"))) })
    }

    fn observe<'a>(
        &'a self,
        _: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        objects: &'a [Known],
    ) -> BoxFuture<'a, Vec<Observed>> {
        Box::pin(async move {
            tokio::time::sleep(self.dice.millis(200)).await;
            let unread = self.chance(15) || self.world().unreadable;
            let mut world = self.world();
            world.calls.observes += 1;
            let answer = |known: &Known| match world.things.get(&known.id) {
                _ if unread => Observed::Unread(self.lost()),
                Some(thing) => self
                    .shown(&known.id, thing)
                    .filter(|_| thing.type_name == resource_type.name)
                    .map_or(Observed::Absent, |object| {
                        Observed::Present(Box::new(self.told(resource_type, object)))
                    }),
                None => Observed::Absent,
            };
            objects.iter().map(answer).collect()
        })
    }

    fn read_data<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        config: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CloudError>> {
        Box::pin(async { Ok(config.clone()) })
    }

    fn on_parent<'a>(
        &'a self,
        _: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Object>, CloudError>> {
        Box::pin(async move {
            tokio::time::sleep(self.dice.millis(200)).await;
            if self.chance(25) {
                return Err(self.lost());
            }
            let kind = kind_of(resource_type.name);
            let parent = kind.parent_of(planned);
            let mut world = self.world();
            world.calls.looks += 1;
            let here = world.things.iter().filter(|(_, thing)| {
                thing.type_name == resource_type.name && kind.parent_of(&thing.value) == parent
            });
            Ok(here.filter_map(|(id, thing)| self.shown(id, thing)).collect())
        })
    }
}

impl Writer for Cloud {
    fn batch_key(&self, resource_type: &ResourceType, planned: &Value) -> Option<String> {
        kind_of(resource_type.name).key?;
        planned.get("cluster_id").and_then(Value::as_str).map(str::to_owned)
    }

    fn create<'a>(
        &'a self,
        _: &'a ProviderAddress,
        resource_type: &'a ResourceType,
        requests: &'a [CreateRequest],
    ) -> BoxFuture<'a, Vec<Result<Accepted, CloudError>>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            if let Err(error) = gate::pass("sim", "Create").await {
                return requests.iter().map(|_| Err(error.clone())).collect();
            }
            self.world().calls.creates += 1;
            self.world().calls.created += requests.len();
            // A colleague makes one that looks the same.
            if self.chance(20) && kind_of(resource_type.name).key.is_none() {
                let colleague = CreateRequest { marker: "colleague".into(), ..requests[0].clone() };
                let _ = self.take_create(resource_type, &colleague, false);
            }
            let answers: Vec<_> =
                requests.iter().map(|request| self.take_create(resource_type, request, true)).collect();
            self.crash.tick();
            self.crash.live().await;
            tokio::time::sleep(self.dice.millis(1500)).await;
            answers
        })
    }

    fn update<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        prior: &'a Value,
        planned: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            gate::pass("sim", "Update").await?;
            self.world().calls.updates += 1;
            let lost = self.chance(8);
            if let Some(id) = prior.get("id").and_then(Value::as_str)
                && !(lost && self.dice.one_in(2))
                && let Some(thing) = self.ours(id).things.get_mut(id)
            {
                thing.value = remembered::accepted_value(planned, id);
            }
            if lost { Err(self.lost()) } else { Ok(()) }
        })
    }

    fn delete<'a>(
        &'a self,
        _: &'a ProviderAddress,
        _: &'a ResourceType,
        prior: &'a Value,
    ) -> BoxFuture<'a, Result<(), CloudError>> {
        Box::pin(async move {
            self.crash.tick();
            self.crash.live().await;
            gate::pass("sim", "Delete").await?;
            self.world().calls.deletes += 1;
            if self.world().never_deletes {
                return Err(self.lost());
            }
            let lost = self.chance(8);
            if let Some(id) = prior.get("id").and_then(Value::as_str)
                && !(lost && self.dice.one_in(2))
                && let Some(thing) = self.ours(id).things.get_mut(id)
            {
                thing.leaves.get_or_insert(Instant::now() + self.dice.millis(5_000));
            }
            if lost { Err(self.lost()) } else { Ok(()) }
        })
    }
}

pub(super) fn uuid(dice: &Dice) -> uuid::Uuid {
    uuid::Uuid::from_u64_pair(dice.next() << 31 | dice.next(), dice.next() << 31 | dice.next())
}
