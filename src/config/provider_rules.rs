//! Which provider configurations modules may declare, pass and expect.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};

use super::module::{Config, Module};
use super::module_call::{ModuleCall, PassedProvider};
use super::provider::{ProviderReference, display_source};

/// Returns what is wrong with the provider configurations of all modules.
pub(super) fn check(config: &Config) -> Diagnostics {
    let mut found = Diagnostics::new();
    check_module(&config.root, None, None, &mut found);
    found
}

fn check_module(
    module: &Module,
    caller: Option<(&Module, &ModuleCall)>,
    repeated: Option<SourceRange>,
    found: &mut Diagnostics,
) {
    for (name, child) in &module.children {
        let Some(call) = module.calls.get(name) else { continue };
        let repetition = call.count.as_ref().or(call.for_each.as_ref()).or(call.depends_on.first());
        let repeated = repetition.map(|expression| expression.range).or(repeated);
        check_module(child, Some((module, call)), repeated, found);
    }
    let Some((parent, call)) = caller else { return };
    let configured = |reference: &ProviderReference| {
        module.providers.contains_key(reference) && !module.is_placeholder(reference)
    };
    let has_own = module.providers.keys().any(configured);
    if let (true, Some(range)) = (has_own, repeated) {
        let detail = format!(
            "The module at {} is a legacy module which contains its own local provider configurations, and so calls to it may not use the count, for_each, or depends_on arguments.\n\nIf you also control the module {:?}, consider updating this module to instead expect provider configurations to be passed by its caller.",
            module.path, module.source
        );
        let summary = "Module is incompatible with count, for_each, and depends_on";
        found.push(Diagnostic::error(summary, detail).at(range));
    }
    for passed in &call.providers {
        check_passed(module, parent, passed, configured(&passed.in_child), found);
    }
    for entry in module.required_providers.values() {
        for alias in &entry.aliases {
            let reference = ProviderReference { name: entry.name.clone(), alias: Some(alias.clone()) };
            let given = call.providers.iter().any(|passed| passed.in_child == reference);
            if !given && !configured(&reference) {
                let detail = format!(
                    "The child module requires an additional configuration for provider {}, with the local name \"{reference}\".\n\nRefer to the module's documentation to understand the intended purpose of this additional provider configuration, and then add an entry for {reference} in the \"providers\" meta-argument in the module block to choose which provider configuration the module should use for that purpose.",
                    display_source(&entry.source)
                );
                let summary = "Missing required provider configuration";
                found.push(Diagnostic::error(summary, detail).at(call.declaration));
            }
        }
    }
    placeholders(module, found);
}

fn check_passed(
    module: &Module,
    parent: &Module,
    passed: &PassedProvider,
    configured: bool,
    found: &mut Diagnostics,
) {
    let (inner, outer) = (&passed.in_child, &passed.in_parent);
    if configured {
        let detail = format!(
            "The configuration of {} has its own local configuration for {inner}, and so it cannot accept an overridden configuration provided by {}.",
            module.path,
            parent.title()
        );
        found.push(
            Diagnostic::error("Cannot override provider configuration", detail).at(passed.in_child_range),
        );
    }
    let entry = module.required_providers.get(&inner.name);
    let declared = match &inner.alias {
        None => entry.is_some(),
        Some(alias) => entry.is_some_and(|entry| entry.aliases.contains(alias)),
    };
    let source = module.provider_source(&inner.name);
    let shown = display_source(&source);
    if !declared && !module.providers.contains_key(inner) {
        if inner.alias.is_none() && shown.starts_with("hashicorp/") {
            let detail = format!(
                "There is no explicit declaration for local provider name \"{inner}\" in {}, so Snapform is assuming you mean to pass a configuration for \"{shown}\".\n\nIf you also control the child module, add a required_providers entry named \"{inner}\" with the source address \"{shown}\".",
                module.path
            );
            found.push(
                Diagnostic::warning("Reference to undefined provider", detail).at(passed.in_child_range),
            );
        } else {
            let detail = format!(
                "The child module does not declare any provider requirement with the local name \"{inner}\".\n\nIf you also control the child module, you can add a required_providers entry named \"{inner}\" with the source address \"{shown}\" to accept this provider configuration."
            );
            found
                .push(Diagnostic::error("Reference to undefined provider", detail).at(passed.in_child_range));
        }
    }
    let outer_source = parent.provider_source(&outer.name);
    if outer_source != source {
        let detail = format!(
            "The local name \"{outer}\" in {} represents provider \"{}\", but \"{inner}\" in {} represents \"{shown}\".\n\nEach provider has its own distinct configuration schema and provider types, so this module's \"{inner}\" can be assigned only a configuration for {shown}, which is not required by {}.",
            parent.title(),
            display_source(&outer_source),
            module.path,
            module.path
        );
        found.push(Diagnostic::error("Provider type mismatch", detail).at(passed.in_parent_range));
    }
}

/// Warns of empty provider blocks, by which modules once said that they expect a configuration.
fn placeholders(module: &Module, found: &mut Diagnostics) {
    let mut seen: Vec<&str> = Vec::new();
    for (reference, provider) in &module.providers {
        if !module.is_placeholder(reference) || seen.contains(&&*reference.name) {
            continue;
        }
        seen.push(&reference.name);
        let aliases: Vec<String> = module
            .providers
            .keys()
            .filter(|other| {
                other.name == reference.name && other.alias.is_some() && module.is_placeholder(other)
            })
            .map(|other| format!("        {other},\n"))
            .collect();
        let list = if aliases.is_empty() {
            String::new()
        } else {
            format!("      configuration_aliases = [\n{}      ]\n", aliases.concat())
        };
        let detail = format!(
            "Earlier versions of Terraform used empty provider blocks (\"proxy provider configurations\") for child modules to declare their need to be passed a provider configuration by their callers. That approach was ambiguous and is now deprecated.\n\nIf you control this module, you can migrate to the new declaration syntax by removing all of the empty provider {:?} blocks and then adding or updating an entry like the following to the required_providers block of {}:\n    {} = {{\n      source = {:?}\n{list}    }}",
            reference.name,
            module.path,
            reference.name,
            display_source(&module.provider_source(&reference.name))
        );
        found.push(Diagnostic::warning("Redundant empty provider block", detail).at(provider.declaration));
    }
}
