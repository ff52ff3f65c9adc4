"""Alibaba Cloud ECS disk snapshots by the official SDK, alibabacloud-ecs20140526."""

import json
import re

from alibabacloud_ecs20140526 import models as ecs
from alibabacloud_ecs20140526.client import Client

from alibaba import KEY, REGION, config, refusal
from common import admin, advance, check, until

client = Client(config())
DISKS = [f"d-bp10000000000000000{letter}" for letter in "abcde"]


def create(disk=DISKS[0], tags=None, **fields):
    tag = [ecs.CreateSnapshotRequestTag(key=key, value=value) for key, value in tags or []] or None
    return client.create_snapshot(ecs.CreateSnapshotRequest(disk_id=disk, tag=tag, **fields)).body.snapshot_id


def describe(**fields):
    return client.describe_snapshots(ecs.DescribeSnapshotsRequest(region_id=REGION, **fields)).body


def found(**fields):
    return describe(**fields).snapshots.snapshot


def read(snapshot):
    items = found(snapshot_ids=json.dumps([snapshot]))
    return items[0] if items else None


def modify(snapshot, **fields):
    client.modify_snapshot_attribute(ecs.ModifySnapshotAttributeRequest(snapshot_id=snapshot, **fields))


def delete(snapshot, force=None):
    client.delete_snapshot(ecs.DeleteSnapshotRequest(snapshot_id=snapshot, force=force))


def tag(snapshot, tags):
    client.tag_resources(ecs.TagResourcesRequest(
        region_id=REGION, resource_type="snapshot", resource_id=[snapshot],
        tag=[ecs.TagResourcesRequestTag(key=key, value=value) for key, value in tags]))


def tags_of(snapshot):
    answer = client.list_tag_resources(ecs.ListTagResourcesRequest(
        region_id=REGION, resource_type="snapshot", resource_id=[snapshot]))
    return {item.tag_key: item.tag_value for item in answer.body.tag_resources.tag_resource}


# The parents.
disks = client.describe_disks(ecs.DescribeDisksRequest(
    region_id=REGION, tag=[ecs.DescribeDisksRequestTag(key="backup", value="daily")])).body
check("tagged disks are found", sorted(disk.disk_name for disk in disks.disks.disk))
disks = client.describe_disks(ecs.DescribeDisksRequest(region_id=REGION, disk_ids="[]")).body
check("an empty list of disk ids finds nothing", len(disks.disks.disk))
disks = client.describe_disks(ecs.DescribeDisksRequest(
    region_id=REGION, disk_ids=json.dumps([DISKS[1], "d-unknown", DISKS[0], DISKS[1]]))).body
check("disks by id, each once", sorted(disk.disk_id for disk in disks.disks.disk) == DISKS[:2])

# Create, wait, read back.
arguments = {"snapshot_name": "nightly.1:备份", "description": "a+b c~d/é*", "retention_days": 30,
             "client_token": "token-1", "tags": [("env", "prod"), ("empty", "")]}
first = create(**arguments)
check("a create answers an id", bool(re.fullmatch("s-[0-9a-z]{20}", first)))
fresh = read(first)
check("a new snapshot is in progress", [fresh.status, fresh.progress, fresh.available])
check("the same token answers the same id", create(**arguments) == first)
check("the same token with another name", refusal(lambda: create(**{**arguments, "snapshot_name": "other"})))
check("a second create on a busy disk", refusal(create))
check("a change while in progress", refusal(lambda: modify(first, description="x")))
until(lambda: read(first).status == "accomplished")
ready = read(first)
check("a ready snapshot", [ready.status, ready.progress, ready.available, ready.remain_time])
check("what was asked for is read back", [
    ready.snapshot_name, ready.description, ready.retention_days, ready.source_disk_id,
    ready.source_disk_type, ready.source_disk_size, ready.category, ready.snapshot_type, ready.usage,
    ready.encrypted, {item.tag_key: item.tag_value for item in ready.tags.tag}])
check("the token still answers when it is ready", create(**arguments) == first)

# Lists.
names = {}
for round in range(5):
    for number, disk in enumerate(DISKS):
        names[f"bulk-{round}-{number}"] = create(
            disk, snapshot_name=f"bulk-{round}-{number}", tags=[("round", str(round))])
    advance(60)
