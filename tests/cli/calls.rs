//! Rates that the user sets, and what a run tells of its calls.

use serde_json::Value;

use crate::program::Folder;

const THREE: &str = r#"
resource "tencentcloud_cbs_disk_backup" "a" {
  count            = 3
  disk_id          = "disk-1000000b"
  disk_backup_name = "b${count.index}"
}
"#;

/// Returns the numbers of the row of an action.
fn row<'a>(text: &'a str, action: &str) -> Vec<&'a str> {
    let line = text.lines().find(|line| line.trim_start().starts_with(action));
    line.unwrap_or_else(|| panic!("no row of {action}:\n{text}")).split_whitespace().collect()
}

#[test]
fn the_end_tells_what_the_calls_cost_when_it_is_asked() {
    let folder = Folder::with_main(THREE);
    folder.sandboxed(&["plan", "-stats"]).succeeded().not_saying("CreateDiskBackup");
    let run = folder.sandboxed(&["apply", "-auto-approve", "-stats"]).succeeded();
    // Service, action, region, calls, throttled, retried, failed.
    assert_eq!(
        row(&run.err, "cbs CreateDiskBackup")[..7],
        ["cbs", "CreateDiskBackup", "ap-guangzhou", "3", "0", "0", "0"]
    );
    assert!(run.err.contains("\n  total "), "{}", run.err);
    folder.sandboxed(&["plan"]).succeeded().not_saying("Calls to the clouds");
    // A plan that fails tells it all the same.
    folder.edit("main.tf", "count            = 3", "count            = 1");
    let refused = folder.sandboxed(&["plan", "-stats", "-max-destroy=1"]).ended_with(1);
    // One call for what is remembered, one for what else the disk has.
    assert_eq!(row(&refused.err, "cbs DescribeDiskBackups")[3], "2");
}

#[test]
fn the_stream_ends_with_what_the_calls_cost() {
    let folder = Folder::with_main(THREE);
    let run = folder.sandboxed(&["apply", "-auto-approve", "-json"]).succeeded();
    let last: Value = serde_json::from_str(run.out.lines().last().unwrap()).unwrap();
    assert_eq!(last["type"], "snapform_stats");
    let actions = last["hook"]["actions"].as_array().unwrap();
    let create = actions.iter().find(|each| each["action"] == "CreateDiskBackup").unwrap();
    assert_eq!(create["calls"].to_string(), "3");
    assert!(create["bytes_sent"].to_string().parse::<u64>().unwrap() > 0);
}

#[test]
fn rates_replace_the_documented_ones_wherever_they_are_given() {
    let mut folder = Folder::with_main(THREE);
    let slow = "rates = { \"cbs.CreateDiskBackup\" = \"1/3s\" }";
    folder.write("provider.tf", &format!("provider \"tencentcloud\" {{\n  {slow}\n}}\n"));
    let begun = std::time::Instant::now();
    folder.sandboxed(&["apply", "-auto-approve"]).succeeded();
    assert!(begun.elapsed().as_secs() >= 6, "{:?}", begun.elapsed());
    // The variable wins over the block, and the flag over the variable.
    folder.set("SNAPFORM_RATE", "cbs=1/3600s, cfs=1");
    folder.edit("main.tf", "count            = 3", "count            = 5");
    folder.sandboxed(&["apply", "-auto-approve", "-rate=cbs=20/s"]).succeeded();
}

#[test]
fn what_is_no_rate_is_refused() {
    let mut folder = Folder::with_main(THREE);
    folder.sandboxed(&["plan", "-rate=cvm=5"]).ended_with(1).saying("is no service");
    folder.sandboxed(&["plan", "-rate=cbs=0"]).ended_with(1).saying("is no rate");
    folder.write("provider.tf", "provider \"tencentcloud\" {\n  rates = { \"cbs.Create\" = \"1\" }\n}\n");
    folder.sandboxed(&["apply", "-auto-approve"]).ended_with(1).saying("never calls");
    folder.set("SNAPFORM_RATE", "fast");
    folder.sandboxed(&["plan"]).ended_with(1).saying("SNAPFORM_RATE");
}
