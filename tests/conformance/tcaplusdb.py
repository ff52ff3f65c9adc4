"""Tencent Cloud TcaplusDB table snapshots by the official SDK."""

from tencentcloud.tcaplusdb.v20190823 import models, tcaplusdb_client

from common import admin, advance, check, until
from tencent import Service, common_refusals, refusal

tcaplus = Service(tcaplusdb_client.TcaplusdbClient, models)
CLUSTER = "19162256624"
# The standing clock, in the time zone of the service (UTC+8).
PAST, FUTURE, LATER = "2030-01-01 07:00:00", "2030-02-01 00:00:00", "2030-03-01 00:00:00"


def item(name, table="tb_player", group="1", time=PAST, dead=FUTURE):
    fields = {"TableGroupId": group, "TableName": table, "SnapshotName": name,
              "SnapshotTime": time, "SnapshotDeadTime": dead}
    return {key: value for key, value in fields.items() if value is not None}


def key(name, table="tb_player", group="1", dead=None):
    return item(name, table, group, None, dead)


def results(answer):
    return [[it.TableName, it.SnapshotName, it.Error.Code or it.SnapshotStatus] for it in answer.TableResults]


def create(*items, cluster=CLUSTER):
    return results(tcaplus("CreateSnapshots", ClusterId=cluster, SelectedTables=list(items)))


def modify(*items):
    return results(tcaplus("ModifySnapshots", ClusterId=CLUSTER, SelectedTables=list(items)))


def delete(*items):
    return results(tcaplus("DeleteSnapshots", ClusterId=CLUSTER, SelectedTables=list(items)))


def found(**parameters):
    return tcaplus("DescribeSnapshots", **{"ClusterId": CLUSTER, **parameters}).TableResults


def read(name, table="tb_player", group="1"):
    items = found(TableGroupId=group, TableName=table, SnapshotName=name)
    return items[0] if items else None


# The parents.
clusters = tcaplus("DescribeClusters")
check("clusters", [[it.ClusterId, it.ClusterName] for it in clusters.Clusters])
groups = tcaplus("DescribeTableGroups", ClusterId=CLUSTER)
check("groups", sorted([it.TableGroupId, it.TableGroupName] for it in groups.TableGroups))
tables = [tcaplus("DescribeTables", ClusterId=CLUSTER, Offset=offset, Limit=2) for offset in (0, 2, 4)]
check("tables by pages", [[page.TotalCount, len(page.TableInfos)] for page in tables])
check("tables of a group", sorted(
    it.TableName for it in tcaplus("DescribeTables", ClusterId=CLUSTER, TableGroupIds=["2"]).TableInfos))

# Create, wait, read back: a batch whose items succeed or fail by themselves.
check("a batch", create(item("s1"), item("s1", "tb_guild"), item("s1", "tb_unknown"), item("s1", group="2")))
fresh = read("s1")
check("a new snapshot is being made", fresh.SnapshotStatus)
until(lambda: all(it.SnapshotStatus == 1 for it in found()))
ready = read("s1")
check("what was asked for is read back", [
    ready.TableGroupId, ready.TableName, ready.SnapshotName, ready.SnapshotTime, ready.SnapshotDeadTime,
    ready.SnapshotSize > 0, ready.SnapshotStatus])
check("the same name again", create(item("s1")))

# Lists: there are no pages, so everything comes at once.
for number in range(8):
    create(*[item(f"bulk-{number}", table, group) for group, table in (
        ("1", "tb_player"), ("1", "tb_guild"), ("2", "tb_player"))])
check("everything at once", len(found()))
check("one group", len(found(TableGroupId="2")))
check("one table in all groups", len(found(TableName="tb_player")))
check("one table", len(found(TableGroupId="1", TableName="tb_player")))
check("one name", len(found(SnapshotName="bulk-3")))
check("selected tables", len(found(SelectedTables=[
    {"TableGroupId": "1", "TableName": "tb_guild"}, {"TableGroupId": "2", "TableName": "tb_player"}])))
check("an unknown name", read("unknown"))
admin("POST", "settings", {"tcaplusdb.describe-unknown": "error"})
check("or an error, as the setting says", refusal(read, "unknown"))
admin("POST", "settings", {"tcaplusdb.describe-unknown": "empty"})
advance(2)

# Change.
check("a change", modify(key("s1", dead=LATER)))
check("a change is read back", read("s1").SnapshotDeadTime)
check("a change of an unknown snapshot", modify(key("unknown", dead=LATER), key("bulk-0", dead=LATER)))

# Refusals, of the call and of single items.
common_refusals(tcaplus, "DescribeSnapshots", ClusterId=CLUSTER)
check("an unknown cluster", refusal(create, item("s2"), cluster="1"))
check("no cluster", refusal(tcaplus, "DescribeSnapshots"))
check("no tables", refusal(create))
check("no name", refusal(create, item(None)))
check("no time", refusal(create, item("s2", time=None)))
check("no end", refusal(create, item("s2", dead=None)))
check("an unknown group", create(item("s2", group="9")))
check("a time of another form", create(item("s2", time="2030-01-01T07:00:00Z")))
check("a time to come", create(item("s2", time="2030-01-02 00:00:00")))
check("a time too long ago", create(item("s2", time="2029-12-20 00:00:00")))
check("an end that is over", create(item("s2", dead="2029-12-31 00:00:00")))
admin("POST", "settings", {"tcaplusdb.snapshots-per-table": 9})
check("a quota that is used up", create(item("s2"), item("s2", "tb_inventory")))
admin("POST", "settings", {"tcaplusdb.snapshots-per-table": 0})
admin("POST", "faults", {"kind": "partial-batch", "action": "CreateSnapshots"})
check("half a batch fails", create(item("s3"), item("s3", "tb_guild")))
admin("POST", "settings", {"tcaplusdb.bad-item": "call"})
check("or the whole call, as the setting says", [
    refusal(create, item("s4"), item("s4", "tb_unknown")), read("s4")])
admin("POST", "settings", {"tcaplusdb.bad-item": "item"})
advance(2)

# Delete.
check("a delete takes a while", [delete(key("s1"), key("unknown")), read("s1").SnapshotStatus])
advance(2)
check("then the snapshot is gone", read("s1"))
check("a delete of what is gone", delete(key("s1")))
admin("POST", "settings", {"tcaplusdb.delete-unknown": "empty"})
check("or nothing, as the setting says", refusal(delete, key("s1")))
check("many at once", len(delete(*[key(f"bulk-{number}") for number in range(8)])))
advance(2)
check("only the others are left", len(found(TableGroupId="1", TableName="tb_player")))
admin("POST", "clock", {"stand": "2030-02-15T00:00:00Z"})
check("what is over is no longer valid", sorted({it.SnapshotStatus for it in found(TableName="tb_guild")}))
