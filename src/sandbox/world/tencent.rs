//! Objects of Tencent Cloud: CFS file systems, CBS disks, TcaplusDB tables, and their recovery points.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Life, Object, Phase, Place};

/// A CFS file system.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileSystem {
    /// Account and region.
    pub place: Place,
    /// `cfs-…`.
    pub id: String,
    /// FsName, also CreationToken.
    pub name: String,
    /// LifeCycleState.
    pub state: String,
    /// `NFS`, `CIFS` or `TURBO`.
    pub protocol: String,
    /// StorageType.
    pub storage_type: String,
    /// Zone name.
    pub zone: String,
    /// Zone number.
    pub zone_id: u64,
    /// Bytes used.
    pub size_bytes: u64,
    /// SizeLimit in GiB.
    pub size_limit_gib: u64,
    /// Capacity in GiB.
    pub capacity_gib: u64,
    /// PGroupId.
    pub access_group_id: String,
    /// VpcId of the mount target.
    pub vpc_id: String,
    /// SubnetId of the mount target.
    pub subnet_id: String,
    /// IpAddress of the mount target; no mount target when empty.
    pub mount_ip: String,
    /// Encrypted.
    pub encrypted: bool,
    /// Snapshots cannot be taken: the file system is too large.
    pub too_large: bool,
    /// Creation time.
    pub created_ms: i64,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl Object for FileSystem {
    const KIND: &'static str = "cfs-file-system";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.name.clone(), self.state.clone())
    }
}

/// A CFS snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CfsSnapshot {
    /// Account and region.
    pub place: Place,
    /// `snapcfs-…`.
    pub id: String,
    /// FileSystemId.
    pub file_system_id: String,
    /// FsName when it was taken.
    pub file_system_name: String,
    /// SnapshotName.
    pub name: String,
    /// Times; `expires_ms` follows from `alive_days`.
    pub life: Life,
    /// AliveDay; 0 is for ever.
    pub alive_days: u64,
    /// Size in MiB.
    pub size_mib: u64,
    /// `general` or `turbo`.
    pub snapshot_type: String,
    /// A file system is being created from it.
    pub rolling_back: bool,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl CfsSnapshot {
    /// Returns the vendor's status.
    pub fn status(&self, now_ms: i64) -> &'static str {
        match self.life.phase(now_ms) {
            Phase::Creating { .. } => "creating",
            Phase::Ready if self.rolling_back => "rollbacking-new",
            Phase::Ready => "available",
            Phase::Failed => "create-failed",
            Phase::Deleting => "deleting",
        }
    }
}

impl Object for CfsSnapshot {
    const KIND: &'static str = "cfs-snapshot";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> &str {
        &self.file_system_id
    }
    fn gone_at_ms(&self) -> Option<i64> {
        self.life.gone_at_ms()
    }
    fn created_ms(&self) -> i64 {
        self.life.created_ms
    }
    fn size(&self) -> u64 {
        self.size_mib
    }
    fn summary(&self, now_ms: i64) -> (String, String) {
        (self.name.clone(), self.status(now_ms).to_owned())
    }
}

/// A CBS disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CbsDisk {
    /// Account and region.
    pub place: Place,
    /// `disk-…`.
    pub id: String,
    /// DiskName.
    pub name: String,
    /// DiskState.
    pub state: String,
    /// DiskType.
    pub disk_type: String,
    /// `SYSTEM_DISK` or `DATA_DISK`.
    pub usage: String,
    /// Size in GiB.
    pub size_gib: u64,
    /// Placement.Zone.
    pub zone: String,
    /// Placement.ProjectId.
    pub project_id: u64,
    /// InstanceId, or empty.
    pub instance_id: String,
    /// Name of that instance, for the filter.
    pub instance_name: String,
    /// Address of that instance, for the filter.
    pub instance_ip: String,
    /// DiskChargeType.
    pub charge_type: String,
    /// Portable.
    pub portable: bool,
    /// Encrypt.
    pub encrypt: bool,
    /// KmsKeyId, or empty.
    pub kms_key_id: String,
    /// SnapshotAbility is `!no_snapshots`: a seed that says nothing gets an able disk.
    pub no_snapshots: bool,
    /// DiskBackupQuota.
    pub backup_quota: u64,
    /// ThroughputPerformance in MiB/s.
    pub throughput: u64,
    /// Creation time.
    pub created_ms: i64,
    /// A rollback runs until then.
    pub rollback_until_ms: i64,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl Object for CbsDisk {
    const KIND: &'static str = "cbs-disk";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> &str {
        &self.instance_id
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.name.clone(), self.state.clone())
    }
}

/// A CBS disk backup point.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DiskBackup {
    /// Account and region.
    pub place: Place,
    /// `dbp-…`.
    pub id: String,
    /// DiskId.
    pub disk_id: String,
    /// DiskBackupName.
    pub name: String,
    /// Times.
    pub life: Life,
    /// DiskSize in GiB.
    pub size_gib: u64,
    /// `SYSTEM_DISK` or `DATA_DISK`.
    pub usage: String,
    /// Encrypt.
    pub encrypt: bool,
    /// A rollback from it runs until then.
    pub rollback_until_ms: i64,
    /// Made by the daily rotation of the vendor.
    pub automatic: bool,
}

