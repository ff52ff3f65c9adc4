//! The state during a run: what is recorded when, and when it is worth saving.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::missed;
use super::resolve::{Companion, Conclusion};
use super::statistics::Saves;
use super::store::{Store, StoreError};
use crate::lang::Value;
use crate::lang::address::Address;
use crate::plan::remembered::{self, Origin};
use crate::plan::{CheckObject, CheckResult, CheckStatus, ObjectName};
use crate::schema::ResourceType;
use crate::state::{Intent, Object, ObjectKey, Output, RawJson, ResourceKey, State};

/// A save may cost this part of the time that passes until the next one: a twentieth is the most that an apply of a
/// thousand objects may lose to its records.
const COST: u32 = 20;

/// The least time between two checkpoints of outcomes.
const PAUSE: Duration = Duration::from_secs(1);

/// The state of a run and its place.
pub(crate) struct Ledger<'a> {
    /// The state as it is now.
    pub state: State,
    store: &'a mut dyn Store,
    changed: bool,
    saved_at: Option<Instant>,
    cost: Duration,
    /// Objects that left the state because they are not shown.
    not_shown: Vec<(ObjectName, String, Object)>,
    /// What saving cost so far.
    pub saves: Saves,
    /// Why the last save failed.
    pub broken: Option<StoreError>,
    /// The intents of this run that are not settled.
    pub open: BTreeSet<String>,
}

/// An object's place in the state.
pub(crate) struct Entry<'a> {
    /// The instance.
    pub address: &'a Address,
    /// The provider configuration, as the state names it.
    pub provider: &'a str,
    /// The resource type.
    pub resource_type: &'a ResourceType,
}

impl<'a> Ledger<'a> {
    /// Returns the ledger of a run that begins.
    pub fn new(state: State, store: &'a mut dyn Store, changed: bool) -> Self {
        Self {
            state,
            store,
            changed,
            saved_at: Some(Instant::now()),
            cost: Duration::ZERO,
            not_shown: Vec::new(),
            saves: Saves::default(),
            broken: None,
            open: BTreeSet::new(),
        }
    }

    /// Makes the state durable; returns how long that took, or nothing when there was nothing to save.
    pub async fn save(&mut self, now: Timestamp) -> Result<Option<Duration>, StoreError> {
        if !self.changed {
            return Ok(None);
        }
        missed::remember(&mut self.state, std::mem::take(&mut self.not_shown), now);
        let begun = Instant::now();
        let result = self.store.save(&mut self.state).await;
        self.cost = begun.elapsed();
        self.saves.add(self.cost);
        self.saved_at = Some(Instant::now());
        match result {
            Ok(()) => {
                self.changed = false;
                self.broken = None;
                Ok(Some(self.cost))
            }
            Err(error) => {
                self.broken = Some(error.clone());
                Err(error)
            }
        }
    }

    /// Asks whether the place is still ours. After a failure nothing new is started.
    pub async fn check(&mut self) {
        if let Err(error) = self.store.check().await {
            self.broken = Some(error);
        }
    }

    /// Reads back what was saved last.
    pub async fn confirm(&mut self) {
        if self.broken.is_none()
            && let Err(error) = self.store.confirm().await
        {
            self.broken = Some(error);
        }
    }

    /// Returns what the last save took.
    pub fn cost(&self) -> Duration {
        self.cost
    }

    /// Returns when the state was saved last in this run, or the run began.
    pub fn saved_at(&self) -> Option<Instant> {
        self.saved_at
    }

    /// Returns when outcomes are to be saved, if there are any.
    pub fn next_checkpoint(&self) -> Option<Instant> {
        let last = self.saved_at?;
        (self.changed && self.broken.is_none()).then(|| last + PAUSE.max(self.cost * COST))
    }

    /// Writes down an intent, or its renewed form.
    pub fn intend(&mut self, intent: &Intent) {
        self.state.put_intent(intent);
        self.open.insert(intent.id.clone());
        self.changed = true;
    }

    /// Removes an intent whose outcome is recorded or that was not carried out.
    pub fn settle(&mut self, intent: &str) {
        self.open.remove(intent);
        if self.state.remove_intent(intent) {
            self.changed = true;
        }
    }

    /// Records the current object of an instance. What the provider keeps beside an object of the same id stays.
    pub fn put(
        &mut self,
        entry: &Entry<'_>,
        value: &Value,
        companion: Option<&Companion>,
        pending: bool,
        tainted: bool,
    ) {
        self.put_from(entry, value, companion, None, pending, tainted);
    }

    fn put_from(
        &mut self,
        entry: &Entry<'_>,
        value: &Value,
        companion: Option<&Companion>,
        origin: Option<&Origin>,
        pending: bool,
        tainted: bool,
    ) {
        let resource = ResourceKey::from(entry.address);
        let key = ObjectKey::from(entry.address);
        let id = value.get("id").and_then(Value::as_str);
        let mut object = self
            .state
            .object(&resource, &key)
            .filter(|object| object.id().as_deref() == id)
            .cloned()
            .unwrap_or_default();
        match origin {
            Some(origin) => {
                remembered::put_made(entry.resource_type, value, pending, origin, &mut object);
            }
            None => remembered::put_value(entry.resource_type, value, pending, &mut object),
        }
        if let Some(companion) = companion {
            object.dependencies.clone_from(&companion.dependencies);
            object.create_before_destroy = companion.create_before_destroy;
        }
        object.tainted = tainted;
        self.state.put_object(&resource, entry.provider, key, object);
        self.changed = true;
    }

