//! The module tree, end to end: files in, typed blocks and findings out.

use std::path::Path;

use crate::diagnostic::{Diagnostics, Sources};
use crate::lang::address::{ModulePath, Resource};

use super::*;

fn load_files(files: &[(&str, &str)]) -> (Config, Diagnostics, Sources) {
    let mut memory = MemoryFiles::new();
    files.iter().for_each(|(name, text)| memory.insert(*name, *text));
    let mut sources = Sources::new();
    let (config, found) = load(&memory, Path::new("."), &mut sources);
    (config, found, sources)
}

/// Returns the findings as `line:column summary`, in the order of their lines.
fn findings(files: &[(&str, &str)]) -> Vec<String> {
    let (_, found, sources) = load_files(files);
    let mut all: Vec<_> = found
        .iter()
        .map(|diagnostic| {
            let position = diagnostic.subject.map(|range| sources.position(range.source, range.start));
            (position.map_or((0, 0), |at| (at.line, at.column)), diagnostic.summary.clone())
        })
        .collect();
    all.sort();
    all.into_iter().map(|((line, column), summary)| format!("{line}:{column} {summary}")).collect()
}

#[test]
fn blocks_of_several_files_form_one_module() {
    let (config, found, _) = load_files(&[
        ("a.tf", "variable \"v\" {\n  type = list(string)\n  default = [1]\n}\nlocals {\n  x = var.v\n}\n"),
        (
            "b.tf",
            "resource \"terraform_data\" \"d\" {\n  count = 2\n  input = local.x\n}\nmodule \"m\" {\n  source = \"./child\"\n  name = \"n\"\n}\n",
        ),
        ("child/main.tf", "variable \"name\" {}\noutput \"o\" {\n  value = var.name\n}\n"),
        ("notes.txt", "no configuration"),
    ]);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(config.root.variables.len(), 1);
    assert!(config.root.resources[&Resource::managed("terraform_data", "d")].count.is_some());
    let child = config.module(&ModulePath::root().child("m")).unwrap();
    assert_eq!(child.folder, "child");
    assert!(child.outputs.contains_key("o"));
    assert_eq!(config.modules().len(), 2);
}

#[test]
fn every_duplicate_is_reported_in_one_run() {
    let text = "variable \"a\" {}\nvariable \"a\" {}\noutput \"o\" {\n  value = 1\n}\noutput \"o\" {\n  value = 1\n}\nlocals {\n  x = 1\n}\nlocals {\n  x = 2\n}\nresource \"terraform_data\" \"d\" {}\nresource \"terraform_data\" \"d\" {}\nprovider \"terraform\" {}\nprovider \"terraform\" {}\n";
    assert_eq!(
        findings(&[("main.tf", text)]),
        [
            "2:1 Duplicate variable declaration",
            "6:1 Duplicate output definition",
            "13:3 Duplicate local value definition",
            "16:1 Duplicate resource \"terraform_data\" configuration",
            "18:1 Duplicate provider configuration",
        ]
    );
}

#[test]
fn wrong_blocks_and_arguments_are_reported_where_they_stand() {
    let text = "outputt \"o\" {}\noutput {\n}\nresource \"terraform_data\" \"a\" {\n  for_each = {}\n  count = 0\n  provisioner \"local-exec\" {}\n}\nvariable \"v\" {\n  sensitive = var.x\n  typo = 1\n}\nmodule \"m\" {\n  source = \"git::https://example.com/x\"\n}\n";
    assert_eq!(
        findings(&[("main.tf", text)]),
        [
            "1:1 Unsupported block type",
            "2:8 Missing name for output",
            "5:3 Invalid combination of \"count\" and \"for_each\"",
            "7:3 Unsupported provisioner block",
            "10:15 Unsuitable value type",
            "10:15 Variables not allowed",
            "11:3 Unsupported argument",
            "13:1 Unsupported module source",
        ]
    );
}

#[test]
fn override_files_replace_arguments_and_need_a_base() {
    let (config, found, _) = load_files(&[
        (
            "main.tf",
            "variable \"v\" {\n  type = string\n  default = \"a\"\n}\nresource \"terraform_data\" \"d\" {\n  input = 1\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n",
        ),
        (
            "x_override.tf",
            "variable \"v\" {\n  default = \"b\"\n}\nresource \"terraform_data\" \"d\" {\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n",
        ),
    ]);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(config.root.variables["v"].default.as_ref().unwrap().as_str(), Some("b"));
    let lifecycle = &config.root.resources[&Resource::managed("terraform_data", "d")].lifecycle;
    assert!(lifecycle.prevent_destroy);
    assert_eq!(lifecycle.create_before_destroy, Some(true));
    assert_eq!(
        findings(&[("override.tf", "variable \"v\" {}\n")]),
        ["1:1 Missing base variable declaration to override"]
    );
}

#[test]
fn json_files_say_the_same_as_native_ones() {
    let (config, found, _) = load_files(&[(
        "main.tf.json",
        r#"{"variable": {"v": {"type": "list(string)", "default": ["a"]}},
            "resource": {"terraform_data": {"d": {"input": "${var.v}", "depends_on": ["module.m"],
                "lifecycle": {"ignore_changes": "all", "precondition": {"condition": "${var.v != null}", "error_message": "x"}}}}},
            "output": {"o": {"value": "${terraform_data.d.id}"}}}"#,
    )]);
    assert!(found.is_empty(), "{found:?}");
    let resource = &config.root.resources[&Resource::managed("terraform_data", "d")];
    assert_eq!(resource.lifecycle.ignore_changes, IgnoreChanges::All);
    assert_eq!(resource.lifecycle.preconditions.len(), 1);
    assert_eq!(resource.depends_on.len(), 1);
    assert!(config.root.outputs.contains_key("o"));
}

