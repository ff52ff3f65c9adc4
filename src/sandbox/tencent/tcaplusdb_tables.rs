//! tcaplusdb: clusters, table groups, tables and tasks.

use serde_json::{Value, json};

use super::Context;
use super::answer::{Answer, ApiError, error, fields};
use super::cfs_list::page;
use super::parameters::Arguments;
use crate::sandbox::world::{TcaplusCluster, TcaplusGroup, TcaplusSnapshot, TcaplusTable};

/// Returns the cluster, or the error of one that does not exist.
pub(super) fn known_cluster<'a>(context: &'a Context, id: &str) -> Result<&'a TcaplusCluster, ApiError> {
    let cluster = context.session.world.tcaplus_clusters.get(&context.place, id);
    cluster.ok_or_else(|| error("ResourceNotFound", format!("The cluster {id} does not exist.")))
}

/// The filters of a call, each with its values, any of which may match.
struct Filters(Vec<(String, Vec<String>)>);

impl Filters {
    /// Reads the filters; one of a name that is not known is refused.
    fn read(arguments: &Arguments, known: &[&str]) -> Result<Self, ApiError> {
        let mut filters = Vec::new();
        for filter in arguments.objects("Filters") {
            let name = filter.text("Name").unwrap_or_default();
            if !known.contains(&name) {
                return Err(error("InvalidParameterValue", format!("There is no filter {name}.")));
            }
            let mut values = filter.texts("Values");
            values.extend(filter.text("Value"));
            filters.push((name.to_owned(), values.into_iter().map(str::to_owned).collect()));
        }
        Ok(Self(filters))
    }

    /// Returns whether all match; `field` returns the text that a filter of that name is about.
    fn hit<'a>(&self, field: impl Fn(&str) -> &'a str) -> bool {
        self.0.iter().all(|(name, values)| values.iter().any(|value| value == field(name)))
    }
}

/// Returns whether a list of ids is absent or holds this one.
fn chosen(arguments: &Arguments, list: &str, id: &str) -> bool {
    let ids = arguments.texts(list);
    ids.is_empty() || ids.contains(&id)
}

pub(super) fn describe_clusters(context: &mut Context, arguments: &Arguments) -> Answer {
    let filters = Filters::read(arguments, &["ClusterName", "ClusterId"])?;
    let mut found: Vec<&TcaplusCluster> = Vec::new();
    for cluster in context.session.world.tcaplus_clusters.list(&context.place) {
        let field = |name: &str| match name {
            "ClusterName" => cluster.name.as_str(),
            "ClusterId" => cluster.id.as_str(),
            _ => "",
        };
        if chosen(arguments, "ClusterIds", &cluster.id) && filters.hit(field) {
            found.push(cluster);
        }
    }
    let items: Vec<Value> = page(context, arguments, 20, &found)?
        .iter()
        .map(|cluster| {
            json!({
                "ClusterName": cluster.name, "ClusterId": cluster.id, "Region": cluster.place.region,
                "IdlType": cluster.idl_type, "NetworkType": "VPC", "VpcId": cluster.vpc_id,
                "SubnetId": cluster.subnet_id, "CreatedTime": context.time(cluster.created_ms),
                "Password": "******", "PasswordStatus": "modifiable", "ApiAccessId": cluster.id,
                "ApiAccessIp": "10.0.0.30", "ApiAccessPort": 9999, "OldPasswordExpireTime": Value::Null,
                "ApiAccessIpv6": Value::Null, "ClusterType": 0, "ClusterStatus": cluster.status,
                "ReadCapacityUnit": 0, "WriteCapacityUnit": 0, "DiskVolume": 0, "ServerList": Value::Null,
                "ProxyList": Value::Null, "Censorship": cluster.censorship, "DbaUins": Value::Null,
                "DataFlowStatus": 0, "TxhBackupExpireDay": 7, "UlogBackupExpireDay": 7,
                "IsReadOnlyUlogBackupExpireDay": 0, "RestProxyStatus": 0,
            })
        })
        .collect();
    Ok(fields(json!({"TotalCount": found.len(), "Clusters": items})))
}

pub(super) fn describe_groups(context: &mut Context, arguments: &Arguments) -> Answer {
    let cluster = arguments.text("ClusterId").unwrap_or_default();
    known_cluster(context, cluster)?;
    let world = &context.session.world;
    let filters = Filters::read(arguments, &["TableGroupName", "GroupName", "TableGroupId"])?;
    let mut found: Vec<&TcaplusGroup> = Vec::new();
    for group in world.tcaplus_groups.children(&context.place, cluster) {
        // The provider asks for `GroupName`, the documents name `TableGroupName`.
        let field = |name: &str| match name {
            "TableGroupName" | "GroupName" => group.name.as_str(),
            "TableGroupId" => group.group_id.as_str(),
            _ => "",
        };
        if chosen(arguments, "TableGroupIds", &group.group_id) && filters.hit(field) {
            found.push(group);
        }
    }
    let items: Vec<Value> = page(context, arguments, 20, &found)?
        .iter()
        .map(|group| {
            let tables: Vec<&TcaplusTable> =
                world.tcaplus_tables.children(&context.place, &group.key).collect();
            let size: u64 = tables.iter().map(|table| table.size_mb).sum();
            json!({
                "TableGroupId": group.group_id, "TableGroupName": group.name,
                "CreatedTime": context.time(group.created_ms), "TableCount": tables.len(), "TotalSize": size,
                "TxhBackupExpireDay": 7, "EnableMysql": 0, "MysqlConnIp": "", "MysqlConnPort": 0,
            })
        })
        .collect();
    Ok(fields(json!({"TotalCount": found.len(), "TableGroups": items})))
}

