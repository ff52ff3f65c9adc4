//! Objects that a list does not show: too new, or asked for in another place.

use super::cloud::Cloud;
use super::kill::PROVIDERS;
use super::world::{Directory, QUICK};

/// One object of each system.
const FIVE: &str = r#"
resource "alicloud_ecs_snapshot" "one" {
  disk_id       = "d-bp10000000000000000a"
  snapshot_name = "one"
}
resource "alicloud_ecd_snapshot" "one" {
  desktop_id       = "ecd-1000000000000000a"
  snapshot_name    = "one"
  source_disk_type = "SYSTEM"
}
resource "tencentcloud_cfs_snapshot" "one" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "one"
}
resource "tencentcloud_cbs_disk_backup" "one" {
  disk_id          = "disk-1000000b"
  disk_backup_name = "one"
}
resource "tencentcloud_tcaplus_snapshot" "one" {
  cluster_id     = "19162256624"
  table_group_id = "1"
  table_name     = "tb_player"
  snapshot_name  = "one"
}
"#;

#[test]
fn an_accepted_object_that_no_list_shows_yet_is_not_made_again() {
    let cloud = Cloud::serve(None, &QUICK);
    // Long after the next plan has begun, and within the settle time.
    cloud.sandbox().set("list-lag-ms", "1500").unwrap();
    let directory = Directory::new(&format!("{PROVIDERS}{FIVE}"));
    let said = directory.run(&cloud, &["apply", "-auto-approve", "-no-wait", "-no-color"]);
    assert!(said.status.success(), "{}", said.text);
    let said = directory.run(&cloud, &["plan", "-detailed-exitcode", "-no-color"]);
    assert_eq!(said.status.code(), Some(0), "{}", said.text);
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    assert_eq!(cloud.ever().len(), 5);
    assert_eq!(directory.remembered().len(), 5);
}

#[test]
fn objects_are_not_gone_when_the_provider_looks_in_another_region() {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(&format!("{PROVIDERS}{FIVE}"));
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    let before = directory.remembered();
    let elsewhere = format!("{PROVIDERS}{FIVE}")
        .replacen("region = \"cn-hangzhou\"", "region = \"cn-beijing\"", 1)
        .replacen("region = \"ap-guangzhou\"", "region = \"ap-shanghai\"", 1);
    directory.configure(&elsewhere);
    for command in [&["apply", "-auto-approve", "-no-color"][..], &["refresh", "-no-color"]] {
        let said = directory.run(&cloud, command);
        assert_eq!(said.status.code(), Some(1), "{}", said.text);
        for place in ["cn-hangzhou", "ap-guangzhou"] {
            assert!(said.text.contains(place), "{}", said.text);
        }
    }
    assert_eq!(directory.remembered(), before);
    assert_eq!(cloud.ever().len(), 5);
}
