//! `providers` and `providers schema`: what the configuration and the state need.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Arc;

use super::arguments::inspect::{ProvidersArguments, ProvidersCommand, ProvidersSchemaArguments};
use super::arguments::values::StatePathArguments;
use super::operate::{Project, require_configuration};
use super::{Failure, Global, output};
use crate::config::{Module, VersionConstraint};
use crate::plan::prior::parse_provider;
use crate::render::json;
use crate::schema::ProviderKind;
use crate::state::{State, intent};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: ProvidersArguments) -> anyhow::Result<ExitCode> {
    match arguments.command {
        None => tree(global).await,
        Some(ProvidersCommand::Schema(arguments)) => schema(global, &arguments).await,
    }
}

async fn tree(global: &Global) -> anyhow::Result<ExitCode> {
    require_configuration(&format!(
        "The directory {} contains no configuration files.",
        global.working_folder.display()
    ))?;
    let project = Project::load_declared(global)?;
    let state = global.read_state(&StatePathArguments::default()).await?;
    let mut text = "\nProviders required by configuration:\n.\n".to_owned();
    write_module(&project.config.root, "", &mut text);
    text.push('\n');
    let remembered = sources_of_state(&state);
    if !remembered.is_empty() {
        text.push_str("Providers required by state:\n\n");
        remembered.iter().for_each(|source| text.push_str(&format!("    provider[{source}]\n\n")));
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Returns the providers that a module itself uses, by source, with the versions it allows.
fn requirements(module: &Module) -> BTreeMap<Arc<str>, Option<&VersionConstraint>> {
    let mut found: BTreeMap<Arc<str>, Option<&VersionConstraint>> = BTreeMap::new();
    for required in module.required_providers.values() {
        found.insert(required.source.clone(), required.constraint.as_ref());
    }
    let declared = module.providers.keys().map(|reference| &reference.name);
    let used = module.resources.values().map(|block| &block.provider.name);
    for name in declared.chain(used) {
        found.entry(module.provider_source(name)).or_default();
    }
    found
}

fn write_module(module: &Module, indent: &str, text: &mut String) {
    let requirements = requirements(module);
    let mut left = requirements.len() + module.children.len();
    let mut branch = |text: &mut String, line: &str| {
        left -= 1;
        let (sign, below) = if left == 0 { ("└── ", "    ") } else { ("├── ", "│   ") };
        text.push_str(&format!("{indent}{sign}{line}\n"));
        format!("{indent}{below}")
    };
    for (source, constraint) in &requirements {
        let versions = constraint.map(|constraint| format!(" {}", constraint.normalized()));
        branch(text, &format!("provider[{source}]{}", versions.unwrap_or_default()));
    }
    for (name, child) in &module.children {
        let below = branch(text, &format!("module.{name}"));
        write_module(child, &below, text);
    }
}

fn sources_of_state(state: &State) -> BTreeSet<Arc<str>> {
    state
        .objects()
        .filter(|(key, ..)| key.resource_type != intent::INTENT_TYPE)
        .filter_map(|(_, resource, ..)| parse_provider(&resource.provider))
        .map(|address| address.source)
        .collect()
}

async fn schema(global: &Global, arguments: &ProvidersSchemaArguments) -> anyhow::Result<ExitCode> {
    if !arguments.json {
        return Err(Failure::new(
            "Output format required",
            "The \"snapform providers schema\" command requires the -json flag.",
        )
        .into());
    }
    let project = Project::load_declared(global)?;
    let state = global.read_state(&StatePathArguments::default()).await?;
    let mut sources = sources_of_state(&state);
    project.config.modules().iter().for_each(|module| sources.extend(requirements(module).into_keys()));
    // Of providers that are not ours nothing is known.
    let known = sources.iter().filter_map(|source| Some((&**source, ProviderKind::of_source(source)?)));
    output::print_line(json::schemas_json(known).to_string())?;
    Ok(ExitCode::SUCCESS)
}