pub(super) fn describe_tables(context: &mut Context, arguments: &Arguments) -> Answer {
    let cluster = arguments.text("ClusterId").filter(|id| !id.is_empty());
    if let Some(cluster) = cluster {
        known_cluster(context, cluster)?;
    }
    let selected: Vec<(String, String)> = arguments
        .objects("SelectedTables")
        .iter()
        .map(|item| {
            let part = |name: &str| item.text(name).unwrap_or_default().to_owned();
            (part("TableGroupId"), part("TableName"))
        })
        .collect();
    let world = &context.session.world;
    let filters = Filters::read(arguments, &["TableName", "TableInstanceId"])?;
    let mut found: Vec<&TcaplusTable> = Vec::new();
    for table in world.tcaplus_tables.list(&context.place) {
        let field = |name: &str| match name {
            "TableName" => table.name.as_str(),
            "TableInstanceId" => table.instance_id.as_str(),
            _ => "",
        };
        let named = selected.is_empty()
            || selected.iter().any(|(group, name)| *group == table.group_id && *name == table.name);
        if cluster.is_none_or(|id| table.cluster_id == id)
            && named
            && chosen(arguments, "TableGroupIds", &table.group_id)
            && filters.hit(field)
        {
            found.push(table);
        }
    }
    let items: Vec<Value> =
        page(context, arguments, 20, &found)?.iter().map(|table| table_item(context, table)).collect();
    Ok(fields(json!({"TotalCount": found.len(), "TableInfos": items})))
}

fn table_item(context: &Context, table: &TcaplusTable) -> Value {
    let world = &context.session.world;
    let cluster = world.tcaplus_clusters.get(&context.place, &table.cluster_id);
    let group = world.tcaplus_groups.get(&context.place, &table.group_key);
    json!({
        "TableName": table.name,
        "TableInstanceId": table.instance_id,
        "TableType": table.table_type,
        "TableIdlType": table.idl_type,
        "ClusterId": table.cluster_id,
        "ClusterName": cluster.map_or("", |cluster| &cluster.name),
        "TableGroupId": table.group_id,
        "TableGroupName": group.map_or("", |group| &group.name),
        "KeyStruct": "",
        "ValueStruct": "",
        "ShardingKeySet": "",
        "IndexStruct": "",
        "ListElementNum": 0,
        "IdlFiles": [{
            "FileName": table.name, "FileType": table.idl_type,
            "FileExtType": if table.idl_type == "TDR" { "xml" } else { "proto" },
            "FileSize": 1, "FileId": 1, "FileContent": "",
        }],
        "ReservedVolume": table.reserved_volume,
        "ReservedReadQps": table.reserved_read,
        "ReservedWriteQps": table.reserved_write,
        "TableSize": table.size_mb,
        "Status": "Online",
        "CreatedTime": context.time(table.created_ms),
        "UpdatedTime": context.time(table.created_ms),
        "Memo": table.memo,
        "Error": Value::Null,
        "ApiAccessId": table.cluster_id,
        "SortFieldNum": 0,
        "SortRule": 0,
        "DbClusterInfoStruct": "",
        "TxhBackupExpireDay": 7,
        "SyncTableInfo": Value::Null,
        "ShardNum": 1,
    })
}

/// Tasks are told from the snapshots that they made.
pub(super) fn describe_tasks(context: &mut Context, arguments: &Arguments) -> Answer {
    let world = &context.session.world;
    let filters = Filters::read(arguments, &["Content", "TaskType", "Operator", "Time"])?;
    let mut found: Vec<&TcaplusSnapshot> = Vec::new();
    for snapshot in world.tcaplus_snapshots.list(&context.place) {
        let field = |name: &str| match name {
            "Content" => snapshot.name.as_str(),
            "TaskType" => "CreateSnapshot",
            "Operator" => context.place.account.as_str(),
            _ => "",
        };
        if chosen(arguments, "ClusterIds", &snapshot.cluster_id)
            && chosen(arguments, "TaskIds", &snapshot.task_id)
            && filters.hit(field)
        {
            found.push(snapshot);
        }
    }
    let items: Vec<Value> = page(context, arguments, 20, &found)?
        .iter()
        .map(|snapshot| {
            let done = !snapshot.life.is_creating(context.session.now_ms);
            let cluster = world.tcaplus_clusters.get(&context.place, &snapshot.cluster_id);
            json!({
                "TaskId": snapshot.task_id, "TaskType": "CreateSnapshot", "TransId": "",
                "ClusterId": snapshot.cluster_id, "ClusterName": cluster.map_or("", |cluster| &cluster.name),
                "Progress": if done { 100 } else { 0 }, "StartTime": context.time(snapshot.life.created_ms),
                "UpdateTime": context.time(snapshot.life.created_ms), "Operator": context.place.account,
                "Content": snapshot.name, "TableGroupId": snapshot.group_id, "TableGroupName": "",
                "TableName": snapshot.table_name,
            })
        })
        .collect();
    Ok(fields(json!({"TotalCount": found.len(), "TaskInfos": items})))
}
