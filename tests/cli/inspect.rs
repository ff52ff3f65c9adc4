//! Commands that look: console, graph, providers, and configuration that is generated for imports.

use std::io::Write;
use std::process::{Command, Stdio};

use crate::oracles;
use crate::program::{Folder, Run};

const MAIN: &str = r#"
variable "given" {}

variable "secret" {
  default   = "s"
  sensitive = true
}

locals {
  list   = [1, "two", null]
  broken = [1][5]
}

resource "terraform_data" "one" {
  input = { key = "v", lines = "a\nb" }
}

resource "terraform_data" "many" {
  count = 2
  input = terraform_data.one.output
}

resource "terraform_data" "never" {
  for_each = toset(["a"])
  input    = var.given
}
"#;

/// What both consoles are asked: values of many kinds in one go, and mistakes.
const ASKED: &[&str] = &[
    "[local.list, var.given, [var.secret], terraform_data.one.input, path.module, terraform.workspace]",
    "[terraform_data.many[*].input.key, terraform_data.many[1].triggers_replace, terraform_data.never]",
    "{ a = tolist([\"x\"]), \"b c\" = toset([]), c = tomap({ n = 1e30 }), d = tostring(null), e = local.broken }",
    "type({ a = [1, tolist([{ b = true }])], c = local.list })",
    "type(var.secret)",
    "{ \"a\\nb\" = [\"x\\ny\"], \"$${c}\" = \"$${d}%%{e}\\t\\u200b\", \"\" = 1e-7, f = \"EOT\\nEOT\" }",
    "\"a\\n${upper(\"b\")}\"",
    "1\n\n2",
    "1\nexit\n2",
    "",
    "5 +",
    "nothing",
    "var.give",
    "each.key",
    "terraform_data.many[7]",
    "[type(1)]",
    "length(1, 2)",
];

/// Runs a command that reads a text.
fn fed(mut command: Command, text: &str) -> Run {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that ends early does not read all of it.
    let _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    child.wait_with_output().unwrap().into()
}

/// Returns the value and the summaries of what is wrong.
fn answer(run: &Run) -> (Option<i32>, String, Vec<String>) {
    let text = run.text();
    let wrong = |line: &&str| line.contains("Error: ") || line.contains("Warning: ");
    let mut summaries: Vec<String> = text.lines().filter(wrong).map(|line| line.trim().to_owned()).collect();
    summaries.sort();
    // What is wrong with the directory is told before any answer.
    let value = text.rsplit("unexpected results.").next().unwrap_or_default();
    let value = if value.contains("Error: ") { "" } else { value.trim() };
    (run.code, value.to_owned(), summaries)
}

#[test]
fn the_console_answers_as_terraforms_does() {
    let folder = Folder::with_main(&MAIN.replace("broken = [1][5]", "broken = 1"));
    let Some(mut terraform) = oracles::terraform(folder.path()) else { return };
    assert!(terraform.args(["init", "-no-color"]).stdout(Stdio::null()).status().unwrap().success());
    folder.run(&["apply", "-auto-approve", "-var=given=1", "-target=terraform_data.many"]).succeeded();
    folder.write("main.tf", MAIN);
    for text in ASKED {
        let Some(mut terraform) = oracles::terraform(folder.path()) else { return };
        terraform.args(["console", "-no-color"]);
        let (theirs, ours) = (fed(terraform, text), fed(folder.command(&["console"]), text));
        assert_eq!(answer(&ours), answer(&theirs), "{text}");
    }
}

