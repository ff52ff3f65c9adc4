//! Expressions that are no part of the configuration: what people ask the console.

use std::sync::Arc;

use crate::config::{check_expression, check_references};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::lang::address::ModuleInstance;
use crate::lang::syntax::Expression;
use crate::lang::{Value, evaluate};

use super::graph;
use super::planner::Planned;
use super::walk::{self, Input, Purpose, Walk};
use super::world::Repetition;

/// A configuration whose named values are evaluated, so that expressions can be asked of its root module.
pub struct Evaluated<'a> {
    walk: Walk<'a>,
}

impl<'a> Evaluated<'a> {
    /// Evaluates a configuration against what the state remembers. Nothing is read and nothing is planned. The second part
    /// is what went wrong on the way; what depends on it is unknown.
    ///
    /// # Errors
    /// A configuration or state that cannot be evaluated at all.
    pub fn against_state(input: &'a Input<'a>) -> Result<(Self, Diagnostics), Diagnostics> {
        let mut found = check_references(input.config, input.sources);
        let graph = Arc::new(graph::build(input.config, input.sources)?);
        let mut walk = walk::walk(input, graph, Purpose::Inspect)?;
        for one in std::mem::take(&mut walk.found) {
            if !found.iter().any(|known| is_same(known, &one)) {
                found.push(one);
            }
        }
        Ok((Self { walk }, found))
    }

    /// Takes the values that a plan ended with.
    pub fn after_plan(planned: Planned<'a>) -> Self {
        Self { walk: planned.walk }
    }

    /// Returns the value of an expression in the root module.
    ///
    /// # Errors
    /// References to what is not declared, and everything that is wrong with the expression.
    pub fn value(&self, expression: &Expression) -> Result<Value, Diagnostics> {
        let found = check_expression(self.walk.input.config, expression);
        if found.has_errors() {
            return Err(found);
        }
        let root = ModuleInstance::root();
        self.walk.with_scope(&root, &Repetition::default(), None, |scope| evaluate(expression, scope))
    }
}

/// A wrong reference is often found again when it is evaluated.
fn is_same(known: &Diagnostic, other: &Diagnostic) -> bool {
    known.summary == other.summary && known.subject == other.subject
}
