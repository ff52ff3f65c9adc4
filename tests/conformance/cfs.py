"""Tencent Cloud CFS file-system snapshots by the official SDK, with their tags."""

import re

from tencentcloud.cfs.v20190719 import cfs_client
from tencentcloud.cfs.v20190719 import models as cfs_models
from tencentcloud.tag.v20180813 import models as tag_models
from tencentcloud.tag.v20180813 import tag_client

from common import admin, advance, check, until
from tencent import REGION, Service, common_refusals, pages, refusal

cfs = Service(cfs_client.CfsClient, cfs_models)
tag = Service(tag_client.TagClient, tag_models)
SYSTEMS = ["cfs-1000000a", "cfs-1000000b", "cfs-1000000c"]


def create(name=None, system=SYSTEMS[0], tags=()):
    parameters = {"FileSystemId": system}
    if name is not None:
        parameters["SnapshotName"] = name
    if tags:
        parameters["ResourceTags"] = [{"TagKey": key, "TagValue": value} for key, value in tags]
    return cfs("CreateCfsSnapshot", **parameters).SnapshotId


def found(**parameters):
    return cfs("DescribeCfsSnapshots", **{"Limit": 100, **parameters}).Snapshots


def read(snapshot):
    items = found(SnapshotId=snapshot)
    return items[0] if items else None


def filtered(name, *values):
    return found(Filters=[{"Name": name, "Values": list(values)}])


def update(snapshot, **changes):
    cfs("UpdateCfsSnapshotAttribute", SnapshotId=snapshot, **changes)


def tags_of(snapshot):
    answer = tag("DescribeResourceTagsByResourceIds", ServiceType="cfs", ResourcePrefix="snap",
                 ResourceIds=[snapshot], ResourceRegion=REGION, Offset=0, Limit=20)
    return {item.TagKey: item.TagValue for item in answer.Tags}


def modify_tags(snapshot, **changes):
    tag("ModifyResourceTags", Resource=f"qcs::cfs:{REGION}:uin/:snap/{snapshot}", **changes)


# The parents.
systems = cfs("DescribeCfsFileSystems", Tags=[{"TagKey": "backup", "TagValue": "daily"}])
check("tagged file systems", sorted(it.FsName for it in systems.FileSystems))

# Create, wait, read back.
first = create("nightly_1-备份", tags=[("env", "prod"), ("owner", "db")])
check("a create answers an id", bool(re.fullmatch("snapcfs-[0-9a-z]{8}", first)))
fresh = read(first)
check("a new snapshot is creating", [fresh.Status, fresh.Percent])
check("a change while it is creating", refusal(update, first, SnapshotName="x"))
check("a delete while it is creating", refusal(cfs, "DeleteCfsSnapshot", SnapshotId=first))
until(lambda: read(first).Status == "available")
ready = read(first)
check("a ready snapshot", [ready.Status, ready.Percent, ready.AliveDay, ready.DeleteTime])
check("what was asked for is read back", [
    ready.SnapshotName, ready.FileSystemId, ready.FsName, ready.Size, ready.RegionName,
    {item.TagKey: item.TagValue for item in ready.Tags}])
again = create("nightly_1-备份")
check("there is no idempotency: the same call makes another", again != first)
check("no name is no name", read(create(system=SYSTEMS[1])).SnapshotName)

# Lists.
for number in range(22):
    advance(1)
    create(f"bulk-{number}", SYSTEMS[number % 2], [("half", str(number % 2))])
listed = pages(lambda **page: (lambda it: (it.TotalCount, [s.SnapshotId for s in it.Snapshots]))(
    cfs("DescribeCfsSnapshots", **page)), 10)
check("pages", [len(page) for page in listed])
check("pages hold everything once", len({id for page in listed for id in page}))
check("the default page", len(cfs("DescribeCfsSnapshots").Snapshots))
check("one file system", [len(found(FileSystemId=SYSTEMS[1])), len(filtered("FileSystemId", SYSTEMS[1]))])
check("one name", [it.SnapshotName for it in filtered("SnapshotName", "bulk-7")])
check("file systems by name", len(filtered("FsName", "uploads")))
check("one tag", len(filtered("tag:half", "1")))
check("one tag key", len(filtered("tag-key", "env")))
check("two ids", len(filtered("SnapshotId", first, again)))
check("by status", [len(filtered("Status", status)) for status in ("available", "creating")])
ordered = [it.SnapshotName for it in found(Order="ASC", OrderField="CreationTime", FileSystemId=SYSTEMS[1])]
check("oldest first", ordered[1:4])
check("newest first", [it.SnapshotName for it in found(
    Order="DESC", OrderField="CreationTime", FileSystemId=SYSTEMS[1])] == ordered[::-1])
