//! The attributes of an object or the elements of a map.

use std::sync::Arc;

use super::value::Value;

/// Values by name, in the order of the names.
///
/// They lie in one sorted list: a resource has a dozen attributes, for which a tree takes three times the memory and touches three
/// times as many places. Collect large numbers of them; [`Members::insert`] in between takes time in their number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members(Vec<(Arc<str>, Value)>);

/// Iterates over names and values.
pub type Iter<'a> = std::iter::Map<
    std::slice::Iter<'a, (Arc<str>, Value)>,
    fn(&'a (Arc<str>, Value)) -> (&'a Arc<str>, &'a Value),
>;

impl Members {
    /// Returns no members.
    pub const fn new() -> Members {
        Members(Vec::new())
    }

    /// Returns no members, with room for so many.
    pub fn with_capacity(members: usize) -> Members {
        Members(Vec::with_capacity(members))
    }

    /// Returns the number of members.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).ok().map(|at| &self.0[at].1)
    }

    /// Returns the value of a name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.place(name).ok().map(|at| &mut self.0[at].1)
    }

    /// Returns whether the name has a value.
    pub fn contains_key(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Gives a name a value and returns the one it had. Takes time in the number of members that come after the name.
    pub fn insert(&mut self, name: Arc<str>, value: Value) -> Option<Value> {
        if self.0.last().is_none_or(|(last, _)| *last < name) {
            self.0.push((name, value));
            return None;
        }
        match self.place(&name) {
            Ok(at) => Some(std::mem::replace(&mut self.0[at].1, value)),
            Err(at) => {
                self.0.insert(at, (name, value));
                None
            }
        }
    }

    /// Takes a name out and returns its value. Takes time in the number of members that come after the name.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.place(name).ok().map(|at| self.0.remove(at).1)
    }

    /// Keeps only some of the members.
    pub fn retain(&mut self, mut keep: impl FnMut(&Arc<str>, &Value) -> bool) {
        self.0.retain(|(name, value)| keep(name, value));
    }

    /// Returns names and values.
    pub fn iter(&self) -> Iter<'_> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// Returns names and values, to change the values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&Arc<str>, &mut Value)> {
        self.0.iter_mut().map(|(name, value)| (&*name, value))
    }

    /// Returns the names.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Arc<str>> + ExactSizeIterator {
        self.0.iter().map(|(name, _)| name)
    }

    /// Returns the values.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator {
        self.0.iter().map(|(_, value)| value)
    }

    /// Returns the values, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Returns the values alone.
    pub fn into_values(self) -> impl Iterator<Item = Value> {
        self.0.into_iter().map(|(_, value)| value)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(each, _)| (**each).cmp(name))
    }
}

impl FromIterator<(Arc<str>, Value)> for Members {
    /// Of several values of one name, the last one counts.
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Value)>>(members: I) -> Members {
        let mut list: Vec<(Arc<str>, Value)> = members.into_iter().collect();
        if !list.is_sorted_by(|(first, _), (second, _)| first < second) {
            list.sort_by(|(first, _), (second, _)| first.cmp(second));
            list.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
        Members(list)
    }
}

impl Extend<(Arc<str>, Value)> for Members {
    /// Of several values of one name, the last one counts.
    fn extend<I: IntoIterator<Item = (Arc<str>, Value)>>(&mut self, members: I) {
        *self = std::mem::take(self).into_iter().chain(members).collect();
    }
}

impl IntoIterator for Members {
    type Item = (Arc<str>, Value);
    type IntoIter = std::vec::IntoIter<(Arc<str>, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Members {
    type Item = (&'a Arc<str>, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn members_are_a_sorted_map(
            first in prop::collection::vec(("[a-d]{0,2}", any::<i64>()), 0..30),
            then in prop::collection::vec(("[a-d]{0,2}", prop::option::of(any::<i64>())), 0..30),
        ) {
            let pair = |(name, number): &(String, i64)| (Arc::from(name.as_str()), Value::from(*number));
            let mut members: Members = first.iter().map(pair).collect();
            let mut map: BTreeMap<Arc<str>, Value> = first.iter().map(pair).collect();
            for (name, number) in &then {
                let name: Arc<str> = name.as_str().into();
                prop_assert_eq!(members.get(&name), map.get(&name));
                match number.map(Value::from) {
                    Some(value) => prop_assert_eq!(members.insert(name.clone(), value.clone()), map.insert(name, value)),
                    None => prop_assert_eq!(members.remove(&name), map.remove(&name)),
                }
            }
            members.extend(first.iter().map(pair));
            map.extend(first.iter().map(pair));
            prop_assert!(members.iter().eq(map.iter()));
            prop_assert_eq!(members.len(), map.len());
        }
    }
}
