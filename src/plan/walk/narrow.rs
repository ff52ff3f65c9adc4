//! What `-target`, `-exclude` and `-destroy` leave of the configuration and of the state.

use crate::diagnostic::Diagnostic;
use crate::lang::address::{Address, ConfigResource, Mode, ModuleInstance};
use crate::lang::hash::{HashMap, HashSet};

use super::super::change::Change;
use super::super::graph::NodeKey;
use super::super::options::{PlanMode, TARGETING_SUMMARY, Target};
use super::{Purpose, Walk};

impl Walk<'_> {
    /// Marks the nodes that are left out.
    pub(super) fn skip_untargeted(&mut self) {
        let options = self.input.options;
        if self.purpose == Purpose::Validate {
            return;
        }
        if options.mode == PlanMode::Destroy && self.purpose == Purpose::Plan {
            // A destroy needs the providers and nothing else of the configuration.
            let starts = self.positions(|key| matches!(key, NodeKey::Provider(_)));
            self.skipped = self.graph.needed_by(starts).into_iter().map(|needed| !needed).collect();
            return;
        }
        if !options.targets.is_empty() {
            let starts = self.positions(|key| match key {
                NodeKey::Resource(path, resource) => {
                    options.targets.iter().any(|target| target.covers_block(path, resource))
                }
                _ => false,
            });
            let needed = self.graph.needed_by(starts);
            self.skipped = needed.iter().map(|needed| !needed).collect();
            self.keep_outputs_of(&needed);
        }
        self.skip_excluded();
    }

    fn positions(&self, wanted: impl Fn(&NodeKey) -> bool) -> Vec<usize> {
        let nodes = self.graph.nodes.iter().enumerate();
        nodes.filter(|(_, key)| wanted(key)).map(|(at, _)| at).collect()
    }

    /// An output is worth a look when all the resources behind it are.
    fn keep_outputs_of(&mut self, needed: &[bool]) {
        for at in 0..self.graph.nodes.len() {
            let NodeKey::Output(path, _) = &self.graph.nodes[at] else { continue };
            if !self.skipped[at] || !path.is_root() {
                continue;
            }
            let behind = self.graph.resources_behind(at);
            if !behind.is_empty() && behind.iter().all(|resource| needed[*resource]) {
                let wanted = self.graph.needed_by([at]);
                wanted.iter().enumerate().filter(|(_, wanted)| **wanted).for_each(|(each, _)| {
                    self.skipped[each] = false;
                });
            }
        }
    }

    /// What is excluded takes along the resources and outputs that depend on it.
    fn skip_excluded(&mut self) {
        let options = self.input.options;
        if options.excludes.is_empty() {
            return;
        }
        let mut touched = vec![false; self.graph.nodes.len()];
        for at in 0..self.graph.nodes.len() {
            let key = &self.graph.nodes[at];
            let depends = self.graph.depends_on[at].iter().any(|first| touched[*first]);
            let named = match key {
                NodeKey::Resource(path, resource) => {
                    options.excludes.iter().any(|exclude| exclude.covers_block(path, resource))
                }
                _ => false,
            };
            touched[at] = depends || named;
            let whole = match key {
                NodeKey::Resource(path, resource) => {
                    depends || options.excludes.iter().any(|exclude| exclude.covers_all_of(path, resource))
                }
                NodeKey::Output(path, _) => depends && path.is_root(),
                _ => false,
            };
            self.skipped[at] |= whole;
        }
    }

    /// Finds what a narrowed destroy takes along: with `-target` all that depends on the targets, with `-exclude` all that the
    /// excluded objects need is left.
    pub(super) fn narrow_destroy(&mut self) {
        let options = self.input.options;
        if options.mode != PlanMode::Destroy {
            return;
        }
        let mut instances: HashMap<ConfigResource, Vec<&Address>> = HashMap::default();
        let mut users: HashMap<ConfigResource, Vec<&Address>> = HashMap::default();
        let mut needs: HashMap<&Address, &[ConfigResource]> = HashMap::default();
        for (name, prior) in &*self.prior {
            let address = &name.address;
            instances.entry(address.config()).or_default().push(address);
            for needed in &*prior.dependencies {
                users.entry(needed.clone()).or_default().push(address);
            }
            needs.entry(address).or_insert(&prior.dependencies);
        }
        let covered = |targets: &[Target]| -> Vec<&Address> {
            needs
                .keys()
                .copied()
                .filter(|address| targets.iter().any(|target| target.covers(address)))
                .collect()
        };
        let own = |address: &Address| vec![address.config()];
        let needed = |address: &Address| needs.get(address).map(|needs| needs.to_vec()).unwrap_or_default();
        let mut narrowed = reached(covered(&options.targets), own, &users);
        narrowed.extend(reached(covered(&options.excludes), needed, &instances));
        self.narrowed = narrowed.into_iter().cloned().collect();
    }

    /// Tells whether a remembered object is to be looked at: with `-target`, only those that it covers.
    pub(super) fn is_in_scope(&self, address: &Address) -> bool {
        let options = self.input.options;
        let destroying = options.mode == PlanMode::Destroy;
        if options.targets.is_empty() && options.excludes.is_empty() {
            return true;
        }
        if !options.excludes.is_empty()
            && (options.excludes.iter().any(|exclude| exclude.covers(address))
                || (destroying && self.narrowed.contains(address)))
        {
            return false;
        }
        let key = NodeKey::Resource(address.module.path(), address.resource.clone());
        let position = self.graph.position(&key);
        if options.targets.is_empty() {
            return destroying || position.is_none_or(|at| !self.skipped[at]);
        }
        if options.targets.iter().any(|target| target.covers(address)) {
            return true;
        }
        if destroying {
            return self.narrowed.contains(address);
        }
        // Of a block that is only partly targeted, the other instances are left alone.
        let partly = position.is_some_and(|_| {
            options
                .targets
                .iter()
                .any(|target| target.covers_block(&address.module.path(), &address.resource))
        });
        !partly && position.is_some_and(|at| !self.skipped[at])
    }

    /// Tells whether it is open if an instance is declared, because its block could not be evaluated.
    pub(super) fn is_undecided(&self, address: &Address) -> bool {
        let key = NodeKey::Resource(address.module.path(), address.resource.clone());
        self.graph.position(&key).is_some_and(|at| self.failed[at])
            && !matches!(
                self.expansions.get(&address.resource_address()),
                Some(expansion) if *expansion != super::Expansion::Unknown
            )
    }

    /// Warns of what the plan does not do, or does not do as asked.
    pub(super) fn warn(&mut self) {
        let options = self.input.options;
        if !options.targets.is_empty() || !options.excludes.is_empty() {
            let (these, are, is) = match options.excludes.is_empty() {
                true => ("the -target option", "The -target option is", "is"),
                false => (
                    "either the -target option or the -exclude option",
                    "The -target and -exclude options are",
                    "are",
                ),
            };
            let detail = format!(
                "You are creating a plan with {these}, which means that the result of this plan may not represent all of the changes requested by the current configuration.\n\n{are} not for routine use, and {is} provided only for exceptional situations such as recovering from errors or mistakes, or when Snapform specifically suggests to use it as part of an error message."
            );
            self.found.push(Diagnostic::warning(TARGETING_SUMMARY, detail));
        }
        self.warn_of_replace_requests();
        let forgotten: Vec<String> = self
            .changes
            .iter()
            .filter(|change| matches!(change.change, Change::Forget { .. }))
            .map(|change| format!(" - {}", change.address))
            .collect();
        if !forgotten.is_empty() {
            let detail = format!(
                "If you apply this plan, Snapform will discard its tracking information for the following objects, but it will not delete them:\n{}\n\nAfter applying this plan, Snapform will no longer manage these objects. You will need to import them into Snapform to manage them again.",
                forgotten.join("\n")
            );
            self.found
                .push(Diagnostic::warning("Some objects will no longer be managed by Terraform", detail));
        }
    }

    /// A `-replace` without key means no instance of a block that repeats.
    fn warn_of_replace_requests(&mut self) {
        for wanted in &self.input.options.replace {
            if self.declared.contains(wanted) || wanted.key.is_some() {
                continue;
            }
            let mut candidates: Vec<&Address> = self
                .declared
                .iter()
                .filter(|address| {
                    address.resource == wanted.resource
                        && address.module == wanted.module
                        && address.resource.mode == Mode::Managed
                })
                .collect();
            candidates.sort();
            let lines: Vec<String> =
                candidates.iter().map(|address| format!("\n  -replace=\"{address}\"")).collect();
            let remedy = match lines.len() {
                0 => continue,
                1 => "the single declared instance, use the following option instead:",
                _ => "particular instances, use one or more of the following options instead:",
            };
            let detail = format!(
                "Your force-replace request for {wanted} doesn't match any resource instances because it lacks an instance key.\n\nTo force replacement of {remedy}{}",
                lines.concat()
            );
            self.found
                .push(Diagnostic::warning("Incompletely-matched force-replace resource instance", detail));
        }
    }
}

/// Returns all that can be reached from some instances, these included, over the blocks that `links` names and their `members`.
///
/// A step never leads from one instance of a module to another instance of the same module: the state knows dependencies of
/// blocks only, and siblings do not depend on each other.
fn reached<'a>(
    from: Vec<&'a Address>,
    links: impl Fn(&Address) -> Vec<ConfigResource>,
    members: &HashMap<ConfigResource, Vec<&'a Address>>,
) -> HashSet<&'a Address> {
    let mut seen: HashSet<&Address> = from.iter().copied().collect();
    // Instances of one block have the same links, and are many.
    let mut done: HashSet<(&ModuleInstance, ConfigResource)> = HashSet::default();
    let mut open = from;
    while let Some(address) = open.pop() {
        for link in links(address) {
            if !done.insert((&address.module, link.clone())) {
                continue;
            }
            for other in members.get(&link).into_iter().flatten() {
                let siblings = address.module != other.module && address.module.path() == other.module.path();
                if !siblings && seen.insert(other) {
                    open.push(other);
                }
            }
        }
    }
    seen
}
