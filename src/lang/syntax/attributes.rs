//! The attributes of a body, by name and in the order of the source.
//!
//! Most bodies have a handful, which are looked through faster than they are hashed; large ones (`locals`, files of values)
//! get an index.

use std::fmt;
use std::sync::Arc;

use super::super::hash::HashMap;
use super::body::Attribute;

/// More attributes than these are found by an index.
const FEW: usize = 16;

/// Attributes with different names, in the order in which they were added.
#[derive(Clone, Default)]
pub struct Attributes {
    all: Vec<Attribute>,
    /// The positions by name, once there are many.
    index: HashMap<Arc<str>, usize>,
}

impl Attributes {
    fn position(&self, name: &str) -> Option<usize> {
        if self.all.len() > FEW {
            return self.index.get(name).copied();
        }
        self.all.iter().position(|attribute| *attribute.name == *name)
    }

    /// Returns an attribute by name.
    pub fn get(&self, name: &str) -> Option<&Attribute> {
        self.position(name).map(|at| &self.all[at])
    }

    /// Tells whether there is an attribute of a name.
    pub fn contains_key(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Adds an attribute; it takes the place of one of the same name.
    pub fn insert(&mut self, attribute: Attribute) {
        if let Some(at) = self.position(&attribute.name) {
            self.all[at] = attribute;
            return;
        }
        if self.all.is_empty() {
            // Very many bodies have one.
            self.all.reserve_exact(1);
        }
        self.all.push(attribute);
        let count = self.all.len();
        if count == FEW + 1 {
            let positions = self.all.iter().enumerate();
            self.index = positions.map(|(at, attribute)| (attribute.name.clone(), at)).collect();
        } else if count > FEW {
            self.index.insert(self.all[count - 1].name.clone(), count - 1);
        }
    }

    /// Returns the attributes in their order.
    pub fn values(&self) -> std::slice::Iter<'_, Attribute> {
        self.all.iter()
    }

    /// Returns the names in their order.
    pub fn keys(&self) -> impl Iterator<Item = &Arc<str>> {
        self.all.iter().map(|attribute| &attribute.name)
    }

    /// Returns names and attributes in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Attribute)> {
        self.all.iter().map(|attribute| (&attribute.name, attribute))
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all.fmt(f)
    }
}

impl Extend<Attribute> for Attributes {
    fn extend<T: IntoIterator<Item = Attribute>>(&mut self, more: T) {
        more.into_iter().for_each(|attribute| self.insert(attribute));
    }
}

/// Attributes are equal when the same names have the same expressions, in whatever order.
impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        self.all.len() == other.all.len()
            && self.all.iter().all(|attribute| other.get(&attribute.name) == Some(attribute))
    }
}

impl std::ops::Index<&str> for Attributes {
    type Output = Attribute;

    fn index(&self, name: &str) -> &Attribute {
        self.get(name).unwrap_or_else(|| panic!("no attribute named {name:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{SourceId, SourceRange};
    use crate::lang::syntax::{Expression, Node};

    fn attribute(name: &str, truth: bool) -> Attribute {
        let range = SourceRange::new(SourceId(0), 0, 0);
        let expression = Expression { node: Node::Bool(truth), range };
        Attribute { name: name.into(), name_range: range, expression, range }
    }

    #[test]
    fn few_and_many_are_found_and_keep_their_order() {
        let mut attributes = Attributes::default();
        for at in 0..3 * FEW {
            attributes.insert(attribute(&format!("a{at}"), false));
            for known in 0..3 * FEW {
                assert_eq!(attributes.contains_key(&format!("a{known}")), known <= at);
            }
        }
        attributes.insert(attribute("a1", true));
        assert_eq!(attributes.get("a1").map(|found| &found.expression.node), Some(&Node::Bool(true)));
        assert_eq!(attributes.keys().map(|name| &**name).nth(1), Some("a1"));
        assert_eq!(attributes.values().count(), 3 * FEW);
    }
}
