"""Tencent Cloud CBS disk backup points by the official SDK."""

import re

from tencentcloud.cbs.v20170312 import cbs_client, models

from common import admin, advance, check, until
from tencent import Service, common_refusals, pages, refusal

cbs = Service(cbs_client.CbsClient, models)
DISKS = ["disk-1000000a", "disk-1000000b", "disk-1000000c", "disk-1000000d"]


def create(disk=DISKS[0], name=None):
    parameters = {"DiskId": disk} | ({} if name is None else {"DiskBackupName": name})
    return cbs("CreateDiskBackup", **parameters).DiskBackupId


def found(**parameters):
    return cbs("DescribeDiskBackups", **{"Limit": 100, **parameters}).DiskBackupSet


def read(backup):
    items = found(DiskBackupIds=[backup])
    return items[0] if items else None


def filtered(name, *values):
    return found(Filters=[{"Name": name, "Values": list(values)}])


def delete(*backups):
    cbs("DeleteDiskBackups", DiskBackupIds=list(backups))


def disk(id):
    return cbs("DescribeDisks", DiskIds=[id]).DiskSet[0]


# The parents.
disks = cbs("DescribeDisks", Filters=[{"Name": "tag:backup", "Values": ["daily"]}])
check("tagged disks", sorted(it.DiskName for it in disks.DiskSet))
check("data disks by pages", [len(page) for page in pages(
    lambda **page: (lambda it: (it.TotalCount, it.DiskSet))(
        cbs("DescribeDisks", Filters=[{"Name": "disk-usage", "Values": ["DATA_DISK"]}], **page)), 2)])

# Create, wait, read back.
first = create(name="before patch: 备份")
check("a create answers an id", bool(re.fullmatch("dbp-[0-9a-z]{8}", first)))
fresh = read(first)
check("a new point is being made", [fresh.DiskBackupState, fresh.Percent])
check("a delete while it is being made", refusal(delete, first))
until(lambda: read(first).DiskBackupState == "NORMAL")
ready = read(first)
check("a ready point", [ready.DiskBackupState, ready.Percent])
check("what was asked for is read back", [
    ready.DiskBackupName, ready.DiskId, ready.DiskSize, ready.DiskUsage, ready.Encrypt])
again = create(name="before patch: 备份")
check("there is no idempotency: the same call makes another", again != first)
check("the disk counts its points", [disk(DISKS[0]).DiskBackupCount, disk(DISKS[0]).DiskBackupQuota])

# Lists.
for id in DISKS:
    cbs("ModifyDiskBackupQuota", DiskId=id, DiskBackupQuota=20)
check("a quota is changed", disk(DISKS[3]).DiskBackupQuota)
for number in range(23):
    advance(1)
    create(DISKS[number % 2], f"bulk-{number}")
listed = pages(lambda **page: (lambda it: (it.TotalCount, [b.DiskBackupId for b in it.DiskBackupSet]))(
    cbs("DescribeDiskBackups", **page)), 10)
check("pages", [len(page) for page in listed])
check("pages hold everything once", len({id for page in listed for id in page}))
check("the default page", len(cbs("DescribeDiskBackups").DiskBackupSet))
check("one disk", len(filtered("disk-id", DISKS[1])))
check("two disks", len(filtered("disk-id", *DISKS[:2])))
check("system disks", len(filtered("disk-usage", "SYSTEM_DISK")))
check("two points", len(filtered("disk-backup-id", first, again)))
check("some ids, one of them unknown", len(found(DiskBackupIds=[first, again, "dbp-unknown0"])))
ordered = [it.DiskBackupName for it in filtered("disk-id", DISKS[1])]
check("oldest first", ordered[:3])
check("newest first", [it.DiskBackupName for it in found(
    Order="DESC", Filters=[{"Name": "disk-id", "Values": [DISKS[1]]}])] == ordered[::-1])
check("an unknown id", read("dbp-unknown0"))
check("another region has none", cbs.with_(region="ap-shanghai")("DescribeDiskBackups").TotalCount)
advance(2)

# Refusals.
common_refusals(cbs, "DescribeDiskBackups")
check("a name too long", refusal(create, DISKS[2], "n" * 101))
check("a name of 100 is accepted", refusal(create, DISKS[2], "n" * 100))
check("an unknown disk", refusal(create, "disk-unknown0"))
check("no disk", refusal(cbs, "CreateDiskBackup"))
check("an unknown filter", refusal(filtered, "disk-backup-name", "x"))
check("ids and filters", refusal(found, DiskBackupIds=[first], Filters=[{"Name": "disk-id", "Values": DISKS}]))
check("a page too long", refusal(found, Limit=101))
check("an unknown order", refusal(found, Order="UP"))
check("a text as a number", refusal(found, Limit="ten"))
check("a quota of none", refusal(cbs, "ModifyDiskBackupQuota", DiskId=DISKS[2], DiskBackupQuota=0))
check("a quota too large", refusal(cbs, "ModifyDiskBackupQuota", DiskId=DISKS[2], DiskBackupQuota=1025))
check("a quota of an unknown disk", refusal(cbs, "ModifyDiskBackupQuota", DiskId="disk-unknown0", DiskBackupQuota=2))
cbs("ModifyDiskBackupQuota", DiskId=DISKS[2], DiskBackupQuota=1)
check("more points than the quota", refusal(create, DISKS[2]))
admin("POST", "change", {"kind": "cbs-disk", "id": DISKS[3], "set": {"state": "EXPANDING"}})
check("a busy disk", refusal(create, DISKS[3]))
admin("POST", "change", {"kind": "cbs-disk", "id": DISKS[3], "set": {"state": "ROLLBACKING"}})
check("a disk that is rolled back", refusal(create, DISKS[3]))
admin("POST", "change", {"kind": "cbs-disk", "id": DISKS[3], "set": {"state": "ATTACHED", "no_snapshots": True}})
check("a disk that cannot", refusal(create, DISKS[3]))

# Delete.
delete(first)
check("a deleted point is gone", read(first))
check("a delete of what is gone", refusal(delete, first))
check("a list with an unknown id deletes nothing", [refusal(delete, again, first), read(again) is not None])
admin("POST", "settings", {"cbs.delete-unknown": "empty"})
check("or is passed over, as the setting says", [refusal(delete, again, first), read(again)])
rest = [it.DiskBackupId for it in filtered("disk-id", DISKS[1])]
delete(*rest)
check("a list is deleted", [len(rest), len(filtered("disk-id", DISKS[1]))])
check("an empty list", refusal(delete))
