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
    /// Returns when it was made, in milliseconds; lists do not show objects that are too new.
    fn created_ms(&self) -> i64 {
        0
    }
    /// Returns its part of the sum that a list shows, such as its size in MiB.
    fn size(&self) -> u64 {
        0
    }
    /// Returns what a listing shows in its columns: name, status.
    fn summary(&self, now_ms: i64) -> (String, String);
}

/// An object as it is saved.
#[derive(Serialize, Deserialize)]
struct Stored<T> {
    sequence: u64,
    object: T,
}

/// The objects of one place. They lie in creation order, since pages of long lists are what costs most.
#[derive(Clone)]
struct Shelf<T> {
    by_order: BTreeMap<u64, T>,
    by_id: BTreeMap<String, u64>,
    by_parent: BTreeMap<String, BTreeSet<u64>>,
    /// No object was made later, in milliseconds.
    latest_ms: i64,
    size: u64,
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self {
            by_order: BTreeMap::new(),
            by_id: BTreeMap::new(),
            by_parent: BTreeMap::new(),
            latest_ms: i64::MIN,
            size: 0,
        }
    }
}

impl<T> Shelf<T> {
    fn find(&self, id: &str) -> Option<(u64, &T)> {
        let sequence = *self.by_id.get(id)?;
        Some((sequence, self.by_order.get(&sequence)?))
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
        Some(self.shelves.get(place)?.find(id)?.1)
    }

    /// Adds an object, or replaces the one of that id (which keeps its rank in the order).
    pub fn insert(&mut self, object: T) {
        let sequence = match self.remove(object.place(), object.id()) {
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

    /// Removes the objects of one parent in every place at once.
    pub fn delete_children(&mut self, parent: &str) {
        let of_parent = |object: &&T| object.parent() == parent;
        let names = |object: &T| (object.place().clone(), object.id().to_owned());
        let children: Vec<_> = self.everything().filter(of_parent).map(names).collect();
        for (place, id) in children {
            self.delete(&place, &id);
        }
    }

    /// Returns the objects of a place, oldest first.
    pub fn list(&self, place: &Place) -> impl DoubleEndedIterator<Item = &T> {
        self.shelves.get(place).into_iter().flat_map(|shelf| shelf.by_order.values())
    }

    /// Returns a time after which no object of a place was made, in milliseconds: what is shown of objects made then is shown of all.
    pub fn latest_ms(&self, place: &Place) -> i64 {
        self.shelves.get(place).map_or(i64::MIN, |shelf| shelf.latest_ms)
    }

    /// Returns the sizes of all objects of a place together.
    pub fn size(&self, place: &Place) -> u64 {
        self.shelves.get(place).map_or(0, |shelf| shelf.size)
    }

    /// Returns the objects of a place that are newer than one of them, oldest first; `None` when that one is
    /// not there.
    pub fn newer(&self, place: &Place, id: &str) -> Option<impl DoubleEndedIterator<Item = &T>> {
        let shelf = self.shelves.get(place)?;
        let sequence = shelf.by_id.get(id)?.saturating_add(1);
        Some(shelf.by_order.range(sequence..).map(|(_, object)| object))
    }

    /// Returns the objects of a place that are older than one of them, oldest first; `None` when that one is
    /// not there.
    pub fn older(&self, place: &Place, id: &str) -> Option<impl DoubleEndedIterator<Item = &T>> {
        let shelf = self.shelves.get(place)?;
        let sequence = shelf.by_id.get(id)?;
        Some(shelf.by_order.range(..sequence).map(|(_, object)| object))
    }

    /// Returns the objects of one parent, oldest first.
    pub fn children(&self, place: &Place, parent: &str) -> impl DoubleEndedIterator<Item = &T> {
        self.shelves.get(place).into_iter().flat_map(move |shelf| {
            let sequences = shelf.by_parent.get(parent).into_iter().flatten();
            sequences.filter_map(|sequence| shelf.by_order.get(sequence))
        })
    }

    /// Returns the objects of all places, place by place.
    pub fn everything(&self) -> impl Iterator<Item = &T> {
        self.shelves.values().flat_map(|shelf| shelf.by_order.values())
    }

    fn put(&mut self, stored: Stored<T>) {
        let place = stored.object.place().clone();
        let id = stored.object.id().to_owned();
        self.next_sequence = self.next_sequence.max(stored.sequence.saturating_add(1));
        if let Some(gone) = stored.object.gone_at_ms() {
            self.leaving.insert((gone, place.clone(), id.clone()));
        }
        let Stored { sequence, object } = stored;
        let shelf = self.shelves.entry(place.clone()).or_default();
        let parent = object.parent();
        if !parent.is_empty() {
            shelf.by_parent.entry(parent.to_owned()).or_default().insert(sequence);
        }
        shelf.latest_ms = shelf.latest_ms.max(object.created_ms());
        shelf.size = shelf.size.saturating_add(object.size());
        shelf.by_id.insert(id.clone(), sequence);
        shelf.by_order.insert(sequence, object);
        self.changed.insert((place, id));
    }

    fn remove(&mut self, place: &Place, id: &str) -> Option<(u64, T)> {
        let shelf = self.shelves.get_mut(place)?;
        let sequence = shelf.by_id.remove(id)?;
        let object = shelf.by_order.remove(&sequence)?;
        shelf.size = shelf.size.saturating_sub(object.size());
        if let Some(children) = shelf.by_parent.get_mut(object.parent()) {
            children.remove(&sequence);
            if children.is_empty() {
                shelf.by_parent.remove(object.parent());
            }
        }
        if let Some(gone) = object.gone_at_ms() {
            self.leaving.remove(&(gone, place.clone(), id.to_owned()));
        }
        self.changed.insert((place.clone(), id.to_owned()));
        Some((sequence, object))
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
            let found = self.shelves.get(place).and_then(|shelf| shelf.find(id));
            let stored = found.map(|(sequence, object)| Stored { sequence, object });
            let bytes = stored
                .map(|stored| serde_json::to_vec(&stored))
                .transpose()
                .map_err(WorldError::encode(T::KIND))?;
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

/// Refuses fields that the kind does not have, however deep they stand: a misspelt seed would pass silently otherwise.
fn check_fields<T: Object>(object: &T, given: &Value) -> Result<(), WorldError> {
    let value = serde_json::to_value(object).map_err(WorldError::encode(T::KIND))?;
    match stray(&value, given, "") {
        Some((key, fields)) => Err(WorldError::Field(T::KIND.to_owned(), key, fields)),
        None => Ok(()),
    }
}

/// Returns the first field of what was given that was not taken over, and the fields that there are in its place.
fn stray(taken: &Value, given: &Value, path: &str) -> Option<(String, String)> {
    match (taken, given) {
        (Value::Object(taken), Value::Object(given)) => given.iter().find_map(|(key, given)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            match taken.get(key) {
                Some(taken) => stray(taken, given, &path),
                // A patch removes by null, and what is false may be left out when it is written.
                None if path != *key && matches!(given, Value::Null | Value::Bool(false)) => None,
                None => Some((path, taken.keys().map(String::as_str).collect::<Vec<_>>().join(", "))),
            }
        }),
        (Value::Array(taken), Value::Array(given)) => {
            taken.iter().zip(given).find_map(|(taken, given)| stray(taken, given, path))
        }
        _ => None,
    }
}

/// Applies a JSON merge patch (RFC 7396): objects are gone into, null removes, all else replaces.
fn merge(value: &mut Value, set: &Value) {
    match (value, set) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, item) in new {
                if item.is_null() {
                    old.remove(key);
                    continue;
                }
                merge(old.entry(key.clone()).or_insert(Value::Null), item);
            }
        }
        (value, set) => *value = set.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CfsSnapshot, Life};
    use super::*;

