//! Conditions that must hold: validations, preconditions, postconditions, checks.

use std::sync::Arc;

use crate::config::{Condition, Output, Variable};
use crate::diagnostic::Diagnostic;
use crate::lang::address::{ModuleInstance, ModulePath};
use crate::lang::evaluate::{Cause, evaluate, reference_values};
use crate::lang::{Kind, Marks, Members, Type, Value, convert};

use super::super::change::{CheckObject, CheckResult, CheckStatus};
use super::super::graph::NodeKey;
use super::super::options::PlanMode;
use super::super::world::Repetition;
use super::values::argument;
use super::{Purpose, Walk};

/// How one condition came out.
pub(in crate::plan) struct Verdict {
    pub(in crate::plan) status: CheckStatus,
    pub(in crate::plan) problem: Option<String>,
}

impl Verdict {
    /// Tells whether the condition does not hold, or could not be evaluated.
    pub(in crate::plan) fn failed(&self) -> bool {
        matches!(self.status, CheckStatus::Fail | CheckStatus::Error)
    }
}

/// Returns the text of a message.
fn plain(message: &Value) -> String {
    message
        .as_str()
        .map_or_else(|| "(The error message is not known before apply.)".to_owned(), str::to_owned)
}

/// Returns the mark for which a message is not shown: as Terraform, the first of the two.
fn refused_word(marks: Marks) -> &'static str {
    if marks.is_sensitive() { "sensitive" } else { "ephemeral" }
}