#[test]
fn the_console_sees_state_plan_and_variables() {
    let folder = Folder::with_main(&MAIN.replace("broken = [1][5]", "broken = 1"));
    let ask = |words: &[&str], text: &str| fed(folder.command(words), text);
    ask(&["console"], "var.given").succeeded().saying("(known after apply)");
    ask(&["console", "-var=given=7"], "var.given").succeeded().saying("\"7\"");
    ask(&["console"], "{\n  a = [\n    1,\n  ]\n}\n").succeeded().saying("{\n  \"a\" = [\n    1,\n  ]\n}");
    ask(&["console"], "terraform_data.one.input").succeeded().saying("(known after apply)");
    ask(&["console", "-plan", "-var=given=7"], "terraform_data.never[\"a\"].input")
        .succeeded()
        .saying("\"7\"");
    ask(&["console"], "1 +\n2").ended_with(1).saying("on <console-input> line 1");
    ask(&["console"], "help").succeeded().saying("Control-D");
    folder.run(&["state", "list"]).ended_with(1).saying("No state file was found!");
}

#[test]
fn an_imported_object_gets_a_block_and_differs_in_nothing() {
    let folder = Folder::with_main(
        r#"
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "nightly"
}

output "id" {
  value = tencentcloud_cfs_snapshot.a.id
}
"#,
    );
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    let id = folder.sandboxed(&["output", "-raw", "id"]).text();
    folder.sandboxed(&["state", "rm", "tencentcloud_cfs_snapshot.a"]).succeeded();
    let import = format!("import {{\n  to = tencentcloud_cfs_snapshot.b\n  id = \"{}\"\n}}\n", id.trim());
    folder.write("main.tf", &import);
    folder
        .sandboxed(&["plan"])
        .ended_with(1)
        .saying("Configuration for import target does not exist")
        .saying("-generate-config-out=generated.tf");
    folder
        .sandboxed(&["plan", "-generate-config-out=generated.tf", "-out=saved"])
        .succeeded()
        .saying("(config will be generated)")
        .saying("written it to generated.tf")
        .saying("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
    let generated = std::fs::read_to_string(folder.path().join("generated.tf")).unwrap();
    assert!(generated.starts_with("# __generated__ by Terraform\n"), "{generated}");
    assert!(generated.contains("  snapshot_name  = \"nightly\"\n"), "{generated}");
    folder.sandboxed(&["fmt", "-check"]).succeeded();
    folder
        .sandboxed(&["plan", "-generate-config-out=generated.tf"])
        .ended_with(1)
        .saying("Target generated file already exists");
    folder.sandboxed(&["apply", "saved"]).succeeded().saying("Resources: 1 imported");
    folder.sandboxed(&["plan", "-detailed-exitcode"]).succeeded().saying("No changes.");
}

#[test]
fn schemas_are_those_of_the_providers_in_use() {
    let folder = Folder::with_main("resource \"alicloud_ecs_snapshot\" \"a\" {\n  disk_id = \"d-1\"\n}\n");
    let run = folder.run(&["providers", "schema", "-json"]).succeeded();
    let schemas: serde_json::Value = serde_json::from_str(run.text().trim()).unwrap();
    let providers = schemas["provider_schemas"].as_object().unwrap();
    assert_eq!(providers.keys().collect::<Vec<_>>(), ["registry.terraform.io/hashicorp/alicloud"]);
    folder.run(&["providers"]).succeeded().saying("└── provider[registry.terraform.io/hashicorp/alicloud]");
    folder.run(&["providers", "schema"]).ended_with(1).saying("-json");
    folder
        .run(&["graph"])
        .succeeded()
        .saying("\"alicloud_ecs_snapshot.a\" [label=\"alicloud_ecs_snapshot.a\"];");
}

#[test]
fn the_schema_of_the_builtin_provider_is_terraforms() {
    let folder = Folder::with_main("resource \"terraform_data\" \"a\" {}\n");
    let Some(mut terraform) = oracles::terraform(folder.path()) else { return };
    let output = terraform.args(["providers", "schema", "-json"]).output().unwrap();
    let mut theirs: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    // Functions of providers are refused here.
    let builtin = theirs["provider_schemas"]["terraform.io/builtin/terraform"].as_object_mut().unwrap();
    builtin.remove("functions").unwrap();
    let run = folder.run(&["providers", "schema", "-json"]).succeeded();
    let ours: serde_json::Value = serde_json::from_str(run.text().trim()).unwrap();
    assert_eq!(ours, theirs);
}