    fn snapshot(id: &str, parent: &str) -> CfsSnapshot {
        CfsSnapshot {
            place: Place::new("1", "r"),
            id: id.to_owned(),
            file_system_id: parent.to_owned(),
            ..CfsSnapshot::default()
        }
    }

    #[test]
    fn objects_are_found_by_id_by_parent_and_in_order() {
        let place = Place::new("1", "r");
        let mut table = Table::default();
        for (id, parent) in [("z", "p"), ("a", "q"), ("m", "p")] {
            table.insert(snapshot(id, parent));
        }
        let ids = |list: Vec<&CfsSnapshot>| list.iter().map(|item| item.id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(table.list(&place).collect()), ["z", "a", "m"]);
        assert_eq!(ids(table.children(&place, "p").collect()), ["z", "m"]);
        table.update(&place, "z", |object| object.file_system_id = "q".to_owned());
        assert_eq!(ids(table.children(&place, "q").collect()), ["z", "a"]);
        assert_eq!(ids(table.list(&place).collect()), ["z", "a", "m"]);
        table.delete_children("q");
        assert_eq!(ids(table.list(&place).collect()), ["m"]);
        assert!(table.get(&Place::new("2", "r"), "m").is_none());
    }

    #[test]
    fn sums_and_the_latest_time_follow_the_objects() {
        let place = Place::new("1", "r");
        let mut table = Table::default();
        assert_eq!((table.latest_ms(&place), table.size(&place)), (i64::MIN, 0));
        for (id, created_ms, size_mib) in [("a", 20, 3), ("b", 10, 4)] {
            let life = Life { created_ms, ..Life::default() };
            table.insert(CfsSnapshot { life, size_mib, ..snapshot(id, "p") });
        }
        assert_eq!((table.latest_ms(&place), table.size(&place)), (20, 7));
        table.update(&place, "b", |object| object.size_mib = 5);
        table.delete(&place, "a");
        assert_eq!(table.size(&place), 5);
        // No later than that, if nothing as late is left.
        assert_eq!(table.latest_ms(&place), 20);
    }

    #[test]
    fn what_has_left_is_purged_and_written_as_removed() {
        let mut table = Table::default();
        let life = Life { expires_ms: Some(10), ..Life::default() };
        table.insert(CfsSnapshot { life, ..snapshot("s", "p") });
        table.take_writes().unwrap();
        table.purge(9);
        assert!(table.take_writes().unwrap().is_empty());
        table.purge(10);
        let writes = table.take_writes().unwrap();
        assert_eq!(writes, [("cfs-snapshot\u{0}1\u{0}r\u{0}s".to_owned(), None)]);
    }
}
