//! Whether `moved` blocks agree with each other and with the instances that are declared.
//!
//! Moves away from whole resources and modules that are still declared are reported with the configuration; here come those
//! that need the instances.

use std::collections::BTreeMap;

use crate::config::address::Target;
use crate::config::{Module, Moved};
use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::address::{ModuleInstance, ModulePath};

use super::walk::{Input, Walk};

/// A move with the module that states it.
struct Statement<'a> {
    module: &'a Module,
    moved: &'a Moved,
}

impl Statement<'_> {
    fn absolute(&self, target: &Target) -> String {
        let dot = if self.module.path.is_root() { "" } else { "." };
        format!("{}{dot}{target}", self.module.path)
    }

    fn from(&self) -> String {
        self.absolute(&self.moved.from)
    }

    fn to(&self) -> String {
        self.absolute(&self.moved.to)
    }
}

/// Returns what is wrong with the moves of a configuration.
pub(super) fn check(input: &Input<'_>, walk: &Walk<'_>) -> Diagnostics {
    let modules = input.config.modules();
    let statements: Vec<Statement<'_>> = modules
        .iter()
        .flat_map(|module| module.moved.iter().map(|moved| Statement { module, moved }))
        .collect();
    let mut found = Diagnostics::new();
    ambiguous(input, &statements, &mut found);
    for statement in &statements {
        found.extend(still_declared(input, walk, statement));
    }
    found.extend(cycle(input, &statements));
    found
}

fn at(input: &Input<'_>, range: SourceRange) -> String {
    let start = input.sources.position(range.source, range.start);
    format!("{}:{},{}", input.sources.name(range.source), start.line, start.column)
}

fn ambiguous(input: &Input<'_>, statements: &[Statement<'_>], found: &mut Diagnostics) {
    let summary = "Ambiguous move statements";
    let mut sources: BTreeMap<String, &Statement<'_>> = BTreeMap::new();
    let mut destinations: BTreeMap<String, &Statement<'_>> = BTreeMap::new();
    for statement in statements {
        let (from, to) = (statement.from(), statement.to());
        let kind = if statement.moved.from.resource.is_some() { "resource" } else { "module" };
        let here = statement.moved.declaration;
        if let Some(first) = sources.get(&from).filter(|first| first.to() != to) {
            let detail = format!(
                "A statement at {} declared that {from} moved to {}, but this statement instead declares that it moved to {to}.\n\nEach {kind} can move to only one destination {kind}.",
                at(input, first.moved.declaration),
                first.to()
            );
            found.push(Diagnostic::error(summary, detail).at(here));
        } else if let Some(first) = destinations.get(&to).filter(|first| first.from() != from) {
            let detail = format!(
                "A statement at {} declared that {} moved to {to}, but this statement instead declares that {from} moved there.\n\nEach {kind} can have moved from only one source {kind}.",
                at(input, first.moved.declaration),
                first.from()
            );
            found.push(Diagnostic::error(summary, detail).at(here));
        }
        sources.entry(from).or_insert(statement);
        destinations.entry(to).or_insert(statement);
    }
}

