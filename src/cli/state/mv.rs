//! `state mv`: gives objects another address.

use std::process::ExitCode;
use std::sync::Arc;

use super::{close, require_state, target, with_timestamped_backup};
use crate::cli::arguments::state::MoveArguments;
use crate::cli::arguments::values::{LockArguments, StatePathArguments};
use crate::cli::{Failure, Global, output};
use crate::lang::address::{ModuleInstance, ModuleStep};
use crate::state::{ObjectKey, ResourceKey, Session, State, Target};

pub(super) async fn run(global: &Global, arguments: MoveArguments) -> anyhow::Result<ExitCode> {
    let (source, destination) = (target(&arguments.source)?, target(&arguments.destination)?);
    let own = StatePathArguments { state_out: None, ..arguments.paths.clone() };
    let paths = with_timestamped_backup(global, &own)?;
    let mut session = global.session("state-mv", &arguments.lock, &paths).await?;
    let mut other = match &arguments.paths.state_out {
        Some(path) if arguments.paths.state.as_ref() != Some(path) => {
            match open_other(global, path, arguments.backup_out.clone(), &arguments.lock).await {
                Ok(other) => Some(other),
                Err(error) => return close(session, Err(error)).await,
            }
        }
        _ => None,
    };
    let ended = work(&mut session, other.as_mut(), &arguments, &source, &destination).await;
    let ended = match other {
        Some(other) => close(other, ended).await,
        None => ended,
    };
    close(session, ended).await
}

async fn open_other(
    global: &Global,
    path: &str,
    backup: Option<String>,
    lock: &LockArguments,
) -> anyhow::Result<Session> {
    let paths = StatePathArguments { state: Some(path.to_owned()), backup, state_out: None };
    let paths = with_timestamped_backup(global, &paths)?;
    global.session("state-mv", lock, &paths).await
}

async fn work(
    session: &mut Session,
    other: Option<&mut Session>,
    arguments: &MoveArguments,
    source: &Target,
    destination: &Target,
) -> anyhow::Result<ExitCode> {
    let mut state = session.read().await?;
    require_state(&state)?;
    let before = state.clone();
    let text = if let Some(other) = other {
        let mut there = other.read().await?;
        let text = move_objects(&mut state, Some(&mut there), arguments, source, destination)?;
        if !arguments.dry_run && state != before {
            // The destination first: a crash between the two leaves an object recorded twice rather than nowhere.
            other.write(&mut there).await?;
        }
        text
    } else {
        move_objects(&mut state, None, arguments, source, destination)?
    };
    if !arguments.dry_run {
        session.write(&mut state).await?;
    }
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// Moves the objects in memory and returns what to print.
fn move_objects(
    state: &mut State,
    there: Option<&mut State>,
    arguments: &MoveArguments,
    source: &Target,
    destination: &Target,
) -> anyhow::Result<String> {
    let (from, to) = (&arguments.source, &arguments.destination);
    let moves = match (source, destination) {
        (Target::Module(source), Target::Module(destination)) => module_moves(state, source, destination),
        (Target::Resource(resource, key), Target::Resource(new, new_key)) => {
            if resource.mode != new.mode || resource.resource_type != new.resource_type {
                return Err(failure(
                    "Invalid state move request",
                    format!("Cannot move {from} to {to}: resource types don't match."),
                ));
            }
            resource_moves(state, (resource, key.as_ref()), (new, new_key.as_ref()))
        }
        _ => {
            return Err(failure(
                "Invalid state move request",
                format!(
                    "Cannot move {from} to {to}: the source and the destination must both be modules or both be resources."
                ),
            ));
        }
    };
    let moves = moves.map_err(|why| {
        failure("Invalid state move request", format!("Cannot move {from} to {to}: {why}."))
    })?;
    if moves.is_empty() {
        return Err(failure(
            "Invalid source address",
            format!("Cannot move {from}: does not match anything in the current state."),
        ));
    }
    let mut taken = Vec::new();
    for (resource, key, new, new_key) in moves {
        let Some(entry) = state.resources.get(&resource) else { continue };
        let shell = entry.without_objects();
        if let Some(object) = state.remove_object(&resource, &key) {
            taken.push((new, new_key, shell, object));
        }
    }
    let into = there.unwrap_or(state);
    for (new, new_key, shell, object) in taken {
        let entry = into.resources.entry(new.clone()).or_insert(shell);
        if entry.objects.contains_key(&new_key) {
            let address = new.object_address(&new_key);
            return Err(failure(
                "Invalid target address",
                format!(
                    "Cannot move to {address}: there is already a resource instance at that address in the current state."
                ),
            ));
        }
        entry.objects.insert(new_key, Box::new(object));
    }
    Ok(if arguments.dry_run {
        format!("Would move {from:?} to {to:?}\n")
    } else {
        format!("Move {from:?} to {to:?}\nSuccessfully moved 1 object(s).\n")
    })
}

type Move = (ResourceKey, ObjectKey, ResourceKey, ObjectKey);

fn module_moves(
    state: &State,
    source: &ModuleInstance,
    destination: &ModuleInstance,
) -> Result<Vec<Move>, &'static str> {
    let Some((last, parents)) = source.0.split_last() else { return Err("the root module cannot be moved") };
    let mut moves = Vec::new();
    for (resource, _, key, _) in state.objects() {
        let module = resource.module_instance();
        let Some(call) = module.0.get(parents.len()) else { continue };
        // As in Terraform, a call without a key is that one instance, not all instances of the call.
        if !module.0.starts_with(parents) || call != last {
            continue;
        }
        let mut steps: Vec<ModuleStep> = destination.0.to_vec();
        steps.extend(module.0.iter().skip(parents.len() + 1).cloned());
        let new = ResourceKey { module: ModuleInstance(Arc::from(steps)).to_string(), ..resource.clone() };
        moves.push((resource.clone(), key.clone(), new, key.clone()));
    }
    Ok(moves)
}

fn resource_moves(
    state: &State,
    (resource, key): (&ResourceKey, Option<&crate::state::InstanceKey>),
    (new, new_key): (&ResourceKey, Option<&crate::state::InstanceKey>),
) -> Result<Vec<Move>, &'static str> {
    let Some(entry) = state.resources.get(resource) else { return Ok(Vec::new()) };
    let has_single = entry.objects.keys().all(|object| object.index.is_none());
    let one_instance = key.is_some() || (has_single && new_key.is_some());
    if !one_instance && new_key.is_some() {
        return Err("a resource with several instances cannot become one instance");
    }
    let moves =
        entry.objects.keys().filter(|object| key.is_none_or(|key| object.index.as_ref() == Some(key)));
    let moves = moves.map(|object| {
        let index = if one_instance { new_key.cloned() } else { object.index.clone() };
        let moved = ObjectKey { index, deposed: object.deposed.clone() };
        (resource.clone(), object.clone(), new.clone(), moved)
    });
    Ok(moves.collect())
}

fn failure(summary: &str, detail: String) -> anyhow::Error {
    Failure::new(summary, detail).into()
}
