"""Snapshots of Alibaba Cloud desktops by the official SDK, alibabacloud-ecd20200930."""

import re

from alibabacloud_ecd20200930 import models as ecd
from alibabacloud_ecd20200930.client import Client

from alibaba import KEY, REGION, config, refusal
from common import admin, check, until

client = Client(config())
DESKTOPS = ["ecd-1000000000000000a", "ecd-1000000000000000b"]


def create(name, desktop=DESKTOPS[0], disk="system", region=REGION, **fields):
    return client.create_snapshot(ecd.CreateSnapshotRequest(
        region_id=region, desktop_id=desktop, snapshot_name=name, source_disk_type=disk, **fields)
    ).body.snapshot_id


def describe(**fields):
    return client.describe_snapshots(ecd.DescribeSnapshotsRequest(region_id=REGION, **fields)).body


def found(**fields):
    return describe(**fields).snapshots


def read(snapshot):
    items = found(snapshot_id=snapshot)
    return items[0] if items else None


def delete(*snapshots):
    client.delete_snapshot(ecd.DeleteSnapshotRequest(region_id=REGION, snapshot_id=list(snapshots)))


# The parents.
desktops = client.describe_desktops(ecd.DescribeDesktopsRequest(region_id=REGION, desktop_status="Running")).body
check("running desktops", [[it.desktop_id, it.desktop_name] for it in desktops.desktops])
check("their disks", [[disk.disk_type, disk.disk_size] for disk in desktops.desktops[0].disks])
page = client.describe_desktops(ecd.DescribeDesktopsRequest(region_id=REGION, max_results=1)).body
rest = client.describe_desktops(
    ecd.DescribeDesktopsRequest(region_id=REGION, max_results=1, next_token=page.next_token)).body
check("desktops by pages", [
    page.total_count, sorted(it.desktop_id for it in page.desktops + rest.desktops), rest.next_token])

# Create, wait, read back.
first = create("before_patch-1", description="a+b c~d/é*")
check("a create answers an id", bool(re.fullmatch("s-[0-9a-z]{20}", first)))
fresh = read(first)
check("a new snapshot is in progress", [fresh.status, fresh.progress, fresh.remain_time])
until(lambda: read(first).status == "ACCOMPLISHED")
ready = read(first)
check("a ready snapshot", [ready.status, ready.progress, ready.remain_time])
check("what was asked for is read back", [
    ready.snapshot_name, ready.description, ready.desktop_id, ready.desktop_name, ready.source_disk_type,
    ready.source_disk_size, ready.snapshot_type, ready.desktop_status, ready.disk_status])
again = create("before_patch-1", description="a+b c~d/é*")
check("there is no idempotency: the same call makes another", again != first)
check("the provider's spelling of the disk", read(create("upper", disk="DATA")).source_disk_type)

# Lists.
begin = "2030-01-01T01:00:00Z"
admin("POST", "clock", {"stand": begin})
bulk = {create(f"bulk-{number}", DESKTOPS[number % 2], ["system", "data"][number // 2 % 2]) for number in range(22)}
pages, token = [], None
while token != "":
    body = describe(max_results=10, next_token=token)
    pages.append([item.snapshot_id for item in body.snapshots])
    token = body.next_token
check("pages by token", [len(page) for page in pages])
check("pages hold everything once", len({id for page in pages for id in page}))
check("the default page", [len(found()), bool(describe().next_token)])
check("one desktop", len(found(desktop_id=DESKTOPS[1], max_results=100)))
check("one desktop by name", len(found(desktop_name="design-2", max_results=100)))
check("data disks", len(found(source_disk_type="Data", max_results=100)))
check("one name", len(found(snapshot_name="before_patch-1")))
check("since a time", {item.snapshot_id for item in found(start_time=begin, max_results=100)} == bulk)
check("until a time", sorted(item.snapshot_name for item in found(end_time="2030-01-01T00:30:00Z")))
check("made by hand", [len(found(snapshot_type=kind, max_results=100)) for kind in ("user", "auto", "all")])
check("an unknown id", found(snapshot_id="s-unknown"))

# Refusals.
request = ecd.DescribeSnapshotsRequest(region_id=REGION)
check("a wrong secret", refusal(lambda: Client(config(secret="wrong")).describe_snapshots(request)))
check("an unknown key", refusal(lambda: Client(config(key="LTAIunknown")).describe_snapshots(request)))
admin("POST", "faults", {"kind": "clock-skew", "seconds": 1000})
check("a request 1000 seconds off", refusal(describe))
admin("DELETE", "faults")
check("a name too long", refusal(lambda: create("n" * 128)))
check("a name too short", refusal(lambda: create("n")))
check("a name with a dot", refusal(lambda: create("a.b")))
check("a name that begins with auto", refusal(lambda: create("auto1")))
check("no name", refusal(lambda: create(None)))
check("a description too long", refusal(lambda: create("name", description="d" * 129)))
check("an unknown kind of disk", refusal(lambda: create("name", disk="boot")))
check("an unknown desktop", refusal(lambda: create("name", "ecd-unknown")))
check("a desktop of another region", refusal(lambda: create("name", region="cn-shanghai")))
check("no region", refusal(lambda: create("name", region=None)))
admin("POST", "change", {"kind": "ecd-desktop", "id": DESKTOPS[1], "set": {"status": "Starting"}})
check("a desktop that starts", refusal(lambda: create("name", DESKTOPS[1])))
check("101 at once", refusal(lambda: delete(*[f"s-{number}" for number in range(101)])))
check("a page too long", refusal(lambda: describe(max_results=101)))
check("a token nobody gave", refusal(lambda: describe(next_token="nonsense")))
check("an action that is not there", refusal(lambda: client.describe_regions(ecd.DescribeRegionsRequest())))
admin("POST", "faults", {"kind": "quota", "service": "ecd"})
check("a quota that is used up", refusal(lambda: create("name")))
admin("POST", "faults", {"kind": "throttled", "service": "ecd"})
check("too many calls", refusal(describe))
admin("POST", "faults", {"kind": "server-error-json", "service": "ecd"})
check("an internal error", refusal(describe))
admin("POST", "change", {"kind": "access-key", "id": KEY, "set": {"disabled": True}})
check("a key that is switched off", refusal(describe))
admin("POST", "change", {"kind": "access-key", "id": KEY, "set": {"disabled": False}})

# Delete.
delete(*bulk)
check("many are deleted at once", len(found(max_results=100)))
delete(first, "s-unknown")
check("unknown ids are passed over", read(first))
admin("POST", "settings", {"ecd.delete-unknown": "error"})
check("or refused, as the setting says", [refusal(lambda: delete(again, first)), read(again) is not None])
