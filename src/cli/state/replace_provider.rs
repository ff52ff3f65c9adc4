//! `state replace-provider`.

use std::process::ExitCode;

use super::{close, require_state, with_timestamped_backup};
use crate::cli::arguments::state::ReplaceProviderArguments;
use crate::cli::{Failure, Global, output, prompt};
use crate::state::State;

pub(super) async fn run(global: &Global, arguments: ReplaceProviderArguments) -> anyhow::Result<ExitCode> {
    let (from, to) = (source("from", &arguments.from)?, source("to", &arguments.to)?);
    let paths = with_timestamped_backup(global, &arguments.paths)?;
    let mut session = global.session("state-replace-provider", &arguments.lock, &paths).await?;
    let ended = async {
        let mut state = session.read().await?;
        require_state(&state)?;
        let old = format!("provider[\"{from}\"]");
        let mut changed = Vec::new();
        for (key, resource) in &mut state.resources {
            if let Some(provider) = replaced(&resource.provider, &old, &to) {
                resource.provider = provider;
                changed.push(key.to_string());
            }
        }
        changed.sort();
        if changed.is_empty() {
            output::print_line("No matching resources found.")?;
            return Ok(ExitCode::SUCCESS);
        }
        output::print(&format!(
            "Snapform will perform the following actions:\n\n  ~ Updating provider:\n    - {from}\n    + \
             {to}\n\nChanging {} resources:\n\n{}\n",
            changed.len(),
            changed.iter().map(|address| format!("  {address}\n")).collect::<String>()
        ))?;
        if !arguments.auto_approve {
            let description = "Only 'yes' will be accepted to continue.";
            if !prompt::confirm(global, "Do you want to make these changes?", description)? {
                output::print_line("Cancelled replacing providers.")?;
                return Ok(ExitCode::SUCCESS);
            }
        }
        save(&mut session, &mut state).await?;
        output::print_line(format!("Successfully replaced provider for {} resources.", changed.len()))?;
        Ok(ExitCode::SUCCESS)
    }
    .await;
    close(session, ended).await
}

async fn save(session: &mut crate::state::Session, state: &mut State) -> anyhow::Result<()> {
    session.write(state).await?;
    Ok(())
}

/// Returns the address of a provider configuration with another source, keeping module and alias.
fn replaced(address: &str, old: &str, to: &str) -> Option<String> {
    let start = address.find(old)?;
    let is_whole = start == 0 || address[..start].ends_with('.');
    is_whole.then(|| format!("{}provider[\"{to}\"]{}", &address[..start], &address[start + old.len()..]))
}

/// Completes a provider source to `host/namespace/name`.
fn source(which: &str, text: &str) -> anyhow::Result<String> {
    let is_part = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|character| character.is_ascii_alphanumeric() || "-_.:".contains(character))
    };
    let parts: Vec<_> = text.split('/').collect();
    if !parts.iter().all(is_part) {
        return Err(invalid(which, text));
    }
    Ok(match parts[..] {
        [name] => format!("registry.terraform.io/hashicorp/{name}"),
        [namespace, name] => format!("registry.terraform.io/{namespace}/{name}"),
        [host, namespace, name] => format!("{host}/{namespace}/{name}"),
        _ => return Err(invalid(which, text)),
    })
}

fn invalid(which: &str, text: &str) -> anyhow::Error {
    Failure::new(
        format!("Invalid \"{which}\" provider {text:?}"),
        "Invalid provider source string: The \"source\" attribute must be in the format \
         \"[hostname/][namespace/]name\"",
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn module_and_alias_of_a_provider_stay() {
        let old = "provider[\"a/b/c\"]";
        assert_eq!(replaced("provider[\"a/b/c\"]", old, "x/y/z").unwrap(), "provider[\"x/y/z\"]");
        assert_eq!(
            replaced("module.m.provider[\"a/b/c\"].e", old, "x/y/z").unwrap(),
            "module.m.provider[\"x/y/z\"].e"
        );
        assert_eq!(replaced("provider[\"a/b/cc\"]", old, "x/y/z"), None);
    }
}
