//! The address that an `import` block names, once its keys are evaluated.

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::address::{Address, InstanceKey, ModuleInstance, Resource};
use crate::lang::syntax::{Expression, Node, StepKind};
use crate::lang::{Scope, Value, evaluate};

/// A name, or a key with where it stands.
enum Part {
    Name(Arc<str>),
    Key(InstanceKey),
}

/// Returns the instance that the argument `to` names.
///
/// # Errors
/// A key that is not known before apply or is none, or an expression that is no address.
pub fn address(to: &Expression, scope: &dyn Scope) -> Result<Address, Diagnostics> {
    let mut parts = Vec::new();
    flatten(to, scope, &mut parts)?;
    let mut parts = parts.into_iter().peekable();
    let invalid = || {
        let detail = "The argument \"to\" must be the address of one resource instance.";
        Diagnostics::from(Diagnostic::error("Invalid import address", detail).at(to.range))
    };
    let mut module = ModuleInstance::root();
    let name = |parts: &mut dyn Iterator<Item = Part>| match parts.next() {
        Some(Part::Name(name)) => Ok(name),
        _ => Err(invalid()),
    };
    let mut first = name(&mut parts)?;
    while &*first == "module" {
        let call = name(&mut parts)?;
        let key = match parts.next_if(|part| matches!(part, Part::Key(_))) {
            Some(Part::Key(key)) => Some(key),
            _ => None,
        };
        module = module.child(call, key);
        first = name(&mut parts)?;
    }
    let resource = Resource::managed(first, name(&mut parts)?);
    let key = match parts.next() {
        None => None,
        Some(Part::Key(key)) => Some(key),
        Some(Part::Name(_)) => return Err(invalid()),
    };
    if parts.next().is_some() {
        return Err(invalid());
    }
    Ok(resource.in_module(&module).instance(key))
}

fn flatten(expression: &Expression, scope: &dyn Scope, parts: &mut Vec<Part>) -> Result<(), Diagnostics> {
    let steps = match &expression.node {
        Node::Traversal(name, steps) => {
            parts.push(Part::Name(name.clone()));
            steps
        }
        Node::Relative(inner, steps) => {
            flatten(inner, scope, parts)?;
            steps
        }
        Node::Index(inner, index) => {
            flatten(inner, scope, parts)?;
            parts.push(Part::Key(key(&evaluate(index, scope)?, index.range)?));
            return Ok(());
        }
        Node::Parentheses(inner) => return flatten(inner, scope, parts),
        _ => {
            let detail = "The argument \"to\" must be the address of one resource instance.";
            return Err(Diagnostic::error("Invalid import address", detail).at(expression.range).into());
        }
    };
    for step in steps {
        parts.push(match &step.kind {
            StepKind::Attribute(name) => Part::Name(name.clone()),
            StepKind::Key(key) => Part::Key(InstanceKey::Key(key.clone())),
            StepKind::Index(number) => Part::Key(key(
                &Value { kind: crate::lang::Kind::Number(number.clone()), marks: crate::lang::Marks::NONE },
                step.range,
            )?),
        });
    }
    Ok(())
}

fn key(value: &Value, range: SourceRange) -> Result<InstanceKey, Diagnostics> {
    if let Some(text) = value.as_str() {
        return Ok(InstanceKey::Key(text.into()));
    }
    if let Some(index) = value.as_i64().and_then(|index| u64::try_from(index).ok()) {
        return Ok(InstanceKey::Index(index));
    }
    let detail = if value.is_known() {
        "The key of an instance must be a string or a whole number from 0."
    } else {
        "The key of the instance depends on resource attributes that cannot be determined until apply, so Snapform cannot plan to import this resource."
    };
    Err(Diagnostic::error("Invalid import address", detail).at(range).into())
}
