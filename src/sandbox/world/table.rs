//! Objects of one kind in creation order, found by id and by parent without a scan.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::WorldError;

/// Account and region that an object belongs to; both empty for global objects.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Account id in the vendor's form.
    pub account: String,
    /// Region id.
    pub region: String,
}

impl Place {
    /// Returns the place of an account in a region.
    pub fn new(account: &str, region: &str) -> Self {
        Self { account: account.to_owned(), region: region.to_owned() }
    }
}

/// A kind of object that a [`Table`] can hold.
pub trait Object: Clone + Serialize + DeserializeOwned + Send + 'static {
    /// Name of the kind in the store, in seeds and in listings.
    const KIND: &'static str;
    /// Returns the account and region it belongs to.
    fn place(&self) -> &Place;
    /// Returns its id, unique within its place.
    fn id(&self) -> &str;
    /// Returns the id of its parent, empty when it has none.
    fn parent(&self) -> &str {
        ""
    }
    /// Returns when it vanishes by itself, in milliseconds.
    fn gone_at_ms(&self) -> Option<i64> {
        None
    }
    /// Returns what a listing shows in its columns: name, status.
    fn summary(&self, now_ms: i64) -> (String, String);
}

#[derive(Clone, Serialize, Deserialize)]
struct Stored<T> {
    sequence: u64,
    object: T,
}

#[derive(Clone)]
struct Shelf<T> {
    by_id: BTreeMap<String, Stored<T>>,
    by_order: BTreeMap<u64, String>,
    by_parent: BTreeMap<String, BTreeMap<u64, String>>,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { by_id: BTreeMap::new(), by_order: BTreeMap::new(), by_parent: BTreeMap::new() }
    }
}

/// All objects of one kind.
#[derive(Clone)]
pub struct Table<T> {
    shelves: BTreeMap<Place, Shelf<T>>,
    leaving: BTreeSet<(i64, Place, String)>,
    changed: BTreeSet<(Place, String)>,
    next_sequence: u64,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            shelves: BTreeMap::new(),
            leaving: BTreeSet::new(),
            changed: BTreeSet::new(),
            next_sequence: 1,
        }
    }
}

impl<T: Object> Table<T> {
    /// Returns an object by id.
    pub fn get(&self, place: &Place, id: &str) -> Option<&T> {
        Some(&self.shelves.get(place)?.by_id.get(id)?.object)
    }

    /// Adds an object, or replaces the one of that id (which keeps its rank in the order).
    pub fn insert(&mut self, object: T) {
        let sequence = match self.remove(&object.place().clone(), &object.id().to_owned()) {
            Some((sequence, _)) => sequence,
            None => self.next_sequence,
        };
        self.put(Stored { sequence, object });
    }

    /// Changes an object in place and returns what the closure returns, `None` when there is no such object.
    pub fn update<R>(&mut self, place: &Place, id: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let (sequence, mut object) = self.remove(place, id)?;
        let result = change(&mut object);
        self.put(Stored { sequence, object });
        Some(result)
    }

    /// Removes an object at once and returns it.
    pub fn delete(&mut self, place: &Place, id: &str) -> Option<T> {
        self.remove(place, id).map(|(_, object)| object)
    }

    /// Returns the objects of a place, oldest first.
    pub fn list(&self, place: &Place) -> impl DoubleEndedIterator<Item = &T> {
        self.shelves.get(place).into_iter().flat_map(|shelf| {
            shelf.by_order.values().filter_map(|id| shelf.by_id.get(id).map(|stored| &stored.object))
        })
    }

    /// Returns the objects of one parent, oldest first.
    pub fn children(&self, place: &Place, parent: &str) -> impl DoubleEndedIterator<Item = &T> {
        self.shelves.get(place).into_iter().flat_map(move |shelf| {
            let ids = shelf.by_parent.get(parent).into_iter().flat_map(|ids| ids.values());
            ids.filter_map(|id| shelf.by_id.get(id).map(|stored| &stored.object))
        })
    }