#[test]
fn provider_configurations_are_inherited_or_passed() {
    let (config, found, _) = load_files(&[
        (
            "main.tf",
            "terraform {\n  required_providers {\n    ali = {\n      source = \"aliyun/alicloud\"\n    }\n  }\n}\nprovider \"ali\" {\n  region = \"a\"\n}\nprovider \"ali\" {\n  alias = \"b\"\n  region = \"b\"\n}\nmodule \"inherits\" {\n  source = \"./m\"\n}\nmodule \"passed\" {\n  source = \"./m\"\n  providers = {\n    alicloud = ali.b\n  }\n}\n",
        ),
        (
            "m/main.tf",
            "terraform {\n  required_providers {\n    alicloud = {\n      source = \"aliyun/alicloud\"\n    }\n  }\n}\nresource \"alicloud_ecs_snapshot\" \"s\" {\n  disk_id = \"d-1\"\n}\n",
        ),
    ]);
    assert!(found.is_empty(), "{found:?}");
    let address = |name: &str| {
        let module = config.module(&ModulePath::root().child(name)).unwrap();
        let resource = module.resources.values().next().unwrap();
        config.provider_of(module, resource).to_string()
    };
    assert_eq!(address("inherits"), "provider[\"registry.terraform.io/aliyun/alicloud\"]");
    assert_eq!(address("passed"), "provider[\"registry.terraform.io/aliyun/alicloud\"].b");
}

#[test]
fn a_module_that_calls_itself_is_an_error_and_not_an_endless_run() {
    let found = findings(&[
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n}\n"),
        ("m/main.tf", "module \"m\" {\n  source = \"./\"\n}\n"),
    ]);
    assert_eq!(found, ["1:1 Too many module calls"]);
}

#[test]
fn other_versions_and_broken_files_are_refused() {
    assert_eq!(
        findings(&[("main.tf", "terraform {\n  required_version = \">= 2\"\n}\n")]),
        ["2:3 Unsupported Terraform Core version"]
    );
    let mut memory = MemoryFiles::new();
    memory.insert("main.tf", b"locals {\n  a = \"\xff\"\n}\n".to_vec());
    let mut sources = Sources::new();
    let (_, found) = load(&memory, Path::new("."), &mut sources);
    assert_eq!(found.iter().map(|one| &*one.summary).collect::<Vec<_>>(), ["Invalid character encoding"]);
}

/// Returns what is wrong with the references, as `line:column summary`.
fn reference_findings(files: &[(&str, &str)]) -> Vec<String> {
    let (config, found, sources) = load_files(files);
    assert!(found.is_empty(), "{found:?}");
    let show = |one: &crate::diagnostic::Diagnostic| {
        let at = one.subject.map(|range| sources.position(range.source, range.start)).unwrap();
        format!("{}:{} {}", at.line, at.column, one.summary)
    };
    check_references(&config, &sources).iter().map(show).collect()
}

#[test]
fn references_to_what_nobody_declares_are_reported() {
    let text = "variable \"v\" {}\nresource \"terraform_data\" \"many\" {\n  count = 2\n}\nresource \"terraform_data\" \"one\" {\n}\noutput \"o\" {\n  value = [\n    var.w,\n    local.l,\n    module.m,\n    foo.bar,\n    data.terraform_remote_state.s,\n    terraform_data.many.id,\n    terraform_data.one[0].id,\n    terraform_data.one.idd,\n    [for each_one in terraform_data.many : each_one.id],\n    terraform_data.many[*].id,\n  ]\n}\n";
    assert_eq!(
        reference_findings(&[("main.tf", text)]),
        [
            "9:5 Reference to undeclared input variable",
            "10:5 Reference to undeclared local value",
            "11:5 Reference to undeclared module",
            "12:5 Reference to undeclared resource",
            "13:5 Reference to undeclared resource",
            "14:5 Missing resource instance key",
            "15:5 Unexpected resource instance key",
            "16:23 Unsupported attribute",
        ]
    );
}

#[test]
fn types_inputs_and_self_references_are_checked_without_evaluation() {
    let text = "resource \"terraform_dat\" \"a\" {}\nresource \"aws_instance\" \"b\" {}\nresource \"terraform_data\" \"c\" {\n  input = terraform_data.c.id\n  depends_on = [terraform_data.c, module.m.x, terraform_data.d.id]\n}\nresource \"terraform_data\" \"d\" {}\nmodule \"m\" {\n  source = \"./m\"\n  extra = 1\n}\n";
    assert_eq!(
        reference_findings(&[
            ("main.tf", text),
            ("m/m.tf", "variable \"needed\" {}\noutput \"x\" {\n  value = var.needed\n}\n")
        ]),
        [
            "2:1 Missing required provider",
            "1:10 Invalid resource type",
            "5:63 Invalid depends_on reference",
            "4:11 Self-referential block",
            "10:3 Unsupported argument",
            "8:12 Missing required argument",
        ]
    );
}

#[test]
fn statements_that_the_configuration_contradicts_are_reported() {
    let text = "moved {\n  from = terraform_data.a\n  to   = terraform_data.b\n}\nmoved {\n  from = terraform_data.c\n  to   = terraform_data.c[0]\n}\nremoved {\n  from = terraform_data.b\n}\nresource \"terraform_data\" \"a\" {}\nresource \"terraform_data\" \"b\" {}\nresource \"terraform_data\" \"c\" {\n  count = 1\n}\n";
    assert_eq!(
        reference_findings(&[("main.tf", text)]),
        ["1:1 Moved object still exists", "13:1 Removed resource still exists"]
    );
}
