//! What can be said of `terraform_remote_state` before anything is read.

use crate::diagnostic::{Diagnostic, Diagnostics, SourceRange};
use crate::lang::evaluate::evaluate_constant;
use crate::lang::syntax::Expression;
use crate::lang::{Kind, Type, Value, convert};
use crate::schema::content::Arguments;
use crate::schema::shape::Resolve;

use super::free_names::has_references;
use super::settings::is_backend;

/// The settings of the local backend.
const LOCAL: [&str; 2] = ["path", "workspace_dir"];

/// Reports a backend that does not exist, and settings that the local one does not have.
pub(super) fn check(arguments: &Arguments, found: &mut Diagnostics) {
    let (body, _) = arguments.resolve(&[]);
    let constant = |name: &str| {
        let expression = &body.attributes.get(name)?.expression;
        Some((constant(expression)?, expression.range))
    };
    let Some((backend, range)) = constant("backend") else { return };
    let Some(backend) = backend.as_str() else { return };
    if !is_backend(backend) {
        found.push(invalid(format!("There is no backend type named {backend:?}."), range));
    } else if backend == "local"
        && let Some((config, range)) = constant("config")
        && let Some(problem) = local_problem(&config)
    {
        let detail = format!("The given configuration is not valid for backend {backend:?}: {problem}.");
        found.push(invalid(detail, range));
    }
}

fn constant(expression: &Expression) -> Option<Value> {
    if has_references(expression) { None } else { evaluate_constant(expression).ok() }
}

fn invalid(detail: String, range: SourceRange) -> Diagnostic {
    Diagnostic::error("Invalid backend configuration", detail).at(range)
}

fn local_problem(config: &Value) -> Option<String> {
    if config.is_null() {
        return None;
    }
    let Some(members) = config.members() else { return Some("an object is required".to_owned()) };
    if let Some(name) = members.keys().find(|name| !LOCAL.contains(&&***name)) {
        return Some(format!("unexpected attribute {name:?}"));
    }
    members.iter().find_map(|(name, member)| {
        if matches!(member.kind, Kind::Unknown(..)) {
            return None;
        }
        convert::convert(member, &Type::String).err().map(|why| format!(".{name}: {}", why.message))
    })
}
