//! What the fuzzer runs, and a plain test with the seeds: any text is read in all ways, and what could be read is
//! evaluated. Nothing may panic, overflow the stack or take for ever.

use std::sync::Arc;

use snapform::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange};
use snapform::lang::constraint::parse_type;
use snapform::lang::evaluate::evaluate;
use snapform::lang::syntax::{BlockShape, Body, json, parse_body, parse_expression, parse_template};
use snapform::lang::{Environment, Marks, NoFiles, Phase, Root, Scope, Type, Value};

/// Every name has a value: by its length one that is known, unknown, secret or null.
struct Names(Environment);

impl Scope for Names {
    fn lookup(&self, root: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
        let name = match root {
            Root::Variable(name) | Root::Local(name) => name,
            Root::Path(_) => return Ok(Value::string(".")),
            Root::Terraform(_) => return Ok(Value::string("default")),
            other => {
                return Err(Diagnostic::error("Not here", format!("{other:?}")).at(range).into());
            }
        };
        Ok(match name.len() % 6 {
            0 => Value::from(7),
            1 => Value::tuple(vec![Value::from(1), Value::string("b"), Value::unknown(Type::String)]),
            2 => Value::object([("a", Value::string("é")), ("b", Value::unknown(Type::Dynamic))]),
            3 => Value::unknown(Type::list(Type::String)),
            4 => Value::string("secret").with_marks(Marks::SENSITIVE),
            _ => Value::null(Type::Dynamic),
        })
    }

    fn environment(&self) -> &Environment {
        &self.0
    }
}

/// Reads a text as a configuration, as JSON, as an expression and as a template, and evaluates what it found.
pub fn read_and_evaluate(text: &str) {
    let names = Names(Environment {
        files: Arc::new(NoFiles),
        working_folder: "/".into(),
        home_folder: None,
        plan_timestamp: Some(jiff::Timestamp::UNIX_EPOCH),
        now: jiff::Timestamp::UNIX_EPOCH,
        phase: Phase::Plan,
        budget: Arc::default(),
    });
    let source = SourceId(0);
    body(&parse_body(source, text).0, &names, 0);
    body(&json::parse_body(source, text).0, &names, 0);
    if let (Some(expression), _) = parse_expression(source, text) {
        let _ = evaluate(&expression, &names);
    }
    let _ = evaluate(&parse_template(source, text).0, &names);
}

fn body(all: &Body, names: &Names, depth: usize) {
    let shapes = ["resource", "output", "locals", "variable"].map(|name| BlockShape { name, labels: 1 });
    let (resolved, _) = all.resolve(&shapes);
    for attribute in resolved.attributes.values() {
        let _ = parse_type(&attribute.expression);
        let _ = evaluate(&attribute.expression, names);
    }
    if depth < 8 {
        resolved.blocks.iter().for_each(|block| body(&block.body, names, depth + 1));
    }
}
