//! A state that knows of no point, while the parents hold points with just the names that the plan gives to new ones.
//!
//! That is more often a state that was lost, or one of another workspace or backend, than a wish for a second set.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::lang::Value;
use crate::lang::address::Address;

use super::survey::Points;

/// So many blocks are written out.
const WRITTEN: usize = 50;

/// Returns the attribute that holds the name of a type's points.
pub fn name_attribute(type_name: &str) -> Option<&'static str> {
    match type_name {
        "tencentcloud_cbs_disk_backup" => Some("disk_backup_name"),
        "alicloud_ecs_snapshot"
        | "alicloud_snapshot"
        | "alicloud_ecd_snapshot"
        | "tencentcloud_cfs_snapshot"
        | "tencentcloud_tcaplus_snapshot" => Some("snapshot_name"),
        _ => None,
    }
}

/// Returns the name that an object is to have or has; nothing when it has none, or is not known yet.
pub fn name_of(type_name: &str, object: &Value) -> Option<Arc<str>> {
    // The older name of the argument means the same.
    let names = [name_attribute(type_name)?, "name"];
    let text = names.iter().find_map(|name| object.get(name)?.as_str().filter(|text| !text.is_empty()));
    text.map(Arc::from)
}

/// Collects the points that new ones would stand beside under the same name.
#[derive(Default)]
pub struct Doubles {
    found: Vec<(Address, Arc<str>)>,
    taken: BTreeSet<Arc<str>>,
}

impl Doubles {
    /// Looks for a point of this name among those of the parent; each is taken for one address only.
    pub fn look(&mut self, address: &Address, name: &str, points: &Points) {
        let mut same: Vec<&Arc<str>> =
            points.names.iter().filter(|(_, each)| &***each == name).map(|(id, _)| id).collect();
        // A usable one is worth more than one in the making.
        same.sort_by_key(|id| !points.usable.contains(*id));
        if let Some(id) = same.into_iter().find(|id| !self.taken.contains(*id)) {
            self.taken.insert(id.clone());
            self.found.push((address.clone(), id.clone()));
        }
    }

    /// Returns the warning with the blocks that bind them; nothing when there are none.
    pub fn warning(self) -> Option<Diagnostic> {
        let (first, _) = self.found.first()?;
        let blocks = self.found.iter().take(WRITTEN).map(|(address, id)| {
            let id = id.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{");
            format!("import {{\n  to = {address}\n  id = \"{id}\"\n}}")
        });
        let mut blocks = blocks.collect::<Vec<_>>().join("\n\n");
        if self.found.len() > WRITTEN {
            blocks.push_str(&format!("\n\nand {} more.", self.found.len() - WRITTEN));
        }
        let detail = format!(
            "The state has no recovery point, and the cloud has {} with just the names and parents that this configuration declares. If the state was lost, or is that of another workspace or backend, an apply makes all of them once more. To take over those that exist, put these blocks into the configuration and plan again:\n\n{blocks}",
            self.found.len()
        );
        Some(Diagnostic::warning("Points of these names exist already", detail).about(first))
    }
}
