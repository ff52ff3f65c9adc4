//! Our text of genuine plans and states against Terraform's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::samples;
use super::{Options, object, plan, safe, state};
use crate::lang::{Type, Value};
use crate::plan::PlanMode;

fn as_terraform() -> Options {
    Options { name: "Terraform", wording: "Terraform", command: "terraform", ..Options::default() }
}

fn check(name: &str, mode: PlanMode) {
    check_with(name, mode, &as_terraform());
}

fn check_with(name: &str, mode: PlanMode, options: &Options) {
    let built = samples::plan(&samples::json(&format!("{name}.plan.json")), mode);
    let wanted = samples::text(&format!("{name}.plan.txt"));
    let got = plan(&built, options);
    if wanted.contains(&got) && !got.is_empty() {
        return;
    }
    let difference = similar::TextDiff::from_lines(wanted.as_str(), got.as_str());
    panic!("{name}:\n{}", difference.unified_diff().context_radius(3));
}

#[test]
fn creates_print_as_terraforms() {
    ["td-01-create", "ecs-01-create", "misc-unknowns", "ecs-06-module"]
        .into_iter()
        .for_each(|name| check(name, PlanMode::Normal));
}

#[test]
fn all_actions_print_as_terraforms() {
    ["td-03-mixed", "ecs-02-update-replace-delete", "ecs-05-deposed"]
        .into_iter()
        .for_each(|name| check(name, PlanMode::Normal));
}

#[test]
fn moved_forgotten_and_imported_objects_print_as_terraforms() {
    check("td-04-mri", PlanMode::Normal);
    check("ecs-07-import-gen", PlanMode::Normal);
}

#[test]
fn a_destroy_plan_prints_as_terraforms() {
    check("td-05-destroy", PlanMode::Destroy);
}

#[test]
fn drift_prints_as_terraforms() {
    check("ecs-03-drift", PlanMode::Normal);
    check("ecs-09-drift-relevant", PlanMode::Normal);
    check("ecs-03-drift-refresh-only", PlanMode::RefreshOnly);
}

#[test]
fn values_inside_a_dynamic_attribute_print_as_terraforms() {
    check("misc-rendering-diff", PlanMode::Normal);
    // Here escape sequences in the values are made visible, which Terraform does not do.
    check("all-kinds", PlanMode::Normal);
}

#[test]
fn outputs_alone_and_failed_plans_print_as_terraforms() {
    check("misc-outputs-only", PlanMode::Normal);
    check("misc-errored", PlanMode::Normal);
}

#[test]
fn colours_are_terraforms() {
    check_with("colours", PlanMode::Normal, &Options { colour: true, ..as_terraform() });
}

type Outputs = BTreeMap<Arc<str>, (Value, bool)>;

fn objects(name: &str) -> (Vec<String>, Outputs) {
    let json = samples::json(&format!("{name}.state.json"));
    let values = &json["values"];
    let resources = values["root_module"]["resources"].as_array().unwrap();
    let texts = resources.iter().map(|resource| {
        let address = samples::address(resource);
        let ty = crate::schema::types::resource(&address.resource.type_name).unwrap().object_type();
        let no = serde_json::Value::Bool(false);
        let value = samples::value(&resource["values"], &no, &resource["sensitive_values"], &ty);
        object(&address, None, false, &value, &as_terraform())
    });
    let outputs = values["outputs"].as_object().cloned().unwrap_or_default();
    let outputs = outputs.iter().map(|(name, output)| {
        let no = serde_json::Value::Bool(false);
        let value = samples::value(&output["value"], &no, &no, &Type::Dynamic);
        (Arc::from(name.as_str()), (value, output["sensitive"] == true))
    });
    (texts.collect(), outputs.collect())
}

#[test]
fn states_print_as_terraforms() {
    for name in ["td-01-create", "all-kinds"] {
        let (objects, outputs) = objects(name);
        let (wanted, got) =
            (samples::text(&format!("{name}.state.txt")), state(&objects, &outputs, &as_terraform()));
        let difference = similar::TextDiff::from_lines(wanted.as_str(), got.as_str());
        assert!(wanted == got, "{name}:\n{}", difference.unified_diff());
    }
}

#[test]
fn values_print_as_in_the_console() {
    let value = Value::object([
        ("list", Value::list(Type::String, vec!["a".into(), "b".into()])),
        ("map", Value::map(Type::Number, [("k", Value::from(1))])),
        ("none", Value::null(Type::list(Type::String))),
        ("secret", Value::from("x").sensitive()),
        ("set", Value::set(Type::Bool, Vec::new())),
        ("text", "one\ntwo".into()),
        ("tuple", Value::tuple(vec![Value::unknown(Type::Dynamic), true.into()])),
    ]);
    let wanted = r#"{
  "list" = tolist([
    "a",
    "b",
  ])
  "map" = tomap({
    "k" = 1
  })
  "none" = tolist(null) /* of string */
  "secret" = (sensitive value)
  "set" = toset([])
  "text" = <<-EOT
  one
  two
  EOT
  "tuple" = [
    (known after apply),
    true,
  ]
}"#;
    assert_eq!(super::value(&value), wanted);
}

#[test]
fn what_could_change_the_screen_is_made_visible() {
    assert_eq!(safe("a\u{1b}[2J\u{202e}b\tc\n"), "a\\x1b[2J\\u202eb\tc\n");
    assert_eq!(super::value(&"\u{1b}]0;x\u{7}".into()), r#""\x1b]0;x\a""#);
}

#[test]
fn long_texts_are_compared_in_time() {
    let text = |step: usize| (0..20_000).map(|line| format!("{}\n", line * 7919 % step)).collect::<String>();
    let change = crate::plan::OutputChange {
        before: Some(text(1009).as_str().into()),
        after: Some(text(1013).as_str().into()),
        sensitive: false,
    };
    let mut built = samples::plan(&samples::json("misc-outputs-only.plan.json"), PlanMode::Normal);
    built.outputs = [("x".into(), change)].into();
    assert!(plan(&built, &as_terraform()).contains("\n  ~ x"));
}
