//! Remembered objects against what the clouds have: moves, imports, drift.

use std::borrow::Cow;
use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::{Address, ConfigResource, Mode, ProviderAddress};
use crate::lang::hash::HashMap;
use crate::lang::{Kind, Value};
use crate::schema::{ProviderKind, unset};

use super::super::change::{Change, DependencyNote, ResourceChange};
use super::super::moves::{self, Move, MoveEnd};
use super::super::observed::{Condition, ObjectName, ObjectRead, Observed};
use super::super::options::PlanMode;
use super::super::prior::find_type;
use super::Walk;

/// So many objects of one type that vanish at once are more likely a wrong account than a coincidence.
const SUSPICIOUS: usize = 5;

impl Walk<'_> {
    /// Gives remembered objects the addresses that `moved` blocks say.
    pub(super) fn move_objects(&mut self) {
        let mut rules: Vec<Move> = self
            .input
            .config
            .modules()
            .into_iter()
            .flat_map(|module| {
                module.moved.iter().map(|moved| Move {
                    module: module.path.0.to_vec(),
                    from: end(&moved.from),
                    to: end(&moved.to),
                })
            })
            .collect();
        rules.extend(self.implied_moves(&rules));
        if !rules.is_empty() {
            self.moved = moves::apply(Arc::make_mut(&mut self.prior), &rules);
        }
        for (old, new) in &self.moved.blocked {
            self.found.push(Diagnostic::warning(
                "Unresolved resource instance address changes",
                format!(
                    "Snapform tried to adjust resource instance addresses in the prior state based on change information recorded in the configuration, but some adjustments did not succeed due to existing objects already at the intended addresses:\n  - {old} could not move to {new}\n\nSnapform has planned to destroy these objects. If Snapform's proposed changes aren't appropriate, you must first resolve the conflicts using the \"snapform state\" subcommands and then create a new plan."
                ),
            ));
        }
    }

    /// Asks for all remembered objects, or takes the answers.
    pub(super) fn refresh(&mut self) {
        if !self.input.options.refresh {
            return;
        }
        let observed = &self.input.observations.objects;
        let all = Arc::clone(&self.prior);
        let mut vanished: BTreeMap<Arc<str>, Vec<ObjectName>> = BTreeMap::new();
        let mut remembered: BTreeMap<Arc<str>, usize> = BTreeMap::new();
        for (name, prior) in &*all {
            let is_read = name.address.resource.mode == Mode::Managed && !self.is_builtin(&name.address);
            if !is_read || !self.is_in_scope(&name.address) {
                continue;
            }
            *remembered.entry(name.address.resource.type_name.clone()).or_default() += 1;
            let Some(Kind::String(id)) = prior.value.get("id").map(|id| &id.kind) else { continue };
            let original = self.original_name(name);
            match observed.get(&*original) {
                None => self.reads.objects.push(ObjectRead {
                    name: original.into_owned(),
                    provider: prior.provider.clone(),
                    type_name: name.address.resource.type_name.clone(),
                    id: id.clone(),
                    value: prior.value.clone(),
                    origin: prior.origin.clone(),
                }),
                Some(Observed::Unread(why)) => self.report(unread(id, why), Some(&name.address)),
                Some(Observed::Unclear(_)) if self.input.options.accept_gone => self.lost(name),
                Some(Observed::Unclear(why)) => self.report(unclear(id, why), Some(&name.address)),
                Some(Observed::Absent) => {
                    vanished.entry(name.address.resource.type_name.clone()).or_default().push(name.clone());
                }
                Some(Observed::Present { value, condition, .. }) => self.compare(name, value, condition),
            }
        }
        for (type_name, names) in vanished {
            if names.len() >= SUSPICIOUS
                && Some(&names.len()) == remembered.get(&type_name)
                && !self.input.options.accept_gone
            {
                self.found.push(all_vanished(&type_name, &names));
                continue;
            }
            for name in names {
                self.lost(&name);
                // What the user says is gone need not be looked for.
                if !self.input.options.accept_gone {
                    self.missed.push(name);
                }
            }
        }
    }

    pub(super) fn is_builtin(&self, address: &Address) -> bool {
        find_type(&address.resource).is_some_and(|known| known.provider == ProviderKind::Terraform)
    }

    /// Observations are kept under the address that the state has.
    fn original_name<'n>(&self, name: &'n ObjectName) -> Cow<'n, ObjectName> {
        match self.moved.previous.get(&name.address) {
            Some(address) => {
                Cow::Owned(ObjectName { address: address.clone(), deposed: name.deposed.clone() })
            }
            None => Cow::Borrowed(name),
        }
    }

    fn compare(&mut self, name: &ObjectName, value: &Value, condition: &Condition) {
        match condition {
            Condition::Leaving => return self.lost(name),
            Condition::Expired(date) => {
                let date = date.as_deref().map(|date| format!(" on {date}")).unwrap_or_default();
                self.found.push(
                    Diagnostic::warning(
                        "Recovery point has expired",
                        format!(
                            "The retention of {} ran out{date}, so the cloud no longer keeps it. It is planned as if it had been deleted.",
                            name.address
                        ),
                    )
                    .about(&name.address),
                );
                return self.lost(name);
            }
            Condition::Failed(word) => {
                if let Some(prior) = Arc::make_mut(&mut self.prior).get_mut(name) {
                    prior.tainted = true;
                    prior.failed = true;
                }
                let text = format!(
                    "The cloud reports \"{word}\" for {}: it never became usable. It is replaced, and the failed object is removed once a usable one exists.",
                    name.address
                );
                let warning = Diagnostic::warning("Recovery point failed", text).about(&name.address);
                self.found.push(warning);
            }
            Condition::Usable | Condition::Pending => {}
        }
        let Some(prior) = self.prior.get(name) else { return };
        let value = value.marked_like(&prior.value);
        if value == prior.value {
            return;
        }
        if let Some(prior) = Arc::make_mut(&mut self.prior).get_mut(name) {
            let before = std::mem::replace(&mut prior.value, value.clone());
            // Null read as empty is nothing that the state would have to be written for.
            if find_type(&name.address.resource)
                .is_some_and(|known| unset::as_read(known, before.clone()) == value)
            {
                return;
            }
            let provider = prior.provider.clone();
            let before = with_learned(&name.address, &before, &value);
            let change = observed_change(name, provider, Change::Update { before, after: value });
            match &change.change {
                Change::Update { before, after } if before == after => self.learned.push(change),
                _ => self.drift.push(change),
            }
        }
    }

    fn lost(&mut self, name: &ObjectName) {
        if let Some(prior) = Arc::make_mut(&mut self.prior).remove(name) {
            self.note_drift(name, prior.provider, Change::Delete { before: prior.value });
        }
    }

    /// Returns what the state is to note of the dependencies of declared objects.
    ///
    /// An object that stays as it is gets those of today's configuration. One that changes keeps the remembered ones beside
    /// them until its change is carried out, because its end still has to respect the old ones.
    pub(in crate::plan) fn dependency_notes(&self, changes: &[ResourceChange]) -> Vec<DependencyNote> {
        if self.input.options.mode == PlanMode::Destroy {
            return Vec::new();
        }
        // Where all is as it was, nobody asks.
        let changes: LazyCell<HashMap<&Address, &Change>, _> = LazyCell::new(|| {
            let current = changes.iter().filter(|change| change.deposed.is_none());
            current.map(|change| (&change.address, &change.change)).collect()
        });
        let mut notes = Vec::new();
        // Objects of one resource come one behind the other.
        let mut of_resource: Option<(&Address, Arc<[ConfigResource]>, bool)> = None;
        for (name, prior) in &*self.prior {
            let address = &name.address;
            let stays = name.deposed.is_none()
                && address.resource.mode == Mode::Managed
                && self.declared.contains(address)
                && self.is_in_scope(address);
            if !stays {
                continue;
            }
            let same = |other: &Address| other.module == address.module && other.resource == address.resource;
            let (_, declared, create_before_destroy) = match of_resource.take() {
                Some(known) if same(known.0) => of_resource.insert(known),
                _ => {
                    let config = address.config();
                    let declared = self.dependencies_of(&config.module, &config.resource);
                    of_resource.insert((address, declared, self.creates_first(&config)))
                }
            };
            let create_before_destroy = *create_before_destroy;
            if **declared == *prior.dependencies && create_before_destroy == prior.create_before_destroy {
                continue;
            }
            let unchanged = matches!(changes.get(address), Some(Change::NoOp { .. }));
            let dependencies: BTreeSet<&ConfigResource> = match (unchanged, self.input.options.refresh) {
                (true, _) => declared.iter().collect(),
                (false, true) => declared.iter().chain(&prior.dependencies).collect(),
                (false, false) => prior.dependencies.iter().collect(),
            };
            if dependencies.iter().copied().eq(&prior.dependencies)
                && create_before_destroy == prior.create_before_destroy
            {
                continue;
            }
            let mut dependencies: Vec<String> = dependencies.iter().map(ToString::to_string).collect();
            dependencies.sort();
            notes.push(DependencyNote { address: address.clone(), dependencies, create_before_destroy });
        }
        notes
    }

    fn note_drift(&mut self, name: &ObjectName, provider: ProviderAddress, change: Change) {
        self.drift.push(observed_change(name, provider, change));
    }
}