pages, token = [], None
while token != "":
    body = describe(max_results=10, next_token=token)
    pages.append([item.snapshot_id for item in body.snapshots.snapshot])
    token = body.next_token
check("pages by token", [len(page) for page in pages])
check("pages by token hold everything once", {id for page in pages for id in page} == {*names.values(), first})
numbered = [describe(page_number=number, page_size=20) for number in (1, 2)]
check("pages by number", [[len(body.snapshots.snapshot), body.total_count] for body in numbered])
check("a token wins over a page number", [
    item.snapshot_id for item in describe(page_number=1, max_results=10, page_size=10,
                                          next_token=describe(max_results=10).next_token).snapshots.snapshot
] == pages[1])
check("one disk", len(found(disk_id=DISKS[1], max_results=100)))
check("one instance", len(found(instance_id="i-bp100000000000000web", max_results=100)))
check("one name", [item.snapshot_id for item in found(snapshot_name="bulk-3-2")] == [names["bulk-3-2"]])
check("one tag", len(found(tag=[ecs.DescribeSnapshotsRequestTag(key="round", value="4")])))
check("some ids, one of them unknown", sorted(
    item.snapshot_name for item in found(snapshot_ids=json.dumps(
        [names["bulk-0-0"], names["bulk-4-4"], "s-00000000000000000000"]))))
check("system disks", len(found(source_disk_type="System", max_results=100)))
late = read(names["bulk-4-0"]).creation_time[:16] + "Z"
check("since a minute", sorted(item.snapshot_name for item in found(filter=[
    ecs.DescribeSnapshotsRequestFilter(key="CreationStartTime", value=late)])))
check("all are accomplished", len(found(status="accomplished", max_results=100)))
check("none is in progress", len(found(status="progressing")))
check("no automatic ones", len(found(snapshot_type="auto")))
check("another region has none", len(client.describe_snapshots(
    ecs.DescribeSnapshotsRequest(region_id="cn-shanghai")).body.snapshots.snapshot))

# Change.
modify(first, snapshot_name="renamed", description="", retention_days=60)
changed = read(first)
check("a change is read back", [changed.snapshot_name, changed.description, changed.retention_days])
tag(first, [("env", "test"), ("owner", "db")])
check("tags are added and replaced", tags_of(first))
client.untag_resources(ecs.UntagResourcesRequest(
    region_id=REGION, resource_type="snapshot", resource_id=[first], tag_key=["env", "empty"]))
check("tags are removed", tags_of(first))
client.join_resource_group(ecs.JoinResourceGroupRequest(
    region_id=REGION, resource_type="snapshot", resource_id=first, resource_group_id="rg-sandbox1"))
check("the resource group is changed", read(first).resource_group_id)

# Refusals.
check("a wrong secret", refusal(lambda: Client(config(secret="wrong")).describe_snapshots(
    ecs.DescribeSnapshotsRequest(region_id=REGION))))
check("an unknown key", refusal(lambda: Client(config(key="LTAIunknown")).describe_snapshots(
    ecs.DescribeSnapshotsRequest(region_id=REGION))))
check("a token with a key that has none", refusal(lambda: Client(
    config(security_token="CAISwrong")).describe_snapshots(ecs.DescribeSnapshotsRequest(region_id=REGION))))
for seconds in (1000, -1000):
    admin("POST", "faults", {"kind": "clock-skew", "seconds": seconds})
    check(f"a request {seconds} seconds off", refusal(describe))
    admin("DELETE", "faults")
