"""The calls that the official Terraform providers make for one resource, in their order and form.

A client of our own signs them, because the providers cannot be had without their registry: V1 with query and
form for alicloud (its RPC layer), TC3 with a JSON body for tencentcloud. The sequences are those of
terraform-provider-alicloud 1.289.0 and terraform-provider-tencentcloud 1.83.25.
"""

import base64
import datetime
import hashlib
import hmac
import json
import os
import urllib.error
import urllib.parse
import urllib.request
import uuid

from common import ADDRESS, admin, advance, check, until

REGION = "cn-hangzhou"
AGENT = "AlibabaCloud (linux; amd64) Golang/1.19.8 Core/0.01 TeaDSL/1 HashiCorp-Terraform/1.11.4 Provider/1.289.0"


def now():
    """Signatures count on the machine's clock, unlike states."""
    return datetime.datetime.now(datetime.timezone.utc)


def send(request):
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def quote(text):
    return urllib.parse.quote(str(text), safe="-_.~")


def alicloud(version, action, **form):
    """Common parameters in the query, the action's own in the form; the union of both is signed."""
    form = {name.replace("__", "."): value for name, value in form.items()}
    query = {
        "AccessKeyId": os.environ["ALIBABA_KEY"],
        "Action": action,
        "Format": "json",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": uuid.uuid4().hex,
        "SignatureVersion": "1.0",
        "Timestamp": now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": version,
    }
    pairs = "&".join(f"{quote(name)}={quote(value)}" for name, value in sorted({**query, **form}.items()))
    key = (os.environ["ALIBABA_SECRET"] + "&").encode()
    digest = hmac.new(key, f"POST&%2F&{quote(pairs)}".encode(), hashlib.sha1).digest()
    query["Signature"] = base64.b64encode(digest).decode()
    request = urllib.request.Request(
        f"http://{ADDRESS}/?{urllib.parse.urlencode(sorted(query.items()))}",
        data=urllib.parse.urlencode(sorted(form.items())).encode(), method="POST",
        headers={"content-type": "application/x-www-form-urlencoded", "user-agent": AGENT,
                 "x-acs-action": action, "x-acs-version": version})
    status, answer = send(request)
    if status != 200:
        raise RuntimeError(f"{status} {answer['Code']}")
    return answer


def tencentcloud(service, version, action, **body):
    """TC3 over a compact JSON body, as the Go SDK sends it."""
    payload = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    time = now()
    stamp, date = str(int(time.timestamp())), time.strftime("%Y-%m-%d")
    host, kind = f"{service}.tencentcloudapi.com", "application/json"
    digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
    canonical = f"POST\n/\n\ncontent-type:{kind}\nhost:{host}\n\ncontent-type;host\n{digest(payload)}"
    scope = f"{date}/{service}/tc3_request"
    signed = f"TC3-HMAC-SHA256\n{stamp}\n{scope}\n{digest(canonical)}"
    key = ("TC3" + os.environ["TENCENT_SECRET"]).encode()
    for part in (date, service, "tc3_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, signed.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"http://{ADDRESS}/", data=payload.encode(), method="POST", headers={
        "Host": host, "Content-Type": kind, "X-TC-Action": action, "X-TC-Version": version,
        "X-TC-Timestamp": stamp, "X-TC-Region": "ap-guangzhou", "X-TC-Language": "en-US",
        "X-TC-RequestClient": "Terraform-latest",
        "Authorization": f"TC3-HMAC-SHA256 Credential={os.environ['TENCENT_KEY']}/{scope}, "
                         f"SignedHeaders=content-type;host, Signature={signature}"})
    answer = send(request)[1]["Response"]
    if "Error" in answer:
        raise RuntimeError(answer["Error"]["Code"])
    return answer