fn observed_change(name: &ObjectName, provider: ProviderAddress, change: Change) -> ResourceChange {
    ResourceChange {
        address: name.address.clone(),
        previous_address: None,
        deposed: name.deposed.clone(),
        provider,
        change,
        reason: None,
        replace_paths: Vec::new(),
        importing: None,
        generated_config: None,
        marker: None,
    }
}

/// Returns a remembered object with what snapform alone knows of it, where that is missing: Terraform drops it when it writes the
/// state, and learning it again is no change of the object. Nor is null become "" or `{}`: Terraform saves a new object with null,
/// and each refresh reads it as empty.
fn with_learned(address: &Address, remembered: &Value, now: &Value) -> Value {
    let (Some(known), Kind::Object(members)) = (find_type(&address.resource), &remembered.kind) else {
        return remembered.clone();
    };
    let mut members = (**members).clone();
    let empty = unset::as_read(known, remembered.clone());
    for attribute in &known.block.attributes {
        let missing = members.get(attribute.name).is_none_or(Value::is_null);
        let learned = |now: &&Value| attribute.ours_only || empty.get(attribute.name) == Some(*now);
        if let Some(now) = now.get(attribute.name).filter(|_| missing).filter(learned) {
            members.insert(attribute.key.clone(), now.clone());
        }
    }
    Value { kind: Kind::Object(Arc::new(members)), marks: remembered.marks }
}