check("a name too long", refusal(lambda: create(snapshot_name="n" * 129)))
check("a name too short", refusal(lambda: create(snapshot_name="n")))
check("a name that begins with a digit", refusal(lambda: create(snapshot_name="1n")))
check("a name that begins with auto", refusal(lambda: create(snapshot_name="auto-1")))
check("a name that is a link", refusal(lambda: create(snapshot_name="http://a")))
check("a description too long", refusal(lambda: create(description="d" * 257)))
check("no retention", refusal(lambda: create(retention_days=0)))
check("too long a retention", refusal(lambda: create(retention_days=65537)))
check("an unknown disk", refusal(lambda: create("d-bp1unknown")))
check("no disk", refusal(lambda: create(None)))
check("21 tags", refusal(lambda: create(tags=[(f"k{number}", "v") for number in range(21)])))
check("a tag twice", refusal(lambda: create(tags=[("k", "1"), ("k", "2")])))
check("a reserved tag", refusal(lambda: create(tags=[("aliyun-k", "1")])))
check("a link as a tag's value", refusal(lambda: create(tags=[("k", "http://a")])))
check("a token too long", refusal(lambda: create(client_token="t" * 65)))
check("a group that cannot be", refusal(lambda: create(resource_group_id="group")))
check("nothing to change", refusal(lambda: modify(first)))
check("less retention", refusal(lambda: modify(first, retention_days=59)))
check("a change of an unknown snapshot", refusal(lambda: modify("s-unknown", description="x")))
check("101 ids", refusal(lambda: found(snapshot_ids=json.dumps(["s-1"] * 101))))
check("ids that are no list", refusal(lambda: found(snapshot_ids="s-1")))
check("an unknown status", refusal(lambda: found(status="ready")))
check("an unknown filter", refusal(lambda: found(
    filter=[ecs.DescribeSnapshotsRequestFilter(key="Size", value="1")])))
check("a dry run", refusal(lambda: found(dry_run=True)))
check("tags of an unknown snapshot", refusal(lambda: tag("s-unknown", [("k", "v")])))
check("tags that differ by case", refusal(lambda: tag(first, [("k", "v"), ("K", "v")])))
check("more than 20 tags in all", refusal(lambda: tag(first, [(f"k{n}", "v") for n in range(20)])))
check("a disk that is being made", [
    admin("POST", "change", {"kind": "ecs-disk", "id": DISKS[4], "set": {"status": "Creating"}})["ok"],
    refusal(lambda: create(DISKS[4]))])
check("a disk that was never attached", [
    admin("POST", "change", {"kind": "ecs-disk", "id": DISKS[4],
                             "set": {"status": "Available", "attached_ms": 0}})["ok"],
    refusal(lambda: create(DISKS[4]))])
check("an instance that starts", [
    admin("POST", "change", {"kind": "ecs-disk", "id": DISKS[4],
                             "set": {"status": "In_use", "instance_status": "Starting"}})["ok"],
    refusal(lambda: create(DISKS[4]))])
admin("POST", "seed", {"objects": {"ecs-snapshot": [
    {"id": f"s-seed{number:04}", "disk_id": DISKS[3], "snapshot_type": "user"} for number in range(251)]}})
check("the 257th snapshot of a disk", refusal(lambda: create(DISKS[3])))
admin("POST", "faults", {"kind": "throttled", "action": "DescribeSnapshots"})
check("too many calls", refusal(describe))
admin("POST", "faults", {"kind": "server-error-json", "action": "CreateSnapshot"})
check("an internal error", refusal(create))
admin("POST", "change", {"kind": "access-key", "id": KEY, "set": {"denied": ["ecs:DeleteSnapshot"]}})
check("a denied action", refusal(lambda: delete(first)))
admin("POST", "change", {"kind": "access-key", "id": KEY, "set": {"denied": []}})

# Delete.
admin("POST", "change", {"kind": "ecs-snapshot", "id": first, "set": {"usage": "image_disk"}})
check("a snapshot behind an image", refusal(lambda: delete(first, force=True)))
admin("POST", "change", {"kind": "ecs-snapshot", "id": first, "set": {"usage": "disk"}})
check("a snapshot behind a disk", refusal(lambda: delete(first)))
check("the same by force", [refusal(lambda: delete(first, force=True)), read(first)])
check("an unknown snapshot is passed over", refusal(lambda: delete(first)))
admin("POST", "settings", {"ecs.delete-unknown": "error"})
check("or refused, as the setting says", refusal(lambda: delete(first)))
unfinished = create(DISKS[0])
delete(unfinished)
check("a delete cancels a create", [read(unfinished), refusal(lambda: delete(create(DISKS[0])))])
V1 = Client(config(signature_algorithm="v2"))
check("the older signature", len(V1.describe_snapshots(
    ecs.DescribeSnapshotsRequest(region_id=REGION, disk_id=DISKS[2])).body.snapshots.snapshot))
