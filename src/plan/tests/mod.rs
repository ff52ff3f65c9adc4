//! The planner's scenarios; see `testing` for how to read and add them.

use super::testing::run;

#[test]
fn objects_live_and_end_as_declared() {
    run("lifecycle.txt");
}

#[test]
fn objects_are_replaced_for_the_reasons_that_terraform_knows() {
    run("replace.txt");
}

#[test]
fn modules_nest_and_repeat() {
    run("modules.txt");
}

#[test]
fn objects_keep_their_identity_when_their_address_moves() {
    run("moves.txt");
}

#[test]
fn objects_are_removed_and_imported() {
    run("removed_import.txt");
}

#[test]
fn targets_narrow_the_plan() {
    run("targets.txt");
}

#[test]
fn destroy_and_refresh_only_plan_nothing_else() {
    run("modes.txt");
}

#[test]
fn outputs_come_change_and_go() {
    run("outputs.txt");
}

#[test]
fn conditions_are_checked() {
    run("conditions.txt");
}

#[test]
fn what_must_be_known_is_asked_for() {
    run("unknowns.txt");
}