check("an unknown id", read("snapcfs-unknown0"))
admin("POST", "settings", {"cfs.describe-unknown": "error"})
check("or an error, as the setting says", refusal(read, "snapcfs-unknown0"))
check("another region has none", cfs.with_(region="ap-shanghai")("DescribeCfsSnapshots").TotalCount)
advance(2)

# Change.
update(first, SnapshotName="renamed")
check("a change is read back", read(first).SnapshotName)
modify_tags(first, ReplaceTags=[{"TagKey": "env", "TagValue": "test"}, {"TagKey": "new", "TagValue": "1"}])
modify_tags(first, DeleteTags=[{"TagKey": "owner"}])
check("tags are changed by the tag service", tags_of(first))

# Refusals.
common_refusals(cfs, "DescribeCfsSnapshots")
check("a name too long", refusal(create, "n" * 65))
check("a name of 64 is accepted", refusal(create, "n" * 64))
check("a name with a dot", refusal(create, "a.b"))
check("an unknown file system", refusal(create, "name", "cfs-unknown0"))
check("an id of another form", refusal(create, "name", "disk-1"))
check("no file system", refusal(cfs, "CreateCfsSnapshot", SnapshotName="name"))
check("seven tags", refusal(create, "name", tags=[(f"k{number}", "v") for number in range(7)]))
check("a tag key too long", refusal(create, "name", tags=[("k" * 128, "v")]))
check("a tag value too long", refusal(create, "name", tags=[("k", "v" * 256)]))
check("a tag without a value", refusal(create, "name", tags=[("k", "")]))
check("a tag twice", refusal(create, "name", tags=[("k", "1"), ("k", "2")]))
check("nothing to change", refusal(update, first))
check("for ever made finite", refusal(update, first, AliveDays=7))
check("a new name too long", refusal(update, first, SnapshotName="n" * 65))
check("a change of an unknown snapshot", refusal(update, "snapcfs-unknown0", SnapshotName="x"))
check("an unknown filter", refusal(filtered, "Colour", "red"))
check("a number as a name", refusal(cfs, "CreateCfsSnapshot", FileSystemId=SYSTEMS[0], SnapshotName=1))
admin("POST", "change", {"kind": "cfs-file-system", "id": SYSTEMS[2], "set": {"state": "creating"}})
check("a file system that is being made", refusal(create, "name", SYSTEMS[2]))
admin("POST", "change", {"kind": "cfs-file-system", "id": SYSTEMS[2], "set": {"state": "available", "too_large": True}})
check("a file system too large", refusal(create, "name", SYSTEMS[2]))
admin("POST", "change", {"kind": "cfs-file-system", "id": SYSTEMS[2], "set": {"too_large": False}})
admin("POST", "seed", {"objects": {"cfs-snapshot": [
    {"id": f"snapcfs-seed{number:04}", "file_system_id": SYSTEMS[2]} for number in range(100)]}})
check("the 101st snapshot of a file system", refusal(create, "name", SYSTEMS[2]))
check("11 tags at once", refusal(modify_tags, first, ReplaceTags=[
    {"TagKey": f"k{number}", "TagValue": "v"} for number in range(11)]))

# Delete.
cfs("DeleteCfsSnapshot", SnapshotId=first)
check("a delete takes a while", read(first).Status)
admin("POST", "settings", {"cfs.describe-unknown": "empty"})
advance(2)
check("then the snapshot is gone", read(first))
check("a delete of what is gone", refusal(cfs, "DeleteCfsSnapshot", SnapshotId=first))
rest = [it.SnapshotId for it in found(FileSystemId=SYSTEMS[0])]
cfs("DeleteCfsSnapshot", SnapshotIds=rest)
advance(2)
check("a list is deleted", [len(rest), len(found(FileSystemId=SYSTEMS[0]))])
check("no id at all", refusal(cfs, "DeleteCfsSnapshot"))
