//! Tags that a create cannot carry: the run dies between the create and the call that sets the rest.

use std::sync::Arc;

use super::cloud::{Cloud, Moment};
use super::death::{At, run};
use super::world::{Directory, QUICK, check};

/// More tags than CreateCfsSnapshot takes.
const EIGHT: &str = r#"
provider "tencentcloud" {
  region = "ap-guangzhou"
}
resource "tencentcloud_cfs_snapshot" "a" {
  file_system_id = "cfs-1000000a"
  tags           = { for at in range(8) : "k${at}" => "v" }
}
"#;

/// Returns the numbers of the requests of an undisturbed apply from the create on.
fn from_the_create() -> std::ops::RangeInclusive<u64> {
    let cloud = Cloud::serve(None, &QUICK);
    let directory = Directory::new(EIGHT);
    cloud.unwatch();
    let said = directory.apply(&cloud);
    assert!(said.status.success(), "{}", said.text);
    let actions = cloud.actions();
    let number = |name: &str| {
        let at = actions.iter().position(|action| action.ends_with(name));
        at.unwrap_or_else(|| panic!("{name} is not among {actions:?}")) as u64 + 1
    };
    number("CreateCfsSnapshot")..=number("ModifyResourceTags")
}

#[test]
fn a_run_that_dies_before_the_rest_of_the_tags_is_set_is_finished_by_the_next() {
    let mut killed = 0;
    for at in from_the_create() {
        for moment in [Moment::Lost, Moment::Acted] {
            let cloud = Arc::new(Cloud::serve(None, &QUICK));
            let directory = Directory::new(EIGHT);
            let death = run(&cloud, None, &directory, At::Request(at, moment, false), |_, _| ());
            killed += usize::from(death.killed);
            let said = directory.apply(&cloud);
            assert!(said.status.success(), "request {at}, {moment:?}:\n{}", said.text);
            check(&cloud, &directory.remembered(), 1, &Default::default());
            assert_eq!(cloud.ever().len(), 1, "request {at}, {moment:?}: made twice");
            let world = cloud.sandbox().world().to_json().unwrap();
            let tags = world["cfs-snapshot"][0]["tags"].as_object().map(|tags| tags.len());
            assert_eq!(tags, Some(8), "request {at}, {moment:?}:\n{}", said.text);
        }
    }
    assert!(killed > 2, "only {killed} runs died");
}
