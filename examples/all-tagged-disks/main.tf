# Every disk of both clouds that is tagged backup=daily gets a recovery point. A disk that gains the tag gains a
# recovery point with the next apply; one that loses it loses its recovery point, and the plan says so first.

terraform {
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

data "alicloud_ecs_disks" "daily" {
  tags = { backup = "daily" }
}

data "tencentcloud_cbs_storages" "tagged" {
  tag_keys = ["backup"]
}

locals {
  cbs_disks = {
    for disk in data.tencentcloud_cbs_storages.tagged.storage_list :
    disk.storage_id => disk.storage_name if try(disk.tags["backup"], "") == "daily"
  }
}

resource "alicloud_ecs_snapshot" "daily" {
  for_each = toset(data.alicloud_ecs_disks.daily.ids)

  disk_id       = each.value
  snapshot_name = "daily-${each.value}"
}

resource "tencentcloud_cbs_disk_backup" "daily" {
  for_each = local.cbs_disks

  disk_id          = each.key
  disk_backup_name = "daily-${each.value}"
}

output "protected_disks" {
  value = length(alicloud_ecs_snapshot.daily) + length(tencentcloud_cbs_disk_backup.daily)
}
