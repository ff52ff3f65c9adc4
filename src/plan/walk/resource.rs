//! Declared resources: their instances, the configuration of each, and the decision.

use std::sync::Arc;

use crate::config::{IgnoreChanges, ResourceBlock};
use crate::diagnostic::{Diagnostic, Severity};
use crate::lang::address::{
    Address, InstanceKey, Mode, ModuleInstance, ModulePath, ProviderAddress, Resource, ResourceAddress,
};
use crate::lang::{Path, Type, Value};
use crate::schema::decode::BeyondLimit;
use crate::schema::shape::Resolve;
use crate::schema::{ResourceType, decode};

use super::super::change::{Change, ReplaceOrder, ResourceChange};
use super::super::instance::{self, Declared};
use super::super::limits;
use super::super::moves;
use super::super::observed::ObjectName;
use super::super::options::PlanMode;
use super::super::prior::find_type;
use super::super::proposed;
use super::super::refused;
use super::super::world::{Expansion, Repetition};
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
            if planning {
                self.imply_moves(&module, resource, &expansion);
                if !self.evaluate_imports(&module, block) {
                    continue;
                }
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
            if self.input.options.mode == PlanMode::RefreshOnly && planning {
                self.leave_out_missing(&resource.in_module(&module), &expansion, &mut objects);
            }
            let value = match self.purpose {
                Purpose::Validate if !matches!(expansion, Expansion::Single) => Value::unknown(Type::Dynamic),
                _ => expansion.aggregate(objects),
            };
            self.world.module_mut(&module).resources.insert(resource.clone(), value);
        }
    }

    /// A refresh makes nothing: instances that do not exist yet are no part of the value of their resource.
    fn leave_out_missing(
        &self,
        resource: &ResourceAddress,
        expansion: &Expansion,
        objects: &mut Vec<(Option<InstanceKey>, Value)>,
    ) {
        let exists = |key: &Option<InstanceKey>| {
            let name = ObjectName { address: resource.instance(key.clone()), deposed: None };
            self.prior.contains_key(&name)
        };
        match expansion {
            _ if resource.resource.mode == Mode::Data => {}
            Expansion::ForEach(_) => objects.retain(|(key, _)| exists(key)),
            Expansion::Count(_) => {
                let last = objects.iter().rposition(|(key, _)| exists(key));
                objects.truncate(last.map_or(0, |last| last + 1));
            }
            Expansion::Single | Expansion::Unknown => {}
        }
    }

    /// Instances without key and with index 0 are one and the same when `count` comes or goes.
    fn imply_moves(&mut self, module: &ModuleInstance, resource: &Resource, expansion: &Expansion) {
        let address = resource.in_module(module);
        let wanted = |candidate: &Address| {
            candidate.resource == *resource
                && candidate.module == *module
                && expansion.contains(candidate.key.as_ref())
        };
        if !matches!(expansion, Expansion::Single | Expansion::Count(_)) {
            return;
        }
        let other = match expansion {
            Expansion::Single => Some(InstanceKey::Index(0)),
            _ => None,
        };
        let name = ObjectName { address: address.instance(other), deposed: None };
        if self.prior.contains_key(&name) {
            let names = self.objects_of(&address);
            let all = Arc::make_mut(&mut self.prior);
            let own = names.into_iter().filter_map(|name| all.remove(&name).map(|prior| (name, prior)));
            let mut own: std::collections::BTreeMap<_, _> = own.collect();
            moves::apply_implied(&mut own, &mut self.moved, wanted);
            all.extend(own);
        }
    }

    /// Returns the provider configuration of an instance.
    pub(super) fn provider_of(&self, address: &Address, block: &ResourceBlock) -> ProviderAddress {
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
            return self.prior.get(&name).map(|prior| prior.value.clone());
        }
        self.declared.insert(address.clone());
        let Some(resource_type) = find_type(&address.resource) else {
            return Some(self.foreign_instance(block, address));
        };
        let nested = self.found.len();
        let lifecycle = &block.lifecycle;
        let has_conditions = !(lifecycle.preconditions.is_empty() && lifecycle.postconditions.is_empty());
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
                    Mode::Managed => self.visit_managed(at, block, resource_type, address, &config, beyond),
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
