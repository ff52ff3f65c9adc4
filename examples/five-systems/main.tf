# Recovery points of five products of two clouds, from one directory.

terraform {
  required_version = ">= 1.5"

  required_providers {
    alicloud     = { source = "aliyun/alicloud" }
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

provider "tencentcloud" {
  region = "ap-guangzhou"
}

locals {
  tags = {
    backup = var.plan_name
    owner  = "platform"
  }
}

# Alibaba ECS: one snapshot for each disk that is tagged for it.
data "alicloud_ecs_disks" "daily" {
  tags = { backup = "daily" }
}

resource "alicloud_ecs_snapshot" "disk" {
  for_each = { for disk in data.alicloud_ecs_disks.daily.disks : disk.disk_name => disk.disk_id }

  disk_id        = each.value
  snapshot_name  = "${var.plan_name}-${each.key}"
  description    = "Recovery point of ${each.key}"
  retention_days = var.retention_days
  tags           = local.tags
}

# Alibaba WUYING: the system disk of each desktop of the design team.
data "alicloud_ecd_desktops" "design" {
  name_regex = "^design-"
}

resource "alicloud_ecd_snapshot" "desktop" {
  for_each = toset(data.alicloud_ecd_desktops.design.ids)

  desktop_id       = each.value
  snapshot_name    = "${var.plan_name}-system"
  source_disk_type = "SYSTEM"
}

# Tencent CFS: the shared file systems.
resource "tencentcloud_cfs_snapshot" "files" {
  for_each = var.file_systems

  file_system_id = each.value
  snapshot_name  = "${var.plan_name}-${each.key}"
  tags           = local.tags
}

# Tencent CBS: a backup point of each data disk of the game servers.
data "tencentcloud_cbs_storages" "data" {
  storage_usage = "DATA_DISK"
  tag_keys      = ["backup"]
}

resource "tencentcloud_cbs_disk_backup" "disk" {
  count = length(data.tencentcloud_cbs_storages.data.storage_list)

  disk_id          = data.tencentcloud_cbs_storages.data.storage_list[count.index].storage_id
  disk_backup_name = "${var.plan_name}-${data.tencentcloud_cbs_storages.data.storage_list[count.index].storage_name}"
}

# Tencent TcaplusDB: the players' table as it is once the uploads are safe. The reference makes it wait.
resource "tencentcloud_tcaplus_snapshot" "players" {
  cluster_id     = var.table.cluster_id
  table_group_id = var.table.table_group_id
  table_name     = var.table.table_name
  snapshot_name  = "after-${tencentcloud_cfs_snapshot.files["uploads"].id}"
}
