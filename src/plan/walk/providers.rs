//! Providers: which one an object has, when its arguments are known, and what has to wait until they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Provider;
use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::Value;
use crate::lang::address::{Address, Mode, ProviderAddress, ResourceAddress};
use crate::lang::reference::{Reference, references, references_of_body};
use crate::lang::scope::Scope;
use crate::lang::syntax::{BlockShape, StepKind};
use crate::schema::shape::Resolve;
use crate::schema::{Block, ProviderKind, decode, types};

use super::super::change::{Change, ResourceChange};
use super::super::graph::NodeKey;
use super::super::observed::ObjectName;
use super::super::provider::{ProviderConfig, UnknownArgument};
use super::super::world::{BlockScope, Repetition};
use super::{Purpose, Walk};

/// So many addresses are named in one message.
const NAMED: usize = 5;

impl Walk<'_> {
    /// Gives remembered objects the provider configuration that their blocks have today, whatever the state says: an alias may
    /// have been renamed, the source of the provider changed, or the object moved to another module.
    pub(super) fn adopt_providers(&mut self) {
        let prior = Arc::clone(&self.prior);
        // Objects of one resource come one behind the other.
        let mut last: Option<(ResourceAddress, Option<ProviderAddress>)> = None;
        for (name, remembered) in &*prior {
            let resource = name.address.resource_address();
            let provider = match last.take() {
                Some((known, provider)) if known == resource => provider,
                _ => self.block_of(&name.address).map(|block| self.provider_of(&name.address, block)),
            };
            if let Some(provider) = provider.as_ref().filter(|provider| **provider != remembered.provider) {
                self.adopted.insert(resource.clone(), provider.clone());
                if let Some(prior) = Arc::make_mut(&mut self.prior).get_mut(name) {
                    prior.provider = provider.clone();
                }
            }
            last = Some((resource, provider));
        }
    }

    /// Returns the resources whose objects have another provider configuration than the state says, with the one of today.
    pub(in crate::plan) fn provider_notes(&self) -> Vec<(ResourceAddress, ProviderAddress)> {
        let in_scope = |resource: &ResourceAddress| {
            self.objects_of(resource).iter().any(|name| self.is_in_scope(&name.address))
        };
        let notes = self.adopted.iter().filter(|(resource, _)| in_scope(resource));
        notes.map(|(resource, provider)| (resource.clone(), provider.clone())).collect()
    }

    /// Returns an error for each remembered object that no block declares and whose provider configuration is gone: nothing can
    /// be done with it, be it to read, to destroy or to forget it.
    pub(super) fn missing_providers(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        for (ObjectName { address, deposed }, prior) in &*self.prior {
            if address.resource.mode == Mode::Data || self.provider_exists(&prior.provider) {
                continue;
            }
            let what = match deposed {
                Some(key) => format!("{address} (deposed {key})"),
                None => format!("{address} (orphan)"),
            };
            let detail = format!(
                "To work with {what} its original provider configuration at {} is required, but it has been removed. This occurs when a provider configuration is removed while objects created by that provider still exist in the state. Re-add the provider configuration to destroy {what}, after which you can remove the provider configuration again.",
                prior.provider
            );
            found.push(Diagnostic::error("Provider configuration not present", detail));
        }
        found
    }

    /// Tells whether the configuration has a provider configuration, or implies it.
    fn provider_exists(&self, provider: &ProviderAddress) -> bool {
        self.graph.position(&NodeKey::Provider(provider.clone())).is_some()
            || (provider.alias.is_none() && provider.module.is_root())
    }

    /// Configures, without arguments, providers to which remembered objects alone belong: the last block of a type is gone,
    /// and its objects have to be read and destroyed all the same.
    pub(super) fn imply_providers(&mut self) {
        let remembered: BTreeSet<_> = self.prior.values().map(|prior| prior.provider.clone()).collect();
        for address in remembered {
            let implied = address.module.is_root() && address.alias.is_none();
            if implied && self.input.config.provider_block(&address).is_none() {
                self.visit_provider(&address);
            }
        }
    }

    pub(super) fn visit_provider(&mut self, address: &ProviderAddress) {
        let Some(kind) = ProviderKind::of_source(&address.source) else { return };
        let schema = types::provider(kind);
        let block = self.input.config.provider_block(address);
        let module = self.instances_of(&address.module).into_iter().next().unwrap_or_default();
        let Some(block) = block else {
            let empty = ProviderConfig::known(schema.null_object());
            self.reads.providers.insert(address.clone(), empty);
            return;
        };
        let ((value, found), unknown) = self.with_scope(&module, &Repetition::default(), None, |scope| {
            let decoded = decode::decode_block(&block.arguments, schema, scope);
            let unknown = match &decoded.0 {
                Some(value) if self.purpose != Purpose::Validate => self.unknown(block, schema, value, scope),
                _ => Vec::new(),
            };
            (decoded, unknown)
        });
        self.found.extend(found);
        if let Some(value) = value {
            self.reads.providers.insert(address.clone(), ProviderConfig { value, unknown });
        }
    }

    /// Returns the arguments of a block whose values are not known, with what they come from.
    fn unknown(
        &self,
        block: &Provider,
        schema: &Block,
        value: &Value,
        scope: &BlockScope<'_>,
    ) -> Vec<UnknownArgument> {
        if value.is_wholly_known() {
            return Vec::new();
        }
        let mut shapes = vec![BlockShape { name: "dynamic", labels: 1 }];
        shapes.extend(schema.blocks.iter().map(|nested| BlockShape { name: nested.name, labels: 0 }));
        let (body, _) = block.arguments.resolve(&shapes);
        let members = value.members().into_iter().flatten().filter(|(_, value)| !value.is_wholly_known());
        members
            .map(|(name, _)| {
                let (all, range) = match body.attributes.get(name) {
                    Some(attribute) => {
                        (references(&attribute.expression).0, Some(attribute.expression.range))
                    }
                    None => {
                        let is_own = |inner: &&crate::lang::syntax::Block| {
                            let label = inner.labels.first().filter(|_| &*inner.block_type == "dynamic");
                            label.map_or(&inner.block_type, |label| &label.text) == name
                        };
                        let blocks = body.blocks.iter().filter(is_own);
                        let range = blocks.clone().next().map(|inner| inner.header_range);
                        (blocks.flat_map(|inner| references_of_body(&inner.body).0).collect(), range)
                    }
                };
                let unknown = all.iter().filter(|reference| !is_known(reference, scope));
                let mut texts: Vec<String> =
                    unknown.map(|reference| self.input.sources.slice(reference.whole).to_owned()).collect();
                texts.sort();
                texts.dedup();
                UnknownArgument { name: name.clone(), references: texts, range }
            })
            .collect()
    }

    /// Takes out the reads that cannot be made yet: those through a provider which itself waits for something to be read come in a
    /// later round; those through one whose arguments only apply will know are refused.
    pub(in crate::plan) fn settle_reads(&mut self) {
        let mut addresses: BTreeMap<&ProviderAddress, Vec<&Address>> = BTreeMap::new();
        for read in &self.reads.objects {
            addresses.entry(&read.provider).or_default().push(&read.name.address);
        }
        for read in &self.reads.data {
            addresses.entry(&read.provider).or_default().push(&read.address);
        }
        let behind: BTreeMap<&ProviderAddress, BTreeSet<usize>> = addresses
            .keys()
            .filter_map(|provider| {
                let at = self.graph.position(&NodeKey::Provider((*provider).clone()))?;
                Some((*provider, self.graph.resources_behind(at)))
            })
            .collect();
        let mut outstanding = BTreeSet::new();
        if behind.values().any(|behind| !behind.is_empty()) {
            outstanding.extend(addresses.values().flatten().filter_map(|address| {
                let key = NodeKey::Resource(address.module.path(), address.resource.clone());
                self.graph.position(&key)
            }));
        }
        let mut held: BTreeSet<ProviderAddress> = BTreeSet::new();
        let mut refused = Diagnostics::new();
        for (provider, addresses) in &addresses {
            let none = BTreeSet::new();
            let behind = behind.get(provider).unwrap_or(&none);
            if !behind.is_disjoint(&outstanding) {
                held.insert((*provider).clone());
                continue;
            }
            match self.reads.providers.get(provider) {
                Some(config) if config.may_read() => continue,
                Some(config) => refused.push(self.too_early(provider, config, behind, addresses)),
                // Why it has no configuration is among the findings.
                None if self.found.has_errors() => {}
                None => continue,
            }
            held.insert((*provider).clone());
        }
        if held.is_empty() {
            return;
        }
        self.reads.objects.retain(|read| !held.contains(&read.provider));
        self.reads.data.retain(|read| !held.contains(&read.provider));
        self.held = true;
        self.found.extend(refused);
    }

    fn too_early(
        &self,
        provider: &ProviderAddress,
        config: &ProviderConfig,
        behind: &BTreeSet<usize>,
        addresses: &[&Address],
    ) -> Diagnostic {
        let detail = format!(
            "{} Before that, {} must be read with it, and without these values that would happen with other credentials or in another region than the configuration says. So it is not read, and nothing is changed.\n\n{}",
            config.explain(provider),
            named(addresses),
            self.remedy(behind, &self.changes),
        );
        error_at(detail, config.missing().find_map(|argument| argument.range))
    }

    /// Returns what to do about values that come from resources which only apply makes or changes.
    fn remedy(&self, behind: &BTreeSet<usize>, changes: &[ResourceChange]) -> String {
        let changed: BTreeSet<NodeKey> = changes
            .iter()
            .filter(|change| !matches!(change.change, Change::NoOp { .. } | Change::Read { .. }))
            .map(|change| NodeKey::Resource(change.address.module.path(), change.address.resource.clone()))
            .collect();
        let nodes = behind.iter().map(|at| &self.graph.nodes[*at]);
        let targets: Vec<String> =
            nodes.filter(|node| changed.contains(node)).map(|node| format!("-target={node}")).collect();
        let replaced = self.input.options.replace.iter().any(|address| {
            behind.iter().any(|at| {
                self.graph.nodes[*at] == NodeKey::Resource(address.module.path(), address.resource.clone())
            })
        });
        let mut text = "Give the provider a value that is known when the plan is made".to_owned();
        if replaced {
            text.push_str(", leave out -replace");
        }
        if !targets.is_empty() {
            text.push_str(&format!(", or apply what it comes from first, with {}", targets.join(" ")));
        }
        text + "."
    }

    /// Refuses ends that come too early: an object cannot be destroyed with a provider that only what follows can configure.
    pub(in crate::plan) fn refuse_impossible_ends(&mut self, changes: &[ResourceChange], ends: &[usize]) {
        let mut by_provider: BTreeMap<&ProviderAddress, Vec<&Address>> = BTreeMap::new();
        for change in ends.iter().filter_map(|end| changes.get(*end)) {
            by_provider.entry(&change.provider).or_default().push(&change.address);
        }
        for (provider, addresses) in by_provider {
            let Some(config) = self.reads.providers.get(provider) else { continue };
            let behind = self.graph.position(&NodeKey::Provider(provider.clone()));
            let behind = behind.map(|at| self.graph.resources_behind(at)).unwrap_or_default();
            let detail = format!(
                "{} Before that, {} must be destroyed with it. Nothing is changed.\n\n{}",
                config.explain(provider),
                named(&addresses),
                self.remedy(&behind, changes),
            );
            let range = config.unknown.iter().find_map(|argument| argument.range);
            self.found.push(error_at(detail, range));
        }
    }

    /// Evaluates a provider configuration anew, now that what it comes from exists.
    ///
    /// # Errors
    /// It cannot be evaluated, or is still not known.
    pub(in crate::plan) fn renew_provider(
        &mut self,
        address: &ProviderAddress,
    ) -> Result<Value, Diagnostics> {
        self.found = Diagnostics::new();
        self.visit_provider(address);
        let found = std::mem::take(&mut self.found);
        if found.has_errors() {
            return Err(found);
        }
        let Some(config) = self.reads.providers.get(address) else { return Err(found) };
        if config.is_known() {
            return Ok(config.value.clone());
        }
        let detail = format!(
            "{} What they come from has ended without a value, so nothing is done with this provider.",
            config.explain(address)
        );
        Err(error_at(detail, config.unknown.iter().find_map(|argument| argument.range)).into())
    }
}

/// The summary of errors about providers that are needed before they are known, which is Terraform's.
const UNKNOWN_PROVIDER: &str = "Invalid provider configuration";

/// Tells whether what a reference leads to is known, as far as its constant steps go.
fn is_known(reference: &Reference, scope: &BlockScope<'_>) -> bool {
    let Ok(mut value) = scope.lookup(&reference.root, reference.range) else { return true };
    for step in &reference.rest {
        let next = match &step.kind {
            StepKind::Attribute(name) | StepKind::Key(name) => value.get(name).cloned(),
            StepKind::Index(_) => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    value.is_wholly_known()
}

fn error_at(detail: String, range: Option<SourceRange>) -> Diagnostic {
    let error = Diagnostic::error(UNKNOWN_PROVIDER, detail);
    match range {
        Some(range) => error.at(range),
        None => error,
    }
}

fn named(addresses: &[&Address]) -> String {
    let mut names: Vec<String> = addresses.iter().take(NAMED).map(ToString::to_string).collect();
    if addresses.len() > NAMED {
        names.push(format!("{} more", addresses.len() - NAMED));
    }
    names.join(", ")
}
