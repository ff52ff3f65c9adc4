//! Whether an object that a cloud shows under an id is the one that was asked for.
//!
//! An answer can be that of another call: of a proxy that mixes up connections, of a cache, of a broken service. So an id
//! alone proves nothing. It is the id of our object when it is new and the object that is read under it lies on the planned
//! parent and carries the declared name. Anything else is a lost answer.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::{kind_of, system_of};
use crate::cloud::{CloudError, ErrorClass, Object, short};
use crate::lang::Value;
use crate::lang::address::Address;
use crate::schema::ResourceType;
use crate::state::{ObjectKey, ResourceKey, State, intent::INTENT_TYPE};

/// Why an object is not the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Strange {
    /// It lies on another parent, or the cloud does not say on which: it is somebody else's.
    Parent(String),
    /// It lies on the planned parent and has another name.
    Name(String),
}

impl Strange {
    /// Returns what speaks against the object, in words.
    pub fn why(&self) -> &str {
        match self {
            Strange::Parent(why) | Strange::Name(why) => why,
        }
    }
}

/// Compares what was asked for with the object that is shown under the id that the cloud answered.
pub(crate) fn examine(
    resource_type: &ResourceType,
    declared: &Value,
    object: &Object,
) -> Result<(), Strange> {
    let kind = kind_of(resource_type.name);
    // An id that is made of parent and name says both itself.
    if kind.key.is_some() {
        return Ok(());
    }
    let (want, has) = (kind.parent_of(declared), kind.parent_of(&object.value));
    if has != want {
        let id = short(&object.id);
        return Err(Strange::Parent(if has.is_empty() {
            format!("the cloud does not say what {id} is a point of")
        } else {
            format!("{id} is a point of {}, not of {want}", short(&has))
        }));
    }
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    for name in kind.names {
        let Some(want) = text(declared, name).filter(|want| !want.is_empty()) else { continue };
        let has = text(&object.value, name).unwrap_or_default();
        if has != want {
            let (id, has) = (short(&object.id), short(&has));
            return Err(Strange::Name(format!("the {name} of {id} is {has:?}, not {want:?}")));
        }
    }
    Ok(())
}

/// Returns what speaks for another open create on the same parent: the object has the name that only the other one declares.
///
/// A create that leaves its name to the cloud would take any object on its parent for its own, so also that of a create whose
/// own answer was wrong.
pub(crate) fn rather(
    resource_type: &ResourceType,
    declared: &Value,
    other: &Value,
    object: &Object,
) -> Option<Strange> {
    let names = kind_of(resource_type.name).names;
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
    };
    if names.iter().any(|name| text(declared, name).is_some()) {
        return None;
    }
    let name = names.iter().find(|name| {
        let want = text(other, name);
        want.is_some() && want == text(&object.value, name)
    })?;
    let id = short(&object.id);
    Some(Strange::Name(format!("the {name} of {id} is the one that another open create declares")))
}

/// Returns an error when a cloud shows an object on another parent than it is remembered on, which cannot be: points do not move.
pub(crate) fn moved(resource_type: &ResourceType, remembered: &Value, object: &Object) -> Option<CloudError> {
    let kind = kind_of(resource_type.name);
    let (was, is) = (kind.parent_of(remembered), kind.parent_of(&object.value));
    if kind.key.is_some() || was.is_empty() || is.is_empty() || was == is {
        return None;
    }
    let message = format!(
        "the cloud shows {} as a point of {}, and it was made as a point of {was}. A point stays with what it is of, so this \
         answer is not about it, and nothing is concluded from it",
        short(&object.id),
        short(&is)
    );
    Some(CloudError::new(ErrorClass::Ambiguous, "", "", message).with_remedy(
        "Run it again once the cloud answers as it should; -accept-gone does not overrule this. If the address was bound to a \
         wrong object, take it out of the state with \"snapform state rm\", which leaves the object where it is.",
    ))
}

/// An object of the state that holds an id.
pub(crate) type Holder = (ResourceKey, ObjectKey);

/// Which objects of a state hold which ids.
#[derive(Debug, Default)]
pub(crate) struct Holders {
    by_id: BTreeMap<(String, String), Vec<Holder>>,
}

