//! Declared resources: their instances, the configuration of each, and the decision.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{IgnoreChanges, ResourceBlock};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lang::address::{
    Address, InstanceKey, Mode, ModuleInstance, ModulePath, ProviderAddress, Resource, ResourceAddress,
};
use crate::lang::reference::references;
use crate::lang::{Path, Root, Type, Value};
use crate::schema::decode::BeyondLimit;
use crate::schema::shape::Resolve;
use crate::schema::{ResourceType, decode, unset};

use super::super::change::{Change, CheckStatus, ReplaceOrder, ResourceChange};
use super::super::instance::{self, Declared};
use super::super::limits;
use super::super::observed::ObjectName;
use super::super::options::PlanMode;
use super::super::prior::find_type;
use super::super::proposed;
use super::super::refused;
use super::super::world::{Expansion, Repetition};
use super::conditions::Verdict;
use super::{Purpose, Walk};

impl Walk<'_> {
    pub(super) fn visit_resource(&mut self, at: usize, path: &ModulePath, resource: &Resource) {
        let Some(block) = self.module_of(path).and_then(|module| module.resources.get(resource)) else {
            return;
        };
        let waits = self.purpose == Purpose::Plan
            && resource.mode == Mode::Data
            && self.waits_for_changes(at, block, path);
        for (module, expansion) in self.expansions_of(path, block.count.as_ref(), block.for_each.as_ref()) {
            let planning = self.purpose == Purpose::Plan;
            let expansion = match expansion {
                Some(expansion) => expansion,
                None if planning => continue,
                None => Expansion::Unknown,
            };
            if planning && !self.evaluate_imports(&module, block) {
                continue;
            }
            self.expansions.insert(resource.in_module(&module), expansion.clone());
            let repetitions = expansion.repetitions();
            let mut objects = Vec::with_capacity(repetitions.len());
            for repetition in repetitions {
                let address = resource.in_module(&module).instance(repetition.key.clone());
                let value = self.visit_instance(at, block, &address, &repetition, waits);
                if let Some(value) = value {
                    objects.push((repetition.key, value));
                }
            }
            let refreshes = planning && self.input.options.mode == PlanMode::RefreshOnly;
            let value = match self.purpose {
                Purpose::Plan
                    if refreshes && resource.mode == Mode::Managed && find_type(resource).is_some() =>
                {
                    self.remembered_value(&resource.in_module(&module), &expansion, objects)
                }
                Purpose::Validate if !matches!(expansion, Expansion::Single) => Value::unknown(Type::Dynamic),
                _ => expansion.aggregate(objects),
            };
            self.world.module_mut(&module).resources.insert(resource.clone(), value);
        }
    }

    /// A refresh makes and ends nothing: the value of a resource has the instances that exist, declared or not.
    fn remembered_value(
        &self,
        resource: &ResourceAddress,
        expansion: &Expansion,
        declared: Vec<(Option<InstanceKey>, Value)>,
    ) -> Value {
        let exists = |key: &Option<InstanceKey>| {
            let name = ObjectName { address: resource.instance(key.clone()), deposed: None };
            self.prior.contains_key(&name)
        };
        let names = self.objects_of(resource).into_iter().filter(|name| name.deposed.is_none());
        let all = names.filter_map(|name| {
            self.prior.get(&name).map(|prior| (name.address.key.clone(), prior.value.clone()))
        });
        match expansion {
            Expansion::ForEach(_) => {
                let objects: Vec<_> =
                    all.filter(|(key, _)| matches!(key, Some(InstanceKey::Key(_)))).collect();
                let keys = objects.iter().filter_map(|(key, value)| match key {
                    Some(InstanceKey::Key(key)) => Some((key.clone(), value.clone())),
                    _ => None,
                });
                Expansion::ForEach(keys.collect()).aggregate(objects)
            }
            Expansion::Count(_) => {
                let indexed: BTreeMap<_, _> =
                    all.filter(|(key, _)| matches!(key, Some(InstanceKey::Index(_)))).collect();
                let last = indexed.keys().rev().find_map(|key| match key {
                    Some(InstanceKey::Index(index)) => Some(*index),
                    _ => None,
                });
                let count = last.map_or(0, |last| last + 1);
                let unmade = declared.into_iter().filter(|(key, _)| !exists(key));
                let mut objects: BTreeMap<_, _> = unmade.collect();
                objects.retain(|key, _| matches!(key, Some(InstanceKey::Index(index)) if *index < count));
                objects.extend(indexed);
                Expansion::Count(count).aggregate(objects)
            }
            Expansion::Single | Expansion::Unknown => expansion.aggregate(declared),
        }
    }

    /// Returns the provider configuration of an instance.
    pub(in crate::plan) fn provider_of(&self, address: &Address, block: &ResourceBlock) -> ProviderAddress {
        match self.module_of(&address.module.path()) {
            Some(module) => self.input.config.provider_of(module, block),
            None => self.input.config.provider(&self.input.config.root, &block.provider),
        }
    }

    /// Returns the value that other expressions see of an instance.
    fn visit_instance(
        &mut self,
        at: usize,
        block: &ResourceBlock,
        address: &Address,
        repetition: &Repetition,
        waits: bool,
    ) -> Option<Value> {
        if self.purpose == Purpose::Plan && !self.is_in_scope(address) {
            let name = ObjectName { address: address.clone(), deposed: None };
            self.declared.insert(address.clone());
            let lifecycle = &block.lifecycle;
            if !(lifecycle.preconditions.is_empty() && lifecycle.postconditions.is_empty()) {
                let open = Verdict { status: CheckStatus::Unknown, problem: None };
                self.begin_check("resource", &address.config().to_string(), &address.to_string(), vec![open]);
            }
            return self.prior.get(&name).map(|prior| prior.value.clone());
        }
        self.declared.insert(address.clone());
        let Some(resource_type) = find_type(&address.resource) else {
            return Some(self.foreign_instance(block, address));
        };
        let nested = self.found.len();
        let lifecycle = &block.lifecycle;
        let has_conditions = !(lifecycle.preconditions.is_empty() && lifecycle.postconditions.is_empty());
        if self.only_refreshes(address) {
            return Some(self.refreshed_instance(resource_type, address, repetition));
        }
        if has_conditions && self.purpose == Purpose::Plan && !self.check_preconditions(address, repetition) {
            return Some(Value::unknown(resource_type.object_type()));
        }
        let decoded = self.with_scope(&address.module, repetition, None, |scope| {
            decode::decode_resource(&block.arguments, resource_type, scope)
        });
        // What could not be evaluated is not planned: half a configuration would look like a change.
        let whole = self.purpose != Purpose::Plan || !decoded.found.has_errors();
        self.report(decoded.found, Some(address));
        let mut beyond = decoded.beyond;
        if address.resource.mode == Mode::Data {
            let errors = std::mem::take(&mut beyond).into_iter().map(|beyond| beyond.error);
            self.report(errors.collect(), Some(address));
        }
        if self.purpose == Purpose::Validate {
            self.beyond_limits.extend(beyond.drain(..).map(|beyond| beyond.error));
        }
        let unknown = Value::unknown(resource_type.object_type());
        let value = match decoded.object {
            Some(config) if self.purpose != Purpose::Validate && whole => {
                let value = match address.resource.mode {
                    Mode::Data => self.visit_data(at, block, resource_type, address, &config, waits),
                    // The planned object keeps null; whoever refers to it sees what a refresh will show.
                    Mode::Managed => {
                        let planned = self.visit_managed(at, block, resource_type, address, &config, beyond);
                        unset::as_read(resource_type, planned)
                    }
                };
                if has_conditions {
                    self.check_postconditions(address, repetition, &value);
                }
                value
            }
            _ => unknown,
        };
        if block.check.is_some() && self.purpose != Purpose::Validate {
            self.soften(nested, address, block);
        }
        Some(value)
    }

    /// Tells whether an instance is only looked at: its arguments, which nothing is compared with, are not evaluated then.
    fn only_refreshes(&self, address: &Address) -> bool {
        self.purpose == Purpose::Plan
            && self.input.options.mode == PlanMode::RefreshOnly
            && address.resource.mode == Mode::Managed
            && !self.imports.contains_key(address)
    }

    /// Returns the value of an instance that is only looked at, and evaluates its conditions.
    fn refreshed_instance(
        &mut self,
        resource_type: &ResourceType,
        address: &Address,
        repetition: &Repetition,
    ) -> Value {
        self.check_preconditions(address, repetition);
        let name = ObjectName { address: address.clone(), deposed: None };
        let known = self.prior.get(&name).map(|prior| prior.value.clone());
        if known.is_none() && address.key.is_some() && self.miss_self(address) {
            return Value::unknown(resource_type.object_type());
        }
        let value = known.unwrap_or_else(|| Value::unknown(resource_type.object_type()));
        self.check_postconditions(address, repetition, &value);
        value
    }

    /// An instance that does not exist is no member of its resource while nothing makes it, so conditions of `self` have nothing
    /// to look at. Tells whether there are such conditions.
    fn miss_self(&mut self, address: &Address) -> bool {
        let Some(block) = self.block_of(address) else { return false };
        let mut verdicts = Vec::new();
        for rule in &block.lifecycle.postconditions {
            let references = references(&rule.condition).0;
            if references.iter().any(|reference| reference.root == Root::SelfObject) {
                let detail = "The given key does not identify an element in this collection value.";
                self.found.push(Diagnostic::error("Invalid index", detail).at(rule.condition.range));
                verdicts.push(Verdict { status: CheckStatus::Error, problem: None });
            }
        }
        let misses = !verdicts.is_empty();
        if misses {
            self.extend_check("resource", &address.config().to_string(), &address.to_string(), verdicts);
        }
        misses
    }

    /// What goes wrong with the data source of a check is a warning, like the check's own failure.
    /// The check fails with it, and its assertions, which are about what was not read, are not asked.
    fn soften(&mut self, from: usize, address: &Address, block: &ResourceBlock) {
        let found = std::mem::take(&mut self.found);
        let mut problems = Vec::new();
        self.found.extend(found.into_iter().enumerate().map(|(at, mut diagnostic)| {
            if at >= from && diagnostic.severity == Severity::Error {
                problems.push(format!("{}: {}", diagnostic.summary, diagnostic.detail));
                diagnostic.severity = Severity::Warning;
            }
            diagnostic
        }));
        if let Some(check) = block.check.as_ref().filter(|_| !problems.is_empty()) {
            self.unread_checks.entry((address.module.clone(), check.clone())).or_default().extend(problems);
        }
    }

    /// Evaluates the preconditions of an instance; tells whether none of them fails.
    pub(in crate::plan) fn check_preconditions(
        &mut self,
        address: &Address,
        repetition: &Repetition,
    ) -> bool {
        let Some(block) = self.block_of(address) else { return true };
        if block.lifecycle.preconditions.is_empty() && block.lifecycle.postconditions.is_empty() {
            return true;
        }
        let module = &address.module;
        let verdicts: Vec<_> = block
            .lifecycle
            .preconditions
            .iter()
            .map(|rule| self.condition(rule, module, repetition, None, PRECONDITION_FAILED))
            .collect();
        let holds = !verdicts.iter().any(|verdict| verdict.failed());
        self.begin_check("resource", &address.config().to_string(), &address.to_string(), verdicts);
        holds
    }

    /// Evaluates the postconditions of an instance.
    pub(in crate::plan) fn check_postconditions(
        &mut self,
        address: &Address,
        repetition: &Repetition,
        value: &Value,
    ) {
        let Some(block) = self.block_of(address) else { return };
        if block.lifecycle.postconditions.is_empty() {
            return;
        }
        let object = Some(value);
        let module = &address.module;
        let verdicts: Vec<_> = block
            .lifecycle
            .postconditions
            .iter()
            .map(|rule| self.condition(rule, module, repetition, object, POSTCONDITION_FAILED))
            .collect();
        self.extend_check("resource", &address.config().to_string(), &address.to_string(), verdicts);
    }

    /// Returns the configuration with the ignored paths taken from the object as it is.
    pub(in crate::plan) fn with_ignored(&self, address: &Address, config: &Value, before: &Value) -> Value {
        let Some(block) = self.block_of(address) else { return config.clone() };
        match &block.lifecycle.ignore_changes {
            IgnoreChanges::All => before.clone(),
            IgnoreChanges::Paths(paths) => proposed::ignore_changes(config, before, paths),
        }
    }

    /// A resource that is not ours: as the state remembers it.
    fn foreign_instance(&mut self, block: &ResourceBlock, address: &Address) -> Value {
        if self.purpose == Purpose::Validate {
            return Value::unknown(Type::Dynamic);
        }
        let name = ObjectName { address: address.clone(), deposed: None };
        if let Some(value) = self.foreign.get(&name) {
            return value.clone();
        }
        let detail = format!(
            "{address} is not a recovery point: snapform reads what the state remembers of such resources, and never creates, changes or destroys them. The state has nothing of it yet. Create it with Terraform first, or take the block out."
        );
        let error = Diagnostic::error("Foreign resource without state", detail);
        self.found.push(error.at(block.declaration).about(address));
        Value::unknown(Type::Dynamic)
    }

    /// Resources that are left out are seen as the state remembers them.
    pub(super) fn value_from_prior(&mut self, module: &ModuleInstance, resource: &Resource) {
        let address = resource.in_module(module);
        let block = self.module_of(&module.path()).and_then(|module| module.resources.get(resource));
        let objects: Vec<(Option<InstanceKey>, Value)> = self
            .objects_of(&address)
            .into_iter()
            .filter(|name| name.deposed.is_none())
            .filter_map(|name| {
                self.prior.get(&name).map(|prior| (name.address.key.clone(), prior.value.clone()))
            })
            .collect();
        self.declared.extend(objects.iter().map(|(key, _)| address.instance(key.clone())));
        let expansion = match block {
            Some(block) if block.count.is_some() => Expansion::Count(objects.len() as u64),
            Some(block) if block.for_each.is_some() => Expansion::ForEach(Default::default()),
            _ => Expansion::Single,
        };
        let value = expansion.aggregate(objects);
        self.world.module_mut(module).resources.insert(resource.clone(), value);
    }

    fn visit_managed(
        &mut self,
        at: usize,
        block: &ResourceBlock,
        resource_type: &ResourceType,
        address: &Address,
        config: &Value,
        beyond: Vec<BeyondLimit>,
    ) -> Value {
        let name = ObjectName { address: address.clone(), deposed: None };
        let provider = &self.provider_of(address, block);
        let before = self.found.len();
        let imported = self.imported(address, provider);
        if self.found.len() > before {
            return Value::unknown(resource_type.object_type());
        }
        // What the decision needs of it, since this walk goes on changing.
        let prior = match &imported {
            Some((_, prior)) => Some(prior),
            None => self.prior.get(&name),
        };
        let prior = prior.map(|prior| (prior.value.clone(), prior.tainted, prior.failed));
        let triggered = !block.lifecycle.replace_triggered_by.is_empty() && {
            let repetition = self.repetition_of(address);
            self.is_triggered(block, address, &repetition)
        };
        let (ignored, ignore_all) = match &block.lifecycle.ignore_changes {
            IgnoreChanges::All => (&[] as &[Path], true),
            IgnoreChanges::Paths(paths) => (paths.as_slice(), false),
        };
        let failed = prior.as_ref().is_some_and(|(_, _, failed)| *failed);
        let order = match self.create_first.contains(&address.config()) {
            true => ReplaceOrder::CreateFirst,
            false if failed && self.may_stand_beside(at, resource_type) => ReplaceOrder::CreateFirst,
            false => ReplaceOrder::DeleteFirst,
        };
        let mut change = instance::decide(&Declared {
            address,
            resource_type,
            provider,
            current: prior.as_ref().map(|(value, ..)| value),
            tainted: prior.as_ref().is_some_and(|(_, tainted, _)| *tainted),
            config,
            ignored,
            ignore_all,
            replace_requested: self.input.options.replace.contains(address),
            replace_triggered: triggered,
            order,
        });
        if self.input.options.mode == PlanMode::RefreshOnly {
            return prior.map_or_else(|| Value::unknown(resource_type.object_type()), |(value, ..)| value);
        }
        // What is not read yet may turn out not to change.
        let is_new = prior.is_none() && !self.imports.contains_key(address);
        if self.input.options.mode == PlanMode::Normal && (is_new || self.reads.objects.is_empty()) {
            let beyond = beyond.into_iter().filter(|beyond| limits::concerns(beyond, &change.change, config));
            self.beyond_limits.extend(beyond.map(|beyond| beyond.error.about(address)));
        }
        change.importing = imported.map(|(id, _)| id);
        if address.module.is_root() && self.input.options.generated.contains(&address.resource) {
            change.generated_config = Some(self.input.sources.slice(block.range).to_owned());
        }
        change.previous_address = self.moved.previous.get(address).cloned();
        if matches!(change.change, Change::Create { .. } | Change::Replace { .. }) {
            change.marker = Some(self.marker(address));
        }
        self.refuse_prevented(block, &change);
        self.refuse_impossible(block, resource_type, &change);
        let after = change.change.after().cloned();
        self.unknown[at] |= after.as_ref().is_some_and(|after| !after.is_wholly_known());
        self.node_changes[at].push(self.changes.len());
        self.changes.push(change);
        after.unwrap_or_else(|| Value::unknown(resource_type.object_type()))
    }

    /// Tells whether a new object can be made while a failed one is still there: not when both would have the same identity,
    /// and not when something it depends on has to make way first.
    fn may_stand_beside(&self, at: usize, resource_type: &ResourceType) -> bool {
        // The name is part of the identity of a table's snapshot.
        resource_type.name != "tencentcloud_tcaplus_snapshot"
            && !self.graph.resources_behind(at).into_iter().any(|behind| {
                self.node_changes[behind].iter().any(|change| {
                    let change = &self.changes[*change].change;
                    matches!(change, Change::Replace { order: ReplaceOrder::DeleteFirst, .. })
                })
            })
    }

    /// A marker is random, but the same for the same plan: it comes from the seed of the plan and the address.
    fn marker(&self, address: &Address) -> Arc<str> {
        let name = format!("{}\n{address}", self.input.now);
        uuid::Uuid::new_v5(&self.input.seed, name.as_bytes()).to_string().into()
    }

    /// Reports a change that the service is known to refuse, at the argument that it is about.
    fn refuse_impossible(
        &mut self,
        block: &ResourceBlock,
        resource_type: &ResourceType,
        change: &ResourceChange,
    ) {
        // What is not read yet may turn out not to change.
        if !self.reads.objects.is_empty() {
            return;
        }
        let Some(refused) = refused::refused(resource_type, &change.change) else { return };
        let (body, _) = block.arguments.resolve(&[]);
        let range = body.attributes.get(refused.attribute).map(|given| given.expression.range);
        let summary = format!("Service refuses this change of \"{}\"", refused.attribute);
        let error = Diagnostic::error(summary, refused.detail).at(range.unwrap_or(block.declaration));
        self.found.push(error.about(&change.address));
    }

    fn refuse_prevented(&mut self, block: &ResourceBlock, change: &ResourceChange) {
        if block.lifecycle.prevent_destroy
            && matches!(change.change, Change::Replace { .. } | Change::Delete { .. })
        {
            let detail = format!(
                "Resource {} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.",
                change.address
            );
            let error = Diagnostic::error("Instance cannot be destroyed", detail);
            self.found.push(error.at(block.declaration));
        }
    }
}

const PRECONDITION_FAILED: &str = "Resource precondition failed";
const POSTCONDITION_FAILED: &str = "Resource postcondition failed";
