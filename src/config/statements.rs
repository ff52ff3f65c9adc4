//! `moved` and `removed` blocks, held against what is still declared.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange, Sources};
use crate::lang::address::ModulePath;

use super::address::Target;
use super::module::{Config, Module};
use super::refactoring::{Moved, Removed};

/// Returns the statements of all modules that the configuration contradicts.
pub(super) fn check(config: &Config, sources: &Sources) -> Diagnostics {
    let mut found = Diagnostics::new();
    for module in config.modules() {
        found.extend(module.moved.iter().filter_map(|moved| check_moved(config, module, moved, sources)));
        found.extend(module.removed.iter().filter_map(|removed| check_removed(config, module, removed)));
    }
    found
}

/// Returns where a target without any key is declared, seen from `module`, and what it is.
fn declaration(config: &Config, module: &Module, target: &Target) -> Option<(SourceRange, &'static str)> {
    if target.module.0.iter().any(|step| step.key.is_some()) {
        return None;
    }
    let within = |steps: &[std::sync::Arc<str>]| {
        let path = ModulePath(module.path.0.iter().chain(steps).cloned().collect());
        config.module(&path)
    };
    let steps = target.module_path();
    match &target.resource {
        Some((_, Some(_))) => None,
        Some((resource, None)) => {
            let block = within(&steps.0)?.resources.get(resource)?;
            Some((block.declaration, "resource"))
        }
        None => {
            let (name, parents) = steps.0.split_last()?;
            Some((within(parents)?.calls.get(name)?.declaration, "module call"))
        }
    }
}

fn check_moved(config: &Config, module: &Module, moved: &Moved, sources: &Sources) -> Option<Diagnostic> {
    let (declared, what) = declaration(config, module, &moved.from)?;
    // Giving a single object a key, or taking it away, keeps the block.
    let same_resource = match (&moved.from.resource, &moved.to.resource) {
        (Some((from, _)), Some((to, _))) => from == to,
        (None, None) => true,
        _ => false,
    };
    if same_resource && moved.from.module_path() == moved.to.module_path() {
        return None;
    }
    let at = sources.position(declared.source, declared.start);
    let detail = format!(
        "This statement declares a move from {}, but that {what} is still declared at {}:{},{}.\n\nChange your configuration so that this {what} will be declared as {} instead.",
        moved.from,
        sources.name(declared.source),
        at.line,
        at.column,
        moved.to
    );
    Some(Diagnostic::error("Moved object still exists", detail).at(moved.declaration))
}

fn check_removed(config: &Config, module: &Module, removed: &Removed) -> Option<Diagnostic> {
    let (declared, what) = declaration(config, module, &removed.from)?;
    let word = if what == "resource" { "resource" } else { "module" };
    let detail = format!(
        "This statement declares that {} was removed, but it is still declared in configuration.",
        removed.from
    );
    Some(Diagnostic::error(format!("Removed {word} still exists"), detail).at(declared))
}
