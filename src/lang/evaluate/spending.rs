//! What one expression makes, held against the budget.
//!
//! Once it is too much, nothing is evaluated any more: each further part is unknown at once, no `try` helps, and the one
//! error is that of the limit.

use crate::diagnostic::Diagnostic;

use super::super::budget::{Budget, Exceeded};
use super::super::syntax::Expression;
use super::super::value::{Kind, Value};
use super::Evaluator;

/// The account of one expression.
#[derive(Default)]
pub(super) struct Spending {
    /// Elements made, and rounds of `for` taken.
    elements: u64,
    /// The limit that was gone beyond.
    pub(super) exhausted: Option<Box<Diagnostic>>,
}

impl Evaluator<'_> {
    pub(super) fn is_exhausted(&self) -> bool {
        self.spending.exhausted.is_some()
    }

    fn budget(&self) -> Option<&Budget> {
        self.scope.map(|scope| &*scope.environment().budget)
    }

    /// Counts one round of a loop, or one element of a splat; returns whether there may be more.
    pub(super) fn round(&mut self, whole: &Expression) -> bool {
        self.spend(1, whole)
    }

    fn spend(&mut self, elements: usize, whole: &Expression) -> bool {
        self.spending.elements += elements as u64;
        let Some(Err(exceeded)) = self.budget().map(|budget| budget.allows_elements(self.spending.elements))
        else {
            return !self.is_exhausted();
        };
        self.exhaust(exceeded, whole);
        false
    }

    /// Notes that an expression made a collection out of what it has.
    pub(super) fn made(&mut self, value: Value, whole: &Expression) -> Value {
        if let Some(Err(exceeded)) = self.budget().map(|budget| budget.allows_value(&value)) {
            self.exhaust(exceeded, whole);
        }
        value
    }

    /// Notes that a function returned a value.
    pub(super) fn returned(&mut self, value: Value, whole: &Expression) -> Value {
        match &value.kind {
            Kind::String(_) => self.wrote(value, whole),
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                self.spend(items.len(), whole);
                self.made(value, whole)
            }
            Kind::Map(_, members) | Kind::Object(members) => {
                self.spend(members.len(), whole);
                self.made(value, whole)
            }
            _ => value,
        }
    }

    /// Notes that a text was put together.
    pub(super) fn wrote(&mut self, value: Value, whole: &Expression) -> Value {
        let Kind::String(text) = &value.kind else { return value };
        if let Some(Err(exceeded)) = self.budget().map(|budget| budget.spend_text(text.len())) {
            self.exhaust(exceeded, whole);
        }
        value
    }

    /// Returns whether a text that is being put together may be so long.
    pub(super) fn may_write(&mut self, bytes: usize, whole: &Expression) -> bool {
        match self.budget().map(|budget| budget.allows_text(bytes as u64)) {
            Some(Err(exceeded)) => {
                self.exhaust(exceeded, whole);
                false
            }
            _ => !self.is_exhausted(),
        }
    }

    /// Adds what was made to what the run made.
    pub(super) fn close_account(&mut self, whole: &Expression) {
        if let Some(Err(exceeded)) = self.budget().map(|budget| budget.spend(self.spending.elements)) {
            self.exhaust(exceeded, whole);
        }
    }

    pub(super) fn exhaust(&mut self, exceeded: Exceeded, whole: &Expression) {
        if self.is_exhausted() {
            return;
        }
        let detail = format!("This expression cannot be evaluated: {exceeded}.");
        let diagnostic = Diagnostic::error("Evaluation limit exceeded", detail).at(whole.range);
        self.spending.exhausted = Some(Box::new(diagnostic));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::path::PathBuf;
    use std::sync::Arc;

    use crate::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange};
    use crate::lang::budget::{Budget, Limits};
    use crate::lang::evaluate::evaluate;
    use crate::lang::scope::{Environment, NoFiles, Phase, Root, Scope};
    use crate::lang::syntax::parse_expression;
    use crate::lang::value::Value;

    /// Local values that are evaluated one after the other, as those of a module.
    struct Locals {
        environment: Environment,
        values: HashMap<Arc<str>, Value>,
    }

    impl Scope for Locals {
        fn lookup(&self, root: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
            match root {
                Root::Local(name) if self.values.contains_key(name) => Ok(self.values[name].clone()),
                _ => Err(Diagnostic::error("Unknown", "").at(range).into()),
            }
        }

        fn environment(&self) -> &Environment {
            &self.environment
        }
    }

    /// Small limits, so that what goes beyond them is small as well.
    const SMALL: Limits = Limits {
        elements: 1000,
        value_elements: 2000,
        value_bytes: 10_000,
        run_elements: 5000,
        run_bytes: 30_000,
        run_rounds: 5000,
        instances: 100,
    };

    /// Evaluates `l0`, `l1` and so on, and returns the last value or the first error.
    fn evaluated(limits: Limits, expressions: &[&str]) -> Result<Value, Diagnostic> {
        let environment = Environment {
            files: Arc::new(NoFiles),
            working_folder: PathBuf::from("/"),
            home_folder: None,
            plan_timestamp: None,
            now: jiff::Timestamp::UNIX_EPOCH,
            phase: Phase::Plan,
            budget: Arc::new(Budget::new(limits)),
        };
        let mut locals = Locals { environment, values: HashMap::new() };
        let mut last = Value::from(true);
        for (at, source) in expressions.iter().enumerate() {
            let (expression, found) = parse_expression(SourceId(0), source);
            assert!(!found.has_errors(), "{source}: {found:?}");
            last = evaluate(&expression.unwrap(), &locals).map_err(|found| {
                assert_eq!(found.len(), 1, "{source}: {found:?}");
                found.into_iter().next().unwrap()
            })?;
            locals.values.insert(format!("l{at}").into(), last.clone());
        }
        Ok(last)
    }

    #[track_caller]
    fn refused(expressions: &[&str], words: &str) {
        let error = evaluated(SMALL, expressions).unwrap_err();
        assert!(error.detail.contains(words), "{expressions:?}: {}: {}", error.summary, error.detail);
        assert!(error.subject.is_some());
    }

    const TEN: &str = r#"[for i in range(10) : "abcdefghij"]"#;
    const HUNDRED: &str = r#"join("", [for i in range(10) : "abcdefghij"])"#;

    #[test]
    fn texts_that_grow_with_each_use_are_refused() {
        let double = |at: usize| format!("\"${{local.l{at}}}${{local.l{at}}}\"");
        let mut expressions = vec![HUNDRED.to_owned()];
        expressions.extend((0..10).map(double));
        let expressions: Vec<&str> = expressions.iter().map(String::as_str).collect();
        assert!(evaluated(SMALL, &expressions[..6]).is_ok());
        refused(&expressions, "it makes a text of more than 10000 bytes");
        for growing in [
            r#"replace(local.l0, "a", local.l0)"#,
            r#"replace(replace(local.l0, "a", local.l0), "b", local.l0)"#,
            r#"replace(replace(local.l0, "/./", "$0$0$0$0$0$0"), "/./", "$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0$0")"#,
            r#"join(local.l0, [for c in split("", local.l0) : local.l0])"#,
            r#"format("%[1]s%[1]s%[1]s", join("", [for c in split("", local.l0) : "${local.l0}${c}"]))"#,
            r#"join("", formatlist("%s%s", split("", local.l0), local.l0))"#,
            r#"indent(60000, "\n\n")"#,
            r#"jsonencode([for c in split("", local.l0) : local.l0])"#,
            r#"yamlencode([for c in split("", local.l0) : local.l0])"#,
            r#""%{for c in split("", local.l0)}${local.l0}${c}%{endfor}""#,
        ] {
            let result = evaluated(SMALL, &[HUNDRED, growing]);
            if growing.starts_with("replace(local") {
                assert!(result.is_ok(), "{growing}");
            } else {
                let error = result.expect_err(growing);
                assert!(error.detail.contains("more than"), "{growing}: {}", error.detail);
            }
        }
    }

    #[test]
    fn what_is_multiplied_with_itself_is_refused() {
        refused(&["[for i in range(100) : [for j in range(100) : i]]"], "it makes more than 1000 elements");
        refused(&["{for i in range(100) : i => {for j in range(100) : j => i}}"], "more than 1000 elements");
        refused(&["[for i in range(100) : 1 if length([for j in range(100) : 1]) > 1000]"], "more than 1000");
        refused(&["setproduct(range(100), range(100))"], "more than 1000 elements");
        refused(&["split(\",\", join(\",\", range(1024)))"], "more than 1000 elements");
        refused(&["regexall(\"(.)(.)\", join(\"\", range(500)))"], "more than 1000 elements");
        refused(&["jsondecode(jsonencode(range(1024)))"], "more than 1000 elements");
        refused(&["yamldecode(yamlencode(range(1024)))"], "more than 1000 elements");
        refused(&["concat(range(600), range(600))"], "more than 1000 elements");
        refused(&["range(600)[*]", "[local.l0[*], local.l0[*]]"], "more than 1000 elements");
        refused(&["range(900)", "[local.l0, local.l0, local.l0]"], "its value has more than 2000 elements");
        let nested = (0..110).map(|at| format!("[local.l{at}]"));
        let nested: Vec<String> = ["1".to_owned()].into_iter().chain(nested).collect();
        let nested: Vec<&str> = nested.iter().map(String::as_str).collect();
        assert!(evaluated(SMALL, &nested[..100]).is_ok());
        refused(&nested, "more than 100 collections within each other");
    }

    #[test]
    fn parts_that_are_shared_are_walked_through_once() {
        let level = |at: usize| format!("[local.l{at}, local.l{at}]");
        let expressions: Vec<String> = ["\"x\"".to_owned()].into_iter().chain((0..60).map(level)).collect();
        let expressions: Vec<&str> = expressions.iter().map(String::as_str).collect();
        refused(&expressions, "its value has more than 2000 elements");
        refused(
            &[
                TEN,
                "[for i in range(10) : local.l0]",
                "flatten([local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1, local.l1])",
            ],
            "more than 1000 elements",
        );
    }

    #[test]
    fn a_limit_is_no_error_that_try_can_catch() {
        refused(&["try([for i in range(100) : [for j in range(100) : i]], 1)"], "more than 1000 elements");
        refused(&["can([for i in range(100) : [for j in range(100) : i]])"], "more than 1000 elements");
    }

    #[test]
    fn what_a_run_makes_altogether_is_limited() {
        let many = ["[for i in range(400) : i]"; 7];
        refused(&many, "with all expressions before it, it takes more than 5000 rounds");
        let text = r#"join("", [for i in range(499) : "abcdefghijklmnop"])"#;
        refused(&[text; 7], "more than 30000 bytes of text");
    }

    #[test]
    fn templates_within_templates_count_for_the_run() {
        let inner = r#""%%{for i in range(900)}.%%{endfor}""#;
        let outer = r#"[for i in range(50) : try(templatestring(local.l0, {}), 1)]"#;
        refused(&[inner, outer], "more than 5000 rounds");
    }
}
