//! Objects of Alibaba Cloud: ECS disks and snapshots, cloud desktops and their snapshots.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Life, Object, Phase, Place};

/// An ECS disk.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EcsDisk {
    /// Account and region.
    pub place: Place,
    /// `d-…`.
    pub id: String,
    /// DiskName.
    pub name: String,
    /// Description.
    pub description: String,
    /// `system` or `data`.
    pub disk_type: String,
    /// Category, e.g. `cloud_essd`.
    pub category: String,
    /// Size in GiB.
    pub size_gib: u64,
    /// `In_use`, `Available`, ….
    pub status: String,
    /// Zone id.
    pub zone: String,
    /// Instance it is attached to, or empty.
    pub instance_id: String,
    /// `Running`, `Stopped`, … of that instance.
    pub instance_status: String,
    /// Device name, or empty.
    pub device: String,
    /// When it was last attached, 0 if never.
    pub attached_ms: i64,
    /// When it was last detached, 0 if never.
    pub detached_ms: i64,
    /// Creation time.
    pub created_ms: i64,
    /// ExpiredTime, or empty.
    pub expired_time: String,
    /// Encrypted.
    pub encrypted: bool,
    /// KMSKeyId, or empty.
    pub kms_key_id: String,
    /// Portable.
    pub portable: bool,
    /// DeleteWithInstance.
    pub delete_with_instance: bool,
    /// DeleteAutoSnapshot.
    pub delete_auto_snapshot: bool,
    /// EnableAutoSnapshot.
    pub enable_auto_snapshot: bool,
    /// EnableAutomatedSnapshotPolicy.
    pub enable_automated_snapshot_policy: bool,
    /// AutoSnapshotPolicyId, or empty.
    pub auto_snapshot_policy_id: String,
    /// `PostPaid` or `PrePaid`.
    pub charge_type: String,
    /// ResourceGroupId, or empty.
    pub resource_group_id: String,
    /// PerformanceLevel, or empty.
    pub performance_level: String,
    /// ImageId, or empty.
    pub image_id: String,
    /// ProductCode, or empty.
    pub product_code: String,
    /// SourceSnapshotId, or empty.
    pub source_snapshot_id: String,
    /// `Disabled`, `Enabled` or `LegacyShared`; empty means `Disabled`.
    pub multi_attach: String,
    /// LockReason of each operation lock.
    pub lock_reasons: Vec<String>,
    /// IOPS.
    pub iops: u64,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl Object for EcsDisk {
    const KIND: &'static str = "ecs-disk";
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
        (self.name.clone(), self.status.clone())
    }
}

/// An ECS disk snapshot.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EcsSnapshot {
    /// Account and region.
    pub place: Place,
    /// `s-…`.
    pub id: String,
    /// SourceDiskId; stays when the disk is gone.
    pub disk_id: String,
    /// SnapshotName, or empty.
    pub name: String,
    /// Description.
    pub description: String,
    /// Times; `expires_ms` is the end of the retention.
    pub life: Life,
    /// When an attribute last changed.
    pub modified_ms: i64,
    /// RetentionDays, if any.
    pub retention_days: Option<u32>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// ResourceGroupId, or empty.
    pub resource_group_id: String,
    /// SourceDiskSize in GiB.
    pub source_disk_size_gib: u64,
    /// `system` or `data`.
    pub source_disk_type: String,
    /// `standard`, `flash`, ….
    pub category: String,
    /// `user`, `auto` or `timer`.
    pub snapshot_type: String,
    /// Encrypted.
    pub encrypted: bool,
    /// KMSKeyId, or empty.
    pub kms_key_id: String,
    /// `none`, `image`, `disk`, `image_disk`.
    pub usage: String,
    /// SnapshotLinkId.
    pub link_id: String,
    /// ProductCode, or empty.
    pub product_code: String,
    /// InstantAccess as asked for; without effect.
    pub instant_access: bool,
    /// InstantAccessRetentionDays as asked for; without effect.
    pub instant_access_retention_days: Option<u32>,
    /// Under the lock feature: it cannot be deleted.
    pub locked: bool,
}

