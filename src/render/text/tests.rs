//! Our text of genuine plans and states against Terraform's.

use super::super::samples;
use super::{Options, plan};
use crate::plan::PlanMode;

fn as_terraform() -> Options {
    Options { name: "Terraform", wording: "Terraform", command: "terraform", ..Options::default() }
}

fn check(name: &str, mode: PlanMode) {
    let built = samples::plan(&samples::json(&format!("{name}.plan.json")), mode);
    let wanted = samples::text(&format!("{name}.plan.txt"));
    let got = plan(&built, &as_terraform());
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
