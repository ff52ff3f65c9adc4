//! Generated expressions, evaluated here and by an installed `terraform`, must have the same answers.
//!
//! Without `terraform` the test says so and passes; with `SNAPFORM_REQUIRE_ORACLES=1` it fails then.
//! `SNAPFORM_SEED` and `SNAPFORM_CASES` choose other expressions and more of them.

#![allow(clippy::unwrap_used)] // helpers outside #[test] functions fail the test just the same

use std::fmt::Write as _;
use std::process::Command;
use std::sync::Arc;

use snapform::diagnostic::{Diagnostic, Diagnostics, SourceId, SourceRange};
use snapform::lang::evaluate::evaluate;
use snapform::lang::syntax::parse_body;
use snapform::lang::{Environment, NoFiles, Phase, Root, Scope, Value};

/// Makes expressions out of a seed.
struct Generator(u64);

impl Generator {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    fn one_of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    fn list(&mut self, depth: usize) -> String {
        let count = self.below(4);
        let items: Vec<String> = (0..count).map(|_| self.expression(depth)).collect();
        format!("[{}]", items.join(", "))
    }

    fn object(&mut self, depth: usize) -> String {
        let count = self.below(3);
        let items: Vec<String> = (0..count)
            .map(|_| format!("{} = {}", self.one_of(&["a", "b", "c"]), self.expression(depth)))
            .collect();
        format!("{{ {} }}", items.join(", "))
    }

    fn literal(&mut self) -> String {
        let literals = [
            "0", "1", "2", "-1", "1.5", "0.1", "1e3", "10", "3.0", "\"a\"", "\"b\"", "\"1\"", "\"true\"",
            "\"\"", "\"é\"", "true", "false", "null",
        ];
        self.one_of(&literals).to_owned()
    }

    fn collection(&mut self, depth: usize) -> String {
        let below = depth.saturating_sub(1);
        match self.below(5) {
            0 | 1 => self.list(below),
            2 => self.object(below),
            3 => format!("toset([{}, {}])", self.literal(), self.literal()),
            _ => self.expression(below),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        let Some(below) = depth.checked_sub(1) else { return self.literal() };
        match self.below(22) {
            0 => {
                let operator = self.one_of(&["+", "-", "*", "%"]);
                format!("({} {operator} {})", self.expression(below), self.expression(below))
            }
            1 => {
                let operator = self.one_of(&["==", "!=", "<", ">", "<=", ">="]);
                format!("({} {operator} {})", self.expression(below), self.expression(below))
            }
            2 => {
                let operator = self.one_of(&["&&", "||"]);
                format!("({} {operator} {})", self.expression(below), self.expression(below))
            }
            3 => {
                let condition = self.expression(below);
                format!("({condition} ? {} : {})", self.expression(below), self.expression(below))
            }
            4 => format!("(true ? {} : {})", self.expression(below), self.expression(below)),
            5 => self.list(below),
            6 => self.object(below),
            7 => format!("{}[{}]", self.collection(depth), self.expression(below)),
            8 => format!("{}[*]", self.collection(depth)),
            9 => {
                let body = self.one_of(&["k", "v", "[k, v]", "\"${k}-${v}\""]);
                format!("[for k, v in {} : {body}]", self.collection(depth))
            }
            10 => {
                let key = self.one_of(&["k", "v", "\"x${k}\""]);
                let value = self.one_of(&["v", "k", "v..."]);
                format!("{{for k, v in {} : {key} => {value}}}", self.collection(depth))
            }
            11 => format!("\"x${{{}}}y\"", self.expression(below)),
            12 => format!("\"${{{}}}\"", self.expression(below)),
            13 => format!("\"%{{ if {} }}yes%{{ else ~}} no%{{ endif }}\"", self.expression(below)),
            14 => format!("\"%{{ for x in {} }}${{x}},%{{ endfor ~}}  z\"", self.collection(depth)),
            15 => format!("tolist({})", self.collection(depth)),
            16 => format!("toset({})", self.collection(depth)),
            17 => format!("tomap({})", self.expression(below)),
            18 => format!("tostring({})", self.expression(below)),
            19 => {
                let condition = self.one_of(&["v != null", "v == 1", "true", "v"]);
                format!("[for v in {} : v if {condition}]", self.collection(depth))
            }
            20 => format!("{}[*].a", self.collection(depth)),
            _ => {
                let operator = self.one_of(&["!", "-"]);
                format!("{operator}({})", self.expression(below))
            }
        }
    }
}

struct Nothing(Environment);

impl Scope for Nothing {
    fn lookup(&self, _: &Root, range: SourceRange) -> Result<Value, Diagnostics> {
        Err(Diagnostic::error("Reference to undeclared object", "").at(range).into())
    }

    fn environment(&self) -> &Environment {
        &self.0
    }
}

#[test]
fn generated_expressions_have_the_answers_of_terraform() {
    let number = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    if Command::new("terraform").arg("version").output().is_err() {
        assert!(std::env::var_os("SNAPFORM_REQUIRE_ORACLES").is_none(), "terraform is not installed");
        eprintln!("skipped: terraform is not installed");
        return;
    }
    let seed = number("SNAPFORM_SEED", 1);
    let mut generator = Generator(seed);
    let mut text = String::new();
    for case in 0..number("SNAPFORM_CASES", 600) {
        let depth = 1 + generator.below(3);
        let expression = generator.expression(depth);
        let _ =
            writeln!(text, "output \"o{case}\" {{\n  value = try(jsonencode([{expression}]), \"error\")\n}}");
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.tf"), &text).unwrap();
    let terraform = |arguments: &[&str]| {
        let mut command = Command::new("terraform");
        command.current_dir(folder.path()).args(arguments).env("CHECKPOINT_DISABLE", "1");
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    terraform(&["apply", "-auto-approve", "-no-color"]);
    let answers: serde_json::Value = serde_json::from_slice(&terraform(&["output", "-json"])).unwrap();

    let (body, found) = parse_body(SourceId(0), &text);
    assert!(found.is_empty(), "{found:?}");
    let now = jiff::Timestamp::UNIX_EPOCH;
    let scope = Nothing(Environment {
        files: Arc::new(NoFiles),
        working_folder: ".".into(),
        home_folder: None,
        plan_timestamp: Some(now),
        now,
        phase: Phase::Apply,
        budget: Arc::default(),
    });
    let mut different = String::new();
    for block in body.blocks.iter() {
        let expression = &block.body.attributes["value"].expression;
        let answer = answers[&*block.labels[0].text]["value"].as_str().unwrap_or("(none)");
        let ours = match evaluate(expression, &scope) {
            Ok(value) => value.as_str().unwrap_or("(no text)").to_owned(),
            Err(found) => format!("{found:?}"),
        };
        if ours != answer {
            let _ = writeln!(different, "{expression}\n  terraform: {answer}\n  snapform:  {ours}");
        }
    }
    assert!(different.is_empty(), "seed {seed}:\n{different}");
}