impl DiskBackup {
    /// Returns the vendor's state. The vendor lists none for failed or leaving points.
    pub fn state(&self, now_ms: i64) -> &'static str {
        match self.life.phase(now_ms) {
            Phase::Ready if now_ms < self.rollback_until_ms => "ROLLBACKING",
            Phase::Ready | Phase::Deleting => "NORMAL",
            Phase::Creating { .. } | Phase::Failed => "CREATING",
        }
    }
}

impl Object for DiskBackup {
    const KIND: &'static str = "cbs-disk-backup";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> &str {
        &self.disk_id
    }
    fn gone_at_ms(&self) -> Option<i64> {
        self.life.gone_at_ms()
    }
    fn created_ms(&self) -> i64 {
        self.life.created_ms
    }
    fn summary(&self, now_ms: i64) -> (String, String) {
        (self.name.clone(), self.state(now_ms).to_owned())
    }
}

/// A TcaplusDB cluster.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TcaplusCluster {
    /// Account and region.
    pub place: Place,
    /// Decimal ClusterId.
    pub id: String,
    /// ClusterName.
    pub name: String,
    /// `PROTO`, `TDR` or `MIX`.
    pub idl_type: String,
    /// VpcId.
    pub vpc_id: String,
    /// SubnetId.
    pub subnet_id: String,
    /// Censorship: 1 when changes wait for approval.
    pub censorship: u64,
    /// ClusterStatus, 0 is running.
    pub status: u64,
    /// Creation time.
    pub created_ms: i64,
}

impl Object for TcaplusCluster {
    const KIND: &'static str = "tcaplus-cluster";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.name.clone(), self.status.to_string())
    }
}

/// A TcaplusDB table group.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TcaplusGroup {
    /// Account and region.
    pub place: Place,
    /// `cluster:group`.
    pub key: String,
    /// ClusterId.
    pub cluster_id: String,
    /// Decimal TableGroupId, unique in its cluster.
    pub group_id: String,
    /// TableGroupName.
    pub name: String,
    /// Creation time.
    pub created_ms: i64,
}

impl Object for TcaplusGroup {
    const KIND: &'static str = "tcaplus-group";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.key
    }
    fn parent(&self) -> &str {
        &self.cluster_id
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.name.clone(), String::new())
    }
}

/// A TcaplusDB table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TcaplusTable {
    /// Account and region.
    pub place: Place,
    /// `cluster:group:table`.
    pub key: String,
    /// `cluster:group`.
    pub group_key: String,
    /// ClusterId.
    pub cluster_id: String,
    /// TableGroupId.
    pub group_id: String,
    /// TableName.
    pub name: String,
    /// TableInstanceId, `tcaplus-…`.
    pub instance_id: String,
    /// `GENERIC` or `LIST`.
    pub table_type: String,
    /// `PROTO` or `TDR`.
    pub idl_type: String,
    /// Memo.
    pub memo: String,
    /// Size in MB.
    pub size_mb: u64,
    /// ReservedVolume in GB.
    pub reserved_volume: u64,
    /// ReservedReadQps.
    pub reserved_read: u64,
    /// ReservedWriteQps.
    pub reserved_write: u64,
    /// Creation time.
    pub created_ms: i64,
}

impl Object for TcaplusTable {
    const KIND: &'static str = "tcaplus-table";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.key
    }
    fn parent(&self) -> &str {
        &self.group_key
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.name.clone(), self.table_type.clone())
    }
}

/// A TcaplusDB table snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TcaplusSnapshot {
    /// Account and region.
    pub place: Place,
    /// `cluster:group:table:name`.
    pub key: String,
    /// `cluster:group:table`.
    pub table_key: String,
    /// ClusterId.
    pub cluster_id: String,
    /// TableGroupId.
    pub group_id: String,
    /// TableName.
    pub table_name: String,
    /// SnapshotName.
    pub name: String,
    /// Times.
    pub life: Life,
    /// SnapshotTime: the moment that is reconstructed.
    pub snapshot_ms: i64,
    /// SnapshotDeadTime.
    pub dead_ms: i64,
    /// SnapshotSize.
    pub size: u64,
    /// TaskId.
    pub task_id: String,
    /// An import from it runs until then.
    pub import_until_ms: i64,
}

impl TcaplusSnapshot {
    /// Returns SnapshotStatus: 0 being made, 1 normal, 2 being deleted, 3 expired, 4 in use.
    pub fn status(&self, now_ms: i64) -> u64 {
        match self.life.phase(now_ms) {
            Phase::Creating { .. } => 0,
            Phase::Deleting => 2,
            _ if now_ms >= self.dead_ms => 3,
            _ if now_ms < self.import_until_ms => 4,
            Phase::Ready | Phase::Failed => 1,
        }
    }
}

impl Object for TcaplusSnapshot {
    const KIND: &'static str = "tcaplus-snapshot";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.key
    }
    fn parent(&self) -> &str {
        &self.table_key
    }
    fn gone_at_ms(&self) -> Option<i64> {
        self.life.gone_at_ms()
    }
    fn summary(&self, now_ms: i64) -> (String, String) {
        (self.name.clone(), self.status(now_ms).to_string())
    }
}
