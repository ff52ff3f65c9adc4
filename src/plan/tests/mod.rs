//! The planner's scenarios; see `testing` for how to read and add them.

use super::testing::{run, run_shuffled};

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

#[test]
fn what_the_clouds_have_is_compared_with_what_is_remembered() {
    run("clouds.txt");
}

#[test]
fn providers_are_configured_before_anything_is_read_with_them() {
    run("providers.txt");
}

#[test]
fn documented_limits_are_for_what_is_created_or_changed() {
    run("limits.txt");
}

#[test]
fn the_order_of_blocks_does_not_matter() {
    let blocks = [
        "resource \"terraform_data\" \"a\" { input = local.x }",
        "resource \"terraform_data\" \"b\" { input = terraform_data.a.output }",
        "locals { x = \"1\" }",
        "output \"o\" { value = terraform_data.b.id }",
        "resource \"terraform_data\" \"c\" {\n count = 3\n depends_on = [terraform_data.b]\n}",
    ];
    let plan = |order: &[usize]| {
        let text: Vec<&str> = order.iter().map(|at| blocks[*at]).collect();
        super::testing::plan_of(&text.join("\n"))
    };
    let expected = plan(&[0, 1, 2, 3, 4]);
    assert!(expected.contains("terraform_data.c[2] create"), "{expected}");
    for order in [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [1, 4, 0, 3, 2]] {
        assert_eq!(plan(&order), expected);
    }
}

const ONE_SNAPSHOT: &str = r#"{
      "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "6c934ae5-bde8-edfe-27aa-62b5ffcd151c",
      "outputs": {},
      "resources": [{
        "mode": "managed", "type": "alicloud_ecs_snapshot", "name": "known",
        "provider": "provider[\"registry.terraform.io/aliyun/alicloud\"]",
        "instances": [{ "schema_version": 0, "attributes": { "id": "s-1", "disk_id": "d-1" } }]
      }]
    }"#;

#[test]
fn all_that_is_to_be_read_is_asked_for_at_once() {
    let text = r#"
        locals { disk = "d-1" }
        resource "alicloud_ecs_snapshot" "known" { disk_id = local.disk }
        resource "alicloud_ecs_snapshot" "imported" { disk_id = local.disk }
        resource "terraform_data" "beside" { input = alicloud_ecs_snapshot.known.status }
        import {
          to = alicloud_ecs_snapshot.imported
          id = "s-2"
        }
        data "alicloud_ecs_disks" "all" { ids = [local.disk] }
        data "alicloud_ecs_disks" "of_known" { ids = [alicloud_ecs_snapshot.known.disk_id] }
    "#;
    let (objects, mut data) = super::testing::first_reads(text, ONE_SNAPSHOT);
    data.sort_unstable();
    assert_eq!(objects, ["alicloud_ecs_snapshot.known", "alicloud_ecs_snapshot.imported"]);
    assert_eq!(data, ["data.alicloud_ecs_disks.all", "data.alicloud_ecs_disks.of_known"]);
}

#[test]
fn what_providers_come_from_is_read_before_anything_is_read_with_them() {
    let text = r#"
        data "terraform_remote_state" "d" {
          backend = "local"
          config  = { path = "other.tfstate" }
        }
        data "terraform_remote_state" "e" {
          backend = "local"
          config  = { path = data.terraform_remote_state.d.outputs.path }
        }
        provider "alicloud" { region = data.terraform_remote_state.e.outputs.region }
        provider "alicloud" {
          alias  = "known"
          region = "cn-hangzhou"
        }
        resource "alicloud_ecs_snapshot" "known" { disk_id = "d-1" }
        resource "alicloud_ecs_snapshot" "imported" { disk_id = "d-1" }
        import {
          to = alicloud_ecs_snapshot.imported
          id = "s-2"
        }
        data "alicloud_ecs_disks" "all" { ids = ["d-1"] }
        data "alicloud_ecs_disks" "elsewhere" {
          provider = alicloud.known
          ids      = ["d-1"]
        }
    "#;
    let (objects, mut data) = super::testing::first_reads(text, ONE_SNAPSHOT);
    data.sort_unstable();
    assert_eq!(objects, [""; 0]);
    assert_eq!(data, ["data.alicloud_ecs_disks.elsewhere", "data.terraform_remote_state.d"]);
}

#[test]
fn what_a_late_provider_does_waits_for_it() {
    let text = r#"
        resource "terraform_data" "r" { input = "x" }
        provider "alicloud" { region = terraform_data.r.output }
        resource "alicloud_ecs_snapshot" "a" { disk_id = "d-1" }
    "#;
    let steps = super::testing::plan_of(text);
    let provider = "provider[\"registry.terraform.io/hashicorp/alicloud\"]";
    assert!(steps.contains(&format!("evaluate {provider} <- create terraform_data.r")), "{steps}");
    assert!(steps.contains(&format!("create alicloud_ecs_snapshot.a <- evaluate {provider}")), "{steps}");
}

#[test]
fn shuffled_files_and_blocks_give_the_same_plans() {
    let files = [
        "lifecycle.txt",
        "replace.txt",
        "modules.txt",
        "moves.txt",
        "removed_import.txt",
        "targets.txt",
        "modes.txt",
        "outputs.txt",
        "conditions.txt",
        "unknowns.txt",
        "clouds.txt",
        "providers.txt",
    ];
    for (seed, file) in files.into_iter().enumerate() {
        run_shuffled(file, seed as u64);
    }
}

#[test]
fn many_instances_are_planned_in_one_go() {
    let text = "resource \"terraform_data\" \"a\" {\n count = 2000\n input = count.index\n}\n\
                resource \"terraform_data\" \"b\" {\n count = 2000\n input = terraform_data.a[count.index].output\n}\n";
    let plan = super::testing::plan_of(text);
    assert_eq!(plan.matches(" create {").count(), 4000);
}