impl Walk<'_> {
    /// Evaluates a condition. One that does not hold is reported with `summary`, as an error or (in checks) as a warning.
    pub(in crate::plan) fn condition(
        &mut self,
        condition: &Condition,
        module: &ModuleInstance,
        repetition: &Repetition,
        self_object: Option<&Value>,
        summary: &str,
    ) -> Verdict {
        let is_check = summary == CHECK_FAILED;
        // A refresh proposes nothing that a condition could prevent.
        let warn =
            is_check || (self.input.options.mode == PlanMode::RefreshOnly && summary != VARIABLE_INVALID);
        let is_validation = summary == VARIABLE_INVALID;
        let (result, message, values) = self.with_scope(module, repetition, self_object, |scope| {
            let result = evaluate(&condition.condition, scope);
            let message = evaluate(&condition.error_message, scope);
            (
                result,
                message,
                reference_values(&condition.condition, scope, &Members::new(), Cause::default()),
            )
        });
        const ERROR: Verdict = Verdict { status: CheckStatus::Error, problem: None };
        // The message is looked at even if the condition holds, and where it stands among validations only for its values.
        let message = match message {
            Ok(message) if is_validation => Some(Err(message)),
            Ok(message) => self.message_of_condition(condition, &message).map(Ok),
            Err(found) => {
                self.found.extend(found);
                None
            }
        };
        let value = match result {
            Ok(value) => value,
            Err(found) => {
                self.found.extend(found);
                return ERROR;
            }
        };
        if message.is_none() && !is_validation {
            return ERROR;
        }
        let value = match convert::convert(&value, &Type::Bool) {
            Ok(value) => value,
            Err(why) => {
                let error = if is_validation {
                    let detail = format!("Invalid validation condition result value: {}.", why.message);
                    Diagnostic::error("Invalid variable validation result", detail)
                } else {
                    let detail = format!("Invalid condition result value: {}.", why.message);
                    Diagnostic::error("Invalid condition result", detail)
                };
                self.found.push(error.at(condition.condition.range));
                return ERROR;
            }
        };
        match &value.kind {
            Kind::Unknown(..) => {
                if is_check && self.purpose == Purpose::Plan {
                    let detail = "The condition could not be evaluated at this time, a result will be known when this plan is applied.";
                    let warning = Diagnostic::warning("Check block assertion known after apply", detail);
                    self.found.push(warning.at(condition.condition.range));
                }
                return Verdict { status: CheckStatus::Unknown, problem: None };
            }
            Kind::Bool(true) => return Verdict { status: CheckStatus::Pass, problem: None },
            Kind::Null(_) => {
                let detail = "Condition expression must return either true or false, not null.";
                let error = match is_validation {
                    true => Diagnostic::error(
                        "Invalid variable validation result",
                        format!("Validation {}", &detail.replacen('C', "c", 1)),
                    ),
                    false => Diagnostic::error("Invalid condition result", detail),
                };
                self.found.push(error.at(condition.condition.range));
                return ERROR;
            }
            _ => {}
        }
        let message = match message {
            Some(Ok(message)) => message,
            Some(Err(message)) => self.message_of_validation(condition, &message),
            None => {
                let detail = "Unsuitable value for error message: expression refers to values that won't be known until the apply phase.";
                let error = Diagnostic::error("Invalid error message", detail);
                self.found.push(error.at(condition.error_message.range));
                return ERROR;
            }
        };
        let mut diagnostic = if warn {
            Diagnostic::warning(summary, message.clone())
        } else {
            Diagnostic::error(summary, message.clone())
        };
        diagnostic.values = values;
        self.found.push(diagnostic.at(condition.condition.range));
        Verdict { status: CheckStatus::Fail, problem: Some(message) }
    }

    /// Returns the message of a condition; nothing, and an error, if it is none.
    fn message_of_condition(&mut self, condition: &Condition, message: &Value) -> Option<String> {
        let mut wrong = |why: &str| {
            let detail = format!("Unsuitable value for error message: {why}.");
            let error = Diagnostic::error("Invalid error message", detail);
            self.found.push(error.at(condition.error_message.range));
            None
        };
        let text = match convert::convert(message, &Type::String) {
            Ok(text) if text.is_null() => return wrong("must not be null"),
            Ok(text) => text,
            Err(why) => return wrong(&why.message),
        };
        let marks = text.deep_marks();
        if marks.is_hidden() {
            let word = refused_word(marks);
            let remedy = match word {
                "sensitive" => {
                    "by carefully using the nonsensitive() function if the expression will not reveal the sensitive data"
                }
                _ => "by using the ephemeralasnull() function on the references to not reveal ephemeral data",
            };
            let detail = format!(
                "The error expression used to explain this condition refers to {word} values, so Snapform will not display the resulting message.\n\nYou can correct this by removing references to {word} values, or {remedy}."
            );
            let warning = Diagnostic::warning(format!("Error message refers to {word} values"), detail);
            self.found.push(warning.at(condition.error_message.range));
            return Some("This check failed, but has an invalid error message as described in the other accompanying messages.".to_owned());
        }
        Some(plain(&text))
    }

    /// Returns the message of a validation that fails, with an error if it is none.
    fn message_of_validation(&mut self, condition: &Condition, message: &Value) -> String {
        let marks = message.deep_marks();
        if marks.is_hidden() {
            let word = refused_word(marks);
            let function = if word == "sensitive" { "nonsensitive" } else { "ephemeralasnull" };
            let detail = format!(
                "The error expression used to explain this condition refers to {word} values. Snapform will not display the resulting message.\n\nYou can correct this by removing references to {word} values, or by carefully using the {function}() function if the expression will not reveal the {word} data."
            );
            let error = Diagnostic::error(format!("Error message refers to {word} values"), detail);
            self.found.push(error.at(condition.error_message.range));
            // Terraform says "sensitive" of both.
            return "The error message included a sensitive value, so it will not be displayed.".to_owned();
        }
        match convert::convert(message, &Type::String) {
            Ok(text) if !text.is_null() => return plain(&text),
            Ok(_) => {}
            Err(why) => {
                let detail = format!("Unsuitable value for error message: {}.", why.message);
                let error = Diagnostic::error("Invalid error message", detail);
                self.found.push(error.at(condition.error_message.range));
            }
        }
        "Failed to evaluate condition error message.".to_owned()
    }

    /// Notes what the conditions of one object of the configuration came to, in place of what they came to before.
    pub(in crate::plan) fn begin_check(
        &mut self,
        kind: &'static str,
        address: &str,
        object: &str,
        verdicts: Vec<Verdict>,
    ) {
        let own = self.checks.entry((kind, address.to_owned())).or_default();
        let status = worst(verdicts.iter().map(|verdict| verdict.status));
        let problems = verdicts.into_iter().filter_map(|verdict| verdict.problem).collect();
        own.insert(object.to_owned(), (status, problems));
    }

    /// Adds to what the conditions of the object came to.
    pub(super) fn extend_check(
        &mut self,
        kind: &'static str,
        address: &str,
        object: &str,
        verdicts: Vec<Verdict>,
    ) {
        let own = self.checks.entry((kind, address.to_owned())).or_default();
        let (status, problems) = own.entry(object.to_owned()).or_insert((CheckStatus::Pass, Vec::new()));
        *status = worst(verdicts.iter().map(|verdict| verdict.status).chain([*status]));
        problems.extend(verdicts.into_iter().filter_map(|verdict| verdict.problem));
    }

    /// Returns the results of all conditions.
    pub(in crate::plan) fn check_results(&self) -> Vec<CheckResult> {
        let mut results: Vec<CheckResult> = self
            .checks
            .iter()
            .map(|((kind, address), objects)| CheckResult {
                kind,
                address: address.clone(),
                status: match objects.is_empty() {
                    true => CheckStatus::Unknown,
                    false => worst(objects.values().map(|(status, _)| *status)),
                },
                objects: objects
                    .iter()
                    .map(|(address, (status, problems))| CheckObject {
                        address: address.clone(),
                        status: *status,
                        problems: problems.clone(),
                    })
                    .collect(),
            })
            .collect();
        results.sort_by(|a, b| a.address.cmp(&b.address));
        results
    }

    /// Notes everything that has conditions and was not evaluated: its status is unknown.
    pub(super) fn note_unchecked(&mut self) {
        for module in self.input.config.modules() {
            let dot = if module.path.is_root() { "" } else { "." };
            let within = |text: String| format!("{}{dot}{text}", module.path);
            let resources = module.resources.values().filter(|block| {
                !(block.lifecycle.preconditions.is_empty() && block.lifecycle.postconditions.is_empty())
            });
            let variables = module.variables.values().filter(|variable| !variable.validations.is_empty());
            let outputs = module.outputs.values().filter(|output| !output.preconditions.is_empty());
            let all = resources
                .map(|block| ("resource", within(block.address.to_string())))
                .chain(variables.map(|variable| ("var", within(format!("var.{}", variable.name)))))
                .chain(outputs.map(|output| ("output_value", within(format!("output.{}", output.name)))))
                .chain(module.checks.keys().map(|name| ("check", within(format!("check.{name}")))));
            for key in all {
                self.checks.entry(key).or_default();
            }
            // A plan that failed part-way did not come to some checks, and has them all the same.
            for name in module.checks.keys() {
                let node = NodeKey::Check(module.path.clone(), name.clone());
                if !self.has_failed(&node)
                    || self
                        .checks
                        .get(&("check", within(format!("check.{name}"))))
                        .is_some_and(|own| !own.is_empty())
                {
                    continue;
                }
                for instance in self.instances_of(&module.path) {
                    let object = format!("{instance}{dot}check.{name}");
                    let own = self.checks.entry(("check", within(format!("check.{name}")))).or_default();
                    own.insert(object, (CheckStatus::Unknown, Vec::new()));
                }
            }
            // Of what a destroy does not evaluate, the outputs of the root module are there all the same.
            let options = self.input.options;
            let whole = options.targets.is_empty() && options.excludes.is_empty();
            if options.mode == PlanMode::Destroy && whole && module.path.is_root() {
                for ((_, address), objects) in self
                    .checks
                    .iter_mut()
                    .filter(|((kind, address), _)| *kind == "output_value" && !address.starts_with("module."))
                {
                    objects.entry(address.clone()).or_insert((CheckStatus::Unknown, Vec::new()));
                }
            }
        }
    }

    pub(super) fn check_variable(&mut self, module: &ModuleInstance, variable: &Variable) {
        if variable.validations.is_empty() {
            return;
        }
        let known = self
            .world
            .module(module)
            .and_then(|values| values.variables.get(&variable.name))
            .is_some_and(Value::is_known);
        let mut verdicts = Vec::new();
        for validation in &variable.validations {
            if self.purpose == Purpose::Validate && !known {
                continue;
            }
            let before = self.found.len();
            let verdict = self.condition(validation, module, &Repetition::default(), None, VARIABLE_INVALID);
            if verdict.status == CheckStatus::Fail {
                self.point_at_variable(before, module, variable, validation);
            }
            verdicts.push(verdict);
        }
        if self.purpose != Purpose::Validate {
            let dot = if module.is_root() { "" } else { "." };
            let address = format!("{}{dot}var.{}", module.path(), variable.name);
            let object = format!("{module}{dot}var.{}", variable.name);
            self.begin_check("var", &address, &object, verdicts);
        }
    }

    /// A validation that fails points at the variable (or the argument of the call) and says where the rule stands.
    fn point_at_variable(
        &mut self,
        before: usize,
        module: &ModuleInstance,
        variable: &Variable,
        validation: &Condition,
    ) {
        let rule = crate::config::place(self.input.sources, validation.declaration);
        let argument = module.parent().and_then(|(parent, step)| {
            let call = self.module_of(&parent.path())?.calls.get(&step.name)?;
            argument(call, &variable.name).map(|expression| expression.range)
        });
        let found = std::mem::take(&mut self.found);
        for (at, mut diagnostic) in found.into_iter().enumerate() {
            if at >= before && diagnostic.summary == VARIABLE_INVALID {
                diagnostic.detail =
                    format!("{}\n\nThis was checked by the validation rule at {rule}.", diagnostic.detail);
                let given = argument.or(variable.given_at);
                diagnostic.subject = Some(given.unwrap_or(variable.declaration));
            }
            self.found.push(diagnostic);
        }
    }

    pub(super) fn check_output(&mut self, module: &ModuleInstance, output: &Output) {
        if output.preconditions.is_empty() || self.purpose == Purpose::Validate {
            return;
        }
        let verdicts = output
            .preconditions
            .iter()
            .map(|condition| {
                self.condition(condition, module, &Repetition::default(), None, OUTPUT_PRECONDITION)
            })
            .collect();
        let dot = if module.is_root() { "" } else { "." };
        let address = format!("{}{dot}output.{}", module.path(), output.name);
        let object = format!("{module}{dot}output.{}", output.name);
        self.begin_check("output_value", &address, &object, verdicts);
    }

    pub(super) fn visit_check(&mut self, path: &ModulePath, name: &Arc<str>) {
        let Some(check) = self.module_of(path).and_then(|module| module.checks.get(name)) else { return };
        for module in self.instances_of(path) {
            if self.purpose == Purpose::Validate {
                for condition in &check.asserts {
                    let result = self.with_scope(&module, &Repetition::default(), None, |scope| {
                        evaluate(&condition.condition, scope)
                    });
                    if let Err(found) = result {
                        self.found.extend(found);
                    }
                }
                continue;
            }
            let verdicts = match self.unread_checks.get(&(module.clone(), name.clone())) {
                Some(problems) => problems
                    .iter()
                    .map(|problem| Verdict { status: CheckStatus::Fail, problem: Some(problem.clone()) })
                    .collect(),
                None => check
                    .asserts
                    .iter()
                    .map(|condition| {
                        self.condition(condition, &module, &Repetition::default(), None, CHECK_FAILED)
                    })
                    .collect(),
            };
            let dot = if module.is_root() { "" } else { "." };
            let address = format!("{}{dot}check.{name}", module.path());
            self.begin_check("check", &address, &format!("{module}{dot}check.{name}"), verdicts);
        }
    }
}

const CHECK_FAILED: &str = "Check block assertion failed";
const VARIABLE_INVALID: &str = "Invalid value for variable";
const OUTPUT_PRECONDITION: &str = "Module output value precondition failed";

/// Returns the worst of several statuses; a check without conditions passes.
fn worst(statuses: impl Iterator<Item = CheckStatus>) -> CheckStatus {
    let rank = |status: &CheckStatus| match status {
        CheckStatus::Pass => 0,
        CheckStatus::Unknown => 1,
        CheckStatus::Fail => 2,
        CheckStatus::Error => 3,
    };
    statuses.max_by_key(rank).unwrap_or(CheckStatus::Pass)
}