/// Files that are not in canonical style, one that is, one that is broken, and others that are none of the formatter's.
const MESSY: &[(&str, &str)] = &[
    ("x.tf", "a=1\nbb = [\n1,\n   2 ]\n"),
    ("ok.tf", "a = 1\n"),
    ("sub/y.tfvars", "z  = 1"),
    ("sub/deep/z.tf", "resource \"a\"  b {\n# c\nx=<<-EOT\n   k\nEOT\n}\n"),
    (".hidden/a.tf", "a=1\n"),
    ("j.tf.json", "{\"a\":1}"),
    ("t.tftest.hcl", "a=1\n"),
    ("note.txt", "a=1\n"),
];

fn messy(more: &[(&str, &str)]) -> Folder {
    let folder = Folder::new();
    for (name, text) in MESSY.iter().chain(more) {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn contents(folder: &Folder) -> Vec<String> {
    MESSY.iter().map(|(name, _)| std::fs::read_to_string(folder.path().join(name)).unwrap()).collect()
}

#[test]
fn the_formatter_lists_checks_compares_and_writes_as_terraforms_does() {
    let broken = ("sub/broken.tf", "a = = 1\n");
    for (words, more) in [
        (&["fmt"][..], &[][..]),
        (&["fmt", "-recursive"], &[]),
        (&["fmt", "-recursive", "-diff"], &[]),
        (&["fmt", "-recursive", "-check"], &[]),
        (&["fmt", "-recursive", "-check", "-diff"], &[]),
        (&["fmt", "-recursive", "-check"], &[broken]),
        (&["fmt", "-recursive"], &[broken]),
        (&["fmt", "-list=false", "-write=false"], &[]),
        (&["fmt", "-write=false", "./sub/", "x.tf"], &[]),
        (&["fmt", "note.txt"], &[]),
        (&["fmt", "nowhere"], &[]),
        (&["fmt", "-check", "ok.tf"], &[]),
        (&["fmt", "-"], &[]),
        (&["fmt", "-diff", "-"], &[]),
        (&["fmt", "-check", "-"], &[]),
    ] {
        let (ours, theirs) = (messy(more), messy(more));
        let Some(mut terraform) = oracles::terraform(theirs.path()) else { return };
        terraform.args(words).arg("-no-color");
        // A dash ends Terraform's flags.
        if words.last() == Some(&"-") {
            let Some(again) = oracles::terraform(theirs.path()) else { return };
            terraform = again;
            terraform.args(words);
        }
        let (expected, actual) = (fed(terraform, "a=1\nbbb = 2"), fed(ours.command(words), "a=1\nbbb = 2"));
        assert_eq!((actual.code, &actual.out), (expected.code, &expected.out), "{words:?}\n{}", actual.err);
        assert_eq!(contents(&ours), contents(&theirs), "{words:?}");
    }
}

#[test]
fn the_formatter_writes_what_terraforms_writes() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let ours = Folder::new();
    let Some(mut terraform) = oracles::terraform(ours.path()) else { return };
    let mut names = Vec::new();
    for folder in ["tests/corpus/expressions", "src/render/dot/recorded"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "tf") {
                // Without indents there is more to do.
                let text = std::fs::read_to_string(&path).unwrap();
                let flat: String =
                    text.lines().map(|line| line.trim_start().replace(" = ", "=") + "\n").collect();
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                ours.write(&format!("{name}.tf"), &text);
                ours.write(&format!("{name}-flat.tf"), &flat);
                names.extend([format!("{name}.tf"), format!("{name}-flat.tf")]);
            }
        }
    }
    let theirs = Folder::copy_of(ours.path());
    terraform
        .current_dir(theirs.path())
        .args(["fmt", "-no-color"])
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    terraform.status().unwrap();
    ours.run(&["fmt"]);
    for name in names {
        let read = |folder: &Folder| std::fs::read_to_string(folder.path().join(&name)).unwrap();
        assert!(
            read(&ours) == read(&theirs),
            "{name}:\n{}",
            similar::TextDiff::from_lines(read(&theirs), read(&ours)).unified_diff()
        );
    }
}

