//! The inputs of a module call, held against the variables of the called module.

use crate::diagnostic::Diagnostics;
use crate::schema::shape::Shape;

use super::module::Module;
use super::module_call::ModuleCall;

/// Reports inputs that the module does not declare, and those that it needs and does not get.
pub(super) fn check(call: &ModuleCall, child: &Module, found: &mut Diagnostics) {
    let attributes: Vec<(&str, bool)> =
        child.variables.values().map(|variable| (&*variable.name, variable.default.is_none())).collect();
    let shape = Shape { attributes: &attributes, blocks: &[] };
    shape.content_with_overrides(&call.arguments, found);
}
