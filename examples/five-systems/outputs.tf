output "ecs_snapshots" {
  description = "Snapshot id by disk name."
  value       = { for name, snapshot in alicloud_ecs_snapshot.disk : name => snapshot.id }
}

output "desktop_snapshots" {
  value = [for snapshot in alicloud_ecd_snapshot.desktop : snapshot.id]
}

output "file_system_snapshots" {
  value = { for name, snapshot in tencentcloud_cfs_snapshot.files : name => snapshot.id }
}

output "disk_backups" {
  value = tencentcloud_cbs_disk_backup.disk[*].id
}

output "players_snapshot" {
  value = tencentcloud_tcaplus_snapshot.players.id
}
