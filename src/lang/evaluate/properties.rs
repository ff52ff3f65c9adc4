//! What holds of every expression that a generator can make.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::*;
use crate::diagnostic::SourceId;
use crate::lang::functions;
use crate::lang::scope::{Files, Phase};
use crate::lang::syntax::parse_expression;

struct NoFiles;

impl Files for NoFiles {
    fn read(&self, _: &Path) -> std::io::Result<Vec<u8>> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    fn exists(&self, _: &Path) -> std::io::Result<bool> {
        Ok(false)
    }

    fn walk(&self, _: &Path, _: Option<usize>) -> std::io::Result<Vec<String>> {
        Ok(vec!["a/b.txt".to_owned()])
    }
}

/// The value of `var.secret`.
const SECRET: &str = "7f3ac41d";

/// Variables of all the kinds that functions and operators treat in a way of their own.
struct Variables(Environment);

impl Scope for Variables {
    fn lookup(&self, root: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
        let Root::Variable(name) = root else {
            return Err(Diagnostic::error("Reference to undeclared object", "").at(range).into());
        };
        let texts = |items: &[&str]| {
            let items: Vec<Value> = items.iter().map(Value::string).collect();
            Value::from(super::super::value::Kind::List(Type::String, Arc::new(items)))
        };
        Ok(match &**name {
            "anything" => Value::unknown(Type::Dynamic),
            "text" => Value::unknown(Type::String),
            "texts" => Value::unknown(Type::list(Type::String)),
            "secret" => Value::string(SECRET).sensitive(),
            "secrets" => texts(&[SECRET, "b"]).sensitive(),
            "list" => texts(&["b", "a", "b"]),
            "map" => Value::object([("a", Value::from(1)), ("b", Value::unknown(Type::Number))]),
            _ => Value::null(Type::String),
        })
    }

    fn environment(&self) -> &Environment {
        &self.0
    }
}

fn scope() -> Variables {
    Variables(Environment {
        files: Arc::new(NoFiles),
        working_folder: PathBuf::from("/w"),
        home_folder: None,
        plan_timestamp: Some(jiff::Timestamp::UNIX_EPOCH),
        now: jiff::Timestamp::UNIX_EPOCH,
        phase: Phase::Plan,
        budget: Arc::default(),
    })
}

/// Texts that mean something to a function: formats, times, patterns, addresses, documents, and odd characters.
const TEXTS: &[&str] = &[
    "",
    "a",
    "é\u{301}x",
    "%d-%s",
    "%[2]v%[1]q %#v %08.3f",
    "%999999999d%*d",
    "2006-01-02T15:04:05Z",
    "YYYY-MM-DD'T'hh:mm",
    "-25h61m",
    "99999999999999999999h",
    "10.0.0.0/8",
    "fd00::/120",
    "300.1.2.3",
    "(a|b)+?",
    "/(a*)*b(?P<n>c)/",
    "[z-a",
    "$1",
    "{\\\"a\\\":[1,{}]}",
    "{\\\"a\\\":1e999}",
    "- a: &x [b, *x]",
    "a: !!binary YWJj",
    "a,b\\n1,\\\"2\\\"",
    "YWJj",
    "UTF-16LE",
    "-0x1f",
    "zz",
    "1e1000",
    "../**/*.{tf,x}",
    "~/a//../b",
];

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "-1",
    "3.5",
    "36",
    "62",
    "129",
    "-0.1",
    "1e20",
    "-99999999999999999999",
    "1e-30",
    "1024",
];

const VARIABLES: &[&str] = &[
    "var.anything",
    "var.text",
    "var.texts",
    "var.secret",
    "var.secrets",
    "var.list",
    "var.map",
    "var.nothing",
];

fn any_call() -> impl Strategy<Value = String> {
    // These run only as long as they are told to, whatever they are told.
    let names: Vec<&str> = functions::names().into_iter().filter(|name| *name != "bcrypt").collect();
    let name = prop::sample::select(names);
    let leaf = prop_oneof![
        prop::sample::select(TEXTS).prop_map(|text| format!("\"{text}\"")),
        prop::sample::select(NUMBERS).prop_map(str::to_owned),
        prop::sample::select(VARIABLES).prop_map(str::to_owned),
        Just("null".to_owned()),
        Just("true".to_owned()),
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            4 => (name.clone(), prop::collection::vec(inner.clone(), 0..5), any::<bool>()).prop_map(
                |(name, items, expand)| {
                    let dots = if expand && items.len() > 2 { "..." } else { "" };
                    format!("{name}({}{dots})", items.join(", "))
                }
            ),
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(", "))),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{ k = {a}, (\"${{{b}}}\") = 1 }}")),
            1 => (inner.clone(), inner.clone(), "==|<|\\+|-|\\*|/|%|&&")
                .prop_map(|(a, b, operator)| format!("({a}) {operator} ({b})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("try(({a})[{b}], ({a})[*].k)")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{for k, v in {a} : k => {b}...}}")),
            1 => (inner.clone(), inner.clone(), inner)
                .prop_map(|(a, b, c)| format!("\"%{{ if {a} }}${{{b}}}%{{ else }}%{{ for x in {c} }}${{x}}%{{ endfor }}%{{ endif }}\"")),
        ]
    })
}

proptest! {
    #![proptest_config(Config::with_cases(512))]

    #[test]
    fn every_function_answers_or_refuses_whatever_it_is_given(text in any_call()) {
        let (tree, _) = parse_expression(SourceId(0), &text);
        if let Some(tree) = tree {
            let scope = scope();
            let first = evaluate(&tree, &scope).map_err(|found| found.len());
            // What is random or asks for the time is unknown while planning, so that answers can be repeated.
            let second = evaluate(&tree, &scope).map_err(|found| found.len());
            prop_assert_eq!(first, second, "{}", text);
        }
    }

    #[test]
    fn what_is_said_of_a_mistake_never_names_a_sensitive_value(text in any_call()) {
        let (tree, _) = parse_expression(SourceId(0), &text);
        if let Some(tree) = tree
            && let Err(found) = evaluate(&tree, &scope())
        {
            for one in &found {
                let statements: Vec<&str> = one.values.iter().map(|value| &*value.statement).collect();
                let said = format!("{} {} {}", one.summary, one.detail, statements.join(" "));
                prop_assert!(!said.contains(SECRET), "{}: {}", text, said);
            }
        }
    }
}
