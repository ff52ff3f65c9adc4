terraform {
  required_providers {
    tencentcloud = { source = "tencentcloudstack/tencentcloud" }
  }
}

resource "tencentcloud_cfs_snapshot" "home" {
  file_system_id = "cfs-1000000a"
  snapshot_name  = "home-before-upgrade"
}