    /// Returns the objects of all places, place by place.
    pub fn everything(&self) -> impl Iterator<Item = &T> {
        self.shelves.values().flat_map(|shelf| shelf.by_id.values().map(|stored| &stored.object))
    }

    fn put(&mut self, stored: Stored<T>) {
        let place = stored.object.place().clone();
        let id = stored.object.id().to_owned();
        self.next_sequence = self.next_sequence.max(stored.sequence.saturating_add(1));
        if let Some(gone) = stored.object.gone_at_ms() {
            self.leaving.insert((gone, place.clone(), id.clone()));
        }
        let shelf = self.shelves.entry(place.clone()).or_default();
        shelf.by_order.insert(stored.sequence, id.clone());
        let parent = stored.object.parent();
        if !parent.is_empty() {
            let children = shelf.by_parent.entry(parent.to_owned()).or_default();
            children.insert(stored.sequence, id.clone());
        }
        shelf.by_id.insert(id.clone(), stored);
        self.changed.insert((place, id));
    }

    fn remove(&mut self, place: &Place, id: &str) -> Option<(u64, T)> {
        let shelf = self.shelves.get_mut(place)?;
        let stored = shelf.by_id.remove(id)?;
        shelf.by_order.remove(&stored.sequence);
        let parent = stored.object.parent();
        if let Some(children) = shelf.by_parent.get_mut(parent) {
            children.remove(&stored.sequence);
            if children.is_empty() {
                shelf.by_parent.remove(parent);
            }
        }
        if let Some(gone) = stored.object.gone_at_ms() {
            self.leaving.remove(&(gone, place.clone(), id.to_owned()));
        }
        self.changed.insert((place.clone(), id.to_owned()));
        Some((stored.sequence, stored.object))
    }
}

/// One change to be stored: key and new bytes, `None` to remove.
pub(crate) type Write = (String, Option<Vec<u8>>);

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Kind of the object.
    pub kind: String,
    /// Account it belongs to.
    pub account: String,
    /// Region it belongs to.
    pub region: String,
    /// Its id.
    pub id: String,
    /// Id of its parent, or empty.
    pub parent: String,
    /// Its name, or empty.
    pub name: String,
    /// Its state at the time of the listing.
    pub status: String,
}

/// What the world does with tables of any kind.
pub(crate) trait AnyTable {
    fn kind(&self) -> &'static str;
    fn is_empty(&self) -> bool;
    fn take_writes(&mut self) -> Result<Vec<Write>, WorldError>;
    fn load(&mut self, bytes: &[u8]) -> Result<(), WorldError>;
    fn add(&mut self, value: &Value) -> Result<(), WorldError>;
    fn change(&mut self, id: &str, set: &Value) -> Result<bool, WorldError>;
    fn drop_object(&mut self, id: &str) -> bool;
    fn purge(&mut self, now_ms: i64);
    fn clear(&mut self);
    fn values(&self) -> Result<Vec<Value>, WorldError>;
    fn rows(&self, now_ms: i64) -> Vec<Row>;
}

impl<T: Object> Table<T> {
    fn places_of(&self, id: &str) -> Vec<Place> {
        let holds = |(_, shelf): &(&Place, &Shelf<T>)| shelf.by_id.contains_key(id);
        self.shelves.iter().filter(holds).map(|(place, _)| place.clone()).collect()
    }
}

