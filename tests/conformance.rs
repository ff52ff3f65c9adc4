//! The vendors' own clients against the served sandbox.
//!
//! Each script of `conformance/` prints what the client reported, check by check; what it should have
//! reported stands here. A script that stops early, or says more than is asked, fails too.

#![allow(clippy::unwrap_used)]

#[path = "support/oracles.rs"]
mod oracles;

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};
use snapform::sandbox::{
    DEFAULT_ALIBABA_ACCESS_KEY_ID, DEFAULT_ALIBABA_ACCESS_KEY_SECRET, DEFAULT_TENCENT_SECRET_ID,
    DEFAULT_TENCENT_SECRET_KEY, Sandbox, Server,
};

/// Runs a script against a fresh sandbox and holds its findings against the expected ones.
fn expect(script: &str, expected: &[(&str, Value)]) {
    expect_with(include_str!("conformance/requirements.txt"), script, expected);
}

fn expect_with(requirements: &str, script: &str, expected: &[(&str, Value)]) {
    let Some(python) = oracles::python(requirements) else { return };
    let folder: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "conformance"].iter().collect();
    let mut command = python.command();
    command.arg(folder.join(script)).env("PYTHONDONTWRITEBYTECODE", "1");
    compare(script, &served(command), expected);
}

/// Runs a command while a fresh sandbox is served; its address and keys are in the environment.
fn served(mut command: std::process::Command) -> Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let sandbox = Sandbox::in_memory().unwrap();
    let server = runtime.block_on(Server::bind((Ipv4Addr::LOCALHOST, 0).into(), sandbox)).unwrap();
    let home = tempfile::tempdir().unwrap();
    command
        .env("HOME", home.path())
        .env("SANDBOX_ADDRESS", server.address().to_string())
        .env("ALIBABA_KEY", DEFAULT_ALIBABA_ACCESS_KEY_ID)
        .env("ALIBABA_SECRET", DEFAULT_ALIBABA_ACCESS_KEY_SECRET)
        .env("TENCENT_KEY", DEFAULT_TENCENT_SECRET_ID)
        .env("TENCENT_SECRET", DEFAULT_TENCENT_SECRET_KEY)
        .output()
        .unwrap()
}

