//! Variables, local values, outputs, module calls and providers.

use std::sync::Arc;

use crate::config::{ModuleCall, Variable};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::{InstanceKey, ModuleInstance, ModulePath};
use crate::lang::evaluate::{Cause, evaluate, reference_values};
use crate::lang::syntax::Expression;
use crate::lang::{Marks, Members, Type, Value};
use crate::schema::shape::Resolve;

use super::super::expand;
use super::super::world::{Expansion, Repetition};
use super::{Purpose, Walk};

/// Returns the argument of a module call for a variable.
pub(super) fn argument(call: &ModuleCall, name: &str) -> Option<Expression> {
    call.arguments.resolve(&[]).0.attributes.get(name).map(|attribute| attribute.expression.clone())
}

impl Walk<'_> {
    pub(super) fn partial(&self) -> bool {
        // While reads are missing, unknown numbers may only be not known yet.
        self.purpose == Purpose::Validate || !self.reads.is_empty()
    }

    /// Returns how often a block stands.
    pub(super) fn expansion(
        &mut self,
        module: &ModuleInstance,
        count: Option<&Expression>,
        for_each: Option<&Expression>,
    ) -> Option<Expansion> {
        let repetition = Repetition::default();
        let partial = self.partial();
        let result = self.with_scope(module, &repetition, None, |scope| match (count, for_each) {
            (Some(count), _) => expand::count(count, scope, partial),
            (None, Some(for_each)) => expand::for_each(for_each, scope, partial),
            (None, None) => Ok(Expansion::Single),
        });
        match result {
            Ok(expansion) => self.with_room(module, count.or(for_each), expansion),
            Err(found) => {
                self.found.extend(found);
                None
            }
        }
    }

    /// Returns how often a block stands in each instance of its module; nothing when that is more than can be held, before
    /// any instance is made.
    pub(super) fn expansions_of(
        &mut self,
        path: &ModulePath,
        count: Option<&Expression>,
        for_each: Option<&Expression>,
    ) -> Vec<(ModuleInstance, Option<Expansion>)> {
        let modules = self.instances_of(path);
        let mut expansions = Vec::with_capacity(modules.len());
        for module in modules {
            let expansion = self.expansion(&module, count, for_each);
            if self.out_of_room {
                return Vec::new();
            }
            expansions.push((module, expansion));
        }
        expansions
    }

    /// Returns how often a block stands, unless that is more than can be held; told once.
    fn with_room(
        &mut self,
        module: &ModuleInstance,
        expression: Option<&Expression>,
        expansion: Expansion,
    ) -> Option<Expansion> {
        let exceeded = match self.environment.budget.spend_instances(expansion.instances()) {
            // What the plan found room for is only looked at again.
            Err(exceeded) if self.purpose != Purpose::Apply => exceeded,
            _ => return Some(expansion),
        };
        if !std::mem::replace(&mut self.out_of_room, true) {
            let place = if module.0.is_empty() { "the root module".to_owned() } else { module.to_string() };
            let detail = format!("A block in {place} stands too often: {exceeded}.");
            let mut diagnostic = Diagnostic::error("Evaluation limit exceeded", detail);
            diagnostic.subject = expression.map(|expression| expression.range);
            self.found.push(diagnostic);
        }
        None
    }

    pub(super) fn visit_call(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(call) = self.module_of(path).and_then(|module| module.calls.get(name)) else { return };
        for (module, expansion) in self.expansions_of(path, call.count.as_ref(), call.for_each.as_ref()) {
            let expansion = match expansion {
                Some(expansion) => expansion,
                None if self.purpose == Purpose::Plan => continue,
                None => Expansion::Unknown,
            };
            self.add_call_instances(path, &module, call, expansion);
        }
        self.instances.entry(path.child(name.clone())).or_default();
    }

    fn add_call_instances(
        &mut self,
        path: &ModulePath,
        module: &ModuleInstance,
        call: &ModuleCall,
        expansion: Expansion,
    ) {
        let child_path = path.child(call.name.clone());
        for repetition in expansion.repetitions() {
            let child = module.child(call.name.clone(), repetition.key.clone());
            self.world.module_mut(&child);
            self.instances.entry(child_path.clone()).or_default().push(child.clone());
            self.repetitions.insert(child, repetition);
        }
        self.world.expand(module, call.name.clone(), expansion);
    }

    /// The instances of a module that is left out are those that the state knows.
    pub(super) fn visit_call_from_state(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(call) = self.module_of(path).and_then(|module| module.calls.get(name)) else { return };
        for module in self.instances_of(path) {
            let mut keys: Vec<Option<InstanceKey>> = self
                .prior
                .keys()
                .filter_map(|object| {
                    let steps = &object.address.module.0;
                    let step = steps.get(module.0.len())?;
                    (steps.starts_with(&module.0) && step.name == *name).then(|| step.key.clone())
                })
                .collect();
            keys.sort();
            keys.dedup();
            let expansion = match keys.first() {
                Some(Some(InstanceKey::Index(_))) => Expansion::Count(keys.len() as u64),
                Some(Some(InstanceKey::Key(_))) => Expansion::ForEach(
                    keys.iter()
                        .filter_map(|key| match key {
                            Some(InstanceKey::Key(key)) => Some((key.clone(), Value::unknown(Type::Dynamic))),
                            _ => None,
                        })
                        .collect(),
                ),
                _ if call.count.is_some() || call.for_each.is_some() => Expansion::Count(0),
                _ => Expansion::Single,
            };
            self.add_call_instances(path, &module, call, expansion);
        }
        self.instances.entry(path.child(name.clone())).or_default();
    }

    pub(super) fn visit_variable(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(variable) = self.module_of(path).and_then(|module| module.variables.get(name)) else {
            return;
        };
        for module in self.instances_of(path) {
            let value = match module.parent() {
                None => self.root_variable(variable),
                Some((parent, _)) => self.input_variable(&parent, &module, path, variable),
            };
            let mut marks = Marks::NONE;
            if variable.sensitive {
                marks |= Marks::SENSITIVE;
            }
            if variable.ephemeral {
                marks |= Marks::EPHEMERAL;
            }
            let value = value.with_marks(marks);
            self.world.module_mut(&module).variables.insert(name.clone(), value);
            self.check_variable(&module, variable);
        }
    }

    fn root_variable(&mut self, variable: &Variable) -> Value {
        if self.purpose == Purpose::Validate {
            return Value::unknown(variable.constraint.ty.clone());
        }
        self.input
            .variables
            .get(&variable.name)
            .cloned()
            .or_else(|| variable.default.clone())
            .unwrap_or_else(|| Value::unknown(variable.constraint.ty.clone()))
    }

    /// Evaluates the argument of a module call in the scope of the caller.
    fn input_variable(
        &mut self,
        parent: &ModuleInstance,
        module: &ModuleInstance,
        path: &ModulePath,
        variable: &Variable,
    ) -> Value {
        let call_name = path.0.last().cloned().unwrap_or_default();
        let call = self.module_of(&parent.path()).and_then(|module| module.calls.get(&call_name));
        let unknown = || Value::unknown(variable.constraint.ty.clone());
        let Some(expression) = call.and_then(|call| argument(call, &variable.name)) else {
            return variable.default.clone().unwrap_or_else(unknown);
        };
        let expression = &expression;
        let repetition = self.repetitions.get(module).cloned().unwrap_or_default();
        let value = match self.with_scope(parent, &repetition, None, |scope| evaluate(expression, scope)) {
            Ok(value) => value,
            Err(found) => {
                self.found.extend(found);
                return unknown();
            }
        };
        if value.is_null() && !variable.nullable {
            if let Some(default) = &variable.default {
                return default.clone();
            }
            let detail = format!(
                "The given value is not suitable for {}.var.{} defined at {}: required variable may not be set to null.",
                path,
                variable.name,
                crate::config::place(self.input.sources, variable.declaration),
            );
            self.found.push(Diagnostic::error("Required variable not set", detail).at(expression.range));
            return unknown();
        }
        if value.deep_marks().is_ephemeral() && !variable.ephemeral {
            let detail = "This input variable is not declared as accepting a ephemeral values, so it cannot be set to a result derived from an ephemeral value.";
            self.found.push(Diagnostic::error("Ephemeral value not allowed", detail).at(expression.range));
            return unknown();
        }
        match variable.constraint.apply(&value) {
            Ok(value) => value,
            Err(why) => {
                let detail = format!(
                    "The given value is not suitable for {}.var.{} declared at {}: {}.",
                    path,
                    variable.name,
                    crate::config::place(self.input.sources, variable.declaration),
                    why.message,
                );
                let mut error =
                    Diagnostic::error("Invalid value for input variable", detail).at(expression.range);
                error.values = self.with_scope(parent, &repetition, None, |scope| {
                    reference_values(expression, scope, &Members::new(), Cause::default())
                });
                self.found.push(error);
                unknown()
            }
        }
    }

    pub(super) fn visit_local(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(local) = self.module_of(path).and_then(|module| module.locals.get(name)) else { return };
        for module in self.instances_of(path) {
            let result = self.with_scope(&module, &Repetition::default(), None, |scope| {
                evaluate(&local.expression, scope)
            });
            let value = self.keep(result);
            self.world.module_mut(&module).locals.insert(name.clone(), value);
        }
    }

    /// Returns the value, or an unknown one and reports why.
    fn keep(&mut self, result: Result<Value, Diagnostics>) -> Value {
        result.unwrap_or_else(|found| {
            self.found.extend(found);
            Value::unknown(Type::Dynamic)
        })
    }

    pub(super) fn visit_output(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(output) = self.module_of(path).and_then(|module| module.outputs.get(name)) else { return };
        for module in self.instances_of(path) {
            self.check_output(&module, output);
            let result = self.with_scope(&module, &Repetition::default(), None, |scope| {
                evaluate(&output.expression, scope)
            });
            let failed = result.is_err();
            let mut value = self.keep(result);
            if path.is_root() && value.has_infinity() && self.purpose != Purpose::Validate {
                let detail = "The value is infinite, or holds a number that is: a division by zero gives one. The state has no room for such a number. Return another value in that case, for example by a conditional.";
                let error = Diagnostic::error("Output value cannot be saved", detail);
                self.found.push(error.at(output.expression.range));
            }
            let marks = value.deep_marks();
            if path.is_root() && marks.is_sensitive() && !output.sensitive {
                let detail = "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, Snapform requires that any root module output containing sensitive data be explicitly marked as sensitive, to confirm your intent.\n\nIf you do intend to export this data, annotate the output value as sensitive by adding the following argument:\n    sensitive = true";
                let error = Diagnostic::error("Output refers to sensitive values", detail);
                self.found.push(error.at(output.declaration));
            }
            if marks.is_ephemeral() && (path.is_root() || !output.ephemeral) {
                let detail = "This output value is not declared as returning an ephemeral value, so it cannot be set to a result derived from an ephemeral value.";
                self.found.push(
                    Diagnostic::error("Ephemeral value not allowed", detail).at(output.expression.range),
                );
            }
            if output.ephemeral && !path.is_root() {
                if !failed && !value.marks.is_ephemeral() {
                    let detail = "This output value is declared as returning an ephemeral value, so it can only be set to an ephemeral value.";
                    let error = Diagnostic::error("Value not allowed in ephemeral output", detail);
                    self.found.push(error.at(output.expression.range));
                }
                value = value.with_marks(Marks::EPHEMERAL);
            }
            // Terraform 1.11 marks the outputs of the root module alone.
            if output.sensitive && path.is_root() {
                // The state keeps one mark for the whole, so what is hidden inside is no difference.
                value = value.unmarked_deep().sensitive();
            }
            self.world.set_output(&module, name.clone(), value);
        }
    }
}