/// Reports a move away from an instance that the configuration still has.
fn still_declared(input: &Input<'_>, walk: &Walk<'_>, statement: &Statement<'_>) -> Option<Diagnostic> {
    let (from, to) = (&statement.moved.from, &statement.moved.to);
    let base = ModuleInstance(statement.module.path.0.iter().map(step).collect());
    let within: ModuleInstance = ModuleInstance(base.0.iter().chain(from.module.0.iter()).cloned().collect());
    let (noun, declared) = match (&from.resource, &to.resource) {
        (Some((resource, from_key)), Some((to_resource, to_key))) => {
            let block = input.config.module(&within.path())?.resources.get(resource)?;
            let whole = from_key.is_none()
                && to_key.is_none()
                && (resource != to_resource || from.module != to.module);
            let instance = resource.in_module(&within).instance(from_key.clone());
            if whole || !walk.is_declared(&instance) {
                return None;
            }
            ("resource instance", block.declaration)
        }
        _ => {
            let (last, above) = from.module.0.split_last()?;
            let parent = path_below(&statement.module.path, above.iter().map(|step| step.name.clone()));
            let call = input.config.module(&parent)?.calls.get(&last.name)?;
            let to_last = to.module.0.last()?;
            let whole = last.key.is_none() && to_last.key.is_none() && last.name != to_last.name;
            if whole || !walk.has_module(&within) {
                return None;
            }
            ("module instance", call.declaration)
        }
    };
    let detail = format!(
        "This statement declares a move from {}, but that {noun} is still declared at {}.\n\nChange your configuration so that this instance will be declared as {} instead.",
        statement.from(),
        at(input, declared),
        statement.to()
    );
    Some(Diagnostic::error("Moved object still exists", detail).at(statement.moved.declaration))
}

fn step(name: &std::sync::Arc<str>) -> crate::lang::address::ModuleStep {
    crate::lang::address::ModuleStep { name: name.clone(), key: None }
}

fn path_below(path: &ModulePath, names: impl Iterator<Item = std::sync::Arc<str>>) -> ModulePath {
    ModulePath(path.0.iter().cloned().chain(names).collect())
}

/// Reports moves that lead round in a circle, so that no object ever arrives.
fn cycle(input: &Input<'_>, statements: &[Statement<'_>]) -> Option<Diagnostic> {
    let starts: BTreeMap<String, usize> =
        statements.iter().enumerate().map(|(at, statement)| (statement.from(), at)).collect();
    let next: Vec<Option<usize>> =
        statements.iter().map(|statement| starts.get(&statement.to()).copied()).collect();
    let circle = first_circle(&next)?;
    let lines: Vec<String> = circle
        .into_iter()
        .map(|each| {
            let statement = &statements[each];
            let all = |text: String| match statement.moved.from.resource {
                Some((_, None)) => format!("{text}[*]"),
                _ => text,
            };
            let place = at(input, statement.moved.declaration);
            format!("  - {place}: {} \u{2192} {}", all(statement.from()), all(statement.to()))
        })
        .collect();
    let detail = format!(
        "The following chained move statements form a cycle, and so there is no final location to move objects to:\n{}\n\nA chain of move statements must end with an address that doesn't appear in any other statements, and which typically also refers to an object still declared in the configuration.",
        lines.join("\n")
    );
    Some(Diagnostic::error("Cyclic dependency in move statements", detail))
}

/// Returns the circle with the first member, beginning there, where each position leads to at most one other.
fn first_circle(next: &[Option<usize>]) -> Option<Vec<usize>> {
    let from = |start: usize| std::iter::successors(Some(start), |at| next[*at]);
    // Who came by first; who meets their own mark went round.
    let mut marks = vec![None; next.len()];
    let mut first: Option<usize> = None;
    for start in 0..next.len() {
        let met = from(start).find(|at| {
            let known = marks[*at].is_some();
            marks[*at].get_or_insert(start);
            known
        });
        if let Some(meeting) = met.filter(|at| marks[*at] == Some(start)) {
            let least = from(next[meeting]?).take_while(|at| *at != meeting).fold(meeting, usize::min);
            first = Some(first.map_or(least, |first| first.min(least)));
        }
    }
    let first = first?;
    Some(std::iter::once(first).chain(from(next[first]?).take_while(|at| *at != first)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_circle_that_begins_first_is_found() {
        assert_eq!(first_circle(&[Some(1), Some(2), None]), None);
        assert_eq!(first_circle(&[Some(0)]), Some(vec![0]));
        assert_eq!(first_circle(&[Some(3), Some(4), None, Some(5), Some(1), Some(3)]), Some(vec![1, 4]));
        assert_eq!(first_circle(&[Some(2), None, Some(3), Some(4), Some(2)]), Some(vec![2, 3, 4]));
    }
}
