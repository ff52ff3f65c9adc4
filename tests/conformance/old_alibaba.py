"""The older generation of Alibaba Cloud's Python SDK: V1 signatures, parameters in the query."""

import json
import os

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkecd.request.v20200930 import CreateSnapshotRequest as EcdCreate
from aliyunsdkecd.request.v20200930 import DeleteSnapshotRequest as EcdDelete
from aliyunsdkecd.request.v20200930 import DescribeSnapshotsRequest as EcdDescribe
from aliyunsdkecs.request.v20140526 import CreateSnapshotRequest as EcsCreate
from aliyunsdkecs.request.v20140526 import DeleteSnapshotRequest as EcsDelete
from aliyunsdkecs.request.v20140526 import DescribeSnapshotsRequest as EcsDescribe
from aliyunsdkecs.request.v20140526 import ModifySnapshotAttributeRequest as EcsModify
from aliyunsdkecs.request.v20140526 import TagResourcesRequest as EcsTag

from common import ADDRESS, admin, advance, check, until

KEY, SECRET = os.environ["ALIBABA_KEY"], os.environ["ALIBABA_SECRET"]
client = AcsClient(KEY, SECRET, "cn-hangzhou")


def ask(module, by=client, **fields):
    """Sends the request class of a module and returns the answer."""
    request = getattr(module, module.__name__.rsplit(".", 1)[1])()
    request.set_endpoint(ADDRESS)
    for name, value in fields.items():
        getattr(request, f"set_{name}")(value)
    return json.loads(by.do_action_with_exception(request))


def refusal(*arguments, **named):
    try:
        ask(*arguments, **named)
    except ServerException as error:
        return f"{error.http_status} {error.error_code}"
    return "accepted"


def snapshots(**fields):
    return ask(EcsDescribe, **fields)["Snapshots"]["Snapshot"]


# ECS.
disk = "d-bp10000000000000000a"
first = ask(EcsCreate, DiskId=disk, SnapshotName="备份_snap-1",
            Description="a+b c~d/é", RetentionDays=30, InstantAccess=True,
            Tags=[{"Key": "env", "Value": "prod"}])["SnapshotId"]
check("a snapshot is in progress", snapshots(SnapshotIds=json.dumps([first]))[0]["Status"])
check("a busy disk", refusal(EcsCreate, DiskId=disk))
until(lambda: snapshots(SnapshotIds=json.dumps([first]))[0]["Status"] == "accomplished")
ready = snapshots(DiskId=disk)[0]
check("what was asked for is read back", [ready[name] for name in (
    "SnapshotName", "Description", "RetentionDays", "InstantAccess", "Tags")])
ask(EcsModify, SnapshotId=first, SnapshotName="renamed", Description="")
check("a change is read back", [snapshots(DiskId=disk)[0][name] for name in ("SnapshotName", "Description")])
ask(EcsTag, ResourceType="snapshot", ResourceIds=[first], Tags=[{"Key": "owner", "Value": "db"}])
check("a tag filters", len(snapshots(Tags=[{"Key": "owner", "Value": "db"}])))
for number in range(11):
    advance(2)
    ask(EcsCreate, DiskId=disk, SnapshotName=f"bulk-{number}")
check("pages", [len(snapshots(PageNumber=number, PageSize=10)) for number in (1, 2)])
check("a wrong secret is told from a changed request",
      refusal(EcsDescribe, by=AcsClient(KEY, "wrong", "cn-hangzhou")))
check("an unknown key", refusal(EcsDescribe, by=AcsClient("LTAIunknown", SECRET, "cn-hangzhou")))
check("a key that has no token", refusal(EcsDescribe, by=AcsClient(
    region_id="cn-hangzhou", credential=StsTokenCredential(KEY, SECRET, "CAISwrong"))))
admin("POST", "faults", {"kind": "clock-skew", "seconds": 1000})
check("a request too old", refusal(EcsDescribe))
admin("DELETE", "faults")
check("an unknown disk", refusal(EcsCreate, DiskId="d-unknown"))
check("a forbidden name", refusal(EcsCreate, DiskId=disk, SnapshotName="auto-1"))
check("a description with its own status", refusal(EcsCreate, DiskId=disk, Description="d" * 257))
check("no retention", refusal(EcsCreate, DiskId=disk, RetentionDays=0))
admin("POST", "calls/reset")
admin("POST", "faults", {"kind": "server-error-json", "action": "CreateSnapshot", "count": 1})
advance(2)
check("the SDK sends a failed create again", refusal(EcsCreate, DiskId=disk))
check("which the sandbox counts", admin("GET", "calls")["ecs:CreateSnapshot"]["total"])
advance(2)
ask(EcsDelete, SnapshotId=first)
check("a deleted snapshot is gone", snapshots(SnapshotIds=json.dumps([first])))

# ECD.
desktop = "ecd-1000000000000000a"
second = ask(EcdCreate, DesktopId=desktop, SnapshotName="before-1", SourceDiskType="system")["SnapshotId"]
check("a desktop snapshot is in progress", ask(EcdDescribe, SnapshotId=second)["Snapshots"][0]["Status"])
advance(2)
check("a desktop snapshot is ready", ask(EcdDescribe, DesktopId=desktop)["Snapshots"][0]["Status"])
check("an unknown desktop", refusal(EcdCreate, DesktopId="ecd-unknown", SnapshotName="n1", SourceDiskType="data"))
ask(EcdDelete, SnapshotIds=[second, "s-unknown"])
check("a deleted desktop snapshot is gone", ask(EcdDescribe, SnapshotId=second)["Snapshots"])

# The older answers can be XML.
request = EcsDescribe.DescribeSnapshotsRequest()
request.set_endpoint(ADDRESS)
request.set_accept_format("XML")
body = client.get_response(request)[2].decode()
check("the answer as XML", [body.count("<SnapshotId>"), "<DescribeSnapshotsResponse>" in body])