def refusal(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except RuntimeError as error:
        return str(error)
    return "accepted"


# alicloud_ecs_snapshot: create with a token, wait, read, change, tags, delete.
def ecs(action, **form):
    return alicloud("2014-05-26", action, **form)


def ecs_read(snapshot):
    found = ecs("DescribeSnapshots", RegionId=REGION, SnapshotIds=json.dumps([snapshot]))
    return found["Snapshots"]["Snapshot"]


token = f"TF-CreateSnapshot-1732696200-{uuid.UUID(int=7)}"[:64]
creation = {"DiskId": "d-bp10000000000000000a", "SnapshotName": "tf_快照-1", "RetentionDays": 20,
            "Tag.1.Key": "Created", "Tag.1.Value": "TF", "ClientToken": token, "RegionId": REGION}
snapshot = ecs("CreateSnapshot", **creation)["SnapshotId"]
check("ecs: the same token gives the same snapshot", ecs("CreateSnapshot", **creation)["SnapshotId"] == snapshot)
check("ecs: in progress", ecs_read(snapshot)[0]["Status"])
until(lambda: ecs_read(snapshot)[0]["Status"] == "accomplished")
ready = ecs_read(snapshot)[0]
check("ecs: read", [ready[name] for name in ("SnapshotName", "RetentionDays", "Category", "SourceDiskId", "Tags")])
ecs("ModifySnapshotAttribute", RegionId=REGION, SnapshotId=snapshot, SnapshotName="renamed", Description="d")
ecs("JoinResourceGroup", RegionId=REGION, ResourceId=snapshot, ResourceType="snapshot", ResourceGroupId="rg-1")
ecs("UntagResources", RegionId=REGION, ResourceType="snapshot", ResourceId__1=snapshot, TagKey__1="Created")
ecs("TagResources", RegionId=REGION, ResourceType="snapshot", ResourceId__1=snapshot,
    Tag__1__Key="For", Tag__1__Value="Test")
ready = ecs_read(snapshot)[0]
check("ecs: changed", [ready[name] for name in ("SnapshotName", "Description", "ResourceGroupId", "Tags")])
check("ecs: data source", [item["SnapshotId"] == snapshot for item in ecs(
    "DescribeSnapshots", RegionId=REGION, DryRun="false", MaxResults=50, PageNumber=1, PageSize=50,
    SnapshotType="all", Tag__1__Key="For", Tag__1__Value="Test")["Snapshots"]["Snapshot"]])
ecs("DeleteSnapshot", RegionId=REGION, SnapshotId=snapshot, Force="true")
check("ecs: gone", ecs_read(snapshot))

# The data source pages by number and token at once, and stops when a page is short or no token follows.
disks = [f"d-bp1000000000000000{number:02}" for number in range(60)]
admin("POST", "seed", {"objects": {"ecs-snapshot": [
    {"id": f"s-bp1paged{number:011}", "disk_id": disk, "tags": {"set": "paged"}}
    for number, disk in enumerate(disks)]}})
seen, page, following = [], 1, {}
while True:
    answer = ecs("DescribeSnapshots", RegionId=REGION, DryRun="false", MaxResults=50, PageNumber=page, PageSize=50,
                 SnapshotType="all", Tag__1__Key="set", Tag__1__Value="paged", **following)
    seen += [item["SnapshotId"] for item in answer["Snapshots"]["Snapshot"]]
    if len(answer["Snapshots"]["Snapshot"]) < 50 or not answer.get("NextToken"):
        break
    page, following = page + 1, {"NextToken": answer["NextToken"]}
check("ecs: pages", [len(seen), len(set(seen))])


# alicloud_ecd_snapshot: create, read at once, delete; no waits.
def ecd(action, **form):
    return alicloud("2020-09-30", action, RegionId=REGION, **form)


def ecd_read(snapshot):
    return ecd("DescribeSnapshots", SnapshotId=snapshot)["Snapshots"]


snapshot = ecd("CreateSnapshot", DesktopId="ecd-1000000000000000a", SnapshotName="n1",
               SourceDiskType="SYSTEM", Description="d")["SnapshotId"]
found = ecd_read(snapshot)
check("ecd: read at once", [found[0][name] for name in ("SnapshotName", "DesktopId", "SourceDiskType", "Description")])
advance(600)
check("ecd: ready", ecd_read(snapshot)[0]["Status"])
seen, following = [], {}
while True:
    answer = ecd("DescribeSnapshots", MaxResults=50, DesktopId="ecd-1000000000000000a", **following)
    seen += [item["SnapshotId"] for item in answer["Snapshots"]]
    if not answer.get("NextToken"):
        break
    following = {"NextToken": answer["NextToken"]}
check("ecd: data source", seen == [snapshot])
ecd("DeleteSnapshot", SnapshotId__1=snapshot)
check("ecd: gone", ecd_read(snapshot))


# tencentcloud_cfs_snapshot: create with tags, wait, the same tags again, read both, change, delete, wait.
def cfs(action, **body):
    return tencentcloud("cfs", "2019-07-19", action, **body)


def tag(action, **body):
    return tencentcloud("tag", "2018-08-13", action, **body)


def cfs_read(snapshot):
    return cfs("DescribeCfsSnapshots", SnapshotId=snapshot, Offset=0, Limit=20)["Snapshots"]


def cfs_tags(snapshot):
    answer = tag("DescribeResourceTagsByResourceIds", ServiceType="cfs", ResourcePrefix="snap",
                 ResourceIds=[snapshot], ResourceRegion="ap-guangzhou", Offset=0, Limit=20)
    return {item["TagKey"]: item["TagValue"] for item in answer["Tags"]}


def modify_tags(snapshot, **changes):
    tag("ModifyResourceTags", Resource=f"qcs::cfs:ap-guangzhou:uin/:snap/{snapshot}", **changes)


snapshot = cfs("CreateCfsSnapshot", FileSystemId="cfs-1000000a", SnapshotName="nightly",
               ResourceTags=[{"TagKey": "env", "TagValue": "prod"}])["SnapshotId"]
until(lambda: cfs_read(snapshot)[0]["Status"] == "available")
modify_tags(snapshot, ReplaceTags=[{"TagKey": "env", "TagValue": "prod"}])
found = cfs_read(snapshot)[0]
check("cfs: read", [found["SnapshotName"], found["FileSystemId"], cfs_tags(snapshot)])
cfs("UpdateCfsSnapshotAttribute", SnapshotId=snapshot, SnapshotName="renamed")
modify_tags(snapshot, ReplaceTags=[{"TagKey": "owner", "TagValue": "db"}], DeleteTags=[{"TagKey": "env"}])
check("cfs: changed", [cfs_read(snapshot)[0]["SnapshotName"], cfs_tags(snapshot)])
cfs("DeleteCfsSnapshot", SnapshotId=snapshot)
until(lambda: not cfs_read(snapshot))
check("cfs: gone", cfs_read(snapshot))


# tencentcloud_cbs_disk_backup: an unset name is sent as an empty one; read at once, wait, delete, wait.
def cbs(action, **body):
    return tencentcloud("cbs", "2017-03-12", action, **body)


def cbs_read(backup):
    return cbs("DescribeDiskBackups", DiskBackupIds=[backup])["DiskBackupSet"]


backup = cbs("CreateDiskBackup", DiskId="disk-1000000b", DiskBackupName="")["DiskBackupId"]
check("cbs: listed at once", len(cbs_read(backup)))
until(lambda: cbs_read(backup)[0]["DiskBackupState"] == "NORMAL")
check("cbs: read", [cbs_read(backup)[0][name] for name in ("DiskId", "DiskBackupName")])
cbs("DeleteDiskBackups", DiskBackupIds=[backup])
until(lambda: not cbs_read(backup))
check("cbs: gone", cbs_read(backup))

# What decides whether the providers try again or give an object up.
check("an unknown disk", refusal(ecs, "CreateSnapshot", RegionId=REGION, DiskId="d-nope"))
admin("POST", "faults", {"kind": "throttled", "action": "DescribeSnapshots"})
check("throttled", refusal(ecs_read, "s-nope"))