impl<T: Object> AnyTable for Table<T> {
    fn kind(&self) -> &'static str {
        T::KIND
    }

    fn is_empty(&self) -> bool {
        self.shelves.values().all(|shelf| shelf.by_id.is_empty())
    }

    fn take_writes(&mut self) -> Result<Vec<Write>, WorldError> {
        let mut writes = Vec::with_capacity(self.changed.len());
        for (place, id) in &self.changed {
            let key = format!("{}\u{0}{}\u{0}{}\u{0}{}", T::KIND, place.account, place.region, id);
            let stored = self.shelves.get(place).and_then(|shelf| shelf.by_id.get(id));
            let bytes = stored.map(serde_json::to_vec).transpose().map_err(WorldError::encode(T::KIND))?;
            writes.push((key, bytes));
        }
        self.changed.clear();
        Ok(writes)
    }

    fn load(&mut self, bytes: &[u8]) -> Result<(), WorldError> {
        self.put(serde_json::from_slice(bytes).map_err(WorldError::decode(T::KIND))?);
        self.changed.clear();
        Ok(())
    }

    fn add(&mut self, value: &Value) -> Result<(), WorldError> {
        let object: T = serde_json::from_value(value.clone()).map_err(WorldError::decode(T::KIND))?;
        check_fields(&object, value)?;
        if object.id().is_empty() {
            return Err(WorldError::NoId(T::KIND.to_owned()));
        }
        self.insert(object);
        Ok(())
    }

    fn change(&mut self, id: &str, set: &Value) -> Result<bool, WorldError> {
        let places = self.places_of(id);
        for place in &places {
            let Some(old) = self.get(place, id) else { continue };
            let mut value = serde_json::to_value(old).map_err(WorldError::encode(T::KIND))?;
            merge(&mut value, set);
            let new: T = serde_json::from_value(value).map_err(WorldError::decode(T::KIND))?;
            check_fields(&new, set)?;
            if new.id() != id || new.place() != place {
                return Err(WorldError::Identity(T::KIND.to_owned()));
            }
            self.insert(new);
        }
        Ok(!places.is_empty())
    }

    fn drop_object(&mut self, id: &str) -> bool {
        let places = self.places_of(id);
        for place in &places {
            self.delete(place, id);
        }
        !places.is_empty()
    }

    fn purge(&mut self, now_ms: i64) {
        while let Some((gone, place, id)) = self.leaving.first().cloned() {
            if gone > now_ms {
                break;
            }
            self.delete(&place, &id);
        }
    }

    fn clear(&mut self) {
        let all: Vec<_> =
            self.everything().map(|object| (object.place().clone(), object.id().to_owned())).collect();
        for (place, id) in all {
            self.delete(&place, &id);
        }
        self.next_sequence = 1;
    }

    fn values(&self) -> Result<Vec<Value>, WorldError> {
        self.everything()
            .map(|object| serde_json::to_value(object).map_err(WorldError::encode(T::KIND)))
            .collect()
    }

    fn rows(&self, now_ms: i64) -> Vec<Row> {
        let shelves = self.shelves.iter();
        shelves
            .flat_map(|(place, _)| self.list(place))
            .map(|object| {
                let (name, status) = object.summary(now_ms);
                Row {
                    kind: T::KIND.to_owned(),
                    account: object.place().account.clone(),
                    region: object.place().region.clone(),
                    id: object.id().to_owned(),
                    parent: object.parent().to_owned(),
                    name,
                    status,
                }
            })
            .collect()
    }
}

/// Refuses fields that the kind does not have: a misspelt seed would pass silently otherwise.
fn check_fields<T: Object>(object: &T, given: &Value) -> Result<(), WorldError> {
    let value = serde_json::to_value(object).map_err(WorldError::encode(T::KIND))?;
    let (Some(known), Some(given)) = (value.as_object(), given.as_object()) else { return Ok(()) };
    match given.keys().find(|key| !known.contains_key(*key)) {
        Some(key) => {
            let fields: Vec<&str> = known.keys().map(String::as_str).collect();
            Err(WorldError::Field(T::KIND.to_owned(), key.clone(), fields.join(", ")))
        }
        None => Ok(()),
    }
}

/// Puts the members of `set` into `value`, going into objects; lists and scalars are replaced.
fn merge(value: &mut Value, set: &Value) {
    match (value, set) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, item) in new {
                merge(old.entry(key.clone()).or_insert(Value::Null), item);
            }
        }
        (value, set) => *value = set.clone(),
    }
}
