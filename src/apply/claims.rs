//! Which ids are spoken for during a run, so that an answer with one of them is not taken for that of a new object.

use std::collections::BTreeSet;

use super::kind::{kind_of, system_of};
use super::proof::Holders;
use crate::state::{Intent, State};

/// Ids by the system that they are of.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// What addresses held when the run began, and what was answered since.
    taken: BTreeSet<(String, String)>,
    /// What more than one address holds.
    shared: BTreeSet<(String, String)>,
}

impl Claims {
    /// Returns the claims of the addresses of a state.
    pub fn of(state: &State) -> Self {
        let holders = Holders::of(state);
        Self { taken: holders.ids().cloned().collect(), shared: holders.shared() }
    }

    /// Tells whether more than one address holds an id.
    pub fn is_shared(&self, type_name: &str, id: &str) -> bool {
        !self.shared.is_empty() && self.shared.contains(&(system_of(type_name).to_owned(), id.to_owned()))
    }

    /// Notes the id of an object that was found for a create without an answer: a later answer with it is not about a new one.
    pub fn note(&mut self, type_name: &str, id: &str) {
        self.taken.insert((system_of(type_name).to_owned(), id.to_owned()));
    }

    /// Takes the id that a create was answered; says in words why it cannot be that of a new object.
    pub fn take(&mut self, intent: &Intent, id: &str) -> Result<(), &'static str> {
        // Where the id is made of arguments, the plan sees to it that no two objects have it.
        if kind_of(&intent.resource_type).key.is_some() {
            return Ok(());
        }
        if intent.existing.iter().any(|existing| existing == id) {
            return Err("an object that was there before the create was sent");
        }
        let taken = self.taken.insert((system_of(&intent.resource_type).to_owned(), id.to_owned()));
        taken
            .then_some(())
            .ok_or("an object that belongs to another address or to another create of this run")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::apply::testing::{cbs_type, ecs_type, open_create};
    use crate::state::{Object, ObjectKey, RawJson, ResourceKey};

    #[test]
    fn an_answered_id_is_new_once() {
        let mut state = State::default();
        let object = Object { attributes: RawJson::parse(r#"{"id":"s-1"}"#).ok(), ..Object::default() };
        let address = crate::apply::testing::address("alicloud_snapshot", "a");
        state.put_object(&ResourceKey::from(&address), "p", ObjectKey::from(&address), object);
        let mut claims = Claims::of(&state);
        let mut intent = open_create("i", ecs_type(), "d-1", Some("n"), "18:00:00").intent;
        intent.existing = vec!["s-2".to_owned()];
        assert!(claims.take(&intent, "s-1").is_err(), "the old name of the type is of the same objects");
        assert!(claims.take(&intent, "s-2").is_err(), "it was there before");
        assert_eq!(claims.take(&intent, "s-3"), Ok(()));
        assert!(claims.take(&intent, "s-3").is_err(), "answered before");
        claims.note("alicloud_snapshot", "s-4");
        assert!(claims.take(&intent, "s-4").is_err(), "found for another create");
        let other = open_create("i", cbs_type(), "disk-1", Some("n"), "18:00:00").intent;
        assert_eq!(claims.take(&other, "s-3"), Ok(()), "of another service");
    }
}