fn compare(script: &str, output: &Output, expected: &[(&str, Value)]) {
    let text = String::from_utf8_lossy(&output.stdout);
    let found: Vec<(String, Value)> = text
        .lines()
        .map(|line| {
            let finding: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{script}: {line}"));
            (finding["check"].as_str().unwrap().to_owned(), finding["got"].clone())
        })
        .collect();
    let mut faults = Vec::new();
    for index in 0..found.len().max(expected.len()) {
        match (found.get(index), expected.get(index)) {
            (Some((name, got)), Some((wanted_name, wanted))) if name == wanted_name && got == wanted => {}
            (found, wanted) => faults.push(format!("found    {found:?}\nexpected {wanted:?}")),
        }
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let ended_well = output.status.success();
    assert!(faults.is_empty() && ended_well, "{script}: {}\n{}\n{errors}", output.status, faults.join("\n"));
}

#[test]
fn every_package_is_pinned() {
    let lists =
        [include_str!("conformance/requirements.txt"), include_str!("conformance/requirements-tccli.txt")];
    let mut lines = lists.iter().flat_map(|list| list.lines());
    assert!(lines.all(|line| line.is_empty() || line.starts_with('#') || line.contains("==")));
}

#[test]
fn the_ecs_sdk_creates_lists_changes_and_deletes_and_reports_the_documented_codes() {
    expect(
        "ecs.py",
        &[
            ("tagged disks are found", json!(["db-data", "web-data", "web-system"])),
            ("an empty list of disk ids finds nothing", json!(0)),
            ("disks by id, each once", json!(true)),
            ("a create answers an id", json!(true)),
            ("a new snapshot is in progress", json!(["progressing", "0%", false])),
            ("the same token answers the same id", json!(true)),
            ("the same token with another name", json!("403 IdempotentParameterMismatch")),
            ("a second create on a busy disk", json!("403 IncorrectDiskStatus.CreatingSnapshot")),
            ("a change while in progress", json!("400 InvalidSnapshotId.NotReady")),
            ("a ready snapshot", json!(["accomplished", "100%", true, 0])),
            (
                "what was asked for is read back",
                json!([
                    "nightly.1:备份",
                    "a+b c~d/é*",
                    30,
                    "d-bp10000000000000000a",
                    "system",
                    "40",
                    "standard",
                    "user",
                    "none",
                    false,
                    {"env": "prod", "empty": ""},
                ]),
            ),
            ("the token still answers when it is ready", json!(true)),
            ("pages by token", json!([10, 10, 6])),
            ("pages by token hold everything once", json!(true)),
            ("pages by number", json!([[20, 26], [6, 26]])),
            ("a token wins over a page number", json!(true)),
            ("one disk", json!(5)),
            ("one instance", json!(11)),
            ("one name", json!(true)),
            ("one tag", json!(5)),
            ("some ids, one of them unknown", json!(["bulk-0-0", "bulk-4-4"])),
            ("system disks", json!(11)),
            ("since a minute", json!(["bulk-4-0", "bulk-4-1", "bulk-4-2", "bulk-4-3", "bulk-4-4"])),
            ("all are accomplished", json!(26)),
            ("none is in progress", json!(0)),
            ("no automatic ones", json!(0)),
            ("another region has none", json!(0)),
            ("a change is read back", json!(["renamed", "", 60])),
            ("tags are added and replaced", json!({"env": "test", "owner": "db", "empty": ""})),
            ("tags are removed", json!({"owner": "db"})),
            ("the resource group is changed", json!("rg-sandbox1")),
            ("a wrong secret", json!("400 SignatureDoesNotMatch")),
            ("an unknown key", json!("404 InvalidAccessKeyId.NotFound")),
            ("a token with a key that has none", json!("400 InvalidSecurityToken.MismatchWithAccessKey")),
            ("a request 1000 seconds off", json!("400 InvalidTimeStamp.Expired")),
            ("a request -1000 seconds off", json!("400 InvalidTimeStamp.Expired")),
            ("a name too long", json!("400 InvalidSnapshotName.Malformed")),
            ("a name too short", json!("400 InvalidSnapshotName.Malformed")),
            ("a name that begins with a digit", json!("400 InvalidSnapshotName.Malformed")),
            ("a name that begins with auto", json!("400 InvalidSnapshotName.Malformed")),
            ("a name that is a link", json!("400 InvalidSnapshotName.Malformed")),
            ("a description too long", json!("404 InvalidDescription.Malformed")),
            ("no retention", json!("400 InvalidRetentionDays.Malformed")),
            ("too long a retention", json!("400 InvalidRetentionDays.Malformed")),
            ("an unknown disk", json!("404 InvalidDiskId.NotFound")),
            ("no disk", json!("400 MissingParameter")),
            ("21 tags", json!("403 QuotaExceed.Tags")),
            ("a tag twice", json!("400 Duplicate.TagKey")),
            ("a reserved tag", json!("400 InvalidTagKey.Malformed")),
            ("a link as a tag's value", json!("400 InvalidTagValue.Malformed")),
            ("a token too long", json!("403 InvalidClientToken.Malformed")),
            ("a group that cannot be", json!("404 InvalidResourceGroup.NotFound")),
            ("nothing to change", json!("400 NoAttributeToModify")),
            ("less retention", json!("400 InvalidOperation.DecreaseRetentionDaysUnsupported")),
            ("a change of an unknown snapshot", json!("404 InvalidSnapshotId.NotFound")),
            ("101 ids", json!("403 InvalidSnapshotIds.Malformed")),
            ("ids that are no list", json!("403 InvalidSnapshotIds.Malformed")),
            ("an unknown status", json!("404 InvalidStatus.NotFound")),
            ("an unknown filter", json!("404 InvalidFilterKey.NotFound")),
            ("a dry run", json!("400 DryRunOperation")),
            ("tags of an unknown snapshot", json!("404 InvalidResourceId.NotFound")),
            ("tags that differ by case", json!("403 TagKey.Duplication")),
            ("more than 20 tags in all", json!("403 QuotaExceed.Tags")),
            ("a disk that is being made", json!([true, "403 IncorrectDiskStatus"])),
            ("a disk that was never attached", json!([true, "403 IncorrectDiskStatus.NeverAttached"])),
            ("an instance that starts", json!([true, "400 IncorrectInstanceStatus"])),
            ("the 257th snapshot of a disk", json!("403 QuotaExceed.Snapshot")),
            ("too many calls", json!("403 Throttling")),
            ("an internal error", json!("500 InternalError")),
            ("a denied action", json!("403 Forbidden.RAM")),
            ("a snapshot behind an image", json!("403 SnapshotCreatedImage")),
            ("a snapshot behind a disk", json!("403 SnapshotCreatedDisk")),
            ("the same by force", json!(["accepted", null])),
            ("an unknown snapshot is passed over", json!("accepted")),
            ("or refused, as the setting says", json!("404 InvalidSnapshotId.NotFound")),
            ("a delete cancels a create", json!([null, "accepted"])),
            ("the older signature", json!(5)),
        ],
    );
}

#[test]
fn the_ecd_sdk_creates_lists_and_deletes_and_reports_the_documented_codes() {
    expect(
        "ecd.py",
        &[
            ("running desktops", json!([["ecd-1000000000000000a", "design-1"]])),
            ("their disks", json!([["SYSTEM", 80], ["DATA", 100]])),
            ("desktops by pages", json!([2, ["ecd-1000000000000000a", "ecd-1000000000000000b"], ""])),
            ("a create answers an id", json!(true)),
            ("a new snapshot is in progress", json!(["PROGRESSING", "0%", -1])),
            ("a ready snapshot", json!(["ACCOMPLISHED", "100%", 0])),
            (
                "what was asked for is read back",
                json!([
                    "before_patch-1",
                    "a+b c~d/é*",
                    "ecd-1000000000000000a",
                    "design-1",
                    "SYSTEM",
                    "80",
                    "USER",
                    "Running",
                    "Available",
                ]),
            ),
            ("there is no idempotency: the same call makes another", json!(true)),
            ("the provider's spelling of the disk", json!("DATA")),
            ("pages by token", json!([10, 10, 5])),
            ("pages hold everything once", json!(25)),
            ("the default page", json!([10, true])),
            ("one desktop", json!(11)),
            ("one desktop by name", json!(11)),
            ("data disks", json!(11)),
            ("one name", json!(2)),
            ("since a time", json!(true)),
            ("until a time", json!(["before_patch-1", "before_patch-1", "upper"])),
            ("made by hand", json!([25, 0, 25])),
            ("an unknown id", json!([])),
            ("a wrong secret", json!("400 SignatureDoesNotMatch")),
            ("an unknown key", json!("404 InvalidAccessKeyId.NotFound")),
            ("a request 1000 seconds off", json!("400 InvalidTimeStamp.Expired")),
            ("a name too long", json!("400 InvalidParameter")),
            ("a name too short", json!("400 InvalidParameter")),
            ("a name with a dot", json!("400 InvalidParameter")),
            ("a name that begins with auto", json!("400 InvalidParameter")),
            ("no name", json!("400 MissingParameter")),
            ("a description too long", json!("400 InvalidParameter")),
            ("an unknown kind of disk", json!("400 InvalidParameter")),
            ("an unknown desktop", json!("404 InvalidDesktopId.NotFound")),
            ("a desktop of another region", json!("404 InvalidDesktopId.NotFound")),
            ("no region", json!("400 MissingParameter")),
            ("a desktop that starts", json!("403 IncorrectDesktopStatus")),
            ("101 at once", json!("400 InvalidParameter")),
            ("a page too long", json!("400 InvalidParameter")),
            ("a token nobody gave", json!("400 InvalidParameter")),
            ("an action that is not there", json!("404 InvalidAction.NotFound")),
            ("a quota that is used up", json!("403 QuotaExceed.Snapshot")),
            ("too many calls", json!("400 Throttling.User")),
            ("an internal error", json!("500 InternalError")),
            ("a key that is switched off", json!("400 InvalidAccessKeyId.Inactive")),
            ("many are deleted at once", json!(3)),
            ("unknown ids are passed over", json!(null)),
            ("or refused, as the setting says", json!(["404 InvalidSnapshotId.NotFound", true])),
        ],
    );
}

#[test]
fn the_older_alibaba_sdk_works_with_v1_signatures_in_json_and_xml() {
    expect(
        "old_alibaba.py",
        &[
            ("a snapshot is in progress", json!("progressing")),
            ("a busy disk", json!("403 IncorrectDiskStatus.CreatingSnapshot")),
            (
                "what was asked for is read back",
                json!([
                    "备份_snap-1",
                    "a+b c~d/é",
                    30,
                    true,
                    {"Tag": [{"TagKey": "env", "TagValue": "prod"}]},
                ]),
            ),
            ("a change is read back", json!(["renamed", ""])),
            ("a tag filters", json!(1)),
            ("pages", json!([10, 2])),
            ("a wrong secret is told from a changed request", json!("400 InvalidAccessKeySecret")),
            ("an unknown key", json!("404 InvalidAccessKeyId.NotFound")),
            ("a key that has no token", json!("400 InvalidSecurityToken.MismatchWithAccessKey")),
            ("a request too old", json!("400 InvalidTimeStamp.Expired")),
            ("an unknown disk", json!("404 InvalidDiskId.NotFound")),
            ("a forbidden name", json!("400 InvalidSnapshotName.Malformed")),
            ("a description with its own status", json!("404 InvalidDescription.Malformed")),
            ("no retention", json!("400 InvalidRetentionDays.Malformed")),
            ("the SDK sends a failed create again", json!("accepted")),
            ("which the sandbox counts", json!(2)),
            ("a deleted snapshot is gone", json!([])),
            ("a desktop snapshot is in progress", json!("PROGRESSING")),
            ("a desktop snapshot is ready", json!("ACCOMPLISHED")),
            ("an unknown desktop", json!("404 InvalidDesktopId.NotFound")),
            ("a deleted desktop snapshot is gone", json!([])),
            ("the answer as XML", json!([10, true])),
        ],
    );
}

#[test]
fn the_calls_of_the_official_terraform_providers_work_in_their_order_and_form() {
    expect(
        "providers.py",
        &[
            ("ecs: the same token gives the same snapshot", json!(true)),
            ("ecs: in progress", json!("progressing")),
            (
                "ecs: read",
                json!([
                    "tf_快照-1",
                    20,
                    "standard",
                    "d-bp10000000000000000a",
                    {"Tag": [{"TagKey": "Created", "TagValue": "TF"}]},
                ]),
            ),
            (
                "ecs: changed",
                json!(["renamed", "d", "rg-1", {"Tag": [{"TagKey": "For", "TagValue": "Test"}]}]),
            ),
            ("ecs: data source", json!([true])),
            ("ecs: gone", json!([])),
            ("ecs: pages", json!([60, 60])),
            ("ecd: read at once", json!(["n1", "ecd-1000000000000000a", "SYSTEM", "d"])),
            ("ecd: ready", json!("ACCOMPLISHED")),
            ("ecd: data source", json!(true)),
            ("ecd: gone", json!([])),
            ("cfs: read", json!(["nightly", "cfs-1000000a", {"env": "prod"}])),
            ("cfs: changed", json!(["renamed", {"owner": "db"}])),
            ("cfs: gone", json!([])),
            ("cbs: listed at once", json!(1)),
            ("cbs: read", json!(["disk-1000000b", ""])),
            ("cbs: gone", json!([])),
            ("an unknown disk", json!("404 InvalidDiskId.NotFound")),
            ("throttled", json!("403 Throttling")),
        ],
    );
}

/// What every Tencent service refuses alike: `common_refusals` of tencent.py.
fn common_refusals() -> Vec<(&'static str, Value)> {
    vec![
        ("a wrong secret", json!("AuthFailure.SignatureFailure")),
        ("an unknown key", json!("AuthFailure.SecretIdNotFound")),
        ("a wrong token", json!("AuthFailure.TokenFailure")),
        ("a request 400 seconds off", json!("AuthFailure.SignatureExpire")),
        ("a request -400 seconds off", json!("AuthFailure.SignatureExpire")),
        ("an unknown region", json!("UnsupportedRegion")),
        ("the older signatures and forms", json!(["accepted", "accepted", "accepted"])),
        ("20 calls in a second", json!(20)),
        ("the 21st", json!("RequestLimitExceeded")),
        ("an internal error", json!("ServerNetworkError")),
        ("a key that is switched off", json!("AuthFailure.SecretIdNotFound")),
    ]
}

#[test]
fn the_cfs_and_tag_sdks_create_list_change_and_delete_and_report_the_documented_codes() {
    let mut expected = vec![
        ("tagged file systems", json!(["shared-home", "uploads"])),
        ("a create answers an id", json!(true)),
        ("a new snapshot is creating", json!(["creating", 0])),
        ("a change while it is creating", json!("InvalidParameterValue.InvalidSnapshotStatus")),
        ("a delete while it is creating", json!("InvalidParameterValue.InvalidSnapshotStatus")),
        ("a ready snapshot", json!(["available", 100, 0, "0"])),
        (
            "what was asked for is read back",
            json!([
                "nightly_1-备份",
                "cfs-1000000a",
                "shared-home",
                12288,
                "ap-guangzhou",
                {"env": "prod", "owner": "db"},
            ]),
        ),
        ("there is no idempotency: the same call makes another", json!(true)),
        ("no name is no name", json!("")),
        ("pages", json!([10, 10, 5])),
        ("pages hold everything once", json!(25)),
        ("the default page", json!(20)),
        ("one file system", json!([12, 12])),
        ("one name", json!(["bulk-7"])),
        ("file systems by name", json!(12)),
        ("one tag", json!(11)),
        ("one tag key", json!(1)),
        ("two ids", json!(2)),
        ("by status", json!([24, 1])),
        ("oldest first", json!(["bulk-1", "bulk-3", "bulk-5"])),
        ("newest first", json!(true)),
        ("an unknown id", json!(null)),
        ("or an error, as the setting says", json!("ResourceNotFound.SnapshotNotFound")),
        ("another region has none", json!(0)),
        ("a change is read back", json!("renamed")),
        ("tags are changed by the tag service", json!({"env": "test", "new": "1"})),
    ];
    expected.extend(common_refusals());
    expected.extend([
        ("a name too long", json!("InvalidParameter.SnapshotNameLimitExceeded")),
        ("a name of 64 is accepted", json!("accepted")),
        ("a name with a dot", json!("InvalidParameter.InvalidSnapshotName")),
        ("an unknown file system", json!("ResourceNotFound.FileSystemNotFound")),
        ("an id of another form", json!("InvalidParameterValue.InvalidFileSystemId")),
        ("no file system", json!("MissingParameter")),
        ("seven tags", json!("InvalidParameterValue.TagKeyFilterLimitExceeded")),
        ("a tag key too long", json!("InvalidParameterValue.TagKeyLimitExceeded")),
        ("a tag value too long", json!("InvalidParameterValue.TagValueLimitExceeded")),
        ("a tag without a value", json!("InvalidParameterValue.InvalidTagValue")),
        ("a tag twice", json!("InvalidParameterValue.InvalidResourceTags")),
        ("nothing to change", json!("InvalidParameterValue.MissingSnapNameOrAliveDay")),
        ("for ever made finite", json!("InvalidParameterValue.InvalidAliveDays")),
        ("a new name too long", json!("InvalidParameter.SnapshotNameLimitExceeded")),
        ("a change of an unknown snapshot", json!("ResourceNotFound.SnapshotNotFound")),
        ("an unknown filter", json!("InvalidParameter")),
        ("a number as a name", json!("InvalidParameter")),
        ("a file system that is being made", json!("InvalidParameterValue.InvalidFsStatus")),
        ("a file system too large", json!("ResourceInsufficient.SnapshotSizeLimitExceeded")),
        ("the 101st snapshot of a file system", json!("LimitExceeded")),
        ("11 tags at once", json!("LimitExceeded.TagNumPerRequest")),
        ("a delete takes a while", json!("deleting")),
        ("then the snapshot is gone", json!(null)),
        ("a delete of what is gone", json!("ResourceNotFound.SnapshotNotFound")),
        ("a list is deleted", json!([13, 0])),
        ("no id at all", json!("InvalidParameter")),
    ]);
    expect("cfs.py", &expected);
}

#[test]
fn the_cbs_sdk_creates_lists_and_deletes_and_reports_the_documented_codes() {
    let mut expected = vec![
        ("tagged disks", json!(["game-data", "logs"])),
        ("data disks by pages", json!([2, 1])),
        ("a create answers an id", json!(true)),
        ("a new point is being made", json!(["CREATING", 0])),
        ("a delete while it is being made", json!("ResourceBusy")),
        ("a ready point", json!(["NORMAL", 100])),
        (
            "what was asked for is read back",
            json!(["before patch: 备份", "disk-1000000a", 50, "SYSTEM_DISK", false]),
        ),
        ("there is no idempotency: the same call makes another", json!(true)),
        ("the disk counts its points", json!([2, 10])),
        ("a quota is changed", json!(20)),
        ("pages", json!([10, 10, 5])),
        ("pages hold everything once", json!(25)),
        ("the default page", json!(20)),
        ("one disk", json!(11)),
        ("two disks", json!(25)),
        ("system disks", json!(14)),
        ("two points", json!(2)),
        ("some ids, one of them unknown", json!(2)),
        ("oldest first", json!(["bulk-1", "bulk-3", "bulk-5"])),
        ("newest first", json!(true)),
        ("an unknown id", json!(null)),
        ("another region has none", json!(0)),
    ];
    expected.extend(common_refusals());
    expected.extend([
        ("a name too long", json!("InvalidParameter")),
        ("a name of 100 is accepted", json!("accepted")),
        ("an unknown disk", json!("InvalidDiskId.NotFound")),
        ("no disk", json!("MissingParameter")),
        ("an unknown filter", json!("InvalidFilter")),
        ("ids and filters", json!("InvalidParameter")),
        ("a page too long", json!("InvalidParameter")),
        ("an unknown order", json!("InvalidParameter")),
        ("a text as a number", json!("InvalidParameter")),
        ("a quota of none", json!("InvalidParameter")),
        ("a quota too large", json!("InvalidParameter")),
        ("a quota of an unknown disk", json!("ResourceNotFound.NotFound")),
        ("more points than the quota", json!("ResourceInsufficient.OverQuota")),
        ("a busy disk", json!("InvalidDisk.Busy")),
        ("a disk that is rolled back", json!("ResourceInUse.DiskRollbacking")),
        ("a disk that cannot", json!("ResourceUnavailable.NotSupported")),
        ("a deleted point is gone", json!(null)),
        ("a delete of what is gone", json!("ResourceNotFound.NotFound")),
        ("a list with an unknown id deletes nothing", json!(["ResourceNotFound.NotFound", true])),
        ("or is passed over, as the setting says", json!(["accepted", null])),
        ("a list is deleted", json!([11, 0])),
        ("an empty list", json!("InvalidParameter")),
    ]);
    expect("cbs.py", &expected);
}

#[test]
fn the_tcaplusdb_sdk_creates_lists_changes_and_deletes_in_batches_and_reports_each_item() {
    let mut expected = vec![
        ("clusters", json!([["19162256624", "game"]])),
        ("groups", json!([["1", "world-1"], ["2", "world-2"]])),
        ("tables by pages", json!([[5, 2], [5, 2], [5, 1]])),
        ("tables of a group", json!(["tb_guild", "tb_player"])),
        (
            "a batch",
            json!([
                ["tb_player", "s1", 0],
                ["tb_guild", "s1", 0],
                ["tb_unknown", "s1", "ResourceNotFound"],
                ["tb_player", "s1", 0],
            ]),
        ),
        ("a new snapshot is being made", json!(0)),
        (
            "what was asked for is read back",
            json!(["1", "tb_player", "s1", "2030-01-01 07:00:00", "2030-02-01 00:00:00", true, 1]),
        ),
        ("the same name again", json!([["tb_player", "s1", "InvalidParameterValue"]])),
        ("everything at once", json!(27)),
        ("one group", json!(9)),
        ("one table in all groups", json!(18)),
        ("one table", json!(9)),
        ("one name", json!(3)),
        ("selected tables", json!(18)),
        ("an unknown name", json!(null)),
        ("or an error, as the setting says", json!("ResourceNotFound")),
        ("a change", json!([["tb_player", "s1", 1]])),
        ("a change is read back", json!("2030-03-01 00:00:00")),
        (
            "a change of an unknown snapshot",
            json!([["tb_player", "unknown", "ResourceNotFound"], ["tb_player", "bulk-0", 1]]),
        ),
    ];
    expected.extend(common_refusals());
    expected.extend([
        ("an unknown cluster", json!("ResourceNotFound")),
        ("no cluster", json!("MissingParameter")),
        ("no tables", json!("InvalidParameterValue")),
        ("no name", json!("MissingParameter")),
        ("no time", json!("MissingParameter")),
        ("no end", json!("MissingParameter")),
        ("an unknown group", json!([["tb_player", "s2", "ResourceNotFound"]])),
        ("a time of another form", json!([["tb_player", "s2", "InvalidParameterValue.InvalidTimeValue"]])),
        ("a time to come", json!([["tb_player", "s2", "InvalidParameterValue"]])),
        ("a time too long ago", json!([["tb_player", "s2", "InvalidParameterValue"]])),
        ("an end that is over", json!([["tb_player", "s2", "InvalidParameterValue"]])),
        ("a quota that is used up", json!([["tb_player", "s2", "LimitExceeded"], ["tb_inventory", "s2", 0]])),
        ("half a batch fails", json!([["tb_player", "s3", 0], ["tb_guild", "s3", "InternalError"]])),
        ("or the whole call, as the setting says", json!(["ResourceNotFound", null])),
        (
            "a delete takes a while",
            json!([[["tb_player", "s1", 2], ["tb_player", "unknown", "ResourceNotFound"]], 2]),
        ),
        ("then the snapshot is gone", json!(null)),
        ("a delete of what is gone", json!([["tb_player", "s1", "ResourceNotFound"]])),
        ("or nothing, as the setting says", json!("accepted")),
        ("many at once", json!(8)),
        ("only the others are left", json!(1)),
        ("what is over is no longer valid", json!([3])),
    ]);
    expect("tcaplusdb.py", &expected);
}

#[test]
fn tencents_command_line_tool_works_with_its_endpoint_option() {
    expect_with(
        include_str!("conformance/requirements-tccli.txt"),
        "tccli.py",
        &[
            ("a CFS snapshot", json!(["快照1", "available", [{"TagKey": "env", "TagValue": "dev"}]])),
            ("it is renamed", json!(1)),
            ("a CFS name too long", json!([255, "InvalidParameter.SnapshotNameLimitExceeded"])),
            ("a deleted CFS snapshot", json!(true)),
            ("a CBS backup point", json!([["nightly", "NORMAL"]])),
            ("an unknown disk", json!([255, "InvalidDiskId.NotFound"])),
            ("a deleted backup point", json!(0)),
            ("a TcaplusDB snapshot", json!("")),
            ("it is ready", json!(1)),
            ("the caller", json!("100000000001")),
            ("a wrong secret", json!([255, "AuthFailure.SignatureFailure"])),
            ("too many calls", json!([255, "RequestLimitExceeded"])),
        ],
    );
}
