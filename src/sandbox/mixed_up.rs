//! Answers that are those of something else: what a proxy that mixes up connections or a broken service makes of them.
//!
//! An answer is changed after the action has run, so the world is what the action made of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::faults::{Effects, WrongId};
use super::http::Response;
use super::world::{Life, World};

/// The fields that hold the id of a point.
const IDS: [&str; 2] = ["SnapshotId", "DiskBackupId"];
/// The fields that say what a point is of.
const PARENTS: [&str; 4] = ["DiskId", "SourceDiskId", "FileSystemId", "DesktopId"];

/// The ids that creates made, by service: the first and the last.
pub(crate) type Made = BTreeMap<String, (String, String)>;

/// Changes an answer as the faults of its call say.
pub(crate) fn mix_up(
    response: &mut Response,
    service: &str,
    action: &str,
    effects: &Effects,
    world: &World,
    made: &mut Made,
) {
    let creates = action.starts_with("Create");
    if !creates && !effects.other_parent && !effects.unreadable {
        return;
    }
    let Ok(mut body) = serde_json::from_slice::<Value>(&response.body) else { return };
    if creates && let Some(id) = find_id(&mut body) {
        let own = id.as_str().unwrap_or_default().to_owned();
        let before = made.get(service).cloned();
        let other = effects.wrong_id.as_ref().map(|wrong| match wrong {
            WrongId::Stranger => strangers(world, service).into_iter().next().unwrap_or_else(|| own.clone()),
            WrongId::First => before.clone().map_or_else(|| own.clone(), |(first, _)| first),
            WrongId::Before => before.clone().map_or_else(|| own.clone(), |(_, last)| last),
            WrongId::Unknown(Some(text)) => text.clone(),
            WrongId::Unknown(None) => format!("{own}0"),
        });
        if let Some(other) = other {
            *id = json!(other);
        }
        made.insert(service.to_owned(), (before.map_or_else(|| own.clone(), |(first, _)| first), own));
    }
    if effects.other_parent {
        elsewhere(&mut body);
    }
    response.body = body.to_string().into_bytes();
    if effects.unreadable {
        // No text in UTF-8 holds this byte.
        let middle = response.body.len() / 2;
        response.body.insert(middle, 0xff);
    }
}

fn find_id(body: &mut Value) -> Option<&mut Value> {
    let members = body.as_object_mut()?;
    let place = members.iter().find(|(name, value)| IDS.contains(&name.as_str()) && value.is_string());
    match place.map(|(name, _)| name.clone()) {
        Some(name) => members.get_mut(&name),
        None => members.get_mut("Response").and_then(find_id),
    }
}

/// Says of all points of an answer that they are of something else.
fn elsewhere(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(elsewhere),
        Value::Object(members) => {
            if IDS.iter().any(|id| members.contains_key(*id)) {
                for parent in PARENTS {
                    if let Some(value) = members.get_mut(parent) {
                        *value = json!("elsewhere");
                    }
                }
            }
            members.values_mut().for_each(elsewhere);
        }
        _ => {}
    }
}

/// Returns the ids of the points of a service that are marked as somebody else's and are not leaving.
pub(crate) fn strangers(world: &World, service: &str) -> Vec<String> {
    fn of<'a>(points: impl Iterator<Item = (&'a Life, &'a str)>) -> Vec<String> {
        let theirs = points.filter(|(life, _)| life.stranger && life.deleted_ms.is_none());
        theirs.map(|(_, id)| id.to_owned()).collect()
    }
    match service {
        "ecs" => of(world.ecs_snapshots.everything().map(|point| (&point.life, &*point.id))),
        "ecd" => of(world.ecd_snapshots.everything().map(|point| (&point.life, &*point.id))),
        "cfs" => of(world.cfs_snapshots.everything().map(|point| (&point.life, &*point.id))),
        "cbs" => of(world.disk_backups.everything().map(|point| (&point.life, &*point.id))),
        "tcaplusdb" => of(world.tcaplus_snapshots.everything().map(|point| (&point.life, &*point.key))),
        _ => Vec::new(),
    }
}

/// Returns whether any point is marked as somebody else's.
pub(crate) fn has_strangers(world: &World) -> bool {
    ["ecs", "ecd", "cfs", "cbs", "tcaplusdb"].iter().any(|service| !strangers(world, service).is_empty())
}