impl Object for EcsSnapshot {
    const KIND: &'static str = "ecs-snapshot";
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
    fn summary(&self, now_ms: i64) -> (String, String) {
        let status = match self.life.phase(now_ms) {
            Phase::Creating { .. } => "progressing",
            Phase::Ready => "accomplished",
            Phase::Failed => "failed",
            Phase::Deleting => "deleting",
        };
        (self.name.clone(), status.to_owned())
    }
}

/// What a create with a client token answered, kept to answer the same again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientToken {
    /// Account and region.
    pub place: Place,
    /// Service, action and token, joined by `/`.
    pub id: String,
    /// Digest of the parameters that must be equal.
    pub fingerprint: String,
    /// Id of the object made.
    pub answer: String,
    /// When the token is forgotten.
    pub expires_ms: i64,
}

impl Object for ClientToken {
    const KIND: &'static str = "client-token";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn gone_at_ms(&self) -> Option<i64> {
        Some(self.expires_ms)
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.answer.clone(), String::new())
    }
}

/// A disk of a cloud desktop.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DesktopDisk {
    /// DiskId.
    pub id: String,
    /// `SYSTEM` or `DATA`.
    pub disk_type: String,
    /// Size in GiB.
    pub size_gib: u64,
    /// DiskCategory.
    pub category: String,
    /// PerformanceLevel, or empty.
    pub performance_level: String,
}

/// A cloud desktop.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Desktop {
    /// Account and region.
    pub place: Place,
    /// `ecd-…`.
    pub id: String,
    /// DesktopName.
    pub name: String,
    /// DesktopStatus.
    pub status: String,
    /// DesktopType.
    pub desktop_type: String,
    /// OfficeSiteId.
    pub office_site_id: String,
    /// DirectoryId.
    pub directory_id: String,
    /// PolicyGroupId.
    pub policy_group_id: String,
    /// ImageId.
    pub image_id: String,
    /// NetworkInterfaceId.
    pub network_interface_id: String,
    /// EndUserIds.
    pub end_user_ids: Vec<String>,
    /// ChargeType.
    pub charge_type: String,
    /// ExpiredTime, or empty.
    pub expired_time: String,
    /// `HDX` or `ASP`.
    pub protocol_type: String,
    /// `Linux` or `Windows`.
    pub os_type: String,
    /// Number of processors.
    pub cpu: u64,
    /// Memory in MiB.
    pub memory_mib: u64,
    /// Creation time.
    pub created_ms: i64,
    /// Its disks.
    pub disks: Vec<DesktopDisk>,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

impl Object for Desktop {
    const KIND: &'static str = "ecd-desktop";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn summary(&self, _now_ms: i64) -> (String, String) {
        (self.name.clone(), self.status.clone())
    }
}

/// A snapshot of one disk of a cloud desktop.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EcdSnapshot {
    /// Account and region.
    pub place: Place,
    /// `s-…`.
    pub id: String,
    /// DesktopId.
    pub desktop_id: String,
    /// SnapshotName.
    pub name: String,
    /// Description.
    pub description: String,
    /// Times.
    pub life: Life,
    /// `SYSTEM` or `DATA`.
    pub source_disk_type: String,
    /// SourceDiskSize in GiB.
    pub source_disk_size_gib: u64,
    /// `USER` or `AUTO`.
    pub snapshot_type: String,
    /// Creator.
    pub creator: String,
}

impl Object for EcdSnapshot {
    const KIND: &'static str = "ecd-snapshot";
    fn place(&self) -> &Place {
        &self.place
    }
    fn id(&self) -> &str {
        &self.id
    }
    fn parent(&self) -> &str {
        &self.desktop_id
    }
    fn gone_at_ms(&self) -> Option<i64> {
        self.life.gone_at_ms()
    }
    fn summary(&self, now_ms: i64) -> (String, String) {
        let status = match self.life.phase(now_ms) {
            Phase::Creating { .. } => "PROGRESSING",
            Phase::Ready => "ACCOMPLISHED",
            Phase::Failed => "FAILED",
            Phase::Deleting => "DELETING",
        };
        (self.name.clone(), status.to_owned())
    }
}
