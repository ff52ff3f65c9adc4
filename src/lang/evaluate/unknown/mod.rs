//! What is known of values that are not there yet, held against Terraform's own answers.
//!
//! `answers.txt` was recorded from plans of Terraform 1.11.4: an expression, and what its output was; `?` stands for what was
//! known after apply. The expressions use the values of `LOCALS`, which depend on resources that are not made yet.

use std::path::PathBuf;
use std::sync::Arc;

use super::*;
use crate::diagnostic::Sources;
use crate::lang::refinement::Refinement;
use crate::lang::scope::{NoFiles, Phase};
use crate::lang::syntax::parse_expression;
use crate::lang::value::Kind;

const LOCALS: &[(&str, &str)] = &[
    ("id", "terraform_data.u.id"),
    ("us", "terraform_data.n.output.s"),
    ("un", "terraform_data.n.output.n"),
    ("ub", "terraform_data.n.output.b"),
    ("ul", "terraform_data.n.output.l"),
    ("um", "terraform_data.n.output.m"),
    ("uo", "terraform_data.n.output.o"),
    ("uset", "terraform_data.n.output.set"),
    ("c", "terraform_data.u.id == \"x\""),
    ("p", "\"prefix-${terraform_data.u.id}\""),
    ("l2", "local.c ? tolist([\"a\"]) : tolist([\"b\",\"c\"])"),
    ("l1", "local.c ? tolist([\"a\"]) : tolist([\"b\"])"),
    ("s2", "local.c ? toset([\"a\"]) : toset([\"b\",\"c\"])"),
    ("s1", "local.c ? toset([\"a\"]) : toset([\"b\"])"),
    ("m2", "local.c ? tomap({a=\"1\"}) : tomap({b=\"2\",c=\"3\"})"),
    ("m1", "local.c ? tomap({a=\"1\"}) : tomap({b=\"2\"})"),
    ("n2", "local.c ? 1 : 5"),
    ("t2", "local.c ? [\"a\",\"b\"] : [\"b\",\"c\"]"),
    ("o2", "local.c ? {a=\"a\",b=\"b\"} : {a=\"b\",b=\"c\"}"),
    ("sens", "sensitive(local.p)"),
    ("st", "toset([local.us, \"x\"])"),
];

fn environment() -> Environment {
    Environment {
        files: Arc::new(NoFiles),
        working_folder: PathBuf::from("/w"),
        home_folder: None,
        plan_timestamp: Some(jiff::Timestamp::UNIX_EPOCH),
        now: jiff::Timestamp::UNIX_EPOCH,
        phase: Phase::Plan,
        budget: Arc::default(),
    }
}

fn value(expression: &str, variables: &Members) -> Option<Value> {
    let mut sources = Sources::new();
    let id = sources.add("<expression>", expression);
    let (tree, found) = parse_expression(id, expression);
    assert!(!found.has_errors(), "{expression}");
    evaluate_alone(&tree?, variables, &environment()).ok()
}

fn variables() -> Members {
    let output = Type::object([
        ("b", Type::Bool),
        ("l", Type::list(Type::String)),
        ("m", Type::map(Type::String)),
        ("n", Type::Number),
        ("o", Type::object([("a", Type::Number)])),
        ("s", Type::String),
        ("set", Type::set(Type::String)),
    ]);
    let resources = Value::object([
        ("u", Value::object([("id", Value::unknown_not_null(Type::String))])),
        ("n", Value::object([("output", Value::unknown(output))])),
    ]);
    let mut locals = Members::new();
    let mut variables: Members = [("terraform_data".into(), resources)].into_iter().collect();
    for (name, expression) in LOCALS {
        variables.insert("local".into(), Kind::Object(Arc::new(locals.clone())).into());
        locals.insert((*name).into(), value(expression, &variables).unwrap());
    }
    variables.insert("local".into(), Kind::Object(Arc::new(locals)).into());
    variables
}

fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Unknown(..) => "?".to_owned(),
        Kind::Null(_) => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => serde_json::Value::from(&**text).to_string(),
        Kind::List(_, items) | Kind::Set(_, items) | Kind::Tuple(items) => {
            format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(","))
        }
        Kind::Map(_, members) | Kind::Object(members) => {
            let members = members.iter().map(|(name, member)| format!("{name:?}:{}", shown(member)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

#[test]
fn of_unknown_values_as_much_is_known_as_terraform_knows() {
    let variables = variables();
    let mut failures = Vec::new();
    for line in include_str!("answers.txt").lines() {
        let (expression, wanted) = line.split_once("\t=> ").unwrap();
        let got = value(expression, &variables).map_or_else(|| "error".to_owned(), |value| shown(&value));
        if got != wanted {
            failures.push(format!("{expression}\n  wanted {wanted}\n  got    {got}\n"));
        }
    }
    assert!(failures.is_empty(), "{} differ:\n{}", failures.len(), failures.join(""));
}

#[test]
fn what_is_known_of_unknown_values_makes_no_value_larger() {
    assert!(size_of::<Refinement>() <= 16);
    assert!(size_of::<Value>() <= 48, "{}", size_of::<Value>());
}
