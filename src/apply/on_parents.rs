//! What lies on the parents of creates, found by id and by parent: many creates ask about many objects.

use crate::cloud::Object;
use crate::lang::hash::HashMap;

use super::kind::Kind;

/// The listed objects of one type.
pub(super) struct OnParents<'a> {
    by_id: HashMap<&'a str, &'a Object>,
    by_parent: HashMap<String, Vec<&'a Object>>,
}

impl<'a> OnParents<'a> {
    /// Sorts what was listed.
    pub fn of(kind: &Kind, objects: &'a [Object]) -> Self {
        let mut by_id = HashMap::default();
        let mut by_parent: HashMap<String, Vec<&Object>> = HashMap::default();
        for object in objects {
            by_id.entry(&*object.id).or_insert(object);
            by_parent.entry(kind.parent_of(&object.value)).or_default().push(object);
        }
        Self { by_id, by_parent }
    }

    /// Returns the object with an id.
    pub fn object(&self, id: &str) -> Option<&'a Object> {
        self.by_id.get(id).copied()
    }

    /// Returns the ids of what lies on a parent, as it was listed.
    pub fn ids_on(&self, parent: &str) -> Vec<String> {
        self.by_parent.get(parent).into_iter().flatten().map(|object| object.id.to_string()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::kind::kind_of;
    use super::*;
    use crate::cloud::Life;
    use crate::lang::Value;

    #[test]
    fn objects_are_found_by_id_and_by_parent() {
        let object = |id: &str, disk: &str| Object {
            id: id.into(),
            value: Value::object([("disk_id", Value::string(disk))]),
            life: Life::Usable,
            created_at: None,
        };
        let objects = [object("s-2", "d-1"), object("s-1", "d-1"), object("s-3", "d-2")];
        let found = OnParents::of(kind_of("alicloud_ecs_snapshot"), &objects);
        assert_eq!(found.ids_on("d-1"), ["s-2", "s-1"]);
        assert_eq!(found.ids_on("d-3"), [""; 0]);
        assert_eq!(found.object("s-3").map(|object| &*object.id), Some("s-3"));
        assert!(found.object("s-4").is_none());
    }
}