pub(in crate::plan) fn end(target: &crate::config::address::Target) -> MoveEnd {
    let steps = target.module.0.to_vec();
    match &target.resource {
        Some((resource, key)) => MoveEnd::Resource(steps, resource.clone(), key.clone()),
        None => MoveEnd::Module(steps),
    }
}

pub(in crate::plan) fn unread(id: &str, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Failed to read a recovery point",
        format!("The object {id} could not be read, so nothing is concluded about it and nothing is changed.\n\n{why}"),
    )
    .into()
}

fn unclear(id: &str, why: &str) -> Diagnostics {
    Diagnostic::error(
        "Recovery point is not shown, and may still be there",
        format!("The cloud does not show the object {id} any more, and that alone does not say that it is gone, so nothing is changed. {why}\n\nCheck whether the credentials may read all recovery points and their parents. If the object really is gone, say so with -accept-gone."),
    )
    .into()
}

fn all_vanished(type_name: &str, names: &[ObjectName]) -> Diagnostic {
    let first: Vec<String> = names.iter().take(3).map(|name| format!("  - {}", name.address)).collect();
    Diagnostic::error(
        "All recovery points of a type are gone",
        format!(
            "All {} remembered objects of {type_name} are missing in the cloud, among them:\n{}\n\nThat is more often a wrong account, region or permission than the truth, so nothing was changed. Check the credentials and the region of the provider. If the objects really are gone, say so with -accept-gone.",
            names.len(),
            first.join("\n")
        ),
    )
}
