# One configuration, two regions: a provider with an alias for each.

terraform {
  required_providers {
    alicloud = { source = "aliyun/alicloud" }
  }
}

provider "alicloud" {
  region = "cn-hangzhou"
}

provider "alicloud" {
  alias  = "shanghai"
  region = "cn-shanghai"
}

data "alicloud_ecs_disks" "hangzhou" {
  disk_type = "data"
  tags      = { backup = "daily" }
}

data "alicloud_ecs_disks" "shanghai" {
  provider  = alicloud.shanghai
  disk_type = "data"
  tags      = { backup = "daily" }
}

resource "alicloud_ecs_snapshot" "hangzhou" {
  for_each = toset(data.alicloud_ecs_disks.hangzhou.ids)

  disk_id       = each.value
  snapshot_name = "weekly-${each.value}"
}

resource "alicloud_ecs_snapshot" "shanghai" {
  for_each = toset(data.alicloud_ecs_disks.shanghai.ids)
  provider = alicloud.shanghai

  disk_id       = each.value
  snapshot_name = "weekly-${each.value}"
}

output "snapshots_by_region" {
  value = {
    for snapshot in concat(values(alicloud_ecs_snapshot.hangzhou), values(alicloud_ecs_snapshot.shanghai)) :
    snapshot.region_id => snapshot.id...
  }
}
