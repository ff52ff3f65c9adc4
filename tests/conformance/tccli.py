"""Tencent Cloud's command-line tool, tccli."""

import json
import os
import pathlib
import subprocess
import sys

from common import ADDRESS, admin, advance, check

TOOL = pathlib.Path(sys.executable).parent / "tccli"
KEYS = {"TENCENTCLOUD_SECRET_ID": os.environ["TENCENT_KEY"], "TENCENTCLOUD_SECRET_KEY": os.environ["TENCENT_SECRET"]}


def run(service, action, *arguments, **environment):
    return subprocess.run(
        [TOOL, service, action, "--region", "ap-guangzhou", "--endpoint", f"http://{ADDRESS}", *arguments],
        env={**os.environ, **KEYS, **environment}, capture_output=True, text=True)


def ask(*arguments):
    done = run(*arguments)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr


def refusal(*arguments, **environment):
    """Returns the exit code and the code that the tool prints."""
    done = run(*arguments, **environment)
    return [done.returncode, done.stderr.split("code:")[-1].split(" ")[0]]


# CFS.
snapshot = ask("cfs", "CreateCfsSnapshot", "--FileSystemId", "cfs-1000000a", "--SnapshotName", "快照1",
               "--ResourceTags", '[{"TagKey":"env","TagValue":"dev"}]')["SnapshotId"]
advance(2)
read = ask("cfs", "DescribeCfsSnapshots", "--SnapshotId", snapshot)["Snapshots"][0]
check("a CFS snapshot", [read[name] for name in ("SnapshotName", "Status", "Tags")])
ask("cfs", "UpdateCfsSnapshotAttribute", "--SnapshotId", snapshot, "--SnapshotName", "renamed")
found = ask("cfs", "DescribeCfsSnapshots", "--cli-unfold-argument",
            "--Filters.0.Name", "SnapshotName", "--Filters.0.Values", "renamed")
check("it is renamed", found["TotalCount"])
check("a CFS name too long", refusal(
    "cfs", "CreateCfsSnapshot", "--FileSystemId", "cfs-1000000a", "--SnapshotName", "n" * 65))
check("a deleted CFS snapshot", ask("cfs", "DeleteCfsSnapshot", "--SnapshotId", snapshot)["SnapshotId"] == snapshot)

# CBS.
backup = ask("cbs", "CreateDiskBackup", "--DiskId", "disk-1000000b", "--DiskBackupName", "nightly")["DiskBackupId"]
advance(2)
found = ask("cbs", "DescribeDiskBackups", "--Limit", "10", "--cli-unfold-argument",
            "--Filters.0.Name", "disk-id", "--Filters.0.Values", "disk-1000000b")["DiskBackupSet"]
check("a CBS backup point", [[it["DiskBackupName"], it["DiskBackupState"]] for it in found])
check("an unknown disk", refusal("cbs", "CreateDiskBackup", "--DiskId", "disk-unknown0"))
ask("cbs", "DeleteDiskBackups", "--DiskBackupIds", json.dumps([backup]))
check("a deleted backup point", ask("cbs", "DescribeDiskBackups")["TotalCount"])

# TcaplusDB, with its input from a file.
inputs = pathlib.Path(os.environ["HOME"], "in.json")
inputs.write_text(json.dumps({"ClusterId": "19162256624", "SelectedTables": [
    {"TableGroupId": "1", "TableName": "tb_player", "SnapshotName": "s1",
     "SnapshotTime": "2030-01-01 07:00:00", "SnapshotDeadTime": "2030-02-01 00:00:00"}]}))
made = ask("tcaplusdb", "CreateSnapshots", "--cli-input-json", f"file://{inputs}")
check("a TcaplusDB snapshot", made["TableResults"][0]["Error"]["Code"])
advance(2)
check("it is ready", ask("tcaplusdb", "DescribeSnapshots", "--ClusterId", "19162256624")
      ["TableResults"][0]["SnapshotStatus"])

# Who calls.
check("the caller", ask("sts", "GetCallerIdentity")["AccountId"])
check("a wrong secret", refusal("cfs", "DescribeCfsSnapshots", TENCENTCLOUD_SECRET_KEY="wrong"))
admin("POST", "faults", {"kind": "throttled", "service": "cfs"})
check("too many calls", refusal("cfs", "DescribeCfsSnapshots"))