    /// Records a new object of an instance; one of another id that stands there becomes deposed under `key`.
    pub fn put_new(
        &mut self,
        entry: &Entry<'_>,
        value: &Value,
        companion: &Companion,
        origin: Option<&Origin>,
        pending: bool,
        key: &str,
    ) {
        let resource = ResourceKey::from(entry.address);
        let current = ObjectKey::from(entry.address);
        let id = value.get("id").and_then(Value::as_str).map(str::to_owned);
        if self.state.object(&resource, &current).is_some_and(|object| object.id() != id)
            && let Some(prior) = self.state.remove_object(&resource, &current)
        {
            let deposed = ObjectKey { deposed: Some(key.to_owned()), ..current };
            self.state.put_object(&resource, entry.provider, deposed, prior);
        }
        self.put_from(entry, value, Some(companion), origin, pending, false);
    }

    /// Removes an object: the current one, or a deposed one by its key.
    pub fn remove(&mut self, address: &Address, deposed: Option<&str>) -> Option<Object> {
        let key = ObjectKey { deposed: deposed.map(str::to_owned), ..ObjectKey::from(address) };
        let removed = self.state.remove_object(&ResourceKey::from(address), &key);
        self.changed |= removed.is_some();
        removed
    }

    /// Removes an object that is taken for gone because it is not shown, and keeps it in mind.
    pub fn remove_not_shown(&mut self, address: &Address, deposed: Option<Arc<str>>, provider: &str) {
        if let Some(object) = self.remove(address, deposed.as_deref()) {
            let name = ObjectName { address: address.clone(), deposed };
            self.not_shown.push((name, provider.to_owned(), object));
        }
    }

    /// Records what beside its attributes is known of an object that does not change.
    pub fn accompany(&mut self, address: &Address, companion: &Companion) {
        let object = self.state.resources.get_mut(&ResourceKey::from(address));
        let Some(object) = object.and_then(|entry| entry.objects.get_mut(&ObjectKey::from(address))) else {
            return;
        };
        object.dependencies.clone_from(&companion.dependencies);
        object.create_before_destroy = companion.create_before_destroy;
        self.changed = true;
    }

    /// Records outputs and checks.
    pub fn conclude(&mut self, conclusion: &Conclusion) {
        let mut outputs: std::collections::BTreeMap<String, Output> = conclusion
            .outputs
            .iter()
            .map(|(name, output)| (name.to_string(), remembered::output_of(&output.value, output.sensitive)))
            .collect();
        for name in &conclusion.unknown {
            if let Some(kept) = self.state.outputs.get(&**name) {
                outputs.insert(name.to_string(), kept.clone());
            }
        }
        let checks = checks_json(&conclusion.checks);
        if outputs != self.state.outputs {
            self.state.outputs = outputs;
            self.changed = true;
        }
        if sorted_checks(&checks) != sorted_checks(&self.state.check_results) {
            self.state.check_results = checks;
            self.changed = true;
        }
    }
}

/// Returns the key under which the object before a replacement is deposed: eight hexadecimal digits that follow from the marker.
pub(crate) fn deposed_key(marker: Option<&str>, address: &Address) -> Arc<str> {
    let seed = format!("{}/{address}", marker.unwrap_or_default());
    let id = uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_OID, seed.as_bytes()).simple().to_string();
    id[..8].into()
}

/// Returns saved results in one order: Terraform writes them in another one each time, and that is no change.
fn sorted_checks(results: &RawJson) -> Option<serde_json::Value> {
    let by = |list: &mut Vec<serde_json::Value>, name: &str| {
        list.sort_by_cached_key(|item| {
            (item.get("object_kind").map(ToString::to_string), item.get(name).map(ToString::to_string))
        });
    };
    let mut results = results.to_value().ok()?;
    if let Some(list) = results.as_array_mut() {
        by(list, "config_addr");
        for objects in list.iter_mut().filter_map(|result| result.get_mut("objects")?.as_array_mut()) {
            by(objects, "object_addr");
        }
    }
    Some(results)
}

/// Returns the results of checks as Terraform saves them.
fn checks_json(checks: &[CheckResult]) -> RawJson {
    if checks.is_empty() {
        return RawJson::null();
    }
    let word = |status: CheckStatus| match status {
        CheckStatus::Pass => "pass",
        CheckStatus::Fail => "fail",
        CheckStatus::Error => "error",
        CheckStatus::Unknown => "unknown",
    };
    let text = |text: &str| RawJson::from_value(&serde_json::Value::String(text.to_owned()));
    let object = |object: &CheckObject| {
        let mut saved = format!(
            r#"{{"object_addr":{},"status":"{}""#,
            text(&object.address).as_str(),
            word(object.status)
        );
        if !object.problems.is_empty() {
            let problems: Vec<String> =
                object.problems.iter().map(|problem| text(problem).as_str().to_owned()).collect();
            saved.push_str(&format!(r#","failure_messages":[{}]"#, problems.join(",")));
        }
        saved.push('}');
        saved
    };
    let results: Vec<String> = checks
        .iter()
        .map(|check| {
            // Terraform says `output` in the state file and `output_value` in its JSON of plans.
            let kind = if check.kind == "output_value" { "output" } else { check.kind };
            let objects: Vec<String> = check.objects.iter().map(object).collect();
            let objects =
                if objects.is_empty() { "null".to_owned() } else { format!("[{}]", objects.join(",")) };
            format!(
                r#"{{"object_kind":"{kind}","config_addr":{},"status":"{}","objects":{objects}}}"#,
                text(&check.address).as_str(),
                word(check.status),
            )
        })
        .collect();
    RawJson::parse(&format!("[{}]", results.join(","))).unwrap_or_else(|_| RawJson::null())
}
