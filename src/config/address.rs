//! Addresses written in `moved`, `removed` and `import` blocks.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::address::{InstanceKey, Mode, ModuleInstance, ModulePath, ModuleStep, Resource};
use crate::lang::syntax::{Step, StepKind};

use super::traversal::Traversal;

/// A module, or a resource or an instance of one, as seen from the module that names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The steps into modules; a step without key means all instances of the call.
    pub module: ModuleInstance,
    /// The resource and the key of an instance; nothing when the target is a module.
    pub resource: Option<(Resource, Option<InstanceKey>)>,
}

impl Target {
    /// Returns the module in the configuration.
    pub fn module_path(&self) -> ModulePath {
        self.module.path()
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.module)?;
        if let Some((resource, key)) = &self.resource {
            let dot = if self.module.is_root() { "" } else { "." };
            write!(f, "{dot}{resource}")?;
            if let Some(key) = key {
                write!(f, "{key}")?;
            }
        }
        Ok(())
    }
}

/// Words that cannot begin the address of a managed resource.
const RESERVED: [&str; 12] = [
    "count",
    "each",
    "local",
    "module",
    "path",
    "self",
    "terraform",
    "var",
    "template",
    "lazy",
    "arg",
    "output",
];

fn invalid(range: SourceRange, detail: impl Into<String>) -> Diagnostic {
    Diagnostic::error("Invalid address", detail).at(range)
}

fn invalid_operator(range: SourceRange, detail: impl Into<String>) -> Diagnostic {
    Diagnostic::error("Invalid address operator", detail).at(range)
}

/// Reads one name or key after the other.
struct Cursor<'a> {
    traversal: &'a Traversal,
    /// 0 is the first name, then the steps.
    at: usize,
}

impl<'a> Cursor<'a> {
    fn name(&self) -> Option<(&'a Arc<str>, SourceRange)> {
        if self.at == 0 {
            return Some((&self.traversal.name, self.traversal.name_range()));
        }
        match self.traversal.steps.get(self.at - 1) {
            Some(Step { kind: StepKind::Attribute(name), range }) => Some((name, *range)),
            _ => None,
        }
    }

    fn take_name(&mut self) -> Option<&'a Arc<str>> {
        let (name, _) = self.name()?;
        self.at += 1;
        Some(name)
    }

    fn is_at_end(&self) -> bool {
        self.at > self.traversal.steps.len()
    }

    fn rest(&self) -> SourceRange {
        match self.traversal.steps.get(self.at.saturating_sub(1)) {
            Some(step) if self.at > 0 => SourceRange { end: self.traversal.range.end, ..step.range },
            _ => self.traversal.range,
        }
    }

    fn take_key(&mut self, of: &str) -> Result<Option<InstanceKey>, Diagnostic> {
        let Some(step) = self.at.checked_sub(1).and_then(|at| self.traversal.steps.get(at)) else {
            return Ok(None);
        };
        let key = match &step.kind {
            StepKind::Attribute(_) => return Ok(None),
            StepKind::Key(key) => InstanceKey::Key(key.clone()),
            StepKind::Index(number) => match number.to_i64().and_then(|index| u64::try_from(index).ok()) {
                Some(index) => InstanceKey::Index(index),
                None => {
                    let detail = format!(
                        "Invalid {of} index: value must be a whole number, between 0 and 9223372036854775807."
                    );
                    return Err(invalid_operator(step.range, detail));
                }
            },
        };
        self.at += 1;
        Ok(Some(key))
    }
}

/// Returns the target that a reference names.
///
/// # Errors
/// A reference that names neither a module nor a resource.
pub fn parse_target(traversal: &Traversal) -> Result<Target, Diagnostic> {
    let mut cursor = Cursor { traversal, at: 0 };
    let mut steps = Vec::new();
    while let Some((word, range)) = cursor.name() {
        if &**word != "module" {
            break;
        }
        cursor.at += 1;
        let Some(name) = cursor.take_name() else {
            let range = if cursor.is_at_end() { range } else { cursor.rest() };
            return Err(invalid_operator(range, "Prefix \"module.\" must be followed by a module name."));
        };
        let key = cursor.take_key("module")?;
        steps.push(ModuleStep { name: name.clone(), key });
    }
    let module = ModuleInstance(steps.into());
    if cursor.is_at_end() {
        return Ok(Target { module, resource: None });
    }
    let start = cursor.rest();
    let incomplete = || invalid(start, "Resource specification must include a resource type and name.");
    let mut mode = Mode::Managed;
    match cursor.name() {
        Some((word, _)) if &**word == "data" => {
            mode = Mode::Data;
            cursor.at += 1;
        }
        Some((word, _)) if &**word == "resource" => cursor.at += 1,
        Some((word, range)) if RESERVED.contains(&&**word) => {
            let detail = format!(
                "The keyword {word:?} is reserved and cannot be used to target a resource address. If you are targeting a resource type that uses a reserved keyword, please prefix your address with \"resource.\"."
            );
            return Err(invalid(range, detail));
        }
        _ => {}
    }
    let type_name = cursor.take_name().ok_or_else(incomplete)?;
    let name = cursor.take_name().ok_or_else(incomplete)?;
    let key = cursor.take_key("resource")?;
    if !cursor.is_at_end() {
        return Err(invalid(cursor.rest(), "Unexpected extra operators after address."));
    }
    let resource = Resource { mode, type_name: type_name.clone(), name: name.clone() };
    Ok(Target { module, resource: Some((resource, key)) })
}

/// Reads a target, reporting what is none.
pub(super) fn target(traversal: &Traversal, found: &mut Diagnostics) -> Option<Target> {
    parse_target(traversal).map_err(|wrong| found.push(wrong)).ok()
}