#[test]
fn completion_knows_every_command() {
    let folder = Folder::new();
    for (line, word) in [
        (&["c"] as &[&str], "console"),
        (&["g"], "graph"),
        (&["providers", ""], "schema"),
        (&["graph", "-d"], "-draw-cycles"),
        (&["plan", "-g"], "-generate-config-out="),
    ] {
        let words: Vec<&str> = ["__complete", "--"].iter().chain(line).copied().collect();
        folder.run(&words).succeeded().saying(word);
    }
}

const WOVEN: &str = r#"
resource "terraform_data" "a" {
  input = 1
}

resource "terraform_data" "gone" {
  input = terraform_data.a.id
}

resource "terraform_data" "gone_too" {
  input = terraform_data.gone.id
}

resource "terraform_data" "replaced" {
  input            = terraform_data.a.id
  triggers_replace = 1
}

resource "terraform_data" "first" {
  input            = terraform_data.a.id
  triggers_replace = 1
  lifecycle {
    create_before_destroy = true
  }
}

resource "terraform_data" "each" {
  for_each = toset(["p", "q"])
  input    = terraform_data.first.id
}

output "o" {
  value = [for each in terraform_data.each : each.id]
}
"#;

#[test]
fn graphs_of_saved_plans_are_terraforms() {
    let (ours, theirs) = (Folder::with_main(WOVEN), Folder::with_main(WOVEN));
    let run = |words: &[&str]| {
        let mut terraform = oracles::terraform(theirs.path())?;
        let output = terraform.args(words).stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{words:?}");
        Some(String::from_utf8(output.stdout).unwrap())
    };
    if run(&["init"]).is_none() {
        return;
    }
    let same = |title: &str, words: &[&str]| {
        let theirs = run(words).unwrap();
        // The key of an object that is deposed on the way is random.
        let deposed = regex::Regex::new(" deposed [0-9a-f]{8}").unwrap();
        let (theirs, ours) = (deposed.replace_all(&theirs, ""), ours.run(words).succeeded().out);
        assert!(
            theirs == ours,
            "{title}:\n{}",
            similar::TextDiff::from_lines(&*theirs, &ours).unified_diff()
        );
    };
    let plan = |more: &[&str]| {
        let words: Vec<&str> = ["plan", "-out=saved"].iter().chain(more).copied().collect();
        ours.run(&words).succeeded();
        run(&words);
    };
    plan(&[]);
    same("everything is created", &["graph", "-plan=saved"]);
    ours.run(&["apply", "saved"]).succeeded();
    run(&["apply", "saved"]);
    let (head, _) = WOVEN.split_once("resource \"terraform_data\" \"gone\"").unwrap();
    let tail = &WOVEN[WOVEN.find("resource \"terraform_data\" \"replaced\"").unwrap()..];
    let changed = format!("{head}{tail}")
        .replace("triggers_replace = 1", "triggers_replace = 2")
        .replace("input = 1", "input = 2")
        .replace("[\"p\", \"q\"]", "[\"q\", \"z\"]");
    ours.write("main.tf", &changed);
    theirs.write("main.tf", &changed);
    plan(&[]);
    same("objects are changed, replaced and destroyed", &["graph", "-plan=saved"]);
    same("objects without block", &["graph", "-type=plan"]);
    same("an apply without a plan", &["graph", "-type=apply"]);
    plan(&["-destroy"]);
    same("everything is destroyed", &["graph", "-plan=saved"]);
    same("a destroy without a plan", &["graph", "-type=plan-destroy"]);
}
