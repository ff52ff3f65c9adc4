//! What the console answers to one entry.

use crate::diagnostic::{Diagnostic, Diagnostics, Sources};
use crate::lang::syntax::{Call, Expression, Node, parse_expression};
use crate::plan::console::Evaluated;
use crate::render::text;

/// The name of an entry in messages.
const SOURCE: &str = "<console-input>";

const HELP: &str =
    "The console lets you try expressions. You may access resources in the state (if you have one)
just as you would from a configuration. For example, \"alicloud_ecs_snapshot.db.id\"
evaluates to the id of \"alicloud_ecs_snapshot.db\" if it exists in your state.

Type an expression and hit <enter> to see its value; type(EXPRESSION) shows its type. While a
bracket is open the expression goes on with the next line.

To exit the console, type \"exit\" and hit <enter>, or use Control-C or Control-D.";

/// An answer.
pub(super) enum Reply {
    /// Nothing was asked.
    Nothing,
    /// The value, or a help text.
    Text(String),
    /// The person wants to leave.
    Exit,
    /// The expression is wrong, with the text that the findings point into.
    Failed(Diagnostics, Sources),
}

/// Answers entries.
pub(super) struct Console<'a> {
    evaluated: &'a Evaluated<'a>,
}

impl<'a> Console<'a> {
    pub(super) fn new(evaluated: &'a Evaluated<'a>) -> Self {
        Self { evaluated }
    }

    /// Answers an entry.
    pub(super) fn answer(&self, entry: &str) -> Reply {
        match entry {
            "" => Reply::Nothing,
            "exit" => Reply::Exit,
            "help" => Reply::Text(HELP.to_owned()),
            expression => {
                let mut sources = Sources::new();
                let source = sources.add(SOURCE, expression);
                let (parsed, mut found) = parse_expression(source, expression);
                let answer = match parsed {
                    Some(parsed) if !found.has_errors() => self.value_or_type(&parsed),
                    _ => {
                        if !found.has_errors() {
                            let detail = "The text cannot be read as an expression.";
                            found.push(Diagnostic::error("Invalid expression", detail));
                        }
                        Err(found)
                    }
                };
                match answer {
                    Ok(text) => Reply::Text(text),
                    Err(found) => Reply::Failed(found, sources),
                }
            }
        }
    }

    fn value_or_type(&self, expression: &Expression) -> Result<String, Diagnostics> {
        let Some(call) = type_call(expression) else {
            return match self.evaluated.value(expression) {
                Ok(value) => Ok(text::value(&value)),
                Err(found) => Err(found.into_iter().map(explain_type).collect()),
            };
        };
        let wrong = |summary: &str, detail: &str| {
            Err(Diagnostics::from(Diagnostic::error(summary, detail).at(expression.range)))
        };
        match &call.arguments[..] {
            [argument] if type_call(argument).is_some() => {
                self.value_or_type(argument).map(|_| "type".to_owned())
            }
            [argument] => Ok(text::type_of(&self.evaluated.value(argument)?.type_of())),
            [] => wrong(
                "Not enough function arguments",
                "Function \"type\" expects 1 argument(s). Missing value for \"value\".",
            ),
            _ => wrong("Too many function arguments", "Function \"type\" expects only 1 argument(s)."),
        }
    }
}

/// Returns the call of the console's own function `type`, which is none of the language.
fn type_call(expression: &Expression) -> Option<&Call> {
    match &expression.node {
        Node::Call(call) if &*call.name == "type" => Some(call),
        Node::Parentheses(inner) => type_call(inner),
        _ => None,
    }
}

fn explain_type(mut diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.summary == "Call to unknown function" && diagnostic.detail.contains("named \"type\"") {
        diagnostic.summary = "Invalid use of type function".into();
        diagnostic.detail =
            "The console-only \"type\" function cannot be used as part of an expression.".into();
    }
    diagnostic
}
