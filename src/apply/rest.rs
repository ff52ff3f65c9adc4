//! What a create could not carry: tags beyond the number that its call takes.
//!
//! The object is in the state with its id by then, so a run that dies here loses nothing: the next plan shows the missing tags.

use std::sync::Arc;

use super::event::Action;
use super::executor::Executor;
use super::operation::{self, Target};
use crate::cloud::Object;
use crate::lang::{Kind, Members, Value};
use crate::plan::remembered::Origin;
use crate::schema::tags;

impl Executor<'_> {
    /// Sends what is missing of an object that is usable now; tells whether something is.
    pub(super) fn send_rest(&mut self, step: usize, object: &Object) -> bool {
        let Some(work) = self.work.get(&step) else { return false };
        if work.action != Action::Create || tags::most_at_create(work.resource_type.name).is_none() {
            return false;
        }
        let Some(planned) = work.planned.as_ref().and_then(|planned| whole(planned, &object.value)) else {
            return false;
        };
        let (lane, resource_type) = (work.lane.clone(), work.resource_type);
        self.with_entry(step, |ledger, entry, work| {
            ledger.put(entry, &object.value, Some(&work.companion), false, false);
        });
        let target = Target {
            step,
            id: object.id.clone(),
            before: object.value.clone(),
            planned: Some(planned),
            origin: Origin::default(),
            until: None,
        };
        let guard = self.guard();
        let call = operation::change(self.clouds.clone(), lane.provider, resource_type, vec![target], guard);
        self.spawn(vec![step], None, call);
        true
    }
}

/// Returns an object with the tags that were planned and that it lacks; nothing when it has them all.
fn whole(planned: &Value, object: &Value) -> Option<Value> {
    let wanted = planned.get(tags::ATTRIBUTE)?.unmarked_deep();
    let has = object.get(tags::ATTRIBUTE)?;
    let mut all = has.members().cloned().unwrap_or_else(Members::new);
    let before = all.len();
    for (key, value) in wanted.members()? {
        if !all.contains_key(key) {
            all.insert(key.clone(), value.clone());
        }
    }
    if all.len() == before {
        return None;
    }
    let Kind::Object(members) = &object.kind else { return None };
    let mut members = (**members).clone();
    let tags = Kind::Map(crate::lang::Type::String, Arc::new(all));
    members.insert(tags::ATTRIBUTE.into(), tags.into());
    Some(Kind::Object(Arc::new(members)).into())
}