impl Holders {
    /// Reads a state.
    pub fn of(state: &State) -> Self {
        let mut by_id: BTreeMap<(String, String), Vec<Holder>> = BTreeMap::new();
        for (resource, _, key, object) in state.objects() {
            if resource.resource_type == INTENT_TYPE {
                continue;
            }
            if let Some(id) = object.id() {
                let system = system_of(&resource.resource_type).to_owned();
                by_id.entry((system, id)).or_default().push((resource.clone(), key.clone()));
            }
        }
        Self { by_id }
    }

    /// Returns the address of an object that holds an id, but for the ones that are left out.
    pub fn other(&self, type_name: &str, id: &str, but: impl Fn(&Holder) -> bool) -> Option<Address> {
        let holders = self.by_id.get(&(system_of(type_name).to_owned(), id.to_owned()))?;
        let (resource, key) = holders.iter().find(|holder| !but(holder))?;
        Some(resource.instance_address(key))
    }

    /// Returns the ids that more than one object holds.
    pub fn shared(&self) -> BTreeSet<(String, String)> {
        let shared = self.by_id.iter().filter(|(_, holders)| holders.len() > 1);
        shared.map(|(id, _)| id.clone()).collect()
    }

    /// Returns all ids, with the system that they are of.
    pub fn ids(&self) -> impl Iterator<Item = &(String, String)> {
        self.by_id.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::{cbs_type, cfs_type, ecs_type, object, planned, tcaplus_type};

    #[test]
    fn an_object_is_ours_on_the_planned_parent_with_the_declared_name() {
        let declared = planned(cbs_type(), "disk-1", Some("nightly"));
        let examine = |disk: &str, name| {
            examine(cbs_type(), &declared, &object(cbs_type(), "dbp-1", disk, name, "00:00:00"))
        };
        assert_eq!(examine("disk-1", Some("nightly")), Ok(()));
        let Err(Strange::Parent(why)) = examine("disk-77", Some("nightly")) else { panic!("another disk") };
        assert_eq!(why, "dbp-1 is a point of disk-77, not of disk-1");
        let Err(Strange::Name(why)) = examine("disk-1", Some("precious")) else { panic!("another name") };
        assert_eq!(why, "the disk_backup_name of dbp-1 is \"precious\", not \"nightly\"");
        assert!(matches!(examine("", Some("nightly")), Err(Strange::Parent(_))), "not said");
    }

    #[test]
    fn a_name_that_was_left_to_the_cloud_proves_nothing() {
        let declared = planned(cfs_type(), "cfs-1", None);
        let shown = object(cfs_type(), "snapcfs-1", "cfs-1", Some("default"), "00:00:00");
        assert_eq!(examine(cfs_type(), &declared, &shown), Ok(()));
    }

    #[test]
    fn a_name_that_another_open_create_declares_speaks_for_the_other_one() {
        let (unnamed, named) =
            (planned(cbs_type(), "disk-1", None), planned(cbs_type(), "disk-1", Some("n")));
        let shown = |name| object(cbs_type(), "dbp-1", "disk-1", Some(name), "00:00:00");
        assert!(matches!(rather(cbs_type(), &unnamed, &named, &shown("n")), Some(Strange::Name(_))));
        assert_eq!(rather(cbs_type(), &unnamed, &named, &shown("made-up")), None);
        assert_eq!(rather(cbs_type(), &named, &named, &shown("n")), None, "they are alike");
        assert_eq!(rather(cbs_type(), &unnamed, &unnamed, &shown("n")), None, "nobody declares it");
    }

    #[test]
    fn a_known_point_of_another_parent_is_an_error_and_an_imported_one_is_not() {
        let remembered = object(ecs_type(), "s-1", "d-1", None, "00:00:00").value;
        let shown = |disk| object(ecs_type(), "s-1", disk, None, "00:00:00");
        let error = moved(ecs_type(), &remembered, &shown("d-2")).expect("another disk");
        assert!(
            error.message.contains("s-1 as a point of d-2, and it was made as a point of d-1"),
            "{error}"
        );
        assert!(moved(ecs_type(), &remembered, &shown("d-1")).is_none());
        assert!(moved(ecs_type(), &Value::object::<&str>([]), &shown("d-2")).is_none());
        let table = planned(tcaplus_type(), "c:g:t", Some("p"));
        let other = object(tcaplus_type(), "c:g:u:p", "", None, "00:00:00");
        assert!(moved(tcaplus_type(), &table, &other).is_none());
    }
}
