//! Resources in the tree of their modules, as `planned_values` and states show them.

use std::collections::BTreeMap;

use super::tree::Members;
use crate::lang::address::ModuleInstance;

/// Returns the root module with all modules below it. Entries keep their order within a module.
pub fn module_tree(resources: impl IntoIterator<Item = (ModuleInstance, Members)>) -> Members {
    let mut by_module: BTreeMap<ModuleInstance, Vec<Members>> = BTreeMap::new();
    let mut children: BTreeMap<ModuleInstance, BTreeMap<String, ModuleInstance>> = BTreeMap::new();
    for (module, entry) in resources {
        let mut below = module.clone();
        while let Some((parent, _)) = below.parent() {
            // Terraform orders modules by the text of their address.
            children.entry(parent.clone()).or_default().insert(below.to_string(), below);
            below = parent;
        }
        by_module.entry(module).or_default().push(entry);
    }
    module_of(&ModuleInstance::root(), &mut by_module, &children)
}

fn module_of(
    module: &ModuleInstance,
    resources: &mut BTreeMap<ModuleInstance, Vec<Members>>,
    children: &BTreeMap<ModuleInstance, BTreeMap<String, ModuleInstance>>,
) -> Members {
    let below: Vec<Members> = children
        .get(module)
        .into_iter()
        .flat_map(BTreeMap::values)
        .map(|child| module_of(child, resources, children))
        .collect();
    Members::new()
        .maybe("resources", resources.remove(module))
        .maybe("address", (!module.is_root()).then(|| module.to_string()))
        .maybe("child_modules", (!below.is_empty()).then_some(below))
}
