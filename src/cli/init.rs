//! `init`: remembers which backend the directory uses, and carries the state over when that changes.
//!
//! It is never required for a local state. Providers are built in, so there is nothing to install, and the
//! dependency lock file that Terraform may have left is not touched.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use super::arguments::maintain::InitArguments;
use super::operate::print_findings;
use super::{Failure, Global, backend, output, prompt};
use crate::config::{Config, DiskFiles, Module, Version, has_configuration, load};
use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::disk;
use crate::schema::ProviderKind;
use crate::state::{Backend, BackendSettings, LocalBackend, Session};

/// Runs the command.
pub(crate) async fn run(global: &Global, arguments: &InitArguments) -> anyhow::Result<ExitCode> {
    if arguments.from_module.is_some() {
        return Err(Failure::new(
            "Modules are not downloaded",
            "-from-module cannot be used: copy the module into this directory yourself, then run \"snapform init\".",
        )
        .into());
    }
    let say = |code: &str, text: &str| say(arguments.json, code, text);
    if arguments.json {
        output::print_line(version_line(global))?;
    }
    if arguments.backend && !global.sandbox {
        say("initializing_backend_message", "Initializing the backend...")?;
        initialize_backend(global, arguments).await?;
    }
    let is_empty = !has_configuration(&DiskFiles::new("."), Path::new(""));
    let (config, sources) = load_modules()?;
    let called: Vec<_> = config.modules().into_iter().filter(|module| !module.path.is_root()).collect();
    if !called.is_empty() {
        let (code, text) = match arguments.upgrade {
            true => ("upgrading_modules_message", "Upgrading modules..."),
            false => ("initializing_modules_message", "Initializing modules..."),
        };
        say(code, text)?;
        for module in called {
            let name: Vec<&str> = module.path.0.iter().map(|step| &**step).collect();
            note(arguments.json, &format!("{} in {}", name.join("."), module.folder))?;
        }
    }
    say("initializing_provider_plugin_message", "Initializing provider plugins...")?;
    for (source, is_known) in providers_of(&config) {
        let source = source.strip_prefix("registry.terraform.io/").unwrap_or(&source);
        let text = match is_known {
            true => format!("{source} is built in to Snapform"),
            false => format!(
                "{source} is not part of Snapform, which installs no provider: nothing of it can be planned here"
            ),
        };
        note(arguments.json, &text)?;
    }
    warn_of_versions(global, arguments, &config, &sources)?;
    if is_empty {
        let text = "Snapform initialized in an empty directory!\n\nThe directory has no Terraform configuration files. You may begin working\nwith Snapform immediately by creating Terraform configuration files.";
        say(
            "output_init_empty_message",
            if arguments.json { text.to_owned() } else { format!("\n{text}") }.as_str(),
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = "Snapform has been successfully initialized!";
    say(
        "output_init_success_message",
        if arguments.json { text.to_owned() } else { format!("\n{text}") }.as_str(),
    )?;
    if !global.in_automation {
        let text = if arguments.json { CLOSING.to_owned() } else { format!("\n{CLOSING}") };
        say("output_init_success_cli_message", &text)?;
    }
    Ok(ExitCode::SUCCESS)
}

const CLOSING: &str = "You may now begin working with Snapform. Try running \"snapform plan\" to see\nany changes that are \
                       required for your infrastructure. All Snapform commands\nshould now work.\n\nIf you ever set or \
                       change modules or backend configuration for Snapform,\nrerun this command to reinitialize your \
                       working directory. If you forget, other\ncommands will detect it and remind you to do so if \
                       necessary.";

/// Reads the root module and all that it calls.
fn load_modules() -> anyhow::Result<(Config, Sources)> {
    let mut sources = Sources::new();
    let (config, found) = load(&DiskFiles::new("."), Path::new(""), &mut sources);
    if found.has_errors() {
        return Err(Failure::of(found, Arc::new(sources)).into());
    }
    Ok((config, sources))
}

/// Returns the providers that resources use or modules require, and whether each is one of ours.
fn providers_of(config: &Config) -> BTreeMap<Arc<str>, bool> {
    let of_module = |module: &Module| {
        let used = module.resources.values().map(|block| config.provider_of(module, block).source);
        let required = module.required_providers.values().map(|entry| entry.source.clone());
        used.chain(required).collect::<Vec<_>>()
    };
    let sources = config.modules().into_iter().flat_map(of_module);
    sources.map(|source| (source.clone(), ProviderKind::of_source(&source).is_some())).collect()
}

/// Warns of version constraints that the built-in providers, whose arguments are those of one version each, do not meet.
/// Terraform would install another version, or none.
fn warn_of_versions(
    global: &Global,
    arguments: &InitArguments,
    config: &Config,
    sources: &Sources,
) -> anyhow::Result<()> {
    let mut found = Diagnostics::new();
    for module in config.modules() {
        for entry in module.required_providers.values() {
            let kind = ProviderKind::of_source(&entry.source);
            let Some(version) = kind.and_then(ProviderKind::version) else { continue };
            let Some(constraint) = &entry.constraint else { continue };
            if Version::parse(version).is_some_and(|version| !constraint.allows(&version)) {
                let detail = format!(
                    "The constraint {constraint} leaves out version {version} of {}, whose arguments and attributes are those that are built in. Snapform works as that version does; Terraform installs another one or finds none. Allow {version}, such as with \">= {version}\".",
                    entry.name
                );
                let warning = Diagnostic::warning("Provider version constraint does not hold", detail);
                found.push(warning.at(entry.declaration));
            }
        }
    }
    if arguments.json {
        for each in &found {
            line(&each.summary, None, "log")?;
        }
        return Ok(());
    }
    print_findings(global, sources, &found, arguments.warnings.compact_warnings)
}

/// Returns the first line of the stream, which Terraform's has too.
fn version_line(global: &Global) -> String {
    let version = crate::state::TERRAFORM_VERSION;
    let line = serde_json::json!({
        "@level": "info",
        "@message": format!("{} {version}", global.product()),
        "@module": "terraform.ui",
        "@timestamp": format!("{:.6}", jiff::Timestamp::now()),
        "terraform": version,
        "type": "version",
        "ui": "1.2",
    });
    line.to_string()
}

fn note(as_json: bool, text: &str) -> anyhow::Result<()> {
    if as_json { line(text, None, "log") } else { output::print(&format!("- {text}\n")) }
}

fn say(as_json: bool, code: &str, text: &str) -> anyhow::Result<()> {
    if as_json { line(text, Some(code), "init_output") } else { output::print(&format!("{text}\n")) }
}

fn line(text: &str, code: Option<&str>, kind: &str) -> anyhow::Result<()> {
    let mut line = serde_json::json!({
        "@level": "info",
        "@message": text,
        "@module": "terraform.ui",
        "@timestamp": format!("{:.6}", jiff::Timestamp::now()),
        "type": kind,
    });
    if let Some(code) = code {
        line["message_code"] = code.into();
    }
    output::print_line(line.to_string())
}

async fn initialize_backend(global: &Global, arguments: &InitArguments) -> anyhow::Result<()> {
    let record = BackendSettings::recorded(&global.data_folder)?;
    let mut declared = backend::declared(Path::new("."))?;
    let with_secrets = |declared: &Option<BackendSettings>| {
        let recorded = record.as_ref().map(|record| record.settings.clone())?;
        Some(declared.iter().fold(recorded, BackendSettings::with_secrets_of))
    };
    let recorded = with_secrets(&declared);
    let hash = declared.as_ref().map_or(0, BackendSettings::hash);
    if !arguments.backend_config.is_empty() {
        let Some(declared) = &mut declared else {
            return Err(Failure::new(
                "Missing backend configuration",
                "-backend-config was used without a \"backend\" block in the configuration. Add one to the terraform \
                 block, for example:\n\nterraform {\n  backend \"http\" {}\n}",
            )
            .into());
        };
        for text in &arguments.backend_config {
            declared.arguments.extend(backend_config(text)?);
        }
    } else if let (Some(declared), Some(recorded)) = (&mut declared, &recorded)
        && declared.kind == recorded.kind
    {
        // What -backend-config added in an earlier init is not in the block and stays.
        for (name, value) in &recorded.arguments {
            declared.arguments.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    let old = with_secrets(&declared).unwrap_or_else(local);
    let new = declared.unwrap_or_else(local);
    if new == old {
        // An older record may not know the hash of the block.
        return if record.is_some_and(|record| record.hash != hash) {
            write_record(global, &new, hash)
        } else {
            Ok(())
        };
    }
    let opened = open(global, &new)?;
    if !arguments.reconfigure {
        carry_over(global, arguments, (&old, &new), opened).await?;
    }
    write_record(global, &new, hash)?;
    let text = format!(
        "{}Successfully configured the backend {:?}! Snapform will automatically\nuse this backend unless the backend \
         configuration changes.",
        if arguments.json { "" } else { "\n" },
        new.kind
    );
    say(arguments.json, "backend_configured_success", &text)
}

fn local() -> BackendSettings {
    BackendSettings { kind: "local".into(), ..BackendSettings::default() }
}

fn open(global: &Global, settings: &BackendSettings) -> anyhow::Result<Box<dyn Backend>> {
    let workspace = global.workspace()?;
    let backend = settings.open(&workspace, &|name| std::env::var(name).ok())?;
    Ok(backend.unwrap_or_else(|| Box::new(LocalBackend::new(global.local_state_path(settings, &workspace)))))
}

/// Copies the state from the old backend to the new one, unless there is nothing to copy.
async fn carry_over(
    global: &Global,
    arguments: &InitArguments,
    (old, new): (&BackendSettings, &BackendSettings),
    opened: Box<dyn Backend>,
) -> anyhow::Result<()> {
    let options = arguments.lock.options(global.sandbox);
    let state = Session::unlocked(open(global, old)?).read().await?;
    if state.is_empty() {
        return Ok(());
    }
    if !arguments.migrate_state {
        return Err(Failure::new(
            "Backend configuration changed",
            format!(
                "The state of this directory is in backend {:?}, and the configuration asks for {:?}. Run \"snapform \
                 init -migrate-state\" to copy the state, or \"snapform init -reconfigure\" to leave it where it is and \
                 start with what the new backend holds.",
                old.kind, new.kind
            ),
        )
        .into());
    }
    let mut from = Session::open(open(global, old)?, "init", &options).await?;
    let ended = async {
        let state = from.read().await?;
        let mut to = Session::open(opened, "init", &options).await?;
        let copied = async {
            let there = to.read().await?;
            if !there.is_empty() && there.digest() != state.digest() && !arguments.force_copy {
                let question = format!(
                    "The new backend already holds a state with {} objects. Do you want to overwrite it?",
                    there.object_count()
                );
                if !arguments.input || !prompt::confirm(global, &question, "Only 'yes' will be accepted.")? {
                    return Err(Failure::new("The state was not copied", "Nothing was changed.").into());
                }
            }
            to.replace(&state).await?;
            Ok(())
        }
        .await;
        super::state::close(to, copied).await
    }
    .await;
    super::state::close(from, ended).await
}

/// Writes the record that Terraform's `init` writes too; by the hash of the block it sees whether that has changed since.
fn write_record(global: &Global, settings: &BackendSettings, hash: u64) -> anyhow::Result<()> {
    let path = global.data_folder.join("terraform.tfstate");
    if settings.kind == "local" && settings.arguments.is_empty() {
        return match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        };
    }
    let record = serde_json::json!({
        "version": 3,
        "terraform_version": crate::state::TERRAFORM_VERSION,
        "backend": { "type": settings.kind, "config": settings.record(), "hash": hash },
    });
    std::fs::create_dir_all(&global.data_folder)
        .with_context(|| format!("Cannot create {}", global.data_folder.display()))?;
    // Passwords are left out; an address may still say more than everybody should read.
    let mut file = tempfile::NamedTempFile::new_in(&global.data_folder)?;
    std::io::Write::write_all(
        &mut file,
        crate::state::RawJson::from_value(&record).to_indented().as_bytes(),
    )?;
    file.persist(&path).with_context(|| format!("Cannot write {}", path.display()))?;
    Ok(())
}

/// Reads `-backend-config`: one setting, or a file of them.
fn backend_config(text: &str) -> anyhow::Result<BTreeMap<String, String>> {
    if let Some((name, value)) = text.split_once('=') {
        return Ok([(name.trim().to_owned(), value.to_owned())].into());
    }
    let content = disk::read_text(Path::new(text), disk::LARGEST_TEXT)
        .with_context(|| format!("Cannot read {text}"))?;
    backend::literals_of_file(text, &content)
}
