//! Function calls.

use crate::diagnostic::{Diagnostics, mention, suggest};

use super::super::convert::convert;
use super::super::functions::{self, Function};
use super::super::hidden::without_hidden;
use super::super::marks::Marks;
use super::super::syntax::{Call, Expression};
use super::super::types::Type;
use super::super::value::{Kind, Value};
use super::{Evaluator, split};

impl Evaluator<'_> {
    pub(super) fn call(&mut self, call: &Call, whole: &Expression) -> Value {
        let Some(scope) = self.scope else {
            let detail = "Functions may not be called here.";
            return self.error("Function calls not allowed", detail, whole.range, whole.range, whole);
        };
        let name = call.name.strip_prefix("core::").unwrap_or(&call.name);
        match name {
            "try" => return self.try_call(call, whole),
            "can" => return self.can_call(call, whole),
            _ => {}
        }
        let Some(function) = functions::lookup(&call.name) else {
            return self.unknown_function(call, whole);
        };
        let before = self.found.len();
        let Some((arguments, ranges)) = self.arguments(call, whole) else {
            return Value::unknown(Type::Dynamic);
        };
        if self.found.len() > before {
            // What the function would say of a value that is not there would only confuse.
            return Value::unknown(Type::Dynamic);
        }
        if arguments.is_unknown {
            return Value::unknown(Type::Dynamic).with_marks(arguments.marks);
        }
        if !self.check_count(function, arguments.values.len(), call, whole) {
            return Value::unknown(Type::Dynamic);
        }
        if let ("templatestring", Some(template)) = (name, call.arguments.first())
            && let Err(problem) = functions::templates::check_template_argument(template)
        {
            let detail = format!("Invalid value for \"template\" parameter: {problem}.");
            return self.error("Invalid function argument", detail, template.range, whole.range, whole);
        }
        let mut converted = Vec::with_capacity(arguments.values.len());
        let mut failed = false;
        for (at, value) in arguments.values.iter().enumerate() {
            let Some(parameter) = function.parameter(at) else { continue };
            match convert(value, &parameter.ty.to_type()) {
                Ok(value) => converted.push(value),
                Err(reason) => {
                    let why = without_hidden(reason.message, [value]);
                    let detail = format!("Invalid value for {:?} parameter: {why}.", parameter.name);
                    let argument = ranges.get(at).or(ranges.last()).copied().unwrap_or(whole);
                    self.error("Invalid function argument", detail, argument.range, whole.range, whole);
                    failed = true;
                }
            }
        }
        if failed {
            return Value::unknown(Type::Dynamic);
        }
        match function.call(&converted, scope.environment()) {
            Ok(value) => value.with_marks(arguments.marks),
            Err(error) => {
                let parameter = error.argument.and_then(|at| Some((at, function.parameter(at)?)));
                let why = without_hidden(error.message, &arguments.values);
                match parameter {
                    Some((at, parameter)) => {
                        let detail = format!("Invalid value for {:?} parameter: {why}.", parameter.name);
                        let argument = ranges.get(at).or(ranges.last()).copied().unwrap_or(whole);
                        self.error("Invalid function argument", detail, argument.range, whole.range, whole)
                    }
                    None => {
                        let detail = format!("Call to function {:?} failed: {why}.", call.name);
                        self.error("Error in function call", detail, whole.range, whole.range, whole)
                    }
                }
            }
        }
    }

    /// Evaluates the arguments and expands the last one if asked to; nothing after an error.
    fn arguments<'e>(
        &mut self,
        call: &'e Call,
        whole: &Expression,
    ) -> Option<(Arguments, Vec<&'e Expression>)> {
        let mut arguments = Arguments::default();
        let mut sources: Vec<&Expression> = Vec::new();
        let plain = call.arguments.len() - usize::from(call.expand_final && !call.arguments.is_empty());
        for argument in &call.arguments[..plain] {
            arguments.values.push(self.value(argument));
            sources.push(argument);
        }
        if plain == call.arguments.len() {
            return Some((arguments, sources));
        }
        let last = &call.arguments[plain];
        let (value, marks) = split(self.value(last));
        arguments.marks = marks;
        match &value.kind {
            Kind::Null(_) => {
                let detail = "The expanding argument (indicated by ...) must not be null.";
                self.error("Invalid expanding argument value", detail, last.range, whole.range, last);
                return None;
            }
            Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
                for item in items.iter() {
                    arguments.values.push(item.clone().with_marks(marks));
                    sources.push(last);
                }
            }
            Kind::Unknown(Type::Dynamic | Type::List(_) | Type::Set(_) | Type::Tuple(_), _) => {
                arguments.is_unknown = true;
            }
            _ => {
                let detail =
                    "The expanding argument (indicated by ...) must be of a tuple, list, or set type.";
                self.error("Invalid expanding argument value", detail, last.range, whole.range, last);
                return None;
            }
        }
        Some((arguments, sources))
    }

    fn check_count(&mut self, function: &Function, given: usize, call: &Call, whole: &Expression) -> bool {
        let needed = function.parameters.len();
        if given < needed {
            let least = if function.variadic.is_some() { " at least" } else { "" };
            let missing = function.parameters[given].name;
            let detail = format!(
                "Function {:?} expects{least} {needed} argument(s). Missing value for {missing:?}.",
                call.name
            );
            self.error("Not enough function arguments", detail, call.close, whole.range, whole);
            return false;
        }
        if given > needed && function.variadic.is_none() {
            let detail = format!("Function {:?} expects only {needed} argument(s).", call.name);
            let extra =
                call.arguments.get(needed).or(call.arguments.last()).map_or(whole.range, |extra| extra.range);
            self.error("Too many function arguments", detail, extra, whole.range, whole);
            return false;
        }
        true
    }

    fn unknown_function(&mut self, call: &Call, whole: &Expression) -> Value {
        let summary = "Call to unknown function";
        let (range, context) = (call.name_range, whole.range);
        if let Some((namespace, rest)) = call.name.split_once("::") {
            let detail = match (namespace, rest.split_once("::")) {
                ("provider", Some((provider, name))) => format!(
                    "There is no function named {:?}. Ensure that provider name {provider:?} is declared in this module's required_providers block, and that this provider offers a function named {name:?}.",
                    call.name
                ),
                ("core", _) if rest.contains("::") => format!("There is no function named {:?}.", call.name),
                _ => format!(
                    "The function namespace {namespace:?} is not valid. Provider function calls must use the \"provider::\" namespace prefix."
                ),
            };
            return self.error("Unknown provider function", detail, range, context, whole);
        }
        // Functions of old versions, whose users look for the new way.
        let (syntax, literal) = match &*call.name {
            "list" => ("tolist([ ... ])", "list"),
            "map" => ("tomap({ ... })", "map"),
            _ => ("", ""),
        };
        if !literal.is_empty() {
            let detail = format!(
                "Call to function {literal:?} failed: the {literal:?} function was deprecated in Terraform v0.12 and is no longer available; use {syntax} syntax to write a literal {literal}."
            );
            return self.error("Error in function call", detail, range, context, whole);
        }
        let hint = suggest::did_you_mean(&call.name, functions::names());
        let detail = format!("There is no function named {:?}.{hint}", call.name);
        self.error(summary, detail, range, context, whole)
    }

    /// `try`: the first argument without an error; the others are not even looked at.
    fn try_call(&mut self, call: &Call, whole: &Expression) -> Value {
        let mut failures = Diagnostics::new();
        for argument in &call.arguments {
            let (value, found) = self.apart(|evaluator| evaluator.value(argument));
            if found.has_errors() {
                failures.extend(found);
                continue;
            }
            // A part that is unknown may still turn out to be an error.
            if !value.is_wholly_known() {
                return Value::unknown(Type::Dynamic).with_marks(value.deep_marks());
            }
            return value;
        }
        let detail = if call.arguments.is_empty() {
            format!("Call to function {:?} failed: at least one argument is required.", call.name)
        } else {
            let mut text = format!("Call to function {:?} failed: no expression succeeded:\n", call.name);
            for failure in &failures {
                let place = failure.subject.map_or(String::new(), |at| format!(" (at {})", mention(at)));
                text.push_str(&format!("- {}{place}\n  {}\n", failure.summary, failure.detail));
            }
            text.push_str("\nAt least one expression must produce a successful result.");
            text
        };
        self.error("Error in function call", detail, whole.range, whole.range, whole)
    }

    /// `can`: whether the argument has no error.
    fn can_call(&mut self, call: &Call, whole: &Expression) -> Value {
        let [argument] = &call.arguments[..] else {
            let (summary, detail, range) = match call.arguments.get(1) {
                Some(extra) => (
                    "Too many function arguments",
                    format!("Function {:?} expects only 1 argument(s).", call.name),
                    extra.range,
                ),
                None => (
                    "Not enough function arguments",
                    format!(
                        "Function {:?} expects 1 argument(s). Missing value for \"expression\".",
                        call.name
                    ),
                    call.close,
                ),
            };
            return self.error(summary, detail, range, whole.range, whole);
        };
        let (value, found) = self.apart(|evaluator| evaluator.value(argument));
        if found.has_errors() {
            return false.into();
        }
        if !value.is_wholly_known() {
            return Value::unknown(Type::Bool);
        }
        true.into()
    }
}

/// The arguments of a call.
#[derive(Default)]
struct Arguments {
    values: Vec<Value>,
    /// The marks of an expanded argument.
    marks: Marks,
    /// How many there are is not known.
    is_unknown: bool,
}
